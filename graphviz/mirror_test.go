package graphviz

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/explore/product"
	"tcpclose/invariants"
	"tcpclose/model"
	"tcpclose/survey"
)

func quotient(t *testing.T, words string) *survey.Quotient {
	c, err := model.ParseConfig(words)
	require.NoError(t, err)
	s, err := survey.ExploreSpace(t.Context(), c, invariants.Properties, product.Options{})
	require.NoError(t, err)
	q, err := s.Quotient(t.Context())
	require.NoError(t, err)
	return q
}

const likeEnds = "a-octets=0 b-octets=0 msl=2 rto=1 r2=1"

// A half tells all: what is drawn, and its mirror image, is every state and every step
// that changes a connection state.
func TestHalf(t *testing.T) {
	q := quotient(t, likeEnds)
	v := newStatesView(q, StatesOptions{})
	require.NotNil(t, v.kept)
	states := 0
	for _, s := range q.States {
		j, m := s.Joint, mirrored(s.Joint)
		if j == m {
			assert.True(t, v.keeps(j), j)
		} else {
			assert.NotEqual(t, v.keeps(j), v.keeps(m), j)
		}
		switch {
		case j == m:
			states += s.Count
		case v.keeps(j):
			states += 2 * s.Count
		}
	}
	assert.Equal(t, q.Result.Distinct, states)
	changes, drawn := 0, 0
	for _, s := range q.Steps {
		if s.From != s.To {
			changes += s.Count
		}
	}
	for _, e := range v.edges {
		drawn += 2 * e.count
		assert.True(t, v.keeps(e.from) && v.keeps(e.to), e)
	}
	for _, list := range v.told {
		for _, d := range list {
			drawn += 2 * d.count
		}
	}
	assert.Equal(t, changes, drawn)
}

// Ends that differ are drawn both, and so are alike ones if the path is in both halves.
// Where it is in one, that is the half.
func TestHalf_All(t *testing.T) {
	for _, words := range []string{likeEnds + " b-closes=after-peer", likeEnds + " b-fails=crash", likeEnds + " fault=last-ack-skipped faulty=a"} {
		assert.Nil(t, half(quotient(t, words), nil), words)
	}
	q := quotient(t, likeEnds)
	aFirst, bFirst := survey.Joint{model.FinWait1, model.CloseWait}, survey.Joint{model.CloseWait, model.FinWait1}
	assert.True(t, half(q, nil)[aFirst])
	kept := half(q, map[survey.Joint]bool{bFirst: true})
	assert.True(t, kept[bFirst])
	assert.False(t, kept[aFirst])
	assert.Nil(t, half(q, map[survey.Joint]bool{aFirst: true, bFirst: true}))
	for i := range q.Steps { // a violation of one end alone
		if s := &q.Steps[i]; len(s.Violates) > 0 {
			s.Violates = nil
			break
		}
	}
	assert.Nil(t, half(q, nil))
}
