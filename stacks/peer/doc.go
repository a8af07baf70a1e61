// Package peer is the other end of a connection with a stack: it knows what the stack
// has sent, and gives a segment its numbers, which count from there.
//
// A driver uses it event by event; a stack that plays whole schedules by itself, as a
// guest does, uses it too.
package peer
