package invariants

import (
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

// tcb returns an endpoint that has sent everything, without data, that st says, and
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

// remembers returns what is read of a record.
func remembers(k Record) Memory { return k.Memory(nil) }

func ends(a, b End) [2]End { return [2]End{a, b} }

func endIn(st model.ConnState, m Memory) End { return End{TCB: tcb(st), Memory: m} }

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

// with returns s, changed.
func with(s Step, change func(*Step)) Step {
	change(&s)
	return s
}

// Configurations: the smallest in which a connection closes with some variety, and
// connections that are opened again with the numbers of before, without data and
// with an octet.
const (
	smallest  = "a-octets=0 b-octets=0 msl=2 rto=1 r2=1 "
	reopened  = "a-octets=0 b-octets=0 msl=1 rto=1 r2=1 reopen=1 a-isn=same b-isn=same "
	withOctet = "a-octets=0 msl=1 rto=1 r2=1 reopen=1 a-isn=same b-isn=same time-wait-reuse=bare"
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
			ends(endIn(model.CloseWait, remembers(Record{role: Active})), End{}),
			ends(End{}, endIn(model.LastAck, remembers(Record{role: Active}))),
		},
		goodStates: [][2]End{
			ends(endIn(model.LastAck, remembers(Record{role: Passive})), endIn(model.TimeWait, remembers(Record{role: Active}))),
			ends(endIn(model.CloseWait, Memory{}), endIn(model.FinWait1, remembers(Record{role: Active}))),
		},
	},
	"passive-closer": {
		badStates: [][2]End{
			ends(endIn(model.FinWait1, remembers(Record{role: Passive})), End{}),
			ends(endIn(model.FinWait2, remembers(Record{role: Passive})), End{}),
			ends(End{}, endIn(model.Closing, remembers(Record{role: Passive}))),
			ends(End{}, endIn(model.TimeWait, remembers(Record{role: Passive}))),
		},
		goodStates: [][2]End{
			ends(endIn(model.LastAck, remembers(Record{role: Passive})), endIn(model.TimeWait, remembers(Record{role: Active}))),
			ends(endIn(model.Closing, remembers(Record{role: Active})), endIn(model.Closing, remembers(Record{role: Active}))),
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
	"time-wait-2msl":     {words: smallest + "time-wait-restart=never"},
	"time-wait-unbroken": {words: smallest},
	"quiet":              {words: "a-octets=0 b-octets=0"},
	"quiet-fin":          {words: "a-octets=0 b-octets=0"},
	"one-waits": {
		badStates: [][2]End{ends(endIn(model.Closed, remembers(Record{ended: Normal})), endIn(model.Closed, remembers(Record{ended: Normal})))},
		goodStates: [][2]End{
			ends(endIn(model.Closed, remembers(Record{ended: Normal, waited: true})), endIn(model.Closed, remembers(Record{ended: Normal}))),
			ends(endIn(model.Closed, remembers(Record{ended: Reset})), endIn(model.Closed, remembers(Record{ended: Normal}))),
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
			{Before: remembers(Record{fin: 1}), After: remembers(Record{fin: 1}), Effect: model.Effect{Sent: model.Segment{Seq: 1, Ctl: model.FIN | model.ACK}}},
			{Before: remembers(Record{fin: 2, sent: 1}), After: remembers(Record{fin: 2, sent: 1}), Effect: model.Effect{Sent: model.Segment{Seq: 0, Ctl: model.FIN | model.ACK}}},
			// Data follow it, now or have before.
			{Before: remembers(Record{fin: 1}), After: remembers(Record{fin: 1, sent: 1}), Effect: model.Effect{Sent: model.Segment{Seq: 0, Len: 1, Ctl: model.ACK}}},
			{Before: remembers(Record{sent: 1}), After: remembers(Record{fin: 1, sent: 1}), Effect: model.Effect{Sent: aFin}},
		},
		goodSteps: []Step{
			{Before: Memory{}, After: remembers(Record{fin: 1}), Effect: model.Effect{Sent: aFin}},
			{Before: remembers(Record{fin: 1}), After: remembers(Record{fin: 1}), Effect: model.Effect{Sent: aFin}},
			{Before: remembers(Record{fin: 2, sent: 1}), After: remembers(Record{fin: 2, sent: 1}), Effect: model.Effect{Sent: model.Segment{Seq: 0, Len: 1, Ctl: model.ACK}}},
			{Before: remembers(Record{fin: 2, sent: 1}), After: remembers(Record{fin: 2, sent: 1}), Effect: model.Effect{Sent: model.Segment{Seq: 0, Len: 1, Ctl: model.FIN | model.ACK}}},
			{Before: remembers(Record{fin: 1}), After: Memory{}, Effect: model.Effect{Sent: model.Segment{Seq: 7, Ctl: model.RST}}},
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
	"old-text":       {words: withOctet},
	"old-fin":        {words: reopened + "time-wait-reuse=bare"},
	"old-syn":        {words: reopened + "time-wait-reuse=bare"},
	"old-ack":        {words: reopened + "time-wait-reuse=bare"},
	"old-rst":        {words: reopened + "time-wait-reuse=bare"},
	"in-step":        {words: reopened + "time-wait-reuse=bare"},
	"hazard-1":       {words: withOctet},
	"hazard-2":       {words: reopened + "time-wait-reuse=bare"},
	"hazard-3":       {words: reopened + "time-wait-reuse=bare"},
	"kept-out":       {words: reopened + "time-wait-reuse=bare"},
	"first-attempt":  {words: reopened + "time-wait-reuse=linux timestamps=on loss=off capacity=8"},
	"syn-taken":      {words: reopened + "time-wait-reuse=may-2 fault=syn-in-time-wait-acked"},
	"replaced-late":  {words: reopened + "connect-reuse=at-once fault=fin-wait-2-reused"},
	"acknowledges":   {words: smallest + "fault=no-ack-in-close-wait"},
	"keeps-trying":   {words: smallest + "fault=no-retransmit-in-closing"},
	"resends":        {words: smallest + "fault=resent-fin-moves"},
	"time-wait-ends": {words: smallest + "closing-timer=absent"},
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
	"told":     {words: smallest + "late-reset=silent"},
	"end-of-file": { // the peer has written nothing
		badSteps: []Step{
			{Arrived: aFin, Effect: model.Effect{Told: model.ToldEOF | model.ToldClosed}, After: remembers(Record{delivered: 1})},
			{Kind: model.Calls, Call: model.Receive, Effect: model.Effect{Told: model.ToldEOF}, After: remembers(Record{delivered: 2})},
		},
		goodSteps: []Step{
			{Arrived: aFin, Effect: model.Effect{Told: model.ToldEOF}},
			{Arrived: aFin, After: remembers(Record{delivered: 1})},
			{From: model.TCB{Orphan: true}, Arrived: aFin, Effect: model.Effect{Told: model.ToldEOF}, After: remembers(Record{delivered: 1})},
		},
	},
	"close-at-once": {words: smallest + "a-buffer=0 fin-wait-1-entered=with-fin"},
	"readable":      {words: "a-octets=0 msl=1 rto=1 r2=1 a-reads=slowly read-after-fin=error"},
	"window": {
		badSteps: []Step{{Arrived: model.Segment{Len: 1, Ctl: model.FIN | model.ACK}, Effect: model.Effect{Clauses: model.ClausesOf(model.WindowTrims)}}},
		goodSteps: []Step{
			{Arrived: model.Segment{Len: 1, Ctl: model.FIN | model.ACK}},
			{Arrived: aFin, Effect: model.Effect{Clauses: model.ClausesOf(model.WindowTrims)}}, // a probe
		},
	},
	"half-close": {words: smallest + "fin-wait-2=1 fin-wait-2-timer=all"},
	"delivered": {
		badStates: [][2]End{
			ends(endIn(model.Closed, remembers(Record{ended: Normal, written: 1})), endIn(model.Closed, remembers(Record{ended: Normal}))),
			ends(endIn(model.Closed, remembers(Record{ended: Normal})), endIn(model.Closed, remembers(Record{ended: Normal, delivered: 1}))),
		},
		goodStates: [][2]End{
			ends(endIn(model.Closed, remembers(Record{ended: Normal, written: 1})), endIn(model.Closed, remembers(Record{ended: Normal, delivered: 1}))),
			ends(endIn(model.Closed, remembers(Record{ended: Reset, written: 1})), endIn(model.Closed, remembers(Record{ended: Normal}))),
		},
	},
	"agreement": {words: "a-octets=0 b-octets=0"},
	"rest":      {words: smallest + "b-closes=never"},

	"opens":            {words: "a-octets=0 b-octets=0 reopen=1 time-wait-rst=ignored msl=8 delay=1 loss=off duplicate=off reorder=off capacity=4"},
	"syn-answered":     {words: reopened + "a-fails=crash a-closes=never fault=syn-ignored"},
	"fin-wait-2-ends":  {words: "a-octets=0 b-octets=1 msl=2 rto=2 r2=1 loss=off duplicate=off reorder=off capacity=4 a-close-is=full fin-wait-2=4 late-data=ack fault=fin-wait-2-restarts"},
	"zero-window-kept": {words: "a-octets=0 b-octets=0 b-buffer=0 b-closes=never msl=2 rto=2 r2=1 loss=off duplicate=off reorder=off capacity=4 a-close-is=full orphan-probes=counted"},
	"unread-kept":      {words: "a-octets=0 msl=1 rto=1 r2=1 loss=off duplicate=off reorder=off capacity=4 a-reads=slowly b-fails=abort"},
}

// No property is one that cannot fail.
func TestTeeth(t *testing.T) {
	c, err := model.ParseConfig("a-buffer=1 fin-wait-2=1 a-reads=slowly") // to which all properties apply
	require.NoError(t, err)
	for _, p := range Properties {
		t.Run(p.Name, func(t *testing.T) {
			tooth, ok := teeth[p.Name]
			require.True(t, ok, "no tooth")
			if tooth.words != "" {
				require.Empty(t, tooth.badSteps)
				require.Empty(t, tooth.badStates)
				return // TestTeeth_Check checks it
			}
			list := p.Patterns(c)
			bites := func(matches func(*Pattern) bool) bool {
				return slices.ContainsFunc(list, func(pat Pattern) bool { return matches(&pat) })
			}
			// With nothing in transit.
			fits := func(pat *Pattern, peer End) bool {
				return (pat.Peer == nil || pat.Peer(&peer)) && (pat.Out == nil || pat.Out(nil)) && (pat.In == nil || pat.In(nil))
			}
			step := func(s Step) bool {
				return bites(func(pat *Pattern) bool { return pat.Kind == explore.Steps && pat.Step(&s) && fits(pat, End{}) })
			}
			state := func(ends [2]End) bool {
				return bites(func(pat *Pattern) bool {
					is := func(self, peer End) bool { return (pat.Self == nil || pat.Self(&self)) && fits(pat, peer) }
					return pat.Kind == explore.States && (is(ends[0], ends[1]) || is(ends[1], ends[0]))
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
