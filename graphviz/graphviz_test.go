package graphviz_test

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/graph"
	"gonum.org/v1/gonum/graph/encoding"
	"gonum.org/v1/gonum/graph/encoding/dot"
	"gonum.org/v1/gonum/graph/multi"

	"tcpclose/check"
	"tcpclose/explore"
	"tcpclose/explore/product"
	"tcpclose/graphviz"
	"tcpclose/internal/tier"
	"tcpclose/invariants"
	"tcpclose/model"
	"tcpclose/survey"
)

// largePresets take seconds, or many.
var largePresets = map[string]bool{
	"default": true, "b-never-closes": true, "safe-time-wait": true, "literal": true, "slow-reader": true, "half-close": true, "dying-process": true, "orphan": true,
	"next": true, "next-safe": true, "next-may-2": true,
}

// parsed is a graph as gonum reads it back.
type parsed struct {
	*multi.DirectedGraph
	graph, node, edge attributes
}

type attributes map[string]string

func (a attributes) SetAttribute(at encoding.Attribute) error { a[at.Key] = at.Value; return nil }

func (p *parsed) DOTAttributeSetters() (graph, node, edge encoding.AttributeSetter) {
	return p.graph, p.node, p.edge
}

func (p *parsed) NewNode() graph.Node {
	return &parsedNode{Node: p.DirectedGraph.NewNode(), attributes: attributes{}}
}

func (p *parsed) NewLine(from, to graph.Node) graph.Line {
	return &parsedLine{Line: p.DirectedGraph.NewLine(from, to), attributes: attributes{}}
}

type parsedNode struct {
	graph.Node
	attributes
	name string
}

func (n *parsedNode) SetDOTID(id string) { n.name = strings.Trim(id, `"`) }

type parsedLine struct {
	graph.Line
	attributes
}

// parse reads DOT with gonum. It gives the nodes by name and the edges that are seen.
func parse(t require.TestingT, text []byte) (p *parsed, nodes map[string]*parsedNode, lines []*parsedLine) {
	p = &parsed{multi.NewDirectedGraph(), attributes{}, attributes{}, attributes{}}
	require.NoError(t, dot.UnmarshalMulti(text, p), "%s", text)
	nodes = map[string]*parsedNode{}
	for _, n := range graph.NodesOf(p.Nodes()) {
		nodes[n.(*parsedNode).name] = n.(*parsedNode)
	}
	edges := p.Edges()
	for edges.Next() {
		of := edges.Edge().(multi.Edge)
		for of.Next() {
			if l := of.Line().(*parsedLine); l.attributes["style"] != "invis" {
				lines = append(lines, l)
			}
		}
	}
	return p, nodes, lines
}

// render has dot draw text, where it is installed, and wants no word of it.
func render(t testing.TB, text []byte) {
	path, err := exec.LookPath("dot")
	if err != nil {
		t.Log("dot is not installed: not rendered")
		return
	}
	cmd := exec.CommandContext(t.Context(), path, "-Tsvg")
	cmd.Stdin = bytes.NewReader(text)
	var svg, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &svg, &errs
	require.NoError(t, cmd.Run(), errs.String())
	assert.Empty(t, errs.String())
	assert.Contains(t, svg.String(), "</svg>")
}

func explored(t testing.TB, c model.Config, properties []*invariants.Property, o product.Options) (*survey.Space, *survey.Quotient) {
	s, err := survey.ExploreSpace(t.Context(), c, properties, o)
	require.NoError(t, err)
	q, err := s.Quotient(t.Context())
	require.NoError(t, err)
	return s, q
}

