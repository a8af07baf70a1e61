package ask_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/ask"
	"tcpclose/internal/join"
	"tcpclose/invariants"
	"tcpclose/model"
)

// begin returns the initial state of a configuration, as a question sees it.
func begin(t *testing.T, words string) *invariants.Snapshot {
	c, err := model.ParseConfig(words)
	require.NoError(t, err)
	y, err := model.NewSystem(c)
	require.NoError(t, err)
	s := (&join.WholeSystem{Model: y, Monitors: invariants.AllMonitors}).Init()[0]
	return s.InState(y, invariants.NewReading(invariants.AllMonitors))
}

func TestQuestion_Explain(t *testing.T) {
	q := ask.Must("a.state == ESTABLISHED && (b.snduna == 301 || a.rtx > 0) && !a.told.eof")
	answer, parts, err := q.Explain(begin(t, ""))
	require.NoError(t, err)
	assert.False(t, answer)
	assert.Equal(t, []ask.Conjunct{
		{Text: "a.state == ESTABLISHED", True: true, Values: []ask.TermValue{{Name: "a.state", Value: "ESTABLISHED"}}},
		{Text: "b.snduna == 301 || a.rtx > 0", Values: []ask.TermValue{{Name: "a.rtx", Value: "0"}, {Name: "b.snduna", Value: "300"}}},
		{Text: "!a.told.eof", True: true, Values: []ask.TermValue{{Name: "a.told.eof", Value: "false"}}},
	}, parts)
	assert.True(t, q.IsAboutSteps())
	assert.False(t, ask.Must("a.state == CLOSED").IsAboutSteps())
	_, _, err = (&ask.Question{}).Explain(begin(t, ""))
	assert.ErrorContains(t, err, "want one that Parse or Must has read")
}

// The question is true just if each of its conjuncts is.
func TestQuestion_ExplainAgrees(t *testing.T) {
	s := begin(t, "a-octets=2")
	for _, text := range []string{
		"a.state == CLOSED", "a.state == b.state && net.a.count == 0", "a.ended in [OPEN, RESET] && b.rto < 1 && true",
		"a.sndnxt - a.snduna > 0 or b.blocked", "a.orphan ? b.orphan : b.rcvnxt == 100",
	} {
		answer, parts, err := ask.Must(text).Explain(s)
		require.NoError(t, err, text)
		all := true
		for _, p := range parts {
			all = all && p.True
		}
		assert.Equal(t, answer, all, text)
	}
}
