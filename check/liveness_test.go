package check

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/explore"
	"tcpclose/explore/ltl"
	"tcpclose/explore/product"
	"tcpclose/internal/naive"
	"tcpclose/internal/tier"
	"tcpclose/invariants"
	"tcpclose/model"
)

// What a writes waits twice for the window in CLOSE-WAIT.
const twoOctets = "a-octets=2 b-octets=0 b-reads=slowly b-buffer=1 r2=unlimited msl=1 rto=1 duplicate=off reorder=off"

// Configurations in which everything holds, each with the assumptions that can be
// dropped there to some effect, and the properties that then fail.
var assumed = []struct {
	words   string
	without string
	fails   string
	verdict Verdict
}{
	{"a-octets=0 b-octets=0 r2=unlimited", "", "", 0},
	{"a-octets=0 b-octets=0 r2=unlimited", "time", "both-closed fin-settled fin-wait-1-left fin-wait-2-left closing-left last-ack-left time-wait-left no-ack-war network-drains", Zeno},
	{"a-octets=0 b-octets=0 r2=unlimited", "fin", "both-closed fin-settled fin-wait-1-left fin-wait-2-left closing-left last-ack-left", Violated},
	{"a-octets=0 b-octets=0 r2=unlimited", "ack", "both-closed fin-settled fin-wait-1-left closing-left last-ack-left time-wait-left", Violated},
	{"a-octets=0 b-octets=0 r2=unlimited", "rst", "both-closed fin-settled closing-left last-ack-left", Violated},
	{"a-octets=0 b-octets=0 r2=unlimited", "text", "", Violated},
	{"a-octets=0 b-octets=0 r2=unlimited", "close", "close-wait-left", Violated},
	{"a-octets=0 b-octets=0 r2=unlimited", "read", "", Violated},
	{"a-octets=0 r2=unlimited msl=1 rto=1", "", "", 0},
	{"a-octets=0 r2=unlimited msl=1 rto=1", "text", "both-closed fin-settled fin-wait-1-left fin-wait-2-left closing-left last-ack-left", Violated},
	{"a-octets=0 r2=unlimited msl=1 rto=1", "ack", "both-closed fin-settled fin-wait-1-left fin-wait-2-left closing-left last-ack-left time-wait-left", Violated},
	{"a-octets=0 b-octets=0 r2=unlimited msl=1 rto=1 start=closed", "", "", 0},
	{"a-octets=0 b-octets=0 r2=unlimited msl=1 rto=1 start=closed", "syn", "both-closed fin-settled fin-wait-1-left", Violated},
	{"b-octets=0 b-reads=slowly b-buffer=1 r2=unlimited msl=1 rto=1", "", "", 0},
	{"b-octets=0 b-reads=slowly b-buffer=1 r2=unlimited msl=1 rto=1", "read", "both-closed fin-settled fin-wait-1-left fin-wait-2-left closing-left last-ack-left", Violated},
	{"b-octets=0 b-reads=slowly b-buffer=1 r2=unlimited msl=1 rto=1", "time", "both-closed fin-settled fin-wait-1-left fin-wait-2-left close-wait-left closing-left last-ack-left time-wait-left no-ack-war network-drains", Zeno},
	{twoOctets, "", "", 0},
	{twoOctets, "ack", "both-closed fin-settled fin-wait-1-left fin-wait-2-left close-wait-left closing-left last-ack-left time-wait-left", Violated},
	{twoOctets, "text", "both-closed fin-settled fin-wait-1-left fin-wait-2-left close-wait-left closing-left", Violated},
	{twoOctets, "read", "both-closed fin-settled fin-wait-1-left fin-wait-2-left close-wait-left closing-left last-ack-left", Violated},
	{"a-octets=0 b-octets=0 r2=unlimited keepalive=1 keepalive-probes=1 msl=1 rto=1", "", "", 0},
	{"a-octets=0 b-octets=0 r2=unlimited keepalive=1 keepalive-probes=1 msl=1 rto=1", "close", "fin-wait-2-left close-wait-left", Violated},
	{"a-octets=0 b-octets=0 r2=unlimited keepalive=1 keepalive-probes=1 msl=1 rto=1", "time", "both-closed fin-settled fin-wait-1-left fin-wait-2-left closing-left last-ack-left time-wait-left no-ack-war network-drains", Zeno},
}

