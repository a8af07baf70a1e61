package invariants

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/explore"
	"tcpclose/model"
)

// A tooth shows that a property can fail: a configuration in which it does; or,
// for one that holds of all that the model can do, steps and states that it
// forbids, and the like of them that it does not.
type tooth struct {
	words                 string
	badSteps, goodSteps   []Step
	badStates, goodStates [][2]End
}

// Segments and ends that the teeth are made of.
var (
	someAck  = model.Segment{Seq: 0, Ack: 0, Ctl: model.ACK}
	ackOfFin = model.Segment{Seq: 1, Ack: 1, Ctl: model.ACK}
	aFin     = model.Segment{Seq: 0, Ack: 0, Ctl: model.FIN | model.ACK}
	aRST     = model.Segment{Seq: 0, Ctl: model.RST}
	lateRST  = model.Segment{Seq: 1, Ctl: model.RST}
)

// tcb is an endpoint that has sent everything, without data, that st says, and
// received it.
func tcb(st model.ConnState) model.TCB {
	t := model.TCB{State: st}
	switch st {
	case model.FinWait1, model.Closing, model.LastAck:
		t.SndNxt, t.Cuts = 1, 1
	case model.FinWait2, model.TimeWait:
		t.SndUna, t.SndNxt = 1, 1
	}
	if t.FinReceived() {
		t.RcvNxt = 1
	}
	return t
}

func ends(a, b End) [2]End { return [2]End{a, b} }

func endIn(st model.ConnState, m Memory) End { return End{tcb(st), m} }

func arrival(from, to model.ConnState, g model.Segment, sent ...model.Segment) Step {
	s := Step{From: tcb(from), To: tcb(to), Kind: model.Deliveries, Arrived: g}
	if len(sent) > 0 {
		s.Effect.Sent = sent[0]
	}
	return s
}

func callOf(from, to model.ConnState, c model.Call) Step {
	return Step{From: tcb(from), To: tcb(to), Kind: model.Calls, Call: c}
}

func timeoutOf(from, to model.ConnState, which model.Timeout) Step {
	return Step{From: tcb(from), To: tcb(to), Kind: model.Timeouts, Timeout: which}
}

// with is s, changed.
func with(s Step, change func(*Step)) Step {
	change(&s)
	return s
}

// again0 and againText are connections that are opened again with the numbers of
// before, without data and with an octet.
const (
	again0    = "a-octets=0 b-octets=0 msl=1 rto=1 r2=1 reopen=1 a-isn=same b-isn=same "
	againText = "a-octets=0 msl=1 rto=1 r2=1 reopen=1 a-isn=same b-isn=same time-wait-reuse=bare"
)

