package claims

import (
	"context"
	"flag"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/explore"
	"tcpclose/explore/product"
	"tcpclose/internal/tier"
	"tcpclose/invariants"
	"tcpclose/model"
	"tcpclose/survey"
)

var rewrite = flag.Bool("rewrite", false, "rewrite docs/claims.md and docs/claims.zh.md; commit them only if you understand what changed")

// checked is all claims, checked once for all tests.
var judged = sync.OnceValues(func() ([]*Judgement, error) {
	var list []*Claim
	for i := range Claims {
		list = append(list, &Claims[i])
	}
	return Judge(context.Background(), list, "", product.Options{})
})

func judgement(t *testing.T, id string) *Judgement {
	list, err := judged()
	require.NoError(t, err)
	for _, j := range list {
		if j.ID == id {
			return j
		}
	}
	t.Fatalf("no claim %s", id)
	return nil
}

// Every quote is the notes' own words, and everything is said in both languages.
func TestQuotes(t *testing.T) {
	ids := map[string]bool{}
	han := func(s string) bool {
		return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
	}
	for _, c := range Claims {
		assert.Contains(t, Notes, c.Quote, c.ID)
		assert.False(t, ids[c.ID], c.ID)
		ids[c.ID] = true
		assert.NotEmpty(t, c.English, c.ID)
		assert.NotEmpty(t, c.Said, c.ID)
		assert.NotEmpty(t, c.Shown, c.ID)
		assert.Equal(t, len(c.Under) > 0, c.If != Text{}, c.ID)
		for _, text := range []Text{c.Right, c.Why, c.If} {
			if text != (Text{}) {
				assert.False(t, han(text.EN), c.ID)
				assert.NotEmpty(t, text.EN, c.ID)
				assert.True(t, han(text.ZH), "%s: %s", c.ID, text.ZH)
			}
		}
	}
}

// What other packages say in English has its Chinese; and in Chinese a sentence has
// Chinese marks.
func TestChinese(t *testing.T) {
	p, err := LinuxProfile(201 * time.Millisecond)
	require.NoError(t, err)
	rounded := p.RoundedIn(Chinese)
	assert.Len(t, p.RoundedIn(English), len(rounded))
	assert.Equal(t, "报文段的最长在途时间，0.1 秒取为 0.112 秒", rounded[0])
	for e := invariants.Open; e <= invariants.Refused; e++ {
		assert.NotEqual(t, e.String(), Chinese.Say(e.String()))
		assert.Equal(t, e.String(), English.Say(e.String()))
	}
	assert.Equal(t, "中断、超时", Chinese.List([]string{explore.Interrupted, explore.TimedOut}))
	for _, reason := range []string{explore.BoundStates, explore.BoundDepth, explore.BoundEnough, explore.BoundMemory, explore.BoundDisk, explore.BoundBoundary} {
		assert.NotEqual(t, reason, Chinese.List([]string{reason}))
	}

	western := regexp.MustCompile(`\p{Han}[,;:?!(]|[,;:?!)]\p{Han}|[,;:] \p{Han}`)
	assert.Regexp(t, western, "RTO,单位秒")
	texts := rounded
	for _, c := range Claims {
		texts = append(texts, c.If.ZH, c.Right.ZH, c.Why.ZH)
		for _, s := range slices.Concat(c.Said, c.Under, c.Shown) {
			texts = append(texts, s.In(Chinese))
		}
	}
	for _, p := range Profiles {
		texts = append(texts, p.Says.ZH)
	}
	for i, kinds := range spans {
		texts = append(texts, Segments[i].ZH)
		for _, s := range slices.Concat(kinds[:]...) {
			texts = append(texts, s.Says.ZH)
		}
	}
	for _, text := range texts {
		assert.NotRegexp(t, western, text)
	}
}

// labels matches what is neither true nor false in the notes: headings, and the names of
// columns and rows.
var labels = regexp.MustCompile(`TCP 四次挥手详解|[一二三四五]、(四次挥手流程（）|关键状态解析|异常处理|优化建议)?|步骤|发送方|报文类型|状态变化|关键说明|注意|关键状态解析|TIME_WAIT（2MSL 等待）|` +
	"`TIME_WAIT`（2MSL 等待）|`CLOSE_WAIT`|" + `作用|风险|异常处理|挥手丢失步骤|处理机制|重传控制参数|注\*\*|优化建议|减少|` + "`TIME_WAIT`")

