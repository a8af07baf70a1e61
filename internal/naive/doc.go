// Package naive explores a [model.System] with a map and without haste, and checks
// patterns by what they say. Tests compare with it what fast searches find.
package naive