var teeth = map[string]tooth{
	"figure-5": {
		badSteps: []Step{
			callOf(model.FinWait1, model.LastAck, model.Close),
			callOf(model.Established, model.LastAck, model.Close),
			arrival(model.Established, model.FinWait1, aFin),
			arrival(model.FinWait1, model.FinWait2, someAck), // the FIN is not acknowledged
			arrival(model.FinWait1, model.TimeWait, aFin),    // nor here
			arrival(model.FinWait1, model.Closing, someAck),  // no FIN
			arrival(model.Closing, model.TimeWait, someAck),  // of something else
			arrival(model.TimeWait, model.Closed, someAck),   // no RST
			arrival(model.TimeWait, model.Closed, aRST),      // an old one
			timeoutOf(model.TimeWait, model.Closed, model.Retransmission),
			timeoutOf(model.FinWait2, model.Closed, model.Retransmission), // nothing is outstanding
			timeoutOf(model.LastAck, model.Closed, model.TimeWaitEnds),
			arrival(model.Closed, model.Established, someAck),
			{From: tcb(model.TimeWait), To: tcb(model.Closed), Kind: model.Ticks},
		},
		goodSteps: []Step{
			callOf(model.Established, model.FinWait1, model.Close),
			arrival(model.FinWait1, model.Closing, aFin),
			arrival(model.FinWait1, model.TimeWait, model.Segment{Seq: 0, Ack: 1, Ctl: model.FIN | model.ACK}),
			arrival(model.LastAck, model.Closed, ackOfFin),
			arrival(model.TimeWait, model.Closed, lateRST),
			timeoutOf(model.TimeWait, model.Closed, model.TimeWaitEnds),
			timeoutOf(model.FinWait1, model.Closed, model.Retransmission),
			arrival(model.FinWait1, model.FinWait1, someAck),
		},
	},
	"joint-states": {
		badStates: [][2]End{
			ends(endIn(model.LastAck, Memory{}), endIn(model.Established, Memory{})),
			ends(endIn(model.Established, Memory{}), endIn(model.LastAck, Memory{})),
			ends(endIn(model.TimeWait, Memory{}), endIn(model.FinWait1, Memory{})),
			ends(endIn(model.CloseWait, Memory{}), endIn(model.CloseWait, Memory{})),
			ends(endIn(model.FinWait2, Memory{}), endIn(model.FinWait2, Memory{})),
		},
		goodStates: [][2]End{
			ends(endIn(model.LastAck, Memory{}), endIn(model.TimeWait, Memory{})),
			ends(endIn(model.FinWait2, Memory{}), endIn(model.Closed, Memory{})),
			ends(endIn(model.Closed, Memory{}), endIn(model.Closed, Memory{})),
		},
	},
	"active-closer": {
		badStates: [][2]End{
			ends(endIn(model.CloseWait, Memory{Role: Active}), End{}),
			ends(End{}, endIn(model.LastAck, Memory{Role: Active})),
		},
		goodStates: [][2]End{
			ends(endIn(model.LastAck, Memory{Role: Passive}), endIn(model.TimeWait, Memory{Role: Active})),
			ends(endIn(model.CloseWait, Memory{}), endIn(model.FinWait1, Memory{Role: Active})),
		},
	},
	"passive-closer": {
		badStates: [][2]End{
			ends(endIn(model.FinWait1, Memory{Role: Passive}), End{}),
			ends(endIn(model.FinWait2, Memory{Role: Passive}), End{}),
			ends(End{}, endIn(model.Closing, Memory{Role: Passive})),
			ends(End{}, endIn(model.TimeWait, Memory{Role: Passive})),
		},
		goodStates: [][2]End{
			ends(endIn(model.LastAck, Memory{Role: Passive}), endIn(model.TimeWait, Memory{Role: Active})),
			ends(endIn(model.Closing, Memory{Role: Active}), endIn(model.Closing, Memory{Role: Active})),
		},
	},
	"fin-acknowledged": {
		badSteps: []Step{
			arrival(model.LastAck, model.Closed, someAck),
			arrival(model.Closing, model.TimeWait, someAck),
			arrival(model.Closing, model.Closed, aRST),
			timeoutOf(model.LastAck, model.Closed, model.TimeWaitEnds),
		},
		goodSteps: []Step{
			arrival(model.LastAck, model.Closed, ackOfFin),
			arrival(model.Closing, model.TimeWait, ackOfFin),
			arrival(model.Closing, model.Closed, lateRST),
			timeoutOf(model.LastAck, model.Closed, model.Retransmission),
			arrival(model.LastAck, model.LastAck, someAck),
			arrival(model.FinWait1, model.FinWait2, someAck),
		},
	},
	"time-wait-2msl":     {words: tiny + "time-wait-restart=never"},
	"time-wait-unbroken": {words: tiny},
	"quiet":              {words: "a-octets=0 b-octets=0"},
	"quiet-fin":          {words: "a-octets=0 b-octets=0"},
	"one-waits": {
		badStates: [][2]End{ends(endIn(model.Closed, Memory{Ended: Normal}), endIn(model.Closed, Memory{Ended: Normal}))},
		goodStates: [][2]End{
			ends(endIn(model.Closed, Memory{Ended: Normal, Waited: true}), endIn(model.Closed, Memory{Ended: Normal})),
			ends(endIn(model.Closed, Memory{Ended: Reset}), endIn(model.Closed, Memory{Ended: Normal})),
		},
	},
	"hole": {
		badSteps: []Step{
			arrival(model.Established, model.CloseWait, model.Segment{Seq: 1, Ctl: model.FIN | model.ACK}),
			arrival(model.FinWait1, model.Closing, model.Segment{Seq: 1, Ctl: model.FIN | model.ACK}),
			with(arrival(model.Established, model.Established, model.Segment{Seq: 1, Ctl: model.FIN | model.ACK}), func(s *Step) { s.To.RcvNxt = 2 }),
		},
		goodSteps: []Step{
			arrival(model.Established, model.Established, model.Segment{Seq: 1, Ctl: model.FIN | model.ACK}),
			arrival(model.Established, model.CloseWait, aFin),
		},
	},
	"fin-number": {
		badSteps: []Step{
			// It changes.
			{Before: Memory{Fin: 1}, After: Memory{Fin: 1}, Effect: model.Effect{Sent: model.Segment{Seq: 1, Ctl: model.FIN | model.ACK}}},
			{Before: Memory{Fin: 2, Sent: 1}, After: Memory{Fin: 2, Sent: 1}, Effect: model.Effect{Sent: model.Segment{Seq: 0, Ctl: model.FIN | model.ACK}}},
			// Data follow it, now or have before.
			{Before: Memory{Fin: 1}, After: Memory{Fin: 1, Sent: 1}, Effect: model.Effect{Sent: model.Segment{Seq: 0, Len: 1, Ctl: model.ACK}}},
			{Before: Memory{Sent: 1}, After: Memory{Fin: 1, Sent: 1}, Effect: model.Effect{Sent: aFin}},
		},
		goodSteps: []Step{
			{Before: Memory{}, After: Memory{Fin: 1}, Effect: model.Effect{Sent: aFin}},
			{Before: Memory{Fin: 1}, After: Memory{Fin: 1}, Effect: model.Effect{Sent: aFin}},
			{Before: Memory{Fin: 2, Sent: 1}, After: Memory{Fin: 2, Sent: 1}, Effect: model.Effect{Sent: model.Segment{Seq: 0, Len: 1, Ctl: model.ACK}}},
			{Before: Memory{Fin: 2, Sent: 1}, After: Memory{Fin: 2, Sent: 1}, Effect: model.Effect{Sent: model.Segment{Seq: 0, Len: 1, Ctl: model.FIN | model.ACK}}},
			{Before: Memory{Fin: 1}, After: Memory{}, Effect: model.Effect{Sent: model.Segment{Seq: 7, Ctl: model.RST}}},
		},
	},
	"frozen": {
		badSteps: []Step{
			with(arrival(model.CloseWait, model.CloseWait, model.Segment{Seq: 1, Len: 1, Ctl: model.ACK}), func(s *Step) { s.To.RcvNxt = 2 }),
			with(arrival(model.TimeWait, model.TimeWait, aFin), func(s *Step) { s.To.RcvNxt = 2 }),
		},
		goodSteps: []Step{
			arrival(model.CloseWait, model.CloseWait, aFin),
			arrival(model.Established, model.CloseWait, aFin),
			arrival(model.TimeWait, model.Closed, lateRST),
		},
	},
	"ack-of-sent": {
		badSteps:  []Step{arrival(model.Established, model.Established, ackOfFin), arrival(model.Established, model.CloseWait, model.Segment{Ack: 1, Ctl: model.FIN | model.ACK})},
		goodSteps: []Step{arrival(model.FinWait1, model.FinWait2, ackOfFin), arrival(model.Closed, model.Closed, ackOfFin), arrival(model.Established, model.Closed, lateRST)},
	},
	"old-text":       {words: againText},
	"old-fin":        {words: again0 + "time-wait-reuse=bare"},
	"old-syn":        {words: again0 + "time-wait-reuse=bare"},
	"old-ack":        {words: again0 + "time-wait-reuse=bare"},
	"old-rst":        {words: again0 + "time-wait-reuse=bare"},
	"in-step":        {words: again0 + "time-wait-reuse=bare"},
	"hazard-1":       {words: againText},
	"hazard-2":       {words: again0 + "time-wait-reuse=bare"},
	"hazard-3":       {words: again0 + "time-wait-reuse=bare"},
	"kept-out":       {words: again0 + "time-wait-reuse=bare"},
	"first-attempt":  {words: again0 + "time-wait-reuse=linux timestamps=on loss=off capacity=8"},
	"syn-taken":      {words: again0 + "time-wait-reuse=may-2 fault=syn-in-time-wait-acked"},
	"replaced-late":  {words: again0 + "connect-reuse=at-once fault=fin-wait-2-reused"},
	"acknowledges":   {words: tiny + "fault=no-ack-in-close-wait"},
	"keeps-trying":   {words: tiny + "fault=no-retransmit-in-closing"},
	"resends":        {words: tiny + "fault=resent-fin-moves"},
	"time-wait-ends": {words: tiny + "closing-timer=absent"},
	"rst-ends":       {words: "a-octets=0 msl=1 rto=1 r2=1 a-reads=slowly a-close-is=full fault=rst-takes-number"},
	"rst-answers-rst": {
		badSteps:  []Step{arrival(model.Closed, model.Closed, aRST, aRST)},
		goodSteps: []Step{arrival(model.Closed, model.Closed, aFin, aRST), arrival(model.Established, model.Established, lateRST, someAck)},
	},
	"rst-origin": {
		badSteps: []Step{
			arrival(model.Established, model.Closed, aFin, aRST),
			arrival(model.Closed, model.Closed, aRST, aRST),
			with(timeoutOf(model.FinWait1, model.Closed, model.Retransmission), func(s *Step) { s.Effect.Sent = aRST }),
			with(callOf(model.Closed, model.Closed, model.Close), func(s *Step) { s.Effect.Sent = aRST }),
		},
		goodSteps: []Step{arrival(model.Closed, model.Closed, aFin, aRST), arrival(model.Closed, model.Closed, aRST)},
	},
	"no-reset": {words: "a-octets=0 b-octets=0"},
	"told":     {words: tiny + "late-reset=silent"},
	"end-of-file": { // the peer has written nothing
		badSteps: []Step{
			{Arrived: aFin, Effect: model.Effect{Told: model.ToldEOF | model.ToldClosed}, After: Memory{Delivered: 1}},
			{Kind: model.Calls, Call: model.Receive, Effect: model.Effect{Told: model.ToldEOF}, After: Memory{Delivered: 2}},
		},
		goodSteps: []Step{
			{Arrived: aFin, Effect: model.Effect{Told: model.ToldEOF}},
			{Arrived: aFin, After: Memory{Delivered: 1}},
			{From: model.TCB{Orphan: true}, Arrived: aFin, Effect: model.Effect{Told: model.ToldEOF}, After: Memory{Delivered: 1}},
		},
	},
	"close-at-once": {words: tiny + "a-buffer=0 fin-wait-1-entered=with-fin"},
	"readable":      {words: "a-octets=0 msl=1 rto=1 r2=1 a-reads=slowly read-after-fin=error"},
	"window": {
		badSteps: []Step{{Arrived: model.Segment{Len: 1, Ctl: model.FIN | model.ACK}, Effect: model.Effect{Clauses: model.ClausesOf(model.WindowTrims)}}},
		goodSteps: []Step{
			{Arrived: model.Segment{Len: 1, Ctl: model.FIN | model.ACK}},
			{Arrived: aFin, Effect: model.Effect{Clauses: model.ClausesOf(model.WindowTrims)}}, // a probe
		},
	},
	"half-close": {words: tiny + "fin-wait-2=1 fin-wait-2-timer=all"},
	"delivered": {
		badStates: [][2]End{
			ends(endIn(model.Closed, Memory{Ended: Normal, Written: 1}), endIn(model.Closed, Memory{Ended: Normal})),
			ends(endIn(model.Closed, Memory{Ended: Normal}), endIn(model.Closed, Memory{Ended: Normal, Delivered: 1})),
		},
		goodStates: [][2]End{
			ends(endIn(model.Closed, Memory{Ended: Normal, Written: 1}), endIn(model.Closed, Memory{Ended: Normal, Delivered: 1})),
			ends(endIn(model.Closed, Memory{Ended: Reset, Written: 1}), endIn(model.Closed, Memory{Ended: Normal})),
		},
	},
	"agreement": {words: "a-octets=0 b-octets=0"},
	"rest":      {words: tiny + "b-closes=never"},
}