// A property holds with what it assumes, and each of its assumptions is needed
// somewhere.
func TestLiveness_Assumptions(t *testing.T) {
	tier.SkipToCI(t)
	needed := map[string][]*invariants.Assumption{}
	for _, c := range assumed {
		t.Run(strings.TrimSpace(c.words+" without "+c.without), func(t *testing.T) {
			if strings.Contains(c.words, "slowly") {
				tier.Skip(t)
			}
			o := Options{}
			if c.without != "" {
				a, err := invariants.FindAssumption(c.without)
				require.NoError(t, err)
				o.Without = append(o.Without, a)
			}
			r, err := Check(context.Background(), naive.Parse(t, c.words), invariants.LivenessProperties, o)
			require.NoError(t, err)
			require.True(t, r.Result.Complete())
			var fails []string
			for i := range r.Findings {
				f := &r.Findings[i]
				assumes := f.Property.Liveness.Assumes
				if f.Verdict == Holds {
					require.Nil(t, f.Trace)
					continue
				}
				fails = append(fails, f.Property.Name)
				assert.Equal(t, c.verdict, f.Verdict, f.Property.Name)
				assert.Equal(t, o.Without, f.Dropped)
				assert.Len(t, f.Assumed, len(assumes)-1)
				assert.Contains(t, f.RuledOutBy, o.Without[0], f.Property.Name)
				assertLasso(t, f)
				needed[f.Property.Name] = append(needed[f.Property.Name], o.Without...)
			}
			assert.Equal(t, c.fails, strings.Join(fails, " "))
		})
	}
	// What is needed only if a peer crashes.
	crash := naive.Parse(t, "a-octets=0 b-octets=0 r2=unlimited b-fails=crash")
	properties := []*invariants.Property{property(t, "fin-wait-1-left")}
	r, err := Check(context.Background(), crash, properties, Options{})
	require.NoError(t, err)
	require.Equal(t, Holds, r.Findings[0].Verdict)
	r, err = Check(context.Background(), crash, properties, Options{Without: []*invariants.Assumption{invariants.RSTsArrive}})
	require.NoError(t, err)
	require.Equal(t, Violated, r.Findings[0].Verdict)
	assertLasso(t, &r.Findings[0])
	needed["fin-wait-1-left"] = append(needed["fin-wait-1-left"], invariants.RSTsArrive)

	if !tier.Large() {
		return
	}
	for _, p := range invariants.LivenessProperties {
		for _, a := range p.Liveness.Assumes {
			assert.Contains(t, needed[p.Name], a, "%s: %s", p.Name, a.Name)
		}
	}
}

