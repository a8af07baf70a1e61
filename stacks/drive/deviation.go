package drive

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"tcpclose/model"
	"tcpclose/observe"
	"tcpclose/stacks/adapter"
	"tcpclose/stacks/schedule"
)

// A Strength is how much a clause asks for.
type Strength uint8

const (
	// Must: the clause has a MUST, by its number in RFC 9293, or in RFC 5961 or 6298.
	Must Strength = iota
	// Rule: section 3.10 says what is done, without a key word.
	Rule
	Should
	May

	numStrengths
)

func (s Strength) String() string {
	names := [numStrengths]string{"MUST", "RULE", "SHOULD", "MAY"}
	if s >= numStrengths {
		return fmt.Sprintf("Strength(%d)", uint8(s))
	}
	return names[s]
}

// strengths has the clauses whose source does not tell their strength.
var strengths = map[model.Clause]Strength{
	model.RSTResets:          Must, // 3.10.7.4, second: "TCP endpoints MUST reset the connection"
	model.RSTChallenged:      Must,
	model.SynChallenged:      Must,   // 3.10.7.4, fourth, after RFC 5961, 4.2
	model.RTOResends:         Must,   // RFC 6298, 5.4; RFC 9293, 3.8.1
	model.R2Closes:           Must,   // 3.8.3 (MUST-20)
	model.SeqAnswers:         Should, // "an acknowledgment should be sent in reply"
	model.SeqAhead:           Should, // RFC 5681, 4.2
	model.SeqHolds:           Should,
	model.TimeWaitIgnoresRST: May,
}

// StrengthOf returns how much a clause asks for.
func StrengthOf(c model.Clause) Strength {
	if s, ok := strengths[c]; ok {
		return s
	}
	switch source := c.Info().Source; {
	case strings.Contains(source, "MUST-"):
		return Must
	case strings.Contains(source, "SHLD-"):
		return Should
	case strings.Contains(source, "MAY-"):
		return May
	}
	return Rule
}

// A Deviation is what a stack has done that no reading of the RFCs allows.
type Deviation struct {
	Rule     string // its name
	Clause   string // where the RFC says otherwise
	Says     string // what it says
	Strength Strength
	State    string // in which it was
	Seen     string
	Expected []string // one of these
	Cause    string   // what would make it possible; "" is not known
	Given    []string // decisions that other runs have shown, without which it would be allowed
	Found    int      // how often it was seen
	Waived   string   // why it is accepted; "" is not
	Again    int      // how often it was played again, with the same outcome

	Shortest schedule.Schedule // the steps that are left of the schedule that has found it
	Events   adapter.Schedule
	Results  []adapter.Result
	At       int // the event at which it was seen
	// Of a contradiction, the run in which the stack has decided otherwise.
	ThereEvents  adapter.Schedule
	ThereResults []adapter.Result
}

// Length returns the number of events.
func (d *Deviation) Length() int { return len(d.Events) }

// Sorted orders deviations: by strength, then the shortest first.
func Sorted(all map[string]*Deviation) (list []*Deviation) {
	for _, d := range all {
		list = append(list, d)
	}
	slices.SortFunc(list, func(x, y *Deviation) int {
		return cmp.Or(cmp.Compare(x.Strength, y.Strength), cmp.Compare(len(x.Events), len(y.Events)), cmp.Compare(x.Rule, y.Rule))
	})
	return list
}

// named gives d the clause that the stack has not followed: of those of what was
// expected first, the one that asks for most. by observes the run that shows it.
func (d *Deviation) named(o observe.Deviation, run observe.Run, by *observe.Observer) {
	d.State = stateNames(o.Before)
	d.Seen = o.Seen
	if len(o.Expected) == 0 || o.Expected[0].Clauses == (model.Clauses{}) {
		if e := expectedOf(run, o, by); len(e) > 0 {
			o.Expected = e
		}
	}
	for _, e := range o.Expected {
		d.Expected = append(d.Expected, e.String())
	}
	var causes []string
	for _, c := range o.Causes {
		causes = append(causes, c.String())
	}
	d.Cause = strings.Join(causes, ", or ")
	d.Strength = Rule
	if len(o.Expected) == 0 {
		d.Strength, d.Clause, d.Says = Should, "RFC 6298, 2.1 and 2.4", "the RTO is at least a second"
		return
	}
	if o.Expected[0].Clauses == (model.Clauses{}) {
		d.Clause, d.Says = "RFC 9293, 3.9.1", "what the user is told"
	}
	first := true
	for _, c := range o.Expected[0].Clauses.List() {
		if c == model.AckDelayOver && (ahead(d.Shortest) || o.Before[0].State > model.FinWait2) {
			c = model.SeqAhead // the acknowledgement is owed for it
		}
		if s := StrengthOf(c); first || s <= d.Strength {
			d.Strength, d.Clause, d.Says, first = s, c.Info().Source, c.Info().Sentence, false
		}
	}
}

// expectedOf returns what could have been seen of the event to which a deviation belongs.
// Where a stack answers a moment later, what was expected then has no clause any more:
// the event has it.
func expectedOf(run observe.Run, o observe.Deviation, by *observe.Observer) []observe.Expectation {
	source := run.Events[o.Event].Source
	i := slices.IndexFunc(run.Events, func(e observe.Event) bool { return e.Source == source })
	e := run.Events[i]
	if e.Kind != observe.Arrives && e.Kind != observe.Calls && e.Kind != observe.Opens {
		return nil
	}
	e.Answer = nil
	impossible := observe.Event{Kind: observe.Sends, At: e.At, Source: source, Segment: observe.Segment{Ctl: model.SYN | model.FIN | model.RST, Seq: 1 << 30}}
	at := observe.Run{Name: run.Name, Events: append(slices.Clone(run.Events[:i]), e, impossible)}
	d, ok, err := by.First(at)
	if err != nil || !ok || at.Events[d.Event].Source != source {
		return nil
	}
	return d.Expected
}

// ahead reports whether a segment of the schedule begins after RCV.NXT.
func ahead(s schedule.Schedule) bool {
	return slices.ContainsFunc(s, func(e schedule.Step) bool {
		n := e.Segment.Seq
		return n.Anchor == schedule.Edge || n.Anchor == schedule.Next && n.Plus > 0
	})
}

// stateNames returns the names of states, each once.
func stateNames(list []observe.State) string {
	var names []string
	for _, s := range list {
		if name := s.Name(); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, " or ")
}
