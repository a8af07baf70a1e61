package survey

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/ask"
	"tcpclose/check"
	"tcpclose/explore"
	"tcpclose/explore/product"
	"tcpclose/internal/naive"
	"tcpclose/internal/tier"
	"tcpclose/invariants"
	"tcpclose/model"
	"tcpclose/trace"
)

// A margin is where the verdict turns when the network is limited to so many
// faults of a kind: the slow way, bound after bound.
func TestMargins_AgainstBounds(t *testing.T) {
	tier.SkipToCI(t)
	names := []string{"time-wait-unbroken", "no-reset", "agreement", "rest", "told", "time-wait-2msl"}
	for _, words := range []string{"a-octets=0 b-octets=0 msl=1 rto=2 r2=1", "a-octets=0 b-octets=0 msl=2 rto=2 r2=1 delay=1 time-wait=2"} {
		c := naive.Parse(t, words+" capacity=2")
		var list []*invariants.Property
		for _, n := range names {
			p, err := invariants.Find(n)
			require.NoError(t, err)
			list = append(list, p)
		}
		r, err := Margins(context.Background(), c, list, product.Options{})
		require.NoError(t, err)
		require.True(t, r.Result.Complete())
		for i := range r.Margins {
			m := &r.Margins[i]
			for f, at := range []*model.Limit{&c.Loss, &c.Duplicate, &c.Reorder} {
				for n := range 4 {
					*at = model.Limit(n)
					bounded, err := check.Check(context.Background(), c, []*invariants.Property{m.Property}, check.Options{NoTraces: true})
					require.NoError(t, err)
					want := m.Verdict == check.Violated && n >= m.Least[f]
					// What has no room cannot be paid for where losses are limited: a bound.
					if bounded.Findings[0].Verdict != check.Unknown {
						assert.Equal(t, want, bounded.Findings[0].Verdict == check.Violated, "%s: %s, %s %d", words, m.Property.Name, trace.NetFault(f), n)
					}
				}
				*at = model.Unlimited
			}
			if m.Verdict == check.Violated {
				require.Equal(t, m.Total, sum(m.Trace.NetFaults()), m.Property.Name)
				for f, n := range m.Least {
					assert.LessOrEqual(t, n, m.Trace.NetFaults()[f])
				}
				naive.AssertShows(t, m.Property, m.Trace)
			}
		}
	}
}

func sum(faults [trace.NumNetFaults]int) (n int) {
	for _, k := range faults {
		n += k
	}
	return n
}

// Two generals: where nothing is slow, one is left in the dark by as many faults
// as there are tries.
func TestMargins_TwoGenerals(t *testing.T) {
	for r2 := range 3 {
		c := naive.Parse(t, "a-octets=0 b-octets=0 delay=1 duplicate=off reorder=off time-wait=9msl")
		c.EachEnd(func(e *model.Endpoint) { e.R2 = model.Limit(r2) })
		p, err := invariants.Find("agreement")
		require.NoError(t, err)
		r, err := Margins(context.Background(), c, []*invariants.Property{p}, product.Options{})
		require.NoError(t, err)
		require.Equal(t, check.Violated, r.Margins[0].Verdict)
		assert.Equal(t, r2+1, r.Margins[0].Least[trace.Loss], "r2=%d", r2)
	}
}

func TestMargins_Refused(t *testing.T) {
	c := naive.Parse(t, naive.Tiny+"loss=1")
	_, err := Margins(context.Background(), c, nil, product.Options{})
	assert.EqualError(t, err, "a margin counts what the network does: want loss, duplicate and reorder unlimited or off")
	_, err = Margins(context.Background(), model.Config{}, nil, product.Options{})
	assert.Error(t, err)

	// What was not explored is not known, and what was found may be beaten.
	p, err := invariants.Find("agreement")
	require.NoError(t, err)
	r, err := Margins(context.Background(), naive.Parse(t, naive.Tiny), []*invariants.Property{p}, product.Options{Limits: explore.Limits{Depth: 3}})
	require.NoError(t, err)
	assert.Equal(t, check.Unknown, r.Margins[0].Verdict)
	r, err = Margins(context.Background(), naive.Parse(t, naive.Tiny), []*invariants.Property{p}, product.Options{Limits: explore.Limits{Depth: 11}})
	require.NoError(t, err)
	assert.Equal(t, check.Violated, r.Margins[0].Verdict)
	assert.True(t, r.Margins[0].AtMost)
}

// What has no margin is refused; a property that does not say what it reads has one.
func TestMargins_Properties(t *testing.T) {
	c := naive.Parse(t, naive.Tiny)
	for want, p := range map[string]*invariants.Property{
		"property nil: want a property":                                                                            nil,
		"property mine: says nothing: want Patterns, Whole or Liveness":                                            {Name: "mine"},
		"property time-wait-left: is about whole runs: of that no margin is counted":                               property(t, "time-wait-left"),
		"property never a.rtx > b.rtx: compares parts of the system with each other: of that no margin is counted": ask.Must("a.rtx > b.rtx").Never(),
	} {
		_, err := Margins(context.Background(), c, []*invariants.Property{p}, product.Options{})
		assert.EqualError(t, err, want)
	}
	agreement := property(t, "agreement")
	bare := *agreement
	bare.Patterns = func(c model.Config) []invariants.Pattern {
		list := agreement.Patterns(c)
		list[0].Needs = invariants.NoMonitors
		return list
	}
	want, err := Margins(context.Background(), c, []*invariants.Property{agreement}, product.Options{})
	require.NoError(t, err)
	got, err := Margins(context.Background(), c, []*invariants.Property{&bare}, product.Options{})
	require.NoError(t, err)
	assert.Equal(t, want.Margins[0].Total, got.Margins[0].Total)
	assert.Equal(t, want.Margins[0].Least, got.Margins[0].Least)
	assert.Equal(t, check.Violated, got.Margins[0].Verdict)
}

