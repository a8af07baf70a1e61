package trace

import (
	"fmt"

	"tcpclose/model"
)

// The room for a line and for a bracket in the legend.
const (
	lineRoom    = 36
	bracketRoom = 16
)

// A legendKey is a symbol and its meaning.
type legendKey struct {
	symbol func(x, y float64) string
	room   float64 // for the symbol
	text   string
}

// placeLegend lists the symbols that occur, and puts them below the picture.
func (p *picture) placeLegend() {
	p.legend = p.legendKeys()
	x, y := float64(margin), p.bottom+24
	for i, k := range p.legend {
		wide := k.room + textWidth("legend", k.text)
		if i > 0 && x+wide > p.width-margin {
			x, y = margin, y+headHeight
		}
		p.legendAt = append(p.legendAt, [2]float64{x, y})
		x += wide + 14
	}
	p.height = y + margin
}

func (p *picture) legendKeys() (keys []legendKey) {
	var arrives, copies, lost, rests, copyRests bool
	for i := range p.ways {
		for _, l := range p.ways[i] {
			switch {
			case l.end == endsHead && l.class == "segment":
				arrives = true
			case l.end == endsHead:
				copies = true
			case l.end == endsCross:
				lost = true
			case l.class == "way":
				rests = true
			default:
				copyRests = true
			}
		}
	}
	var waits, others, cut, running bool
	for i := range p.Timers {
		t := &p.Timers[i]
		waits = waits || t.Which == model.TimeWaitEnds
		others = others || t.Which != model.TimeWaitEnds
		cut = cut || t.End == CutShort
		running = running || t.End == Running
	}
	left, leftCopy := "in transit at the end", "a copy in transit at the end"
	if p.Repeats() {
		left, leftCopy = "in transit when the cycle ends", "a copy in transit when the cycle ends"
	}
	other, since := "timer", "t: ticks since the start"
	if waits {
		other = "another timer"
	}
	if p.About.Tick != 0 {
		since = "time since the start"
	}
	add := func(occurs bool, room float64, text string, symbol func(x, y float64) string) {
		if occurs {
			keys = append(keys, legendKey{symbol, room, p.say(text)})
		}
	}
	add(arrives, lineRoom, "delivered", keyLine("segment", ` marker-end="url(#head)"`, ""))
	add(copies, lineRoom, "a copy is delivered", keyLine("copy", ` marker-end="url(#copyhead)"`, ""))
	add(lost, lineRoom, "lost", keyLine("lost", "", `<path class="cross" d="M%.1f %.1fm-5 -5l10 10m0 -10l-10 10"/>`))
	add(rests, lineRoom, left, keyLine("way", "", `<circle class="way" cx="%.1f" cy="%.1f" r="4"/>`))
	add(copyRests, lineRoom, leftCopy, keyLine("copy", "", `<circle class="copied" cx="%.1f" cy="%.1f" r="4"/>`))
	add(waits, bracketRoom, "TIME-WAIT", keyBracket("timer waits", Fired))
	add(others, bracketRoom, other, keyBracket("timer", Fired))
	add(cut, bracketRoom, "cut short", keyBracket("timer", CutShort))
	add(running, bracketRoom, "still running", keyBracket("timer", Running))
	add(p.Times[len(p.Times)-1] > 0, lineRoom, since, keyLine("time", "", ""))
	return keys
}

// keyLine is the symbol of a line, with what is at its end.
func keyLine(class, attributes, end string) func(x, y float64) string {
	return func(x, y float64) string {
		text := fmt.Sprintf(`<line class="%s" x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f"%s/>`+"\n", class, x, y, x+28, y, attributes)
		if end != "" {
			text += fmt.Sprintf(end+"\n", x+24, y)
		}
		return text
	}
}

// keyBracket is the symbol of a timer.
func keyBracket(class string, end TimerEnd) func(x, y float64) string {
	return func(x, y float64) string {
		return fmt.Sprintf(`<path class="%s" d="%s"/>`+"\n", class, bracket(x+8, y-6, y+6, 1, end))
	}
}
