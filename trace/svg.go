package trace

import (
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strings"

	"tcpclose/model"
)

// SVG writes the story as a time-space diagram. Time runs downwards, but only its
// order is to scale. An arrow leads from a sending to an arrival; a copy's is dashed
// and begins at the same sending; a lost one ends in X. A bracket beside a lifeline is
// the time for which a timer ran. A legend explains the symbols that occur.
func (s *Story) SVG(w io.Writer) error {
	p := newPicture(s)
	p.draw()
	_, err := io.WriteString(w, p.document())
	return err
}

// draw draws the picture into its layers.
func (p *picture) draw() {
	p.drawHead()
	for _, side := range model.Sides {
		x := p.life[side]
		fmt.Fprintf(&p.lines, `<line class="life" x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f"/>`+"\n", x, p.top, x, p.bottom)
		p.word(x, p.top-8, "middle", "end", side.String())
		p.beside(side, p.top+firstRow, svgLabel{p.States[0].Ends[side].State.String(), "state"})
	}
	p.drawBox()
	for i := range p.Events {
		if p.Events[i].Action.Kind == model.Ticks {
			p.drawTick(i)
		} else {
			p.drawEvent(i)
		}
	}
	for i := range p.Flights {
		p.drawFlight(i)
	}
	for _, b := range p.segments {
		p.write(b)
	}
	p.drawTimers()
	p.drawBands()
	p.drawLegend()
}

// drawEvent draws an event's number, where it is and what it does to its side.
func (p *picture) drawEvent(i int) {
	p.word(margin, p.at[i]+4, "start", "number", fmt.Sprint(i+1))
	side := p.besideOf(i)
	for n, l := range p.says[i] {
		p.beside(side, p.at[i]+float64(n*lineHeight), l)
	}
	o := &p.Events[i].Outcome
	if !o.Moved {
		return
	}
	if x := p.life[o.Mover]; p.sent[i] >= 0 { // from the event to the sending
		fmt.Fprintf(&p.dots, `<rect class="event" x="%.1f" y="%.1f" width="6" height="%.1f" rx="3"/>`+"\n", x-3, p.at[i]-3, p.leaves[i]-p.at[i]+3)
	} else {
		fmt.Fprintf(&p.dots, `<circle class="event" cx="%.1f" cy="%.1f" r="3"/>`+"\n", x, p.at[i])
	}
}

// drawTick draws the passing of time: a line for each row of ticks, with the time
// after it.
func (p *picture) drawTick(i int) {
	if !p.lastTick(i) {
		return
	}
	fmt.Fprintf(&p.lines, `<line class="time" x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f"/>`+"\n", p.outer[0], p.at[i], p.width-margin, p.at[i])
	p.word(margin, p.at[i]+4, "start", "time", p.timeText(i))
}

// beside writes a label at the outer side of a lifeline.
func (p *picture) beside(side model.Side, y float64, l svgLabel) {
	x := p.inner[side]
	if l.class == "state" {
		wide := textWidth(l.class, l.text) + 2*statePad
		left := x
		if side == model.A {
			left = x - wide
		}
		state, _ := model.ParseConnState(l.text)
		class := map[model.ConnState]string{model.Established: "open", model.TimeWait: "waits", model.Closed: "closed"}[state]
		fmt.Fprintf(&p.dots, `<rect class="%s" x="%.1f" y="%.1f" width="%.1f" height="%d" rx="4"/>`+"\n", strings.TrimSpace("state "+class), left, y-lineHeight/2, wide, lineHeight)
		p.word(left+wide/2, y+4, "middle", "state", l.text)
		return
	}
	p.word(x, y+4, [2]string{"end", "start"}[side], l.class, l.text)
}

// word writes text.
func (p *picture) word(x, y float64, anchor, class, text string) {
	p.write(newTextBox(x, y, anchor, class, text, 0))
}

