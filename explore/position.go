package explore

import (
	"maps"
	"slices"
)

// A position is what is known of the levels before the last one.
type position struct {
	Result Result
	Found  map[int]int
	Cut    []string
}

// position is where the search stands.
func (s *search[K]) position() position {
	return position{s.result, maps.Clone(s.found), slices.Sorted(maps.Keys(s.cut))}
}
