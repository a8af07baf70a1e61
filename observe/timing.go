package observe

import (
	"time"

	"tcpclose/model"
)

// Timing says how long the timers of an end run. The zero value takes them from
// the configuration: so many ticks, to the tick.
type Timing struct {
	// Slack bounds the error of times.
	Slack time.Duration
	// Spans has, for each timeout, how long its timer runs, where that is not taken
	// from the configuration. A timer that the configuration has off does not run.
	Spans [model.UserTimeout + 1]Span
}

// A Span is a length of time that is not known: Min to Max. The zero Span is none.
type Span struct{ Min, Max time.Duration }

// Forever is the Max of a timer that need not fire.
const Forever = time.Duration(1<<63 - 1)

// A clock is one of the timers of a TCB. Two timeouts may share it.
type clock uint8

const (
	rtoClock clock = iota
	waitClock
	ackClock
	idleClock
	userClock
	throttleClock

	numClocks
)

var clockOf = [...]clock{
	model.Retransmission: rtoClock, model.WindowProbe: rtoClock, model.TimeWaitEnds: waitClock, model.FinWait2Ends: waitClock,
	model.AckDelayEnds: ackClock, model.KeepAlive: idleClock, model.UserTimeout: userClock,
}

// field returns where t has the clock.
func (c clock) field(t *model.TCB) *uint16 {
	return [...]*uint16{&t.Rto, &t.Wait, &t.AckDelay, &t.Idle, &t.User, &t.Throttle}[c]
}

// A timer is when a clock was started: not before lo, nor after hi; and for how
// many ticks. One that does not run has what the TCB shows: 0, or model.Never.
type timer struct {
	lo, hi time.Duration
	ticks  uint16
	which  uint8 // the timeout, plus one; 0 if it does not run
}

// A clock of a TCB that was started before shows running. No length of a
// timer is as long.
const running = model.Never - 1

// due returns the earliest and the latest time at which a timer fires.
func (r *Rules) due(t timer) (lo, hi time.Duration) {
	if span := r.Timing.Spans[t.which-1]; span != (Span{}) {
		lo, hi = t.lo+span.Min, Forever
		if span.Max < Forever-t.hi {
			hi = t.hi + span.Max
		}
		if t.ticks == 0 { // it is due at once
			lo = t.lo
		}
		return lo, hi
	}
	length := time.Duration(t.ticks) * r.Tick
	return t.lo.Truncate(r.Tick) + length, t.hi.Truncate(r.Tick) + length
}

// setClocks lets t show the clocks of h at a time.
func (r *Rules) setClocks(t *model.TCB, h *hypothesis, now time.Duration) {
	for c := range numClocks {
		at := &h.timers[c]
		shows := at.ticks
		if at.which != 0 {
			shows = running
		}
		if c == throttleClock && at.which != 0 && now >= at.lo+time.Duration(at.ticks)*r.Tick {
			shows = 0
		}
		*c.field(t) = shows
	}
}

// takeClocks lets h have the clocks of t, which runs by s, and takes them out of t.
// Those that t has started were started at moment.
func (h *hypothesis) takeClocks(s model.Stack, t *model.TCB, moment Span) {
	var buffer [model.UserTimeout + 1]model.Timeout
	var runs [numClocks]uint8
	for _, which := range s.Running(buffer[:0], *t) {
		runs[clockOf[which]] = uint8(which) + 1
	}
	if t.Owes && t.AckDelay == model.Never {
		runs[ackClock] = uint8(model.AckDelayEnds) + 1
	}
	if t.Throttle > 0 {
		runs[throttleClock] = 1
	}
	for c := range numClocks {
		field := c.field(t)
		at := &h.timers[c]
		switch {
		case runs[c] == 0 && *field == model.Never:
			*at = timer{ticks: model.Never}
		case runs[c] == 0:
			*at = timer{}
		case *field == running:
			at.which = runs[c]
		default:
			*at = timer{moment.Min, moment.Max, *field, runs[c]}
		}
		*field = 0
	}
}
