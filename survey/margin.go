package survey

import (
	"context"
	"errors"
	"time"

	"tcpclose/check"
	"tcpclose/explore"
	"tcpclose/explore/product"
	"tcpclose/internal/join"
	"tcpclose/internal/lang"
	"tcpclose/invariants"
	"tcpclose/model"
	"tcpclose/trace"
)

// A Margin is the least that the network has to do to violate a property.
type Margin struct {
	Property *invariants.Property
	// Verdict is Violated if anything can break it; otherwise no number of
	// faults does (Holds), or that is not known, or the property does not apply.
	Verdict check.Verdict
	Reason  string
	// Total is the least number of faults of all kinds together, in Trace.
	Total int
	Trace *trace.Trace
	// Least is, of each kind, the least number when the others are free.
	Least [trace.NumNetFaults]int
	// AtMost: not everything was explored, and the numbers may be smaller.
	AtMost bool

	patterns []invariants.Pattern
	begin    int   // the place of the first in its search
	goals    []int // the watches that see it broken
}

// A MarginReport is what Margins finds in a configuration.
type MarginReport struct {
	Config  model.Config
	Result  explore.Result
	Time    time.Duration
	Margins []Margin // in the order in which the properties were given
}

// Margins gives the margin of each of the properties: the least faults that break
// it, by the cheapest way through all runs. What the configuration allows without
// limit is counted and not limited; a limit that it sets stays one. In a network
// that counts no segment stands for another, so there are more states than in a
// check.
func Margins(ctx context.Context, c model.Config, properties []*invariants.Property, o product.Options) (*MarginReport, error) {
	y, err := model.NewSystem(c)
	if err != nil {
		return nil, err
	}
	for _, l := range []model.Limit{c.Loss, c.Duplicate, c.Reorder} {
		if l > 0 {
			return nil, lang.Errorf("a margin counts what the network does: want loss, duplicate and reorder unlimited or off")
		}
	}
	if err := invariants.ValidateAll(c, properties); err != nil {
		return nil, err
	}
	start := time.Now()
	report := &MarginReport{Config: c, Margins: make([]Margin, len(properties))}
	var open []*Margin
	for i, p := range properties {
		m := &report.Margins[i]
		m.Property = p
		switch {
		case p.Liveness != nil:
			return nil, lang.Errorf("property %s: is about whole runs: of that no margin is counted", p.Name)
		case p.Alike != nil:
			return nil, lang.Errorf("property %s: compares all runs of two configurations: of that no margin is counted", p.Name)
		case p.Applies != nil && p.Applies(c) != "":
			m.Verdict, m.Reason = check.NotApplicable, p.Applies(c)
			continue
		}
		if m.patterns = p.PatternsIn(c); len(m.patterns) == 0 {
			return nil, lang.Errorf("property %s: compares parts of the system with each other: of that no margin is counted", p.Name)
		}
		open = append(open, m)
	}
	faultWatches := len(join.NewMetered(y, nil).FaultWatches())
	for first := true; first || len(open) > 0; first = false {
		n := 0 // as many as one search has room for
		for watches := faultWatches; n < len(open); n++ {
			watches += 2 * len(open[n].patterns)
			if watches > explore.MaxWatches && n > 0 {
				break
			}
		}
		if report.Result, err = findMargins(ctx, y, open[:n], o); err != nil {
			return nil, err
		}
		open = open[n:]
	}
	report.Time = time.Since(start)
	return report, nil
}

// findMargins explores once, or more often, and finds the margins of those that are violated.
func findMargins(ctx context.Context, y *model.System, margins []*Margin, o product.Options) (r explore.Result, err error) {
	var all []invariants.Pattern
	for _, m := range margins {
		m.begin = len(all)
		all = append(all, m.patterns...)
	}
	_, err = join.Again(join.Hint(all), func(run invariants.Monitors) (invariants.Monitors, error) {
		p := join.NewMetered(y, all)
		p.Monitors |= run
		within, stop := context.WithCancel(ctx)
		defer stop()
		p.Stop = stop
		e, err := product.Explore(within, &p.Product, o)
		if err != nil {
			return 0, err
		}
		if missing, _ := p.Missing(); missing != 0 {
			return missing, nil
		}
		r = e.Result
		return 0, measureMargins(ctx, p, e, margins)
	})
	return r, err
}

// measureMargins finds the margins of those that are violated in what was explored.
func measureMargins(ctx context.Context, p *join.Product, e *product.Explored, margins []*Margin) error {
	for _, m := range margins {
		for w := 2 * m.begin; w < 2*(m.begin+len(m.patterns)); w++ {
			if _, ok := e.Found(w); ok {
				m.goals = append(m.goals, w)
			}
		}
		switch {
		case len(m.goals) > 0:
			m.Verdict = check.Violated
		case !e.Complete():
			m.Verdict = check.Unknown
		}
	}
	for len(margins) > 0 {
		n := 0 // as many as one graph has room for
		for goals := 0; n < len(margins); n++ {
			if goals += len(margins[n].goals); goals > maxGoals && n > 0 {
				break
			}
		}
		if err := cheapest(ctx, p, e, margins[:n]); err != nil {
			return err
		}
		margins = margins[n:]
	}
	return nil
}

// maxGoals is the number of goals for which one graph is built, in addition to the
// faultWatches.
const maxGoals = 14

// cheapest finds the numbers and the trace of the margins that have goals.
func cheapest(ctx context.Context, p *join.Product, e *product.Explored, margins []*Margin) error {
	var watches []int
	for _, m := range margins {
		watches = append(watches, m.goals...)
	}
	if len(watches) == 0 {
		return nil
	}
	var all []explore.Price
	var of [trace.NumNetFaults][]explore.Price
	for _, c := range p.FaultWatches() {
		watches = append(watches, c.Watch)
		price := explore.Price{Step: c.Watch, Cost: 1}
		all = append(all, price)
		of[c.Fault] = append(of[c.Fault], price)
	}
	runs, err := e.Runs(ctx, watches)
	if err != nil {
		return err
	}
	for _, m := range margins {
		if len(m.goals) == 0 {
			continue
		}
		cheapest, err := runs.Cheapest(ctx, m.goals, all)
		if err != nil || cheapest == nil {
			return errors.Join(err, ctx.Err())
		}
		m.Total, m.AtMost = cheapest.Cost, cheapest.AtMost
		if m.Trace, err = p.Trace(cheapest.Path); err != nil {
			return lang.Errorf("property %s: %w", m.Property.Name, err)
		}
		for f, prices := range of {
			cheapest, err := runs.Cheapest(ctx, m.goals, prices)
			if err != nil || cheapest == nil {
				return errors.Join(err, ctx.Err())
			}
			m.Least[f] = cheapest.Cost
		}
	}
	return nil
}
