// Package model implements how two TCP endpoints close a connection, and what the
// network between them may do meanwhile, in pure functions: no I/O, no clock, no
// randomness. It reads beside RFC 9293, section 3.10:
//
//	calls.go    user calls            3.10.2 to 3.10.5
//	arrive.go   SEGMENT ARRIVES       3.10.7, the steps in the RFC's order
//	timeout.go  timeouts              3.10.8
//	flaws.go    the rules that a seeded fault replaces
//	tcb.go      the TCB and what is derived from it
//	channel.go  one direction of the network
//	system.go   two endpoints, two channels: the steps of the whole
//
// Every transition names the clauses that it follows (clause.go). Wherever
// readings of the RFC or real stacks differ there is a decision (decision.go),
// asked at one place. A run is fixed by a Config (config.go), which gives each end
// its rules (stack.go).
//
// docs/model.md gives the model in words, as precisely as the code.
package model
