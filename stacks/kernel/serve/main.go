//go:build linux

// Serve puts the running kernel behind the line protocol of package adapter. It
// needs root and a TUN device.
package main

import (
	"fmt"
	"os"
	"time"

	"tcpclose/stacks/adapter"
	"tcpclose/stacks/kernel"
	"tcpclose/stacks/peer"
)

func main() {
	if missing := kernel.Missing(); missing != "" {
		fmt.Fprintln(os.Stderr, "the kernel cannot be run on the bench here:", missing)
		os.Exit(2)
	}
	many := make([]adapter.Adapter, together)
	for i := range many {
		k := kernel.New()
		k.Settle, k.Share = settle, shared
		many[i] = k
	}
	if err := adapter.Serve(host{kernel.New()}, os.Stdin, os.Stdout, peer.Batch(many)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// together is the number of schedules that are played at once: nearly all of the time of
// each is spent waiting.
const together = 20

// settle is the time that each event is given: of twenty at once the kernel leaves packets
// for later.
const settle = 20 * time.Millisecond

// shared is the number of schedules that share a namespace, one after the other.
const shared = 16

// host is the kernel, which plays many schedules at once.
type host struct{ *kernel.Stack }

// Caps is adapter.Adapter's.
func (h host) Caps() adapter.Caps {
	c := h.Stack.Caps()
	c.Batch = together
	return c
}