// Configurations that are not as a property wants them: what fails there, with
// everything assumed that can be.
var provided = []struct{ words, fails string }{
	// Nobody gives up in vain: with a timer, or without losses.
	{"a-octets=0 b-octets=0", "both-closed fin-wait-2-left can-always-close"},
	{"a-octets=0 b-octets=0 fin-wait-2=4 fin-wait-2-timer=all", ""},
	{"a-octets=0 b-octets=0 user-timeout=5 user-timeout-runs=any-state", ""},
	{"a-octets=0 b-octets=0 loss=2 duplicate=off capacity=4 rto=3", ""},
	// Both users close.
	{"a-octets=0 b-octets=0 r2=unlimited b-closes=never", "fin-wait-2-left close-wait-left can-always-close"},
	{"a-octets=0 b-octets=0 b-closes=never keepalive=3", "fin-wait-2-left close-wait-left"},
	// The peer is there, and CLOSED answers.
	{"a-octets=0 b-octets=0 r2=unlimited b-fails=crash", "both-closed fin-wait-2-left can-always-close"},
	{"a-octets=0 b-octets=0 r2=unlimited b-fails=abort", "both-closed fin-wait-2-left can-always-close"},
	{"a-octets=0 b-octets=0 r2=unlimited closed-answer=nothing", "both-closed fin-settled closing-left last-ack-left can-always-close"},
	// TIME-WAIT ends.
	{"a-octets=0 b-octets=0 r2=unlimited closing-timer=absent", "both-closed time-wait-left can-always-close"},
	{"a-octets=0 b-octets=0 r2=unlimited time-wait-ack=answered", "both-closed time-wait-left no-ack-war"},
	{"a-octets=0 b-octets=0 r2=unlimited time-wait-restart=never", ""},
	{"a-octets=0 b-octets=0 r2=unlimited time-wait-restart=answer", ""},
	{"a-octets=0 b-octets=0 r2=unlimited time-wait-ack=answered delay=1", "both-closed fin-settled fin-wait-1-left closing-left last-ack-left time-wait-left no-ack-war"},
	{"a-octets=0 b-octets=0 r2=unlimited time-wait-ack=answered delay=1 capacity=3", "both-closed time-wait-left no-ack-war"},
	// The network does not lose all of something.
	{"a-octets=0 b-octets=0 r2=unlimited msl=1 rto=2 duplicate=off reorder=off capacity=8 loses=a-fin", "both-closed fin-settled fin-wait-1-left fin-wait-2-left closing-left last-ack-left can-always-close"},
	// A side that opens at once, closes at once and loses both FINs reads acknowledgements behind them.
	{"a-octets=0 b-octets=0 r2=unlimited msl=1 rto=1 start=closed b-opens=either b-closes=any-time", "both-closed fin-settled fin-wait-1-left can-always-close"},
	// Windows.
	{"a-octets=0 b-octets=0 r2=unlimited b-buffer=0", "both-closed fin-settled fin-wait-2-left closing-left last-ack-left can-always-close"},
	{"a-octets=0 b-octets=0 b-buffer=0", "both-closed fin-settled fin-wait-2-left closing-left last-ack-left can-always-close"},
	{"a-octets=0 b-octets=0 b-buffer=0 b-closes=never", "fin-settled fin-wait-1-left can-always-close"},
	{"a-octets=0 b-octets=0 a-buffer=0 b-buffer=0", "both-closed fin-settled fin-wait-1-left"},
	{"a-octets=0 b-octets=0 a-buffer=0 b-buffer=0 zero-window-ack=unread", ""},
	{"a-octets=0 b-octets=0 a-buffer=0 b-buffer=0 zero-window-ack=unread r2=unlimited", "both-closed fin-settled fin-wait-1-left no-ack-war can-always-close"},
}

// Whatever is assumed of runs, what a property wants of the configuration is
// wanted.
func TestLiveness_Provided(t *testing.T) {
	tier.SkipToCI(t)
	broken := map[string]bool{}
	for i, c := range provided {
		t.Run(c.words, func(t *testing.T) {
			if i%6 > 0 {
				tier.Skip(t)
			}
			r, err := Check(context.Background(), naive.Parse(t, c.words), invariants.LivenessProperties, Options{Besides: invariants.Assumptions})
			require.NoError(t, err)
			require.True(t, r.Result.Complete())
			var fails []string
			for i := range r.Findings {
				f := &r.Findings[i]
				if f.Verdict == Holds || f.Verdict == Vacuous {
					continue
				}
				fails = append(fails, f.Property.Name)
				broken[f.Property.Name] = true
				assert.Equal(t, Violated, f.Verdict, f.Property.Name)
				assert.Empty(t, f.RuledOutBy, f.Property.Name)
				assertLasso(t, f)
			}
			assert.Equal(t, c.fails, strings.Join(fails, " "))
		})
	}
	if !tier.Large() {
		return
	}
	for _, p := range invariants.LivenessProperties {
		assert.Equal(t, p.Liveness.Provided != "", broken[p.Name], p.Name)
	}
}

// Where an acknowledgement may be delayed forever, it is sent once the user closes.
func TestLiveness_DelayedForEver(t *testing.T) {
	c := naive.Parse(t, "a-octets=0 b-octets=0 r2=unlimited msl=1 rto=1 delayed-ack=unlimited")
	for _, besides := range [][]*invariants.Assumption{nil, {invariants.UsersClose}} {
		r, err := Check(context.Background(), c, invariants.LivenessProperties, Options{Besides: besides})
		require.NoError(t, err)
		var fails []string
		for i := range r.Findings {
			if f := &r.Findings[i]; f.Verdict != Holds && f.Verdict != Vacuous {
				fails = append(fails, f.Property.Name)
				assert.Equal(t, []*invariants.Assumption{invariants.UsersClose}, f.RuledOutBy)
				assertLasso(t, f)
			}
		}
		want := "fin-settled fin-wait-1-left"
		if besides != nil {
			want = ""
		}
		assert.Equal(t, want, strings.Join(fails, " "))
	}
}

