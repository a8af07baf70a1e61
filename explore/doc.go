// Package explore checks finite systems: it visits every reachable state, breadth first
// and exactly, with any number of workers, and reports for each property whether it
// holds.
//
// # A system
//
// A [System] has initial states and, for each state, the steps from it: an action and the
// state to which it leads. States are compared with ==, so a struct of numbers and arrays
// makes a good state. Both methods must be functions of their arguments: a system that
// draws random numbers, or ranges over a map, has an error.
//
//	type counter struct{}
//
//	func (counter) Init() []int { return []int{0} }
//
//	func (counter) Steps(dst []explore.Step[int, string], n int) []explore.Step[int, string] {
//		if n < 3 {
//			dst = append(dst, explore.Step[int, string]{Action: "add", To: n + 1})
//		}
//		return dst
//	}
//
// # Properties
//
// Properties have names, which the report uses. In a test [Require] is all there is to
// call; it fails with the shortest run to a violation:
//
//	func TestCounter(t *testing.T) {
//		explore.Require(t, counter{},
//			explore.Always("small", func(n int) bool { return n < 4 }),
//			explore.Sometimes("three", func(n int) bool { return n == 3 }),
//			explore.EndsOnly("ends with three", func(n int) bool { return n == 3 }),
//			explore.Eventually("three in the end", func(n int) bool { return n == 3 }))
//	}
//
// [Always], [Never], [Sometimes] and [EndsOnly] are about states; [Eventually] and
// [LeadsTo] are about runs, which end only in a state that no step leaves. [Assume] adds
// fairness: conditions that steps which can be taken are not put off forever.
//
// [Check] returns a [Report] instead, and takes [Options]: workers, limits, a context. A
// verdict says no more than was explored. If a limit, the memory, the context or a
// [Bounded] system ended the search, a violation that was found is [Violated], and
// everything else is [Unknown]. A property whose premise is true of no state is
// [Vacuous]. Require fails for both.
//
// Every number, verdict and path is the same for any number of workers.
//
// # More
//
// [Explore] is the engine below: a [Watch] sees states or steps and has a number.
// [Explored.Found] returns the least number of steps after which it sees something, and
// [Explored.Runs] keeps the states and steps as a graph, which decides any formula of
// package tcpclose/explore/ltl under any fairness ([Runs.Check]), whether something can
// always be reached ([Runs.CanAlwaysReach]), what it costs ([Runs.Cheapest]) and how long
// it takes ([Runs.Lengths]).
//
// Package tcpclose/explore/product explores systems that are tuples of parts, faster by
// far. Package tcpclose/explore/digraph shows a small system to gonum's algorithms.
//
// The package knows nothing of TCP.
package explore
