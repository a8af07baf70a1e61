//go:build linux

package conntrack

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"tcpclose/box"
)

// rig returns a rig, or skips the test where there can be none.
func rig(t *testing.T, b *box.Box) *Rig {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("needs root")
	}
	if _, err := os.Stat("/proc/net/nf_conntrack"); err != nil {
		t.Skip("this kernel shows no connection tracking: ", err)
	}
	settings := map[string]int{"checksum": 1}
	for _, o := range b.Options {
		if o.Name != "drop_invalid" {
			settings[o.Name] = o.Value
		}
	}
	for _, timer := range b.Timers {
		settings["tcp_timeout_"+timer.Name] = timer.Seconds
	}
	r, err := New(settings)
	require.NoError(t, err)
	t.Cleanup(r.Close)
	return r
}

// A pair is an entry of the box of that name, and the kernel's.
type pair struct {
	table *box.Table
	entry box.Entry
	conn  *Conn
	next  [2]int8 // what a side sends next
	fin   [2]bool // it has sent a FIN
	got   [2]int8 // what it has of its peer
	said  []string
}

// shown is an entry as both are compared. The kernel rounds what is left down.
func (p *pair) shown() (mine, its string, err error) {
	mine, its = "none", "none"
	if p.entry.Used {
		mine = fmt.Sprintf("%s %d", p.table.State(p.entry), p.entry.Left)
	}
	e, ok, err := p.conn.Entry()
	if ok {
		left := e.Left
		if p.entry.Used && left < int(p.entry.Left) && left >= int(p.entry.Left)-2 {
			left = int(p.entry.Left) // no more than that has passed
		}
		its = fmt.Sprintf("%s %d", e.State, left)
	}
	return mine, its, err
}

// step sends a segment through both, and returns what differs.
func (p *pair) step(s box.Segment, lost bool) (difference string, err error) {
	was := p.entry
	var v box.Verdict
	p.entry, v = p.table.Arrives(p.entry, s)
	passed, err := p.conn.Pass(s)
	if err != nil {
		return "", err
	}
	p.said = append(p.said, fmt.Sprintf("%c %s seq %d ack %d len %d", "cs"[s.From], ctl(s.Ctl), s.Seq, s.Ack, s.Len))
	if passed && !lost && s.Ctl&box.RST == 0 {
		end := s.Seq + int8(s.Len)
		if s.Ctl&(box.SYN|box.FIN) != 0 {
			end++
		}
		p.got[1-s.From] = max(p.got[1-s.From], end)
	}
	mine, its, err := p.shown()
	if err != nil {
		return "", err
	}
	verdict := box.Dropped
	if passed {
		verdict = box.Passed
	}
	if v != verdict || mine != its {
		before := "none"
		if was.Used {
			before = p.table.State(was)
		}
		return fmt.Sprintf("from %s: the box %s, %s; the kernel %s, %s", before, v, mine, verdict, its), nil
	}
	return "", nil
}

func ctl(c box.Ctl) string {
	var words []string
	for _, bit := range []struct {
		ctl  box.Ctl
		name string
	}{{box.SYN, "SYN"}, {box.FIN, "FIN"}, {box.RST, "RST"}, {box.ACK, "ACK"}} {
		if c&bit.ctl != 0 {
			words = append(words, bit.name)
		}
	}
	return strings.Join(words, ",")
}

// open makes a connection that is open on both.
func open(t require.TestingT, r *Rig, table *box.Table) *pair {
	p := &pair{table: table, conn: r.Conn()}
	for _, s := range []box.Segment{{From: 0, Ctl: box.SYN, Seq: -1}, {From: 1, Ctl: box.SYN | box.ACK, Seq: -1}, {From: 0, Ctl: box.ACK}} {
		difference, err := p.step(s, false)
		require.NoError(t, err)
		require.Empty(t, difference)
	}
	p.said = nil
	return p
}

