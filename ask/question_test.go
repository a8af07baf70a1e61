package ask

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"tcpclose/check"
	"tcpclose/internal/join"
	"tcpclose/internal/naive"
	"tcpclose/internal/tier"
	"tcpclose/invariants"
	"tcpclose/model"
)

// What is wrong with a question is told in a line that points at the place.
func TestAskErrors(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", "want something that is true or false"},
		{"a.state", "column 3: a.state is a word: want it beside ==, != or in"},
		{"a.unread", "column 1: want something that is true or false"},
		{"a.foo == 1", "column 3: a.foo: want one of 'tcpclose list terms', as a.state"},
		{"c.state == CLOSED", "column 1: c: want a..., b..., net..., box..., or a word"},
		{"a.state == TIMEWAIT", "column 12: TIMEWAIT: did you mean TIME_WAIT? want one of CLOSED, LISTEN,"},
		{`a.state == "TIME_WAIT"`, "column 12: TIME_WAIT: did you mean TIME-WAIT? want one of CLOSED,"},
		{"a.state == ABORT", "column 12: ABORT: want one of CLOSED,"},
		{"a.calls == a.state", "column 9: a call is compared with a state"},
		{"a.state == 3", "column 12: 3: want one of CLOSED"},
		{"a.unread == true", "column 10: a.unread is a number, and true true or false: == wants two of a kind"},
		{"a.unread && b.blocked", "column 3: a.unread is a number: && wants true or false, as a.unread > 0"},
		{"a.finsent == 1", "column 11: a.finsent is true or false, and 1 a number: want a.finsent or !a.finsent alone"},
		{"0 != b.told.eof", "column 3: b.told.eof is true or false, and 0 a number: want b.told.eof or !b.told.eof alone"},
		{"a.finsent > 0", "column 3: a.finsent is true or false: > wants a number"},
		{"!a.rtx", "column 4: a.rtx is a number: ! wants true or false, as a.rtx > 0"},
		{"a.finsent in [1]", "column 3: a.finsent is true or false: want a number or a word before in"},
		{"a.rtx in 3", "column 10: 3 is a number: want a list behind in"},
		{"a.state = CLOSED", "column 9: = compares nothing: want =="},
		{"a.rtx = 1", "column 7: = compares nothing: want =="},
		{"a.owes => b.owes", "column 8: => joins expressions in a formula"},
		{"a.stat == CLOSED", "column 3: a.stat: want a.state, or another of"},
		{"a.state == CLOSE_WIAT", "did you mean CLOSE_WAIT?"},
		{"a.state == CLOSED &", `column 19: "&" is not expected here: want terms`},
		{"a.owes b.owes", `column 8: "b.owes" is not expected here: want terms`},
		{"(a.owes", "column 1: ( is not closed: want )"},
		{"a.state in [CLOSED", "column 12: [ is not closed: want ]"},
		{"a.owes)", `column 7: ")" is not expected here`},
		{"a.told", "column 3: a.told: want a.told.eof, a.told.closed"},
		{"a.told.reset.x", "column 14: a.told.reset.x: a.told.reset has no parts"},
		{"a.unread <", "column 11: the expression ends too soon: want a term"},
		{"a.unread == 1 / 0", "column 15: operator /: want &&"},
		{"len(a.follows) > 0", "column 1: want terms, numbers, words"},
		{`"nope" in a.follows`, "column 1: nope: want a clause that 'tcpclose list clauses' shows"},
		{"reset in a.follows", "column 1: reset: did you mean RESET? want a clause"},
		{"a.follows == RESET", "column 11: want a clause before in"},
		{"CLOSED", "column 1: CLOSED: want it beside"},
		{"a.state in CLOSED", "column 12: want words in brackets"},
		{"box.state == LAST_AKC", "column 14: LAST_AKC: did you mean LAST_ACK? want one of CLIENT_FIN, CLOSE"},
		{"a.state in [CLOSED, 1]", "column 21: 1: want one of"},
		{"a.\nfoo == 1", "column 4: a.foo: want one of"},
		{"a.finacked ? a.owes : a.wait", "column 25: want both answers of ?:"},
		{"a.finacked ?: a.wait", "want both answers of ?:"},
		{"ü == 1", "column 1: ü: want a..."},
		{"a['state'] == CLOSED && a[0]", "column 26: want terms"},
		{strings.Repeat("!", 1500) + "a.owes", "want less nesting"},
		{strings.Repeat("!", 2500) + "a.owes", "want at most 2000 bytes"},
	} {
		_, err := Parse(c.text)
		if assert.Error(t, err, c.text) {
			assert.Contains(t, err.Error(), c.want, c.text)
			assert.NotContains(t, err.Error(), "\n")
		}
	}
}

