// Package synthetic makes captures of many connections that close in many ways, for
// tests and measurements. What it makes depends on its seed alone.
package synthetic

import (
	"container/heap"
	"io"
	"math/rand/v2"
	"net/netip"
	"time"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"

	"tcpclose/capture"
	"tcpclose/stacks/wire"
)

// A step is a segment of a connection: numbers are relative to the initial ones.
type step struct {
	from     capture.Side
	ctl      wire.Ctl
	seq, ack uint32
	len      int
	after    time.Duration // the one before it
}

// begun is when the captures begin.
var begun = time.Unix(1_700_000_000, 0)

// A flow is a connection that is being written.
type flow struct {
	addrs [2]netip.AddrPort
	isn   [2]uint32
	steps []step
	next  time.Time
	id    uint16
}

// flows is a heap of flows, the one whose next segment comes first on top.
type flows []*flow

func (f flows) Len() int           { return len(f) }
func (f flows) Less(i, j int) bool { return f[i].next.Before(f[j].next) }
func (f flows) Swap(i, j int)      { f[i], f[j] = f[j], f[i] }
func (f *flows) Push(x any)        { *f = append(*f, x.(*flow)) }
func (f *flows) Pop() any {
	last := len(*f) - 1
	x := (*f)[last]
	*f = (*f)[:last]
	return x
}

// A Tally says what a capture has.
type Tally struct {
	Segments int
	Kinds    map[capture.Kind]int // connections of each
}

// Write writes a pcap file of so many connections. A new one begins each millisecond.
func Write(w io.Writer, connections int, seed uint64) (Tally, error) {
	t := Tally{Kinds: map[capture.Kind]int{}}
	out := pcapgo.NewWriter(w)
	if err := out.WriteFileHeader(1<<16-1, layers.LinkTypeEthernet); err != nil {
		return t, err
	}
	random := rand.New(rand.NewPCG(seed, seed))
	var open flows
	p := newPacker()
	for begin := 0; begin < connections || len(open) > 0; {
		start := begun.Add(time.Duration(begin) * time.Millisecond)
		if begin < connections && (len(open) == 0 || start.Before(open[0].next)) {
			k := kinds[pick(random)]
			t.Kinds[k.kind]++
			heap.Push(&open, newFlow(begin, start, steps(k.write, random), random))
			begin++
			continue
		}
		f := open[0]
		frame, err := p.pack(f, f.steps[0])
		if err != nil {
			return t, err
		}
		info := gopacket.CaptureInfo{Timestamp: f.next, CaptureLength: len(frame), Length: len(frame)}
		if err := out.WritePacket(info, frame); err != nil {
			return t, err
		}
		t.Segments++
		if f.steps = f.steps[1:]; len(f.steps) == 0 {
			heap.Pop(&open)
			continue
		}
		f.next = f.next.Add(f.steps[0].after)
		heap.Fix(&open, 0)
	}
	return t, nil
}

// newFlow returns a connection with addresses of its own.
func newFlow(n int, start time.Time, steps []step, random *rand.Rand) *flow {
	client := netip.AddrFrom4([4]byte{10, byte(n >> 18), byte(n >> 10), byte(n >> 2)})
	return &flow{
		addrs: [2]netip.AddrPort{netip.AddrPortFrom(client, uint16(32768+n&3)), netip.AddrPortFrom(netip.AddrFrom4([4]byte{192, 0, 2, byte(n % 5)}), 443)},
		isn:   [2]uint32{random.Uint32(), random.Uint32()}, steps: steps, next: start,
	}
}

// A packer writes segments as frames.
type packer struct {
	b    gopacket.SerializeBuffer
	eth  layers.Ethernet
	ip   layers.IPv4
	text []byte
}

func newPacker() *packer {
	return &packer{
		b: gopacket.NewSerializeBuffer(),
		eth: layers.Ethernet{
			SrcMAC: make([]byte, 6), DstMAC: make([]byte, 6), EthernetType: layers.EthernetTypeIPv4,
		},
		ip:   layers.IPv4{Version: 4, IHL: 5, TTL: 64, Protocol: layers.IPProtocolTCP},
		text: make([]byte, 1460),
	}
}

func (p *packer) pack(f *flow, s step) ([]byte, error) {
	from, to := f.addrs[s.from], f.addrs[s.from.Peer()]
	f.id++
	p.ip.Id, p.ip.SrcIP, p.ip.DstIP = f.id, from.Addr().AsSlice(), to.Addr().AsSlice()
	tcp := layers.TCP{
		SrcPort: layers.TCPPort(from.Port()), DstPort: layers.TCPPort(to.Port()), Window: 64240, Seq: f.isn[s.from] + s.seq,
		SYN: s.ctl.Has(wire.SYN), FIN: s.ctl.Has(wire.FIN), RST: s.ctl.Has(wire.RST), ACK: s.ctl.Has(wire.ACK), PSH: s.len > 0,
	}
	if tcp.ACK {
		tcp.Ack = f.isn[s.from.Peer()] + s.ack
	}
	if tcp.SYN {
		tcp.Options = []layers.TCPOption{{OptionType: layers.TCPOptionKindMSS, OptionLength: 4, OptionData: []byte{5, 180}}}
	}
	if tcp.RST {
		tcp.Window = 0
	}
	if err := tcp.SetNetworkLayerForChecksum(&p.ip); err != nil {
		return nil, err
	}
	options := gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true}
	err := gopacket.SerializeLayers(p.b, options, &p.eth, &p.ip, &tcp, gopacket.Payload(p.text[:s.len]))
	return p.b.Bytes(), err
}
