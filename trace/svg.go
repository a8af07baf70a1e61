package trace

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"tcpclose/model"
)

// Sizes of the picture, in pixels.
const (
	svgWidth  = 940
	svgLineA  = 275 // where a's lifeline is
	svgLineB  = svgWidth - svgLineA
	svgTop    = 64 // where the lifelines begin
	svgText   = 15 // from one line of text to the next
	svgGap    = 11 // between events
	svgLane   = 16 // from a lifeline to the bracket of a timer, and to the next one
	svgLetter = 6.7
)

// SVG writes the story as a time-space diagram. Time goes down, though only its
// order is to scale. An arrow leads from a sending to an arrival; a copy's is
// dashed and comes from the same sending; a lost one ends in X; a bracket beside a
// lifeline is the time for which a timer ran.
func (s *Story) SVG(w io.Writer) error {
	p := &picture{Story: s}
	p.place()
	p.draw()
	_, err := io.WriteString(w, p.document())
	return err
}

type picture struct {
	*Story
	at         []float64 // by event: where it is, from the top
	leaves     []float64 // by event: where what it sends does
	loop       float64   // where what is repeated begins
	inevitable float64   // from where on nothing avoids what is shown
	bottom     float64
	below      strings.Builder // in the order in which they are drawn
	lines      strings.Builder
	arrows     strings.Builder
	words      strings.Builder
}

func lifeline(side model.Side) float64 { return [2]float64{svgLineA, svgLineB}[side] }

// outwards returns the direction away from the other lifeline.
func outwards(side model.Side) float64 { return [2]float64{-1, 1}[side] }

// says returns what stands beside an event.
func (p *picture) says(i int) (lines []svgLabel) {
	a, o := p.Events[i].Action, &p.Events[i].Outcome
	switch a.Kind {
	case model.Calls:
		lines = append(lines, svgLabel{a.Call.String(), "call"})
	case model.Timeouts:
		lines = append(lines, svgLabel{a.Timeout.String(), "timeout"})
	}
	if !o.Moved {
		return lines
	}
	if is := o.To.Ends[o.Mover].State; is != p.States[i].Ends[o.Mover].State {
		lines = append(lines, svgLabel{is.String(), "state"})
	}
	if o.Effect.Told != 0 {
		lines = append(lines, svgLabel{"told: " + o.Effect.Told.String(), "told"})
	}
	return lines
}

type svgLabel struct{ text, class string }

// place finds where events are.
func (p *picture) place() {
	y := float64(svgTop + 2*svgText)
	for i := range p.Events {
		if p.Repeats() && i == p.Loop {
			p.loop = y
			y += 2 * svgText
		}
		if p.Events[i].Action.Kind == model.Ticks {
			p.at, p.leaves = append(p.at, y+svgText/2), append(p.leaves, y)
			y += svgText
			if i+1 < len(p.Events) && p.Events[i+1].Action.Kind != model.Ticks {
				y += svgGap
			}
			continue
		}
		n := max(1, len(p.says(i)))
		p.at = append(p.at, y)
		p.leaves = append(p.leaves, y+svgText/2)
		y += float64(n*svgText + svgGap)
	}
	p.bottom = y + 2*svgText
	if p.Inevitable > 0 {
		for y := range p.at[p.Inevitable:] { // room for the words
			p.at[p.Inevitable+y] += 1.5 * svgText
			p.leaves[p.Inevitable+y] += 1.5 * svgText
		}
		if p.Repeats() && p.Loop >= p.Inevitable {
			p.loop += 1.5 * svgText
		}
		p.inevitable = p.at[p.Inevitable] - 1.4*svgText
		p.bottom += 1.5 * svgText
	}
}

