// Package ltl has formulas of linear temporal logic, and the automata that accept the
// runs of which a formula is true.
//
// What a formula says of one state or step is said by watches, which have numbers:
// [State] and [Taking] are such atoms.
package ltl