// questions is some of every kind.
var questions = []string{
	"a.state == TIME-WAIT && b.state == TIME_WAIT",
	`a.state == "TIME-WAIT" && net.b.fin > 0`,
	"a.state in [CLOSING, LAST-ACK] || b.state == CLOSING && !b.outstanding",
	"a.receives.rst && a.before == FIN-WAIT-2",
	"!a.receives.any && b.sends.fin",
	"a.calls == CLOSE && b.state == CLOSE-WAIT",
	"a.timeout == RETRANSMISSION_TIMEOUT && net.a.count == 2",
	"net.a.loses.fin && b.state == FIN-WAIT-2",
	"net.b.copies.any && a.told.eof",
	"a.finsent == b.finsent && a.state != ESTABLISHED",
	"a.finsent != (b.state == CLOSED)",
	"a.finacked ? b.rtx > 1 : a.wait > 3",
	"a.ended == NORMAL && b.ended == RESET",
	"RESET in a.follows",
	`"fin-fin-wait-2" in a.follows && b.rtx > 0`,
	"true", "false", "1 == 1 && a.unread >= 0",
	"a.state == ESTABLISHED",
	"a.state == CLOSED && b.state == CLOSED && net.a.count + net.a.fin == 0",
	"a.receives.seq == 301", "a.sends.ack > 300 && a.state == CLOSING",
	"not (a.owes or b.owes) and a.rto == 0 and b.state == CLOSED",
	"(a.state == CLOSED) == (b.state == CLOSED) && a.finsent",
	// These mention several parts in one comparison.
	"a.state == b.state && a.state != ESTABLISHED",
	"net.a.count + net.b.count == 4",
	"a.rtx > b.rtx && b.rtx > 0",
	"a.sndnxt != b.rcvnxt && a.state == TIME-WAIT && b.told.closed",
	"a.before == b.state && a.sends.rst",
}

// A question has the same answer by parts, if need be by their classes, and as a whole:
// verdict, steps, trace.
func TestBothWays(t *testing.T) {
	tier.SkipToCI(t)
	for _, words := range []string{naive.Tiny, naive.Tiny + "b-fails=abort", "a-octets=0 b-octets=0 msl=2 rto=2 r2=1 loss=1 duplicate=1 reorder=1 capacity=1"} {
		if words != naive.Tiny && tier.Leaves(t, words) {
			continue
		}
		c := naive.Parse(t, words)
		var byParts, whole []*invariants.Property
		for n, text := range questions {
			q, err := Parse(text)
			require.NoError(t, err, text)
			for k, p := range []*invariants.Property{q.Seek(), q.Always(), q.Never()} {
				if (n+k)%tier.Choose(3, 1) > 0 {
					continue
				}
				byParts = append(byParts, p)
				same, is := *p, *p.Whole
				is.Classes = nil
				same.Whole = &is
				same.Patterns = func(model.Config) []invariants.Pattern { return nil }
				whole = append(whole, &same)
			}
		}
		require.Greater(t, len(byParts), tier.Choose(20, 75))
		fast, err := check.Check(t.Context(), c, byParts, check.Options{})
		require.NoError(t, err)
		slow, err := check.Check(t.Context(), c, whole, check.Options{})
		require.NoError(t, err)
		require.Equal(t, fast.Result, slow.Result)
		require.Zero(t, fast.Whole)
		require.Equal(t, len(whole), slow.Whole)
		for i := range byParts {
			f, s := &fast.Findings[i], &slow.Findings[i]
			assert.Equal(t, f.Verdict, s.Verdict, f.Property.Name)
			assert.Equal(t, f.Reason, s.Reason, f.Property.Name)
			assert.Equal(t, f.Steps, s.Steps, f.Property.Name)
			assert.Equal(t, f.Trace, s.Trace, f.Property.Name)
		}
	}
}

// Which questions fall into parts.
func TestSplit(t *testing.T) {
	for _, text := range questions[:len(questions)-5] {
		q, err := Parse(text)
		require.NoError(t, err, text)
		assert.NotEmpty(t, q.parts[1], text)
		assert.NotEmpty(t, q.parts[0], text)
	}
	for _, text := range questions[len(questions)-5:] {
		assert.Empty(t, Must(text).parts[1], text)
	}
}

