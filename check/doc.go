// Package check checks the properties of a configuration. It contains the presets with
// their known verdicts, the seeded faults with the properties that catch them, and
// [Require] and [Walk] for tests.
package check

//go:generate go test . -run ^(TestFaults_Doc|TestReuse|TestRules)$ -rewrite
