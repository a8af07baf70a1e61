package search

import (
	"maps"
	"slices"
)

// A Position has what the levels before the last one have shown.
type Position struct {
	Result Result
	Found  map[int]int
	Cut    []string
}

// position returns the position of the search.
func (s *Search[K]) position() Position {
	return Position{s.Result, maps.Clone(s.Found), slices.Sorted(maps.Keys(s.Cut))}
}

// Snapshot calls f with the levels and what was known when the last of them began,
// which do not change meanwhile. The search may be running.
func (s *Search[K]) Snapshot(f func(levels []Level[K], at Position) error) error {
	s.inside.RLock()
	defer s.inside.RUnlock()
	return f(s.Levels, s.at)
}

// Restore puts the search where a snapshot was taken.
func (s *Search[K]) Restore(initial []K, levels []Level[K], at Position) {
	s.Initial, s.Levels, s.at = initial, levels, at
	s.Result = at.Result
	maps.Copy(s.Found, at.Found)
	for _, why := range at.Cut {
		s.Cut[why] = true
	}
}
