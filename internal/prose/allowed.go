package prose

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// A Key names what is counted: a phrase in an area.
type Key struct {
	Area   Area
	Phrase string
}

// Counts says how often something occurs.
type Counts map[Key]int

// ParseCounts reads lines of an area, a number and a phrase, separated by tabs.
func ParseCounts(text string) (Counts, error) {
	counts := Counts{}
	for i, line := range strings.Split(text, "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		cells := strings.Split(line, "\t")
		if len(cells) != 3 {
			return nil, fmt.Errorf("line %d: %q: want area, number and phrase, separated by tabs", i+1, line)
		}
		n, err := strconv.Atoi(cells[1])
		if err != nil || n < 1 {
			return nil, fmt.Errorf("line %d: %q: want a number above 0", i+1, cells[1])
		}
		counts[Key{Area(cells[0]), cells[2]}] = n
	}
	return counts, nil
}

// String returns the lines that ParseCounts reads, sorted.
func (c Counts) String() string {
	var b strings.Builder
	for _, k := range c.keys() {
		fmt.Fprintf(&b, "%s\t%d\t%s\n", k.Area, c[k], k.Phrase)
	}
	return b.String()
}

func (c Counts) keys() []Key {
	var keys []Key
	for k := range c {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(x, y Key) int {
		return cmp.Or(cmp.Compare(x.Area, y.Area), cmp.Compare(x.Phrase, y.Phrase))
	})
	return keys
}

// Lowered returns the allowed counts, lowered to what is found.
func (c Counts) Lowered(found Counts) Counts {
	lowered := Counts{}
	for k, n := range c {
		if n = min(n, found[k]); n > 0 {
			lowered[k] = n
		}
	}
	return lowered
}
