package model

import (
	"reflect"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// anyEndpoint draws what belongs to an end.
func anyEndpoint() *rapid.Generator[Endpoint] {
	return rapid.Custom(func(t *rapid.T) Endpoint {
		small := func(name string, low, high uint8) uint8 { return rapid.Uint8Range(low, high).Draw(t, name) }
		ticks := func(name string, low, high uint16) uint16 { return rapid.Uint16Range(low, high).Draw(t, name) }
		timer := func(name string) uint16 { // more often off than not
			return rapid.SampledFrom([]uint16{0, 0, 0, 1, 3, 7}).Draw(t, name)
		}
		var e Endpoint
		e.MSL = rapid.SampledFrom([]uint16{0, 0, 0, 1, 5}).Draw(t, "assumed msl")
		e.RTO, e.R2 = ticks("rto", 1, 5), rapid.SampledFrom([]Limit{Unlimited, 0, 1, 2, 5}).Draw(t, "r2")
		e.TimeWait = Span{small("MSLs", 0, 2), ticks("ticks", 1, 3)}
		if rapid.Bool().Draw(t, "back-off") {
			e.RTOMax = e.RTO + ticks("more", 0, 9)
		}
		e.AckDelay = rapid.SampledFrom([]Limit{0, 0, 1, 2, Unlimited}).Draw(t, "delayed ack")
		e.UserTimeout, e.FinWait2, e.KeepAlive = timer("user"), timer("fin-wait-2"), timer("keepalive")
		e.GiveUp, e.OrphanGiveUp, e.KeepAliveNext = timer("give-up"), timer("orphan-give-up"), timer("keepalive-next")
		e.Probes = small("probes", 1, 3)
		e.ChallengeInterval = timer("challenge-interval")
		for d := range NumDecisions {
			e.Choices[d] = Choice(rapid.IntRange(0, len(d.Info().Alternatives)-1).Draw(t, d.String()))
		}
		if e.FinWait2 > 0 && e.Choices[FinWait2Kept] == KeptMini {
			e.FinWait2First = timer("fin-wait-2-first")
		}
		return e
	})
}

// anyEnds draws what belongs to the ends: as often as not the same.
func anyEnds(one *rapid.Generator[Endpoint]) *rapid.Generator[[2]Endpoint] {
	return rapid.Custom(func(t *rapid.T) [2]Endpoint {
		a := one.Draw(t, "a")
		if rapid.Bool().Draw(t, "alike") {
			return [2]Endpoint{a, a}
		}
		return [2]Endpoint{a, one.Draw(t, "b")}
	})
}

// anyConfig draws a valid configuration.
func anyConfig() *rapid.Generator[Config] {
	return rapid.Custom(func(t *rapid.T) Config {
		small := func(name string, low, high uint8) uint8 { return rapid.Uint8Range(low, high).Draw(t, name) }
		ticks := func(name string, low, high uint16) uint16 { return rapid.Uint16Range(low, high).Draw(t, name) }
		limit := func(name string) Limit {
			return rapid.SampledFrom([]Limit{Unlimited, 0, 1, 2, 5}).Draw(t, name)
		}
		var c Config
		for _, side := range Sides {
			c.Apps[side] = App{
				Octets:  small("octets", 0, MaxOctets-1),
				Close:   rapid.SampledFrom([]CloseWhen{CloseAnyTime, CloseAnyTime, CloseAfterPeer, CloseNever}).Draw(t, "closes"),
				Parting: rapid.SampledFrom([]Parting{Half, Half, ForGood, HalfThenGood}).Draw(t, "close"),
				Reads:   rapid.SampledFrom([]ReadWhen{ReadAtOnce, ReadAtOnce, ReadSlowly, ReadNever}).Draw(t, "reads"),
				Buffer:  rapid.SampledFrom([]Window{Wide, Wide, WindowOf(0), WindowOf(1), WindowOf(2), WindowOf(MaxOctets)}).Draw(t, "buffer"),
				Fails:   rapid.SampledFrom([]Failing{FailNever, FailNever, FailNever, FailAbort, FailDie, FailCrash}).Draw(t, "fails"),
			}
		}
		c.Time = TimeKind(small("time", 0, 1))
		c.MSL = ticks("msl", 1, 4)
		c.Delay = Span{Ticks: ticks("delay", 1, c.MSL)}
		c.Ends = anyEnds(anyEndpoint()).Draw(t, "ends")
		c.Loss, c.Duplicate, c.Reorder = limit("loss"), limit("duplicate"), limit("reorder")
		c.Loses = rapid.SampledFrom([]Loses{0, 0, 0, LosesFinOfA, LosesAckOfA, LosesFinOfB, LosesAckOfB}).Draw(t, "loses")
		c.Capacity = small("capacity", 1, MaxCapacity)
		return c
	})
}

// Random runs of random systems, and what holds after every step of every run.
func TestWalk(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		y, err := NewSystem(anyConfig().Draw(t, "config"))
		require.NoError(t, err)
		s := y.Init()
		var high [2]Seq // the most that a side has sent, which outlives its TCB
		for range 60 {
			checkState(t, y, s, high)
			actions := checkActions(t, y, s)
			if len(actions) == 0 {
				return
			}
			// An index into what is possible, so that nothing is drawn in vain.
			a := actions[rapid.IntRange(0, len(actions)-1).Draw(t, "action")]
			o, _ := y.Step(s, a)
			checkStep(t, y, s, a, o)
			s = o.To
			for _, side := range Sides {
				high[side] = max(high[side], s.Ends[side].SndNxt)
			}
		}
	})
}

