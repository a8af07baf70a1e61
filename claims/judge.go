package claims

import (
	"context"
	"fmt"
	"slices"

	"github.com/dustin/go-humanize"

	"tcpclose/check"
	"tcpclose/explore/product"
	"tcpclose/internal/lang"
	"tcpclose/invariants"
	"tcpclose/model"
	"tcpclose/survey"
	"tcpclose/trace"
)

// A Truth is the result of checking a statement.
type Truth uint8

const (
	True Truth = iota
	False
	Unexplored // not everything was explored, and what was does not decide it
	Idle       // all was explored, and nothing gave it an occasion
)

var truthNames = [...]Text{{"true", "真"}, {"false", "假"}, {"unknown", "未知"}, {"vacuous", "空真"}}

// In returns the truth's name in a language.
func (t Truth) In(l Language) string { return truthNames[t].In(l) }

func (t Truth) String() string { return t.In(English) }

// MarshalText returns the truth's English name.
func (t Truth) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// A Decided statement is one with what the checker found.
type Decided struct {
	Statement
	Truth Truth
	// Trace is a run that refutes the statement, or that shows what it says there
	// is, or of an interval the run with the longest; it may be nil. What it shows
	// begins after From events.
	Trace  *trace.Trace
	From   int
	States int
	Timing *survey.Timing // of an interval
}

// A Judgement is a claim with the verdict on it.
type Judgement struct {
	*Claim
	Verdict Verdict
	Said    []Decided
	Under   []Decided
	Shown   []Decided
}

// RightShown reports whether the right sentence is shown to be right.
func (j *Judgement) RightShown() bool {
	return !slices.ContainsFunc(j.Shown, func(d Decided) bool { return d.Truth != True })
}

// Statements returns all that was decided for the claim.
func (j *Judgement) Statements() []Decided { return slices.Concat(j.Said, j.Under, j.Shown) }

// Telling returns the statement whose run tells most of the verdict: of a claim that
// does not hold as it stands, the first that is false; otherwise the first with a
// run. It is nil if there is none.
func (j *Judgement) Telling() *Decided {
	for _, wanted := range []func(*Decided) bool{
		func(d *Decided) bool { return d.Truth == False },
		func(d *Decided) bool { return true },
	} {
		for _, list := range [][]Decided{j.Said, j.Shown, j.Under} {
			for i := range list {
				if d := &list[i]; d.Trace != nil && wanted(d) {
					return d
				}
			}
			if j.Verdict == Holds {
				continue
			}
		}
	}
	return nil
}

// verdict returns what follows for the claim.
func (j *Judgement) verdict() Verdict {
	switch all(j.Said) {
	case True:
		return Holds
	case Unexplored:
		return Unknown
	case Idle:
		return NoChance
	}
	if len(j.Under) == 0 {
		return Wrong
	}
	switch all(j.Under) {
	case True:
		return HoldsIf
	case Unexplored:
		return Unknown
	case Idle:
		return NoChance
	}
	return Wrong
}

// all returns whether all statements are true.
func all(list []Decided) Truth {
	has := func(t Truth) bool {
		return slices.ContainsFunc(list, func(d Decided) bool { return d.Truth == t })
	}
	for _, t := range []Truth{False, Unexplored, Idle} {
		if has(t) {
			return t
		}
	}
	return True
}

// Judge decides the claims by running the checker on all their statements, in a
// model that is changed by the words of a configuration: with the change "" it is
// the model as it is. Statements of a claim that are about the same configuration
// share an exploration.
func Judge(ctx context.Context, list []*Claim, change string, o product.Options) ([]*Judgement, error) {
	var judgements []*Judgement
	for _, c := range list {
		j := &Judgement{Claim: c}
		if err := j.decide(ctx, change, o); err != nil {
			return nil, lang.Errorf("claim %s: %w", c.ID, err)
		}
		j.Verdict = j.verdict()
		judgements = append(judgements, j)
	}
	return judgements, nil
}

// decide decides all statements of the claim.
func (j *Judgement) decide(ctx context.Context, change string, o product.Options) error {
	groups := map[model.Config][]*Decided{}
	var order []model.Config
	for _, part := range []struct {
		from []Statement
		to   *[]Decided
	}{{j.Claim.Said, &j.Said}, {j.Claim.Under, &j.Under}, {j.Claim.Shown, &j.Shown}} {
		*part.to = make([]Decided, len(part.from))
		for i, s := range part.from {
			config, err := s.Configuration(change)
			if err != nil {
				return err
			}
			d := &(*part.to)[i]
			d.Statement = s
			if groups[config] == nil {
				order = append(order, config)
			}
			groups[config] = append(groups[config], d)
		}
	}
	for _, config := range order {
		if err := decide(ctx, config, groups[config], o); err != nil {
			return err
		}
	}
	return nil
}

