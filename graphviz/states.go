package graphviz

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"tcpclose/internal/lang"
	"tcpclose/model"
	"tcpclose/survey"
	"tcpclose/trace"
)

// StatesOptions are what States draws besides.
type StatesOptions struct {
	Title    []string // lines over the legend
	Language lang.Language
	Path     *trace.Trace // a run whose path is coloured; may be nil
	Of       string       // what the run shows: a property's name
	Loops    bool         // count the steps that change no connection state, by kind
}

// States returns the quotient by the two connection states in DOT. Ranks are how far
// both sides have come together; a is the first to close on the left, b on the right.
// Where a and b are alike, only one of two boxes that mirror each other is drawn. What
// ends a connection otherwise, such as an RST, is told in the boxes, and is an edge
// only where the path takes it, or where no other edge leads to a box.
func States(q *survey.Quotient, o StatesOptions) ([]byte, error) {
	v := newStatesView(q, o)
	v.drawing = newDrawing(v.legend())
	v.set("ranksep", "0.45", "nodesep", "0.15")
	ranks := map[int][]survey.Joint{}
	for i := range q.States {
		s := &q.States[i]
		if !v.keeps(s.Joint) {
			continue
		}
		v.nodes[s.Joint] = v.node(quoted(s.Joint), v.nodeAttributes(s)...)
		r := level[s.Joint[model.A]] + level[s.Joint[model.B]]
		ranks[r] = append(ranks[r], s.Joint)
	}
	v.lines()
	rankAll(v.drawing, ranks, v.nodes, across)
	return v.dot("states")
}

type statesView struct {
	*drawing
	*survey.Quotient
	StatesOptions
	nodes  map[survey.Joint]*node
	visits map[survey.Joint]bool // by the path
	ways   map[bundle][]int      // the events of the path, counted from 1, by the edges that they take
	kept   map[survey.Joint]bool // the boxes that are drawn; nil if all are
	edges  []*edge
	told   map[survey.Joint][]*told
	swaps  bool // an edge changes places
}

// newStatesView returns the parts to draw.
func newStatesView(q *survey.Quotient, o StatesOptions) *statesView {
	v := &statesView{
		Quotient: q, StatesOptions: o,
		nodes: map[survey.Joint]*node{}, visits: map[survey.Joint]bool{}, ways: map[bundle][]int{}, told: map[survey.Joint][]*told{},
	}
	v.follow()
	v.kept = half(q, v.visits)
	v.sortSteps()
	return v
}

// keeps reports whether a joint state has a box.
func (v *statesView) keeps(j survey.Joint) bool { return v.kept == nil || v.kept[j] }

// A way is from one joint state to another.
type way struct{ from, to survey.Joint }

func quoted(j survey.Joint) string {
	return `"` + j[model.A].String() + "/" + j[model.B].String() + `"`
}

// across orders the joint states of a rank: where a was first to close on the left,
// its mirror image on the right, and where one side has gone, outside.
func across(x, y survey.Joint) int {
	ahead := func(j survey.Joint) int { return level[j[model.B]] - level[j[model.A]] }
	return cmp.Or(cmp.Compare(lean(y), lean(x)), cmp.Compare(ahead(x), ahead(y)), slices.Compare(x[:], y[:]))
}

// lean returns positive where a was, so far as one sees, the first to close.
func lean(j survey.Joint) int {
	l := first[j[model.A]] - first[j[model.B]]
	if gone := (j[model.A] == model.Closed) != (j[model.B] == model.Closed); gone {
		l *= 10
	}
	return l
}

// first ranks states by how strongly they imply that their side closed first. A side in
// CLOSED was the first to finish.
var first = map[model.ConnState]int{
	model.FinWait1: 5, model.Closing: 5, model.FinWait2: 10, model.TimeWait: 10, model.CloseWait: -5, model.LastAck: -5, model.Closed: 6,
}

// follow enters the path.
func (v *statesView) follow() {
	if v.Path == nil {
		return
	}
	of := func(s *model.State) survey.Joint {
		return survey.Joint{s.Ends[model.A].State, s.Ends[model.B].State}
	}
	for i := range v.Path.States {
		v.visits[of(&v.Path.States[i])] = true
		if i > 0 {
			o := survey.OccurrenceIn(v.Path, i-1)
			b := bundle{way{of(&v.Path.States[i-1]), of(&v.Path.States[i])}, sortOf(&o)}
			v.ways[b] = append(v.ways[b], i)
		}
	}
}

