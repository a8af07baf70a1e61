package invariants

import (
	"fmt"
	"strings"

	"tcpclose/explore"
	"tcpclose/model"
)

// A run in which a and b change places is a run, too, where both ends work by the
// same rules and begin alike: numbers are counted from each side's own first octet,
// and the network is the same in both directions. Patterns are looked for with each
// side as self, so what one sees its partner sees in the image.

// Asymmetry is why a check of the properties in c cannot be by symmetry, or "".
func Asymmetry(c model.Config, properties []*Property) string {
	for _, p := range properties {
		switch {
		case p.Liveness != nil:
			return fmt.Sprintf("%s: a question about whole runs: want none", p.Name)
		case p.asked != nil:
			return fmt.Sprintf("%s: an expression names a and b: want none", p.Name)
		}
	}
	y, err := model.NewSystem(c)
	if err != nil {
		return err.Error()
	}
	if y.Init() == mirrored(y.Init()) && rulesOf(y, model.A) == rulesOf(y, model.B) {
		return ""
	}
	// To say why, the first field that a and b differ in.
	for _, f := range model.Fields {
		name, ofA := strings.CutPrefix(f.Name, model.A.String()+"-")
		if !ofA || !opens(y) && (name == "opens" || name == "isn") {
			continue
		}
		for _, g := range model.Fields {
			if g.Name == model.B.String()+"-"+name && f.Get(c) != g.Get(c) {
				return fmt.Sprintf("%s=%s, %s=%s: want both alike", f.Name, f.Get(c), g.Name, g.Get(c))
			}
		}
	}
	if c.Stray != (model.Stray{}) {
		return fmt.Sprintf("stray=%s: want off, or a and b are not alike", c.Stray)
	}
	return fmt.Sprintf("fault=%s, faulty=%s: want both or neither to make it", c.Fault, c.Faulty)
}

// rulesOf is the rules of an end, without those that it has no use for.
func rulesOf(y *model.System, side model.Side) model.Stack {
	s := y.Stack(side)
	if !opens(y) {
		s.App.Opens, s.App.ISN = 0, 0
	}
	return s
}

// opens reports whether connections are opened at all.
func opens(y *model.System) bool { return y.Stack(model.A).Lives > 0 || y.Stack(model.B).Lives > 0 }

// mirrored is s with a and b in each other's place.
func mirrored(s model.State) model.State {
	s.Ends[model.A], s.Ends[model.B] = s.Ends[model.B], s.Ends[model.A]
	s.Nets[model.A], s.Nets[model.B] = s.Nets[model.B], s.Nets[model.A]
	return s
}

// exchange is a and b in each other's place.
func (p *product) exchange() *explore.Exchange {
	x := &explore.Exchange{Parts: [][2]int{
		{endOf(model.A), endOf(model.B)},
		{netOf(model.A), netOf(model.B)},
	}}
	for i := range p.patterns {
		x.Watches = append(x.Watches, [2]int{2*i + int(model.A), 2*i + int(model.B)})
	}
	return x
}
