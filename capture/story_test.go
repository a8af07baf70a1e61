package capture

import (
	"bytes"
	"fmt"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/gopacket/gopacket/layers"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"tcpclose/stacks/wire"
)

// shaken is a handshake, and ra an RST that acknowledges.
var shaken = []packet{
	{Client, wire.SYN, 0, 0, 0, 0, -1, 1000}, {Server, sa, 0, 1, 0, 10, -1, 1000}, {Client, wire.ACK, 1, 1, 0, 10, 0, 1000},
}

const ra = wire.RST | wire.ACK

func TestStories(t *testing.T) {
	ack, rst := wire.ACK, wire.RST
	p := func(from Side, ctl wire.Ctl, seq, ack uint32, len int) packet {
		return packet{from, ctl, seq, ack, len, 10, -1, 1000}
	}
	for _, c := range []struct {
		name    string
		packets []packet
		kind    Kind
		first   Closer
		check   func(*testing.T, Connection)
	}{
		{"nothing yet", shaken, Running, Nobody, nil},
		{"the server closes, then the client", slices.Concat(shaken, []packet{
			p(Server, fa, 1, 1, 0), p(Client, ack, 1, 2, 0), p(Client, fa, 1, 2, 0), p(Server, ack, 2, 2, 0),
		}), Normal, ServerFirst, nil},
		{"three segments", slices.Concat(shaken, []packet{
			p(Client, fa, 1, 1, 0), p(Server, fa, 1, 2, 0), p(Client, ack, 2, 2, 0),
		}), Normal, ClientFirst, nil},
		{"both at once, one again", slices.Concat(shaken, []packet{
			p(Client, fa, 1, 1, 0), p(Server, fa, 1, 1, 0), p(Client, fa, 1, 2, 0), p(Server, ack, 2, 2, 0),
		}), Simultaneous, Both, func(t *testing.T, c Connection) {
			assert.Equal(t, 2, c.Story.Fins[Client].Sent)
			assert.Equal(t, [2]int{1, 0}, c.Story.Again)
		}},
		{"a FIN that nobody answers", slices.Concat(shaken, []packet{
			p(Client, fa, 1, 1, 0), p(Client, fa, 1, 1, 0), p(Client, fa, 1, 1, 0),
		}), Unanswered, ClientFirst, func(t *testing.T, c Connection) { assert.Equal(t, 3, c.Story.Fins[Client].Sent) }},
		{"one end closes only", slices.Concat(shaken, []packet{
			p(Client, fa, 1, 1, 0), p(Server, ack, 1, 2, 0), p(Server, ack, 1, 2, 5),
		}), HalfOpen, ClientFirst, nil},
		{"nobody listens", []packet{shaken[0], p(Server, ra, 0, 1, 0)}, Refused, Nobody, nil},
		{"no answer", []packet{shaken[0], shaken[0]}, NoAnswer, Nobody, nil},
		{"an abort", slices.Concat(shaken, []packet{p(Client, ra, 1, 1, 0)}), Aborted, Nobody, func(t *testing.T, c Connection) {
			assert.Equal(t, Unprovoked, c.Story.Resets[0].After)
		}},
		{"a close with text unread", slices.Concat(shaken, []packet{
			p(Client, ack, 1, 1, 9), p(Server, ack, 1, 10, 0), p(Server, ra, 1, 10, 0),
		}), Aborted, Nobody, func(t *testing.T, c Connection) { assert.Equal(t, UnreadAtFull, c.Story.Resets[0].After) }},
		{"late text after a full close", slices.Concat(shaken, []packet{
			p(Client, fa, 1, 1, 0), p(Server, ack, 1, 2, 9), p(Client, rst, 2, 0, 0),
		}), ResetAfter, ClientFirst, func(t *testing.T, c Connection) { assert.Equal(t, ToLateText, c.Story.Resets[0].After) }},
		{"the last ACK twice, to an end that is CLOSED", slices.Concat(shaken, []packet{
			p(Client, fa, 1, 1, 0), p(Server, fa, 1, 2, 0), p(Client, ack, 2, 2, 0), p(Client, ack, 2, 2, 0), p(Server, rst, 2, 0, 0),
		}), ResetAfter, ClientFirst, func(t *testing.T, c Connection) { assert.Equal(t, ToUnknown, c.Story.Resets[0].After) }},
		{"an RST for an RST's leavings", slices.Concat(shaken, []packet{p(Client, ra, 1, 1, 0), p(Server, rst, 1, 0, 0)}), Aborted, Nobody, func(t *testing.T, c Connection) {
			assert.Equal(t, AfterReset, c.Story.Resets[1].After)
		}},
		{"an end that knows no such connection", slices.Concat(shaken, []packet{p(Client, ack, 1, 1, 9), p(Server, rst, 1, 0, 0)}), Aborted, Nobody, func(t *testing.T, c Connection) {
			assert.Equal(t, NoConnection, c.Story.Resets[0].After)
		}},
		{"nothing answers the probes", slices.Concat(shaken, []packet{
			p(Client, ack, 1, 1, 5), p(Server, ack, 1, 6, 0), p(Client, ack, 5, 1, 0), p(Client, ack, 5, 1, 0), p(Client, ra, 6, 1, 0),
		}), Aborted, Nobody, func(t *testing.T, c Connection) {
			assert.Equal(t, Silence, c.Story.Resets[0].After)
			assert.Equal(t, [2]int{2, 0}, c.Story.Probes)
		}},
		{"an earlier connection is half-open", []packet{
			shaken[0], p(Server, ack, 7000, 9000, 0), p(Client, rst, 9000, 0, 0), shaken[0],
			p(Server, sa, 0, 1, 0), shaken[2], p(Client, fa, 1, 1, 0), p(Server, fa, 1, 2, 0), p(Client, ack, 2, 2, 0),
		}, Normal, ClientFirst, func(t *testing.T, c Connection) { assert.Equal(t, ToOther, c.Story.Resets[0].After) }},
		{"something between resets, and the server goes on", slices.Concat(shaken, []packet{
			p(Client, ack, 1, 1, 9), p(Server, ra, 1, 10, 0), p(Server, ack, 1, 10, 0), p(Server, ack, 1, 10, 30), p(Client, ack, 10, 31, 0),
		}), Running, Nobody, func(t *testing.T, c Connection) {
			assert.Equal(t, Between, c.Story.Resets[0].After)
			assert.True(t, c.Frames[4].Remarks.Has(Foreign))
		}},
		{"an RST that text has overtaken is the end's own", slices.Concat(shaken, []packet{
			p(Server, ra, 31, 1, 0), p(Server, ack, 1, 1, 30),
		}), Aborted, Nobody, func(t *testing.T, c Connection) { assert.Equal(t, Unprovoked, c.Story.Resets[0].After) }},
		{"the handshake is not finished", []packet{shaken[0], shaken[1], shaken[1]}, Unopened, Nobody, nil},
		{"one direction", []packet{shaken[0], shaken[2], p(Client, ack, 1, 50, 3), p(Client, fa, 4, 50, 0)}, OneWay, ClientFirst, nil},
		{"a window that stays closed", slices.Concat(shaken, []packet{
			p(Client, ack, 1, 1, 9), {Server, ack, 1, 10, 0, 10, -1, 0}, p(Client, ack, 9, 1, 0), {Server, ack, 1, 10, 0, 10, -1, 0},
		}), Running, Nobody, func(t *testing.T, c Connection) {
			assert.Equal(t, [2]int{0, 2}, c.Story.Shut)
			assert.Equal(t, [2]bool{false, true}, c.Story.Stuck)
		}},
		{"a segment that extends one before it is not late", slices.Concat(shaken, []packet{p(Client, ack, 1, 1, 1), p(Client, ack, 1, 1, 9)}), Running, Nobody, func(t *testing.T, c Connection) {
			assert.Zero(t, c.Story.Overtaken)
		}},
		{"overtaken", slices.Concat(shaken, []packet{
			p(Server, ack, 11, 1, 10), p(Server, ack, 1, 1, 10), p(Server, ack, 41, 1, 10), p(Client, ack, 1, 51, 0),
		}), Running, Nobody, func(t *testing.T, c Connection) {
			assert.Equal(t, [2]int{0, 1}, c.Story.Overtaken)
			assert.Equal(t, [2]int64{0, 20}, c.Story.Unseen)
			assert.True(t, c.Frames[3].Remarks.Has(Gap))
		}},
		{"acknowledged and never seen", slices.Concat(shaken, []packet{p(Client, ack, 1, 101, 0)}), Running, Nobody, func(t *testing.T, c Connection) {
			assert.Equal(t, [2]int64{0, 100}, c.Story.Unseen)
		}},
		{"a probe", slices.Concat(shaken, []packet{p(Client, ack, 1, 1, 5), p(Server, ack, 1, 6, 0), p(Client, ack, 5, 1, 0)}), Running, Nobody, func(t *testing.T, c Connection) {
			assert.True(t, c.Frames[5].Remarks.Has(Probe))
		}},
		{"from the middle", []packet{p(Server, ack, 1000, 77, 10), p(Client, fa, 77, 1010, 0), p(Server, ack, 1010, 78, 0)}, HalfOpen, ServerFirst, func(t *testing.T, c Connection) {
			assert.False(t, c.Shaken)
			assert.Equal(t, int64(1), c.Frames[0].Seq)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			list, _, err := read(bytes.NewReader(shape{isn: [2]uint32{1<<32 - 3, 1<<31 - 2}, link: layers.LinkTypeRaw}.file(t, c.packets)))
			require.NoError(t, err)
			require.Len(t, list, 1)
			assert.Equal(t, c.kind.String(), list[0].Story.Kind.String())
			assert.Equal(t, c.first.String(), list[0].Story.First.String())
			if c.check != nil {
				c.check(t, list[0])
			}
		})
	}
}

