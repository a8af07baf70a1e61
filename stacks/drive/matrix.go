package drive

import (
	"fmt"
	"slices"
	"strings"

	"tcpclose/model"
	"tcpclose/stacks/schedule"
)

// A Mark is what a table says of a state and a column of events: the worst of what
// was seen.
type Mark byte

const (
	Unreached Mark = '-'
	Conforms  Mark = '.'
	Decision  Mark = 'd'
	Deviates  Mark = 'X'
)

// Mark returns what was seen in a state of a column of events.
func (c *Campaign) Mark(state model.ConnState, f schedule.Flag) Mark {
	mark := Unreached
	for cell, o := range c.Cells {
		if cell.State != state || schedule.Kinds[cell.Kind].Flag != f {
			continue
		}
		switch {
		case o.Deviating > 0:
			return Deviates
		case o.Decisions > 0:
			mark = Decision
		case mark == Unreached:
			mark = Conforms
		}
	}
	return mark
}

// columns has the heads of a table.
var columns = [schedule.NumFlags]string{"SYN", "SYN-A", "SYN-F", "ACK", "FIN", "FIN-A", "RST", "RST-A", "none", "call", "time"}

// Matrix returns the table of states and events, in lines.
func (c *Campaign) Matrix() (lines []string) {
	var b strings.Builder
	fmt.Fprintf(&b, "%-12s", "")
	for _, head := range columns {
		fmt.Fprintf(&b, " %5s", head)
	}
	lines = append(lines, b.String())
	for _, state := range schedule.States {
		b.Reset()
		fmt.Fprintf(&b, "%-12s", state)
		for f := range schedule.NumFlags {
			fmt.Fprintf(&b, " %5c", c.Mark(state, f))
		}
		lines = append(lines, b.String())
	}
	return lines
}

// Covered counts the pairs of a state and a kind of event that were played, and all
// that there are.
func (c *Campaign) Covered() (played, all int) {
	return len(c.Cells), len(schedule.States) * len(schedule.Kinds)
}

// A FreeBSDCell is one of the 88 that freebsd-net/tcp-testsuite names.
type FreeBSDCell struct {
	Name  string
	Kinds int // kinds of events that were played there
	Mark  Mark
}

// FreeBSD returns the 88 cells, in their order.
func (c *Campaign) FreeBSD() (list []FreeBSDCell) {
	for _, state := range schedule.States {
		for f := schedule.FlagSYN; f <= schedule.FlagRSTACK; f++ {
			name, _ := schedule.FreeBSD(state, f)
			n := 0
			for cell := range c.Cells {
				if cell.State == state && schedule.Kinds[cell.Kind].Flag == f {
					n++
				}
			}
			list = append(list, FreeBSDCell{name, n, c.Mark(state, f)})
		}
	}
	return list
}

// Unreached returns the states that no run was seen in, and why, as far as that is
// known: the first thing that went otherwise on the way.
func (c *Campaign) Unreached(routes []schedule.Route) (list []string) {
	for _, state := range schedule.States {
		reached := slices.ContainsFunc(schedule.Kinds, func(k schedule.Kind) bool {
			return c.Cells[Cell{state, schedule.KindOf(k.Step)}] != nil
		})
		if reached {
			continue
		}
		why := "no place in it has a route"
		for _, r := range routes {
			if r.Place.State == state && len(r.Schedule) > 0 {
				why = "the route " + r.Schedule.String() + " does not lead there"
				break
			}
		}
		list = append(list, fmt.Sprintf("%s: %s", state, why))
	}
	return list
}
