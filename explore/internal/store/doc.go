// Package store keeps the states that a search has seen: [StateSet] those of an opaque
// system, [RowSet] pairs of numbers, and [Level] the pairs of one level, packed. What
// there is no memory for goes to a [Spill].
package store
