// Package explore enumerates the reachable states of a transition system,
// breadth first, exactly, and with as many workers as it is given.
//
// A system is seen in one of two ways. [System] is opaque: initial states and
// the steps from each. [Product] is a tuple of parts: a step starts with a move
// of one part and runs along a route of others, which react to messages; every
// local move is computed once and remembered, and states are expanded by the
// thousand. [Product.System] shows a product as an opaque system, and the
// two searches must agree on it.
//
// A product that is symmetric under an [Exchange] of its parts is searched with one
// of two states that are each other's image; paths are those of the full search.
//
// What is asked about the states and steps is a [Watch]: something that should
// not be seen. For each the search gives the least number of steps after which
// it is seen and the path to it that is least in the order of steps among the
// shortest. Every number and every path is the same for any number of workers.
//
// What is asked about runs is a [Liveness] property: a [Formula] of linear
// temporal logic that all fair runs satisfy. [Explored.Runs] and
// [ExploredProduct.Runs] keep the reachable states and steps as a graph, of which
// [Runs.Check] and [Runs.CanAlwaysReach] ask any number of questions. A
// counterexample is a [Lasso], and [Runs.Unfair] tells which fairness would rule
// it out.
//
// [ExploredProduct.Quotient] counts the states and steps by class, and
// [ExploredProduct.Each] gives them one by one, for drawing what is too large for
// more than that. A [Graph] is a small system as gonum sees one, for its algorithms and for
// drawing.
//
// The package knows nothing of TCP.
package explore
