package box

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// find returns the table of a box with a tick of a second.
func find(t require.TestingT, name string) *Table {
	b, err := Find(name)
	require.NoError(t, err)
	return b.Table(time.Second, 60000)
}

// play lets segments arrive that words name, from an open connection of side 0 or, with
// "-" as the first word, from none: "c FIN" is client's FIN with an ACK of all, "s ACK"
// the server's ACK; "/" is lost behind the sender, ">9" lets seconds pass. A number behind
// a kind is SEG.SEQ. What is returned is, by word, the state and what is left.
func play(t *testing.T, table *Table, words string) (steps []string) {
	steps, _ = follow(t, table, words)
	return steps
}

// playTo returns the entry after that.
func playTo(t *testing.T, table *Table, words string) Entry {
	_, e := follow(t, table, words)
	return e
}

func follow(t *testing.T, table *Table, words string) (steps []string, e Entry) {
	e = table.Open(0)
	next, got := [2]int8{}, [2]int8{} // what a side sends next, and what it has of its peer
	for word := range strings.SplitSeq(words, " ") {
		if word == "-" {
			e = Entry{}
			continue
		}
		if n, ok := strings.CutPrefix(word, ">"); ok {
			var ticks uint32
			_, err := fmt.Sscan(n, &ticks)
			require.NoError(t, err)
			after, ok := table.Tick(e, ticks)
			if e = after; !ok || table.Due(e) {
				e = Entry{}
			}
			continue
		}
		who, what, _ := strings.Cut(word, ":")
		s := Segment{From: Side(strings.Index("cs", who[:1])), Seq: next[strings.Index("cs", who[:1])]}
		what, number, at := strings.Cut(what, "@")
		switch what {
		case "SYN":
			s.Ctl, s.Seq = SYN, -1
		case "SYN-ACK":
			s.Ctl, s.Seq = SYN|ACK, -1
		case "FIN":
			s.Ctl = FIN | ACK
		case "FIN2": // the same again
			s.Ctl, s.Seq = FIN|ACK, s.Seq-1
		case "ACK", "OLD":
			s.Ctl = ACK
		case "DATA":
			s.Ctl, s.Len = ACK, 1
		case "RST":
			s.Ctl = RST
		default:
			require.Fail(t, what)
		}
		if at {
			_, err := fmt.Sscan(number, &s.Seq)
			require.NoError(t, err)
		}
		if s.Ctl&ACK != 0 {
			if s.Ack = got[s.From]; what == "OLD" {
				s.Ack = 0
			}
		}
		if s.Ctl&RST == 0 {
			next[s.From] = max(next[s.From], s.end())
		}
		var v Verdict
		e, v = table.Arrives(e, s)
		if v == Passed && !strings.HasSuffix(who, "/") {
			got[1-s.From] = next[s.From]
		}
		steps = append(steps, fmt.Sprintf("%s %s", v, left(table, e)))
	}
	return steps, e
}

func left(t *Table, e Entry) string {
	if !e.Used {
		return "-"
	}
	if e.Left == Never {
		return t.State(e) + " -"
	}
	return fmt.Sprintf("%s %d", t.State(e), e.Left)
}

