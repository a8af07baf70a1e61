// Package naive is what tests of the searches compare them with: a search with maps and
// without haste, and formulas whose truth is looked up on runs of which there is a list.
package naive
