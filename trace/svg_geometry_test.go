package trace

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"tcpclose/model"
)

// misplaced returns what is not where it should be in the picture of a story.
func misplaced(s *Story) (list []string) {
	p := newPicture(s)
	p.draw()
	say := func(format string, args ...any) { list = append(list, fmt.Sprintf(format, args...)) }
	for i, b := range p.texts {
		if page := rectangle(0, 0, p.width, p.height); !page.contains(&b) {
			say("%s %q is outside of the picture", b.class, b.text)
		}
		for _, c := range p.texts[:i] {
			if b.overlaps(&c) {
				say("%s %q is over %s %q", b.class, b.text, c.class, c.text)
			}
		}
	}
	for i, ways := range p.ways {
		f := &p.Flights[i]
		for n, l := range ways {
			for _, b := range p.texts {
				// There may be arrows behind segments, and behind timers and bands.
				if b.class != "segment" && b.class != "timer" && b.class != "loop" && l.crosses(b) {
					say("an arrow runs through %s %q", b.class, b.text)
				}
			}
			// Behind level text there are no arrows but those on the way while the segment is sent.
			for j, b := range p.segments {
				sent := p.Flights[j].Sent
				if b.degrees == 0 && l.crosses(b) && (sent <= f.Sent || sent >= ending(f, n, len(ways), len(p.Events))) {
					say("arrow %d of flight %d runs through the segment of flight %d", n+1, i+1, j+1)
				}
			}
			if l.y2 < l.y1 || l.y2 > p.bottom {
				say("flight %d leads upwards, or out of the picture", f.Number)
			}
		}
	}
	for i, at := range p.whereLost() {
		f := &p.Flights[i]
		if y := at[1]; p.Repeats() && (f.Lost >= p.Loop) != (y-crossSize > p.loopTop && y+crossSize < p.bottom) {
			say("flight %d is lost with event %d, and what is repeated begins with event %d: the X is on the wrong side", f.Number, f.Lost+1, p.Loop+1)
		}
	}
	for i := range p.Timers {
		if y1, y2 := p.bracketSpan(i); y2 < y1 {
			say("the bracket of %s leads upwards", p.Timers[i].Name())
		}
	}
	return list
}

// contains reports whether all of other is in a rectangle.
func (b *textBox) contains(other *textBox) bool {
	for _, c := range other.corners() {
		if c[0] < b.left || c[0] > b.right || c[1] < b.top || c[1] > b.foot {
			return false
		}
	}
	return true
}

// ending returns the event at which the nth of a flight's arrows ends.
func ending(f *Flight, n, ways, events int) int {
	n -= ways - len(f.Arrives) // what is still in transit comes first
	if f.Lost >= 0 {
		n++
	}
	switch {
	case n >= 0 && n < len(f.Arrives):
		return f.Arrives[n]
	case f.Lost >= 0:
		return max(f.Lost, f.Sent+1)
	}
	return events
}

// crossings returns how often an arrow runs behind the text of a segment.
func crossings(s *Story) (n int) {
	p := newPicture(s)
	p.draw()
	for _, b := range p.texts {
		for _, ways := range p.ways {
			for _, l := range ways {
				if b.class == "segment" && l.crosses(b) {
					n++
				}
			}
		}
	}
	return n
}

// In a picture no text is over another or outside, no arrow is where there is text of
// another kind, and the X of a loss is inside the frame if the loss is repeated.
func TestSVG_Geometry(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		run := walk(t)
		if rapid.Bool().Draw(t, "goes on") {
			run.Loop = rapid.IntRange(0, len(run.Events)).Draw(t, "loop")
		}
		s, err := NewStory(run, About{Property: "p", Sentence: "s", Verdict: "v", Tick: someTick(t)})
		require.NoError(t, err)
		assert.Empty(t, misplaced(s))
	})
}

// What a picture says of the configuration is all of it.
func TestConfigText(t *testing.T) {
	for _, c := range Configs {
		read, err := model.ParseConfig(configText(&c))
		require.NoError(t, err)
		assert.Equal(t, c, read)
	}
	c, err := model.ParseConfig("a-rto=3 b-keepalive=4 loss=off")
	require.NoError(t, err)
	assert.Equal(t, "msl=3 time-wait=2msl a-rto=3 b-rto=2 r2=2 b-keepalive=4 loss=off duplicate=unlimited reorder=unlimited capacity=2", configText(&c))
}
