package explore_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/explore"
	"tcpclose/explore/internal/naive"
)

// stairs counts to 99 by 1 or by 2.
type stairs struct{}

func (stairs) Init() []int { return []int{0} }

func (stairs) Steps(dst []explore.Step[int, int], n int) []explore.Step[int, int] {
	for by := 1; by <= 2 && n+by < 100; by++ {
		dst = append(dst, explore.Step[int, int]{Action: by, To: n + by})
	}
	return dst
}

// A search that has seen enough has finished the level, and knows the path.
func TestEnough(t *testing.T) {
	watch := func(goal int) explore.Watch[int, int] {
		return explore.Watch[int, int]{Kind: explore.States, State: func(n int) bool { return n == goal }}
	}
	watches := []explore.Watch[int, int]{watch(5), watch(9), watch(100)}
	o := explore.Options{Enough: func(found func(int) bool) bool { return found(0) && found(1) }}
	e := naive.MustExplore(context.Background(), stairs{}, watches, o)
	assert.Equal(t, []string{explore.BoundEnough}, e.Incomplete)
	assert.Equal(t, 6, e.Depth)
	assert.Equal(t, 11, e.Distinct)
	_, ok := e.Found(2)
	assert.False(t, ok)
	path, ok := e.Path(1)
	require.True(t, ok)
	assert.Equal(t, []int{1, 2, 2, 2, 2}, path.Actions)

	o.Enough = func(found func(int) bool) bool { return found(2) }
	assert.True(t, naive.MustExplore(context.Background(), stairs{}, watches, o).Complete())
}
