package observe

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tcpclose/model"
	"tcpclose/stacks/adapter"
)

// Whatever a stack does, the observer says something of it.
func TestObserve_Anything(t *testing.T) {
	number := rapid.OneOf(rapid.Int64Range(-2, 8), rapid.Int64Range(-2, 8), rapid.Int64Range(-maxNumber, maxNumber), rapid.Int64Range(-1<<31, 1<<31-1))
	told := []adapter.Told{adapter.Done, adapter.Waits, adapter.EOF, adapter.Reset, adapter.None, adapter.Other}
	states := []string{"", "", "", "CLOSED", "LISTEN", "SYN-SENT", "SYN-RECEIVED", "ESTABLISHED", "FIN-WAIT-1", "FIN-WAIT-2", "FIN-WAIT-2/mini", "CLOSING", "TIME-WAIT", "no state"}
	real := Real()
	real.Unseen = Unseen{Calls: true, Transit: Span{0, time.Second}, Reorder: true}
	for name, rules := range map[string]Rules{"exact": Open(testConfig(), time.Second), "real": Real(), "unseen": real} {
		rules.States = name != "unseen"
		o, err := New(rules)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(name, rapid.MakeCheck(func(t *rapid.T) {
			run := Run{Name: "any", Events: []Event{{Kind: Opens, Active: rapid.Bool().Draw(t, "active")}}}
			at := time.Duration(0)
			for range rapid.IntRange(0, 10).Draw(t, "events") {
				e := Event{Kind: Kind(rapid.IntRange(0, int(numKinds)-1).Draw(t, "kind"))}
				if rapid.IntRange(0, 3).Draw(t, "waits") == 0 {
					at += time.Duration(rapid.IntRange(0, 100000).Draw(t, "time")) * time.Millisecond
				}
				e.At = at
				g := &e.Segment
				g.Ctl = model.Ctl(rapid.SampledFrom([]int{0, 1, 2, 4, 8, 9, 9, 10, 12, 15}).Draw(t, "ctl"))
				g.Seq, g.Len, g.Wnd = number.Draw(t, "seq"), max(0, number.Draw(t, "len")), max(-1, number.Draw(t, "wnd"))
				if g.Ctl.Has(model.ACK) {
					g.Ack = number.Draw(t, "ack")
				}
				e.Call = adapter.Call(rapid.IntRange(0, 4).Draw(t, "call"))
				e.Octets = rapid.IntRange(0, 9).Draw(t, "octets")
				e.Answer = &adapter.Answer{Told: rapid.SampledFrom(told).Draw(t, "told"), Octets: rapid.IntRange(0, 9).Draw(t, "took")}
				e.State = rapid.SampledFrom(states).Draw(t, "state")
				run.Events = append(run.Events, e)
			}
			o.Observe(run)
		}))
	}
}

// Runs that a draw of TestObserve_Anything found: what they lead to has no bits below 0.
func TestObserve_BelowInitial(t *testing.T) {
	unseen := Real()
	unseen.Unseen = Unseen{Calls: true, Transit: Span{0, time.Second}, Reorder: true}
	text := Event{Kind: Sends, Segment: Segment{Len: 3}}
	syn := Event{Kind: Arrives, Segment: Segment{Ctl: model.SYN, Wnd: 2}}
	for name, events := range map[string][]Event{
		"text is sent, and the end listens": {{Kind: Opens}, with(text, "ESTABLISHED"), {Kind: Calls, State: "LISTEN"}, syn},
		"SYN-SENT after text":               {{Kind: Opens}, with(text, "SYN-SENT"), {Kind: Arrives, Segment: Segment{Ctl: model.SYN | model.ACK, Ack: 3}}, {Kind: Opens, State: "LISTEN"}, syn},
		"SYN below the initial number": {{Kind: Opens, Active: true}, {Kind: Sends, Segment: Segment{Ctl: model.SYN}},
			{Kind: Arrives, Segment: Segment{Ctl: model.SYN | model.ACK, Seq: -3, Ack: 1, Len: 1}}, {Kind: Arrives, Segment: Segment{Ctl: model.ACK, Seq: -1, Ack: 1, Len: 2}}},
	} {
		for _, rules := range []Rules{Open(testConfig(), time.Second), Real(), unseen} {
			o, err := New(rules)
			if err != nil {
				t.Fatal(err)
			}
			if r := o.Observe(Run{Name: name, Events: events}); len(r.Deviations) == 0 && !strings.HasPrefix(name, "SYN below") {
				t.Errorf("%s: no deviation", name)
			}
		}
	}
}

func with(e Event, state string) Event {
	e.State = state
	return e
}
