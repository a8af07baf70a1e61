package invariants

import (
	"context"

	"tcpclose/explore"
	"tcpclose/model"
)

// A Space is every reachable state and step of a configuration, one by one.
type Space struct {
	Config   model.Config
	Result   explore.Result
	product  *product
	explored *explore.ExploredProduct
}

// A SpaceStep is a step of a Space.
type SpaceStep struct {
	Occurrence
	To int // the number of the state it leads to
}

// ExploreSpace explores the system of c.
func ExploreSpace(ctx context.Context, c model.Config, o explore.Options) (*Space, error) {
	y, err := model.NewSystem(c)
	if err != nil {
		return nil, err
	}
	p := newProduct(y, nil)
	p.labelled = true
	e, err := explore.ExploreProduct(ctx, &p.Product, o)
	if err != nil {
		return nil, err
	}
	return &Space{c, e.Result, p, e}, nil
}

// Each calls visit with every state, in the order of a breadth-first search, and with
// the steps from it; see explore.ExploredProduct.Each.
func (s *Space) Each(ctx context.Context, visit func(number int, state *model.State, open bool, steps []SpaceStep) error) error {
	var list []SpaceStep
	return s.explored.Each(ctx, func(number int, t explore.Tuple, open bool, steps []explore.NumberedStep) error {
		state, _ := s.product.state(t)
		list = list[:0]
		for _, step := range steps {
			list = append(list, SpaceStep{s.product.occurrenceOf(step.Route, step.Label), step.To})
		}
		return visit(number, &state, open, list)
	})
}
