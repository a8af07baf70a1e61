package trace

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"tcpclose/internal/lang"
	"tcpclose/model"
)

// The ladder is 80 columns wide:
//
//	# time a                                                     b
//	     0 ESTABLISHED  |                                       | ESTABLISHED
//
// number (5), a mark, time (4), a's state (12), a's timers (1), a's lifeline,
// what passes between them, and the same of b. A time that is wider takes its room
// from the number.
const (
	stateWidth  = 12
	middleWidth = 41
	arrowWidth  = 4
	labelWidth  = middleWidth - 2*arrowWidth - 2
	timeWidth   = 4
	countWidth  = 5 + timeWidth // of number and time
)

// LadderOptions is how a ladder is written.
type LadderOptions struct {
	Color   bool // with the escapes of a terminal
	Explain bool // with the clauses that each event follows, in words
}

// Ladder writes the story as a time-space diagram, in the notation of RFC 9293's
// figures: an arrow at one end is a departure or an arrival, dots are where a
// segment is still in the network, X is where it is lost. A number in an arrow
// tells which sending it was, where its arrow is in two places. A dashed arrow is
// a copy's.
func (s *Story) Ladder(w io.Writer, o LadderOptions) error {
	l := &ladder{Story: s, options: o, lane: [2]int{-1, -1}, held: -1, wide: timeWidth}
	for _, now := range s.Times {
		l.wide = min(max(l.wide, len(s.clock(now))), countWidth-1)
	}
	l.write()
	_, err := io.WriteString(w, l.out.String())
	return err
}

type ladder struct {
	*Story
	options LadderOptions
	out     strings.Builder
	shown   [2]model.ConnState
	lane    [2]int // the timer that is drawn beside each lifeline, or -1
	shownAt int    // the time that was shown last
	held    int    // the flight that has been sent and is not drawn yet, or -1
	looping bool
	wide    int // of the widest time
}

// A row is a line of the ladder.
type row struct {
	number string
	mark   string
	time   string
	state  [2]string
	event  int        // 1 + the event whose first row it is; 0 if it is none
	mover  model.Side // who moves in it
	middle string
	style  style
	lost   bool // it is from here on that the run can no longer avoid what it shows
}

// A style is how a terminal shows something.
type style string

const (
	plain  style = ""
	bold   style = "1"
	dim    style = "2"
	red    style = "31"
	yellow style = "33"
	cyan   style = "36"
)

// paint returns text in a style, where there are styles.
func (l *ladder) paint(text string, s style) string {
	if !l.options.Color || s == plain || strings.TrimSpace(text) == "" {
		return text
	}
	return "\x1b[" + string(s) + "m" + text + "\x1b[0m"
}

func (l *ladder) put(r row) {
	var timer [2]string
	for _, side := range model.Sides {
		switch {
		case r.event > 0 && side == r.mover:
			timer[side] = l.bracket(r.event-1, side)
		case l.lane[side] >= 0:
			timer[side] = ":"
		}
	}
	if r.mark == "" {
		r.mark = " "
		if l.looping {
			r.mark = "|"
		}
		if r.lost {
			r.mark = "!"
		}
	}
	line := fmt.Sprintf("%*s%s%*s %s%s|%s|%s%s", countWidth-l.wide, r.number, l.paint(r.mark, red),
		min(l.wide, max(0, countWidth-len(r.number))), r.time,
		l.paint(fmt.Sprintf("%-*s", stateWidth, r.state[model.A]), bold), l.paint(fmt.Sprintf("%1s", timer[model.A]), cyan),
		l.paint(lang.Pad(l.lifeline(r.middle), middleWidth), r.style),
		l.paint(fmt.Sprintf("%1s", timer[model.B]), cyan), l.paint(r.state[model.B], bold))
	l.out.WriteString(strings.TrimRight(line, " ") + "\n")
}

