package explorer

import (
	"context"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/check"
	"tcpclose/claims"
	"tcpclose/explore/product"
	"tcpclose/internal/lang"
	"tcpclose/internal/tier"
	"tcpclose/invariants"
	"tcpclose/survey"
	"tcpclose/trace"
)

// The verdict on a claim is that of package claims, and its runs can be stepped through.
func TestClaim(t *testing.T) {
	tier.SkipToCI(t)
	e := NewEngine(Limits{})
	list, err := e.Claims(ClaimsRequest{})
	require.NoError(t, err)
	require.Len(t, list.Claims, len(claims.Claims))
	runs := 0
	for _, id := range []string{"L3b", "N1a", "W2a"} {
		for _, l := range []lang.Language{lang.English, lang.Chinese} {
			r, err := e.Claim(context.Background(), ClaimRequest{id, l.String()}, nil)
			require.NoError(t, err, id)
			want, err := claims.Judge(context.Background(), claims.Find(id), "", product.Options{})
			require.NoError(t, err)
			assert.Equal(t, want[0].Verdict.String(), r.Verdict)
			assert.Equal(t, want[0].Why.In(l), r.Why)
			require.Len(t, r.Evidence, len(want[0].Statements()))
			for i, d := range want[0].Statements() {
				v := r.Evidence[i]
				assert.Equal(t, d.Truth.String(), v.Truth)
				assert.Equal(t, d.Evidence(l), v.Found)
				require.Equal(t, d.Trace != nil, v.Run != nil)
				if v.Run != nil {
					runs++
					stepped(t, e, v.Run)
				}
			}
		}
	}
	assert.Positive(t, runs)
	_, err = e.Claim(context.Background(), ClaimRequest{ID: "T99"}, nil)
	assert.EqualError(t, err, `"T99": want the identifier of a claim`)
}

// stepped steps through a run.
func stepped(t *testing.T, e *Engine, r *Run) {
	s, err := e.Scene(SceneRequest{Place: Place{Setup: r.Setup, Path: r.Path}, Loop: r.Loop})
	require.NoError(t, err)
	assert.Equal(t, r.Events, s.Events)
}

// A fault is caught by what catches it in check, and a margin is that of survey.
func TestFault(t *testing.T) {
	e := NewEngine(Limits{})
	list, err := e.Claims(ClaimsRequest{Lang: "zh"})
	require.NoError(t, err)
	require.Len(t, list.Faults, len(check.FaultCases))
	for _, i := range []int{0, 3} {
		c := check.FaultCases[i]
		r, err := e.Fault(context.Background(), FaultRequest{Name: c.Fault.String()}, nil)
		require.NoError(t, err)
		want, err := check.JudgeFaults(context.Background(), []check.FaultCase{c}, check.Options{})
		require.NoError(t, err)
		require.Len(t, r.Catches, len(want[0].Catches))
		assert.NotEmpty(t, r.Catches)
		for k := range r.Catches {
			assert.Equal(t, want[0].Catches[k].Finding.Property.Name, r.Catches[k].Name)
			stepped(t, e, r.Catches[k].Run)
		}
	}
	_, err = e.Fault(context.Background(), FaultRequest{Name: "none"}, nil)
	assert.EqualError(t, err, `"none": want a fault that 'tcpclose list faults' lists`)
}

func TestMargin(t *testing.T) {
	u := Setup{Base: "no-data", Fields: map[string]string{"capacity": "1", "msl": "2", "delay": "1", "r2": "1"}}
	s, err := u.read()
	require.NoError(t, err)
	r, err := NewEngine(Limits{}).Margin(context.Background(), MarginRequest{Setup: u}, nil)
	require.NoError(t, err)
	want, err := survey.Margins(context.Background(), s.config, invariants.Properties, product.Options{})
	require.NoError(t, err)
	broken := 0
	for i, row := range r.Rows {
		m := &want.Margins[i]
		assert.Equal(t, m.Property.Name, row.Name)
		assert.Equal(t, m.Verdict.String(), row.Verdict)
		if m.Verdict == check.Violated {
			broken++
			assert.Equal(t, m.Total, row.Total)
			assert.Equal(t, m.Least[trace.Loss], row.Losses)
			require.NotNil(t, row.Run)
			breaks(t, row.Name, row.Run, row.Total)
		}
	}
	assert.Positive(t, broken)
}

// breaks steps through the run of a margin: its last event violates the property, and what
// the network does in it is the margin. Nothing is searched from there, since a search
// has a network that does not count; what is saved is opened as the same run.
func breaks(t *testing.T, property string, run *Run, total int) {
	t.Helper()
	e := NewEngine(Limits{})
	require.True(t, run.Setup.Counted)
	at := Place{Setup: run.Setup, Path: run.Path}
	s, err := e.Scene(SceneRequest{Place: at, Loop: -1, Bottom: 1e9})
	require.NoError(t, err)
	assert.True(t, s.Setup.Counted)
	i := slices.IndexFunc(s.Properties, func(p PropertyHere) bool { return p.Name == property })
	assert.Equal(t, run.Events, s.Properties[i].Broken, property)
	r, err := e.follow(run.Setup, run.Path)
	require.NoError(t, err)
	sum := 0
	for _, n := range r.trace.NetFaults() {
		sum += n
	}
	assert.Equal(t, total, sum, property)
	_, err = e.Toward(context.Background(), TowardRequest{Place: at, Expr: "a.state == CLOSED"}, nil)
	assert.EqualError(t, err, "after a run: want one of a network that does not count")
	_, err = e.Distances(context.Background(), DistancesRequest{Place: at}, nil)
	assert.EqualError(t, err, "after a run: want one of a network that does not count")
	x, err := e.Export(ExportRequest{Place: at, Loop: -1, Format: "json"})
	require.NoError(t, err)
	back, err := e.Import(ImportRequest{Text: x.Text})
	require.NoError(t, err)
	assert.Equal(t, run.Path, back.Path)
	assert.True(t, back.Setup.Counted)
}

// What follows from a loss is what claims.Lose says.
func TestLose(t *testing.T) {
	e := NewEngine(Limits{})
	r, err := e.Lose(context.Background(), LoseRequest{Segment: 4, Profile: "rfc"}, nil)
	require.NoError(t, err)
	want, err := claims.Lose(context.Background(), 4, false, &claims.Profiles[0], "", product.Options{})
	require.NoError(t, err)
	require.Len(t, r.Spans, len(want.Spans))
	runs := 0
	for i := range r.Spans {
		assert.Equal(t, want.Spans[i].Says.EN, r.Spans[i].Says)
		assert.Equal(t, want.Spans[i].Timing.Endless != nil, r.Spans[i].Endless)
		for k := range r.Spans[i].Runs {
			runs++
			stepped(t, e, &r.Spans[i].Runs[k])
		}
	}
	assert.Positive(t, runs)
	assert.Len(t, r.Endings, len(want.Endings))
	for _, q := range []LoseRequest{{Segment: 5, Profile: "rfc"}, {Segment: 1, Profile: "solaris"}, {Segment: 1, Profile: "rfc", Lang: "fr"}} {
		_, err := e.Lose(context.Background(), q, nil)
		assert.Error(t, err)
	}
}
