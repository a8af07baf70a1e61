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

// ladder draws a connection: what was seen in full strokes, with the time of each
// frame, and the states in which both ends are likely to be, one with a question mark
// where there are others. What cannot have arrived when it passed is dashed.
func (t *Teller) ladder(c *capture.Connection, x *ends.Explanation) {
	first := max(0, len(c.Frames)-tallest)
	lost := late(c)
	for _, d := range x.Doubts {
		lost[d.Lost] = true
	}
	was := [2]string{}
	for i := first; i < len(c.Frames); i++ {
		g := &c.Frames[i]
		var states [2]string
		if i < len(x.After) {
			for side, list := range x.After[i] {
				if text := likely(list); text != was[side] {
					states[side], was[side] = text, text
				}
			}
		}
		line := fmt.Sprintf("%s %-13s|%s| %s", clock(g.At.Seconds()), states[0], stroke(g, lost[g.Frame]), states[1])
		fmt.Fprintln(t.Out, strings.TrimRight(line, " "))
		if lost[g.Frame] {
			fmt.Fprintf(t.Out, "%21s| %s\n", "", t.say("lost after the capture, or came late", "在抓包之后丢失，或迟到"))
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
func stroke(g *capture.Seen, lost bool) string {
	text := wire.Segment{Ctl: g.Ctl &^ (wire.PSH | wire.URG | wire.ECE | wire.CWR), Seq: int32(g.Seq), Ack: int32(g.Ack), Len: g.Len}.Figure(0)
	if room := middle - 6; len(text) > room {
		text = text[:room]
	}
	fill := strings.Repeat("-", middle-6-len(text))
	if lost {
		fill = strings.Repeat(" -", len(fill))[:len(fill)]
	}
	if g.From == capture.Server {
		return "<- " + text + " " + fill + "--"
	}
	return "-- " + text + " " + fill + "->"
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
