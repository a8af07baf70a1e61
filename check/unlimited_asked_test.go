package check

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"tcpclose/ask"
	"tcpclose/internal/naive"
	"tcpclose/internal/tier"
	"tcpclose/invariants"
)

// askedBases are networks in which expressions are asked for every capacity: with and without
// copies that outlive what was not delivered, with time that leaps, with a box, with a second
// connection.
var askedBases = []string{
	"a-octets=0 b-octets=0 msl=1 rto=1 r2=1 b-fails=abort",
	"a-octets=0 b-octets=0 clock=leaps time-wait=9 msl=1 rto=3 r2=1",
	"a-octets=0 b-octets=0 msl=2 delay=1 rto=1 r2=1",
	"a-octets=0 b-octets=1 msl=1 rto=1 r2=off",
	"a-octets=0 b-octets=0 msl=1 rto=1 r2=off reopen=1 a-isn=same b-isn=same",
	"a-octets=0 b-octets=0 msl=1 rto=2 r2=off box=idle-rst box-tick=2m capacity=1",
	"a-octets=0 b-octets=0 msl=1 rto=2 r2=off box=conntrack box-tick=60s box-restarts=1 capacity=1",
}

// Why kinds of expressions are refused.
const (
	asksLoss      = "is about a loss, and losses are left out"
	asksNoCopy    = "is asked not to be: each delivery leaves a copy"
	asksSpare     = "that a packet is a copy depends on what was lost"
	countsAbove   = "is counted from above"
	countsExactly = "is counted by == or !="
	countsBesides = "asks for emptiness beside packets in the same direction"
	emptyInStep   = "asks for emptiness in a step"
	neitherEnd    = "it can be true when the network loses something and neither end does anything"
	comparesParts = "it compares parts of the system with each other"
	neitherCounts = "in an expression that neither counts from below nor asks for emptiness"
	inProduct     = "in a product: want it counted by itself"
	inChoice      = "has to be counted by itself"
	comparesTruth = "is compared with what is true or false"
	ofWholeRuns   = "it is about whole runs"
)