// Were segments of several kinds one kind, what arrives of one would be fair to
// another: acknowledgements to a FIN, and keep-alive probes to acknowledgements.
func TestLiveness_Kinds(t *testing.T) {
	arrives := func(is func(model.Segment) bool) *invariants.Assumption {
		return &invariants.Assumption{Name: "lumped", Kind: explore.Strong, Step: invariants.StepCondition("arrives", func(s *invariants.Step) bool {
			return s.Arrived != model.Segment{} && is(s.Arrived)
		})}
	}
	for _, c := range []struct {
		words, property string
		instead         *invariants.Assumption
		of              []*invariants.Assumption
	}{
		{"a-octets=0 b-octets=0 r2=unlimited", "both-closed", arrives(func(model.Segment) bool { return true }),
			[]*invariants.Assumption{invariants.FinsArrive, invariants.AcksArrive, invariants.TextArrives, invariants.RSTsArrive}},
		{"a-octets=0 b-octets=0 r2=unlimited keepalive=1 keepalive-probes=1 msl=1 rto=1", "fin-wait-1-left", arrives(onlyAcks),
			[]*invariants.Assumption{invariants.AcksArrive}},
	} {
		p := *property(t, c.property)
		l := *p.Liveness
		l.Assumes = slices.DeleteFunc(slices.Clone(l.Assumes), func(a *invariants.Assumption) bool { return slices.Contains(c.of, a) })
		l.Assumes = append(l.Assumes, c.instead)
		p.Liveness = &l
		r, err := Check(context.Background(), naive.Parse(t, c.words), []*invariants.Property{&p}, Options{})
		require.NoError(t, err)
		require.Equal(t, Violated, r.Findings[0].Verdict, c.property)
		assertLasso(t, &r.Findings[0])
	}
}

// A segment that finds the channel full is never in transit, and delivery owes it
// nothing: where there is room for one segment, what a side sends first can keep
// what it sends next from ever leaving. Where there is room for two it cannot.
func TestLiveness_Capacity(t *testing.T) {
	for capacity, fails := range map[int]string{
		1: "both-closed fin-settled fin-wait-1-left closing-left last-ack-left",
		2: "",
		3: "",
	} {
		c := naive.Parse(t, fmt.Sprintf("a-octets=0 b-octets=0 r2=unlimited msl=2 rto=1 capacity=%d", capacity))
		r, err := Check(context.Background(), c, invariants.LivenessProperties, Options{Besides: invariants.Assumptions})
		require.NoError(t, err)
		var names []string
		for i := range r.Findings {
			if f := &r.Findings[i]; f.Verdict != Holds {
				names = append(names, f.Property.Name)
				assertLasso(t, f)
				assert.Contains(t, f.Trace.Text(0), "into a full channel: it is lost")
			}
		}
		assert.Equal(t, fails, strings.Join(names, " "), "capacity %d", capacity)
	}
}

// In TIME-WAIT, read literally, two sides that have closed at the same time answer each
// other forever while time goes on, and no fairness ends it. In the intended reading
// they do not.
func TestLiveness_AckWar(t *testing.T) {
	war := []*invariants.Property{property(t, "no-ack-war")}
	r, err := Check(context.Background(), naive.Parse(t, "a-octets=0 b-octets=0 time-wait-ack=answered"), war, Options{Besides: invariants.Assumptions})
	require.NoError(t, err)
	f := &r.Findings[0]
	require.Equal(t, Violated, f.Verdict)
	assert.Empty(t, f.RuledOutBy)
	for i := f.Trace.Loop; i < len(f.Trace.Events); i++ {
		for _, side := range model.Sides {
			assert.Equal(t, model.TimeWait, f.Trace.States[i].Ends[side].State)
		}
	}
	r, err = Check(context.Background(), naive.Parse(t, "a-octets=0 b-octets=0"), war, Options{})
	require.NoError(t, err)
	assert.Equal(t, Holds, r.Findings[0].Verdict)
}

