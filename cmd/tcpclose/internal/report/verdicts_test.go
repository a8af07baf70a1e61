package report

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"tcpclose/check"
	"tcpclose/cmd/tcpclose/internal/base"
	"tcpclose/cmd/tcpclose/internal/screen"
	"tcpclose/explore"
	_ "tcpclose/internal/tier" // the seed of rapid
	"tcpclose/invariants"
)

// lists contains every set of properties that is checked as a whole.
var lists = [][]*invariants.Property{invariants.Properties, invariants.LivenessProperties, invariants.Witnesses}

// report returns a report on b in which each property has the verdict that of returns.
func reportOf(b *base.Base, list []*invariants.Property, of func(*invariants.Property) check.Verdict) *check.Report {
	r := &check.Report{Config: b.Config, Time: 123456 * time.Millisecond, Remembers: true}
	r.Result = explore.Result{Distinct: 123456789, Generated: 1234567890, Depth: 1234}
	for _, p := range list {
		f := check.Finding{Property: p, Verdict: of(p), Steps: 12}
		if f.Verdict == check.Unknown {
			f.Reason = explore.BoundStates
			r.Result.Incomplete = []string{explore.BoundStates}
		}
		if p.Liveness != nil {
			f.Assumed = p.Liveness.Assumes
		}
		r.Findings = append(r.Findings, f)
	}
	return r
}

// fits fails unless the lines fit on a screen on which the shell also prompts.
func fits(t assert.TestingT, lines []string, about string) {
	assert.LessOrEqual(t, len(lines), screenLines, "%s: %q", about, lines)
	for _, line := range lines {
		assert.LessOrEqual(t, screen.Width(line), screen.Columns, "%s: %s", about, line)
	}
}

// What a preset is known for fits on a screen.
func TestScreen_Presets(t *testing.T) {
	for _, name := range base.PresetNames() {
		for _, list := range lists {
			b := base.Find(name)
			v := Check{Base: b, Safety: true, File: "a-checkpoint"}
			v.Report = reportOf(b, list, func(p *invariants.Property) check.Verdict { return b.Preset.Expects(p).Verdict })
			fits(t, v.screen(&bytes.Buffer{}), name)
		}
	}
}

// Whatever the verdicts are, they fit, no unexpected one is left out, and those that
// are unexpected come before those that are not.
func TestScreen_Any(t *testing.T) {
	verdicts := []check.Verdict{check.Holds, check.Violated, check.Unknown, check.Vacuous, check.NotApplicable, check.Zeno, check.Unreachable, check.Reached}
	rapid.Check(t, func(t *rapid.T) {
		b := base.Find(rapid.SampledFrom(base.Names()).Draw(t, "base"))
		list := rapid.SampledFrom(lists).Draw(t, "properties")
		some := rapid.SliceOfN(rapid.SampledFrom(verdicts), 1, 3).Draw(t, "verdicts")
		v := Check{Base: b, Safety: true, Changed: rapid.Bool().Draw(t, "changed")}
		v.Report = reportOf(b, list, func(*invariants.Property) check.Verdict { return rapid.SampledFrom(some).Draw(t, "verdict") })
		var out bytes.Buffer
		lines := v.screen(&out)
		fits(t, lines, b.Name)
		text := bytes.Buffer{}
		for _, line := range lines {
			text.WriteString(line + "\n")
		}
		for i := range v.Report.Findings {
			if f := &v.Report.Findings[i]; v.surprises(f) {
				assert.Contains(t, text.String(), f.Property.Name)
			}
		}
		ordered := v.ordered(detail{})
		first := slices.IndexFunc(ordered, func(f *check.Finding) bool { return !v.surprises(f) })
		if first >= 0 {
			assert.False(t, slices.ContainsFunc(ordered[first:], v.surprises))
		}
	})
}
