package ends

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"tcpclose/capture"
	"tcpclose/model"
	"tcpclose/stacks/wire"
)

// Why an RST was sent is certain if all explanations agree, also those that take the most for
// granted; if one has another cause, or several, or has it sent before the capture, it is not.
func TestReset_Certain(t *testing.T) {
	m := newMachine(model.AllOptions(), 0)
	sent := func(by model.Clause, trust Trust) element {
		return element{Condition: Condition{Opened: true, Got: trust == Missing}, reset: by, did: true, trust: trust}
	}
	before := element{Condition: Condition{Opened: true, Fin: true}, trust: Missing}
	for name, is := range map[string]struct {
		list    []element
		by      []model.Clause
		certain bool
	}{
		"one":             {[]element{sent(model.AbortResets, Complete)}, []model.Clause{model.AbortResets}, true},
		"all alike":       {[]element{sent(model.AbortResets, Complete), sent(model.AbortResets, Missing)}, []model.Clause{model.AbortResets}, true},
		"two likely ones": {[]element{sent(model.AbortResets, Complete), sent(model.ReleaseResets, Complete)}, []model.Clause{model.ReleaseResets, model.AbortResets}, false},
		"another":         {[]element{sent(model.AbortResets, Complete), sent(model.ReleaseResets, Missing)}, []model.Clause{model.AbortResets}, false},
		"several":         {[]element{sent(model.AbortResets, Complete), sent(several, Missing)}, []model.Clause{model.AbortResets}, false},
		"sent before":     {[]element{sent(model.AbortResets, Complete), before}, []model.Clause{model.AbortResets}, false},
	} {
		t.Run(name, func(t *testing.T) {
			x := m.end(m.intern(is.list), &follower{m: m, reset: 5})
			assert.Equal(t, 5, x.Reset.Frame)
			assert.ElementsMatch(t, is.by, x.Reset.By)
			assert.Equal(t, is.certain, x.Reset.Certain)
		})
	}
	assert.Nil(t, m.end(m.intern([]element{before}), &follower{m: m}).Reset)
}

// A client aborts after a half-close, as kernels have done it, and its RST overtakes its FIN:
// the timestamps tell the order. What else could have happened, its user was told.
func TestExplain_ToldAborted(t *testing.T) {
	const c, s = capture.Client, capture.Server
	frames := []capture.Seen{
		{From: c, Ctl: wire.SYN},
		{From: s, Ack: 1, Ctl: wire.SYN | wire.ACK},
		{From: c, Seq: 1, Ack: 1, Ctl: wire.ACK},
		{From: c, Seq: 2, Ack: 1, Ctl: wire.RST | wire.ACK},
		{From: s, Seq: 1, Ack: 1, Ctl: wire.ACK},
		{From: c, Seq: 1, Ack: 1, Ctl: wire.FIN | wire.ACK},
		{From: s, Seq: 1, Ack: 2, Ctl: wire.FIN | wire.ACK},
		{From: c, Seq: 2, Ctl: wire.RST},
	}
	micros := []int{0, 23, 31007, 41340, 41378, 47503, 47584, 72461}
	stamps := []uint32{585, 964, 621, 635, 1005, 635, 1012, 0}
	for i := range frames {
		f := &frames[i]
		f.Frame, f.At = i+1, time.Duration(micros[i])*time.Microsecond
		if f.Ctl != wire.RST {
			f.Wnd, f.Opts.Stamped, f.Opts.Stamp = 64000, true, stamps[i]
		}
	}
	x := NewObserver().Explain(capture.Connection{Frames: frames, Shaken: true}, AtServer)
	assert.Equal(t, model.ToldAborted, x.Ends[c].Told)
	assert.Zero(t, x.Ends[s].Told, "the capture may miss a frame")
}
