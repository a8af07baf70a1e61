package observe

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/internal/tier"
	"tcpclose/model"
	"tcpclose/stacks/own"
)

// An inflation replaces the numbers and times of a run by larger ones in the same
// order: an octet by several, a tick by a longer one.
type inflation struct {
	snd, rcv [256]int32 // by the numbers of the run, from -2 on
	time     func(time.Duration) time.Duration
}

func inflated(list *[256]int32, n int32) int32 {
	if n == wide {
		return wide
	}
	return list[n+2]
}

// stretch returns a map of numbers that keeps the units apart by one, and replaces
// each other by a run of up to most numbers.
func stretch(random *rand.Rand, units map[int32]bool, most int) (list [256]int32) {
	list[0], list[1] = -2, -1
	for i := 2; i < len(list); i++ {
		list[i] = list[i-1] + 1
		if n := int32(i) - 3; n > 0 && !units[n] {
			list[i] += int32(random.IntN(most))
		}
	}
	return list
}

// units returns the numbers of both ends that stand for themselves: a SYN, a FIN, and what
// is sent with the number before, or as a single octet, since that may be a probe.
func units(run Run) (snd, rcv map[int32]bool) {
	snd, rcv = map[int32]bool{}, map[int32]bool{}
	for _, e := range run.Events {
		g := e.Segment
		if g.Ctl.Has(model.FIN) {
			map[Kind]map[int32]bool{Sends: snd, Arrives: rcv}[e.Kind][int32(g.Seq+g.SpaceLen()-1)] = true
		}
		if g.Ctl.Has(model.SYN) {
			map[Kind]map[int32]bool{Sends: snd, Arrives: rcv}[e.Kind][int32(g.Seq)] = true
		}
		if e.Kind == Sends && g.Len <= 1 {
			snd[int32(g.Seq)] = true
		}
	}
	return snd, rcv
}

// segment returns g, which is sent with the numbers of one end and acknowledges those
// of the other.
func (f *inflation) segment(g Segment, seq, ack *[256]int32) Segment {
	text := g.Seq
	if g.Ctl.Has(model.SYN) {
		text++
	}
	r := g
	if !g.Raw {
		r.Seq = int64(inflated(seq, int32(g.Seq)))
	}
	r.Len = int64(inflated(seq, int32(text+g.Len)) - inflated(seq, int32(text)))
	if g.Ctl.Has(model.ACK) {
		r.Ack = int64(inflated(ack, int32(g.Ack)))
	}
	switch {
	case g.Wnd > 10000:
		r.Wnd = 1 << 20
	case g.Ctl.Has(model.ACK):
		r.Wnd = int64(inflated(ack, int32(g.Ack+g.Wnd))) - r.Ack
	default: // it counts from the initial number, or the first
		r.Wnd = int64(inflated(ack, int32(g.Wnd)))
	}
	return r
}

// run returns the inflated run.
func (f *inflation) run(run Run) Run {
	var written, read int32 = 1, 1
	list := slices.Clone(run.Events)
	for i := range list {
		e := &list[i]
		e.At = f.time(e.At)
		switch e.Kind {
		case Arrives:
			e.Segment = f.segment(e.Segment, &f.rcv, &f.snd)
		case Sends:
			e.Segment = f.segment(e.Segment, &f.snd, &f.rcv)
		case Calls:
			at, by := &written, &f.snd
			if e.Call == receive {
				at, by = &read, &f.rcv
			}
			if e.Call.Counts() && e.Answer.Octets > 0 {
				a := *e.Answer
				a.Octets = int(inflated(by, *at+int32(a.Octets)) - inflated(by, *at))
				*at += int32(e.Answer.Octets)
				if e.Octets == e.Answer.Octets {
					e.Octets = a.Octets
				} else {
					e.Octets = 1 << 20
				}
				e.Answer = &a
			}
		}
	}
	return Run{run.Name, list}
}

