package stategraph

import (
	"fmt"
	"math/bits"

	"tcpclose/explore/internal/search"
)

// Columns is which bits of a graph's labels belong to which watches.
type Columns struct {
	Of        [search.MaxWatches]uint32 // by watch; 0 has none
	states    search.Watches            // watches of states and terminal states
	Steps     search.Watches
	terminals uint32
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

// NewColumns assigns a bit to each of the watches.
func NewColumns(kinds search.Kinds, watches []int) (*Columns, error) {
	c := &Columns{}
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
	case step && c.Steps.Has(i), !step && c.states.Has(i):
		return nil
	case has.Or(other).Has(i) && step:
		return fmt.Errorf("explore: watch %d does not see steps", i)
	case has.Or(other).Has(i):
		return fmt.Errorf("explore: watch %d sees steps", i)
	}
	return fmt.Errorf("explore: the runs were made without watch %d", i)
}
