package wire

import (
	"errors"
	"fmt"
	"net/netip"
)

// A Link is one connection between a stack and the peer that is played for it:
// their addresses, and where their numbers begin.
type Link struct {
	Stack, Peer netip.AddrPort
	// PeerISN is where the peer's numbers begin.
	PeerISN uint32
	// StackISN is where those of the stack begin. It is not Known before the
	// stack has sent a SYN; until then numbers of the stack count from 0.
	StackISN uint32
	Known    bool

	id uint16 // of the peer's last packet
}

// NewLink returns a link on addresses for documentation (RFC 5737). Active: the stack
// opens the connection; it has the port that is not well known.
func NewLink(active bool) *Link {
	l := &Link{PeerISN: 0x5eed0000}
	stack, peer := uint16(80), uint16(49152)
	if active {
		stack, peer = peer, stack
	}
	l.Stack = netip.AddrPortFrom(netip.AddrFrom4([4]byte{192, 0, 2, 1}), stack)
	l.Peer = netip.AddrPortFrom(netip.AddrFrom4([4]byte{192, 0, 2, 2}), peer)
	return l
}

// Octet returns the octet of text that has the relative number n.
func Octet(n int32) byte { return byte('a' + uint32(n)%26) }

// AppendText appends the n octets of text that begin at the relative number at.
func AppendText(b []byte, at int32, n int) []byte {
	for i := range n {
		b = append(b, Octet(at+int32(i)))
	}
	return b
}

// CheckText reports as an error whether text that begins at the relative number
// at has other octets than it should have.
func CheckText(text []byte, at int32) error {
	for i, c := range text {
		if n := at + int32(i); c != Octet(n) {
			return fmt.Errorf("text at number %d: %q: want %q", n, c, Octet(n))
		}
	}
	return nil
}

// near bounds the numbers that a connection on the bench has: an RST whose number
// is 0 is of no connection if that would be farther away.
const near = 1 << 20

// nearRST bounds, in the same way, how far below the initial number that of an RST is
// that repeats an acknowledgement: not by more than a window.
const nearRST = 1 << 17

const (
	ipHeader  = 20
	tcpHeader = 20
	protocol  = 6
	timeLive  = 64
)

// Packet returns the IPv4 packet in which the peer sends g to the stack.
func (l *Link) Packet(g Segment) []byte {
	return l.packet(l.Peer, l.Stack, l.PeerISN, l.StackISN, g)
}

// StackPacket returns the IPv4 packet in which the stack would send g: for stacks that
// give segments, and for captures.
func (l *Link) StackPacket(g Segment) []byte {
	return l.packet(l.Stack, l.Peer, l.StackISN, l.PeerISN, g)
}

func (l *Link) packet(from, to netip.AddrPort, seq, ack uint32, g Segment) []byte {
	l.id++
	options := g.Opts.bytes()
	length := ipHeader + tcpHeader + len(options) + g.Len
	p := make([]byte, ipHeader, length)
	p[0] = 0x45
	put16(p[2:], uint16(length))
	put16(p[4:], l.id)
	put16(p[6:], 0x4000) // do not fragment
	p[8], p[9] = timeLive, protocol
	source, destination := from.Addr().As4(), to.Addr().As4()
	copy(p[12:], source[:])
	copy(p[16:], destination[:])
	put16(p[10:], ^sum(0, p[:ipHeader]))

	t := p[ipHeader : ipHeader+tcpHeader]
	put16(t[0:], from.Port())
	put16(t[2:], to.Port())
	if g.Raw {
		seq = 0
	}
	put32(t[4:], seq+uint32(g.Seq))
	if g.Ctl.Has(ACK) {
		put32(t[8:], ack+uint32(g.Ack))
	}
	t[12] = byte((tcpHeader+len(options))/4) << 4
	t[13] = byte(g.Ctl)
	put16(t[14:], g.Wnd)
	p = append(p[:ipHeader+tcpHeader], options...)
	at := g.Seq
	if g.Ctl.Has(SYN) {
		at++
	}
	p = AppendText(p, at, g.Len)
	put16(p[ipHeader+16:], ^sum(pseudo(p), p[ipHeader:]))
	return p
}

// Destination returns the address to which an IPv4 packet goes.
func Destination(packet []byte) (to netip.Addr, ok bool) {
	if len(packet) < ipHeader || packet[0]>>4 != 4 {
		return to, false
	}
	return netip.AddrFrom4([4]byte(packet[16:20])), true
}