// No property is one that cannot fail.
func TestTeeth(t *testing.T) {
	c := parse(t, "a-buffer=1 fin-wait-2=1 a-reads=slowly") // to which all properties apply
	for _, p := range Properties {
		t.Run(p.Name, func(t *testing.T) {
			tooth, ok := teeth[p.Name]
			require.True(t, ok, "no tooth")
			if tooth.words != "" {
				require.Empty(t, tooth.badSteps)
				require.Empty(t, tooth.badStates)
				r, err := Check(context.Background(), parse(t, tooth.words), []*Property{p}, Options{UntilFound: true})
				require.NoError(t, err)
				require.Equal(t, Violated, r.Findings[0].Verdict)
				return
			}
			list := p.Patterns(c)
			bites := func(matches func(*Pattern) bool) bool {
				return slices.ContainsFunc(list, func(pat Pattern) bool { return matches(&pat) })
			}
			step := func(s Step) bool {
				e := edge{moves: [2]*Step{&s}}
				return bites(func(pat *Pattern) bool { return e.matches(pat, model.A) })
			}
			state := func(ends [2]End) bool {
				var n node
				for side, e := range ends {
					n.Ends[side], n.memory[side] = e.TCB, e.Memory
				}
				return bites(func(pat *Pattern) bool {
					return pat.Kind == explore.States && (n.matches(pat, model.A) || n.matches(pat, model.B))
				})
			}
			require.NotEmpty(t, len(tooth.badSteps)+len(tooth.badStates))
			require.NotEmpty(t, len(tooth.goodSteps)+len(tooth.goodStates))
			for i, s := range tooth.badSteps {
				assert.True(t, step(s), "bad step %d", i)
			}
			for i, s := range tooth.goodSteps {
				assert.False(t, step(s), "good step %d", i)
			}
			for i, s := range tooth.badStates {
				assert.True(t, state(s), "bad state %d", i)
			}
			for i, s := range tooth.goodStates {
				assert.False(t, state(s), "good state %d", i)
			}
		})
	}
	assert.Len(t, teeth, len(Properties))
}

