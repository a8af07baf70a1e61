package adapter

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// A Style is how a ladder is drawn.
type Style struct {
	Stack string        // its name, over its side
	Unit  time.Duration // to which times are rounded: 0 leaves them out
	Low   uint16        // windows are shown that are below it
}

const (
	ladderState = 16 // columns of a state
	ladderRoom  = 44 // columns between the two sides, without arrows
)

// Ladder draws what was done and seen: the stack with its states on the left, the
// peer on the right. A row of an event has the state after it.
func Ladder(w io.Writer, events Schedule, results []Result, style Style) error {
	var b strings.Builder
	l := ladder{out: &b, style: style}
	l.row(style.Stack, strings.Repeat(" ", ladderRoom+13)+"peer", "")
	for i, r := range results {
		l.event(events[i], r)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

type ladder struct {
	out   *strings.Builder
	style Style
	state string
	shown time.Duration // the time of the last row that has one
}

// row writes a row with a state, or "", and a time, or "".
func (l *ladder) row(state, what, at string) {
	if l.style.Unit > 0 {
		fmt.Fprintf(l.out, "%6s ", at)
	}
	fmt.Fprintln(l.out, strings.TrimRight(fmt.Sprintf("%-*s%s", ladderState, state, what), " "))
}

// moment returns the time as text, if it is later than the last one shown.
func (l *ladder) moment(at time.Duration) string {
	if l.style.Unit == 0 {
		return ""
	}
	if at = at.Round(l.style.Unit); at <= l.shown {
		return ""
	}
	l.shown = at
	return fmt.Sprintf("%.3g", at.Seconds())
}

func (l *ladder) event(e Event, r Result) {
	state := r.State
	if state == l.state {
		state = ""
	}
	l.state = r.State
	call := func(what string) {
		l.row(state, "|("+what+")", l.moment(r.Now))
		state = ""
	}
	switch e.Kind {
	case Opens:
		call(map[bool]string{true: "OPEN", false: "OPEN (passive)"}[e.Active])
	case Calls:
		what := strings.ToUpper(e.Call.String())
		if e.Call.Counts() {
			what = fmt.Sprintf("%s %d", what, e.Octets)
		}
		call(what)
	case Arrives:
		l.row(state, arrow("<---", e.Segment.Figure(l.style.Low)), l.moment(r.Now))
		if state = ""; e.More {
			return
		}
	}
	if a := r.Answer; a != nil && (a.Told != Done || a.Octets > 0) {
		l.row("", "|told: "+a.String(), "")
	}
	waited := e.Kind == Advances || e.Kind == Next
	for i, out := range r.Emitted {
		after := state
		if waited && i < len(r.Emitted)-1 {
			after = "" // it is the state at the end
		} else {
			state = ""
		}
		l.row(after, arrow("--->", out.Segment.Figure(l.style.Low)), l.moment(out.At))
		if out.Wrong != "" {
			l.row("", "|wrong: "+out.Wrong, "")
		}
	}
	if state != "" || waited && len(r.Emitted) == 0 {
		l.row(state, "|", l.moment(r.Now))
	}
	if r.Err != "" {
		l.row("", "|failed: "+r.Err, "")
	}
}

func arrow(head, text string) string {
	return fmt.Sprintf("|%s %-*s %s|", head, ladderRoom, text, head)
}

// String returns the answer in words.
func (a Answer) String() string {
	text := string(a.Told)
	if a.Octets > 0 {
		text = fmt.Sprintf("%d octets", a.Octets)
		if a.Octets == 1 {
			text = "1 octet"
		}
		if a.Told != Done {
			text += ", " + string(a.Told)
		}
	}
	if a.Native != "" {
		text += " (" + a.Native + ")"
	}
	return text
}