// What each box does with the sequences that matter for closing. The last step is
// compared.
func TestTables(t *testing.T) {
	for _, tt := range []struct{ box, words, want string }{
		{"conntrack", "c:ACK", "passes ESTABLISHED -"},
		{"conntrack", "c:FIN", "passes FIN_WAIT 120"},
		{"conntrack", "c:FIN s:ACK", "passes CLOSE_WAIT 60"},
		{"conntrack", "c:FIN s:FIN", "passes LAST_ACK 30"},
		{"conntrack", "c:FIN s:ACK s:FIN", "passes LAST_ACK 30"},
		{"conntrack", "c:FIN s:ACK s:FIN c:ACK", "passes TIME_WAIT 120"},
		{"conntrack", "c/:FIN c:FIN2", "passes LAST_ACK 30"},              // the same FIN again
		{"conntrack", "c/:FIN c:FIN2 s:ACK", "passes TIME_WAIT 120"},      // b has not closed
		{"conntrack", "c:FIN s:OLD", "passes CLOSE_WAIT 60"},              // an ACK that was in transit
		{"conntrack", "c:FIN s:ACK >60 s:DATA", "passes ESTABLISHED 300"}, // picked up
		{"conntrack,tcp_loose=0", "c:FIN s:ACK >60 s:DATA", "drops -"},
		{"conntrack", "c:FIN s:ACK >60 s:FIN", "drops -"},
		{"conntrack", "c:FIN s:ACK >59 s:DATA", "passes CLOSE_WAIT 60"},
		{"conntrack,close_wait=3600", "c:FIN s:ACK", "passes CLOSE_WAIT 3600"},
		{"conntrack,close_wait=3600", "c:FIN s:OLD", "passes CLOSE_WAIT 300"}, // the FIN is not acknowledged
		{"conntrack", "c:FIN s:RST@7", "passes CLOSE 10"},                     // any number
		{"conntrack", "s:RST@-1", "drops ESTABLISHED -"},
		{"conntrack,tcp_ignore_invalid_rst=1", "s:RST@-1", "passes ESTABLISHED 10"},
		{"conntrack", "s:RST@3", "passes ESTABLISHED 10"}, // in the window, not exact
		{"conntrack", "s:RST@0", "passes CLOSE 10"},
		{"conntrack", "c:DATA s:ACK c:DATA c:RST", "passes CLOSE 10"}, // directly behind the text
		{"conntrack", "c:DATA", "passes ESTABLISHED 300"},             // not acknowledged
		{"conntrack", "c:DATA s:ACK", "passes ESTABLISHED -"},
		{"conntrack", "s:ACK s:ACK s:ACK", "passes ESTABLISHED -"},
		{"conntrack", "s:ACK s:ACK s:ACK s:ACK", "passes ESTABLISHED 300"},                           // three times the same
		{"conntrack", "s:ACK s:ACK s:DATA c:ACK s:ACK s:DATA@0 s:ACK s:ACK", "passes ESTABLISHED -"}, // text between is no repeated ACK
		{"conntrack", "c:FIN s:FIN c:ACK c:SYN", "passes SYN_SENT 120"},
		{"conntrack", "c:RST c:SYN", "passes SYN_SENT 120"},
		{"conntrack", "s:RST c:SYN", "passes CLOSE 10"}, // neither a FIN nor an RST of this side
		{"conntrack", "c:FIN s:FIN c:ACK s:SYN", "drops TIME_WAIT 120"},
		{"conntrack", "c:SYN", "passes ESTABLISHED -"}, // ignored
		{"conntrack", "c:FIN s:FIN c:SYN s:ACK", "passes LAST_ACK 30"},
		{"conntrack", "c:FIN s:FIN c:SYN s:ACK c:ACK", "passes TIME_WAIT 120"},
		{"conntrack", "- c:SYN s:ACK", "passes SYN_SENT 120"},
		{"conntrack", "- c:FIN", "drops -"},

		{"pf", "c:FIN", "passes CLOSING/ESTABLISHED 900"},
		{"pf", "c/:FIN s:OLD", "passes FIN_WAIT_2/ESTABLISHED 900"}, // its number is not compared
		{"pf", "c:FIN s:ACK s:FIN", "passes FIN_WAIT_2/CLOSING 45"},
		{"pf", "c:FIN s:ACK s:FIN c:ACK", "passes FIN_WAIT_2/FIN_WAIT_2 90"},
		{"pf", "c:FIN s:ACK >900 s:DATA", "drops -"},
		{"pf", "s:RST@0", "passes TIME_WAIT/TIME_WAIT 90"},
		{"pf", "s:RST@2", "drops ESTABLISHED/ESTABLISHED -"},
		{"pf", "- c:SYN", "passes SYN_SENT/CLOSED 120"},
		{"pf", "c:FIN s:FIN c:ACK s:ACK c:SYN", "passes SYN_SENT/CLOSED 120"},
		{"ovs", "c:FIN s:ACK s:FIN c:ACK", "passes FIN_WAIT_2/FIN_WAIT_2 30"},
		{"ovs", "- c:DATA", "passes SYN_SENT/CLOSED 30"},
		{"ovs", "- s:SYN-ACK", "drops -"},

		{"cilium", "c:FIN s:ACK", "passes CLOSING/OPEN 8000"},
		{"cilium", "c:FIN s:FIN", "passes CLOSING/CLOSING 10"},
		{"cilium", "c:FIN s:FIN >4 c:ACK", "passes CLOSING/CLOSING 6"}, // not prolonged
		{"cilium", "c:FIN s:FIN >4 s:FIN2", "passes CLOSING/CLOSING 10"},
		{"cilium", "c:FIN s:FIN >10 s:FIN2", "drops -"},
		{"cilium", "c:RST", "passes CLOSING/OPEN 8000"},
		{"cilium", "c:FIN s:FIN c:SYN", "passes OPEN/OPEN 8000"},

		{"ipvs", "c:FIN s:ACK", "passes CLOSE_WAIT 60"},
		{"ipvs", "s:FIN c:ACK", "passes FIN_WAIT 120"},
		{"ipvs", "c:FIN s:FIN", "passes TIME_WAIT 120"},
		{"ipvs", "c:FIN c:FIN2 s:ACK", "passes CLOSE_WAIT 60"}, // it knows whose FIN it is
		{"ipvs,direct=1", "c:FIN", "passes FIN_WAIT 120"},
		{"ipvs,direct=1", "c:FIN c:FIN2", "passes FIN_WAIT 120"},
		{"ipvs", "c:RST@9", "passes CLOSE 10"}, // any number
		{"ipvs", "c:FIN s:FIN s:RST", "passes TIME_WAIT 120"},
		{"ipvs", "c:FIN s:FIN c:RST", "passes CLOSE 10"},
		{"ipvs", "c:RST s:DATA", "passes CLOSE 10"},
		{"ipvs", "c:FIN s:FIN c:SYN", "passes SYN_RECV 60"},
		{"ipvs", "c:FIN s:FIN s:SYN-ACK", "passes SYN_SENT 120"},
		{"ipvs", "c:FIN s:ACK >60 s:DATA", "drops -"},
		{"ipvs", "- c:SYN s:SYN-ACK", "passes SYN_RECV 60"},
		{"ipvs", "- c:SYN c:RST", "passes SYN_RECV 60"},
		{"gvisor", "c:FIN s:ACK", "passes FIN_ACKED/OPEN -"},
		{"gvisor", "c:FIN s:OLD", "passes FIN/OPEN -"}, // it does not acknowledge the FIN
		{"gvisor", "c:FIN s:FIN", "passes FIN_ACKED/FIN -"},
		{"gvisor", "c:FIN s:FIN c:ACK", "passes FIN_ACKED/FIN_ACKED 120"},
		{"gvisor", "s:RST@0", "passes OPEN/OPEN 120"},
		{"gvisor", "s:RST@-1", "passes OPEN/OPEN -"},
		{"gvisor", "s:RST@0 c:ACK", "passes OPEN/OPEN -"}, // an RST is forgotten at the next segment
		{"gvisor", "- c:SYN", "passes OPEN/OPEN 120"},
		{"gvisor", "- c:SYN c:SYN", "passes OPEN/OPEN 120"},
		{"gvisor", "- c:SYN s:SYN-ACK", "passes OPEN/OPEN -"},
		{"gvisor", "- c:ACK", "drops -"},

		{"rfc6146", "c:FIN s:ACK", "passes V6_FIN_RCV 7200"},
		{"rfc6146", "c:FIN s:RST", "passes V6_FIN_RCV 7200"}, // the RST is ignored
		{"rfc6146", "c:FIN s:FIN >100 c:ACK", "passes V4_FIN_V6_FIN 140"},
		{"rfc6146", "c:RST", "passes TRANS 240"},
		{"rfc6146", "c:RST s:ACK", "passes ESTABLISHED 7200"},
		{"rfc5382", "c:FIN s:FIN >100 c:ACK", "passes CLOSING 140"},
		{"rfc5382", "c:RST s:ACK", "passes ESTABLISHED 7440"},
		{"rfc5382", "s:FIN s:RST", "passes TRANS 240"},

		{"libtelio", "c:FIN s:ACK s:FIN", "passes -"},
		{"opte", "c:FIN s:FIN", "passes TIME_WAIT 120"}, // the guest's FIN is not acknowledged
		{"opte", "c:FIN s:ACK", "passes FIN_WAIT_2 120"},
		{"opte", "s:FIN c:ACK c:FIN", "passes LAST_ACK 5"},
		{"opte", "s:FIN c:ACK c:FIN s:ACK", "passes -"},
		{"opte", "s:FIN c:ACK c:FIN s:ACK s:ACK", "passes ESTABLISHED 8000"}, // revived
		{"opte", "c:FIN s:FIN c:SYN", "passes SYN_SENT 5"},
		{"opte,drop_unexpected=1", "c:FIN s:FIN c:SYN", "drops TIME_WAIT 120"},
		{"openzro", "s:FIN c:FIN s:ACK", "passes CLOSED 300"},
		{"openzro", "s:FIN c:FIN >9 c:SYN", "passes CLOSED 291"},
		{"openzro", "s:FIN c:FIN >9 c:SYN s:SYN-ACK", "drops CLOSED 291"},
		{"openzro,supersedes=1", "s:FIN c:FIN >9 c:SYN", "passes NEW -"},
		{"vpp", "c:FIN s:ACK", "passes CLOSING 240"},
		{"vpp", "s:RST@7 c:DATA", "passes CLOSING 240"}, // no way back
		{"libtelio", "c:FIN s:FIN c:ACK", "drops -"},

		{"idle", "c:FIN s:FIN c:ACK", "passes OPEN 240"},
		{"idle", ">240 c:ACK", "drops -"},
		{"idle-rst", ">240 c:ACK", "resets -"},
		{"idle-rst", ">240 c:RST", "drops -"},
	} {
		t.Run(tt.box+" "+tt.words, func(t *testing.T) {
			steps := play(t, find(t, tt.box), tt.words)
			assert.Equal(t, tt.want, steps[len(steps)-1], "%q", steps)
		})
	}
}

