package explorer

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"tcpclose/check"
	"tcpclose/cmd/tcpclose/internal/base"
	"tcpclose/internal/naive"
	"tcpclose/internal/tier"
	"tcpclose/invariants"
	"tcpclose/model"
	"tcpclose/trace"
)

// scene returns the scene of a place of a preset, the whole ladder included.
func scene(t require.TestingT, e *Engine, name, path string, ask ...string) *Scene {
	s, err := e.Scene(SceneRequest{Place: Place{Setup: Setup{Base: name}, Path: path}, Loop: -1, Ask: ask, Bottom: 1e9})
	require.NoError(t, err)
	return s
}

// take adds the event that is described, as "a CLOSE" or "network deliver a FIN".
func take(t *testing.T, e *Engine, s *Scene, actor, kind, has string) *Scene {
	t.Helper()
	for _, c := range s.Next {
		if c.Actor == actor && c.Kind == kind && strings.Contains(c.What+" "+c.From+" "+c.Segment, has) {
			return scene(t, e, s.Setup.Base, s.Path+c.Token)
		}
	}
	require.Fail(t, "no such event", "%s %s %s among %+v", actor, kind, has, s.Next)
	return nil
}

// To figure 13 of RFC 9293 by hand: both close, the FINs cross.
func TestScene_SimultaneousClose(t *testing.T) {
	e := NewEngine(Limits{})
	s := scene(t, e, "no-data", "")
	assert.Equal(t, "ESTABLISHED", s.Ends[0].State)
	s = take(t, e, s, "a", "call", "CLOSE")
	assert.Equal(t, "FIN-WAIT-1", s.Ends[0].State)
	s = take(t, e, s, "b", "call", "CLOSE")
	require.Len(t, s.Transit, 2)
	assert.Equal(t, "<SEQ=100><ACK=300><CTL=FIN,ACK>", s.Transit[0].Text)
	s = take(t, e, s, "network", "deliver", "a <SEQ=100>")
	s = take(t, e, s, "network", "deliver", "b <SEQ=300>")
	assert.Equal(t, "CLOSING", s.Ends[0].State)
	assert.Equal(t, "CLOSING", s.Ends[1].State)
	s = take(t, e, s, "network", "deliver", "a <SEQ=101>")
	s = take(t, e, s, "network", "deliver", "b <SEQ=301>")
	assert.Equal(t, "TIME-WAIT", s.Ends[0].State)
	assert.Equal(t, "TIME-WAIT", s.Ends[1].State)
	assert.Equal(t, "caccbcda0db0da0db0", s.Path)
	assert.Equal(t, [][2]string{
		{"ESTABLISHED", "ESTABLISHED"}, {"FIN-WAIT-1", "ESTABLISHED"}, {"FIN-WAIT-1", "FIN-WAIT-1"}, {"FIN-WAIT-1", "CLOSING"},
		{"CLOSING", "CLOSING"}, {"CLOSING", "TIME-WAIT"}, {"TIME-WAIT", "TIME-WAIT"},
	}, s.Way)
	require.Len(t, s.Ladder.Rows, 6)
	assert.Equal(t, []Move{{"a", "ESTABLISHED", "FIN-WAIT-1"}}, s.Ladder.Rows[0].Moves)
	assert.Equal(t, "RFC 9293, 3.10.4 (ESTABLISHED)", s.Ladder.Rows[0].Clauses[0].Source)
	require.Len(t, s.Ladder.Flights, 4)
	assert.Equal(t, FlightRow{Number: 1, From: "a", Text: "<SEQ=100><ACK=300><CTL=FIN,ACK>", Sent: 1, Arrives: []float64{3}, Lost: -1}, s.Ladder.Flights[0])
	assert.Equal(t, []string{"a", "b"}, []string{s.Ladder.Timers[0].Side, s.Ladder.Timers[1].Side})
	at := slices.IndexFunc(s.Properties, func(p PropertyHere) bool { return p.Name == "simultaneous-close" })
	require.GreaterOrEqual(t, at, 0)
	assert.GreaterOrEqual(t, s.Properties[at].Broken, 0)
}

