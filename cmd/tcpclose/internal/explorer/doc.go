// Package explorer is what the page of 'tcpclose explore' asks: where a run stands, what
// can happen next, what the properties say there, how something can be reached, what a
// check finds. types.go is the description of the API, Methods the list of what can be
// called; package serve answers over HTTP, and the engine that package wasm builds
// answers in a worker of the browser. Requests are complete: nothing is kept between
// them but what makes the next one fast.
package explorer
