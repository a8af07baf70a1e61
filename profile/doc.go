// Package profile describes real stacks: their numbers, in seconds, and where their
// rules differ from the RFC's. A profile makes configurations of package model, and
// explores them to find how long things can take.
package profile
