package capture

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	_ "tcpclose/internal/tier" // the seed of rapid
	"tcpclose/stacks/wire"
)

// read reads a capture whole.
func read(r io.Reader) (list []Connection, d *Decoder, err error) {
	reader, err := NewReader(r)
	if err != nil {
		return nil, nil, err
	}
	d = new(Decoder)
	table := NewTable(func(c Connection) { list = append(list, c) })
	for {
		f, err := reader.Next()
		if err != nil {
			table.Close()
			if errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
				err = nil
			}
			return list, d, err
		}
		if s, ok := d.Segment(f); ok {
			table.Add(s)
		}
	}
}

// The public captures, told from the frames alone as a reader tells them.
func TestPublic(t *testing.T) {
	const dir = "../../shared/captures"
	if _, err := os.Stat(dir); err != nil {
		t.Skip("skipped: the public captures are not here")
	}
	for name, want := range map[string]struct {
		kind  Kind
		first Closer
	}{
		"suricata-bug-3519":               {Simultaneous, Both},
		"suricata-tcp-empty-sack":         {ResetAfter, ServerFirst},
		"zeek-ctu-60387-63723-ldap":       {ResetAfter, ClientFirst},
		"zeek-http-11-request-then-cruft": {HalfUsed, ServerFirst},
		"zeek-ipv6-violation":             {ResetAfter, Both},
		"zeek-post":                       {Simultaneous, Both},
		"zeek-socks":                      {Unanswered, ServerFirst},
		"zeek-tls-12-amazon-rds":          {Simultaneous, Both},
		"zeek-tls13_psk_succesfull":       {Simultaneous, Both},
	} {
		f, err := os.Open(filepath.Join(dir, name+".pcap"))
		require.NoError(t, err)
		list, _, err := read(f)
		require.NoError(t, err)
		require.NotEmpty(t, list)
		for _, c := range list {
			assert.Equal(t, want.kind, c.Story.Kind, name)
			assert.Equal(t, want.first, c.Story.First, name)
		}
		require.NoError(t, f.Close())
	}
}

// A packet of a made capture: by the client or the server, numbers relative.
type packet struct {
	from     Side
	ctl      wire.Ctl
	seq, ack uint32
	len      int
	ms       int // after the one before it
	scale    int // of a SYN; -1 is none
	wnd      uint16
}

// A shape says how packets become a capture.
type shape struct {
	isn     [2]uint32
	v6      bool
	link    layers.LinkType
	vlan    bool   // with a tag
	qinq    bool   // with a tag of a provider
	family  uint32 // of IPv6 in a loopback's frames: it differs by system
	snap    int    // octets of a frame that are captured; 0 is all
	noLen   bool   // IPv4 says 0, as where an adapter cuts segments later
	twice   bool
	nextGen bool
	zip     bool
	nano    bool
}

var addrs = [2][2]netip.AddrPort{
	{netip.MustParseAddrPort("192.0.2.1:40000"), netip.MustParseAddrPort("192.0.2.2:80")},
	{netip.MustParseAddrPort("[2001:db8::1]:40000"), netip.MustParseAddrPort("[2001:db8::2]:80")},
}

// file writes packets as a capture of that shape.
func (s shape) file(t require.TestingT, packets []packet) []byte {
	var b bytes.Buffer
	var write func(gopacket.CaptureInfo, []byte) error
	finish := func() error { return nil }
	var out io.Writer = &b
	if s.zip {
		z := gzip.NewWriter(&b)
		out, finish = z, z.Close
	}
	switch {
	case s.nextGen:
		w, err := pcapgo.NewNgWriter(out, s.link)
		require.NoError(t, err)
		write = w.WritePacket
		end := finish
		finish = func() error { return errors.Join(w.Flush(), end()) }
	default:
		w := pcapgo.NewWriter(out)
		if s.nano {
			w = pcapgo.NewWriterNanos(out)
		}
		require.NoError(t, w.WriteFileHeader(65535, s.link))
		write = w.WritePacket
	}
	at := time.Unix(1_700_000_000, 0)
	for i, p := range packets {
		at = at.Add(time.Duration(p.ms) * time.Millisecond)
		frame := s.frame(t, p, uint16(i+1))
		n := len(frame)
		if s.snap > 0 {
			frame = frame[:min(n, s.snap)]
		}
		for range 1 + map[bool]int{true: 1}[s.twice] {
			require.NoError(t, write(gopacket.CaptureInfo{Timestamp: at, CaptureLength: len(frame), Length: n}, frame))
			at = at.Add(2 * time.Microsecond)
		}
	}
	require.NoError(t, finish())
	return b.Bytes()
}

