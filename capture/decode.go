package capture

import (
	"fmt"
	"net/netip"
	"slices"
	"time"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"

	"tcpclose/stacks/wire"
)

// A Segment is a TCP segment of a frame.
type Segment struct {
	Frame    int
	Time     time.Time
	From, To netip.AddrPort
	Seq, Ack uint32 // as on the wire
	Ctl      wire.Ctl
	Wnd      uint16 // not scaled
	Len      int    // octets of text on the wire, whether they were captured or not
	Opts     wire.Options
	Short    bool   // the frame ends within the options: not all are known
	ID       uint16 // IPv4's identification; 0 in IPv6
}

// SpaceLen returns SEG.LEN: text, SYN and FIN in sequence space (RFC 9293, 3.4).
func (s Segment) SpaceLen() int {
	return int(wire.Segment{Ctl: s.Ctl, Len: s.Len}.SpaceLen())
}

// A Decoder finds TCP segments in frames, and counts what it finds besides.
type Decoder struct {
	Other     int // frames without TCP
	Fragments int // pieces of IP packets, which are left out
	Cut       int // frames that end before the end of the TCP header
	Wrong     int // frames whose headers contradict themselves
	// Foreign counts the frames of each link type that is not read.
	Foreign map[layers.LinkType]int
	Unused  Unused
}

// Unused counts the segments with what no conclusion is drawn from.
type Unused struct {
	SACK    int // blocks of selective acknowledgements
	Urgent  int // the URG bit
	ECN     int // the ECE or CWR bit
	Options int // options but maximum segment size, window scale, SACK and timestamps
}

// rawLinks are the link types of frames that begin with the IP header: of libpcap as
// BSD and Linux number it, of version 4 and of version 6.
var rawLinks = []layers.LinkType{12, 14, layers.LinkTypeIPv4, layers.LinkTypeIPv6}

// readable are the link types that are read.
var readable = []layers.LinkType{
	layers.LinkTypeEthernet, layers.LinkTypeLinuxSLL, layers.LinkTypeLinuxSLL2, layers.LinkTypeRaw, layers.LinkTypeNull, layers.LinkTypeLoop,
}

// Segment returns the segment of a frame; ok is false if there is none.
func (d *Decoder) Segment(f Frame) (s Segment, ok bool) {
	defer func() {
		if p := recover(); p != nil { // of the library that decodes
			d.Wrong++
			s, ok = Segment{}, false
		}
	}()
	link := f.Link
	if slices.Contains(rawLinks, link) {
		link = layers.LinkTypeRaw
	}
	if !slices.Contains(readable, link) {
		if d.Foreign == nil {
			d.Foreign = map[layers.LinkType]int{}
		}
		d.Foreign[link]++
		return s, false
	}
	packet := gopacket.NewPacket(f.Data, link, gopacket.DecodeOptions{Lazy: true, NoCopy: true})
	from, to, ip := network(packet)
	if ip == nil {
		d.Other++
		return s, false
	}
	if v4, is := ip.(*layers.IPv4); is {
		if v4.Flags&layers.IPv4MoreFragments != 0 || v4.FragOffset > 0 {
			d.Fragments++
			return s, false
		}
		s.ID = v4.Id
	}
	if packet.Layer(layers.LayerTypeIPv6Fragment) != nil {
		d.Fragments++
		return s, false
	}
	tcp, is := packet.Layer(layers.LayerTypeTCP).(*layers.TCP)
	switch {
	case !is && carriesTCP(packet, ip):
		d.Cut++
		return s, false
	case !is:
		d.Other++
		return s, false
	}
	header := 4 * int(tcp.DataOffset)
	if len(tcp.Contents) == 0 { // what the library leaves of a header that it cannot read
		d.Cut++
		return s, false
	}
	start := cap(f.Data) - cap(tcp.Contents) // all layers share the frame's array
	end, known := packetEnd(f, ip)
	if !known {
		end = f.Length // an adapter that cuts segments later has left the length out
	}
	s.Len, s.Short = end-start-header, len(tcp.Contents) < header
	if s.Len < 0 {
		d.Wrong++
		return s, false
	}
	s.Frame, s.Time = f.Number, f.Time
	s.From, s.To = netip.AddrPortFrom(from, uint16(tcp.SrcPort)), netip.AddrPortFrom(to, uint16(tcp.DstPort))
	s.Seq, s.Ack, s.Wnd, s.Ctl, s.Opts = tcp.Seq, tcp.Ack, tcp.Window, control(tcp), d.options(tcp)
	if s.Ctl.Has(wire.URG) {
		d.Unused.Urgent++
	}
	if s.Ctl&(wire.ECE|wire.CWR) != 0 && !s.Ctl.Has(wire.SYN) {
		d.Unused.ECN++
	}
	return s, true
}

