package drive

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/model"
	"tcpclose/observe"
	"tcpclose/stacks/adapter"
	"tcpclose/stacks/own"
	"tcpclose/stacks/schedule"
)

// A twoMinds is a host that takes other decisions when it opens actively.
type twoMinds struct {
	Host
	passive, active Host
}

func (h *twoMinds) Reset(setup adapter.Setup) error {
	h.Host = h.passive
	if err := h.active.Reset(setup); err != nil {
		return err
	}
	return h.passive.Reset(setup)
}

func (h *twoMinds) Do(e adapter.Event) adapter.Result {
	if e.Kind == adapter.Opens && e.Active {
		h.Host = h.active
	}
	return h.Host.Do(e)
}

// What a stack does against the decisions that its other runs have shown is found, and
// shown again by these decisions.
func TestCampaign_Contradicts(t *testing.T) {
	list := make([]Host, 2)
	for i, c := range []string{"", "closed-answer=nothing rst-check=window"} {
		config := own.Default()
		if c != "" {
			with, err := model.ParseConfig(c)
			require.NoError(t, err)
			config.EachEnd(func(e *model.Endpoint) { e.Choices = with.Ends[model.A].Choices })
		}
		a, err := own.New(config, own.Tick)
		require.NoError(t, err)
		list[i] = InProcess(a)
	}
	h := &twoMinds{list[0], list[0], list[1]}
	rules := observe.Open(own.Default(), own.Tick)
	o, err := NewObserver(rules)
	require.NoError(t, err)
	p := &Player{Host: h, Timing: timingOf(own.Default())}
	c := NewCampaign(p, o)
	require.NoError(t, c.Walks(context.Background(), 0, 300, nil))
	require.NotEmpty(t, c.Deviations)
	shown := map[string]bool{}
	for _, d := range c.Deviations {
		assert.Truef(t, strings.HasPrefix(d.Rule, "contradiction: "), "%s: %s", d.Rule, d.Events)
		require.NotEmptyf(t, d.Given, "%s", d.Rule)
		for _, word := range d.Given {
			name, _, _ := strings.Cut(word, "=")
			shown[name] = true
		}
		rules.Options, err = ParseGiven(d.Given)
		require.NoError(t, err)
		given, err := observe.New(rules)
		require.NoError(t, err)
		_, deviates, err := given.First(runOf(d.Events, d.Results))
		require.NoError(t, err)
		assert.Truef(t, deviates, "%s, given %s: %s", d.Rule, d.Given, d.Events)
		_, deviates = o.first(runOf(d.Events, d.Results))
		assert.Falsef(t, deviates, "%s: %s", d.Rule, d.Events)
	}
	assert.True(t, shown["closed-answer"])
	for _, text := range []string{"closed-answer=maybe", "no-decision=yes"} {
		_, err := ParseGiven([]string{text})
		assert.Errorf(t, err, "%s", text)
	}
}

// A Couples schedule finds a connection that hangs, and Repeats plays one segment often.
func TestCouples(t *testing.T) {
	routes, err := schedule.Routes(context.Background())
	require.NoError(t, err)
	c := own.Default()
	c.Fault = model.TimeWaitClockStops
	h := hidden(t, c, 0)
	require.NoError(t, h.PlayAll(context.Background(), schedule.Couples(routes)[:2000], func(int) string { return "" }))
	hangs := false
	for _, d := range h.Deviations {
		hangs = hangs || strings.Contains(d.Rule, "CLOSED (tells TIME-WAIT)")
	}
	assert.True(t, hangs)
	for _, s := range schedule.Repeats(routes) {
		assert.Greater(t, len(s), 24)
	}
	for _, s := range schedule.Bursts(routes) {
		more := 0
		for _, e := range s {
			if e.More {
				more++
			}
		}
		assert.Equal(t, 1, more)
	}
}
