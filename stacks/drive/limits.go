package drive

import (
	"fmt"
	"time"

	"tcpclose/stacks/adapter"
	"tcpclose/stacks/schedule"
	"tcpclose/stacks/wire"
)

// A limit is what the RFCs ask of a time, and what was measured against it.
type limit struct {
	rule, clause, says string
	strength           Strength
	expected           string
	run                schedule.Schedule // that shows it, with a wait after it
	wait               time.Duration
	wrong              func(Timing) string // what is wrong with what was measured; "" is nothing
}

var seriesNames = [4]string{"SYN", "SYN,ACK", "text", "FIN"}

var seriesRuns = [4]schedule.Schedule{
	{schedule.Open(true)}, {passively, synCame}, with(opened, written), with(opened, shut),
}

const (
	synR2  = 3 * time.Minute
	dataR2 = 100 * time.Second
)

// limits lists what is asked of times.
func limits() (list []limit) {
	for i, name := range seriesNames {
		list = append(list, limit{
			rule: "never-retransmits: " + name, clause: "RFC 9293, 3.8.1 and 3.10.8; RFC 6298, 5.4",
			says: "when the retransmission timer expires the earliest segment is sent again", strength: Must,
			expected: "the " + name + " again, after about a second", run: seriesRuns[i], wait: 10 * time.Second,
			wrong: func(t Timing) string {
				if len(t.Series[i].Again) > 0 || t.Series[i].RST {
					return ""
				}
				return fmt.Sprintf("nothing is sent again in %s", t.Waited)
			},
		}, limit{
			rule: "no-back-off: " + name, clause: "RFC 6298, 5.5; RFC 9293, 3.8.1 (MUST-19)",
			says: "each retransmission doubles the RTO, up to a maximum of at least a minute", strength: Must,
			expected: "intervals that double", run: seriesRuns[i], wait: 3 * time.Minute,
			wrong: func(t Timing) string { return t.Series[i].grows() },
		})
	}
	for _, i := range []int{OfSYN, OfSYNACK} {
		list = append(list, limit{
			rule: "gives-up-early: " + seriesNames[i], clause: "RFC 9293, 3.8.3 (MUST-23)",
			says: "R2 for a SYN is at least 3 minutes", strength: Must,
			expected: "the connection is there for 3 minutes at least", run: seriesRuns[i], wait: synR2,
			wrong: func(t Timing) string { return t.Series[i].early(synR2) },
		})
	}
	for _, i := range []int{OfText, OfFIN} {
		list = append(list, limit{
			rule: "gives-up-early: " + seriesNames[i], clause: "RFC 9293, 3.8.3 (SHLD-11)",
			says: "R2 is at least 100 seconds", strength: Should,
			expected: "the connection is there for 100 seconds at least", run: seriesRuns[i], wait: dataR2,
			wrong: func(t Timing) string { return t.Series[i].early(dataR2) },
		})
	}
	return append(list, otherLimits()...)
}

// otherLimits lists those that are not of retransmissions.
func otherLimits() []limit {
	return []limit{
		{
			rule: "never-probes", clause: "RFC 9293, 3.8.6.1 (MUST-36)", says: "a zero window is probed", strength: Must,
			expected: "a probe", run: schedule.Schedule{schedule.Open(true), shutOpen, written}, wait: 10 * time.Minute,
			wrong: func(t Timing) string {
				if len(t.Probes.Again) > 0 {
					return ""
				}
				return fmt.Sprintf("nothing is sent in %s", t.Waited)
			},
		},
		{
			rule: "probed-peer-given-up", clause: "RFC 9293, 3.8.6.1 (MUST-37)",
			says: "while the peer acknowledges probes the connection stays open", strength: Must,
			expected: "the connection stays open", run: schedule.Schedule{schedule.Open(true), shutOpen, written}, wait: time.Hour,
			wrong: func(t Timing) string {
				if t.Probed == 0 {
					return ""
				}
				return fmt.Sprintf("the connection has gone after %s, although each probe was answered", round(t.Probed))
			},
		},
		{
			rule: "late-ack", clause: "RFC 9293, 3.8.6.3 (MUST-40)", says: "an acknowledgement is delayed by less than half a second", strength: Must,
			expected: "an acknowledgement", run: with(opened, texted), wait: time.Second,
			wrong: func(t Timing) string {
				if t.AckDelay < 500*time.Millisecond {
					return ""
				}
				return fmt.Sprintf("the acknowledgement comes after %s", round(t.AckDelay))
			},
		},
		{
			rule: "keep-alive-by-default", clause: "RFC 9293, 3.8.4 (MUST-25)", says: "keep-alive is off by default", strength: Must,
			expected: "nothing", run: opened, wait: 3 * time.Hour,
			wrong: func(t Timing) string {
				if !t.KeepAlive {
					return ""
				}
				return "an idle connection sends a segment"
			},
		},
	}
}

