package report

import (
	"tcpclose/check"
	"tcpclose/model"
	"tcpclose/survey"
	"tcpclose/trace"
)

// The JSON form of a report. Fields are added, not renamed.
type jsonReport struct {
	Preset     string            `json:"preset"`
	Profile    string            `json:"profile,omitempty"`
	Profiles   map[string]string `json:"profiles,omitempty"` // of the two ends, if one was named for one
	Config     map[string]string `json:"config"`             // every field, as the flags take it
	Decisions  map[string]string `json:"decisions"`          // those that differ from the default
	States     int               `json:"states"`
	Steps      int               `json:"steps"`
	Depth      int               `json:"depth"`
	Remembers  bool              `json:"remembers"`           // the states hold what properties remember, too
	Symmetry   bool              `json:"symmetry,omitempty"`  // of two states in which a and b have changed places one is counted
	Unlimited  bool              `json:"unlimited,omitempty"` // the verdicts are for every capacity; states are those that stand for all
	Whole      int               `json:"whole,omitempty"`     // how many expressions were checked on whole states
	Incomplete []string          `json:"incomplete"`
	Seconds    float64           `json:"seconds"`
	Findings   []jsonFinding     `json:"findings"`
	Turned     []jsonTurned      `json:"turned,omitempty"`    // with -finer: verdicts that are artefacts of the scale
	Endings    []JSONEnding      `json:"endings,omitempty"`   // with -endings: how it can end for the two applications
	Compared   *jsonCompared     `json:"compared,omitempty"`  // with the unchanged preset or profile
	NoEffect   []string          `json:"no_effect,omitempty"` // changed fields, as name=value, without which every step is the same
	Status     int               `json:"status"`
	Coverage   *jsonCoverage     `json:"coverage,omitempty"`
}

// A jsonCompared is what a change has changed.
type jsonCompared struct {
	Worse    []string `json:"worse"`
	Better   []string `json:"better"`
	Silenced []string `json:"silenced"`         // violated before, and without an occasion now
	States   int      `json:"states,omitempty"` // before, if that is known
}

// A jsonCoverage is counts of the model's states and steps.
type jsonCoverage struct {
	Clauses    map[string]int       `json:"clauses"` // in how many steps each is followed
	Actions    []survey.ActionCount `json:"actions"`
	Parts      []survey.PartCount   `json:"parts"`
	States     int                  `json:"states"`
	Incomplete []string             `json:"incomplete"`
}

type JSONEnding struct {
	A     string `json:"a"`
	B     string `json:"b"`
	Steps int    `json:"steps"`
	// Nobody is the sides where nobody is there to be told.
	Nobody []string `json:"told_to_nobody,omitempty"`
}

// EncodedEnding returns an ending as it is in JSON.
func EncodedEnding(e survey.EndingPair) JSONEnding {
	j := JSONEnding{A: e.Of[model.A].String(), B: e.Of[model.B].String(), Steps: e.Steps}
	for _, side := range model.Sides {
		if e.Nobody[side] {
			j.Nobody = append(j.Nobody, side.String())
		}
	}
	return j
}

type jsonTurned struct {
	Name  string        `json:"name"`
	Finer check.Verdict `json:"finer"`
}

type jsonFinding struct {
	Name       string        `json:"name"`
	Witness    bool          `json:"witness,omitempty"`
	Sentence   string        `json:"sentence"`
	Source     string        `json:"source"`
	Verdict    check.Verdict `json:"verdict"`
	Expected   check.Verdict `json:"expected"`
	Unexpected bool          `json:"unexpected,omitempty"`
	Reason     string        `json:"reason,omitempty"`
	Capacity   int           `json:"capacity,omitempty"` // for which the events are the shortest run, if not for all that the verdict is for
	Why        string        `json:"why,omitempty"`      // the preset expects it
	Events     []JSONEvent   `json:"events,omitempty"`
	Loop       *int          `json:"loop,omitempty"` // how many events come before those that are repeated forever; all: it rests
	Assumed    []string      `json:"assumed,omitempty"`
	Dropped    []string      `json:"dropped,omitempty"`      // what the property needs, but -without
	RuledOutBy []string      `json:"ruled_out_by,omitempty"` // what would rule out the events, each alone
}

type JSONEvent struct {
	Time    int      `json:"time"`
	Kind    string   `json:"kind"`
	Side    string   `json:"side,omitempty"` // whose call or timeout it is, or who sent the segment
	What    string   `json:"what,omitempty"` // the call or the timeout
	Segment string   `json:"segment,omitempty"`
	Sent    []string `json:"sent,omitempty"`
	Told    string   `json:"told,omitempty"`
	// ToNobody: the user has closed for good, or has died, and learns of nothing.
	ToNobody bool     `json:"told_to_nobody,omitempty"`
	Clauses  []string `json:"clauses,omitempty"`
	A        string   `json:"a"` // the states after it
	B        string   `json:"b"`
}

