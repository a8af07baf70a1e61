package graphviz

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tcpclose/explore"
	"tcpclose/internal/lang"
	"tcpclose/invariants"
	"tcpclose/model"
	"tcpclose/survey"
)

// EndpointOptions are what Endpoint draws besides.
type EndpointOptions struct {
	Title    []string // lines over the legend
	Language lang.Language
	Reasons  bool // say why the arrows that are only in the RFC's text were not found
}

// Endpoint returns one endpoint's own state diagram in DOT, as the exploration found it,
// against figure 5 of RFC 9293: an arrow of the figure that was not found is dotted,
// with the reason. What is found and only in the RFC's text is dashed, or told in the
// box of a state if it leads to CLOSED. CLOSED is drawn twice if connections are opened,
// as in the figure: above all and below all.
func Endpoint(d *survey.Diagram, r *explore.Result, o EndpointOptions) ([]byte, error) {
	v := &endpointView{Diagram: d, EndpointOptions: o, nodes: map[model.ConnState]*node{}}
	v.drawing = newDrawing(v.legend(r))
	v.set("ranksep", "0.35", "nodesep", "0.5")
	ranks := map[int][]model.ConnState{}
	var arrows []*survey.FoundArrow
	for i := range d.Found {
		if f := &d.Found[i]; !f.InFigure && f.To == model.Closed {
			v.addEnding(f)
		} else {
			arrows = append(arrows, f)
		}
	}
	for _, st := range v.shown() {
		v.nodes[st] = v.node(fmt.Sprintf("%q", st), v.stateAttributes(st, st == d.Initial && !(st == model.Closed && d.Opens))...)
		ranks[level[st]] = append(ranks[level[st]], st)
	}
	if v.Opens {
		v.start = v.node(fmt.Sprintf("%q", "CLOSED, at the start"), v.stateAttributes(model.Closed, d.Initial == model.Closed)...)
	}
	for _, f := range arrows {
		v.arrow(f)
	}
	for i := range d.Missing {
		if m := &d.Missing[i]; m.InFigure {
			v.missing(m)
		}
	}
	v.others()
	if v.start != nil {
		v.rank(v.start)
	}
	rankAll(v.drawing, ranks, v.nodes, func(x, y model.ConnState) int { return cmp.Or(cmp.Compare(column[x], column[y]), cmp.Compare(x, y)) })
	return v.dot("endpoint")
}

type endpointView struct {
	*drawing
	*survey.Diagram
	EndpointOptions
	nodes map[model.ConnState]*node
	start *node // CLOSED before a connection is opened, if any is
	ends  []ending
}

// from and to return the boxes between which an arrow leads.
func (v *endpointView) from(a *invariants.Arrow) *node {
	if v.start != nil && a.From == model.Closed {
		return v.start
	}
	return v.nodes[a.From]
}

