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
	MSLs, Ticks uint8
}

// In is the span in ticks.
func (s Span) In(msl uint8) int { return int(s.MSLs)*int(msl) + int(s.Ticks) }

func (s Span) String() string {
	switch {
	case s.MSLs == 0:
		return strconv.Itoa(int(s.Ticks))
	case s.Ticks == 0:
		return fmt.Sprintf("%dmsl", s.MSLs)
	}
	return fmt.Sprintf("%dmsl+%d", s.MSLs, s.Ticks)
}

func parseSpan(text string) (s Span, err error) {
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
	if s.Ticks, err = parseSmall(ticks, 0, maxTicks); err != nil {
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

func (c CloseWhen) String() string {
	if int(c) >= len(closeNames) {
		return fmt.Sprintf("CloseWhen(%d)", uint8(c))
	}
	return closeNames[c]
}

// An App is what the application at one side may do.
type App struct {
	Octets uint8 // it writes 0 to Octets octets before it closes
	Close  CloseWhen
}

// A Config fixes a system: two endpoints and a network. All of it defines the
// system, except Capacity where losses are counted: there it is a bound, since a
// segment that finds no room is lost by the model's doing.
type Config struct {
	Apps     [2]App
	MSL      uint8 // ticks that a segment lives in the network
	TimeWait Span
	RTO      uint8 // ticks; retransmission does not back off
	R2       Limit // retransmissions of a segment before the connection is closed

	Loss      Limit
	Duplicate Limit
	Reorder   Limit // deliveries that overtake an older segment
	Capacity  uint8 // segments on their way in one direction

	Choices Choices
}

// Default is what is checked when nothing else is asked for.
func Default() Config {
	return Config{
		Apps:      [2]App{{Octets: 1}, {Octets: 1}},
		MSL:       3,
		TimeWait:  Span{MSLs: 2},
		RTO:       2,
		R2:        2,
		Loss:      Unlimited,
		Duplicate: Unlimited,
		Reorder:   Unlimited,
		Capacity:  2,
	}
}

const (
	maxTicks = 200 // so that no timer's count reaches Never
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
	for _, side := range Sides {
		number(side.String()+"-octets", "octets that "+side.String()+" may write before it closes", 0, MaxOctets,
			func(c *Config) *uint8 { return &c.Apps[side].Octets })
		add(side.String()+"-closes", "when "+side.String()+" closes ("+strings.Join(closeNames[:], ", ")+")",
			func(c *Config) string { return c.Apps[side].Close.String() },
			func(c *Config, s string) error {
				for i, name := range closeNames {
					if name == s {
						c.Apps[side].Close = CloseWhen(i)
						return nil
					}
				}
				return fmt.Errorf("%q: want %s", s, strings.Join(closeNames[:], " or "))
			})
	}
	number("msl", "ticks that a segment lives in the network", 1, 60, func(c *Config) *uint8 { return &c.MSL })
	add("time-wait", "length of TIME-WAIT (ticks, or MSLs as in 2msl, or both as in 1msl+2)",
		func(c *Config) string { return c.TimeWait.String() },
		func(c *Config, s string) error {
			span, err := parseSpan(s)
			if err == nil {
				c.TimeWait = span
			}
			return err
		})
	number("rto", "ticks until a segment is retransmitted", 1, maxTicks, func(c *Config) *uint8 { return &c.RTO })
	limit("r2", "retransmissions of a segment before the connection is closed", func(c *Config) *Limit { return &c.R2 })
	limit("loss", "segments that the network may lose", func(c *Config) *Limit { return &c.Loss })
	limit("duplicate", "segments that the network may deliver once more", func(c *Config) *Limit { return &c.Duplicate })
	limit("reorder", "deliveries that may overtake an older segment", func(c *Config) *Limit { return &c.Reorder })
	number("capacity", "segments on their way in one direction", 1, MaxCapacity, func(c *Config) *uint8 { return &c.Capacity })
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
	return list
}

func parseSmall(s string, low, high int) (uint8, error) {
	n, err := strconv.ParseUint(s, 10, 8) // no sign
	if err != nil || int(n) < low || int(n) > high {
		return 0, fmt.Errorf("%q: want %d to %d", s, low, high)
	}
	return uint8(n), nil
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
	App      App
	RTO      uint8
	R2       Limit
	TimeWait uint8
	choices  Choices
}

// Stack is the rules of side.
func (c Config) Stack(side Side) Stack {
	return Stack{App: c.Apps[side], RTO: c.RTO, R2: c.R2, TimeWait: uint8(c.TimeWait.In(c.MSL)), choices: c.Choices}
}

// ask is what has been chosen for d. Every decision is asked at one place.
func (s Stack) ask(d Decision) Choice { return s.choices[d] }

// Medium is the rules of the network, the same in both directions.
func (c Config) Medium() Medium {
	return Medium{MSL: c.MSL, Capacity: c.Capacity, Loss: c.Loss, Duplicate: c.Duplicate, Reorder: c.Reorder}
}
