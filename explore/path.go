package explore

import (
	"fmt"
	"slices"
	"strings"
	"tcpclose/explore/internal/search"
	"unicode/utf8"
)

// A Path is a run from an initial state: Actions[i] leads from States[i] to
// States[i+1].
type Path[S comparable, A any] struct {
	States  []S
	Actions []A
}

// String returns the path in lines: the initial state, and each action with the state to
// which it leads.
func (p Path[S, A]) String() string { return p.text(-1) }

// text returns the path in lines, with one more after the state where a loop begins, if
// there is one.
func (p Path[S, A]) text(loop int) string {
	actions := make([]string, len(p.Actions))
	width := 0
	for i, a := range p.Actions {
		actions[i] = fmt.Sprint(a)
		width = max(width, utf8.RuneCountInString(actions[i]))
	}
	var b strings.Builder
	for i, s := range p.States {
		action := ""
		if i > 0 {
			action = actions[i-1]
		}
		pad := width - utf8.RuneCountInString(action)
		fmt.Fprintf(&b, "%3d  %s%*s  %v\n", i, action, pad, "", s)
		switch {
		case i == loop && i == len(p.Actions):
			b.WriteString("     no step leaves this state\n")
		case i == loop:
			b.WriteString("     and from here on again and again:\n")
		}
	}
	return b.String()
}

// follow returns the run of sys from start along the steps with these indexes. It reports
// false if there is no such step: the system's methods are not functions of their
// arguments.
func follow[S comparable, A any](sys System[S, A], start S, picks []int) (path Path[S, A], ok bool) {
	path = Path[S, A]{States: []S{start}}
	s := start
	for _, nth := range picks {
		steps := sys.Steps(nil, s)
		if nth >= len(steps) {
			return path, false
		}
		step := steps[nth]
		path.Actions = append(path.Actions, step.Action)
		path.States = append(path.States, step.To)
		s = step.To
	}
	return path, true
}

// replay returns the run of sys from start along the steps with these indexes, where cut
// steps are not counted, or an error if there is no such step.
func replay[S comparable, A any](sys System[S, A], start S, picks []int) (Path[S, A], error) {
	bounded, _ := sys.(Bounded[S, A])
	path := Path[S, A]{States: []S{start}}
	s := start
	for _, nth := range picks {
		steps := slices.DeleteFunc(sys.Steps(nil, s), func(step Step[S, A]) bool {
			return bounded != nil && !bounded.Within(s, step.Action, step.To)
		})
		if nth >= len(steps) {
			return path, search.ErrUnseen
		}
		path.Actions = append(path.Actions, steps[nth].Action)
		path.States = append(path.States, steps[nth].To)
		s = steps[nth].To
	}
	return path, nil
}
