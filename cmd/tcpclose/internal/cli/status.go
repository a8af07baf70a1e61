// Package cli reads command lines, and tells what they can be.
package cli

// The exit statuses.
const (
	OK       = 0 // every verdict is "holds", or is what the unchanged preset expects
	Violated = 1 // one is not
	Usage    = 2 // the command line is wrong
	Unknown  = 3 // not all was explored
)