// hypothesis returns h inflated.
func (f *inflation) hypothesis(h hypothesis, read int32) hypothesis {
	n := &h.numbers
	s := func(list ...*int32) {
		for _, x := range list {
			*x = inflated(&f.snd, *x)
		}
	}
	if n.edge >= 0 {
		s(&n.wl2)
		n.wl1 = inflated(&f.rcv, n.wl1)
		if n.edge > 10000 { // without limit
			n.edge = inflated(&f.snd, n.edge-65535) + 1<<20
		} else {
			s(&n.edge)
		}
	}
	if n.queued > n.written { // a FIN that was not sent
		n.queued = inflated(&f.snd, n.written) + 1
	} else if n.queued != 0 {
		s(&n.queued)
	}
	if h.tcb.State != model.Closed {
		fin := inflated(&f.snd, n.written)
		for _, x := range []*int32{&n.una, &n.nxt} {
			if *x > n.written { // beyond a FIN, which the run need not have
				*x = fin + 1
			} else {
				s(x)
			}
		}
		s(&n.first, &n.written)
	}
	if n.heldAck != 0 {
		s(&n.heldAck)
	}
	for i := range n.cuts {
		if n.cuts[i] != 0 {
			s(&n.cuts[i])
		}
	}
	if n.unread > 0 {
		n.unread = inflated(&f.rcv, read+n.unread) - inflated(&f.rcv, read)
	}
	if n.rcvNxt != 0 {
		n.rcvNxt = inflated(&f.rcv, n.rcvNxt)
	}
	for i, held := range n.held {
		if held != (span{}) {
			n.held[i] = span{inflated(&f.rcv, held.from), inflated(&f.rcv, held.to)}
		}
	}
	for i := range h.timers {
		if t := &h.timers[i]; t.which != 0 {
			t.lo, t.hi = f.time(t.lo), f.time(t.hi)
		}
	}
	return h
}

// anywhere returns an inflation of a run without windows: every octet becomes a run of
// its own length.
func anywhere(random *rand.Rand, run Run) *inflation {
	snd, rcv := units(run)
	return &inflation{snd: stretch(random, snd, 5), rcv: stretch(random, rcv, 5)}
}

// evenly returns an inflation of a run with windows: all octets become runs of one
// length, as the sum of a number and a window would have it. ok is false if it has a
// probe, which is an octet and stays one, or anything after a FIN.
func evenly(random *rand.Rand, run Run) (f *inflation, ok bool) {
	length := int32(2 + random.IntN(500))
	f = &inflation{}
	snd, rcv := units(run)
	fin := func(units map[int32]bool, kind Kind) *[256]int32 {
		list := stretch(random, units, 1)
		past := int32(0)
		for i := 3; i < len(list); i++ {
			n := int32(i) - 2
			list[i] = 1 + (n-1)*length - past
			if slices.ContainsFunc(run.Events, func(e Event) bool {
				return e.Kind == kind && e.Segment.Ctl.Has(model.FIN) && int32(e.Segment.Seq+e.Segment.Len) == n
			}) {
				past += length - 1
			}
		}
		return &list
	}
	f.snd, f.rcv = *fin(snd, Sends), *fin(rcv, Arrives)
	last := map[Kind]int64{}
	for _, e := range run.Events {
		g := e.Segment
		end := g.Seq + g.Len
		fin, closed := last[e.Kind]
		switch {
		case e.Kind == Sends && g.Len == 1, g.Ctl.Has(model.SYN) && g.Seq > 0, closed && end > fin, closed && g.Ctl.Has(model.FIN) && end != fin:
			return f, false
		case g.Ctl.Has(model.FIN):
			last[e.Kind] = end
		}
	}
	return f, true
}

