// Command mutate asks whether the tests would see a change of the code.
//
//	go run ./mutate model             # every mutant of package model: an hour
//	go run ./mutate -n 200 -seed 7    # 200 of all packages', drawn with a seed
//	go run ./mutate -only 'Stack.heeds' -v model
//
// A mutant is the code with one small change: another comparison, a statement left
// out. It is killed if a test fails, or does not end; otherwise it lives, and either
// a test is missing or the change makes no difference. The latter are listed, each
// with its reason, in mutate/explained.txt. Exit status 1 says that a mutant lives
// that is not listed, or that the list is wrong.
//
// All mutants of a package are compiled into it at once ("mutant schemata"; Untch,
// Offutt and Harrold 1993): each is a branch that an environment variable takes. So
// a mutant costs a run of the tests, up to the first that fails, and no compiler.
// Which tests run is fixed, in sets.go; they take at most ten seconds.
package main

import (
	"cmp"
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"time"
)

// options contains the options of the command line.
type options struct {
	n       int
	seed    uint64
	only    *regexp.Regexp
	named   map[string]bool // if not nil, only these
	verbose bool
	workers int
	list    bool
}

func main() {
	var o options
	flag.IntVar(&o.n, "n", 0, "draw so many mutants (default all)")
	flag.Uint64Var(&o.seed, "seed", 1, "what they are drawn with")
	only := flag.String("only", "", "only mutants whose names match this `regexp`")
	names := flag.String("names", "", "only mutants whose names are in this `file`, one a line")
	flag.BoolVar(&o.verbose, "v", false, "show each mutant, with what killed it")
	flag.IntVar(&o.workers, "workers", runtime.GOMAXPROCS(0), "how many run at a time")
	flag.BoolVar(&o.list, "list", false, "list the mutants, and run none")
	flag.Parse()
	var err error
	if o.only, err = regexp.Compile(*only); err == nil {
		o.named, err = readNames(*names)
	}
	if err == nil {
		err = mutate(os.Stdout, o, flag.Args(), "mutate/explained.txt", sets)
	}
	var lives *livesError
	switch {
	case errors.As(err, &lives):
		fmt.Fprintf(os.Stderr, "mutate: %v\n", err)
		os.Exit(1)
	case err != nil:
		fmt.Fprintf(os.Stderr, "mutate: %v\n", err)
		os.Exit(2)
	}
}

// A livesError says that mutants live that should not, or the other way round.
type livesError struct{ lives, wrong int }

func (e *livesError) Error() string {
	return fmt.Sprintf("%d mutants live that are not explained, %d explanations are wrong", e.lives, e.wrong)
}

// mutate runs mutants of the named packages, drawn from those of all.
func mutate(out io.Writer, o options, names []string, explanations string, all []set) error {
	chosen, err := choose(all, names)
	if err != nil {
		return err
	}
	explained, err := readExplained(explanations)
	if err != nil {
		return err
	}
	temp, err := os.MkdirTemp("", "mutate")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	var trials []*trial
	var wanted []*mutant
	for _, s := range chosen {
		t, err := s.write(temp)
		if err != nil {
			return fmt.Errorf("package %s: %w", s.dir, err)
		}
		trials = append(trials, t)
		for _, m := range t.mutated.mutants {
			if o.wants(m) {
				wanted = append(wanted, m)
			}
		}
	}
	drawn := map[*mutant]bool{}
	for _, m := range draw(wanted, o.n, o.seed) {
		drawn[m] = true
		if o.list {
			fmt.Fprintln(out, m.name)
		}
	}
	if o.list {
		return nil
	}
	total := livesError{}
	for _, t := range trials {
		start := time.Now()
		t.drawn = slices.DeleteFunc(slices.Clone(t.mutated.mutants), func(m *mutant) bool { return !drawn[m] })
		r, err := t.judge(out, o, explained)
		if err != nil {
			return fmt.Errorf("package %s: %w", t.dir, err)
		}
		total.lives += len(r.lives)
		total.wrong += len(r.wrong)
		r.print(out, t.dir, time.Since(start))
	}
	if total != (livesError{}) {
		return &total
	}
	return nil
}

// choose returns the sets with those names, or all.
func choose(all []set, names []string) ([]set, error) {
	if len(names) == 0 {
		return all, nil
	}
	var chosen []set
	for _, name := range names {
		i := slices.IndexFunc(all, func(s set) bool { return s.dir == strings.Trim(name, "./") })
		if i < 0 {
			var known []string
			for _, s := range all {
				known = append(known, s.dir)
			}
			return nil, fmt.Errorf("argument %q: want %s", name, strings.Join(known, ", "))
		}
		chosen = append(chosen, all[i])
	}
	return chosen, nil
}

// readNames reads the lines of a file; without a file it returns nil.
func readNames(file string) (map[string]bool, error) {
	if file == "" {
		return nil, nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	names := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		names[strings.TrimSpace(line)] = true
	}
	return names, nil
}

// wants reports whether the mutant is asked for.
func (o options) wants(m *mutant) bool {
	return o.only.MatchString(m.name) && (o.named == nil || o.named[m.name])
}

// draw returns n of the mutants, in the order of their names; all if n is 0. Whether one
// is drawn depends on its name: where another comes or goes, at most one changes.
func draw(mutants []*mutant, n int, seed uint64) []*mutant {
	drawn := slices.Clone(mutants)
	if n > 0 && n < len(drawn) {
		rank := func(m *mutant) string {
			sum := sha256.Sum256(fmt.Appendf(nil, "%d %s", seed, m.name))
			return string(sum[:])
		}
		slices.SortFunc(drawn, func(a, b *mutant) int { return cmp.Compare(rank(a), rank(b)) })
		drawn = drawn[:n]
	}
	slices.SortFunc(drawn, func(a, b *mutant) int { return cmp.Compare(a.name, b.name) })
	return drawn
}
