// Package profile has stacks as they are: their numbers, in seconds, and where
// their rules are not the RFC's. A profile makes configurations of package model,
// and asks package invariants how long things can take by them.
package profile