// frame writes a packet as a frame.
func (s shape) frame(t require.TestingT, p packet, id uint16) []byte {
	from, to := addrs[0][p.from], addrs[0][p.from.Peer()]
	if s.v6 {
		from, to = addrs[1][p.from], addrs[1][p.from.Peer()]
	}
	tcp := &layers.TCP{
		SrcPort: layers.TCPPort(from.Port()), DstPort: layers.TCPPort(to.Port()), Window: p.wnd,
		Seq: s.isn[p.from] + p.seq, SYN: p.ctl.Has(wire.SYN), FIN: p.ctl.Has(wire.FIN), RST: p.ctl.Has(wire.RST),
		ACK: p.ctl.Has(wire.ACK), PSH: p.ctl.Has(wire.PSH),
	}
	if tcp.ACK {
		tcp.Ack = s.isn[p.from.Peer()] + p.ack
	}
	if tcp.SYN && p.scale >= 0 {
		tcp.Options = []layers.TCPOption{{OptionType: layers.TCPOptionKindWindowScale, OptionLength: 3, OptionData: []byte{byte(p.scale)}}}
	}
	var ip gopacket.SerializableLayer
	kind := layers.EthernetTypeIPv4
	if s.v6 {
		v6 := &layers.IPv6{Version: 6, SrcIP: from.Addr().AsSlice(), DstIP: to.Addr().AsSlice(), NextHeader: layers.IPProtocolTCP, HopLimit: 64}
		ip, kind = v6, layers.EthernetTypeIPv6
		require.NoError(t, tcp.SetNetworkLayerForChecksum(v6))
	} else {
		v4 := &layers.IPv4{Version: 4, IHL: 5, SrcIP: from.Addr().AsSlice(), DstIP: to.Addr().AsSlice(), Protocol: layers.IPProtocolTCP, TTL: 64, Id: id}
		ip = v4
		require.NoError(t, tcp.SetNetworkLayerForChecksum(v4))
	}
	b := gopacket.NewSerializeBuffer()
	require.NoError(t, gopacket.SerializeLayers(b, gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true}, ip, tcp, gopacket.Payload(make([]byte, p.len))))
	body := bytes.Clone(b.Bytes())
	if s.noLen && !s.v6 {
		binary.BigEndian.PutUint16(body[2:], 0)
	}
	return append(s.head(kind), body...)
}

// head returns what comes before the IP packet.
func (s shape) head(kind layers.EthernetType) []byte {
	two := binary.BigEndian.AppendUint16(nil, uint16(kind))
	switch s.link {
	case layers.LinkTypeEthernet:
		head := make([]byte, 12)
		if s.qinq {
			head = append(head, 0x88, 0xa8, 0, 9)
		}
		if s.vlan {
			head = append(head, 0x81, 0, 0, 7)
		}
		return append(head, two...)
	case layers.LinkTypeLinuxSLL:
		return append([]byte{0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0}, two...)
	case layers.LinkTypeLinuxSLL2:
		return append(two, 0, 0, 0, 0, 0, 1, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0)
	case layers.LinkTypeNull, layers.LinkTypeLoop:
		family := uint32(2)
		if kind == layers.EthernetTypeIPv6 {
			family = s.family
		}
		if s.link == layers.LinkTypeLoop {
			return binary.BigEndian.AppendUint32(nil, family)
		}
		return binary.LittleEndian.AppendUint32(nil, family)
	}
	return nil
}

const (
	fa = wire.FIN | wire.ACK
	sa = wire.SYN | wire.ACK
)

// closing has a handshake, text both ways, and a half-close in use.
var closing = []packet{
	{Client, wire.SYN, 0, 0, 0, 0, 7, 1000}, {Server, sa, 0, 1, 0, 10, 7, 1000}, {Client, wire.ACK, 1, 1, 0, 10, 0, 100},
	{Client, wire.ACK, 1, 1, 500, 0, 0, 100}, {Server, wire.ACK, 1, 501, 0, 10, 0, 100},
	{Client, fa, 501, 1, 0, 0, 0, 100}, {Server, wire.ACK, 1, 502, 0, 10, 0, 100},
	{Server, wire.ACK, 1, 502, 1400, 10, 0, 100}, {Client, wire.ACK, 502, 1401, 0, 10, 0, 100},
	{Server, fa, 1401, 502, 0, 0, 0, 100}, {Client, wire.ACK, 502, 1402, 0, 10, 0, 100},
}