func (p *picture) write(b textBox) {
	p.texts = append(p.texts, b)
	turn := ""
	if b.degrees != 0 {
		turn = fmt.Sprintf(` transform="rotate(%.2f %.1f %.1f)"`, b.degrees, b.x, b.y)
	}
	fmt.Fprintf(&p.words, `<text class="%s" x="%.1f" y="%.1f" text-anchor="%s"%s>%s</text>`+"\n", b.class, b.x, b.y, b.anchor, turn, escape(b.text))
}

// escape returns text as XML has it.
func escape(text string) string {
	var b strings.Builder
	xml.EscapeText(&b, []byte(text)) // to a strings.Builder: no error
	return b.String()
}

// drawFlight draws the arrows of a flight.
func (p *picture) drawFlight(i int) {
	f := &p.Flights[i]
	for _, l := range p.ways[i] {
		switch l.end {
		case endsHead:
			p.arrow(l, fmt.Sprintf(` marker-end="url(#%shead)"`, strings.TrimPrefix(l.class, "segment")))
		case endsCross:
			p.arrow(l, "")
			fmt.Fprintf(&p.arrows, `<path class="cross" d="M%.1f %.1fl%d %[3]dm0 -%[3]dl-%[3]d %[3]d"/>`+"\n", l.x2-crossSize, l.y2-crossSize, 2*crossSize)
		case endsCircle:
			p.arrow(l, "")
			class := "way"
			if f.Copied() {
				class = "copied"
			}
			fmt.Fprintf(&p.arrows, `<circle class="%s" cx="%.1f" cy="%.1f" r="4"/>`+"\n", class, l.x2, l.y2)
		}
	}
}

func (p *picture) arrow(l svgLine, end string) {
	fmt.Fprintf(&p.arrows, `<line class="%s" x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f"%s/>`+"\n", l.class, l.x1, l.y1, l.x2, l.y2, end)
}

// drawTimers draws a bracket for each timer.
func (p *picture) drawTimers() {
	for i := range p.Timers {
		t := &p.Timers[i]
		y1, y2 := p.bracketSpan(i)
		out := outwards(t.Side)
		x := p.life[t.Side] + out*float64(p.lane[i]+1)*laneWidth
		class := "timer"
		if t.Which == model.TimeWaitEnds {
			class = "timer waits"
		}
		fmt.Fprintf(&p.lines, `<path class="%s" d="%s"/>`+"\n", class, bracket(x, y1, y2, out, t.End))
		for _, text := range p.timerTexts(t) {
			if textWidth("timer", text)+4 <= y2-y1 {
				p.write(newTextBox(x+out*9+3.5, (y1+y2)/2, "middle", "timer", text, -90))
				break
			}
		}
	}
}

// bracket returns the path of a timer's bracket: torn off at its foot if the timer
// was cut short, without a foot if it still runs.
func bracket(x, y1, y2, out float64, end TimerEnd) string {
	foot := fmt.Sprintf("h%.0f", -out*5)
	switch end {
	case CutShort:
		foot = fmt.Sprintf("m%.0f -3l%.0f 6", out*4, -out*8)
	case Running:
		foot = ""
	}
	return fmt.Sprintf("M%.1f %.1fh%.0fV%.1f%s", x-out*5, y1, out*5, y2, foot)
}

// timerTexts returns what can be written along a timer, the longest first. Without the
// name, TIME-WAIT is known by its stroke.
func (p *picture) timerTexts(t *Timer) []string {
	name, span := p.say(t.Name()), p.span(t.Ticks)
	short := []string{name, span}
	if t.Which == model.TimeWaitEnds {
		short = []string{span, name}
	}
	switch {
	case t.Ticks == 0: // it ran in no tick: a length would be of no use
		return []string{name}
	case t.End == Running:
		return append([]string{p.say("%s %s so far", name, span), p.say("%s so far", span)}, short...)
	case t.End == CutShort, t.End == Restarted:
		return append([]string{p.say("%s %s, "+t.End.String(), name, span), name + " " + span}, short...)
	}
	return append([]string{name + " " + span}, short...)
}

