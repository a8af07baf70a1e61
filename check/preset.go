package check

import (
	"fmt"
	"slices"

	"tcpclose/invariants"
	"tcpclose/model"
)

// A Preset is a configuration with a name, and the verdicts that it is known for.
type Preset struct {
	Name     string
	Sentence string
	Config   model.Config
	// Expected is the properties whose verdict is not Holds, and why. A witness
	// that is not listed is expected to be reached.
	Expected []Expectation
	// States is the number of states of a check of all Properties; 0 if it is not known.
	States int
	// Large: it takes minutes, and gigabytes if it is asked about whole runs. What
	// goes through all presets leaves it out.
	Large bool
}

// UsualPresets lists the presets that are not Large, the default first.
func UsualPresets() (list []*Preset) {
	for i := range Presets {
		if !Presets[i].Large {
			list = append(list, &Presets[i])
		}
	}
	return list
}

// An Expectation is a verdict that a preset is known for.
type Expectation struct {
	Property string
	Verdict  Verdict
	Why      string // in a sentence; docs/findings.md has the rest
}

// Expects returns the verdict that the preset is known for.
func (p *Preset) Expects(prop *invariants.Property) Expectation {
	for _, e := range p.Expected {
		if e.Property == prop.Name {
			return e
		}
	}
	if prop.Applies != nil && prop.Applies(p.Config) != "" {
		return Expectation{prop.Name, NotApplicable, ""}
	}
	if prop.Witness {
		return Expectation{prop.Name, Reached, ""}
	}
	return Expectation{prop.Name, Holds, ""}
}

// FindPreset returns the preset with that name.
func FindPreset(name string) (*Preset, error) {
	for i := range Presets {
		if Presets[i].Name == name {
			return &Presets[i], nil
		}
	}
	return nil, fmt.Errorf("preset %q: no such preset", name)
}

// changed returns the default configuration with some fields set.
func changed(words string) model.Config {
	c, err := model.ParseConfig(words)
	if err != nil {
		panic(err) // the words stand below
	}
	return c
}

// What several presets expect, and why.
var (
	assassinated = Expectation{"time-wait-unbroken", Violated, "an RST ends TIME-WAIT (RFC 1337)"}
	notQuiet     = Expectation{"quiet", Violated, "an old segment is answered and 2 MSL is not restarted: the answer lets the peer close late"}
	notQuietFin  = Expectation{"quiet-fin", Violated, "as quiet"}
	resets       = Expectation{"no-reset", Violated, "a segment arrives in CLOSED"}
	twoGenerals  = Expectation{"agreement", Violated, "the two generals"}
	halfOpen     = Expectation{"rest", Violated, "no timer ends FIN-WAIT-2 or CLOSE-WAIT when the peer is gone"}
	unreadTaken  = Expectation{"unread-kept", Violated, "giving up flushes what is unread (RFC 9293, 3.10.8), and so does an RST (3.10.7.4, second)"}
	noChallenge  = Expectation{"challenge", Unreachable, "an honest peer's RST is at RCV.NXT or old"}
)

// waiting returns what is expected where a side can be left in FIN-WAIT-2 forever.
func waiting(why string) []Expectation {
	return []Expectation{
		{"both-closed", Violated, why},
		{"fin-wait-2-left", Violated, "as both-closed"},
		{"can-always-close", Violated, "as both-closed"},
	}
}

// abandoned is the usual reason: the peer has given up, or has gone in another
// way.
var abandoned = waiting("FIN-WAIT-2 has no timer, and its peer has given up or is gone")

func vacuous(why string, names ...string) (list []Expectation) {
	for _, n := range names {
		list = append(list, Expectation{n, Vacuous, why})
	}
	return list
}

func unreachable(why string, names ...string) (list []Expectation) {
	for _, n := range names {
		list = append(list, Expectation{n, Unreachable, why})
	}
	return list
}

