package packetdrill

import (
	"fmt"
	"slices"
	"time"

	"tcpclose/stacks/adapter"
	"tcpclose/stacks/wire"
)

// A Difference is where a stack does not do what a script expects.
type Difference struct {
	Line int
	Want string
	Got  string
	Sort Sort
}

func (d Difference) String() string {
	return fmt.Sprintf("line %d: %s: want %s", d.Line, d.Got, d.Want)
}

// A Sort is a sort of difference.
type Sort uint8

// The sorts.
const (
	Missing Sort = iota // a segment was not sent
	Besides             // one was sent that is not expected
	Other               // another one was sent
	Early               // a segment was sent before its time
	Late                // or after it
	Answer              // a call told something else
	State               // the state is another one
	Failed              // the adapter has failed
)

func (s Sort) String() string {
	return [...]string{"missing", "besides", "other", "early", "late", "told", "state", "failed"}[s]
}

// A Runner does a schedule on a new host.
type Runner func(adapter.Setup, adapter.Schedule) ([]adapter.Result, error)

// Schedule returns the events of the script, and for each the number of its step, or
// -1 where time passes.
func (s *Script) Schedule() (events adapter.Schedule, steps []int) {
	now := time.Duration(0)
	wait := func(until time.Duration) {
		if until > now {
			events, steps = append(events, adapter.Wait(until-now)), append(steps, -1)
			now = until
		}
	}
	for i, step := range s.Steps {
		switch step.Kind {
		case Acts:
			wait(step.Earliest)
			events, steps = append(events, step.Event), append(steps, i)
		case Expects:
			// What comes at once needs no time; what a timer sends has its tolerance, and
			// what follows in the script comes after it.
			if step.Latest > now && !step.Any {
				wait(step.Latest + s.Tolerance)
			}
		case Asserts:
			wait(step.Earliest)
		}
	}
	return events, steps
}

// An Outcome is what a stack did with a script.
type Outcome struct {
	Events     adapter.Schedule
	Results    []adapter.Result
	Difference *Difference // the first, or nil
}

// Run runs the script. Slack is added to the script's tolerance.
func (s *Script) Run(run Runner, slack time.Duration) (o Outcome, err error) {
	events, steps := s.Schedule()
	results, err := run(adapter.Setup{Seed: 1}, events)
	if err != nil {
		return o, err
	}
	c := comparison{script: s, events: events, steps: steps, results: results, tolerance: s.Tolerance + slack}
	return Outcome{events, results, c.compare()}, nil
}

// A comparison walks over the steps and what was seen.
type comparison struct {
	script    *Script
	events    adapter.Schedule
	steps     []int
	results   []adapter.Result
	tolerance time.Duration

	next  int               // the next result
	sent  []adapter.Emitted // seen and not yet expected
	began time.Duration     // when the last event of a step was done, by the stack
	at    time.Duration     // and by the script
	state string
}

func (c *comparison) compare() *Difference {
	for i, step := range c.script.Steps {
		switch step.Kind {
		case Acts:
			if d := c.act(i, step); d != nil {
				return d
			}
		case Expects:
			if d := c.expect(step); d != nil {
				return d
			}
		case Asserts:
			c.wait()
			if d := c.nothing(step); d != nil {
				return d
			}
			if c.state != "" && base(c.state) != step.State {
				return &Difference{step.Line, step.State, c.state, State}
			}
		}
	}
	return nil // what comes after the last statement is not looked at, as packetdrill does not
}

// base returns the RFC's part of a state's name.
func base(state string) string {
	for i := range len(state) {
		if state[i] == '/' {
			return state[:i]
		}
	}
	return state
}

// take takes the next result.
func (c *comparison) take() adapter.Result {
	r := c.results[c.next]
	c.next++
	c.sent = append(c.sent, r.Emitted...)
	if r.State != "" {
		c.state = r.State
	}
	return r
}

// wait takes the results up to the next event of a step.
func (c *comparison) wait() {
	for c.next < len(c.results) && c.steps[c.next] < 0 {
		c.take()
	}
}

