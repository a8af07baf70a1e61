// Serve puts gVisor's netstack behind the line protocol of package adapter.
package main

import (
	"fmt"
	"os"

	"tcpclose/stacks/adapter"
	"tcpclose/stacks/gvisor"
)

func main() {
	if err := adapter.Serve(gvisor.New(), os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
