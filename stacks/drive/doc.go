// Package drive drives a stack on the bench, in the peer's place.
//
// A Host is a stack, in process or as a program. A Player does a schedule on it:
// it gives numbers to the peer's segments by what the stack has really sent.
// Measure finds the stack's timers first, so that waits end between deadlines and
// never on one. A Campaign plays many schedules, shows each to an observer, and
// collects deviations: each is played again before it is believed, and shrunk.
package drive
