package invariants

import (
	"tcpclose/explore"
	"tcpclose/model"
)

// exchange is a and b in each other's place.
func (p *Product) UseSymmetry() *explore.Exchange {
	x := &explore.Exchange{Parts: [][2]int{
		{EndOf(model.A), EndOf(model.B)},
		{netOf(model.A), netOf(model.B)},
	}}
	for i := range p.patterns {
		x.Watches = append(x.Watches, [2]int{2*i + int(model.A), 2*i + int(model.B)})
	}
	return x
}
