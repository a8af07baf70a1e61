package ends

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"tcpclose/check"
	"tcpclose/internal/tier"
	"tcpclose/invariants"
	"tcpclose/model"
)

// few is the number of states of presets whose runs the plain tier has.
const few = 60_000

// TestPresets: every witness and counterexample of a preset, captured at either end, is
// explained back.
func TestPresets(t *testing.T) {
	tier.SkipToCI(t)
	m := newMachine(model.AllOptions(), 0)
	properties := slices.Concat(invariants.Properties, invariants.Witnesses)
	for _, p := range check.UsualPresets() {
		if p.States > few && !tier.Large() {
			continue
		}
		t.Run(p.Name, func(t *testing.T) {
			r, err := check.Check(context.Background(), p.Config, properties, check.Options{})
			require.NoError(t, err)
			runs := 0
			for _, f := range r.Findings {
				if f.Trace == nil {
					continue
				}
				runs++
				for _, at := range model.Sides {
					r := record(t, f.Trace, at)
					r.check(t, m, fmt.Sprintf("%s of %s", f.Property.Name, p.Name), Near{}, false)
					r.check(t, m, fmt.Sprintf("%s of %s", f.Property.Name, p.Name), Near{}, true)
				}
			}
			require.NotZero(t, runs)
			t.Logf("%d runs, %d states", runs, p.States)
		})
	}
}
