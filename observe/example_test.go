package observe_test

import (
	"fmt"
	"time"

	"tcpclose/model"
	"tcpclose/observe"
	"tcpclose/stacks/adapter"
)

// A stack is driven on the bench, and this is what it answers. It takes a FIN while
// it has text of its own outstanding, and acknowledges it; then it is silent, where
// it should send the text again.
func ExampleObserver_Observe() {
	schedule, err := adapter.ParseSchedule("open active; in S. 0 1 8000 0; call send 500; in F. 1 1 8000 0; advance 200000000")
	if err != nil {
		fmt.Println(err)
		return
	}
	sends := func(text string) []adapter.Emitted {
		e, _ := adapter.ParseEvent("in " + text)
		return []adapter.Emitted{{Segment: e.Segment}}
	}
	done := &adapter.Answer{Told: adapter.Done}
	results := []adapter.Result{
		{Answer: done, Emitted: sends("S 0 0 8000 0")},
		{Emitted: sends(". 1 1 8000 0")},
		{Answer: &adapter.Answer{Told: adapter.Done, Octets: 500}, Emitted: sends(". 1 1 8000 500")},
		{Emitted: sends(". 501 2 8000 0")},
		{Now: 200 * time.Second},
	}
	o, err := observe.New(observe.Real())
	if err != nil {
		fmt.Println(err)
		return
	}
	report := o.Observe(observe.FromBench(schedule, results))
	for _, d := range report.Deviations {
		fmt.Println("in", d.Answer.State)
		fmt.Println("seen:", d.Seen, "until", d.At)
		for _, e := range d.Expected {
			fmt.Println("want:", e)
		}
		fmt.Println("as by:", d.Causes)
	}
	// Output:
	// in CLOSE-WAIT
	// seen: sends nothing until 3m20s
	// want: sends <SEQ=1><ACK=2><DATA=500><CTL=ACK> at the RETRANSMISSION TIMEOUT, is in CLOSE-WAIT
	// as by: [fault no-retransmit-in-close-wait]
}

// What a stack does in one run excludes alternatives for the next.
func ExampleLearner() {
	l, err := observe.NewLearner(observe.Real())
	if err != nil {
		fmt.Println(err)
		return
	}
	event := func(text string) adapter.Event {
		e, err := adapter.ParseEvent(text)
		if err != nil {
			fmt.Println(err)
		}
		return e
	}
	// To CLOSED comes a segment, and is not answered.
	schedule := adapter.Schedule{event("open passive"), event("call shutdown"), event("in F. 1 1 8000 0"), event("advance 1000000")}
	done := &adapter.Answer{Told: adapter.Done}
	run := observe.FromBench(schedule, []adapter.Result{{Answer: done}, {Answer: done}, {}, {Now: time.Second}})
	run.Name = "silence"
	if _, err := l.Observe(run); err != nil {
		fmt.Println(err)
		return
	}
	p := l.Profile()
	fmt.Println(p.Options)
	fmt.Println("all others made no difference:", len(p.Unasked) == int(model.NumDecisions)-1)
	// Output:
	// closed-answer=nothing
	// all others made no difference: true
}
