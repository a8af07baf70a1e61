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

// rapid is for tests that draw what they try: it is to be the same each time.
var rapid = []string{"-rapid.seed=1", "-rapid.checks=100", "-rapid.nofailfile"}

// sets is all sets. Each set's tests take at most ten seconds, the quickest first.
var sets = []set{
	{"model", []tests{
		{dir: "model", run: "TestScripts", args: rapid},
		{dir: "model", run: ".", skip: "TestScripts|" + slowOfModel + luckyOfModel, args: rapid},
		{dir: "internal/join", run: "TestCounts", args: rapid},
		{dir: "internal/join", run: "TestProduct_Box$|TestProduct_BoxAction", args: rapid},
		{dir: "model", run: slowOfModel, args: rapid},
	}},
	{"invariants", []tests{
		{dir: "invariants", run: ".", skip: "TestMatches", args: rapid},
		{dir: "invariants", run: "TestMatches", args: rapid},
		{dir: "check", run: "TestReadings_OneEnd|TestFaults$|TestFaults_OneSide|TestFaults_NextConnection", args: rapid},
		{dir: "check", run: "TestPresets$/^(notes|no-data|shut-window|keep-alive|abort|crash)$", args: rapid},
		{dir: "check", run: "TestLiveness_Kinds|TestLiveness_Assumptions|TestPresets_Liveness$/^(notes|no-data)$", args: rapid},
		{dir: "internal/join", run: "TestMemory_Rapid|TestPatterns_Rapid", args: rapid},
	}},
}

const (
	slowOfModel = "TestAbsorbs_AgainstNaive|TestReorder_ModesAgree"
	// These draw until enough has been met, which they do not if it is always the same.
	luckyOfModel = "|TestWalk$|TestWalk_Opening|TestISN_Clock|TestLeaps_LeaveOutClocksOnly"
)