// kinds are what is drawn: what an end sends that keeps its numbers, and RSTs of the next number
// or one before. An RST ahead of it is left out: TestKernel_RSTAhead.
var kinds = []string{"ACK", "ACK", "DATA", "again", "again", "FIN", "FIN", "old ACK", "RST", "RST behind"}

// drawn returns a segment that a side may send.
func (p *pair) drawn(t *rapid.T) (s box.Segment, lost bool) {
	s.From = box.Side(rapid.IntRange(0, 1).Draw(t, "side"))
	next := &p.next[s.From]
	s.Seq, s.Ack, s.Ctl = *next, p.got[s.From], box.ACK
	fin := &p.fin[s.From]
	switch kind := rapid.SampledFrom(kinds).Draw(t, "kind"); {
	case kind == "DATA" && !*fin:
		s.Len = 1
	case kind == "again" && *fin:
		s.Seq, s.Ctl = s.Seq-1, box.ACK|box.FIN
	case kind == "again" && s.Seq > 0:
		s.Seq, s.Len = s.Seq-1, 1
	case kind == "FIN" && !*fin:
		s.Ctl, *fin = box.ACK|box.FIN, true
	case kind == "old ACK":
		s.Ack = 0
	case kind == "RST":
		s.Ctl, s.Ack = box.RST, 0
	case kind == "RST behind":
		s.Ctl, s.Ack, s.Seq = box.RST, 0, s.Seq-1
	}
	if s.Ctl&box.RST == 0 {
		end := s.Seq + int8(s.Len)
		if s.Ctl&box.FIN != 0 {
			end++
		}
		*next = max(*next, end)
	}
	return s, rapid.IntRange(0, 4).Draw(t, "lost") == 0
}

// What the box of the name does with any sequence of segments is what the kernel does.
func TestKernel_Rapid(t *testing.T) {
	for _, name := range []string{"conntrack", "conntrack,close_wait=3600"} {
		t.Run(name, func(t *testing.T) {
			b, err := box.Find(name)
			require.NoError(t, err)
			r := rig(t, b)
			table := b.Table(time.Second, box.Never-1)
			steps := map[string]int{}
			rapid.Check(t, func(t *rapid.T) {
				p := open(t, r, table)
				for range rapid.IntRange(1, 8).Draw(t, "segments") {
					s, lost := p.drawn(t)
					difference, err := p.step(s, lost)
					require.NoError(t, err)
					require.Empty(t, difference, strings.Join(p.said, "; "))
					if p.entry.Used {
						steps[table.State(p.entry)]++
					}
				}
			})
			for _, state := range []string{"ESTABLISHED", "FIN_WAIT", "CLOSE_WAIT", "LAST_ACK", "TIME_WAIT", "CLOSE"} {
				assert.Positive(t, steps[state], state)
			}
		})
	}
}

// An RST ahead of the next number is where the box departs from the kernel, and both are held
// to what they do: the kernel counts its number as sent, so that something is not acknowledged
// and the timer of the next segment is that of unacknowledged text. The box learns no number
// from an RST. (For the same reason the two differ with tcp_ignore_invalid_rst=1, where an RST
// without ACK counts as the acknowledgement of all that its receiver has sent.)
func TestKernel_RSTAhead(t *testing.T) {
	b, err := box.Find("conntrack")
	require.NoError(t, err)
	p := open(t, rig(t, b), b.Table(time.Second, box.Never-1))
	difference, err := p.step(box.Segment{From: 0, Ctl: box.RST, Seq: 3}, false)
	require.NoError(t, err)
	assert.Empty(t, difference)
	_, err = p.step(box.Segment{From: 0, Ctl: box.ACK}, false)
	require.NoError(t, err)
	e, ok, err := p.conn.Entry()
	require.NoError(t, err)
	assert.True(t, ok)
	assert.Equal(t, "ESTABLISHED", e.State)
	assert.InDelta(t, 300, e.Left, 2)
	assert.Equal(t, uint32(432000), p.entry.Left)
}