// Whatever the engine has kept of earlier requests, a scene is that of a new engine.
func TestScene_Rapid(t *testing.T) {
	tier.SkipToCI(t)
	tier.Draws(t, 30)
	rapid.Check(t, func(t *rapid.T) {
		e := NewEngine(Limits{})
		c := naive.AnyConfig().Draw(t, "config")
		u := nearest(c).of(&trace.Trace{Config: c})
		path := ""
		for n := rapid.IntRange(0, 25).Draw(t, "requests"); n > 0; n-- {
			q := SceneRequest{Place: Place{Setup: u, Path: path}, Loop: -1, Bottom: 1e9, Ask: []string{"a.state == b.state && net.a.count > 0", "a.receives.fin"}}
			s, err := e.Scene(q)
			require.NoError(t, err)
			fresh, err := NewEngine(Limits{}).Scene(q)
			require.NoError(t, err)
			require.Equal(t, fresh, s)
			require.Equal(t, path, s.Path)
			if len(s.Next) > 0 && rapid.IntRange(0, 3).Draw(t, "undo") > 0 {
				path += rapid.SampledFrom(s.Next).Draw(t, "next").Token
				continue
			}
			list, err := tokens(path)
			require.NoError(t, err)
			path = strings.Join(list[:rapid.IntRange(0, len(list)).Draw(t, "back")], "")
		}
	})
}

// What is broken on the way is what a search that is bound to the way says.
func TestScene_Broken(t *testing.T) {
	e := NewEngine(Limits{})
	for _, name := range []string{"no-data", "literal"} {
		r, err := check.Check(context.Background(), base.Find(name).Config, invariants.Properties, check.Options{})
		require.NoError(t, err)
		shown := 0
		for i := range r.Findings {
			f := &r.Findings[i]
			if f.Trace == nil || f.Verdict != check.Violated {
				continue
			}
			shown++
			s := scene(t, e, name, pathOf(f.Trace))
			at := slices.IndexFunc(s.Properties, func(p PropertyHere) bool { return p.Name == f.Property.Name })
			require.GreaterOrEqual(t, at, 0)
			assert.Equal(t, f.Steps, s.Properties[at].Broken, "%s: %s", name, f.Property.Name)
			assert.True(t, s.Properties[at].Now)
			before := scene(t, e, name, pathOf(&trace.Trace{Events: f.Trace.Events[:f.Steps-1]}))
			assert.Equal(t, -1, before.Properties[at].Broken, "%s: %s, an event before", name, f.Property.Name)
		}
		assert.Positive(t, shown, name)
	}
}

// What is said of an end is in Chinese, too.
func TestScene_Chinese(t *testing.T) {
	tier.Draws(t, 60)
	english := regexp.MustCompile("[a-z]{3,}")
	rapid.Check(t, func(t *rapid.T) {
		e := NewEngine(Limits{})
		q := SceneRequest{Place: Place{Lang: "zh", Setup: Setup{Base: rapid.SampledFrom(base.Names()).Draw(t, "base")}}, Loop: -1, Bottom: 1e9}
		for range 12 {
			s, err := e.Scene(q)
			require.NoError(t, err)
			for _, end := range s.Ends {
				for _, text := range end.Notes {
					require.NotRegexp(t, english, text)
				}
				for _, timer := range end.Timers {
					require.NotRegexp(t, english, timer.Name)
				}
			}
			for _, c := range s.Next {
				require.NotRegexp(t, english, c.Told)
			}
			if len(s.Next) == 0 {
				return
			}
			q.Path += rapid.SampledFrom(s.Next).Draw(t, "next").Token
		}
	})
}

