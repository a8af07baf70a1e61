package profile

import (
	"fmt"
	"time"

	"tcpclose/internal/lang"
	"tcpclose/trace"
)

// Linux contains the parameters of how a machine's connections close: those that its
// administrator can set, and those that are fixed.
type Linux struct {
	Kernel         Kernel
	FinTimeout     time.Duration // tcp_fin_timeout
	OrphanRetries  int           // tcp_orphan_retries, 0 meaning 8
	Retries2       int           // tcp_retries2
	RFC1337        bool          // tcp_rfc1337
	TWReuse        int           // tcp_tw_reuse
	MaxTWBuckets   int           // tcp_max_tw_buckets
	MaxOrphans     int           // tcp_max_orphans
	KeepAliveTime  time.Duration // tcp_keepalive_time
	KeepAliveIntvl time.Duration // tcp_keepalive_intvl
	KeepAliveCount int           // tcp_keepalive_probes
}

// A Kernel names the kernels that a profile describes. What is said of them was shown on
// 6.18.44 and 6.12, except for what differs in 6.1 (package stacks/linux).
//
// 6.10 was the first to take a FIN at a zero window (2bd99aef1b19). 6.17 lost that by
// the way (9ca48d616ed7); 7.0, and releases of 6.18 and 6.19 that have it, took it up
// again (1e3bb184e941).
type Kernel uint8

const (
	Linux612 Kernel = iota // 6.12, and later ones but those before the repair
	Linux61                // 6.1
)

func (k Kernel) String() string { return [...]string{"6.12 and later", "6.1"}[k] }

// What is compiled in.
const (
	TimeWaitLen    = 60 * time.Second       // TCP_TIMEWAIT_LEN
	RTOMin         = 200 * time.Millisecond // TCP_RTO_MIN
	RTOMax         = 120 * time.Second      // TCP_RTO_MAX
	FinTimeoutMax  = 120 * time.Second      // TCP_FIN_TIMEOUT_MAX, for TCP_LINGER2
	orphanRetries0 = 8                      // tcp_orphan_retries()
)

// A Constant is a time that cannot be set.
type Constant struct {
	Name    string
	Meaning string
	Time    time.Duration
}

// Constants is those that bear on how connections close.
var Constants = []Constant{
	{"TCP_TIMEWAIT_LEN", "how long TIME_WAIT lasts; compiled in", TimeWaitLen},
	{"TCP_RTO_MIN", "the shortest RTO; compiled in", RTOMin},
	{"TCP_RTO_MAX", "the longest RTO; compiled in", RTOMax},
}

// Defaults returns what Linux sets on a machine with memory to spare.
func Defaults() Linux {
	l := Linux{}
	for _, s := range Sysctls {
		s.set(&l, s.Default)
	}
	return l
}

// A Sysctl is a parameter, a file of /proc/sys/net/ipv4.
type Sysctl struct {
	Name      string
	Meaning   string
	Default   int
	Low, High int
	unit      time.Duration // of one; 0 for a number
	get       func(*Linux) int
	set       func(*Linux, int)
}

// Sysctls is those that bear on how connections close.
var Sysctls = []Sysctl{
	inSeconds("tcp_fin_timeout", "how long an orphan stays in FIN_WAIT2", 60, func(l *Linux) *time.Duration { return &l.FinTimeout }),
	number("tcp_orphan_retries", "retries of an orphan; 0 means 8", 0, 255, func(l *Linux) *int { return &l.OrphanRetries }),
	number("tcp_retries2", "retries of a socket that a process holds", 15, 255, func(l *Linux) *int { return &l.Retries2 }),
	{"tcp_rfc1337", "1: an RST does not end TIME_WAIT", 0, 0, 1, 0,
		func(l *Linux) int {
			if l.RFC1337 {
				return 1
			}
			return 0
		},
		func(l *Linux, n int) { l.RFC1337 = n == 1 }},
	number("tcp_tw_reuse", "connect() may replace TIME_WAIT: 0 no, 1 yes, 2 on loopback", 2, 2, func(l *Linux) *int { return &l.TWReuse }),
	number("tcp_max_tw_buckets", "most sockets in TIME_WAIT; further ones close at once", 262144, 1<<31-1, func(l *Linux) *int { return &l.MaxTWBuckets }),
	number("tcp_max_orphans", "most orphans; further ones are reset", 262144, 1<<31-1, func(l *Linux) *int { return &l.MaxOrphans }),
	inSeconds("tcp_keepalive_time", "idle time before a probe, with SO_KEEPALIVE", 7200, func(l *Linux) *time.Duration { return &l.KeepAliveTime }),
	inSeconds("tcp_keepalive_intvl", "time between probes", 75, func(l *Linux) *time.Duration { return &l.KeepAliveIntvl }),
	number("tcp_keepalive_probes", "unanswered probes that end the connection", 9, 127, func(l *Linux) *int { return &l.KeepAliveCount }),
}

