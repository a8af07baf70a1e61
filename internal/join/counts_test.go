package join

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/explore/product"
	"tcpclose/internal/naive"
	"tcpclose/model"
)

var rewrite = flag.Bool("rewrite", false, "write testdata/counts.txt; commit it only if you understand what changed")

// What the model does in small configurations is what it did before: the states and
// steps of each, and how often its steps follow each clause, and do what a user or the
// peer notices. A change of any rule shows as a number:
//
//	go test ./internal/join -run TestCounts -rewrite
func TestCounts(t *testing.T) {
	var b strings.Builder
	b.WriteString("# States, steps and depth of small configurations.\n")
	effects := map[string]int{}
	for _, small := range naive.SmallConfigs() {
		y := naive.SystemOf(t, naive.Parse(t, small.Words))
		p := New(y, nil)
		e, err := product.Explore(context.Background(), &p.Product, product.Options{})
		require.NoError(t, err)
		fmt.Fprintf(&b, "%s\n    %s\n", small.Words, e.Result)
		count(y, 500, effects)
	}
	b.WriteString("\n# What the first steps of all of them do, and how often.\n")
	for _, what := range slices.Sorted(maps.Keys(effects)) {
		fmt.Fprintf(&b, "%6d %s\n", effects[what], what)
	}
	const file = "testdata/counts.txt"
	if *rewrite {
		require.NoError(t, os.MkdirAll("testdata", 0o777))
		require.NoError(t, os.WriteFile(file, []byte(b.String()), 0o666))
	}
	was, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, string(was), b.String(), "%s is stale: 'go test ./internal/join -run TestCounts -rewrite' writes it", file)
}

// count counts what the steps from the first states do.
func count(y *model.System, states int, effects map[string]int) {
	seen := map[model.State]bool{y.Init(): true}
	for queue := []model.State{y.Init()}; len(queue) > 0; queue = queue[1:] {
		y.Outcomes(queue[0], func(a model.Action, o *model.Outcome) {
			note := func(format string, args ...any) { effects[fmt.Sprintf(format, args...)]++ }
			for c := range model.NumClauses {
				if o.Effect.Clauses.Has(c) {
					note("clause %s", c)
				}
			}
			switch {
			case o.Effect.Told != 0:
				note("told: %s", o.Effect.Told)
			case o.Effect.Delivered > 0:
				note("delivered: %d", o.Effect.Delivered)
			}
			if o.Effect.TimeWait {
				note("TIME-WAIT starts")
			}
			if o.Effect.Sent != (model.Segment{}) {
				note("sent: %+v", o.Effect.Sent)
			}
			if o.Elapsed > 0 {
				note("elapsed: %d", o.Elapsed)
			}
			note("%s: toll %+v, overflow %t", a.Kind, o.Toll, o.Overflow)
			if !o.Overflow && !seen[o.To] && len(seen) < states {
				seen[o.To] = true
				queue = append(queue, o.To)
			}
		})
	}
}
