package trace

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/rivo/uniseg"

	"tcpclose/internal/lang"
	"tcpclose/model"
)

// Sizes of the picture, in pixels.
const (
	margin     = 10
	lineHeight = 15 // from one line of text to the next
	headHeight = 17 // the same above the picture
	firstRow   = 14 // from the top of the lifelines to the first states
	sendDrop   = 17 // from an event to the sending that it causes: room for the segment's text
	crossDrop  = 20 // from a sending to the X of a segment that is lost at once
	crossSize  = 6  // from the middle of the X to its edges
	rowGap     = 9  // between events
	laneWidth  = 19 // from a lifeline to the bracket of a timer, and to the next one
	outerCells = 18 // of text in the columns outside, at most
	statePad   = 6
	minWidth   = 640
	lifeGap    = 370 // between the lifelines, at least
)

// A picture is a story with the places of what is drawn of it.
type picture struct {
	*Story
	says   [][]svgLabel // by event: what is written beside it
	lane   []int        // by timer: how far from the lifeline its bracket is
	life   [2]float64   // the lifelines
	box    float64      // that of the box, if there is one
	inner  [2]float64   // where the outer columns of text begin, seen from the lifelines
	outer  [2]float64   // where they end
	width  float64
	head   []svgLabel
	top    float64   // where the lifelines begin
	start  []float64 // by flight: where it leaves if it was in transit at the start
	at     []float64 // by event: where it is, from the top
	leaves []float64 // by event: where what it sends leaves
	ways   [][]svgLine

	segments []textBox  // by flight
	boxSays  [][]string // by event: what is written on the lifeline of the box

	loopTop    float64 // where what is repeated begins
	inevitable float64 // from where on nothing avoids what is shown
	bottom     float64 // where the lifelines end

	legend   []legendKey
	legendAt [][2]float64
	height   float64

	below, lines, arrows, dots, keys, words strings.Builder // layers, the lowest first
	texts                                   []textBox
}

// A svgLabel is a line of text and its class.
type svgLabel struct{ text, class string }

func newPicture(s *Story) *picture {
	p := &picture{Story: s}
	for i := range s.Events {
		p.says = append(p.says, p.sayings(i))
	}
	p.placeLanes()
	p.placeColumns()
	p.placeHead()
	p.placeRows()
	p.placeWays()
	p.placeSegments()
	p.placeEnds()
	p.placeLegend()
	return p
}

// outwards returns the direction away from the other lifeline.
func outwards(side model.Side) float64 { return [2]float64{-1, 1}[side] }

// sizeOf returns the height of text, and the width of a character: on average, where
// the font has no fixed width.
func sizeOf(class string) (size, advance float64) {
	size, ok := textSize[class]
	if !ok {
		size = 11
	}
	switch class {
	case "title":
		return size, 0.62 * size // it is bold
	case "sentence", "legend":
		return size, 0.55 * size
	}
	return size, 0.605 * size
}

func textWidth(class, text string) float64 {
	_, advance := sizeOf(class)
	return float64(uniseg.StringWidth(text)) * advance
}

// sayings returns what is written beside an event.
func (p *picture) sayings(i int) (lines []svgLabel) {
	say := func(text, class string) {
		for _, line := range lang.Fold(text, outerCells) {
			lines = append(lines, svgLabel{line, class})
		}
	}
	a, o := p.Events[i].Action, &p.Events[i].Outcome
	switch a.Kind {
	case model.Calls:
		say(p.say(a.Call.String()), "call")
	case model.Timeouts:
		say(a.Timeout.String(), "timeout")
	case model.Losses:
		if len(p.lost[i]) == 0 {
			say(p.say("a copy is lost"), "told")
		}
	}
	if !o.Moved {
		return lines
	}
	if is := o.To.Ends[o.Mover].State; is != p.States[i].Ends[o.Mover].State {
		say(is.String(), "state")
	}
	if tells := p.tells(p.About.Language, i); tells != "" {
		say(tells, "told")
	}
	return lines
}

// besideOf returns the side beside which an event's words are.
func (p *picture) besideOf(i int) model.Side {
	if e := &p.Events[i]; e.Action.Kind == model.Losses {
		return e.Action.Side.Peer()
	}
	return p.Events[i].Outcome.Mover
}

// placeLanes puts timers that run at the same time side by side.
func (p *picture) placeLanes() {
	p.lane = make([]int, len(p.Timers))
	for i := range p.Timers {
		t := &p.Timers[i]
	lanes:
		for ; ; p.lane[i]++ {
			for j := range p.Timers[:i] {
				if u := &p.Timers[j]; u.Side == t.Side && p.lane[j] == p.lane[i] && t.From < u.To && u.From < t.To {
					continue lanes
				}
			}
			break
		}
	}
}

