package explorer

import (
	"context"

	"tcpclose/ask"
	"tcpclose/check"
	"tcpclose/internal/lang"
	"tcpclose/invariants"
	"tcpclose/survey"
)

// Map returns the pairs of connection states that a configuration reaches.
func (e *Engine) Map(ctx context.Context, q MapRequest, progress func(Progress)) (*Map, error) {
	s, err := q.Setup.read()
	if err != nil {
		return nil, err
	}
	ctx, cancel := e.within(ctx)
	defer cancel()
	space, err := survey.ExploreSpace(ctx, s.config, nil, e.options(progress))
	if err != nil {
		return nil, err
	}
	quotient, err := space.Quotient(ctx)
	if err != nil {
		return nil, err
	}
	m := &Map{States: space.Result.Distinct, Pairs: pairs(quotient), Steps: []PairStep{}, Incomplete: append([]string{}, space.Result.Incomplete...)}
	for i := range quotient.Steps {
		at := &quotient.Steps[i]
		if at.From != at.To {
			m.Steps = append(m.Steps, PairStep{names(at.From), names(at.To), at.Event(), at.Count})
		}
	}
	return m, nil
}

func names(j survey.Joint) [2]string { return [2]string{j[0].String(), j[1].String()} }

func pairs(q *survey.Quotient) []PairInfo {
	list := []PairInfo{}
	for i := range q.States {
		at := &q.States[i]
		n := names(at.Joint)
		list = append(list, PairInfo{n[0], n[1], at.Count, at.Terminals, at.Least})
	}
	return list
}

// Distances returns how many events it is from a place to each pair of connection states,
// to each violation, and to where expressions are true.
func (e *Engine) Distances(ctx context.Context, q DistancesRequest, progress func(Progress)) (*Distances, error) {
	l, err := language(q.Lang)
	if err != nil {
		return nil, err
	}
	if len(q.Ask) > maxAsked {
		return nil, lang.Errorf("%d expressions: want at most %d", len(q.Ask), maxAsked)
	}
	r, err := e.from(q.Place)
	if err != nil {
		return nil, err
	}
	var list []*invariants.Property
	for _, text := range q.Ask {
		question, err := ask.Parse(text)
		if err != nil {
			return nil, err
		}
		list = append(list, question.Seek())
	}
	for _, p := range r.list {
		if !p.Witness {
			list = append(list, p)
		}
	}
	ctx, cancel := e.within(ctx)
	defer cancel()
	space, err := survey.ExploreAfter(ctx, r.trace, nil, e.options(progress))
	if err != nil {
		return nil, err
	}
	quotient, err := space.Quotient(ctx)
	if err != nil {
		return nil, err
	}
	report, err := check.Check(ctx, r.config, list, check.Options{Options: e.options(progress), After: r.trace, NoTraces: true})
	if err != nil {
		return nil, err
	}
	d := &Distances{
		States: space.Result.Distinct, Pairs: pairs(quotient), Ways: []Way{},
		Incomplete: append([]string{}, report.Result.Incomplete...), PairsIncomplete: append([]string{}, space.Result.Incomplete...),
	}
	for i := range report.Findings {
		f := &report.Findings[i]
		w := Way{Name: f.Property.Name, Sentence: l.Say(f.Property.Sentence), Asked: i < len(q.Ask), Steps: -1, Unknown: f.Verdict == check.Unknown}
		if w.Asked {
			w.Name, w.Sentence = q.Ask[i], ""
		}
		switch f.Verdict {
		case check.NotApplicable:
			continue
		case check.Violated, check.Reached:
			w.Steps = f.Steps
		}
		d.Ways = append(d.Ways, w)
	}
	return d, nil
}
