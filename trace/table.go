package trace

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"tcpclose/internal/lang"
	"tcpclose/model"
)

// The text form of a trace: an event a row, with the states of both sides after
// it, the segments in the notation of the RFC's figures, and the clauses that
// were followed. It is 80 columns wide. Ticks in which nothing else happens share
// a row.
const (
	traceRow    = "%*s %s  %-13s%-13s%s\n"
	traceTime   = 4
	traceCount  = 5 + traceTime // of number and time: what a time has more is taken from the number, if that has it
	traceIndent = 38            // where the event begins in a row
	traceWidth  = 80
)

// Text returns the trace as a table, with times in seconds by the length of a tick; if that is
// 0, in ticks.
func (t *Trace) Text(tick time.Duration) string { return t.text(tick, lang.English) }

// text returns the table in a language.
func (t *Trace) text(tick time.Duration, in lang.Language) string {
	var b strings.Builder
	unit, wide, elapsed := in.Say("time"), traceTime, 0
	if tick > 0 {
		unit = in.Say("s")
	}
	for i := range t.Events {
		elapsed += int(t.Events[i].Outcome.Elapsed)
		wide = max(wide, len(moment(elapsed, tick)))
	}
	count := max(traceCount, wide+len(strconv.Itoa(len(t.Events)))+1)
	indent := traceIndent + count - traceCount
	heads := func(number, time string, a, e any, what string) {
		if _, last, found := strings.Cut(number, "-"); found && len(number)+len(time) > count {
			number = "-" + last
		}
		fmt.Fprintf(&b, traceRow, count-wide, number, lang.PadLeft(time, min(wide, max(0, count-len(number)))), a, e, what)
	}
	row := func(number string, time int, s *model.State, lines []string) {
		heads(number, moment(time, tick), s.Ends[model.A].State, s.Ends[model.B].State, lines[0])
		for _, l := range lines[1:] {
			fmt.Fprintf(&b, "%*s%s\n", indent, "", l)
		}
	}
	heads("#", unit, "a", "b", in.Say("event"))
	begins := "the connection is established"
	if t.Config.Start == model.StartClosed {
		begins = "there is no connection"
	}
	row("", 0, &t.States[0], []string{in.Say(begins)})
	time, loopTime := 0, 0
	for i := 0; i < len(t.Events); i++ {
		if t.Repeats() && i == t.Loop {
			fmt.Fprintf(&b, "%*s%s\n", indent, "", in.Say("-- again and again from here on --"))
			loopTime = time
		}
		first, before := i, time
		for t.Events[i].idle() && i+1 < len(t.Events) && i+1 != t.Loop && t.Events[i+1].idle() {
			i++
		}
		if t.Events[i].Action.Kind == model.Ticks {
			for _, e := range t.Events[first : i+1] {
				time += int(e.Outcome.Elapsed)
			}
		}
		if i > first {
			row(fmt.Sprintf("%d-%d", first+1, i+1), time, &t.States[i+1], []string{passing(in, time-before, tick)})
		} else {
			row(fmt.Sprint(i+1), time, &t.States[i+1], t.lines(in, i, tick))
		}
	}
	if t.Repeats() {
		fmt.Fprintln(&b, in.Say("And so on forever, from event %d: %s each time.", t.Loop+1, passing(in, time-loopTime, tick)))
		return b.String()
	}
	last := &t.States[len(t.Events)]
	for _, l := range inTransit(in, last) {
		fmt.Fprintf(&b, "%*s%s\n", indent, "", l)
	}
	if y, err := t.System(); err == nil && len(y.Actions(nil, *last)) == 0 {
		fmt.Fprintln(&b, in.Say("Nothing more can happen: a rests in %s, b in %s.", last.Ends[model.A].State, last.Ends[model.B].State))
	}
	return b.String()
}

// moment returns a number of ticks in the unit in which times are told.
func moment(ticks int, tick time.Duration) string {
	if tick == 0 {
		return strconv.Itoa(ticks)
	}
	return Decimal(time.Duration(ticks) * tick)
}

// Decimal returns a time in seconds, without its unit and without zeros at the end. It is
// exact, which Duration.Seconds is not.
func Decimal(d time.Duration) string {
	return strconv.FormatFloat(float64(d)/float64(time.Second), 'f', -1, 64)
}