// placeColumns finds where the lifelines and the columns of text are.
func (p *picture) placeColumns() {
	var wide [2]float64 // of the outer columns
	wider := func(side model.Side, l svgLabel) {
		w := textWidth(l.class, l.text)
		if l.class == "state" {
			w += 2 * statePad
		}
		wide[side] = max(wide[side], w)
	}
	numbers := textWidth("number", "00")
	for _, side := range model.Sides {
		wider(side, svgLabel{p.States[0].Ends[side].State.String(), "state"})
	}
	for i := range p.Events {
		for _, l := range p.says[i] {
			wider(p.besideOf(i), l)
		}
		if p.Events[i].Action.Kind != model.Ticks {
			numbers = max(numbers, textWidth("number", fmt.Sprint(i+1)))
		} else if p.lastTick(i) {
			numbers = max(numbers, textWidth("time", p.timeText(i)))
		}
	}
	if p.Inevitable > 0 {
		for _, l := range p.inevitableWords() {
			wider(model.B, svgLabel{l, "doom"})
		}
	}
	if p.Repeats() {
		for _, l := range p.loopWords() {
			wider(model.B, svgLabel{l, "loop"})
		}
	}
	var lanes [2]int
	for i := range p.Timers {
		lanes[p.Timers[i].Side] = max(lanes[p.Timers[i].Side], p.lane[i]+1)
	}
	middle := float64(lifeGap)
	for i := range p.Flights {
		f := &p.Flights[i]
		middle = max(middle, textWidth("segment", p.label(f))+80)
	}
	if p.Boxed() {
		middle = max(middle, boxGap)
	}
	var gap [2]float64
	for _, side := range model.Sides {
		gap[side] = 12
		if lanes[side] > 0 { // and room for the words along the last
			gap[side] = float64(lanes[side])*laneWidth + 18
		}
	}
	p.outer[0] = margin + numbers + 8
	p.inner[0] = p.outer[0] + wide[0]
	p.life[0] = p.inner[0] + gap[0]
	p.life[1] = p.life[0] + middle
	p.inner[1] = p.life[1] + gap[1]
	p.outer[1] = p.inner[1] + wide[1]
	p.width = math.Ceil(p.outer[1] + margin)
	if more := minWidth - p.width; more > 0 { // room for the words above and below
		p.width = minWidth
		for _, side := range model.Sides {
			p.inner[side] += more / 2
			p.life[side] += more / 2
		}
	}
	p.box = (p.life[0] + p.life[1]) / 2
}

// placeHead breaks the text above the picture into lines.
func (p *picture) placeHead() {
	add := func(text, class string) {
		for _, line := range lang.Fold(text, int((p.width-2*margin)/textWidth(class, "0"))) {
			p.head = append(p.head, svgLabel{line, class})
		}
	}
	if p.About.Property != "" {
		title := p.About.Property
		if p.About.Verdict != "" {
			title = p.say("%s: %s", title, p.say(p.About.Verdict))
		}
		add(title, "title")
	}
	add(p.say(p.About.Sentence), "sentence")
	add(p.say("Configuration: %s", configText(&p.Config)), "config")
	if p.Boxed() {
		add(p.boxHead(), "config")
	}
	p.top = margin + float64(len(p.head))*headHeight + 34
}

// configText returns the fields of a configuration that matter in every run, and those
// that differ from the default.
func configText(c *model.Config) string {
	base := model.Default()
	var words []string
	for _, f := range c.Fields() {
		switch value := f.Get(*c); {
		case value != f.Get(base):
			words = append(words, f.Name+"="+value)
		default:
			switch f.Base {
			case "msl", "time-wait", "rto", "r2", "loss", "duplicate", "reorder", "capacity":
				words = append(words, f.Name+"="+value)
			}
		}
	}
	return strings.Join(words, " ")
}

// lastTick reports whether an event is the last of a row of ticks.
func (p *picture) lastTick(i int) bool {
	return p.Events[i].Action.Kind == model.Ticks &&
		(i+1 == len(p.Events) || p.Events[i+1].Action.Kind != model.Ticks || p.band(i+1))
}

// band reports whether there is something between an event and the one before.
func (p *picture) band(i int) bool {
	return p.Repeats() && i == p.Loop || p.Inevitable > 0 && i == p.Inevitable
}

// timeText returns the time after an event.
func (p *picture) timeText(i int) string {
	if p.About.Tick != 0 {
		return p.span(p.Times[i+1])
	}
	return fmt.Sprintf("t=%d", p.Times[i+1])
}

// inevitableWords returns what is written where a violation cannot be avoided any more.
func (p *picture) inevitableWords() []string {
	return []string{p.say("from here on"), p.say("nothing avoids it")}
}

// loopWords returns what is written of what is repeated.
func (p *picture) loopWords() []string {
	time := p.Times[len(p.Events)] - p.Times[p.Loop]
	if time == 0 {
		return []string{p.say("repeated forever,"), p.say("in zero time")}
	}
	return []string{p.say("repeated forever,"), p.say("%s each time", p.span(time))}
}