// write draws all of it.
func (l *ladder) write() {
	unit := l.say("time")
	if l.About.Tick != 0 {
		unit = l.say("s")
	}
	fmt.Fprintf(&l.out, "%*s %s %-*s%s\n", countWidth-l.wide, "#", lang.PadLeft(unit, l.wide), stateWidth+middleWidth+4, l.heads(), "b")
	first := row{time: "0"}
	for _, side := range model.Sides {
		l.shown[side] = l.States[0].Ends[side].State
		first.state[side] = l.shown[side].String()
		l.bracket(-1, side)
	}
	if l.Boxed() {
		first.middle = center(l.boxState(&l.States[0].Box))
	}
	l.put(first)
	for i := 0; i < len(l.Events); i++ {
		if l.Repeats() && i == l.Loop {
			l.depart()
			l.put(row{mark: "+", middle: center(l.say("-- forever, from here --")), style: yellow})
			l.looping = true
		}
		i = l.event(i)
	}
	last := l.held
	l.depart()
	l.end(last)
}

// heads returns what stands above the lifelines of a and of the box.
func (l *ladder) heads() string {
	if !l.Boxed() {
		return "a"
	}
	return fmt.Sprintf("%-*s%s", stateWidth+2+boxColumn, "a", "box")
}

// event draws an event, or several in which only time passes; it returns the last
// of them.
func (l *ladder) event(i int) int {
	a, o := l.Events[i].Action, &l.Events[i].Outcome
	if a.Kind == model.Ticks {
		return l.pass(i)
	}
	r := row{number: fmt.Sprint(i + 1), lost: i+1 == l.Inevitable}
	if now := l.Times[i+1]; now != l.shownAt {
		r.time, l.shownAt = l.clock(now), now
	}
	side := o.Mover
	if o.Moved {
		r.event, r.mover = i+1, side
		if is := o.To.Ends[side].State; is != l.shown[side] {
			r.state[side], l.shown[side] = is.String(), is
		}
	}
	switch a.Kind {
	case model.Calls, model.Timeouts:
		l.depart()
		text := l.say("(%s)", l.say(a.Call.String()))
		if a.Kind == model.Timeouts {
			text = l.say("(%s, %s)", a.Timeout, l.length(l.Timed(i, side)))
		}
		r.middle, r.style = beside(side, text), cyan
		l.put(r)
	case model.Deliveries, model.Copies:
		l.arrive(r, i)
	case model.Boxes:
		l.depart()
		l.boxRows(r, i)
	case model.Losses:
		if len(l.lost[i]) > 0 {
			l.lose(r, l.lost[i][0])
		} else { // a copy that nobody misses
			l.depart()
			l.segment(r, a.Side, a.Packet.Segment, a.Packet.Behind, "....", "...X", red)
		}
	}
	if o.Box.Acts && a.Kind != model.Boxes {
		l.boxRows(row{}, i)
	}
	for _, f := range l.passed[i] {
		l.depart()
		l.held = f
	}
	if !o.Moved {
		return i
	}
	if t := l.Timed(i, side); t != nil && (t.End == Restarted || t.End == CutShort) {
		l.put(row{middle: beside(side, l.say("(%s "+t.End.String()+" after %s)", l.say(t.Name()), l.span(t.Ticks))), style: cyan})
	}
	if tells := l.tells(l.About.Language, i); tells != "" {
		l.put(row{middle: beside(side, tells)})
	}
	if l.options.Explain {
		l.explain(i)
	}
	l.held = l.sent[i]
	return i
}