// Nesting does not multiply the work.
func TestSplitNested(t *testing.T) {
	text := "a.owes == b.owes"
	for range 60 {
		text = "(" + text + ") == (a.blocked == b.owes)"
	}
	q, err := Parse(text)
	require.NoError(t, err)
	assert.Empty(t, q.parts[1])
}

// What can be asked is asked: a question either has an answer in every state and
// step, or is refused in a line.
func checkQuestion(t require.TestingT, text string) {
	q, err := Parse(text)
	if err != nil {
		require.NotContains(t, err.Error(), "\n")
		require.Contains(t, err.Error(), "expression ")
		return
	}
	y := naive.SystemOf(t, naive.Parse(t, naive.Tiny))
	s := join.WholeState{State: y.Init()}
	w := &join.WholeSystem{Model: y, Monitors: q.needs}
	for range 4 {
		steps := w.Steps(nil, s)
		q.in(s.InState(y, nil))
		for _, step := range steps {
			q.in(step.Action.OnStep(y, &s, &step.To, nil))
			for _, p := range append(q.parts[0], q.parts[1]...) {
				for side, m := range step.Action.Moves(&s, &step.To, nil) {
					if m != nil {
						p.Parts.End(model.Side(side), m, true)
					}
				}
			}
		}
		s = steps[0].To
	}
}

func FuzzAsk(f *testing.F) {
	for _, text := range questions {
		f.Add(text)
	}
	f.Add("a.foo ==\n 1")
	f.Add("'\\u00ff' in [CLOSED, [1]] ?: let x = 1; x")
	f.Fuzz(func(t *testing.T, text string) { checkQuestion(t, text) })
}

// anyQuestion draws an expression that is well-formed.
func anyQuestion() *rapid.Generator[string] {
	names := []string{}
	for _, t := range Terms() {
		names = append(names, t.Name)
	}
	return rapid.Custom(func(t *rapid.T) string {
		var draw func(depth int) string
		draw = func(depth int) string {
			if depth > 0 {
				l, r := draw(depth-1), draw(depth-1)
				switch rapid.IntRange(0, 5).Draw(t, "operator") {
				case 0:
					return "!(" + l + ")"
				case 1:
					return "(" + l + " || " + r + ")"
				case 2:
					return "(" + l + ") == (" + r + ")"
				case 3:
					return "(" + l + " ? " + r + " : !(" + r + "))"
				}
				return "(" + l + " && " + r + ")"
			}
			name := rapid.SampledFrom(names).Draw(t, "term")
			at := closes().terms[name]
			if rapid.Bool().Draw(t, "of b") {
				name = strings.Replace(name, "a.", "b.", 1)
			}
			_, words := Words()
			switch {
			case at.Type == "number":
				return name + rapid.SampledFrom([]string{" > 0", " == 1", " < 2", " >= 101", " != 0"}).Draw(t, "number")
			case at.words == "clause":
				return rapid.SampledFrom(words["clause"]).Draw(t, "clause") + " in " + name
			case at.words != "":
				return name + " == " + rapid.SampledFrom(words[at.words]).Draw(t, "word")
			}
			return name
		}
		return draw(rapid.IntRange(0, 3).Draw(t, "depth"))
	})
}

// Whatever is asked, it has the same answer both ways.
func TestAnyQuestion(t *testing.T) {
	verdicts := map[check.Verdict]int{}
	ofBox := 0
	rapid.Check(t, func(t *rapid.T) {
		c := naive.Parse(t, "a-octets=0 b-octets=0 msl=1 rto=1 r2=off capacity=4 loss=off duplicate=off reorder=off "+
			rapid.SampledFrom([]string{"", "box=conntrack box-tick=60s", "box=idle-rst box-tick=2m box-restarts=1", "box=pf box-tick=5m"}).Draw(t, "box"))
		q, err := Parse(anyQuestion().Draw(t, "question"))
		require.NoError(t, err)
		p := q.Seek()
		if len(p.Patterns(c)) == 0 {
			t.Skip("too many cases")
		}
		same := *p
		same.Name += ", as a whole"
		same.Patterns = nil
		r, err := check.Check(t.Context(), c, []*invariants.Property{p, &same}, check.Options{})
		require.NoError(t, err)
		if verdicts[r.Findings[0].Verdict]++; c.Between.Box != nil && strings.Contains(q.Text, "box.") && r.Findings[0].Verdict == check.Reached {
			ofBox++
		}
		assert.Equal(t, r.Findings[0].Verdict, r.Findings[1].Verdict)
		assert.Equal(t, r.Findings[0].Trace, r.Findings[1].Trace)
	})
	t.Log(verdicts)
	assert.Positive(t, ofBox, "questions about the box that are reached")
}

