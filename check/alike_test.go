package check

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"tcpclose/box"
	"tcpclose/explore"
	"tcpclose/explore/product"
	"tcpclose/internal/naive"
	"tcpclose/internal/tier"
	"tcpclose/invariants"
	"tcpclose/model"
)

// boxTold is the property that compares what is told with a box and without it.
func boxTold(t require.TestingT) []*invariants.Property {
	p, err := invariants.Find("box-told")
	require.NoError(t, err)
	return []*invariants.Property{p}
}

// toldSlowly returns what two users can be told in the end, and after how many steps at
// least, by a search of every state. What is not an end counts where nothing can happen.
func toldSlowly(t require.TestingT, c model.Config) (told map[string]int, incomplete []string) {
	told = map[string]int{}
	leaves := false
	for _, app := range c.Apps {
		leaves = leaves || app.Parting != model.Half || app.Fails == model.FailDie
	}
	fate := func(n *naive.Node, side model.Side) (is string, final bool) {
		m := n.Records[side].Memory(nil)
		switch ended := m.Ended(); {
		case ended == invariants.Open && leaves && n.Ends[side].Orphan, ended != invariants.Open && leaves && m.Alone(), ended == invariants.Gone:
			return "nobody", true
		case ended == invariants.Open && m.EOF():
			return "waits after the end of file", false
		default:
			return ended.String(), ended != invariants.Open
		}
	}
	note := func(n naive.Node, steps int, terminal bool) {
		x, xFinal := fate(&n, model.A)
		y, yFinal := fate(&n, model.B)
		kind := x + ", " + y
		if _, known := told[kind]; !known && (terminal || xFinal && yFinal) {
			told[kind] = steps
		}
	}
	v := &naive.Search{System: naive.SystemOf(t, c), Needs: invariants.MonitorTold | invariants.MonitorAlone}
	v.State = func(n naive.Node, steps int) { note(n, steps, false) }
	v.Terminal = func(n naive.Node, steps int) { note(n, steps, true) }
	v.Run()
	return told, v.Result.Incomplete
}

// assertTold compares the verdict with that of the slow search.
func assertTold(t require.TestingT, c model.Config) Verdict {
	r, err := Check(context.Background(), c, boxTold(t), Options{})
	require.NoError(t, err)
	f := &r.Findings[0]
	hasty, err := Check(context.Background(), c, boxTold(t), Options{UntilFound: true, NoTraces: true})
	require.NoError(t, err)
	require.Equal(t, f.Verdict, hasty.Findings[0].Verdict, "%v", c)
	require.GreaterOrEqual(t, hasty.Findings[0].Steps, f.Steps)
	without := c
	without.Between = model.Between{}
	with, more := toldSlowly(t, c)
	bare, most := toldSlowly(t, without)
	least, where := -1, ""
	for i, side := range []struct {
		has, other map[string]int
		incomplete []string // the other
		says       string
	}{{with, bare, most, "with the box only"}, {bare, with, more, "without the box only"}} {
		for kind, steps := range side.has {
			_, both := side.other[kind]
			if both || len(side.incomplete) > 0 {
				continue
			}
			if least < 0 || steps < least {
				least, where = steps, side.says
			} else if steps == least && i == 1 && where != side.says {
				where = "" // either will do
			}
		}
	}
	switch {
	case least >= 0:
		require.Equal(t, Violated, f.Verdict, "%v\nwith %v\nwithout %v", c, with, bare)
		require.Equal(t, least, f.Steps)
		if where != "" {
			require.Equal(t, where, f.Reason)
		}
		require.NotNil(t, f.Trace)
		naive.AssertReplays(t, f.Trace)
		require.Len(t, f.Trace.Events, least)
		require.Equal(t, f.Reason == "with the box only", f.Trace.Config.Between.Box != nil)
	case len(more)+len(most) > 0:
		require.Equal(t, Unknown, f.Verdict, "%v", c)
	case len(with)+len(bare) == 0:
		require.Equal(t, Vacuous, f.Verdict, "%v", c)
	default:
		require.Equal(t, Holds, f.Verdict, "%v\nwith %v\nwithout %v", c, with, bare)
	}
	return f.Verdict
}

