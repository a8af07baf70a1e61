package model

import (
	"fmt"
	"strconv"
	"strings"
)

// A Seq is a sequence number, counted from the first octet that its sender may
// write: 0, 1, 2 and so on; a keep-alive probe may carry -1. A connection has far fewer than 2^32 of them, so
// they do not wrap. In text they begin at 100 for a and at 300 for b, as in
// figures 12 and 13 of RFC 9293.
type Seq int8

// base contains what text adds to the numbers of a side's octets.
var base = [2]int{A: 100, B: 300}

// In returns the number as traces show it, for a number of side.
func (n Seq) In(side Side) int { return base[side] + int(n) }

// Ctl is the control bits of a segment.
type Ctl uint8

const (
	FIN Ctl = 1 << iota
	SYN
	RST
	ACK
)

var ctlNames = []struct {
	bit  Ctl
	name string
}{{FIN, "FIN"}, {SYN, "SYN"}, {RST, "RST"}, {ACK, "ACK"}}

// Has reports whether all bits of b are set.
func (c Ctl) Has(b Ctl) bool { return c&b == b }

// Names returns the bits as figures write them: "FIN,ACK".
func (c Ctl) Names() string {
	var names []string
	for _, each := range ctlNames {
		if c.Has(each.bit) {
			names = append(names, each.name)
		}
	}
	return strings.Join(names, ",")
}

// A Segment is a TCP segment. The zero Segment stands for none.
type Segment struct {
	Seq Seq    // SEG.SEQ, in the sender's numbers
	Ack Seq    // SEG.ACK, in the receiver's; 0 without ACK
	Wnd Window // SEG.WND; an RST has none
	Len uint8  // octets of text
	Ts  uint8  // TSval; 0 without timestamps
	Ctl Ctl
}

// SpaceLen returns SEG.LEN: text, SYN and FIN in sequence space (RFC 9293, 3.4).
func (g Segment) SpaceLen() Seq {
	n := Seq(g.Len)
	if g.Ctl.Has(SYN) {
		n++
	}
	if g.Ctl.Has(FIN) {
		n++
	}
	return n
}

// FinSeq returns the number of the FIN, which stands after the text.
func (g Segment) FinSeq() Seq { return g.Seq + Seq(g.Len) }

// Text returns the segment in the notation of RFC 9293's figures, as sent by from:
//
//	<SEQ=100><ACK=301><WND=2><DATA=1><CTL=FIN,ACK>
//
// A window that is Wide is left out.
func (g Segment) Text(from Side) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<SEQ=%d>", base[from]+int(g.Seq))
	if g.Ctl.Has(ACK) {
		fmt.Fprintf(&b, "<ACK=%d>", base[from.Peer()]+int(g.Ack))
	}
	if g.Wnd != Wide {
		fmt.Fprintf(&b, "<WND=%d>", g.Wnd.Size())
	}
	if g.Ts > 0 {
		fmt.Fprintf(&b, "<TS=%d>", g.Ts)
	}
	if g.Len > 0 {
		fmt.Fprintf(&b, "<DATA=%d>", g.Len)
	}
	fmt.Fprintf(&b, "<CTL=%s>", g.Ctl.Names())
	return b.String()
}

// ParseSegment reads what Text writes. Who sent it follows from SEQ.
func ParseSegment(text string) (g Segment, from Side, err error) {
	fail := func(format string, args ...any) (Segment, Side, error) {
		return Segment{}, A, invalid("segment %q: %s", text, fmt.Sprintf(format, args...))
	}
	fields, err := segmentFields(text)
	if err != nil {
		return Segment{}, A, err
	}
	number := func(name string, low, high int) (int, error) {
		n, err := strconv.Atoi(fields[name])
		if err != nil || n < low || n > high {
			return 0, invalid("segment %q: %s=%s: want %d to %d", text, name, fields[name], low, high)
		}
		return n - low, nil
	}
	for _, name := range strings.Split(fields["CTL"], ",") {
		bit := ctlNamed(name)
		if bit == 0 || g.Ctl.Has(bit) {
			return fail("CTL=%s: want different ones of FIN, SYN, RST, ACK", fields["CTL"])
		}
		g.Ctl |= bit
	}
	n, err := number("SEQ", base[A]-1, base[B]+maxSeq)
	if err != nil {
		return Segment{}, A, err
	}
	if n += base[A] - 1; n >= base[B]-1 {
		from = B
	}
	if n -= base[from]; n > maxSeq {
		return fail("SEQ=%s: want at most %d of a", fields["SEQ"], base[A]+maxSeq)
	}
	g.Seq = Seq(n)
	if _, given := fields["ACK"]; given != g.Ctl.Has(ACK) {
		return fail("ACK= and CTL=ACK: want both or neither")
	}
	if g.Ctl.Has(ACK) {
		low := base[from.Peer()]
		n, err := number("ACK", low, low+maxSeq)
		if err != nil {
			return Segment{}, A, err
		}
		g.Ack = Seq(n)
	}
	if _, given := fields["WND"]; given {
		if g.Ctl.Has(RST) {
			return fail("WND=%s: an RST has none", fields["WND"])
		}
		n, err := number("WND", 0, MaxOctets)
		if err != nil {
			return Segment{}, A, err
		}
		g.Wnd = WindowOf(uint8(n))
	}
	if _, given := fields["TS"]; given {
		n, err := number("TS", 0, 2*MaxLives+1)
		if err != nil {
			return Segment{}, A, err
		}
		if n == 0 {
			return fail("TS=0: leave it out")
		}
		g.Ts = uint8(n)
	}
	if _, given := fields["DATA"]; given {
		n, err := number("DATA", 0, MaxOctets)
		if err != nil {
			return Segment{}, A, err
		}
		if n == 0 {
			return fail("DATA=0: leave it out")
		}
		g.Len = uint8(n)
	}
	return g, from, nil
}

// segmentFields returns the fields of a segment's text by their names.
func segmentFields(text string) (map[string]string, error) {
	fields := map[string]string{}
	for rest := text; rest != ""; {
		field, after, ok := strings.Cut(rest, ">")
		name, value, eq := strings.Cut(strings.TrimPrefix(field, "<"), "=")
		if !ok || !eq || field[0] != '<' {
			return nil, invalid("segment %q: want fields like <SEQ=100>", text)
		}
		switch name {
		case "SEQ", "ACK", "WND", "TS", "DATA", "CTL":
		default:
			return nil, invalid("segment %q: %s: want SEQ, ACK, WND, TS, DATA or CTL", text, name)
		}
		if _, twice := fields[name]; twice {
			return nil, invalid("segment %q: %s stands twice", text, name)
		}
		fields[name] = value
		rest = after
	}
	return fields, nil
}

// ctlNamed returns the control bit with that name, or 0.
func ctlNamed(name string) Ctl {
	for _, c := range ctlNames {
		if c.name == name {
			return c.bit
		}
	}
	return 0
}