func (p *picture) draw() {
	for _, side := range model.Sides {
		x := lifeline(side)
		fmt.Fprintf(&p.lines, `<line class="life" x1="%.0f" y1="%d" x2="%.0f" y2="%.0f"/>`+"\n", x, svgTop, x, p.bottom)
		p.word(x, svgTop-12, "middle", "end", side.String(), 0)
		p.beside(side, svgTop+svgText/2, svgLabel{p.States[0].Ends[side].State.String(), "state"})
	}
	for i := range p.Events {
		a, o := p.Events[i].Action, &p.Events[i].Outcome
		if a.Kind == model.Ticks {
			p.tick(i)
			continue
		}
		p.word(14, p.at[i]+4, "start", "number", fmt.Sprint(i+1), 0)
		for n, l := range p.says(i) {
			p.beside(o.Mover, p.at[i]+float64(n*svgText), l)
		}
		if o.Moved {
			fmt.Fprintf(&p.words, `<circle class="event" cx="%.0f" cy="%.1f" r="3"/>`+"\n", lifeline(o.Mover), p.at[i])
		}
	}
	if p.Inevitable > 0 {
		fmt.Fprintf(&p.lines, `<line class="doom" x1="14" y1="%.1f" x2="%d" y2="%.1f"/>`+"\n", p.inevitable, svgWidth-14, p.inevitable)
		p.word(svgWidth-14, p.inevitable-4, "end", "doom", "from here on nothing avoids it", 0)
	}
	var ways []way
	for i := range p.Flights {
		ways = append(ways, p.flight(&p.Flights[i]))
	}
	p.labels(ways)
	p.brackets()
	if p.Repeats() {
		fmt.Fprintf(&p.below, `<rect class="loop" x="6" y="%.1f" width="%d" height="%.1f" rx="8"/>`+"\n", p.loop-4, svgWidth-12, p.bottom-p.loop-2)
		p.word(svgWidth/2, p.loop+12, "middle", "loop", fmt.Sprintf("for ever, %s each time", p.span(p.Times[len(p.Events)]-p.Times[p.Loop])), 0)
	}
}

// tick draws the passing of time: a line for each row of ticks, with the time
// after it.
func (p *picture) tick(i int) {
	if i+1 < len(p.Events) && p.Events[i+1].Action.Kind == model.Ticks && i+1 != p.Loop {
		return
	}
	text, from := fmt.Sprintf("t=%d", p.Times[i+1]), 50.0
	if p.About.Tick != 0 {
		text = p.span(p.Times[i+1])
		from = max(from, 20+float64(len(text))*svgLetter)
	}
	fmt.Fprintf(&p.lines, `<line class="time" x1="%.0f" y1="%.1f" x2="%d" y2="%.1f"/>`+"\n", from, p.at[i], svgWidth-14, p.at[i])
	p.word(14, p.at[i]+4, "start", "time", text, 0)
}

// beside writes a label at the outer side of a lifeline.
func (p *picture) beside(side model.Side, y float64, l svgLabel) {
	x := lifeline(side) + outwards(side)*3.2*svgLane
	if l.class == "state" {
		wide := float64(len(l.text))*svgLetter + 12
		left := x
		if side == model.A {
			left = x - wide
		}
		state, _ := model.ParseConnState(l.text)
		class := map[model.ConnState]string{model.Established: "open", model.TimeWait: "waits", model.Closed: "closed"}[state]
		fmt.Fprintf(&p.words, `<rect class="state %s" x="%.1f" y="%.1f" width="%.1f" height="%d" rx="4"/>`+"\n", class, left, y-svgText/2, wide, svgText)
		p.word(left+wide/2, y+4, "middle", "state", l.text, 0)
		return
	}
	p.word(x, y+4, [2]string{"end", "start"}[side], l.class, l.text, 0)
}

// word writes text, turned by degrees round where it stands.
func (p *picture) word(x, y float64, anchor, class, text string, degrees float64) {
	turn := ""
	if degrees != 0 {
		turn = fmt.Sprintf(` transform="rotate(%.2f %.1f %.1f)"`, degrees, x, y)
	}
	fmt.Fprintf(&p.words, `<text class="%s" x="%.1f" y="%.1f" text-anchor="%s"%s>`, class, x, y, anchor, turn)
	xml.EscapeText(&p.words, []byte(text)) // to a strings.Builder: no error
	p.words.WriteString("</text>\n")
}

