package main

// A set is a package that is mutated, and the tests that are to see it.
type set struct {
	dir   string
	tests []tests // in the order in which they run
}

// A tests is some tests of a package, by a pattern of their names.
type tests struct {
	dir, run, skip string
	args           []string
}

// sets is all sets. Each set's tests take at most ten seconds, the quickest first.
var sets = []set{
	{"model", []tests{
		{dir: "model", run: "TestScripts"},
		{dir: "model", run: ".", skip: "TestScripts|" + slowOfModel},
		{dir: "internal/join", run: "TestCounts"},
		{dir: "model", run: slowOfModel},
	}},
}

const slowOfModel = "TestAbsorbs_AgainstNaive|TestLeaps_LeaveOutClocksOnly|TestReorder_ModesAgree"
