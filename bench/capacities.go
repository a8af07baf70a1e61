package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
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

// A search of the second table has so much memory.
const capacityMemory = 10 << 30

// moreText is the presets with more text, each with fields that are changed.
var moreText = []string{
	"default a-octets=2 b-octets=0",
	"default a-octets=2",
	"default a-octets=2 b-octets=2",
}

// configured returns the configuration that a row is about: that of a preset, or the default
// with fields that are changed.
func configured(row string) (model.Config, error) {
	name, words, _ := strings.Cut(row, " ")
	p, err := check.FindPreset(name)
	if err != nil || words == "" {
		return p.Config, err
	}
	if p != &check.Presets[0] {
		return p.Config, fmt.Errorf("row %q: want fields of the default only", row)
	}
	return model.ParseConfig(words)
}

// withProcessor returns a context that is done when this process has taken so much time of
// the processor.
func withProcessor(most time.Duration) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		for ctx.Err() == nil {
			var used syscall.Rusage
			err := syscall.Getrusage(syscall.RUSAGE_SELF, &used)
			if err != nil || time.Duration(used.Utime.Nano()+used.Stime.Nano()) > most {
				cancel()
			}
			time.Sleep(100 * time.Millisecond)
		}
	}()
	return ctx, cancel
}

// runCapacity explores the configuration of a row in one of three ways and prints what it
// found. It has so much time of the processor.
func runCapacity(out io.Writer, row, how string, most time.Duration) error {
	c, err := configured(row)
	if err != nil {
		return err
	}
	y, err := model.NewSystem(c)
	if err != nil {
		return err
	}
	property, err := invariants.Find("figure-5")
	if err != nil {
		return err
	}
	patterns := property.PatternsIn(c)
	o := product.Options{Workers: 1, MaxMemory: capacityMemory}
	ctx, cancel := withProcessor(most)
	defer cancel()
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
	if ctx.Err() != nil {
		r.Incomplete = []string{"time"}
	}
	b.outcome, b.Incomplete = outcome{r.Distinct, r.Generated, time.Since(start).Seconds()}, r.Incomplete
	return json.NewEncoder(out).Encode(b)
}

// capacities runs every preset of an unlimited network, and the default with more text, in
// each way, each in a process of its own, and returns the table. A search has so many
// seconds.
func capacities(progress io.Writer, most int) (string, error) {
	var b strings.Builder
	fmt.Fprintf(&b, "Measured on %s; one worker. Seconds are of the processor:\nat most %d for a search. Each has at most %s.\n\n", processor(), most, humanize.IBytes(capacityMemory))
	fmt.Fprintln(&b, "| preset | capacity 2 | s | saturated | s | maximal | expanded | s |")
	fmt.Fprintln(&b, "|---|---:|---:|---:|---:|---:|---:|---:|")
	var rows []string
	for i := range check.Presets {
		if p := &check.Presets[i]; p.Config.Medium().Unlimited() {
			rows = append(rows, p.Name)
		}
	}
	for _, row := range append(rows, moreText...) {
		name, words, _ := strings.Cut(row, " ")
		if words != "" {
			name += " `" + words + "`"
		}
		fmt.Fprintf(&b, "| %s ", name)
		for _, how := range []string{"full", "saturated", "maximal"} {
			fmt.Fprintf(progress, "%s, %s\n", row, how)
			o, seconds, err := capacityTask(row, how, most)
			if err != nil {
				return "", fmt.Errorf("%s, %s: %w", row, how, err)
			}
			states := humanize.Comma(int64(o.States))
			if o.Incomplete != nil {
				states = "> " + states + " (" + strings.Join(o.Incomplete, ", ") + ")"
			}
			fmt.Fprintf(&b, "| %s ", states)
			if how == "maximal" {
				fmt.Fprintf(&b, "| %s ", humanize.Comma(int64(o.Expanded)))
			}
			fmt.Fprintf(&b, "| %.2f ", seconds)
		}
		fmt.Fprintln(&b, "|")
	}
	return b.String(), nil
}

// capacityTask runs a task in a process of its own. seconds is the time of the processor that
// it took.
func capacityTask(row, how string, most int) (o boundedOutcome, seconds float64, err error) {
	self, err := os.Executable()
	if err != nil {
		return o, 0, err
	}
	command := exec.Command(self, "-task", fmt.Sprintf("capacity %s %d %s", how, most, row))
	command.Stderr = os.Stderr
	text, err := command.Output()
	if err != nil {
		return o, 0, err
	}
	return o, (command.ProcessState.UserTime() + command.ProcessState.SystemTime()).Seconds(), json.Unmarshal(text, &o)
}
