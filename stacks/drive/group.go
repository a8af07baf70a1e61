package drive

import (
	"slices"
	"strings"
)

// A Group is deviations from the same clause that look the same, in several states or
// at several events. The shortest run comes first.
type Group []*Deviation

// Groups returns the groups of deviations, which are in the order of Sorted.
func Groups(list []*Deviation) (groups []Group) {
	for _, d := range list {
		i := slices.IndexFunc(groups, func(g Group) bool { return g[0].alike(d) })
		if i < 0 {
			groups = append(groups, Group{d})
			continue
		}
		groups[i] = append(groups[i], d)
	}
	return groups
}

// alike reports whether both belong to one group.
func (d *Deviation) alike(e *Deviation) bool {
	return d.Clause != "" && d.Clause == e.Clause && d.Strength == e.Strength && d.seen() == e.seen() && d.Waived == e.Waived
}

// seen returns the part of the name that says what was seen.
func (d *Deviation) seen() string {
	if i := strings.LastIndex(d.Rule, ": "); i >= 0 && !strings.HasPrefix(d.Rule, "hang") {
		return d.Rule[i:]
	}
	return d.Rule
}

// Others returns the names of the deviations of a group but the first.
func (g Group) Others() (names []string) {
	for _, d := range g[1:] {
		names = append(names, d.Rule)
	}
	return names
}

// Found returns how often one of the group was seen.
func (g Group) Found() (n int) {
	for _, d := range g {
		n += d.Found
	}
	return n
}
