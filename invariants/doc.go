// Package invariants states what should hold when TCP connections close:
// properties of states, of steps and of whole runs, and witnesses, runs that can be
// asked for. It checks nothing: package check does.
package invariants
