package join

import (
	"slices"
	"sync/atomic"

	"tcpclose/model"
)

// A Trial takes every local step that a search takes once more, by the rules of another
// system, and finds out whether all have the same outcome. What a part does is computed
// once for each value and message, so that this costs little. A step that another part
// refuses is compared, too: that all are the same is exact, that one differs is not.
type Trial struct {
	stacks [2]model.Stack
	medium model.Medium
	// Which rules are the same, and need not be compared.
	same    [2]bool
	sameNet bool
	differs atomic.Bool
}

// Try adds a trial of another system. Call it before the search.
func (p *Product) Try(other *model.System) *Trial {
	t := &Trial{medium: other.Medium(), sameNet: other.Medium() == p.Model.Medium()}
	for _, side := range model.Sides {
		t.stacks[side] = other.Stack(side)
		t.same[side] = other.Stack(side) == p.Model.Stack(side)
	}
	mine, its := p.Model.Init(), other.Init()
	its.Left = mine.Left // it is the medium that pays
	c, d := p.Model.Config, other.Config
	// What is not limited is not counted.
	uncounted := c.Loss == model.Unlimited && d.Loss != c.Loss || c.Duplicate == model.Unlimited && d.Duplicate != c.Duplicate || c.Reorder == model.Unlimited && d.Reorder != c.Reorder
	if mine != its || c.Between != d.Between || c.Loses != d.Loses || uncounted {
		t.differs.Store(true)
	}
	p.trials = append(p.trials, t)
	return t
}

// Same reports whether everything that was explored is the same by the other rules.
func (t *Trial) Same() bool { return !t.differs.Load() }

// tryEnd compares what an end does, for the trials that are not over.
func (p *Product) tryEnd(side model.Side, same func(model.Stack) bool) {
	for _, t := range p.trials {
		if !t.same[side] && !t.differs.Load() && !same(t.stacks[side]) {
			t.differs.Store(true)
		}
	}
}

// tryNet compares what the network does.
func (p *Product) tryNet(same func(model.Medium) bool) {
	for _, t := range p.trials {
		if !t.sameNet && !t.differs.Load() && !same(t.medium) {
			t.differs.Store(true)
		}
	}
}

// tryOffer compares the calls and timeouts that are possible in a TCB, and their
// effects.
func (p *Product) tryOffer(side model.Side, stack model.Stack, from model.TCB) {
	p.tryEnd(side, func(other model.Stack) bool {
		calls, due := stack.Calls(nil, from), stack.Due(nil, from)
		if !slices.Equal(calls, other.Calls(nil, from)) || !slices.Equal(due, other.Due(nil, from)) {
			return false
		}
		for _, c := range calls {
			to, e := stack.Call(from, c)
			if its, f := other.Call(from, c); its != to || !sameEffect(e, f) {
				return false
			}
		}
		for _, d := range due {
			to, e := stack.Timeout(from, d)
			if its, f := other.Timeout(from, d); its != to || !sameEffect(e, f) {
				return false
			}
		}
		return true
	})
}

// sameEffect reports whether two effects are the same, whatever clauses they follow.
func sameEffect(e, f model.Effect) bool {
	e.Clauses, f.Clauses = model.Clauses{}, model.Clauses{}
	return e == f
}

// sameReaction reports whether two networks do the same when a segment is sent, when time
// goes on, or when they are asked how far it may go.
func sameReaction(medium, other model.Medium, c model.Channel, m message) bool {
	switch {
	case m.ask > 0:
		return medium.Leap(c) == other.Leap(c)
	case m.tick > 0:
		to, _ := medium.Tick(c)
		its, _ := other.Tick(c)
		return to == its
	}
	to, toll := medium.Enter(c, m.packet())
	its, due := other.Enter(c, m.packet())
	return to == its && toll.Overflow == due.Overflow
}

// samePayment reports whether two networks can pay the same, when as much was spent in
// both.
func samePayment(medium, other model.Medium, left model.Budget, toll model.Toll) bool {
	its := left
	for _, of := range []struct {
		mine, its model.Limit
		left      *uint8
	}{
		{medium.Loss, other.Loss, &its.Losses},
		{medium.Duplicate, other.Duplicate, &its.Duplicates},
		{medium.Reorder, other.Reorder, &its.Overtakes},
	} {
		switch {
		case of.its == model.Unlimited, of.mine == model.Unlimited:
		default:
			n := int(*of.left) + int(of.its) - int(of.mine)
			if n < 0 {
				return false
			}
			*of.left = uint8(n)
		}
	}
	_, ok, overflow := medium.Pay(left, toll)
	_, may, flows := other.Pay(its, toll)
	return may == ok && flows == overflow
}
