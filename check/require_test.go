package check_test

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"tcpclose/ask"
	"tcpclose/check"
	"tcpclose/explore"
	"tcpclose/internal/tier"
	"tcpclose/invariants"
	"tcpclose/model"
)

// noted is a test that keeps what it is told.
type noted struct{ logs, errors []string }

func (n *noted) Helper() {}

func (n *noted) Logf(format string, args ...any) {
	n.logs = append(n.logs, fmt.Sprintf(format, args...))
}

func (n *noted) Errorf(format string, args ...any) {
	n.errors = append(n.errors, fmt.Sprintf(format, args...))
}

func ExampleCheck_ask() {
	q, err := ask.Parse("b.calls == CLOSE && a.state == FIN-WAIT-2")
	if err != nil {
		fmt.Println(err)
		return
	}
	c := check.Presets[1].Config
	r, err := check.Check(context.Background(), c, []*invariants.Property{q.Seek()}, check.Options{UntilFound: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s\n%s", r.Findings[0].Verdict, r.Findings[0].Trace)
	_, err = ask.Parse("a.state = CLOSED")
	fmt.Println(err)
	// Output:
	// reached
	//     # time a                                                        b
	//          0 ESTABLISHED  |                                         | ESTABLISHED
	//     1      FIN-WAIT-1   |(CLOSE)                                  |
	//     2                   |---> <SEQ=100><ACK=300><CTL=FIN,ACK> --->| CLOSE-WAIT
	//                         |                        told: end of file|
	//     3      FIN-WAIT-2   |<--- <SEQ=300><ACK=101><CTL=ACK>     <---|
	//                         |told: closed                             |
	//     4                   |                                  (CLOSE)| LAST-ACK
	//                         |.... <SEQ=300><ACK=101><CTL=FIN,ACK> <-3-|
	// expression "a.state = CLOSED", column 9: = compares nothing: want ==
}

// A test fails for what is violated, unreachable or unknown, and not for what is
// vacuous or does not apply.
func TestRequire(t *testing.T) {
	c := check.Presets[1].Config // without data
	require.Equal(t, "no-data", check.Presets[1].Name)
	find := func(name string) *invariants.Property {
		p, err := invariants.Find(name)
		require.NoError(t, err)
		return p
	}
	n := &noted{}
	assert.False(t, check.Require(n, c, find("told"), find("no-reset"), find("hole"), find("delivered"), find("challenge"), find("note-2")))
	require.Len(t, n.errors, 2)
	assert.Contains(t, n.errors[0], "no-reset: violated in 13 events")
	assert.Contains(t, n.errors[0], "|---> <SEQ=101><CTL=RST>              --->| CLOSED")
	assert.Equal(t, "challenge: unreachable", n.errors[1])
	assert.Equal(t, []string{"hole: vacuous", "delivered: not applicable: nobody writes anything"}, n.logs)

	ctx, cancel := context.WithTimeout(t.Context(), time.Nanosecond)
	defer cancel()
	n = &noted{}
	assert.False(t, check.RequireWithin(ctx, n, c, check.Options{}, find("told"), ask.Must("a.rtx > b.rtx + 9").Never()))
	assert.Equal(t, []string{"told: unknown: timeout", "never a.rtx > b.rtx + 9: unknown: timeout"}, n.errors)

	n = &noted{}
	c.MSL = 0
	assert.False(t, check.Require(n, c, find("told")))
	assert.Len(t, n.errors, 1)
}

// What cannot be checked fails the test, and says what is wanted.
func TestRequire_Refuses(t *testing.T) {
	c, err := model.ParseConfig("a-octets=0 b-octets=0 msl=2 rto=1 r2=1")
	require.NoError(t, err)
	first := func(int) int { return 0 }
	left, err := invariants.Find("time-wait-left")
	require.NoError(t, err)
	both, err := invariants.Find("simultaneous-close")
	require.NoError(t, err)
	empty := &invariants.Property{Name: "mine"}
	apart := ask.Must("a.rtx == b.rtx").Eventually()
	require.ErrorContains(t, apart.Err, `expression "a.rtx == b.rtx": compares parts of the system with each other`)
	for _, test := range []struct {
		require, walk string
		properties    []*invariants.Property
	}{
		{"no properties: want one at least", "no properties: want one at least", nil},
		{"property nil: want a property", "property nil: want a property", []*invariants.Property{nil}},
		{"property mine: says nothing: want Patterns, Whole or Liveness", "property mine: says nothing: want Patterns, Whole or Liveness", []*invariants.Property{empty}},
		{"", "property time-wait-left: is about whole runs, of which a walk sees a part: want Require", []*invariants.Property{left}},
		{"", "property simultaneous-close: a witness, which a walk that does not meet it does not refute: want Require", []*invariants.Property{both}},
		{apart.Err.Error(), apart.Err.Error(), []*invariants.Property{apart}},
		{"a question nil, or empty: want one that Parse or Must has read", "a question nil, or empty: want one that Parse or Must has read",
			[]*invariants.Property{ask.Must("a.state == CLOSED").LeadsTo(nil)}},
		{"a question nil, or empty: want one that Parse or Must has read", "a question nil, or empty: want one that Parse or Must has read",
			[]*invariants.Property{new(ask.Question).Never()}},
	} {
		n := &noted{}
		passes := check.Require(n, c, test.properties...)
		if assert.Equal(t, test.require == "", passes); !passes {
			assert.Equal(t, []string{test.require}, n.errors)
		}
		n = &noted{}
		assert.Nil(t, check.Walk(n, first, c, 10, test.properties...))
		assert.Equal(t, []string{test.walk}, n.errors)
	}
}

// A walk needs somebody who picks one of the steps that there are.
func TestWalk_Pick(t *testing.T) {
	c, err := model.ParseConfig("a-octets=0 b-octets=0 msl=2 rto=1 r2=1")
	require.NoError(t, err)
	never := ask.Must("a.state == LISTEN").Never()
	n := &noted{}
	check.Walk(n, nil, c, 10, never)
	assert.Equal(t, []string{"pick nil: want a function"}, n.errors)
	n = &noted{}
	check.Walk(n, func(n int) int { return n }, c, 10, never)
	require.Len(t, n.errors, 1)
	assert.Regexp(t, `^pick\((\d+)\) is \d+: want 0 to \d+$`, n.errors[0])
}

// Questions about whole runs compose like others.
func TestRequire_Runs(t *testing.T) {
	c, err := model.ParseConfig("a-octets=0 b-octets=0 msl=2 rto=1 r2=unlimited")
	require.NoError(t, err)
	check.Require(t, c,
		ask.Must("a.state == CLOSED").Eventually(),
		ask.Must("a.state == FIN-WAIT-1").LeadsTo(ask.Must("a.state != FIN-WAIT-1")))
	n := &noted{}
	assert.False(t, check.Require(n, c, ask.Must("a.state == LISTEN").Eventually()))
	require.Len(t, n.errors, 1)
	assert.Contains(t, n.errors[0], "eventually a.state == LISTEN: violated in ")
	assert.Contains(t, n.errors[0], ".\n    # time a ")
}

// A preset is required with what it expects; what is otherwise fails.
func TestRequirePreset(t *testing.T) {
	check.RequirePreset(t, "no-data")
	n := &noted{}
	assert.True(t, check.RequirePreset(n, "no-data"))
	assert.Empty(t, n.errors)
	assert.Empty(t, n.logs)
	// One's own is expected to hold, or to be reached.
	assert.True(t, check.RequirePreset(n, "no-data", ask.Must("a.state == LISTEN").Never(), ask.Must("a.state == CLOSING").Seek()))
	assert.False(t, check.RequirePreset(n, "no-data", ask.Must("a.state == CLOSING").Never(), ask.Must("a.state == LISTEN").Seek()))
	require.Len(t, n.errors, 2)
	assert.Contains(t, n.errors[0], "preset no-data expects holds: never a.state == CLOSING: violated in 3 events: This should be true nowhere.\n    # time a ")
	assert.Equal(t, "preset no-data expects reached: a.state == LISTEN: unreachable", n.errors[1])
	n = &noted{}
	assert.False(t, check.RequirePreset(n, "no-such"))
	assert.Equal(t, []string{`preset "no-such": no such preset`}, n.errors)
}

// A walk remembers whatever a property reads, whether or not it says so.
func TestWalk_Undeclared(t *testing.T) {
	c, err := model.ParseConfig("a-octets=0 b-octets=0 b-fails=abort")
	require.NoError(t, err)
	random := rand.New(rand.NewPCG(3, 4))
	reset := &invariants.Property{Name: "mine", Patterns: func(model.Config) []invariants.Pattern {
		return []invariants.Pattern{{Kind: explore.States, Self: func(e *invariants.End) bool { return e.Ended() == invariants.Reset }}}
	}}
	n := &noted{}
	for walks := 0; walks < 1000 && len(n.errors) == 0; walks++ {
		check.Walk(n, random.IntN, c, 30, reset)
	}
	require.Len(t, n.errors, 1)
	assert.Contains(t, n.errors[0], "told: reset")
}

// steps draws steps.
func steps(t *rapid.T) func(int) int {
	return func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "step") }
}

