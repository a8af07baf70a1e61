package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/dustin/go-humanize"

	"tcpclose/check"
	"tcpclose/explore"
	"tcpclose/explore/product"
	"tcpclose/internal/join"
	"tcpclose/invariants"
	"tcpclose/model"
)

// The second table of docs/performance.md: what it takes to check figure-5 at a capacity, in
// the saturated network, and by its maximal states.

// What marks the second table.
const (
	capacitiesBegin = "<!-- by go run ./bench -capacities -->\n"
	capacitiesEnd   = "<!-- end of capacities -->\n"
)

// A boundedOutcome is that of a search that may have been stopped.
type boundedOutcome struct {
	outcome
	Expanded   int
	Incomplete []string
}

// A search of the second table has so much time and memory.
const (
	capacityTime   = 150 * time.Second
	capacityMemory = 3 << 30
)

// runCapacity explores a preset in one of three ways and prints what it found.
func runCapacity(out io.Writer, preset, how string) error {
	p, err := check.FindPreset(preset)
	if err != nil {
		return err
	}
	y, err := model.NewSystem(p.Config)
	if err != nil {
		return err
	}
	property, err := invariants.Find("figure-5")
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), capacityTime)
	defer cancel()
	patterns := property.PatternsIn(p.Config)
	o := product.Options{Workers: 1, MaxMemory: capacityMemory}
	start := time.Now()
	var b boundedOutcome
	var r explore.Result
	switch how {
	case "maximal":
		m, err := product.ExploreMaximal(ctx, &join.NewUnlimited(y, patterns).Product, o)
		if err != nil {
			return err
		}
		r, b.Expanded = m.Result(), m.Expanded
	case "saturated", "full":
		system := join.New(y, patterns)
		if how == "saturated" {
			system = join.NewUnlimited(y, patterns)
		}
		e, err := product.Explore(ctx, &system.Product, o)
		if err != nil {
			return err
		}
		r = e.Result
	default:
		return fmt.Errorf("task %q: want full, saturated or maximal", how)
	}
	b.outcome, b.Incomplete = outcome{r.Distinct, r.Generated, time.Since(start).Seconds()}, r.Incomplete
	return json.NewEncoder(out).Encode(b)
}

// capacities runs every preset of an unlimited network in each way, each in a process of its
// own, and returns the table.
func capacities(progress io.Writer) (string, error) {
	self, err := os.Executable()
	if err != nil {
		return "", err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "Measured on %s; one worker, at most %v and %s for each. Seconds are\nof the processor.\n\n", processor(), capacityTime, humanize.IBytes(capacityMemory))
	fmt.Fprintln(&b, "| preset | capacity 2 | s | saturated | s | maximal | expanded | s |")
	fmt.Fprintln(&b, "|---|---:|---:|---:|---:|---:|---:|---:|")
	for i := range check.Presets {
		p := &check.Presets[i]
		if !p.Config.Medium().Unlimited() {
			continue
		}
		fmt.Fprintf(&b, "| %s ", p.Name)
		for _, how := range []string{"full", "saturated", "maximal"} {
			fmt.Fprintf(progress, "%s, %s\n", p.Name, how)
			command := exec.Command(self, "-task", "capacity "+p.Name+" "+how)
			command.Stderr = os.Stderr
			text, err := command.Output()
			if err != nil {
				return "", fmt.Errorf("%s, %s: %w", p.Name, how, err)
			}
			var o boundedOutcome
			if err := json.Unmarshal(text, &o); err != nil {
				return "", err
			}
			states := humanize.Comma(int64(o.States))
			if o.Incomplete != nil {
				states = "> " + states + " (" + strings.Join(o.Incomplete, ", ") + ")"
			}
			fmt.Fprintf(&b, "| %s ", states)
			if how == "maximal" {
				fmt.Fprintf(&b, "| %s ", humanize.Comma(int64(o.Expanded)))
			}
			fmt.Fprintf(&b, "| %.2f ", (command.ProcessState.UserTime() + command.ProcessState.SystemTime()).Seconds())
		}
		fmt.Fprintln(&b, "|")
	}
	return b.String(), nil
}
