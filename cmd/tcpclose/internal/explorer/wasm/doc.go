//go:build !(js && wasm)

// Command wasm is the engine of the explorer in a worker of the browser: it is built
// for js/wasm only.
package main

func main() { panic("built for js/wasm only") }
