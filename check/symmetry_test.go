package check

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"tcpclose/ask"
	"tcpclose/explore"
	"tcpclose/explore/product"
	"tcpclose/internal/naive"
	"tcpclose/internal/tier"
	"tcpclose/invariants"
	"tcpclose/model"
)

// By symmetry, a preset has the verdicts and traces that it has without, and nearly
// half the states.
func TestSymmetry_Presets(t *testing.T) {
	judged := 0
	for _, p := range UsualPresets() {
		if Asymmetry(p.Config, nil) != "" {
			continue
		}
		judged++
		t.Run(p.Name, func(t *testing.T) {
			if p.Name != "no-data" && p.Name != "delayed-ack" {
				tier.Skip(t)
			}
			properties := slices.Concat(invariants.Properties, invariants.Witnesses)
			full, err := Check(context.Background(), p.Config, properties, Options{})
			require.NoError(t, err)
			counts := []int{2}
			if full.Result.Distinct < 1e5 {
				counts = []int{1, 2, 4}
			}
			for _, workers := range counts {
				r, err := Check(context.Background(), p.Config, properties, Options{Symmetry: true, Options: product.Options{Workers: workers}})
				require.NoError(t, err)
				require.Equal(t, full.Findings, r.Findings, "%d workers", workers)
				assert.Equal(t, full.Result.Depth, r.Result.Depth)
				assert.True(t, r.Result.Complete())
				assert.GreaterOrEqual(t, 2*r.Result.Distinct, full.Result.Distinct)
				assert.Less(t, 1.9*float64(r.Result.Distinct), float64(full.Result.Distinct))
			}
		})
	}
	assert.GreaterOrEqual(t, judged, 5, "symmetric presets")
}

// symmetricConfig returns a small configuration in which both ends are alike.
func symmetricConfig() *rapid.Generator[model.Config] {
	return rapid.Custom(func(t *rapid.T) model.Config {
		c := naive.AnyConfig().Draw(t, "config")
		c.Apps[model.B], c.Ends[model.B] = c.Apps[model.A], c.Ends[model.A]
		c.Loses = model.LosesAny
		if rapid.IntRange(0, 3).Draw(t, "opens") == 0 {
			c.Start, c.Reopen = model.StartClosed, uint8(rapid.IntRange(0, 1).Draw(t, "reopen"))
			for side := range c.Apps {
				c.Apps[side].Opens = model.OpensEither
			}
		}
		c.Fault = model.Fault(rapid.IntRange(0, int(model.NumFaults)-1).Draw(t, "fault"))
		c.Faulty = model.BothFaulty
		require.NoError(t, c.Validate())
		require.Empty(t, Asymmetry(c, nil))
		return c
	})
}

// mirrored returns s with a and b in each other's place.
func mirrored(s model.State) model.State {
	s.Ends[model.A], s.Ends[model.B] = s.Ends[model.B], s.Ends[model.A]
	s.Nets[model.A], s.Nets[model.B] = s.Nets[model.B], s.Nets[model.A]
	return s
}

func nodeMirrored(n naive.Node) naive.Node {
	n.State = mirrored(n.State)
	n.Records[model.A], n.Records[model.B] = n.Records[model.B], n.Records[model.A]
	return n
}

// Where there is no asymmetry the steps of the model from a state are those from its
// image, with a and b in each other's place.
func TestSymmetry_Model(t *testing.T) {
	tier.Draws(t, 30)
	rapid.Check(t, func(t *rapid.T) {
		c := symmetricConfig().Draw(t, "config")
		y := naive.SystemOf(t, c)
		type sight struct {
			to       model.State
			kind     model.Kind
			overflow bool
			effect   string
		}
		steps := func(s model.State, turn func(model.State) model.State) map[sight]int {
			all := map[sight]int{}
			y.Outcomes(s, func(a model.Action, o *model.Outcome) {
				at := sight{kind: a.Kind, overflow: o.Overflow}
				if !o.Overflow {
					at.to, at.effect = turn(o.To), fmt.Sprint(o.Effect, a.Call, a.Timeout, a.Packet, o.Toll)
				}
				all[at]++
			})
			return all
		}
		same := func(s model.State) model.State { return s }
		(&naive.Search{System: y, Limit: 5, State: func(n naive.Node, _ int) {
			require.Equal(t, steps(n.State, same), steps(mirrored(n.State), mirrored))
		}}).Run()
	})
}