// Each preset's pictures are read back by gonum, and drawn by dot without a warning.
func TestPresets(t *testing.T) {
	tier.SkipToCI(t)
	for _, p := range check.UsualPresets() {
		t.Run(p.Name, func(t *testing.T) {
			if largePresets[p.Name] {
				tier.Skip(t)
			}
			_, q := explored(t, p.Config, invariants.Properties, product.Options{})
			text, err := graphviz.States(q, graphviz.StatesOptions{Title: []string{p.Name}, Loops: true})
			require.NoError(t, err)
			_, nodes, lines := parse(t, text)
			checkStates(t, q, nodes, lines)
			render(t, text)

			d := q.Diagram()
			text, err = graphviz.Endpoint(d, &q.Result, graphviz.EndpointOptions{Title: []string{p.Name}, Reasons: true})
			require.NoError(t, err)
			g, nodes, lines := parse(t, text)
			inFigure := 0
			for _, m := range d.Missing {
				if m.InFigure {
					inFigure++
				}
				assert.Contains(t, strings.ToLower(g.graph["label"]), strings.ToLower(strings.SplitN(m.Reason, "(", 2)[0][:12]))
			}
			assert.GreaterOrEqual(t, len(nodes), len(d.States))
			dotted := 0
			for _, l := range lines {
				if l.attributes["style"] == "dotted" {
					dotted++
				}
			}
			assert.Equal(t, inFigure, dotted)
			render(t, text)
		})
	}
}

// checkStates compares a picture with the quotient: each joint state or its mirror image
// has a box, and each step that changes a connection state is an edge or told in a box.
func checkStates(t *testing.T, q *survey.Quotient, nodes map[string]*parsedNode, lines []*parsedLine) {
	name := func(j survey.Joint) string { return j[0].String() + "/" + j[1].String() }
	mirror := func(j survey.Joint) survey.Joint { return survey.Joint{j[1], j[0]} }
	half := len(nodes) < len(q.States)
	joined := map[string]bool{}
	for _, l := range lines {
		joined[l.From().(*parsedNode).name+" to "+l.To().(*parsedNode).name] = true
	}
	boxes := 0
	for _, s := range q.States {
		n := nodes[name(s.Joint)]
		if m := nodes[name(mirror(s.Joint))]; half && n == nil {
			assert.NotNil(t, m, s.Joint)
			continue
		} else if half && s.Joint != mirror(s.Joint) {
			assert.Nil(t, m, s.Joint)
		}
		require.NotNil(t, n, s.Joint)
		boxes++
		assert.Equal(t, s.Terminals > 0, n.attributes["peripheries"] == "2", s.Joint)
		for _, of := range s.Violates {
			assert.Contains(t, n.attributes["label"], of.Name)
		}
	}
	assert.Len(t, nodes, boxes)
	want := map[string]bool{}
	for _, s := range q.Steps {
		if s.From == s.To {
			continue
		}
		from, to := s.From, s.To
		if nodes[name(from)] == nil || from == mirror(from) && nodes[name(to)] == nil {
			from, to = mirror(from), mirror(to)
		}
		if nodes[name(to)] == nil {
			to = mirror(to)
		}
		edge := name(from) + " to " + name(to)
		want[edge] = true
		if !joined[edge] {
			assert.Regexp(t, "R2|RST|ABORT|timeout|crash|keep-alive|unread|reader|FIN-WAIT-2", nodes[name(from)].attributes["label"], edge)
		}
	}
	for edge := range joined {
		assert.True(t, want[edge], edge)
	}
}

// tiny has few states, none of the network's faults, and everything else.
const tiny = "a-octets=0 b-octets=0 loss=off duplicate=off reorder=off capacity=4 msl=1 rto=4"

// A full graph has each state and each step.
func TestFull(t *testing.T) {
	for _, words := range []string{tiny, "a-octets=0 b-octets=0 msl=1 rto=1 r2=1 b-closes=never", "a-octets=0 b-octets=0 loss=off duplicate=1 reorder=off capacity=4 msl=1 rto=2 r2=1 b-closes=after-peer"} {
		c, err := model.ParseConfig(words)
		require.NoError(t, err)
		var was []byte
		for _, workers := range []int{1, 3} {
			s, _ := explored(t, c, nil, product.Options{Workers: workers})
			var text bytes.Buffer
			require.NoError(t, graphviz.Full(t.Context(), &text, s, graphviz.FullOptions{Title: []string{words}}))
			_, nodes, lines := parse(t, text.Bytes())
			assert.Len(t, nodes, s.Result.Distinct)
			assert.Len(t, lines, s.Result.Generated-1)
			if was != nil {
				assert.Equal(t, string(was), text.String())
			}
			was = text.Bytes()
		}
		if words == tiny {
			render(t, was)
		}
	}
}

