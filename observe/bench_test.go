package observe

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"tcpclose/stacks/own"
)

// How long it takes to follow a random schedule of the model.
func BenchmarkFollow(b *testing.B) {
	c := testConfig()
	a, err := own.New(c, own.Tick)
	require.NoError(b, err)
	random := rand.New(rand.NewPCG(1, 2))
	var runs []Run
	for range 1000 {
		runs = append(runs, draw(b, a, random.IntN))
	}
	for _, bench := range []struct {
		name  string
		rules Rules
	}{{"known", Known(c, own.Tick)}, {"open", Open(c, own.Tick)}, {"real", Real()}} {
		b.Run(bench.name, func(b *testing.B) {
			o, err := New(bench.rules)
			require.NoError(b, err)
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				o.begin()
				if _, err := o.follow(runs[i%len(runs)].Events); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
