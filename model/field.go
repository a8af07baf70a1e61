package model

import (
	"fmt"
	"slices"
	"strings"
)

// A Field is a part of a Config that has a name and a text form. What belongs to
// an end has three: the plain name, which sets both ends, and one for each end,
// with its side before it. What belongs to an application has the latter alone.
type Field struct {
	Name    string // "loss", "a-octets", "rto", "a-rto"
	Base    string // Name without the side: "loss", "octets", "rto", "rto"
	Scope   Scope
	Side    Side // whose it is, if Scope is OfEnd
	Group   Group
	Meaning string // where it says "it", that is the end
	Values  string // what it takes, with the unit
	Unit    string // of a number; "" if it has none

	get   func(*Config) string
	set   func(*Config, string) error
	alike func(*Config) bool // both ends have the same; nil without a plain name
}

// A Scope says to what a field belongs.
type Scope uint8

const (
	OfSystem Scope = iota // the network, or the whole
	OfBoth                // both ends
	OfEnd                 // one
)

// A Group says what a field is about.
type Group uint8

const (
	Applications Group = iota
	Opening
	Time
	Timers
	Network
	Decisions
	Mistakes

	numGroups
)

func (g Group) String() string {
	names := [numGroups]string{"applications", "opening", "time", "timers", "network", "decisions", "mistakes"}
	if g >= numGroups {
		return fmt.Sprintf("Group(%d)", uint8(g))
	}
	return names[g]
}

// Get returns the field's text in c. Of both ends, where they differ, that is
// what each has, which is no value.
func (f Field) Get(c Config) string { return f.get(&c) }

// Set gives the field the value that text stands for.
func (f Field) Set(c *Config, text string) error {
	if err := f.set(c, text); err != nil {
		return fmt.Errorf("%s: %w", f.Name, err)
	}
	return nil
}

// Help returns what the field means, whose it is if it is of one end, and in
// parentheses what it takes.
func (f Field) Help() string {
	text := f.Meaning + " (" + f.Values + ")"
	if f.Scope == OfEnd {
		return f.Side.String() + ": " + text
	}
	return text
}

// Forms returns the names of all fields of f's Base, in order.
func (f Field) Forms() (names []string) {
	for _, g := range Fields {
		if g.Base == f.Base && (g.Scope == OfSystem) == (f.Scope == OfSystem) {
			names = append(names, g.Name)
		}
	}
	return names
}

// stands reports whether f is a field by which c is written: of an end's, the plain
// one if both ends have the same, and otherwise one for each end.
func (f Field) stands(c *Config) bool {
	return f.alike == nil || f.alike(c) == (f.Scope == OfBoth)
}

// Fields lists all fields of a Config, decisions included. A plain name comes before
// those of the ends.
var Fields = fields()

// Fields returns the fields by which c is written: those that together make it from
// Default.
func (c Config) Fields() []Field {
	return slices.DeleteFunc(slices.Clone(Fields), func(f Field) bool { return !c.writes(&f) })
}

// writes reports whether f is one of the fields by which c is written.
func (c *Config) writes(f *Field) bool {
	switch {
	case f.Base == "msl" && f.Scope == OfEnd && c.Ends[A].MSL == 0 && c.Ends[B].MSL == 0:
		return false
	case c.Between.Box == nil && strings.HasPrefix(f.Base, "box"):
		return false
	}
	return f.stands(c)
}

// FindField returns the field with that name.
func FindField(name string) (Field, error) {
	for _, f := range Fields {
		if f.Name == name {
			return f, nil
		}
	}
	return Field{}, invalid("%q: no such field", name)
}