func (v Check) JSON() jsonReport {
	r := v.Report
	j := jsonReport{
		Preset: v.Base.PresetName(), Profile: v.Base.ProfileName(), Profiles: v.Base.EndNames(), Config: JSONConfig(r.Config), Decisions: JSONDecisions(r.Config),
		States: r.Result.Distinct, Steps: r.Result.Generated, Depth: r.Result.Depth,
		Remembers: r.Remembers, Symmetry: r.Symmetry, Unlimited: r.Unlimited, Whole: r.Whole, Incomplete: append([]string{}, r.Result.Incomplete...),
		Seconds: r.Time.Seconds(), Status: v.Status(),
	}
	for i := range r.Findings {
		f := &r.Findings[i]
		e := v.expectation(f.Property)
		finding := jsonFinding{
			Name: f.Property.Name, Witness: f.Property.Witness, Sentence: f.Property.Sentence, Source: f.Property.Source,
			Verdict: f.Verdict, Expected: e.Verdict, Unexpected: v.surprises(f), Reason: f.Reason, Capacity: int(f.Capacity), Why: e.Why,
			Events: JSONEvents(f.Trace), Assumed: AssumptionNames(f.Assumed), Dropped: AssumptionNames(f.Dropped),
			RuledOutBy: AssumptionNames(f.RuledOutBy),
		}
		if f.Trace != nil && f.Trace.Loop >= 0 {
			finding.Loop = &f.Trace.Loop
		}
		j.Findings = append(j.Findings, finding)
	}
	if v.compares() {
		c := jsonCompared{Worse: []string{}, Better: []string{}, Silenced: []string{}}
		if v.Safety && !r.Symmetry {
			c.States = v.Base.Preset.States
		}
		for i := range r.Findings {
			f := &r.Findings[i]
			switch name := f.Property.Name; {
			case v.worse(f):
				c.Worse = append(c.Worse, name)
			case v.improved(f):
				c.Better = append(c.Better, name)
			case v.silenced(f):
				c.Silenced = append(c.Silenced, name)
			}
		}
		j.Compared = &c
	}
	for i, same := range r.Same {
		if same {
			j.NoEffect = append(j.NoEffect, v.ChangedFields[i].Word)
		}
	}
	for _, e := range v.Endings {
		j.Endings = append(j.Endings, EncodedEnding(e))
	}
	if c := v.Coverage; c != nil {
		j.Coverage = &jsonCoverage{map[string]int{}, c.Actions, c.Parts, c.Result.Distinct, append([]string{}, c.Result.Incomplete...)}
		for clause := range model.NumClauses {
			j.Coverage.Clauses[clause.String()] = c.Clauses[clause]
		}
	}
	if v.Finer != nil {
		for _, i := range check.Turned(r, v.Finer) {
			j.Turned = append(j.Turned, jsonTurned{r.Findings[i].Property.Name, v.Finer.Findings[i].Verdict})
		}
	}
	return j
}

// JSONConfig is the fields by which c is written, as the flags take them.
func JSONConfig(c model.Config) map[string]string {
	fields := map[string]string{}
	for _, f := range c.Fields() {
		fields[f.Name] = f.Get(c)
	}
	return fields
}

// JSONDecisions is those of c that differ from the default.
func JSONDecisions(c model.Config) map[string]string {
	decisions := map[string]string{}
	for _, f := range otherwiseDecided(c) {
		decisions[f.Name] = f.Get(c)
	}
	return decisions
}

func JSONEvents(t *trace.Trace) (events []JSONEvent) {
	if t == nil {
		return nil
	}
	time := 0
	for i := range t.Events {
		a, o := t.Events[i].Action, &t.Events[i].Outcome
		e := JSONEvent{Kind: a.Kind.String(), Side: a.Side.String(), Told: o.Effect.Told.String(), ToNobody: t.ToNobody(i)}
		switch a.Kind {
		case model.Calls:
			e.What = a.Call.String()
		case model.Timeouts:
			e.What = a.Timeout.String()
		case model.Ticks:
			e.Side = ""
			time += int(o.Elapsed)
		default:
			e.Segment = a.Packet.Text(a.Side)
		}
		if g := o.Effect.Sent; g != (model.Segment{}) {
			e.Sent = append(e.Sent, g.Text(o.Mover))
		}
		for _, c := range o.Effect.Clauses.List() {
			e.Clauses = append(e.Clauses, c.String())
		}
		s := t.States[i+1]
		e.Time, e.A, e.B = time, s.Ends[model.A].State.String(), s.Ends[model.B].State.String()
		events = append(events, e)
	}
	return events
}
