package survey

import (
	"context"
	"time"

	"tcpclose/box"
	"tcpclose/check"
	"tcpclose/explore/product"
	"tcpclose/internal/lang"
	"tcpclose/invariants"
	"tcpclose/model"
)

// A BoxTimer is a timer of a box and the least value that it needs, while no other runs
// out, so that the two applications are told what they are told without the box.
type BoxTimer struct {
	box.Timer
	Counted bool // it is short enough to run out; else nothing is known
	// Alone is the verdict on the timer as it is.
	Alone check.Verdict
	// Least is the least number of seconds that holds, and Need whether any value up to
	// the longest that is counted does; it is Unknown where a search did not end.
	Least int
	Need  check.Verdict
	// AtMost: a search for a shorter one did not end, so that less may be enough.
	AtMost bool
}

// Waits reports whether no value is long enough: the timer runs while a program may be
// silent as long as it wishes, and every silence can be longer.
func (t *BoxTimer) Waits() bool { return t.Counted && t.Need == check.Violated }

// BoxTimers has the verdicts on the timers of a box, and the least values that they need.
type BoxTimers struct {
	Config model.Config
	// Never is the verdict if no timer runs out. If it is violated it is not a matter of
	// timers, and the rest is not asked.
	Never  check.Verdict
	AsIs   check.Verdict // with all timers as they are
	Timers []BoxTimer    // in the order of the box
	// Together is the verdict if each timer is as long as it must be at least, and those
	// that wait for a program do not run out.
	Together check.Verdict
	Finest   int // seconds: what Least is a multiple of
	Longest  int // seconds: the longest that is counted
	Searches int
	Time     time.Duration
}

// Known reports whether every search that the answer rests on came to its end.
func (r *BoxTimers) Known() bool {
	if r.Never == check.Unknown || r.AsIs == check.Unknown {
		return false
	}
	for i := range r.Timers {
		if t := &r.Timers[i]; r.Never == check.Holds && t.Counted && (t.Need == check.Unknown || t.Alone == check.Unknown || t.AtMost) {
			return false
		}
	}
	return r.Never == check.Violated || r.Together != check.Unknown
}

// A boxTimerSearch asks for verdicts on a box with other timers.
type boxTimerSearch struct {
	c        model.Config
	property *invariants.Property
	options  check.Options
	never    int // seconds: a timer that long does not run out
	searches int
}

// LeastBoxTimers finds how long the timers of the box of c have to be, each for itself, by
// bisection. What is longer than the box counts does not run out, and is not tried.
func LeastBoxTimers(ctx context.Context, c model.Config, o product.Options) (*BoxTimers, error) {
	switch {
	case c.Between.Box == nil:
		return nil, lang.Errorf("the timers of a box: want a box ('tcpclose list boxes')")
	case c.Time == model.TimeStrides:
		return nil, lang.Errorf("the timers of a box: want clock steps or leaps: with strides all of them count")
	}
	property, err := invariants.Find("box-told")
	if err != nil {
		return nil, err
	}
	start := time.Now()
	counted := c.Between.LongestCounted()
	r := &BoxTimers{Config: c, Finest: int(max(time.Second, c.Between.TickLength()) / time.Second), Longest: int(counted / time.Second)}
	if r.Longest < r.Finest {
		return nil, lang.Errorf("the timers of a box: box-counted is %v: want a second at least", counted)
	}
	r.Longest -= r.Longest % r.Finest
	s := &boxTimerSearch{c: c, property: property, options: check.Options{Options: o, NoTraces: true, UntilFound: true}, never: int(counted/time.Second) + 2*r.Finest + 1}
	if err := s.all(ctx, r); err != nil {
		return nil, err
	}
	r.Searches, r.Time = s.searches, time.Since(start)
	return r, nil
}

// all fills r in.
func (s *boxTimerSearch) all(ctx context.Context, r *BoxTimers) (err error) {
	if r.AsIs, err = s.verdict(ctx, s.c.Between.Box); err != nil {
		return err
	}
	for _, t := range s.c.Between.Box.Timers {
		r.Timers = append(r.Timers, BoxTimer{Timer: t, Counted: t.Seconds <= r.Longest})
	}
	if r.Never, err = s.with(ctx, nil); err != nil || r.Never != check.Holds {
		return err
	}
	least := map[string]int{}
	for i := range r.Timers {
		t := &r.Timers[i]
		if !t.Counted {
			continue
		}
		if err := s.timer(ctx, t, r.Finest, r.Longest); err != nil {
			return err
		}
		if t.Need == check.Holds {
			least[t.Name] = t.Least
		}
	}
	r.Together, err = s.with(ctx, least)
	return err
}

// timer finds the least value of a timer, of the multiples of finest up to longest.
func (s *boxTimerSearch) timer(ctx context.Context, t *BoxTimer, finest, longest int) (err error) {
	alone := func(seconds int) (check.Verdict, error) { return s.with(ctx, map[string]int{t.Name: seconds}) }
	if t.Alone, err = alone(t.Seconds); err != nil {
		return err
	}
	if t.Need, err = alone(longest); err != nil || t.Need != check.Holds {
		return err
	}
	short, long := 0, longest/finest // too short, and long enough, in multiples
	for next := 1; long-short > 1; next *= 4 {
		middle := min(next, (short+long)/2) // most need nothing, or little
		v, err := alone(middle * finest)
		if err != nil {
			return err
		}
		if v == check.Holds {
			long = middle
		} else {
			short = middle
		}
		t.AtMost = t.AtMost || v == check.Unknown
	}
	t.Least = long * finest
	return nil
}

// with returns the verdict with those timers, in seconds, and no other that runs out.
func (s *boxTimerSearch) with(ctx context.Context, runs map[string]int) (check.Verdict, error) {
	b := s.c.Between.Box
	for _, t := range b.Timers {
		seconds, ok := runs[t.Name]
		if !ok {
			seconds = s.never
		}
		var err error
		if b, err = b.With(t.Name, seconds); err != nil {
			return 0, err
		}
	}
	return s.verdict(ctx, b)
}

// verdict returns the verdict on a box between the ends: Holds, Violated or Unknown.
func (s *boxTimerSearch) verdict(ctx context.Context, b *box.Box) (check.Verdict, error) {
	c := s.c
	c.Between.Box = b
	r, err := check.Check(ctx, c, []*invariants.Property{s.property}, s.options)
	if err != nil {
		return 0, err
	}
	s.searches++
	switch v := r.Findings[0].Verdict; v {
	case check.Holds, check.Violated:
		return v, nil
	}
	return check.Unknown, nil
}
