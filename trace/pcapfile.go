package trace

import (
	"cmp"
	"io"
	"time"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"

	"tcpclose/model"
)

const (
	captureTick = time.Second // of a tick that stands for no time
	captureStep = time.Millisecond
)

const (
	captureLength = 65535 // octets of a packet that are kept: all
	wideWindow    = 65535 // what a window without limit is shown as: the largest without scaling
)

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
