package model

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// The timeout doubles up to its largest, and time adds up to what a timer can count.
func TestBackOff(t *testing.T) {
	s := newSystem(t, "rto=2 rto-max=6 r2=unlimited").Stack(A)
	for rtx, want := range []uint16{2, 4, 6, 6} {
		assert.Equal(t, want, s.backedOff(uint8(rtx)))
	}
	for rtx, want := range []uint16{0, 4, 10, 16} {
		assert.Equal(t, want, s.backoffUntil(uint8(rtx)))
	}
	assert.Equal(t, uint16(Never-1), newSystem(t, "rto=60000").Stack(A).backoffUntil(100))

	// What is counted: every retransmission up to R2; otherwise as many as matter.
	for _, c := range []struct {
		words     string
		rtx, want uint8
	}{
		{"rto=1 r2=9", 7, 7},
		{"rto=1 r2=unlimited", 7, 0},
		{"rto=1 r2=unlimited first-resend=newest", 7, 1},
		{"rto=1 rto-max=4 r2=unlimited", 7, 2},
		{"rto=1 r2=unlimited give-up=5", 3, 3},
		{"rto=1 r2=unlimited give-up=5", 5, 5},
		{"rto=1 r2=unlimited give-up=5", 7, 5},
		{"rto=1 r2=unlimited orphan-give-up=4", 7, 4},
		{"rto=1 r2=unlimited give-up=1", 7, 1},
		{"rto=1 rto-max=4 r2=unlimited give-up=10", 7, 3},
	} {
		assert.Equal(t, c.want, newSystem(t, c.words).Stack(A).boundRtx(c.rtx), "%s, %d", c.words, c.rtx)
	}

	// The timer is not set beyond the end of a time that is taken exactly.
	for _, c := range []struct {
		words    string
		rtx, now uint8
		rto      uint16
	}{
		{"rto=3 r2=9 give-up-when=exactly", 0, 1, 3},
		{"rto=3 r2=9 give-up=7 give-up-when=exactly", 0, 1, 3},
		{"rto=3 r2=9 give-up=7 give-up-when=exactly", 2, 3, 1},
		{"rto=3 r2=9 give-up=7", 2, 3, 3},
		{"rto=3 r2=9 give-up=1 give-up-when=exactly", 0, 1, 1},
		{"rto=3 r2=9 give-up=7 give-up-when=exactly fault=fin-without-limit", 4, 5, 1},
		{"rto=3 r2=2 fault=fin-without-limit", 2, 3, 3},
		{"rto=3 r2=2 fault=fin-without-limit", 3, 3, 3},
		{"rto=3 r2=unlimited give-up=99", 2, 3, 3},
	} {
		end := newSystem(t, c.words).Stack(A).backOff(TCB{Rtx: c.rtx})
		assert.Equal(t, TCB{Rtx: c.now, Rto: c.rto}, end, "%s, %d", c.words, c.rtx)
	}
}

// When retransmissions end, and what is left.
func TestGivesUp(t *testing.T) {
	open := TCB{State: FinWait1, SndNxt: 1, Cuts: 1}
	for _, c := range []struct {
		words string
		rtx   uint8
		want  Clause
	}{
		{"rto=2 r2=2", 1, RTOResends},
		{"rto=2 r2=2", 2, R2Closes},
		{"rto=2 r2=off", 0, R2Closes},
		{"rto=2 r2=unlimited give-up=1", 0, RTOResends},
		{"rto=2 r2=unlimited give-up=1", 1, GivesUp},
		{"rto=2 r2=unlimited give-up=4", 1, RTOResends},
		{"rto=2 r2=unlimited give-up=4", 2, GivesUp},
		{"rto=2 r2=2 fault=fin-without-limit", 2, RTOResends},
	} {
		end := open
		end.Rtx = c.rtx
		to, e := newSystem(t, c.words).Stack(A).Timeout(end, Retransmission)
		assert.True(t, e.Clauses.Has(c.want), "%s, %d", c.words, c.rtx)
		if c.want != RTOResends {
			assert.Equal(t, TCB{}, to, "%s, %d", c.words, c.rtx)
			assert.Equal(t, ToldTimeout, e.Told, "%s, %d", c.words, c.rtx)
		}
	}
	// An orphan has a time of its own, if it has one.
	for words, times := range map[string][2]uint16{"give-up=3": {3, 3}, "give-up=3 orphan-give-up=1": {3, 1}, "orphan-give-up=2": {0, 2}} {
		s := newSystem(t, words).Stack(A)
		assert.Equal(t, times, [2]uint16{s.giveUpTime(TCB{}), s.giveUpTime(TCB{Orphan: true})}, words)
	}
	// A SYN that has interrupted a TIME-WAIT gives it back.
	s := newSystem(t, "reopen=1 time-wait-reuse=may-2 a-opens=passively r2=1").Stack(A)
	taken := TCB{State: SynReceived, Passive: true, First: 5, SndUna: 4, SndNxt: 5, Written: 5, RcvNxt: 6, Rtx: 1, Host: Host{Life: 2},
		Reused: Replaced{SndNxt: 3, RcvNxt: 4, Host: Host{Life: 1}}}
	to, e := s.Timeout(taken, Retransmission)
	assert.Equal(t, TimeWait, to.State)
	assert.True(t, e.Clauses.Has(ReturnsToTimeWait))
	assert.True(t, e.TimeWait)
	taken.Reused = Replaced{}
	to, e = s.Timeout(taken, Retransmission)
	assert.Equal(t, Closed, to.State)
	assert.Equal(t, ClausesOf(R2Closes), e.Clauses)
}