// The same addresses again are another connection, if a SYN says so.
func TestReplaced(t *testing.T) {
	again := slices.Clone(closing)
	for i := range again {
		again[i].seq += 5000
		if again[i].ctl.Has(wire.ACK) {
			again[i].ack += 5000
		}
	}
	list, _, err := read(bytes.NewReader(shape{link: layers.LinkTypeRaw}.file(t, slices.Concat(closing, again))))
	require.NoError(t, err)
	require.Len(t, list, 2)
	require.Equal(t, Replaced, list[0].Cause)
	require.Equal(t, list[0].Story.Kind, list[1].Story.Kind)
	require.Equal(t, list[0].Octets, list[1].Octets)
}

// Of a long connection the beginning and the end are kept, and the story is of all.
func TestLong(t *testing.T) {
	packets := slices.Clone(shaken)
	for i := range uint32(5000) {
		packets = append(packets, packet{Client, wire.ACK, 1 + i*10, 1, 10, 1, 0, 1000})
	}
	packets = append(packets, packet{Client, fa, 50001, 1, 0, 1, 0, 1000}, packet{Server, wire.ACK, 1, 50002, 0, 1, 0, 1000})
	list, _, err := read(bytes.NewReader(shape{link: layers.LinkTypeRaw}.file(t, packets)))
	require.NoError(t, err)
	c := list[0]
	require.Equal(t, len(packets), len(c.Frames)+c.Left)
	require.LessOrEqual(t, len(c.Frames), maxKept+2)
	require.Equal(t, [2]int64{50000, 0}, c.Octets)
	require.Equal(t, len(packets), c.Frames[len(c.Frames)-1].Frame)
	require.Equal(t, HalfOpen, c.Story.Kind)
}

