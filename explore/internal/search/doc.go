// Package search visits the reachable states of a system level by level, with any number
// of workers. What a system is, it knows from a [Space] only, in which keys stand for
// states; what it finds, and the paths to that, is the same for any number of workers.
package search
