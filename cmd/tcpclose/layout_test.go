package main

import (
	"encoding/xml"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A group is an element g of Graphviz's SVG: the graph, a node or an edge.
type group struct {
	Class string `xml:"class,attr"`
	Title string `xml:"title"`
	Texts []struct {
		X      float64 `xml:"x,attr"`
		Y      float64 `xml:"y,attr"`
		Anchor string  `xml:"text-anchor,attr"`
		Weight string  `xml:"font-weight,attr"`
		Size   float64 `xml:"font-size,attr"`
		Words  string  `xml:",chardata"`
	} `xml:"text"`
	Paths []struct {
		D string `xml:"d,attr"`
	} `xml:"path"`
	Groups []group `xml:"g"`
}

// A rectangle is one in a picture.
type rectangle struct{ left, top, right, foot float64 }

func (b rectangle) has(x, y float64) bool {
	return x > b.left && x < b.right && y > b.top && y < b.foot
}

// texts returns where the words of a group are, so far as their font is known.
func (g *group) texts() map[string]rectangle {
	boxes := map[string]rectangle{}
	for i, t := range g.Texts {
		wide := 0.46 * t.Size * float64(utf8.RuneCountInString(strings.TrimSpace(t.Words)))
		if t.Weight == "bold" {
			wide *= 1.15
		}
		left := t.X
		if t.Anchor == "middle" {
			left -= wide / 2
		}
		boxes[fmt.Sprintf("%s: %q (%d)", g.Title, t.Words, i)] = rectangle{left, t.Y - 0.7*t.Size, left + wide, t.Y + 0.1*t.Size}
	}
	return boxes
}

var numbers = regexp.MustCompile(`-?\d+(\.\d+)?`)

// points returns the points of a path: those that Bézier curves pass if it is an edge's,
// otherwise its corners.
func points(t *testing.T, d string, edge bool) (list [][2]float64) {
	var corners [][2]float64
	words := numbers.FindAllString(d, -1)
	for i := 0; i+1 < len(words); i += 2 {
		x, err := strconv.ParseFloat(words[i], 64)
		require.NoError(t, err)
		y, err := strconv.ParseFloat(words[i+1], 64)
		require.NoError(t, err)
		corners = append(corners, [2]float64{x, y})
	}
	if !edge {
		return corners
	}
	for i := 0; i+3 < len(corners); i += 3 {
		c := corners[i:]
		for s := 0.0; s <= 1; s += 0.02 {
			r := 1 - s
			at := func(k int) float64 {
				return r*r*r*c[0][k] + 3*r*r*s*c[1][k] + 3*r*s*s*c[2][k] + s*s*s*c[3][k]
			}
			list = append(list, [2]float64{at(0), at(1)})
		}
	}
	return list
}

// TestDiagrams_Layout looks at what Graphviz made of the diagrams: no edge runs through
// words or through a box that it does not join, no words are over others, and the
// picture can be read at 700 pixels.
func TestDiagrams_Layout(t *testing.T) {
	for _, d := range diagrams {
		t.Run(d.name, func(t *testing.T) {
			file, err := os.ReadFile(filepath.Join(imgDir, d.name+".svg"))
			require.NoError(t, err)
			var svg struct {
				ViewBox string `xml:"viewBox,attr"`
				Graph   group  `xml:"g"`
			}
			require.NoError(t, xml.Unmarshal(file, &svg))
			size := points(t, svg.ViewBox, false)[1]
			assert.Less(t, size[0], 950.0, "too wide")
			assert.Less(t, size[1]/size[0], 1.8, "too high")
			texts, nodes := svg.Graph.texts(), map[string]rectangle{}
			for _, g := range svg.Graph.Groups {
				for name, b := range g.texts() {
					texts[name] = b
				}
				if g.Class != "node" {
					continue
				}
				b := rectangle{size[0], size[1], -size[0], -size[1]}
				for _, path := range g.Paths {
					for _, p := range points(t, path.D, false) {
						b = rectangle{min(b.left, p[0]), min(b.top, p[1]), max(b.right, p[0]), max(b.foot, p[1])}
					}
				}
				nodes[g.Title] = b
			}
			assert.Greater(t, len(nodes), 7)
			assert.Greater(t, len(texts), 40)
			for one, b := range texts {
				for other, c := range texts {
					if one < other && b.left < c.right && c.left < b.right && b.top < c.foot && c.top < b.foot {
						t.Errorf("%s is over %s", one, other)
					}
				}
			}
			for _, g := range svg.Graph.Groups {
				if g.Class != "edge" {
					continue
				}
				from, to, _ := strings.Cut(g.Title, "->")
				for _, p := range points(t, g.Paths[0].D, true) {
					for name, b := range texts {
						if b.has(p[0], p[1]) {
							t.Errorf("%s runs through %s", g.Title, name)
							delete(texts, name)
						}
					}
					for name, b := range nodes {
						if name != from && name != to && b.has(p[0], p[1]) {
							t.Errorf("%s runs through %s", g.Title, name)
							delete(nodes, name)
						}
					}
				}
			}
		})
	}
}