// pass draws the passing of time, from event i on.
func (l *ladder) pass(i int) int {
	l.depart()
	first := i
	idle := func(i int) bool { return l.Events[i].Action.Kind == model.Ticks && len(l.lost[i]) == 0 }
	for idle(i) && i+1 < len(l.Events) && i+1 != l.Loop && i+1 != l.Inevitable && idle(i+1) {
		i++
	}
	r := row{number: fmt.Sprint(i + 1), time: l.clock(l.Times[i+1]), middle: center("~ " + l.span(l.Times[i+1]-l.Times[first]) + " ~"), style: dim, lost: i+1 == l.Inevitable}
	if i > first {
		r.number = fmt.Sprintf("%d-%d", first+1, i+1)
	}
	for _, shorter := range []string{fmt.Sprintf("-%d", i+1), ""} {
		if len(r.number)+len(r.time) > countWidth {
			r.number = shorter
		}
	}
	l.shownAt = l.Times[i+1]
	l.put(r)
	for _, f := range l.lost[i] {
		l.lose(row{}, f)
	}
	return i
}

// arrive draws the arrival of event i, with the departure if that was just now.
func (l *ladder) arrive(r row, i int) {
	arrived := l.arrived[i]
	f := &l.Flights[arrived.flight]
	tail, head, style := dots(f.Number), "--->", plain
	switch {
	case arrived.copied:
		head, style = "- ->", yellow
	case l.held == arrived.flight:
		tail, l.held = "--->", -1
		if len(f.Arrives) > 1 || slices.Contains(l.Left(), f) {
			tail = numbered(f.Number)
		}
	}
	l.depart()
	l.segment(r, f.From, f.Segment, f.Behind, tail, head, style)
	if older := l.Overtaken(f); len(older) > 0 && !arrived.copied {
		var numbers []string
		for _, g := range older {
			numbers = append(numbers, fmt.Sprint(g.Number))
		}
		l.put(row{middle: beside(f.From.Peer(), l.say("overtakes %s", strings.Join(numbers, ", "))), style: yellow})
	}
}

// lose draws the loss of a flight, with its departure if that was just now.
func (l *ladder) lose(r row, flight int) {
	f := &l.Flights[flight]
	tail, head := dots(f.Number), "...X"
	if l.held == flight {
		tail, head, l.held = "--->", "---X", -1
	}
	l.depart()
	l.segment(r, f.From, f.Segment, f.Behind, tail, head, red)
}

// depart draws the departure that waits to be drawn, if there is one.
func (l *ladder) depart() {
	if l.held < 0 {
		return
	}
	f := &l.Flights[l.held]
	l.held = -1
	if f.Lost >= 0 && f.Lost == f.Sent {
		l.segment(row{}, f.From, f.Segment, f.Behind, "--->", "---X", red)
		return
	}
	l.segment(row{}, f.From, f.Segment, f.Behind, numbered(f.Number), "....", plain)
}

// segment draws a segment between two ends of arrows, as of one that goes right.
func (l *ladder) segment(r row, from model.Side, g model.Segment, behind bool, tail, head string, s style) {
	if behind || l.box.Meets(from, model.Packet{}) {
		l.hop(r, from, g, behind, tail, head, s)
		return
	}
	label, rest := g.Text(from), ""
	for len(label) > labelWidth {
		at := strings.LastIndex(label, "<")
		label, rest = label[:at], label[at:]+rest
	}
	r.style = s
	if from == model.B {
		tail, head = mirror(head), mirror(tail)
	}
	r.middle = fmt.Sprintf("%s %-*s %s", tail, labelWidth, label, head)
	l.put(r)
	if rest != "" {
		l.put(row{middle: fmt.Sprintf("%*s%s", arrowWidth+1, "", rest), style: s})
	}
}

// numbered returns the tail of an arrow with the number of the sending, dots the same
// of one that is still in the network.
func numbered(n int) string { return fmt.Sprintf("-%s>", (fmt.Sprint(n) + "--")[:2]) }
func dots(n int) string     { return fmt.Sprintf(".%s.", (fmt.Sprint(n) + "..")[:2]) }

// mirror returns an end of an arrow that goes left. Numbers are read as before.
func mirror(end string) string {
	digits := strings.Trim(end, "-.>X ")
	at := strings.Index(end, digits)
	turn := func(s string) string {
		var b strings.Builder
		for i := len(s) - 1; i >= 0; i-- {
			c := s[i]
			if c == '>' {
				c = '<'
			}
			b.WriteByte(c)
		}
		return b.String()
	}
	return turn(end[at+len(digits):]) + digits + turn(end[:at])
}

