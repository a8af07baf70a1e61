package schedule

import (
	"context"

	"tcpclose/check"
	"tcpclose/model"
)

// A Counterexample is a run in which a seeded fault violates a property, as a schedule
// for one of the ends.
type Counterexample struct {
	Fault    model.Fault
	Property string
	Side     model.Side
	Schedule Schedule
}

// Counterexamples returns the shortest runs in which each seeded fault violates a
// property, for both ends, each with a probe.
func Counterexamples(ctx context.Context) (list []Counterexample, err error) {
	reports, err := check.JudgeFaults(ctx, check.FaultCases, check.Options{})
	if err != nil {
		return nil, err
	}
	for _, r := range reports {
		c := r.Shortest()
		if c == nil || c.Finding.Trace == nil {
			continue
		}
		for _, side := range model.Sides {
			s := Of(c.Finding.Trace, side)
			for _, probe := range probes {
				list = append(list, Counterexample{r.Case.Fault, c.Finding.Property.Name, side, append(append(Schedule(nil), s...), probe...)})
			}
		}
	}
	return list, nil
}