func number(name, meaning string, standard, high int, at func(*Linux) *int) Sysctl {
	return Sysctl{name, meaning, standard, 0, high, 0, func(l *Linux) int { return *at(l) }, func(l *Linux, n int) { *at(l) = n }}
}

func inSeconds(name, meaning string, standard int, at func(*Linux) *time.Duration) Sysctl {
	return Sysctl{name, meaning, standard, 0, 32767, time.Second,
		func(l *Linux) int { return int(*at(l) / time.Second) },
		func(l *Linux, n int) { *at(l) = time.Duration(n) * time.Second }}
}

// Value returns the parameter in l, as its file has it.
func (s Sysctl) Value(l Linux) int { return s.get(&l) }

// Set sets the parameter in l.
func (s Sysctl) Set(l *Linux, n int) error {
	if n < s.Low || n > s.High {
		return lang.Errorf("%s: %d: want %d to %d", s.Name, n, s.Low, s.High)
	}
	s.set(l, n)
	return nil
}

// Time returns what the parameter comes to in l, if that is a time: a number of retries is
// one, too.
func (s Sysctl) Time(l Linux) (d time.Duration, ok bool) {
	switch {
	case s.unit > 0:
		return time.Duration(s.Value(l)) * s.unit, true
	case s.Name == "tcp_orphan_retries":
		return l.OrphanGiveUp(), true
	case s.Name == "tcp_retries2":
		return retryTime(l.Retries2), true
	}
	return 0, false
}

// Text returns the value for display: with its unit, and with the time that follows.
func (s Sysctl) Text(l Linux) string {
	n := s.Value(l)
	d, ok := s.Time(l)
	switch {
	case !ok:
		return fmt.Sprint(n)
	case s.unit > 0:
		return Seconds(d)
	case s.Name == "tcp_orphan_retries" && n == 0:
		return fmt.Sprintf("0, meaning %d: %s", orphanRetries0, Seconds(d))
	}
	return fmt.Sprintf("%d: %s", n, Seconds(d))
}

// retryTime returns for how long n retries go on, counted from the first: a number of
// retries is a bound on time, and the RTO for which it is computed is always
// TCP_RTO_MIN (tcp_model_timeout).
func retryTime(n int) time.Duration {
	total, rto := RTOMin, RTOMin
	for ; n > 0; n-- {
		rto = min(2*rto, RTOMax)
		total += rto
	}
	return total
}

// OrphanGiveUp returns what tcp_orphan_retries comes to.
func (l Linux) OrphanGiveUp() time.Duration {
	if l.OrphanRetries == 0 {
		return retryTime(orphanRetries0)
	}
	return retryTime(l.OrphanRetries)
}

// GiveUp returns what tcp_retries2 comes to.
func (l Linux) GiveUp() time.Duration { return retryTime(l.Retries2) }

// finWait2 returns how long an orphan stays in FIN_WAIT2: at first whole, then as a
// mini-socket (tcp_fin_time, tcp_rcv_state_process, tcp_keepalive_timer).
func (l Linux) finWait2(linger2, rto time.Duration) (whole, mini time.Duration) {
	t := l.FinTimeout
	if linger2 > 0 {
		t = min(linger2, FinTimeoutMax)
	}
	if t = max(t, 7*rto/2); t > TimeWaitLen {
		return t - TimeWaitLen, t - TimeWaitLen
	}
	return 0, t
}

// Seconds returns a time as people read it: in seconds, without zeros at the end.
func Seconds(d time.Duration) string {
	return trace.Decimal(d) + " s"
}
