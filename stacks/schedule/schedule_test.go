package schedule

import (
	"context"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/check"
	"tcpclose/internal/tier"
	"tcpclose/model"
	"tcpclose/stacks/adapter"
)

func TestRoutes(t *testing.T) {
	routes, err := Routes(context.Background())
	require.NoError(t, err)
	states := map[model.ConnState]bool{}
	for _, r := range routes {
		assert.Emptyf(t, r.Why, "place %s", r.Place.Name)
		states[r.Place.State] = true
	}
	for _, s := range States {
		assert.Truef(t, states[s], "no place is in %s", s)
	}
	byName := map[string]string{}
	for _, r := range routes {
		byName[r.Place.Name] = r.Schedule.String()
	}
	assert.Equal(t, "OPEN; <SEQ=0><ACK=SND.NXT><CTL=SYN,ACK>; SHUTDOWN; <SEQ=RCV.NXT><ACK=SND.UNA><CTL=FIN,ACK>", byName["CLOSING"])
	assert.Equal(t, "OPEN; <SEQ=0><ACK=SND.NXT><WND=0><CTL=SYN,ACK>; SHUTDOWN", byName["FIN-WAIT-1, FIN waits for the window"])
	for probe := range Probes {
		pairs := Pairs(routes, probe)
		assert.Greater(t, len(pairs), 6000)
		for _, p := range pairs {
			assert.Equal(t, Kinds[p.Kind].Step, p.Schedule[p.Event])
		}
	}
}

func TestKinds(t *testing.T) {
	names := map[string]bool{}
	for i, k := range Kinds {
		assert.Falsef(t, names[k.Name], "two kinds have the name %s", k.Name)
		names[k.Name] = true
		assert.Equalf(t, i, KindOf(k.Step), "kind %s", k.Name)
		assert.Equalf(t, k.Flag, FlagOf(k.Step), "kind %s", k.Name)
	}
	long := In(Segment{Ctl: Kinds[0].Step.Segment.Ctl, Seq: Number{Anchor: Next, Plus: 7}})
	assert.Equal(t, -1, KindOf(long))
}

func TestFreeBSDNames(t *testing.T) {
	names := FreeBSDNames()
	assert.Len(t, names, 88)
	assert.Len(t, slices.Compact(slices.Sorted(slices.Values(names))), 88)
	assert.Contains(t, names, "rcv-fin-ack-closing")
	_, ok := FreeBSD(model.Closing, FlagCall)
	assert.False(t, ok)
}

// A schedule shows what is looked for if it opens, shuts down, and has a FIN after
// that.
func TestShrink(t *testing.T) {
	shows := func(s Schedule) bool {
		open := slices.Index(s, Open(true))
		down := slices.Index(s, Call(adapter.Shutdown, 0))
		last := slices.IndexFunc(s, func(e Step) bool { return FlagOf(e) == FlagFINACK })
		return open >= 0 && open < down && down < last
	}
	for seed := range uint64(50) {
		w := NewWalk(seed)
		s := append(Schedule{Open(true), Call(adapter.Shutdown, 0)}, w.Begin()...)
		for step, ok := w.Next(); ok; step, ok = w.Next() {
			s = append(s, step)
		}
		s = append(s, In(Segment{Ctl: fin.Ctl, Seq: Number{Anchor: Edge, Plus: -1}, Ack: Number{Anchor: Floor, Plus: -1}, Len: 1, Window: Shut}), Pass(GiveUp))
		require.True(t, shows(s))
		short := Shrink(s, nil, shows)
		assert.Len(t, short, 3)
		assert.Equal(t, In(Segment{Ctl: fin.Ctl, Seq: Number{Anchor: Next, Plus: 0}, Ack: Number{Anchor: Next, Plus: 0}}), short[2])
	}
}

// Waits that follow each other become one.
func TestShrink_Waits(t *testing.T) {
	s := Schedule{Open(true), Pass(Settle), Pass(Settle), Pass(Settle), In(fin)}
	length := map[Wait]int{Settle: 1, Retransmit: 3}
	short := Shrink(s, nil, func(s Schedule) bool {
		n := 0
		for _, e := range s {
			n += length[e.Wait]
		}
		return n >= 3
	})
	assert.Equal(t, Schedule{Pass(Retransmit)}, short)
}

func TestWalk(t *testing.T) {
	draw := func() (s Schedule) {
		w := NewWalk(7)
		w.Weight = func(kind int) int { return kind % 2 }
		s = w.Begin()
		for step, ok := w.Next(); ok; step, ok = w.Next() {
			s = append(s, step)
		}
		return s
	}
	assert.Equal(t, draw(), draw())
	w := NewWalk(7)
	w.Weight = func(int) int { return 0 }
	for _, ok := w.Next(); ok; _, ok = w.Next() {
	}
}

func TestOfFaults(t *testing.T) {
	list, err := OfFaults(context.Background())
	require.NoError(t, err)
	faults := map[model.Fault]bool{}
	for _, c := range list {
		faults[c.Fault] = true
	}
	for f := model.NoFault + 1; f < model.NumFaults; f++ {
		assert.Truef(t, faults[f], "fault %s has no counterexample", f)
	}
}

// What small presets are known to violate has a schedule, and so has what an alternative
// violates.
func TestOfProperties(t *testing.T) {
	tier.SkipToCI(t)
	list, err := ofProperties(context.Background(), tier.Choose(check.Readings[:3], check.Readings))
	require.NoError(t, err)
	found := map[string]bool{}
	for _, e := range list {
		found[e.Property] = true
	}
	for _, p := range check.Presets {
		if p.States == 0 || p.States > mostStates {
			continue
		}
		for _, e := range p.Expected {
			if e.Verdict == check.Violated {
				assert.Truef(t, found[e.Property], "%s, of preset %s, has no counterexample", e.Property, p.Name)
			}
		}
	}
	different := once(list)
	assert.Less(t, len(different), len(list))
	t.Logf("%d schedules of %d properties", len(different), len(found))
}
