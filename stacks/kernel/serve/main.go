//go:build linux

// Serve puts the running kernel behind the line protocol of package adapter. It
// needs root and a TUN device.
package main

import (
	"fmt"
	"os"

	"tcpclose/stacks/adapter"
	"tcpclose/stacks/kernel"
)

func main() {
	if missing := kernel.Missing(); missing != "" {
		fmt.Fprintln(os.Stderr, "the kernel cannot be run on the bench here:", missing)
		os.Exit(2)
	}
	if err := adapter.Serve(kernel.New(), os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
