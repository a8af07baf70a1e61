package check

import (
	"context"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/explore"
	"tcpclose/explore/ltl"
	"tcpclose/explore/product"
	"tcpclose/internal/naive"
	"tcpclose/invariants"
	"tcpclose/model"
)

// calm is a configuration in which nobody is told of a reset.
const calm = "a-octets=0 b-octets=0 msl=2 rto=4 r2=1 loss=off duplicate=off reorder=off capacity=4"

// without returns a property that does not say what it reads.
func without(p *invariants.Property) *invariants.Property {
	q := *p
	bare := func(of func(model.Config) []invariants.Pattern) func(model.Config) []invariants.Pattern {
		if of == nil {
			return nil
		}
		return func(c model.Config) []invariants.Pattern {
			list := slices.Clone(of(c))
			for i := range list {
				list[i].Needs = invariants.NoMonitors
			}
			return list
		}
	}
	q.Patterns, q.Premise = bare(p.Patterns), bare(p.Premise)
	return &q
}

// What a property reads without saying so is there all the same: verdicts and traces
// are those of the property that says it, however many workers there are.
func TestCheck_Undeclared(t *testing.T) {
	all := slices.Concat(invariants.Properties, invariants.Witnesses)
	var bare []*invariants.Property
	for _, p := range all {
		bare = append(bare, without(p))
	}
	for words, counts := range map[string][]int{
		naive.Tiny:                                {1, 2, 4},
		naive.Tiny + "time-wait-restart=never":    {2},
		naive.Again0 + "capacity=1 b-fails=abort": {2},
	} {
		c := naive.Parse(t, words)
		want := check(t, c, all, Options{})
		states := 0
		for _, workers := range counts {
			got := check(t, c, bare, Options{Options: product.Options{Workers: workers}})
			for i := range all {
				f, g := want.Findings[i], got.Findings[i]
				assert.Equal(t, f.Verdict, g.Verdict, "%s: %s", words, all[i].Name)
				assert.Equal(t, f.Steps, g.Steps, "%s: %s", words, all[i].Name)
				assert.Equal(t, f.Trace, g.Trace, "%s: %s", words, all[i].Name)
			}
			assert.True(t, got.Remembers)
			require.LessOrEqual(t, got.Result.Distinct, want.Result.Distinct)
			if states != 0 {
				require.Equal(t, states, got.Result.Distinct, "%d workers", workers)
			}
			states = got.Result.Distinct
		}
	}
}

// resetForms returns the property that an application is told of a reset nowhere, in each of
// the forms that a property can have; no form says what it reads.
func resetForms() map[string]*invariants.Property {
	ended := func(e *invariants.End) bool { return e.Ended() == invariants.Reset }
	at := func(kind explore.Kind, p invariants.Pattern) func(model.Config) []invariants.Pattern {
		p.Kind = kind
		return func(model.Config) []invariants.Pattern { return []invariants.Pattern{p} }
	}
	one := func(name string, patterns func(model.Config) []invariants.Pattern) *invariants.Property {
		return &invariants.Property{Name: name, Patterns: patterns}
	}
	is := &invariants.Condition{Name: "reset", Pattern: invariants.Pattern{Kind: explore.States, Self: ended}}
	return map[string]*invariants.Property{
		"self":     one("self", at(explore.States, invariants.Pattern{Self: ended})),
		"peer":     one("peer", at(explore.States, invariants.Pattern{Peer: ended})),
		"terminal": one("terminal", at(explore.Terminals, invariants.Pattern{Self: ended})),
		"before":   one("before", at(explore.Steps, invariants.Pattern{Step: func(s *invariants.Step) bool { return s.Before.Ended() == invariants.Reset }})),
		"after":    one("after", at(explore.Steps, invariants.Pattern{Step: func(s *invariants.Step) bool { return s.After.Ended() == invariants.Reset }})),
		"whole": {Name: "whole", Whole: &invariants.Whole{Kind: explore.States, Is: func(n *invariants.Snapshot) bool {
			return n.Ends[model.A].After.Ended() == invariants.Reset || n.Ends[model.B].After.Ended() == invariants.Reset
		}}},
		"runs": {Name: "runs", Liveness: &invariants.Liveness{
			Formula: func(self, _ invariants.View) ltl.Formula { return ltl.Always(ltl.Not(self(is))) },
			Assumes: []*invariants.Assumption{invariants.TimePasses},
		}},
	}
}

// In each form the property is violated where one aborts, alone and with others that
// read nothing, and holds where nobody does.
func TestCheck_UndeclaredForms(t *testing.T) {
	aborts := naive.Parse(t, naive.Tiny+"b-fails=abort")
	quiet := naive.Parse(t, calm)
	for name, p := range resetForms() {
		t.Run(name, func(t *testing.T) {
			r := check(t, aborts, []*invariants.Property{p}, Options{})
			require.Equal(t, Violated, r.Findings[0].Verdict)
			naive.AssertReplays(t, r.Findings[0].Trace)
			assert.True(t, r.Remembers)
			r = check(t, aborts, append(find(t, "figure-5", "rest"), p), Options{UntilFound: true})
			require.Equal(t, Violated, r.Findings[2].Verdict)
			r = check(t, quiet, []*invariants.Property{p}, Options{})
			require.Equal(t, Holds, r.Findings[0].Verdict)
		})
	}
}

// A premise that reads what does not run is not missed.
func TestCheck_UndeclaredPremise(t *testing.T) {
	p := *resetForms()["self"]
	p.Premise, p.Patterns = p.Patterns, func(model.Config) []invariants.Pattern {
		return []invariants.Pattern{{Kind: explore.States, Self: func(e *invariants.End) bool { return e.State == model.Listen }}}
	}
	r := check(t, naive.Parse(t, naive.Tiny+"b-fails=abort"), []*invariants.Property{&p}, Options{})
	assert.Equal(t, Holds, r.Findings[0].Verdict, "it has an occasion")
	r = check(t, naive.Parse(t, calm), []*invariants.Property{&p}, Options{})
	assert.Equal(t, Vacuous, r.Findings[0].Verdict)
}

// With a checkpoint the search cannot start again: what is read has to be declared.
func TestCheck_UndeclaredCheckpoint(t *testing.T) {
	c := naive.Parse(t, naive.Tiny+"b-fails=abort")
	o := Options{Options: product.Options{Checkpoint: &product.Checkpoint{File: filepath.Join(t.TempDir(), "state")}}}
	p := resetForms()["self"]
	_, err := Check(context.Background(), c, append(find(t, "figure-5"), p), o)
	require.EqualError(t, err, "property self: reads what is kept by monitor told: with a checkpoint, want that in Needs")
	patterns := p.Patterns
	p.Patterns = func(c model.Config) []invariants.Pattern {
		list := patterns(c)
		list[0].Needs = invariants.MonitorTold
		return list
	}
	r := check(t, c, append(find(t, "figure-5"), p), o)
	assert.Equal(t, Violated, r.Findings[1].Verdict)
}
