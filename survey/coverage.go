package survey

import (
	"context"
	"reflect"
	"time"

	"tcpclose/explore"
	"tcpclose/explore/product"
	"tcpclose/internal/join"
	"tcpclose/invariants"
	"tcpclose/model"
)

// A Coverage is what the states and steps of a configuration are made of: which
// clauses are followed, and why there are so many states.
type Coverage struct {
	Config model.Config
	Result explore.Result
	Time   time.Duration
	// Clauses is in how many steps each is followed, by its number; 0 is never.
	Clauses [model.NumClauses]int
	Actions []ActionCount
	Parts   []PartCount
}

// An ActionCount is the steps of one kind.
type ActionCount struct {
	Name  string `json:"name"` // as deliver a: what a has sent is delivered
	Steps int    `json:"steps"`
	New   int    `json:"new"` // of these, to states that a breadth-first search had not met
}

// A PartCount is how many values a part of the state has.
type PartCount struct {
	Name   string       `json:"name"`
	Values int          `json:"values"`
	Fields []FieldCount `json:"fields"` // those that have more than one value
}

// A FieldCount is how many values a field of a part has.
type FieldCount struct {
	Name   string `json:"name"`
	Values int    `json:"values"`
}

// Cover explores the system of c, and counts what its states and steps are made of.
// It fails if ctx ends before all that was explored is counted.
func Cover(ctx context.Context, c model.Config, o product.Options) (*Coverage, error) {
	y, err := model.NewSystem(c)
	if err != nil {
		return nil, err
	}
	start := time.Now()
	p := join.New(y, nil)
	var labels product.Numbering[model.Clauses]
	p.LabelEnd = func(_ model.Side, s *invariants.Step) uint32 { return labels.Number(s.Effect.Clauses) }
	e, err := product.Explore(ctx, &p.Product, o)
	if err != nil {
		return nil, err
	}
	r := &Coverage{Config: c, Result: e.Result}
	for _, route := range p.Routes {
		r.Actions = append(r.Actions, ActionCount{Name: route.Name})
	}
	values := make([]map[product.Value]bool, len(p.Parts))
	for i := range values {
		values[i] = map[product.Value]bool{}
	}
	followed := map[uint32]int{} // by label
	met := len(p.Init)
	err = e.Each(ctx, func(number int, t product.Tuple, _ bool, steps []product.NumberedStep) error {
		for i := range values {
			if !values[i][t[i]] {
				values[i][t[i]] = true
			}
		}
		for _, s := range steps {
			a := &r.Actions[s.Route]
			a.Steps++
			if s.To == met {
				met++
				a.New++
			}
			if s.Label != 0 {
				followed[s.Label]++
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for label, n := range followed {
		for _, clause := range labels.Value(label).List() {
			r.Clauses[clause] += n
		}
	}
	for i, set := range values {
		r.Parts = append(r.Parts, partCount(p, i, set))
	}
	r.Time = time.Since(start)
	return r, nil
}

// partCount counts the values of a part, and of its fields.
func partCount(p *join.Product, part int, values map[product.Value]bool) PartCount {
	fields := newFieldCounter()
	for v := range values {
		switch {
		case part < join.PartNets:
			fields.add(p.Ends.Value(uint32(v)).TCB)
		case part < join.PartBudget:
			c := p.Nets.Value(uint32(v))
			fields.addOne("segments in transit", int(c.N))
			for _, packet := range c.Packets[:c.N] {
				fields.addOne("different segments", packet.Segment)
				fields.addOne("ages", packet.Age)
			}
		case p.BoxPart() > 0 && part == p.BoxPart():
			fields.add(p.Boxes.Value(uint32(v)))
		default:
			fields.add(p.Budgets.Value(uint32(v)).Left)
		}
	}
	name := "budget"
	switch {
	case part < join.PartNets:
		name = model.Sides[part-join.PartEnds].String()
	case part < join.PartBudget:
		name = "what " + model.Sides[part-join.PartNets].String() + " has sent"
	}
	if box := p.BoxPart(); box > 0 && part == box {
		name = "box"
	}
	return PartCount{name, len(values), fields.list()}
}

// A fieldCounter counts the values of fields.
type fieldCounter struct {
	names  []string
	values map[string]map[any]bool
}

func newFieldCounter() *fieldCounter { return &fieldCounter{values: map[string]map[any]bool{}} }

func (f *fieldCounter) addOne(name string, value any) {
	if f.values[name] == nil {
		f.values[name] = map[any]bool{}
		f.names = append(f.names, name)
	}
	f.values[name][value] = true
}

// add adds all fields of a struct.
func (f *fieldCounter) add(s any) {
	v := reflect.ValueOf(s)
	for i := range v.NumField() {
		f.addOne(v.Type().Field(i).Name, v.Field(i).Interface())
	}
}

func (f *fieldCounter) list() (list []FieldCount) {
	for _, name := range f.names {
		if n := len(f.values[name]); n > 1 {
			list = append(list, FieldCount{name, n})
		}
	}
	return list
}