// checkState checks what must hold in a state.
func checkState(t *rapid.T, y *System, s State, high [2]Seq) {
	c := y.Config
	for _, side := range Sides {
		end, peer, rules := s.Ends[side], s.Ends[side.Peer()], c.Ends[side]
		switch end.State {
		case Closed:
			require.Equal(t, TCB{Unread: end.Unread, Broken: end.Broken}, end, "a CLOSED TCB is zero")
			continue
		case Listen, SynSent, SynReceived:
			require.Fail(t, "opening is not modelled", "%s is in %s", side, end.State)
		}
		if aborted(end) { // the numbers of its TIME-WAIT are not those of a close
			continue
		}
		finSent := end.State != Established && end.State != CloseWait
		require.LessOrEqual(t, end.SndUna, end.SndNxt)
		require.LessOrEqual(t, end.SndNxt, end.Written+1)
		require.LessOrEqual(t, end.Written, Seq(c.Apps[side].Octets))
		if !finSent || !end.Blocked() {
			require.Equal(t, finSent, end.FinSent())
		}
		require.LessOrEqual(t, end.RcvNxt, high[side.Peer()], "%s has received what was not sent", side)
		if peer.State != Closed && !aborted(peer) {
			require.LessOrEqual(t, end.RcvNxt, peer.SndNxt)
			require.LessOrEqual(t, peer.SndUna, end.RcvNxt, "%s was told of more than there is", side.Peer())
			if end.FinReceived() {
				require.Equal(t, peer.Written+1, end.RcvNxt, "the FIN is the last")
			}
		}
		if end.State == TimeWait || end.State == FinWait2 {
			require.True(t, end.FinAcked())
		}

		// What waits for the window, and what waits in the receive buffer.
		require.LessOrEqual(t, end.Queued, end.Written+1)
		old := rules.Choices[ZeroWindowProbe] == ProbeOld
		if end.Blocked() && old {
			require.Greater(t, end.Queued, end.SndWnd.from(end.SndUna), "what has room as a whole is sent")
		} else if end.Blocked() {
			require.GreaterOrEqual(t, end.SndNxt, end.SndWnd.from(end.SndUna), "what has room is sent")
		} else {
			require.Zero(t, end.Queued)
		}
		require.LessOrEqual(t, Seq(end.Unread), c.Apps[side].Buffer.Size())
		require.True(t, end.SndWnd == Wide || end.SndWnd <= y.Stack(side).PeerWindow)
		if y.Stack(side).PeerWindow == Wide {
			require.Zero(t, end.SndWl1+end.SndWl2)
		}
		require.True(t, !end.Orphan || end.Unread == 0 || rules.Choices[UnreadClose] == UnreadKept, "nobody reads")

		// What is held lies beyond a hole, and is what the peer has sent.
		if end.Held != 0 {
			require.False(t, end.FinReceived())
			require.Zero(t, end.Held&(1<<(end.RcvNxt+1)-1), "there is a hole at RCV.NXT")
			require.Zero(t, end.Held>>high[side.Peer()], "it was sent")
			require.LessOrEqual(t, end.HeldAck, end.SndNxt)
		} else {
			require.False(t, end.HeldFin)
			require.Zero(t, end.HeldAck)
		}

		// Timers, and that nothing dead is left in them.
		require.LessOrEqual(t, end.Rto, max(rules.RTO, rules.RTOMax))
		if !end.Outstanding() {
			require.Zero(t, end.Cuts)
			require.True(t, end.Rtx == 0 || old && end.Blocked())
			if !end.Blocked() {
				require.Zero(t, end.Rto)
			}
		} else {
			require.NotZero(t, end.Cuts>>end.SndUna&1, "the oldest segment begins at SND.UNA")
			require.Zero(t, end.Cuts>>end.SndNxt, "no segment begins at SND.NXT")
			require.Zero(t, end.Cuts&(1<<end.SndUna-1), "nor before SND.UNA")
		}
		if rules.R2 == Unlimited {
			first := end.Rtx == 1 && rules.Choices[FirstResend] == ResendNewest // which differs from those after it
			require.True(t, end.Rtx == 0 || first || rules.RTOMax > 0 || rules.GiveUp > 0 || rules.OrphanGiveUp > 0)
		} else {
			require.True(t, int(end.Rtx) <= int(rules.R2) || old && end.Rtx == 1)
		}
		require.True(t, end.Owes || end.AckDelay == 0)
		require.LessOrEqual(t, end.Idle, max(rules.KeepAlive, rules.KeepAliveNext))
		require.LessOrEqual(t, end.User, rules.UserTimeout)
		require.LessOrEqual(t, end.Throttle, rules.ChallengeInterval)
		switch {
		case end.State == FinWait2:
			require.LessOrEqual(t, end.Wait, max(rules.FinWait2, rules.FinWait2First))
			require.True(t, end.Orphan || !end.Mini)
			require.True(t, !end.Mini || rules.Choices[FinWait2Kept] == KeptMini)
		case end.State != TimeWait:
			require.Zero(t, end.Wait)
		case end.Wait == Never:
			require.Equal(t, "absent", rules.Choices.Name(ClosingTimer))
		default:
			require.LessOrEqual(t, int(end.Wait), c.TimeWaitOf(side))
		}
	}
	for _, side := range Sides {
		net := s.Nets[side]
		require.LessOrEqual(t, net.N, c.Capacity)
		packets := net.List()
		for _, p := range net.Packets[net.N:] {
			require.Equal(t, Packet{}, p, "beyond N")
		}
		for i, p := range packets {
			require.Less(t, p.Age, c.MSL)
			if !p.Spare {
				require.Less(t, int(p.Age), c.Delay.In(c.MSL))
			}
			require.False(t, p.Spare && !y.Medium().marks())
			require.LessOrEqual(t, p.Ack, high[side.Peer()])
			require.True(t, p.Wnd <= y.Stack(side.Peer()).PeerWindow)
			if !p.Ctl.Has(RST) {
				require.LessOrEqual(t, p.Seq+p.SpaceLen(), high[side])
			}
			if i > 0 {
				require.LessOrEqual(t, p.Age, packets[i-1].Age, "oldest first")
			}
			if y.Medium().subsumes() {
				require.Equal(t, i, slices.IndexFunc(packets, func(q Packet) bool { return q.Segment == p.Segment && q.Spare == p.Spare }), "one of each")
			}
		}
		if c.Reorder == Unlimited {
			require.True(t, slices.IsSortedFunc(packets, Packet.compare), "a set has one order")
		}
	}
}