// unclaimed returns what is left of the notes when the claims and the labels are taken
// away.
func unclaimed(list []Claim) (left []string) {
	_, body, _ := strings.Cut(Notes, "\n# ")
	for _, c := range list {
		body = strings.ReplaceAll(body, c.Quote, "")
	}
	for line := range strings.Lines(body) {
		if l := strings.Trim(letters(labels.ReplaceAllString(line, "")), "0123456789"); l != "" {
			left = append(left, l)
		}
	}
	return left
}

// No sentence of the notes is forgotten; and it would be seen if one were.
func TestComplete(t *testing.T) {
	assert.Empty(t, unclaimed(Claims))
	for i, c := range Claims {
		switch c.ID {
		case "L4p": // a dash has no letters
		case "L1p", "L2p": // the same words
		default:
			assert.NotEmpty(t, unclaimed(slices.Concat(Claims[:i], Claims[i+1:])), c.ID)
		}
	}
}

// What becomes of each claim. The verdicts are found by running the checker; here
// is only what they are known to be.
func TestVerdicts(t *testing.T) {
	known := map[Verdict]string{
		Holds:   "R1c R2b R3a R3b N2b Y1a Y1b T1b T3a W2a W2b L1 L2b L3a L4a O1b O2 O3",
		HoldsIf: "R1a R1b R2a R4a R4b N1a N1b N2a Y0 T1a T2a T2b T3b W1 L1p L2a L2p L3b L4b O1a",
		Wrong:   "Y2 T4 L3p L4p L5",
	}
	list, err := judged()
	require.NoError(t, err)
	found := map[Verdict][]string{}
	for _, j := range list {
		found[j.Verdict] = append(found[j.Verdict], j.ID)
		assert.True(t, j.RightShown(), j.ID)
		for _, d := range j.Statements() {
			assert.Positive(t, d.States, "%s: %s", j.ID, d.Statement)
		}
	}
	assert.Len(t, found, len(known))
	for v, ids := range known {
		assert.Equal(t, ids, strings.Join(found[v], " "), v)
	}
}

// A change of the model in the way that a claim is about turns its verdict.
func TestTurns(t *testing.T) {
	tier.SkipToCI(t)
	turned := 0
	for i := range Claims {
		c := &Claims[i]
		if c.Turns == "" {
			continue
		}
		if turned++; turned%3 != 1 && tier.Leaves(t, c.ID) {
			continue
		}
		list, err := Judge(t.Context(), []*Claim{c}, c.Turns, product.Options{})
		require.NoError(t, err, c.ID)
		assert.NotEqual(t, judgement(t, c.ID).Verdict, list[0].Verdict, c.ID)
		assert.NotEqual(t, Unknown, list[0].Verdict, c.ID)
	}
	assert.GreaterOrEqual(t, turned, 10)
}

// said returns what the runs of a claim's statements show.
func said(t *testing.T, id, statement string) Decided {
	for _, d := range judgement(t, id).Statements() {
		if d.Statement.String() == statement {
			return d
		}
	}
	t.Fatalf("claim %s has no statement %q", id, statement)
	return Decided{}
}

// A merged second and third segment does no harm; an acknowledgement that is
// withheld without bound does.
func TestMerged(t *testing.T) {
	merged := said(t, "Y2", "witness note-2")
	require.NotNil(t, merged.Trace)
	for _, e := range merged.Trace.Events {
		assert.NotEqual(t, model.Timeouts, e.Action.Kind)
	}
	last := merged.Trace.Events[len(merged.Trace.Events)-1]
	assert.Equal(t, model.Deliveries, last.Action.Kind)
	assert.True(t, last.Action.Packet.Ctl.Has(model.FIN|model.ACK))
	assert.Equal(t, model.FinWait1, merged.Trace.States[len(merged.Trace.States)-2].Ends[model.A].State)
	assert.Equal(t, model.TimeWait, last.Outcome.To.Ends[model.A].State)
	assert.Equal(t, False, said(t, "Y2", "some run: a.timeout == RETRANSMISSION_TIMEOUT").Truth)

	harmed := said(t, "Y2", "some run: a.told.timeout").Trace
	require.NotNil(t, harmed)
	retransmissions := 0
	for _, e := range harmed.Events {
		assert.NotEqual(t, model.Losses, e.Action.Kind, "nothing is lost")
		if e.Action.Kind == model.Timeouts && e.Action.Timeout == model.Retransmission {
			retransmissions++
		}
	}
	assert.Equal(t, int(harmed.Config.Ends[model.A].R2)+1, retransmissions)
}

