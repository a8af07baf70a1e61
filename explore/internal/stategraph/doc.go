// Package stategraph keeps the reachable states and steps of a system as arrays, and
// answers what takes more than a search: which fair runs there are ([Graph.FairRun]),
// what can be reached from everywhere ([Graph.CannotReach]), which way costs least and
// which takes longest.
package stategraph
