package ends

import (
	"math/bits"
	"slices"

	"tcpclose/model"
)

// An emission is a segment that an end sends, as far as it tells conditions apart. 0 is
// none.
type emission uint8

const (
	sentFIN   = emission(model.FIN)
	sentSYN   = emission(model.SYN)
	sentRST   = emission(model.RST)
	sentACK   = emission(model.ACK)
	sentText  = emission(1 << 4)
	sentAfter = emission(1 << 5) // its number is the one after the end's FIN
	ackedFin  = emission(1 << 6) // it acknowledges the peer's FIN
)

// An edge is what an event makes of an end in a condition.
type edge struct {
	change
	all  model.Clauses
	when []model.Options // in each of which it does
}

// A change is what an edge is beside why.
type change struct {
	to    Condition
	sent  emission
	soft  bool // the segment that is sent may be left out, or wait
	told  model.Notice
	by    model.Clause // by which the connection ends, or the RST is sent
	cause bool         // by counts
	rare  bool         // ends seldom do that
}

// A machine knows what ends that follow some rules can do, by their conditions. What
// it has computed once it remembers.
type machine struct {
	stacks  []model.Stack
	options model.Options
	edges   map[Condition]*[numEvents][]edge
	// whole: the ends follow some of the alternatives of those of another machine.
	whole *machine
	// limit: what takes more for granted is no explanation.
	limit Trust

	leaves  edge   // to another connection
	returns []edge // from there

	numbers  map[element]int32
	elements []element
	sets     map[string]set
	list     [][]int32
	memo     map[question]set
	names    map[naming][]model.ConnState
	work     int // what was looked at since the last follow began
	most     int // bounds work
	any      set // of an end of which nothing is known; 0 until it is asked for
}

// newMachine returns a machine of ends that follow some of the alternatives, and have
// the fault.
func newMachine(options model.Options, fault model.Fault) *machine {
	c := model.Default()
	c.Start = model.StartClosed
	c.Reopen = 0
	a := &c.Apps[model.A]
	a.Octets, a.Reads, a.Opens, a.Buffer = model.MaxOctets, model.ReadSlowly, model.OpensEither, model.Wide
	c.EachEnd(func(e *model.Endpoint) {
		e.RTO, e.RTOMax, e.R2, e.GiveUp, e.OrphanGiveUp = 1, 0, 1, 0, 0
		e.UserTimeout, e.FinWait2, e.FinWait2First, e.KeepAlive, e.KeepAliveNext, e.Probes = 1, 1, 0, 1, 0, 1
		e.ChallengeInterval, e.AckDelay = 0, 1
	})
	m := &machine{options: options, most: mostWork, limit: Missing, edges: map[Condition]*[numEvents][]edge{}}
	add := func() {
		s := c.Stack(model.A)
		s.PeerWindow = model.Wide
		if fault != 0 {
			s = s.Seed(fault)
		}
		m.stacks = append(m.stacks, s)
	}
	add()
	c.EachEnd(func(e *model.Endpoint) { e.FinWait2First, e.AckDelay = 1, 0 })
	add()
	m.forget()
	m.wayOut()
	return m
}

// wayOut makes the edges to another connection and back.
func (m *machine) wayOut() {
	m.leaves.to = Condition{Opened: true, Away: true}
	m.returns = []edge{{}, {change: change{to: Condition{Opened: true}}}}
}

// narrowed returns a machine of those ends of m that follow some of the options, and of
// explanations that take no more for granted than the limit. It shares what m computes.
func (m *machine) narrowed(options model.Options, limit Trust) *machine {
	n := &machine{options: options, most: m.most, limit: limit, whole: m, edges: map[Condition]*[numEvents][]edge{}}
	n.forget()
	n.wayOut()
	return n
}

// limited sets the limit of explanations.
func (m *machine) limited(to Trust) {
	if m.limit != to {
		m.limit = to
		m.forget()
	}
}

// forget forgets all sets.
func (m *machine) forget() {
	m.numbers, m.elements, m.sets, m.list = map[element]int32{}, nil, map[string]set{}, nil
	m.memo, m.names = map[question]set{}, map[naming][]model.ConnState{}
	m.intern(nil) // the empty set is 0
	m.any = 0
}

// mostSets bounds the sets that a machine remembers between two connections.
const mostSets = 20_000

// mostWork bounds what is looked at for one connection. It is ten times what the largest
// of the tests needs, and takes some seconds.
const mostWork = 10_000_000

// tired reports whether more was looked at than the bound.
func (m *machine) tired() bool { return m.work > m.most }

