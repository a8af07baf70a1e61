package lneto

import (
	"testing"

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

func TestSmoke(t *testing.T) { adaptertest.Smoke(t, adaptertest.Of(New()), exceptions) }

func TestExact(t *testing.T) { adaptertest.Exact(t, adaptertest.Of(New()), 1000) }

func BenchmarkSchedules(b *testing.B) { adaptertest.Rate(b, adaptertest.Of(New())) }