// The search keeps as many states as there are orbits, and finds what the full one
// finds: with all patterns, and what they remember.
func TestSymmetry_Rapid(t *testing.T) {
	properties := slices.Concat(invariants.Properties, invariants.Witnesses)
	const enough = 10
	found := 0
	tier.Draws(t, 20)
	tier.CheckUntil(t, func() bool { return found > enough }, func(t *rapid.T) {
		c := symmetricConfig().Draw(t, "config")
		limits := explore.Limits{Depth: rapid.IntRange(1, tier.Choose(3, 6)).Draw(t, "limit")}
		v := &naive.Search{System: naive.SystemOf(t, c), Limit: limits.Depth}
		for _, p := range properties {
			if p.Applies != nil && p.Applies(c) != "" {
				continue
			}
			for _, pat := range p.Patterns(c) {
				v.Needs |= pat.Needs
			}
			if p.Premise != nil {
				for _, pat := range p.Premise(c) {
					v.Needs |= pat.Needs
				}
			}
		}
		v.Run()
		orbits := 0
		for n := range v.Distance {
			_, both := v.Distance[nodeMirrored(n)]
			require.True(t, both)
			if n == nodeMirrored(n) {
				orbits++
			}
		}
		orbits += (len(v.Distance) - orbits) / 2
		full, err := Check(context.Background(), c, properties, Options{Options: product.Options{Limits: limits}})
		require.NoError(t, err)
		require.Equal(t, v.Result.Distinct, full.Result.Distinct)
		workers := rapid.SampledFrom([]int{1, 2, 4}).Draw(t, "workers")
		r, err := Check(context.Background(), c, properties, Options{Symmetry: true, Options: product.Options{Limits: limits, Workers: workers}})
		require.NoError(t, err)
		require.Equal(t, orbits, r.Result.Distinct)
		require.Equal(t, full.Result.Depth, r.Result.Depth)
		require.Equal(t, full.Result.Incomplete, r.Result.Incomplete)
		require.Equal(t, full.Findings, r.Findings)
		for _, f := range full.Findings {
			if f.Trace != nil {
				found++
			}
		}
	})
	assert.Greater(t, found, enough, "traces")
}

// Whatever a and b differ in is an asymmetry, but not how they would open a connection
// where none is opened.
func TestAsymmetry(t *testing.T) {
	for _, begin := range []string{"", "start=closed a-opens=either b-opens=either", "reopen=1 a-opens=either b-opens=either"} {
		base, err := model.ParseConfig(begin)
		require.NoError(t, err)
		require.Empty(t, Asymmetry(base, invariants.Properties))
		differ := 0
		for _, f := range model.Fields {
			if f.Scope != model.OfEnd || f.Side != model.A {
				continue
			}
			name := f.Base
			any := false
			for _, value := range append(strings.Split(f.Values, ", "), "0", "2", "1") {
				c := base
				if f.Set(&c, value) != nil || c == base || c.Validate() != nil {
					continue
				}
				any = true
				why := Asymmetry(c, nil)
				if begin == "" && (name == "opens" || name == "isn") {
					assert.Empty(t, why, f.Name)
				} else {
					assert.Contains(t, why, fmt.Sprintf("a-%s=%s, b-%s=%s: ", name, f.Get(c), name, f.Get(base)))
				}
			}
			if any {
				differ++
			}
		}
		assert.GreaterOrEqual(t, differ, 55, "fields that can differ")
	}
	for words, want := range map[string]string{
		"stray=<SEQ=101><ACK=300><DATA=1><CTL=ACK>": "stray=<SEQ=101><ACK=300><DATA=1><CTL=ACK>: want what is the same for a and b",
		"loses=a-fin":                         "loses=a-fin: want what is the same for a and b",
		"fault=fin-wait-2-reused faulty=b":    "faulty=b: want what is the same for a and b",
		"fault=fin-wait-2-reused faulty=both": "",
		"faulty=a":                            "",
	} {
		c, err := model.ParseConfig(words)
		require.NoError(t, err)
		assert.Equal(t, want, Asymmetry(c, invariants.Properties))
	}
	c := model.Default()
	assert.Equal(t, "always a.state != CLOSED: an expression names a and b: want none", Asymmetry(c, []*invariants.Property{ask.Must("a.state != CLOSED").Always()}))
	byParts := &invariants.Property{Name: "mine", Patterns: func(model.Config) []invariants.Pattern { return ask.Must("a.state == CLOSED").Cases(true) }}
	assert.Equal(t, "mine: an expression names a and b: want none", Asymmetry(c, []*invariants.Property{byParts}))
	oneSide := &invariants.Property{Name: "mine", Patterns: func(model.Config) []invariants.Pattern {
		return []invariants.Pattern{{Kind: explore.States, Only: []model.Side{model.A}, Self: func(e *invariants.End) bool { return e.State == model.CloseWait }}}
	}}
	assert.Equal(t, "mine: a pattern names one side: want none", Asymmetry(c, []*invariants.Property{oneSide}))
	assert.Contains(t, Asymmetry(c, invariants.LivenessProperties[:1]), "a question about whole runs: want none")
	_, err := Check(context.Background(), c, invariants.LivenessProperties[:1], Options{Symmetry: true})
	assert.ErrorContains(t, err, "symmetry: "+invariants.LivenessProperties[0].Name)
}
