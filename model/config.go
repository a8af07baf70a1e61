package model

import (
	"fmt"
	"strconv"
	"strings"
)

// A Limit is how often something may happen: Unlimited, or at most so often.
type Limit int8

// Unlimited sets no limit.
const Unlimited Limit = -1

func (l Limit) String() string {
	switch l {
	case Unlimited:
		return "unlimited"
	case 0:
		return "off"
	}
	return strconv.Itoa(int(l))
}

// maxLimit is the largest finite Limit.
const maxLimit = 100

func parseLimit(s string) (Limit, error) {
	switch s {
	case "unlimited":
		return Unlimited, nil
	case "off":
		return 0, nil
	}
	n, err := parseSmall(s, 0, maxLimit)
	if err != nil {
		return 0, fmt.Errorf("%q: want off, unlimited or 1 to %d", s, maxLimit)
	}
	return Limit(n), nil
}

// A Span is a length of time: so many MSL and ticks.
type Span struct {
	MSLs  uint8
	Ticks uint16
}

// In is the span in ticks.
func (s Span) In(msl uint16) int { return int(s.MSLs)*int(msl) + int(s.Ticks) }

func (s Span) String() string {
	switch {
	case s.MSLs == 0:
		return strconv.Itoa(int(s.Ticks))
	case s.Ticks == 0:
		return fmt.Sprintf("%dmsl", s.MSLs)
	}
	return fmt.Sprintf("%dmsl+%d", s.MSLs, s.Ticks)
}

// ParseSpan is the span of that text: ticks, or MSLs as in 2msl, or both as in
// 1msl+2.
func ParseSpan(text string) (s Span, err error) {
	msls, ticks, both := strings.Cut(text, "+")
	if n, ok := strings.CutSuffix(msls, "msl"); ok {
		if s.MSLs, err = parseSmall(n, 0, maxMSLs); err != nil {
			return Span{}, spanError(text)
		}
		if !both {
			return s, nil
		}
	} else if both {
		return Span{}, spanError(text)
	} else {
		ticks = msls
	}
	if s.Ticks, err = parseNumber(ticks, 0, maxTicks); err != nil {
		return Span{}, spanError(text)
	}
	return s, nil
}

func spanError(text string) error {
	return fmt.Errorf("%q: want 0 to %d ticks, or 0 to %d MSLs as in 2msl, or both as in 1msl+2", text, maxTicks, maxMSLs)
}

// CloseWhen is when an application closes.
type CloseWhen uint8

const (
	CloseAnyTime   CloseWhen = iota // at any time, before or after the peer
	CloseAfterPeer                  // only when the peer has closed
	CloseNever
)

var closeNames = [...]string{"any-time", "after-peer", "never"}

func (c CloseWhen) String() string { return nameOf(closeNames[:], c) }

// ReadWhen is when an application reads what has arrived.
type ReadWhen uint8

const (
	ReadAtOnce ReadWhen = iota // whatever arrives, in the same instant
	ReadSlowly                 // an octet at a time, at any time
	ReadNever
)

var readNames = [...]string{"at-once", "slowly", "never"}

func (r ReadWhen) String() string { return nameOf(readNames[:], r) }

// Parting is what an application means by closing.
type Parting uint8

const (
	Half         Parting = iota // it has no more to send, and goes on reading
	ForGood                     // nor will it read: the connection is the host's affair
	HalfThenGood                // first the one, then at any time the other
)

var partingNames = [...]string{"half", "full", "half-then-full"}

func (p Parting) String() string { return nameOf(partingNames[:], p) }

// Failing is in what other way an application may leave its connection, at any
// time.
type Failing uint8

const (
	FailNever Failing = iota
	FailAbort         // it calls ABORT
	FailDie           // its process ends
	FailCrash         // its host crashes, and comes back without the connection
)

var failingNames = [...]string{"no", "abort", "die", "crash"}

func (f Failing) String() string { return nameOf(failingNames[:], f) }

func nameOf[T ~uint8](names []string, v T) string {
	if int(v) >= len(names) {
		return strings.TrimPrefix(fmt.Sprintf("%T(%d)", v, uint8(v)), "model.")
	}
	return names[v]
}

// An App is what the application at one side may do, and the room that its host
// gives it.
type App struct {
	Octets  uint8 // it writes 0 to Octets octets before it closes
	Close   CloseWhen
	Parting Parting
	Reads   ReadWhen
	Buffer  Window // octets that can wait to be read
	Fails   Failing
	Opens   OpensHow
	ISN     ISNRule
}

// OpensHow is how an application opens a connection.
type OpensHow uint8

const (
	OpensActively  OpensHow = iota // it calls
	OpensPassively                 // it waits to be called
	OpensEither                    // the one, the other, or the one after the other
)

var opensNames = [...]string{"actively", "passively", "either"}

func (o OpensHow) String() string { return nameOf(opensNames[:], o) }

// ISNRule is where the numbers of a next connection begin.
type ISNRule uint8

