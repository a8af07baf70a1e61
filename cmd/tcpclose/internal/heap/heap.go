// Package heap limits the garbage in memory.
package heap

import (
	"os"
	"runtime"
	"runtime/debug"
)

// The sets of a search are large and without pointers, so that to collect often costs
// little once they fill the memory; by Go's default of 100 percent the command would take a
// quarter more of it. A small run would spend its time on collections: it does none before
// it has allocated a few times Go's least heap of 4 MiB. Each has to look at the tables of
// the libraries, too, which are larger than what a small run has itself.
const (
	large   = 32 << 20 // bytes in use from which on garbage is collected early
	percent = 20       // of garbage over what is in use, from then on
	usual   = 100      // below
	first   = 800      // before the first collection
)

// init comes before the tables of the program are made.
func init() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(first)
	}
}

// LimitGarbage has the garbage collected early while much memory is in use. It does nothing if
// GOGC is set.
func LimitGarbage() {
	if os.Getenv("GOGC") != "" {
		return
	}
	watch(first)
}

// watch sets the percentage again after the next collection, by what is then in use.
func watch(now int) {
	type sentinel struct{ _ [16]byte }
	runtime.SetFinalizer(&sentinel{}, func(*sentinel) {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		want := usual
		if m.HeapAlloc > large {
			want = percent
		}
		if want != now {
			debug.SetGCPercent(want)
		}
		watch(want)
	})
}
