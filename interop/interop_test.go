package interop

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/check"
	"tcpclose/claims"
	"tcpclose/explore"
	"tcpclose/explore/product"
	"tcpclose/internal/tier"
	"tcpclose/invariants"
	"tcpclose/model"
	"tcpclose/profile"
	"tcpclose/trace"
)

// rfcWith returns the profile of the RFC with other lines.
func rfcWith(t *testing.T, lines string) *profile.End {
	t.Helper()
	e, err := profile.Read("other", strings.NewReader("tcpclose profile 1\nmsl 120s\ntime-wait 2msl\nrto 1s\nrto-max 60s\nr2 6\n"+lines))
	require.NoError(t, err)
	return e
}

// short is a stack of few retransmissions, and slow one that delays acknowledgements.
func short(t *testing.T) *profile.End {
	t.Helper()
	e, err := profile.Read("short", strings.NewReader("tcpclose profile 1\ntime-wait 2s\nrto 200ms\nr2 1\n"))
	require.NoError(t, err)
	return e
}

func situation(t *testing.T, name string) []Situation {
	t.Helper()
	for _, s := range Situations {
		if s.Name == name {
			return []Situation{s}
		}
	}
	t.Fatalf("%s: no such situation", name)
	return nil
}

// row returns the row of a question on the network that loses once.
func row(t *testing.T, r *Report, q Question) *Row {
	t.Helper()
	for i := range r.Rows {
		if r.Rows[i].Question == q && r.Rows[i].Network.Name == "loses" {
			return &r.Rows[i]
		}
	}
	t.Fatalf("%s: no such row", q)
	return nil
}

// An orphan of Linux does not wait for a peer that closes late, and the RFC's does.
func TestCompare_Orphan(t *testing.T) {
	linux, rfc := profile.FindEnd("linux"), profile.FindEnd("rfc")
	r, err := Compare(t.Context(), linux, rfc, situation(t, "orphan"), product.Options{})
	require.NoError(t, err)
	is := row(t, r, Question{model.B, IsReset})
	assert.Equal(t, [3]Answer{Can, Can, Cannot}, is.Answers)
	assert.True(t, is.Worse())
	assert.False(t, is.OnlyTogether())
	assert.True(t, is.Unlike())
	require.NotNil(t, is.Blame)
	assert.Equal(t, "fin-wait-2-kept=mini", is.Blame.First.What.EN)
	require.NotNil(t, is.Blame.Decisive)
	assert.Equal(t, model.A, is.Blame.Decisive.Side)
	assert.Equal(t, "the end of FIN-WAIT-2 after 60 s", is.Blame.Decisive.What.EN)
	assert.Equal(t, is.Blame.Decisive.Event, 598)
	last := is.Traces[0].Events[len(is.Traces[0].Events)-1].Outcome
	assert.NotZero(t, last.Effect.Told&model.ToldReset)

	turned, err := Compare(t.Context(), rfc, linux, situation(t, "orphan"), product.Options{})
	require.NoError(t, err)
	is = row(t, turned, Question{model.B, IsReset})
	assert.Equal(t, [3]Answer{Cannot, Cannot, Can}, is.Answers)
	assert.Nil(t, is.Blame)
}

// A peer that delays acknowledgements is given up by one that retransmits once: what
// happens with neither twice.
func TestCompare_OnlyTogether(t *testing.T) {
	slow := rfcWith(t, "delayed-ack 500ms\n")
	r, err := Compare(t.Context(), short(t), slow, situation(t, "no-data"), product.Options{})
	require.NoError(t, err)
	is := row(t, r, Question{model.A, TimesOut})
	assert.True(t, is.OnlyTogether())
	require.NotNil(t, is.Blame)
	assert.Same(t, is.Blame.First, is.Blame.Decisive)
	assert.Equal(t, "giving up 0.2 s after the first retransmission", is.Blame.First.What.EN)
	assert.Equal(t, 100*time.Millisecond, r.Pairs[0].Tick)
}

// Text after a full close that is acknowledged and dropped is lost, and b does not
// learn of it.
func TestCompare_LosesText(t *testing.T) {
	r, err := Compare(t.Context(), rfcWith(t, "late-data ack\n"), profile.FindEnd("rfc"), situation(t, "late-text"), product.Options{})
	require.NoError(t, err)
	is := row(t, r, Question{model.B, LosesText})
	assert.Equal(t, [3]Answer{Can, Can, Cannot}, is.Answers)
	assert.Equal(t, "late-data=ack", is.Blame.Decisive.What.EN)
	assert.Equal(t, [3]Answer{Cannot, Cannot, Can}, row(t, r, Question{model.B, IsReset}).Answers)
}

// Where both ends conform it is said so.
func TestCompare_Conform(t *testing.T) {
	r, err := Compare(t.Context(), profile.FindEnd("linux"), profile.FindEnd("rfc"), situation(t, "abort"), product.Options{})
	require.NoError(t, err)
	conform := 0
	for i := range r.Rows {
		if b := r.Rows[i].Blame; b != nil && b.First == nil {
			conform++
			assert.Nil(t, b.Decisive)
		}
	}
	assert.NotZero(t, conform)
}

