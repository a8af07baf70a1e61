package check_test

import (
	"context"
	"fmt"

	"tcpclose/check"
	"tcpclose/invariants"
	"tcpclose/model"
)

// Without data two endpoints have some 40 thousand states. In one of them a rests
// in FIN-WAIT-2 for ever.
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
	//     # time  a            b            event
	//          0  ESTABLISHED  ESTABLISHED  the connection is established
	//     1    0  FIN-WAIT-1   ESTABLISHED  a calls CLOSE
	//                                       a sends
	//                                         <SEQ=100><ACK=300><CTL=FIN,ACK>
	//                                       [RFC 9293, 3.10.4 (ESTABLISHED)]
	//     2    0  FIN-WAIT-1   CLOSE-WAIT   b receives
	//                                         <SEQ=100><ACK=300><CTL=FIN,ACK>
	//                                       b sends
	//                                         <SEQ=300><ACK=101><CTL=ACK>
	//                                       b is told: end of file
	//                                       [RFC 9293, 3.10.7.4, eighth]
	//     3    0  FIN-WAIT-1   LAST-ACK     b calls CLOSE
	//                                       b sends
	//                                         <SEQ=300><ACK=101><CTL=FIN,ACK>
	//                                       [RFC 9293, 3.10.4 (CLOSE-WAIT)]
	//     4    0  FIN-WAIT-2   LAST-ACK     a receives
	//                                         <SEQ=300><ACK=101><CTL=ACK>
	//                                       a is told: closed
	//                                       [RFC 9293, 3.10.7.4, fifth]
	//   5-6    2  FIN-WAIT-2   LAST-ACK     2 ticks pass
	//     7    2  FIN-WAIT-2   LAST-ACK     b: RETRANSMISSION TIMEOUT
	//                                       b sends
	//                                         <SEQ=300><ACK=101><CTL=FIN,ACK>
	//                                       [RFC 9293, 3.10.8; RFC 6298, 5.4]
	//   8-9    4  FIN-WAIT-2   LAST-ACK     2 ticks pass
	//    10    4  FIN-WAIT-2   LAST-ACK     b: RETRANSMISSION TIMEOUT
	//                                       b sends
	//                                         <SEQ=300><ACK=101><CTL=FIN,ACK>
	//                                       [RFC 9293, 3.10.8; RFC 6298, 5.4]
	//    11    4  FIN-WAIT-2   LAST-ACK     the network loses, from b:
	//                                         <SEQ=300><ACK=101><CTL=FIN,ACK>
	// 12-13    6  FIN-WAIT-2   LAST-ACK     2 ticks pass
	//    14    6  FIN-WAIT-2   CLOSED       b: RETRANSMISSION TIMEOUT
	//                                       b is told: timed out
	//                                       [RFC 9293, 3.8.3]
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