const (
	ISNLarger ISNRule = iota // beyond all that the host has used
	ISNSame                  // where those of the first did: all numbers stand for two things
	ISNClock                 // at a clock, whatever was used (RFC 9293, 3.4.1)
	ISNPaced                 // the same, of a user that writes no faster than the clock goes
)

var isnNames = [...]string{"larger", "same", "clock", "paced-clock"}

// ByClock reports whether it asks a clock.
func (r ISNRule) ByClock() bool { return r == ISNClock || r == ISNPaced }

func (r ISNRule) String() string { return nameOf(isnNames[:], r) }

// Start is how a run begins.
type Start uint8

const (
	StartEstablished Start = iota
	StartClosed
)

var startNames = [...]string{"established", "closed"}

func (s Start) String() string { return nameOf(startNames[:], s) }

// Timestamps is whether segments carry them.
type Timestamps uint8

const (
	TimestampsOff  Timestamps = iota
	TimestampsOn              // by a clock that moves with each tick
	TimestampsFine            // by a clock that has moved between any two connections
)

var timestampNames = [...]string{"off", "on", "fine"}

func (t Timestamps) String() string { return nameOf(timestampNames[:], t) }

// TimeKind is how time goes on.
type TimeKind uint8

const (
	TimeSteps TimeKind = iota // a tick at a time
	TimeLeaps                 // straight to the next deadline where nothing else can happen
)

var timeNames = [...]string{"steps", "leaps"}

func (k TimeKind) String() string { return nameOf(timeNames[:], k) }

// Loses is what the network loses, if it loses anything: where it is not LosesAny,
// nothing else; and without a limit it loses all of it.
type Loses uint8

const (
	LosesAny Loses = iota
	LosesFinOfA
	LosesAckOfA // without text, FIN and RST, as are those of b
	LosesFinOfB
	LosesAckOfB
)

var losesNames = [...]string{"any", "a-fin", "a-ack", "b-fin", "b-ack"}

func (l Loses) String() string { return nameOf(losesNames[:], l) }

// names reports whether it is what side has sent as g.
func (l Loses) names(side Side, g Segment) bool {
	switch l {
	case LosesFinOfA:
		return side == A && g.Ctl.Has(FIN)
	case LosesFinOfB:
		return side == B && g.Ctl.Has(FIN)
	case LosesAckOfA:
		return side == A && g.Ctl == ACK && g.Len == 0
	case LosesAckOfB:
		return side == B && g.Ctl == ACK && g.Len == 0
	}
	return true
}

// A Config fixes a system: two endpoints and a network. All of it defines the
// system, except Capacity where losses are counted: there it is a bound, since a
// segment that finds no room is lost by the model's doing.
type Config struct {
	Apps     [2]App
	Start    Start
	Reopen   uint8 // how often each side may open a connection again
	Time     TimeKind
	MSL      uint16 // ticks that a segment lives in the network
	Delay    Span   // after which it is gone unless it was delivered; at most the MSL
	TimeWait Span
	RTO      uint16 // ticks
	RTOMax   uint16 // ticks up to which the RTO doubles; 0 for no back-off
	R2       Limit  // retransmissions of a segment before the connection is closed

	GiveUp       uint16 // R2 as a time: ticks from the first retransmission; 0 for none
	OrphanGiveUp uint16 // the same, once nobody reads; 0 for no other

	AckDelay    Limit  // ticks for which an acknowledgement may wait
	UserTimeout uint16 // ticks, as are the next two; 0 for none
	FinWait2    uint16

	FinWait2First uint16 // before that, as a whole connection; 0 for not
	KeepAlive     uint16
	KeepAliveNext uint16 // between probes; 0 for as long as before the first
	Probes        uint8  // keep-alive probes that go unanswered before the connection is closed

	Timestamps Timestamps // RFC 7323
	QuietTime  uint16     // ticks after a crash in which no connection is opened
	ReuseAge   uint16     // ticks that TIME-WAIT has lasted before an active OPEN replaces it
	ISNClock   uint8      // numbers by which a clock goes on in a tick that gives where numbers begin

	Loss      Limit
	Loses     Loses
	Duplicate Limit
	Reorder   Limit // deliveries that overtake an older segment
	Capacity  uint8 // segments on their way in one direction
	Stray     Stray

	Choices Choices
	Fault   Fault
	Faulty  Faulty // who has it, if there is one
}

// Default is what is checked when nothing else is asked for.
func Default() Config {
	return Config{
		Apps:      [2]App{{Octets: 1}, {Octets: 1, Opens: OpensPassively}},
		MSL:       3,
		Delay:     Span{MSLs: 1},
		TimeWait:  Span{MSLs: 2},
		RTO:       2,
		R2:        2,
		Probes:    2,
		ReuseAge:  1,
		ISNClock:  1,
		Loss:      Unlimited,
		Duplicate: Unlimited,
		Reorder:   Unlimited,
		Capacity:  2,
	}
}

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

