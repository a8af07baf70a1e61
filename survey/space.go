package survey

import (
	"context"

	"tcpclose/explore"
	"tcpclose/explore/product"
	"tcpclose/internal/join"
	"tcpclose/internal/lang"
	"tcpclose/invariants"
	"tcpclose/model"
	"tcpclose/trace"
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

// ExploreSpace explores the system of c, and searches for where it violates those of
// properties that forbid states or steps, part by part, and apply to c; those of whole
// runs, and those that do not apply, are left out.
func ExploreSpace(ctx context.Context, c model.Config, properties []*invariants.Property, o product.Options) (*Space, error) {
	return exploreSpace(ctx, c, nil, properties, o)
}

// ExploreAfter does the same from where a run ends, which is the start of the space.
func ExploreAfter(ctx context.Context, run *trace.Trace, properties []*invariants.Property, o product.Options) (*Space, error) {
	if run.Counted {
		return nil, lang.Errorf("after a run: want one of a network that does not count")
	}
	return exploreSpace(ctx, run.Config, run, properties, o)
}

func exploreSpace(ctx context.Context, c model.Config, after *trace.Trace, properties []*invariants.Property, o product.Options) (*Space, error) {
	y, err := model.NewSystem(c)
	if err != nil {
		return nil, err
	}
	if err := invariants.ValidateAll(c, properties); err != nil {
		return nil, err
	}
	var s *Space
	_, err = join.Again(invariants.NoMonitors, func(run invariants.Monitors) (missing invariants.Monitors, err error) {
		if s, err = newSpace(y, properties); err != nil {
			return 0, err
		}
		s.product.Monitors |= run
		if after != nil {
			s.product.Begin(after)
		}
		within, stop := context.WithCancel(ctx)
		defer stop()
		s.product.Stop = stop
		if s.explored, err = product.Explore(within, &s.product.Product, o); err != nil {
			return 0, err
		}
		s.Result = s.explored.Result
		missing, _ = s.product.Missing()
		return missing, nil
	})
	if err != nil {
		return nil, err
	}
	return s, nil
}

// newSpace returns a space that is not explored yet.
func newSpace(y *model.System, properties []*invariants.Property) (*Space, error) {
	s := &Space{Config: y.Config}
	var all []invariants.Pattern
	for _, p := range properties {
		if p.Liveness != nil || p.Applies != nil && p.Applies(s.Config) != "" {
			continue
		}
		list := p.PatternsIn(s.Config)
		switch {
		case p.Alike != nil:
			return nil, lang.Errorf("property %s: compares all runs of two configurations: where it is violated cannot be shown", p.Name)
		case len(list) == 0:
			return nil, lang.Errorf("property %s: compares parts of the system with each other: where it is violated cannot be shown", p.Name)
		}
		j := placed{property: p}
		all, j.at = join.Place(all, list)
		s.judged = append(s.judged, j)
	}
	s.product = join.New(y, all)
	s.product.LabelEnd = func(side model.Side, step *invariants.Step) uint32 { return s.labels.Number(occurrence(side, step)) }
	s.product.LabelLoss = func(side model.Side, g model.Segment) uint32 {
		return s.labels.Number(Occurrence{Kind: model.Losses, Side: side, Arrived: SortOf(g)})
	}
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
