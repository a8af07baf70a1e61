package trace_test

import (
	"context"
	"fmt"
	"os"

	"tcpclose/check"
	"tcpclose/invariants"
	"tcpclose/trace"
)

// A trace is shown as a ladder, one segment a line where it arrives at once.
func ExampleStory_Ladder() {
	preset, err := check.FindPreset("no-data")
	if err != nil {
		fmt.Println(err)
		return
	}
	both, err := invariants.Find("simultaneous-close")
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := check.Check(context.Background(), preset.Config, []*invariants.Property{both}, check.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	story, err := trace.NewStory(r.Findings[0].Trace, trace.About{Property: both.Name})
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := story.Ladder(os.Stdout, trace.LadderOptions{}); err != nil {
		fmt.Println(err)
	}
	// Output:
	// # time a                                                        b
	//          0 ESTABLISHED  |                                         | ESTABLISHED
	//     1      FIN-WAIT-1   |(CLOSE)                                  |
	//                         |-1-> <SEQ=100><ACK=300><CTL=FIN,ACK> ....|
	//     2                   |                                  (CLOSE)| FIN-WAIT-1
	//                         |.... <SEQ=300><ACK=100><CTL=FIN,ACK> <-2-|
	//     3                   |.1.. <SEQ=100><ACK=300><CTL=FIN,ACK> --->| CLOSING
	//                         |                        told: end of file|
	//                         |.... <SEQ=301><ACK=101><CTL=ACK>     <-3-|
	//     4      CLOSING      |<--- <SEQ=300><ACK=100><CTL=FIN,ACK> ..2.|
	//                         |told: end of file                        |
	//                         |-4-> <SEQ=101><ACK=301><CTL=ACK>     ....|
	//     5      TIME-WAIT   .|<--- <SEQ=301><ACK=101><CTL=ACK>     ..3.|
	//                        :|told: closed                             |
	//     6                  :|.4.. <SEQ=101><ACK=301><CTL=ACK>     --->|.TIME-WAIT
	//                        :|                             told: closed|:
}

// A trace that says something else than the model is refused, and the event is
// named at which it departs.
func ExampleFile_Replay() {
	f, err := trace.Read([]byte(`{
		"format": "tcpclose trace", "version": 1, "config": {"a-octets": "0", "b-octets": "0"},
		"events": [
			{"event": "call", "side": "a", "what": "CLOSE"},
			{"event": "deliver", "side": "a", "segment": "<SEQ=100><ACK=300><CTL=FIN,ACK>"},
			{"event": "deliver", "side": "b", "segment": "<SEQ=300><ACK=101><CTL=FIN,ACK>"}
		]
	}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = f.Replay()
	fmt.Println(err)
	// Output:
	// event 3 cannot happen: <SEQ=300><ACK=101><CTL=FIN,ACK>, sent 0 ticks ago, is not in transit from b; there is <SEQ=300><ACK=101><CTL=ACK> (place 0, sent 0 ticks ago)
}
