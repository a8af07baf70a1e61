package external

import (
	"context"
	"strings"
	"testing"

	"tcpclose/ask"
	"tcpclose/check"
	"tcpclose/explore"
	"tcpclose/explore/ltl"
	"tcpclose/explore/product"
	"tcpclose/invariants"
	"tcpclose/model"
	"tcpclose/survey"
)

// What says nothing, or what cannot be checked, is an error that names the property.
func TestRefused(t *testing.T) {
	c := config(t, "")
	state := func(e *invariants.End) bool { return e.State == model.TimeWait }
	step := func(s *invariants.Step) bool { return s.From.State == model.TimeWait }
	told, err := invariants.Find("told")
	if err != nil {
		t.Fatal(err)
	}
	another := of(invariants.Pattern{Kind: explore.States, Self: state})
	another.Name = told.Name
	always := func(c *invariants.Condition) *invariants.Property {
		return &invariants.Property{Name: "mine", Liveness: &invariants.Liveness{
			Formula: func(self, _ invariants.View) ltl.Formula { return ltl.Always(ltl.Not(self(c))) },
		}}
	}
	for name, test := range map[string]struct {
		properties []*invariants.Property
		want       string
	}{
		"no properties":           {nil, "no properties: want one at least"},
		"nil":                     {[]*invariants.Property{told, nil}, "property nil: want a property"},
		"no name":                 {[]*invariants.Property{{}}, "without a name"},
		"no patterns":             {[]*invariants.Property{{Name: "mine"}}, "property mine: says nothing: want Patterns"},
		"an empty list":           {[]*invariants.Property{{Name: "mine", Patterns: func(model.Config) []invariants.Pattern { return nil }}}, "property mine: has no patterns"},
		"Self of a step":          {[]*invariants.Property{of(invariants.Pattern{Kind: explore.Steps, Step: step, Self: state})}, "property mine: pattern 1: a pattern of steps with Self: want Step"},
		"no Step":                 {[]*invariants.Property{of(invariants.Pattern{Kind: explore.Steps})}, "property mine: pattern 1: a pattern of steps without Step"},
		"Step of a state":         {[]*invariants.Property{of(invariants.Pattern{Kind: explore.States, Step: step})}, "property mine: pattern 1: a pattern of states with Step"},
		"nothing of a state":      {[]*invariants.Property{of(invariants.Pattern{Kind: explore.States})}, "property mine: pattern 1: a pattern of states that says nothing"},
		"a side that is none":     {[]*invariants.Property{of(invariants.Pattern{Kind: explore.States, Self: state, Only: []model.Side{2}})}, "property mine: pattern 1: a side in Only that is none"},
		"two of one name":         {[]*invariants.Property{told, another}, "property told: there are two of that name"},
		"no formula":              {[]*invariants.Property{{Name: "mine", Liveness: &invariants.Liveness{}}}, "property mine: says nothing: want Formula or Reachable"},
		"a condition nil":         {[]*invariants.Property{always(nil)}, "property mine: condition 1 is nil"},
		"a condition of nothing":  {[]*invariants.Property{always(&invariants.Condition{Name: "anywhere"})}, `property mine: condition "anywhere": a pattern of states that says nothing`},
		"a condition of no step":  {[]*invariants.Property{always(&invariants.Condition{Name: "any", Pattern: invariants.Pattern{Kind: explore.Steps}})}, `property mine: condition "any": a pattern of steps without Step`},
		"a question of two parts": {[]*invariants.Property{ask.Must("a.rtx == b.rtx").Eventually()}, `expression "a.rtx == b.rtx": compares parts`},
		"leads to nil":            {[]*invariants.Property{ask.Must("a.state == CLOSED").LeadsTo(nil)}, "a question nil, or empty: want one that Parse or Must has read"},
		"an empty question":       {[]*invariants.Property{new(ask.Question).Never()}, "a question nil, or empty"},
		"an end of a formula":     {[]*invariants.Property{always(&invariants.Condition{Name: "of a", Pattern: invariants.Pattern{Kind: explore.States, Only: []model.Side{model.A}, Self: state}})}, `property mine: condition "of a" is about one side`},
	} {
		t.Run(name, func(t *testing.T) { fails(t, c, test.properties, test.want) })
	}
}

// Not all can be checked on a walk.
func TestRefused_Walk(t *testing.T) {
	c := config(t, "")
	first := func(int) int { return 0 }
	for name, want := range map[string]string{
		"both-closed":        "property both-closed: is about whole runs",
		"simultaneous-close": "property simultaneous-close: a witness",
	} {
		p, err := invariants.Find(name)
		if err != nil {
			t.Fatal(err)
		}
		n := &noted{}
		check.Walk(n, first, c, 10, p)
		failedWith(t, n, want)
	}
	n := &noted{}
	check.Walk(n, first, c, 10)
	failedWith(t, n, "no properties: want one at least")
}

// Nor measured.
func TestRefused_Survey(t *testing.T) {
	c := config(t, "")
	both, err := invariants.Find("both-closed")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []*invariants.Property{nil, {Name: "mine"}, both, ask.Must("a.rtx > b.rtx").Never()} {
		if m, err := survey.Margins(context.Background(), c, []*invariants.Property{p}, product.Options{}); err == nil {
			t.Errorf("margin: %+v: want an error", m.Margins[0])
		}
	}
	for _, p := range []*invariants.Property{nil, {Name: "mine"}, ask.Must("a.rtx > b.rtx").Never()} {
		if _, err := survey.ExploreSpace(context.Background(), c, []*invariants.Property{p}, product.Options{}); err == nil {
			t.Error("space: want an error")
		}
	}
}

// A search that keeps one of two mirrored states sees no property that names a side.
func TestRefused_Symmetry(t *testing.T) {
	ofA := of(invariants.Pattern{Kind: explore.States, Only: []model.Side{model.A}, Self: func(e *invariants.End) bool { return e.State == model.CloseWait }})
	named := of(ask.Must("a.state == CLOSE-WAIT").Cases(true)[0])
	for _, p := range []*invariants.Property{ofA, named, ask.Must("a.state == CLOSE-WAIT").Never()} {
		_, err := check.Check(context.Background(), config(t, ""), []*invariants.Property{p}, check.Options{Symmetry: true})
		if err == nil || !strings.Contains(err.Error(), "symmetry: "+p.Name) {
			t.Errorf("%v: want an error that names %s", err, p.Name)
		}
	}
}