// What can be asked of the box, in a run in which each is true, and where there is none.
func TestQuestion_Box(t *testing.T) {
	conntrack := naive.Parse(t, "a-octets=0 b-octets=0 msl=1 rto=1 r2=off loss=off duplicate=off reorder=off capacity=2 box=conntrack box-tick=60s")
	pf := naive.Parse(t, "a-octets=0 b-octets=0 msl=1 rto=1 r2=off loss=off duplicate=off reorder=off capacity=2 box=pf box-tick=5m")
	idle := naive.Parse(t, "a-octets=0 b-octets=0 msl=1 rto=1 r2=off loss=off duplicate=off reorder=off capacity=2 box=idle-rst box-tick=2m")
	without := naive.Parse(t, naive.Tiny)
	for _, tt := range []struct {
		c    model.Config
		text string
		want check.Verdict
	}{
		{conntrack, "box.entry && box.state == CLOSE_WAIT && box.left == 1", check.Reached},
		{conntrack, "box.a == LAST_ACK && box.b == LAST_ACK && b.state == CLOSE_WAIT", check.Unreachable},
		{conntrack, "box.state == ESTABLISHED && box.left == 4294967295", check.Reached},
		{conntrack, "box.gets.fin && box.drops", check.Reached},
		{conntrack, "box.expires && box.forgets", check.Reached},
		{conntrack, "box.resets", check.Unreachable},
		{conntrack, "box.entry && box.left > a.rto + 9", check.Reached},
		{pf, "box.a == FIN_WAIT_2 && box.b == CLOSING && box.state == ''", check.Reached},
		{pf, "box.state == FIN_WAIT_2", check.Unreachable},
		{idle, "box.resets && box.gets.any", check.Reached},
		{idle, "box.state == OPEN && box.forgets", check.Unreachable},
		{without, "box.entry || box.drops || box.left > 0", check.Unreachable},
		{without, "!box.entry && a.state == CLOSED", check.Reached},
	} {
		q, err := Parse(tt.text)
		require.NoError(t, err, tt.text)
		p := q.Seek()
		r, err := check.Check(t.Context(), tt.c, []*invariants.Property{p}, check.Options{})
		require.NoError(t, err)
		assert.Equal(t, tt.want, r.Findings[0].Verdict, tt.text)
		slow, err := check.Check(t.Context(), tt.c, []*invariants.Property{bySlow(p)}, check.Options{})
		require.NoError(t, err)
		assert.Equal(t, tt.want, slow.Findings[0].Verdict, "%s, on whole states", tt.text)
	}
}

// What is asked without a capacity, and not refused, has the answer that the full search has
// where there is room for more and more.
func TestAnyQuestion_Unlimited(t *testing.T) {
	tier.SkipToCI(t)
	base := naive.Parse(t, "a-octets=0 b-octets=0 msl=1 rto=1 r2=off")
	verdicts := map[check.Verdict]int{}
	refused := 0
	rapid.Check(t, func(t *rapid.T) {
		q, err := Parse(anyQuestion().Draw(t, "question"))
		require.NoError(t, err)
		p := q.Seek()
		c := base
		if check.Bounded(c, []*invariants.Property{p}) != "" {
			refused++
			t.Skip("refused")
		}
		unlimited, err := check.Check(t.Context(), c, []*invariants.Property{p}, check.Options{Unlimited: true})
		require.NoError(t, err)
		f := &unlimited.Findings[0]
		verdicts[f.Verdict]++
		fewest := 0
		for c.Capacity = 1; c.Capacity <= 6; c.Capacity++ {
			full, err := check.Check(t.Context(), c, []*invariants.Property{p}, check.Options{NoTraces: true})
			require.NoError(t, err)
			g := &full.Findings[0]
			if g.Verdict == check.Reached && (fewest == 0 || g.Steps < fewest) {
				fewest = g.Steps
			}
			if c.Capacity == 6 || g.Verdict == check.Reached {
				require.Equal(t, g.Verdict, f.Verdict)
			}
			if c.Capacity == f.Capacity {
				require.Equal(t, g.Steps, f.Steps)
			}
		}
		if f.Capacity == 0 {
			require.Equal(t, fewest, f.Steps)
		}
	})
	t.Log(verdicts, refused, "refused")
	assert.Positive(t, verdicts[check.Reached])
}