// Whatever the file's form, the link, the numbers and what was captured of each frame,
// the same is told.
func TestShapes(t *testing.T) {
	for _, link := range slices.Concat(readable, rawLinks) {
		for _, v6 := range []bool{false, true} {
			if v6 && link == layers.LinkTypeIPv4 || !v6 && link == layers.LinkTypeIPv6 {
				continue
			}
			list, d, err := read(bytes.NewReader(shape{link: link, v6: v6, family: 10}.file(t, closing)))
			require.NoError(t, err)
			require.Empty(t, d.String(), "link type %d", link)
			require.Len(t, list, 1, "link type %d", link)
			require.Equal(t, HalfUsed, list[0].Story.Kind, "link type %d", link)
		}
	}
	want, _, err := read(bytes.NewReader(shape{link: layers.LinkTypeRaw}.file(t, closing)))
	require.NoError(t, err)
	require.Len(t, want, 1)
	require.Equal(t, HalfUsed, want[0].Story.Kind)
	require.Equal(t, ClientFirst, want[0].Story.First)
	require.Equal(t, [2]int64{500, 1400}, want[0].Octets)
	require.Equal(t, 100<<7, want[0].Frames[3].Wnd)

	rapid.Check(t, func(t *rapid.T) {
		s := shape{
			isn:     [2]uint32{rapid.Uint32().Draw(t, "client's"), rapid.Uint32().Draw(t, "server's")},
			v6:      rapid.Bool().Draw(t, "v6"),
			link:    rapid.SampledFrom(slices.Concat(readable, rawLinks[:2])).Draw(t, "link"),
			vlan:    rapid.Bool().Draw(t, "vlan"),
			qinq:    rapid.Bool().Draw(t, "provider's VLAN"),
			family:  rapid.SampledFrom([]uint32{10, 24, 28, 30}).Draw(t, "family"),
			snap:    rapid.SampledFrom([]int{0, 110, 200}).Draw(t, "snap"),
			noLen:   rapid.Bool().Draw(t, "no length"),
			nextGen: rapid.Bool().Draw(t, "pcapng"),
			zip:     rapid.Bool().Draw(t, "gzip"),
			nano:    rapid.Bool().Draw(t, "ns"),
		}
		got, d, err := read(bytes.NewReader(s.file(t, closing)))
		require.NoError(t, err)
		require.Empty(t, d.String())
		require.Len(t, got, 1)
		require.Equal(t, want[0].Story, got[0].Story)
		require.Equal(t, want[0].Octets, got[0].Octets)
		require.Equal(t, want[0].Frames, got[0].Frames)
	})
}

// A frame that was captured twice counts once.
func TestTwice(t *testing.T) {
	for _, v6 := range []bool{false, true} {
		list, _, err := read(bytes.NewReader(shape{link: layers.LinkTypeRaw, v6: v6, twice: true, nano: true}.file(t, closing)))
		require.NoError(t, err)
		require.Len(t, list, 1)
		c := list[0]
		require.Equal(t, HalfUsed, c.Story.Kind)
		require.Equal(t, [2]int{0, 0}, c.Story.Again)
		if !v6 {
			require.Len(t, c.Frames, len(closing))
			require.True(t, c.Frames[5].Remarks.Has(Twice))
		}
	}
}

// A file that ends anywhere gives what was read before.
func TestBroken(t *testing.T) {
	for _, s := range []shape{{link: layers.LinkTypeEthernet}, {link: layers.LinkTypeEthernet, nextGen: true}} {
		whole := s.file(t, closing)
		most := 0
		ends := map[int]bool{} // where a file may end
		if s.nextGen {
			ends[int(binary.LittleEndian.Uint32(whole[4:]))] = true // behind the section's header
		}
		for i := range len(closing) + 1 {
			ends[len(s.file(t, closing[:i]))] = true
		}
		for n := range whole {
			list, _, err := read(bytes.NewReader(whole[:n]))
			frames := 0
			for _, c := range list {
				frames += len(c.Frames)
			}
			require.GreaterOrEqual(t, frames, most)
			most = frames
			var broken *BrokenError
			switch {
			case errors.As(err, &broken):
				require.Equal(t, frames, broken.Frames)
			case err == nil:
				require.True(t, ends[n], "%d octets are no whole capture", n)
			default:
				require.Zero(t, frames, err)
			}
		}
		require.GreaterOrEqual(t, most, len(closing)-1)
	}
	_, _, err := read(bytes.NewReader([]byte("no capture at all, but some lines of text")))
	require.EqualError(t, err, "capture: the file begins with 6e6f2063: want pcap or pcapng, packed by gzip or not: Unknown magic 63206f6e")
	_, _, err = read(bytes.NewReader(nil))
	require.EqualError(t, err, "capture: the file begins with : want pcap or pcapng, packed by gzip or not: unexpected EOF")
}

// A frame that ends within the options of the header has its length all the same.
func TestShort(t *testing.T) {
	of := func(snap int) []Connection {
		list, d, err := read(bytes.NewReader(shape{link: layers.LinkTypeRaw, snap: snap}.file(t, closing)))
		require.NoError(t, err)
		require.Zero(t, d.Cut)
		return list
	}
	whole, short := of(0), of(40)
	require.Len(t, short, len(whole))
	for i := range whole {
		require.Equal(t, whole[i].Octets, short[i].Octets)
		require.Equal(t, whole[i].Story.Kind, short[i].Story.Kind)
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []shape{
		{link: layers.LinkTypeEthernet}, {link: layers.LinkTypeRaw, nextGen: true, v6: true}, {link: layers.LinkTypeLinuxSLL2, zip: true},
		{link: layers.LinkTypeNull, noLen: true, snap: 60},
	} {
		f.Add(s.file(f, closing))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		list, _, err := read(bytes.NewReader(text))
		var broken *BrokenError
		if err != nil && list != nil && !errors.As(err, &broken) {
			t.Errorf("%v: want a BrokenError where something was read", err)
		}
	})
}
