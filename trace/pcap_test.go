package trace

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"tcpclose/internal/tier"
	"tcpclose/model"
)

// A capture has what the end sends and receives, in order, and nothing in it is
// lost on the way to octets and back.
func TestCapture(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, err := NewStory(walk(t), About{Tick: someTick(t)})
		require.NoError(t, err)
		at := rapid.SampledFrom(model.Sides[:]).Draw(t, "at")
		var b bytes.Buffer
		require.NoError(t, s.Capture(&b, at))
		var want []string
		for i := range s.Events {
			a, o := s.Events[i].Action, &s.Events[i].Outcome
			if (a.Kind == model.Deliveries || a.Kind == model.Copies) && a.Side != at {
				want = append(want, a.Packet.Text(a.Side))
			}
			if g := o.Effect.Sent; g != (model.Segment{}) && o.Mover == at {
				want = append(want, g.Text(at))
			}
		}
		r, err := pcapgo.NewReader(&b)
		require.NoError(t, err)
		var got []string
		var last int64
		for {
			data, info, err := r.ReadPacketData()
			if err == io.EOF {
				break
			}
			require.NoError(t, err)
			assert.Greater(t, info.Timestamp.UnixNano(), last)
			last = info.Timestamp.UnixNano()
			p := gopacket.NewPacket(data, r.LinkType(), gopacket.Default)
			require.Nil(t, p.ErrorLayer())
			got = append(got, segmentText(p.Layer(layers.LayerTypeTCP).(*layers.TCP), s.Config))
		}
		assert.Equal(t, want, got)
	})
}

// segmentText returns what was captured in the notation of the figures.
func segmentText(p *layers.TCP, c model.Config) string {
	from := model.A
	if p.SrcPort == 80 {
		from = model.B
	}
	g := model.Segment{Seq: model.Seq(int(p.Seq) - model.Seq(0).In(from)), Len: uint8(len(p.Payload))}
	for _, x := range []struct {
		set bool
		ctl model.Ctl
	}{{p.FIN, model.FIN}, {p.SYN, model.SYN}, {p.RST, model.RST}, {p.ACK, model.ACK}} {
		if x.set {
			g.Ctl |= x.ctl
		}
	}
	if p.ACK {
		g.Ack = model.Seq(int(p.Ack) - model.Seq(0).In(from.Peer()))
	}
	if p.Window != wideWindow && !p.RST {
		g.Wnd = model.WindowOf(uint8(p.Window))
	}
	return g.Text(from)
}

// found returns the story of the run that shows a property or a witness.
func found(t *testing.T, config, property string) *Story {
	run, err := Found(config, property)
	require.NoError(t, err)
	s, err := NewStory(run, About{Property: property})
	require.NoError(t, err)
	return s
}

const noData = "a-octets=0 b-octets=0 "

// tshark returns what it says of a capture: the fields of each packet.
func tshark(t *testing.T, s *Story, at model.Side, fields ...string) (packets []string) {
	if _, err := exec.LookPath("tshark"); err != nil {
		t.Skip("tshark is not installed (apt-get install tshark): it does not check captures")
	}
	name := filepath.Join(t.TempDir(), "capture.pcap")
	var b bytes.Buffer
	require.NoError(t, s.Capture(&b, at))
	require.NoError(t, os.WriteFile(name, b.Bytes(), 0o666))
	args := []string{"-r", name, "-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE", "-o", "tcp.relative_sequence_numbers:FALSE", "-T", "fields"}
	for _, f := range fields {
		args = append(args, "-e", f)
	}
	out, err := exec.Command("tshark", args...).Output()
	require.NoError(t, err)
	for line := range strings.Lines(string(out)) {
		packets = append(packets, strings.Join(strings.Fields(line), " "))
	}
	return packets
}

