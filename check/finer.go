package check

import (
	"fmt"

	"tcpclose/model"
)

// Finer returns c at a tick that is n times finer: the same times in more ticks. A
// verdict that turns by it says something of the scale, not of TCP.
func Finer(c model.Config, n int) (model.Config, error) {
	if n < 2 || n > maxFiner {
		return c, fmt.Errorf("%d times finer: want 2 to %d", n, maxFiner)
	}
	type span struct {
		name  string
		ticks *uint16
	}
	spans := []span{{"msl", &c.MSL}, {"delay", &c.Delay.Ticks}}
	c.EachEnd(func(e *model.Endpoint) {
		spans = append(spans, []span{
			{"msl", &e.MSL}, {"time-wait", &e.TimeWait.Ticks}, {"rto", &e.RTO}, {"rto-max", &e.RTOMax},
			{"user-timeout", &e.UserTimeout}, {"fin-wait-2", &e.FinWait2}, {"keepalive", &e.KeepAlive}, {"quiet-time", &e.QuietTime}, {"challenge-interval", &e.ChallengeInterval},
			{"give-up", &e.GiveUp}, {"orphan-give-up", &e.OrphanGiveUp}, {"fin-wait-2-first", &e.FinWait2First}, {"keepalive-next", &e.KeepAliveNext},
		}...)
		if e.Choices[model.ConnectReuse] == model.ConnectAged {
			spans = append(spans, span{"reuse-age", &e.ReuseAge})
		}
	})
	for _, t := range spans {
		if int(*t.ticks)*n >= model.Never {
			return c, fmt.Errorf("%d times finer: %s would be more than %d ticks, want fewer", n, t.name, model.Never-1)
		}
		*t.ticks *= uint16(n)
	}
	// Where both ends have one rate it is the same after, whoever goes by it.
	either := c.Ends[model.A].ISN.ByClock() || c.Ends[model.B].ISN.ByClock()
	either = either && c.Ends[model.A].ISNClock == c.Ends[model.B].ISNClock
	for side := range c.Ends {
		e := &c.Ends[side]
		if e.AckDelay > 0 {
			if int(e.AckDelay)*n > 127 {
				return c, fmt.Errorf("%d times finer: delayed-ack is more than 127 ticks", n)
			}
			e.AckDelay *= model.Limit(n)
		}
		if either || e.ISN.ByClock() {
			if e.ISNClock%uint8(n) != 0 {
				return c, fmt.Errorf("%d times finer: isn-clock: %d: want a multiple of %d", n, e.ISNClock, n)
			}
			e.ISNClock /= uint8(n)
		}
	}
	if b := &c.Between; b.Box != nil {
		finer, err := b.Finer(n)
		if err != nil {
			return c, fmt.Errorf("%d times finer: %w", n, err)
		}
		*b = finer
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
