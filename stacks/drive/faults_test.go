package drive

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/check"
	"tcpclose/internal/tier"
	"tcpclose/model"
	"tcpclose/observe"
	"tcpclose/stacks/adapter"
	"tcpclose/stacks/own"
	"tcpclose/stacks/schedule"
)

// hidden returns the model behind the adapter's interface, with a fault, and a campaign
// for it by rules that know the same model without the fault.
func hidden(t testing.TB, c model.Config, buffer int) *Campaign {
	t.Helper()
	clean := c
	clean.Fault = model.NoFault
	if buffer > 0 {
		clean.Apps[model.A].Buffer = model.WindowOf(uint8(buffer))
	}
	a, err := own.New(c, own.Tick)
	require.NoError(t, err)
	rules := observe.Known(clean, own.Tick)
	observer, err := NewObserver(rules)
	require.NoError(t, err)
	p := &Player{Host: InProcess(a), Setup: adapter.Setup{Buffer: buffer}}
	p.Timing = timingOf(clean)
	return NewCampaign(p, observer)
}

// timingOf returns the times of a configuration, as if they had been measured.
func timingOf(c model.Config) Timing {
	end := c.Ends[model.A]
	t := Timing{TimeWait: own.Tick * 2 * time.Duration(c.MSL)}
	for i := range t.Series {
		t.Series[i].Again = append(t.Series[i].Again, own.Tick*time.Duration(end.RTO))
		t.Series[i].Ends = own.Tick * 2000
	}
	if end.FinWait2 > 0 {
		t.FinWait2 = own.Tick * time.Duration(end.FinWait2)
	}
	return t
}

// TestOwn: the model behind the protocol has no deviation in schedules drawn by lot.
func TestOwn(t *testing.T) {
	c := hidden(t, own.Default(), 0)
	require.NoError(t, c.Walks(context.Background(), 0, tier.Choose(1000, 10000), nil))
	for _, d := range Sorted(c.Deviations) {
		t.Errorf("%s: %s, expected %s: %s", d.Rule, d.Seen, d.Expected, d.Events)
	}
	require.Empty(t, c.Lost)
	t.Logf("%d schedules, %d events, %d pairs, %s + %s", c.Schedules, c.Events, len(c.Cells), c.Playing, c.Observing)
}

// plain has the faults that the plain tier looks for; the others take longer.
var plain = map[model.Fault]bool{
	model.LastAckAnyAck: true, model.FinBeforeHole: true, model.TextAfterFin: true, model.NoTimeWait: true, model.TextNotResent: true,
}

// TestFaults: each seeded fault behind the protocol is found.
func TestFaults(t *testing.T) {
	tier.SkipToCI(t)
	ctx := context.Background()
	routes, err := schedule.Routes(ctx)
	require.NoError(t, err)
	examples, err := schedule.OfFaults(ctx)
	require.NoError(t, err)
	for _, f := range check.FaultCases {
		if !plain[f.Fault] && tier.Leaves(t, f.Fault.String()) {
			continue
		}
		c := own.Default()
		c.Fault = f.Fault
		c.EachEnd(func(e *model.Endpoint) {
			e.FinWait2 = 600
			e.Choices = f.Config.Ends[model.A].Choices
		})
		h := hidden(t, c, 0)
		found := func() bool { return len(h.Deviations) > 0 }
		for _, e := range examples {
			if e.Fault == f.Fault && !found() {
				require.NoError(t, h.Play(e.Schedule))
			}
		}
		by := "counterexample"
		for probe := range schedule.Probes {
			if !found() {
				by = fmt.Sprintf("pairs, probe %d", probe)
				for _, p := range schedule.Pairs(routes, probe) {
					if found() {
						break
					}
					require.NoError(t, h.Play(p.Schedule))
				}
			}
		}
		if !found() {
			by = "pairs, buffer of 2"
			h = hidden(t, c, 2)
			for _, p := range schedule.Pairs(routes, 0) {
				if found() {
					break
				}
				require.NoError(t, h.Play(p.Schedule))
			}
		}
		if why, ok := alike[f.Fault]; ok {
			require.Emptyf(t, h.Deviations, "fault %s is found, although %s", f.Fault, why)
			same(t, c, routes)
			continue
		}
		if !assert.Truef(t, found(), "fault %s is not found", f.Fault) {
			continue
		}
		d := Sorted(h.Deviations)[0]
		t.Logf("%s: %s, in %d events: %s", f.Fault, by, d.Length(), d.Rule)
	}
}

// alike has the faults that cannot be told from none at the adapter's interface.
var alike = map[model.Fault]string{
	model.LastAckUntold:      "no call tells the user that its CLOSE is complete",
	model.SynInTimeWaitAcked: "the adapter's host has one connection, and no user that would listen again",
	model.FinWait2Reused:     "the adapter's host has one connection",
}

// same requires that the model with the fault gives the same as without in all pairs.
func same(t *testing.T, c model.Config, routes []schedule.Route) {
	t.Helper()
	clean := c
	clean.Fault = model.NoFault
	var players [2]Player
	for i, config := range []model.Config{c, clean} {
		a, err := own.New(config, own.Tick)
		require.NoError(t, err)
		players[i] = Player{Host: InProcess(a), Timing: timingOf(clean)}
	}
	for probe := range schedule.Probes {
		for _, p := range schedule.Pairs(routes, probe) {
			_, with, err := players[0].Play(p.Schedule)
			require.NoError(t, err)
			_, without, err := players[1].Play(p.Schedule)
			require.NoError(t, err)
			require.Equalf(t, without, with, "fault %s: %s", c.Fault, p.Schedule)
		}
	}
}