// A writer that is full ends Full, and so does a context that is done.
func TestFull_Ends(t *testing.T) {
	c, err := model.ParseConfig("a-octets=0 b-octets=0 msl=1 rto=1")
	require.NoError(t, err)
	s, _ := explored(t, c, nil, product.Options{})
	assert.ErrorIs(t, graphviz.Full(t.Context(), full{}, s, graphviz.FullOptions{}), errFull)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	assert.ErrorIs(t, graphviz.Full(ctx, &bytes.Buffer{}, s, graphviz.FullOptions{}), context.Canceled)
}

type full struct{}

var errFull = fmt.Errorf("no space left")

func (full) Write([]byte) (int, error) { return 0, errFull }

// What was not explored is said in every picture.
func TestPartial(t *testing.T) {
	c, err := model.ParseConfig("a-octets=0 b-octets=0")
	require.NoError(t, err)
	for depth, want := range map[int]bool{5: true, 0: false} {
		s, q := explored(t, c, nil, product.Options{Limits: explore.Limits{Depth: depth}})
		states, err := graphviz.States(q, graphviz.StatesOptions{})
		require.NoError(t, err)
		endpoint, err := graphviz.Endpoint(q.Diagram(), &q.Result, graphviz.EndpointOptions{})
		require.NoError(t, err)
		var all bytes.Buffer
		require.NoError(t, graphviz.Full(t.Context(), &all, s, graphviz.FullOptions{}))
		for _, text := range []string{string(states), string(endpoint), all.String()} {
			assert.Equal(t, want, strings.Contains(text, "PARTIAL (depth)"))
			assert.Equal(t, !want, strings.Contains(text, "Complete: every run was explored."))
		}
		render(t, states)
		render(t, endpoint)
	}
}

// The picture is the same however many explored, and colours the edges that the run
// takes and no others.
func TestStates_Path(t *testing.T) {
	c, err := model.ParseConfig("a-octets=0 b-octets=0")
	require.NoError(t, err)
	i := 0
	for invariants.Properties[i].Name != "quiet" {
		i++
	}
	quiet := invariants.Properties[i]
	r, err := check.Check(t.Context(), c, []*invariants.Property{quiet}, check.Options{})
	require.NoError(t, err)
	trace := r.Findings[0].Trace
	require.NotNil(t, trace)
	var was string
	for _, workers := range []int{1, 2} {
		_, q := explored(t, c, invariants.Properties, product.Options{Workers: workers})
		text, err := graphviz.States(q, graphviz.StatesOptions{Path: trace, Of: "quiet"})
		require.NoError(t, err)
		if was != "" {
			assert.Equal(t, was, string(text))
		}
		was = string(text)
	}
	render(t, []byte(was))
	_, _, lines := parse(t, []byte(was))
	changes := 0
	for i := range trace.Events {
		if o := survey.OccurrenceIn(trace, i); o.Changes() {
			changes++
		}
	}
	coloured := 0
	for _, l := range lines {
		if l.attributes["penwidth"] == "3" {
			coloured++
			assert.Regexp(t, regexp.MustCompile(`event \d`), l.attributes["label"])
		}
	}
	assert.NotZero(t, changes)
	assert.Equal(t, changes, coloured)
}

// A step that no arrow allows stands out.
func TestEndpoint_Others(t *testing.T) {
	for _, f := range model.Faults() {
		c, err := model.ParseConfig("a-octets=0 b-octets=0 msl=2 rto=1 r2=1")
		require.NoError(t, err)
		if c.Fault = f; c.Validate() != nil {
			continue
		}
		_, q := explored(t, c, nil, product.Options{})
		d := q.Diagram()
		if len(d.Others) == 0 {
			continue
		}
		text, err := graphviz.Endpoint(d, &q.Result, graphviz.EndpointOptions{})
		require.NoError(t, err)
		_, _, lines := parse(t, text)
		bold := 0
		for _, l := range lines {
			if l.attributes["style"] == "bold" {
				bold++
			}
		}
		assert.NotZero(t, bold, f)
		assert.Contains(t, string(text), "not in RFC 9293")
		render(t, text)
		return
	}
	t.Error("no fault leads along another arrow")
}