func fields() []Field {
	list := slices.Concat(applications(A), applications(B),
		ofSystem("start", Opening, "how a run begins", oneOf[Start](startNames[:]), func(c *Config) *Start { return &c.Start }),
		ofSystem("reopen", Opening, "how often each side may open a connection again", number(0, MaxLives-1, ""), func(c *Config) *uint8 { return &c.Reopen }),
		opening(A), opening(B),
		ofEnds("isn-clock", Opening, "numbers by which the clock of a-isn and b-isn goes on in a tick", number(0, MaxOctets, ""), func(e *Endpoint) *uint8 { return &e.ISNClock }),
		ofSystem("clock", Time, "how time goes on: a tick at a time; straight to the next deadline where nothing else can happen; or, with a box, over silence, too", oneOf[TimeKind](timeNames[:]),
			func(c *Config) *TimeKind { return &c.Time }),
		ofSystem("msl", Time, "how long a segment lives in the network", tickCount(1), func(c *Config) *uint16 { return &c.MSL }),
		ofEnd(A, "msl", Time, "what it takes the MSL for: as long as in the network, or not", assumed, func(e *Endpoint) *uint16 { return &e.MSL }),
		ofEnd(B, "msl", Time, "what it takes the MSL for: as long as in the network, or not", assumed, func(e *Endpoint) *uint16 { return &e.MSL }),
		ofSystem("delay", Time, "the longest transit of a segment that is not lost; copies live up to the MSL", span, func(c *Config) *Span { return &c.Delay }),
		timers(),
		ofSystem("loss", Network, "segments that the network may lose", limit("segments"), func(c *Config) *Limit { return &c.Loss }),
		ofSystem("loses", Network, "what it loses: anything; or these segments alone, and without a limit all of them", oneOf[Loses](losesNames[:]),
			func(c *Config) *Loses { return &c.Loses }),
		ofSystem("duplicate", Network, "segments that the network may deliver once more", limit("segments"), func(c *Config) *Limit { return &c.Duplicate }),
		ofSystem("reorder", Network, "deliveries that may overtake an older segment", limit("deliveries"), func(c *Config) *Limit { return &c.Reorder }),
		ofSystem("capacity", Network, "segments in transit in one direction", number(1, MaxCapacity, "segments"), func(c *Config) *uint8 { return &c.Capacity }),
		ofSystem("stray", Network, "a segment of an earlier connection that is in transit at the start", stray, func(c *Config) *Stray { return &c.Stray }),
		between(),
	)
	for d := range NumDecisions {
		list = append(list, ofEnds(d.Info().Name, Decisions, d.Info().Question, alternatives(d), func(e *Endpoint) *Choice { return &e.Choices[d] })...)
	}
	return slices.Concat(list,
		ofSystem("fault", Mistakes, "a mistake that stacks have made", fault, func(c *Config) *Fault { return &c.Fault }),
		ofSystem("faulty", Mistakes, "the end that makes it", oneOf[Faulty](faultyNames[:]), func(c *Config) *Faulty { return &c.Faulty }))
}

// applications returns the fields of side's application, but for opening.
func applications(side Side) []Field {
	return slices.Concat(
		ofApp(side, "octets", Applications, "octets that it may write before it closes", number(0, MaxOctets, "octets"), func(a *App) *uint8 { return &a.Octets }),
		ofApp(side, "closes", Applications, "when it closes", oneOf[CloseWhen](closeNames[:]), func(a *App) *CloseWhen { return &a.Close }),
		ofApp(side, "close-is", Applications, "how much it closes: its sending, or all", oneOf[Parting](partingNames[:]), func(a *App) *Parting { return &a.Parting }),
		ofApp(side, "reads", Applications, "when it reads what has arrived", oneOf[ReadWhen](readNames[:]), func(a *App) *ReadWhen { return &a.Reads }),
		ofApp(side, "buffer", Applications, "octets that its host can keep until they are read: its largest window", window, func(a *App) *Window { return &a.Buffer }),
		ofApp(side, "fails", Applications, "how it may leave the connection without closing, at any time", oneOf[Failing](failingNames[:]), func(a *App) *Failing { return &a.Fails }),
	)
}

// opening returns the fields of how side opens connections.
func opening(side Side) []Field {
	return slices.Concat(
		ofApp(side, "opens", Opening, "how it opens a connection", oneOf[OpensHow](opensNames[:]), func(a *App) *OpensHow { return &a.Opens }),
		ofEnd(side, "isn", Opening, "where its numbers begin when a connection is opened again: beyond the last that was used, where they did, at a clock, or at one that the user does not outrun",
			oneOf[ISNRule](isnNames[:]), func(e *Endpoint) *ISNRule { return &e.ISN }),
	)
}

