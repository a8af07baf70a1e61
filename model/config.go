package model

import (
	"fmt"
	"strings"
)

// Start is how a run begins.
type Start uint8

const (
	StartEstablished Start = iota
	StartClosed
)

var startNames = [...]string{"established", "closed"}

func (s Start) String() string { return nameOf(startNames[:], s) }

// TimeKind is how time goes on.
type TimeKind uint8

const (
	TimeSteps TimeKind = iota // a tick at a time
	TimeLeaps                 // straight to the next deadline where nothing else can happen
	// TimeStrides is TimeLeaps, and where all is still but for the timer of the box, and
	// users may act, straight to where Horizon ticks of it are left.
	TimeStrides
)

var timeNames = [...]string{"steps", "leaps", "strides"}

func (k TimeKind) String() string { return nameOf(timeNames[:], k) }

// A Config fixes a system: two endpoints and a network. All of it defines the
// system, except Capacity where losses are counted: there it is a bound, since a
// segment that finds no room is lost by the model's doing.
type Config struct {
	Apps   [2]App      // by side
	Ends   [2]Endpoint // by side
	Start  Start
	Reopen uint8 // how often each side may open a connection again
	Time   TimeKind

	MSL       uint16 // ticks that a segment lives in the network
	Delay     Span   // after which it is gone unless it was delivered; at most the MSL
	Loss      Limit
	Loses     Loses
	Duplicate Limit
	Reorder   Limit // deliveries that overtake an older segment
	Capacity  uint8 // segments in transit in one direction
	Stray     Stray
	Between   Between // the box, if there is one

	Fault  Fault
	Faulty Faulty // the side that has the fault, if there is one
}

// Default returns what is checked when nothing else is asked for.
func Default() Config {
	end := Endpoint{TimeWait: Span{MSLs: 2}, RTO: 2, R2: 2, Probes: 2, ReuseAge: 1, ISNClock: 1}
	return Config{
		Apps:      [2]App{{Octets: 1}, {Octets: 1, Opens: OpensPassively}},
		Ends:      [2]Endpoint{end, end},
		MSL:       3,
		Delay:     Span{MSLs: 1},
		Loss:      Unlimited,
		Duplicate: Unlimited,
		Reorder:   Unlimited,
		Capacity:  2,
	}
}

// String returns the fields by which c is written, as name=value, in order.
// ParseConfig reads it back.
func (c Config) String() string {
	var words []string
	for _, f := range c.Fields() {
		words = append(words, f.Name+"="+f.Get(c))
	}
	return strings.Join(words, " ")
}

// Against returns the fields in which c differs from base, as name=value: set in
// base, they make it c.
func (c Config) Against(base Config) []string {
	var words []string
	for _, f := range Fields {
		if f.Get(c) != f.Get(base) && f.stands(&c) {
			words = append(words, f.Name+"="+f.Get(c))
		}
	}
	return words
}

// ParseConfig reads name=value words that are separated by spaces. Fields that
// are not named are as in Default. What is said of one end counts for it, before
// or after what is said of both.
func ParseConfig(text string) (Config, error) {
	given := map[string]string{}
	for _, word := range strings.Fields(text) {
		name, value, ok := strings.Cut(word, "=")
		if !ok {
			return Config{}, invalid("configuration: %q: want name=value", word)
		}
		if _, err := FindField(name); err != nil {
			return Config{}, fmt.Errorf("configuration: %w", err)
		}
		if _, twice := given[name]; twice {
			return Config{}, invalid("configuration: %s stands twice", name)
		}
		given[name] = value
	}
	c := Default()
	for _, f := range Fields {
		if value, ok := given[f.Name]; ok {
			if err := f.Set(&c, value); err != nil {
				return Config{}, fmt.Errorf("configuration: %w", err)
			}
		}
	}
	if err := c.Validate(); err != nil {
		return Config{}, fmt.Errorf("configuration: %w", err)
	}
	return c, nil
}

// MSLOf returns what side takes the MSL for.
func (c Config) MSLOf(side Side) uint16 {
	if msl := c.Ends[side].MSL; msl > 0 {
		return msl
	}
	return c.MSL
}

// TimeWaitOf returns how many ticks side's TIME-WAIT lasts.
func (c Config) TimeWaitOf(side Side) int { return c.Ends[side].TimeWait.In(c.MSLOf(side)) }

// TimestampsOf returns what side's segments carry: a connection has timestamps if
// both ends have them (RFC 7323, 3.2).
func (c Config) TimestampsOf(side Side) Timestamps {
	if c.Ends[side.Peer()].Timestamps == TimestampsOff {
		return TimestampsOff
	}
	return c.Ends[side].Timestamps
}

// EachEnd calls f with each end of c, so that it can set the same for both.
func (c *Config) EachEnd(f func(*Endpoint)) {
	for side := range c.Ends {
		f(&c.Ends[side])
	}
}

// AnyEnd reports whether one of the ends is so.
func (c Config) AnyEnd(is func(Endpoint) bool) bool { return is(c.Ends[A]) || is(c.Ends[B]) }