// A challenge ACK with the number of the RST is answered by the same RST: an endless
// exchange. If segments arrive within a tick it takes no time, and the verdict says so.
func TestLiveness_RSTWar(t *testing.T) {
	const slow = "b-octets=0 a-fails=abort msl=2 rto=4 r2=2 loss=off duplicate=off reorder=1 capacity=4 delay="
	for words, want := range map[string]struct {
		verdict Verdict
		hint    bool
	}{
		slow + "2":               {Holds, false},
		slow + "2 fault=rst-war": {Violated, false},
		slow + "1 fault=rst-war": {Holds, true},
		slow + "1":               {Holds, false},
	} {
		r, err := Check(context.Background(), naive.Parse(t, words), []*invariants.Property{property(t, "no-ack-war")}, Options{})
		require.NoError(t, err)
		f := &r.Findings[0]
		assert.Equal(t, want.verdict, f.Verdict, words)
		assert.Equal(t, want.hint, strings.Contains(f.Reason, "-without time shows it"), words)
		if f.Verdict == Violated {
			assert.NotContains(t, f.RuledOutBy, invariants.TimePasses)
			assertLasso(t, f)
		}
	}
}

// The small presets have the verdicts that they are known for.
func TestPresets_Liveness(t *testing.T) {
	tier.SkipToCI(t)
	large := []string{"default", "reordering", "withheld-ack", "open", "b-never-closes", "safe-time-wait", "literal", "slow-reader", "half-close", "dying-process", "orphan", "next", "next-safe", "next-may-2"}
	for _, p := range UsualPresets() { // the graph of the other has 500 million steps
		t.Run(p.Name, func(t *testing.T) {
			if slices.Contains(large, p.Name) {
				tier.Skip(t)
			}
			r, err := Check(context.Background(), p.Config, invariants.LivenessProperties, Options{})
			require.NoError(t, err)
			for i := range r.Findings {
				f := &r.Findings[i]
				want := p.Expects(f.Property)
				assert.Equal(t, want.Verdict, f.Verdict, "%s: %s", f.Property.Name, want.Why)
				if f.Verdict == Violated {
					assertLasso(t, f)
				}
			}
		})
	}
}

// Properties of both kinds can be checked together, and then see the same states.
func TestCheck_BothKinds(t *testing.T) {
	c := naive.Parse(t, "a-octets=0 b-octets=0 msl=2 rto=1 r2=1")
	both := []*invariants.Property{property(t, "both-closed"), property(t, "told"), property(t, "time-wait-left")}
	r, err := Check(context.Background(), c, both, Options{})
	require.NoError(t, err)
	for i := range both {
		alone, err := Check(context.Background(), c, both[i:i+1], Options{})
		require.NoError(t, err)
		assert.Equal(t, alone.Findings[0].Verdict, r.Findings[i].Verdict)
		assert.LessOrEqual(t, alone.Result.Distinct, r.Result.Distinct)
		assert.Equal(t, both[i].Liveness == nil, alone.Remembers)
	}
	assert.True(t, r.Remembers)
}

// What was not looked at is unknown, and a run that was found stands.
func TestCheck_LivenessUnknown(t *testing.T) {
	c := naive.Parse(t, "a-octets=0 b-octets=0 time-wait-ack=answered")
	o := Options{Options: product.Options{Limits: explore.Limits{Depth: 10}}}
	r, err := Check(context.Background(), c, invariants.LivenessProperties, o)
	require.NoError(t, err)
	got := map[Verdict]int{}
	for i := range r.Findings {
		f := &r.Findings[i]
		got[f.Verdict]++
		if f.Verdict == Unknown {
			assert.Equal(t, "depth", f.Reason)
			assert.Nil(t, f.Trace)
		} else {
			assertLasso(t, f)
		}
	}
	assert.Equal(t, Violated, r.Findings[7].Verdict)
	assert.Equal(t, len(invariants.LivenessProperties), got[Violated]+got[Unknown])

	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	r, err = Check(ctx, c, invariants.LivenessProperties, Options{})
	require.NoError(t, err)
	for _, f := range r.Findings {
		assert.Equal(t, Unknown, f.Verdict, f.Property.Name)
	}
	require.False(t, r.Result.Complete())
}

// What can be reached is asked of either side, unless it is the same for both.
func TestCheck_ReachableSides(t *testing.T) {
	closes := &invariants.Condition{Name: "self is in FIN-WAIT-2", Pattern: invariants.Pattern{
		Kind: explore.States, Self: func(e *invariants.End) bool { return e.State == model.FinWait2 || e.State == model.Closed },
	}}
	// a always comes to one of them; b, which never closes, to none.
	c := naive.Parse(t, "a-octets=0 b-octets=0 msl=1 rto=2 r2=unlimited b-closes=never")
	reachable := func(joint bool) *invariants.Property {
		return &invariants.Property{Name: "mine", Liveness: &invariants.Liveness{Reachable: closes, Joint: joint}}
	}
	r := check(t, c, []*invariants.Property{reachable(true)}, Options{})
	assert.Equal(t, Holds, r.Findings[0].Verdict)
	r = check(t, c, []*invariants.Property{reachable(false)}, Options{})
	assert.Equal(t, Violated, r.Findings[0].Verdict)
	require.NotNil(t, r.Findings[0].Trace)
}

