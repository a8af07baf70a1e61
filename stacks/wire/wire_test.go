package wire

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	_ "tcpclose/internal/tier" // the seed of rapid
)

// segments draws any segment.
var segments = rapid.Custom(func(t *rapid.T) Segment {
	g := Segment{
		Ctl: Ctl(rapid.Uint8().Draw(t, "ctl")),
		Seq: rapid.Int32Range(-near, 1<<30).Draw(t, "seq"),
		Wnd: rapid.Uint16().Draw(t, "wnd"),
		Len: rapid.IntRange(0, 40).Draw(t, "len"),
	}
	if g.Ctl.Has(ACK) {
		g.Ack = rapid.Int32().Draw(t, "ack")
	}
	if rapid.Bool().Draw(t, "stamped") {
		g.Opts.Stamped, g.Opts.Stamp, g.Opts.Echo = true, rapid.Uint32().Draw(t, "stamp"), rapid.Uint32().Draw(t, "echo")
	}
	if rapid.Bool().Draw(t, "scaled") {
		g.Opts.Scaled, g.Opts.Scale = true, rapid.Uint8().Draw(t, "scale")
	}
	if g.Ctl.Has(RST) && rapid.Bool().Draw(t, "raw") {
		g.Raw, g.Seq = true, 0
	}
	g.Opts.MSS = rapid.Uint16().Draw(t, "mss")
	g.Opts.SACK = rapid.Bool().Draw(t, "sack")
	return g
})

func TestSegment_TextReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := segments.Draw(t, "segment")
		again, err := ParseSegment(g.String())
		require.NoError(t, err)
		require.Equal(t, g, again)
	})
}

func TestParseSegment_Errors(t *testing.T) {
	for text, want := range map[string]string{
		"":                      "want control bits",
		"S 0 0 100":             "want control bits",
		"X 0 0 100 0":           `control bits "X"`,
		"SS 0 0 100 0":          "different letters",
		"S x 0 100 0":           `SEQ "x"`,
		"S 0 0 65536 0":         `window "65536": want 0 to 65535`,
		"S 0 0 100 -1":          `length "-1"`,
		"S 0 5 100 0":           "ACK 5: want 0 without the bit",
		"S 0 0 100 0 mss=0":     `mss "0"`,
		"S 0 0 100 0 ts=1":      `ts ""`,
		"S 0 0 100 0 nonsense=": "want raw, mss=",
	} {
		_, err := ParseSegment(text)
		require.ErrorContains(t, err, want, text)
	}
}

// What the stack sends, the peer reads; both numbers and the initial ones may be
// anything.
func TestLink_ReadsPackets(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := NewLink(rapid.Bool().Draw(t, "active"))
		l.PeerISN, l.StackISN, l.Known = rapid.Uint32().Draw(t, "peer"), rapid.Uint32Range(2*near, 1<<31).Draw(t, "stack"), true
		g := segments.Draw(t, "segment")
		again, err := l.Read(l.StackPacket(g))
		require.NoError(t, err)
		require.Equal(t, g, again)
	})
}

func TestLink_LearnsNumbers(t *testing.T) {
	there, here := NewLink(false), NewLink(false)
	there.StackISN = 0xfffffffe
	syn := Segment{Ctl: SYN | ACK, Seq: 0, Ack: 1}
	g, err := here.Read(there.StackPacket(syn))
	require.NoError(t, err)
	require.Equal(t, syn, g)
	require.Equal(t, uint32(0xfffffffe), here.StackISN)

	// The numbers of a next connection count from those of the first.
	g, err = here.Read(there.StackPacket(Segment{Ctl: SYN, Seq: 65537}))
	require.NoError(t, err)
	require.Equal(t, int32(65537), g.Seq)
}

// gopacket computes the same checksums, and reads the same fields.
func TestLink_PacketsAreTCP(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := NewLink(false)
		l.StackISN = rapid.Uint32().Draw(t, "stack")
		g := segments.Draw(t, "segment")
		p := l.Packet(g)
		packet := gopacket.NewPacket(p, layers.LayerTypeIPv4, gopacket.Default)
		require.Nil(t, packet.ErrorLayer())
		ip := packet.Layer(layers.LayerTypeIPv4).(*layers.IPv4)
		tcp := packet.Layer(layers.LayerTypeTCP).(*layers.TCP)
		if g.Raw {
			require.Zero(t, tcp.Seq)
		} else {
			require.Equal(t, l.PeerISN+uint32(g.Seq), tcp.Seq)
		}
		require.Equal(t, g.Len, len(tcp.Payload))
		require.NoError(t, tcp.SetNetworkLayerForChecksum(ip))
		b := gopacket.NewSerializeBuffer()
		tcp.Padding = nil
		require.NoError(t, gopacket.SerializeLayers(b, gopacket.SerializeOptions{ComputeChecksums: true, FixLengths: true}, ip, tcp, gopacket.Payload(tcp.Payload)))
		require.Equal(t, b.Bytes(), p)
	})
}

func TestLink_RefusesWhatIsBroken(t *testing.T) {
	l := NewLink(false)
	good := l.StackPacket(Segment{Ctl: ACK, Seq: 1, Ack: 1, Len: 5})
	_, err := l.Read(good)
	require.NoError(t, err)
	for what, change := range map[string]func(p []byte) []byte{
		"checksum of the IPv4 header": func(p []byte) []byte { p[8]++; return p },
		"checksum of the segment":     func(p []byte) []byte { p[ipHeader+14]++; return p },
		"protocol 17":                 func(p []byte) []byte { p[9] = 17; return p },
		"want TCP over IPv4":          func(p []byte) []byte { p[0] = 0x65; return p },
		"want them to fit":            func(p []byte) []byte { return p[:30] },
		"text at number 3":            func(p []byte) []byte { changeText(p, 2); return p },
		"packet from":                 func([]byte) []byte { return l.Packet(Segment{}) },
	} {
		_, err := l.Read(change(bytes.Clone(good)))
		require.ErrorContains(t, err, what)
	}
	// Nothing that is cut short makes it panic.
	for n := range good {
		_, err := l.Read(good[:n])
		require.Error(t, err)
	}
}

// changeText changes octet i of the text and the one two later, by amounts that leave the checksum as it is.
func changeText(p []byte, i int) {
	text := p[ipHeader+tcpHeader:]
	text[i]++
	text[i+2]--
}

func TestCapture_TsharkReads(t *testing.T) {
	tshark, err := exec.LookPath("tshark")
	if err != nil {
		t.Skip("tshark is not here")
	}
	var b bytes.Buffer
	c := NewCapture(&b)
	l := NewLink(false)
	c.Packet(0, l.Packet(Segment{Ctl: SYN, Wnd: 1000}))
	c.Packet(1500*time.Millisecond, l.StackPacket(Segment{Ctl: FIN | ACK, Seq: 4, Ack: 1, Len: 2}))
	require.NoError(t, c.Err())
	file := filepath.Join(t.TempDir(), "x.pcap")
	require.NoError(t, os.WriteFile(file, b.Bytes(), 0o600))
	out, err := exec.Command(tshark, "-r", file, "-o", "tcp.check_checksum:TRUE", "-T", "fields",
		"-e", "frame.time_relative", "-e", "tcp.flags", "-e", "tcp.len", "-e", "tcp.checksum.status").Output()
	require.NoError(t, err)
	require.Equal(t, []string{"0.000000000", "0x0002", "0", "1", "1.500000000", "0x0011", "2", "1"}, strings.Fields(string(out)))
}
