package box

import (
	"fmt"
	"slices"
	"strings"
)

// A Box is what its text says.
type Box struct {
	Name    string   // with the settings that differ from the text's
	About   []string // the comment lines at the top of the text
	Source  []string
	Each    bool // it keeps a state for each end, and not one for the connection
	States  []string
	Options []Option
	Timers  []Timer
	limits  []limit
	rules   []rule
	evict   states
	resets  bool // when an entry expires both ends are told by an RST

	text  string // without the settings, with the fault
	fault string // that was seeded, or ""
}

// Text returns the text of the box, as it was read.
func (b *Box) Text() string { return b.text }

func (b *Box) String() string { return b.Name }

// An Option is a setting of a box, as a sysctl is.
type Option struct {
	Name    string
	Value   int
	Meaning string
}

// A Timer is how long an entry lives after its last refresh, in the states that it is for.
type Timer struct {
	Name    string
	Seconds int
	where   where
	in      states // for none, if it is empty: rules and limits name it
}

// where says of which of the states a timer speaks.
type where uint8

const (
	inState where = iota // of the connection
	ofBoth               // both ends are in one of these
	ofEither
	otherwise
)

// A limit is a timer that cuts another one short.
type limit struct {
	timer int
	when  []condition
}

// states is a set of states, by their numbers; 0 in a rule is any.
type states uint32

func (s states) has(n uint8) bool { return s>>n&1 != 0 }

// Within returns the names of the states in which the timer runs, and how: "", both,
// either or else.
func (b *Box) Within(t *Timer) (how string, names []string) {
	for i, name := range b.States {
		if t.in.has(uint8(i)) {
			names = append(names, name)
		}
	}
	return whereWords[t.where], names
}

var whereWords = [...]string{inState: "in", ofBoth: "both", ofEither: "either", otherwise: "else"}

// Evictable returns the names of the states in which an entry may be evicted.
func (b *Box) Evictable() (names []string) {
	for i, name := range b.States {
		if b.evict.has(uint8(i)) {
			names = append(names, name)
		}
	}
	return names
}

// kind is the kind of a segment, by the first of its control bits in this order.
type kind uint8

const (
	ofRST kind = iota
	ofSYN
	ofSYNACK
	ofFIN
	ofACK
	ofNone // none of them

	numKinds
)

var kindWords = [numKinds]string{"RST", "SYN", "SYN-ACK", "FIN", "ACK", "other"}

// kindOf returns the kind of a segment.
func kindOf(s Segment) kind {
	switch {
	case s.Ctl&RST != 0:
		return ofRST
	case s.Ctl&(SYN|ACK) == SYN|ACK:
		return ofSYNACK
	case s.Ctl&SYN != 0:
		return ofSYN
	case s.Ctl&FIN != 0:
		return ofFIN
	case s.Ctl&ACK != 0:
		return ofACK
	}
	return ofNone
}

// A rule says what a segment does.
type rule struct {
	line             int
	without          bool  // an entry
	kinds            uint8 // bit by kind
	from             from
	in, self, others states // of the connection; of the sender, of its peer
	when             []condition
	does             []action
}

type from uint8

const (
	fromEither from = iota
	fromClient
	fromServer
)

// A condition is one of a segment and of what the entry has seen.
type condition struct {
	what  test
	not   bool
	value int    // of repeated
	named string // the option that it asks, or that has the value
}

// A test is what a condition asks.
type test uint8

const (
	asksOption test = iota
	hasAck
	acksFin
	isExact
	isBelow
	isTrain
	inWindow
	isUnacked
	isRepeated
	zeroWindow
	afterSYN
	afterOwnRST
	finSeen
	isAnswered

	numTests
)

// tests lists the conditions in the words of the format, and what they mean.
var tests = [numTests]struct{ word, means string }{
	asksOption:  {"OPTION", "the option is not 0"},
	hasAck:      {"acks", "it has the ACK bit"},
	acksFin:     {"acks-fin", "it acknowledges the FIN that its receiver was seen to send"},
	isExact:     {"exact", "its number is the highest that its receiver was seen to acknowledge"},
	isBelow:     {"below", "its number is less than that"},
	isTrain:     {"train", "it begins where the segment before it ended, of the same sender"},
	inWindow:    {"window", "it acknowledges nothing that its receiver was not seen to send"},
	isUnacked:   {"unacked", "something that was seen is not acknowledged"},
	isRepeated:  {"repeated=N", "it is the same ACK for the Nth time after the first"},
	zeroWindow:  {"zero-window", "its window is 0"},
	afterSYN:    {"after-syn", "the segment before it was a SYN of the other side"},
	afterOwnRST: {"after-rst", "the segment before it was an RST of the same sender"},
	finSeen:     {"fin-seen", "a FIN was seen"},
	isAnswered:  {"answered", "a segment of the server was seen"},
}

