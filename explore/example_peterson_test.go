package explore_test

import (
	"context"
	"fmt"

	"tcpclose/explore"
)

// peterson is Peterson's mutual exclusion of two processes. Each says that it is
// interested, gives way to the other, waits, and is in its critical section.
type peterson struct{}

// A lockState is comparable, as a state must be.
type lockState struct {
	At   [2]where
	Want [2]bool
	Turn int // who may go first
}

type where int

const (
	away where = iota
	interested
	waiting
	critical
)

func (w where) String() string {
	return [...]string{"away", "interested", "waiting", "critical"}[w]
}

// A process is the action of a step that it takes.
type process int

func (p process) String() string { return fmt.Sprint("process ", int(p)) }

func (peterson) Init() []lockState { return []lockState{{}} }

func (peterson) Steps(dst []explore.Step[lockState, process], s lockState) []explore.Step[lockState, process] {
	for p := range 2 {
		other := 1 - p
		to := s
		switch s.At[p] {
		case away:
			to.Want[p], to.At[p] = true, interested
		case interested:
			to.Turn, to.At[p] = other, waiting
		case waiting:
			if !s.Want[other] || s.Turn == p {
				to.At[p] = critical
			} // or it looks again, and nothing changes
		case critical:
			to.Want[p], to.At[p] = false, away
		}
		dst = append(dst, explore.Step[lockState, process]{Action: process(p), To: to})
	}
	return dst
}

// Mutual exclusion needs no assumption. That a process which waits gets in needs one: a
// process that is interested, waits or is in does not stop forever where it can go on.
func ExampleCheck() {
	fair := func(p process) explore.Condition[lockState, process] {
		return explore.WeaklyFair(p.String(), func(from lockState, by process, _ lockState) bool {
			return by == p && from.At[p] != away
		})
	}
	sys := explore.Assume(peterson{}, fair(0), fair(1))
	report, err := explore.Check(context.Background(), sys, explore.Options{},
		explore.Never("both are in", func(s lockState) bool { return s.At[0] == critical && s.At[1] == critical }),
		explore.Sometimes("both wait", func(s lockState) bool { return s.At[0] == waiting && s.At[1] == waiting }),
		explore.EndsOnly("no deadlock", func(lockState) bool { return false }),
		explore.Eventually("one is in", func(s lockState) bool { return s.At[0] == critical || s.At[1] == critical }),
		explore.LeadsTo("1 waits no longer", func(s lockState) bool { return s.At[1] == waiting },
			func(s lockState) bool { return s.At[1] == critical }))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(report)
	// Output:
	// both are in: holds
	// both wait: reached in 4 steps:
	//   0             {[away away] [false false] 0}
	//   1  process 0  {[interested away] [true false] 0}
	//   2  process 0  {[waiting away] [true false] 1}
	//   3  process 1  {[waiting interested] [true true] 1}
	//   4  process 1  {[waiting waiting] [true true] 0}
	// no deadlock: holds
	// one is in: holds
	// 1 waits no longer: holds
	// 20 distinct states, 41 generated, depth 7
}

// Without fairness a process may look again and again while the other never takes a step:
// the property is violated, and the run that shows it goes round.
func ExampleAssume() {
	in := explore.LeadsTo("0 waits no longer", func(s lockState) bool { return s.At[0] == waiting },
		func(s lockState) bool { return s.At[0] == critical })
	report, err := explore.Check(context.Background(), peterson{}, explore.Options{}, in)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(report)
	// Output:
	// 0 waits no longer: violated by this run:
	//   0             {[away away] [false false] 0}
	//   1  process 0  {[interested away] [true false] 0}
	//   2  process 0  {[waiting away] [true false] 1}
	//   3  process 1  {[waiting interested] [true true] 1}
	//      and from here on again and again:
	//   4  process 0  {[waiting interested] [true true] 1}
	// 20 distinct states, 41 generated, depth 7
}
