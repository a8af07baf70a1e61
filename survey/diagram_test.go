package survey

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/check"
	"tcpclose/explore"
	"tcpclose/explore/product"
	"tcpclose/model"
)

func quotient(t *testing.T, c model.Config, o product.Options) *Quotient {
	s, err := ExploreSpace(t.Context(), c, nil, o)
	require.NoError(t, err)
	q, err := s.Quotient(t.Context())
	require.NoError(t, err)
	return q
}

// Whatever is said to rule an arrow out, no configuration that has it finds the
// arrow; and every reason is given somewhere.
func TestDiagram_Reasons(t *testing.T) {
	causes := map[string]bool{}
	for _, a := range arrows {
		causes[a.Cause] = true
	}
	for cause := range ruledOut {
		assert.True(t, causes[cause], "no arrow has the cause %q", cause)
	}
	given := map[string]bool{}
	for _, words := range []string{
		"preset=no-data", "preset=notes", "preset=abort", "preset=crash", "preset=keep-alive", "preset=user-timeout", "preset=shut-window", "preset=open",
		"a-octets=0 b-octets=0 msl=2 rto=1 r2=unlimited",
		"a-octets=0 b-octets=0 msl=2 rto=1 r2=1 a-closes=after-peer b-closes=never",
		"a-octets=0 b-octets=0 msl=2 rto=1 r2=1 fin-wait-2=2 fin-wait-2-timer=all",
		"a-octets=0 b-octets=0 msl=2 rto=1 r2=1 b-fails=abort abort-state=time-wait",
		"a-octets=0 b-octets=1 msl=1 rto=1 r2=1 a-reads=slowly a-fails=die loss=1 duplicate=off reorder=off",
		"a-octets=0 b-octets=1 msl=1 rto=1 r2=1 a-reads=slowly a-close-is=full loss=1 duplicate=off reorder=off",
	} {
		q := quotient(t, diagramConfig(t, words), product.Options{})
		d := q.Diagram()
		assert.Empty(t, d.Others, words)
		told := len(arrows)
		for i := range arrows {
			if !d.Opens && opens(&arrows[i]) {
				told--
			}
		}
		assert.Equal(t, told, len(d.Found)+len(d.Missing))
		for _, f := range d.Found {
			assert.NotZero(t, f.Steps[0]+f.Steps[1])
			assert.NotEmpty(t, f.Events)
			if why := ruledOut[f.Cause]; why != nil {
				assert.Empty(t, why(&f.Arrow, &d.Config), "%s: %v to %v is found: %s", words, f.From, f.To, f.Cause)
			}
		}
		for _, m := range d.Missing {
			require.NotEmpty(t, m.Reason)
			if ruledOut[m.Cause] != nil && ruledOut[m.Cause](&m.Arrow, &d.Config) == m.Reason {
				given[m.Cause] = true
			}
		}
	}
	for cause := range ruledOut {
		assert.True(t, given[cause], "the reason for %q is never given", cause)
	}
}

// diagramConfig returns a preset's configuration, or that of words.
func diagramConfig(t *testing.T, words string) model.Config {
	if len(words) > 7 && words[:7] == "preset=" {
		p, err := check.FindPreset(words[7:])
		require.NoError(t, err)
		return p.Config
	}
	c, err := model.ParseConfig(words)
	require.NoError(t, err)
	return c
}

// What was not explored is not said to be ruled out.
func TestDiagram_Incomplete(t *testing.T) {
	c := diagramConfig(t, "preset=no-data")
	q := quotient(t, c, product.Options{Limits: explore.Limits{Depth: 3}})
	d := q.Diagram()
	assert.Equal(t, []string{"depth"}, d.Incomplete)
	require.NotEmpty(t, d.Missing)
	for _, m := range d.Missing {
		assert.Equal(t, "unknown: not everything was explored (depth)", m.Reason)
	}
}

// A change that no arrow allows is shown as such.
func TestDiagram_Others(t *testing.T) {
	for _, f := range model.Faults() {
		c := diagramConfig(t, "a-octets=0 b-octets=0 msl=2 rto=1 r2=1")
		c.Fault = f
		if c.Validate() != nil {
			continue
		}
		q := quotient(t, c, product.Options{})
		if d := q.Diagram(); len(d.Others) > 0 {
			assert.Nil(t, d.Others[0].Arrow())
			return
		}
	}
	t.Error("no fault leads along another arrow")
}
