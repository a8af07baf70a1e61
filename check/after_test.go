package check

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"tcpclose/ask"
	"tcpclose/explore"
	"tcpclose/internal/join"
	"tcpclose/internal/naive"
	"tcpclose/internal/tier"
	"tcpclose/invariants"
	"tcpclose/model"
	"tcpclose/trace"
)

// drawRun draws a run of a configuration.
func drawRun(t *rapid.T, c model.Config) *trace.Trace {
	y, err := model.NewSystem(c)
	require.NoError(t, err)
	run := &trace.Trace{Config: c, States: []model.State{y.Init()}, Loop: -1}
	for n := rapid.IntRange(0, 12).Draw(t, "events"); n > 0; n-- {
		s := run.States[len(run.States)-1]
		actions := y.Actions(nil, s)
		if len(actions) == 0 {
			break
		}
		a := rapid.SampledFrom(actions).Draw(t, "action")
		o, ok := y.Step(s, a)
		require.True(t, ok)
		run.Events, run.States = append(run.Events, trace.Event{Action: a, Outcome: o}), append(run.States, o.To)
	}
	return run
}

// distance returns how many steps it takes from the end of a run to what one of the
// patterns, or the whole, describes; -1 if that is not reached within limit steps. It is
// the slow reference: one state after the other, with every monitor.
func distance(run *trace.Trace, p *invariants.Property, limit int) int {
	y, _ := model.NewSystem(run.Config)
	w := &join.WholeSystem{Model: y, Monitors: invariants.AllMonitors, After: run}
	c := &checker{system: y, property: p, patterns: p.PatternsIn(run.Config), run: invariants.AllMonitors}
	if len(c.patterns) > 0 {
		q := *p
		q.Whole = nil
		c.property = &q
	}
	first := w.Init()[0]
	level, known := []join.WholeState{first}, map[join.WholeState]bool{first: true}
	for n := 0; n <= limit && len(level) > 0; n++ {
		var next []join.WholeState
		found := false
		for i := range level {
			s := &level[i]
			steps := w.Steps(nil, *s)
			// No step is tried in a state at the limit, so none is known to be terminal.
			if c.seenIn(explore.States, s) || n < limit && len(steps) == 0 && c.seenIn(explore.Terminals, s) {
				return n
			}
			for _, step := range steps {
				if step.Action.Overflow {
					continue
				}
				found = found || c.seenOn(s, &step.Action, &step.To)
				if !known[step.To] {
					known[step.To] = true
					next = append(next, step.To)
				}
			}
		}
		if found && n < limit {
			return n + 1
		}
		level = next
	}
	return -1
}

// What a check finds after a run is what a search state by state from there finds, and
// its trace goes on from the run.
func TestCheck_AfterRapid(t *testing.T) {
	tier.Draws(t, 25)
	met := map[bool]int{} // whether it was found
	rapid.Check(t, func(t *rapid.T) {
		c := naive.AnyConfig().Draw(t, "config")
		run := drawRun(t, c)
		var list []*invariants.Property
		for _, p := range append(invariants.PropertiesOf(c.Between.Box != nil), invariants.Witnesses...) {
			if p.Liveness == nil && (p.Applies == nil || p.Applies(c) == "") && len(p.PatternsIn(c)) > 0 && rapid.IntRange(0, 9).Draw(t, "with") == 0 {
				list = append(list, p)
			}
		}
		list = append(list, ask.Must("a.state == CLOSED && b.state == CLOSED").Seek(),
			ask.Must("a.receives.fin").Seek(), ask.Must("net.a.count + net.b.count > 1").Seek(),
			ask.Must("a.ended == b.ended && a.ended != OPEN").Seek())
		const limit = 4
		r, err := Check(context.Background(), c, list, func() (o Options) {
			o.After, o.Limits.Depth, o.Workers = run, limit, 2
			return o
		}())
		require.NoError(t, err)
		for i := range r.Findings {
			f := &r.Findings[i]
			found := f.Verdict == Violated || f.Verdict == Reached
			want := distance(run, f.Property, limit)
			met[found]++
			if !found {
				// A limit of the depth leaves out the steps of the last level.
				assert.True(t, want < 0, "%s: %v, and it is %d steps away", f.Property.Name, f.Verdict, want)
				continue
			}
			require.Equal(t, want, f.Steps, f.Property.Name)
			require.NotNil(t, f.Trace, f.Property.Name)
			require.Len(t, f.Trace.Events, len(run.Events)+f.Steps)
			for i := range run.Events {
				require.Equal(t, run.Events[i], f.Trace.Events[i], f.Property.Name)
			}
			s := run.States[0]
			y, _ := model.NewSystem(c)
			for _, e := range f.Trace.Events {
				o, ok := y.Step(s, e.Action)
				require.True(t, ok)
				s = o.To
			}
			require.Equal(t, f.Trace.States[len(f.Trace.States)-1], s)
		}
	})
	assert.Positive(t, met[true])
	assert.Positive(t, met[false])
}

func TestCheck_AfterRefuses(t *testing.T) {
	c := Presets[0].Config
	run := &trace.Trace{Config: c, Loop: -1}
	for _, o := range []Options{{After: run, Symmetry: true}, {After: run, Unlimited: true}, {After: run, Otherwise: []model.Config{c}}} {
		_, err := Check(context.Background(), c, nil, o)
		assert.ErrorContains(t, err, "after a run: want")
	}
	counted := *run
	counted.Counted = true
	_, err := Check(context.Background(), c, nil, Options{After: &counted})
	assert.ErrorContains(t, err, "that does not count")
	closes := ask.Must("a.state == CLOSED").Eventually()
	_, err = Check(context.Background(), c, []*invariants.Property{closes}, Options{After: run})
	assert.ErrorContains(t, err, "is about whole runs")
	other := c
	other.MSL++
	_, err = Check(context.Background(), other, nil, Options{After: run})
	assert.ErrorContains(t, err, "of the configuration that is checked")
}
