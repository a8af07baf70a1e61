package model

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// Branches takes each way through what a step asks once, and no other: each gives
// what the step gives when these choices are made beforehand.
func TestStack_Branches(t *testing.T) {
	k := Default().Stack(A)
	t.Run("a step", func(t *testing.T) {
		wait := TCB{State: TimeWait, SndUna: 1, SndNxt: 1, RcvNxt: 1, Wait: 3}
		fin := Segment{Ack: 1, Ctl: FIN | ACK}
		var ways []string
		for s, options := range k.Branches(AllOptions()) {
			to, _ := s.SegmentArrives(wait, fin)
			ways = append(ways, options.String())
			for d := range options {
				if c, ok := options.Choice(Decision(d)); ok {
					k.Choices[d] = c
				}
			}
			want, _ := k.SegmentArrives(wait, fin)
			require.Equal(t, want, to)
		}
		require.Equal(t, []string{"time-wait-restart=fin", "time-wait-restart=never", "time-wait-restart=answer", "time-wait-restart=any-ack"}, ways)
	})
	t.Run("any", rapid.MakeCheck(func(t *rapid.T) {
		var from Options
		for d, all := range AllOptions() {
			from[d] = rapid.Uint8Range(1, all).Filter(func(n uint8) bool { return n&all == n }).Draw(t, "options")
		}
		questions := rapid.SliceOfN(rapid.Map(rapid.Uint8Range(0, uint8(NumDecisions)-1), func(n uint8) Decision { return Decision(n) }), 0, 4).Draw(t, "questions")
		got := map[Options]bool{}
		for s, options := range k.Branches(from) {
			for _, d := range questions {
				c := s.ask(d)
				require.True(t, from.Has(d, c))
				require.Equal(t, c, s.ask(d))
			}
			require.False(t, got[*options])
			got[*options] = true
		}
		want := 1
		asked := map[Decision]bool{}
		for _, d := range questions {
			if !asked[d] {
				want *= len(from.Names(d))
			}
			asked[d] = true
		}
		require.Len(t, got, want)
	}))
}
