package trace

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/internal/lang"
	"tcpclose/model"
)

// givesUp returns a run in which a closes, everything is lost, and a gives up.
func givesUp(t *testing.T, words string) *Story {
	t.Helper()
	c, err := model.ParseConfig("a-octets=0 b-octets=0 b-closes=never r2=1 " + words)
	require.NoError(t, err)
	y, err := model.NewSystem(c)
	require.NoError(t, err)
	s := y.Init()
	run := &Trace{Config: c, Loop: -1, States: []model.State{s}}
	wanted := func(a model.Action) bool {
		return a.Kind == model.Calls && a.Call != model.Receive || a.Kind == model.Losses || a.Kind == model.Timeouts
	}
	for s.Ends[model.A].State != model.Closed || len(run.Events) == 0 {
		actions := y.Actions(nil, s)
		at := slices.IndexFunc(actions, wanted)
		if at < 0 {
			at = slices.IndexFunc(actions, func(a model.Action) bool { return a.Kind == model.Ticks })
		}
		o, ok := y.Step(s, actions[at])
		require.True(t, ok)
		s = o.To
		run.Events, run.States = append(run.Events, Event{Action: actions[at], Outcome: o}), append(run.States, s)
	}
	story, err := NewStory(run, About{})
	require.NoError(t, err)
	return story
}

// A user that has closed for good is told nothing, in any form of the trace.
func TestToNobody(t *testing.T) {
	for words, nobody := range map[string]bool{
		"a-close-is=half": false, "a-close-is=full": true, "a-close-is=half-then-full": true, "a-closes=never a-fails=die": true,
	} {
		s := givesUp(t, words)
		last := len(s.Events) - 1
		require.NotZero(t, s.Events[last].Outcome.Effect.Told&model.ToldTimeout, words)
		assert.Equal(t, nobody, s.ToNobody(last), words)
		assert.False(t, s.ToNobody(0), words)
		for name, write := range map[string]func(*bytes.Buffer) error{
			"ladder":  func(b *bytes.Buffer) error { return s.Ladder(b, LadderOptions{}) },
			"mermaid": func(b *bytes.Buffer) error { return s.Mermaid(b) },
			"svg":     func(b *bytes.Buffer) error { return s.SVG(b) }, // it may break the line
		} {
			var b bytes.Buffer
			require.NoError(t, write(&b))
			assert.Equal(t, nobody, strings.Contains(b.String(), "told to nobody:"), "%s: %s", words, name)
			assert.Equal(t, !nobody, strings.Contains(b.String(), "told: timed out"), "%s: %s", words, name)
		}
		assert.Equal(t, nobody, strings.Contains(s.Text(0), "told to nobody: timed out"), words)
		assert.Equal(t, !nobody, strings.Contains(s.Text(0), "a is told: timed out"), words)
		assert.Equal(t, nobody, strings.Contains(s.text(0, lang.Chinese), "无人可通知：超时"), words)
		var f File
		require.NoError(t, json.Unmarshal(written(t, s), &f))
		assert.Equal(t, nobody, f.Events[last].Outcome.ToNobody, words)
	}
}
