package ends

import (
	"strings"

	"tcpclose/capture"
	"tcpclose/model"
)

// mostBlamed bounds the connections whose faults are looked for: that takes long.
const mostBlamed = 20

// blame looks for the seeded faults that explain what is doubtful or wrong.
func (o *Observer) blame(c capture.Connection, near Near, x *Explanation) {
	if x.Wrong == nil && len(x.Doubts) == 0 || o.blamed >= mostBlamed {
		return
	}
	o.blamed++
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
		r := m.follow(c, near)
		for i := range x.Doubts {
			d := &x.Doubts[i]
			if !r.doubted(d) && (r.bad < 0 || r.bad > d.Index) {
				d.Causes = append(d.Causes, f)
			}
		}
		if w := x.Wrong; w != nil && (r.bad < 0 || r.bad > w.Index) {
			w.Causes = append(w.Causes, f)
		}
	}
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

// due returns what an end sends when what has passed towards it last arrives.
func (m *machine) due(f *follower) (list []Answer) {
	for _, e := range m.elementsOf(f.last.was) {
		if e.trust > m.least(f.last.was) {
			continue
		}
		f.last.kinds.each(func(v event) {
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
