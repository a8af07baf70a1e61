package drive

import (
	"context"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/model"
	"tcpclose/stacks/adapter"
	"tcpclose/stacks/own"
	"tcpclose/stacks/schedule"
	"tcpclose/stacks/wire"
)

func player(t testing.TB, c model.Config) *Player {
	t.Helper()
	a, err := own.New(c, own.Tick)
	require.NoError(t, err)
	return &Player{Host: InProcess(a)}
}

func TestMeasure(t *testing.T) {
	p := player(t, own.Default())
	timing, err := p.Measure(4 * time.Hour)
	require.NoError(t, err)
	for i, s := range timing.Series {
		assert.Equalf(t, time.Second, s.Again[0], "series %d", i)
		assert.Equalf(t, 3*time.Second, s.Again[1], "series %d", i)
		assert.InDeltaf(t, 183, s.Ends.Seconds(), 1, "series %d", i)
	}
	assert.InDelta(t, 240, timing.TimeWait.Seconds(), 1)
	assert.Zero(t, timing.FinWait2)
	assert.Zero(t, timing.HalfFinWait2)
	assert.Zero(t, timing.Probed)
	assert.False(t, timing.KeepAlive)
	assert.NotEmpty(t, timing.Probes.Again)
	// No wait ends where a timer fires.
	for w := schedule.Settle; w < schedule.NumWaits; w++ {
		d := timing.Of(w)
		assert.Positivef(t, d, "%s", w)
		assert.NotEqualf(t, timing.TimeWait, d, "%s", w)
		for _, s := range timing.Series {
			assert.NotContainsf(t, s.Again, d, "%s", w)
		}
	}
}

// Each place is reached on the model itself.
func TestPlayer_Places(t *testing.T) {
	c := own.Default()
	c.EachEnd(func(e *model.Endpoint) { e.FinWait2 = 600 })
	p := player(t, c)
	p.Timing = timingOf(c)
	routes, err := schedule.Routes(context.Background())
	require.NoError(t, err)
	for _, r := range routes {
		if len(r.Schedule) == 0 {
			continue
		}
		_, results, err := p.Play(r.Schedule)
		require.NoError(t, err)
		last := results[len(results)-1]
		assert.Emptyf(t, last.Err, "place %s", r.Place.Name)
		assert.Equalf(t, r.Place.State.String(), last.State, "place %s: %s", r.Place.Name, p.events)
	}
}

// A wait does not end at a deadline.
func TestPlayer_Clear(t *testing.T) {
	p := player(t, own.Default())
	p.Timing.Series[OfFIN].Again = []time.Duration{time.Second * 2 / 3} // one and a half of it is the RTO
	_, results, err := p.Play(with(opened, shut, schedule.Pass(schedule.Retransmit)))
	require.NoError(t, err)
	assert.Len(t, results[len(results)-1].Emitted, 1)
	assert.Greater(t, results[len(results)-1].Now, time.Second)
}

func TestCampaign_Limits(t *testing.T) {
	c := own.Default()
	c.EachEnd(func(e *model.Endpoint) { e.GiveUp, e.RTOMax = 500, 0 })
	p := player(t, c)
	var err error
	p.Timing, err = p.Measure(4 * time.Hour)
	require.NoError(t, err)
	o, err := NewObserver(RulesOf(p.Timing, p.Host.Caps()))
	require.NoError(t, err)
	campaign := NewCampaign(p, o)
	require.NoError(t, campaign.Limits())
	var names []string
	for _, d := range Sorted(campaign.Deviations) {
		names = append(names, d.Strength.String()+" "+d.Rule)
		assert.LessOrEqual(t, d.Length(), 10)
	}
	assert.Equal(t, []string{
		"MUST gives-up-early: SYN", "MUST no-back-off: SYN", "MUST gives-up-early: SYN,ACK", "MUST no-back-off: SYN,ACK",
		"MUST no-back-off: FIN", "MUST no-back-off: text", "SHOULD gives-up-early: FIN", "SHOULD gives-up-early: text",
	}, names)
}

// Two ends of the model, over a network that loses, copies and reorders, come to
// their end, and neither deviates.
func TestCampaign_Both(t *testing.T) {
	h := hidden(t, own.Default(), 0)
	peer, err := own.New(own.Default(), own.Tick)
	require.NoError(t, err)
	require.NoError(t, h.Both(context.Background(), InProcess(peer), 0, 200))
	assert.Zero(t, h.Between)
	for _, d := range h.Deviations {
		t.Errorf("%s: %s", d.Rule, d.Events)
	}
}

// A FIN that is never sent again is a connection that never ends; few acts show it.
func TestCampaign_Hang(t *testing.T) {
	c := own.Default()
	c.Fault = model.NoRetransmitInFinWait1
	h := hidden(t, c, 0)
	peer, err := own.New(own.Default(), own.Tick)
	require.NoError(t, err)
	require.NoError(t, h.Both(context.Background(), InProcess(peer), 0, 200))
	d := h.Deviations["hang: FIN-WAIT-1"]
	require.NotNil(t, d)
	assert.Less(t, d.Length(), 16)
}