// Assumptions of one's own are assumed; what cannot be is an error.
func TestCheck_Besides(t *testing.T) {
	c := naive.Parse(t, "a-octets=0 b-octets=0 msl=1 rto=2 r2=unlimited")
	p := []*invariants.Property{property(t, "both-closed")}
	acks := &invariants.Assumption{Name: "mine", Kind: explore.Strong, Step: invariants.StepCondition("an ACK arrives", func(s *invariants.Step) bool {
		return onlyAcks(s.Arrived) && s.Arrived.Seq >= s.From.RcvNxt
	})}
	r := check(t, c, p, Options{Without: []*invariants.Assumption{invariants.AcksArrive}})
	require.Equal(t, Violated, r.Findings[0].Verdict)
	r = check(t, c, p, Options{Without: []*invariants.Assumption{invariants.AcksArrive}, Besides: []*invariants.Assumption{acks}})
	assert.Equal(t, Holds, r.Findings[0].Verdict)
	assert.Contains(t, r.Findings[0].Assumed, acks)
	for want, a := range map[string]*invariants.Assumption{
		"assumption nil: want an assumption":                               nil,
		"assumption mine: Step: want a condition of steps, of either side": {Name: "mine"},
	} {
		_, err := Check(t.Context(), c, p, Options{Besides: []*invariants.Assumption{a}})
		assert.EqualError(t, err, want)
	}
}

// More conditions than one graph can show are spread over several.
func TestCheck_ManyConditions(t *testing.T) {
	var many []*invariants.Property
	for range 3 * invariants.MostConditions {
		c := &invariants.Condition{Name: "TIME-WAIT", Pattern: invariants.Pattern{Kind: explore.States, Self: func(e *invariants.End) bool { return e.State == model.TimeWait }}}
		many = append(many, &invariants.Property{Name: "many", Liveness: &invariants.Liveness{
			Formula:  func(self, _ invariants.View) ltl.Formula { return ltl.LeadsTo(self(c), ltl.Not(self(c))) },
			Assumes:  []*invariants.Assumption{invariants.TimePasses},
			Occasion: c,
		}})
	}
	r, err := Check(context.Background(), naive.Parse(t, "a-octets=0 b-octets=0 msl=2 rto=1 r2=1"), many, Options{})
	require.NoError(t, err)
	for _, f := range r.Findings {
		assert.Equal(t, Holds, f.Verdict)
	}
}

