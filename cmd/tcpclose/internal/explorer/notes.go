package explorer

import (
	"context"
	"fmt"
	"time"

	"tcpclose/claims"
	"tcpclose/internal/lang"
	"tcpclose/model"
	"tcpclose/survey"
	"tcpclose/trace"
)

// Claims returns the claims of the notes.
func (e *Engine) Claims(q ClaimsRequest) (*ClaimList, error) {
	l, err := language(q.Lang)
	if err != nil {
		return nil, err
	}
	list := &ClaimList{Profiles: []string{}, Faults: faultInfos(l)}
	for i := range claims.Claims {
		c := &claims.Claims[i]
		list.Claims = append(list.Claims, ClaimInfo{c.ID, c.Quote, c.English})
	}
	for i := range claims.Profiles {
		list.Profiles = append(list.Profiles, claims.Profiles[i].Name)
	}
	return list, nil
}

// Claim returns the verdict on a claim.
func (e *Engine) Claim(ctx context.Context, q ClaimRequest, progress func(Progress)) (*ClaimVerdict, error) {
	l, err := language(q.Lang)
	if err != nil {
		return nil, err
	}
	var claim *claims.Claim
	for i := range claims.Claims {
		if claims.Claims[i].ID == q.ID {
			claim = &claims.Claims[i]
		}
	}
	if claim == nil {
		return nil, lang.Errorf("%q: want the identifier of a claim", q.ID)
	}
	ctx, cancel := e.within(ctx)
	defer cancel()
	list, err := claims.Judge(ctx, []*claims.Claim{claim}, "", e.options(progress))
	if err != nil {
		return nil, err
	}
	j := list[0]
	r := &ClaimVerdict{
		ID: j.ID, Verdict: j.Verdict.String(), Says: j.Verdict.In(l), Right: j.Right.In(l), RightShown: j.RightShown(), Why: j.Why.In(l),
		Evidence: []Evidence{},
	}
	if j.Verdict == claims.HoldsIf {
		r.If = j.If.In(l)
	}
	for i, part := range [][]claims.Decided{j.Said, j.Under, j.Shown} {
		for k := range part {
			d := &part[k]
			v := Evidence{Part: [...]string{"said", "under", "shown"}[i], Says: d.In(l), Truth: d.Truth.String(), TruthSays: d.Truth.In(l), Found: d.Evidence(l)}
			v.Run = runOf(d.Trace, "run")
			r.Evidence = append(r.Evidence, v)
		}
	}
	return r, nil
}

// runOf returns a run that can be stepped through; nil if there is none.
func runOf(t *trace.Trace, name string) *Run {
	if t == nil {
		return nil
	}
	return runAt(nearest(t.Config), t, name)
}

// runAt returns a run whose configuration differs from a setting in fields only; nil if
// it is too long.
func runAt(s *setting, t *trace.Trace, name string) *Run {
	if t == nil || len(t.Events) > maxEvents {
		return nil
	}
	return &Run{Name: name, Setup: s.of(t), Path: pathOf(t), Loop: t.Loop, Events: len(t.Events)}
}

// Lose returns what follows when one of the four segments of a close is lost.
func (e *Engine) Lose(ctx context.Context, q LoseRequest, progress func(Progress)) (*Lost, error) {
	l, err := language(q.Lang)
	if err != nil {
		return nil, err
	}
	p, err := claims.FindProfile(q.Profile)
	if err != nil {
		return nil, err
	}
	ctx, cancel := e.within(ctx)
	defer cancel()
	loss, err := claims.Lose(ctx, q.Segment, q.Always, p, "", e.options(progress))
	if err != nil {
		return nil, err
	}
	r := &Lost{Always: q.Always, Says: claims.Segments[loss.Segment-1].In(l), Profile: p.Says.In(l), Spans: []LostSpan{}, Endings: []LostEnding{}, Incomplete: append([]string{}, loss.Incomplete...)}
	span := func(ticks int) string { return l.Say("%s s", trace.Decimal(time.Duration(ticks)*p.Tick)) }
	for i := range loss.Spans {
		s := &loss.Spans[i]
		t := s.Timing
		out := LostSpan{Says: s.Says.In(l), Begins: t.Begins, Endless: t.Endless != nil, Runs: []Run{}}
		add := func(t *trace.Trace, name string) {
			if run := runOf(t, name); run != nil {
				out.Runs = append(out.Runs, *run)
			}
		}
		if t.Ends {
			out.Least, out.Timers[0] = span(t.Least), timersOf(s.Repairs[0])
			add(t.Soonest, "shortest")
		}
		if t.Ends && t.Endless == nil {
			out.Greatest, out.Timers[1] = span(t.Greatest), timersOf(s.Repairs[1])
			add(t.Latest, "longest")
		}
		add(t.Endless, "endless")
		r.Spans = append(r.Spans, out)
	}
	caused := loss.Caused()
	for i, part := range [][]survey.EndingPair{caused, loss.Without} {
		for _, pair := range part {
			r.Endings = append(r.Endings, LostEnding{claims.Ending(l, pair, model.A), claims.Ending(l, pair, model.B), i == 0})
		}
	}
	return r, nil
}

// timersOf names timers that fire.
func timersOf(list []claims.Timer) (names []string) {
	names = []string{}
	for _, t := range list {
		names = append(names, fmt.Sprintf("%s: %s", t.Side, t.Timeout))
	}
	return names
}
