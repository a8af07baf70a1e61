package observe

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"tcpclose/model"
)

// A scale keeps the order of numbers, whether two are one apart, and what is one
// beyond or below each.
func TestScale(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfN(rapid.OneOf(rapid.Int32Range(-1, 12), rapid.Int32Range(0, 1<<30)), 1, 9).Draw(t, "numbers")
		var s scale
		s.add(list...)
		s.set(list[0], model.Seq(min(list[0], 1)), steep)
		for _, a := range list {
			require.Equal(t, a, s.back(s.of(a)))
			require.Equal(t, a+1, s.back(s.of(a)+1))
			require.Equal(t, a-1, s.back(s.of(a)-1))
			for _, b := range list {
				require.Equal(t, a < b, s.of(a) < s.of(b))
				require.Equal(t, a+1 == b, s.of(a)+1 == s.of(b))
			}
		}
	})
}

// An acknowledgement of what restarts TIME-WAIT from behind a hole is one of a segment that
// was not taken: hosts limit them, as Linux does to one in half a second.
func TestAnswers_TimeWait(t *testing.T) {
	wait := model.TCB{State: model.TimeWait, SndUna: 1, SndNxt: 1, RcvNxt: 1, Wait: 1}
	behind := model.Segment{Seq: 3, Ack: 1, Ctl: model.ACK}
	for choice, want := range map[model.Choice]bool{model.RestartOnAck: true, model.RestartOnAnswer: false} {
		c := model.Default()
		c.Ends[model.A].Choices[model.TimeWaitRestart] = choice
		_, e := c.Stack(model.A).SegmentArrives(wait, behind)
		require.Equal(t, want, e.Sent.Ctl.Has(model.ACK), "the answer")
		require.Equal(t, want, answers(&e))
	}
}
