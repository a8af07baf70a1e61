package model

import "fmt"

// An InvalidError says what cannot be: a format, and what goes into it.
type InvalidError struct {
	format string
	args   []any
}

func (e *InvalidError) Error() string { return fmt.Sprintf(e.format, e.args...) }

// Message returns the parts of the error, to be said in other languages.
func (e *InvalidError) Message() (format string, args []any) { return e.format, e.args }

func invalid(format string, args ...any) error { return &InvalidError{format, args} }

// Validate reports the first thing about c that cannot be.
func (c Config) Validate() error {
	for _, side := range Sides {
		for d, choice := range c.Ends[side].Choices {
			if n := len(decisionInfo[d].Alternatives); int(choice) >= n {
				return invalid("%s: choice %d: want 0 to %d", c.called(side, Decision(d).String()), choice, n-1)
			}
		}
	}
	probe := c
	for i := range Fields {
		f := &Fields[i]
		if !c.writes(f) {
			continue
		}
		if err := f.Set(&probe, f.get(&c)); err != nil {
			return err
		}
		probe = c
	}
	if n := c.Delay.In(c.MSL); n < 1 || n > int(c.MSL) {
		return invalid("delay: \"%s\" is %d ticks: want 1 to %d, the MSL", c.Delay, n, c.MSL)
	}
	if g := c.Stray.Segment; g != (Segment{}) && !g.Ctl.Has(RST) && (g.Wnd == Wide) != (c.Apps[c.Stray.From].Buffer == Wide) {
		return invalid("stray: %s: want a window as %s's buffer has", c.Stray, c.Stray.From)
	}
	if err := c.validateBox(); err != nil {
		return err
	}
	for _, side := range Sides {
		if err := c.validateEnd(side); err != nil {
			return err
		}
	}
	return nil
}

// validateEnd reports the first thing about side's timers that cannot be.
func (c Config) validateEnd(side Side) error {
	end := c.Ends[side]
	if n := c.TimeWaitOf(side); n < 1 || n > maxTicks {
		return invalid("%s: \"%s\" is %d ticks: want 1 to %d", c.called(side, "time-wait"), end.TimeWait, n, maxTicks)
	}
	if end.RTOMax != 0 && end.RTOMax < end.RTO {
		return invalid("%s: %d: want off or at least the rto, %d", c.called(side, "rto-max"), end.RTOMax, end.RTO)
	}
	if end.FinWait2First > 0 && (end.FinWait2 == 0 || end.Choices[FinWait2Kept] != KeptMini) {
		return invalid("%s: %d: want fin-wait-2 and fin-wait-2-kept=mini with it", c.called(side, "fin-wait-2-first"), end.FinWait2First)
	}
	if s := c.Stack(side); end.KeepAlive > 0 && int(s.keepAliveLimit()) > s.unheard(mostProbes) {
		return invalid("%s: %s: want a limit of at most %d ticks, which are %d probes", c.called(side, "keepalive-limit"),
			KeepAliveLimit.Info().Alternatives[end.Choices[KeepAliveLimit]].Name, s.unheard(mostProbes), mostProbes)
	}
	for _, limit := range []struct {
		name  string
		ticks uint16
	}{{"give-up", end.GiveUp}, {"orphan-give-up", end.OrphanGiveUp}} {
		if s := c.Stack(side); limit.ticks > s.backoffUntil(maxLimit) {
			return invalid("%s: %d: want at most %d, which are %d retransmissions", c.called(side, limit.name), limit.ticks, s.backoffUntil(maxLimit), maxLimit)
		}
	}
	return nil
}

// called returns the name that is to be used of side's field of that base: the plain
// one, where both ends have the same in it.
func (c Config) called(side Side, base string) string {
	for _, f := range c.Fields() {
		if f.Name == base {
			return base
		}
	}
	return side.String() + "-" + base
}
