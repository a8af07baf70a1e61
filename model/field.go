package model

import (
	"fmt"
	"strconv"
	"strings"
)

const (
	maxTicks = 60000 // so that no timer's count reaches Never
	maxMSLs  = 60
)

// A Field is a part of a Config that has a name and a text form.
type Field struct {
	Name    string
	Meaning string // with units, and what is allowed
	get     func(*Config) string
	set     func(*Config, string) error
}

// Get returns the field's text in c.
func (f Field) Get(c Config) string { return f.get(&c) }

// Set gives the field the value that text stands for.
func (f Field) Set(c *Config, text string) error {
	if err := f.set(c, text); err != nil {
		return fmt.Errorf("%s: %w", f.Name, err)
	}
	return nil
}

// Fields is all fields of a Config, decisions included.
var Fields = fields()

func fields() (list []Field) {
	add := func(name, meaning string, get func(*Config) string, set func(*Config, string) error) {
		list = append(list, Field{name, meaning, get, set})
	}
	number := func(name, meaning string, low, high int, at func(*Config) *uint8) {
		add(name, fmt.Sprintf("%s (%d to %d)", meaning, low, high),
			func(c *Config) string { return strconv.Itoa(int(*at(c))) },
			func(c *Config, s string) (err error) {
				n, err := parseSmall(s, low, high)
				if err == nil {
					*at(c) = n
				}
				return err
			})
	}
	ticks := func(name, meaning string, low int, at func(*Config) *uint16) {
		add(name, fmt.Sprintf("%s (%d to %d ticks)", meaning, low, maxTicks),
			func(c *Config) string { return strconv.Itoa(int(*at(c))) },
			func(c *Config, s string) (err error) {
				n, err := parseNumber(s, low, maxTicks)
				if err == nil {
					*at(c) = n
				}
				return err
			})
	}
	timer := func(name, meaning string, at func(*Config) *uint16) { // of which 0 is off
		add(name, fmt.Sprintf("%s (off, or 1 to %d ticks)", meaning, maxTicks),
			func(c *Config) string {
				if *at(c) == 0 {
					return "off"
				}
				return strconv.Itoa(int(*at(c)))
			},
			func(c *Config, s string) (err error) {
				var n uint16
				if s != "off" {
					if n, err = parseNumber(s, 1, maxTicks); err != nil {
						return fmt.Errorf("%q: want off or 1 to %d", s, maxTicks)
					}
				}
				*at(c) = n
				return nil
			})
	}
	span := func(name, meaning string, at func(*Config) *Span) {
		add(name, meaning+" (ticks, or MSLs as in 2msl, or both as in 1msl+2)",
			func(c *Config) string { return at(c).String() },
			func(c *Config, s string) error {
				span, err := ParseSpan(s)
				if err == nil {
					*at(c) = span
				}
				return err
			})
	}
	limit := func(name, meaning string, at func(*Config) *Limit) {
		add(name, fmt.Sprintf("%s (off, unlimited, or 1 to %d)", meaning, maxLimit),
			func(c *Config) string { return at(c).String() },
			func(c *Config, s string) error {
				l, err := parseLimit(s)
				if err == nil {
					*at(c) = l
				}
				return err
			})
	}
	window := func(name, meaning string, at func(*Config) *Window) {
		add(name, fmt.Sprintf("%s (unlimited, or 0 to %d)", meaning, MaxOctets),
			func(c *Config) string { return at(c).String() },
			func(c *Config, s string) error {
				if s == Wide.String() {
					*at(c) = Wide
					return nil
				}
				n, err := parseSmall(s, 0, MaxOctets)
				if err != nil {
					return fmt.Errorf("%q: want unlimited or 0 to %d", s, MaxOctets)
				}
				*at(c) = WindowOf(n)
				return nil
			})
	}
	for _, side := range Sides {
		number(side.String()+"-octets", "octets that "+side.String()+" may write before it closes", 0, MaxOctets,
			func(c *Config) *uint8 { return &c.Apps[side].Octets })
		oneOf(add, side.String()+"-closes", "when "+side.String()+" closes", closeNames[:],
			func(c *Config) *CloseWhen { return &c.Apps[side].Close })
		oneOf(add, side.String()+"-close-is", "how much "+side.String()+" closes: its sending, or all", partingNames[:],
			func(c *Config) *Parting { return &c.Apps[side].Parting })
		oneOf(add, side.String()+"-reads", "when "+side.String()+" reads what has arrived", readNames[:],
			func(c *Config) *ReadWhen { return &c.Apps[side].Reads })
		window(side.String()+"-buffer", "octets that "+side.String()+"'s host can keep until they are read: its largest window",
			func(c *Config) *Window { return &c.Apps[side].Buffer })
		oneOf(add, side.String()+"-fails", "how "+side.String()+" may leave the connection without closing, at any time", failingNames[:],
			func(c *Config) *Failing { return &c.Apps[side].Fails })
	}
	oneOf(add, "start", "how a run begins", startNames[:], func(c *Config) *Start { return &c.Start })
	number("reopen", "how often each side may open a connection again", 0, MaxLives-1, func(c *Config) *uint8 { return &c.Reopen })
	for _, side := range Sides {
		oneOf(add, side.String()+"-opens", "how "+side.String()+" opens a connection", opensNames[:],
			func(c *Config) *OpensHow { return &c.Apps[side].Opens })
		oneOf(add, side.String()+"-isn", "where "+side.String()+"'s numbers begin when a connection is opened again: beyond the last that was used, where they did, at a clock, or at one that the user does not outrun", isnNames[:],
			func(c *Config) *ISNRule { return &c.Apps[side].ISN })
	}
	number("isn-clock", "numbers by which the clock of a-isn and b-isn goes on in a tick", 0, MaxOctets, func(c *Config) *uint8 { return &c.ISNClock })
	oneOf(add, "clock", "how time goes on: a tick at a time, or straight to the next deadline where nothing else can happen", timeNames[:],
		func(c *Config) *TimeKind { return &c.Time })
	ticks("msl", "how long a segment lives in the network", 1, func(c *Config) *uint16 { return &c.MSL })
	span("delay", "how long a segment takes at the most that is not lost; copies live up to the MSL", func(c *Config) *Span { return &c.Delay })
	span("time-wait", "length of TIME-WAIT", func(c *Config) *Span { return &c.TimeWait })
	ticks("rto", "time until a segment is retransmitted", 1, func(c *Config) *uint16 { return &c.RTO })
	timer("rto-max", "back-off: with each retransmission the RTO doubles, up to this", func(c *Config) *uint16 { return &c.RTOMax })
	limit("r2", "retransmissions of a segment before the connection is closed", func(c *Config) *Limit { return &c.R2 })
	timer("give-up", "R2 as a time: how long after its first retransmission a segment is still retransmitted", func(c *Config) *uint16 { return &c.GiveUp })
	timer("orphan-give-up", "the same once nobody reads; off is as for the others", func(c *Config) *uint16 { return &c.OrphanGiveUp })
	limit("delayed-ack", "ticks for which an acknowledgement may wait for something to ride on", func(c *Config) *Limit { return &c.AckDelay })
	timer("user-timeout", "user timeout", func(c *Config) *uint16 { return &c.UserTimeout })
	timer("fin-wait-2", "time-out of FIN-WAIT-2, once nobody reads", func(c *Config) *uint16 { return &c.FinWait2 })
	timer("fin-wait-2-first", "how long, before that, the whole connection is kept, with fin-wait-2-kept=mini", func(c *Config) *uint16 { return &c.FinWait2First })
	timer("keepalive", "idle time before the peer is probed", func(c *Config) *uint16 { return &c.KeepAlive })
	timer("keepalive-next", "time between probes; off is as before the first", func(c *Config) *uint16 { return &c.KeepAliveNext })
	number("keepalive-probes", "unanswered probes before the connection is closed", 1, 20, func(c *Config) *uint8 { return &c.Probes })
	oneOf(add, "timestamps", "whether segments carry timestamps, and old ones are dropped (PAWS)", timestampNames[:], func(c *Config) *Timestamps { return &c.Timestamps })
	timer("quiet-time", "quiet time: after a crash no connection is opened", func(c *Config) *uint16 { return &c.QuietTime })
	ticks("reuse-age", "how long TIME-WAIT has lasted when an active OPEN may replace it", 0, func(c *Config) *uint16 { return &c.ReuseAge })
	limit("loss", "segments that the network may lose", func(c *Config) *Limit { return &c.Loss })
	oneOf(add, "loses", "what it loses: anything; or these segments alone, and without a limit all of them", losesNames[:],
		func(c *Config) *Loses { return &c.Loses })
	limit("duplicate", "segments that the network may deliver once more", func(c *Config) *Limit { return &c.Duplicate })
	limit("reorder", "deliveries that may overtake an older segment", func(c *Config) *Limit { return &c.Reorder })
	number("capacity", "segments on their way in one direction", 1, MaxCapacity, func(c *Config) *uint8 { return &c.Capacity })
	add("stray", "a segment of an earlier connection that is under way at the start (off, or as in <SEQ=101><ACK=300><DATA=1><CTL=ACK>)",
		func(c *Config) string { return c.Stray.String() },
		func(c *Config, s string) error {
			stray, err := parseStray(s)
			if err == nil {
				c.Stray = stray
			}
			return err
		})
	for d := range NumDecisions {
		info := d.Info()
		var names []string
		for _, a := range info.Alternatives {
			names = append(names, a.Name)
		}
		add(info.Name, info.Question+" ("+strings.Join(names, ", ")+")",
			func(c *Config) string { return c.Choices.Name(d) },
			func(c *Config, s string) error {
				if err := c.Choices.Choose(d, s); err != nil {
					return fmt.Errorf("%q: want %s", s, strings.Join(names, " or "))
				}
				return nil
			})
	}
	add("fault", "a mistake that stacks have made (none, or the name of a fault)",
		func(c *Config) string { return c.Fault.String() },
		func(c *Config, s string) error {
			f, err := FindFault(s)
			if err != nil {
				return fmt.Errorf("%q: want none or the name of a fault", s)
			}
			c.Fault = f
			return nil
		})
	oneOf(add, "faulty", "who makes it", faultyNames[:], func(c *Config) *Faulty { return &c.Faulty })
	return list
}

// oneOf adds a field that has a name for each of its values.
func oneOf[T ~uint8](add func(name, meaning string, get func(*Config) string, set func(*Config, string) error),
	name, meaning string, names []string, at func(*Config) *T) {
	add(name, meaning+" ("+strings.Join(names, ", ")+")",
		func(c *Config) string { return nameOf(names, *at(c)) },
		func(c *Config, s string) error {
			for i, n := range names {
				if n == s {
					*at(c) = T(i)
					return nil
				}
			}
			return fmt.Errorf("%q: want %s", s, strings.Join(names, " or "))
		})
}

func parseNumber(s string, low, high int) (uint16, error) {
	n, err := strconv.ParseUint(s, 10, 16) // no sign
	if err != nil || int(n) < low || int(n) > high {
		return 0, fmt.Errorf("%q: want %d to %d", s, low, high)
	}
	return uint16(n), nil
}

func parseSmall(s string, low, high int) (uint8, error) {
	n, err := parseNumber(s, low, high) // high is small
	return uint8(n), err
}
