package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/bits"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"tcpclose/ask"
	"tcpclose/bench/termbench"
	"tcpclose/check"
	"tcpclose/explore/product"
	"tcpclose/invariants"
)

// An outcome is what a task or another checker found, and the time that it says it
// took.
type outcome struct {
	States, Steps int
	Seconds       float64
}

// runTask runs one task of the engine's and prints its outcome. A task is
// "term SIZE WORKERS", "preset NAME WORKERS QUESTION", "capacity WAY SECONDS NAME FIELDS" or
// "look-ups KEYS WORKERS". Without a question ("alone") a
// preset is explored; with "monitors" its safety is checked, with "traces" as check
// does, by "symmetry", with "comparison" an expression that compares the two ends, with
// "liveness" one property of its runs, and with "runs" all of them.
func runTask(out io.Writer, name string) error {
	words := strings.Fields(name)
	start := time.Now()
	var o outcome
	switch {
	case len(words) == 3 && words[0] == "term":
		i := slices.IndexFunc(termbench.Sizes, func(s termbench.Size) bool { return s.Name == words[1] })
		workers, err := strconv.Atoi(words[2])
		if i < 0 || err != nil {
			return fmt.Errorf("task %q: want a size and a number of workers", name)
		}
		e, err := product.Explore(context.Background(), termbench.Sizes[i].Model.Product(), product.Options{Workers: workers})
		if err != nil {
			return err
		}
		o = outcome{e.Distinct, e.Generated - 1, 0}
	case len(words) == 4 && words[0] == "preset":
		p, err := check.FindPreset(words[1])
		if err != nil {
			return err
		}
		workers, err := strconv.Atoi(words[2])
		if err != nil {
			return fmt.Errorf("task %q: want a number of workers", name)
		}
		properties := invariants.Properties
		options := check.Options{Options: product.Options{Workers: workers}, NoTraces: true}
		switch words[3] {
		case "alone":
			properties = nil
		case "monitors":
		case "traces":
			options.NoTraces = false
		case "symmetry":
			options.Symmetry = true
		case "comparison":
			properties = []*invariants.Property{ask.Must("a.rto > b.rto && a.wait > b.wait").Never()}
		case "runs":
			properties = invariants.LivenessProperties
		case "liveness":
			i := slices.IndexFunc(invariants.LivenessProperties, func(p *invariants.Property) bool { return p.Name == "fin-settled" })
			properties = invariants.LivenessProperties[i : i+1]
		default:
			return fmt.Errorf("task %q: no such question", name)
		}
		r, err := check.Check(context.Background(), p.Config, properties, options)
		if err != nil {
			return err
		}
		o = outcome{r.Result.Distinct, r.Result.Generated - 1, 0}
	case len(words) >= 4 && words[0] == "capacity":
		seconds, err := strconv.Atoi(words[2])
		if err != nil {
			return fmt.Errorf("task %q: want a number of seconds", name)
		}
		return runCapacity(out, strings.Join(words[3:], " "), words[1], time.Duration(seconds)*time.Second)
	case len(words) == 3 && words[0] == "look-ups":
		keys, err := strconv.Atoi(words[1])
		workers, wrong := strconv.Atoi(words[2])
		if err != nil || wrong != nil || keys < 1 || workers < 1 {
			return fmt.Errorf("task %q: want a number of keys and one of workers", name)
		}
		o.States = keys
		o.Steps, start = lookUps(keys, workers)
	default:
		return fmt.Errorf("task %q: no such task", name)
	}
	o.Seconds = time.Since(start).Seconds()
	return json.NewEncoder(out).Encode(o)
}

// lookUps looks random keys up in an open table of so many, of which each is found:
// what memory allows without locality. It gives how many its workers looked up together,
// and since when.
func lookUps(keys, workers int) (n int, start time.Time) {
	size := 1 << bits.Len(uint(keys))
	table := make([]uint64, size)
	// A number that is multiplied so is a different one each time, and random enough.
	key := func(i int) uint64 { return uint64(i+1) * 0x9e3779b97f4a7c15 }
	find := func(k uint64) int {
		i := int(k >> (64 - bits.Len(uint(size-1))))
		for table[i] != 0 && table[i] != k {
			i = (i + 1) & (size - 1)
		}
		return i
	}
	for i := range keys {
		k := key(i)
		table[find(k)] = k
	}
	n = 30_000_000 / workers
	var group sync.WaitGroup
	start = time.Now()
	for w := range workers {
		group.Go(func() {
			random := uint64(w + 1)
			for range n {
				random = random*6364136223846793005 + 1442695040888963407
				i, _ := bits.Mul64(random, uint64(keys))
				if k := key(int(i)); table[find(k)] != k {
					panic("a key was lost")
				}
			}
		})
	}
	group.Wait()
	return n * workers, start
}
