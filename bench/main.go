// Command bench times the engine against SPIN and rumur on TERM-BENCH, and on the
// product's own model, and writes the table of docs/performance.md.
//
//	go run ./bench           # all of it: a quarter of an hour on a quiet machine
//	go run ./bench -quick    # no large sizes, one round, nothing written
//	go run ./bench -capacities  # the second table: presets at a capacity, and at all
//	go run ./bench -further  # the third: other sizes of TERM-BENCH, without times
//
// It wants spin, rumur and gcc, as Debian has them. Every program runs as a process
// of its own, one after the other, round after round; what is compared is compared
// within a round. Each must find the numbers of states and steps that are known.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
)

func main() {
	quick := flag.Bool("quick", false, "small and medium sizes only, once, and write nothing")
	rounds := flag.Int("rounds", 3, "how often everything runs; medians count")
	only := flag.String("only", "", "run only the programs whose names match this `regexp`, and leave out the targets of others")
	out := flag.String("out", "docs/performance.md", "the file whose table is written, between the lines that mark it")
	ofCapacities := flag.Bool("capacities", false, "compare a capacity with all of them instead, and write that table")
	seconds := flag.Int("seconds", 60, "with -capacities, the time of the processor for a search")
	ofFurther := flag.Bool("further", false, "compare the numbers of others at further sizes instead, and write that table")
	task := flag.String("task", "", "run this one task in this process and print its numbers (the benchmark calls itself)")
	flag.Parse()
	var err error
	switch {
	case flag.NArg() > 0:
		err = fmt.Errorf("argument %q: want flags only", flag.Arg(0))
	case *rounds < 1:
		err = fmt.Errorf("flag -rounds: %d: want 1 or more", *rounds)
	case *seconds < 1:
		err = fmt.Errorf("flag -seconds: %d: want 1 or more", *seconds)
	case *task != "":
		err = runTask(os.Stdout, *task)
	case *ofCapacities:
		var table string
		if table, err = capacities(os.Stderr, *seconds); err == nil {
			fmt.Print(table)
			err = rewrite(*out, capacitiesBegin, capacitiesEnd, table)
		}
	case *ofFurther:
		var table string
		if table, err = further(os.Stderr, *quick); err == nil {
			fmt.Print(table)
		}
		if err == nil && !*quick {
			err = rewrite(*out, furtherBegins, furtherEnds, table)
		}
	case *quick:
		err = bench(os.Stdout, 1, true, *only, "")
	default:
		err = bench(os.Stdout, *rounds, false, *only, *out)
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "bench: %v\n", err)
		os.Exit(2)
	}
}

// What marks the table in the document.
const (
	tableBegins = "<!-- by go run ./bench -->\n"
	tableEnds   = "<!-- end -->\n"
)

// rewrite puts a table between marks of the document.
func rewrite(file, begins, ends, table string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	before, rest, ok := strings.Cut(string(text), begins)
	_, after, ended := strings.Cut(rest, ends)
	if !ok || !ended {
		return errors.New(file + ": want the lines that mark the table")
	}
	temp := file + ".new"
	if err := os.WriteFile(temp, []byte(before+begins+table+ends+after), 0o644); err != nil {
		return err
	}
	return os.Rename(temp, file)
}