// Every property that is looked at on the way has patterns: a statement on whole states
// alone would never be broken there.
func TestRun_Patterns(t *testing.T) {
	for i := range check.Presets {
		s, err := Setup{Base: check.Presets[i].Name}.read()
		require.NoError(t, err)
		r, err := newRun(s)
		require.NoError(t, err)
		for i, p := range r.list {
			if p.Applies == nil || p.Applies(s.config) == "" {
				assert.NotEmpty(t, r.pattern[i], p.Name)
			}
		}
	}
}

// The ladder may go on behind the place, which then is the same as without.
func TestScene_Full(t *testing.T) {
	e := NewEngine(Limits{})
	q := SceneRequest{Place: Place{Setup: Setup{Base: "no-data"}, Path: "cac"}, Full: "caccbckda0db0", Loop: -1, Bottom: 1e9}
	s, err := e.Scene(q)
	require.NoError(t, err)
	alone := scene(t, e, "no-data", "cac")
	assert.Len(t, s.Ladder.Rows, 5)
	assert.Equal(t, 1.0, s.Cursor)
	alone.Ladder = s.Ladder
	assert.Equal(t, alone, s)
	q.Full = "cbc"
	_, err = e.Scene(q)
	assert.ErrorContains(t, err, "the run of the ladder does not begin with the path")
}

func TestAnswers(t *testing.T) {
	e := NewEngine(Limits{})
	s := scene(t, e, "no-data", "cac", "a.state == FIN-WAIT-1 && b.rtx > 0", "a.calls == CLOSE", "a.state = ")
	require.Len(t, s.Answers, 3)
	assert.False(t, s.Answers[0].True)
	assert.Equal(t, []PartHere{
		{Text: "a.state == FIN-WAIT-1", True: true, Values: []NamedText{{"a.state", "FIN-WAIT-1"}}},
		{Text: "b.rtx > 0", Values: []NamedText{{"b.rtx", "0"}}},
	}, s.Answers[0].Parts)
	assert.True(t, s.Answers[1].True)
	assert.True(t, s.Answers[1].Event)
	require.NotNil(t, s.Answers[2].Error)
	assert.Positive(t, s.Answers[2].Error.Column)
}

// What is wrong with an expression is said without a place.
func TestParse(t *testing.T) {
	e := NewEngine(Limits{})
	p, err := e.Parse(ParseRequest{Text: "a.state == CLOSED"})
	require.NoError(t, err)
	assert.Nil(t, p.Error)
	p, err = e.Parse(ParseRequest{Text: "a.state == CLOSED && b.rtz > 0"})
	require.NoError(t, err)
	require.NotNil(t, p.Error)
	assert.Equal(t, 24, p.Error.Column)
	c, err := e.Catalogue(CatalogueRequest{})
	require.NoError(t, err)
	kinds := 0
	for _, term := range c.Terms {
		if words := c.Words[term.Type]; len(words) > 0 {
			kinds++
			p, err := e.Parse(ParseRequest{Text: term.Name + " == " + words[0]})
			require.NoError(t, err)
			assert.Nil(t, p.Error, "%s == %s", term.Name, words[0])
		}
	}
	assert.Positive(t, kinds, "what completes an expression fits")
}

// The state of a box is what an expression says of it.
func TestScene_Box(t *testing.T) {
	e := NewEngine(Limits{})
	u := Setup{Base: "no-data", Fields: map[string]string{"box": "conntrack", "capacity": "1"}}
	s, err := e.Scene(SceneRequest{Place: Place{Setup: u}, Loop: -1, Bottom: 1e9})
	require.NoError(t, err)
	seen := map[string]bool{}
	for range 12 {
		require.NotNil(t, s.Box)
		assert.Equal(t, "conntrack", s.Box.Name)
		seen[s.Box.State] = true
		if s.Box.State != "" {
			q := SceneRequest{Place: Place{Setup: u, Path: s.Path}, Loop: -1, Ask: []string{fmt.Sprintf("box.state == %q", s.Box.State)}}
			at, err := e.Scene(q)
			require.NoError(t, err)
			require.Nil(t, at.Answers[0].Error)
			assert.True(t, at.Answers[0].True, s.Box.State)
		}
		at := slices.IndexFunc(s.Next, func(c Choice) bool { return c.Kind == "call" && c.What == "CLOSE" })
		if at < 0 {
			at = slices.IndexFunc(s.Next, func(c Choice) bool { return c.Kind == "deliver" })
		}
		if at < 0 {
			break
		}
		s, err = e.Scene(SceneRequest{Place: Place{Setup: u, Path: s.Path + s.Next[at].Token}, Loop: -1, Bottom: 1e9})
		require.NoError(t, err)
	}
	assert.Greater(t, len(seen), 2, "the box follows the close")
	assert.True(t, slices.ContainsFunc(s.Ladder.Rows, func(r Row) bool { return len(r.Box) > 0 }))
}

