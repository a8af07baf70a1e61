package product_test

import (
	"context"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tcpclose/bench/termbench"
	"tcpclose/explore"
	"tcpclose/explore/ltl"
	"tcpclose/explore/product"
	"tcpclose/internal/tier"
)

// What is watched in TERM-BENCH.
const (
	bothClosed = iota // a state
	tickTaken
	delivered // of the first endpoint; that of the other is the next
	_
	expired // likewise
	_
	called // likewise
	_
	termWatches
)

// termWatched is a part of TERM-BENCH in which something is watched.
type termWatched struct {
	product.Part
	part int
}

func (w termWatched) Offer(dst []product.Move, route int, v product.Value) []product.Move {
	had := len(dst)
	dst = w.Part.Offer(dst, route, v)
	for i := range dst[had:] {
		who := route / 5
		switch termbench.KindOf(route) {
		case termbench.Ticks:
			dst[had+i].Step = product.Bit(tickTaken)
		case termbench.Delivers:
			dst[had+i].Step = product.Bit(delivered + who)
		case termbench.Expires:
			dst[had+i].Step = product.Bit(expired + who)
		case termbench.Calls:
			dst[had+i].Step = product.Bit(called + who)
		}
	}
	return dst
}

func (w termWatched) React(v product.Value, in product.Message) product.Move {
	m := w.Part.React(v, in)
	m.Step = product.All
	return m
}

func (w termWatched) State(v product.Value) product.Bits {
	if w.part < 2 && !termbench.Closed(w.Part, v) {
		return product.Bits{}
	}
	return product.All
}

func (w termWatched) Stay(product.Value) product.Bits { return product.All }

func termWatching(d termbench.Model) *product.Product {
	p := d.Product()
	for i, part := range p.Parts {
		p.Parts[i] = termWatched{part, i}
	}
	p.Watches = []product.Watch{{Kind: explore.States}}
	for range termWatches - 1 {
		p.Watches = append(p.Watches, product.Watch{Kind: explore.Steps})
	}
	return p
}

var termProperties = []struct {
	name     string
	property explore.Liveness
}{
	{"eventually", explore.Liveness{
		Formula: ltl.Eventually(ltl.State(bothClosed)),
		Ticks:   []int{tickTaken},
	}},
	{"always eventually", explore.Liveness{
		Formula: ltl.Always(ltl.Eventually(ltl.Taking(tickTaken))),
		Fair:    []explore.Fairness{{Kind: explore.Strong, Step: tickTaken}, {Kind: explore.Strong, Step: expired}, {Kind: explore.Strong, Step: expired + 1}},
	}},
	{"leads to", explore.Liveness{
		Formula: ltl.LeadsTo(ltl.Taking(called), ltl.State(bothClosed)),
		Fair:    []explore.Fairness{{Kind: explore.Strong, Step: tickTaken}, {Kind: explore.Weak, Step: called}, {Kind: explore.Weak, Step: called + 1}},
	}},
}

// BenchmarkLiveness reports times as multiples of that of the exploration, and
// memory as bytes in use after the graph was made, less those before.
func BenchmarkLiveness(b *testing.B) {
	for _, size := range termbench.Sizes[1:] {
		b.Run(size.Name, func(b *testing.B) {
			if size.Name == "large" {
				tier.Skip(b)
			}
			ctx := context.Background()
			start := time.Now()
			e, err := product.Explore(ctx, termWatching(size.Model), product.Options{})
			require.NoError(b, err)
			exploration := time.Since(start)
			var watches []int
			for i := range termWatches {
				watches = append(watches, i)
			}
			var r *explore.Runs[product.Tuple, product.Pick]
			timed := func(name string, f func()) {
				b.Run(name, func(b *testing.B) {
					for b.Loop() {
						f()
					}
					b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(exploration), "explorations")
				})
			}
			timed("graph", func() {
				r = nil
				before := inUse()
				r, err = e.Runs(ctx, watches)
				require.NoError(b, err)
				after := inUse()
				b.Logf("%.1f bytes per state and step", float64(after-before)/float64(size.Distinct+size.Transitions))
			})
			for _, tt := range termProperties {
				timed(tt.name, func() {
					out, err := r.Check(ctx, tt.property)
					require.NoError(b, err)
					if out.Lasso != nil {
						b.Logf("%v: %d steps, loop at %d", out.Verdict, len(out.Lasso.Actions), out.Lasso.Loop)
					}
				})
			}
			timed("can always reach", func() {
				// It cannot from FIN-WAIT-2, once the peer has given up.
				v, _, err := r.CanAlwaysReach(ctx, bothClosed)
				require.NoError(b, err)
				require.Equal(b, explore.Violated, v)
			})
		})
	}
}

func inUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
