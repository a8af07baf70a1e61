package explain

import (
	"fmt"
	"strings"

	"tcpclose/capture"
	"tcpclose/capture/ends"
	"tcpclose/model"
	"tcpclose/stacks/wire"
)

// tallest bounds the frames of a ladder: of more, the last are drawn.
const tallest = 48

// middle is the width of a ladder between its rails.
const middle = 43

// A row is a segment of a ladder.
type row struct {
	capture.Seen
	// late: after the capture it was lost, or came late. unseen: it was not captured; of it
	// only some octets are known.
	late, unseen bool
	note         string
	states       [2]string // that are new after it
}

// rows returns the rows of a ladder: what was seen, and what must have passed unseen.
// The others were captured elsewhere only.
func (t *Teller) rows(c *capture.Connection, x *ends.Explanation, others []capture.Seen) (list []row) {
	lost := late(c)
	for _, d := range x.Doubts {
		lost[d.Lost] = true
	}
	gaps := missing(c)
	was := [2]string{}
	for i := range c.Frames {
		g := c.Frames[i]
		for len(others) > 0 && others[0].At < g.At {
			list = append(list, row{Seen: others[0], late: true, note: t.say("lost: it did not arrive", "它没有到达")})
			others = others[1:]
		}
		if n := gaps[i]; n > 0 {
			list = append(list, row{Seen: capture.Seen{At: g.At, From: g.From, Seq: g.Seq - n, Len: int(n)}, unseen: true, note: t.say("%s were not captured", "%s没有抓到", t.octets(n))})
		}
		r := row{Seen: g}
		if lost[g.Frame] {
			r.late, r.note = true, t.say("lost after the capture, or came late", "在抓包之后丢失，或迟到")
		}
		if g.Remarks.Has(capture.Foreign) {
			r.note = t.say("sent by something between", "由中间设备发出")
		}
		if i < len(x.After) {
			for side, states := range x.After[i] {
				text := likely(states)
				if t.Form == SVG {
					text = set(states)
				}
				if text != was[side] {
					r.states[side], was[side] = text, text
				}
			}
		}
		list = append(list, r)
	}
	return list[max(0, len(list)-tallest):]
}

// missing returns, by the index of a frame, the octets before it that its sender has
// sent and that were never captured.
func missing(c *capture.Connection) map[int]int64 {
	list := map[int]int64{}
	next := [2]int64{}
	for i, g := range c.Frames {
		if g.Remarks.Has(capture.Gap) && next[g.From] > 0 && c.Story.Unseen[g.From] > 0 {
			hole := g.Seq - next[g.From]
			for _, h := range c.Frames[i+1:] {
				if h.From == g.From && h.Seq < g.Seq && h.End() > next[g.From] {
					hole = 0 // it came later
				}
			}
			list[i] = hole
		}
		next[g.From] = max(next[g.From], g.End())
	}
	return list
}

// ladder draws a connection: what was seen in full strokes, with the time of each
// frame, and the states in which both ends are likely to be, one with a question mark
// where there are others. What was not seen, or cannot have arrived when it passed, is
// dashed.
func (t *Teller) ladder(c *capture.Connection, x *ends.Explanation, others ...capture.Seen) {
	for _, r := range t.rows(c, x, others) {
		line := fmt.Sprintf("%s %-13s|%s| %s", clock(r.At.Seconds()), r.states[0], stroke(&r), r.states[1])
		fmt.Fprintln(t.Out, strings.TrimRight(line, " "))
		if r.note != "" {
			fmt.Fprintf(t.Out, "%21s| %s\n", "", r.note)
		}
	}
}

// clock returns seconds in seven columns, with as many decimals as fit.
func clock(seconds float64) string {
	decimals := 4
	for limit := 100.0; seconds >= limit && decimals > 0; limit *= 10 {
		decimals--
	}
	return fmt.Sprintf("%7.*f", decimals, seconds)
}

// likely names the states of a list by the first that is not CLOSED.
func likely(list []model.ConnState) string {
	var live []model.ConnState
	for _, s := range list {
		if s != model.Closed {
			live = append(live, s)
		}
	}
	switch {
	case len(list) == 0:
		return "?"
	case len(live) == 0:
		return model.Closed.String()
	case len(list) == 1:
		return live[0].String()
	}
	return live[0].String() + "?"
}

// stroke draws a segment.
func stroke(r *row) string {
	text := r.figure()
	if room := middle - 6; len(text) > room {
		text = text[:room]
	}
	fill := strings.Repeat("-", middle-6-len(text))
	if r.late || r.unseen {
		fill = strings.Repeat(" -", len(fill))[:len(fill)]
	}
	if r.From == capture.Server {
		return "<- " + text + " " + fill + "--"
	}
	return "-- " + text + " " + fill + "->"
}

// figure writes the segment as RFC 9293 does.
func (r *row) figure() string {
	if r.unseen {
		return fmt.Sprintf("<SEQ=%d><DATA=%d>", r.Seq, r.Len)
	}
	return wire.Segment{Ctl: r.Ctl &^ (wire.PSH | wire.URG | wire.ECE | wire.CWR), Seq: int32(r.Seq), Ack: int32(r.Ack), Len: r.Len}.Figure(0)
}

// late returns the frames that were sent again before the other end had acknowledged
// them, when it was acknowledged only after that.
func late(c *capture.Connection) map[int]bool {
	list := map[int]bool{}
	for i, g := range c.Frames {
		if g.End() == g.Seq || g.Ctl.Has(wire.RST) || g.Remarks.Has(capture.Again) {
			continue
		}
		again := false
		for _, h := range c.Frames[i+1:] {
			if h.From == g.From && h.Remarks.Has(capture.Again) && h.Seq <= g.Seq && h.End() >= g.End() && !h.Remarks.Has(capture.Probe) {
				again = true
			}
			if h.From != g.From && h.Ctl.Has(wire.ACK) && h.Ack >= g.End() {
				list[g.Frame] = again
				break
			}
		}
	}
	return list
}