// Packets of which there are many are named by the first and the last.
func TestNumbers(t *testing.T) {
	assert.Equal(t, "", numbers(nil))
	assert.Equal(t, "7", numbers([]int{7}))
	assert.Equal(t, "1/2/9", numbers([]int{1, 2, 9}))
	assert.Equal(t, "1…2000", numbers([]int{1, 2, 5, 2000}))
}

// The shortest run from the middle goes on from there, and is no longer than the one
// from the start that a check finds.
func TestToward(t *testing.T) {
	e := NewEngine(Limits{})
	at := Place{Setup: Setup{Base: "no-data"}, Path: "caccbc"}
	r, err := e.Toward(context.Background(), TowardRequest{Place: at, Expr: "a.state == TIME-WAIT && b.state == TIME-WAIT"}, nil)
	require.NoError(t, err)
	assert.True(t, r.Found)
	assert.Equal(t, 4, r.Steps)
	assert.True(t, strings.HasPrefix(r.Path, at.Path), r.Path)
	s := scene(t, e, "no-data", r.Path)
	assert.Equal(t, "TIME-WAIT", s.Ends[0].State)
	assert.Equal(t, "TIME-WAIT", s.Ends[1].State)

	r, err = e.Toward(context.Background(), TowardRequest{Place: at, Expr: "a.state == CLOSE-WAIT"}, nil)
	require.NoError(t, err)
	assert.False(t, r.Found)
	assert.Empty(t, r.Incomplete, "it is known that there is none")
	assert.Equal(t, at.Path, r.Path)

	r, err = e.Toward(context.Background(), TowardRequest{Place: at, Property: "time-wait-unbroken"}, nil)
	require.NoError(t, err)
	require.True(t, r.Found)
	s = scene(t, e, "no-data", r.Path)
	i := slices.IndexFunc(s.Properties, func(p PropertyHere) bool { return p.Name == "time-wait-unbroken" })
	assert.True(t, s.Properties[i].Now)

	few := NewEngine(Limits{States: 3})
	r, err = few.Toward(context.Background(), TowardRequest{Place: at, Expr: "a.state == CLOSE-WAIT"}, nil)
	require.NoError(t, err)
	assert.False(t, r.Found)
	assert.NotEmpty(t, r.Incomplete, "a bound was met, so it is not known")
}

