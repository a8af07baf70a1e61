// Package explore enumerates the reachable states of a transition system,
// breadth first, exactly, and with as many workers as it is given.
//
// A system is seen in one of two ways. [System] is opaque: initial states and
// the steps from each. Package tcpclose/explore/product has tuples of parts, and a
// search that is faster by far.
//
// What is asked about the states and steps is a [Watch]: something that should
// not be seen. For each the search gives the least number of steps after which
// it is seen and the path to it that is least in the order of steps among the
// shortest. Every number and every path is the same for any number of workers.
//
// What is asked about runs is a [Liveness] property: a formula of linear
// temporal logic that all fair runs satisfy. [Explored.Runs]
// keeps the reachable states and steps as a graph, of which
// [Runs.Check] and [Runs.CanAlwaysReach] ask any number of questions. A
// counterexample is a [Lasso], and [Runs.Unfair] tells which fairness would rule
// it out.
//
// The package knows nothing of TCP.
package explore