// The tables of the boxes name every state of theirs, and every timer runs somewhere.
func TestBuiltin(t *testing.T) {
	assert.Equal(t, []string{"cilium", "conntrack", "gvisor", "idle-rst", "idle", "ipvs", "libtelio", "openzro", "opte", "ovs", "pf", "rfc5382", "rfc6146", "vpp"}, Names())
	for _, b := range Builtin {
		assert.NotEmpty(t, b.About, b.Name)
		assert.NotEmpty(t, b.Source, b.Name)
		e := b.Table(time.Second, 60000).Open(0)
		assert.True(t, e.Used, "%s: a handshake leaves no entry", b.Name)
		for _, line := range b.About {
			assert.LessOrEqual(t, len(line), 90, b.Name)
		}
	}
}

func TestExpire(t *testing.T) {
	table := find(t, "idle-rst")
	e := table.Open(0)
	assert.False(t, table.Due(e))
	e, ok := table.Tick(e, 240)
	assert.True(t, ok)
	assert.True(t, table.Due(e))
	_, ok = table.Tick(e, 1)
	assert.False(t, ok, "time does not go on before it has expired")
	assert.Equal(t, [2]Segment{{From: 0, Ctl: RST}, {From: 1, Ctl: RST}}, table.Expire(e))
	assert.Equal(t, [2]Segment{}, find(t, "idle").Expire(e))
	assert.Equal(t, Segment{From: 1, Ctl: RST, Seq: 7}, table.Reset(Segment{Ctl: ACK, Seq: 3, Ack: 7}))
	assert.Equal(t, Segment{From: 1, Ctl: RST | ACK, Ack: 4}, table.Reset(Segment{Ctl: SYN, Seq: 3}))
	assert.Equal(t, Segment{}, table.Reset(Segment{Ctl: RST}))
}