func TestWaivers(t *testing.T) {
	list, err := ParseWaivers("# accepted\n\nCLOSING, FIN: silence | RFC 9293, 3.10.7.4, first | since 2020\nhang: * | | slow\nnever | | x\n")
	require.NoError(t, err)
	require.Len(t, list, 3)
	first := &Deviation{Rule: "CLOSING, FIN: silence", Clause: "RFC 9293, 3.10.7.4, first"}
	other := &Deviation{Rule: "CLOSING, FIN: silence", Clause: "RFC 9293, 3.10.7.4, fifth"}
	hang := &Deviation{Rule: "hang: LISTEN"}
	idle := Waive([]*Deviation{first, other, hang}, list)
	assert.Equal(t, "since 2020", first.Waived)
	assert.Empty(t, other.Waived)
	assert.Equal(t, "slow", hang.Waived)
	assert.Equal(t, []Waiver{list[2]}, idle)
	for rule, want := range map[string]bool{"CLOSING, *: silence": true, "*: silence": true, "*, FIN*": true, "*FIN*FIN*": false, "CLOSING": false, "*RST": false} {
		assert.Equalf(t, want, Waiver{Rule: rule}.accepts(first), "%s", rule)
	}
	for _, bad := range []string{"rule", "rule | clause", " | clause | reason", "rule | clause | "} {
		_, err := ParseWaivers(bad)
		assert.Errorf(t, err, "%q", bad)
	}
}

func TestPacketdrill(t *testing.T) {
	p := player(t, own.Default())
	p.Timing = timingOf(own.Default())
	events, results, err := p.Play(schedule.Schedule{
		schedule.Open(false), schedule.In(schedule.Segment{Ctl: wire.SYN}), acked, schedule.Call(adapter.Send, 1), acked, shut,
		schedule.Pass(schedule.Retransmit), finned, schedule.Call(adapter.Receive, 9),
	})
	require.NoError(t, err)
	var b strings.Builder
	require.NoError(t, Packetdrill(&b, events, results, "a title\nof two lines", "something else"))
	assert.Equal(t, `// a title
// of two lines
--tolerance_usecs=100000

+0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
+0 setsockopt(3, SOL_SOCKET, SO_REUSEADDR, [1], 4) = 0
+0 bind(3, ..., ...) = 0
+0 listen(3, 8) = 0
+0 < S 0:0(0) win 65535 <mss 1460>
+0 > S. 0:0(0) ack 1 win 65535 <...>
+0 < . 1:1(0) ack 1 win 65535
+0 accept(3, ..., ...) = 4
+0 write(4, ..., 1) = 1
+0 > . 1:2(1) ack 1 win 65535
+0 < . 1:1(0) ack 2 win 65535
+0 shutdown(4, SHUT_WR) = 0
+0 > F. 2:2(0) ack 1 win 65535
+1 > F. 2:2(0) ack 1 win 65535
+0.5 < F. 1:1(0) ack 3 win 65535
+0 > . 3:3(0) ack 2 win 65535
// Expected after the next event: something else
+0 read(4, ..., 9) = 0
`, b.String())
}

func TestWriteProfile(t *testing.T) {
	a, err := own.New(own.Default(), own.Tick)
	require.NoError(t, err)
	r, err := Bench(context.Background(), InProcess(a), nil, Plan{Walks: 300}, nil, nil)
	require.NoError(t, err)
	var b strings.Builder
	require.NoError(t, r.WriteProfile(&b))
	assert.Contains(t, b.String(), "tcpclose profile 1\n# own 0, as seen in 300 runs")
	assert.Contains(t, b.String(), "rto                1s ")
	assert.Contains(t, b.String(), "rst-check          exact ")
	assert.Empty(t, r.New())
	played, all := r.Campaign.Covered()
	assert.Less(t, played, all)
	assert.Len(t, r.Campaign.FreeBSD(), 88)
	for _, line := range r.Campaign.Matrix() {
		assert.LessOrEqual(t, len(line), 78)
	}
	checkEvidence(t, a, r, b.String())
}

// The profile of a stack that sends no FIN again says so, and for how long.
func TestWriteProfile_NothingAgain(t *testing.T) {
	r := &Report{Timing: Timing{Waited: 40 * time.Minute}, Campaign: &Campaign{}}
	r.Profile.Options = model.AllOptions()
	var b strings.Builder
	require.NoError(t, r.WriteProfile(&b))
	assert.Contains(t, b.String(), "rto                2400s         # no FIN was sent again, as long as was waited\n")
	assert.Contains(t, b.String(), "r2                 unlimited ")
}

