package check

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/internal/naive"
	"tcpclose/internal/tier"
	"tcpclose/invariants"
)

const reuseFile = "../docs/reuse.md"

// A reuseRule is a rule by which the next connection may come, with what guards it.
type reuseRule struct {
	name, words string
	large       bool // it is checked for the largest numbers, too
}

// waits is the safe TIME-WAIT, which the rules of reuse cut short.
const (
	waits = "time-wait-rst=ignored time-wait-restart=answer "
	same  = "a-isn=same b-isn=same "
	grows = "a-isn=larger b-isn=same " // of b, which has TIME-WAIT where a rule of a SYN is asked
)

var reuseRules = []reuseRule{
	{"TIME-WAIT of 1 MSL, unbroken", same + waits + "time-wait=1msl", true},
	{"TIME-WAIT of 2 MSL, as in RFC 9293: an RST ends it", same, false},
	{"the same, numbers above the last", "a-isn=larger b-isn=larger", false},
	{"F1: RST is ignored", same + "time-wait-rst=ignored", false},
	{"F1, and every answer restarts 2 MSL", same + waits, true},
	{"PAWS, a clock that advances with each tick", same + "timestamps=on", false},
	{"PAWS, a clock that has advanced between two connections", same + "timestamps=fine", false},
	{"MAY-2, the peer's numbers grow", grows + waits + "time-wait-reuse=may-2", false},
	{"MAY-2, the peer's numbers do not", same + waits + "time-wait-reuse=may-2", false},
	{"MAY-2 without its second condition", grows + waits + "time-wait-reuse=may-2-no-return", false},
	{"MAY-2 without its first condition", grows + waits + "time-wait-reuse=may-2-no-isn", false},
	{"MAY-2 without either", grows + waits + "time-wait-reuse=bare", false},
	{"RFC 6191, its own numbers also grow", "a-isn=larger b-isn=larger " + waits + "time-wait-reuse=rfc-6191 timestamps=on", false},
	{"RFC 6191, its own numbers do not", grows + waits + "time-wait-reuse=rfc-6191 timestamps=on", false},
	{"RFC 6191, its own numbers do not, finer clock", grows + waits + "time-wait-reuse=rfc-6191 timestamps=fine", false},
	{"Linux, incoming SYN", grows + waits + "time-wait-reuse=linux timestamps=on", false},
	{"Linux, incoming SYN, the peer's numbers do not grow", same + waits + "time-wait-reuse=linux timestamps=on", false},
	{"Linux, connect after an age", "a-isn=larger b-isn=larger time-wait-rst=ignored connect-reuse=aged timestamps=on", false},
	{"the same, the peer's numbers do not grow", grows + "time-wait-rst=ignored connect-reuse=aged timestamps=on", false},
	{"Linux, connect at once", "a-isn=larger b-isn=larger time-wait-rst=ignored connect-reuse=at-once timestamps=on", false},
	{"the same, the peer's numbers do not grow, at once", grows + "time-wait-rst=ignored connect-reuse=at-once timestamps=on", false},
}

// reuseValues is the numbers for which each rule is checked, the quickest first.
var reuseValues = []string{
	"msl=1 rto=1 r2=1 a-octets=0",
	"msl=1 rto=1 r2=2 a-octets=0",
	"msl=1 rto=1 r2=1 b-octets=0 b-buffer=1",
	"msl=2 rto=2 r2=1 a-octets=0 b-octets=0",
	"msl=2 rto=2 r2=1 a-octets=0",
}

var hazards = []string{"hazard-1", "hazard-2", "hazard-3", "kept-out"}

// judgeReuse is, for each of the properties, the verdict with those numbers and how
// many events lead to it.
func judgeReuse(t *testing.T, rule reuseRule, values string, names ...string) []Finding {
	t.Helper()
	var properties []*invariants.Property
	for _, name := range names {
		properties = append(properties, property(t, name))
	}
	c := naive.Parse(t, "reopen=1 "+values+" "+rule.words)
	r, err := Check(context.Background(), c, properties, Options{NoTraces: true, UntilFound: true})
	require.NoError(t, err)
	for _, f := range r.Findings {
		require.NotEqual(t, Unknown, f.Verdict, "%s, %s: %s", rule.name, values, f.Reason)
	}
	return r.Findings
}

