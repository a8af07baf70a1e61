package claims_test

import (
	"context"
	"fmt"

	"tcpclose/claims"
	"tcpclose/explore/product"
)

// What the notes say of tcp_fin_timeout, checked; and checked where TIME_WAIT lasts
// for 30 s.
func ExampleJudge() {
	found := claims.Find("可通过 `tcp_fin_timeout` 调整")
	for _, change := range []string{"", "time-wait=300"} {
		list, err := claims.Judge(context.Background(), found, change, product.Options{})
		if err != nil {
			fmt.Println(err)
			return
		}
		j := list[0]
		fmt.Printf("%s %s: %s: %s\n", j.ID, j.Verdict, j.Said[0].Statement, j.Said[0].Evidence(claims.English))
	}
	// Output:
	// T4 wrong: a: TIME-WAIT -> CLOSED: exactly 30 s: always 60 s
	// T4 holds: a: TIME-WAIT -> CLOSED: exactly 30 s: always 30 s
}

// The third segment is always lost.
func ExampleLose() {
	linux, err := claims.FindProfile("linux")
	if err != nil {
		fmt.Println(err)
		return
	}
	l, err := claims.Lose(context.Background(), 3, true, linux, "", product.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range l.Spans {
		fmt.Println(s.Says.EN, s.Timing.Greatest, "ticks of", linux.Tick)
	}
	// Output:
	// the server in LAST_ACK 1530 ticks of 100ms
	// the client in FIN_WAIT_2 600 ticks of 100ms
}
