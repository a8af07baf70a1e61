package trace

import (
	"fmt"
	"strings"
	"time"

	"tcpclose/box"
	"tcpclose/internal/lang"
	"tcpclose/model"
)

// What the box says of a connection is a view of its own: CLOSE_WAIT of conntrack means
// that it has seen an ACK after a FIN, and not that an end is in CLOSE-WAIT. So states of
// the box stand between asterisks.

// Boxed reports whether there is a box.
func (t *Trace) Boxed() bool { return t.Config.Between.Box != nil }

// boxState returns the state of the box as the box names it, between asterisks, or that it
// has no entry.
func (s *Story) boxState(b *model.BoxState) string {
	if !b.Entry.Used {
		return s.say("no entry")
	}
	return "*" + s.box.State(b.Entry) + "*"
}

// BoxWords returns what the box does in an event, and what its state is then; empty if
// neither is to be told.
func (s *Story) BoxWords(i int) (lines []string) {
	a, o := s.Events[i].Action, &s.Events[i].Outcome
	if !o.Box.Acts {
		return nil
	}
	was, is := &s.States[i].Box, &o.To.Box
	switch {
	case a.Kind == model.Boxes:
		lines = append(lines, s.say([...]string{model.BoxExpires: "the entry expires", model.BoxEvicts: "the entry is evicted", model.BoxRestarts: "the box restarts"}[a.Act]))
	case o.Box.Verdict == box.Dropped:
		lines = append(lines, s.say("the box drops it"))
	case o.Box.Verdict == box.Answered:
		lines = append(lines, s.say("the box answers with RST"))
	}
	state := s.boxState(is)
	if state != s.boxState(was) {
		if is.Entry.Used && is.Entry.Left != box.Never {
			state += ", " + s.boxSpan(int(is.Entry.Left))
		}
		lines = append(lines, state)
	}
	return lines
}

// boxSpan returns a number of ticks, and how long that is for the box.
func (s *Story) boxSpan(n int) string {
	if s.About.Tick != 0 {
		return s.span(n)
	}
	return s.say("%s s", Decimal(time.Duration(n)*s.box.TickLength()))
}

// follow has the story follow what the box passes on and sends in an event.
func (s *Story) follow(nets *[2][]parcel, i int, passing *parcel) {
	a, o := s.Events[i].Action, &s.Events[i].Outcome
	if !o.Box.Acts {
		return
	}
	put := func(side model.Side, p model.Packet) {
		f := s.send(side, p.Segment, i)
		s.Flights[f].Behind, s.Flights[f].aged = true, int(p.Age)
		s.passed[i] = append(s.passed[i], f)
		nets[side] = append(nets[side], parcel{p, []int{f}, false})
	}
	if passing != nil && o.Box.Verdict == box.Passed {
		p := a.Packet
		p.Behind = true
		put(a.Side, p)
	}
	for _, side := range model.Sides {
		if g := o.Box.Resets[side]; g != (model.Segment{}) {
			put(side, model.Packet{Segment: g, Of: o.Box.Tag[side], Behind: true})
		}
	}
}

// hops returns the names of where a flight goes from and to.
func (s *Story) hops(f *Flight) (from, to string) {
	from, to = f.From.String(), f.From.Peer().String()
	switch {
	case f.Behind:
		from = "box"
	case s.box.Meets(f.From, model.Packet{}):
		to = "box"
	}
	return from, to
}

// A boxed ladder has the lifeline of the box in the middle.
const (
	boxColumn = middleWidth / 2
	hopWidth  = boxColumn
)

// short returns a segment in few characters, and what did not find room: its control bits,
// SEQ and ACK, and octets of text.
func short(g model.Segment, from model.Side) (label, rest string) {
	_, bits, _ := strings.Cut(g.Text(from), "<CTL=")
	label = strings.TrimSuffix(bits, ">") + fmt.Sprintf(" %d", g.Seq.In(from))
	if g.Ctl.Has(model.ACK) {
		label += fmt.Sprintf("/%d", g.Ack.In(from.Peer()))
	}
	if g.Len > 0 {
		label += fmt.Sprintf(" +%d", g.Len)
	}
	if g.Wnd != model.Wide {
		rest = fmt.Sprintf("<WND=%d>", g.Wnd.Size())
	}
	if g.Ts > 0 {
		rest += fmt.Sprintf("<TS=%d>", g.Ts)
	}
	return label, rest
}

// hop draws a segment in its hop, between two ends of arrows as segment has them.
func (l *ladder) hop(r row, from model.Side, g model.Segment, behind bool, tail, head string, st style) {
	label, rest := short(g, from)
	digits := strings.Trim(tail, "-.>X ")
	line, fill, end := tail[:1], strings.Trim(head[:1], " "), head[len(head)-1:]
	if end == " " {
		end = "."
	}
	room := max(0, hopWidth-len(label)-len(digits)-1)
	left := min(1, room)
	text := digits + strings.Repeat(line, left) + label + strings.Repeat(fill, room-left) + end
	if from == model.B {
		if end == ">" {
			end = "<"
		}
		text = end + strings.Repeat(fill, room-left) + label + strings.Repeat(line, left) + digits
	}
	if len(text) > hopWidth {
		text = text[:hopWidth]
	}
	right := (from == model.A) == behind
	place := func(text string) string {
		if right {
			return strings.Repeat(" ", boxColumn) + "*" + text
		}
		return fmt.Sprintf("%-*s*", hopWidth, text)
	}
	r.middle, r.style = place(text), st
	l.put(r)
	if rest != "" {
		l.put(row{middle: place(" " + rest), style: st})
	}
}

// boxRows says what the box does in an event.
func (l *ladder) boxRows(r row, i int) {
	for n, line := range l.BoxWords(i) {
		if n > 0 {
			r = row{}
		}
		r.middle, r.style = center(line), cyan
		l.put(r)
	}
}

// lifeline returns the middle of a row, with the lifeline of the box where
// nothing else is.
func (l *ladder) lifeline(middle string) string {
	if !l.Boxed() {
		return middle
	}
	if len(middle) <= boxColumn {
		return fmt.Sprintf("%-*s*", boxColumn, middle)
	}
	if strings.TrimLeft(middle, " ") != "" && middle[boxColumn] == ' ' && (boxColumn == 0 || middle[boxColumn-1] == ' ') && isASCII(middle) {
		return middle[:boxColumn] + "*" + middle[boxColumn+1:]
	}
	return middle
}

func isASCII(text string) bool {
	for _, c := range []byte(text) {
		if c >= 0x80 {
			return false
		}
	}
	return true
}

// boxLegend says how a ladder with a box is read.
func (l *ladder) boxLegend() {
	if l.Boxed() {
		const may = "\u200b" // the name of a box with settings has no spaces: it breaks behind a comma
		name := strings.ReplaceAll(l.Config.Between.Box.Name, ",", ","+may)
		for _, line := range lang.Fold(l.say("*STATE* is what the box (%s) takes the connection for,", name), traceWidth) {
			fmt.Fprintln(&l.out, strings.ReplaceAll(line, may, ""))
		}
		fmt.Fprintln(&l.out, l.say("and no state of an end. Segments: control bits SEQ/ACK +octets."))
	}
}
