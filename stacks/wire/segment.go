package wire

import (
	"fmt"
	"strconv"
	"strings"
)

// Ctl holds the control bits of a segment, as in the header.
type Ctl uint8

const (
	FIN Ctl = 1 << iota
	SYN
	RST
	PSH
	ACK
	URG
	ECE
	CWR
)

// ctlBits lists the bits in the order of text, with the letters of tcpdump.
var ctlBits = []struct {
	bit    Ctl
	letter byte
	name   string
}{
	{SYN, 'S', "SYN"}, {FIN, 'F', "FIN"}, {RST, 'R', "RST"}, {PSH, 'P', "PSH"}, {URG, 'U', "URG"},
	{ECE, 'E', "ECE"}, {CWR, 'W', "CWR"}, {ACK, '.', "ACK"},
}

// Has reports whether all bits of b are set.
func (c Ctl) Has(b Ctl) bool { return c&b == b }

// String returns the letters of tcpdump, or "-" without any bit.
func (c Ctl) String() string {
	var b []byte
	for _, f := range ctlBits {
		if c.Has(f.bit) {
			b = append(b, f.letter)
		}
	}
	if len(b) == 0 {
		return "-"
	}
	return string(b)
}

// Names returns the bits, without PSH, as figures write them: "SYN,ACK".
func (c Ctl) Names() string {
	var names []string
	for _, f := range ctlBits {
		if f.bit != PSH && c.Has(f.bit) {
			names = append(names, f.name)
		}
	}
	return strings.Join(names, ",")
}

// ParseCtl reads what String writes.
func ParseCtl(text string) (c Ctl, err error) {
	if text == "-" {
		return 0, nil
	}
letters:
	for i := range len(text) {
		for _, f := range ctlBits {
			if f.letter == text[i] && !c.Has(f.bit) {
				c |= f.bit
				continue letters
			}
		}
		return 0, fmt.Errorf("control bits %q: want different letters of SFRPUEW and . for ACK, or -", text)
	}
	if c == 0 {
		return 0, fmt.Errorf("control bits %q: want letters, or -", text)
	}
	return c, nil
}

// A Segment is a TCP segment. Seq counts from the initial number of its sender,
// Ack from that of its receiver: SND.UNA-1 may be -1.
type Segment struct {
	Ctl Ctl
	Seq int32
	Ack int32 // 0 without ACK
	Wnd uint16
	Len int // octets of text
	// Raw: Seq is the number itself, as in the RST of no connection, which has 0.
	Raw  bool
	Opts Options
}

// Options holds those options of a segment that matter to closing.
type Options struct {
	MSS       uint16 // 0 is none
	Scaled    bool   // Scale is there
	Scale     uint8  // RFC 7323, 2
	SACK      bool   // SACK is permitted
	Stamped   bool   // Stamp and Echo are there
	Stamp     uint32 // TSval
	Echo      uint32 // TSecr
	SACKCount uint8  // blocks of SACK
}

// SpaceLen returns SEG.LEN: text, SYN and FIN in sequence space (RFC 9293, 3.4).
func (g Segment) SpaceLen() int32 {
	n := int32(g.Len)
	if g.Ctl.Has(SYN) {
		n++
	}
	if g.Ctl.Has(FIN) {
		n++
	}
	return n
}

// String returns the segment in words, without a space at either end: control bits,
// SEQ, ACK, window and length, then its options.
//
//	S. 0 1 65535 0 mss=1460 sack ts=1/0 scale=7
func (g Segment) String() string {
	b := fmt.Appendf(nil, "%s %d %d %d %d", g.Ctl, g.Seq, g.Ack, g.Wnd, g.Len)
	if g.Raw {
		b = append(b, " raw"...)
	}
	o := g.Opts
	if o.MSS > 0 {
		b = fmt.Appendf(b, " mss=%d", o.MSS)
	}
	if o.SACK {
		b = append(b, " sack"...)
	}
	if o.Stamped {
		b = fmt.Appendf(b, " ts=%d/%d", o.Stamp, o.Echo)
	}
	if o.Scaled {
		b = fmt.Appendf(b, " scale=%d", o.Scale)
	}
	if o.SACKCount > 0 {
		b = fmt.Appendf(b, " blocks=%d", o.SACKCount)
	}
	return string(b)
}

// maxText is the longest text that fits into an IPv4 packet with all options.
const maxText = 65535 - 20 - 60

// ParseSegment reads what String writes.
func ParseSegment(text string) (g Segment, err error) {
	words := strings.Fields(text)
	if len(words) < 5 {
		return g, fmt.Errorf("segment %q: want control bits, SEQ, ACK, window, length", text)
	}
	if g.Ctl, err = ParseCtl(words[0]); err != nil {
		return g, fmt.Errorf("segment %q: %w", text, err)
	}
	number := func(name, word string, low, high int64) (n int64) {
		n, bad := strconv.ParseInt(word, 10, 64)
		if (bad != nil || n < low || n > high) && err == nil {
			err = fmt.Errorf("segment %q: %s %q: want %d to %d", text, name, word, low, high)
		}
		return n
	}
	const lowest, highest = -1 << 31, 1<<31 - 1
	g.Seq = int32(number("SEQ", words[1], lowest, highest))
	g.Ack = int32(number("ACK", words[2], lowest, highest))
	g.Wnd = uint16(number("window", words[3], 0, 65535))
	g.Len = int(number("length", words[4], 0, maxText))
	if err == nil && !g.Ctl.Has(ACK) && g.Ack != 0 {
		err = fmt.Errorf("segment %q: ACK %d: want 0 without the bit", text, g.Ack)
	}
	o := &g.Opts
	for _, word := range words[5:] {
		name, value, _ := strings.Cut(word, "=")
		switch name {
		case "raw":
			g.Raw = true
		case "mss":
			o.MSS = uint16(number(name, value, 1, 65535))
		case "sack":
			o.SACK = true
		case "ts":
			stamp, echo, _ := strings.Cut(value, "/")
			o.Stamped, o.Stamp, o.Echo = true, uint32(number(name, stamp, 0, 1<<32-1)), uint32(number(name, echo, 0, 1<<32-1))
		case "scale":
			o.Scaled, o.Scale = true, uint8(number(name, value, 0, 255))
		case "blocks":
			o.SACKCount = uint8(number(name, value, 0, 4))
		default:
			return g, fmt.Errorf("segment %q: %q: want raw, mss=, sack, ts=, scale= or blocks=", text, word)
		}
	}
	return g, err
}

// Figure returns the segment in the notation of RFC 9293's figures, without options
// and PSH. A window is shown if it is below low.
func (g Segment) Figure(low uint16) string {
	b := fmt.Appendf(nil, "<SEQ=%d>", g.Seq)
	if g.Raw {
		b = fmt.Appendf(nil, "<SEQ=%d raw>", g.Seq)
	}
	if g.Ctl.Has(ACK) {
		b = fmt.Appendf(b, "<ACK=%d>", g.Ack)
	}
	if g.Wnd < low && !g.Ctl.Has(RST) {
		b = fmt.Appendf(b, "<WND=%d>", g.Wnd)
	}
	if g.Len > 0 {
		b = fmt.Appendf(b, "<DATA=%d>", g.Len)
	}
	return string(fmt.Appendf(b, "<CTL=%s>", g.Ctl.Names()))
}
