package explorer

import (
	"context"
	"slices"

	"tcpclose/check"
	"tcpclose/internal/lang"
	"tcpclose/invariants"
	"tcpclose/survey"
	"tcpclose/trace"
)

// Margin returns how much the network has to do to break each property.
func (e *Engine) Margin(ctx context.Context, q MarginRequest, progress func(Progress)) (*MarginTable, error) {
	l, err := language(q.Lang)
	if err != nil {
		return nil, err
	}
	s, err := q.Setup.read()
	if err != nil {
		return nil, err
	}
	ctx, cancel := e.within(ctx)
	defer cancel()
	r, err := survey.Margins(ctx, s.config, invariants.Properties, e.options(progress))
	if err != nil {
		return nil, err
	}
	t := &MarginTable{States: r.Result.Distinct, Incomplete: append([]string{}, r.Result.Incomplete...), Rows: []MarginRow{}}
	for i := range r.Margins {
		m := &r.Margins[i]
		row := MarginRow{Name: m.Property.Name, Sentence: l.Say(m.Property.Sentence), Verdict: m.Verdict.String(), Says: l.Say(m.Verdict.String()), AtMost: m.AtMost}
		if m.Verdict == check.Violated {
			row.Total, row.Losses, row.Copies, row.Overtakings = m.Total, m.Least[trace.Loss], m.Least[trace.Duplication], m.Least[trace.Overtaking]
			row.Run = runAt(s, m.Trace, "run")
		}
		t.Rows = append(t.Rows, row)
	}
	return t, nil
}

// faultInfos returns the faults that can be planted.
func faultInfos(l lang.Language) (list []FaultInfo) {
	for _, c := range check.FaultCases {
		list = append(list, FaultInfo{c.Fault.String(), l.Say(c.Fault.Info().Sentence)})
	}
	return list
}

// Fault returns which properties catch a fault, in a configuration in which it shows.
func (e *Engine) Fault(ctx context.Context, q FaultRequest, progress func(Progress)) (*FaultCaught, error) {
	l, err := language(q.Lang)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(check.FaultCases, func(c check.FaultCase) bool { return c.Fault.String() == q.Name })
	if at < 0 {
		return nil, lang.Errorf("%q: want a fault that 'tcpclose list faults' lists", q.Name)
	}
	ctx, cancel := e.within(ctx)
	defer cancel()
	list, err := check.JudgeFaults(ctx, check.FaultCases[at:at+1], check.Options{Options: e.options(progress)})
	if err != nil {
		return nil, err
	}
	r := list[0]
	c := &FaultCaught{States: r.With.Result.Distinct, Complete: r.Complete(), Catches: []Caught{}}
	for _, each := range r.Catches {
		f := each.Finding
		c.Catches = append(c.Catches, Caught{f.Property.Name, l.Say(f.Property.Sentence), runOf(f.Trace, "run")})
	}
	return c, nil
}