// bracket returns what is drawn beside a lifeline at an event, for the timers that it
// starts and ends.
func (l *ladder) bracket(event int, side model.Side) string {
	text := ""
	if at := l.lane[side]; at >= 0 {
		if l.Timers[at].To != event {
			return ":"
		}
		text, l.lane[side] = "'", -1
	}
	for i := range l.Timers {
		if t := &l.Timers[i]; t.From == event && t.Side == side && t.To > event && l.lane[side] < 0 {
			l.lane[side] = i
			if text != "" {
				return "+"
			}
			return "."
		}
	}
	return text
}

// length returns how long a timer has run.
func (l *ladder) length(t *Timer) string {
	if msl := int(l.Config.MSLOf(t.Side)); l.About.Tick == 0 && t.Which == model.TimeWaitEnds && t.Ticks%msl == 0 {
		return l.say("%d MSL = %s", t.Ticks/msl, l.span(t.Ticks))
	}
	return l.span(t.Ticks)
}

// explain says which clauses an event follows.
func (l *ladder) explain(i int) {
	for _, c := range l.Events[i].Outcome.Effect.Clauses.List() {
		info := c.Info()
		for _, line := range wrap(l.say("%s [%s]", l.say(info.Sentence), l.About.Language.Cite(info.Source)), middleWidth-4) {
			l.put(row{middle: "  " + line, style: dim})
		}
	}
}

// end says how a ladder with a box is read, what is still in transit, except for a flight that was just drawn, and how the
// run goes on, if it does.
func (l *ladder) end(drawn int) {
	defer l.boxLegend()
	if l.Repeats() {
		l.put(row{mark: "+", middle: center(l.say("-- again from event %d: %s each time --", l.Loop+1, l.span(l.Times[len(l.Events)]-l.Times[l.Loop]))), style: yellow})
		return
	}
	heading := l.say("-- still in transit --")
	for _, f := range l.Left() {
		if f.Number-1 == drawn {
			continue
		}
		if heading != "" {
			l.put(row{middle: center(heading), style: dim})
			heading = ""
		}
		head, style := "....", plain
		if f.Copied() {
			head, style = ". . ", yellow
		}
		l.segment(row{}, f.From, f.Segment, f.Behind, dots(f.Number), head, style)
	}
	if l.Inevitable > 0 {
		fmt.Fprintln(&l.out, l.say("! After event %d nothing that the network and the applications do avoids it.", l.Inevitable))
	}
	last := &l.States[len(l.Events)]
	if y, err := l.System(); err == nil && len(y.Actions(nil, *last)) == 0 {
		fmt.Fprintln(&l.out, l.say("Nothing more can happen: a rests in %s, b in %s.", last.Ends[model.A].State, last.Ends[model.B].State))
	}
}

// say returns a message in the language of the story.
func (s *Story) say(english string, args ...any) string {
	return s.About.Language.Say(english, args...)
}

// told returns in a language what a user is told.
func told(in lang.Language, n model.Notice) string {
	if in == lang.English {
		return n.String()
	}
	words := strings.Split(n.String(), ", ")
	for i, word := range words {
		words[i] = "told " + word
	}
	return in.List(words)
}

// beside returns text at the lifeline of side, center text in the middle.
func beside(side model.Side, text string) string {
	if side == model.A {
		return text
	}
	return lang.PadLeft(text, middleWidth)
}

func center(text string) string {
	return strings.Repeat(" ", max(0, (middleWidth-lang.Width(text))/2)) + text
}

// wrap breaks text at spaces into lines of at most width characters.
func wrap(text string, width int) (lines []string) {
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && len(line)+1+len(word) > width {
			lines = append(lines, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	return append(lines, line)
}
