package trace

import (
	"fmt"

	"tcpclose/model"
)

// A Timer is the time for which a timer has run: of every TIME-WAIT, and of all timers
// that fired.
type Timer struct {
	Side     model.Side
	Which    model.Timeout
	From, To int // events: that which started it, -1 if it ran at the start, and that which ended it, or the number of events if none did
	Ticks    int
	End      TimerEnd
}

// TimerEnd is how the time of a timer ended.
type TimerEnd uint8

const (
	Fired     TimerEnd = iota // it fired
	Restarted                 // it was started again
	CutShort                  // the state was left by another way
	Running                   // it still runs when the trace ends
)

func (e TimerEnd) String() string {
	return [...]string{"over", "restarted", "cut short", "still running"}[e]
}

// Name returns a short name of the timer.
func (t *Timer) Name() string {
	return map[model.Timeout]string{
		model.Retransmission: "RTO", model.TimeWaitEnds: "TIME-WAIT", model.WindowProbe: "probe", model.AckDelayEnds: "delayed ACK",
		model.FinWait2Ends: "FIN-WAIT-2", model.KeepAlive: "keep-alive", model.UserTimeout: "user timeout",
	}[t.Which]
}

// ticks returns so many of them.
func ticks(n int) string {
	if n == 1 {
		return "1 tick"
	}
	return fmt.Sprintf("%d ticks", n)
}

// time finds the timers.
func (s *Story) time() {
	for _, side := range model.Sides {
		wait := -1 // the timer of TIME-WAIT that runs
		for i := range s.Events {
			e := &s.Events[i]
			mine := e.Outcome.Moved && e.Outcome.Mover == side
			fires := mine && e.Action.Kind == model.Timeouts
			was, is := &s.States[i].Ends[side], &s.States[i+1].Ends[side]
			end := func(how TimerEnd) {
				if wait >= 0 {
					t := &s.Timers[wait]
					t.To, t.Ticks, t.End = i, s.Times[i]-s.Times[t.From+1], how
					wait = -1
				}
			}
			switch {
			case is.State != model.TimeWait && fires && e.Action.Timeout == model.TimeWaitEnds:
				end(Fired)
			case is.State != model.TimeWait:
				end(CutShort)
			case was.State != model.TimeWait, mine && e.Outcome.Effect.TimeWait:
				end(Restarted)
				if is.Wait != model.Never {
					wait = len(s.Timers)
					s.Timers = append(s.Timers, Timer{side, model.TimeWaitEnds, i, len(s.Events), s.Times[len(s.Events)] - s.Times[i+1], Running})
				}
			}
			if fires && e.Action.Timeout != model.TimeWaitEnds {
				s.Timers = append(s.Timers, s.fired(side, e.Action.Timeout, i))
			}
		}
	}
}

// fired returns the timer that fired with an event, running since its remaining time was
// last anything but counted down.
func (s *Story) fired(side model.Side, which model.Timeout, event int) Timer {
	left := func(i int) int {
		t := &s.States[i].Ends[side]
		switch which {
		case model.AckDelayEnds:
			return int(t.AckDelay)
		case model.FinWait2Ends:
			return int(t.Wait)
		case model.KeepAlive:
			return int(t.Idle)
		case model.UserTimeout:
			return int(t.User)
		}
		return int(t.Rto)
	}
	from := event
	for from > 0 && left(from-1) == left(from)+s.Times[from]-s.Times[from-1] {
		from--
	}
	return Timer{side, which, from - 1, event, s.Times[event] - s.Times[from], Fired}
}

// Timed returns the timer that ended with an event, if one did for side.
func (s *Story) Timed(event int, side model.Side) *Timer {
	for i := range s.Timers {
		if t := &s.Timers[i]; t.To == event && t.Side == side {
			return t
		}
	}
	return nil
}
