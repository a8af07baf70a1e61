// Package claims contains what the notes on the four-way close say, sentence by
// sentence, each with statements about runs that decide whether it is true: as written,
// under a condition, or not at all.
//
// A verdict is never written down here. It follows from what the checker finds of
// the statements, and changes when the model does: see [Judge].
package claims

//go:generate go test . -run ^TestDocs$ -rewrite