// assertLasso asserts, by way of the model alone, that the trace of a finding is a
// run, that it repeats itself forever, that it is as assumed, and not as what
// would rule it out, and that the property is false of it.
func assertLasso(t require.TestingT, f *Finding) {
	trace, l := f.Trace, f.Property.Liveness
	require.NotNil(t, trace, f.Property.Name)
	naive.AssertReplays(t, trace)
	require.Equal(t, len(trace.Events), f.Steps)
	v := &naive.Search{System: naive.SystemOf(t, trace.Config)}
	last := trace.States[len(trace.Events)]
	if l.Formula == nil {
		require.Equal(t, -1, trace.Loop)
		assert.False(t, canReach(v, last, l.Reachable), "%s: it can be reached", f.Property.Name)
		return
	}
	require.Equal(t, trace.States[trace.Loop], last, "it does not loop")
	require.Equal(t, trace.Rests(), len(v.System.Actions(nil, last)) == 0, "it rests where it should not, or the reverse")
	// What is taken in the loop, and enabled in some and in all of its states.
	var edges [][]naive.Edge
	var taken []naive.Edge
	for i := trace.Loop; i < len(trace.Events); i++ {
		n := naive.Node{State: trace.States[i]}
		var out []naive.Edge
		for _, a := range v.System.Actions(nil, n.State) {
			o, ok := v.System.Step(n.State, a)
			require.True(t, ok)
			out = append(out, v.Follow(n, a, o))
		}
		edges = append(edges, out)
		taken = append(taken, v.Follow(n, trace.Events[i].Action, trace.Events[i].Outcome))
	}
	fair := func(a *invariants.Assumption) bool {
		for _, side := range model.Sides {
			is := func(e naive.Edge) bool { return e.Matches(&a.Step.Pattern, side) }
			some, all := false, true
			for i, out := range edges {
				enabled := slices.ContainsFunc(out, is)
				if len(a.Where) > 0 && !alwaysLost(&trace.Config, a, side) {
					n := naive.Node{State: trace.States[trace.Loop+i]}
					enabled = slices.ContainsFunc(a.Where, func(c *invariants.Condition) bool { return n.Matches(&c.Pattern, side) })
				}
				some, all = some || enabled, all && enabled
			}
			demanded := map[explore.FairnessKind]bool{explore.Weak: all, explore.Strong: some, explore.Unconditional: true}[a.Kind]
			if demanded && !trace.Rests() && !slices.ContainsFunc(taken, is) && !(a.Once && side == model.B) {
				return false
			}
		}
		return true
	}
	var unfair []*invariants.Assumption
	for _, a := range invariants.Assumptions {
		if !fair(a) {
			unfair = append(unfair, a)
		}
	}
	assert.Equal(t, unfair, f.RuledOutBy, f.Property.Name)
	for _, a := range f.Assumed {
		assert.NotContains(t, unfair, a, f.Property.Name)
	}
	assert.Equal(t, f.Verdict == Zeno, slices.Contains(unfair, invariants.TimePasses), f.Property.Name)
	// What the formula is about goes on forever, or never comes.
	all := func(c *invariants.Condition, side model.Side) bool {
		for _, s := range trace.States[trace.Loop:] {
			if n := (naive.Node{State: s}); !n.Matches(&c.Pattern, side) {
				return false
			}
		}
		return true
	}
	some := func(c *invariants.Condition, side model.Side) bool {
		if c.Kind == explore.Steps {
			return slices.ContainsFunc(taken, func(e naive.Edge) bool { return e.Matches(&c.Pattern, side) })
		}
		return slices.ContainsFunc(trace.States[trace.Loop:], func(s model.State) bool {
			n := naive.Node{State: s}
			return n.Matches(&c.Pattern, side)
		})
	}
	fails := false
	switch f.Property.Name {
	case "both-closed":
		fails = all(seenBothLeft, model.A) && !some(seenBothGone, model.A)
	case "no-ack-war":
		both := func(c *invariants.Condition) bool { return some(c, model.A) && some(c, model.B) }
		either := func(c *invariants.Condition) bool { return some(c, model.A) || some(c, model.B) }
		fails = both(seenEmptyForEmpty) && !either(seenKeepsAlive) || both(seenAnswersOld) && !either(seenTimerSends)
	case "network-drains":
		fails = all(seenBothGone, model.A) && !all(seenDrained, model.A)
	default:
		fails = all(l.Occasion, model.A) || !l.Joint && all(l.Occasion, model.B)
	}
	assert.True(t, fails, "%s is true of the run:\n%v", f.Property.Name, trace)
}

// What properties of whole runs are about, said once more.
var (
	seenBothLeft      = ofBoth(func(e *invariants.End) bool { return e.CloseCalled() || e.State == model.Closed })
	seenBothGone      = ofBoth(func(e *invariants.End) bool { return e.State == model.Closed })
	seenDrained       = &invariants.Condition{Pattern: invariants.Pattern{Kind: explore.States, Out: nothing, In: nothing}}
	seenEmptyForEmpty = &invariants.Condition{Pattern: invariants.Pattern{Kind: explore.Steps, Step: func(s *invariants.Step) bool {
		empty := func(g model.Segment) bool { return onlyAcks(g) || g.Ctl.Has(model.RST) && g.SpaceLen() == 0 }
		return empty(s.Arrived) && empty(s.Effect.Sent)
	}}}
	seenAnswersOld = &invariants.Condition{Pattern: invariants.Pattern{Kind: explore.Steps, Step: func(s *invariants.Step) bool {
		return s.Kind == model.Deliveries && s.Arrived.Seq+s.Arrived.SpaceLen() <= s.From.RcvNxt && s.Effect.Sent != model.Segment{}
	}}}
	seenTimerSends = &invariants.Condition{Pattern: invariants.Pattern{Kind: explore.Steps, Step: func(s *invariants.Step) bool {
		return s.Kind == model.Timeouts && s.Effect.Sent != model.Segment{}
	}}}
	seenKeepsAlive = &invariants.Condition{Pattern: invariants.Pattern{Kind: explore.Steps, Step: func(s *invariants.Step) bool { return s.Kind == model.Timeouts && s.Timeout == model.KeepAlive }}}
)