// drawBands draws the frame round what is repeated, and the line after which nothing
// avoids what is shown. Their words are in b's outer column, in rows of their own.
func (p *picture) drawBands() {
	words := func(y float64, class string, lines []string) {
		for n, text := range lines {
			p.word(p.inner[model.B], y+float64(n*lineHeight), "start", class, text)
		}
	}
	if p.Repeats() {
		fmt.Fprintf(&p.below, `<rect class="loop" x="4" y="%.1f" width="%.1f" height="%.1f" rx="8"/>`+"\n", p.loopTop, p.width-8, p.bottom-p.loopTop)
		words(p.loopTop+14, "loop", p.loopWords())
	}
	if p.Inevitable > 0 {
		fmt.Fprintf(&p.lines, `<line class="doom" x1="%d" y1="%.1f" x2="%.1f" y2="%.1f"/>`+"\n", margin, p.inevitable, p.width-margin, p.inevitable)
		words(p.inevitable+14, "doom", p.inevitableWords())
	}
	if p.Rests() {
		p.word((p.life[0]+p.life[1])/2, p.bottom-6, "middle", "loop", p.say("nothing more happens"))
	}
}

// document returns the whole picture.
func (p *picture) document() string {
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%.0f" height="%.0f" viewBox="0 0 %.0f %.0f" role="img" aria-labelledby="title desc">`+"\n", p.width, p.height, p.width, p.height)
	title := p.say("A run of two TCP endpoints")
	if p.About.Property != "" {
		title = p.About.Property
		if p.About.Sentence != "" {
			title = p.say("%s: %s", title, p.say(p.About.Sentence))
		}
	}
	last := p.States[len(p.States)-1]
	fmt.Fprintf(&b, "<title id=\"title\">%s</title>\n", escape(title))
	fmt.Fprintf(&b, "<desc id=\"desc\">%s</desc>\n", p.say("Time-space diagram of %d events and %s. Endpoint a is on the left: %s at the start, %s at the end. Endpoint b is on the right: %s at the start, %s at the end.",
		p.NonTicks(), p.About.Language.Count(p.Times[len(p.Times)-1], "tick"), p.States[0].Ends[model.A].State, last.Ends[model.A].State, p.States[0].Ends[model.B].State, last.Ends[model.B].State))
	b.WriteString("<defs>\n")
	for _, class := range []string{"", "copy"} {
		fmt.Fprintf(&b, `<marker id="%shead" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="11" markerHeight="11" markerUnits="userSpaceOnUse" orient="auto"><path class="%s" d="M0 1L9 5L0 9z"/></marker>`+"\n", class, strings.TrimSpace("head "+class))
	}
	fmt.Fprintf(&b, "</defs>\n<style>%s</style>\n", svgStyle)
	fmt.Fprintf(&b, `<rect class="page" width="%.0f" height="%.0f"/>`+"\n", p.width, p.height)
	for _, layer := range []*strings.Builder{&p.below, &p.lines, &p.arrows, &p.dots, &p.keys, &p.words} {
		b.WriteString(layer.String())
	}
	b.WriteString("</svg>\n")
	return b.String()
}

// drawHead writes what the picture shows and of which configuration.
func (p *picture) drawHead() {
	y := float64(margin)
	for _, l := range p.head {
		y += headHeight
		p.word(margin, y-4, "start", l.class, l.text)
	}
}

// drawLegend explains the symbols that occur.
func (p *picture) drawLegend() {
	p.keys.WriteString(`<g class="key">` + "\n")
	for i, k := range p.legend {
		x, y := p.legendAt[i][0], p.legendAt[i][1]
		p.keys.WriteString(k.symbol(x, y))
		p.word(x+k.room, y+4, "start", "legend", k.text)
	}
	p.keys.WriteString("</g>\n")
}

// whereLost returns the middle of the X of each lost flight.
func (p *picture) whereLost() map[int][2]float64 {
	at := map[int][2]float64{}
	for i := range p.ways {
		if j := slices.IndexFunc(p.ways[i], func(l svgLine) bool { return l.end == endsCross }); j >= 0 {
			at[i] = [2]float64{p.ways[i][j].x2, p.ways[i][j].y2}
		}
	}
	return at
}
