package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/dustin/go-humanize"

	"tcpclose/bench/termbench"
	"tcpclose/explore/product"
)

// What marks the table of further sizes in the document.
const (
	furtherBegins = "<!-- by go run ./bench -further -->\n"
	furtherEnds   = "<!-- end of further -->\n"
)

// quickly bounds the states of the further sizes that -quick compares.
const quickly = 50_000

// further has the others explore TERM-BENCH at other sizes than those that are timed, and
// compares their numbers with those of this engine, which are pinned.
func further(out io.Writer, quick bool) (table string, err error) {
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	others := slices.DeleteFunc(slices.Clone(checkers), func(c checker) bool { return strings.Contains(c.name, "COLLAPSE") })
	var b strings.Builder
	b.WriteString("| D | RTO | R | states | steps | found by |\n|---:|---:|---:|---:|---:|---|\n")
	for _, size := range termbench.Further {
		if quick && size.Distinct > quickly {
			continue
		}
		want := outcome{States: size.Distinct, Steps: size.Transitions}
		e, err := product.Explore(context.Background(), size.Model.Product(), product.Options{})
		if err != nil {
			return "", err
		}
		if e.Distinct != want.States || e.Generated-1 != want.Steps {
			return "", fmt.Errorf("TERM-BENCH %s: %d states and %d steps: want %d and %d", size.Name, e.Distinct, e.Generated-1, want.States, want.Steps)
		}
		found := []string{"this engine"}
		for _, c := range others {
			fmt.Fprintf(out, "%s: %s\n", size.Name, c.name)
			at := filepath.Join(dir, c.name+size.Name)
			if err := os.Mkdir(at, 0o755); err != nil {
				return "", err
			}
			args, err := c.build(at, size)
			if err != nil {
				return "", err
			}
			one := contestant{name: c.name + " " + size.Name, dir: at, args: args, read: c.read, want: want, same: c.same}
			if _, err := one.run(); err != nil {
				return "", fmt.Errorf("%s: %w", one.name, err)
			}
			found = append(found, c.name)
		}
		fmt.Fprintf(&b, "| %d | %d | %d | %s | %s | %s |\n", size.Model.D, size.Model.RTO, size.Model.R,
			humanize.Comma(int64(want.States)), humanize.Comma(int64(want.Steps)), strings.Join(found, ", "))
	}
	return b.String(), nil
}