// A check by the API is a check.
func TestCheck(t *testing.T) {
	e := NewEngine(Limits{})
	for _, u := range []Setup{{Base: "no-data"}, {Base: "no-data", Fields: map[string]string{"closed-answer": "nothing"}}, {A: "linux", B: "rfc"}} {
		if u.A != "" && tier.LeavesToCI(t, "linux with rfc") {
			continue
		}
		r, err := e.Check(context.Background(), CheckRequest{Setup: u, Ask: []Question{{"seek", "a.state == CLOSING"}, {"always", "a.rtx < 2"}, {"never", "a.state == LISTEN"}}}, nil)
		require.NoError(t, err)
		require.Len(t, r.Findings, 3)
		assert.Equal(t, "reached", r.Findings[0].Verdict)
		assert.Equal(t, "holds", r.Findings[2].Verdict)
		s, err := e.Scene(SceneRequest{Place: Place{Setup: *r.Findings[0].Setup, Path: r.Findings[0].Path}, Loop: -1})
		require.NoError(t, err)
		assert.Equal(t, "CLOSING", s.Ends[0].State)
	}
	r, err := e.Check(context.Background(), CheckRequest{Setup: Setup{Base: "no-data"}}, nil)
	require.NoError(t, err)
	p, err := check.FindPreset("no-data")
	require.NoError(t, err)
	assert.Equal(t, p.States, r.States)
	for _, f := range r.Findings {
		assert.True(t, f.Known, f.Name)
	}
	_, err = e.Check(context.Background(), CheckRequest{Setup: Setup{Base: "no-data"}, Ask: []Question{{"perhaps", "true"}}}, nil)
	assert.ErrorContains(t, err, `"perhaps": want seek, always, never or eventually`)
}

// What a field makes worse or better is told beside what is known without it.
func TestCheck_Change(t *testing.T) {
	e := NewEngine(Limits{})
	of := func(u Setup) map[string]string {
		r, err := e.Check(context.Background(), CheckRequest{Setup: u}, nil)
		require.NoError(t, err)
		changes := map[string]string{}
		for _, f := range r.Findings {
			if f.Change != "" {
				changes[f.Name] = f.Change
			}
		}
		return changes
	}
	assert.Empty(t, of(Setup{Base: "no-data"}))
	p, err := check.FindPreset("no-data")
	require.NoError(t, err)
	for _, fields := range []map[string]string{{"fault": "no-time-wait"}, {"closed-answer": "nothing"}} {
		u := Setup{Base: "no-data", Fields: fields}
		s, err := u.read()
		require.NoError(t, err)
		r, err := check.Check(context.Background(), s.config, invariants.Properties, check.Options{})
		require.NoError(t, err)
		changes := of(u)
		assert.NotEmpty(t, changes, fields)
		for i := range r.Findings {
			f := &r.Findings[i]
			was := p.Expects(f.Property).Verdict
			assert.Equal(t, f.Verdict == check.Violated && was != check.Violated, changes[f.Property.Name] == "worse", f.Property.Name)
			assert.Equal(t, f.Verdict == check.Holds && was == check.Violated, changes[f.Property.Name] == "better", f.Property.Name)
		}
	}
}

// A lasso is a run that can be repeated.
func TestCheck_Lasso(t *testing.T) {
	e := NewEngine(Limits{})
	r, err := e.Check(context.Background(), CheckRequest{Setup: Setup{Base: "no-data"}, Ask: []Question{{"eventually", "a.state == CLOSING"}}}, nil)
	require.NoError(t, err)
	f := r.Findings[0]
	require.Equal(t, "violated", f.Verdict)
	require.GreaterOrEqual(t, f.Loop, 0)
	s, err := e.Scene(SceneRequest{Place: Place{Setup: *f.Setup, Path: f.Path}, Loop: f.Loop, Bottom: 1e9})
	require.NoError(t, err)
	assert.GreaterOrEqual(t, s.Ladder.Loop, 0.0)
	list, err := tokens(f.Path)
	require.NoError(t, err)
	again := f.Path + strings.Join(list[f.Loop:], "")
	_, err = e.Scene(SceneRequest{Place: Place{Setup: *f.Setup, Path: again}, Loop: f.Loop})
	assert.NoError(t, err)
	_, err = e.Scene(SceneRequest{Place: Place{Setup: Setup{Base: "no-data"}, Path: "cac"}, Loop: 0})
	assert.ErrorContains(t, err, "the run does not lead back to where event 1 began")
}

