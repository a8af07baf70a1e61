package join

import (
	"tcpclose/invariants"
	"tcpclose/model"
)

// Note has list note what the parts are, and what they do, in the exploration of p.
func (p *Product) Note(list ...invariants.Classes) {
	p.noted = list
	init := p.begin()
	for _, side := range model.Sides {
		r := invariants.NewReading(p.Monitors)
		value := End{init.Ends[side], init.records[side]}
		at := value.seen(r)
		endPart{p, side}.note(nil, &at, r)
		netPart{p, side}.note(&invariants.NetStep{Packets: init.Nets[side].List()})
	}
	if w := p.Model.Box(); w != nil {
		p.noteBox(invariants.BoxStill(w, init.Box))
	} else {
		p.noteBox(&noBox)
	}
}

// noteBox notes what the box does in s, and what it is after it.
func (p *Product) noteBox(s *invariants.BoxStep) {
	for _, c := range p.noted {
		c.Box(s)
		c.Box(invariants.BoxStill(s.Rules, s.To))
	}
}

// note notes what an end does in s, and what it is after it; s is nil if it does nothing.
func (e endPart) note(s *invariants.Step, at *invariants.End, r *invariants.Reading) {
	for _, c := range e.noted {
		if s != nil {
			c.End(e.side, s, true)
		}
		c.End(e.side, at.Still(), false)
	}
	if m := r.Missing(); m != invariants.NoMonitors {
		e.missed.Or(uint32(m))
		if e.Stop != nil {
			e.Stop()
		}
	}
	r.Reset()
}

// note notes what a direction of the network does in s, and what it is after it.
func (n netPart) note(s *invariants.NetStep) {
	for _, c := range n.noted {
		c.Net(n.side, s)
		c.Net(n.side, &invariants.NetStep{Packets: s.Packets})
	}
}
