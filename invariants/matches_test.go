package invariants_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/explore"
	"tcpclose/internal/naive"
	"tcpclose/internal/tier"
	"tcpclose/invariants"
	"tcpclose/model"
)

var rewrite = flag.Bool("rewrite", false, "rewrite testdata/matches.txt; commit it only if you understand what changed")

// walked is configurations of which runs are drawn. Each is walked without a fault and
// with every fault.
var walked = []string{
	"a-octets=0 b-octets=0 msl=2 rto=1 r2=1",
	"msl=2 rto=1 r2=1 a-buffer=1 b-reads=slowly b-close-is=half-then-full fin-wait-2=3 b-fails=abort keepalive=4",
	"a-octets=0 msl=1 rto=1 r2=1 a-reads=slowly a-close-is=full a-fails=abort b-fails=crash user-timeout=6",
	"a-octets=0 msl=1 rto=1 r2=1 reopen=1 a-isn=same b-isn=same time-wait-reuse=bare a-fails=crash b-opens=either timestamps=on",
	"b-octets=0 msl=2 delay=1 rto=2 r2=2 start=closed a-opens=either b-opens=either loss=2 duplicate=1 reorder=unlimited capacity=4 delayed-ack=1",
}

// A count is how often a pattern matches, with either side as self.
type count [2]int

// Each pattern matches the states and steps of drawn runs as often as it did. The runs
// are the same each time, so a number that moves shows a predicate that has changed, or
// that the model has. 'go test ./invariants -run TestMatches -rewrite' rewrites them.
func TestMatches(t *testing.T) {
	tier.SkipToCI(t)
	const file = "testdata/matches.txt"
	var b strings.Builder
	b.WriteString("# TestMatches: how often each pattern matches with a, and with b, as self.\n")
	for _, words := range walked {
		fmt.Fprintf(&b, "\n%s\n", words)
		c := naive.Parse(t, words)
		names, patterns := everyPattern(c)
		counts := make([]count, len(patterns))
		for _, fault := range append([]model.Fault{model.NoFault}, model.Faults()...) {
			if c.Fault = fault; c.Validate() == nil {
				countMatches(t, c, patterns, counts)
			}
		}
		for i, n := range counts {
			if n != (count{}) {
				fmt.Fprintf(&b, "%8d %8d  %s\n", n[model.A], n[model.B], names[i])
			}
		}
	}
	if *rewrite {
		require.NoError(t, os.WriteFile(file, []byte(b.String()), 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, string(want), b.String())
}

// everyPattern returns the patterns of all properties and witnesses, and the conditions
// of those about whole runs.
func everyPattern(c model.Config) (names []string, list []invariants.Pattern) {
	add := func(name string, patterns []invariants.Pattern) {
		for i, pattern := range patterns {
			names, list = append(names, fmt.Sprintf("%s %d", name, i)), append(list, pattern)
		}
	}
	for _, p := range slices.Concat(invariants.Properties, invariants.Witnesses) {
		add(p.Name, p.Patterns(c))
		if p.Premise != nil {
			add(p.Name+", premise", p.Premise(c))
		}
	}
	var conditions []*invariants.Condition
	for _, p := range invariants.LivenessProperties {
		for _, condition := range p.Liveness.Conditions() {
			if !slices.Contains(conditions, condition) {
				conditions = append(conditions, condition)
				add(condition.Name, []invariants.Pattern{condition.Pattern})
			}
		}
	}
	return names, list
}

// countMatches adds to counts what the patterns match on some runs of c.
func countMatches(t *testing.T, c model.Config, patterns []invariants.Pattern, counts []count) {
	const runs, steps = 30, 45
	y := naive.SystemOf(t, c)
	v := &naive.Search{System: y, Needs: invariants.AllMonitors}
	random := rand.New(rand.NewPCG(1, uint64(c.Fault)))
	look := func(kind explore.Kind, matches func(*invariants.Pattern, model.Side) bool) {
		for i := range patterns {
			for _, self := range model.Sides {
				if patterns[i].Kind == kind && matches(&patterns[i], self) {
					counts[i][self]++
				}
			}
		}
	}
	for range runs {
		n := naive.Node{State: y.Init()}
		for range steps {
			look(explore.States, n.Matches)
			var next [16][]naive.Edge // by the kind of the action
			var kinds []model.Kind
			y.Outcomes(n.State, func(a model.Action, o *model.Outcome) {
				if o.Overflow {
					return
				}
				if len(next[a.Kind]) == 0 {
					kinds = append(kinds, a.Kind)
				}
				next[a.Kind] = append(next[a.Kind], v.Follow(n, a, *o))
			})
			if len(kinds) == 0 {
				look(explore.Terminals, n.Matches)
				break
			}
			of := next[kinds[random.IntN(len(kinds))]]
			e := &of[random.IntN(len(of))]
			look(explore.Steps, e.Matches)
			n = e.To()
		}
	}
}
