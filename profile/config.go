package profile

import (
	"fmt"
	"time"

	"tcpclose/check"
	"tcpclose/internal/lang"
	"tcpclose/model"
)

// Closing is how an application closes.
type Closing uint8

const (
	ByClose    Closing = iota // close(): the socket is an orphan
	ByShutdown                // shutdown(SHUT_WR): somebody holds it and reads
)

func (c Closing) String() string { return [...]string{"close()", "shutdown()"}[c] }

// A Case is what is asked of a profile: two machines that are like it, and how
// their applications close a connection on which nothing is left to send.
type Case struct {
	A, B        Closing
	RTO         time.Duration // 0 for TCP_RTO_MIN
	UserTimeout time.Duration // TCP_USER_TIMEOUT; 0 for none
	Linger2     time.Duration // TCP_LINGER2; 0 for none, less for RST
	KeepAlive   bool          // SO_KEEPALIVE
	Losses      model.Limit
	Never       [2]bool // the application does not close
	Finer       int     // the ticks are so many times finer than they need be; 0 is 1
}

// A Timed is a configuration and how long its tick is.
type Timed struct {
	Config  model.Config
	Tick    time.Duration
	Rounded []Rounding
}

// A Rounding is a time that is no number of ticks, and the one taken for it.
type Rounding struct {
	Name     string
	From, To time.Duration
}

func (r Rounding) String() string {
	return fmt.Sprintf("%s from %s to %s", r.Name, Seconds(r.From), Seconds(r.To))
}

// MarshalText returns what String does.
func (r Rounding) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// Duration returns so many ticks.
func (t Timed) Duration(ticks int) time.Duration { return time.Duration(ticks) * t.Tick }

// maxTicks is the longest time of a configuration.
const maxTicks = 60000

// a clockwork gathers times, and finds a tick for them.
type clockwork struct {
	times []struct {
		name string
		d    time.Duration
		at   *uint16
	}
}

func (w *clockwork) add(name string, d time.Duration, at *uint16) {
	w.times = append(w.times, struct {
		name string
		d    time.Duration
		at   *uint16
	}{name, d, at})
}

// wind sets every time. The tick is the longest of which all are multiples or, if
// the longest would take too many of those, the shortest that will do: then times
// are rounded up.
func (w *clockwork) wind() (tick time.Duration, rounded []Rounding) {
	longest := time.Duration(0)
	for _, t := range w.times {
		a, b := tick, t.d
		for b > 0 {
			a, b = b, a%b
		}
		tick, longest = a, max(longest, t.d)
	}
	if longest > maxTicks*tick {
		tick = (longest/maxTicks + time.Millisecond).Truncate(time.Millisecond)
	}
	for _, t := range w.times {
		n := (t.d + tick - 1) / tick
		*t.at = uint16(n)
		if got := n * tick; got != t.d {
			rounded = append(rounded, Rounding{t.name, t.d, got})
		}
	}
	return tick, rounded
}

// CheckRTO returns an error unless d can be an RTO.
func CheckRTO(d time.Duration) error {
	if d < RTOMin || d > RTOMax || d%time.Millisecond != 0 {
		return lang.Errorf("RTO: %v: want %v to %v in milliseconds", d, RTOMin, RTOMax)
	}
	return nil
}

