package survey

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/check"
	"tcpclose/explore"
	"tcpclose/explore/product"
	"tcpclose/internal/naive"
)

func timed(t *testing.T, words, interval string, o product.Options) *Timing {
	i, err := ParseInterval(interval)
	require.NoError(t, err)
	r, err := Time(context.Background(), naive.Parse(t, words), i, o)
	require.NoError(t, err)
	return r
}

// Where nothing is lost TIME-WAIT takes 2 MSL. Otherwise the last retransmission
// of a FIN may come just before it ends, as old as a segment can be; and it can be
// cut short at once (RFC 1337).
func TestTime_TimeWait(t *testing.T) {
	const interval = "a: TIME-WAIT -> CLOSED"
	r := timed(t, "a-octets=0 b-octets=0 loss=off duplicate=off reorder=off delay=1 msl=3 rto=4", interval, product.Options{})
	assert.Equal(t, []int{6, 6}, []int{r.Least, r.Greatest})
	assert.Equal(t, check.Holds, r.Within(6))
	assert.Equal(t, check.Violated, r.Within(5))

	for _, clock := range []string{"", " clock=leaps"} {
		r := timed(t, "a-octets=0 b-octets=0 msl=3 rto=2 r2=2"+clock, interval, product.Options{})
		assert.Equal(t, []int{0, 12}, []int{r.Least, r.Greatest})
		require.NotNil(t, r.Latest)
		naive.AssertReplays(t, r.Latest)
		naive.AssertReplays(t, r.Soonest)
		elapsed := 0
		for _, e := range r.Latest.Events[r.LatestFrom:] {
			elapsed += int(e.Outcome.Elapsed)
		}
		assert.Equal(t, r.Greatest, elapsed)
	}
}

// FIN-WAIT-2 has no end where the peer does not close, and one where it has a
// timer.
func TestTime_FinWait2(t *testing.T) {
	const tiny, interval = "a-octets=0 b-octets=0 msl=1 rto=2 r2=1 ", "a: FIN-WAIT-2 -> a.state != FIN_WAIT_2"
	const leaves = "a.state == FIN_WAIT_2 -> a.state != FIN_WAIT_2"
	r := timed(t, tiny+"b-closes=never", leaves, product.Options{})
	require.NotNil(t, r.Endless)
	assert.Equal(t, check.Violated, r.Within(1000))
	r = timed(t, tiny+"a-close-is=full b-closes=never fin-wait-2=3", leaves, product.Options{})
	assert.True(t, r.Endless == nil)
	assert.Equal(t, 3, r.Greatest)
	_, err := ParseInterval(interval)
	assert.Error(t, err, "with a side, both are states")
}

// What was not explored is not known.
func TestTime_Incomplete(t *testing.T) {
	r := timed(t, naive.Tiny, "a: TIME-WAIT -> CLOSED", product.Options{Limits: explore.Limits{Depth: 9}})
	assert.Equal(t, []string{explore.BoundDepth}, r.Incomplete)
	assert.Equal(t, check.Unknown, r.Within(1000))
	r = timed(t, naive.Tiny, "a: TIME-WAIT -> CLOSED", product.Options{Limits: explore.Limits{Depth: 2}})
	assert.False(t, r.Begins)
	r = timed(t, naive.Tiny+"a-closes=never", "a: FIN-WAIT-1 -> CLOSED", product.Options{})
	assert.Equal(t, check.Vacuous, r.Within(1000))
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	i, err := ParseInterval("a: TIME-WAIT -> CLOSED")
	require.NoError(t, err)
	r, err = Time(ctx, naive.Parse(t, naive.Tiny), i, product.Options{})
	require.NoError(t, err)
	assert.Equal(t, []string{explore.Interrupted}, r.Incomplete)
}

func TestParseInterval_Refused(t *testing.T) {
	for text, want := range map[string]string{
		"a.state == CLOSED":             `expression "a.state == CLOSED": want P -> Q, as in 'a: TIME-WAIT -> CLOSED' or 'a.sends.fin -> b.state == CLOSED'`,
		"a: WAIT -> CLOSED":             `expression "a.state == WAIT", column 12: WAIT: did you mean FIN_WAIT_1? want one of`,
		"a.sndUna == b.rcvNxt -> a.x":   `expression`,
		"a.state == b.state -> a.state": `compares parts of the system with each other`,
	} {
		_, err := ParseInterval(text)
		assert.ErrorContains(t, err, want)
	}
}

// Several intervals by one exploration are as each by itself.
func TestTimes_AsOneByOne(t *testing.T) {
	const words = "a-octets=0 b-octets=0 msl=2 rto=2 r2=1 a-close-is=full fin-wait-2=3 clock=leaps"
	var intervals []*Interval
	texts := []string{"a: TIME-WAIT -> CLOSED", "a.sends.fin || b.sends.fin -> a.state == FIN_WAIT_2", "a.state == CLOSE_WAIT -> a.state != CLOSE_WAIT", "b: LAST-ACK -> CLOSED"}
	for _, text := range texts {
		i, err := ParseInterval(text)
		require.NoError(t, err)
		intervals = append(intervals, i)
	}
	together, err := Times(context.Background(), naive.Parse(t, words), intervals, product.Options{})
	require.NoError(t, err)
	for i, text := range texts {
		alone, got := timed(t, words, text, product.Options{}), together[i]
		assert.Equal(t, alone.Begins, got.Begins, text)
		assert.Equal(t, alone.Ends, got.Ends, text)
		assert.Equal(t, alone.Least, got.Least, text)
		assert.Equal(t, alone.Greatest, got.Greatest, text)
		assert.Equal(t, alone.Endless != nil, got.Endless != nil, text)
	}
	_, err = Times(context.Background(), naive.Parse(t, words), append(append(append(intervals, intervals...), intervals...), intervals...), product.Options{})
	assert.ErrorContains(t, err, "alternatives: want at most")
}
