package ask

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"tcpclose/check"
	"tcpclose/internal/naive"
	"tcpclose/internal/tier"
	"tcpclose/invariants"
	"tcpclose/model"
)

// bySlow returns p as it is checked on whole states.
func bySlow(p *invariants.Property) *invariants.Property {
	slow, is := *p, *p.Whole
	is.Classes = nil
	slow.Whole = &is
	slow.Patterns = func(model.Config) []invariants.Pattern { return nil }
	return &slow
}

// A search that ends as soon as it has found something has noted only a part of the
// classes; the answer is that of the whole states all the same.
func TestClasses_UntilFound(t *testing.T) {
	tier.SkipToCI(t)
	c := naive.Parse(t, naive.Tiny)
	draw := rapid.Custom(func(t *rapid.T) string {
		one := func(name string, list ...string) string { return rapid.SampledFrom(list).Draw(t, name) }
		terms := []string{"rtx", "rto", "wait", "snduna", "rcvnxt"}
		return "a." + one("of a", terms...) + one("comparison", " > ", " == ", " < ") + "b." + one("of b", terms...) +
			one("offset", " + 1", " - 1", " + 200", " - 199", "") +
			one("and", "", " && a.state == CLOSING", " && net.a.count == 1", " && b.receives.fin", " && a.ended != OPEN")
	})
	var fast, slow []*invariants.Property
	for i := range tier.Choose(30, 100) {
		p := Must(draw.Example(i)).Seek()
		fast, slow = append(fast, p), append(slow, bySlow(p))
	}
	want, err := check.Check(t.Context(), c, slow, check.Options{})
	require.NoError(t, err)
	reached := 0
	for i, p := range fast {
		have, err := check.Check(t.Context(), c, []*invariants.Property{p}, check.Options{UntilFound: true})
		require.NoError(t, err)
		f, s := &have.Findings[0], &want.Findings[i]
		assert.Equal(t, s.Verdict, f.Verdict, p.Name)
		assert.Equal(t, s.Steps, f.Steps, p.Name)
		assert.Equal(t, s.Trace, f.Trace, p.Name)
		assert.Zero(t, have.Whole, p.Name)
		if f.Verdict == check.Reached {
			reached++
		}
	}
	assert.Greater(t, reached, len(fast)/4)
	assert.Less(t, reached, len(fast))
}

// Where too few states were looked at to note the classes, the table does not answer.
func TestClasses_Unnoted(t *testing.T) {
	y := naive.SystemOf(t, naive.Parse(t, naive.Tiny))
	q := Must("a.rtx > b.rtx")
	c := q.newClasses(true)
	init := y.Init()
	for _, side := range model.Sides {
		c.End(side, &invariants.Step{From: init.Ends[side], To: init.Ends[side]}, false)
	}
	where, unnoted, ok := c.Patterns(10)
	require.True(t, ok)
	assert.Empty(t, where, "no counter is above zero yet")
	require.Len(t, unnoted, 2)
	later := init.Ends[model.A]
	later.Rtx = 1
	at := &invariants.Step{From: later, To: later}
	assert.True(t, unnoted[0].Parts.End(model.A, at, false))
	assert.False(t, unnoted[0].Parts.End(model.A, &invariants.Step{To: init.Ends[model.A]}, false))
	assert.True(t, unnoted[0].Parts.End(model.B, at, false), "it is about a")
}

// A question that reads a monitor that it did not ask for is asked again with it.
func TestClasses_Undeclared(t *testing.T) {
	c := naive.Parse(t, naive.Tiny+"b-fails=abort")
	p := Must("a.ended == RESET && a.rtx >= b.rtx").Never()
	declared, err := check.Check(t.Context(), c, []*invariants.Property{p}, check.Options{})
	require.NoError(t, err)
	require.Equal(t, check.Violated, declared.Findings[0].Verdict)
	p.Whole.Needs = invariants.NoMonitors
	not, err := check.Check(t.Context(), c, []*invariants.Property{p}, check.Options{})
	require.NoError(t, err)
	assert.Equal(t, declared.Findings[0].Trace, not.Findings[0].Trace)
	assert.Zero(t, not.Whole)
}
