package model

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A window is written as it is read, the size that it has.
func TestSegment_TextOfWindow(t *testing.T) {
	for n := range uint8(MaxOctets + 1) {
		text := fmt.Sprintf("<SEQ=101><ACK=302><WND=%d><CTL=ACK>", n)
		g := Segment{Seq: 1, Ack: 2, Wnd: WindowOf(n), Ctl: ACK}
		assert.Equal(t, text, g.Text(A))
		parsed, from, err := ParseSegment(text)
		require.NoError(t, err)
		assert.Equal(t, g, parsed)
		assert.Equal(t, A, from)
	}
}

// A window is taken from what is not older than what told of it last.
func TestUpdateWindow(t *testing.T) {
	has := TCB{SndWnd: WindowOf(2), SndWl1: 5, SndWl2: 3}
	for _, c := range []struct {
		g    Segment
		want TCB
	}{
		{Segment{Seq: 6, Ack: 2, Wnd: WindowOf(1)}, TCB{SndWnd: WindowOf(1), SndWl1: 6, SndWl2: 2}},
		{Segment{Seq: 5, Ack: 3, Wnd: WindowOf(1)}, TCB{SndWnd: WindowOf(1), SndWl1: 5, SndWl2: 3}},
		{Segment{Seq: 5, Ack: 4, Wnd: WindowOf(1)}, TCB{SndWnd: WindowOf(1), SndWl1: 5, SndWl2: 4}},
		{Segment{Seq: 5, Ack: 2, Wnd: WindowOf(1)}, has},
		{Segment{Seq: 4, Ack: 4, Wnd: WindowOf(1)}, has},
		{Segment{Seq: 4, Ack: 4, Wnd: Wide}, TCB{SndWnd: Wide, SndWl1: 5, SndWl2: 3}},
	} {
		to, _ := has.updateWindow(c.g, Effect{})
		assert.Equal(t, c.want, to, "%+v", c.g)
	}
	assert.Equal(t, Seq(unbounded), Wide.Size())
	assert.Equal(t, Seq(0), WindowOf(0).Size())
}

// Of what the window has had room for, nothing is queued any more.
func TestOutput_NothingIsLeft(t *testing.T) {
	s := newSystem(t, "a-octets=2 b-buffer=1").Stack(A)
	to, e := s.Call(TCB{State: Established, SndWnd: WindowOf(1)}, Send)
	assert.Equal(t, uint8(1), e.Sent.Len)
	assert.Zero(t, to.Queued)
	to, e = s.Call(to, Send)
	assert.Equal(t, Segment{}, e.Sent)
	assert.Equal(t, Seq(2), to.Queued)
}

// A SYN is the newest segment, too.
func TestResent_Syn(t *testing.T) {
	for _, words := range []string{"first-resend=newest", "first-resend=oldest"} {
		s := newSystem(t, "start=closed "+words).Stack(A)
		open, _ := s.Call(TCB{}, Open)
		_, e := s.Timeout(open, Retransmission)
		assert.Equal(t, Segment{Ctl: SYN}, e.Sent, words)
	}
}

// Only the first retransmission is of the newest segment, also if there is no limit.
func TestResent_NewestOnce(t *testing.T) {
	for _, words := range []string{"r2=4", "r2=unlimited", "r2=unlimited rto-max=8"} {
		s := newSystem(t, "a-octets=1 first-resend=newest "+words).Stack(A)
		to, _ := s.Call(newSystem(t, words).Init().Ends[A], Send)
		to, _ = s.Call(to, Close)
		to, e := s.Timeout(to, Retransmission)
		assert.True(t, e.Sent.Ctl.Has(FIN), words)
		for range 2 {
			to, e = s.Timeout(to, Retransmission)
			assert.Equal(t, uint8(1), e.Sent.Len, words)
			assert.False(t, e.Sent.Ctl.Has(FIN), words)
		}
	}
}
