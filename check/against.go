package check

import (
	"context"
	"errors"
	"fmt"

	"tcpclose/model"
	"tcpclose/trace"
)

// Two configurations are compared in step: both do the same, for as long as both can and
// users, ends and network do, send, tell and deliver the same. A state of the search is
// a state of each. Since an action has one outcome in each, a breadth-first search finds
// the shortest run after which one does something else.

// A Split is where two configurations part.
type Split struct {
	// Runs contains what each has done until then, which is the same, and what it does
	// next, if it does anything that the other does not.
	Runs [2]*trace.Trace
	// Does reports whether the last event of a run is what that configuration does next.
	Does [2]bool
}

// A Comparison is the outcome of comparing two configurations.
type Comparison struct {
	Configs [2]model.Config // with time in steps, if they differ in that or leap
	Split   *Split          // nil if none was found
	Pairs   int             // of states that were compared
	// Incomplete is why not everything was compared, or "".
	Incomplete string
}

// MostPairs limits a comparison, unless something else is asked for.
const MostPairs = 1_000_000

// ErrApart is the error of configurations that begin in different states.
var ErrApart = errors.New("the two begin differently: they open other connections, or another segment is in transit at the start")

// An act is an action without what cannot be seen of a packet: its age.
type act struct {
	model.Action
	segment model.Segment
	of      model.Tag
}

func actOf(a model.Action) act {
	x := act{a, a.Packet.Segment, a.Packet.Of}
	x.Packet = model.Packet{}
	return x
}

// A pair is a state of each, and how it was reached.
type pair struct {
	states  [2]model.State
	from    int32
	actions [2]model.Action // each with its own packet
}

// Against compares two configurations, up to so many pairs of states.
func Against(ctx context.Context, c, other model.Config, most int) (*Comparison, error) {
	r := &Comparison{Configs: [2]model.Config{c, other}}
	var systems [2]*model.System
	for i := range r.Configs {
		r.Configs[i].Time = model.TimeSteps
		var err error
		if systems[i], err = model.NewSystem(r.Configs[i]); err != nil {
			return nil, err
		}
	}
	first := pair{states: [2]model.State{systems[0].Init(), systems[1].Init()}, from: -1}
	for side := range first.states[0].Ends {
		if first.states[0].Ends[side].State != first.states[1].Ends[side].State || first.states[0].Nets[side].N != first.states[1].Nets[side].N {
			return nil, ErrApart
		}
	}
	k := &comparer{Comparison: r, systems: systems, seen: map[[2]model.State]bool{first.states: true}, pairs: []pair{first}}
	for at := 0; at < len(k.pairs) && r.Split == nil; at++ {
		switch {
		case at%1024 == 0 && ctx.Err() != nil:
			r.Incomplete = "interrupt"
		case len(k.pairs) > most:
			r.Incomplete = "states"
		}
		if r.Incomplete != "" {
			break
		}
		if err := k.expand(int32(at)); err != nil {
			return nil, err
		}
	}
	r.Pairs = len(k.pairs)
	return r, nil
}

// A comparer searches.
type comparer struct {
	*Comparison
	systems [2]*model.System
	seen    map[[2]model.State]bool
	pairs   []pair
}

// A move is an action and its outcome.
type move struct {
	action  model.Action
	outcome model.Outcome
}

// moves returns what one of the two can do in a state, in order. What finds no room is
// no move.
func (k *comparer) moves(i int, s model.State) (order []act, moves map[act]move) {
	moves = map[act]move{}
	k.systems[i].Outcomes(s, func(a model.Action, o *model.Outcome) {
		if !o.Overflow {
			order = append(order, actOf(a))
			moves[actOf(a)] = move{a, *o}
		}
	})
	return order, moves
}

// expand compares what both can do in a pair.
func (k *comparer) expand(at int32) error {
	p := k.pairs[at]
	order, mine := k.moves(0, p.states[0])
	others, its := k.moves(1, p.states[1])
	for _, x := range append(order, others...) {
		m, can := mine[x]
		n, may := its[x]
		switch {
		case x.Kind == model.Ticks && !can: // nothing waits for time to pass
			m = move{x.Action, model.Outcome{To: p.states[0]}}
		case x.Kind == model.Ticks && !may:
			n = move{x.Action, model.Outcome{To: p.states[1]}}
		case can != may, !sameSeen(&m.outcome, &n.outcome):
			return k.split(at, [2]*move{{m.action, m.outcome}, {n.action, n.outcome}}, [2]bool{can, may})
		}
		next := pair{[2]model.State{m.outcome.To, n.outcome.To}, at, [2]model.Action{m.action, n.action}}
		if !k.seen[next.states] {
			k.seen[next.states] = true
			k.pairs = append(k.pairs, next)
		}
	}
	return nil
}

// sameSeen reports whether two outcomes send, tell and deliver the same.
func sameSeen(o, p *model.Outcome) bool {
	return o.Effect.Sent == p.Effect.Sent && o.Effect.Of == p.Effect.Of && o.Effect.Told == p.Effect.Told && o.Effect.Delivered == p.Effect.Delivered
}

// split makes the runs to where the two part.
func (k *comparer) split(at int32, next [2]*move, does [2]bool) error {
	var path []int32
	for i := at; i > 0; i = k.pairs[i].from {
		path = append([]int32{i}, path...)
	}
	k.Split = &Split{Does: does}
	for i, y := range k.systems {
		t := &trace.Trace{Config: y.Config, Loop: -1, States: []model.State{y.Init()}}
		add := func(a model.Action) error {
			from := t.States[len(t.States)-1]
			o, ok := y.Step(from, a)
			if !ok && a.Kind == model.Ticks {
				return nil // time passes, and nothing waits for it
			}
			if !ok {
				return fmt.Errorf("event %d of the comparison does not replay", len(t.Events)+1)
			}
			t.Events, t.States = append(t.Events, trace.Event{Action: a, Outcome: o}), append(t.States, o.To)
			return nil
		}
		for _, at := range path {
			if err := add(k.pairs[at].actions[i]); err != nil {
				return err
			}
		}
		if does[i] {
			if err := add(next[i].action); err != nil {
				return err
			}
		}
		k.Split.Runs[i] = t
	}
	return nil
}
