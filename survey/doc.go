// Package survey measures what is not judged: the least faults that break a
// property, how long an interval can be, of what kinds runs are, how connections
// can end, which clauses are followed, and the states and steps of a configuration
// counted by connection state.
package survey

//go:generate go test . -run ^(TestEndings_Docs|TestMargins_Docs)$ -rewrite