func (v *statesView) nodeAttributes(s *survey.JointStates) (a attributes) {
	t := newTable(`CELLSPACING="0" CELLPADDING="1"`)
	t.row(pair(s.Joint[model.A], s.Joint[model.B]))
	l := v.Language
	count := counted(l, s.Count, "state")
	if s.Terminals > 0 {
		count += l.Say(", %s end", number(s.Terminals))
	}
	if s.Open > 0 {
		count += l.Say(", %s not explored", number(s.Open))
	}
	t.row(text(count, faint, 9))
	for _, d := range v.told[s.Joint] {
		t.row(text(d.what+"\u00a0\u00a0"+number(d.count), sorts[d.sort].colour, 10))
		for _, name := range d.violates {
			t.row(text("✗ "+name, violation, 10))
		}
	}
	inside, violates := v.inside(s)
	for _, line := range inside {
		t.row(text(line, faint, 8))
	}
	for i := 0; i < len(violates); i += 3 {
		t.row(text("✗ "+strings.Join(violates[i:min(i+3, len(violates))], ", "), violation, 10))
	}
	a = append(a, attribute("label", t.end()), attribute("fillcolor", shade(s.Count)))
	if s.Initial {
		a = append(a, attribute("penwidth", "2.5"), attribute("color", "#202020"))
	}
	if s.Terminals > 0 {
		a = append(a, attribute("peripheries", "2"))
	}
	if s.Open > 0 {
		a = append(a, attribute("style", "rounded,filled,dashed"))
	}
	if v.visits[s.Joint] {
		a = append(a, attribute("color", violation), attribute("penwidth", "2.5"))
	}
	return a
}

// inside returns what happens in s without a change of connection state, and what is
// violated by it or in s.
func (v *statesView) inside(s *survey.JointStates) (lines, violates []string) {
	for _, p := range s.Violates {
		violates = append(violates, p.Name)
	}
	var kinds [model.Ticks + 1]int
	for i := range v.Steps {
		step := &v.Steps[i]
		if step.From != s.Joint || step.To != s.Joint {
			continue
		}
		kinds[step.Kind] += step.Count
		for _, p := range step.Violates {
			violates = append(violates, p.Name)
		}
	}
	slices.Sort(violates)
	violates = slices.Compact(violates)
	if !v.Loops {
		return nil, violates
	}
	names := [...]string{"calls", "timeouts", "deliveries", "copies delivered", "losses", "acts of the box", "ticks"}
	var words []string
	for kind, n := range kinds {
		if n > 0 {
			words = append(words, v.Language.Say("%s "+names[kind], number(n)))
		}
	}
	for i := 0; i < len(words); i += 2 {
		lines = append(lines, strings.Join(words[i:min(i+2, len(words))], v.Language.Say(", ")))
	}
	return lines, violates
}

// shade returns darker by a power of ten.
func shade(n int) string {
	shades := []string{"#ffffff", "#f7fafd", "#edf4fb", "#e1edf8", "#d3e4f4", "#c4daef", "#b3cfe9"}
	return shades[min(int(math.Log10(float64(max(n, 1)))), len(shades)-1)]
}

// A bundle is the steps from one joint state to another that have one colour.
type bundle struct {
	way
	sort sort
}

// An edge is a bundle that is drawn.
type edge struct {
	bundle
	swaps    bool // to is the mirror image of what the steps lead to
	events   []string
	count    int
	violates []string
}

// told is steps that are told in the box that they leave.
type told struct {
	what     string
	sort     sort
	count    int
	violates []string
}

// drawn reports whether a step is drawn or told, and not its mirror image.
func (v *statesView) drawn(s *survey.JointSteps) bool {
	if s.From == s.To || !v.keeps(s.From) {
		return false
	}
	m := mirrored(s.From)
	return v.kept == nil || s.From != m || v.keeps(s.To) && (s.To != mirrored(s.To) || s.Side == model.A)
}

// sortSteps finds the edges, and what is told in boxes instead.
func (v *statesView) sortSteps() {
	edges := map[bundle]*edge{}
	enters := map[survey.Joint]bool{}
	for i := range v.Steps {
		s := &v.Steps[i]
		if !v.drawn(s) {
			continue
		}
		b := bundle{way{s.From, s.To}, sortOf(&s.Occurrence)}
		e := edges[b]
		if e == nil {
			e = &edge{bundle: b}
			edges[b] = e
			v.edges = append(v.edges, e)
			if e.swaps = !v.keeps(s.To); e.swaps {
				e.to = mirrored(s.To)
			}
			if b.sort != givesUp && b.sort != broken || len(v.ways[b]) > 0 {
				enters[e.to] = true
			}
		}
		e.count += s.Count
		if name := s.Side.String() + " " + event(v.Language, &s.Occurrence); !slices.Contains(e.events, name) {
			e.events = append(e.events, name)
		}
		for _, p := range s.Violates {
			if !slices.Contains(e.violates, p.Name) {
				e.violates = append(e.violates, p.Name)
			}
		}
		slices.Sort(e.violates)
	}
	slices.SortFunc(v.edges, func(x, y *edge) int {
		return cmp.Or(slices.Compare(x.from[:], y.from[:]), slices.Compare(x.to[:], y.to[:]), cmp.Compare(x.sort, y.sort))
	})
	v.edges = slices.DeleteFunc(v.edges, func(e *edge) bool {
		if e.sort != givesUp && e.sort != broken || len(v.ways[bundle{way{e.from, v.target(e)}, e.sort}]) > 0 || !enters[e.to] {
			v.swaps = v.swaps || e.swaps
			return false
		}
		v.tell(e)
		return true
	})
}