// act takes the results up to that of the step.
func (c *comparison) act(i int, step Step) *Difference {
	c.wait()
	if d := c.nothing(step); d != nil {
		return d
	}
	if c.next >= len(c.results) || c.steps[c.next] != i {
		return &Difference{step.Line, "an event", "the adapter has ended", Failed}
	}
	before := time.Duration(0)
	if c.next > 0 {
		before = c.results[c.next-1].Now
	}
	r := c.take()
	if c.script.NoUpdates && step.Event.Kind == adapter.Calls && step.Event.Call == adapter.Receive {
		c.sent = slices.DeleteFunc(c.sent, func(e adapter.Emitted) bool {
			return e.Segment.Ctl&^wire.PSH == wire.ACK && e.Segment.Len == 0
		})
	}
	c.began, c.at = before, step.Earliest
	if r.Err != "" {
		return &Difference{step.Line, "an event", r.Err, Failed}
	}
	if step.Told == "" || r.Answer == nil {
		return nil
	}
	told := r.Answer.Told
	if told == adapter.Reset && step.Told == adapter.Refused {
		told = adapter.Refused // RFC 9293, 3.10.7.3 calls it a reset
	}
	if told != step.Told || step.Counts && r.Answer.Octets != step.Octets {
		want := adapter.Answer{Told: step.Told, Octets: step.Octets}
		return &Difference{step.Line, want.String(), r.Answer.String(), Answer}
	}
	return nil
}

// expect takes the segment of the step from what was sent.
func (c *comparison) expect(step Step) *Difference {
	for len(c.sent) == 0 && c.next < len(c.results) && c.steps[c.next] < 0 {
		c.take()
	}
	want := figure(step.Segment)
	if len(c.sent) == 0 {
		return &Difference{step.Line, want, "nothing was sent", Missing}
	}
	got := c.sent[0]
	if !c.script.same(got.Segment, step.Segment) {
		return &Difference{step.Line, want, figure(got.Segment), Other}
	}
	c.sent = c.sent[1:]
	if step.Any {
		return nil
	}
	after := got.At - c.began
	if least := step.Earliest - c.at - c.tolerance; after < least {
		return &Difference{step.Line, fmt.Sprintf("%s after %s", want, step.Earliest-c.at), fmt.Sprintf("it was sent after %s", after), Early}
	}
	if most := step.Latest - c.at + c.tolerance; after > most {
		return &Difference{step.Line, fmt.Sprintf("%s after %s", want, step.Latest-c.at), fmt.Sprintf("it was sent after %s", after), Late}
	}
	return nil
}

// nothing reports a segment that was sent and is not expected before the step.
func (c *comparison) nothing(step Step) *Difference {
	if len(c.sent) == 0 {
		return nil
	}
	return &Difference{step.Line, "nothing more before it", figure(c.sent[0].Segment), Besides}
}

// same compares what the bench compares of segments. A number that stands by itself, as
// in an RST for no connection, is not relative.
func (s *Script) same(got, want wire.Segment) bool {
	if s.ResetsBySEQ && got.Ctl.Has(wire.RST) && want.Ctl.Has(wire.RST) {
		return got.Seq == want.Seq || got.Raw
	}
	if (got.Ctl^want.Ctl)&^wire.PSH&^(wire.ECE|wire.CWR) != 0 || got.Len != want.Len {
		return false
	}
	return (got.Seq == want.Seq || got.Raw) && (!want.Ctl.Has(wire.ACK) || got.Ack == want.Ack)
}

// figure writes a segment as scripts do.
func figure(g wire.Segment) string {
	text := fmt.Sprintf("> %s %d:%d(%d)", g.Ctl&^wire.PSH, g.Seq, int64(g.Seq)+int64(g.Len), g.Len)
	if g.Ctl.Has(wire.ACK) {
		text += fmt.Sprintf(" ack %d", g.Ack)
	}
	return text
}
