package graphviz

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"tcpclose/explore"
	"tcpclose/model"
	"tcpclose/survey"
)

// EndpointOptions are what Endpoint draws besides.
type EndpointOptions struct {
	Title   []string // lines over the legend
	Reasons bool     // tell also why what is only in the RFC's text was not found
}

// Endpoint returns one endpoint's own state diagram in DOT, as the exploration found it,
// against figure 5 of RFC 9293: an arrow of the figure that was not found is dotted,
// with the reason. What is found and only in the RFC's text is dashed.
func Endpoint(d *survey.Diagram, r *explore.Result, o EndpointOptions) ([]byte, error) {
	v := &endpointView{Diagram: d, EndpointOptions: o, nodes: map[model.ConnState]*node{}}
	v.drawing = newDrawing(v.legend(r))
	v.set("ranksep", "0.35", "nodesep", "0.5")
	ranks := map[int][]model.ConnState{}
	for _, st := range v.shown() {
		v.nodes[st] = v.node(fmt.Sprintf("%q", st), v.stateAttributes(st)...)
		ranks[level[st]] = append(ranks[level[st]], st)
	}
	var ends []ending
	for i := range d.Found {
		f := &d.Found[i]
		if !f.InFigure && f.To == model.Closed {
			ends = addEnding(ends, f)
			continue
		}
		v.arrow(f)
	}
	for _, e := range ends {
		v.ending(e)
	}
	for i := range d.Missing {
		if m := &d.Missing[i]; m.InFigure {
			v.missing(m)
		}
	}
	v.others()
	for _, l := range sortedKeys(ranks) {
		row := ranks[l]
		slices.SortFunc(row, func(x, y model.ConnState) int { return cmp.Or(cmp.Compare(column[x], column[y]), cmp.Compare(x, y)) })
		var nodes []*node
		for _, st := range row {
			nodes = append(nodes, v.nodes[st])
		}
		v.rank(nodes...)
	}
	return v.dot("endpoint")
}

type endpointView struct {
	*drawing
	*survey.Diagram
	EndpointOptions
	nodes map[model.ConnState]*node
}

// column is where figure 5 draws a state in its row.
var column = map[model.ConnState]int{
	model.SynReceived: 0, model.SynSent: 2,
	model.FinWait1: 0, model.FinWait2: 0, model.Closing: 1, model.CloseWait: 2, model.LastAck: 2,
}