// A table follows no more connections than it may, and gives each once.
func TestTable_Bounds(t *testing.T) {
	given := map[netip.AddrPort]int{}
	causes := map[End]int{}
	table := NewTable(func(c Connection) { given[c.Addrs[Client]]++; causes[c.Cause]++ })
	table.Most, table.Quiet = 50, time.Hour
	at := time.Unix(0, 0)
	host := func(i int) netip.AddrPort {
		return netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 0, byte(i >> 8), byte(i)}), 999)
	}
	server := netip.MustParseAddrPort("192.0.2.1:80")
	for i := range 300 {
		at = at.Add(time.Second)
		table.Add(Segment{Frame: 3*i + 1, Time: at, From: host(i), To: server, Ctl: wire.SYN})
		if i%2 == 0 {
			table.Add(Segment{Frame: 3*i + 2, Time: at, From: server, To: host(i), Ctl: ra, Ack: 1})
		}
		require.LessOrEqual(t, len(table.conns), table.Most)
	}
	table.Add(Segment{Frame: 1000, Time: at.Add(2 * time.Hour), From: host(1000), To: server, Ctl: wire.SYN})
	require.Len(t, table.conns, 1, "the rest was quiet for too long")
	table.Close()
	require.Len(t, given, 301)
	for host, n := range given {
		require.Equal(t, 1, n, host)
	}
	require.Positive(t, causes[Idle])
	require.Positive(t, causes[Evicted])
	require.Positive(t, causes[Closed])
	require.Equal(t, 1, causes[Ceased])
}