// checkActions checks the actions that are possible in s, and returns them.
func checkActions(t *rapid.T, y *System, s State) []Action {
	first := Action{Kind: Losses, Place: 7}
	actions := y.Actions([]Action{first}, s)
	require.Equal(t, first, actions[0], "it appends")
	actions = actions[1:]
	outcomes := map[State]bool{}
	for i, a := range actions {
		require.NotContains(t, actions[:i], a)
		o, ok := y.Step(s, a)
		require.True(t, ok && !o.Overflow, "%s is listed", actionText(a))
		again, _ := y.Step(s, a)
		require.Equal(t, o, again, "a step is a function")
		if a.Kind != Copies && a.Kind != Deliveries { // of which the answer may already be in transit
			require.NotEqual(t, s, o.To, "%s is no step", actionText(a))
		}
		outcomes[o.To] = true
	}

	// Nothing that the network can do is left out. In a queue, the first of equal
	// neighbours stands for all: to take a later one would be to overtake.
	if y.Config.Reorder == Unlimited {
		for _, kind := range []Kind{Deliveries, Copies, Losses} {
			for _, side := range Sides {
				for i, p := range s.Nets[side].List() {
					o, ok := y.Step(s, Action{Kind: kind, Side: side, Place: uint8(i), Packet: p})
					require.True(t, !ok || o.Overflow || outcomes[o.To], "%s %s %d is left out", kind, side, i)
				}
			}
		}
	}
	o, ok := y.Step(s, Action{Kind: Ticks})
	require.Equal(t, ok, outcomes[o.To] && slices.Contains(actions, Action{Kind: Ticks}))
	return actions
}

