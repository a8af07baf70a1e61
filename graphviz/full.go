package graphviz

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"tcpclose/internal/lang"
	"tcpclose/model"
	"tcpclose/survey"
)

// MaxFull is the greatest number of states that Full draws legibly.
const MaxFull = 300

// FullOptions are what Full draws besides.
type FullOptions struct {
	Title    []string // lines over the legend
	Language lang.Language
}

// Full writes every state and step of s in DOT, in the order in which they come, and
// keeps none in memory.
func Full(ctx context.Context, w io.Writer, s *survey.Space, o FullOptions) error {
	out, l := bufio.NewWriter(w), o.Language
	lines := []string{
		text(l.Say("In a box: the connection states a · b, and what is in transit: from a to the right, from b to the left."), "", 0),
		text(l.Say("Thick: the start. Double: runs end there. Each edge is a step."), "", 0),
		text(l.Say("States that differ only in their timers look alike."), "", 0),
	}
	if !s.Result.Complete() {
		lines = append(lines, text(l.Say("Dashed: not all steps from there were explored."), "", 0))
	}
	fmt.Fprintf(out, "digraph full {\n  graph [fontname=%q fontsize=11 bgcolor=white pad=0.3 nodesep=0.1 labelloc=b labeljust=l label=%s];\n", font, legendWith(l, o.Title, fullKeys(l, &s.Config), lines, &s.Result))
	fmt.Fprintf(out, "  node [fontname=%q fontsize=11 shape=box margin=\"0.07,0.05\" style=%q fillcolor=white color=%q];\n", font, "rounded,filled", "#555555")
	fmt.Fprintf(out, "  edge [fontname=%q fontsize=10 arrowsize=0.7];\n", font)
	err := s.Each(ctx, func(n int, state *model.State, open bool, steps []survey.SpaceStep) error {
		fmt.Fprintf(out, "  %d [%s];\n", n, fullNode(l, n, state, open, len(steps) == 0))
		for i := range steps {
			if _, err := fmt.Fprintf(out, "  %d -> %d [%s];\n", n, steps[i].To, fullEdge(l, &steps[i].Occurrence)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	fmt.Fprintln(out, "}")
	return out.Flush()
}

func fullNode(l lang.Language, n int, s *model.State, open, terminal bool) string {
	t := newTable(`CELLSPACING="0" CELLPADDING="1"`)
	t.row(pair(s.Ends[model.A].State, s.Ends[model.B].State))
	var flying []string
	for _, side := range model.Sides {
		c := &s.Nets[side]
		for _, p := range c.Packets[:c.N] {
			if side == model.A {
				flying = append(flying, sortName(l, survey.SortOf(p.Segment))+" →")
			} else {
				flying = append(flying, "← "+sortName(l, survey.SortOf(p.Segment)))
			}
		}
	}
	if len(flying) > 0 {
		t.row(text(strings.Join(flying, "   "), faint, 10))
	}
	a := "label=" + t.end()
	fill := "#ffffff"
	if slices.Contains([]model.ConnState{s.Ends[0].State, s.Ends[1].State}, model.TimeWait) {
		fill = "#eaf5ec"
	}
	a += fmt.Sprintf(" fillcolor=%q", fill)
	switch {
	case n == 0:
		a += ` penwidth=2.5 color="#202020"`
	case open:
		a += ` style="rounded,filled,dashed"`
	case terminal:
		a += " peripheries=2"
	}
	return a
}

// A deed is what a step of the full graph is, by colour.
var deeds = [...]struct{ colour, style, legend string }{
	model.Calls:      {sorts[call].colour, "solid", "a user calls"},
	model.Timeouts:   {sorts[timer].colour, "solid", "a timer expires"},
	model.Deliveries: {sorts[segment].colour, "solid", "a segment arrives"},
	model.Copies:     {"#7a4fa3", "solid", "a duplicate arrives"},
	model.Losses:     {sorts[broken].colour, "dashed", "a segment is lost"},
	model.Boxes:      {sorts[broken].colour, "solid", "the box forgets"},
	model.Ticks:      {sorts[givesUp].colour, "dotted", "a tick"},
}

func fullKeys(l lang.Language, c *model.Config) (keys []string) {
	for kind, d := range deeds {
		if model.Kind(kind) == model.Copies && c.Duplicate == 0 || model.Kind(kind) == model.Losses && c.Loss == 0 {
			continue
		}
		if model.Kind(kind) == model.Boxes && c.Between.Box == nil {
			continue
		}
		keys = append(keys, key(d.colour, d.style, l.Say(d.legend)))
	}
	return keys
}

func fullEdge(l lang.Language, o *survey.Occurrence) string {
	d := deeds[o.Kind]
	words := bareEvent(l, o)
	switch o.Kind {
	case model.Ticks:
		return fmt.Sprintf("color=%q style=%s", d.colour, d.style)
	case model.Losses:
	default:
		words = o.Side.String() + " " + words
	}
	return fmt.Sprintf("label=%q color=%q fontcolor=%q style=%s", "  "+words+"  ", d.colour, d.colour, d.style)
}