// trim forgets all sets if there are too many.
func (m *machine) trim() {
	if len(m.list) > mostSets || len(m.memo) > 8*mostSets {
		m.forget()
	}
}

// of returns what an event makes of an end in c.
func (m *machine) of(c Condition, v event) []edge {
	known := m.edges[c]
	if known == nil {
		known = new([numEvents][]edge)
		m.edges[c] = known
	}
	if known[v] == nil {
		if m.whole != nil {
			known[v] = m.narrow(m.whole.of(c, v))
		} else {
			known[v] = m.compute(c, v)
		}
	}
	return known[v]
}

// narrow returns those edges that some of m's options admit.
func (m *machine) narrow(all []edge) []edge {
	list := []edge{}
	for _, e := range all {
		if slices.ContainsFunc(e.when, func(o model.Options) bool { _, ok := o.Intersect(m.options); return ok }) {
			list = append(list, e)
		}
	}
	return list
}

// mostWhen bounds the options that an edge lists; beyond it two become one that has both,
// and more.
const mostWhen = 32

// compute finds the edges of an event.
func (m *machine) compute(c Condition, v event) []edge {
	list := []edge{}
	seen := map[change]int{}
	for _, t := range c.stand(nil) {
		for _, base := range m.stacks {
			m.steps(base, t, v, func(to model.TCB, e *model.Effect, left *model.Options) {
				n := change{to: c.after(to, e), told: e.Told}
				if e.Clauses.Has(model.OpenSends) || e.Clauses.Has(model.OpenListens) {
					n.to.Opened = true
				}
				n.sent, n.soft = emissionOf(e, n.to, to), soft(e)
				n.by, n.cause = causeOf(c, n.to, e)
				n.rare = rare(v, e, to.State)
				i, known := seen[n]
				if !known {
					i, seen[n] = len(list), len(list)
					list = append(list, edge{change: n})
				}
				d := &list[i]
				d.all = d.all.Union(e.Clauses)
				switch n := len(d.when); {
				case slices.Contains(d.when, *left):
				case n == mostWhen:
					d.when[n-1] = d.when[n-1].Union(*left)
				default:
					d.when = append(d.when, *left)
				}
			})
		}
	}
	return list
}

// steps calls f with each way in which v happens at t.
func (m *machine) steps(base model.Stack, t model.TCB, v event, f func(model.TCB, *model.Effect, *model.Options)) {
	do := func(step func(model.Stack, model.TCB) (model.TCB, model.Effect)) {
		for s, left := range base.Branches(m.options) {
			to, e := step(s, t)
			f(to, &e, left)
		}
	}
	call := func(c model.Call) {
		do(func(s model.Stack, t model.TCB) (model.TCB, model.Effect) {
			if s.Refusal(t, c) != "" {
				return t, model.Effect{}
			}
			return s.Call(t, c)
		})
	}
	synchronized := t.State >= model.Established
	switch v {
	case opens:
		if t.Host.Life == 0 || t.State == model.Listen {
			call(model.Open)
		}
		if t.Host.Life == 0 {
			call(model.OpenPassive)
		}
	case sends:
		if t.State == model.Established || t.State == model.CloseWait {
			call(model.Send)
		}
	case closes:
		call(model.Close)
	case releases:
		call(model.Release)
	case aborts:
		if t.State != model.Closed {
			call(model.Abort)
		}
	case crashes:
		call(model.Crash)
	case receives:
		call(model.Receive)
	case outputs:
		if synchronized {
			for end := t.SndNxt + 1; end <= t.Queued; end++ {
				do(func(s model.Stack, t model.TCB) (model.TCB, model.Effect) { return output(s, t, end) })
			}
		}
	case acks:
		if t.State >= model.Established && t.State != model.TimeWait && !t.Mini {
			t.Owes, t.AckDelay = true, 0
			do(func(s model.Stack, t model.TCB) (model.TCB, model.Effect) { return s.Timeout(t, model.AckDelayEnds) })
		}
	case resends, givesUp, waitEnds:
		v.timeouts(t, func(which model.Timeout) {
			if slices.Contains(base.Running(nil, t), which) {
				do(func(s model.Stack, t model.TCB) (model.TCB, model.Effect) { return s.Timeout(t, which) })
			}
		})
	default:
		if v >= ancients && v < rstArrives {
			base.PeerWindow = model.WindowOf(0)
		}
		for _, g := range v.segments(t) {
			do(func(s model.Stack, t model.TCB) (model.TCB, model.Effect) { return s.Arrives(t, g, model.Tag{}) })
		}
	}
}

