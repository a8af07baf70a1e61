package invariants

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
	scale := func(name string, ticks *uint8) error {
		if int(*ticks)*n > 255 {
			return fmt.Errorf("%d times finer: %s is more than 255 ticks", n, name)
		}
		*ticks *= uint8(n)
		return nil
	}
	if err := scale("msl", &c.MSL); err != nil {
		return c, err
	}
	if err := scale("rto", &c.RTO); err != nil {
		return c, err
	}
	if err := scale("time-wait", &c.TimeWait.Ticks); err != nil {
		return c, err
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