// Get is the field's text in c.
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
		if s := c.Stack(A); limit.ticks > s.spent(maxLimit) {
			return fmt.Errorf("%s: %d: want at most %d, which are %d retransmissions", limit.name, limit.ticks, s.spent(maxLimit), maxLimit)
		}
	}
	return nil
}

// String is every field, as name=value, in order. ParseConfig reads it back.
func (c Config) String() string {
	var words []string
	for _, f := range Fields {
		words = append(words, f.Name+"="+f.Get(c))
	}
	return strings.Join(words, " ")
}

// Against is the fields in which c differs from base, as name=value.
func (c Config) Against(base Config) []string {
	var words []string
	for _, f := range Fields {
		if f.Get(c) != f.Get(base) {
			words = append(words, f.Name+"="+f.Get(c))
		}
	}
	return words
}

// ParseConfig reads name=value words that are separated by spaces. Fields that
// are not named are as in Default.
func ParseConfig(text string) (Config, error) {
	c := Default()
	given := map[string]bool{}
words:
	for _, word := range strings.Fields(text) {
		name, value, ok := strings.Cut(word, "=")
		if !ok {
			return Config{}, fmt.Errorf("configuration: %q: want name=value", word)
		}
		if given[name] {
			return Config{}, fmt.Errorf("configuration: %s stands twice", name)
		}
		given[name] = true
		for _, f := range Fields {
			if f.Name == name {
				if err := f.Set(&c, value); err != nil {
					return Config{}, fmt.Errorf("configuration: %w", err)
				}
				continue words
			}
		}
		return Config{}, fmt.Errorf("configuration: %q: no such field", name)
	}
	if err := c.Validate(); err != nil {
		return Config{}, fmt.Errorf("configuration: %w", err)
	}
	return c, nil
}

// A Stack is the rules by which one endpoint works.
type Stack struct {
	App         App
	Time        TimeKind
	RTO, RTOMax uint16
	R2          Limit
	TimeWait    uint16
	AckDelay    Limit
	UserTimeout uint16
	FinWait2    uint16
	KeepAlive   uint16
	Probes      uint8
	Lives       uint8 // connections that the user may have; 0 if it opens none
	QuietTime   uint16
	ReuseAge    uint16
	tags        bool // several connections: segments are told apart
	firstEver   Seq  // where the numbers of the first begin
	timestamps  Timestamps
	clockRate   uint8 // of ISNClock

	GiveUp, OrphanGiveUp         uint16
	FinWait2First, KeepAliveNext uint16

	PeerWindow Window // the peer's whole receive buffer: the largest window it tells of
	choices    Choices
	flaw       Fault
}

// Stack is the rules of side.
func (c Config) Stack(side Side) Stack {
	s := Stack{
		App: c.Apps[side], Time: c.Time, RTO: c.RTO, RTOMax: c.RTOMax, R2: c.R2,
		TimeWait: uint16(c.TimeWait.In(c.MSL)), AckDelay: c.AckDelay, UserTimeout: c.UserTimeout,
		FinWait2: c.FinWait2, KeepAlive: c.KeepAlive, Probes: c.Probes, PeerWindow: c.Apps[side.Peer()].Buffer, choices: c.Choices,
		GiveUp: c.GiveUp, OrphanGiveUp: c.OrphanGiveUp, FinWait2First: c.FinWait2First, KeepAliveNext: c.KeepAliveNext,
	}
	if c.Start == StartClosed || c.Reopen > 0 {
		s.Lives, s.tags, s.timestamps = 1+c.Reopen, c.Reopen > 0, c.Timestamps
		s.QuietTime, s.ReuseAge, s.clockRate = c.QuietTime, c.ReuseAge, c.ISNClock
	}
	if c.Start == StartClosed {
		s.firstEver = 1
	}
	if c.Faulty.has(side) {
		s = s.seed(c.Fault)
	}
	return s
}

// begin is how an endpoint is at the start.
func (s Stack) begin(how Start) TCB {
	var h Host
	if s.timestamps != TimestampsOff {
		h.Clock = 1
	}
	if how == StartClosed {
		return TCB{Host: h}
	}
	if s.tags {
		h.Life, h.Peer = 1, 1
		if s.byClock() {
			h.Top = s.firstEver - 1 // the initial sequence number has just been read
		}
	}
	return TCB{State: Established, SndWnd: s.PeerWindow, Idle: s.KeepAlive, Host: h, Recent: h.Clock}
}

// ask is what has been chosen for d. Every decision is asked at one place.
func (s Stack) ask(d Decision) Choice { return s.choices[d] }

// Medium is the rules of the network, but for who sends: see Medium.Of.
func (c Config) Medium() Medium {
	return Medium{
		MSL: c.MSL, Delay: uint16(c.Delay.In(c.MSL)), Capacity: c.Capacity,
		Loss: c.Loss, Loses: c.Loses, Duplicate: c.Duplicate, Reorder: c.Reorder,
	}
}