// A table keeps no more frames than it may, however many connections have them.
func TestTable_Frames(t *testing.T) {
	given, frames := 0, 0
	table := NewTable(func(c Connection) { given++; frames += len(c.Frames) + c.Left })
	table.MostFrames = 100
	server := netip.MustParseAddrPort("192.0.2.1:80")
	rapid.Check(t, func(t *rapid.T) {
		before := frames
		n := rapid.IntRange(1, 400).Draw(t, "segments")
		for i := range n {
			from := netip.AddrPortFrom(server.Addr(), rapid.Uint16Range(1000, 1020).Draw(t, "port"))
			ctl := rapid.SampledFrom([]wire.Ctl{wire.ACK, fa, ra}).Draw(t, "ctl")
			table.Add(Segment{Frame: i + 1, Time: time.Unix(int64(i), 0), From: from, To: server, Ctl: ctl, Seq: uint32(i)})
			kept := 0
			for _, o := range table.conns {
				kept += o.kept()
			}
			require.Equal(t, kept, table.frames)
			require.True(t, kept <= table.MostFrames || len(table.conns) == 1, "%d frames of %d connections", kept, len(table.conns))
		}
		table.Close()
		require.Zero(t, table.frames)
		require.Equal(t, n, frames-before, "each frame is given once")
	})
	require.Positive(t, given)
}

// spans against a set of numbers.
func TestSpans(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var s spans
		plain := map[int64]bool{}
		highest := int64(-1)
		for range rapid.IntRange(1, 30).Draw(t, "ranges") {
			from := rapid.Int64Range(0, 40).Draw(t, "from")
			to := from + rapid.Int64Range(0, 6).Draw(t, "length")
			missing := int64(0)
			for n := from; n < to; n++ {
				if !plain[n] {
					missing++
				}
			}
			require.Equal(t, missing, s.missing(from, to))
			require.Equal(t, missing == 0, s.has(from, to))
			s.add(from, to)
			for n := from; n < to; n++ {
				plain[n], highest = true, max(highest, n)
			}
			holes, begun := int64(0), false
			for n := int64(0); n <= highest; n++ {
				begun = begun || plain[n]
				if begun && !plain[n] {
					holes++
				}
			}
			require.Equal(t, holes, s.holes())
			for i := 1; i < len(s); i++ {
				require.Less(t, s[i-1][1], s[i][0])
			}
		}
	})
}

func BenchmarkRead(b *testing.B) {
	var packets []packet
	for range 1000 {
		packets = append(packets, closing...)
	}
	text := shape{link: layers.LinkTypeEthernet}.file(b, packets)
	for b.Loop() {
		if _, _, err := read(bytes.NewReader(text)); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N*len(packets))/b.Elapsed().Seconds(), "segments/s")
}

func ExampleTable() {
	list, _, err := read(bytes.NewReader(shape{link: layers.LinkTypeEthernet}.file(panics{}, closing)))
	if err != nil {
		panic(err)
	}
	for _, c := range list {
		y := c.Story
		fmt.Printf("%s: %s closed first; %d and %d octets in %s\n", y.Kind, y.First, c.Octets[Client], c.Octets[Server], y.Last.Round(time.Millisecond))
	}
	// Output: half-close: client closed first; 500 and 1400 octets in 70ms
}

type panics struct{}

func (panics) Errorf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }
func (panics) FailNow()                          { panic("failed") }