func TestMap(t *testing.T) {
	m, err := NewEngine(Limits{}).Map(context.Background(), MapRequest{Setup: Setup{Base: "no-data"}}, nil)
	require.NoError(t, err)
	states := 0
	for _, p := range m.Pairs {
		states += p.States
	}
	assert.Equal(t, m.States, states)
	assert.Empty(t, m.Incomplete)
	assert.NotEmpty(t, m.Steps)
	d, err := NewEngine(Limits{}).Distances(context.Background(), DistancesRequest{Place: Place{Setup: Setup{Base: "no-data"}}}, nil)
	require.NoError(t, err)
	assert.Equal(t, d.Pairs, m.Pairs, "from the start it is the same")
}

// It is as far to a violation, to an expression and to each pair of states as the shortest
// run there is long, and where there is no run there is no distance.
func TestDistances(t *testing.T) {
	e := NewEngine(Limits{})
	const expr = "a.state == TIME-WAIT && b.rtx > 0"
	for _, path := range []string{"", "caccbc", "cacda0cbcdb1"} {
		at := Place{Setup: Setup{Base: "no-data"}, Path: path}
		d, err := e.Distances(context.Background(), DistancesRequest{Place: at, Ask: []string{expr, "a.rtx > b.rtx"}}, nil)
		require.NoError(t, err)
		assert.Empty(t, d.Incomplete)
		toward := func(expr, property string) int {
			r, err := e.Toward(context.Background(), TowardRequest{Place: at, Expr: expr, Property: property}, nil)
			require.NoError(t, err)
			if !r.Found {
				return -1
			}
			return r.Steps
		}
		known := map[[2]string]int{}
		for _, p := range d.Pairs {
			known[[2]string{p.A, p.B}] = p.Steps
		}
		s := scene(t, e, "no-data", path)
		assert.Equal(t, 0, known[[2]string{s.Ends[0].State, s.Ends[1].State}])
		for i, a := range []string{"ESTABLISHED", "FIN-WAIT-1", "CLOSING", "CLOSE-WAIT", "TIME-WAIT", "CLOSED"} {
			b := []string{"CLOSE-WAIT", "CLOSED", "CLOSING"}[i%3]
			want := toward(fmt.Sprintf("a.state == %s && b.state == %s", a, b), "")
			got, reached := known[[2]string{a, b}]
			assert.Equal(t, want >= 0, reached, "%q: %s, %s", path, a, b)
			if reached {
				assert.Equal(t, want, got, "%q: %s, %s", path, a, b)
			}
		}
		broken, asked := 0, 0
		for _, w := range d.Ways {
			assert.False(t, w.Unknown, w.Name)
			switch {
			case w.Asked:
				asked++
				assert.Equal(t, toward(w.Name, ""), w.Steps, "%q: %s", path, w.Name)
			case w.Steps >= 0 || w.Name == "figure-5":
				broken++
				assert.Equal(t, toward("", w.Name), w.Steps, "%q: %s", path, w.Name)
			}
		}
		assert.Equal(t, 2, asked)
		assert.Greater(t, broken, 1)
	}
	few := NewEngine(Limits{States: 30, Workers: 1})
	d, err := few.Distances(context.Background(), DistancesRequest{Place: Place{Setup: Setup{Base: "no-data"}}, Ask: []string{expr}}, nil)
	require.NoError(t, err)
	assert.NotEmpty(t, d.Incomplete)
	assert.NotEmpty(t, d.PairsIncomplete)
	assert.True(t, d.Ways[0].Unknown, "a bound was met, so it is not known")
}

