package external

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"tcpclose/ask"
	"tcpclose/check"
	"tcpclose/explore"
	"tcpclose/explore/product"
	"tcpclose/invariants"
	"tcpclose/model"
	"tcpclose/survey"
)

// reset is that an end has ended by a reset. Nothing says that this is memory.
func reset(e *invariants.End) bool { return e.Ended() == invariants.Reset }

// of is a property with that pattern.
func of(p invariants.Pattern) *invariants.Property {
	return &invariants.Property{Name: "mine", Patterns: func(model.Config) []invariants.Pattern { return []invariants.Pattern{p} }}
}

// What a property reads of the past is kept for it, in each place where it can be read:
// where it could not be, it would never be violated.
func TestMemory(t *testing.T) {
	c := preset(t, "abort")
	told := &invariants.Condition{Name: "told of a reset", Pattern: invariants.Pattern{Kind: explore.States, Self: reset}}
	for name, p := range map[string]*invariants.Property{
		"Self":   of(invariants.Pattern{Kind: explore.States, Self: reset}),
		"Peer":   of(invariants.Pattern{Kind: explore.States, Peer: reset}),
		"rest":   of(invariants.Pattern{Kind: explore.Terminals, Self: reset}),
		"Before": of(invariants.Pattern{Kind: explore.Steps, Step: func(s *invariants.Step) bool { return s.Before.Ended() == invariants.Reset }}),
		"After":  of(invariants.Pattern{Kind: explore.Steps, Step: func(s *invariants.Step) bool { return s.After.Ended() == invariants.Reset }}),
		"Whole": {Name: "mine", Whole: &invariants.Whole{Kind: explore.States, Is: func(s *invariants.Snapshot) bool {
			return s.Ends[model.A].After.Ended() == invariants.Reset
		}}},
		"Reachable": {Name: "mine", Liveness: &invariants.Liveness{Reachable: &invariants.Condition{
			Name: "never told", Pattern: invariants.Pattern{Kind: explore.States, Self: func(e *invariants.End) bool { return e.Ended() == invariants.Open }},
		}, Occasion: told}},
		"asked": ask.Must("a.ended == RESET").Never(),
	} {
		t.Run(name, func(t *testing.T) { fails(t, c, []*invariants.Property{p}, "violated in ", "told: ") })
	}
}

// A premise that reads the past is an occasion where it is met.
func TestMemory_Premise(t *testing.T) {
	p := of(invariants.Pattern{Kind: explore.States, Self: func(e *invariants.End) bool { return e.State == model.Listen }})
	p.Premise = func(model.Config) []invariants.Pattern {
		return []invariants.Pattern{{Kind: explore.States, Self: reset}}
	}
	for words, want := range map[string]check.Verdict{"b-fails=abort": check.Holds, "loss=off duplicate=off reorder=off": check.Vacuous} {
		c := config(t, words)
		if words != "b-fails=abort" {
			c.Ends[model.A].RTO, c.Ends[model.B].RTO, c.Capacity = 4, 4, 4
		}
		r, err := check.Check(context.Background(), c, []*invariants.Property{p}, check.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Findings[0].Verdict; got != want {
			t.Errorf("%s: %s: want %s", words, got, want)
		}
	}
}

// In a walk the past is kept, too.
func TestMemory_Walk(t *testing.T) {
	c := preset(t, "abort")
	for seed := 1; seed < 5000; seed++ {
		n, at := &noted{}, seed
		check.Walk(n, func(m int) int { at = at*1103515245 + 12345; return (at >> 16 & 0x7fff) % m }, c, 30, of(invariants.Pattern{Kind: explore.States, Self: reset}))
		if len(n.errors) > 0 {
			failedWith(t, n, "violated by this run", "told: reset")
			return
		}
	}
	t.Error("no walk finds it")
}

// And where margins are counted, and states are shown.
func TestMemory_Survey(t *testing.T) {
	c := config(t, "b-fails=abort")
	p := of(invariants.Pattern{Kind: explore.States, Self: reset})
	m, err := survey.Margins(context.Background(), c, []*invariants.Property{p}, product.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if m.Margins[0].Verdict != check.Violated {
		t.Errorf("margin: %s: want violated", m.Margins[0].Verdict)
	}
	s, err := survey.ExploreSpace(context.Background(), c, []*invariants.Property{p}, product.Options{})
	if err != nil {
		t.Fatal(err)
	}
	q, err := s.Quotient(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	violated := 0
	for i := range q.States {
		violated += len(q.States[i].Violates)
	}
	if violated == 0 {
		t.Error("no state is shown where it is violated")
	}
}

// A search with a checkpoint cannot start again: then the property has to say what it
// reads.
func TestMemory_Checkpoint(t *testing.T) {
	o := check.Options{Options: product.Options{Checkpoint: &product.Checkpoint{File: filepath.Join(t.TempDir(), "states")}}}
	p := of(invariants.Pattern{Kind: explore.States, Self: reset})
	_, err := check.Check(context.Background(), preset(t, "abort"), []*invariants.Property{p}, o)
	if err == nil || !strings.Contains(err.Error(), "property mine: reads what is kept by monitor told") {
		t.Errorf("%v: want an error that names the property and the monitor", err)
	}
}
