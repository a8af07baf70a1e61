package check_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"tcpclose/ask"
	"tcpclose/check"
	"tcpclose/explore"
	"tcpclose/invariants"
	"tcpclose/model"
)

// printed is a test that prints what it is told. A test of yours has a *testing.T.
type printed struct{}

func (printed) Helper()                           {}
func (printed) Logf(format string, args ...any)   { fmt.Printf(format+"\n", args...) }
func (printed) Errorf(format string, args ...any) { fmt.Printf(format+"\n", args...) }

// A preset has the verdicts that it is known for. A witness or a property of yours is
// expected to be reached, or to hold.
func ExampleRequirePreset() {
	var t printed
	fmt.Println(check.RequirePreset(t, "no-data"))
	fmt.Println(check.RequirePreset(t, "no-data",
		ask.Must("a.state == CLOSING && b.state == CLOSING").Seek(),
		ask.Must("a.state == LISTEN").Never()))
	// Output:
	// true
	// true
}

// A property of yours gives the patterns that must not occur, of one side, self; each
// side is looked at as self. What it reads of the past, here how the connection has
// ended for the user, is kept for it.
func ExampleRequire_property() {
	var t printed
	preset, err := check.FindPreset("abort")
	if err != nil {
		fmt.Println(err)
		return
	}
	neverReset := &invariants.Property{
		Name:     "never-reset",
		Sentence: "Nobody is told of a reset whose peer has been told of a normal end.",
		Patterns: func(model.Config) []invariants.Pattern {
			return []invariants.Pattern{{
				Kind: explore.States,
				Self: func(e *invariants.End) bool { return e.Ended() == invariants.Reset },
				Peer: func(e *invariants.End) bool { return e.Ended() == invariants.Normal },
			}}
		},
	}
	check.Require(t, preset.Config, neverReset)
	// Output:
	// never-reset: violated in 7 events: Nobody is told of a reset whose peer has been told of a normal end.
	//     # time a                                                        b
	//          0 ESTABLISHED  |                                         | ESTABLISHED
	//     1                   |                                  (CLOSE)| FIN-WAIT-1
	//     2      CLOSE-WAIT   |<--- <SEQ=300><ACK=100><CTL=FIN,ACK> <---|
	//                         |told: end of file                        |
	//                         |-2-> <SEQ=100><ACK=301><CTL=ACK>     ....|
	//     3      LAST-ACK     |(CLOSE)                                  |
	//     4                   |---> <SEQ=100><ACK=301><CTL=FIN,ACK> --->|.TIME-WAIT
	//                         |                              overtakes 2|:
	//                         |                told: end of file, closed|:
	//                         |.... <SEQ=301><ACK=101><CTL=ACK>     <-4-|:
	//     5                   |                                  (ABORT)|'CLOSED
	//                         |      (TIME-WAIT cut short after 0 ticks)|
	//                         |                            told: aborted|
	//     6                   |.2.. <SEQ=100><ACK=301><CTL=ACK>     --->|
	//     7      CLOSED       |<--- <SEQ=301><CTL=RST>              <---|
	//                         |told: reset                              |
	//                         |         -- still in transit --          |
	//                         |.... <SEQ=301><ACK=101><CTL=ACK>     ..4.|
}

// What is asked in words composes with what is written in Go.
func ExampleRequire_asked() {
	var t printed
	c, err := model.ParseConfig("a-octets=0 b-octets=0 msl=2 rto=1 r2=unlimited")
	if err != nil {
		fmt.Println(err)
		return
	}
	told, err := invariants.Find("told")
	if err != nil {
		fmt.Println(err)
		return
	}
	passes := check.Require(t, c, told,
		ask.Must("a.state == LISTEN").Never(),
		ask.Must("a.state == CLOSED").Eventually(),
		ask.Must("a.state == FIN-WAIT-1").LeadsTo(ask.Must("a.state != FIN-WAIT-1")))
	fmt.Println(passes)
	// Output:
	// true
}

// A configuration that is too large to be explored: rapid draws runs of it, and
// shortens one that violates a property.
func ExampleWalk() {
	var t *testing.T // of your test
	c, err := model.ParseConfig("a-octets=7 b-octets=7 msl=30 rto=7 r2=5 capacity=8 a-reads=slowly b-buffer=3")
	if err != nil {
		fmt.Println(err)
		return
	}
	figure5, err := invariants.Find("figure-5")
	if err != nil {
		fmt.Println(err)
		return
	}
	rapid.Check(t, func(t *rapid.T) {
		pick := func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "step") }
		check.Walk(t, pick, c, 300, figure5)
	})
}