// What is exported as JSON is imported as the same place.
func TestExchange(t *testing.T) {
	e := NewEngine(Limits{})
	for _, u := range []Setup{{Base: "no-data"}, {Base: "default", Fields: map[string]string{"msl": "4"}}, {Base: "linux"}, {A: "linux", B: "rfc"}} {
		first, err := e.Scene(SceneRequest{Place: Place{Setup: u}, Loop: -1})
		require.NoError(t, err)
		q := ExportRequest{Place: Place{Setup: u, Path: first.Next[0].Token}, Loop: -1, Format: "json"}
		x, err := e.Export(q)
		require.NoError(t, err)
		i, err := e.Import(ImportRequest{Text: x.Text})
		require.NoError(t, err)
		assert.Equal(t, q.Path, i.Path)
		assert.Empty(t, i.Departs)
		was, err := u.read()
		require.NoError(t, err)
		is, err := i.Setup.read()
		require.NoError(t, err)
		assert.Equal(t, was.config, is.config)
	}
	for _, v := range trace.Views {
		x, err := e.Export(ExportRequest{Place: Place{Setup: Setup{Base: "no-data"}, Path: "cac"}, Loop: -1, Format: v.Name})
		require.NoError(t, err, v.Name)
		assert.NotEmpty(t, x.Text, v.Name)
		assert.Equal(t, v.Binary, x.Binary, v.Name)
	}
	x, err := e.Export(ExportRequest{Place: Place{Setup: Setup{Base: "no-data"}, Path: "cacda0"}, Loop: -1, Format: "json"})
	require.NoError(t, err)
	i, err := e.Import(ImportRequest{Text: strings.Replace(x.Text, "CLOSE-WAIT", "CLOSING", 1), Lang: "zh"})
	require.NoError(t, err)
	assert.NotEmpty(t, i.Departs)
	assert.Equal(t, "cac", i.Path)
}

// What is wrong with a request is said, in its language.
func TestCall_Wrong(t *testing.T) {
	e := NewEngine(Limits{})
	for _, c := range []struct{ method, request, want string }{
		{"nothing", `{}`, `"nothing" is not a method of the explorer`},
		{"scene", `{"loop":-1,"path":"zz"}`, "event 1 of the path is not one: want events as cac, da0, k"},
		{"scene", `{"loop":-1,"path":"da0"}`, "event 1 of the path, da0, is not possible there"},
		{"scene", `{"loop":-1,"setup":{"base":"nowhere"}}`, `"nowhere": want a preset or profile`},
		{"scene", `{"loop":-1,"setup":{"fields":{"msl":"x"}}}`, "msl"},
		{"scene", `{"loop":-1,"setup":{"fields":{"nothing":"x"}}}`, "nothing"},
		{"scene", `{"loop":-1,"setup":{"a":"solaris"}}`, `"solaris": want one of the profiles`},
		{"scene", `{"loop":-1,"more":1}`, "the request is not one: json: unknown field"},
		{"scene", `{"loop":-1} {}`, "the request has more behind its end"},
		{"scene", `{"loop":-1,"lang":"fr"}`, `"fr": want zh or en`},
		{"toward", `{"expr":"a.state == "}`, "want"},
		{"export", `{"loop":-1,"format":"odt"}`, `"odt": want a form`},
		{"import", `{"text":"{}"}`, ""},
	} {
		var got []Message
		e.Call(context.Background(), c.method, []byte(c.request), func(m Message) { got = append(got, m) })
		require.Len(t, got, 1, c.request)
		require.NotNil(t, got[0].Error, c.request)
		assert.Contains(t, got[0].Error.Message, c.want)
	}
	var got Message
	e.Call(context.Background(), "scene", []byte(`{"loop":-1,"path":"zz","lang":"zh"}`), func(m Message) { got = m })
	assert.Equal(t, "路径的第 1 个事件无效：需要如 cac, da0, k 的事件", got.Error.Message)
	e.Call(context.Background(), "scene", []byte(`{"loop":-1,"setup":{"fields":{"msl":"x"}}}`), func(m Message) { got = m })
	assert.Equal(t, "msl", got.Error.Field)
}

// A search ends with its context, its time and its states.
func TestLimits(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	r, err := NewEngine(Limits{}).Check(ctx, CheckRequest{Setup: Setup{Base: "default"}}, nil)
	require.NoError(t, err)
	assert.Equal(t, []string{"interrupt"}, r.Incomplete)
	r, err = NewEngine(Limits{Time: 1}).Check(context.Background(), CheckRequest{Setup: Setup{Base: "default"}}, nil)
	require.NoError(t, err)
	assert.Equal(t, []string{"timeout"}, r.Incomplete)
	r, err = NewEngine(Limits{States: 1000}).Check(context.Background(), CheckRequest{Setup: Setup{Base: "default"}, Properties: []string{"hole"}}, nil)
	require.NoError(t, err)
	assert.Equal(t, "unknown", r.Findings[0].Verdict)
}

