package trace

import (
	"fmt"
	"io"
	"strings"

	"tcpclose/model"
)

// Mermaid writes the story as a sequence diagram of Mermaid's. An arrow there has
// no slope: it stands where the segment arrives or is lost, and a note where it
// was sent if that was earlier. A copy's is dashed; a lost one ends in a cross. An
// end in TIME-WAIT is active.
func (s *Story) Mermaid(w io.Writer) error {
	m := &mermaid{Story: s}
	m.write()
	_, err := io.WriteString(w, m.out.String())
	return err
}

type mermaid struct {
	*Story
	out    strings.Builder
	indent int
}

func (m *mermaid) line(format string, args ...any) {
	fmt.Fprintf(&m.out, "%*s%s\n", 4*m.indent, "", fmt.Sprintf(format, args...))
}

// note is text beside the lifeline of a side.
func (m *mermaid) note(side model.Side, text string) {
	m.line("Note %s of %s: %s", [2]string{"left", "right"}[side], side, escaped(text))
}

// escaped returns text without what Mermaid takes for its own.
func escaped(text string) string {
	return strings.NewReplacer("#", "#35;", ";", "#59;", "<", "#lt;", ">", "#gt;").Replace(text)
}

// label returns a segment in words, and which sending it was.
func (m *mermaid) label(f *Flight) string {
	fields := strings.Fields(strings.NewReplacer("<", "", ">", " ").Replace(f.Segment.Text(f.From)))
	text := strings.Join(fields, " ")
	if !f.atOnce() || len(f.Arrives) > 1 {
		text = fmt.Sprintf("(%d) %s", f.Number, text)
	}
	return escaped(text)
}

// atOnce reports whether what becomes of it first does with the event after its
// sending, or with that.
func (f *Flight) atOnce() bool {
	return f.Sent >= 0 && (len(f.Arrives) > 0 && f.Arrives[0] == f.Sent+1 || f.Lost >= 0 && f.Lost <= f.Sent+1)
}

func (m *mermaid) write() {
	m.line("sequenceDiagram")
	m.indent++
	m.line("participant %s", model.A)
	if m.Boxed() {
		m.line("participant box")
	}
	m.line("participant %s", model.B)
	if m.Boxed() {
		m.line("Note over box: %s", m.boxState(&m.States[0].Box))
	}
	for _, side := range model.Sides {
		m.note(side, m.States[0].Ends[side].State.String())
	}
	for i := 0; i < len(m.Events); i++ {
		if m.Repeats() && i == m.Loop {
			m.line("loop %s", m.say("repeated forever, %s each time", m.span(m.Times[len(m.Events)]-m.Times[m.Loop])))
			m.indent++
		}
		i = m.event(i)
		if i+1 == m.Inevitable {
			m.line("Note over a,b: %s", m.say("from here on nothing avoids it"))
		}
	}
	if m.Repeats() {
		m.indent--
		m.line("end")
		return
	}
	for _, f := range m.Left() {
		m.line("Note over a,b: %s", m.say("still in transit from %s: %s", f.From, m.label(f)))
	}
}

// event writes an event, or several in which only time passes, and returns the
// last of them.
func (m *mermaid) event(i int) int {
	a, o := m.Events[i].Action, &m.Events[i].Outcome
	first := i
	for a.Kind == model.Ticks && len(m.lost[i]) == 0 && i+1 < len(m.Events) && i+1 != m.Loop && i+1 != m.Inevitable && m.Events[i+1].Action.Kind == model.Ticks {
		i++
	}
	lost := m.lost[i]
	switch a.Kind {
	case model.Ticks:
		m.line("Note over a,b: %s", m.span(m.Times[i+1]-m.Times[first]))
	case model.Calls:
		m.note(a.Side, m.say(a.Call.String()))
	case model.Timeouts:
		m.note(a.Side, m.say("%s, %s", a.Timeout, m.span(m.Timed(i, a.Side).Ticks)))
	case model.Deliveries, model.Copies:
		f := &m.Flights[m.arrived[i].flight]
		arrow := "->>"
		if m.arrived[i].copied {
			arrow = "-->>"
		}
		from, to := m.hops(f)
		m.line("%s%s%s: %s", from, arrow, to, m.label(f))
	}
	if words := m.BoxWords(i); len(words) > 0 {
		m.line("Note over box: %s", strings.Join(words, "<br/>"))
	}
	for _, at := range lost {
		if f := &m.Flights[at]; f.Sent < i {
			m.cross(f)
		}
	}
	for _, at := range m.passed[i] {
		switch f := &m.Flights[at]; {
		case f.Lost == i:
			m.cross(f)
		case !f.atOnce():
			m.line("Note over box: %s", m.say("sends %s", m.label(f)))
		}
	}
	if !o.Moved {
		return i
	}
	side := o.Mover
	var says []string
	if tells := m.tells(m.About.Language, i); tells != "" {
		says = append(says, tells)
	}
	was, is := m.States[i].Ends[side].State, o.To.Ends[side].State
	if is != was {
		says = append(says, is.String())
	}
	if len(says) > 0 {
		m.line("Note %s of %s: %s", [2]string{"left", "right"}[side], side, strings.Join(says, "<br/>"))
	}
	switch model.TimeWait {
	case is:
		if was != is {
			m.line("activate %s", side)
		}
	case was:
		m.line("deactivate %s", side)
	}
	if at := m.sent[i]; at >= 0 {
		switch f := &m.Flights[at]; {
		case f.Lost == i:
			m.cross(f)
		case !f.atOnce():
			m.line("Note %s of %s: %s", [2]string{"right", "left"}[side], side, m.say("sends %s", m.label(f)))
		}
	}
	return i
}

// cross writes the loss of a flight.
func (m *mermaid) cross(f *Flight) {
	from, to := m.hops(f)
	m.line("%s-x%s: %s", from, to, m.label(f))
}
