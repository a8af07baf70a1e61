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

// A Frame is a segment as it passes one end.
type Frame struct {
	Flight *Flight
	Event  int // that sends or delivers it
	// Copied: it is delivered once more.
	Copied bool
}

// Frames returns what is sent and received at one end, in the order in which it is there.
func (s *Story) Frames(at model.Side) (list []Frame) {
	for i := range s.Events {
		if a := s.arrived[i]; a.flight >= 0 && s.Flights[a.flight].From != at && s.Events[i].Outcome.Moved {
			list = append(list, Frame{&s.Flights[a.flight], i, a.copied})
		}
		if f := s.sent[i]; f >= 0 && s.Flights[f].From == at {
			list = append(list, Frame{&s.Flights[f], i, false})
		}
	}
	return list
}

// Capture writes the frames of one end as a pcap file.
func (s *Story) Capture(w io.Writer, at model.Side) error {
	out := pcapgo.NewWriter(w)
	if err := out.WriteFileHeader(captureLength, layers.LinkTypeRaw); err != nil {
		return err
	}
	tick := cmp.Or(s.About.Tick, captureTick)
	step := min(captureStep, tick/100)
	last, when := -1, time.Time{}
	for _, f := range s.Frames(at) {
		if f.Event != last {
			last, when = f.Event, s.instant(f.Event, tick, step)
		}
		when = when.Add(step / 2) // an answer comes after what it answers
		text, err := wire(f.Flight)
		if err != nil {
			return err
		}
		if err := out.WritePacket(gopacket.CaptureInfo{Timestamp: when, CaptureLength: len(text), Length: len(text)}, text); err != nil {
			return err
		}
	}
	return nil
}

// instant returns when an event is. So many events at one instant that they would reach
// into the next tick share the end of it.
func (s *Story) instant(event int, tick, step time.Duration) time.Time {
	first := event
	for first > 0 && s.Times[first] == s.Times[event+1] {
		first--
	}
	if s.Times[first] != s.Times[event+1] {
		first++
	}
	return time.Unix(0, 0).Add(time.Duration(s.Times[event+1])*tick + min(time.Duration(event+1-first)*step, tick-step))
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
	b := gopacket.NewSerializeBuffer()
	err := gopacket.SerializeLayers(b, gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true}, ip, tcp, gopacket.Payload(Octets(f)))
	return b.Bytes(), err
}

// Octets returns the text of a segment in captures. The same number has the same octet,
// however often it is sent.
func Octets(f *Flight) []byte {
	text := make([]byte, f.Segment.Len)
	for i := range text {
		text[i] = 'a' + byte(f.Segment.Seq) + byte(i)
	}
	return text
}

// Host returns the address and port of an end in captures.
func Host(side model.Side) netip.AddrPort { return captureHosts[side] }
