package observe

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"tcpclose/model"
	"tcpclose/stacks/adapter"
	"tcpclose/stacks/own"
)

// played returns the run in which a stack that follows c is driven by a schedule.
func played(t *testing.T, c model.Config, text string) Run {
	a, err := own.New(c, own.Tick)
	require.NoError(t, err)
	schedule, err := adapter.ParseSchedule(text)
	require.NoError(t, err)
	results, err := adapter.Run(a, adapter.Setup{}, schedule)
	require.NoError(t, err)
	run := FromBench(schedule, results)
	run.Name = text
	return run
}

// What lies behind a deviation is reached, by what was seen of the stack.
func TestObserve_GoesOn(t *testing.T) {
	c := testConfig()
	bad := c
	bad.Fault = model.NoAckInCloseWait
	run := played(t, bad, "open active; in S. 0 1 65535 0; in F. 1 1 65535 0; in F. 1 1 65535 0; call send 2; in F. 1 1 65535 0; in . 2 3 65535 0; call close")
	i := slices.IndexFunc(run.Events, func(e Event) bool { return e.Kind == Sends && e.Segment.Ctl.Has(model.FIN) })
	run.Events[i].Segment.Seq++
	o, err := New(Known(c, own.Tick))
	require.NoError(t, err)
	report := o.Observe(run)
	require.NoError(t, report.Err)
	var events []int
	for _, d := range report.Deviations {
		events = append(events, run.Events[d.Event].Source)
	}
	require.Equal(t, []int{3, 5, 7}, events, report.Deviations)
	first, second, third := report.Deviations[0], report.Deviations[1], report.Deviations[2]
	require.Equal(t, "CLOSE-WAIT, FIN,ACK, SEQ RCV.NXT-1, end RCV.NXT, ACK SND.NXT: sends nothing, is in CLOSE-WAIT", first.Answer.String())
	require.Contains(t, first.Causes, Cause{Kind: ByFault, Fault: model.NoAckInCloseWait})
	require.Equal(t, first.Causes, second.Causes)
	require.Equal(t, "event 19: sends <SEQ=4><ACK=2><CTL=FIN,ACK>, is in LAST-ACK: want sends <SEQ=3><ACK=2><CTL=FIN,ACK>, tells done, is in LAST-ACK", third.String())
	require.True(t, first.Clauses().Has(model.SeqAnswers))
	require.Len(t, report.Steps, len(run.Events))
}

// A stack that follows an alternative here and another there contradicts itself: what
// is found says where the other one was followed.
func TestLearner_Contradiction(t *testing.T) {
	exact, window := testConfig(), testConfig()
	window.Ends[model.A].Choices[model.RSTCheck] = model.RSTInWindow
	for _, settle := range []bool{false, true} {
		l, err := NewLearner(Open(exact, own.Tick))
		require.NoError(t, err)
		runs := []Run{
			played(t, exact, "open active; in S. 0 1 65535 0; in R 3 0 0 0"),
			played(t, window, "open active; in S. 0 1 65535 0; in R 3 0 0 0; in . 1 1 65535 0"),
		}
		report, err := l.Observe(runs[0])
		require.NoError(t, err)
		require.True(t, report.Conforms())
		report, err = l.Observe(runs[1])
		require.NoError(t, err)
		require.Len(t, report.Deviations, 1)
		d := report.Deviations[0]
		require.Contains(t, d.Causes, Cause{Kind: ByContradiction, Decision: model.RSTCheck, Choice: model.RSTInWindow, Against: Evidence{runs[0].Name, 6}})
		if settle {
			contradictions, err := l.Settle()
			require.NoError(t, err)
			require.Empty(t, contradictions)
		}
		p := l.Profile()
		require.Len(t, p.Alternatives, 1)
		require.Equal(t, 1, p.Alternatives[0].Times)
		c, known := p.Options.Choice(model.RSTCheck)
		require.False(t, known && c == model.RSTInWindow)
	}
}

// A deviation that a stack repeats is named once, and counted.
func TestLearner_Known(t *testing.T) {
	c := testConfig()
	bad := c
	bad.Fault = model.RSTAnswered
	a, err := own.New(bad, own.Tick)
	require.NoError(t, err)
	l, err := NewLearner(Known(c, own.Tick))
	require.NoError(t, err)
	random := rand.New(rand.NewPCG(11, 12))
	seen := map[Alternative]int{}
	for range 200 {
		report, err := l.Observe(draw(t, a, random.IntN))
		require.NoError(t, err)
		for _, d := range report.Deviations {
			require.Equal(t, seen[d.Answer] > 0, d.Known)
			seen[d.Answer]++
		}
	}
	require.NotEmpty(t, seen)
	for _, own := range l.Profile().Alternatives {
		require.Equal(t, seen[own.Alternative], own.Times)
		require.NotEmpty(t, own.Causes)
	}
}
