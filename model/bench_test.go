package model

import "testing"

func BenchmarkSegmentArrives(b *testing.B) {
	k := Default().Stack(A)
	for _, bench := range []struct {
		name string
		t    TCB
		g    Segment
	}{
		{"FIN", TCB{State: FinWait2, SndUna: 1, SndNxt: 1}, Segment{Ack: 1, Ctl: FIN | ACK}},
		{"ACK", TCB{State: FinWait1, SndNxt: 1, Cuts: 1, Rto: 2}, Segment{Ack: 1, Ctl: ACK}},
		{"old FIN", TCB{State: TimeWait, SndUna: 1, SndNxt: 1, RcvNxt: 1, Wait: 3}, Segment{Ack: 1, Ctl: FIN | ACK}},
		{"CLOSED", TCB{}, Segment{Ack: 1, Ctl: FIN | ACK}},
	} {
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				k.SegmentArrives(bench.t, bench.g)
			}
		})
	}
}

// What exploring a state costs: its actions, and the step by each. The states are
// the first thousand of the default configuration, by breadth.
func BenchmarkActionsAndStep(b *testing.B) {
	y := newSystem(b, "")
	states := []State{y.Init()}
	seen := map[State]bool{y.Init(): true}
	for i := 0; len(states) < 1000; i++ {
		for _, a := range y.Actions(nil, states[i]) {
			if o, _ := y.Step(states[i], a); !seen[o.To] {
				seen[o.To] = true
				states = append(states, o.To)
			}
		}
	}
	var actions []Action
	steps, i := 0, 0
	b.ReportAllocs()
	for b.Loop() {
		s := states[i%len(states)]
		i++
		actions = y.Actions(actions[:0], s)
		for _, a := range actions {
			y.Step(s, a)
			steps++
		}
	}
	b.ReportMetric(float64(steps)/float64(b.N), "steps/op")
}
