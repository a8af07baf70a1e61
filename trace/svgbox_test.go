package trace_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/check"
	"tcpclose/internal/naive"
	"tcpclose/invariants"
	"tcpclose/trace"
)

// With a box a picture has three lifelines, the words of the box on the one in the middle, and
// each hop of a segment.
func TestSVG_Box(t *testing.T) {
	drawn := 0
	for _, words := range []string{
		"box=conntrack box-tick=30s", "box=libtelio", "box=pf box-tick=5m", "loss=1 box=cilium box-tick=5s", "b-fails=abort box=idle-rst box-restarts=1",
		"box=rfc5382,fault=fin-removes", "box=opte box-sees=a",
	} {
		if !strings.Contains(words, "loss=") {
			words += " loss=off"
		}
		c := naive.Parse(t, "a-octets=0 b-octets=0 msl=1 rto=3 r2=2 duplicate=off reorder=off capacity=4 "+words)
		r, err := check.Check(t.Context(), c, invariants.PropertiesOf(true)[len(invariants.Properties):], check.Options{})
		require.NoError(t, err)
		for i := range r.Findings {
			f := &r.Findings[i]
			if f.Trace == nil {
				continue
			}
			s, err := trace.NewStory(f.Trace, trace.About{Property: f.Property.Name, Sentence: f.Property.Sentence, Verdict: f.Verdict.String()})
			require.NoError(t, err)
			assert.Empty(t, trace.Misplaced(s), "%s: %s", words, f.Property.Name)
			var out strings.Builder
			require.NoError(t, s.SVG(&out))
			assert.Equal(t, f.Trace.Boxed(), strings.Contains(out.String(), ">box</text>"), f.Property.Name)
			for e := range f.Trace.Events {
				for _, says := range s.BoxWords(e) {
					assert.Contains(t, out.String(), ">"+says+"</text>", "%s: event %d", words, e+1)
				}
			}
			drawn++
		}
	}
	assert.Greater(t, drawn, 10)
}
