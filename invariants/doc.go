// Package invariants states what should hold when TCP connections close, and
// finds out whether it does: it sees the system of package model as a product
// that package explore can search.
package invariants

//go:generate go test . -run ^(TestEndings_Docs|TestFaults_Doc|TestMargins_Docs|TestReuse|TestRules)$ -rewrite
