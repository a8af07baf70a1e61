// Package ask reads expressions on two endpoints and the network between them, and
// makes properties of them: that one is true some time, always, never, or leads to
// another.
package ask
