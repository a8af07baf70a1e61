package survey

import (
	"context"
	"errors"
	"fmt"
	"math/bits"
	"regexp"
	"slices"
	"strings"
	"time"

	"tcpclose/ask"
	"tcpclose/check"
	"tcpclose/explore"
	"tcpclose/explore/product"
	"tcpclose/internal/join"
	"tcpclose/internal/lang"
	"tcpclose/invariants"
	"tcpclose/model"
	"tcpclose/trace"
)

// An Interval is the time from where one question is true to where another is,
// for the first time after that. It begins where the first becomes true, in a
// state; or, if it is about an event, after that.
type Interval struct {
	Text        string
	from, until []*invariants.Condition
}

// ParseInterval returns the interval of that text: P -> Q with questions P and Q, or
// with states of one side, as in a: TIME-WAIT -> CLOSED.
func ParseInterval(text string) (*Interval, error) {
	from, until, ok := ask.CutArrow(text)
	if !ok {
		return nil, &ask.Error{Text: text, What: "want P -> Q, as in 'a: TIME-WAIT -> CLOSED' or 'a.sends.fin -> b.state == CLOSED'"}
	}
	if m := ofSide.FindStringSubmatch(from); m != nil {
		from = m[1] + ".state == " + strings.TrimSpace(m[2])
		until = m[1] + ".state == " + strings.TrimSpace(until)
	}
	i := &Interval{Text: strings.TrimSpace(text)}
	for _, part := range []struct {
		text string
		at   *[]*invariants.Condition
	}{{from, &i.from}, {until, &i.until}} {
		q, err := ask.Parse(strings.TrimSpace(part.text))
		if err != nil {
			return nil, err
		}
		if *part.at, err = q.Conditions(); err != nil {
			return nil, err
		}
	}
	return i, nil
}

// ofSide finds the side of which an interval speaks.
var ofSide = regexp.MustCompile(`^\s*([ab])\s*:(.*)$`)

// A Timing is how long an interval can be in a configuration, in ticks. Nothing is
// assumed but that time goes on: users need not call (where nothing else can happen
// the interval may last forever), and the network need not deliver.
type Timing struct {
	Config   model.Config
	Interval *Interval
	Result   explore.Result
	Time     time.Duration
	Begins   bool // some interval begins
	Ends     bool // some interval ends; Least is the length of a shortest one
	Least    int
	// Soonest is a run to the end of a shortest interval, which begins after
	// SoonestFrom events.
	Soonest     *trace.Trace
	SoonestFrom int
	// Endless, if not nil, is a run with an interval that does not end. Otherwise
	// Greatest is the length of a longest one, and Latest such a run.
	Endless    *trace.Trace
	Greatest   int
	Latest     *trace.Trace
	LatestFrom int
	// Incomplete is why all this may be otherwise: the least less, and the
	// greatest greater or none.
	Incomplete []string
}

// Within returns the verdict on the property that the interval takes at most so many
// ticks.
func (t *Timing) Within(ticks int) check.Verdict {
	switch {
	case t.Endless != nil || t.Ends && (t.Greatest > ticks || t.Least > ticks):
		return check.Violated
	case len(t.Incomplete) > 0:
		return check.Unknown
	case !t.Begins:
		return check.Vacuous
	}
	return check.Holds
}

// Time returns how long an interval can be. If ctx is done, the timing says so among
// what is incomplete.
func Time(ctx context.Context, c model.Config, i *Interval, o product.Options) (*Timing, error) {
	timings, err := Times(ctx, c, []*Interval{i}, o)
	if err != nil {
		return nil, err
	}
	return timings[0], nil
}

// Times returns Time for several intervals, by one exploration.
func Times(ctx context.Context, c model.Config, intervals []*Interval, o product.Options) ([]*Timing, error) {
	if c.Time == model.TimeStrides {
		c.Time = model.TimeLeaps // strides leave out how long users wait
	}
	y, err := model.NewSystem(c)
	if err != nil {
		return nil, err
	}
	start := time.Now()
	var all []*invariants.Condition
	for _, i := range intervals {
		if i == nil || len(i.from) == 0 || len(i.until) == 0 {
			return nil, lang.Errorf("an interval nil, or empty: want one that ParseInterval has read")
		}
		all = append(append(all, i.from...), i.until...)
		if len(all) > invariants.MostConditions {
			return nil, lang.Errorf("interval %q: %d alternatives: want at most %d", i.Text, len(all), invariants.MostConditions)
		}
	}
	speakOf := join.Conditions(all)
	longest := uint16(1)
	if c.Time == model.TimeLeaps {
		longest = model.Never
	}
	var prices []explore.Price
	for bit := range bits.Len16(longest) {
		prices = append(prices, explore.Price{Step: 2 * len(speakOf), Cost: 1 << bit})
		speakOf = append(speakOf, invariants.StepCondition(fmt.Sprintf("bit %d of the time that passes is set", bit), func(s *invariants.Step) bool { return s.Elapsed>>bit&1 != 0 }))
	}
	calls := 2 * len(speakOf)
	speakOf = append(speakOf, invariants.StepCondition("a user calls", func(s *invariants.Step) bool { return s.Kind == model.Calls }))
	p := join.New(y, speakOf.Patterns())
	e, err := product.Explore(ctx, &p.Product, o)
	if err != nil {
		return nil, err
	}
	runs, err := e.Runs(ctx, append(everySecond(0, len(speakOf)), calls+1))
	if err != nil {
		return nil, err
	}
	var list []*Timing
	first := 0
	for _, i := range intervals {
		t := &Timing{Config: c, Interval: i, Result: e.Result, Incomplete: runs.Incomplete}
		err := t.measure(ctx, p, runs, explore.Interval{
			From: everySecond(first, len(i.from)), Until: everySecond(first+len(i.from), len(i.until)), Prices: prices,
			Free: []int{calls, calls + 1},
		})
		if err != nil {
			return nil, errors.Join(lang.Errorf("interval %q", i.Text), err)
		}
		t.Time = time.Since(start)
		first += len(i.from) + len(i.until)
		list = append(list, t)
	}
	return list, nil
}

// everySecond returns the watches of side A for n conditions.
func everySecond(from, n int) (list []int) {
	for k := range n {
		list = append(list, 2*(from+k))
	}
	return list
}

// measure fills t with the lengths of an interval in runs of p.
func (t *Timing) measure(ctx context.Context, p *join.Product, runs *explore.Runs[product.Tuple, product.Pick], at explore.Interval) error {
	l, err := runs.Lengths(ctx, at)
	if why := join.EndedBy(ctx); why != "" {
		if !slices.Contains(t.Incomplete, why) {
			t.Incomplete = append(slices.Clip(t.Incomplete), why)
		}
		return nil
	}
	if err != nil {
		return err
	}
	t.Begins, t.Ends, t.Least, t.Greatest = l.Begins, l.Ends, l.Least, l.Greatest
	t.SoonestFrom, t.LatestFrom = l.SoonestFrom, l.LatestFrom
	show := func(at **trace.Trace, path explore.Path[product.Tuple, product.Pick]) {
		if len(path.States) > 0 && err == nil {
			*at, err = p.Trace(path)
		}
	}
	show(&t.Soonest, l.Soonest)
	show(&t.Latest, l.Latest)
	if l.Endless != nil {
		show(&t.Endless, l.Endless.Path)
		if err == nil {
			t.Endless.Loop = l.Endless.Loop
		}
	}
	return err
}
