// Package ask reads expressions on two endpoints and the network between them, and
// makes properties of them: that one is eventually, always or never true, or leads to
// another.
package ask
