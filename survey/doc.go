// Package survey measures where package check gives verdicts: the least faults that
// violate a property, the length of intervals, the kinds of runs, how connections can
// end, which clauses are followed, and the states and steps of a configuration by
// connection state.
package survey

//go:generate go test . -run ^(TestEndings_Docs|TestMargins_Docs)$ -rewrite
