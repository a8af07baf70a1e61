package profile

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tcpclose/explore"
)

func TestX(t *testing.T) {
	for _, rto := range []time.Duration{0, 300 * time.Millisecond} {
		for _, c := range []Closing{ByClose, ByShutdown} {
			start := time.Now()
			stays, timed, err := Defaults().Stays(context.Background(), Case{A: c, B: ByClose, RTO: rto}, explore.Options{})
			require.NoError(t, err)
			fmt.Println(c, rto, timed.Tick, timed.Rounded, time.Since(start))
			for _, s := range stays {
				fmt.Println(" ", s.State, s.Reached, s.Least, s.Greatest, s.Unbounded, s.Ends, s.Known)
			}
		}
	}
}