// What only one of the two can be told is found just where a slow search finds it.
func TestBoxTold_Rapid(t *testing.T) {
	tier.Draws(t, 12)
	seen := map[Verdict]int{}
	rapid.Check(t, func(t *rapid.T) {
		one := func(name string, of ...string) string { return rapid.SampledFrom(of).Draw(t, name) + " " }
		words := "a-octets=0 b-octets=0 msl=1 rto=2 r2=1 duplicate=off reorder=off capacity=4 clock=leaps " +
			"loss=" + one("loss", "off", "1") + "a-close-is=" + one("a", "half", "half", "full") + "b-close-is=" + one("b", "half", "half", "full") +
			"b-closes=" + one("closes", "any-time", "after-peer", "never") + "b-fails=" + one("fails", "no", "no", "abort", "crash") +
			"box-counted=" + one("counted", "1", "4", "12") + "box-tick=" + one("tick", "10s", "1m") +
			"box-restarts=" + one("restarts", "off", "off", "1") +
			"box=" + rapid.SampledFrom(box.Names()).Draw(t, "box")
		seen[assertTold(t, naive.Parse(t, words))]++
	})
	assert.Positive(t, seen[Violated])
	assert.Positive(t, seen[Holds])
}

// What the property says where it cannot compare, or not all.
func TestBoxTold_Limits(t *testing.T) {
	const words = "a-octets=0 b-octets=0 msl=1 rto=3 r2=2 loss=off duplicate=off reorder=off capacity=4 "
	r, err := Check(t.Context(), naive.Parse(t, words), boxTold(t), Options{})
	require.NoError(t, err)
	assert.Equal(t, []any{NotApplicable, "there is no box"}, []any{r.Findings[0].Verdict, r.Findings[0].Reason})

	c := naive.Parse(t, words+"box=rfc5382")
	r, err = Check(t.Context(), c, boxTold(t), Options{Options: product.Options{Limits: explore.Limits{Depth: 3}}})
	require.NoError(t, err)
	assert.Equal(t, []any{Unknown, "depth"}, []any{r.Findings[0].Verdict, r.Findings[0].Reason})
	assert.Equal(t, []string{"depth"}, r.Result.Incomplete)

	r, err = Check(t.Context(), c, boxTold(t), Options{Options: product.Options{Checkpoint: &product.Checkpoint{File: t.TempDir() + "/of"}}})
	require.NoError(t, err)
	assert.Equal(t, NotApplicable, r.Findings[0].Verdict)
	assert.Contains(t, r.Findings[0].Reason, "not with a checkpoint")

	// Keep-alives without end: no run comes to anything that could be compared.
	r, err = Check(t.Context(), naive.Parse(t, words+"a-closes=never b-closes=never keepalive=2 box=rfc5382"), boxTold(t), Options{})
	require.NoError(t, err)
	assert.Equal(t, Vacuous, r.Findings[0].Verdict)

	_, err = newWalk(t, c, boxTold(t))
	assert.ErrorContains(t, err, "compares all runs of two configurations")

	p := *boxTold(t)[0]
	p.Witness = true
	assert.ErrorContains(t, p.Validate(c), "want Alike without Patterns, Premise, Whole and Witness")
	p = *boxTold(t)[0]
	p.Alike = &invariants.Alike{}
	assert.ErrorContains(t, p.Validate(c), "want Other and Kinds of Alike")
}

// With conntrack an end gives up on a connection that was silent. With a NAT that forgets it
// at the second FIN both ends are never told of a normal end.
func TestBoxTold(t *testing.T) {
	for _, tt := range []struct{ words, reason string }{
		{"box=libtelio", "without the box only"},
		{"box=conntrack box-tick=30s", "with the box only"},
		{"box=rfc5382,fault=acts-first b-fails=abort b-closes=never a-closes=never", "with the box only"},
	} {
		c := naive.Parse(t, "a-octets=0 b-octets=0 msl=1 rto=3 r2=2 loss=off duplicate=off reorder=off capacity=4 "+tt.words)
		assert.Equal(t, Violated, assertTold(t, c), tt.words)
		r, err := Check(t.Context(), c, boxTold(t), Options{})
		require.NoError(t, err)
		assert.Equal(t, tt.reason, r.Findings[0].Reason, tt.words)
	}
}
