package capture

// spans is a set of numbers, as ranges in order that do not touch.
type spans [][2]int64

// maxSpans bounds the ranges; beyond it the two lowest become one, with what is
// between them.
const maxSpans = 64

// has reports whether all of [from, to) is in the set.
func (s spans) has(from, to int64) bool { return s.missing(from, to) == 0 }

// missing returns how much of [from, to) is not in the set.
func (s spans) missing(from, to int64) int64 {
	n := max(0, to-from)
	for _, r := range s {
		n -= max(0, min(to, r[1])-max(from, r[0]))
	}
	return n
}

// holes returns how much below the highest number is not in the set.
func (s spans) holes() (n int64) {
	for i := 1; i < len(s); i++ {
		n += s[i][0] - s[i-1][1]
	}
	return n
}

// add adds [from, to).
func (s *spans) add(from, to int64) {
	if from >= to {
		return
	}
	list := *s
	if n := len(list); n > 0 && list[n-1][1] == from { // as nearly always
		list[n-1][1] = to
		return
	}
	var out spans
	placed := false
	for _, r := range list {
		switch {
		case r[1] < from:
			out = append(out, r)
		case to < r[0]:
			if !placed {
				out, placed = append(out, [2]int64{from, to}), true
			}
			out = append(out, r)
		default:
			from, to = min(from, r[0]), max(to, r[1])
		}
	}
	if !placed {
		out = append(out, [2]int64{from, to})
	}
	if len(out) > maxSpans {
		out[1][0] = out[0][0]
		out = out[1:]
	}
	*s = out
}