// placeRows finds where events are. What is written of an event, its segment's text
// and an X at once have room before the next.
func (p *picture) placeRows() {
	y := p.top + firstRow + lineHeight/2 + rowGap // free from here on
	p.start = make([]float64, len(p.Flights))
	for i := range p.Flights {
		if p.Flights[i].Sent < 0 {
			p.start[i] = y + sendDrop - 4
			y += sendDrop + rowGap
		}
	}
	n := len(p.Events)
	p.at, p.leaves = make([]float64, n), make([]float64, n)
	for i := 0; i < n; i++ {
		if p.Inevitable > 0 && i == p.Inevitable {
			p.inevitable = y
			y += float64(len(p.inevitableWords())*lineHeight) + rowGap
		}
		if p.Repeats() && i == p.Loop {
			p.loopTop = y
			y += float64(len(p.loopWords())*lineHeight) + rowGap
		}
		if p.Events[i].Action.Kind != model.Ticks {
			y = p.placeEvent(i, y)
			continue
		}
		p.boxSays = append(p.boxSays, make([][]string, p.lastOf(i)-i+1)...)
		last := p.lastOf(i)
		count := float64(last - i + 1)
		step := min(24+10*count, 84) / count
		for ; i <= last; i++ {
			y += step
			p.at[i], p.leaves[i] = y, y
		}
		i = last
		y += rowGap
	}
	if len(p.Left()) > 0 {
		y += 26
	}
	if p.Rests() {
		y += lineHeight
	}
	p.bottom = y + 2
}

// lastOf returns the last of the row of ticks that begins with an event.
func (p *picture) lastOf(i int) int {
	for !p.lastTick(i) {
		i++
	}
	return i
}

// placeEvent puts an event below y, and returns where the next may be.
func (p *picture) placeEvent(i int, y float64) float64 {
	at := y + lineHeight/2
	p.at[i], p.leaves[i] = at, at+6
	end := at + float64(max(1, len(p.says[i]))-1)*lineHeight + lineHeight/2
	end = max(end, p.placeBoxEvent(i, at))
	if f := p.sent[i]; f >= 0 {
		p.leaves[i] = at + sendDrop
		end = max(end, p.leaves[i]+2)
		if p.Flights[f].Lost == i {
			end = max(end, p.leaves[i]+crossDrop+crossSize)
		}
	}
	return end + rowGap
}

// leave returns where a flight leaves its sender.
func (p *picture) leave(f *Flight) float64 {
	if f.Sent < 0 {
		return p.start[f.Number-1]
	}
	return p.leaves[f.Sent]
}

// An svgLine is an arrow, or a part of the way of a segment.
type svgLine struct {
	class          string
	x1, y1, x2, y2 float64
	end            lineEnd
}

// A lineEnd is what is drawn where a line ends.
type lineEnd uint8

const (
	endsHead   lineEnd = iota // it arrives
	endsCross                 // it is lost
	endsCircle                // it is still in transit
)

// placeWays finds the arrows of each flight.
func (p *picture) placeWays() {
	p.ways = make([][]svgLine, len(p.Flights))
	left := map[*Flight]bool{}
	for _, f := range p.Left() {
		left[f] = true
	}
	ends := [2]float64{} // by side: how many of its segments are in transit at the end
	for i := range p.Flights {
		f := &p.Flights[i]
		to := p.to(f)
		if left[f] { // ends of several are side by side
			class := "way"
			if f.Copied() {
				class = "copy"
			}
			p.way(f, class, p.across(f, 0.9-0.07*math.Mod(ends[f.From], 11)), p.bottom-12, endsCircle)
			ends[f.From]++
		}
		for n, at := range f.Arrives {
			class := "segment"
			if n > 0 || f.Sent < 0 {
				class = "copy"
			}
			p.way(f, class, to, p.at[at], endsHead)
		}
	}
	for i := range p.Flights {
		if f := &p.Flights[i]; f.Lost >= 0 {
			y := p.leave(f) + crossDrop
			if f.Lost > f.Sent {
				y = p.at[f.Lost]
			}
			p.way(f, "lost", p.crossAt(f, y), y, endsCross)
		}
	}
}

// way adds an arrow to a flight.
func (p *picture) way(f *Flight, class string, x, y float64, end lineEnd) {
	i := f.Number - 1
	p.ways[i] = append(p.ways[i], svgLine{class, p.from(f), p.leave(f), x, y, end})
}

// across returns where a part of the way from a flight's sender to its peer ends.
func (p *picture) across(f *Flight, part float64) float64 {
	from, to := p.from(f), p.to(f)
	return from + (to-from)*part
}

// crossAt returns where the X of a lost flight is at a height: where no other arrow
// passes, if there is such a place.
func (p *picture) crossAt(f *Flight, y float64) float64 {
	for part := 0.72; part > 0.3; part -= 0.06 {
		x := p.across(f, part)
		box := around(x, y)
		if !slices.ContainsFunc(p.ways, func(ways []svgLine) bool {
			return slices.ContainsFunc(ways, func(l svgLine) bool { return l.crosses(box) })
		}) {
			return x
		}
	}
	return p.across(f, 0.72)
}

// bracketSpan returns where a timer's bracket begins and ends.
func (p *picture) bracketSpan(timer int) (y1, y2 float64) {
	t := &p.Timers[timer]
	y1, y2 = p.top+firstRow, p.bottom-4
	if t.From >= 0 {
		y1 = p.leaves[t.From]
	}
	if t.To < len(p.at) {
		y2 = p.at[t.To]
	}
	return y1, y2
}
