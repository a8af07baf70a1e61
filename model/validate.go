package model

import (
	"fmt"
)

// Validate reports the first thing about c that cannot be.
func (c Config) Validate() error {
	for d, choice := range c.Choices {
		if n := len(decisionInfo[d].Alternatives); int(choice) >= n {
			return fmt.Errorf("%s: choice %d: want 0 to %d", Decision(d), choice, n-1)
		}
	}
	for _, f := range Fields {
		probe := c
		if err := f.Set(&probe, f.Get(c)); err != nil {
			return err
		}
	}
	if n := c.TimeWait.In(c.MSL); n < 1 || n > maxTicks {
		return fmt.Errorf("time-wait: \"%s\" is %d ticks: want 1 to %d", c.TimeWait, n, maxTicks)
	}
	if n := c.Delay.In(c.MSL); n < 1 || n > int(c.MSL) {
		return fmt.Errorf("delay: \"%s\" is %d ticks: want 1 to %d, the MSL", c.Delay, n, c.MSL)
	}
	if g := c.Stray.Segment; g != (Segment{}) && !g.Ctl.Has(RST) && (g.Wnd == Wide) != (c.Apps[c.Stray.From].Buffer == Wide) {
		return fmt.Errorf("stray: %s: want a window as %s's buffer has", c.Stray, c.Stray.From)
	}
	if c.RTOMax != 0 && c.RTOMax < c.RTO {
		return fmt.Errorf("rto-max: %d: want off or at least the rto, %d", c.RTOMax, c.RTO)
	}
	if c.FinWait2First > 0 && (c.FinWait2 == 0 || c.Choices[FinWait2Kept] != KeptMini) {
		return fmt.Errorf("fin-wait-2-first: %d: want fin-wait-2 and fin-wait-2-kept=mini with it", c.FinWait2First)
	}
	for _, limit := range []struct {
		name  string
		ticks uint16
	}{{"give-up", c.GiveUp}, {"orphan-give-up", c.OrphanGiveUp}} {
		if s := c.Stack(A); limit.ticks > s.backoffUntil(maxLimit) {
			return fmt.Errorf("%s: %d: want at most %d, which are %d retransmissions", limit.name, limit.ticks, s.backoffUntil(maxLimit), maxLimit)
		}
	}
	return nil
}
