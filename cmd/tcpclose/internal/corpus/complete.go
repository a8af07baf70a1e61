package corpus

import (
	"tcpclose/model"
	"tcpclose/trace"
)

// most bounds the events that complete a run.
const most = 80

// complete lets a run go on without faults: what is in transit arrives in order, users
// read and close, and time goes on where nothing else can happen. It ends when both ends
// are in CLOSED or TIME-WAIT and nothing is in transit.
func complete(t *trace.Trace) (*trace.Trace, error) {
	y, err := t.System()
	if err != nil {
		return nil, err
	}
	out := *t
	for range most {
		s := out.States[len(out.States)-1]
		if over(&s) {
			break
		}
		a, ok := next(y, s)
		if !ok {
			break
		}
		o, ok := y.Step(s, a)
		if !ok || o.Overflow || o.To == s {
			break
		}
		out.Events = append(out.Events[:len(out.Events):len(out.Events)], trace.Event{Action: a, Outcome: o})
		out.States = append(out.States[:len(out.States):len(out.States)], o.To)
	}
	return &out, nil
}

func over(s *model.State) bool {
	for _, side := range model.Sides {
		switch s.Ends[side].State {
		case model.Closed, model.Listen, model.TimeWait:
		default:
			return false
		}
		for _, p := range s.Nets[side].List() {
			if !p.Spare {
				return false
			}
		}
	}
	return true
}

// rank orders what comes next: the delivery of the segment that was sent first, a
// timeout, a call that ends the connection, a tick.
func rank(a model.Action, s *model.State) int {
	switch {
	case a.Kind == model.Deliveries && !a.Packet.Spare && firstOf(a, s):
		return 1
	case a.Kind == model.Timeouts:
		return 2
	case a.Kind == model.Calls && a.Call == model.Receive:
		return 3
	case a.Kind == model.Calls && (a.Call == model.Close || a.Call == model.Release):
		if s.Ends[model.A].Outstanding() || s.Ends[model.B].Outstanding() {
			return 5 // what was lost comes first
		}
		return 4
	case a.Kind == model.Ticks:
		return 4 // behind calls, which come first
	}
	return last
}

const last = 9

// firstOf reports whether nothing but copies is in transit before the packet.
func firstOf(a model.Action, s *model.State) bool {
	for _, p := range s.Nets[a.Side].List()[:a.Place] {
		if !p.Spare {
			return false
		}
	}
	return true
}

// next returns the action that comes next, if one does.
func next(y *model.System, s model.State) (best model.Action, ok bool) {
	least := last
	for _, a := range y.Actions(nil, s) {
		if n := rank(a, &s); n < least {
			best, least = a, n
		}
	}
	return best, least < last
}