// A configuration that nobody explores: what always holds is not violated.
func TestWalk(t *testing.T) {
	c, err := model.ParseConfig("a-octets=7 b-octets=7 msl=30 rto=7 r2=5 capacity=8 a-reads=slowly b-buffer=3")
	require.NoError(t, err)
	var holding []*invariants.Property
	for _, p := range invariants.Properties {
		if check.Presets[0].Expects(p).Verdict == check.Holds {
			holding = append(holding, p)
		}
	}
	require.Greater(t, len(holding), 15)
	rapid.Check(t, func(t *rapid.T) { check.Walk(t, steps(t), c, 300, holding...) })
}

// Walks find what exploring finds: patterns of states, of steps and of where a run
// ends, with and without memory; and nothing where all is well.
func TestWalkFinds(t *testing.T) {
	preset := &check.Presets[1]
	random := rand.New(rand.NewPCG(1, 2))
	var holding []*invariants.Property
	for _, p := range invariants.Properties {
		if preset.Expects(p).Verdict != check.Violated {
			holding = append(holding, p)
		}
	}
	n := &noted{}
	for range 100 {
		check.Walk(n, random.IntN, preset.Config, 60, holding...)
	}
	assert.Empty(t, n.errors)
	for _, name := range []string{"no-reset", "time-wait-unbroken", "rest", "agreement"} {
		p, err := invariants.Find(name)
		require.NoError(t, err)
		for walks := 0; walks < 3000 && len(n.errors) == 0; walks++ {
			check.Walk(n, random.IntN, preset.Config, 60, p)
		}
		require.Len(t, n.errors, 1, name)
		assert.Contains(t, n.errors[0], name+": violated by this run: ")
		n.errors = nil
	}
}