// An action is a part of what a rule does.
type action struct {
	what  verb
	state uint8
	peer  uint8 // the second state of "new"
	timer int
}

type verb uint8

const (
	goes verb = iota
	goesSelf
	goesPeer
	goesBoth
	keeps
	setsTimer
	lowers
	passes
	drops
	answers
	invalidates
	removes
	creates
	continues
	ignores
	forgets
	repeats
	renumbers

	numVerbs
)

// verbs lists the actions in the words of the format.
var verbs = [numVerbs]struct{ word, takes, means string }{
	goes:        {"go", "STATE", "the state of the connection"},
	goesSelf:    {"self", "STATE", "the state of the sender"},
	goesPeer:    {"peer", "STATE", "the state of its peer"},
	goesBoth:    {"both", "STATE", "the state of both ends"},
	keeps:       {"keep", "", "the entry's timer is not restarted"},
	setsTimer:   {"timer", "TIMER", "it is restarted with this one, and not with the state's"},
	lowers:      {"lower", "TIMER", "what is left of the timer is at most this one; it is not restarted"},
	passes:      {"pass", "", "the segment passes: this is so if nothing else is said"},
	drops:       {"drop", "", "it is dropped, and the entry stays as it was"},
	answers:     {"reset", "", "it is dropped, and its sender is answered with an RST"},
	invalidates: {"invalid", "", "it is dropped, or passes if the option drop_invalid is 0; the entry stays as it was"},
	removes:     {"remove", "", "the entry is forgotten"},
	creates:     {"new", "STATE [STATE]", "an entry is made with the sender as client, in place of any other"},
	continues:   {"next", "", "further rules are looked at"},
	ignores:     {"ignore", "", "it passes, and of the entry only what the segment was is noted"},
	forgets:     {"forget", "", "what the segment before was is forgotten"},
	repeats:     {"again", "", "the entry is removed, and the rules are looked at again without it"},
	renumbers:   {"renumber", "", "the numbers of both sides are taken from this segment"},
}

// With returns the box with a setting: an option, or the seconds of a timer.
func (b *Box) With(name string, value int) (*Box, error) {
	c := *b
	c.Options, c.Timers = slices.Clone(b.Options), slices.Clone(b.Timers)
	for i := range c.Options {
		if c.Options[i].Name == name {
			c.Options[i].Value = value
			c.Name = c.settled()
			return &c, nil
		}
	}
	for i := range c.Timers {
		if c.Timers[i].Name == name {
			if value < 1 || value > maxSeconds {
				return nil, errorf("%s=%d: want 1 to %d seconds", name, value, maxSeconds)
			}
			c.Timers[i].Seconds = value
			c.Name = c.settled()
			return &c, nil
		}
	}
	return nil, errorf("%.40q: want an option or a timer of %s: %s", name, b.base(), strings.Join(b.settings(), ", "))
}

// settings returns the names of what can be set.
func (b *Box) settings() (names []string) {
	for _, o := range b.Options {
		names = append(names, o.Name)
	}
	for _, t := range b.Timers {
		names = append(names, t.Name)
	}
	return names
}

// base returns the name without settings.
func (b *Box) base() string {
	name, _, _ := strings.Cut(b.Name, ",")
	return name
}

// settled returns the name with the settings that differ from those of the text.
func (b *Box) settled() string {
	name := b.base()
	if b.fault != "" {
		name += "," + faultSetting + "=" + b.fault
	}
	plain, err := parse(b.text)
	if err != nil {
		return b.Name // it was read before
	}
	for i, o := range b.Options {
		if o.Value != plain.Options[i].Value {
			name += fmt.Sprintf(",%s=%d", o.Name, o.Value)
		}
	}
	for i, t := range b.Timers {
		if t.Seconds != plain.Timers[i].Seconds {
			name += fmt.Sprintf(",%s=%d", t.Name, t.Seconds)
		}
	}
	return name
}