// network returns the addresses of the innermost IP packet, and its layer.
func network(p gopacket.Packet) (from, to netip.Addr, ip gopacket.Layer) {
	for _, l := range p.Layers() {
		switch l := l.(type) {
		case *layers.IPv4:
			from, _ = netip.AddrFromSlice(l.SrcIP.To4())
			to, _ = netip.AddrFromSlice(l.DstIP.To4())
			ip = l
		case *layers.IPv6:
			from, _ = netip.AddrFromSlice(l.SrcIP)
			to, _ = netip.AddrFromSlice(l.DstIP)
			ip = l
		}
	}
	return from, to, ip
}

// carriesTCP reports whether the IP header says so; of IPv6 only without extensions.
func carriesTCP(p gopacket.Packet, ip gopacket.Layer) bool {
	switch l := ip.(type) {
	case *layers.IPv4:
		return l.Protocol == layers.IPProtocolTCP
	case *layers.IPv6:
		return l.NextHeader == layers.IPProtocolTCP
	}
	return false
}

// packetEnd returns where the IP packet ends, counted from the frame's first octet.
func packetEnd(f Frame, ip gopacket.Layer) (end int, known bool) {
	start := cap(f.Data) - cap(ip.LayerContents())
	switch l := ip.(type) {
	case *layers.IPv4:
		// The library fills a length of 0 in from what was captured.
		length := int(l.Contents[2])<<8 | int(l.Contents[3])
		return start + length, length > 0
	case *layers.IPv6:
		return start + 40 + int(l.Length), l.Length > 0
	}
	return 0, false
}

func control(t *layers.TCP) (c wire.Ctl) {
	for _, b := range []struct {
		set bool
		bit wire.Ctl
	}{
		{t.FIN, wire.FIN}, {t.SYN, wire.SYN}, {t.RST, wire.RST}, {t.PSH, wire.PSH}, {t.ACK, wire.ACK},
		{t.URG, wire.URG}, {t.ECE, wire.ECE}, {t.CWR, wire.CWR},
	} {
		if b.set {
			c |= b.bit
		}
	}
	return c
}

func (d *Decoder) options(t *layers.TCP) (o wire.Options) {
	other := false
	for _, option := range t.Options {
		body := option.OptionData
		switch {
		case option.OptionType == layers.TCPOptionKindMSS && len(body) == 2:
			o.MSS = uint16(body[0])<<8 | uint16(body[1])
		case option.OptionType == layers.TCPOptionKindWindowScale && len(body) == 1:
			o.Scaled, o.Scale = true, min(body[0], 14) // RFC 7323, 2.3
		case option.OptionType == layers.TCPOptionKindSACKPermitted:
			o.SACK = true
		case option.OptionType == layers.TCPOptionKindSACK:
			o.SACKCount = uint8(len(body) / 8)
			d.Unused.SACK++
		case option.OptionType == layers.TCPOptionKindTimestamps && len(body) == 8:
			o.Stamped = true
			o.Stamp = uint32(body[0])<<24 | uint32(body[1])<<16 | uint32(body[2])<<8 | uint32(body[3])
			o.Echo = uint32(body[4])<<24 | uint32(body[5])<<16 | uint32(body[6])<<8 | uint32(body[7])
		case option.OptionType != layers.TCPOptionKindNop && option.OptionType != layers.TCPOptionKindEndList:
			other = true
		}
	}
	if other {
		d.Unused.Options++
	}
	return o
}

// String says what was left out, or "".
func (d *Decoder) String() string {
	text := ""
	for _, part := range []struct {
		n    int
		what string
	}{
		{d.Other, "without TCP"}, {d.Fragments, "IP fragments"}, {d.Cut, "cut before the end of the TCP header"},
		{d.Wrong, "with headers that contradict themselves"},
	} {
		if part.n > 0 {
			if text != "" {
				text += ", "
			}
			text += fmt.Sprintf("%d %s", part.n, part.what)
		}
	}
	return text
}
