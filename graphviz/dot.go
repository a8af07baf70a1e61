package graphviz

import (
	"fmt"
	"html"
	"slices"
	"strings"

	"github.com/dustin/go-humanize"
	"gonum.org/v1/gonum/graph"
	"gonum.org/v1/gonum/graph/encoding"
	"gonum.org/v1/gonum/graph/encoding/dot"
	"gonum.org/v1/gonum/graph/multi"

	"tcpclose/internal/lang"
	"tcpclose/model"
)

// A drawing is a graph with attributes, ranks included, as gonum encodes it.
type drawing struct {
	*multi.DirectedGraph
	attributes [3]attributes // of the graph, of every node and of every edge
	ranks      []dot.Multigraph
	nodes      int64
	lines      int64
}

type attributes []encoding.Attribute

func (a attributes) Attributes() []encoding.Attribute { return a }

func attribute(key, value string) encoding.Attribute {
	return encoding.Attribute{Key: key, Value: value}
}

func (d *drawing) DOTAttributers() (graph, node, edge encoding.Attributer) {
	return d.attributes[0], d.attributes[1], d.attributes[2]
}

func (d *drawing) Structure() []dot.Multigraph { return d.ranks }

// A node of a drawing.
type node struct {
	id   int64
	name string
	attributes
}

func (n *node) ID() int64     { return n.id }
func (n *node) DOTID() string { return n.name }

// A line of a drawing: an edge, of which there may be several between two nodes.
type line struct {
	id       int64
	from, to *node
	attributes
}

func (l line) ID() int64                { return l.id }
func (l line) From() graph.Node         { return l.from }
func (l line) To() graph.Node           { return l.to }
func (l line) ReversedLine() graph.Line { return line{l.id, l.to, l.from, l.attributes} }

// font is the face of all text. Helvetica and Arial have the same widths, so that text
// fits where Graphviz and the viewer have different ones.
const font = "Helvetica,Arial,sans-serif"

func newDrawing(label string) *drawing {
	return &drawing{
		DirectedGraph: multi.NewDirectedGraph(),
		attributes: [3]attributes{
			{
				attribute("fontname", font), attribute("fontsize", "11"), attribute("bgcolor", "white"), attribute("pad", "0.3"),
				attribute("labelloc", "b"), attribute("labeljust", "l"), attribute("label", label),
			},
			{attribute("fontname", font), attribute("fontsize", "11"), attribute("shape", "box"), attribute("margin", "0.07,0.05"), attribute("style", "rounded,filled"), attribute("fillcolor", "white"), attribute("color", "#555555")},
			{attribute("fontname", font), attribute("fontsize", "9"), attribute("arrowsize", "0.7")},
		},
	}
}

// set adds attributes to the graph.
func (d *drawing) set(keysAndValues ...string) {
	for i := 0; i < len(keysAndValues); i += 2 {
		d.attributes[0] = append(d.attributes[0], attribute(keysAndValues[i], keysAndValues[i+1]))
	}
}

// node adds a node.
func (d *drawing) node(name string, a ...encoding.Attribute) *node {
	n := &node{d.nodes, name, a}
	d.nodes++
	d.AddNode(n)
	return n
}

// line adds an edge.
func (d *drawing) line(from, to *node, a ...encoding.Attribute) {
	d.SetLine(line{d.lines, from, to, a})
	d.lines++
}

// rankAll ranks what belongs to each number, in that order, in the order of compare.
func rankAll[K comparable](d *drawing, ranks map[int][]K, nodes map[K]*node, compare func(K, K) int) {
	for _, r := range sortedKeys(ranks) {
		slices.SortFunc(ranks[r], compare)
		var row []*node
		for _, k := range ranks[r] {
			row = append(row, nodes[k])
		}
		d.rank(row...)
	}
}

// rank puts nodes next to each other, in this order.
func (d *drawing) rank(nodes ...*node) {
	r := &rank{drawing: drawing{DirectedGraph: multi.NewDirectedGraph()}, id: fmt.Sprintf("rank%d", len(d.ranks))}
	r.attributes[0] = attributes{attribute("rank", "same")}
	for i, n := range nodes {
		bare := &node{n.id, n.name, nil}
		r.AddNode(bare)
		if i > 0 {
			r.SetLine(line{int64(i), &node{nodes[i-1].id, nodes[i-1].name, nil}, bare, attributes{attribute("style", "invis")}})
		}
	}
	d.ranks = append(d.ranks, r)
}

type rank struct {
	drawing
	id string
}

func (r *rank) DOTID() string { return r.id }

// dot returns the drawing in DOT.
func (d *drawing) dot(name string) ([]byte, error) {
	text, err := dot.MarshalMulti(d, name, "", "  ")
	if err != nil {
		return nil, err
	}
	return append(text, '\n'), nil
}

// A table is an HTML-like label of rows.
type table struct {
	strings.Builder
}

func newTable(attributes string) *table {
	t := &table{}
	fmt.Fprintf(t, `<<TABLE BORDER="0" CELLBORDER="0" %s>`, attributes)
	return t
}

// row adds a row of cells, which are HTML already.
func (t *table) row(cells ...string) { t.span(1, cells...) }

// span adds a row of cells that spans a number of columns.
func (t *table) span(columns int, cells ...string) {
	t.WriteString("<TR>")
	for _, c := range cells {
		if columns > 1 {
			fmt.Fprintf(t, `<TD COLSPAN="%d">%s</TD>`, columns, c)
		} else {
			fmt.Fprintf(t, "<TD>%s</TD>", c)
		}
	}
	t.WriteString("</TR>")
}

func (t *table) end() string {
	t.WriteString("</TABLE>>")
	return t.String()
}

// beside returns the label of an edge, with room between it and the edge.
func (t *table) beside() string {
	inner := strings.TrimSuffix(strings.TrimPrefix(t.end(), "<"), ">")
	return `<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0"><TR><TD WIDTH="8"></TD><TD>` + inner + `</TD><TD WIDTH="6"></TD></TR></TABLE>>`
}

// text returns words in a colour and a size, "" and 0 being the default.
func text(words, colour string, size int) string {
	words = html.EscapeString(words)
	if colour == "" && size == 0 {
		return words
	}
	var a string
	if colour != "" {
		a += fmt.Sprintf(` COLOR="%s"`, colour)
	}
	if size != 0 {
		a += fmt.Sprintf(` POINT-SIZE="%d"`, size)
	}
	return "<FONT" + a + ">" + words + "</FONT>"
}

func bold(words string) string { return "<B>" + html.EscapeString(words) + "</B>" }

// pair returns the connection states of a and b, in one run of text: what is in several
// runs has gaps wherever the viewer's font is not the one that was measured.
func pair(a, b model.ConnState) string { return bold(a.String() + " · " + b.String()) }

// apart returns words with room on both sides, so that a label does not touch its edge.
func apart(words string) string { return "\u00a0" + words + "\u00a0" }

func number(n int) string { return humanize.Comma(int64(n)) }

// counted returns n things.
func counted(l lang.Language, n int, thing string) string {
	if l != lang.English {
		return l.Say("%s "+thing+"s", number(n))
	}
	if n != 1 {
		thing += "s"
	}
	return number(n) + " " + thing
}
