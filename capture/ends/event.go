package ends

import "tcpclose/model"

// An event is what can happen at an end: a call, a timeout, or a segment of some kind
// that arrives.
type event uint8

const (
	opens event = iota // or listens
	sends
	closes
	releases
	aborts
	crashes
	receives
	outputs  // what waits is sent
	acks     // an acknowledgement is sent that was delayed, or tells of a window
	resends  // or probes
	givesUp  // after retransmissions, probes or a time
	waitEnds // of TIME-WAIT or FIN-WAIT-2
	leaves   // for another connection

	arrivals // from here on
)

// A segment that arrives has a kind, a place beside RCV.NXT, and a place of its
// acknowledgement beside SND.UNA.
type (
	content uint8
	place   uint8
)

const (
	nothing content = iota
	text
	fin
	textFin
)

const (
	exact place = iota // or at what is outstanding
	old
	ahead // or at the end's FIN
)

// onFin is the place of an acknowledgement of the end's FIN.
const onFin = ahead

const (
	// ancients are segments at RCV.NXT with an acknowledgement that is too old (RFC 5961, 5).
	ancients      = arrivals + 4*3*3
	rstArrives    = ancients + 4
	synArrives    = rstArrives + 3*2
	synAckArrives = synArrives + 2

	numEvents = synAckArrives + 2
)

var _ [64 - numEvents]struct{} // each has a bit

func arrival(c content, seq, ack place) event {
	return arrivals + event(c)*9 + event(seq)*3 + event(ack)
}

func rstArrival(seq place, acks bool) event {
	e := rstArrives + 2*event(seq)
	if acks {
		e++
	}
	return e
}

// parts returns what arrives.
func (v event) parts() (c content, seq, ack place) {
	if v >= ancients {
		return content(v - ancients), exact, old
	}
	n := v - arrivals
	return content(n / 9), place(n / 3 % 3), place(n % 3)
}

// events is a set of events.
type events uint64

func (s events) has(v event) bool { return s>>v&1 != 0 }

func eventsOf(list ...event) (s events) {
	for _, v := range list {
		s |= 1 << v
	}
	return s
}

// Events that can happen at any time; those that take some; and everything that can
// arrive.
var (
	atAnyTime    = (events(1)<<arrivals - 1) &^ eventsOf(givesUp, leaves)
	anyArrival   = (events(1)<<numEvents - 1) &^ (1<<arrivals - 1)
	spacedArrive = spaced(anyArrival, exact) | spaced(anyArrival, ahead)
)

// spaced returns those of s that bring text or a FIN in a place.
func spaced(s events, at place) (list events) {
	for v := arrivals; v < rstArrives; v++ {
		if c, seq, _ := v.parts(); s.has(v) && c != nothing && seq == at {
			list |= 1 << v
		}
	}
	return list
}

// segments returns the segments that v stands for, as they arrive at t.
func (v event) segments(t model.TCB) []model.Segment {
	synchronized := t.State >= model.Established
	r := t.RcvNxt
	at := func(p place) model.Seq {
		switch p {
		case old:
			return r - 1
		case ahead:
			return r + 1
		}
		return r
	}
	switch {
	case v >= synAckArrives: // the SYN of the connection is 0
		g := model.Segment{Ctl: model.SYN | model.ACK, Ack: t.SndNxt}
		if v > synAckArrives {
			g.Ack = t.SndNxt + 1
			if synchronized || t.State == model.SynReceived {
				g.Seq = r + 1
			}
		}
		return []model.Segment{g}
	case v >= synArrives:
		g := model.Segment{Ctl: model.SYN}
		if v > synArrives {
			g.Seq = r + 1
		}
		return []model.Segment{g}
	case v >= rstArrives:
		n := v - rstArrives
		g := model.Segment{Ctl: model.RST, Seq: at(place(n / 2))}
		if n%2 != 0 {
			g.Ctl, g.Ack = model.RST|model.ACK, t.SndNxt
		}
		return []model.Segment{g}
	}
	c, seq, ack := v.parts()
	g := model.Segment{Ctl: model.ACK, Seq: at(seq)}
	if c == text || c == textFin {
		g.Len = 1
	}
	if c == fin || c == textFin {
		g.Ctl |= model.FIN
	}
	if seq == old && c == textFin {
		g.Seq--
	}
	if synchronized && t.FinReceived() && c != nothing && seq != old {
		return nil // there is nothing after its FIN
	}
	if synchronized && !t.FinReceived() && (c == fin || c == textFin) && seq == old {
		return nil
	}
	var list []model.Segment
	for _, a := range acknowledges(t, ack) {
		g.Ack, g.Wnd = a, model.Wide
		list = append(list, g)
		if t.Queued > t.SndNxt {
			g.Wnd = model.WindowOf(uint8(max(0, t.SndNxt-a)))
			list = append(list, g)
		}
	}
	return list
}

// acknowledges returns the numbers that an acknowledgement in a place has.
func acknowledges(t model.TCB, at place) []model.Seq {
	switch {
	case t.State <= model.Listen && at == onFin: // the number is that of the RST
		return []model.Seq{ownFin + 1}
	case t.State <= model.Listen:
		return []model.Seq{ownFin}
	case t.State < model.Established && at == old:
		return []model.Seq{t.SndUna}
	case t.State < model.Established:
		return []model.Seq{t.SndNxt}
	case at == onFin && !t.FinSent():
		return nil
	case at == onFin:
		return []model.Seq{t.SndNxt}
	case at == old || t.FinAcked():
		return []model.Seq{t.SndUna - 1}
	}
	list := []model.Seq{t.SndUna}
	if top := min(t.SndNxt, t.Written); top > t.SndUna {
		list = append(list, top)
	}
	return list
}