// decide decides statements of one configuration.
func decide(ctx context.Context, c model.Config, list []*Decided, o product.Options) error {
	var properties []*invariants.Property
	place := map[string]int{}
	at := make([][]int, len(list)) // of each statement, where its properties stand
	for i, d := range list {
		asked, err := d.asked()
		if err != nil {
			return lang.Errorf("statement %q: %w", d.Statement, err)
		}
		for _, p := range asked {
			if _, had := place[p.Name]; !had {
				place[p.Name] = len(properties)
				properties = append(properties, p)
			}
			at[i] = append(at[i], place[p.Name])
		}
	}
	var report *check.Report
	if len(properties) > 0 {
		var err error
		if report, err = check.Check(ctx, c, properties, check.Options{Options: o}); err != nil {
			return err
		}
	}
	timings := map[string]*survey.Timing{}
	for i, d := range list {
		if d.Says == Takes || d.Says == Endless {
			t := timings[d.Of]
			if t == nil {
				interval, err := survey.ParseInterval(d.Of)
				if err != nil {
					return err
				}
				if t, err = survey.Time(ctx, c, interval, o); err != nil {
					return err
				}
				timings[d.Of] = t
			}
			d.time(t)
			continue
		}
		d.States = report.Result.Distinct
		found := &report.Findings[at[i][0]]
		d.Trace = found.Trace
		switch found.Verdict {
		case check.Holds:
			if d.Says == Breaks {
				d.Truth = False
			}
			if len(at[i]) > 1 {
				occasion := &report.Findings[at[i][1]]
				d.Trace = occasion.Trace
				if occasion.Verdict != check.Reached {
					d.Truth = Idle
				}
			}
		case check.Violated:
			d.Truth = truth(d.Says == Breaks, true)
		case check.Reached, check.Unreachable:
			if (found.Verdict == check.Reached) == (d.Says == Misses) {
				d.Truth = False
			}
		case check.Unknown:
			d.Truth = Unexplored
		case check.Vacuous, check.NotApplicable:
			d.Truth = Idle
		default:
			return lang.Errorf("statement %q: verdict %s", d.Statement, found.Verdict)
		}
	}
	return nil
}

// time decides a statement about an interval.
func (d *Decided) time(t *survey.Timing) {
	d.Timing, d.States = t, t.Result.Distinct
	d.Trace, d.From = t.Latest, t.LatestFrom
	complete := len(t.Incomplete) == 0
	switch {
	case t.Endless != nil:
		d.Trace, d.From = t.Endless, 0
	case t.Ends && t.Least < d.Least && d.Says == Takes:
		d.Trace, d.From = t.Soonest, t.SoonestFrom
	}
	switch {
	case !t.Begins && complete:
		d.Truth = Idle
	case d.Says == Endless:
		d.Truth = truth(t.Endless != nil, complete)
	case t.Ends && t.Least < d.Least, d.Most < anyTime && (t.Endless != nil || t.Greatest > d.Most):
		d.Truth = False
	default:
		d.Truth = truth(true, complete)
		if !complete {
			d.Truth = Unexplored
		}
	}
}

// truth returns that of what was found, or was not.
func truth(found, complete bool) Truth {
	switch {
	case found:
		return True
	case complete:
		return False
	}
	return Unexplored
}

// Evidence returns what was found, in a few words.
func (d *Decided) Evidence(l Language) string {
	if t := d.Timing; t != nil {
		switch {
		case !t.Begins:
			return Text{"never begins", "从不开始"}.In(l)
		case t.Endless != nil && !t.Ends:
			return Text{"unbounded", "无上限"}.In(l)
		case t.Endless != nil:
			return fmt.Sprintf(Text{"at least %s, unbounded", "至少 %s，无上限"}.In(l), d.length(l, t.Least))
		case t.Least == t.Greatest:
			return fmt.Sprintf(Text{"always %s", "总是 %s"}.In(l), d.length(l, t.Least))
		}
		return Text{"takes ", "实为 "}.In(l) + d.between(l, t.Least, t.Greatest)
	}
	switch {
	case d.Truth == Unexplored:
		return Text{"the exploration is not complete", "探索不完整"}.In(l)
	case d.Truth == Idle:
		return Text{"no run puts it to the test", "没有执行路径涉及这种情形"}.In(l)
	case d.Truth == True && (d.Says == Whenever || d.Says == Keeps):
		return fmt.Sprintf(Text{"in every run (%s states)", "所有执行路径都如此（%s 个状态）"}.In(l), humanize.Comma(int64(d.States)))
	case d.Trace == nil:
		return fmt.Sprintf(Text{"in no run (%s states)", "没有这样的执行路径（%s 个状态）"}.In(l), humanize.Comma(int64(d.States)))
	}
	run := Text{"example of %d %s", "示例含 %d 个%s"}
	if d.Truth == False {
		run = Text{"counterexample of %d %s", "反例含 %d 个%s"}
	}
	events := Text{"events", "事件"}
	if len(d.Trace.Events) == 1 {
		events.EN = "event"
	}
	return fmt.Sprintf(run.In(l), len(d.Trace.Events), events.In(l))
}
