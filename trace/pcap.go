package trace

import (
	"cmp"
	"io"
	"net/netip"
	"time"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"

	"tcpclose/model"
)

// How a capture shows what the model leaves open. The addresses are those for
// documentation (RFC 5737); sequence numbers are those of the text, so a's begin
// at 100 and b's at 300; a tick is a second, and of events at one instant each
// comes a millisecond after the other.
var (
	captureHosts = [2]netip.AddrPort{netip.MustParseAddrPort("192.0.2.1:49152"), netip.MustParseAddrPort("198.51.100.2:80")}
	captureTick  = time.Second // of a tick that stands for no time
	captureStep  = time.Millisecond
)

const (
	captureLength = 65535 // octets of a packet that are kept: all
	wideWindow    = 65535 // what a window without limit is shown as: the largest without scaling
)

// Capture writes what is sent and received at one end, in the order in which it is
// there, as a pcap file.
func (s *Story) Capture(w io.Writer, at model.Side) error {
	out := pcapgo.NewWriter(w)
	if err := out.WriteFileHeader(captureLength, layers.LinkTypeRaw); err != nil {
		return err
	}
	tick := cmp.Or(s.About.Tick, captureTick)
	step := min(captureStep, tick/100)
	instant := 0 // the first event of this instant
	for i := range s.Events {
		if s.Times[i+1] != s.Times[instant] {
			instant = i + 1
		}
		// So many events at one instant that they would reach into the next tick
		// share the end of it.
		when := time.Unix(0, 0).Add(time.Duration(s.Times[i+1])*tick + min(time.Duration(i+1-instant)*step, tick-step))
		packet := func(f *Flight) error {
			text, err := wire(f)
			if err != nil {
				return err
			}
			when = when.Add(step / 2) // an answer comes after what it answers
			return out.WritePacket(gopacket.CaptureInfo{Timestamp: when, CaptureLength: len(text), Length: len(text)}, text)
		}
		if f := s.arrived[i].flight; f >= 0 && s.Flights[f].From != at {
			if err := packet(&s.Flights[f]); err != nil {
				return err
			}
		}
		if f := s.sent[i]; f >= 0 && s.Flights[f].From == at {
			if err := packet(&s.Flights[f]); err != nil {
				return err
			}
		}
	}
	return nil
}

// wire returns a segment in an IPv4 packet, as octets.
func wire(f *Flight) ([]byte, error) {
	from, to, g := captureHosts[f.From], captureHosts[f.From.Peer()], f.Segment
	ip := &layers.IPv4{
		Version: 4, TTL: 64, Id: uint16(f.Number), Flags: layers.IPv4DontFragment, Protocol: layers.IPProtocolTCP,
		SrcIP: from.Addr().AsSlice(), DstIP: to.Addr().AsSlice(),
	}
	tcp := &layers.TCP{
		SrcPort: layers.TCPPort(from.Port()), DstPort: layers.TCPPort(to.Port()), Seq: uint32(g.Seq.In(f.From)),
		FIN: g.Ctl.Has(model.FIN), SYN: g.Ctl.Has(model.SYN), RST: g.Ctl.Has(model.RST), ACK: g.Ctl.Has(model.ACK),
	}
	if tcp.ACK {
		tcp.Ack = uint32(g.Ack.In(f.From.Peer()))
	}
	switch {
	case tcp.RST:
	case g.Wnd == model.Wide:
		tcp.Window = wideWindow
	default:
		tcp.Window = uint16(g.Wnd.Size())
	}
	if err := tcp.SetNetworkLayerForChecksum(ip); err != nil {
		return nil, err
	}
	// The same number has the same octet, however often it is sent.
	text := make(gopacket.Payload, g.Len)
	for i := range text {
		text[i] = 'a' + byte(g.Seq) + byte(i)
	}
	b := gopacket.NewSerializeBuffer()
	err := gopacket.SerializeLayers(b, gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true}, ip, tcp, text)
	return b.Bytes(), err
}
