// Package tier says how much the tests do.
//
// The plain tier is 'go test ./...'. It has something of every subject, and takes
// minutes. CI's, with TCPCLOSE_CI=1 in the environment, has what takes twice as long. The
// large tier, with TCPCLOSE_LARGE=1, has every case.
//
// A test leaves a case to the large tier with [Leaves] or [Skip], and to CI's with
// [LeavesToCI] or [SkipToCI], which write a line about it into the test's log. .ci/run
// compares these lines with .ci/cases.txt, so that no case is lost. [Choose] and [ChooseCI]
// are for sizes that differ, [Draws] for what is drawn, and [CheckUntil] for what luck alone would meet too
// seldom.
package tier

import (
	"flag"
	"fmt"
	"os"
	"strconv"
	"testing"

	"pgregory.net/rapid"
)

// Variable is the environment variable that asks for the large tier.
const Variable = "TCPCLOSE_LARGE"

// VariableCI is the environment variable that asks for CI's tier.
const VariableCI = "TCPCLOSE_CI"

// Left and Taken begin a line about a case, in the plain tier and in the large one, LeftToCI
// and TakenByCI in the plain tier and in CI's.
const (
	Left      = "left to the large tier: "
	Taken     = "of the large tier: "
	LeftToCI  = "left to CI: "
	TakenByCI = "of CI: "
)

// Large reports whether the large tier runs.
func Large() bool { return os.Getenv(Variable) == "1" }

// CI reports whether CI's tier runs, or the large one, or a test is to rewrite what it
// compares.
func CI() bool {
	rewrites := flag.Lookup("rewrite")
	return Large() || os.Getenv(VariableCI) == "1" || rewrites != nil && rewrites.Value.String() == "true"
}

// Leaves reports whether the test leaves a case to the large tier.
func Leaves(t testing.TB, name string) bool {
	t.Helper()
	if Large() {
		t.Log(Taken + name)
		return false
	}
	t.Log(Left + name)
	return true
}

// Skip skips t but in the large tier.
func Skip(t testing.TB) {
	t.Helper()
	if Leaves(t, "all") {
		t.SkipNow()
	}
}

// LeavesToCI reports whether the test leaves a case to CI's tier.
func LeavesToCI(t testing.TB, name string) bool {
	t.Helper()
	if CI() {
		t.Log(TakenByCI + name)
		return false
	}
	t.Log(LeftToCI + name)
	return true
}

// SkipToCI skips t in the plain tier.
func SkipToCI(t testing.TB) {
	t.Helper()
	if LeavesToCI(t, "all") {
		t.SkipNow()
	}
}

// Choose returns the size that the tier is to have.
func Choose[T any](plain, large T) T {
	if Large() {
		return large
	}
	return plain
}

// ChooseCI returns the size that the tier is to have, of the plain one and of the two others.
func ChooseCI[T any](plain, ci T) T {
	if CI() {
		return ci
	}
	return plain
}

// Draws lets rapid draw n times in the plain tier, if -rapid.checks is not given. The
// large tier has rapid's own number.
func Draws(t testing.TB, n int) {
	t.Helper()
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "rapid.checks" })
	checks := flag.Lookup("rapid.checks")
	if Large() || given || checks == nil {
		return
	}
	set := func(to string) {
		if err := checks.Value.Set(to); err != nil {
			t.Fatal(err)
		}
	}
	set(strconv.Itoa(n))
	t.Cleanup(func() { set(checks.DefValue) })
}

// Seed is the environment variable with a seed for rapid. In .ci/run it has one: there
// a test fails by a change alone. Without it no two runs draw the same.
const Seed = "TCPCLOSE_SEED"

// The flags of rapid are there before this package begins, and are parsed after it.
func init() {
	seed := os.Getenv(Seed)
	if seed == "" {
		return
	}
	if err := flag.Set("rapid.seed", seed); err != nil {
		panic(fmt.Sprintf("%s=%s: %v", Seed, seed, err))
	}
}

// Redraws has rapid draw differently the nth time that a test draws, where the environment
// has a seed; without one it does in any case.
func Redraws(t testing.TB, n uint64) {
	t.Helper()
	given := os.Getenv(Seed)
	if given == "" {
		return
	}
	seed, err := strconv.ParseUint(given, 10, 64)
	if err == nil {
		err = flag.Set("rapid.seed", strconv.FormatUint(seed+n, 10))
	}
	if err != nil {
		t.Fatalf("%s=%s: %v", Seed, given, err)
	}
	t.Cleanup(func() {
		if err := flag.Set("rapid.seed", given); err != nil {
			t.Error(err)
		}
	})
}

// CheckUntil has rapid check a property until enough was drawn, but not forever: what is
// drawn again is drawn differently.
func CheckUntil(t *testing.T, enough func() bool, property func(*rapid.T)) {
	t.Helper()
	for n := range uint64(20) {
		Redraws(t, n)
		if rapid.Check(t, property); enough() {
			return
		}
	}
}
