package main

import (
	"fmt"
	"io"
	"slices"
)

// A target is something that the engine should be, as a number that should be at
// least, or at most, another.
type target struct {
	name   string
	wanted float64
	most   bool
	format string // of numbers
	// of are the contestants that measure it has; a target without them is left out.
	of []string
	// measure is the number by wall time and, if it makes sense, by processor time.
	measure func(of []*contestant) (wall, cpu float64)
}

// times returns the second's time divided by the first's.
func times(of []*contestant) (float64, float64) {
	return ratio(of[1], of[0], wall), ratio(of[1], of[0], cpu)
}

// workers returns the speed of two workers relative to one.
func workers(of []*contestant) (float64, float64) { return ratio(of[1], of[0], inside), 0 }

var targets = []target{
	{"large: SPIN's time over one worker's", 18, false, "%.1f", []string{"term large 1", "SPIN large"}, times},
	{"large: rumur's time over one worker's", 0, false, "%.1f", []string{"term large 1", "rumur large"}, times},
	{"large: two workers over one", 1.8, false, "%.2f", []string{"term large 2", "term large 1"}, workers},
	{"large: two workers over one, of random look-ups", 0, false, "%.2f", []string{"look-ups 21460335 2", "look-ups 21460335 1"}, workers},
	{"medium: SPIN's time over one worker's", 10, false, "%.1f", []string{"term medium 1", "SPIN medium"}, times},
	{"medium: two workers over one", 1.7, false, "%.2f", []string{"term medium 2", "term medium 1"}, workers},
	{"small: the whole process, in ms", 50, true, "%.0f", []string{"term small 1"}, func(of []*contestant) (float64, float64) {
		return scaled(of[0], wall, 1000), scaled(of[0], cpu, 1000)
	}},
	{"large: bytes per state, the whole process", 16, true, "%.1f", []string{"term large 1"}, bytesPerState},
	{"large: steps a second over random look-ups", 1, false, "%.2f", []string{"term large 1", "look-ups 21460335 1"}, overLookUps},
	{"faithful: million steps a second, one worker", 20, false, "%.1f", []string{"preset faithful 1 alone"}, func(of []*contestant) (float64, float64) {
		return scaled(of[0], stepsRate, 1e-6), 0
	}},
	{"faithful: bytes per state, the whole process", 16, true, "%.1f", []string{"preset faithful 1 alone"}, bytesPerState},
	{"faithful: two workers over one", 1.8, false, "%.2f", []string{"preset faithful 2 alone", "preset faithful 1 alone"}, workers},
	{"faithful: all monitors over none", 1.5, true, "%.2f", []string{"preset faithful 1 alone", "preset faithful 1 monitors"}, times},
	{"default: the whole check, traces included, in s", 5, true, "%.1f", []string{"preset default 2 traces"}, func(of []*contestant) (float64, float64) {
		return scaled(of[0], wall, 1), 0
	}},
	{"no-data: the whole command, in ms", 60, true, "%.0f", []string{"command no-data"}, func(of []*contestant) (float64, float64) {
		return scaled(of[0], wall, 1000), scaled(of[0], cpu, 1000)
	}},
	{"default: memory of the whole command, in MB", 150, true, "%.0f", []string{"command default"}, func(of []*contestant) (float64, float64) {
		return scaled(of[0], func(r run) float64 { return float64(r.peak) }, 1.0/(1<<20)), 0
	}},
	{"default: states over those by symmetry", 1.9, false, "%.3f", []string{"preset default 1 monitors", "preset default 1 symmetry"}, func(of []*contestant) (float64, float64) {
		return ratio(of[0], of[1], func(r run) float64 { return float64(r.States) }), 0
	}},
	{"default: time over that by symmetry", 0, false, "%.2f", []string{"preset default 1 symmetry", "preset default 1 monitors"}, times},
	{"default: one property of runs, the search included, over the search", 2, true, "%.1f", []string{"preset default 1 alone", "preset default 1 liveness"}, times},
	{"default: all properties of runs, the search included, over the search", 4, true, "%.1f", []string{"preset default 1 alone", "preset default 1 runs"}, times},
	{"faithful: one property of runs, the search included, over the search", 2, true, "%.1f", []string{"preset faithful 1 alone", "preset faithful 1 liveness"}, times},
	{"default: a comparison of the two ends over the search", 3, true, "%.1f", []string{"preset default 1 alone", "preset default 1 comparison"}, times},
	{"default: all monitors over none", 1.5, true, "%.2f", []string{"preset default 1 alone", "preset default 1 monitors"}, times},
}

func scaled(c *contestant, f func(run) float64, scale float64) float64 { return of(c, f) * scale }

func bytesPerState(of []*contestant) (float64, float64) {
	return scaled(of[0], func(r run) float64 { return float64(r.peak) / float64(r.States) }, 1), 0
}

func overLookUps(of []*contestant) (float64, float64) { return ratio(of[0], of[1], stepsRate), 0 }

// row writes the target's row of the table, if everything that it needs has run.
func (t *target) row(w io.Writer, all []*contestant) {
	var list []*contestant
	for _, name := range t.of {
		i := slices.IndexFunc(all, func(c *contestant) bool { return c.name == name })
		if i < 0 {
			return
		}
		list = append(list, all[i])
	}
	wall, cpu := t.measure(list)
	number := func(x float64) string {
		if x == 0 {
			return ""
		}
		return fmt.Sprintf(t.format, x)
	}
	wanted, met := "", ""
	if t.wanted > 0 {
		sign := "≥"
		if t.most {
			sign = "≤"
		}
		wanted, met = fmt.Sprintf("%s %g", sign, t.wanted), "met"
		if t.most != (wall <= t.wanted) {
			met = "not met"
		}
	}
	fmt.Fprintf(w, "| %s | %s | %s | %s | %s |\n", t.name, wanted, number(wall), number(cpu), met)
}
