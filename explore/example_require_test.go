package explore_test

import (
	"fmt"

	"tcpclose/explore"
)

// hasty is a mutual exclusion in which a process looks whether the other is in, and goes
// in a step later.
type hasty struct{}

type hastyState [2]string // where each process is

func (hasty) Init() []hastyState { return []hastyState{{"away", "away"}} }

func (hasty) Steps(dst []explore.Step[hastyState, string], s hastyState) []explore.Step[hastyState, string] {
	for p, at := range s {
		action, next := "", ""
		switch {
		case at == "away" && s[1-p] != "in":
			action, next = "looks", "sure"
		case at == "sure":
			action, next = "enters", "in"
		case at == "in":
			action, next = "leaves", "away"
		default:
			continue
		}
		to := s
		to[p] = next
		dst = append(dst, explore.Step[hastyState, string]{Action: fmt.Sprint(p, " ", action), To: to})
	}
	return dst
}

// In a test t is its *testing.T, or a *rapid.T.
func ExampleRequire() {
	t := printer{}
	explore.Require(t, hasty{},
		explore.Never("both are in", func(s hastyState) bool { return s == hastyState{"in", "in"} }),
		explore.Sometimes("one is in", func(s hastyState) bool { return s[1] == "in" }))
	// Output:
	// both are in: violated after 4 steps:
	//   0            [away away]
	//   1  0 looks   [sure away]
	//   2  1 looks   [sure sure]
	//   3  0 enters  [in sure]
	//   4  1 enters  [in in]
}

// A printer prints what a test would report.
type printer struct{}

func (printer) Helper()                           {}
func (printer) Logf(format string, args ...any)   { fmt.Printf(format+"\n", args...) }
func (printer) Errorf(format string, args ...any) { fmt.Printf(format+"\n", args...) }