// Read returns the segment of the stack that an IPv4 packet holds. With the first SYN
// it learns where the stack's numbers begin. It returns an error for a packet
// that is none of this connection, or is not as it should be.
func (l *Link) Read(packet []byte) (g Segment, err error) {
	head, err := split(packet)
	if err != nil {
		return g, err
	}
	if from, to := head.from, head.to; from != l.Stack || to != l.Peer {
		return g, fmt.Errorf("packet from %s to %s: want from %s to %s", from, to, l.Stack, l.Peer)
	}
	t := head.tcp
	g.Ctl = Ctl(t[13])
	seq, ack := get32(t[4:]), get32(t[8:])
	if g.Ctl.Has(SYN) && !l.Known {
		l.StackISN, l.Known = seq, true
	}
	g.Seq = int32(seq - l.StackISN)
	if far := g.Seq < -nearRST || g.Seq > near; g.Ctl.Has(RST) && seq == 0 && (far || !l.Known && g.Ctl.Has(ACK)) {
		g.Seq, g.Raw = 0, true
	}
	if g.Ctl.Has(ACK) {
		g.Ack = int32(ack - l.PeerISN)
	}
	g.Wnd = get16(t[14:])
	if g.Opts, err = readOptions(t[tcpHeader:head.text]); err != nil {
		return g, err
	}
	text := t[head.text:]
	g.Len = len(text)
	at := g.Seq
	if g.Ctl.Has(SYN) {
		at++
	}
	if g.Ctl.Has(RST) {
		return g, nil // what it carries says why, and is no text
	}
	return g, CheckText(text, at)
}

// ErrOther is the error for a packet that is not TCP over IPv4.
var ErrOther = errors.New("want TCP over IPv4")

// A header is what an IPv4 packet with a TCP segment says.
type header struct {
	from, to netip.AddrPort
	tcp      []byte // the segment
	text     int    // where its text begins
}

// split takes a packet apart, and checks lengths and checksums.
func split(p []byte) (h header, err error) {
	if len(p) < ipHeader || p[0]>>4 != 4 {
		return h, fmt.Errorf("packet of %d octets: %w", len(p), ErrOther)
	}
	ip := int(p[0]&15) * 4
	length := int(get16(p[2:]))
	switch {
	case ip < ipHeader || length < ip || length > len(p):
		return h, fmt.Errorf("packet of %d octets: header %d, length %d: want them to fit", len(p), ip, length)
	case p[9] != protocol:
		return h, fmt.Errorf("packet of protocol %d: %w", p[9], ErrOther)
	case get16(p[6:])&0x3fff != 0:
		return h, fmt.Errorf("packet is a fragment: want whole ones")
	case sum(0, p[:ip]) != 0xffff:
		return h, fmt.Errorf("checksum of the IPv4 header: %#04x: want 0xffff", sum(0, p[:ip]))
	}
	p = p[:length]
	t := p[ip:]
	if len(t) < tcpHeader || int(t[12]>>4)*4 < tcpHeader || int(t[12]>>4)*4 > len(t) {
		return h, fmt.Errorf("segment of %d octets: want a whole header", len(t))
	}
	if s := sum(pseudo(p), t); s != 0xffff {
		return h, fmt.Errorf("checksum of the segment: %#04x: want 0xffff", s)
	}
	h.from = netip.AddrPortFrom(netip.AddrFrom4([4]byte(p[12:16])), get16(t[0:]))
	h.to = netip.AddrPortFrom(netip.AddrFrom4([4]byte(p[16:20])), get16(t[2:]))
	h.tcp, h.text = t, int(t[12]>>4)*4
	return h, nil
}

// pseudo returns the sum of the pseudo-header of packet p (RFC 9293, 3.1).
func pseudo(p []byte) uint32 {
	ip := int(p[0]&15) * 4
	length := int(get16(p[2:])) - ip
	return uint32(sum(uint32(protocol)+uint32(length), p[12:20]))
}

// sum returns the ones' complement sum of start and b.
func sum(start uint32, b []byte) uint16 {
	s := uint64(start)
	for ; len(b) >= 2; b = b[2:] {
		s += uint64(get16(b))
	}
	if len(b) == 1 {
		s += uint64(b[0]) << 8
	}
	for s > 0xffff {
		s = s>>16 + s&0xffff
	}
	return uint16(s)
}

func get16(b []byte) uint16    { return uint16(b[0])<<8 | uint16(b[1]) }
func get32(b []byte) uint32    { return uint32(get16(b))<<16 | uint32(get16(b[2:])) }
func put16(b []byte, v uint16) { b[0], b[1] = byte(v>>8), byte(v) }
func put32(b []byte, v uint32) { put16(b, uint16(v>>16)); put16(b[2:], uint16(v)) }
