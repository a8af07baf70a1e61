package invariants

import (
	"slices"

	"tcpclose/box"
	"tcpclose/explore"
	"tcpclose/model"
)

// A BoxStep is what the box does in a step of the system.
type BoxStep struct {
	From, To model.BoxState
	Effect   model.BoxEffect
	Side     model.Side    // whose segment has arrived
	Arrived  model.Segment // zero unless one has
	Act      model.BoxAct  // what it does of itself, if it acts and nothing has arrived
	Rules    *model.Watcher
}

// BoxStill returns the step in which a box does nothing; without a box w is nil.
func BoxStill(w *model.Watcher, s model.BoxState) *BoxStep { return &BoxStep{From: s, To: s, Rules: w} }

// refuses reports whether a segment is dropped or answered.
func (s *BoxStep) refuses() bool {
	return s.Arrived != (model.Segment{}) && s.Effect.Verdict != box.Passed
}

// boxProperties are about what stands between the ends, and say nothing without it.
var boxProperties = []*Property{
	{
		Name:     "box-passes",
		Sentence: "The box drops no segment, and answers none, while both ends have the connection.",
		Source:   "kubernetes #32551; RFC 5382, REQ-5",
		Applies:  needsBox,
		Patterns: patterns(Pattern{
			Kind: explore.Steps, Self: stillConnected, Peer: stillConnected, Only: []model.Side{model.A},
			Box: func(_ model.Side, s *BoxStep) bool { return s.refuses() },
		}),
		Premise: patterns(Pattern{Kind: explore.Steps, Box: func(model.Side, *BoxStep) bool { return true }}),
	},
	{
		Name:     "box-keeps",
		Sentence: "The box does not forget a connection that one of the ends still has.",
		Source:   "RFC 5382, REQ-5; RFC 7857, 2",
		Applies:  needsBox,
		Patterns: patterns(Pattern{
			Kind: explore.Steps, Self: stillConnected,
			Box: func(_ model.Side, s *BoxStep) bool { return s.From.Entry.Used && !s.To.Entry.Used },
		}),
		Premise: patterns(Pattern{Kind: explore.Steps, Box: func(_ model.Side, s *BoxStep) bool { return s.From.Entry.Used }}),
	},
	{
		Name:     "box-lingers",
		Sentence: "When both ends are CLOSED and nothing is in transit, the entry of the box ends within box-linger ticks.",
		Source:   "kubernetes #97377; cilium #29016",
		Applies:  needsBox,
		Patterns: func(c model.Config) []Pattern {
			return one(Pattern{Kind: explore.States, Parts: lingering{c.Between.LingerLimit()}})
		},
		Premise: patterns(Pattern{Kind: explore.States, Parts: lingering{}}),
	},
	{
		Name:     "box-next",
		Sentence: "The box refuses no SYN for an entry of an earlier connection.",
		Source:   "openzro #196",
		Applies:  needsBox,
		Patterns: patterns(Pattern{
			Kind: explore.Steps, Self: opensAgain,
			Box: func(self model.Side, s *BoxStep) bool { return s.refuses() && s.syn(self) && s.From.Entry.Used },
		}),
		Premise: patterns(Pattern{Kind: explore.Steps, Self: opensAgain, Box: func(self model.Side, s *BoxStep) bool { return s.syn(self) }}),
	},
	{
		Name:     "box-told",
		Sentence: "The two applications can be told with the box just what they can be told without it.",
		Source:   "kubernetes #32551; libtelio #40",
		Applies:  needsBox,
		Alike: &Alike{
			Other: func(c model.Config) model.Config {
				c.Between = model.Between{}
				return c
			},
			Kinds: toldInTheEnd,
			Here:  "with the box only",
			There: "without the box only",
		},
	},
}

// A fate is what an application has been told in the end.
type fate uint8

const (
	waiting    fate = iota // nothing of an end, and no end of file
	waitingEOF             // the end of file, and nothing of an end of the connection
	nobody                 // there is nobody who could be told
	fates                  // and one for each Ending from Normal on, but Gone
)

// fateOf returns what the user of an end has been told. Of an end whose user may leave for
// good it asks whether somebody is there.
func fateOf(e *End, leaves bool) fate {
	is := e.Ended()
	switch {
	case is == Gone, leaves && (is == Open && e.Orphan || is != Open && e.Alone()):
		return nobody
	case is == Open && e.EOF():
		return waitingEOF
	case is == Open:
		return waiting
	}
	return fates + fate(is)
}

// toldInTheEnd returns a pattern for each pair of fates. A connection that goes on has no end
// yet: that its user waits counts where nothing more can happen.
func toldInTheEnd(c model.Config) (list []Pattern) {
	needs, leaves := MonitorTold, false
	for _, app := range c.Apps {
		leaves = leaves || app.Parting != model.Half || app.Fails == model.FailDie
	}
	if leaves {
		needs |= MonitorAlone
	}
	all := []fate{waiting, waitingEOF, nobody}
	for is := Normal; is <= Refused; is++ {
		if is != Gone {
			all = append(all, fates+fate(is))
		}
	}
	for i, mine := range all {
		for _, its := range all[i:] {
			kind := explore.States // an end is for good
			if mine < nobody {
				kind = explore.Terminals
			}
			list = append(list, Pattern{
				Kind: kind, Needs: needs,
				Self: func(e *End) bool { return fateOf(e, leaves) == mine },
				Peer: func(e *End) bool { return fateOf(e, leaves) == its },
			})
		}
	}
	return list
}

// A lingering is that both ends are gone, nothing is in transit that could touch the entry,
// and it lives for more than so many ticks yet.
type lingering struct{ limit uint16 }

func (lingering) End(_ model.Side, s *Step, _ bool) bool { return s.To.State == model.Closed }
func (lingering) Net(_ model.Side, s *NetStep) bool      { return len(s.Packets) == 0 }
func (l lingering) Box(s *BoxStep) bool {
	return s.To.Entry.Used && s.To.Entry.Left > uint32(l.limit)
}

// opensAgain reports whether an end opens a connection that is not its first.
func opensAgain(e *End) bool { return e.State == model.SynSent && e.Life > 1 }

// syn reports whether a SYN of self arrives.
func (s *BoxStep) syn(self model.Side) bool { return s.Arrived.Ctl == model.SYN && s.Side == self }

// needsBox returns why a property of the box says nothing of a configuration.
func needsBox(c model.Config) string {
	if c.Between.Box == nil {
		return "there is no box"
	}
	return ""
}

// stillConnected reports whether an end has a connection that is established, and not closed
// on both sides.
func stillConnected(e *End) bool {
	switch e.State {
	case model.Established, model.FinWait1, model.FinWait2, model.CloseWait, model.Closing, model.LastAck:
		return true
	}
	return false
}

// PropertiesOf returns every property, in the order in which they are reported: with a box
// those about it, too.
func PropertiesOf(boxed bool) []*Property {
	if !boxed {
		return Properties
	}
	return slices.Concat(Properties, boxProperties)
}