func (v *endpointView) to(a *invariants.Arrow) *node {
	if v.start != nil && a.To == model.Closed && (a.From == model.Listen || a.From == model.SynSent) {
		return v.start
	}
	return v.nodes[a.To]
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

func (v *endpointView) stateAttributes(st model.ConnState, initial bool) attributes {
	t := newTable(`CELLSPACING="0" CELLPADDING="2"`)
	t.row(bold(st.String()))
	for i := range v.ends {
		if e := &v.ends[i]; e.from == st {
			t.row(text(strings.Join(e.events, v.Language.Say(", "))+"\u00a0\u00a0"+number(e.steps), sorts[e.sort].colour, 10))
		}
	}
	a := attributes{attribute("label", t.end()), attribute("fillcolor", "#edf4fb")}
	switch {
	case !slices.Contains(v.States, st):
		a = append(a, attribute("style", "rounded,dotted"))
	case initial:
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
	v.line(v.from(&f.Arrow), v.to(&f.Arrow),
		attribute("label", fraction(eventOf(v.Language, &f.Arrow), sends(v.Language, f.Sends), number(f.Steps[0]+f.Steps[1]), of.colour)),
		attribute("color", of.colour), attribute("style", style), attribute("penwidth", "1.4"), attribute("weight", "4"))
}

// fraction returns an event over what is sent, as figure 5 has it, and a number of steps.
func fraction(event, sends, steps, colour string) string {
	t := newTable(`CELLSPACING="0" CELLPADDING="2"`)
	t.row(text(event, colour, 10))
	if sends != "" {
		t.WriteString("<HR/>")
		t.row(text(sends, colour, 10))
	}
	t.row(text(steps, faint, 9))
	return t.beside()
}

// sends returns what is sent with an event, in words.
func sends(l lang.Language, sorts []string) string {
	var words []string
	always := true
	for _, s := range sorts {
		if s == "" {
			always = false
			continue
		}
		if rest, ok := strings.CutPrefix(s, "text"); ok {
			s = l.Say("text") + rest
		}
		words = append(words, s)
	}
	if len(words) == 0 {
		return ""
	}
	if !always {
		words = append(words, l.Say("nothing"))
	}
	return l.Say("snd %s", strings.Join(words, l.Say(" or ")))
}

// An ending is the arrows from a state to CLOSED that the figure has not, of one
// colour.
type ending struct {
	from   model.ConnState
	sort   sort
	events []string
	steps  int
}

func (v *endpointView) addEnding(f *survey.FoundArrow) {
	s := sortOf(&f.Usual)
	i := slices.IndexFunc(v.ends, func(e ending) bool { return e.from == f.From && e.sort == s })
	if i < 0 {
		i = len(v.ends)
		v.ends = append(v.ends, ending{from: f.From, sort: s})
	}
	e := &v.ends[i]
	if event := eventOf(v.Language, &f.Arrow); !slices.Contains(e.events, event) {
		e.events = append(e.events, event)
	}
	e.steps += f.Steps[0] + f.Steps[1]
}

// missing draws an arrow of the figure that was not found.
func (v *endpointView) missing(m *survey.MissingArrow) {
	found := "NOT FOUND"
	if len(v.Incomplete) > 0 {
		found = "UNKNOWN"
	}
	v.line(v.from(&m.Arrow), v.to(&m.Arrow),
		attribute("label", fraction(eventOf(v.Language, &m.Arrow), "", v.Language.Say(found), faint)),
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
		c := change{s.Occurrence.From, s.Occurrence.To, bareEvent(v.Language, &s.Occurrence), s.Sent.String()}
		if steps[c] == 0 {
			order = append(order, c)
		}
		steps[c] += s.Count
	}
	for _, c := range order {
		v.line(v.nodes[c.from], v.nodes[c.to],
			attribute("label", fraction(c.event, sends(v.Language, []string{c.sent}), number(steps[c]), violation)),
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
	l, figure := v.Language, "Solid: figure 5 of RFC 9293, from ESTABLISHED on; %d of its %d arrows were found."
	if v.Opens {
		figure = "Solid: figure 5 of RFC 9293; %d of its %d arrows were found."
	}
	lines := []string{
		text(l.Say("One endpoint; a and b are counted together. On an arrow: the event, above what is sent, and the number of steps."), "", 0),
		text(l.Say(figure, in, in+missed), "", 0),
		text(l.Say("Only in the RFC's text: dashed arrows and, in a box, what else leads to CLOSED. Thick: the start."), "", 0),
	}
	for _, p := range v.compare() {
		lines = append(lines, text(p, faint, 0))
	}
	return legend(l, v.Title, used, lines, r)
}

// compare returns what was not found, and why, a line or two for each cause.
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
	l := v.Language
	for _, g := range order {
		where := strings.Join(from[g], l.Say(", "))
		if len(from[g]) > 3 {
			where = counted(l, len(from[g]), "state")
		}
		missing := "Not found, but in the text: %s, from %s to %v."
		if g.inFigure {
			missing = "Not found, but in the figure: %s, from %s to %v."
		}
		missing = l.Say(missing, l.Say(g.cause), where, g.to)
		reason := l.Say("%s.", capital(reasonIn(l, g.reason)))
		if lang.Width(missing+reason) < legendWidth {
			lines = append(lines, missing+l.Say(" ")+reason)
		} else {
			lines = append(lines, missing, apart(apart(reason)))
		}
	}
	if inText > 0 && !v.Reasons {
		lines = append(lines, l.Say("Not drawn: %d arrows of the text that were not found.", inText))
	}
	return lines
}

// reasonIn returns a reason in a language.
func reasonIn(l lang.Language, reason string) string {
	const unknown = "unknown: not everything was explored ("
	if limits, ok := strings.CutPrefix(reason, unknown); ok {
		return l.Say(unknown+"%s)", strings.TrimSuffix(limits, ")"))
	}
	return l.Say(reason)
}

func capital(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:]
}