// tcp_fin_timeout changes FIN_WAIT_2, and leaves TIME_WAIT alone.
func TestFinTimeout(t *testing.T) {
	for _, d := range judgement(t, "T4").Shown {
		require.NotNil(t, d.Timing)
		ticks := int(d.Timing.Config.Ends[model.A].FinWait2)
		if strings.HasPrefix(d.Of, "a: TIME-WAIT") {
			ticks = seconds(60)
		}
		assert.Equal(t, []int{ticks, ticks}, []int{d.Timing.Least, d.Timing.Greatest}, d.Statement.String())
	}
	assert.Len(t, judgement(t, "T4").Shown, 4)
}

// A process that dies sends FIN, and RST only if something is unread or comes
// later; a host that crashes sends nothing.
func TestDying(t *testing.T) {
	dies := said(t, "L5", "some run: b.calls == PROCESS_DIES && b.sends.fin && b.before == CLOSE_WAIT").Trace
	last := dies.Events[len(dies.Events)-1]
	assert.Equal(t, model.Die, last.Action.Call)
	assert.True(t, last.Outcome.Effect.Sent.Ctl.Has(model.FIN))
	assert.Equal(t, model.LastAck, last.Outcome.To.Ends[model.B].State)
	late := said(t, "L5", "some run: b.receives.text > 0 && b.sends.rst").Trace
	last = late.Events[len(late.Events)-1]
	assert.True(t, last.Outcome.Effect.Sent.Ctl.Has(model.RST))
	assert.Positive(t, last.Action.Packet.Len)
}

// What was not explored is not known.
func TestUnknown(t *testing.T) {
	list, err := Judge(t.Context(), []*Claim{&Claims[0]}, "", product.Options{Limits: explore.Limits{States: 3}})
	require.NoError(t, err)
	for _, d := range list[0].Statements() {
		assert.Equal(t, Unexplored, d.Truth, d.Statement.String())
	}
	assert.Equal(t, Unknown, list[0].Verdict)
	assert.False(t, list[0].RightShown())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, id := range []string{"R4b", "L4p", "N1b"} {
		c := judgement(t, id).Claim
		list, err := Judge(ctx, []*Claim{c}, "", product.Options{})
		require.NoError(t, err)
		assert.Equal(t, Unknown, list[0].Verdict, id)
	}
}

// A statement whose occasion never comes decides nothing.
func TestNoOccasion(t *testing.T) {
	c := Claim{ID: "X", Said: []Statement{
		whenever("preset=notes b-closes=never", "b.sends.fin", "b.sends.any"),
	}}
	list, err := Judge(t.Context(), []*Claim{&c}, "", product.Options{})
	require.NoError(t, err)
	assert.Equal(t, NoChance, list[0].Verdict)
	c.Said = []Statement{takes("preset=notes a-closes=never b-closes=never", "a: TIME-WAIT -> CLOSED", 0, anyTime)}
	list, err = Judge(t.Context(), []*Claim{&c}, "", product.Options{})
	require.NoError(t, err)
	assert.Equal(t, NoChance, list[0].Verdict)
}

// From the notes' words to the claims.
func TestFind(t *testing.T) {
	find := func(text string) (ids []string) {
		for _, c := range Find(text) {
			ids = append(ids, c.ID)
		}
		return ids
	}
	assert.Equal(t, []string{"L3b"}, find("l3B"))
	assert.Equal(t, []string{"L3a", "L3b", "L3p"}, find("L3"))
	assert.Equal(t, []string{"T4"}, find("可通过 tcp_fin_timeout"))
	assert.Equal(t, []string{"T4"}, find("adjusted by TCP_FIN_TIMEOUT"))
	assert.Equal(t, []string{"N1a", "N1b"}, find("> - 主动关闭方会进入 `TIME_WAIT` 状态，被动关闭方直接进入 `CLOSED` 状态。"), "a whole line")
	assert.Empty(t, find("QUIC"))
	assert.Empty(t, find(" | - "))
	for i := range Claims {
		assert.Contains(t, find(Claims[i].English), Claims[i].ID)
	}
}