// checkStep checks a step from s by a.
func checkStep(t *rapid.T, y *System, s State, a Action, o Outcome) {
	require.LessOrEqual(t, o.To.Left.Losses, s.Left.Losses)
	require.LessOrEqual(t, o.To.Left.Duplicates, s.Left.Duplicates)
	require.LessOrEqual(t, o.To.Left.Overtakes, s.Left.Overtakes)
	for _, side := range Sides {
		before, after := s.Ends[side], o.To.Ends[side]
		if (!o.Moved || o.Mover != side) && a.Kind != Ticks {
			require.Equal(t, before, after, "%s did not move", side)
		}
		if after.State != Closed {
			require.GreaterOrEqual(t, after.SndUna, before.SndUna)
			require.GreaterOrEqual(t, after.SndNxt, before.SndNxt)
			require.GreaterOrEqual(t, after.RcvNxt, before.RcvNxt)
			if before.FinSent() {
				require.Equal(t, before.SndNxt, after.SndNxt, "the FIN is sent at one number")
			}
			if before.FinReceived() {
				require.Equal(t, before.RcvNxt, after.RcvNxt, "nothing is taken after the FIN")
			}
		}
		require.True(t, legal(y.Config.Ends[side], before.State, after.State), "%s: %s -> %s", side, before.State, after.State)
	}
	if a.Kind == Ticks {
		require.Zero(t, o.Effect)
		for _, side := range Sides {
			require.Equal(t, s.Nets[side].N, o.To.Nets[side].N+o.Gone[side].N)
		}
	}
	if !o.Moved {
		return
	}
	before, after := s.Ends[o.Mover], o.To.Ends[o.Mover]
	app := y.Config.Apps[o.Mover]
	if after.State != Closed && !aborted(after) {
		text := after.RcvNxt - before.RcvNxt
		if after.FinReceived() && !before.FinReceived() {
			text--
		}
		switch {
		case before.Orphan:
			require.Zero(t, o.Effect.Delivered)
		case a.Kind == Calls && a.Call == Receive:
			require.Equal(t, before.Unread, after.Unread+o.Effect.Delivered)
			require.Zero(t, text)
		case app.Reads == ReadAtOnce:
			require.Equal(t, text, Seq(o.Effect.Delivered))
		case !after.Orphan:
			require.Equal(t, text, Seq(after.Unread-before.Unread))
		}
		ended := after.FinReceived() && after.Unread == 0 && !(after.Orphan && before.Unread > 0)
		before := before.FinReceived() && before.Unread == 0
		require.Equal(t, !before && ended, o.Effect.Told&ToldEOF != 0, "%s %s", actionText(a), s.Ends)
	}
	if a.Kind == Deliveries || a.Kind == Copies {
		rst := o.Effect.Sent.Ctl.Has(RST)
		require.False(t, rst && a.Packet.Ctl.Has(RST), "RST is never answered by RST")
		require.False(t, rst && before.State != Closed && !before.Orphan, "only CLOSED answers by RST, or who reads no more")
	}
	if o.Effect.TimeWait {
		require.Equal(t, TimeWait, after.State)
	}
	require.False(t, before.State == Closed && before.Unread == 0 && o.Effect.Told != 0, "who is CLOSED is told nothing")
	switch before.State {
	case Established, FinWait1, FinWait2, CloseWait:
		if a.Kind != Calls {
			aborted := o.Effect.Told&(ToldReset|ToldTimeout|ToldAborted) != 0
			skipped := y.Config.Ends[o.Mover].Choices[TimeWaitKept] == TimeWaitSkipped && (o.Effect.Clauses.Has(FinFinWait2) || o.Effect.Clauses.Has(MiniFin))
			require.Equal(t, aborted, after.State == Closed && !skipped && !after.Broken, "an abort is told (MUST-12)")
		}
	}
}

