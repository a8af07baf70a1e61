package product_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/bench/termbench"
	"tcpclose/explore"
	"tcpclose/explore/internal/naive"
	"tcpclose/explore/product"
	"tcpclose/internal/tier"
)

func termOpaque(d termbench.Model, o product.Options) explore.Result {
	return naive.MustExplore(context.Background(), d, nil, o.Opaque()).Result
}

func termProduct(d termbench.Model, o product.Options) explore.Result {
	e, err := product.Explore(context.Background(), d.Product(), o)
	if err != nil {
		panic(err)
	}
	return e.Result
}

func TestTermBench(t *testing.T) {
	for _, size := range termbench.Sizes[:2] {
		for name, search := range map[string]func(termbench.Model, product.Options) explore.Result{
			"opaque":  termOpaque,
			"product": termProduct,
		} {
			for _, workers := range []int{1, 2} {
				t.Run(fmt.Sprintf("%s/%s/%d workers", name, size.Name, workers), func(t *testing.T) {
					if size.Name != "small" && name == "opaque" {
						tier.Skip(t)
					}
					r := search(size.Model, product.Options{Workers: workers})
					assert.Equal(t, size.Distinct, r.Distinct)
					assert.Equal(t, size.Transitions, r.Generated-1)
					assert.True(t, r.Complete())
				})
			}
		}
	}
}

func BenchmarkTermBench(b *testing.B) {
	for _, name := range []string{"opaque", "product"} {
		for _, size := range termbench.Sizes {
			search := termOpaque
			if strings.HasPrefix(name, "product") {
				search = termProduct
			}
			for workers := 1; workers <= 2; workers++ {
				b.Run(fmt.Sprintf("%s/%s/%d", name, size.Name, workers), func(b *testing.B) {
					if size.Name == "large" {
						tier.Skip(b)
					}
					start := time.Now()
					for range b.N {
						r := search(size.Model, product.Options{Workers: workers})
						require.Equal(b, size.Distinct, r.Distinct)
					}
					b.ReportMetric(float64(size.Distinct*b.N)/time.Since(start).Seconds(), "states/s")
					b.ReportMetric(float64(size.Transitions*b.N)/time.Since(start).Seconds(), "steps/s")
				})
			}
		}
	}
}
