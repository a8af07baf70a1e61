package drive

import (
	"context"
	"fmt"
	"time"

	"tcpclose/stacks/adapter"
	"tcpclose/stacks/schedule"
)

// network has the faults of the network while both ends are there: each happens to
// one of so many segments.
var network = Faults{Loss: 6, Copy: 8, Reorder: 6}

// Both lets the stack and a peer that is a stack itself talk over a network that
// loses, copies and reorders, in runs that are drawn by lot. What the stack does is
// observed, and at the end of each run both must be CLOSED.
func (c *Campaign) Both(ctx context.Context, peer Host, from uint64, n int) error {
	ends := &Ends{Hosts: [2]Host{c.Player.Host, peer}}
	for seed := from; seed < from+uint64(n); seed++ {
		if ctx.Err() != nil {
			return nil
		}
		acts := network.Draw(seed)
		events, results, wrong, err := ends.Run(acts)
		if err != nil {
			return err
		}
		c.Schedules++
		c.Events += len(events[0])
		run := runOf(events[0], results[0])
		run.Name = fmt.Sprintf("both ends, run %d", seed)
		r, err := c.learn(events[0], run)
		if err != nil {
			return err
		}
		if len(r.Deviations) > 0 {
			c.Between++
		}
		if wrong != "" {
			if err := c.hangs(ends, acts, wrong); err != nil {
				return err
			}
		}
		if c.Progress != nil && seed%50 == 0 {
			c.Progress("both ends real", c.Schedules)
		}
	}
	return nil
}

// hangs notes that a connection has not come to its end, with as few acts as can be
// found.
func (c *Campaign) hangs(ends *Ends, acts []Act, wrong string) error {
	key := "hang: " + stateOf(wrong)
	if d := c.Deviations[key]; d != nil {
		d.Found++
		return nil
	}
	var failed error
	short := schedule.Fewer(acts, nil, func(acts []Act) bool {
		c.Shrunk++
		_, _, again, err := ends.Run(acts)
		if err != nil {
			failed = err
		}
		return again != "" && "hang: "+stateOf(again) == key
	})
	if failed != nil {
		return failed
	}
	events, results, again, err := ends.Run(short)
	if err != nil {
		return err
	}
	if again == "" {
		c.Unsure[key]++
		return nil
	}
	d := &Deviation{
		Rule: key, Clause: "RFC 9293, 3.6 and 3.8.1", Strength: Must,
		Says: "all that was sent before the CLOSE, and the FIN, is delivered reliably: when both users have closed the connection ends",
		Seen: again, Expected: []string{"both ends are CLOSED"}, Found: 1, Again: 1, State: stateOf(again),
	}
	c.Deviations[key] = d
	return c.replay(d, events[0], results[0])
}

// replay plays what happened at the stack's end once more, without what came to
// nothing, and a long wait after it.
func (c *Campaign) replay(d *Deviation, events adapter.Schedule, results []adapter.Result) error {
	p := c.Player
	if err := p.Reset(); err != nil {
		return err
	}
	released := false
	for i, e := range events {
		if idles(e, results[i]) || released && e.Kind == adapter.Calls {
			continue
		}
		if e.Kind == adapter.Advances {
			e.Wait = min(e.Wait, 10*time.Second)
		}
		if _, r := p.DoEvent(e); r.Err != "" {
			break
		}
		released = released || e.Kind == adapter.Calls && e.Call == adapter.Release
	}
	p.DoEvent(adapter.Wait(longest / 2))
	d.Events, d.Results = p.Events()
	d.At = len(d.Events) - 1
	return nil
}

// stateOf returns the end and the state that a text of Ends.Run names.
func stateOf(wrong string) string {
	var end int
	var state string
	if _, err := fmt.Sscanf(wrong, "end %d is in %s", &end, &state); err != nil {
		return wrong
	}
	if end == 2 {
		return "the peer in " + state
	}
	return state
}

// idles reports whether nothing was seen of a wait, or of a RECEIVE.
func idles(e adapter.Event, r adapter.Result) bool {
	reads := e.Kind == adapter.Calls && e.Call == adapter.Receive
	return (e.Kind == adapter.Advances || reads) && len(r.Emitted) == 0
}