// Rows that show the same refer to the first of them.
func TestCompare_As(t *testing.T) {
	r, err := Compare(t.Context(), profile.FindEnd("linux"), profile.FindEnd("rfc"), situation(t, "orphan"), product.Options{})
	require.NoError(t, err)
	var shown []*Row
	for i := range r.Rows {
		if row := &r.Rows[i]; row.Blame != nil {
			shown = append(shown, row)
		}
	}
	require.Len(t, shown, 2)
	assert.Nil(t, shown[0].As)
	assert.Same(t, shown[0], shown[1].As)
}

// Two ends that are alike are as each twice; nothing is worse.
func TestCompare_Alike(t *testing.T) {
	linux := profile.FindEnd("linux")
	for _, s := range []string{"no-data", "orphan", "abort"} {
		r, err := Compare(t.Context(), linux, linux, situation(t, s), product.Options{})
		require.NoError(t, err)
		for i := range r.Rows {
			assert.False(t, r.Rows[i].Unlike(), "%s: %s", s, r.Rows[i].Question)
		}
	}
}

// What was cut short is unknown.
func TestCompare_Unknown(t *testing.T) {
	o := product.Options{}
	o.Limits.States = 10
	r, err := Compare(t.Context(), profile.FindEnd("linux"), profile.FindEnd("rfc"), situation(t, "orphan"), o)
	require.NoError(t, err)
	assert.Equal(t, Unknown, row(t, r, Question{model.A, Hangs}).Answers[0])
}

// Every question is asked somewhere, and has its words; every harm is possible
// somewhere, so that no answer is always the same.
func TestQuestions(t *testing.T) {
	asked := map[Question]bool{}
	pair, err := profile.NewPair(profile.FindEnd("rfc"), profile.FindEnd("rfc"))
	require.NoError(t, err)
	for _, s := range Situations {
		assert.NotEmpty(t, s.Says.EN, s.Name)
		assert.NotEmpty(t, s.Says.ZH, s.Name)
		for _, n := range Networks {
			c, err := Config(pair, s, n)
			require.NoError(t, err)
			for _, q := range Questions(c) {
				asked[q] = true
				assert.NotEmpty(t, q.Sentence(claims.English))
				assert.NotEqual(t, q.In(claims.English), q.In(claims.Chinese))
			}
		}
	}
	assert.Equal(t, "Harm(99)", Harm(99).String())
	for h := range numHarms {
		assert.True(t, asked[Question{model.A, h}] || asked[Question{model.B, h}], h)
	}
}

// Each harm is found where it is known to be.
func TestHarms(t *testing.T) {
	const once = "duplicate=off reorder=off capacity=4 msl=2 delay=1 "
	for q, words := range map[Question]string{
		{model.A, Hangs}:     once + "loss=1 a-octets=0 b-octets=0 b-fails=abort",
		{model.B, IsReset}:   once + "loss=off a-octets=0 a-close-is=full",
		{model.A, TimesOut}:  once + "loss=off a-octets=0 b-octets=0 b-fails=crash closed-answer=nothing",
		{model.B, IsMisled}:  once + "loss=1 a-octets=0 b-octets=0 b-fails=abort",
		{model.B, LosesText}: once + "loss=off a-octets=0 a-close-is=full late-data=ack",
		{model.A, Unopened}:  once + "loss=off a-octets=0 b-octets=0 reopen=1 time-wait-rst=ignored",
		{model.B, TakesOld}:  "a-octets=0 reopen=1 a-isn=same b-isn=same msl=1 rto=1 r2=1",
	} {
		c, err := model.ParseConfig(words)
		require.NoError(t, err)
		p, err := q.property(c)
		require.NoError(t, err)
		r, err := check.Check(t.Context(), c, []*invariants.Property{p}, check.Options{NoTraces: true, UntilFound: true})
		require.NoError(t, err)
		assert.Equal(t, Can, answerOf(&r.Findings[0]), "%s in %s", q, words)
	}
}

// Pairs without a common tick are refused.
func TestCompare_NoTick(t *testing.T) {
	ticks, err := profile.Read("ticks", strings.NewReader("tcpclose profile 1\nrto 2\n"))
	require.NoError(t, err)
	_, err = Compare(t.Context(), ticks, profile.FindEnd("rfc"), Situations, product.Options{})
	assert.ErrorContains(t, err, "want two of one kind")
	r, err := Compare(t.Context(), ticks, ticks, situation(t, "no-data"), product.Options{})
	require.NoError(t, err)
	assert.NotEmpty(t, r.Rows)
}

