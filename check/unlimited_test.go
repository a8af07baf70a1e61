package check

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/ask"
	"tcpclose/internal/naive"
	"tcpclose/internal/tier"
	"tcpclose/invariants"
	"tcpclose/model"
)

// checkUnlimited checks c without a capacity, and asserts that each trace is a run that
// shows what it is said to, as long as it is said to be.
func checkUnlimited(t require.TestingT, c model.Config, properties []*invariants.Property) *Report {
	r, err := Check(context.Background(), c, properties, Options{Unlimited: true})
	require.NoError(t, err)
	require.True(t, r.Result.Complete())
	for i := range r.Findings {
		f := &r.Findings[i]
		if shown := f.Verdict == Violated || f.Verdict == Reached; !shown {
			continue
		}
		require.NotNil(t, f.Trace, f.Property.Name)
		require.Empty(t, f.Reason, f.Property.Name)
		assert.Len(t, f.Trace.Events, f.Steps, f.Property.Name)
		naive.AssertReplays(t, f.Trace)
		if f.Property.Whole == nil { // of expressions there is no second reading
			naive.AssertShows(t, f.Property, f.Trace)
		}
	}
	return r
}

// smallEnough is the number of states up to which networks of growing capacities are
// explored whole. That of the configuration's own capacity always is.
func smallEnough() int { return tier.Choose(100_000, 1_000_000) }

// assertAgrees asserts what the full search of networks of growing capacities says of the
// verdicts without one. No capacity has a violation that there is not. What is violated is
// so at the capacity for which there is a run, and no run is shorter at any.
//
// shorter says which runs are shorter than those of c's own capacity, and at which. last is
// the largest capacity that was explored; 0 if a larger one has no more states, so that the
// verdicts of every capacity were found.
func assertAgrees(t require.TestingT, c model.Config, properties []*invariants.Property, r *Report) (shorter string, last uint8) {
	fewest := make([]int, len(properties))
	var own []Finding
	for states := 0; ; c.Capacity++ {
		o := Options{NoTraces: true}
		if last > 0 {
			o.Limits.States = smallEnough()
		}
		full, err := Check(context.Background(), c, properties, o)
		require.NoError(t, err)
		if last > 0 && !full.Result.Complete() {
			break
		}
		require.True(t, full.Result.Complete())
		if last == 0 {
			own = full.Findings
		}
		for i := range properties {
			f, g := &r.Findings[i], &full.Findings[i]
			name := fmt.Sprintf("%s, capacity %d", properties[i].Name, c.Capacity)
			if g.Verdict == Violated || g.Verdict == Reached {
				assert.Equal(t, f.Verdict, g.Verdict, name)
				if fewest[i] == 0 || g.Steps < fewest[i] {
					fewest[i] = g.Steps
				}
				if f.Capacity == c.Capacity {
					assert.Equal(t, f.Steps, g.Steps, name)
				}
			}
			if f.Trace == nil || f.Trace.Config.Capacity == c.Capacity {
				assert.Equal(t, f.Verdict, g.Verdict, name)
			}
		}
		if last = c.Capacity; full.Result.Distinct == states {
			last = 0
			break
		}
		states = full.Result.Distinct
		if !hasLarger(c) {
			break
		}
	}
	var list []string
	for i := range properties {
		f := &r.Findings[i]
		if f.Trace == nil || f.Capacity != 0 {
			continue
		}
		if f.Steps != own[i].Steps {
			list = append(list, fmt.Sprintf("%s %d at %d, not %d", properties[i].Name, f.Steps, f.Trace.Config.Capacity, own[i].Steps))
		}
		if at := f.Trace.Config.Capacity; last == 0 || at <= last {
			assert.Equal(t, fewest[i], f.Steps, properties[i].Name)
		} else if fewest[i] > 0 {
			assert.LessOrEqual(t, f.Steps, fewest[i], properties[i].Name)
		}
	}
	return strings.Join(list, "; "), last
}

// hasLarger reports whether there is a network like c with room for one more.
func hasLarger(c model.Config) bool {
	c.Capacity++
	return c.Validate() == nil
}

