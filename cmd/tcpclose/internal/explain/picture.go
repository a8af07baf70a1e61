package explain

import (
	"encoding/xml"
	"fmt"
	"strings"

	"tcpclose/capture"
	"tcpclose/capture/ends"
	"tcpclose/model"
)

// The sizes of a picture, in pixels.
const (
	pictureWidth = 1000
	lifeLeft     = 330
	lifeRight    = 710
	rowHeight    = 30
	headHeight   = 64
	slope        = 14
	wideLetter   = 7
)

const pictureStyle = `
text { font: 11px ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #222; }
text.head { font-size: 13px; font-weight: bold; }
text.time, text.note { fill: #666; }
.page { fill: #fff; }
.life { stroke: #444; stroke-width: 2; }
.tap { stroke: #bbb; stroke-dasharray: 2 4; }
.seen { stroke: #1f4e8c; stroke-width: 1.6; }
.unseen { stroke: #1f4e8c; stroke-width: 1.6; stroke-dasharray: 6 5; }
.tip { fill: #1f4e8c; }
rect.state { fill: #dce8f7; stroke: #8fb0d8; }
@media (prefers-color-scheme: dark) {
text { fill: #e6e6e6; }
text.time, text.note { fill: #a8a8a8; }
.page { fill: #16191d; }
.life { stroke: #b0b0b0; }
.tap { stroke: #555; }
.seen, .unseen { stroke: #7fb2f0; }
.tip { fill: #7fb2f0; }
rect.state { fill: #1d3350; stroke: #4a78ad; }
}
`

// A picture is ladders, one below the other.
type picture struct {
	*Teller
	body   strings.Builder
	height int
}

// pictures collects the ladders of a document.
func (t *Teller) pictures() *picture {
	if t.drawn == nil {
		t.drawn = &picture{Teller: t}
	}
	return t.drawn
}

// draw adds the ladder of a connection: what was seen in full strokes, what must have
// happened unseen, or after the capture, in dashed ones.
func (p *picture) draw(c *capture.Connection, x *ends.Explanation, others ...capture.Seen) {
	top := p.height + headHeight
	rows := p.rows(c, x, others)
	notes := 0
	for _, r := range rows {
		notes += min(1, len(r.note))
	}
	bottom := top + len(rows)*rowHeight + notes*rowHeight/2 + slope
	p.text(lifeLeft, p.height+24, "middle", "head", c.Addrs[capture.Client].String())
	p.text(lifeRight, p.height+24, "middle", "head", c.Addrs[capture.Server].String())
	p.text(lifeLeft, p.height+42, "middle", "note", p.say("client", "客户端"))
	p.text(lifeRight, p.height+42, "middle", "note", p.say("server", "服务器"))
	tap := tapOf(x.Place)
	for _, l := range []struct {
		x     int
		class string
	}{{tap, "tap"}, {lifeLeft, "life"}, {lifeRight, "life"}} {
		fmt.Fprintf(&p.body, `<line class="%s" x1="%d" y1="%d" x2="%d" y2="%d"/>`+"\n", l.class, l.x, top-10, l.x, bottom)
	}
	y := top
	for i := range rows {
		y = p.row(&rows[i], y, tap)
	}
	p.height = bottom + rowHeight
}

// tapOf returns where a capture was made.
func tapOf(at ends.Place) int {
	switch at {
	case ends.AtClient:
		return lifeLeft + 90
	case ends.AtServer:
		return lifeRight - 90
	}
	return (lifeLeft + lifeRight) / 2
}

// row draws a row, and returns where the next one begins.
func (p *picture) row(r *row, y, tap int) int {
	x1, x2 := lifeLeft, lifeRight
	if r.From == capture.Server {
		x1, x2 = x2, x1
	}
	line := func(class string, x1, y1, x2, y2 int) {
		fmt.Fprintf(&p.body, `<line class="%s" x1="%d" y1="%d" x2="%d" y2="%d"/>`+"\n", class, x1, y1, x2, y2)
	}
	at := func(x int) int { return y + slope*max(x-x1, x1-x)/(lifeRight-lifeLeft) }
	switch {
	case r.unseen:
		line("unseen", x1, y, x2, y+slope)
	case r.late:
		line("seen", x1, y, tap, at(tap))
		line("unseen", tap, at(tap), x2, y+slope)
	default:
		line("seen", x1, y, x2, y+slope)
	}
	back := 9
	if x2 < x1 {
		back = -9
	}
	fmt.Fprintf(&p.body, `<path class="tip" d="M%d %dl%d -5v9z"/>`+"\n", x2, y+slope, -back)
	figure := r.figure()
	wide := wideLetter * len(figure)
	fmt.Fprintf(&p.body, `<rect class="page" x="%d" y="%d" width="%d" height="14"/>`+"\n", (x1+x2-wide)/2, y+slope/2-7, wide)
	p.text((x1+x2)/2, y+slope/2+4, "middle", "segment", figure)
	p.text(8, y+4, "start", "time", fmt.Sprintf("%.6f s", r.At.Seconds()))
	for side, text := range r.states {
		if text != "" {
			p.state(capture.Side(side), y+4, text)
		}
	}
	if y += rowHeight; r.note != "" {
		p.text((x1+x2)/2, y-2, "middle", "note", r.note)
		y += rowHeight / 2
	}
	return y
}

// state draws the state of an end beside its line.
func (p *picture) state(side capture.Side, y int, text string) {
	wide := wideLetter*len(text) + 10
	left := lifeRight + 12
	if side == capture.Client {
		left = lifeLeft - 12 - wide
	}
	fmt.Fprintf(&p.body, `<rect class="state" x="%d" y="%d" width="%d" height="16" rx="4"/>`+"\n", left, y-8, wide)
	p.text(left+wide/2, y+4, "middle", "state", text)
}

func (p *picture) text(x, y int, anchor, class, text string) {
	var b strings.Builder
	xml.EscapeText(&b, []byte(text)) // to a strings.Builder: no error
	fmt.Fprintf(&p.body, `<text class="%s" x="%d" y="%d" text-anchor="%s">%s</text>`+"\n", class, x, y, anchor, b.String())
}

// write writes the document.
func (p *picture) write() error {
	height := max(p.height, headHeight)
	_, err := fmt.Fprintf(p.Out, `<svg xmlns="http://www.w3.org/2000/svg" width="%[1]d" height="%[2]d" viewBox="0 0 %[1]d %[2]d">
<style>%[3]s</style>
<rect class="page" width="%[1]d" height="%[2]d"/>
%[4]s</svg>
`, pictureWidth, height, pictureStyle, p.body.String())
	return err
}

// set names the states of a list, the live ones first, at most three.
func set(list []model.ConnState) string {
	var words []string
	for i := len(list) - 1; i >= 0; i-- {
		if len(words) == 3 {
			words[2] = "..."
			break
		}
		words = append(words, list[i].String())
	}
	return strings.Join(words, " | ")
}
