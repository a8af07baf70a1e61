package product

import "slices"

// covering is the Covering parts of a product, and their places.
type covering struct {
	places []int
	parts  []Covering
}

// newCovering returns the Covering parts of p.
func newCovering(p *Product) (c covering) {
	for i, part := range p.Parts {
		if part, ok := part.(Covering); ok {
			c.places, c.parts = append(c.places, i), append(c.parts, part)
		}
	}
	return c
}

// sameBase reports whether states differ in Covering parts only.
func (c covering) sameBase(t, u *Tuple) bool {
	for i := range t {
		if t[i] != u[i] && !slices.Contains(c.places, i) {
			return false
		}
	}
	return true
}

// covers reports whether w covers v, if they differ in Covering parts only.
func (c covering) covers(v, w *Tuple) bool {
	return c.coversAt(0, v[c.places[0]], w[c.places[0]]) && c.coversBut(v, w)
}

// coversBut reports whether w covers v in all Covering parts but the first.
func (c covering) coversBut(v, w *Tuple) bool {
	for n := 1; n < len(c.places); n++ {
		if i := c.places[n]; !c.coversAt(n, v[i], w[i]) {
			return false
		}
	}
	return true
}

// coversAt reports whether w covers v, as values of the nth Covering part.
func (c covering) coversAt(n int, v, w Value) bool { return v == w || c.parts[n].Covers(v, w) }

// kept is a state of an antichain.
type kept struct {
	tuple   Tuple
	steps   int  // after which it was reached, where that makes a difference
	covered bool // by one that was added later
}

// An antichain is states of one base of which none covers another that was reached in as
// many steps or more. The states that have the same value of the first Covering part are a
// file: whether that value covers another, or is covered by it, is looked up once for all
// of them. There are fewer files than states where these are many.
type antichain struct {
	size  int
	files []file
}

type file struct {
	value  Value
	states []*kept
}

// covers reports whether one of the states covers t and was reached in so many steps or
// fewer. What covers much comes to the front.
func (a *antichain) covers(c covering, t *Tuple, steps int) bool {
	first := t[c.places[0]]
	for i := range a.files {
		if !c.coversAt(0, first, a.files[i].value) {
			continue
		}
		states := a.files[i].states
		for j, w := range states {
			if w.steps <= steps && c.coversBut(t, &w.tuple) {
				states[j], states[j/2] = states[j/2], w
				a.files[i], a.files[i/2] = a.files[i/2], a.files[i]
				return true
			}
		}
	}
	return false
}

// add adds a state that no other covers, and takes out those that it covers.
func (a *antichain) add(c covering, s *kept) {
	value := s.tuple[c.places[0]]
	own := -1
	files := a.files[:0]
	for _, col := range a.files {
		if c.coversAt(0, col.value, value) {
			col.states = slices.DeleteFunc(col.states, func(v *kept) bool {
				v.covered = v.steps >= s.steps && c.coversBut(&v.tuple, &s.tuple)
				return v.covered
			})
		}
		if len(col.states) > 0 || col.value == value {
			if col.value == value {
				own = len(files)
			}
			files = append(files, col)
		}
	}
	clear(a.files[len(files):])
	if a.files = files; own < 0 {
		own = len(files)
		a.files = append(a.files, file{value: value})
	}
	a.files[own].states = append(a.files[own].states, s)
	a.size = 0
	for i := range a.files {
		a.size += len(a.files[i].states)
	}
}
