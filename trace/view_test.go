package trace

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"tcpclose/model"
)

// A picture is well-formed and complete.
func TestSVG(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, err := NewStory(walk(t), About{Property: `<"&'>`, Tick: someTick(t)})
		require.NoError(t, err)
		var b bytes.Buffer
		require.NoError(t, s.SVG(&b))
		assert.NotContains(t, b.String(), "NaN")
		elements := map[string]int{}
		text := map[string]int{}
		d := xml.NewDecoder(&b)
		for {
			token, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			require.NoError(t, err)
			switch token := token.(type) {
			case xml.StartElement:
				class := ""
				for _, a := range token.Attr {
					if a.Name.Local == "class" {
						class = a.Value
					}
				}
				if class == "key" { // the legend
					require.NoError(t, d.Skip())
					continue
				}
				elements[token.Name.Local+" "+class]++
			case xml.CharData:
				text[string(token)]++
			}
		}
		arrows, copies, losses := 0, 0, 0
		for i := range s.Flights {
			f := &s.Flights[i]
			assert.NotZero(t, text[f.Segment.Text(f.From)])
			first := min(1, len(f.Arrives))
			if f.Sent < 0 {
				first = 0
			}
			arrows += first
			copies += len(f.Arrives) - first
			if f.Lost >= 0 {
				losses++
			}
		}
		for _, f := range s.Left() {
			if f.Copied() {
				copies++
			}
		}
		assert.Equal(t, arrows, elements["line segment"])
		assert.Equal(t, copies, elements["line copy"])
		assert.Equal(t, losses, elements["path cross"])
		assert.Equal(t, len(s.Timers), elements["path timer"]+elements["path timer waits"])
	})
}

// Every arrival and every loss is a line of a diagram, and who is active was in
// TIME-WAIT. Mermaid's own parser is asked by hand: it needs Node.
func TestMermaid(t *testing.T) {
	arrow := regexp.MustCompile(`(?m)^ *[ab](->>|-->>|-x)[ab]: [^<>;\n]+$`)
	known := regexp.MustCompile(`^(sequenceDiagram|participant [ab]|Note (left|right) of [ab]: [^;]+|Note over a,b: [^<>;]+|(de)?activate [ab]|loop [^<>;]+|end|[ab](->>|-->>|-x)[ab]: [^<>;]+)$`)
	rapid.Check(t, func(t *rapid.T) {
		s, err := NewStory(walk(t), About{Tick: someTick(t)})
		require.NoError(t, err)
		var b bytes.Buffer
		require.NoError(t, s.Mermaid(&b))
		want := 0
		for _, f := range s.Flights {
			want += len(f.Arrives)
			if f.Lost >= 0 {
				want++
			}
		}
		assert.Len(t, arrow.FindAllString(b.String(), -1), want)
		active := map[string]int{}
		for line := range strings.Lines(b.String()) {
			line = strings.TrimSpace(line)
			assert.Regexp(t, known, line)
			if side, ok := strings.CutPrefix(line, "activate "); ok {
				active[side]++
			}
			if side, ok := strings.CutPrefix(line, "deactivate "); ok {
				active[side]--
				assert.Zero(t, active[side])
			}
		}
		for _, side := range model.Sides {
			waits := s.States[len(s.Events)].Ends[side].State == model.TimeWait
			assert.Equal(t, waits, active[side.String()] == 1)
		}
	})
}