// coverage is where the arrows and the pairs of states are looked for: together
// these have everything that a connection can do.
var coverage = []string{
	"a-octets=0 b-octets=0",
	"a-octets=0 msl=1 rto=1 r2=1 capacity=1",
	"a-octets=0 msl=2 rto=1 r2=1",
	tiny + "b-fails=abort",
	tiny + "b-fails=abort abort-state=time-wait",
	"b-octets=0 msl=1 rto=1 r2=1 capacity=1 b-reads=slowly b-fails=die",
	tiny + "b-fails=crash",
	"a-octets=0 b-octets=0 msl=2 rto=3 r2=1 user-timeout=2 user-timeout-runs=any-state",
	"b-octets=0 msl=1 rto=2 r2=1 capacity=1 user-timeout=1",
	tiny + "keepalive=2 keepalive-probes=1",
	tiny + "a-close-is=full fin-wait-2=2",
	"a-octets=0 msl=1 rto=1 r2=1 capacity=1 a-close-is=full b-buffer=1",
	opening + "a-opens=either b-opens=either",
	opening + "a-opens=either b-opens=either b-fails=abort",
	opening + "a-opens=either b-opens=either b-fails=crash",
	"start=closed a-octets=0 b-octets=0 msl=1 rto=2 r2=1 capacity=1 a-opens=either b-opens=either user-timeout=1",
	again0 + "time-wait-reuse=may-2",
	"start=closed a-octets=0 b-octets=0 msl=1 rto=1 r2=1 reopen=1",
	again0 + "connect-reuse=at-once capacity=1",
}

