package check

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/dustin/go-humanize"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/internal/tier"
	"tcpclose/invariants"
	"tcpclose/model"
)

// An alternative of a decision, of both ends.
type alternative struct {
	model.Decision
	model.Choice
}

// alternatives returns those that are not the default.
func alternatives() (list []alternative) {
	for d := range model.NumDecisions {
		for i := 1; i < len(d.Info().Alternatives); i++ {
			list = append(list, alternative{d, model.Choice(i)})
		}
	}
	return list
}

// in returns a configuration with the alternative, and whether there is one.
func (a alternative) in(c model.Config) (model.Config, bool) {
	if c.Ends[model.A].Choices[a.Decision] == a.Choice {
		return c, false
	}
	c.EachEnd(func(e *model.Endpoint) { e.Choices[a.Decision] = a.Choice })
	return c, c.Validate() == nil
}

// effects returns what each alternative changes in a preset, in words. One search of the
// preset finds those that have no effect.
func effects(t *testing.T, p *Preset, wanted []alternative) []string {
	t.Helper()
	cells := make([]string, len(wanted))
	var tried []int
	o := Options{NoTraces: true}
	for i, a := range wanted {
		c, ok := a.in(p.Config)
		if !ok {
			cells[i] = "as it is"
			continue
		}
		tried = append(tried, i)
		o.Otherwise = append(o.Otherwise, c)
	}
	base, err := Check(context.Background(), p.Config, nil, o)
	require.NoError(t, err)
	for n, i := range tried {
		if base.Same[n] {
			cells[i] = "no effect"
			continue
		}
		r, err := Check(context.Background(), o.Otherwise[n], invariants.Properties, Options{NoTraces: true})
		require.NoError(t, err)
		cells[i] = effect(p, r)
	}
	return cells
}

// effect returns what has changed, compared with a preset.
func effect(p *Preset, r *Report) string {
	broken := func(v Verdict) bool { return v == Violated || v == Zeno }
	var worse, better, silenced []string
	for i := range r.Findings {
		f := &r.Findings[i]
		switch was := p.Expects(f.Property).Verdict; {
		case broken(f.Verdict) && !broken(was):
			worse = append(worse, f.Property.Name)
		case broken(was) && f.Verdict == Holds:
			better = append(better, f.Property.Name)
		case broken(was) && !broken(f.Verdict):
			silenced = append(silenced, f.Property.Name)
		}
	}
	var words []string
	for _, of := range []struct {
		what  string
		names []string
	}{{"worse", worse}, {"better", better}, {"without occasion", silenced}} {
		if len(of.names) > 0 {
			words = append(words, of.what+": "+strings.Join(of.names, ", "))
		}
	}
	if words == nil {
		words = []string{"no verdict"}
	}
	if !r.Result.Complete() {
		words = append(words, "not complete")
	}
	return strings.Join(words, "; ") + fmt.Sprintf(" (%s)", humanize.Comma(int64(r.Result.Distinct)))
}

var alternativePresets = []string{"no-data", "half-close", "abort"}

const alternativesFile = "../docs/alternatives.md"

// docs/alternatives.md has what each alternative of each decision changes. The plain
// tier computes a sample of it.
func TestAlternatives(t *testing.T) {
	was, err := os.ReadFile(alternativesFile)
	require.NoError(t, err)
	head, _, ok := strings.Cut(string(was), "\n| decision |")
	require.True(t, ok, "no table")
	if !*rewrite && tier.Leaves(t, "all alternatives in all three presets") {
		sample := []alternative{
			{model.TimeWaitRST, model.RSTIgnored}, {model.ClosedAnswer, model.AnswerNothing}, {model.LateData, model.LateDataDropped},
			{model.ClosingTimer, model.TimerAbsent}, {model.OutOfOrder, model.SegmentHeld},
		}
		preset, err := FindPreset("no-data")
		require.NoError(t, err)
		for i, cell := range effects(t, preset, sample) {
			a := sample[i]
			row := fmt.Sprintf("\n| `%s` | `%s` | %s | ", a.Decision, a.Info().Alternatives[a.Choice].Name, cell)
			assert.True(t, strings.Contains(string(was), row), "%s is stale: want %s", alternativesFile, row)
		}
		return
	}
	list := alternatives()
	var columns [][]string
	for _, name := range alternativePresets {
		preset, err := FindPreset(name)
		require.NoError(t, err)
		columns = append(columns, effects(t, preset, list))
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n| decision | alternative | %s |\n|---|---|%s\n", head, strings.Join(alternativePresets, " | "), strings.Repeat("---|", len(alternativePresets)))
	for i, a := range list {
		cells := []string{"`" + a.Decision.String() + "`", "`" + a.Info().Alternatives[a.Choice].Name + "`"}
		for _, column := range columns {
			cells = append(cells, column[i])
		}
		fmt.Fprintf(&b, "| %s |\n", strings.Join(cells, " | "))
	}
	if *rewrite {
		require.NoError(t, os.WriteFile(alternativesFile, []byte(b.String()), 0o644))
		return
	}
	assert.Equal(t, string(was), b.String(), "%s is stale: go test ./check -run TestAlternatives -rewrite", alternativesFile)
}

// That nothing has an effect in any of the presets is a fact about these presets: each
// alternative is the choice of some test, and has an effect there.
func TestAlternatives_Somewhere(t *testing.T) {
	table, err := os.ReadFile(alternativesFile)
	require.NoError(t, err)
	for _, a := range alternatives() {
		assert.True(t, strings.Contains(string(table), fmt.Sprintf("| `%s` | `%s` |", a.Decision, a.Info().Alternatives[a.Choice].Name)), "%s", a.Decision)
	}
	assert.True(t, slices.Contains(alternatives(), alternative{model.TimeWaitRST, model.RSTIgnored}))
}
