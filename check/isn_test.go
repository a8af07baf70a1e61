package check

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/internal/naive"
	"tcpclose/internal/tier"
)

const clockHeading = "## The clock\n"

// A clockRule is a way in which the next connection may come, and whose numbers are
// the clock's.
type clockRule struct {
	name, words string
	isn         string // whose numbers come from the clock
	writes      string // the side that writes octets
	properties  []string
	large       bool // it is checked for the largest numbers, too, unless users wait for the clock
}

var fromBefore = []string{"old-text", "old-fin", "old-syn", "old-ack", "old-rst", "in-step"}

var clockRules = []clockRule{
	{"TIME-WAIT of 2 MSL, as in RFC 9293: an RST ends it", "", "ab", "b", hazards, false},
	{"TIME-WAIT of 1 MSL, unbroken", waits + "time-wait=1msl", "ab", "b", hazards, true},
	{"MAY-2: the peer's numbers", waits + "b-isn=same time-wait-reuse=may-2", "a", "a", hazards, false},
	{"MAY-2 without its first condition: its own numbers", waits + "time-wait-reuse=may-2-no-isn", "b", "b", hazards, false},
	{"RFC 6191: its own numbers", waits + "time-wait-reuse=rfc-6191 timestamps=on", "b", "b", hazards, false},
	{"after ABORT: the end that aborts", waits + "b-fails=abort", "b", "b", fromBefore, false},
	{"after a crash: the end that crashes", waits + "b-fails=crash", "b", "b", fromBefore, false},
}

// clockKinds is the clocks: one that a tick does not move, one that an octet a tick
// does not outrun, and one that no writer outruns.
var clockKinds = []string{"clock isn-clock=0", "clock isn-clock=1", "paced-clock isn-clock=1"}

// clockValues is the numbers for which each is checked, the quickest first, with who
// writes for W and the other for O.
var clockValues = []string{
	"msl=1 rto=1 r2=1 W-octets=1 O-octets=0",
	"msl=1 rto=1 r2=1 W-octets=2 O-octets=0",
	"msl=2 rto=2 r2=1 W-octets=1 O-octets=0",
	"msl=2 rto=2 r2=1 W-octets=3 O-octets=0",
}

// TestReuse_Clock is the section of docs/reuse.md on the clock:
//
//	TCPCLOSE_LARGE=1 go test ./check -run TestReuse_Clock -rewrite
//
// writes it, in minutes.
func TestReuse_Clock(t *testing.T) {
	tier.Skip(t)
	have, err := os.ReadFile(reuseFile)
	require.NoError(t, err)
	head, rest, _ := strings.Cut(string(have), clockHeading)
	section, attempt, _ := strings.Cut(rest, attemptHeading)
	var rows []string
	for i, rule := range clockRules {
		row := fmt.Sprintf("| %c | %s ", 'A'+i, rule.name)
		for k, kind := range clockKinds {
			cell := "safe"
			for n, v := range clockValues {
				if n == len(clockValues)-1 && (!rule.large || k == len(clockKinds)-1) {
					continue
				}
				if found := clockCell(t, rule, kind, v); found > 0 {
					cell = fmt.Sprintf("%c%d, %d events", 'A'+i, n+1, found)
					break
				}
			}
			row += "| " + cell + " "
		}
		rows = append(rows, row+"|")
	}
	if is := clockText(rows); *rewrite {
		require.NoError(t, os.WriteFile(reuseFile, []byte(head+clockHeading+is+attemptHeading+attempt), 0o644))
	} else {
		assert.Equal(t, section, is, "%s is stale", reuseFile)
	}
}

// clockCell returns how many events lead to something old, by any of the properties; 0 if
// nothing does.
func clockCell(t *testing.T, rule clockRule, kind, values string) (events int) {
	t.Helper()
	other := map[string]string{"a": "b", "b": "a"}[rule.writes]
	words := rule.words
	for _, side := range rule.isn {
		words += fmt.Sprintf(" %c-isn=%s", side, strings.Fields(kind)[0])
	}
	words += " " + strings.Fields(kind)[1]
	values = strings.NewReplacer("W-", rule.writes+"-", "O-", other+"-").Replace(values)
	for _, f := range judgeReuse(t, reuseRule{name: rule.name, words: words}, values, rule.properties...) {
		if f.Verdict == Violated && (events == 0 || f.Steps < events) {
			events = f.Steps
		}
	}
	return events
}