// docs/reuse.md is the rules of reuse and RFC 1337's hazards:
//
//	TCPCLOSE_LARGE=1 go test ./check -run TestReuse -rewrite
//
// writes it, in minutes. In CI's tier the first numbers of every fifth rule are
// compared with what it says.
func TestReuse(t *testing.T) {
	tier.SkipToCI(t)
	values := reuseValues
	if tier.Leaves(t, "more numbers") {
		values = values[:1]
	}
	var rows []string
	for i, rule := range reuseRules {
		if i%5 != 1 && tier.Leaves(t, rule.name) {
			rows = append(rows, "")
			continue
		}
		row := fmt.Sprintf("| %d | %s ", i+1, rule.name)
		cells := make([]string, len(hazards))
		for n, v := range values {
			if n == len(reuseValues)-1 && !rule.large {
				continue
			}
			for h, f := range judgeReuse(t, rule, v, hazards...) {
				if f.Verdict == Violated && cells[h] == "" {
					cells[h] = fmt.Sprintf("%d%c, %d events", i+1, 'a'+n, f.Steps)
				}
			}
		}
		for _, c := range cells {
			if c == "" {
				c = "safe"
			}
			row += "| " + c + " "
		}
		rows = append(rows, row+"|")
	}
	have, err := os.ReadFile(reuseFile)
	require.NoError(t, err)
	hazardTable, rest, _ := strings.Cut(string(have), clockHeading)
	if *rewrite && tier.Large() {
		require.NoError(t, os.WriteFile(reuseFile, []byte(reuseText(rows)+clockHeading+rest), 0o644))
		return
	}
	if tier.Large() {
		assert.Equal(t, hazardTable, reuseText(rows), "%s is stale", reuseFile)
		return
	}
	for i, row := range rows {
		if row == "" {
			continue
		}
		cells := strings.Split(row, "|")
		for h, said := range strings.Split(lineWith(hazardTable, fmt.Sprintf("| %d |", i+1)), "|") {
			switch found := cells[h]; {
			case strings.Contains(found, "events"):
				assert.Equal(t, found, said, "%s is stale: %s", reuseFile, row)
			case strings.Contains(found, "safe"):
				assert.NotContains(t, said, fmt.Sprintf("%da,", i+1), "%s is stale: %s", reuseFile, row)
			}
		}
	}
}

// lineWith returns the line of text that begins so.
func lineWith(text, begin string) string {
	for _, line := range strings.Split(text, "\n") {
		if strings.HasPrefix(line, begin) {
			return line
		}
	}
	return ""
}

func reuseText(rows []string) string {
	var b strings.Builder
	b.WriteString(`# The next connection: which rule keeps the old one out

A connection closes normally at both ends, and the same pair of ports is used again. For each rule
that allows this, the table says whether RFC 1337's hazards can occur, and whether anything at all
of the old connection is accepted. The numbers of the new connection begin where the old ones did
(the worst case) unless the rule says otherwise.

* **H1** (` + "`hazard-1`" + `): an old octet is accepted. **H2** (` + "`hazard-2`" + `): the ends disagree on their numbers,
  and answer each other. **H3** (` + "`hazard-3`" + `): something old ends the new connection.
* **anything** (` + "`kept-out`" + `): an old octet, FIN, SYN, acknowledgement or RST is accepted.

*safe* means: in all runs of every set of numbers below. Set e, with six million states, is tried
only for rules 1 and 5, and set d has no octets. Any other cell names its trace: the rule, and the
first set of numbers in which it was found.

| | rule | H1 | H2 | H3 | anything |
|---|---|---|---|---|---|
`)
	b.WriteString(strings.Join(rows, "\n") + "\n\nThe sets of numbers, in addition to what the rule changes; `reopen=1` in all:\n\n")
	for n, v := range reuseValues {
		fmt.Fprintf(&b, "* **%c**: `%s`\n", 'a'+n, v)
	}
	b.WriteString("\nThe rules, as arguments of\n`tcpclose check -reopen 1 -properties hazard-1,hazard-2,hazard-3,kept-out`, each word a flag:\n\n")
	for i, r := range reuseRules {
		fmt.Fprintf(&b, "* **%d**: `%s`\n", i+1, strings.TrimSpace(r.words))
	}
	b.WriteString("\nLengths are for channels with room for two segments in each direction. With more room a run can be\nshorter: `-capacity unlimited` finds the shortest of all.\n")
	b.WriteString("\nExploration makes the table: `TCPCLOSE_LARGE=1 go test ./check -run TestReuse -rewrite`.\n\n")
	return b.String()
}

// attemptValues is the numbers for which the first attempt is checked: nothing is
// lost, and segments overtake each other.
var attemptValues = []string{
	"a-octets=0 b-octets=0 msl=2 delay=1 rto=2 r2=2 loss=off duplicate=off reorder=unlimited capacity=6",
	"a-octets=0 b-octets=0 msl=2 delay=1 rto=2 r2=2 loss=off duplicate=1 reorder=unlimited capacity=8",
	"a-octets=0 b-octets=0 msl=3 delay=2 rto=4 r2=2 loss=off duplicate=off reorder=unlimited capacity=8",
}

const attemptHeading = "## The first attempt\n"

// The last section of docs/reuse.md says where the first attempt may fail:
//
//	go test ./check -run TestFirstAttempt -rewrite
func TestFirstAttempt(t *testing.T) {
	tier.Skip(t)
	section := attemptSection(t)
	have, err := os.ReadFile(reuseFile)
	require.NoError(t, err)
	head, said, _ := strings.Cut(string(have), attemptHeading)
	if *rewrite {
		require.NoError(t, os.WriteFile(reuseFile, []byte(head+section), 0o644))
		return
	}
	assert.Equal(t, section, attemptHeading+said, "%s is stale", reuseFile)
}

