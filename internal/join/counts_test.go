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

	"tcpclose/explore"
	"tcpclose/explore/product"
	"tcpclose/internal/naive"
	"tcpclose/model"
)

var rewrite = flag.Bool("rewrite", false, "write testdata/counts.txt; commit it only if you understand what changed")

// counted is configurations that together have all that an end and the network do.
// Unlike naive.SmallConfigs the list has no place for each new decision, so that the
// numbers change only if the model does.
var counted = []string{
	naive.Tiny,
	"a-octets=0 b-octets=0 msl=2 rto=2 r2=2 capacity=1",
	"a-octets=0 b-octets=0 msl=2 rto=2 r2=1 loss=1 duplicate=1 reorder=1 capacity=3",
	"a-octets=0 b-octets=0 msl=2 rto=3 r2=1 loss=off duplicate=1 reorder=1",
	"b-octets=2 msl=2 rto=4 r2=1 loss=1 duplicate=off reorder=off capacity=4",
	"a-octets=0 b-octets=0 msl=3 rto=1 r2=2 delay=1 reorder=off rto-max=2",
	"a-octets=0 b-octets=0 msl=2 rto=1 r2=unlimited capacity=1 time-wait-restart=never closing-timer=absent",
	"a-octets=0 b-octets=0 msl=2 rto=1 r2=1 capacity=1 time-wait-restart=answer off-sequence-ack=read rst-check=window",
	"a-octets=0 b-octets=0 msl=2 rto=1 r2=1 capacity=1 time-wait-ack=answered late-reset=silent rst-check=exact-or-fin",
	"a-octets=0 b-octets=0 msl=2 rto=1 r2=1 capacity=1 time-wait-ack=restarts time-wait-rst=ignored closed-answer=nothing",
	"a-octets=2 b-octets=2 msl=1 rto=1 r2=1 capacity=2 b-buffer=1 b-reads=slowly out-of-order=held",
	"a-octets=2 b-octets=2 msl=1 rto=1 r2=1 capacity=2 a-buffer=2 b-buffer=2 a-reads=slowly b-reads=slowly zero-window-ack=unread window-update=unsent",
	"a-octets=1 b-octets=0 msl=1 rto=1 r2=1 capacity=1 a-buffer=0 b-buffer=0 b-reads=never orphan-probes=counted",
	"a-octets=1 b-octets=1 msl=1 rto=1 r2=1 capacity=1 ack-check=recent b-buffer=1 a-buffer=1",
	"a-octets=1 b-octets=1 msl=1 rto=1 r2=1 capacity=1 a-close-is=full b-close-is=half-then-full b-reads=slowly late-data=rst-anywhere",
	"a-octets=1 b-octets=1 msl=1 rto=1 r2=1 capacity=1 b-close-is=full late-data=ack b-fails=die unread-close=fin b-reads=slowly",
	"a-octets=1 b-octets=1 msl=2 rto=1 r2=1 capacity=1 a-fails=abort abort-state=time-wait b-fails=crash",
	"a-octets=1 b-octets=1 msl=1 rto=2 r2=1 capacity=1 delayed-ack=1 fin-wait-1-entered=with-fin last-ack-entered=with-close",
	"a-octets=1 b-octets=1 msl=1 rto=2 r2=1 capacity=1 delayed-ack=unlimited closing-ack=discarded read-after-fin=error b-reads=slowly",
	"a-octets=1 b-octets=0 msl=2 rto=1 r2=off capacity=1 user-timeout=3 user-timeout-runs=any-state clock=leaps",
	"a-octets=1 b-octets=0 msl=2 rto=1 r2=off capacity=1 keepalive=2 keepalive-probes=2 keepalive-end=rst b-closes=never",
	"a-octets=0 b-octets=0 msl=2 rto=1 r2=off capacity=1 a-close-is=full fin-wait-2=1 fin-wait-2-kept=mini b-closes=after-peer",
	"a-octets=0 b-octets=0 msl=2 rto=1 r2=off capacity=1 a-close-is=full fin-wait-2-timer=all fin-wait-2=3 clock=leaps",
	"a-octets=0 b-octets=0 msl=1 rto=1 r2=1 capacity=1 start=closed a-opens=either b-opens=either b-fails=abort",
	"a-octets=0 b-octets=0 msl=1 rto=1 r2=off capacity=1 reopen=1 a-isn=same b-isn=same b-fails=crash quiet-time=2",
	"a-octets=0 b-octets=0 msl=1 rto=1 r2=off capacity=1 reopen=1 timestamps=on time-wait-reuse=rfc-6191",
	"a-octets=0 b-octets=0 msl=1 rto=1 r2=off capacity=1 reopen=1 time-wait-reuse=may-2 a-isn=same b-opens=either",
	"a-octets=0 b-octets=0 msl=1 rto=1 r2=off capacity=1 reopen=1 connect-reuse=at-once timestamps=fine",
	"a-octets=0 b-octets=0 msl=1 rto=1 r2=off capacity=1 reopen=1 time-wait-reuse=linux connect-reuse=aged reuse-age=2 timestamps=on b-opens=either clock=leaps",
	"a-octets=0 b-octets=1 msl=1 rto=1 r2=off capacity=1 reopen=1 a-isn=clock b-isn=paced-clock isn-clock=1",
	"a-octets=2 b-octets=0 msl=2 rto=2 r2=off capacity=1 loss=off duplicate=off reopen=1 a-isn=clock b-isn=clock isn-clock=1 a-opens=either b-opens=either",
	"a-octets=0 b-octets=1 msl=1 rto=1 r2=off capacity=1 start=closed reopen=1 a-isn=clock b-isn=clock isn-clock=2 a-opens=either b-opens=either b-fails=crash",
	"a-octets=1 b-octets=0 msl=2 rto=1 r2=off capacity=1 reopen=1 a-isn=clock b-isn=clock isn-clock=1 time-wait-reuse=may-2-no-isn b-opens=either clock=leaps",
	"a-octets=0 b-octets=0 msl=2 rto=1 r2=off capacity=1 reopen=1 a-isn=clock isn-clock=1 time-wait-reuse=may-2 a-opens=either time-wait=4",
	"a-octets=1 b-octets=0 msl=1 rto=1 r2=unlimited rto-max=4 give-up=5 capacity=1 loss=unlimited duplicate=off",
	"a-octets=1 b-octets=0 msl=1 rto=2 r2=unlimited rto-max=4 give-up=9 orphan-give-up=3 give-up-when=exactly a-close-is=full capacity=1 duplicate=off",
	"a-octets=0 b-octets=1 msl=2 rto=1 r2=off capacity=1 a-close-is=full fin-wait-2=2 fin-wait-2-first=1 fin-wait-2-kept=mini",
	"a-octets=0 b-octets=1 msl=1 rto=1 r2=1 capacity=1 a-close-is=full a-buffer=1 fin-wait-2=2 fin-wait-2-kept=mini start=closed",
	"a-octets=1 b-octets=0 msl=1 rto=1 r2=off capacity=1 b-buffer=0 zero-window-probe=old a-close-is=full",
	"a-octets=2 b-octets=0 msl=1 rto=1 r2=2 capacity=1 b-buffer=1 b-reads=slowly zero-window-probe=old orphan-probes=counted",
	"a-octets=0 b-octets=0 msl=1 rto=1 r2=off capacity=1 keepalive=3 keepalive-next=1 keepalive-probes=3 b-closes=never",
	"a-octets=0 b-octets=0 msl=1 rto=1 r2=off capacity=1 reopen=1 a-timestamps=on b-timestamps=off time-wait-reuse=rfc-6191 a-opens=either b-opens=either a-isn=larger b-isn=larger",
	"a-octets=0 b-octets=0 msl=1 rto=1 r2=off capacity=1 reopen=1 timestamps=fine time-wait-reuse=linux timestamp-clock=restarts b-fails=crash quiet-time=1 clock=leaps",
	"a-octets=1 b-octets=1 msl=2 rto=2 r2=1 capacity=2 loss=1 duplicate=off reorder=off loses=a-ack",
	"a-octets=1 b-octets=1 msl=2 rto=2 r2=1 capacity=2 loss=unlimited duplicate=off reorder=off loses=b-fin",
	"a-octets=1 b-octets=1 msl=2 rto=2 r2=1 capacity=2 loss=1 duplicate=off loses=b-ack",
}

