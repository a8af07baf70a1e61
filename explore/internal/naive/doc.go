// Package naive has slow and obvious references for tests of the searches: a search with
// maps, and formulas that are evaluated on runs that are listed.
package naive