// lastGivesUp lists the expectations where a connection that was given up is followed
// at once by one with the same numbers.
var lastGivesUp = []Expectation{
	{"old-text", Violated, "giving up leaves no TIME-WAIT, and the next connection opens at once with the same numbers"},
	{"old-fin", Violated, "as old-text"},
	{"old-syn", Violated, "as old-text"},
	{"old-ack", Violated, "as old-text"},
	{"old-rst", Violated, "as old-text"},
	{"in-step", Violated, "as old-text"},
}

// Presets lists every preset, the default first.
var Presets = []Preset{
	{
		Name:     "default",
		Sentence: "One octet each way, an unrestricted network, the intended reading of the RFCs.",
		States:   10978657,
		Config:   model.Default(),
		Expected: slices.Concat(
			[]Expectation{assassinated, notQuiet, notQuietFin, resets, twoGenerals, halfOpen, noChallenge},
			abandoned),
	},
	{
		Name:     "no-data",
		Sentence: "The default without data: small enough to answer at once.",
		States:   49489,
		Config:   changed("a-octets=0 b-octets=0"),
		Expected: slices.Concat(
			[]Expectation{assassinated, notQuiet, notQuietFin, resets, twoGenerals, halfOpen, noChallenge},
			vacuous("without data a FIN is first", "hole"),
			abandoned),
	},
	{
		Name:     "notes",
		Sentence: "As the notes draw it: nothing is lost, duplicated or reordered, and no timer fires too soon.",
		States:   13537,
		Config:   changed("loss=off duplicate=off reorder=off capacity=4 rto=8"),
		Expected: slices.Concat(
			vacuous("everything arrives once and in order", "hole", "fin-number", "frozen"),
			vacuous("nothing is sent twice", "resends"),
			vacuous("nobody sends an RST", "rst-answers-rst", "rst-origin", "rst-ends", "no-reset"),
			unreachable("nothing arrives in CLOSED", "late-fin", "two-generals", "assassination", "challenge"),
			unreachable("the acknowledgement of a FIN arrives before the peer's FIN", "note-2")),
	},
	{
		Name:     "reordering",
		Sentence: "Nothing is lost or duplicated, but segments are reordered.",
		States:   170214,
		Config:   changed("loss=off duplicate=off capacity=4 rto=8"),
		Expected: []Expectation{assassinated, {"quiet", Violated, "the peer's retransmission of data is in transit when 2 MSL end"},
			{"no-reset", Violated, "the acknowledgement of a FIN overtakes a FIN and is dropped; the retransmission arrives after TIME-WAIT"},
			{"agreement", Violated, "as no-reset"}, noChallenge},
	},
	{
		Name:     "b-never-closes",
		Sentence: "The passive side forgets to close.",
		States:   644257,
		Config:   changed("b-closes=never"),
		Expected: slices.Concat(
			[]Expectation{
				{"both-closed", Violated, "b gives up on its text, and a waits in FIN-WAIT-2 for its FIN"},
				{"fin-wait-2-left", Violated, "b does not close"},
				{"close-wait-left", Violated, "b does not close"},
				{"can-always-close", Violated, "b does not close"},
			},
			vacuous("b never closes", "closing-left", "last-ack-left", "time-wait-left"),
			[]Expectation{{"rest", Violated, "b stays in CLOSE-WAIT and a in FIN-WAIT-2 forever"}, resets},
			vacuous("b never closes", "passive-closer", "fin-acknowledged", "time-wait-2msl", "time-wait-unbroken", "time-wait-ends", "quiet", "quiet-fin", "one-waits", "delivered", "agreement"),
			unreachable("b never closes", "normal-close", "simultaneous-close", "two-generals", "assassination", "challenge", "note-2")),
	},
	{
		Name:     "safe-time-wait",
		Sentence: "TIME-WAIT as it should be: RSTs are ignored, and every answer restarts 2 MSL. Only b writes.",
		States:   798188,
		Config:   changed("a-octets=0 time-wait-rst=ignored time-wait-restart=answer"),
		Expected: slices.Concat([]Expectation{resets, twoGenerals, halfOpen,
			{"time-wait-ends", Violated, "every answer restarts 2 MSL, as this preset intends"},
			{"assassination", Unreachable, "RFC 1337's F1"}, noChallenge},
			abandoned),
	},
	{
		Name:     "literal",
		Sentence: "The RFC read literally. Only b writes.",
		States:   1152899,
		Config: func() model.Config {
			c := changed("a-octets=0")
			c.EachEnd(func(e *model.Endpoint) { e.Choices = model.Literal })
			return c
		}(),
		Expected: []Expectation{
			{"time-wait-2msl", Violated, "a retransmitted FIN does not restart 2 MSL (trap 1)"},
			assassinated,
			{"time-wait-ends", Violated, "on the way from CLOSING no timer is started (trap 9), and every acknowledgement restarts 2 MSL (trap 2)"},
			notQuiet, notQuietFin,
			resets,
			{"told", Violated, "the user is not told of an RST in LAST-ACK or CLOSING (trap 10)"},
			twoGenerals,
			{"rest", Violated, "no timer ends FIN-WAIT-2 or CLOSE-WAIT; TIME-WAIT after CLOSING has none either (trap 9)"},
			noChallenge,
			{"both-closed", Violated, "TIME-WAIT after CLOSING has no timer (trap 9), or the sides answer each other's acknowledgements (trap 2)"},
			{"time-wait-left", Violated, "as both-closed"},
			{"no-ack-war", Violated, "in TIME-WAIT every acknowledgement is acknowledged (trap 2)"},
			{"fin-wait-2-left", Violated, "FIN-WAIT-2 has no timer, and its peer has given up"},
			{"can-always-close", Violated, "as both-closed"},
		},
	},
	{
		Name:     "slow-reader",
		Sentence: "b reads slowly and has room for one octet: a's FIN has to wait for the window.",
		States:   1610691,
		Config:   changed("b-octets=0 b-reads=slowly b-buffer=1"),
		Expected: slices.Concat(
			[]Expectation{assassinated, notQuiet, notQuietFin, resets, twoGenerals, halfOpen, unreadTaken, noChallenge},
			vacuous("a's FIN waits for its octet to be read: it is never behind a hole", "hole"),
			vacuous("b has read before a's FIN can come", "readable"),
			unreachable("the window has room for the octet alone", "data-and-fin"),
			abandoned),
	},
	{
		Name:     "shut-window",
		Sentence: "b has no room for anything: a's FIN waits for a window that never opens.",
		States:   25256,
		Config:   changed("a-octets=0 b-octets=0 b-buffer=0"),
		Expected: slices.Concat(waiting("b answers every probe, so a does not give up, and b never accepts its FIN"),
			[]Expectation{
				{"fin-settled", Violated, "as both-closed"},
				{"fin-wait-1-left", Violated, "as both-closed, if b does not close"},
				{"closing-left", Violated, "as both-closed, if b closes first"},
				{"last-ack-left", Violated, "as both-closed, if a receives b's FIN before it closes"},
			},
			vacuous("a's FIN is never received", "time-wait-left"),
			[]Expectation{resets, {"rest", Violated, "a gives up when its probes are not answered; b stays in FIN-WAIT-2 forever"}},
			vacuous("a's FIN is never received", "time-wait-2msl", "time-wait-unbroken", "time-wait-ends", "quiet", "quiet-fin", "one-waits", "agreement"),
			vacuous("without data a FIN is first", "hole"),
			unreachable("a's FIN is never received", "normal-close", "simultaneous-close", "two-generals", "assassination", "challenge", "note-2", "window-opens")),
	},
	{
		Name:     "half-close",
		Sentence: "a closes its sending side and keeps reading, slowly; b writes before and after, and closes after a.",
		States:   3035878,
		Config:   changed("a-octets=0 b-octets=2 a-reads=slowly b-closes=after-peer rto=3 r2=1"),
		Expected: slices.Concat(
			[]Expectation{assassinated, notQuiet, notQuietFin, resets, twoGenerals, halfOpen, unreadTaken, noChallenge},
			unreachable("b closes after a", "simultaneous-close"),
			vacuous("b closes after a", "closing-left"),
			abandoned),
	},
	{
		Name:     "delayed-ack",
		Sentence: "An acknowledgement may wait for one tick: the close takes three or four segments.",
		States:   49565,
		Config:   changed("a-octets=0 b-octets=0 delayed-ack=1"),
		Expected: slices.Concat(
			[]Expectation{assassinated, notQuiet, notQuietFin, resets, twoGenerals, halfOpen, noChallenge},
			vacuous("without data a FIN is first", "hole"),
			abandoned),
	},
	{
		Name:     "withheld-ack",
		Sentence: "As notes, but an acknowledgement waits until it can be piggybacked, without a limit.",
		States:   51686,
		Config:   changed("loss=off duplicate=off reorder=off capacity=4 rto=8 delayed-ack=unlimited"),
		Expected: slices.Concat(
			[]Expectation{assassinated, noChallenge, {"no-reset", Violated, "a gives up because no acknowledgement arrives, and b's FIN arrives in CLOSED"}},
			vacuous("everything arrives in order", "hole"),
			unreachable("a side that gives up has not acknowledged the peer's FIN", "two-generals"),
			unreachable("the acknowledgement of the FIN is piggybacked on the only text", "half-close-read")),
	},
	{
		Name:     "abort",
		Sentence: "b may abort at any time.",
		States:   93686,
		Config:   changed("a-octets=0 b-octets=0 b-fails=abort"),
		Expected: slices.Concat(
			[]Expectation{assassinated, notQuiet, notQuietFin, resets, twoGenerals, halfOpen},
			vacuous("without data a FIN is first", "hole"),
			abandoned),
	},
	{
		Name:     "dying-process",
		Sentence: "b reads slowly, and its process may die at any time.",
		States:   1480263,
		Config:   changed("b-octets=0 b-reads=slowly b-fails=die r2=1"),
		Expected: slices.Concat(
			[]Expectation{assassinated, notQuiet, notQuietFin, resets, twoGenerals, halfOpen, unreadTaken},
			abandoned),
	},
	{
		Name:     "crash",
		Sentence: "b's host may crash at any time, and comes back without the connection.",
		States:   84882,
		Config:   changed("a-octets=0 b-octets=0 b-fails=crash"),
		Expected: slices.Concat(
			[]Expectation{assassinated, notQuiet, notQuietFin, resets, twoGenerals, halfOpen, noChallenge},
			vacuous("without data a FIN is first", "hole"),
			abandoned),
	},
	{
		Name:     "orphan",
		Sentence: "a closes fully, and a timer ends its FIN-WAIT-2, as in Linux; b writes.",
		States:   396499,
		Config:   changed("a-octets=0 a-close-is=full fin-wait-2=4"),
		Expected: slices.Concat(
			[]Expectation{assassinated, notQuiet, notQuietFin, resets, twoGenerals, halfOpen},
			unreachable("a does not read, and writes nothing", "half-close-read"),
			unreachable("what arrives before a's close is read at once", "unread-reset"),
			abandoned),
	},
	{
		Name:     "keep-alive",
		Sentence: "b forgets to close, and keep-alive detects whether a is still there.",
		States:   17518,
		Config:   changed("a-octets=0 b-octets=0 b-closes=never keepalive=3"),
		Expected: slices.Concat([]Expectation{{"fin-wait-2-left", Violated, "both sides probe each other, and b does not close"}, {"close-wait-left", Violated, "as fin-wait-2-left"}},
			vacuous("b never closes", "closing-left", "last-ack-left", "time-wait-left"),
			[]Expectation{resets},
			vacuous("b never closes", "passive-closer", "fin-acknowledged", "time-wait-2msl", "time-wait-unbroken", "time-wait-ends", "quiet", "quiet-fin", "one-waits", "agreement"),
			vacuous("without data a FIN is first", "hole"),
			unreachable("b never closes", "normal-close", "simultaneous-close", "two-generals", "assassination", "challenge", "note-2")),
	},
	{
		Name:     "user-timeout",
		Sentence: "The user timeout runs in any state: FIN-WAIT-2 and CLOSE-WAIT end.",
		States:   111548,
		Config:   changed("a-octets=0 b-octets=0 user-timeout=5 user-timeout-runs=any-state"),
		Expected: slices.Concat(
			[]Expectation{assassinated, notQuiet, notQuietFin, resets, twoGenerals, noChallenge},
			vacuous("without data a FIN is first", "hole")),
	},
	{
		Name:     "open",
		Sentence: "From CLOSED: each side may open actively, passively or either way, and may close while opening.",
		States:   237697,
		Config:   changed("start=closed a-octets=0 b-octets=0 a-opens=either b-opens=either msl=2 r2=1"),
		Expected: slices.Concat(
			[]Expectation{assassinated, {"no-reset", Violated, "nobody listens"}, twoGenerals, halfOpen, noChallenge}, abandoned),
	},
	{
		Name:     "next",
		Sentence: "The next connection under the RFCs, with numbers that begin where they did. Only b writes.",
		States:   2151766,
		Config:   changed("a-octets=0 reopen=1 a-isn=same b-isn=same msl=1 rto=1 r2=1"),
		Expected: slices.Concat(
			[]Expectation{assassinated, notQuiet, notQuietFin, resets, halfOpen},
			lastGivesUp,
			[]Expectation{
				{"hazard-1", Violated, "an RST ends TIME-WAIT (RFC 1337)"},
				{"hazard-2", Violated, "as hazard-1"},
				{"hazard-3", Violated, "as hazard-1"},
				{"kept-out", Violated, "as hazard-1"},
			}, abandoned),
	},
	{
		Name:     "next-safe",
		Sentence: "As next, with TIME-WAIT as it should be: RSTs are ignored, and every answer restarts 2 MSL.",
		States:   807653,
		Config:   changed("a-octets=0 reopen=1 a-isn=same b-isn=same msl=1 rto=1 r2=1 time-wait-rst=ignored time-wait-restart=answer"),
		Expected: slices.Concat([]Expectation{resets, halfOpen,
			{"time-wait-ends", Violated, "every answer restarts 2 MSL, as this preset intends"},
			{"assassination", Unreachable, "RFC 1337's F1"}},
			lastGivesUp, abandoned),
	},
	{
		Name:     "next-may-2",
		Sentence: "As next-safe, and a SYN reopens from TIME-WAIT under MAY-2; a's numbers grow.",
		States:   1078364,
		Config:   changed("a-octets=0 reopen=1 b-isn=same msl=1 rto=1 r2=1 time-wait-rst=ignored time-wait-restart=answer time-wait-reuse=may-2"),
		Expected: slices.Concat([]Expectation{resets, halfOpen,
			{"time-wait-unbroken", Violated, "a SYN replaces TIME-WAIT"},
			{"time-wait-ends", Violated, "every answer restarts 2 MSL, as this preset intends"},
			{"assassination", Unreachable, "RFC 1337's F1"},
			{"old-text", Violated, "giving up leaves no TIME-WAIT; the numbers of b, which listens, begin where they did"},
			{"old-fin", Violated, "as old-text"},
			{"old-rst", Violated, "as old-text"},
			{"in-step", Violated, "as old-text"}}, abandoned),
	},
	{
		Name:     "faithful",
		Sentence: "The default with delayed acknowledgements, an application that aborts and a host that crashes: 21 million states, including what the properties remember.",
		Config:   changed("a-fails=crash b-fails=abort rto=3 delayed-ack=1"),
		Expected: []Expectation{assassinated, notQuiet, notQuietFin, resets, twoGenerals},
		Large:    true,
	},
}