// Each departure that is undone leaves a configuration that can be explored.
func TestDepartures_Undone(t *testing.T) {
	for _, lines := range []string{
		"fin-wait-2 60s\nfin-wait-2-kept mini\nfin-wait-2-first 5s\n", "give-up 20s\n", "fin-wait-2 20s\nfin-wait-2-timer all\n", "keepalive 5s\n", "user-timeout 10s\n",
	} {
		e := rfcWith(t, lines)
		_, err := Compare(t.Context(), e, profile.FindEnd("rfc"), situation(t, "orphan"), product.Options{})
		assert.NoError(t, err, lines)
	}
	c := model.Default()
	for _, side := range model.Sides {
		c.Ends[side].GiveUp, c.Ends[side].OrphanGiveUp = 9, 3
	}
	assert.Equal(t, 3, giveUp(c.Ends[model.A], model.TCB{Orphan: true}, eventBy(t, model.GivesUp)))
	assert.Equal(t, 9, giveUp(c.Ends[model.A], model.TCB{}, eventBy(t, model.GivesUp)))
	c.Ends[model.A].RTOMax, c.Ends[model.A].R2 = 8, 4
	assert.Equal(t, 4+8+8+8, giveUp(c.Ends[model.A], model.TCB{}, eventBy(t, model.R2Closes)))
}

// eventBy returns an event that follows a clause: a timeout that gives up.
func eventBy(t *testing.T, clause model.Clause) *trace.Event {
	t.Helper()
	words := "loss=unlimited duplicate=off reorder=off a-octets=0 b-octets=0 r2=1"
	if clause == model.GivesUp {
		words = "loss=unlimited duplicate=off reorder=off a-octets=0 b-octets=0 r2=unlimited give-up=2"
	}
	c, err := model.ParseConfig(words)
	require.NoError(t, err)
	p := &invariants.Property{Name: "gives-up", Patterns: func(model.Config) []invariants.Pattern {
		return []invariants.Pattern{{Kind: explore.Steps, Step: func(s *invariants.Step) bool { return s.Effect.Clauses.Has(clause) }}}
	}}
	r, err := check.Check(t.Context(), c, []*invariants.Property{p}, check.Options{UntilFound: true})
	require.NoError(t, err)
	require.Equal(t, check.Violated, r.Findings[0].Verdict)
	events := r.Findings[0].Trace.Events
	return &events[len(events)-1]
}

// The turned roles of a pair are the roles of the pair the other way round: whatever can
// happen to one end can happen to the other there.
func TestSituations_Turned(t *testing.T) {
	tier.SkipToCI(t)
	linux, rfc := profile.FindEnd("linux"), profile.FindEnd("rfc")
	differ := 0
	for i, s := range Situations {
		if !strings.HasSuffix(s.Name, "-turned") {
			continue
		}
		require.Equal(t, s.Name, Situations[i-1].Name+"-turned")
		pair, err := profile.NewPair(linux, rfc)
		require.NoError(t, err)
		straight, err := Config(pair, Situations[i-1], Networks[0])
		require.NoError(t, err)
		pair, err = profile.NewPair(rfc, linux)
		require.NoError(t, err)
		turned, err := Config(pair, s, Networks[0])
		require.NoError(t, err)
		turn(&turned)
		turned.Ends[model.A], turned.Ends[model.B] = turned.Ends[model.B], turned.Ends[model.A]
		assert.Equal(t, straight, turned, s.Name)
		if s.Name != "orphan-turned" && s.Name != "abort-turned" && tier.Leaves(t, s.Name) {
			continue
		}
		there, err := Compare(t.Context(), linux, rfc, []Situation{Situations[i-1]}, product.Options{})
		require.NoError(t, err)
		back, err := Compare(t.Context(), rfc, linux, []Situation{s}, product.Options{})
		require.NoError(t, err)
		require.Len(t, back.Rows, len(there.Rows))
		for _, r := range there.Rows {
			at := slices.IndexFunc(back.Rows, func(o Row) bool {
				return o.Network.Name == r.Network.Name && o.Question == Question{r.Question.Side.Peer(), r.Question.Harm}
			})
			require.NotEqual(t, -1, at)
			of := back.Rows[at].Answers // a twice there is b twice here
			assert.Equal(t, r.Answers, [3]Answer{of[0], of[2], of[1]}, "%s, %s: %s", s.Name, r.Network.Name, r.Question)
			if r.Unlike() {
				differ++
			}
		}
	}
	assert.NotZero(t, differ)
}

// Where b never reads, an orphan of Linux gives up although every probe is answered,
// and the RFC's does not.
func TestCompare_ShutWindow(t *testing.T) {
	tier.Skip(t) // why it hangs takes thirty searches
	r, err := Compare(t.Context(), profile.FindEnd("linux"), profile.FindEnd("rfc"), situation(t, "shut-window"), product.Options{})
	require.NoError(t, err)
	is := row(t, r, Question{model.B, Hangs})
	assert.Equal(t, [3]Answer{Can, Can, Cannot}, is.Answers)
	require.NotNil(t, is.Blame)
	require.NotNil(t, is.Blame.Decisive)
	assert.Equal(t, "orphan-probes=counted", is.Blame.Decisive.What.EN)
}
