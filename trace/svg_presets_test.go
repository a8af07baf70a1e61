package trace_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/check"
	"tcpclose/explore"
	"tcpclose/explore/product"
	"tcpclose/internal/tier"
	"tcpclose/invariants"
	"tcpclose/trace"
)

// What is drawn of the presets is where it should be: every counterexample and
// witness, and every lasso, of which there are more the less is assumed.
func TestSVG_Presets(t *testing.T) {
	tier.SkipToCI(t)
	const states = 60_000 // of a preset, at most: larger ones take long
	drawn, lassos, crossings := 0, 0, 0
	draw := func(t *testing.T, r *check.Report) {
		for i := range r.Findings {
			f := &r.Findings[i]
			if f.Trace == nil {
				continue
			}
			s, err := trace.NewStory(f.Trace, trace.About{Property: f.Property.Name, Sentence: f.Property.Sentence, Verdict: f.Verdict.String()})
			require.NoError(t, err)
			assert.Empty(t, trace.Misplaced(s), f.Property.Name)
			crossings += trace.Crossings(s)
			drawn++
			if f.Trace.Repeats() {
				lassos++
			}
		}
	}
	for _, p := range check.UsualPresets() {
		if p.Name != "keep-alive" && tier.Leaves(t, p.Name) {
			continue
		}
		t.Run(p.Name, func(t *testing.T) {
			o := check.Options{Options: product.Options{Limits: explore.Limits{States: states}}}
			for _, properties := range [][]*invariants.Property{invariants.Properties, invariants.Witnesses} {
				r, err := check.Check(t.Context(), p.Config, properties, o)
				require.NoError(t, err)
				draw(t, r)
			}
			for i := range invariants.Assumptions {
				o.Without = append(o.Without, invariants.Assumptions[i])
				r, err := check.Check(t.Context(), p.Config, invariants.LivenessProperties, o)
				require.NoError(t, err)
				draw(t, r)
			}
		})
	}
	t.Logf("%d pictures, %d of lassos; behind the text of segments %d arrows", drawn, lassos, crossings)
	assert.Greater(t, drawn, 30)
	assert.Greater(t, lassos, 10)
}

// The ends of two losses move aside, so that no arrow runs behind a segment's text.
func TestSVG_Ends(t *testing.T) {
	p, err := check.FindPreset("no-data")
	require.NoError(t, err)
	agreement, err := invariants.Find("agreement")
	require.NoError(t, err)
	r, err := check.Check(t.Context(), p.Config, []*invariants.Property{agreement}, check.Options{})
	require.NoError(t, err)
	s, err := trace.NewStory(r.Findings[0].Trace, trace.About{})
	require.NoError(t, err)
	assert.Zero(t, trace.Crossings(s))
}
