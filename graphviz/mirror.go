package graphviz

import (
	"slices"

	"tcpclose/model"
	"tcpclose/survey"
)

// Where a and b are alike, the quotient is its own mirror image, and one half of it
// tells all. A half keeps one of each joint state and its mirror image. A step that
// leads from a state that is kept to one that is not changes places: it is drawn to the
// image of its target, with the mark swapped.

// swapped marks an edge along which a and b change places.
const swapped = "⇄"

func mirrored(j survey.Joint) survey.Joint { return survey.Joint{j[1], j[0]} }

// A stepKey names the steps of a quotient that are counted together.
type stepKey struct {
	from, to survey.Joint
	survey.Occurrence
}

func (k stepKey) mirrored() stepKey {
	k.from, k.to = mirrored(k.from), mirrored(k.to)
	if k.Kind != model.Ticks { // they have no side
		k.Side = k.Side.Peer()
	}
	return k
}

// alike reports whether q is its own mirror image.
func alike(q *survey.Quotient) bool {
	states := map[survey.Joint]*survey.JointStates{}
	for i := range q.States {
		states[q.States[i].Joint] = &q.States[i]
	}
	for _, s := range q.States {
		m := states[mirrored(s.Joint)]
		if m == nil || m.Count != s.Count || m.Initial != s.Initial || m.Terminals != s.Terminals || m.Open != s.Open || !slices.Equal(m.Violates, s.Violates) {
			return false
		}
	}
	steps := map[stepKey]*survey.JointSteps{}
	for i := range q.Steps {
		s := &q.Steps[i]
		steps[stepKey{s.From, s.To, s.Occurrence}] = s
	}
	for k, s := range steps {
		m := steps[k.mirrored()]
		if m == nil || m.Count != s.Count || !slices.Equal(m.Violates, s.Violates) {
			return false
		}
	}
	return true
}

// half returns the joint states that are kept, or nil if all are to be drawn: q is not
// its own mirror image, or what is visited is in both halves. Kept is what is visited,
// then where a is the first to close; apart from that, few steps change places.
func half(q *survey.Quotient, visited map[survey.Joint]bool) map[survey.Joint]bool {
	if !alike(q) {
		return nil
	}
	kept := map[survey.Joint]bool{}
	for _, s := range q.States {
		j, m := s.Joint, mirrored(s.Joint)
		switch {
		case j == m:
			kept[j] = true
		case visited[j] && visited[m]:
			return nil
		case visited[j], !visited[m] && !kept[m] && lean(j) >= 0:
			kept[j] = true
		}
	}
	for range q.States { // each round but the last makes the swaps fewer
		better := false
		for _, s := range q.States {
			j, m := s.Joint, mirrored(s.Joint)
			if !kept[j] || j == m || visited[j] || lean(j) != 0 {
				continue
			}
			before := swaps(q, kept)
			delete(kept, j)
			kept[m] = true
			if swaps(q, kept) < before {
				better = true
				continue
			}
			delete(kept, m)
			kept[j] = true
		}
		if !better {
			break
		}
	}
	return kept
}

// swaps counts the steps from what is kept to what is not, but for those whose mirror
// image is drawn.
func swaps(q *survey.Quotient, kept map[survey.Joint]bool) (n int) {
	for i := range q.Steps {
		if s := &q.Steps[i]; s.Changes() && kept[s.From] && !kept[s.To] && s.From != mirrored(s.From) {
			n++
		}
	}
	return n
}