// timeouts calls f with the timeouts that v stands for at t.
func (v event) timeouts(t model.TCB, f func(model.Timeout)) {
	switch {
	case v == waitEnds:
		f(model.TimeWaitEnds)
		f(model.FinWait2Ends)
		return
	case v == givesUp:
		f(model.UserTimeout)
	}
	if (t.Rtx > 0) == (v == givesUp) {
		f(model.Retransmission)
		f(model.WindowProbe)
	}
	if v == resends && t.Probes == 0 || v == givesUp && t.Rtx > 0 {
		f(model.KeepAlive)
	}
}

// output sends of what waits what lies below end: the window has opened.
func output(s model.Stack, t model.TCB, end model.Seq) (model.TCB, model.Effect) {
	queued := t.Queued
	t.Queued, t.SndWnd = end, model.Wide
	to, e := s.Output(t)
	if to.State != model.Closed && queued > to.SndNxt {
		to.Queued = queued
	}
	return to, e
}

// emissionOf returns what e sends, after which the end is in a condition.
func emissionOf(e *model.Effect, c Condition, t model.TCB) emission {
	g := e.Sent
	if g == (model.Segment{}) {
		return 0
	}
	s := emission(g.Ctl)
	if g.Ctl.Has(model.RST) {
		s = emission(g.Ctl & (model.RST | model.ACK))
		if c.Fin && g.Seq > ownFin {
			s |= sentAfter
		}
		return s
	}
	if g.Len > 0 {
		s |= sentText
	}
	if c.Got && !g.Ctl.Has(model.SYN) {
		s |= ackedFin
	}
	if c.Fin && g.Seq > ownFin {
		s |= sentAfter
	}
	return s
}

// soft reports whether what e sends may be left out: RFC 5961, 7, limits answers to
// what is not taken.
func soft(e *model.Effect) bool {
	for _, c := range [...]model.Clause{model.RSTChallenged, model.SynChallenged, model.SeqAnswers, model.SeqAhead, model.AckUnsent, model.AckTooOld,
		model.AckTimeWait, model.AckTimeWaitAcked, model.MiniAnswers, model.TimestampOld, model.TextDelivered, model.TextUnread, model.FinEstablished,
		model.ClosedSendsRST, model.ListenSendsRST, model.AfterFin} {
		if e.Clauses.Has(c) {
			return true
		}
	}
	return false
}

// rare reports whether e is what a host does only if it has too much of something or was
// told not to keep what it has closed, or a program that aborts what it has closed.
func rare(v event, e *model.Effect, to model.ConnState) bool {
	if v <= receives && e.Sent.Ctl.Has(model.RST) && !e.Sent.Ctl.Has(model.ACK) {
		return true // what an end sends of itself acknowledges, nearly everywhere
	}
	list := []model.Clause{model.AbortSilent, model.OrphanResetsAll, model.OrphanResetsFinWait2, model.MiniLost}
	if to == model.Closed { // TIME-WAIT is left out
		list = append(list, model.FinFinWait2, model.AckClosing, model.MiniFin)
	}
	return slices.ContainsFunc(list, e.Clauses.Has)
}

// causes are the clauses by which a connection ends or an RST is sent; the first that
// is followed counts.
var causes = [...]model.Clause{
	model.ReleaseResets, model.AbortResets, model.AbortResetsLate, model.TextResets, model.OrphanResetsAll, model.OrphanResetsFinWait2,
	model.MiniResets, model.KeepAliveCloses, model.KeepAliveTimesOut, model.ClosedSendsRST, model.ListenSendsRST, model.SynSentAckBad, model.SynReceivedAckBad,
	model.RSTResets, model.RSTClosesLate, model.RSTClosesTimeWait, model.SynSentReset, model.SynReceivedRefused, model.MiniReset,
	model.R2Closes, model.GivesUp, model.UserTimeoutCloses, model.FinWait2Closes, model.TimeWaitCloses, model.AckLastAck,
	model.HostCrashes, model.AbortSilent, model.AbortUnopened, model.CloseUnopened, model.MiniLost, model.AckClosing, model.FinFinWait2, model.MiniFin,
}

// causeOf returns by which clause the connection has ended, or an RST was sent.
func causeOf(from, to Condition, e *model.Effect) (model.Clause, bool) {
	if !(e.Sent.Ctl.Has(model.RST) || from.State != model.Closed && to.State == model.Closed) {
		return 0, false
	}
	for _, c := range causes {
		if e.Clauses.Has(c) {
			return c, true
		}
	}
	return 0, false
}

// each calls f with the events of s.
func (s events) each(f func(event)) {
	for s != 0 {
		f(event(bits.TrailingZeros64(uint64(s))))
		s &= s - 1
	}
}