// flight draws a segment's way, or ways, and returns where its label goes.
func (p *picture) flight(f *Flight) way {
	from, to := lifeline(f.From), lifeline(f.From.Peer())
	w := way{f: f, x1: from, y1: svgTop, x2: to}
	if f.Sent >= 0 {
		w.y1 = p.leaves[f.Sent]
	}
	if at := slices.Index(p.Left(), f); at >= 0 {
		// Ends of several stand side by side.
		x, y := from+(to-from)*(0.88-0.1*float64(at%5)), p.bottom-svgGap
		class := "way"
		if f.Copied() {
			class = "copy"
		}
		p.arrow(class, from, w.y1, x, y, false)
		fmt.Fprintf(&p.arrows, `<circle class="way" cx="%.1f" cy="%.1f" r="4"/>`+"\n", x, y)
		w.x2, w.y2 = x, y
	}
	for n, at := range f.Arrives {
		class := "segment"
		if n > 0 || f.Sent < 0 {
			class = "copy"
		}
		p.arrow(class, from, w.y1, to, p.at[at], true)
	}
	switch {
	case len(f.Arrives) > 0:
		w.x2, w.y2 = to, p.at[f.Arrives[0]]
	case f.Lost >= 0:
		w.x2, w.y2 = from+(to-from)*0.72, w.y1+1.5*svgText
		p.arrow("lost", from, w.y1, w.x2, w.y2, false)
		fmt.Fprintf(&p.arrows, `<path class="cross" d="M%.1f %.1fl12 12m0 -12l-12 12"/>`+"\n", w.x2-6, w.y2-6)
	}
	return w
}

// A way is the arrow along which the label of a flight is written.
type way struct {
	f              *Flight
	x1, y1, x2, y2 float64
}

// slope returns how far it goes down with each step to the side.
func (w *way) slope() float64 { return (w.y2 - w.y1) / math.Abs(w.x2-w.x1) }

// point returns where a letter of the label is that begins so far from the sender.
func (w *way) point(off float64) (x, y float64) {
	toward := -outwards(w.f.From)
	return w.x1 + toward*off, w.y1 + off*w.slope()
}

// labels writes segments along their arrows: the flattest first, near the sender
// if there is no other label there.
func (p *picture) labels(ways []way) {
	slices.SortStableFunc(ways, func(v, w way) int { return cmp.Compare(v.slope(), w.slope()) })
	var taken [][2]float64
	for _, w := range ways {
		text := w.f.Segment.Text(w.f.From)
		lean := math.Hypot(1, w.slope())
		long := float64(len(text)) * 6.2 / lean
		best, lift, fewest := 0.0, 0.0, math.MaxInt
		var points [][2]float64
		for _, dy := range []float64{-4, 12} { // above the arrow, or below
			for off := 26.0; off == 26 || off+long < math.Abs(w.x2-w.x1)-12; off += 8 {
				var here [][2]float64
				met := 0
				for at := off; at <= off+long; at += 10 {
					x, y := w.point(at)
					y += dy - 4
					here = append(here, [2]float64{x, y})
					for _, q := range taken {
						if math.Hypot(x-q[0], y-q[1]) < 12 {
							met++
						}
					}
				}
				if met < fewest {
					best, lift, fewest, points = off, dy, met, here
				}
			}
		}
		taken = append(taken, points...)
		degrees := math.Atan(w.slope()) * 180 / math.Pi
		x, y := w.point(best)
		anchor := "start"
		if w.f.From == model.B {
			anchor, degrees = "end", -degrees
		}
		p.word(x, y+lift, anchor, "segment", text, degrees)
	}
}

func (p *picture) arrow(class string, x1, y1, x2, y2 float64, head bool) {
	end := ""
	if head {
		end = ` marker-end="url(#head)"`
		if class == "copy" {
			end = ` marker-end="url(#copyhead)"`
		}
	}
	fmt.Fprintf(&p.arrows, `<line class="%s" x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f"%s/>`+"\n", class, x1, y1, x2, y2, end)
}

