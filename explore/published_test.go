package explore_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"tcpclose/explore"
	"tcpclose/explore/internal/naive"
	"tcpclose/explore/internal/systems"
	"tcpclose/internal/tier"
)

// TestPublishedCounts has the state counts that other checkers published. A zero
// was not published.
func TestPublishedCounts(t *testing.T) {
	for _, tt := range []struct {
		name                       string
		distinct, generated, depth int
		cut                        bool
		explore                    func(explore.Options) explore.Result
	}{
		{"MCtcp", 1182, 6322, 14, true, counts(systems.Mctcp{})},
		{"two-phase commit, 3", 288, 1146, 11, false, counts(systems.TwoPhase(3))},
		{"two-phase commit, 5", 8832, 0, 0, false, counts(systems.TwoPhase(5))},
		{"two-phase commit, 7", 296_448, 0, 0, false, counts(systems.TwoPhase(7))},
		{"alternating bit", 240, 1392, 10, true, counts(systems.AlternatingBit{})},
		{"Peterson", 42, 77, 11, false, counts(systems.Peterson{})},
		{"philosophers", 67, 336, 29, false, counts(systems.Philosophers{})},
		{"ping-pong, 1", 14, 0, 0, true, counts(systems.PingPong(1))},
		{"ping-pong, 5", 4094, 0, 0, true, counts(systems.PingPong(5))},
		{"die hard", 16, 97, 8, false, counts(systems.DieHard{})},
	} {
		for _, workers := range []int{1, 2, 4} {
			t.Run(fmt.Sprintf("%s/%d workers", tt.name, workers), func(t *testing.T) {
				if tt.distinct > 1e5 && workers > 2 {
					tier.Skip(t)
				}
				r := tt.explore(explore.Options{Workers: workers})
				assert.Equal(t, tt.distinct, r.Distinct)
				if tt.generated != 0 {
					assert.Equal(t, tt.generated, r.Generated)
					assert.Equal(t, tt.depth, r.Depth)
				}
				var incomplete []string
				if tt.cut {
					incomplete = []string{explore.BoundBoundary}
				}
				assert.Equal(t, incomplete, r.Incomplete)
			})
		}
	}
}

// counts returns the search of sys, without watches.
func counts[S comparable, A any](sys explore.System[S, A]) func(explore.Options) explore.Result {
	return func(o explore.Options) explore.Result {
		return naive.MustExplore(context.Background(), sys, nil, o).Result
	}
}

// TestMCtcpLevels has the sizes of MCtcp's levels.
func TestMCtcpLevels(t *testing.T) {
	sizes := []int{2, 10, 26, 53, 82, 116, 148, 176, 203, 181, 112, 51, 18, 4}
	total := sizes[0]
	for depth, size := range sizes[1:] {
		r := counts(systems.Mctcp{})(explore.Options{Limits: explore.Limits{Depth: depth + 1}})
		assert.Equal(t, size, r.Distinct-total, "level %d", depth+1)
		total = r.Distinct
	}
}

// The published systems were checked for these properties, too.
func TestPublishedProperties(t *testing.T) {
	both := explore.Watch[systems.Lock, systems.Turn]{Kind: explore.States, State: func(l systems.Lock) bool { return l.Inside(0) && l.Inside(1) }}
	one := explore.Watch[systems.Lock, systems.Turn]{Kind: explore.States, State: func(l systems.Lock) bool { return l.Inside(0) }}
	p := naive.MustExplore(context.Background(), systems.Peterson{}, []explore.Watch[systems.Lock, systems.Turn]{both, one}, explore.Options{})
	_, broken := p.Found(0)
	_, entered := p.Found(1)
	assert.False(t, broken, "two processes hold Peterson's lock")
	assert.True(t, entered)

	split := explore.Watch[systems.Commit, string]{Kind: explore.States, State: func(s systems.Commit) bool { return !s.Consistent() }}
	c := naive.MustExplore(context.Background(), systems.TwoPhase(3), []explore.Watch[systems.Commit, string]{split}, explore.Options{})
	_, broken = c.Found(0)
	assert.False(t, broken, "two resource managers decide differently")
}
