// Package adapter is what the bench knows of a real stack: an Adapter.
//
// An adapter holds one end of one connection, and its host's clock. It opens the
// connection, makes the user's calls, lets segments of the peer arrive, lets time
// pass, and gives what the stack has sent and told its user. Whoever drives it
// plays the peer. Segments count from the initial numbers (package wire).
//
// A Schedule is what to do, in order; Run does it, and gives a Result for each
// event. A Session does it step by step where what comes next depends on what was
// seen. Ladder draws either.
//
// A stack in another language is a program that speaks the line protocol on its
// standard input and output: see Serve, for the program, and Start, for the
// bench. The protocol is described in protocol.go.
package adapter
