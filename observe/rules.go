package observe

import (
	"errors"
	"time"

	"tcpclose/model"
)

// Rules describes an end before it is observed.
type Rules struct {
	// Config has the end as its side a, with its times and its application, as far as
	// they are known. Its choices do not count: Options has them.
	Config model.Config
	// Options is the alternatives that the end may follow.
	Options model.Options
	// Tick is the length of a tick of Config.
	Tick time.Duration
	// States: the names of states that an event has are those of the model, and
	// count as seen.
	States bool
}

// Known returns the rules of an end of which all decisions are those of c.
func Known(c model.Config, tick time.Duration) Rules {
	return Rules{Config: c, Options: model.OptionsOf(c.Ends[model.A].Choices), Tick: tick}
}

// Open returns the rules of an end whose times are those of c and of whose decisions
// nothing is known.
func Open(c model.Config, tick time.Duration) Rules {
	return Rules{Config: c, Options: model.AllOptions(), Tick: tick}
}

// stack returns the rules as the model has them.
func (r Rules) stack() (model.Stack, error) {
	c := r.Config
	c.Start = model.StartClosed
	app := &c.Apps[model.A]
	app.Octets, app.Reads, app.Opens = model.MaxOctets, model.ReadSlowly, model.OpensEither
	if err := c.Validate(); err != nil {
		return model.Stack{}, err
	}
	if r.Tick <= 0 {
		return model.Stack{}, errors.New("rules: tick: want a time above 0")
	}
	for d := range model.NumDecisions {
		if r.Options[d] == 0 {
			return model.Stack{}, errors.New("rules: " + d.String() + ": want an alternative")
		}
	}
	return c.Stack(model.A), nil
}
