package survey

import (
	"context"

	"tcpclose/explore"
	"tcpclose/explore/product"
	"tcpclose/internal/join"
	"tcpclose/invariants"
	"tcpclose/model"
)

// A Space is every reachable state and step of a configuration, with where it
// violates some properties.
type Space struct {
	Config   model.Config
	Result   explore.Result
	judged   []placed
	product  *join.Product
	explored *product.Explored
	labels   product.Numbering[Occurrence]
}

// A placed property has its patterns at these places.
type placed struct {
	property *invariants.Property
	at       []int
}

// A SpaceStep is a step of a Space.
type SpaceStep struct {
	Occurrence
	To int // the number of the state it leads to
}

// ExploreSpace explores the system of c, and looks out for where it violates those of
// properties that forbid states or steps and apply to c; the others are left out.
func ExploreSpace(ctx context.Context, c model.Config, properties []*invariants.Property, o product.Options) (*Space, error) {
	y, err := model.NewSystem(c)
	if err != nil {
		return nil, err
	}
	s := &Space{Config: c}
	var all []invariants.Pattern
	for _, p := range properties {
		if p.Liveness != nil || p.Applies != nil && p.Applies(c) != "" {
			continue
		}
		j := placed{property: p}
		all, j.at = join.Place(all, p.Patterns(c))
		s.judged = append(s.judged, j)
	}
	s.product = join.New(y, all)
	s.product.LabelEnd = func(side model.Side, step *invariants.Step) uint32 { return s.labels.Number(occurrence(side, step)) }
	s.product.LabelLoss = func(side model.Side, g model.Segment) uint32 {
		return s.labels.Number(Occurrence{Kind: model.Losses, Side: side, Arrived: SortOf(g)})
	}
	if s.explored, err = product.Explore(ctx, &s.product.Product, o); err != nil {
		return nil, err
	}
	s.Result = s.explored.Result
	return s, nil
}

// Each calls visit with every state, in the order of a breadth-first search, and with
// the steps from it; see product.Explored.Each.
func (s *Space) Each(ctx context.Context, visit func(number int, state *model.State, open bool, steps []SpaceStep) error) error {
	var list []SpaceStep
	return s.explored.Each(ctx, func(number int, t product.Tuple, open bool, steps []product.NumberedStep) error {
		state, _ := s.product.State(t)
		list = list[:0]
		for _, step := range steps {
			list = append(list, SpaceStep{s.occurrenceOf(step.Route, step.Label), step.To})
		}
		return visit(number, &state, open, list)
	})
}
