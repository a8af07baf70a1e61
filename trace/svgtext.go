package trace

import (
	"math"
	"slices"

	"tcpclose/model"
)

// A textBox is a text and where it is: an upright rectangle that is turned round the
// point at which the text is written.
type textBox struct {
	class, text, anchor    string
	x, y                   float64
	degrees                float64 // to the right
	left, top, right, foot float64
}

func newTextBox(x, y float64, anchor, class, text string, degrees float64) textBox {
	wide := textWidth(class, text)
	size, _ := sizeOf(class)
	left := x - map[string]float64{"start": 0, "middle": wide / 2, "end": wide}[anchor]
	return textBox{class, text, anchor, x, y, degrees, left, y - 0.8*size, left + wide, y + 0.2*size}
}

// rectangle returns a box without text.
func rectangle(left, top, right, foot float64) textBox {
	return textBox{left: left, top: top, right: right, foot: foot}
}

// turn returns a point turned round the one at which the text is written.
func (b *textBox) turn(x, y, degrees float64) (float64, float64) {
	if degrees == 0 {
		return x, y
	}
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	return b.x + (x-b.x)*cos - (y-b.y)*sin, b.y + (x-b.x)*sin + (y-b.y)*cos
}

// corners returns the corners as they are in the picture.
func (b *textBox) corners() (c [4][2]float64) {
	for i, p := range [4][2]float64{{b.left, b.top}, {b.right, b.top}, {b.right, b.foot}, {b.left, b.foot}} {
		c[i][0], c[i][1] = b.turn(p[0], p[1], b.degrees)
	}
	return c
}

// overlaps reports whether two boxes have a place in common: whether no side of either
// separates them.
func (b *textBox) overlaps(other *textBox) bool { return !b.beside(other) && !other.beside(b) }

// beside reports whether all of other is beyond one side of b.
func (b *textBox) beside(other *textBox) bool {
	left, top, right, foot := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, c := range other.corners() {
		x, y := b.turn(c[0], c[1], -b.degrees)
		left, top, right, foot = min(left, x), min(top, y), max(right, x), max(foot, y)
	}
	return right <= b.left || left >= b.right || foot <= b.top || top >= b.foot
}

// crosses reports whether a line, or what it ends in, is inside of a box anywhere.
func (l svgLine) crosses(b textBox) bool {
	x1, y1 := b.turn(l.x1, l.y1, -b.degrees)
	x2, y2 := b.turn(l.x2, l.y2, -b.degrees)
	if l.end != endsHead && x2 > b.left-crossSize && x2 < b.right+crossSize && y2 > b.top-crossSize && y2 < b.foot+crossSize {
		return true
	}
	from, to := 0.0, 1.0 // of the line, what is inside
	clip := func(at, by, low, high float64) {
		if by == 0 {
			if at < low || at > high {
				to = -1
			}
			return
		}
		near, far := (low-at)/by, (high-at)/by
		from, to = max(from, min(near, far)), min(to, max(near, far))
	}
	clip(x1, x2-x1, b.left, b.right)
	clip(y1, y2-y1, b.top, b.foot)
	return from < to
}

// met counts the arrows that pass where a text would be.
func (p *picture) met(b textBox) (n int) {
	b.left, b.right = b.left-2, b.right+2
	for _, ways := range p.ways {
		for _, l := range ways {
			if l.crosses(b) {
				n++
			}
		}
	}
	return n
}

// placeSegments finds where the text of each flight's segment is: level, above where
// it leaves, where no other text is; or along an arrow, if fewer other arrows pass
// there and no other text is there either.
func (p *picture) placeSegments() {
	p.segments = nil
	for i := range p.Flights {
		p.segments = append(p.segments, p.level(i))
	}
	for range 3 { // what moves away leaves room for others
		for i := range p.Flights {
			p.improve(i)
		}
	}
}

