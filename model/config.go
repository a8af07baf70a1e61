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
)

var timeNames = [...]string{"steps", "leaps"}

func (k TimeKind) String() string { return nameOf(timeNames[:], k) }

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
	Endpoint        // both

	Loss      Limit
	Loses     Loses
	Duplicate Limit
	Reorder   Limit // deliveries that overtake an older segment
	Capacity  uint8 // segments on their way in one direction
	Stray     Stray

	Fault  Fault
	Faulty Faulty // who has it, if there is one
}

// Default returns what is checked when nothing else is asked for.
func Default() Config {
	return Config{
		Apps:      [2]App{{Octets: 1}, {Octets: 1, Opens: OpensPassively}},
		MSL:       3,
		Delay:     Span{MSLs: 1},
		Endpoint:  Endpoint{TimeWait: Span{MSLs: 2}, RTO: 2, R2: 2, Probes: 2, ReuseAge: 1, ISNClock: 1},
		Loss:      Unlimited,
		Duplicate: Unlimited,
		Reorder:   Unlimited,
		Capacity:  2,
	}
}

// String returns every field, as name=value, in order. ParseConfig reads it back.
func (c Config) String() string {
	var words []string
	for _, f := range Fields {
		words = append(words, f.Name+"="+f.Get(c))
	}
	return strings.Join(words, " ")
}

// Against returns the fields in which c differs from base, as name=value.
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
