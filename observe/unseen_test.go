package observe

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tcpclose/internal/tier"
	"tcpclose/stacks/own"
)

// overheard returns the run as it is seen on the path: no calls, and of what arrives no
// more than that it passed by. Some of it did not arrive.
func overheard(random *rand.Rand, run Run) Run {
	list := Run{Name: run.Name}
	for _, e := range run.Events {
		switch e.Kind {
		case Opens, Calls:
			continue
		case Arrives:
			if random.IntN(10) == 0 {
				lost := e
				lost.Kind = Passes
				lost.Segment.Ack++
				list.Events = append(list.Events, lost)
			}
			e.Kind = Passes
		}
		e.State = ""
		list.Events = append(list.Events, e)
	}
	return list
}

// Where calls are not seen, and it is not known what arrives, the end is still among
// the states in which it can be.
func TestObserve_Overheard(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	c := testConfig()
	a, err := own.New(c, own.Tick)
	require.NoError(t, err)
	rules := Known(c, own.Tick)
	rules.Unseen = Unseen{Calls: true, Transit: Span{0, time.Second}}
	o, err := New(rules)
	require.NoError(t, err)
	most, sum := 0, 0
	for range tier.Choose(300, 3000) {
		run := draw(t, a, random.IntN)
		state := run.Events[len(run.Events)-1].State
		seen := overheard(random, run)
		o.begin()
		n, err := o.follow(seen.Events)
		require.NoError(t, err)
		require.Equal(t, len(seen.Events), n, run.Name)
		var names []string
		for _, s := range o.States() {
			names = append(names, s.Name())
		}
		require.Contains(t, names, state, run.Name)
		most = max(most, len(o.set))
		sum += len(o.set)
	}
	t.Logf("at most %d hypotheses at the end of a run, %d in all", most, sum)
}
