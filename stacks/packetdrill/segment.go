package packetdrill

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"tcpclose/stacks/adapter"
	"tcpclose/stacks/wire"
)

var segmentWords = regexp.MustCompile(`^([<>])\s*(?:\[[^\]]*\]\s*)?([SFRPUEWA.-]+)\s+(-?\d+):(-?\d+)\((\d+)\)(?:\s+ack\s+(-?\d+))?(?:\s+win\s+(\d+))?(?:\s+urg\s+\d+)?\s*(?:<([^>]*)>)?$`)

// segment reads what arrives (<), or what the stack is to send (>).
func (p *parser) segment(text string, step *Step) error {
	m := segmentWords.FindStringSubmatch(text)
	if m == nil {
		return fmt.Errorf("want a TCP segment, as > F. 1:1(0) ack 1")
	}
	var g wire.Segment
	var err error
	letters := strings.NewReplacer("A", "", "-", "").Replace(m[2]) // here A is accurate ECN's bit
	if letters == "" {
		letters = "-"
	}
	if g.Ctl, err = wire.ParseCtl(letters); err != nil {
		return err
	}
	var numbers [4]int64
	for i, word := range []string{m[3], m[4], m[5], m[6]} {
		if word == "" {
			continue
		}
		n, err := strconv.ParseInt(word, 10, 64)
		if err != nil || n < math.MinInt32 || n > math.MaxUint32 {
			return fmt.Errorf("number %q: want one that fits into 32 bits, relative to the initial one", word)
		}
		numbers[i] = int64(int32(uint32(n))) // one before the initial number may be written as 2^32-1
	}
	g.Seq, g.Len, g.Ack = int32(numbers[0]), int(numbers[2]), int32(numbers[3])
	if int64(int32(uint32(numbers[1]-numbers[0]))) != numbers[2] || numbers[2] > maxText {
		return fmt.Errorf("length %d: want the difference of the numbers, at most %d", numbers[2], maxText)
	}
	if m[7] != "" {
		n, err := strconv.ParseUint(m[7], 10, 16)
		if err != nil {
			return fmt.Errorf("window %q: want 0 to 65535", m[7])
		}
		g.Wnd = uint16(n)
	}
	if !g.Ctl.Has(wire.ACK) {
		g.Ack = 0 // the field means nothing
	}
	if m[1] == ">" {
		step.Kind, step.Segment = Expects, g
		return nil
	}
	if err := options(m[8], &g); err != nil {
		return err
	}
	step.Event = adapter.In(g)
	return nil
}

// maxText bounds the text of a segment.
const maxText = 65000

// options reads those of a segment that arrives. Where the shims of the bench know only
// one, the others are left out: the peer has them, or has not.
func options(text string, g *wire.Segment) error {
	for part := range strings.SplitSeq(text, ",") {
		words := strings.Fields(part)
		if len(words) == 0 || words[0] == "..." {
			continue
		}
		switch words[0] {
		case "mss":
			if len(words) != 2 {
				return fmt.Errorf("option %q: want a number", part)
			}
			n, err := strconv.ParseUint(words[1], 10, 16)
			if err != nil {
				return fmt.Errorf("option %q: want 0 to 65535", part)
			}
			g.Opts.MSS = uint16(n)
		case "nop", "eol", "sackOK", "wscale", "sack", "TS", "FO", "FOEXP", "ECN", "md5":
			if words[0] == "TS" && !g.Ctl.Has(wire.SYN) {
				return fmt.Errorf("timestamps: the bench's peer has none")
			}
		default:
			return fmt.Errorf("option %q: want one of TCP's", part)
		}
	}
	return nil
}