// brackets draws the timers. Those that run at the same time stand side by side.
func (p *picture) brackets() {
	type span struct{ y1, y2 float64 }
	var lanes [2][3][]span
	for i := range p.Timers {
		t := &p.Timers[i]
		s := span{svgTop, p.bottom - svgGap}
		if t.From >= 0 {
			s.y1 = p.leaves[t.From]
		}
		if t.To < len(p.at) {
			s.y2 = p.at[t.To]
		}
		lane := 0
		for ; lane < len(lanes[t.Side])-1; lane++ {
			free := true
			for _, other := range lanes[t.Side][lane] {
				free = free && (s.y2 <= other.y1+1 || s.y1 >= other.y2-1)
			}
			if free {
				break
			}
		}
		lanes[t.Side][lane] = append(lanes[t.Side][lane], s)
		out := outwards(t.Side)
		x := lifeline(t.Side) + out*float64(lane+1)*svgLane
		class := "timer"
		if t.Which == model.TimeWaitEnds {
			class = "timer waits"
		}
		foot := fmt.Sprintf("h%.0f", -out*6)
		if t.End == CutShort {
			foot = fmt.Sprintf("m%.0f -3l%.0f 6", out*5, -out*10) // as if torn off
		}
		if t.End == Running {
			foot = ""
		}
		fmt.Fprintf(&p.lines, `<path class="%s" d="M%.1f %.1fh%.0fV%.1f%s"/>`+"\n", class, x-out*6, s.y1, out*6, s.y2, foot)
		text := t.Name() + " " + p.span(t.Ticks)
		if t.End == CutShort || t.End == Restarted {
			text += ", " + t.End.String()
		}
		if room := s.y2 - s.y1; room < float64(len(text))*5.6 {
			text = p.span(t.Ticks)
			if room < float64(len(text))*5.6 {
				continue
			}
		}
		p.word(x+out*10-(1-out)/2*-7, (s.y1+s.y2)/2, "middle", "timer", text, -90)
	}
}

const svgStyle = `
text { font: 12px "DejaVu Sans Mono", Menlo, Consolas, monospace; fill: #222; }
text.end { font-size: 16px; font-weight: bold; }
text.title { font: bold 14px "DejaVu Sans", Helvetica, Arial, sans-serif; }
text.told, text.time, text.number { fill: #777; font-size: 11px; }
text.call { font-weight: bold; }
text.timeout, text.timer { fill: #8a4b00; font-size: 11px; }
text.timer { font-size: 10px; }
text.state { font-size: 11px; }
text.segment { font-size: 11px; paint-order: stroke; stroke: #fff; stroke-width: 3px; }
text.doom { fill: #c0392b; font-size: 11px; }
line.doom { stroke: #c0392b; stroke-dasharray: 8 4; }
text.loop { fill: #6a3d9a; font-weight: bold; }
.life { stroke: #444; stroke-width: 2; }
line.time { stroke: #ccc; stroke-dasharray: 2 4; }
.event { fill: #444; }
line.segment { stroke: #1f4e8c; stroke-width: 1.6; }
line.copy { stroke: #b8860b; stroke-width: 1.6; stroke-dasharray: 7 4; }
line.lost { stroke: #c0392b; stroke-width: 1.6; }
line.way { stroke: #1f4e8c; stroke-width: 1.6; stroke-dasharray: 1 4; }
circle.way { fill: #fff; stroke: #1f4e8c; stroke-width: 1.6; }
.cross { fill: none; stroke: #c0392b; stroke-width: 2.4; }
path.timer { fill: none; stroke: #c98a2b; stroke-width: 1.4; }
path.waits { stroke: #d35400; stroke-width: 2.4; }
rect.state { fill: #dce8f7; stroke: #8fb0d8; }
rect.open { fill: #dff2df; stroke: #90c290; }
rect.waits { fill: #fde8d4; stroke: #e0a670; }
rect.closed { fill: #eee; stroke: #aaa; }
rect.loop { fill: #f6f0fb; stroke: #6a3d9a; stroke-dasharray: 6 3; }
`

// document returns the whole picture.
func (p *picture) document() string {
	var b strings.Builder
	height := p.bottom + 16
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%.0f" viewBox="0 0 %d %.0f">`+"\n", svgWidth, height, svgWidth, height)
	if p.About.Property != "" {
		b.WriteString("<title>")
		xml.EscapeText(&b, []byte(p.About.Property+": "+p.About.Sentence))
		b.WriteString("</title>\n")
		var t picture
		t.word(svgWidth/2, 20, "middle", "title", p.About.Property, 0)
		p.words.WriteString(t.words.String())
	}
	b.WriteString(`<defs>
<marker id="head" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 1L9 5L0 9z" fill="#1f4e8c"/></marker>
<marker id="copyhead" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 1L9 5L0 9z" fill="#b8860b"/></marker>
</defs>
`)
	fmt.Fprintf(&b, "<style>%s</style>\n", svgStyle)
	fmt.Fprintf(&b, `<rect width="%d" height="%.0f" fill="#fff"/>`+"\n", svgWidth, height)
	b.WriteString(p.below.String() + p.lines.String() + p.arrows.String() + p.words.String())
	b.WriteString("</svg>\n")
	return b.String()
}
