package observe

import (
	"errors"
	"fmt"
	"time"

	"tcpclose/model"
)

// Rules describes an end before it is observed.
type Rules struct {
	// Config has the end as its side a, with its times and what it keeps of a peer's
	// window. Its choices do not count: Options has them. Nor does its application:
	// what that does is seen.
	Config model.Config
	// Options is the alternatives that the end may follow.
	Options model.Options
	// Tick is the length of a tick of Config.
	Tick time.Duration
	// Timing says how long timers run where Config does not.
	Timing Timing
	// Latitude is where the end may do otherwise than the model, and is right.
	Latitude Latitude
	// Unseen says which things happen at the end without being seen.
	Unseen Unseen
	// States: the names of states that events have are the model's, and count.
	States bool
}

// Latitude is where TCPs may differ that follow the same rules, and by the same
// decisions. The zero value is the model's way in all.
type Latitude struct {
	// Cuts: text is cut into segments anywhere, and may be sent later than it could;
	// what is sent again may be cut otherwise.
	Cuts bool
	// Acks: an acknowledgement of text, and of the FIN that ESTABLISHED receives,
	// may be delayed, and one sent for several segments. A further one may tell of
	// a larger window, or come with an RST. What an RST acknowledges does not count.
	// What comes with the peer's SYN is taken, or left for the peer to repeat.
	Acks bool
	// Limits: of several answers to segments that are not taken, those that follow
	// soon after another segment was sent may be left out (RFC 5961, 7).
	Limits bool
	// Windows: the peer's largest window is the largest that it has told of.
	Windows bool
	// Answers: what a call that is refused tells the user is no more than that, where
	// there is no failure to tell of. RECEIVE may give less than there is.
	Answers bool
	// GivesUp: the end may give up, after some retransmissions or probes.
	GivesUp bool
}

// AllLatitude returns the latitude of a stack that is not the model.
func AllLatitude() Latitude {
	return Latitude{Cuts: true, Acks: true, Limits: true, Windows: true, Answers: true, GivesUp: true}
}

// Known returns the rules of an end that follows c in everything.
func Known(c model.Config, tick time.Duration) Rules {
	return Rules{Config: c, Options: model.OptionsOf(c.Ends[model.A].Choices), Tick: tick}
}

// Open returns the rules of an end that has the times of c, and of whose decisions
// nothing is known.
func Open(c model.Config, tick time.Duration) Rules {
	return Rules{Config: c, Options: model.AllOptions(), Tick: tick}
}

// Real returns the rules of a real stack of which nothing is known: every timer may
// fire at any time that is not absurd. It has no keep-alive and no user timeout.
func Real() Rules {
	c := model.Default()
	c.EachEnd(func(e *model.Endpoint) {
		e.RTO, e.RTOMax, e.R2 = 10, 1200, 100
		e.FinWait2 = 600
	})
	r := Open(c, 100*time.Millisecond)
	r.Latitude = AllLatitude()
	spans := &r.Timing.Spans
	spans[model.Retransmission] = Span{100 * time.Millisecond, 130 * time.Second}
	spans[model.WindowProbe] = spans[model.Retransmission]
	spans[model.TimeWaitEnds] = Span{time.Second, 10 * time.Minute}
	spans[model.AckDelayEnds] = Span{0, time.Second}
	spans[model.FinWait2Ends] = Span{time.Second, Forever}
	return r
}

// stack returns the rules as the model has them.
func (r Rules) stack() (model.Stack, error) {
	c := r.Config
	c.Start = model.StartClosed
	app := &c.Apps[model.A]
	app.Octets, app.Reads, app.Opens = model.MaxOctets, model.ReadSlowly, model.OpensEither
	if r.Latitude.GivesUp {
		c.EachEnd(func(e *model.Endpoint) { e.GiveUp, e.OrphanGiveUp = 0, 0 })
	}
	if err := c.Validate(); err != nil {
		return model.Stack{}, fmt.Errorf("rules: %w", err)
	}
	if r.Tick <= 0 {
		return model.Stack{}, fmt.Errorf("rules: tick: %s: want a time above 0", r.Tick)
	}
	if r.Latitude.Acks && r.Timing.Spans[model.AckDelayEnds] == (Span{}) {
		return model.Stack{}, errors.New("rules: latitude for acknowledgements: want a span of the timer that ends their delay")
	}
	for d, n := range r.Options {
		if all := model.AllOptions()[d]; n == 0 || n&^all != 0 {
			return model.Stack{}, fmt.Errorf("rules: %s: options %b: want some of %b", model.Decision(d), n, all)
		}
	}
	return c.Stack(model.A), nil
}
