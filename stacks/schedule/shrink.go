package schedule

// Shrink returns a schedule that is as short as can be found by leaving out steps
// of s and making others plainer, and that still shows what is looked for. s does.
func Shrink(s Schedule, shows func(Schedule) bool) Schedule {
	return plain(Fewer(s, func(s []Step) bool { return shows(s) }), shows)
}

// Fewer returns elements of s, in order, that still show what is looked for, and of
// which none can be left out. It is the algorithm ddmin of Zeller and Hildebrandt
// (2002).
func Fewer[T any](s []T, shows func([]T) bool) []T {
	for n := 2; len(s) > 1; {
		size := (len(s) + n - 1) / n
		smaller := []T(nil)
		for at := 0; at < len(s); at += size {
			rest := append(append([]T(nil), s[:at]...), s[min(at+size, len(s)):]...)
			if shows(rest) {
				smaller = rest
				break
			}
		}
		switch {
		case smaller != nil:
			s, n = smaller, max(n-1, 2)
		case size == 1:
			return s
		default:
			n = min(2*n, len(s))
		}
	}
	return s
}

// plain makes each step as plain as it can be: no text, the usual numbers, the
// shorter wait.
func plain(s Schedule, shows func(Schedule) bool) Schedule {
	try := func(i int, to Step) {
		if to == s[i] {
			return
		}
		other := append(Schedule(nil), s...)
		other[i] = to
		if shows(other) {
			s = other
		}
	}
	for i := range s {
		to := s[i]
		to.Segment.Len = 0
		try(i, to)
		to = s[i]
		to.Segment.Window = Wide
		try(i, to)
		if s[i].Segment.Seq.Anchor != Zero {
			to = s[i]
			to.Segment.Seq = Number{Next, 0}
			try(i, to)
		}
		if s[i].Segment.Ack != (Number{}) {
			to = s[i]
			to.Segment.Ack = Number{Next, 0}
			try(i, to)
		}
		if s[i].Wait > Settle {
			to = s[i]
			to.Wait = Settle
			try(i, to)
		}
	}
	return s
}