// Config returns the configuration of a case. Segments that are not lost arrive within
// half a TCP_RTO_MIN, so that an answer comes before the RTO, each once and in
// order.
func (l Linux) Config(c Case) (Timed, error) {
	if c.RTO == 0 {
		c.RTO = RTOMin
	}
	if err := CheckRTO(c.RTO); err != nil {
		return Timed{}, err
	}
	if c.UserTimeout < 0 || c.UserTimeout > time.Hour || c.UserTimeout%time.Millisecond != 0 {
		return Timed{}, lang.Errorf("TCP_USER_TIMEOUT: %v: want 1ms to 1h in milliseconds, or 0", c.UserTimeout)
	}
	if c.Linger2%time.Second != 0 || c.Linger2 > FinTimeoutMax {
		return Timed{}, lang.Errorf("TCP_LINGER2: %v: want seconds, at most %v, or less than 0", c.Linger2, FinTimeoutMax)
	}
	if c.KeepAlive && (l.KeepAliveTime == 0 || l.KeepAliveIntvl == 0 || l.KeepAliveCount == 0 || l.KeepAliveCount > 20) {
		return Timed{}, lang.Errorf("SO_KEEPALIVE: want times above 0 and 1 to 20 probes")
	}
	m := rules(l)
	for side, how := range [2]Closing{c.A, c.B} {
		m.Apps[side].Octets, m.Apps[side].Parting = 0, partings[how]
	}
	m.Loss = c.Losses
	if c.Losses != model.Unlimited {
		m.Capacity = 4 // all are counted, and none is due to lack of room
	}
	for side, never := range c.Never {
		if never {
			m.Apps[side].Close = model.CloseNever
		}
	}
	end := &m.Ends[model.A] // the other is alike
	end.TimeWait = model.Span{}

	var w clockwork
	way := RTOMin / 2
	if c.KeepAlive {
		way = RTOMin // two hours are too many ticks otherwise
	}
	w.add("longest transit time of a segment", way, &m.MSL)
	w.add("TIME_WAIT", TimeWaitLen, &end.TimeWait.Ticks)
	w.add("RTO", c.RTO, &end.RTO)
	w.add("maximum RTO", RTOMax, &end.RTOMax)
	if c.UserTimeout > 0 {
		w.add("TCP_USER_TIMEOUT", c.UserTimeout, &end.GiveUp)
		set(&m, "give-up-when=exactly")
	} else {
		w.add("tcp_retries2", retryTime(l.Retries2), &end.GiveUp)
		w.add("tcp_orphan_retries", l.OrphanGiveUp(), &end.OrphanGiveUp)
	}
	if c.Linger2 < 0 {
		set(&m, "fin-wait-2-orphan=rst")
	}
	whole, mini := l.finWait2(max(c.Linger2, 0), c.RTO)
	if whole > 0 {
		w.add("tcp_fin_timeout", whole, &end.FinWait2First)
	}
	w.add("tcp_fin_timeout", mini, &end.FinWait2)
	if c.KeepAlive {
		w.add("tcp_keepalive_time", l.KeepAliveTime, &end.KeepAlive)
		w.add("tcp_keepalive_intvl", l.KeepAliveIntvl, &end.KeepAliveNext)
		end.Probes = uint8(l.KeepAliveCount)
		set(&m, "keepalive-end=rst")
		if c.UserTimeout > 0 {
			set(&m, "keepalive-limit=give-up")
		}
	}
	t := Timed{}
	t.Tick, t.Rounded = w.wind()
	m.Ends[model.B] = *end
	t.Config = m
	if c.Finer > 1 {
		var err error
		if t.Config, err = check.Finer(m, c.Finer); err != nil {
			return Timed{}, err
		}
		t.Tick /= time.Duration(c.Finer)
	}
	return t, t.Config.Validate()
}

var partings = [...]model.Parting{ByClose: model.ForGood, ByShutdown: model.Half}

// rules returns Linux's, without its times.
func rules(l Linux) model.Config {
	m := model.Default()
	m.Time = model.TimeLeaps
	m.Duplicate, m.Reorder = 0, 0
	m.EachEnd(func(e *model.Endpoint) { e.R2 = model.Unlimited })
	for _, d := range append([]Difference{Otherwise}, Differences...) {
		for _, word := range d.Always {
			set(&m, word)
		}
	}
	if l.Kernel == Linux61 {
		set(&m, "zero-window-fin=refused")
	}
	if l.RFC1337 {
		set(&m, "time-wait-rst=ignored")
	}
	if l.MaxTWBuckets == 0 {
		set(&m, "time-wait-kept=no")
	}
	if l.MaxOrphans == 0 {
		set(&m, "orphan-kept=no")
	}
	return m
}
