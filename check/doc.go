// Package check finds out whether properties hold of a configuration. It has the
// presets, with the verdicts that they are known for, and the seeded faults, with
// the properties that catch them; and what a test calls, [Require] and [Walk].
package check

//go:generate go test . -run ^(TestFaults_Doc|TestReuse|TestRules)$ -rewrite