// checkEvidence plays the runs that a profile names again: with the decisions that were
// learned, and the alternative that a run is said to have excluded, it is not possible.
func checkEvidence(t *testing.T, a adapter.Adapter, r *Report, text string) {
	shown := 0
	for _, m := range regexp.MustCompile(`(?m)^# (\S+), not (\S+): (.*)$`).FindAllStringSubmatch(text, -1) {
		given, err := ParseGiven([]string{m[1] + "=" + m[2]})
		require.NoError(t, err)
		events, err := adapter.ParseSchedule(m[3])
		if err != nil {
			continue // a run of both ends, or one that is too long
		}
		rules := RulesOf(r.Timing, r.Caps)
		rules.Options = r.Profile.Options
		for d := range given {
			if given[d] != model.AllOptions()[d] {
				rules.Options[d] = given[d]
			}
		}
		o, err := NewObserver(rules)
		require.NoError(t, err)
		results, err := adapter.Run(a, adapter.Setup{}, events)
		require.NoError(t, err)
		_, deviates := o.first(runOf(events, results))
		assert.True(t, deviates, "%s", m[0])
		shown++
	}
	assert.Greater(t, shown, 3)
}

func TestFailing(t *testing.T) {
	assert.Equal(t, "it broke", failing("call send 1: panic: it broke"))
	assert.Equal(t, `Assertion "a: b" failed`, failing(`panic: the stack has ended (signal: aborted): the stack says "Assertion \"a: b\" failed": want told`))
}

// The waivers of the bench's stacks can be read, and each has a reason of its own
// finding.
func TestWaivers_Files(t *testing.T) {
	for _, stack := range []string{"gvisor", "lneto", "lwip", "libslirp", "linux-6.1", "linux-6.12", "kernel", "own"} {
		text, err := os.ReadFile("../" + stack + "/waivers.txt")
		require.NoError(t, err)
		list, err := ParseWaivers(string(text))
		require.NoError(t, err)
		seen := map[string]bool{}
		for _, w := range list {
			assert.Falsef(t, seen[w.Rule], "%s: two waivers of %s", stack, w.Rule)
			assert.NotContainsf(t, w.Rule, "*", "%s: a waiver that accepts what is new", stack)
			seen[w.Rule] = true
		}
		assert.Equal(t, stack == "own", len(list) == 0)
	}
}

// Where time is real a schedule ends before a wait that takes minutes.
func TestCampaign_Patience(t *testing.T) {
	c := NewCampaign(player(t, own.Default()), nil)
	s := schedule.Schedule{schedule.Open(true), schedule.Pass(schedule.Settle), schedule.Pass(schedule.TimeWait), schedule.Open(true)}
	assert.Equal(t, s, c.cut(s))
	c.Patience = 5 * time.Second
	assert.Equal(t, s[:2], c.cut(s))
}

// What shrinking plays ahead is not what was played ahead before.
func TestPlayer_Apart(t *testing.T) {
	p := &Player{ahead: map[string][][]adapter.Result{"before": {nil}}}
	back := p.apart()
	assert.Empty(t, p.ahead)
	p.ahead = map[string][][]adapter.Result{"meanwhile": {nil}}
	back()
	assert.Equal(t, map[string][][]adapter.Result{"before": {nil}}, p.ahead)
}

func TestThin(t *testing.T) {
	list := []int{0, 1, 2, 3, 4, 5, 6}
	assert.Equal(t, list, thin(list, 0))
	assert.Equal(t, list, thin(list, 1))
	assert.Equal(t, []int{0, 3, 6}, thin(list, 3))
	assert.Equal(t, []int{0}, thin(list, 9))
}

// Of each state and each column one pair in so many is left, and at least one.
func TestThinPairs(t *testing.T) {
	routes := []schedule.Route{{Place: schedule.Place{State: model.Closed}}}
	for _, s := range []model.ConnState{model.SynSent, model.Established, model.Established, model.TimeWait} {
		routes = append(routes, schedule.Route{Place: schedule.Place{State: s}, Schedule: schedule.Schedule{schedule.Open(true)}})
	}
	type cell struct {
		state model.ConnState
		flag  schedule.Flag
	}
	count := func(list []schedule.Pair) map[cell]int {
		n := map[cell]int{}
		for _, p := range list {
			n[cell{p.Route.Place.State, schedule.Kinds[p.Kind].Flag}]++
		}
		return n
	}
	all := schedule.Pairs(routes, 0)
	assert.Equal(t, all, thinPairs(all, 0))
	assert.Equal(t, all, thinPairs(all, 1))
	for _, every := range []int{2, 7, 40, 10_000} {
		few := count(thinPairs(all, every))
		assert.Len(t, few, 4*int(schedule.NumFlags))
		for c, n := range count(all) {
			assert.Equal(t, (n+every-1)/every, few[c], "%s, %s, every %d", c.state, c.flag, every)
		}
	}
}