// assertUnlimited checks c without a capacity and asserts that the full search agrees.
func assertUnlimited(t *testing.T, c model.Config, properties []*invariants.Property) {
	shorter, last := assertAgrees(t, c, properties, checkUnlimited(t, c, properties))
	t.Logf("explored up to capacity %d: %s", last, shorter)
}

func everyProperty() []*invariants.Property {
	return slices.Concat(invariants.Properties, invariants.Witnesses)
}

// shorterWithRoom has the runs of presets that are shorter where there is more room than
// for two segments in each direction: the events, for how many segments, and the events
// that it takes with room for two.
var shorterWithRoom = map[string]string{
	"next": "quiet 22 at 3, not 23; quiet-fin 22 at 3, not 23; hazard-3 12 at 3, not 13; challenge 11 at 3, not 12",
}

// Presets have the verdicts that they are known for in networks of every capacity, and the
// full search agrees.
func TestUnlimited_Presets(t *testing.T) {
	for i := range Presets {
		p := &Presets[i]
		if !p.Config.Medium().Unlimited() {
			continue
		}
		t.Run(p.Name, func(t *testing.T) {
			if p.States == 0 || p.States > 50_000 {
				tier.Skip(t)
			}
			r := checkUnlimited(t, p.Config, everyProperty())
			for i := range r.Findings {
				f := &r.Findings[i]
				assert.Equal(t, p.Expects(f.Property).Verdict, f.Verdict, f.Property.Name)
			}
			t.Logf("%v in %v", r.Result, r.Time)
			shorter, last := assertAgrees(t, p.Config, everyProperty(), r)
			assert.Equal(t, shorterWithRoom[p.Name], shorter)
			t.Logf("explored up to capacity %d", last)
		})
	}
}

// unlimitedBases are small configurations, one with text, one with a slow reader, one that
// opens a second connection.
var unlimitedBases = []string{
	"a-octets=0 b-octets=0 msl=1 rto=1 r2=1",
	"a-octets=0 b-octets=1 msl=1 rto=1 r2=off",
	"a-octets=0 b-octets=0 msl=2 delay=1 rto=1 r2=1",
	"a-octets=1 b-octets=0 b-reads=slowly b-buffer=1 msl=1 rto=1 r2=1",
	"a-octets=0 b-octets=0 msl=1 rto=1 r2=1 a-fails=abort b-fails=crash delayed-ack=1",
	"a-octets=0 b-octets=0 msl=1 rto=1 r2=off reopen=1 a-isn=same b-isn=same",
}

// Alternatives of decisions have the same verdicts, and lengths, as in the full search.
func TestUnlimited_Decisions(t *testing.T) {
	tier.SkipToCI(t)
	for n, words := range unlimitedBases {
		t.Run(words, func(t *testing.T) {
			if n > 0 {
				tier.Skip(t)
			}
			base := changed(words)
			assertUnlimited(t, base, everyProperty())
			few := n == 0 && tier.Leaves(t, "three of four alternatives")
			for i, a := range alternatives() {
				c, ok := a.in(base)
				if !ok || few && i%4 > 0 {
					continue
				}
				t.Run(fmt.Sprintf("%v=%d", a.Decision, a.Choice), func(t *testing.T) { assertUnlimited(t, c, everyProperty()) })
			}
		})
	}
}

// So do seeded faults, in networks without limits, but one: the network of text-acked-twice was
// not searched in seven minutes of processor time.
func TestUnlimited_Faults(t *testing.T) {
	tier.SkipToCI(t)
	for i, f := range FaultCases {
		if f.Fault == model.TextAckedTwice {
			continue
		}
		t.Run(f.Fault.String(), func(t *testing.T) {
			if i%16 > 0 {
				tier.Skip(t)
			}
			c := f.Config
			c.Loss, c.Duplicate, c.Reorder, c.Loses = model.Unlimited, model.Unlimited, model.Unlimited, model.LosesAny
			c.Capacity, c.MSL, c.Delay = 2, 1, changed("msl=1").Delay
			c.EachEnd(func(e *model.Endpoint) { e.RTO, e.R2 = 1, 1 })
			if err := c.Validate(); err != nil {
				t.Fatal(err)
			}
			assertUnlimited(t, c, everyProperty())
		})
	}
}

