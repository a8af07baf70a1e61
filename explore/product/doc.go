// Package product explores products: systems whose states are tuples of parts. A step
// starts with a move of one part and runs along a [Route] of others, which react to
// messages. The search computes every local move once and expands states by the thousand,
// so it is faster by far than that of package explore, and a state takes a few bytes.
//
// A [Part] numbers its values and messages, mostly with a [Numbering], and is a function
// of these numbers. What is asked about states and steps is a [Watch]; the parts say
// which watches they let pass, as [Bits]. [Explore] returns what the watches saw, as
// explore.Explore does of other systems; [Product.System] shows a product as such a
// system, computing every move again, and the two searches must agree.
//
// A product that is symmetric under an [Exchange] of its parts is searched with one
// of two states that are each other's image; paths are those of the full search.
//
// [Explored.Quotient] counts the states and steps by class, and [Explored.Each] passes
// them one by one, for drawing what is too large for more than that. A search with a
// [Checkpoint] continues where it was stopped, and one with Options.Spill uses the disk.
package product
