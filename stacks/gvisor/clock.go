package gvisor

import (
	"slices"
	"sync"
	"time"

	"gvisor.dev/gvisor/pkg/tcpip"
)

// A clock is a tcpip.Clock that goes on when it is told. Unlike gVisor's
// faketime.ManualClock, which keeps those of one instant in a map, it fires timers
// of one instant in the order in which they were set, and knows the next.
type clock struct {
	mu     sync.Mutex
	now    time.Duration
	timers []*timer // by time, then as they were set
}

type timer struct {
	clock *clock
	at    time.Duration
	f     func()
}

// epoch is the clock's zero: some date, since a zero time means a timer that is off.
var epoch = time.Unix(1_700_000_000, 0)

func (c *clock) since() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Now is tcpip.Clock's.
func (c *clock) Now() time.Time { return epoch.Add(c.since()) }

// NowMonotonic is tcpip.Clock's.
func (c *clock) NowMonotonic() tcpip.MonotonicTime {
	var zero tcpip.MonotonicTime
	return zero.Add(time.Second + c.since())
}

// AfterFunc is tcpip.Clock's. A timer that is due at once fires when the clock is
// next asked to go on, even by nothing.
func (c *clock) AfterFunc(d time.Duration, f func()) tcpip.Timer {
	t := &timer{clock: c, f: f}
	t.Reset(d)
	return t
}

// Stop is tcpip.Timer's.
func (t *timer) Stop() bool {
	c := t.clock
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.stop(t)
}

func (c *clock) stop(t *timer) bool {
	i := slices.Index(c.timers, t)
	if i < 0 {
		return false
	}
	c.timers = slices.Delete(c.timers, i, i+1)
	return true
}

// Reset is tcpip.Timer's.
func (t *timer) Reset(d time.Duration) {
	c := t.clock
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stop(t)
	t.at = c.now + max(0, d)
	i := len(c.timers)
	for i > 0 && c.timers[i-1].at > t.at {
		i--
	}
	c.timers = slices.Insert(c.timers, i, t)
}

// deadline returns when the next timer fires; ok is false if none runs.
func (c *clock) deadline() (at time.Duration, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.timers) == 0 {
		return 0, false
	}
	return c.timers[0].at, true
}

// next goes on to the next timer, if there is one up to that time, and returns
// what the timer does; otherwise it goes on to that time, and returns nil.
func (c *clock) next(until time.Duration) func() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.timers) == 0 || c.timers[0].at > until {
		c.now = max(c.now, until)
		return nil
	}
	t := c.timers[0]
	c.timers = c.timers[1:]
	c.now = max(c.now, t.at)
	return t.f
}
