package drive

import (
	"fmt"
	"slices"
	"strings"

	"tcpclose/observe"
	"tcpclose/stacks/adapter"
	"tcpclose/stacks/schedule"
	"tcpclose/stacks/wire"
)

// nameOf returns the name of a deviation: the state, the event, and what was seen of
// it. Deviations that differ in numbers alone have the same.
func nameOf(s schedule.Schedule, results []adapter.Result, run observe.Run, d observe.Deviation) string {
	e := run.Events[d.Event]
	i := e.Source
	for j := d.Event - 1; e.Kind == observe.Waits && j >= 0 && run.Events[j].Source == i; j-- {
		if run.Events[j].Kind == observe.Sends { // instead of what was expected
			e = run.Events[j]
		}
	}
	late := false
	for i > 0 && i < len(s) && s[i].Kind == adapter.Advances {
		i, late = i-1, true
	}
	what := "nothing"
	if i < len(s) {
		what = eventName(s[i])
	}
	if late && e.Kind == observe.Sends {
		what = "later"
	}
	return fmt.Sprintf("%s, %s: %s", placeOf(results, i, d), what, seenName(e))
}

// placeOf returns the state in which a deviation was: of those that are possible, the
// one that the stack tells. If it tells another one, that is told, too: a stack that
// hangs is in a state that it should have left.
func placeOf(results []adapter.Result, i int, d observe.Deviation) string {
	var names []string
	for _, s := range d.Before {
		if name := s.State.String(); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	place := strings.Join(names, "/")
	if i == 0 || i > len(results) {
		return place
	}
	told, ok := stateNamed(results[i-1].State)
	switch {
	case !ok:
		return place
	case slices.Contains(names, told.String()):
		return told.String()
	}
	return fmt.Sprintf("%s (tells %s)", place, told)
}

// eventName names a step by what matters of it: bits, where SEQ lies, and whether ACK
// is of what was sent.
func eventName(s schedule.Step) string {
	if s.Kind != adapter.Arrives {
		return strings.ToLower(s.Call.String())
	}
	g := s.Segment
	name := schedule.FlagOf(s).String()
	switch {
	case s.Copies > 0:
		return "an old copy"
	case g.Seq.Anchor == schedule.Next && g.Seq.Plus < 0:
		name += " before RCV.NXT"
	case g.Seq.Anchor == schedule.Edge && g.Seq.Plus >= 0:
		name += " beyond the window"
	case g.Seq.Anchor != schedule.Zero && g.Seq != (schedule.Number{Anchor: schedule.Next}):
		name += " after RCV.NXT"
	}
	if g.Ctl.Has(wire.ACK) && g.Ack.Anchor == schedule.Next && g.Ack.Plus > 0 {
		name += " of what was not sent"
	}
	return name
}

// seenName names what was seen, without numbers.
func seenName(e observe.Event) string {
	switch e.Kind {
	case observe.Sends:
		name := e.Segment.Ctl.Names()
		if e.Segment.Len > 0 {
			name += " with text"
		}
		return name
	case observe.Opens, observe.Calls:
		if e.Answer != nil {
			return "told " + string(e.Answer.Told)
		}
		return "told something else"
	}
	return "silence"
}

// stepsOf returns events with numbers as steps whose numbers are their own.
func stepsOf(events adapter.Schedule) (s schedule.Schedule) {
	for _, e := range events {
		step := schedule.Step{Kind: e.Kind, Active: e.Active, Call: e.Call, Octets: e.Octets}
		if e.Kind == adapter.Next {
			step.Kind = adapter.Advances
		}
		step.Segment = schedule.Segment{Ctl: e.Segment.Ctl, Len: e.Segment.Len}
		s = append(s, step)
	}
	return s
}
