package join

import (
	"fmt"

	"tcpclose/explore"
	"tcpclose/explore/product"
	"tcpclose/trace"
)

// trace is the run along a path. It is replayed through the model: that
// the fast search and the model disagree would be an error of this program.
func (p *Product) Trace(path explore.Path[product.Tuple, product.Pick]) (*trace.Trace, error) {
	t := &trace.Trace{Config: p.Model.Config, Counted: p.Model.Medium().Counted, Loop: -1}
	s, _ := p.State(path.States[0])
	t.States = append(t.States, s)
	for i, pick := range path.Actions {
		a := p.action(s, pick)
		want, _ := p.State(path.States[i+1])
		o, ok := p.Model.Step(s, a)
		if !ok || o.Overflow || o.To != want {
			return nil, fmt.Errorf("the trace does not replay: event %d, %v, leads to %+v in the search and to %+v (possible: %v) in the model", i+1, a, want, o.To, ok)
		}
		t.Events = append(t.Events, trace.Event{Action: a, Outcome: o})
		t.States = append(t.States, o.To)
		s = o.To
	}
	if s := t.States[0]; s != p.Model.Init() {
		return nil, fmt.Errorf("the trace does not replay: it begins in %+v", s)
	}
	return t, nil
}
