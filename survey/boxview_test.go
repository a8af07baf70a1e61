package survey

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/explore/product"
	"tcpclose/internal/naive"
	"tcpclose/model"
)

// The views are those of a search that looks at every state.
func TestBoxViews(t *testing.T) {
	for _, b := range []string{"conntrack", "pf", "libtelio"} {
		c := naive.Parse(t, "start=closed a-octets=0 b-octets=0 msl=1 rto=3 r2=1 loss=1 duplicate=off reorder=off capacity=4 b-opens=passively box-counted=1 box="+b)
		w := c.Watcher()
		ends, rests := map[string]map[[2]model.ConnState]bool{}, map[string]map[[2]model.ConnState]bool{}
		v := &naive.Search{System: naive.SystemOf(t, c)}
		v.State = func(n naive.Node, _ int) {
			name, pair := w.State(n.Box.Entry), [2]model.ConnState{n.Ends[model.A].State, n.Ends[model.B].State}
			if ends[name] == nil {
				ends[name], rests[name] = map[[2]model.ConnState]bool{}, map[[2]model.ConnState]bool{}
			}
			ends[name][pair] = true
			if len(n.Nets[model.A].List())+len(n.Nets[model.B].List()) == 0 {
				rests[name][pair] = true
			}
		}
		v.Run()
		views, r, err := BoxViews(t.Context(), c, product.Options{})
		require.NoError(t, err)
		require.True(t, r.Complete())
		require.Len(t, views, len(ends), b)
		for _, view := range views {
			require.Len(t, view.Ends, len(ends[view.State]), "%s: %s", b, view.State)
			for _, pair := range view.Ends {
				assert.True(t, ends[view.State][pair], "%s: %s: %v", b, view.State, pair)
			}
			require.Len(t, view.Rests, len(rests[view.State]), "%s: %s", b, view.State)
			for _, pair := range view.Rests {
				assert.True(t, rests[view.State][pair], "%s: %s: %v", b, view.State, pair)
			}
		}
	}
	views, _, err := BoxViews(t.Context(), naive.Parse(t, "a-octets=0 b-octets=0 msl=1 loss=off duplicate=off reorder=off"), product.Options{})
	require.NoError(t, err)
	assert.Empty(t, views)
}