// grows reports as text where the series does not back off, up to a minute. A kernel's
// timers are late by up to an eighth of what they last.
func (s Series) grows() string {
	last := time.Duration(0)
	for i := 1; i < len(s.Again); i++ {
		before := s.Again[i-1] - last
		now := s.Again[i] - s.Again[i-1]
		last = s.Again[i-1]
		if before < 31*time.Second && now < before*7/4 {
			return fmt.Sprintf("retransmissions %d and %d come %s and %s after the ones before them", i, i+1, round(before), round(now))
		}
	}
	return ""
}

// early reports as text that the connection has gone before r2.
func (s Series) early(r2 time.Duration) string {
	if s.Ends == 0 || s.Ends >= r2 || len(s.Again) == 0 {
		return ""
	}
	return fmt.Sprintf("the connection has gone after %s and %d retransmissions", round(s.Ends), len(s.Again))
}

// round returns a time as it is shown.
func round(d time.Duration) time.Duration {
	if d > 10*time.Second {
		return d.Round(time.Second)
	}
	return d.Round(time.Millisecond)
}

// Limits notes which of the measured times break a rule, each with the run that shows it.
func (c *Campaign) Limits() error {
	t := c.Player.Timing
	for _, l := range limits() {
		seen := l.wrong(t)
		if seen == "" || l.wait > t.Waited && !c.Player.Host.Caps().Virtual {
			continue
		}
		if err := c.Player.playNow(l.run); err != nil {
			return err
		}
		c.Player.DoEvent(adapter.Wait(l.wait))
		d := &Deviation{
			Rule: l.rule, Clause: l.clause, Says: l.says, Strength: l.strength, Seen: seen, Expected: []string{l.expected},
			Found: 1, Again: 1, Shortest: with(l.run, schedule.Pass(schedule.GiveUp)),
		}
		d.Events, d.Results = c.Player.Events()
		d.At = len(d.Events) - 1
		d.State = d.Results[d.At].State
		c.Deviations[l.rule] = d
	}
	return nil
}

// probed finds when the connection goes although each probe of its zero window is
// answered; 0 is not in wait.
func (p *Player) probed(wait time.Duration) (time.Duration, error) {
	if err := p.playNow(schedule.Schedule{schedule.Open(true), shutOpen, written}); err != nil {
		return 0, err
	}
	answer := schedule.In(schedule.Segment{
		Ctl: wire.ACK, Seq: schedule.Number{Anchor: schedule.Next}, Ack: schedule.Number{Anchor: schedule.Edge}, Window: schedule.Shut,
	})
	const step = 10 * time.Second
	for now := time.Duration(0); now < wait; now += step {
		_, r := p.DoEvent(adapter.Wait(step))
		switch {
		case r.Err != "":
			return 0, fmt.Errorf("waiting for %s: %s", step, r.Err)
		case r.State == "CLOSED":
			return r.Now, nil
		case len(r.Emitted) == 0:
			continue
		case r.Emitted[len(r.Emitted)-1].Segment.Ctl.Has(wire.RST):
			return r.Now, nil
		}
		if _, r = p.Do(answer); r.Err != "" {
			return 0, fmt.Errorf("answering a probe: %s", r.Err)
		}
		for _, e := range r.Emitted {
			if e.Segment.Ctl.Has(wire.RST) {
				return r.Now, nil
			}
		}
	}
	return 0, nil
}
