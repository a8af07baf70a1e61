package check

import (
	"fmt"

	"tcpclose/model"
)

// Finer is c at a tick that is n times finer: the same times in more ticks. A
// verdict that turns by it says something of the scale, not of TCP.
func Finer(c model.Config, n int) (model.Config, error) {
	if n < 2 || n > maxFiner {
		return c, fmt.Errorf("%d times finer: want 2 to %d", n, maxFiner)
	}
	type span struct {
		name  string
		ticks *uint16
	}
	spans := []span{
		{"msl", &c.MSL}, {"delay", &c.Delay.Ticks}, {"time-wait", &c.TimeWait.Ticks}, {"rto", &c.RTO}, {"rto-max", &c.RTOMax},
		{"user-timeout", &c.UserTimeout}, {"fin-wait-2", &c.FinWait2}, {"keepalive", &c.KeepAlive}, {"quiet-time", &c.QuietTime},
		{"give-up", &c.GiveUp}, {"orphan-give-up", &c.OrphanGiveUp}, {"fin-wait-2-first", &c.FinWait2First}, {"keepalive-next", &c.KeepAliveNext},
	}
	if c.Choices[model.ConnectReuse] == model.ConnectAged {
		spans = append(spans, span{"reuse-age", &c.ReuseAge})
	}
	for _, t := range spans {
		if int(*t.ticks)*n >= model.Never {
			return c, fmt.Errorf("%d times finer: %s is more than %d ticks", n, t.name, model.Never-1)
		}
		*t.ticks *= uint16(n)
	}
	if c.AckDelay > 0 {
		if int(c.AckDelay)*n > 127 {
			return c, fmt.Errorf("%d times finer: delayed-ack is more than 127 ticks", n)
		}
		c.AckDelay *= model.Limit(n)
	}
	if c.Apps[model.A].ISN.ByClock() || c.Apps[model.B].ISN.ByClock() {
		if c.ISNClock%uint8(n) != 0 {
			return c, fmt.Errorf("%d times finer: isn-clock: %d: want a multiple of %d", n, c.ISNClock, n)
		}
		c.ISNClock /= uint8(n)
	}
	if err := c.Validate(); err != nil {
		return c, fmt.Errorf("%d times finer: %w", n, err)
	}
	return c, nil
}

const maxFiner = 16

// Turned lists the properties whose verdicts differ in two reports on the same
// properties, by their place. A verdict that is unknown differs from none.
func Turned(r, finer *Report) (places []int) {
	for i := range r.Findings {
		v, w := r.Findings[i].Verdict, finer.Findings[i].Verdict
		if v != w && v != Unknown && w != Unknown {
			places = append(places, i)
		}
	}
	return places
}
