package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// A result is what became of the mutants of a package.
type result struct {
	all, left int // mutants there are, and do not compile
	drawn     int
	killed    int
	byTime    int               // of those killed, by a timeout
	unreached int               // of those that live, those that no test reaches
	explained int               // of those that live, those that are listed
	lives     []*mutant         // and those that are not
	wrong     []string          // what is listed, and should not be
	slowest   time.Duration     // of the tests without a mutant
	reasons   map[string]string // what is listed
}

// A trial is a set with its mutants.
type trial struct {
	set
	temp    string
	mutated *mutated
	drawn   []*mutant // those that are run
}

// write writes the mutants of a set into a directory of temp.
func (s set) write(temp string) (*trial, error) {
	t := &trial{set: s, temp: filepath.Join(temp, filepath.FromSlash(s.dir))}
	if err := os.MkdirAll(t.temp, 0o777); err != nil {
		return nil, err
	}
	from, err := load(s.dir)
	if err != nil {
		return nil, err
	}
	t.mutated, err = write(from, t.temp)
	return t, err
}

// judge runs the mutants that were drawn.
func (t *trial) judge(out io.Writer, o options, explained map[string]string) (*result, error) {
	r := &result{all: len(t.mutated.mutants) + t.mutated.left, left: t.mutated.left, drawn: len(t.drawn), reasons: explained}
	r.stale(t.mutated)
	if len(t.drawn) == 0 {
		return r, nil
	}
	runs, err := prepare(t.mutated, t.tests, t.temp)
	if err != nil {
		return nil, err
	}
	for _, run := range runs {
		r.slowest += run.took
	}
	r.run(out, o, runs, t.drawn)
	slices.SortFunc(r.lives, func(a, b *mutant) int { return strings.Compare(a.name, b.name) })
	return r, nil
}

// stale notes what is listed of the package, and is no mutant of it.
func (r *result) stale(m *mutated) {
	known := map[string]bool{}
	for _, each := range m.mutants {
		known[each.name] = true
	}
	for name := range r.reasons {
		if strings.HasPrefix(name, m.dir+"/") && !strings.Contains(strings.TrimPrefix(name[:strings.Index(name+":", ":")], m.dir+"/"), "/") && !known[name] {
			r.wrong = append(r.wrong, name+"\n    there is no such mutant")
		}
	}
	slices.Sort(r.wrong)
}

// run runs the tests for each mutant.
func (r *result) run(out io.Writer, o options, runs []*testRun, drawn []*mutant) {
	var mu sync.Mutex
	var wait sync.WaitGroup
	next := make(chan *mutant)
	for range o.workers {
		wait.Go(func() {
			for m := range next {
				v := try(runs, m.id)
				mu.Lock()
				r.note(m, v)
				if o.verbose {
					fmt.Fprintf(out, "%6.2f s  %s\n    %s\n", v.took.Seconds(), m.name, v)
				}
				mu.Unlock()
			}
		})
	}
	for _, m := range drawn {
		next <- m
	}
	close(next)
	wait.Wait()
}

// note counts a mutant.
func (r *result) note(m *mutant, v verdict) {
	_, listed := r.reasons[m.name]
	switch {
	case v.killed && listed:
		r.wrong = append(r.wrong, m.name+"\n    it is "+v.String())
		fallthrough
	case v.killed:
		r.killed++
		if v.byTime {
			r.byTime++
		}
	case listed:
		r.explained++
	default:
		r.lives = append(r.lives, m)
		if !v.reached {
			r.unreached++
		}
	}
}

// print writes a summary, with what lives.
func (r *result) print(out io.Writer, dir string, took time.Duration) {
	fmt.Fprintf(out, "%s: %d mutants, of which %d do not compile; %d run in %s, by tests of %.1f s\n",
		dir, r.all, r.left, r.drawn, took.Round(time.Second), r.slowest.Seconds())
	fmt.Fprintf(out, "%s: %d killed (%d by time), %d explained, %d live (%d reached by no test)\n",
		dir, r.killed, r.byTime, r.explained, len(r.lives), r.unreached)
	if r.drawn > 0 {
		fmt.Fprintf(out, "%s: score %.1f %%, and %.1f %% of those that are not explained\n",
			dir, 100*float64(r.killed)/float64(r.drawn), 100*float64(r.killed)/float64(max(1, r.drawn-r.explained)))
	}
	for _, m := range r.lives {
		fmt.Fprintf(out, "lives: %s:%d\n%s\n", m.file, m.line, m.name)
	}
	for _, why := range r.wrong {
		fmt.Fprintf(out, "wrongly explained:\n%s\n", why)
	}
}
