package check

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/graph/simple"
	"gonum.org/v1/gonum/graph/topo"

	"tcpclose/explore"
	"tcpclose/internal/join"
	"tcpclose/invariants"
	"tcpclose/model"
	"tcpclose/trace"
)

// avoids says, with gonum's components, whether there is a way from s that never
// violates the property: to a state in which nothing can happen, or round a circle
// on which time passes.
func avoids(t *testing.T, y *future, s futureState) bool {
	number := map[futureState]int64{s: 0}
	list := []futureState{s}
	g := simple.NewDirectedGraph()
	g.AddNode(simple.Node(0))
	ticks := map[[2]int64]bool{}
	for i := 0; i < len(list); i++ {
		steps := y.Steps(nil, list[i])
		if len(steps) == 0 && !(y.ends && y.seenIn(explore.Terminals, &list[i].WholeState)) {
			return true
		}
		for _, step := range steps {
			if step.To.broken {
				continue
			}
			to, known := number[step.To]
			if !known {
				to = int64(len(list))
				number[step.To] = to
				list = append(list, step.To)
				g.AddNode(simple.Node(to))
			}
			if int64(i) != to {
				g.SetEdge(simple.Edge{F: simple.Node(i), T: simple.Node(to)})
			}
			if step.Action.Kind == model.Ticks {
				ticks[[2]int64{int64(i), to}] = true
			}
		}
		require.Less(t, len(list), 50_000)
	}
	component := map[int64]int{}
	for n, nodes := range topo.TarjanSCC(g) {
		for _, node := range nodes {
			component[node.ID()] = n
		}
	}
	for edge := range ticks {
		if component[edge[0]] == component[edge[1]] {
			return true
		}
	}
	return false
}

// What a trace shows is inevitable where there is no way out any more, and there was
// one before.
func TestInevitable(t *testing.T) {
	said := 0
	judge := func(p *invariants.Property, trace *trace.Trace) {
		f, err := newFuture(p, trace, join.Hint(p.PatternsIn(trace.Config)))
		require.NoError(t, err)
		s := f.WholeSystem.Init()[0]
		for i := range trace.Events {
			if i > 0 {
				lost := trace.Inevitable > 0 && i >= trace.Inevitable
				assert.Equal(t, lost, !avoids(t, f, futureState{WholeState: s}), "%s: after event %d of\n%s", p.Name, i, trace)
			}
			s = f.Step(&s, trace.Events[i].Action, &trace.Events[i].Outcome).To
		}
		if trace.Inevitable > 0 {
			said++
		}
	}
	for _, r := range judgeFaults(t) {
		if c := r.Shortest(); c != nil {
			judge(c.Finding.Property, c.Finding.Trace)
		}
	}
	assert.Greater(t, said, 5)
}