// timed gives f a map of times: the same for all, where timers run for times that are
// known; or, where they are unknown, any. It returns the rules for the run
// and for the inflated one.
func (f *inflation) timed(random *rand.Rand, rules Rules, run Run) (small, large Rules) {
	small, large = rules, rules
	if random.IntN(2) == 0 {
		large.Tick *= 7
		f.time = func(d time.Duration) time.Duration { return 7 * d }
		return small, large
	}
	for which := range small.Timing.Spans {
		small.Timing.Spans[which] = Span{0, Forever}
	}
	large = small
	at := time.Duration(0)
	times := map[time.Duration]time.Duration{0: 0}
	for _, e := range run.Events {
		if _, ok := times[e.At]; !ok {
			at += time.Duration(1 + random.IntN(1000))
			times[e.At] = at
		}
	}
	f.time = func(d time.Duration) time.Duration { return times[d] }
	return small, large
}

// The numbers and times of a run can be replaced by others in the same order: what
// the observer knows of the run is the same.
func TestObserve_Inflated(t *testing.T) {
	tier.SkipToCI(t)
	c := testConfig()
	c.EachEnd(func(e *model.Endpoint) { e.ChallengeInterval = 0 }) // which ends by time alone
	a, err := own.New(c, own.Tick)
	require.NoError(t, err)
	c2 := c
	c2.EachEnd(func(e *model.Endpoint) { e.KeepAlive = 0 })
	quiet, err := own.New(c2, own.Tick)
	require.NoError(t, err)
	random := rand.New(rand.NewPCG(3, 4))
	compared := 0
	for i := range tier.Choose(400, 6000) {
		d := &drawer{pick: random.IntN, octets: 2, wide: i%2 == 0}
		var run Run
		var f *inflation
		rules := Open(c, own.Tick)
		if d.wide {
			run = d.run(t, a)
			f = anywhere(random, run)
		} else {
			rules = Open(c2, own.Tick)
			run = d.run(t, quiet)
			var ok bool
			if f, ok = evenly(random, run); !ok {
				continue
			}
		}
		first := slices.IndexFunc(run.Events, func(e Event) bool { return e.Kind == Arrives && e.Segment.Ctl.Has(model.SYN) })
		if first >= 0 && run.Events[first].Segment.Seq > 0 {
			continue // the text does not begin at 1
		}
		compared += sameSets(t, f, rules, random, run)
	}
	require.Greater(t, compared, 5000)
}

// sameSets compares the sets after each event of the run with those of the inflated
// one, and returns how many hypotheses it has compared.
func sameSets(t *testing.T, f *inflation, rules Rules, random *rand.Rand, run Run) (compared int) {
	smallRules, largeRules := f.timed(random, rules, run)
	small, err := New(smallRules)
	require.NoError(t, err)
	large, err := New(largeRules)
	require.NoError(t, err)
	small.begin()
	large.begin()
	read := int32(1)
	for i, e := range f.run(run).Events {
		x := run.Events[i]
		require.NoError(t, small.Next(x))
		require.NoError(t, large.Next(e))
		if x.Kind == Calls && x.Call == receive {
			read += int32(x.Answer.Octets)
		}
		want, got := map[hypothesis]bool{}, map[hypothesis]bool{}
		for _, h := range small.set {
			h.out = [2]sent{}
			want[f.hypothesis(h, read)] = true
		}
		for _, h := range large.set {
			h.out = [2]sent{}
			got[h] = true
		}
		if !assert.ObjectsAreEqual(want, got) {
			for h := range want {
				if !got[h] {
					t.Logf("want %v %+v %+v", h.tcb.State, h.numbers, h.timers)
				}
			}
			for h := range got {
				if !want[h] {
					t.Logf("got  %v %+v %+v", h.tcb.State, h.numbers, h.timers)
				}
			}
			require.Failf(t, "sets differ", "%s\nevent %d: %s, inflated %s", run.Name, i, x, e)
		}
		require.NotEmpty(t, got)
		compared += len(got)
	}
	return compared
}