func clockText(rows []string) string {
	var b strings.Builder
	b.WriteString(`
Numbers that begin "above the last" need a host that remembers the last. RFC 9293, 3.4.1, has a
clock instead, which advances whatever was used: its numbers are above the last only if the
connection did not send faster than the clock. If numbers come from the clock (` + "`isn=clock`" + `), does
the next connection accept anything of the old one, or do its ends disagree? *Stopped*: only a SYN
and a FIN advance the clock. *1 per tick*: each tick advances it by one number, too, and octets may
be written at any time. *Not outrun*: no octet is written before the clock has passed its number
(` + "`paced-clock`" + `).

| | the next connection, and whose numbers are the clock's | stopped | 1 per tick | not outrun |
|---|---|---|---|---|
`)
	b.WriteString(strings.Join(rows, "\n") + "\n\nCells are as above; *safe* means in all runs of sets 1 to 3. Set 4 is tried only for B, where the\nclock may be outrun. The sets of numbers, with W the end that writes and O the other; `reopen=1` in\nall:\n\n")
	for n, v := range clockValues {
		fmt.Fprintf(&b, "* **%d**: `%s`\n", n+1, v)
	}
	fmt.Fprintf(&b, "\nThe rules, as arguments of `tcpclose check -reopen 1`, with `isn-clock=0` or `1`; A to E with\n`-properties %s`, F and G with\n`%s`:\n\n",
		strings.Join(hazards, ","), strings.Join(fromBefore, ","))
	for i, r := range clockRules {
		words := strings.TrimSpace(r.words)
		for _, side := range r.isn {
			words += fmt.Sprintf(" %c-isn=clock", side)
		}
		fmt.Fprintf(&b, "* **%c**, %s writes: `%s`\n", 'A'+i, r.writes, strings.TrimSpace(words))
	}
	b.WriteString("\nExploration makes this section:\n`TCPCLOSE_LARGE=1 go test ./check -run TestReuse_Clock -rewrite`.\n\n")
	return b.String()
}

// A clock makes up for what was sent faster than it goes while the host waits: in
// TIME-WAIT, whatever the MSL, as long as it takes for as many numbers as octets
// were sent; a tick less does not suffice.
func TestClock_TimeWait(t *testing.T) {
	tier.SkipToCI(t)
	for _, v := range []struct{ msl, wait, octets, clock int }{
		{2, 1, 1, 0}, {2, 1, 1, 1}, {2, 1, 2, 1}, {2, 1, 2, 2}, {2, 2, 1, 0}, {2, 2, 2, 0}, {2, 2, 2, 1}, {3, 3, 1, 0}, {3, 3, 1, 1},
	} {
		if large := v.msl > 2 || v.octets > 1; large && tier.Leaves(t, fmt.Sprintf("%+v", v)) {
			continue
		}
		c := naive.Parse(t, fmt.Sprintf("a-octets=0 a-closes=after-peer a-isn=larger b-isn=clock reopen=1 rto=2 r2=1 msl=%d time-wait=%d b-octets=%d isn-clock=%d %s",
			v.msl, v.wait, v.octets, v.clock, waits))
		want := Violated
		if v.clock*v.wait >= v.octets {
			want = Holds
		}
		assert.Equal(t, []Verdict{want, want}, judge(t, c, "hazard-3", "kept-out"), "%+v", v)
	}
}

// After a crash a clock that goes on keeps out what was sent before, and the RST that
// the host itself sends, if the quiet time is as long as it takes for as many numbers
// as octets were sent, or if these were sent no faster than it goes. To have
// forgotten its numbers, and to wait, does not help against the RST.
func TestClock_Crash(t *testing.T) {
	tier.SkipToCI(t)
	for _, v := range []struct {
		msl, octets  int
		isn          string
		clock, quiet int
		want         Verdict
		large        bool
	}{
		{1, 0, "clock", 0, 0, Holds, false},
		{1, 1, "clock", 0, 3, Violated, false},
		{1, 1, "clock", 1, 0, Violated, false},
		{1, 1, "clock", 1, 1, Holds, false},
		{1, 2, "clock", 1, 1, Violated, true},
		{1, 2, "clock", 1, 2, Holds, true},
		{1, 2, "clock", 2, 1, Holds, true},
		{1, 1, "paced-clock", 1, 0, Holds, true},
		{1, 2, "paced-clock", 1, 0, Holds, true},
		{1, 1, "larger", 1, 3, Violated, true},
		{2, 0, "clock", 1, 0, Holds, false},
		{2, 1, "clock", 1, 0, Violated, true},
		{2, 1, "clock", 1, 1, Holds, true},
		{2, 1, "paced-clock", 1, 0, Holds, true},
		{2, 1, "larger", 1, 5, Violated, true},
	} {
		if v.large && tier.Leaves(t, fmt.Sprintf("%+v", v)) {
			continue
		}
		words := fmt.Sprintf("a-octets=0 a-isn=larger b-fails=crash reopen=1 r2=1 msl=%d rto=%d b-octets=%d b-isn=%s isn-clock=%d %s",
			v.msl, v.msl, v.octets, v.isn, v.clock, waits)
		if v.quiet > 0 {
			words += fmt.Sprintf(" quiet-time=%d", v.quiet)
		}
		verdicts := judge(t, naive.Parse(t, words), append([]string{"old-rst"}, fromBefore...)...)
		assert.Equal(t, v.want, verdicts[0], "%+v", v)
		assert.True(t, v.want == Violated || !slices.Contains(verdicts, Violated), "%+v", v)
	}
}
