package peer_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	_ "tcpclose/internal/tier" // the seed of rapid
	"tcpclose/stacks/adapter"
	"tcpclose/stacks/own"
	"tcpclose/stacks/peer"
	"tcpclose/stacks/wire"
)

var steps = rapid.Custom(func(t *rapid.T) peer.Step {
	number := func(name string) peer.Number {
		return peer.Number{Anchor: peer.Anchor(rapid.IntRange(0, int(peer.Floor)).Draw(t, name)), Plus: rapid.Int32().Draw(t, name)}
	}
	arrives := adapter.Event{Kind: adapter.Arrives}
	switch rapid.IntRange(0, 3).Draw(t, "kind") {
	case 0:
		return peer.Step{Event: adapter.Make(adapter.Send, rapid.IntRange(0, 99).Draw(t, "octets"))}
	case 1:
		return peer.Step{Event: arrives, Copies: rapid.IntRange(1, 9).Draw(t, "copies")}
	case 2:
		return peer.Step{Event: adapter.Event{Kind: adapter.Opens, Active: rapid.Bool().Draw(t, "active")}}
	}
	return peer.Step{Event: arrives, Segment: peer.Segment{
		Ctl: wire.Ctl(rapid.Uint8().Draw(t, "ctl")), Seq: number("seq"), Ack: number("ack"),
		Len: rapid.IntRange(0, 99).Draw(t, "len"), Window: peer.Window(rapid.IntRange(0, 1).Draw(t, "window")),
	}}
})

func TestSchedule_TextReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := peer.Schedule(rapid.SliceOfN(steps, 1, 5).Draw(t, "schedule"))
		again, err := peer.ParseSchedule(s.String())
		require.NoError(t, err)
		require.Equal(t, s, again)
	})
}

func FuzzParseSchedule(f *testing.F) {
	for _, text := range []string{"", "copy 1; copy 2", "peer S. +0 next-1 shut 3", "peer S. +0", "in S 0 0 0 0", "copy 0", "peer S x+ +0 wide 0"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := peer.ParseSchedule(text)
		if err != nil || len(s) == 0 {
			return
		}
		again, err := peer.ParseSchedule(s.String())
		require.NoError(t, err)
		require.Equal(t, s, again)
	})
}

// closing is a connection that the stack closes first. Its numbers are the view's.
const closing = "open active; peer S. +0 next+0 wide 0; call shutdown; peer . next+0 next+0 wide 0; peer F. next+0 next+0 wide 0; copy 1"

// A batch of schedules gives what each gives alone, and a line of its own for each
// that fails.
func TestBatch(t *testing.T) {
	stack := func() adapter.Adapter {
		s, err := own.New(own.Default(), own.Tick)
		require.NoError(t, err)
		return s
	}
	s, err := peer.ParseSchedule(closing)
	require.NoError(t, err)
	results, err := peer.Play(stack(), adapter.Setup{}, s)
	require.NoError(t, err)
	require.Equal(t, "TIME-WAIT", results[len(results)-1].State)
	verb := peer.Batch([]adapter.Adapter{stack(), stack()})
	lines, err := verb.Answer("1 0 | " + closing + " | open passive | " + closing + " | ")
	require.NoError(t, err)
	require.Equal(t, []string{adapter.FormatResults(results), lines[1], adapter.FormatResults(results), "ok"}, lines)
	require.Contains(t, lines[1], "LISTEN")
	for _, line := range []string{"", "1", "x 0 | ", "1 -1", "1 0 | copy"} {
		_, err := verb.Answer(line)
		require.Error(t, err, line)
	}
}