// opening is connections that are opened, without data.
const opening = "start=closed a-octets=0 b-octets=0 msl=1 rto=1 r2=1 capacity=1 "

// seenIn tells which of the patterns are seen, with either side as self, in some
// run of a configuration of coverage.
func seenIn(t *testing.T, list []Pattern) []bool {
	t.Helper()
	if half := len(list) / 2; 2*len(list) > explore.MaxWatches {
		return append(seenIn(t, list[:half]), seenIn(t, list[half:])...)
	}
	seen := make([]bool, len(list))
	for _, words := range coverage {
		p := newProduct(systemOf(t, parse(t, words)), list)
		e, err := explore.ExploreProduct(context.Background(), &p.Product, explore.Options{})
		require.NoError(t, err)
		require.True(t, e.Complete())
		for i := range list {
			watches, _ := first(e, i)
			seen[i] = seen[i] || len(watches) > 0
		}
	}
	return seen
}

// Every arrow is taken in some run.
func TestArrows(t *testing.T) {
	var list []Pattern
	var names []string
	for _, a := range slices.Concat(Figure5, FurtherArrows) {
		list = append(list, Pattern{Kind: explore.Steps, Step: func(s *Step) bool {
			return s.From.State == a.From && s.To.State == a.To && a.Is(s)
		}})
		names = append(names, fmt.Sprintf("%s to %s: %s (%s)", a.From, a.To, a.Cause, a.Source))
	}
	for i, seen := range seenIn(t, list) {
		if *printPins && !seen {
			fmt.Println("never taken:", names[i])
		}
		assert.Equal(t, !neverTaken[names[i]], seen, names[i])
	}
}

// neverTaken is the arrows that no run takes.
var neverTaken = map[string]bool{}

// Every pair of states that a side and its peer may be in is reached in some run.
func TestPeersOf(t *testing.T) {
	var list []Pattern
	var names []string
	for _, st := range synchronized {
		for _, peer := range peersOf[st] {
			list = append(list, Pattern{
				Kind: explore.States,
				Self: func(e *End) bool { return e.State == st },
				Peer: func(e *End) bool { return e.State == peer },
			})
			names = append(names, fmt.Sprintf("%s with %s", st, peer))
		}
	}
	for i, seen := range seenIn(t, list) {
		if *printPins && !seen {
			fmt.Println("never reached:", names[i])
		}
		assert.Equal(t, !neverReached[names[i]], seen, names[i])
	}
	// If a state goes with another, that goes with it.
	require.Len(t, peersOf, len(synchronized))
	for _, st := range synchronized {
		for _, peer := range peersOf[st] {
			assert.Contains(t, peersOf[peer], st, "%s with %s", peer, st)
		}
	}
}

// neverReached is the pairs of peersOf that no run reaches.
var neverReached = map[string]bool{}
