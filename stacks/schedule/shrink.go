package schedule

import (
	"slices"

	"tcpclose/stacks/adapter"
)

// Shrink returns a schedule that is as short as can be found by leaving out steps
// of s and making others plainer, and that still shows what is looked for. s does.
// ahead, unless it is nil, is told which schedules shows may be asked for next.
func Shrink(s Schedule, ahead func([]Schedule), shows func(Schedule) bool) Schedule {
	fewer := func(list [][]Step) {
		if ahead == nil {
			return
		}
		schedules := make([]Schedule, len(list))
		for i, s := range list {
			schedules[i] = s
		}
		ahead(schedules)
	}
	return plain(merged(Fewer(s, fewer, func(s []Step) bool { return shows(s) }), ahead, shows), ahead, shows)
}

// merged replaces waits that follow each other by one, where that still shows what is
// looked for: the shortest that does.
func merged(s Schedule, ahead func([]Schedule), shows func(Schedule) bool) Schedule {
	for i := 0; i < len(s); i++ {
		n := i
		for n < len(s) && s[n].Kind == adapter.Advances {
			n++
		}
		if n <= i+1 {
			continue
		}
		var list []Schedule
		for w := Settle; w < NumWaits; w++ {
			list = append(list, append(append(append(Schedule(nil), s[:i]...), Pass(w)), s[n:]...))
		}
		if ahead != nil {
			ahead(list)
		}
		if k := slices.IndexFunc(list, shows); k >= 0 {
			s = list[k]
		}
	}
	return s
}

// Fewer returns elements of s, in order, that still show what is looked for, and of
// which none can be left out. It is the algorithm ddmin of Zeller and Hildebrandt
// (2002).
func Fewer[T any](s []T, ahead func([][]T), shows func([]T) bool) []T {
	for n := 2; len(s) > 1; {
		size := (len(s) + n - 1) / n
		var rests [][]T
		for at := 0; at < len(s); at += size {
			rests = append(rests, append(append([]T(nil), s[:at]...), s[min(at+size, len(s)):]...))
		}
		if ahead != nil {
			ahead(rests)
		}
		smaller := slices.IndexFunc(rests, shows)
		switch {
		case smaller >= 0:
			s, n = rests[smaller], max(n-1, 2)
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
func plain(s Schedule, ahead func([]Schedule), shows func(Schedule) bool) Schedule {
	type change struct{ at, kind int }
	var changes []change
	for i := range s {
		for kind := range plainer {
			changes = append(changes, change{i, kind})
		}
	}
	for len(changes) > 0 {
		var list []Schedule
		var at []int
		for i, c := range changes {
			if to := plainer[c.kind](s[c.at]); to != s[c.at] {
				other := slices.Clone(s)
				other[c.at] = to
				list, at = append(list, other), append(at, i)
			}
		}
		if ahead != nil && len(list) > 0 {
			ahead(list)
		}
		shown := slices.IndexFunc(list, shows)
		if shown < 0 {
			break
		}
		s, changes = list[shown], changes[at[shown]+1:]
	}
	return s
}

// plainer has what makes a step plainer, each in one way.
var plainer = []func(Step) Step{
	func(s Step) Step { s.Segment.Len = 0; return s },
	func(s Step) Step { s.Segment.Window = Wide; return s },
	func(s Step) Step {
		if s.Segment.Seq.Anchor != Zero {
			s.Segment.Seq = Number{Anchor: Next}
		}
		return s
	},
	func(s Step) Step {
		if s.Segment.Ack != (Number{}) {
			s.Segment.Ack = Number{Anchor: Next}
		}
		return s
	},
	func(s Step) Step {
		if s.Wait > Settle {
			s.Wait = Settle
		}
		return s
	},
}