// Where time leaps, and where emptiness is asked for, lengths are of a capacity, and it is
// told which.
func TestUnlimited_Lengths(t *testing.T) {
	c := changed("a-octets=0 b-octets=0 clock=leaps time-wait=40 rto=5")
	r := checkUnlimited(t, c, everyProperty())
	lengths := map[string]string{}
	for i := range r.Findings {
		f := &r.Findings[i]
		lengths[f.Property.Name] = fmt.Sprintf("%d at %d", f.Steps, f.Capacity)
	}
	assert.Equal(t, "14 at 2", lengths["agreement"])
	assert.Equal(t, "20 at 2", lengths["no-reset"])

	r = checkUnlimited(t, changed("a-octets=0 b-octets=0 b-fails=abort"), []*invariants.Property{
		named(t, "rest"), named(t, "half-closed"), named(t, "no-reset"), ask.Must("net.a.count == 0 && a.state == LAST_ACK").Never(),
	})
	for i, want := range []string{"rest 5 at 2", "half-closed 3 at 2", "no-reset 2 at 0", "never net.a.count == 0 && a.state == LAST_ACK 5 at 2"} {
		f := &r.Findings[i]
		assert.Equal(t, want, fmt.Sprintf("%s %d at %d", f.Property.Name, f.Steps, f.Capacity))
	}
}

// A search that is stopped does not go on to look at what the patterns ask of the network,
// which can take longer than itself: what was not found is unknown.
func TestUnlimited_Stopped(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	stop()
	r, err := Check(ctx, changed("a-octets=0 b-octets=0"), everyProperty(), Options{Unlimited: true})
	require.NoError(t, err)
	assert.Equal(t, []string{"interrupt"}, r.Result.Incomplete)
	for i := range r.Findings {
		if f := &r.Findings[i]; f.Verdict != NotApplicable {
			assert.Equal(t, Unknown, f.Verdict, f.Property.Name)
		}
	}
}

// A run that takes more room than any capacity has is told of without a ladder. With a box no
// capacity is above 4.
func TestUnlimited_NoRoom(t *testing.T) {
	reason := func(words string) string {
		c := changed("a-octets=0 b-octets=0 msl=1 rto=2 r2=off box=conntrack box-tick=60s capacity=4 " + words)
		r, err := Check(context.Background(), c, []*invariants.Property{ask.Must("net.a.count >= 9").Seek()}, Options{Unlimited: true})
		require.NoError(t, err)
		require.True(t, r.Result.Complete())
		assert.Equal(t, Reached, r.Findings[0].Verdict)
		assert.Nil(t, r.Findings[0].Trace)
		return r.Findings[0].Reason
	}
	assert.Equal(t, "the run takes more room than for 4 segments in each direction", reason(""))
	if !tier.Leaves(t, "where time leaps") {
		assert.Equal(t, "how short a run can be is unknown: no capacity up to 4 has one", reason("clock=leaps"))
	}
}

func named(t *testing.T, name string) *invariants.Property {
	p, err := invariants.Find(name)
	require.NoError(t, err)
	return p
}

