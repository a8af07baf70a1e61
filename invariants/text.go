package invariants

import (
	"fmt"
	"strings"

	"tcpclose/model"
)

// The text form of a trace: an event a row, with the states of both sides after
// it, the segments in the notation of the RFC's figures, and the clauses that
// were followed. It is 80 columns wide.
const (
	traceRow    = "%3s  %4s  %-11s  %-11s  %s"
	traceIndent = 37 // where the event begins in a row
	traceWidth  = 80
)

// String is the trace as text.
func (t *Trace) String() string {
	var b strings.Builder
	row := func(number, time string, s model.State, lines []string) {
		fmt.Fprintf(&b, traceRow+"\n", number, time, s.Ends[model.A].State, s.Ends[model.B].State, lines[0])
		for _, l := range lines[1:] {
			fmt.Fprintf(&b, "%*s%s\n", traceIndent, "", l)
		}
	}
	fmt.Fprintf(&b, traceRow+"\n", "#", "time", "a", "b", "event")
	time := 0
	row("", "0", t.States[0], []string{"the connection is established"})
	for i := 0; i < len(t.Events); i++ {
		number := fmt.Sprint(i + 1)
		if t.Events[i].Action.Kind == model.Ticks {
			time++
		}
		row(number, fmt.Sprint(time), t.States[i+1], t.Events[i].lines())
	}
	return b.String()
}

// lines tells an event.
func (e *Event) lines() (lines []string) {
	say := func(format string, args ...any) {
		lines = append(lines, wrap(fmt.Sprintf(format, args...), traceWidth-traceIndent)...)
	}
	a, o := e.Action, &e.Outcome
	switch a.Kind {
	case model.Calls:
		say("%s calls %s", a.Side, a.Call)
	case model.Timeouts:
		say("%s: %s", a.Side, a.Timeout)
	case model.Deliveries:
		say("%s receives", o.Mover)
		say("  %s", a.Packet.Text(a.Side))
	case model.Copies:
		say("%s receives, and a copy stays behind:", o.Mover)
		say("  %s", a.Packet.Text(a.Side))
	case model.Losses:
		say("the network loses, from %s:", a.Side)
		say("  %s", a.Packet.Text(a.Side))
	case model.Ticks:
		say("a tick passes")
		for _, side := range model.Sides {
			for _, p := range o.Gone[side].List() {
				say("  the time of %s's", side)
				say("  %s is over", p.Text(side))
			}
		}
	}
	for _, g := range o.Effect.Sent {
		if g != (model.Segment{}) {
			say("%s sends", o.Mover)
			say("  %s", g.Text(o.Mover))
		}
	}
	if o.Effect.Told != 0 {
		say("%s is told: %s", o.Mover, o.Effect.Told)
	}
	for _, c := range o.Effect.Clauses.List() {
		say("[%s]", c.Info().Source)
	}
	return lines
}

// wrap breaks text at spaces into lines of at most width characters, where it
// can. Lines after the first are indented as the first is, and by two more.
func wrap(text string, width int) (lines []string) {
	indent := len(text) - len(strings.TrimLeft(text, " "))
	line := ""
	for _, word := range strings.Fields(text) {
		switch {
		case line == "" && len(lines) == 0:
			line = strings.Repeat(" ", indent) + word
		case line == "":
			line = word
		case len(line)+1+len(word) > width:
			lines = append(lines, line)
			line = strings.Repeat(" ", indent+2) + word
		default:
			line += " " + word
		}
	}
	return append(lines, line)
}
