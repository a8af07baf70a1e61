// Package ltl contains formulas of linear temporal logic, and the automata that accept
// the runs in which a formula is true.
//
// A [Formula] is made of atoms, [State] and [Taking], which are watches with numbers, by
// [Not], [And], [Or], [Next], [Until] and what follows from these. [NewAutomaton] turns it
// into a generalised Büchi automaton, whose acceptance is on moves.
package ltl