// passing says how much time passes.
func passing(in lang.Language, ticks int, tick time.Duration) string {
	switch {
	case ticks == 0:
		return in.Say("no time passes")
	case tick > 0:
		return in.Say("%s s pass", moment(ticks, tick))
	case ticks == 1:
		return in.Say("a tick passes")
	}
	return in.Say("%d ticks pass", ticks)
}

// idle reports whether the event is a tick in which no packet's time is over.
func (e *Event) idle() bool {
	return e.Action.Kind == model.Ticks && e.Outcome.Gone == [2]model.Channel{}
}

// inTransit tells what is left in the network.
func inTransit(in lang.Language, s *model.State) (lines []string) {
	for _, side := range model.Sides {
		for _, p := range s.Nets[side].List() {
			lines = append(lines, in.Say("still in transit from %s:", side), "  "+p.Text(side))
		}
	}
	return lines
}

// lines tells event i.
func (t *Trace) lines(in lang.Language, i int, tick time.Duration) (lines []string) {
	say := func(format string, args ...any) {
		lines = append(lines, wrapIndented(in.Say(format, args...), traceWidth-traceIndent)...)
	}
	a, o := t.Events[i].Action, &t.Events[i].Outcome
	switch a.Kind {
	case model.Calls:
		switch a.Call {
		case model.Die, model.Crash:
			say("%s: %s", a.Side, in.Say(a.Call.String()))
		default:
			say("%s calls %s", a.Side, in.Say(a.Call.String()))
		}
	case model.Timeouts:
		say("%s: %s", a.Side, a.Timeout)
	case model.Boxes:
	case model.Deliveries:
		say("%s receives", t.receiver(i))
		say("  %s", a.Packet.Text(a.Side))
	case model.Copies:
		say("%s receives, and a copy stays behind:", t.receiver(i))
		say("  %s", a.Packet.Text(a.Side))
	case model.Losses:
		say("the network loses, from %s:", a.Side)
		say("  %s", a.Packet.Text(a.Side))
	case model.Ticks:
		say("%s", passing(in, int(o.Elapsed), tick))
		for _, side := range model.Sides {
			for _, p := range o.Gone[side].List() {
				say("too old, and gone, from %s:", side)
				say("  %s", p.Text(side))
			}
		}
	}
	if o.Box.Acts {
		if story, err := t.sole(i); err == nil {
			for _, line := range story.BoxWords(0) {
				say("%s", line)
			}
		}
	}
	if g := o.Effect.Sent; g != (model.Segment{}) {
		say("%s sends", o.Mover)
		say("  %s", g.Text(o.Mover))
		if !slices.ContainsFunc(o.To.Nets[o.Mover].List(), func(p model.Packet) bool { return p.Segment == g && p.Age == 0 }) {
			say("  into a full channel: it is lost")
		}
	}
	if o.Effect.Delivered > 0 && a.Kind == model.Calls {
		say("%s is given an octet", o.Mover)
	}
	switch what := o.Effect.Told; {
	case what == 0:
	case t.ToNobody(i):
		say("told to nobody: %s", told(in, what))
	default:
		say("%s is told: %s", o.Mover, told(in, what))
	}
	var sources []string
	for _, c := range o.Effect.Clauses.List() {
		if source := c.Info().Source; !slices.Contains(sources, source) {
			sources = append(sources, source)
			say("[%s]", in.Cite(source))
		}
	}
	return lines
}

// receiver returns where an event delivers to.
func (t *Trace) receiver(i int) string {
	if t.Events[i].Outcome.Box.Acts {
		return "box"
	}
	return t.Events[i].Outcome.Mover.String()
}

// sole returns what the box's words about an event need of a story.
func (t *Trace) sole(i int) (*Story, error) {
	y, err := t.System()
	if err != nil {
		return nil, err
	}
	one := *t
	one.States, one.Events = t.States[i:i+2], t.Events[i:i+1]
	return &Story{Trace: &one, box: y.Box()}, nil
}

// wrapIndented breaks text at spaces into lines of at most width characters, where it
// can. Lines after the first are indented as the first is, and by two more.
func wrapIndented(text string, width int) (lines []string) {
	indent := len(text) - len(strings.TrimLeft(text, " "))
	line := ""
	for _, word := range strings.Fields(text) {
		switch {
		case line == "" && len(lines) == 0:
			line = strings.Repeat(" ", indent) + word
		case line == "":
			line = word
		case lang.Width(line)+1+lang.Width(word) > width:
			lines = append(lines, line)
			line = strings.Repeat(" ", indent+2) + word
		default:
			line += " " + word
		}
	}
	return append(lines, line)
}