// What a walk finds, rapid shortens: that two endpoints never close at once is
// refuted by a run of few events.
func TestWalkShrinks(t *testing.T) {
	tier.SkipToCI(t)
	c, err := model.ParseConfig("a-octets=3 b-octets=3 msl=9 rto=4 r2=5 capacity=8")
	require.NoError(t, err)
	never := ask.Must("a.state == CLOSING && b.state in [CLOSING, TIME-WAIT]").Never()
	var lengths []int
	n := &noted{}
	walk := func(t *rapid.T) {
		n = &noted{}
		trace := check.Walk(n, steps(t), c, 200, never)
		if len(n.errors) > 0 {
			lengths = append(lengths, len(trace.Events))
			t.Fatalf("%s", n.errors[0])
		}
	}
	require.NoError(t, flag.Set("rapid.nofailfile", "true")) // it is to fail
	require.NoError(t, flag.Set("rapid.seed", "1"))
	defer func() {
		require.NoError(t, flag.Set("rapid.nofailfile", "false"))
		require.NoError(t, flag.Set("rapid.seed", "0"))
	}()
	failed := &quiet{TB: t}
	func() {
		defer func() { _ = recover() }()
		rapid.Check(failed, walk)
	}()
	require.True(t, failed.failed)
	r, err := check.Check(t.Context(), c, []*invariants.Property{never}, check.Options{UntilFound: true})
	require.NoError(t, err)
	// How far rapid comes is a matter of luck and time.
	best := slices.Min(lengths)
	t.Logf("%d events, at first %d; the shortest run has %d", best, lengths[0], r.Findings[0].Steps)
	assert.GreaterOrEqual(t, best, r.Findings[0].Steps)
	assert.Less(t, best, lengths[0])
	assert.Equal(t, 1, strings.Count(n.errors[0], "0 ESTABLISHED  |"))
}

// quiet is a test whose failing is not one.
type quiet struct {
	testing.TB
	failed bool
}

func (q *quiet) Errorf(string, ...any) { q.failed = true }
func (q *quiet) Fatalf(string, ...any) { q.failed = true; panic("failed") }
func (q *quiet) Error(...any)          { q.failed = true }
func (q *quiet) Fail()                 { q.failed = true }
func (q *quiet) FailNow()              { q.failed = true; panic("failed") }
func (q *quiet) Failed() bool          { return q.failed }