func TestTable_NotCounted(t *testing.T) {
	b, err := Find("pf")
	require.NoError(t, err)
	table := b.Table(10*time.Second, 100)
	e := table.Open(0)
	assert.EqualValues(t, Never, e.Left)
	assert.Equal(t, "tcp.established", table.NotCounted[0].Name)
	e, _ = table.Arrives(e, Segment{From: 0, Ctl: FIN | ACK})
	assert.EqualValues(t, 90, e.Left)
	after, ok := table.Tick(table.Open(0), 1000)
	assert.True(t, ok)
	assert.Equal(t, table.Open(0), after)
}

func TestMayEvict(t *testing.T) {
	table := find(t, "conntrack")
	e := table.Open(0)
	assert.False(t, table.MayEvict(e))
	e, _ = table.Arrives(e, Segment{Ctl: FIN | ACK})
	assert.True(t, table.MayEvict(e))
	assert.False(t, table.MayEvict(Entry{}))
}

func TestFind(t *testing.T) {
	b, err := Find("conntrack,close_wait=3600,tcp_loose=0")
	require.NoError(t, err)
	assert.Equal(t, "conntrack,tcp_loose=0,close_wait=3600", b.Name, "in the order of the text")
	again, err := Find(b.Name)
	require.NoError(t, err)
	assert.Same(t, b, again)
	plain, err := Find("conntrack,close_wait=60")
	require.NoError(t, err)
	assert.Equal(t, "conntrack", plain.Name)
	for name, want := range map[string]string{
		"contrack":                "\"contrack\": want a box: cilium, conntrack, gvisor, idle-rst, idle, ipvs, libtelio, openzro, opte, ovs, pf, rfc5382, rfc6146, vpp, or a file of one; did you mean conntrack?",
		"pf,x=1":                  "\"x\": want an option or a timer of pf: tcp.closed, tcp.finwait, tcp.opening, tcp.closing, tcp.established, tcp.first",
		"pf,tcp.closing":          "\"tcp.closing\": want a setting as in tcp_loose=0",
		"pf,tcp.closing=0":        "tcp.closing=0: want 1 to 100000000 seconds",
		"conntrack,close_wait=-1": "\"close_wait=-1\": want a setting as in tcp_loose=0",
	} {
		_, err := Find(name)
		assert.EqualError(t, err, want)
	}
}

