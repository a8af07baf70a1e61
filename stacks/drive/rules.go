package drive

import (
	"time"

	"tcpclose/model"
	"tcpclose/observe"
	"tcpclose/stacks/adapter"
)

// RulesOf returns the rules of a stack whose times were measured, and of whose
// decisions nothing is known.
func RulesOf(t Timing, caps adapter.Caps) observe.Rules {
	r := observe.Real()
	r.Timing.Slack = caps.Slack
	span := func(d time.Duration) observe.Span {
		margin := max(d/20, caps.Slack, 10*time.Millisecond)
		return observe.Span{Min: max(0, d-margin), Max: d + margin}
	}
	spans := &r.Timing.Spans
	shortest, longest := t.intervals()
	again := observe.Span{Min: min(shortest*9/10, earliest), Max: longest * 11 / 10}
	if longest == 0 { // nothing is ever sent again, which Limits reports
		again = observe.Span{Min: 0, Max: observe.Forever}
	}
	spans[model.Retransmission], spans[model.WindowProbe] = again, again
	if t.TimeWait > 0 {
		spans[model.TimeWaitEnds] = span(t.TimeWait)
	}
	if t.FinWait2 > 0 {
		spans[model.FinWait2Ends] = span(t.FinWait2)
	}
	r.Config.EachEnd(func(e *model.Endpoint) {
		if t.FinWait2 == 0 && t.HalfFinWait2 == 0 {
			e.FinWait2 = 0
		}
		if !t.KeepAlive {
			e.KeepAlive = 0
		}
	})
	return r
}

// earliest is the time after which a retransmission is no surprise, whatever was
// measured: many stacks have 200 ms.
const earliest = 150 * time.Millisecond

// intervals returns the shortest and the longest time between two transmissions that
// was measured, and from the last one to the end.
func (t Timing) intervals() (shortest, longest time.Duration) {
	for _, s := range append(t.Series[:], t.Probes, t.Sampled) {
		last := time.Duration(0)
		for _, at := range s.Again {
			if shortest == 0 || at-last < shortest {
				shortest = at - last
			}
			longest, last = max(longest, at-last), at
		}
		if s.Ends > 0 && len(s.Again) > 0 {
			longest = max(longest, s.Ends-last)
		}
	}
	return shortest, longest
}

// longest returns the longest time between two retransmissions.
func (s Series) longest(d time.Duration) time.Duration {
	last := time.Duration(0)
	for i, at := range s.Again {
		if i == 0 || at-last > d {
			d = at - last
		}
		last = at
	}
	return d
}

// An Observer observes the runs of one stack.
type Observer struct {
	rules   observe.Rules
	fresh   *observe.Observer
	learner *observe.Learner
}

// NewObserver returns an observer by these rules.
func NewObserver(rules observe.Rules) (*Observer, error) {
	fresh, err := observe.New(rules)
	if err != nil {
		return nil, err
	}
	l, err := observe.NewLearner(rules)
	if err != nil {
		return nil, err
	}
	return &Observer{rules, fresh, l}, nil
}

// Observe observes a run, and learns from it.
func (o *Observer) Observe(run observe.Run) (observe.Report, error) { return o.learner.Observe(run) }

// alone observes a run by the rules as they were at first, and learns nothing.
func (o *Observer) alone(run observe.Run) observe.Report { return o.fresh.Observe(run) }

// first returns the first deviation of a run by the rules as they were at first.
func (o *Observer) first(run observe.Run) (observe.Deviation, bool) {
	d, ok, err := o.fresh.First(run)
	return d, ok && err == nil
}

// Profile returns what was learned.
func (o *Observer) Profile() observe.Profile { return o.learner.Profile() }