// askedKinds are kinds of expressions: what is said where they are to be true nowhere, or
// are sought, and where they are to be true everywhere; "" if they are decided for every
// capacity.
var askedKinds = []struct{ text, never, always string }{
	// Of states, without the network.
	{"a.state == TIME_WAIT", "", ""},
	{"a.state == b.state", comparesParts, comparesParts},
	{"a.state == TIME_WAIT && b.state == TIME_WAIT", "", ""},
	{"a.state == CLOSED || b.state == CLOSED", "", ""},
	{"(a.state == CLOSED) == (b.state == CLOSED)", "", ""},
	{"a.ended == NORMAL && b.ended != NORMAL", "", ""},
	{"a.snduna < b.rcvnxt", comparesParts, comparesParts},
	{"a.rtx + b.rtx >= 2", comparesParts, comparesParts},
	{"a.rto > 0 ? b.state == CLOSED : b.finsent", "", ""},
	{"true", "", ""},
	// Of states, with what is in transit.
	{"net.a.count >= 2", "", countsAbove},
	{"net.a.count > 0 && net.b.count > 0 && a.state == CLOSED", "", ""},
	{"net.a.count == 0", "", ""},
	{"net.a.count != 0", "", ""},
	{"net.a.count < 1 && a.state == TIME_WAIT", "", ""},
	{"net.a.count == 1", countsExactly, countsExactly},
	{"net.a.count != 2", countsExactly, countsExactly},
	{"net.a.count <= 2", countsAbove, ""},
	{"net.a.count < 3 && a.state == TIME_WAIT", countsAbove, ""},
	{"net.a.count in [0, 1]", neitherCounts, neitherCounts},
	{"net.a.count == net.a.fin", countsExactly, countsExactly},
	{"net.a.count > net.a.fin", countsAbove, countsAbove},
	{"net.a.count - net.a.fin >= 1", countsAbove, countsAbove},
	{"net.a.fin + net.a.rst >= 2", "", countsAbove},
	{"net.a.fin + net.b.fin >= 2", comparesParts, comparesParts},
	{"2 * net.a.fin >= 2", inProduct, inProduct},
	{"-net.a.count >= 0", countsAbove, ""},
	{"(net.a.fin > 0 ? 1 : 0) >= 1", inChoice, inChoice},
	{"(net.a.fin > 0) == (net.a.rst > 0)", comparesTruth, comparesTruth},
	{"(net.a.fin > 0) == (net.b.fin > 0)", "", ""},
	{"net.a.fin > 0 ? a.state == CLOSED : b.state == CLOSED", "", ""},
	{"net.a.fin == 0 && net.a.rst == 0", "", ""},
	{"net.a.fin == 0 && net.a.rst >= 1", countsBesides, countsBesides},
	{"net.a.fin == 0 && net.b.rst >= 1", "", ""},
	{"!(net.a.count >= 1) && b.state == CLOSED", "", ""},
	{"!(net.a.count >= 2) && b.state == CLOSED", countsAbove, ""},
	{"net.a.spare >= 1", asksSpare, asksSpare},
	{"net.a.count > net.b.count", comparesParts, comparesParts},
	{"net.a.fin >= a.rtx", comparesParts, comparesParts},
	// Of steps, without the network.
	{"a.receives.fin", "", neitherEnd},
	{"a.receives.fin && a.before == FIN_WAIT_1", "", neitherEnd},
	{"a.sends.rst && b.state == CLOSED", "", neitherEnd},
	{"a.sends.any || b.sends.any", "", neitherEnd},
	{"!a.receives.any", neitherEnd, ""},
	{"a.calls != CLOSE", neitherEnd, ""},
	{"a.calls == CLOSE && b.calls != CLOSE", "", neitherEnd},
	{"a.receives.seq >= b.rcvnxt", comparesParts, comparesParts},
	{"a.timeout == '' && a.state == TIME_WAIT", neitherEnd, neitherEnd},
	{"a.before == TIME_WAIT && a.state == CLOSED", "", neitherEnd},
	{"a.before == a.state", neitherEnd, ""},
	{"a.before != a.state", "", neitherEnd},
	{"a.told.eof && b.told.eof", "", neitherEnd},
	{"a.delivered == 0", neitherEnd, ""},
	{"RESET in a.follows", "", neitherEnd},
	{"a.before == TIME_WAIT && b.state == CLOSED", neitherEnd, neitherEnd},
	// Of steps, with the network.
	{"net.a.loses.any", asksLoss, asksLoss},
	{"!net.a.loses.any && a.receives.fin", asksLoss, asksLoss},
	{"net.a.loses.seq >= 101", asksLoss, asksLoss},
	{"net.a.copies.fin && b.state == CLOSED", "", asksNoCopy},
	{"net.a.copies.seq >= 101", "", asksNoCopy},
	{"net.a.copies.text < 1", asksNoCopy, ""},
	{"net.a.copies.seq == 101", countsExactly, countsExactly},
	{"b.receives.any && !net.a.copies.any", asksNoCopy, neitherEnd},
	{"b.receives.any && net.a.count == 0", emptyInStep, neitherEnd},
	{"b.receives.any && net.a.count >= 2", "", neitherEnd},
	{"b.receives.any && net.a.count < 2", countsAbove, neitherEnd},
	{"a.calls == CLOSE && net.b.rst >= 1", "", neitherEnd},
	{"net.a.copies.any && net.b.copies.any", "", asksNoCopy},
	{"net.a.count >= 1 && a.before == CLOSED", neitherEnd, emptyInStep},
	// Of the box, or of none.
	{"box.entry", "", ""},
	{"box.drops && box.gets.fin", "", neitherEnd},
	{"box.gets.fin && !box.drops", "", neitherEnd},
	{"!box.drops", neitherEnd, ""},
	{"box.forgets && net.a.count >= 1", "", neitherEnd},
	{"box.left < 2 && net.a.count == 0", "", ""},
	{"box.left > a.rto", comparesParts, comparesParts},
}

// asked returns the properties of an expression: that it is true nowhere, somewhere and
// everywhere.
func asked(t require.TestingT, text string) (never, somewhere, always *invariants.Property) {
	q, err := ask.Parse(text)
	require.NoError(t, err, text)
	return q.Never(), q.Seek(), q.Always()
}

// Each kind of expression is decided for every capacity, and the full search agrees, or is
// refused by name.
func TestUnlimited_Kinds(t *testing.T) {
	for i, words := range askedBases {
		t.Run(words, func(t *testing.T) {
			if i > 0 {
				tier.Skip(t)
			}
			c := naive.Parse(t, words)
			var decided []*invariants.Property
			for _, of := range askedKinds {
				never, somewhere, always := asked(t, of.text)
				for _, as := range []struct {
					*invariants.Property
					refused string
				}{{never, of.never}, {somewhere, of.never}, {always, of.always}} {
					why := Bounded(c, []*invariants.Property{as.Property})
					switch {
					case as.refused == "" && assert.Empty(t, why, as.Name):
						decided = append(decided, as.Property)
					case as.refused != "":
						assert.Contains(t, why, as.refused, as.Name)
					}
				}
				q := ask.Must(of.text)
				for _, p := range []*invariants.Property{q.Eventually(), q.LeadsTo(ask.Must("a.state == CLOSED"))} {
					if p.Err == nil {
						assert.Contains(t, Bounded(c, []*invariants.Property{p}), ofWholeRuns, p.Name)
					}
				}
			}
			assertUnlimited(t, c, decided)
		})
	}
}