// placeEnds moves the ends of arrows that do not arrive, where fewer arrows then run
// behind the text of a segment.
func (p *picture) placeEnds() {
	fewest := p.crossings()
	for i := range p.ways {
		for n := range p.ways[i] {
			l := &p.ways[i][n]
			if l.end == endsHead || !slices.ContainsFunc(p.segments, l.crosses) {
				continue
			}
			for part := 0.9; part > 0.3 && fewest > 0; part -= 0.06 {
				x, segments := l.x2, p.segments
				l.x2 = p.across(&p.Flights[i], part)
				if p.clear(i, n) {
					p.placeSegments()
					if met := p.crossings(); met < fewest {
						fewest = met
						continue
					}
				}
				l.x2, p.segments = x, segments
			}
		}
	}
}

// crossings returns how often an arrow runs behind the text of a segment.
func (p *picture) crossings() (n int) {
	for _, b := range p.segments {
		n += p.met(b)
	}
	return n
}

// clear reports whether no other arrow passes where the nth of a flight's ends, and
// this one passes no other's end.
func (p *picture) clear(flight, n int) bool {
	this := p.ways[flight][n]
	for i, ways := range p.ways {
		for m, l := range ways {
			if i == flight && m == n {
				continue
			}
			if l.crosses(around(this.x2, this.y2)) || l.end != endsHead && this.crosses(around(l.x2, l.y2)) {
				return false
			}
		}
	}
	return true
}

// around returns the room that the end of an arrow needs.
func around(x, y float64) textBox {
	const room = crossSize + 3
	return rectangle(x-room, y-room, x+room, y+room)
}

// improve puts the text of a flight's segment along one of its arrows if that helps.
func (p *picture) improve(flight int) {
	fewest := p.met(p.segments[flight])
	for _, l := range p.ways[flight] {
		for off := 14.0; fewest > 0; off += 6 {
			b, fits := p.along(flight, l, off)
			if !fits {
				break
			}
			if met := p.met(b); met < fewest && p.free(flight, b) {
				p.segments[flight], fewest = b, met
			}
		}
	}
}

// free reports whether no text of another flight is where b is.
func (p *picture) free(flight int, b textBox) bool {
	for i := range p.segments {
		if i != flight && p.segments[i].overlaps(&b) {
			return false
		}
	}
	return true
}

// level returns the text of a flight's segment above where it leaves: near its sender,
// or farther away where fewer other arrows pass, so long as its own is still close.
func (p *picture) level(flight int) (best textBox) {
	const step, near = 6, 16
	f := &p.Flights[flight]
	text := p.label(f)
	slope := math.Inf(1)
	for _, l := range p.ways[flight] {
		slope = min(slope, l.slope())
	}
	wide, fewest := textWidth("segment", text), math.MaxInt
	for off := 14.0; off+wide <= math.Abs(p.to(f)-p.from(f))-14 || best.text == ""; off += step {
		b := newTextBox(p.from(f)-outwards(f.From)*off, p.leave(f)-4, inwards(f.From), "segment", text, 0)
		if met := p.met(b); met < fewest {
			best, fewest = b, met
		}
		if (off+step)*slope > near {
			break
		}
	}
	return best
}

// along returns the text of a flight's segment on one of its arrows, so far from its
// sender, and reports whether it fits there.
func (p *picture) along(flight int, l svgLine, off float64) (b textBox, fits bool) {
	const steepest, above = 0.6, 4
	f := &p.Flights[flight]
	text := p.label(f)
	slope := l.slope()
	lean := math.Hypot(1, slope)
	fits = slope <= steepest && off+textWidth("segment", text)/lean < math.Abs(l.x2-l.x1)-14
	degrees := math.Atan(slope) * 180 / math.Pi
	if f.From == model.B {
		degrees = -degrees
	}
	x, y := l.x1-outwards(f.From)*off, l.y1+off*slope
	return newTextBox(x-outwards(f.From)*above*slope/lean, y-above/lean, inwards(f.From), "segment", text, degrees), fits
}

// inwards is the end of a text that is next to a side's lifeline.
func inwards(side model.Side) string { return [2]string{"start", "end"}[side] }

// slope returns how far a line descends with each step to the side.
func (l svgLine) slope() float64 { return (l.y2 - l.y1) / math.Abs(l.x2-l.x1) }
