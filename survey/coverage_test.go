package survey

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/explore/product"
	"tcpclose/internal/naive"
	"tcpclose/internal/tier"
	"tcpclose/model"
)

// What is counted is what going through the model counts, state by state.
func TestCover_AgainstModel(t *testing.T) {
	tier.SkipToCI(t)
	for _, words := range []string{naive.Tiny, "a-octets=1 b-octets=0 msl=1 rto=2 r2=1 a-fails=crash loss=1 capacity=2", "a-octets=0 b-octets=0 b-closes=never clock=leaps keepalive=3"} {
		c := naive.Parse(t, words)
		r, err := Cover(context.Background(), c, product.Options{})
		require.NoError(t, err)
		y, err := model.NewSystem(c)
		require.NoError(t, err)

		var clauses [model.NumClauses]int
		steps, met := 0, 1
		seen := map[model.State]bool{y.Init(): true}
		ends := map[model.TCB]bool{}
		states := map[model.ConnState]bool{}
		for queue := []model.State{y.Init()}; len(queue) > 0; queue = queue[1:] {
			ends[queue[0].Ends[model.A]] = true
			states[queue[0].Ends[model.A].State] = true
			y.Outcomes(queue[0], func(_ model.Action, o *model.Outcome) {
				if o.Overflow {
					return
				}
				steps++
				for _, clause := range o.Effect.Clauses.List() {
					clauses[clause]++
				}
				if !seen[o.To] {
					seen[o.To] = true
					met++
					queue = append(queue, o.To)
				}
			})
		}
		assert.Equal(t, clauses, r.Clauses, words)
		gotSteps, gotNew := 0, 0
		for _, a := range r.Actions {
			gotSteps += a.Steps
			gotNew += a.New
		}
		assert.Equal(t, []int{steps, met - 1}, []int{gotSteps, gotNew}, words)
		assert.Equal(t, len(ends), r.Parts[0].Values)
		assert.Equal(t, FieldCount{"State", len(states)}, r.Parts[0].Fields[0])
	}
}
