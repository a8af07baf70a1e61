package explore

import (
	"fmt"
	"math/bits"
)

// columns is which bits of a graph's labels belong to which watches.
type columns struct {
	of        [maxWatches]uint32 // by watch; 0 has none
	states    watchSet           // watches of states and terminal states
	steps     watchSet
	terminals uint32
}

// label is the bits of the watches in b.
func (c *columns) label(b watchSet) (l uint32) {
	for half, word := range b {
		for ; word != 0; word &= word - 1 {
			l |= c.of[half*64+bits.TrailingZeros64(word)]
		}
	}
	return l
}

// newColumns gives each of the watches a bit.
func newColumns(kinds kindSets, watches []int) (*columns, error) {
	c := &columns{}
	states, steps := 0, 0
	all := kinds.states.Or(kinds.steps).Or(kinds.terminals)
	for _, i := range watches {
		if i < 0 || i >= maxWatches || !all.Has(i) {
			return nil, fmt.Errorf("explore: no watch %d: there are %d", i, bits.OnesCount64(all[0])+bits.OnesCount64(all[1]))
		}
		if c.of[i] != 0 {
			continue
		}
		if kinds.steps.Has(i) {
			c.of[i] = 1 << steps
			c.steps = c.steps.Or(watchBit(i))
			steps++
		} else {
			c.of[i] = 1 << states
			c.states = c.states.Or(watchBit(i))
			states++
		}
		if kinds.terminals.Has(i) {
			c.terminals |= c.of[i]
		}
	}
	if states > maxColumns || steps > maxColumns {
		return nil, fmt.Errorf("explore: runs seen by %d watches of states and %d of steps: at most %d of each", states, steps, maxColumns)
	}
	return c, nil
}

// labelled says what is wrong if watch i, which should be one of steps or not,
// cannot be asked for.
func (c *columns) labelled(i int, step bool) error {
	switch has, other := c.states, c.steps; {
	case i < 0 || i >= maxWatches:
		return fmt.Errorf("explore: no watch %d", i)
	case step && c.steps.Has(i), !step && c.states.Has(i):
		return nil
	case has.Or(other).Has(i) && step:
		return fmt.Errorf("explore: watch %d does not see steps", i)
	case has.Or(other).Has(i):
		return fmt.Errorf("explore: watch %d sees steps", i)
	}
	return fmt.Errorf("explore: the runs were made without watch %d", i)
}
