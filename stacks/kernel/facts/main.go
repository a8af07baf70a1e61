//go:build linux

// Facts shows on the running kernel what the profile linux rests on: each fact
// with its ladder. It needs root and a TUN device, and takes some seconds.
//
//	go run ./facts [NAME...]
package main

import (
	"fmt"
	"os"
	"slices"

	"tcpclose/stacks/kernel"
)

func main() {
	if missing := kernel.Missing(); missing != "" {
		fmt.Fprintln(os.Stderr, "facts: skipped: the kernel cannot be run on the bench here:", missing)
		os.Exit(2)
	}
	var facts []kernel.Fact
	for _, f := range kernel.Facts {
		if len(os.Args) == 1 || slices.Contains(os.Args[1:], f.Name) {
			facts = append(facts, f)
		}
	}
	fmt.Printf("Linux %s: %d facts\n\n", kernel.Release(), len(facts))
	shown := make([]kernel.Shown, len(facts))
	errs := make([]error, len(facts))
	for i, f := range facts {
		shown[i], errs[i] = f.Show()
	}
	wrong := 0
	for i := range facts {
		err := errs[i]
		if err == nil {
			err = shown[i].Write(os.Stdout)
		}
		if err != nil {
			fmt.Fprintf(os.Stderr, "facts: %s: %v\n", facts[i].Name, err)
			os.Exit(1)
		}
		wrong += min(1, len(shown[i].Wrong))
	}
	fmt.Printf("%d as claimed, %d not\n", len(facts)-wrong, wrong)
	if wrong > 0 {
		os.Exit(1)
	}
}
