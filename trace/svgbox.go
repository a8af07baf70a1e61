package trace

import (
	"fmt"
	"slices"

	"tcpclose/model"
)

// With a box there is a third lifeline in the middle, and each segment has two hops. What is
// written on it is the box's view, between asterisks, in boxes of their own.

// boxGap is between the lifelines of the ends, at least, if there is a box.
const boxGap = 520

// from returns the lifeline that a flight leaves, and to the one to which it goes.
func (p *picture) from(f *Flight) float64 {
	if f.Behind {
		return p.box
	}
	return p.life[f.From]
}

func (p *picture) to(f *Flight) float64 {
	if p.Boxed() && !f.Behind && p.Story.box.Meets(f.From, model.Packet{}) {
		return p.box
	}
	return p.life[f.From.Peer()]
}

// label returns what is written of a flight: with a box, in few characters.
func (p *picture) label(f *Flight) string {
	if !p.Boxed() {
		return f.Segment.Text(f.From)
	}
	text, rest := short(f.Segment, f.From)
	return text + rest
}

// placeBoxEvent finds the room that the words of the box take, and where what it sends leaves,
// which is below them. It returns where that ends.
func (p *picture) placeBoxEvent(i int, at float64) float64 {
	p.boxSays = append(p.boxSays, nil)
	if !p.Boxed() {
		return at
	}
	p.boxSays[i] = p.BoxWords(i)
	end := at + float64(len(p.boxSays[i]))*lineHeight
	if len(p.passed[i]) == 0 {
		return end
	}
	p.leaves[i] = end + sendDrop + 5
	end = p.leaves[i] + 2
	if slices.ContainsFunc(p.passed[i], func(f int) bool { return p.Flights[f].Lost == i }) {
		end += crossDrop + crossSize
	}
	return end
}

// drawBox draws the lifeline of the box, and what it does in each event.
func (p *picture) drawBox() {
	if !p.Boxed() {
		return
	}
	fmt.Fprintf(&p.lines, `<line class="life" stroke-dasharray="3 4" x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f"/>`+"\n", p.box, p.top, p.box, p.bottom)
	p.word(p.box, p.top-8, "middle", "end", "box")
	p.boxWord(p.top+firstRow, p.boxState(&p.States[0].Box))
	for i, says := range p.boxSays {
		if p.Events[i].Outcome.Box.Acts {
			fmt.Fprintf(&p.dots, `<circle class="event" cx="%.1f" cy="%.1f" r="3"/>`+"\n", p.box, p.at[i])
		}
		for n, text := range says {
			p.boxWord(p.at[i]+float64(n+1)*lineHeight, text)
		}
	}
}

// boxWord writes on the lifeline of the box.
func (p *picture) boxWord(y float64, text string) {
	wide := textWidth("between", text) + 2*statePad
	fmt.Fprintf(&p.dots, `<rect class="state" x="%.1f" y="%.1f" width="%.1f" height="%d" rx="4"/>`+"\n", p.box-wide/2, y-lineHeight/2, wide, lineHeight)
	p.word(p.box, y+4, "middle", "between", text)
}

// boxHead says whose view it is that is written in the middle.
func (p *picture) boxHead() string {
	return p.say("*STATE* is what the box (%s) takes the connection for,", p.Config.Between.Box.Name) + " " +
		p.say("and no state of an end. Segments: control bits SEQ/ACK +octets.")
}