// timers returns the fields of the timers of the ends.
func timers() []Field {
	return slices.Concat(
		ofEnds("time-wait", Timers, "length of TIME-WAIT", span, func(e *Endpoint) *Span { return &e.TimeWait }),
		ofEnds("rto", Timers, "time until a segment is retransmitted", tickCount(1), func(e *Endpoint) *uint16 { return &e.RTO }),
		ofEnds("rto-max", Timers, "back-off: with each retransmission the RTO doubles, up to this", timeout, func(e *Endpoint) *uint16 { return &e.RTOMax }),
		ofEnds("r2", Timers, "retransmissions of a segment before the connection is closed", limit("retransmissions"), func(e *Endpoint) *Limit { return &e.R2 }),
		ofEnds("give-up", Timers, "R2 as a time: how long after its first retransmission a segment is still retransmitted", timeout, func(e *Endpoint) *uint16 { return &e.GiveUp }),
		ofEnds("orphan-give-up", Timers, "the same for an orphan; off: as for the others", timeout, func(e *Endpoint) *uint16 { return &e.OrphanGiveUp }),
		ofEnds("delayed-ack", Timers, "ticks for which an acknowledgement may wait for something to ride on", limit("ticks"), func(e *Endpoint) *Limit { return &e.AckDelay }),
		ofEnds("user-timeout", Timers, "user timeout", timeout, func(e *Endpoint) *uint16 { return &e.UserTimeout }),
		ofEnds("fin-wait-2", Timers, "timeout of an orphan's FIN-WAIT-2", timeout, func(e *Endpoint) *uint16 { return &e.FinWait2 }),
		ofEnds("fin-wait-2-first", Timers, "how long, before that, the whole connection is kept, with fin-wait-2-kept=mini", timeout, func(e *Endpoint) *uint16 { return &e.FinWait2First }),
		ofEnds("keepalive", Timers, "idle time before the peer is probed", timeout, func(e *Endpoint) *uint16 { return &e.KeepAlive }),
		ofEnds("keepalive-next", Timers, "time between probes; off is as before the first", timeout, func(e *Endpoint) *uint16 { return &e.KeepAliveNext }),
		ofEnds("keepalive-probes", Timers, "unanswered probes before the connection is closed", number(1, 20, "probes"), func(e *Endpoint) *uint8 { return &e.Probes }),
		ofEnds("challenge-interval", Timers, "time after a challenge ACK in which there is no other", timeout, func(e *Endpoint) *uint16 { return &e.ChallengeInterval }),
		ofEnds("timestamps", Timers, "whether segments carry timestamps, and old ones are dropped (PAWS)", oneOf[Timestamps](timestampNames[:]), func(e *Endpoint) *Timestamps { return &e.Timestamps }),
		ofEnds("quiet-time", Timers, "quiet time: after a crash no connection is opened", timeout, func(e *Endpoint) *uint16 { return &e.QuietTime }),
		ofEnds("reuse-age", Timers, "how long TIME-WAIT has lasted when an active OPEN may replace it", tickCount(0), func(e *Endpoint) *uint16 { return &e.ReuseAge }),
	)
}

// ofSystem returns the field of the whole system with that name.
func ofSystem[T any](name string, g Group, meaning string, k kind[T], at func(*Config) *T) []Field {
	return []Field{{
		Name: name, Base: name, Scope: OfSystem, Group: g, Meaning: meaning, Values: k.values, Unit: k.unit,
		get: func(c *Config) string { return k.text(*at(c)) },
		set: func(c *Config, text string) error { return k.read(text, at(c)) },
	}}
}

// ofSide returns the field with that base of what side has at one place.
func ofSide[T any](side Side, base string, g Group, meaning string, k kind[T], at func(*Config) *T) []Field {
	list := ofSystem(base, g, meaning, k, at)
	list[0].Name, list[0].Scope, list[0].Side = side.String()+"-"+base, OfEnd, side
	return list
}

// ofApp returns the field of side's application.
func ofApp[T any](side Side, base string, g Group, meaning string, k kind[T], at func(*App) *T) []Field {
	return ofSide(side, base, g, meaning, k, func(c *Config) *T { return at(&c.Apps[side]) })
}

// ofEnd returns the field of side.
func ofEnd[T any](side Side, base string, g Group, meaning string, k kind[T], at func(*Endpoint) *T) []Field {
	return ofSide(side, base, g, meaning, k, func(c *Config) *T { return at(&c.Ends[side]) })
}

// ofEnds returns the field of both ends, and that of each.
func ofEnds[T comparable](base string, g Group, meaning string, k kind[T], at func(*Endpoint) *T) []Field {
	alike := func(c *Config) bool { return *at(&c.Ends[A]) == *at(&c.Ends[B]) }
	both := ofSystem(base, g, meaning, k, nil)
	both[0].Scope = OfBoth
	both[0].get = func(c *Config) string {
		if alike(c) {
			return k.text(*at(&c.Ends[A]))
		}
		return fmt.Sprintf("a: %s, b: %s", k.text(*at(&c.Ends[A])), k.text(*at(&c.Ends[B])))
	}
	both[0].set = func(c *Config, text string) error {
		if err := k.read(text, at(&c.Ends[A])); err != nil {
			return err
		}
		*at(&c.Ends[B]) = *at(&c.Ends[A])
		return nil
	}
	list := slices.Concat(both, ofEnd(A, base, g, meaning, k, at), ofEnd(B, base, g, meaning, k, at))
	for i := range list {
		list[i].alike = alike
	}
	return list
}
