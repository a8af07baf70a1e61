package product

import (
	"tcpclose/explore"
)

// System shows p as an opaque system, computing every move again: slow and
// obvious, for tests and for drawing. It is Bounded: a step that a bound cuts
// leads to the zero Tuple, which is no state, and Within refuses it.
func (p *Product) System() explore.System[Tuple, Pick] { return productSystem{p} }

type productSystem struct{ *Product }

func (p productSystem) Init() []Tuple { return p.Product.Init }

func (p productSystem) Steps(dst []explore.Step[Tuple, Pick], s Tuple) []explore.Step[Tuple, Pick] {
	for r, route := range p.Routes {
		for m, lead := range p.Parts[route.Lead].Offer(nil, r, s[route.Lead]) {
			if to, ok := p.follow(route, s, lead); ok {
				dst = append(dst, explore.Step[Tuple, Pick]{Action: Pick{r, m}, To: to})
			}
		}
	}
	return dst
}

func (p productSystem) Within(_ Tuple, _ Pick, to Tuple) bool { return to != Tuple{} }

// follow returns the step along route that starts with the move lead. The first move
// that is refused or cut decides.
func (p *Product) follow(route Route, s Tuple, lead Move) (to Tuple, ok bool) {
	to = s
	var moves []Move
	changed := false
	take := func(part int, m Move) (goes bool) {
		changed = changed || m.To != to[part] && !m.Still
		to[part] = m.To
		moves = append(moves, m)
		return !m.Refuse && m.Bound == ""
	}
	goes := take(route.Lead, lead)
	for i := 0; goes && i < len(route.Hops); i++ {
		h := route.Hops[i]
		in := moves[h.From].Out
		if h.Port == Note {
			in = moves[h.From].Note
		}
		m := Move{To: to[h.Part]}
		if in != 0 {
			m = p.Parts[h.Part].React(to[h.Part], in)
		}
		goes = take(h.Part, m)
	}
	if !goes {
		return Tuple{}, !moves[len(moves)-1].Refuse
	}
	return to, !(route.Idle && (to == s || !changed))
}
