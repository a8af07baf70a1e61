package join

import (
	"tcpclose/explore/product"
	"tcpclose/model"
)

// UseSymmetry has the search keep one of two states in which a and b have changed
// places.
func (p *Product) UseSymmetry() {
	x := &product.Exchange{Parts: [][2]int{
		{EndOf(model.A), EndOf(model.B)},
		{netOf(model.A), netOf(model.B)},
	}}
	for i := range p.patterns {
		x.Watches = append(x.Watches, [2]int{2*i + int(model.A), 2*i + int(model.B)})
	}
	p.Product.Exchange = x
}