// aboutTransit draws an expression that asks, likely, for something of the network.
func aboutTransit() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		pick := func(list ...string) string { return rapid.SampledFrom(list).Draw(t, "word") }
		count := func(of string) string { return of + "." + pick("count", "count", "fin", "rst", "text", "spare") }
		compared := func(n string) string {
			op, bound := pick(" >= ", " > ", " == ", " != ", " < ", " <= "), pick("0", "1", "2", "3")
			if rapid.Bool().Draw(t, "turned") {
				return bound + op + n
			}
			return n + op + bound
		}
		atom := func() string {
			net, end := pick("net.a", "net.b"), pick("a", "b")
			switch rapid.IntRange(0, 12).Draw(t, "atom") {
			case 0, 1, 2:
				return compared(count(net))
			case 3:
				return compared(count(net) + pick(" + ", " - ") + count(net))
			case 4:
				return net + "." + pick("copies", "copies", "loses") + "." + pick("any", "fin", "rst")
			case 5:
				return compared(net + ".copies." + pick("text", "seq", "ack"))
			case 6:
				return end + "." + pick("receives", "sends") + "." + pick("any", "fin", "rst")
			case 7:
				return end + "." + pick("before", "state", "state") + pick(" == ", " == ", " != ") + pick("ESTABLISHED", "FIN_WAIT_1", "CLOSING", "LAST_ACK", "TIME_WAIT", "CLOSED")
			case 8:
				return end + pick(".calls == CLOSE", ".calls != CLOSE", ".timeout == RETRANSMISSION_TIMEOUT", ".timeout == ''", ".told.closed", ".told.eof")
			case 9:
				return end + pick(".rto == 0", ".rtx > 0", ".finacked", ".outstanding", ".ended == NORMAL", ".wait < 2")
			case 10:
				return pick("box.entry", "box.drops", "box.resets", "box.gets.any", "box.forgets", "box.expires", "box.left < 3")
			}
			return end + ".state == " + pick("ESTABLISHED", "CLOSE_WAIT", "FIN_WAIT_2", "TIME_WAIT", "CLOSED")
		}
		text := atom()
		for range rapid.IntRange(0, 3).Draw(t, "more") {
			switch rapid.IntRange(0, 7).Draw(t, "how") {
			case 0:
				text = "!(" + text + ")"
			case 1:
				text = "(" + text + ") == (" + atom() + ")"
			case 2:
				text = "(" + atom() + " ? " + text + " : " + atom() + ")"
			case 3:
				text = "(" + text + " || " + atom() + ")"
			default:
				text = "(" + text + ") && " + atom()
			}
		}
		return text
	})
}

// What is drawn and not refused has the verdicts, and lengths, of the full search.
func TestUnlimited_Drawn(t *testing.T) {
	for i, words := range askedBases {
		t.Run(words, func(t *testing.T) {
			if i > 0 {
				tier.Skip(t)
			}
			c := naive.Parse(t, words)
			draw := rapid.SliceOfNDistinct(aboutTransit(), 200, 200, rapid.ID)
			for n := range tier.Choose(1, 2) {
				var decided []*invariants.Property
				refused := 0
				for k, text := range draw.Example(2*i + n) {
					never, somewhere, always := asked(t, text)
					p := []*invariants.Property{never, somewhere, always}[k%3]
					if Bounded(c, []*invariants.Property{p}) != "" {
						refused++
						continue
					}
					decided = append(decided, p)
				}
				r := checkUnlimited(t, c, decided)
				_, last := assertAgrees(t, c, decided, r)
				verdicts := map[Verdict]int{}
				for i := range r.Findings {
					verdicts[r.Findings[i].Verdict]++
				}
				t.Logf("%v, %d refused; explored up to capacity %d", verdicts, refused, last)
				assert.Positive(t, verdicts[Violated])
				assert.Positive(t, verdicts[Reached])
				assert.Positive(t, verdicts[Holds]+verdicts[Unreachable])
			}
		})
	}
}

// An expression without a capacity names the term that it is refused for.
func TestUnlimited_NamesTheTerm(t *testing.T) {
	c := naive.Parse(t, askedBases[0])
	for _, of := range askedKinds {
		never, _, _ := asked(t, of.text)
		why := Bounded(c, []*invariants.Property{never})
		if why == "" || of.never == neitherEnd || of.never == comparesParts {
			continue
		}
		named := slices.ContainsFunc(strings.FieldsFunc(of.text, func(r rune) bool { return strings.ContainsRune(" ()!-", r) }), func(word string) bool {
			return strings.HasPrefix(word, "net.") && strings.Contains(why, fmt.Sprintf(": %s", word))
		})
		assert.True(t, named, "%s: %s", of.text, why)
	}
}
