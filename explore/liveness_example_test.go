package explore_test

import (
	"context"
	"fmt"

	"tcpclose/explore"
	"tcpclose/explore/ltl"
)

// A telephone rings. Each time it is answered or the line is engaged; in between
// the clock may strike. Once answered, it is hung up in the end.
type telephone struct{}

func (telephone) Init() []string { return []string{"waiting"} }

func (telephone) Steps(dst []explore.Step[string, string], s string) []explore.Step[string, string] {
	step := func(action, to string) { dst = append(dst, explore.Step[string, string]{Action: action, To: to}) }
	switch s {
	case "waiting":
		step("ring", "ringing")
		step("strike", "waiting")
	case "ringing":
		step("engage", "waiting")
		step("answer", "talking")
	case "talking":
		step("hang up", "silence")
	}
	return dst
}

// What is watched of the telephone.
const (
	talking = iota // a state
	hungUp         // another one; the others are steps
	ringing
	answering
	striking
)

func runsOfTelephone() *explore.Runs[string, string] {
	taking := func(action string) explore.Watch[string, string] {
		return explore.Watch[string, string]{
			Kind: explore.Steps,
			Step: func(_, a, _ string) bool { return a == action },
		}
	}
	e, err := explore.Explore(context.Background(), telephone{}, []explore.Watch[string, string]{
		talking:   {Kind: explore.States, State: func(s string) bool { return s == "talking" }},
		hungUp:    {Kind: explore.Terminals, State: func(string) bool { return true }},
		ringing:   taking("ring"),
		answering: taking("answer"),
		striking:  taking("strike"),
	}, explore.Options{})
	if err != nil {
		panic(err)
	}
	r, err := e.Runs(context.Background(), []int{talking, hungUp, ringing, answering, striking})
	if err != nil {
		panic(err)
	}
	return r
}

// Does ringing lead to talking? Only if the telephone does not stop ringing, and
// is answered if it rings often enough. And is it either answered or does the
// clock strike? It is not on a run on which time stands still.
func ExampleRuns_Check() {
	runs := runsOfTelephone()
	answered := ltl.LeadsTo(ltl.Taking(ringing), ltl.State(talking))
	weak := explore.Fairness{Kind: explore.Weak, Step: answering}
	strong := explore.Fairness{Kind: explore.Strong, Step: answering}
	rings := explore.Fairness{Kind: explore.Unconditional, Step: ringing}
	for _, property := range []explore.Liveness{
		{Formula: answered},
		{Formula: answered, Fair: []explore.Fairness{weak, rings}},
		{Formula: answered, Fair: []explore.Fairness{strong}},
		{Formula: answered, Fair: []explore.Fairness{strong, rings}},
		{Formula: ltl.Eventually(ltl.State(hungUp))},
		{
			Formula: ltl.Eventually(ltl.Or(ltl.State(talking), ltl.Taking(striking))),
			Ticks:   []int{striking},
		},
		{Formula: ltl.Always(ltl.Not(ltl.State(hungUp)))},
	} {
		out, err := runs.Check(context.Background(), property)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(property.Formula, property.Fair, out.Verdict)
		if out.Lasso != nil {
			fmt.Println("   ", out.Lasso.Actions[:out.Lasso.Loop], "then forever", out.Lasso.Actions[out.Lasso.Loop:])
		}
	}
	// Output:
	// G (!step2 | F state0) [] violated
	//     [ring] then forever [engage ring]
	// G (!step2 | F state0) [weak step3 unconditional step2] violated
	//     [ring] then forever [engage ring]
	// G (!step2 | F state0) [strong step3] violated
	//     [ring engage] then forever [strike]
	// G (!step2 | F state0) [strong step3 unconditional step2] holds
	// F state1 [] violated
	//     [] then forever [strike]
	// F (state0 | step4) [] violated by Zeno runs only
	//     [] then forever [ring engage]
	// G !state1 [] violated
	//     [ring answer hang up] then forever []
}

// Which fairness would rule out that it rings in vain?
func ExampleRuns_Unfair() {
	runs := runsOfTelephone()
	out, err := runs.Check(context.Background(), explore.Liveness{
		Formula: ltl.LeadsTo(ltl.Taking(ringing), ltl.State(talking)),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	conditions := []explore.Fairness{
		{Kind: explore.Weak, Step: answering},
		{Kind: explore.Strong, Step: answering},
		{Kind: explore.Weak, Step: striking},
		{Kind: explore.Strong, Step: striking},
	}
	unfair, err := runs.Unfair(out.Lasso, conditions)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, i := range unfair {
		fmt.Println(conditions[i].Kind, "fairness of watch", conditions[i].Step)
	}
	// Output:
	// strong fairness of watch 3
	// strong fairness of watch 4
}

// Talking can be reached only as long as nobody has hung up.
func ExampleRuns_CanAlwaysReach() {
	verdict, stuck, err := runsOfTelephone().CanAlwaysReach(context.Background(), talking)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(verdict, stuck.Actions)
	// Output:
	// violated [ring answer hang up]
}
