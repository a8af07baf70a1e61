// Package product explores products: systems whose states are tuples of parts. A step
// starts with a move of one part and runs along a route of others, which react to
// messages; every local move is computed once and remembered, and states are expanded by
// the thousand. [Product.System] shows a product as an opaque system, and the two
// searches must agree on it.
//
// A product that is symmetric under an [Exchange] of its parts is searched with one
// of two states that are each other's image; paths are those of the full search.
//
// [Explored.Quotient] counts the states and steps by class, and [Explored.Each] gives
// them one by one, for drawing what is too large for more than that.
package product
