package lneto

import (
	"strings"
	"testing"

	"tcpclose/stacks/adapter"
	"tcpclose/stacks/adapter/adaptertest"
)

// What lneto v0.1.0 does otherwise.
var exceptions = map[string]string{
	"active close":       `event 12, in F. 4 5 8000 0: sent "": want ". 5 5 0"`,        // it forgets the connection with the first ACK in TIME-WAIT
	"passive close":      `event 3, in F. 1 1 8000 0: state LAST-ACK: want CLOSE-WAIT`, // it closes by itself
	"simultaneous close": `event 4, in F. 1 1 8000 0: state TIME-WAIT: want CLOSING`,   // its own ACK takes it out of CLOSING
	"reset":              `event 5, call receive 9: told "none": want "reset"`,         // the user is told that the connection is closed
	"abort":              `event 3, call abort: sent "": want "R. 1 1 0"`,              // it sends nothing
	"retransmission":     `event 4, advance 5000000: sent "": want "+ F. 1 1 0"`,       // it has no such timer
}

// Two segments that arrive in TIME-WAIT before lneto can send make it panic, which is
// a finding and no error of the adapter's.
func TestHold(t *testing.T) {
	events, err := adapter.ParseSchedule("open active; in S. 0 1 65535 0 mss=1460; call shutdown; in+ F. 1 2 65535 0; in . 2 2 65535 0")
	if err != nil {
		t.Fatal(err)
	}
	results, err := adapter.Run(New(), adapter.Setup{}, events)
	if err != nil || len(results) != 5 || len(results[3].Emitted) > 0 || !strings.Contains(results[4].Err, "panic: unexpected recv state:TIME-WAIT") {
		t.Errorf("%v, %+v: want that the fifth event panics", err, results)
	}
}

func TestSmoke(t *testing.T) { adaptertest.Smoke(t, adaptertest.Of(New()), exceptions) }

func TestExact(t *testing.T) { adaptertest.Exact(t, adaptertest.Of(New()), 1000) }

func BenchmarkSchedules(b *testing.B) { adaptertest.Rate(b, adaptertest.Of(New())) }
