package invariants

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/explore"
	"tcpclose/model"
)

// Each test here kills a mutant of one operator that no other test noticed.

// fixed is parts of which each gives its answer.
type fixed struct {
	ends, nets [2]bool
	box        bool
}

func (f fixed) End(side model.Side, _ *Step, _ bool) bool { return f.ends[side] }
func (f fixed) Net(side model.Side, _ *NetStep) bool      { return f.nets[side] }
func (f fixed) Box(*BoxStep) bool                         { return f.box }

// A pattern by parts matches if each part does. (Pattern.Matches.)
func TestMutant_Parts(t *testing.T) {
	n := &Snapshot{}
	for i := range 32 {
		f := fixed{[2]bool{i&1 == 0, i&2 == 0}, [2]bool{i&4 == 0, i&8 == 0}, i&16 == 0}
		p := &Pattern{Parts: f}
		assert.Equal(t, i == 0, p.Matches(n, model.A), "%+v", f)
	}
}

// A pattern that is about one side is not looked for with the other as self.
// (Pattern.Matches.)
func TestMutant_Only(t *testing.T) {
	n := &Snapshot{}
	for _, side := range model.Sides {
		n.Ends[side] = (&End{}).Still()
	}
	p := &Pattern{Kind: explore.States, Only: []model.Side{model.B}}
	assert.False(t, p.Matches(n, model.A))
	assert.True(t, p.Matches(n, model.B))
}

// A held FIN is accepted once. (held-fin.)
func TestMutant_HeldFin(t *testing.T) {
	p, err := Find("held-fin")
	require.NoError(t, err)
	list := p.Patterns(model.Default())
	require.Len(t, list, 1)
	held := Step{From: model.TCB{State: model.Established, HeldFin: true}, To: model.TCB{State: model.CloseWait}}
	assert.True(t, list[0].Step(&held))
	again := held
	again.From.State = model.CloseWait
	assert.False(t, list[0].Step(&again))
	not := held
	not.From.HeldFin = false
	assert.False(t, list[0].Step(&not))
	not = held
	not.To.State = model.Established
	assert.False(t, list[0].Step(&not))
}

// A condition on states counts once for each group, one on steps for itself.
// (CountConditions.)
func TestMutant_CountConditions(t *testing.T) {
	states, steps := CountConditions([]*Condition{
		{"one", Pattern{Kind: explore.States}}, {"two", Pattern{Kind: explore.Steps}}, {"three", Pattern{Kind: explore.Steps}},
	})
	assert.Equal(t, 2, steps)
	assert.Equal(t, 1, states)
}

// A SYN of the peer's connection that is known is no attempt at the next one.
// (s.Of.From < s.From.Peer in attempt.)
func TestMutant_Attempt(t *testing.T) {
	s := &Step{From: model.TCB{State: model.Listen}, Arrived: model.Segment{Ctl: model.SYN}, Of: model.Tag{From: 2}}
	s.From.Peer = 2
	assert.False(t, attempt(s, model.Default(), true))
	s.Of.From = 3
	assert.True(t, attempt(s, model.Default(), true))
}

// Only an end that refuses orphans is reset by the user's leaving. (r.orphanKept ==
// OrphanRefused in reading.resets.)
func TestMutant_OrphanRefused(t *testing.T) {
	s := &Step{From: model.TCB{State: model.CloseWait}, Kind: model.Calls, Call: model.Release}
	assert.True(t, reading{orphanKept: model.OrphanRefused}.resets(s))
	assert.False(t, reading{}.resets(s))
	s.Call = model.Close
	assert.False(t, reading{orphanKept: model.OrphanRefused}.resets(s))
}

// Late data anywhere are those of an orphan behind RCV.NXT, before the peer's FIN.
// (reading.resets.)
func TestMutant_LateDataAnywhere(t *testing.T) {
	r := reading{lateData: model.LateDataAnywhere}
	late := Step{From: model.TCB{State: model.FinWait2, Orphan: true, RcvNxt: 1}, Kind: model.Deliveries, Arrived: model.Segment{Seq: 2, Len: 1, Ctl: model.ACK}}
	assert.True(t, r.resets(&late))
	for name, change := range map[string]func(*Step){
		"not late":    func(s *Step) { s.Arrived.Seq = 1 },
		"no orphan":   func(s *Step) { s.From.Orphan = false },
		"FIN was":     func(s *Step) { s.From.State = model.TimeWait },
		"without any": func(s *Step) { s.Arrived.Len = 0 },
	} {
		s := late
		change(&s)
		assert.False(t, r.resets(&s), name)
	}
	assert.False(t, reading{}.resets(&late))
}

// By the acknowledgement they are only those that acknowledge what was sent.
func TestMutant_LateDataValid(t *testing.T) {
	r := reading{lateData: model.LateDataValid}
	late := Step{From: model.TCB{State: model.FinWait2, Orphan: true, SndNxt: 3, RcvNxt: 1}, Kind: model.Deliveries}
	late.Arrived = model.Segment{Seq: 2, Len: 1, Ack: 3, Ctl: model.ACK}
	assert.True(t, r.resets(&late))
	late.Arrived.Ack = 4
	assert.False(t, r.resets(&late))
	late.Arrived.Ack, late.Arrived.Ctl = 3, model.FIN
	assert.False(t, r.resets(&late))
}

// A user timeout of one tick is one. (e.UserTimeout > 1 in user-timeout-ends.)
func TestMutant_UserTimeout(t *testing.T) {
	c := model.Default()
	p, err := Find("user-timeout-ends")
	require.NoError(t, err)
	assert.NotEmpty(t, p.Applies(c))
	c.Ends[model.A].UserTimeout = 1
	assert.Empty(t, p.Applies(c))
}

// A FIN that probes is alone, at RCV.NXT, and refused. (fin-probes.)
func TestMutant_FinProbes(t *testing.T) {
	c := model.Default()
	p, err := Find("fin-probes")
	require.NoError(t, err)
	list := p.Patterns(c)
	require.Len(t, list, 1)
	probe := Step{From: model.TCB{State: model.Established, RcvNxt: 1}, Arrived: model.Segment{Seq: 1, Ctl: model.FIN | model.ACK}}
	assert.False(t, list[0].Step(&probe), "it is accepted")
	probe.Effect.Clauses = model.ClausesOf(model.SeqAnswers)
	assert.True(t, list[0].Step(&probe))
	for name, change := range map[string]func(*Step){
		"text":  func(s *Step) { s.Arrived.Len = 1 },
		"old":   func(s *Step) { s.Arrived.Seq = 0 },
		"no":    func(s *Step) { s.Arrived.Ctl = model.ACK },
		"ahead": func(s *Step) { s.Arrived.Seq = 2 },
	} {
		s := probe
		change(&s)
		assert.False(t, list[0].Step(&s), name)
	}
}

// A first connection is opened, not opened again. (opensAgain.)
func TestMutant_OpensAgain(t *testing.T) {
	for life, want := range []bool{false, false, true} {
		assert.Equal(t, want, opensAgain(&End{TCB: model.TCB{State: model.SynSent, Host: model.Host{Life: uint8(life)}}}), "life %d", life)
	}
	assert.False(t, opensAgain(&End{TCB: model.TCB{State: model.Established, Host: model.Host{Life: 2}}}))
}