// small is a box of one's own.
const small = `tcpclose box 1
# Short.
box small
states OPEN CLOSED
timer t 5 in OPEN # what for
none SYN: new OPEN
on FIN: go CLOSED
`

func TestKnow(t *testing.T) {
	b, err := Read(strings.NewReader(small))
	require.NoError(t, err)
	is, err := Know(b)
	require.NoError(t, err)
	same, err := Read(strings.NewReader(small))
	require.NoError(t, err)
	again, err := Know(same)
	require.NoError(t, err)
	assert.Same(t, is, again)
	other, err := Read(strings.NewReader(strings.Replace(small, "t 5", "t 6", 1)))
	require.NoError(t, err)
	_, err = Know(other)
	assert.EqualError(t, err, "box small: want another name: there is another box of this one")
	found, err := Find("small,t=7")
	require.NoError(t, err)
	assert.Equal(t, 7, found.Timers[0].Seconds)
	other, err = Read(strings.NewReader(strings.Replace(small, "box small", "box pf", 1)))
	require.NoError(t, err)
	_, err = Know(other)
	assert.EqualError(t, err, "box pf: want another name: one is built in")
}

func TestRead_Errors(t *testing.T) {
	change := func(old, text string) string { return strings.Replace(small, old, text, 1) }
	for text, want := range map[string]string{
		"":                                         `line 1: want "tcpclose box 1"`,
		"box x\n":                                  `line 1: "box x": want "tcpclose box 1"`,
		"tcpclose box 1\n":                         "it has no name: want a line 'box NAME'",
		"tcpclose box 1\nbox x\n":                  "it has no states: want a line 'states NAME ...' or 'ends NAME ...'",
		change("box small", "box a b"):             `line 3: "a b": want a name of letters, digits, '.', '_' and '-'`,
		change("box small", "bx small"):            `line 3: "bx": want one of box, source, states, ends, option, timer, limit, evict, expire, on, none`,
		change("OPEN CLOSED", "OPEN OPEN"):         `line 4: "OPEN": want different names of states`,
		change("t 5", "t 0"):                       `line 5: "0": want a number from 1 to 100000000`,
		change("in OPEN", "in OPN"):                `line 5: "OPN": want a state, one of OPEN, CLOSED`,
		change("in OPEN", "both OPEN"):             `line 5: "both": want in, behind a line 'states'`,
		change("none SYN", "none SYNC"):            `line 6: "SYNC": want kinds of segments: any, or of RST, SYN, SYN-ACK, FIN, ACK, other`,
		change("none SYN:", "none :"):              "line 6: want kinds of segments: any, or of RST, SYN, SYN-ACK, FIN, ACK, other",
		change("SYN: new OPEN", "SYN"):             "line 6: want ': ACTION, ...' behind what the rule is for",
		change("new OPEN", "go OPEN"):              `line 6: "go OPEN": without an entry there is none`,
		change("none SYN", "none SYN from client"): "line 6: from: without an entry there is none",
		change("go CLOSED", "go"):                  `line 7: "go": want "go STATE"`,
		change("go CLOSED", "self CLOSED"):         `line 7: "self CLOSED": want go with 'states', self, peer and both with 'ends'`,
		change("go CLOSED", "go CLOSED, , pass"):   "line 7: want an action between the commas",
		change("go CLOSED", "timer u"):             `line 7: "u": want a timer that stands above`,
		change("on FIN", "on FIN if loose"):        `line 7: "loose": want a condition or an option that stands above`,
		change("on FIN", "on FIN if"):              "line 7: want conditions behind if",
		change("on FIN", "on FIN self OPEN"):       "line 7: self: want in with 'states', self and peer with 'ends'",
		change("on FIN", "on FIN from b"):          `line 7: from "b": want client or server`,
		change("on FIN", "on FIN if repeated=21"):  `line 7: "21": want a number from 1 to 20`,
	} {
		_, err := Read(strings.NewReader(text))
		assert.EqualError(t, err, want)
	}
}