// The next connection finds the peer closed if TIME-WAIT, or the part of it that Linux
// waits for, is at least an RTO plus a segment's transit: until then a peer without an
// acknowledgement may retransmit its FIN, which is acknowledged again.
func TestFirstAttempt_Waits(t *testing.T) {
	verdicts := map[Verdict]int{}
	judge := func(delay, rto, wait int, words string) {
		values := fmt.Sprintf("a-octets=0 b-octets=0 delay=%d rto=%d r2=2 loss=off duplicate=off reorder=unlimited capacity=8 a-isn=larger b-isn=larger", delay, rto)
		want := Violated
		if wait >= rto+delay {
			want = Holds
		}
		f := judgeReuse(t, reuseRule{words: words}, values, "first-attempt")[0]
		assert.Equal(t, want, f.Verdict, "delay %d, rto %d: %s", delay, rto, words)
		verdicts[f.Verdict]++
	}
	for delay := 1; delay <= 2; delay++ {
		for rto := 2 * delay; rto <= 2*delay+3; rto++ { // below it, FINs are sent again in any case
			for wait := 1; wait <= rto+delay+2; wait++ {
				judge(delay, rto, wait, fmt.Sprintf("msl=%d time-wait=%d", delay+rto%2, wait))
				judge(delay, rto, wait, fmt.Sprintf("msl=%d time-wait=%d timestamps=on connect-reuse=aged reuse-age=%d", delay+rto%2, rto+delay+3, wait))
			}
		}
	}
	assert.Greater(t, verdicts[Violated], 20)
	assert.Greater(t, verdicts[Holds], 20)
}

// attemptSection returns the section, with its heading.
func attemptSection(t *testing.T) string {
	var b strings.Builder
	b.WriteString(attemptHeading + `
Both ends have closed normally, nothing is lost, and one opens again. Is its first SYN accepted
where the other's user listens or would listen, and does nothing old end the new connection before
it is open (` + "`first-attempt`" + `)? If not, the SYN arrives at an end that is still closing, or in a
reusable TIME-WAIT that takes it for an old one, or an RST that answers something old ends the
attempt. A TIME-WAIT that is not reused may refuse the SYN: that does not violate this property.
What the client finally sees is another question: is it never told that its OPEN has timed out
(` + "`opens`" + `)? *yes*: in all runs; otherwise the first set of numbers in which it may fail.

| | rule | the first attempt succeeds, TIME-WAIT aside | no OPEN times out |
|---|---|---|---|
`)
	for i, rule := range reuseRules {
		cells := [2]string{"yes", "yes"}
		for n, v := range attemptValues {
			for k, f := range judgeReuse(t, rule, v, "first-attempt", "opens") {
				if cells[k] != "yes" {
					continue
				}
				if f.Verdict == Violated {
					cells[k] = fmt.Sprintf("no: %d%c, %d events", i+1, 'a'+len(reuseValues)+n, f.Steps)
					continue
				}
				require.Equal(t, Holds, f.Verdict, "%s, %s: %s: an attempt is to be made", rule.name, v, f.Property.Name)
			}
		}
		fmt.Fprintf(&b, "| %d | %s | %s | %s |\n", i+1, rule.name, cells[0], cells[1])
	}
	b.WriteString("\nThe sets of numbers:\n\n")
	for n, v := range attemptValues {
		fmt.Fprintf(&b, "* **%c**: `%s`\n", 'a'+len(reuseValues)+n, v)
	}
	b.WriteString(`
A TIME-WAIT of 2 MSL is long enough here for the peer to have closed; one of 1 MSL is not. The MSL
is not what matters: a peer whose FIN has not been acknowledged retransmits it after an RTO, and
TIME-WAIT, or the age that Linux's connect waits for, must be at least an RTO plus a segment's
transit (` + "`TestFirstAttempt_Waits`" + `). An earlier SYN arrives at a peer that has not closed, is
answered by an acknowledgement, and resets the peer for it; only the next SYN gets through.

An OPEN times out where TIME-WAIT ignores RSTs and does not accept the SYN: it acknowledges the SYN,
ignores the RST that comes back, and does the same with each SYN until R2 is over (rules 1, 4, 5,
and 18 to 21, whose hosts reuse TIME-WAIT only for an active OPEN; 17, because the number of the SYN
is not newer). The remedy is a TIME-WAIT that a SYN may reuse (8 to 16, ` + "`-time-wait-reuse`" + `), or
one that an RST ends (2, 3), which accepts what is old.

Exploration makes this section, in seconds:
` + "`go test ./check -run TestFirstAttempt -rewrite`" + `.
`)
	return b.String()
}