// Every segment can be lost, once or always, and it is known what repairs it.
func TestLose(t *testing.T) {
	for _, c := range []struct {
		segment         int
		always          bool
		profile         string
		span            int
		least, greatest int // ticks; greatest -1 for no end
		timer           *Timer
	}{
		{1, false, "rfc", 0, 4, 4, &Timer{model.A, model.Retransmission}},
		{2, false, "rfc", 0, 0, 4, nil},
		{3, false, "rfc", 0, 4, 4, &Timer{model.B, model.Retransmission}},
		{4, false, "rfc", 0, 4, 4, &Timer{model.B, model.Retransmission}},
		{4, false, "rfc", 1, 960, 964, &Timer{model.B, model.Retransmission}},
		{1, true, "linux", 0, 1530, 1530, &Timer{model.A, model.Retransmission}},
		{3, true, "rfc", 1, -1, -1, nil},
		{3, true, "linux", 1, 600, 600, &Timer{model.A, model.FinWait2Ends}},
	} {
		p, err := FindProfile(c.profile)
		require.NoError(t, err)
		l, err := Lose(t.Context(), c.segment, c.always, p, "", product.Options{})
		require.NoError(t, err)
		assert.Empty(t, l.Incomplete)
		s := l.Spans[c.span]
		require.True(t, s.Timing.Begins)
		if c.greatest < 0 {
			assert.NotNil(t, s.Timing.Endless)
			continue
		}
		assert.Nil(t, s.Timing.Endless)
		assert.Equal(t, []int{c.least, c.greatest}, []int{s.Timing.Least, s.Timing.Greatest}, "segment %d", c.segment)
		if c.timer != nil {
			assert.Contains(t, s.Repairs[1], *c.timer)
		}
	}
	_, err := Lose(t.Context(), 5, false, &Profiles[0], "", product.Options{})
	assert.Error(t, err)
	_, err = Lose(t.Context(), 1, false, &Profiles[0], "rto", product.Options{})
	assert.Error(t, err)
	_, err = FindProfile("windows")
	assert.Error(t, err)
}

// An ending that needs no loss is not said to come of it.
func TestLose_Endings(t *testing.T) {
	for _, c := range []struct {
		segment         int
		always          bool
		profile         string
		caused, without string
	}{
		{4, false, "linux", "", "normal / normal, timed out, told to nobody / reset, told to nobody"},
		{4, true, "linux", "normal / timed out, told to nobody", "timed out, told to nobody / reset, told to nobody"},
		{1, true, "linux", "timed out, told to nobody / open", ""},
		{4, true, "rfc", "normal / timed out", ""},
		{2, false, "rfc", "", "normal / normal"},
	} {
		p, err := FindProfile(c.profile)
		require.NoError(t, err)
		l, err := Lose(t.Context(), c.segment, c.always, p, "", product.Options{})
		require.NoError(t, err)
		text := func(list []survey.EndingPair) string {
			var words []string
			for _, e := range list {
				words = append(words, Ending(English, e, model.A)+" / "+Ending(English, e, model.B))
			}
			return strings.Join(words, ", ")
		}
		assert.Equal(t, c.caused, text(l.Caused()), "segment %d, %s", c.segment, c.profile)
		assert.Equal(t, c.without, text(l.Without), "segment %d, %s", c.segment, c.profile)
	}
}

// docs/claims.md and docs/claims.zh.md say what the runs say.
func TestDocs(t *testing.T) {
	tier.SkipToCI(t)
	list, err := judged()
	require.NoError(t, err)
	var losses []*Loss
	for i := range Profiles {
		for _, always := range []bool{false, true} {
			for segment := range len(Segments) {
				l, err := Lose(t.Context(), segment+1, always, &Profiles[i], "", product.Options{})
				require.NoError(t, err)
				losses = append(losses, l)
			}
		}
	}
	for l, file := range map[Language]string{English: "../docs/claims.md", Chinese: "../docs/claims.zh.md"} {
		var is strings.Builder
		require.NoError(t, Markdown(&is, l, list, losses))
		if *rewrite {
			require.NoError(t, os.WriteFile(file, []byte(is.String()), 0o666))
			continue
		}
		was, err := os.ReadFile(file)
		require.NoError(t, err)
		assert.Equal(t, string(was), is.String(), "%s is stale: 'go test ./claims -run Docs -rewrite' renews it", file)
	}
}