func ofBoth(is func(*invariants.End) bool) *invariants.Condition {
	return &invariants.Condition{Pattern: invariants.Pattern{Kind: explore.States, Self: is, Peer: is}}
}

func nothing(packets []model.Packet) bool { return len(packets) == 0 }

// alwaysLost reports whether the network loses without exception of what self waits for.
func alwaysLost(c *model.Config, a *invariants.Assumption, self model.Side) bool {
	return c.Loss == model.Unlimited && c.Loses != model.LosesAny && a.Lost[self.Peer()] == c.Loses
}

func onlyAcks(g model.Segment) bool { return g.Ctl == model.ACK && g.Len == 0 }

// canReach reports whether c can be reached from s.
func canReach(v *naive.Search, s model.State, c *invariants.Condition) bool {
	met := map[model.State]bool{s: true}
	for todo := []model.State{s}; len(todo) > 0; {
		n := naive.Node{State: todo[0]}
		todo = todo[1:]
		if n.Matches(&c.Pattern, model.A) || n.Matches(&c.Pattern, model.B) {
			return true
		}
		for _, a := range v.System.Actions(nil, n.State) {
			if o, _ := v.System.Step(n.State, a); !met[o.To] {
				met[o.To] = true
				todo = append(todo, o.To)
			}
		}
	}
	return false
}

func ExampleCheck_liveness() {
	c, err := model.ParseConfig("a-octets=0 b-octets=0 r2=unlimited time-wait-ack=answered")
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := Check(context.Background(), c, invariants.LivenessProperties, Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range r.Findings {
		if f.Verdict == Violated {
			fmt.Println(f.Property.Name, "assuming", len(f.Assumed), "things: after", f.Trace.Loop, "events", len(f.Trace.Events)-f.Trace.Loop, "repeat")
		}
	}
	// Output:
	// both-closed assuming 7 things: after 6 events 5 repeat
	// time-wait-left assuming 2 things: after 6 events 5 repeat
	// no-ack-war assuming 1 things: after 6 events 3 repeat
}

// Two connections on one pair of ports may answer each other forever, if nobody
// gives up: the tables of what does not come to an end, by what guards the next
// connection. Where numbers grow nothing of the kind happens.
func TestLiveness_OldAndNew(t *testing.T) {
	tier.SkipToCI(t)
	const always = "a-octets=0 b-octets=0 reopen=1 msl=1 rto=1 r2=unlimited "
	for words, fails := range map[string]string{
		"a-isn=same b-isn=same":                                                "time-wait-left no-ack-war",
		"a-isn=same b-isn=same time-wait-rst=ignored":                          "time-wait-left",
		"a-isn=same b-isn=same time-wait-rst=ignored time-wait-restart=answer": "time-wait-left",
		"b-isn=same time-wait-rst=ignored time-wait-restart=answer":            "no-ack-war",
		"": "",
		"time-wait-rst=ignored time-wait-restart=answer":                                         "",
		"time-wait-rst=ignored time-wait-restart=answer time-wait-reuse=may-2":                   "",
		"a-isn=same b-isn=same time-wait-rst=ignored time-wait-restart=answer r2=1":              "",
		"a-isn=same b-isn=same time-wait-rst=ignored time-wait-restart=answer start=closed r2=1": "",
	} {
		t.Run(words, func(t *testing.T) {
			c := always + words
			if strings.Contains(words, "r2=") {
				c = strings.Replace(c, "r2=unlimited ", "", 1)
			}
			r, err := Check(context.Background(), naive.Parse(t, c), []*invariants.Property{property(t, "time-wait-left"), property(t, "no-ack-war")}, Options{})
			require.NoError(t, err)
			require.True(t, r.Result.Complete())
			var names []string
			for i := range r.Findings {
				if f := &r.Findings[i]; f.Verdict != Holds {
					assert.Equal(t, Violated, f.Verdict)
					names = append(names, f.Property.Name)
					assertLasso(t, f)
				}
			}
			assert.Equal(t, fails, strings.Join(names, " "))
		})
	}
}
