//go:build linux

// Facts shows on the running kernel what the profile linux rests on: each fact
// with its ladder. It needs root and a TUN device, and takes some seconds.
//
//	go run ./facts [NAME...]
package main

import (
	"fmt"
	"os"

	"tcpclose/stacks/kernel"
)

func main() {
	if missing := kernel.Missing(); missing != "" {
		fmt.Fprintln(os.Stderr, "facts: skipped: the kernel cannot be run on the bench here:", missing)
		os.Exit(2)
	}
	wrong, err := kernel.ShowFacts(os.Stdout, os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "facts:", err)
	}
	if err != nil || wrong > 0 {
		os.Exit(1)
	}
}
