package ends

import (
	"encoding/binary"
	"hash/fnv"
	"net/netip"
	"slices"

	"tcpclose/capture"
	"tcpclose/model"
)

// A Profile is the decisions of a stack: of those that it does not make, all
// alternatives.
type Profile struct {
	Name    string
	Options model.Options
}

// A Learner finds out which decisions the hosts of a capture can make in all of their
// connections. What takes for granted that something was lost close to an end, or is
// missing, refutes nothing, and a connection that needs that teaches nothing.
type Learner struct {
	o        *Observer
	profiles []Profile
	control  *machine
	narrowed []narrowing
	hosts    map[netip.Addr]*Host
	order    []*Host
	shapes   map[shape]bool
}

// A narrowing is a profile, or one alternative of one decision.
type narrowing struct {
	*machine
	of model.Decision
	is model.Choice
}

// A shape is what connections have in common that teach the same of a host.
type shape struct {
	host netip.Addr
	hash uint64
}

// A Host is what was learned of one.
type Host struct {
	Addr      netip.Addr
	Ends      int // of connections that were looked at
	Profiles  []Refutation
	Decisions []Decided // those with an alternative that is refuted
	refuted   []Refutation
}

// A Refutation is the first frame that an end with a profile, or an alternative, cannot
// have sent, or by which it had to have sent another. Frame 0 is none.
type Refutation struct {
	Profile Profile
	Frame   int
}

// Decided contains what is left of the alternatives of a decision.
type Decided struct {
	Decision model.Decision
	Left     []model.Choice
	Not      []Excluded
}

// Excluded is an alternative with what refutes it.
type Excluded struct {
	Choice model.Choice
	Frame  int
}

// Bounds of what a learner looks at.
const (
	mostHosts  = 16
	mostShapes = 48
)

// uncounted are the decisions that depend on what a [Condition] does not have: how often
// something was tried, and when.
var uncounted = []model.Decision{model.FirstResend, model.GiveUpWhen, model.OrphanProbes, model.KeepAliveLimit, model.TimeWaitReuse, model.ConnectReuse}

// learnable returns o with all alternatives of what cannot be learned here.
func learnable(o model.Options) model.Options {
	all := model.AllOptions()
	for _, d := range uncounted {
		o[d] = all[d]
	}
	return o
}

// NewLearner returns a learner of those profiles.
func (o *Observer) NewLearner(profiles []Profile) *Learner {
	l := &Learner{o: o, profiles: profiles, control: o.m.narrowed(model.AllOptions(), Rare), hosts: map[netip.Addr]*Host{}, shapes: map[shape]bool{}}
	for _, p := range profiles {
		l.narrowed = append(l.narrowed, narrowing{machine: o.m.narrowed(learnable(p.Options), Rare)})
	}
	for d := range model.NumDecisions {
		if slices.Contains(uncounted, d) {
			continue
		}
		for c := range d.Info().Alternatives {
			options := model.AllOptions()
			options[d] = 1 << c
			l.narrowed = append(l.narrowed, narrowing{o.m.narrowed(options, Rare), d, model.Choice(c)})
		}
	}
	return l
}

// Learn looks at a connection that was explained.
func (l *Learner) Learn(c capture.Connection, x *Explanation) {
	if x.Unknown || x.Wrong != nil || c.Left > 0 || others(c) {
		return
	}
	for _, side := range capture.Sides {
		doubted := false
		for _, d := range x.Doubts {
			doubted = doubted || d.End == side
		}
		if !doubted {
			l.learn(c, x.Place.near(), side)
		}
	}
}

// learn looks at an end of a connection.
func (l *Learner) learn(c capture.Connection, near Near, side capture.Side) {
	addr := c.Addrs[side].Addr()
	h := l.hosts[addr]
	if h == nil && len(l.hosts) == mostHosts {
		return
	}
	r, bad := l.control.ruledOut(c, near, side)
	if r.tired || bad >= 0 {
		return
	}
	if h == nil {
		h = &Host{Addr: addr, refuted: make([]Refutation, len(l.narrowed))}
		l.hosts[addr] = h
		l.order = append(l.order, h)
	}
	h.Ends++
	s := shape{addr, r.hash(c, side)}
	if l.shapes[s] || len(l.shapes) >= mostShapes {
		return
	}
	l.shapes[s] = true
	for i, n := range l.narrowed {
		if h.refuted[i].Frame > 0 {
			continue
		}
		if r, bad := n.ruledOut(c, near, side); bad >= 0 && !r.tired {
			h.refuted[i].Frame = c.Frames[bad].Frame
		}
	}
}

// ruledOut follows an end, and returns the first frame after which nothing explains it;
// -1 if there is none.
func (m *machine) ruledOut(c capture.Connection, near Near, side capture.Side) (*course, int) {
	m.trim()
	r := m.followed(c, near, 0, only(side), len(c.Frames))
	for i, after := range r.after {
		if after[side] == 0 {
			return r, i
		}
	}
	return r, r.bad
}

// hash returns a number that is the same for connections in which an end has been through
// the same.
func (r *course) hash(c capture.Connection, side capture.Side) uint64 {
	h := fnv.New64a()
	for i, after := range r.after {
		var b [7]byte
		binary.LittleEndian.PutUint32(b[:], uint32(after[side]))
		b[4], b[5] = byte(c.Frames[i].From)^byte(side), byte(c.Frames[i].Ctl)
		b[6] = byte(min(1, c.Frames[i].Len))
		h.Write(b[:])
	}
	return h.Sum64()
}

// Hosts returns what was learned of those hosts of which something was refuted, in the
// order in which they came.
func (l *Learner) Hosts() (list []*Host) {
	for _, h := range l.order {
		h.Profiles, h.Decisions = nil, nil
		decisions := map[model.Decision]*Decided{}
		some := false
		for i, n := range l.narrowed {
			f := h.refuted[i].Frame
			some = some || f > 0
			if i < len(l.profiles) {
				h.Profiles = append(h.Profiles, Refutation{l.profiles[i], f})
				continue
			}
			d := decisions[n.of]
			if d == nil {
				d = &Decided{Decision: n.of}
				decisions[n.of] = d
			}
			if f > 0 {
				d.Not = append(d.Not, Excluded{n.is, f})
			} else {
				d.Left = append(d.Left, n.is)
			}
		}
		for d := range model.NumDecisions {
			if x := decisions[d]; x != nil && len(x.Not) > 0 {
				h.Decisions = append(h.Decisions, *x)
			}
		}
		if some {
			list = append(list, h)
		}
	}
	return list
}

// Because returns a decision of a profile that is refuted, for which it is.
func (h *Host) Because(p Profile) (d model.Decision, frame int, ok bool) {
	for _, x := range h.Decisions {
		choice, fixed := p.Options.Choice(x.Decision)
		for _, not := range x.Not {
			if fixed && not.Choice == choice {
				return x.Decision, not.Frame, true
			}
		}
	}
	return 0, 0, false
}
