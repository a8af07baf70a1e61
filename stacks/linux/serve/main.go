// Command serve runs a Linux kernel in virtual time, and speaks the line protocol of
// package adapter for it.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"tcpclose/stacks/linux"
)

func main() {
	series := flag.String("series", "6.12", "the kernel's series: 6.1 or 6.12")
	prepare := flag.Bool("prepare", false, "fetch the kernel, and end")
	facts := flag.Bool("facts", false, "write the facts of package kernel on this kernel, and end")
	flag.Parse()
	if err := serve(*series, *prepare, *facts); err != nil {
		fmt.Fprintln(os.Stderr, "serve:", err)
		os.Exit(1)
	}
}

func serve(series string, prepare, facts bool) error {
	_, file, _, _ := runtime.Caller(0)
	image, err := linux.Prepare(series, filepath.Dir(filepath.Dir(file)))
	if err != nil {
		return err
	}
	defer image.Remove()
	switch {
	case prepare:
		return nil
	case facts:
		return image.Facts(os.Stdout)
	}
	return image.Run(os.Stdin, os.Stdout)
}