func property(t *testing.T, name string) *invariants.Property {
	p, err := invariants.Find(name)
	require.NoError(t, err)
	return p
}

const marginsFile = "../docs/margins.md"

// docs/margins.md is made of what the explorer finds:
//
//	go test ./survey -run TestMargins_Docs -rewrite
func TestMargins_Docs(t *testing.T) {
	tier.SkipToCI(t)
	margin := func(c model.Config, names ...string) *MarginReport {
		var list []*invariants.Property
		for _, n := range names {
			p, err := invariants.Find(n)
			require.NoError(t, err)
			list = append(list, p)
		}
		r, err := Margins(context.Background(), c, list, product.Options{})
		require.NoError(t, err)
		require.True(t, r.Result.Complete())
		return r
	}
	var b strings.Builder
	b.WriteString(`# Margins: the least that the network has to do

These tables give the number of losses, duplications and overtakings needed to violate a property:
together, and of each kind when the others are free. They come from a cheapest path through all
runs, not from trying one bound after another. Expiry and lack of room count as losses. 0 means that
no fault is needed: a slow network, or a user's call, is enough. Exploration makes the tables:
` + "`go test ./survey -run TestMargins_Docs -rewrite`" + `, for the larger presets with
` + "`TCPCLOSE_LARGE=1`" + `. ` + "`tcpclose margin`" + ` shows the margins of any configuration, with a trace.

## The two generals, by R2

` + "`agreement`" + ` in the preset no-data: the number of faults after which one application is told of a
normal end and the other is not. In the second column every segment arrives at once or never,
nothing is duplicated or reordered, and TIME-WAIT outlasts every retransmission
(` + "`delay=1 duplicate=off reorder=off time-wait=9msl`" + `).

| R2 | any network, together | no delay, losses |
|---|---|---|
`)
	old, err := os.ReadFile(marginsFile)
	require.NoError(t, err)
	keep := func(first string) {
		for line := range strings.Lines(string(old)) {
			if strings.HasPrefix(line, "| "+first+" |") {
				b.WriteString(line)
			}
		}
	}
	for r2 := range 4 {
		if r2 > 0 && tier.Leaves(t, fmt.Sprintf("R2 %d", r2)) {
			keep(fmt.Sprint(r2))
			continue
		}
		any := naive.Parse(t, "a-octets=0 b-octets=0")
		prompt := naive.Parse(t, "a-octets=0 b-octets=0 delay=1 duplicate=off reorder=off time-wait=9msl")
		for _, c := range []*model.Config{&any, &prompt} {
			c.EachEnd(func(e *model.Endpoint) { e.R2 = model.Limit(r2) })
		}
		fmt.Fprintf(&b, "| %d | %d | %d |\n", r2, margin(any, "agreement").Margins[0].Total, margin(prompt, "agreement").Margins[0].Least[trace.Loss])
	}
	b.WriteString(`
## What presets expect to be violated

The nine presets below violate every property that any preset without a next connection is expected
to violate, except those that only the literal reading and safe-time-wait violate. For the other
presets a network that counts has many millions of states; ` + "`tcpclose margin -preset literal`" + ` takes
minutes.

| preset | property | together | losses | duplications | overtakings |
|---|---|---|---|---|---|
`)
	small := []string{"shut-window", "keep-alive"}
	for _, name := range []string{"no-data", "reordering", "shut-window", "abort", "keep-alive", "delayed-ack", "user-timeout", "crash", "b-never-closes"} {
		p, err := check.FindPreset(name)
		require.NoError(t, err)
		if !slices.Contains(small, name) && tier.Leaves(t, name) {
			keep(name)
			continue
		}
		var names []string
		for _, prop := range invariants.Properties {
			if p.Expects(prop).Verdict == check.Violated {
				names = append(names, prop.Name)
			}
		}
		if names == nil {
			continue
		}
		r := margin(p.Config, names...)
		for i := range r.Margins {
			m := &r.Margins[i]
			require.Equal(t, check.Violated, m.Verdict)
			fmt.Fprintf(&b, "| %s | %s | %d | %d | %d | %d |\n", p.Name, m.Property.Name, m.Total, m.Least[trace.Loss], m.Least[trace.Duplication], m.Least[trace.Overtaking])
		}
	}
	if *rewrite {
		require.NoError(t, os.WriteFile(marginsFile, []byte(b.String()), 0o644))
		return
	}
	assert.Equal(t, string(old), b.String(), "%s is stale: 'go test ./survey -run TestMargins_Docs -rewrite' renews it", marginsFile)
}