// What cannot be decided without a capacity is refused, and it is told why.
func TestUnlimited_Refused(t *testing.T) {
	never := func(text string) *invariants.Property { return ask.Must(text).Never() }
	always := func(text string) *invariants.Property { return ask.Must(text).Always() }
	for _, of := range []struct {
		words    string
		property *invariants.Property
		options  Options
		want     string
	}{
		{words: "loss=1", want: "want loss unlimited with it, not 1"},
		{words: "duplicate=off", want: "want duplicate unlimited with it, not off"},
		{words: "reorder=2", want: "want reorder unlimited with it, not 2"},
		{words: "loses=a-fin", want: "want loses any with it, not a-fin"},
		{property: named(t, "both-closed"), want: "it is about whole runs"},
		{property: ask.Must("a.state == CLOSED").Eventually(), want: "it is about whole runs"},
		{property: never("a.snduna == b.rcvnxt"), want: "it compares parts of the system with each other"},
		{property: never("net.a.loses.fin"), want: "net.a.loses.fin is about a loss, and losses are left out"},
		{property: never("!net.a.copies.any && b.receives.any"), want: "net.a.copies.any is asked not to be: each delivery leaves a copy"},
		{property: never("net.a.count==1 && a.state==TIME_WAIT"), want: "net.a.count is counted by == or !="},
		{property: never("net.b.fin != 2"), want: "net.b.fin is counted by == or !="},
		{property: never("net.a.count in [1, 2]"), want: "net.a.count in an expression that neither"},
		{property: never("net.a.count <= 1 && a.state == CLOSED"), want: "net.a.count is counted from above"},
		{property: always("net.a.count >= 2 || a.state == CLOSED"), want: "net.a.count is counted from above"},
		{property: never("3 - net.a.count > 1"), want: "net.a.count is counted from above"},
		{property: never("net.a.spare > 0"), want: "net.a.spare: that a packet is a copy depends on what was lost"},
		{property: never("net.a.spare == 0"), want: "net.a.spare: that a packet is a copy depends on what was lost"},
		{property: never("net.a.count == 0 && net.a.fin >= 1"), want: "asks for emptiness beside packets"},
		{property: never("net.a.count == 0 && b.receives.fin"), want: "net.a.count asks for emptiness in a step"},
		{property: never("!a.sends.any && a.state == FIN_WAIT_1"), want: "it can be true when the network loses something"},
		{property: never("a.calls != CLOSE"), want: "it can be true when the network loses something"},
		{property: never("a.before == FIN_WAIT_1 && a.state == FIN_WAIT_1"), want: "it can be true when the network loses something"},
		{options: Options{Symmetry: true}, want: "want no symmetry with it"},
		{property: &invariants.Property{Name: "two", Sentence: "Two.", Source: "a test", Patterns: func(model.Config) []invariants.Pattern {
			return []invariants.Pattern{{Out: func(p []model.Packet) bool { return len(p) == 2 }}}
		}}, want: "neither grows with what is in transit nor asks for emptiness"},
	} {
		properties := []*invariants.Property{named(t, "figure-5")}
		if of.property != nil {
			properties[0] = of.property
		}
		of.options.Unlimited = true
		_, err := Check(context.Background(), changed("a-octets=0 b-octets=0 msl=1 rto=1 r2=1 "+of.words), properties, of.options)
		var refused *NeedsCapacity
		if assert.ErrorAs(t, err, &refused, of.want) {
			assert.Contains(t, refused.Why, of.want)
		}
	}
	// And what can be is not.
	for _, p := range []*invariants.Property{
		never("net.a.count >= 1 && a.state == TIME_WAIT"),
		never("net.a.count == 0 && net.b.count > 1 && a.state == TIME_WAIT"),
		never("!(net.a.fin > 0) && net.b.rst != 0"),
		always("net.a.count < 3"),
		never("net.a.copies.fin && b.state == CLOSED"),
		never("a.before == FIN_WAIT_1 && a.state == TIME_WAIT"),
		never("a.receives.fin && a.state != CLOSED"),
		never("RESET in a.follows"),
	} {
		assertUnlimited(t, changed("a-octets=0 b-octets=0 msl=1 rto=1 r2=1"), []*invariants.Property{p})
	}
}

// What is safe in docs/reuse.md is so for every capacity, and what is not has as short a run
// or a shorter one.
func TestReuse_Unlimited(t *testing.T) {
	tier.SkipToCI(t)
	for i, rule := range reuseRules {
		if i > 0 && tier.Leaves(t, rule.name) {
			continue
		}
		for n, values := range reuseValues[:len(reuseValues)-1] {
			if n != 0 && tier.Leaves(t, rule.name+", "+values) {
				continue
			}
			var properties []*invariants.Property
			for _, name := range hazards {
				properties = append(properties, property(t, name))
			}
			r, err := Check(context.Background(), naive.Parse(t, "reopen=1 "+values+" "+rule.words), properties, Options{NoTraces: true, Unlimited: true})
			require.NoError(t, err)
			require.True(t, r.Result.Complete())
			for h, f := range judgeReuse(t, rule, values, hazards...) {
				g := &r.Findings[h]
				name := fmt.Sprintf("%s, %s: %s", rule.name, values, hazards[h])
				assert.Equal(t, f.Verdict, g.Verdict, name)
				assert.LessOrEqual(t, g.Steps, f.Steps, name)
				if g.Steps < f.Steps {
					t.Logf("%s: %d events, %d at capacity 2", name, g.Steps, f.Steps)
				}
			}
		}
	}
}
