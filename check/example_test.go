package check_test

import (
	"context"
	"fmt"

	"tcpclose/check"
	"tcpclose/invariants"
	"tcpclose/model"
)

// Without data two endpoints have some 40 thousand states. In one of them a rests
// in FIN-WAIT-2 forever.
func ExampleCheck() {
	preset, err := check.FindPreset("no-data")
	if err != nil {
		fmt.Println(err)
		return
	}
	rest, err := invariants.Find("rest")
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := check.Check(context.Background(), preset.Config, []*invariants.Property{rest}, check.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	f := r.Findings[0]
	fmt.Println(r.Result)
	fmt.Printf("%s: %s\n%s", f.Property.Name, f.Verdict, f.Trace)
	// Output:
	// 43356 distinct states, 396300 generated, depth 22
	// rest: violated
	//     # time a                                                        b
	//          0 ESTABLISHED  |                                         | ESTABLISHED
	//     1      FIN-WAIT-1   |(CLOSE)                                  |
	//     2                   |---> <SEQ=100><ACK=300><CTL=FIN,ACK> --->| CLOSE-WAIT
	//                         |                        told: end of file|
	//                         |.... <SEQ=300><ACK=101><CTL=ACK>     <-2-|
	//     3                   |                                  (CLOSE)|.LAST-ACK
	//                         |X--- <SEQ=300><ACK=101><CTL=FIN,ACK> <---|:
	//     4      FIN-WAIT-2   |<--- <SEQ=300><ACK=101><CTL=ACK>     ..2.|:
	//                         |told: closed                             |:
	//   5-6    2              |               ~ 2 ticks ~               |:
	//     7                   |        (RETRANSMISSION TIMEOUT, 2 ticks)|+
	//                         |X--- <SEQ=300><ACK=101><CTL=FIN,ACK> <---|:
	//   8-9    4              |               ~ 2 ticks ~               |:
	//    10                   |        (RETRANSMISSION TIMEOUT, 2 ticks)|+
	//    11!                  |X--- <SEQ=300><ACK=101><CTL=FIN,ACK> <---|:
	// 12-13    6              |               ~ 2 ticks ~               |:
	//    14                   |        (RETRANSMISSION TIMEOUT, 2 ticks)|'CLOSED
	//                         |                          told: timed out|
	// ! After event 11 nothing that the network and the applications do avoids it.
	// Nothing more can happen: a rests in FIN-WAIT-2, b in CLOSED.
}

// An MSL of 2 ticks hides a segment that is left behind; one of 4 half-ticks does
// not.
func ExampleFiner() {
	c, err := model.ParseConfig("a-octets=0 b-octets=0 msl=2 rto=1 r2=3")
	if err != nil {
		fmt.Println(err)
		return
	}
	finer, err := check.Finer(c, 2)
	if err != nil {
		fmt.Println(err)
		return
	}
	quiet, err := invariants.Find("quiet")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, each := range []model.Config{c, finer} {
		r, err := check.Check(context.Background(), each, []*invariants.Property{quiet}, check.Options{NoTraces: true})
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("msl=%d rto=%d: %s %s\n", each.MSL, each.Ends[model.A].RTO, quiet.Name, r.Findings[0].Verdict)
	}
	// Output:
	// msl=2 rto=1: quiet holds
	// msl=4 rto=2: quiet violated
}