// What is read can be run with any segments, and says the same when it is read again.
func FuzzRead(f *testing.F) {
	for _, b := range Builtin {
		f.Add(b.Text(), []byte{0, 1, 8, 16, 17, 64, 3})
	}
	f.Add(small, []byte{})
	f.Fuzz(func(t *testing.T, text string, segments []byte) {
		b, err := Read(strings.NewReader(text))
		if err != nil {
			return
		}
		again, err := Read(strings.NewReader(b.Text()))
		require.NoError(t, err)
		require.Equal(t, b, again)
		table := b.Table(time.Second, 1000)
		e := table.Open(1)
		for _, c := range segments {
			s := Segment{From: c & 1, Ctl: Ctl(c >> 1 & 15), Seq: int8(c >> 5), Ack: int8(c >> 6), Len: c >> 7}
			e, _ = table.Arrives(e, s)
			table.State(e)
			table.Expire(e)
			if to, ok := table.Tick(e, 1); ok {
				e = to
			} else {
				e = Entry{}
			}
			require.True(t, e.Used || e == Entry{})
		}
	})
}

// A fault is a change of the box that it is of, and of no other.
func TestFaults(t *testing.T) {
	for _, f := range Faults {
		b, err := Find(f.Of)
		require.NoError(t, err)
		assert.Contains(t, b.Text(), f.from, f.Name)
		name := f.Of + ",fault=" + f.Name
		seeded, err := Find(name)
		require.NoError(t, err)
		assert.Equal(t, name, seeded.Name)
		assert.NotEqual(t, b.Text(), seeded.Text(), f.Name)
		assert.True(t, seeded.IsBuiltin())
		again, err := Find(name)
		require.NoError(t, err)
		assert.Same(t, seeded, again)
		set, err := Find(name + ",transitory=300")
		require.NoError(t, err)
		assert.Equal(t, name+",transitory=300", set.Name)
		assert.Equal(t, seeded.Text(), set.Text())
	}
	_, err := Find("rfc5382,fault=none")
	assert.ErrorContains(t, err, `fault="none": want a fault of rfc5382: acts-first, rst-kept`)
	_, err = Find("pf,fault=rst-kept")
	assert.ErrorContains(t, err, `fault="rst-kept": want none: the faults are of rfc5382`)
	_, err = Find("rfc5382,transitory=300,fault=rst-kept")
	assert.ErrorContains(t, err, "fault=")
}
