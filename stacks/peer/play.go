package peer

import (
	"fmt"
	"strconv"
	"strings"
	"sync"

	"tcpclose/stacks/adapter"
)

// Play does a schedule on a new host. It ends with the first event at which the adapter
// fails.
func Play(a adapter.Adapter, setup adapter.Setup, steps Schedule) ([]adapter.Result, error) {
	s, err := adapter.NewSession(a, setup)
	if err != nil {
		return nil, err
	}
	var v View
	for _, step := range steps {
		e := v.Event(step)
		r := s.Do(e)
		if v.Did(e, r); r.Err != "" {
			break
		}
	}
	return s.Results, nil
}

// Batch returns the verb of the line protocol that plays many schedules on hosts of
// their own, as many at once as there are adapters. Its line has the setup and the
// schedules, and its answer has a line for each:
//
//	batch SEED BUFFER | STEP; STEP; ... | STEP; ...
func Batch(adapters []adapter.Adapter) adapter.Verb {
	return adapter.Verb{Name: adapter.BatchVerb, Answer: func(rest string) ([]string, error) {
		parts := strings.Split(rest, "|")
		words := strings.Fields(parts[0])
		if len(words) != 2 {
			return nil, fmt.Errorf("%q: want SEED BUFFER", parts[0])
		}
		seed, err := strconv.ParseUint(words[0], 10, 64)
		buffer, bad := strconv.Atoi(words[1])
		if err != nil || bad != nil || buffer < 0 {
			return nil, fmt.Errorf("%q: want numbers", parts[0])
		}
		list := make([]Schedule, len(parts)-1)
		for i, part := range parts[1:] {
			if list[i], err = ParseSchedule(part); err != nil {
				return nil, err
			}
		}
		return playAll(adapters, adapter.Setup{Seed: seed, Buffer: buffer}, list), nil
	}}
}

// playAll plays the schedules, and returns a line for each.
func playAll(adapters []adapter.Adapter, setup adapter.Setup, list []Schedule) []string {
	lines := make([]string, len(list))
	work := make(chan int)
	var all sync.WaitGroup
	for _, a := range adapters {
		all.Go(func() {
			for i := range work {
				results, err := Play(a, setup, list[i])
				if err != nil {
					lines[i] = adapter.BadLine(err)
				} else {
					lines[i] = adapter.FormatResults(results)
				}
			}
		})
	}
	for i := range list {
		work <- i
	}
	close(work)
	all.Wait()
	return lines
}
