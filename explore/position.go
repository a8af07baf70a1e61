package explore

import (
	"maps"
	"slices"
)

// A position is what is known of the levels before the last one.
type position struct {
	Result counts
	Found  map[int]int
	Cut    []string
}

// position is where the search stands.
func (s *search[K]) position() position {
	return position{s.result, maps.Clone(s.found), slices.Sorted(maps.Keys(s.cut))}
}

// snapshot calls f with the levels and what was known when the last of them began,
// which do not change meanwhile. The search may be running.
func (s *search[K]) snapshot(f func(levels []level[K], at position) error) error {
	s.inside.RLock()
	defer s.inside.RUnlock()
	return f(s.levels, s.at)
}

// restore puts the search where a snapshot was taken.
func (s *search[K]) restore(initial []K, levels []level[K], at position) {
	s.initial, s.levels, s.at = initial, levels, at
	s.result = at.Result
	maps.Copy(s.found, at.Found)
	for _, why := range at.Cut {
		s.cut[why] = true
	}
}