// Whatever an address, a page or a trace says: there is an answer.
func FuzzCall(f *testing.F) {
	for i := range Methods {
		f.Add(Methods[i].Name, `{"loop":-1,"path":"cac","setup":{"base":"no-data"}}`)
		f.Add(Methods[i].Name, `{"setup":{"a":"linux","fields":{"msl":"3"}},"lang":"zh","expr":"a.state==CLOSED","text":"{}","format":"svg"}`)
	}
	f.Add("scene", `{"loop":0,"path":"xexvxr","setup":{"fields":{"box":"linux"}},"top":-1e300,"bottom":1e300}`)
	f.Fuzz(func(t *testing.T, method, request string) {
		e := NewEngine(Limits{Time: 50_000_000, States: 2000, Workers: 1})
		last := Message{}
		e.Call(context.Background(), method, []byte(request), func(m Message) { last = m })
		if last.Error == nil && last.Result == nil {
			t.Errorf("%s %s: neither a result nor an error", method, request)
		}
		_, err := json.Marshal(last)
		require.NoError(t, err)
	})
}

// Each event of each kind has a token of its own, which reads back.
func TestToken(t *testing.T) {
	var s model.State
	for side := range s.Nets {
		s.Nets[side].N = model.MaxCapacity
	}
	seen := map[string]bool{}
	check := func(a model.Action) {
		text := token(a)
		assert.False(t, seen[text], text)
		seen[text] = true
		list, err := tokens(text + "k")
		require.NoError(t, err)
		require.Equal(t, []string{text, "k"}, list)
		back, ok := action(text, &s)
		assert.True(t, ok)
		assert.Equal(t, a, back)
	}
	for _, side := range model.Sides {
		for c := model.Send; c <= model.OpenPassive; c++ {
			check(model.Action{Kind: model.Calls, Side: side, Call: c})
		}
		for c := model.Retransmission; c <= model.UserTimeout; c++ {
			check(model.Action{Kind: model.Timeouts, Side: side, Timeout: c})
		}
		for _, kind := range []model.Kind{model.Deliveries, model.Copies, model.Losses} {
			for i := range uint8(model.MaxCapacity) {
				check(model.Action{Kind: kind, Side: side, Place: i})
			}
		}
	}
	for a := model.BoxExpires; a <= model.BoxRestarts; a++ {
		check(model.Action{Kind: model.Boxes, Act: a})
	}
	check(model.Action{Kind: model.Ticks})
	assert.Len(t, seen, 2*(len(callLetters)+len(timeoutLetters)+3*model.MaxCapacity)+len(boxLetters)+1)
}

// A ladder of 2,000 events is drawn for a step in far less than a person notices.
func BenchmarkScene(b *testing.B) {
	e := NewEngine(Limits{})
	path := longPath(b, 2000)
	for b.Loop() {
		for _, p := range []string{path, path[:len(path)-1]} {
			_, err := e.Scene(SceneRequest{Place: Place{Setup: Setup{Base: "default"}, Path: p}, Loop: -1, Top: 1e5, Bottom: 1e5})
			require.NoError(b, err)
		}
	}
}

// longPath returns a path of so many events: segments are copied again and again.
func longPath(t testing.TB, n int) string {
	s, err := Setup{Base: "default"}.read()
	require.NoError(t, err)
	r, err := newRun(s)
	require.NoError(t, err)
	require.NoError(t, r.step("cas"))
	for i := 1; i < n-1; i++ {
		require.NoError(t, r.step("ya0"), fmt.Sprint(i))
	}
	require.NoError(t, r.step("k"))
	return r.path()
}
