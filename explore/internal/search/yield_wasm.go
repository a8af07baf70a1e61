package search

import "runtime"

// yield lets others run: what tells the progress, and what ends a search in time. In
// WebAssembly there is one thread, and nothing interrupts what it computes.
func yield() { runtime.Gosched() }