// shown returns the states that were reached, and those of the figure.
func (v *endpointView) shown() []model.ConnState {
	all := slices.Clone(v.States)
	for _, m := range v.Missing {
		if m.InFigure {
			all = append(all, m.From, m.To)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func (v *endpointView) stateAttributes(st model.ConnState) attributes {
	t := newTable(`CELLSPACING="0" CELLPADDING="3"`)
	t.row(bold(st.String()))
	a := attributes{attribute("label", t.end()), attribute("fillcolor", "#edf4fb")}
	switch {
	case !slices.Contains(v.States, st):
		a = append(a, attribute("style", "rounded,dotted"))
	case st == v.Initial:
		a = append(a, attribute("penwidth", "2.5"), attribute("color", "#202020"))
	case st == model.Closed:
		a = append(a, attribute("peripheries", "2"))
	}
	return a
}

// arrow draws an arrow that was found: the event over what is sent.
func (v *endpointView) arrow(f *survey.FoundArrow) {
	of := sorts[sortOf(&f.Usual)]
	style := "solid"
	if !f.InFigure {
		style = "dashed"
	}
	v.line(v.nodes[f.From], v.nodes[f.To],
		attribute("label", fraction(eventOf(&f.Arrow), sends(f.Sends), number(f.Steps[0]+f.Steps[1]), of.colour)),
		attribute("color", of.colour), attribute("style", style), attribute("penwidth", "1.4"), attribute("weight", "4"))
}

// fraction returns an event over what is sent, as figure 5 has it, and a number of steps.
func fraction(event, sends, steps, colour string) string {
	t := newTable(`CELLSPACING="0" CELLPADDING="3"`)
	t.row(text(event, colour, 10))
	if sends != "" {
		t.WriteString("<HR/>")
		t.row(text(sends, colour, 10))
	}
	t.row(text(steps, faint, 8))
	return t.end()
}

// sends returns what is sent with an event, in words.
func sends(sorts []string) string {
	var words []string
	always := true
	for _, s := range sorts {
		if s == "" {
			always = false
			continue
		}
		words = append(words, s)
	}
	if len(words) == 0 {
		return ""
	}
	says := "snd " + strings.Join(words, " or ")
	if !always {
		says += " or nothing"
	}
	return says
}

// An ending is the arrows from a state to CLOSED that the figure has not, of one
// colour.
type ending struct {
	from   model.ConnState
	sort   sort
	events []string
	steps  int
}

func addEnding(ends []ending, f *survey.FoundArrow) []ending {
	s := sortOf(&f.Usual)
	i := slices.IndexFunc(ends, func(e ending) bool { return e.from == f.From && e.sort == s })
	if i < 0 {
		i = len(ends)
		ends = append(ends, ending{from: f.From, sort: s})
	}
	if e := eventOf(&f.Arrow); !slices.Contains(ends[i].events, e) {
		ends[i].events = append(ends[i].events, e)
	}
	ends[i].steps += f.Steps[0] + f.Steps[1]
	return ends
}

func (v *endpointView) ending(e ending) {
	t := newTable(`CELLSPACING="0" CELLPADDING="0"`)
	for _, event := range e.events {
		t.row(text(apart(event), sorts[e.sort].colour, 9))
	}
	t.row(text(apart(number(e.steps)), faint, 8))
	v.line(v.nodes[e.from], v.nodes[model.Closed], attribute("label", t.end()), attribute("color", sorts[e.sort].colour), attribute("style", "dashed"))
}

// missing draws an arrow of the figure that was not found.
func (v *endpointView) missing(m *survey.MissingArrow) {
	found := "NOT FOUND"
	if len(v.Incomplete) > 0 {
		found = "UNKNOWN"
	}
	v.line(v.nodes[m.From], v.nodes[m.To],
		attribute("label", fraction(eventOf(&m.Arrow), "", found, faint)),
		attribute("color", "#b0b0b0"), attribute("style", "dotted"), attribute("weight", "4"))
}

// others draws the changes that no arrow allows, those of a cause together.
func (v *endpointView) others() {
	type change struct {
		from, to    model.ConnState
		event, sent string
	}
	var order []change
	steps := map[change]int{}
	for i := range v.Others {
		s := &v.Others[i]
		c := change{s.Occurrence.From, s.Occurrence.To, s.Event(), s.Sent.String()}
		if steps[c] == 0 {
			order = append(order, c)
		}
		steps[c] += s.Count
	}
	for _, c := range order {
		v.line(v.nodes[c.from], v.nodes[c.to],
			attribute("label", fraction(c.event, sends([]string{c.sent}), number(steps[c]), violation)),
			attribute("color", violation), attribute("style", "bold"))
	}
}

// legend says how the diagram compares with figure 5.
func (v *endpointView) legend(r *explore.Result) string {
	var used [numSorts]bool
	in := 0
	for i := range v.Found {
		used[sortOf(&v.Found[i].Usual)] = true
		if v.Found[i].InFigure {
			in++
		}
	}
	used[wrong] = len(v.Others) > 0
	missed := 0
	for _, m := range v.Missing {
		if m.InFigure {
			missed++
		}
	}
	from := ", from ESTABLISHED on"
	if v.Opens {
		from = ""
	}
	lines := []string{
		text("One endpoint, a and b together: what happens over what is sent, and in how many steps of the exploration.", "", 0),
		text(fmt.Sprintf("Solid: figure 5 of RFC 9293%s: %d of its %d arrows were found. Dashed: the RFC's text alone.", from, in, in+missed), "", 0),
	}
	for _, p := range v.compare() {
		lines = append(lines, text(p, faint, 0))
	}
	return legend(v.Title, used, lines, r)
}

// compare returns what was not found, and why, a line for each cause.
func (v *endpointView) compare() (lines []string) {
	type group struct {
		cause, reason string
		to            model.ConnState
		inFigure      bool
	}
	var order []group
	from := map[group][]string{}
	inText := 0
	for _, m := range v.Missing {
		if !m.InFigure {
			inText++
			if !v.Reasons {
				continue
			}
		}
		g := group{m.Cause, m.Reason, m.To, m.InFigure}
		if strings.HasPrefix(m.Reason, "no side is ever in ") {
			g.reason = "no side is ever there"
		}
		if from[g] == nil {
			order = append(order, g)
		}
		from[g] = append(from[g], m.From.String())
	}
	for _, g := range order {
		where := strings.Join(from[g], ", ")
		if len(from[g]) > 3 {
			where = fmt.Sprintf("%d states", len(from[g]))
		}
		source := "the text"
		if g.inFigure {
			source = "the figure"
		}
		lines = append(lines, fmt.Sprintf("In %s and not found: %s, from %s to %v. %s.", source, g.cause, where, g.to, capital(g.reason)))
	}
	if inText > 0 && !v.Reasons {
		lines = append(lines, fmt.Sprintf("Not drawn: %d arrows of the text that were not found.", inText))
	}
	return lines
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
