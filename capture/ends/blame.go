package ends

import (
	"strings"

	"tcpclose/capture"
	"tcpclose/model"
)

// mostBlamed bounds the connections whose faults an observer looks for, unless it is told
// otherwise: that takes long.
const mostBlamed = 20

// mostLost bounds the frames of which it is tried whether their loss explains a doubt.
const mostLost = 12

// blame looks for the frame whose loss explains what is doubtful, and for the seeded
// faults that explain it, or what is wrong, with less taken for granted.
func (o *Observer) blame(c capture.Connection, near Near, x *Explanation, r *course) {
	if x.Wrong == nil && len(x.Doubts) == 0 || o.Blames <= 0 {
		return
	}
	o.Blames--
	for i := range x.Doubts {
		o.lost(c, near, &x.Doubts[i], r)
	}
	for _, f := range model.Faults()[1:] {
		if f.Info().Chooses() != "" {
			continue // every alternative has been tried
		}
		if o.faulty == nil {
			o.faulty = map[model.Fault]*machine{}
		}
		m := o.faulty[f]
		if m == nil {
			m = newMachine(model.AllOptions(), f)
			o.faulty[f] = m
		}
		for i := range x.Doubts {
			d := &x.Doubts[i]
			if o.worth(m, d, r) && m.admits(c, near, d.End, d.Index, d.Trust-1) {
				d.Causes = append(d.Causes, f)
			}
		}
		if w := x.Wrong; w != nil && w.Why == NotPossible && m.admits(c, near, w.End, w.Index, Late) {
			w.Causes = append(w.Causes, f)
		}
	}
}

// admits reports whether an end can have done all up to a frame, with no more taken for
// granted than trust.
func (m *machine) admits(c capture.Connection, near Near, side capture.Side, index int, trust Trust) bool {
	m.limited(trust)
	m.trim()
	r := m.followed(c, near, 0, only(side), index+1)
	return !r.tired && r.bad < 0 && len(m.list[r.ends[side].set]) > 0
}

func only(side capture.Side) (which [2]bool) {
	which[side] = true
	return which
}

// lost looks for the frame of which d is the consequence.
func (o *Observer) lost(c capture.Connection, near Near, d *Doubt, r *course) {
	passed := r.ends[d.End].passed
	for i, tried := len(passed)-1, 0; i >= 0 && tried < mostLost; i-- {
		p := &passed[i]
		if p.frame > d.Frame {
			continue
		}
		tried++
		if r := o.m.follow(c, near, p.frame); !r.tired && !r.doubted(d) {
			d.Lost, d.Due = p.frame, o.m.due(p)
			return
		}
	}
}

// worth reports whether an end with the fault of m may do without the answer that is
// missing, where that is known.
func (o *Observer) worth(m *machine, d *Doubt, r *course) bool {
	if d.Lost == 0 {
		return true
	}
	for _, p := range r.ends[d.End].passed {
		if p.frame != d.Lost {
			continue
		}
		for _, e := range o.m.elementsOf(p.was) {
			differs := false
			p.kinds.each(func(v event) {
				for _, e := range m.of(e.Condition, v) {
					differs = differs || e.sent == 0
				}
			})
			if differs && e.trust < Late && e.State >= model.Established {
				return true
			}
		}
	}
	return false
}

// doubted reports whether the end of d is in doubt as d is, or was before.
func (r *course) doubted(d *Doubt) bool {
	for _, x := range r.doubts {
		if x.End == d.End && x.Index <= d.Index && x.Trust >= d.Trust {
			return true
		}
	}
	return false
}

// due returns what an end sends when what has passed towards it arrives.
func (m *machine) due(p *crossing) (list []Answer) {
	for _, e := range m.elementsOf(p.was) {
		if e.trust > m.least(p.was) || e.State < model.Established {
			continue
		}
		p.kinds.each(func(v event) {
			for _, d := range m.of(e.Condition, v) {
				if d.sent == 0 || d.soft {
					continue
				}
				a := Answer{Sends: d.sent.String(), From: e.State, Clauses: d.all}
				for i := range list {
					if list[i].Sends == a.Sends && list[i].From == a.From {
						list[i].Clauses = list[i].Clauses.Union(a.Clauses)
						return
					}
				}
				list = append(list, a)
			}
		})
	}
	return list
}

// String names the segment by its control bits, and whether it has text.
func (s emission) String() string {
	var words []string
	for _, b := range []struct {
		bit  emission
		name string
	}{{sentSYN, "SYN"}, {sentFIN, "FIN"}, {sentRST, "RST"}, {sentACK, "ACK"}, {sentText, "text"}} {
		if s&b.bit != 0 {
			words = append(words, b.name)
		}
	}
	return strings.Join(words, ",")
}