// mistaken is where each fault is counted that makes a difference.
var mistaken = []string{
	"a-octets=0 b-octets=1 msl=1 rto=1 r2=1 capacity=1 a-reads=slowly a-buffer=1 out-of-order=held fin-wait-2=1 fin-wait-2-timer=all loss=1 duplicate=off",
	"a-octets=1 b-octets=0 msl=1 rto=1 r2=1 capacity=1 a-close-is=full a-fails=abort b-buffer=1 b-reads=slowly loss=1 duplicate=off",
	"a-octets=0 b-octets=0 msl=1 rto=1 r2=off capacity=1 reopen=1 connect-reuse=at-once a-opens=either time-wait-rst=ignored",
}

// What the model does in small configurations is what it did before: the states and
// steps of each, and how often its steps follow each clause, and do what a user or the
// peer notices. A change of any rule shows as a number:
//
//	go test ./internal/join -run TestCounts -rewrite
func TestCounts(t *testing.T) {
	var b strings.Builder
	b.WriteString("# States, steps and depth.\n")
	effects := map[string]int{}
	search := func(words string) (*model.System, string) {
		y := naive.SystemOf(t, naive.Parse(t, words))
		p := New(y, nil)
		e, err := product.Explore(context.Background(), &p.Product, product.Options{Limits: explore.Limits{States: 30_000}})
		require.NoError(t, err)
		return y, e.Result.String()
	}
	for _, small := range naive.SmallConfigs() {
		_, result := search(small.Words)
		fmt.Fprintf(&b, "%s\n    %s\n", small.Name, result)
	}
	for _, words := range counted {
		y, result := search(words)
		fmt.Fprintf(&b, "%s\n    %s\n", words, result)
		count(y, 500, effects)
	}
	for _, words := range mistaken {
		_, right := search(words)
		fmt.Fprintf(&b, "%s\n    %s\n", words, right)
		for _, f := range model.Faults() {
			if _, result := search(words + " fault=" + f.String()); result != right {
				fmt.Fprintf(&b, "  fault=%s\n    %s\n", f, result)
			}
		}
	}
	b.WriteString("\n# What the first steps of the latter do, and how often.\n")
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
