package stategraph

import (
	"fmt"
	"math/bits"
	"slices"

	"tcpclose/explore/internal/search"
)

// Columns is which bits of a graph's labels belong to which watches.
type Columns struct {
	Of        [search.MaxWatches]uint32 // by watch; 0 has none
	states    search.Watches            // watches of states and terminal states
	Steps     search.Watches
	terminals uint32
	groups    [][]int
}

// label returns the bits of the watches in b.
func (c *Columns) label(b search.Watches) (l uint32) {
	for half, word := range b {
		for ; word != 0; word &= word - 1 {
			l |= c.Of[half*64+bits.TrailingZeros64(word)]
		}
	}
	return l
}

// NewColumns assigns a bit to each of the watches, and one to each group of state
// watches, which says that one of them sees the state.
func NewColumns(kinds search.Kinds, watches []int, groups ...[]int) (*Columns, error) {
	c := &Columns{groups: groups}
	states, steps := 0, 0
	all := kinds.States.Or(kinds.Steps).Or(kinds.Terminals)
	for _, i := range watches {
		if i < 0 || i >= search.MaxWatches || !all.Has(i) {
			return nil, fmt.Errorf("explore: no watch %d: there are %d", i, bits.OnesCount64(all[0])+bits.OnesCount64(all[1]))
		}
		if c.Of[i] != 0 {
			continue
		}
		if kinds.Steps.Has(i) {
			c.Of[i] = 1 << steps
			c.Steps = c.Steps.Or(search.Watch(i))
			steps++
		} else {
			c.Of[i] = 1 << states
			c.states = c.states.Or(search.Watch(i))
			states++
		}
		if kinds.Terminals.Has(i) {
			c.terminals |= c.Of[i]
		}
	}
	for _, group := range groups {
		for _, i := range group {
			switch {
			case i < 0 || i >= search.MaxWatches || !kinds.States.Has(i):
				return nil, fmt.Errorf("explore: watch %d in a group: want one of states", i)
			case c.Of[i] != 0:
				return nil, fmt.Errorf("explore: watch %d in a group: want one that is not asked for by itself, or in another group", i)
			}
		}
		for _, i := range group {
			c.Of[i] = 1 << states
			c.states = c.states.Or(search.Watch(i))
		}
		states++
	}
	if states > MaxColumns || steps > MaxColumns {
		return nil, fmt.Errorf("explore: runs seen by %d watches of states and %d of steps: at most %d of each", states, steps, MaxColumns)
	}
	return c, nil
}

// Labelled returns an error if watch i has no bit, or is not a watch of steps where step
// is set, or is one where it is not.
func (c *Columns) Labelled(i int, step bool) error {
	switch has, other := c.states, c.Steps; {
	case i < 0 || i >= search.MaxWatches:
		return fmt.Errorf("explore: no watch %d", i)
	case !step && c.grouped(i):
		return fmt.Errorf("explore: watch %d is in a group, and cannot be told from the others", i)
	case step && c.Steps.Has(i), !step && c.states.Has(i):
		return nil
	case has.Or(other).Has(i) && step:
		return fmt.Errorf("explore: watch %d does not see steps", i)
	case has.Or(other).Has(i):
		return fmt.Errorf("explore: watch %d sees steps", i)
	}
	return fmt.Errorf("explore: the runs were made without watch %d", i)
}

func (c *Columns) grouped(i int) bool {
	return slices.ContainsFunc(c.groups, func(group []int) bool { return slices.Contains(group, i) })
}

// AnyOf returns the bits that say that one of some state watches sees a state. Those of
// a group are asked for together.
func (c *Columns) AnyOf(watches []int) (label uint32, err error) {
	rest := slices.Clone(watches)
	for _, group := range c.groups {
		missing := func(i int) bool { return !slices.Contains(watches, i) }
		if !slices.ContainsFunc(group, missing) {
			rest = slices.DeleteFunc(rest, func(i int) bool { return slices.Contains(group, i) })
		}
	}
	for _, i := range rest {
		if err := c.Labelled(i, false); err != nil {
			return 0, err
		}
	}
	for _, i := range watches {
		label |= c.Of[i]
	}
	return label, nil
}