// aborted reports whether t is a TIME-WAIT that ABORT led to.
func aborted(t TCB) bool { return t.State == TimeWait && !t.FinAcked() }

// legal reports whether figure 5 of RFC 9293 has an arc from one state to another, or
// the connection may be aborted. FIN-WAIT-1 to TIME-WAIT is the figure's note 2.
func legal(c Endpoint, from, to ConnState) bool {
	if from == to || to == Closed || to == TimeWait && c.Choices[AbortState] == AbortTimeWait {
		return true
	}
	return slices.Contains(map[ConnState][]ConnState{
		Established: {FinWait1, CloseWait},
		FinWait1:    {FinWait2, Closing, TimeWait},
		FinWait2:    {TimeWait},
		CloseWait:   {LastAck},
		Closing:     {TimeWait},
	}[from], to) || from == Established && to == LastAck // text, FIN and room for its FIN in one segment
}

// A State is compared and copied by value, all of it: it holds nothing but small
// numbers, and so no pointer to share.
func TestState_IsPlain(t *testing.T) {
	var walk func(path string, typ reflect.Type)
	walk = func(path string, typ reflect.Type) {
		switch typ.Kind() {
		case reflect.Struct:
			for i := range typ.NumField() {
				walk(path+"."+typ.Field(i).Name, typ.Field(i).Type)
			}
		case reflect.Array:
			for range typ.Len() {
				walk(path+"[]", typ.Elem())
			}
		case reflect.Uint8, reflect.Int8, reflect.Uint16, reflect.Uint32, reflect.Bool:
		default:
			assert.Fail(t, "not plain", "%s is %s", path, typ)
		}
	}
	typ := reflect.TypeOf(State{})
	walk("State", typ)
	assert.True(t, typ.Comparable())
}