// tell has an edge told in the box that it leaves. One side moves along it, and whose
// state it changes is in its events.
func (v *statesView) tell(e *edge) {
	to := v.target(e)
	moves := model.A
	if e.from[model.A] == to[model.A] {
		moves = model.B
	}
	what := strings.Join(e.events, v.Language.Say(", "))
	if to[moves] != model.Closed {
		what += v.Language.Say(" to %v", to[moves])
	}
	v.told[e.from] = append(v.told[e.from], &told{what, e.sort, e.count, e.violates})
}

// lines draws the edges.
func (v *statesView) lines() {
	for _, e := range v.edges {
		colour := sorts[e.sort].colour
		width, weight := "1.1", "1"
		if e.sort <= timer {
			weight = "4"
		}
		t := newTable(`CELLSPACING="0" CELLPADDING="0"`)
		for _, event := range e.events {
			if e.swaps {
				event += " " + swapped
			}
			for _, line := range strings.SplitAfter(event, ", ") {
				t.row(text(strings.TrimSpace(line), colour, 10))
			}
		}
		t.row(text(number(e.count), faint, 9))
		for _, name := range e.violates {
			t.row(text("✗ "+name, violation, 10))
		}
		if events := v.ways[bundle{way{e.from, v.target(e)}, e.sort}]; len(events) > 0 {
			t.row(text(v.Language.Say("event %s", ranges(events)), violation, 10))
			colour, width = violation, "3"
		}
		v.line(v.nodes[e.from], v.nodes[e.to], attribute("label", t.beside()), attribute("color", colour), attribute("style", sorts[e.sort].style), attribute("penwidth", width), attribute("weight", weight))
	}
}

// target returns the joint state to which the steps of an edge lead.
func (v *statesView) target(e *edge) survey.Joint {
	if e.swaps {
		return mirrored(e.to)
	}
	return e.to
}

// ranges returns numbers in few words: 1-3, 5.
func ranges(numbers []int) string {
	var words []string
	for i := 0; i < len(numbers); {
		j := i
		for j+1 < len(numbers) && numbers[j+1] == numbers[j]+1 {
			j++
		}
		if j > i {
			words = append(words, fmt.Sprintf("%d-%d", numbers[i], numbers[j]))
		} else {
			words = append(words, fmt.Sprint(numbers[i]))
		}
		i = j + 1
	}
	return strings.Join(words, ", ")
}

func (v *statesView) legend() string {
	var used [numSorts]bool
	for i := range v.Steps {
		if s := &v.Steps[i]; s.From != s.To {
			used[sortOf(&s.Occurrence)] = true
		}
	}
	l := v.Language
	what := "In a box: the connection states a · b and the number of states. Darker: ten times as many."
	if v.Remembers {
		what = "In a box: the connection states a · b and the number of states, monitors included. Darker: ten times as many."
	}
	lines := []string{
		text(l.Say(what), "", 0),
		text(l.Say("Thick: the start. Double: runs end there. On an edge: which end moves, why, and in how many steps."), "", 0),
	}
	add := func(line string) { lines = append(lines, text(l.Say(line), "", 0)) }
	if len(v.told) > 0 {
		add("In a box: what else leads to CLOSED, and in how many steps.")
	}
	if v.kept != nil {
		add("a and b are alike: only one of two mirror images is drawn.")
	}
	if v.swaps {
		add(swapped + ": a and b swap places.")
	}
	if slices.ContainsFunc(v.States, func(s survey.JointStates) bool { return s.Open > 0 }) {
		add("Dashed: not all steps from there were explored.")
	}
	violated := slices.ContainsFunc(v.States, func(s survey.JointStates) bool { return len(s.Violates) > 0 }) ||
		slices.ContainsFunc(v.Steps, func(s survey.JointSteps) bool { return len(s.Violates) > 0 })
	switch {
	case violated:
		lines = append(lines, text("✗ ", violation, 0)+text(l.Say("a property that is violated there"), "", 0))
	case v.Judged > 0:
		add("No property that was checked is violated.")
	}
	if v.Path != nil {
		lines = append(lines, text("━━ ", violation, 0)+text(l.Say("the run that shows %s, in %s", v.Of, counted(l, len(v.Path.Events), "event")), "", 0))
	}
	return legend(l, v.Title, used, lines, &v.Result)
}

func sortedKeys[V any](m map[int]V) (keys []int) {
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
