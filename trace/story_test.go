package trace

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"tcpclose/model"
)

// walk returns a random run of a random configuration.
func walk(t *rapid.T) *Trace {
	c := rapid.SampledFrom(Configs).Draw(t, "config")
	limits := []model.Limit{model.Unlimited, 0, 1, 2}
	c.Loss = rapid.SampledFrom(limits).Draw(t, "loss")
	c.Duplicate = rapid.SampledFrom(limits).Draw(t, "duplicate")
	c.Reorder = rapid.SampledFrom(limits).Draw(t, "reorder")
	c.Capacity = uint8(rapid.IntRange(1, 4).Draw(t, "capacity"))
	run := &Trace{Config: c, Counted: rapid.Bool().Draw(t, "counted"), Loop: -1}
	y, err := run.System()
	require.NoError(t, err)
	s := y.Init()
	run.States = []model.State{s}
	for range rapid.IntRange(0, 40).Draw(t, "events") {
		actions := y.Actions(nil, s)
		if len(actions) == 0 {
			break
		}
		a := actions[rapid.IntRange(0, len(actions)-1).Draw(t, "action")]
		o, ok := y.Step(s, a)
		require.True(t, ok)
		s = o.To
		run.Events = append(run.Events, Event{Action: a, Outcome: o})
		run.States = append(run.States, s)
	}
	run.Inevitable = rapid.IntRange(0, max(0, len(run.Events)-1)).Draw(t, "doomed")
	return run
}

// What a story says of segments is what the events say.
func TestStory(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, err := NewStory(walk(t), About{})
		require.NoError(t, err)
		for i := range s.Events {
			a, o := s.Events[i].Action, &s.Events[i].Outcome
			if g := o.Effect.Sent; g != (model.Segment{}) {
				f := s.Flights[s.sent[i]]
				assert.Equal(t, g, f.Segment)
				assert.Equal(t, o.Mover, f.From)
				assert.Equal(t, i, f.Sent)
			} else {
				assert.Equal(t, -1, s.sent[i])
			}
			if a.Kind == model.Deliveries || a.Kind == model.Copies {
				f := s.Flights[s.arrived[i].flight]
				assert.Equal(t, a.Packet.Segment, f.Segment)
				assert.Equal(t, a.Side, f.From)
				at := slices.Index(f.Arrives, i)
				assert.GreaterOrEqual(t, at, 0)
				assert.Equal(t, at > 0 || f.Sent < 0, s.arrived[i].copied)
			} else {
				assert.Equal(t, -1, s.arrived[i].flight)
			}
		}
		medium := func() model.Medium { y, _ := s.System(); return y.Medium() }()
		for i := range s.Flights {
			f := &s.Flights[i]
			sent := s.Times[f.Sent+1]
			for n, at := range f.Arrives {
				assert.Greater(t, at, f.Sent)
				limit := int(medium.Delay)
				if n > 0 || f.Sent < 0 {
					limit = int(medium.MSL)
				}
				assert.Less(t, s.Times[at]-sent, limit, "flight %d lives too long", f.Number)
			}
			if f.UnderWay() && f.Sent >= 0 {
				assert.Less(t, s.Times[len(s.Events)]-sent, int(medium.Delay), "flight %d is in transit for too long", f.Number)
				assert.Contains(t, s.Left(), f)
			}
			if f.Lost >= 0 {
				assert.Empty(t, f.Arrives, "flight %d is lost and has arrived", f.Number)
			}
		}
		// Without duplication every flight arrives once at most.
		if s.Config.Duplicate == 0 && s.Config.Stray == (model.Stray{}) {
			for _, f := range s.Flights {
				assert.LessOrEqual(t, len(f.Arrives), 1)
			}
		}
	})
}

// someTick returns how long a tick is, or 0.
func someTick(t *rapid.T) time.Duration {
	return rapid.SampledFrom([]time.Duration{0, 100 * time.Millisecond, 250 * time.Millisecond, 16 * time.Millisecond}).Draw(t, "tick")
}

// A ladder fits into a terminal, and shows every event once. In seconds some numbers
// are left out for lack of room, and no time has more digits than it needs.
func TestLadder_Lines(t *testing.T) {
	long := regexp.MustCompile(`\.\d{4}`)
	rapid.Check(t, func(t *rapid.T) {
		s, err := NewStory(walk(t), About{Tick: someTick(t)})
		require.NoError(t, err)
		var b, colored strings.Builder
		require.NoError(t, s.Ladder(&b, LadderOptions{Explain: rapid.Bool().Draw(t, "explain")}))
		require.NoError(t, s.Ladder(&colored, LadderOptions{Color: true}))
		events := 0
		for line := range strings.Lines(b.String()) {
			line = strings.TrimSuffix(line, "\n")
			assert.LessOrEqual(t, len(line), 80)
			assert.Equal(t, strings.TrimRight(line, " "), line)
			if s.About.Tick > 0 {
				assert.NotRegexp(t, long, line)
				assert.NotRegexp(t, "[0-9] ticks?", line)
				events = len(s.Events)
				continue
			}
			if strings.HasPrefix(line, "!") {
				continue
			}
			number := strings.TrimSpace(line[:min(5, len(line))])
			if first, last, ok := strings.Cut(number, "-"); ok {
				assert.Equal(t, events+1, atoi(t, first))
				events = atoi(t, last)
			} else if number != "" && number != "#" && number != "Nothi" {
				events++
				assert.Equal(t, events, atoi(t, number))
			}
		}
		assert.Equal(t, len(s.Events), events)
	})
}

func atoi(t *rapid.T, text string) int {
	n, err := strconv.Atoi(text)
	require.NoError(t, err)
	return n
}
