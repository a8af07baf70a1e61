// Serve puts lneto behind the line protocol of package adapter.
package main

import (
	"fmt"
	"os"

	"tcpclose/stacks/adapter"
	"tcpclose/stacks/lneto"
)

func main() {
	if err := adapter.Serve(lneto.New(), os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
