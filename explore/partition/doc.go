// Package partition explores a product by tasks that can be carried out anywhere: in this
// process, or by workers on other machines.
//
// A state is a pair of half values (package product). The states with one first half are a
// row, and rows belong to partitions. A level is explored in two rounds:
//
//   - Expand takes a piece of what is new in a partition and finds where its steps lead: rows
//     for each partition. It knows no states but those.
//   - Merge takes what all have found for one partition, and what was known there before, and
//     finds what is new.
//
// Tasks are functions of what they are given: carried out twice they return the same bytes, so
// it does not matter if one is, as long as each is once. A merge is told how many blocks there
// are, so that one that is missing is an error and not fewer states.
//
// All have to give a half value the same number, although they meet values in any order.
// Between the two rounds the driver numbers what is new, in the order of its text: what a level
// has depends on no order, so neither do numbers. (See docs/decisions.md, "Beyond one machine".)
//
// Run drives the levels. A Crew carries the tasks out.
package partition