// The normal close is four segments, with the flags that every textbook gives
// them, numbered as in RFC 9293's figure 12.
func TestTshark_NormalClose(t *testing.T) {
	s := found(t, noData+"loss=off duplicate=off reorder=off", "normal-close")
	for _, at := range model.Sides {
		assert.Equal(t, []string{
			"49152 FIN,ACK 100 300 1 1",
			"80 ACK 300 101 1 1",
			"80 FIN,ACK 300 101 1 1",
			"49152 ACK 101 301 1 1",
		}, named(tshark(t, s, at, "tcp.srcport", "tcp.flags.str", "tcp.seq", "tcp.ack", "tcp.checksum.status", "ip.checksum.status")), "1 is a good checksum")
	}
}

// named returns packets with tshark's letters for flags as names.
func named(packets []string) (list []string) {
	for _, p := range packets {
		words := strings.Fields(p)
		var flags []string
		for letter, name := range map[rune]string{'F': "FIN", 'S': "SYN", 'R': "RST", 'A': "ACK"} {
			if strings.ContainsRune(words[1], letter) {
				flags = append(flags, name)
			}
		}
		// FIN before ACK, as in the RFC.
		if len(flags) == 2 && flags[0] == "ACK" {
			flags[0], flags[1] = flags[1], flags[0]
		}
		words[1] = strings.Join(flags, ",")
		list = append(list, strings.Join(words, " "))
	}
	return list
}

// losing returns a close, a first, in which the nth segment that is sent is lost and
// everything else goes well.
func losing(t *testing.T, nth int) *Story {
	c, err := model.ParseConfig(noData + "loss=1 duplicate=off reorder=off")
	require.NoError(t, err)
	run := &Trace{Config: c, Loop: -1}
	y, err := run.System()
	require.NoError(t, err)
	s, sent := y.Init(), 0
	run.States = append(run.States, s)
	for actions := y.Actions(nil, s); len(actions) > 0; actions = y.Actions(nil, s) {
		// What is in transit arrives first, b closes when a's FIN is acknowledged, and
		// time goes on when nothing else is to be done.
		wants := func(a model.Action) bool { return a.Kind == model.Deliveries }
		if !slices.ContainsFunc(actions, wants) {
			wants = func(a model.Action) bool {
				return a.Kind != model.Calls || a.Side == model.A || s.Ends[model.A].State == model.FinWait2
			}
		}
		if sent == nth {
			wants = func(a model.Action) bool { return a.Kind == model.Losses }
			sent++ // once
		}
		at := slices.IndexFunc(actions, wants)
		require.GreaterOrEqual(t, at, 0)
		o, _ := y.Step(s, actions[at])
		if o.Effect.Sent != (model.Segment{}) {
			sent++
		}
		run.Events = append(run.Events, Event{Action: actions[at], Outcome: o})
		run.States = append(run.States, o.To)
		s = o.To
	}
	story, err := NewStory(run, About{})
	require.NoError(t, err)
	return story
}

// Each of the four segments is lost in turn, and a FIN is sent again. Captured at
// its sender, Wireshark's analysis says so of that packet and of no other.
func TestTshark_Losses(t *testing.T) {
	tier.SkipToCI(t)
	for nth, sender := range map[int]model.Side{1: model.A, 2: model.A, 3: model.B, 4: model.B} {
		s := losing(t, nth)
		var want []string
		for i := range s.Events {
			if f := s.arrived[i].flight; f >= 0 && s.Flights[f].From != sender {
				want = append(want, "")
			}
			if f := s.sent[i]; f >= 0 && s.Flights[f].From == sender {
				flag := ""
				if a := s.Events[i].Action; a.Kind == model.Timeouts && a.Timeout == model.Retransmission {
					flag = "1"
				}
				want = append(want, flag)
			}
		}
		assert.Contains(t, want, "1", "segment %d is lost", nth)
		assert.Equal(t, want, tshark(t, s, sender, "tcp.analysis.retransmission"), "segment %d is lost", nth)
		assert.Equal(t, model.Closed, s.States[len(s.Events)].Ends[model.A].State)
	}
}
