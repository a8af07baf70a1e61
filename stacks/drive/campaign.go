package drive

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"tcpclose/model"
	"tcpclose/observe"
	"tcpclose/stacks/adapter"
	"tcpclose/stacks/schedule"
)

// A Campaign plays schedules on a stack, has them observed, and keeps what was found.
type Campaign struct {
	Player   *Player
	Observer *Observer
	// Progress is called now and then with what is being done.
	Progress func(what string, schedules int)
	// Patience bounds each wait; 0 does not. A schedule ends before one that is longer.
	Patience time.Duration

	Cells      map[Cell]*Outcome
	Deviations map[string]*Deviation
	Schedules  int // that were played, those of shrinking apart
	Examples   int // of these, counterexamples of the model
	Events     int
	Refused    map[string]int // what the adapter could not do, and how often
	Lost       map[string]int // why runs could not be observed to their end
	Shrunk     int            // schedules that shrinking has played
	Unsure     map[string]int // what was seen once and not again
	Permitted  int            // runs in which the stack does otherwise than the model, and may
	Behind     int            // deviations that came behind others in a run
	Between    int            // runs of both ends in which the stack deviates
	Playing    time.Duration
	Observing  time.Duration

	played []schedule.Schedule
	// shown has, by the name of a run that has excluded an alternative, what was done in it.
	shown map[string]shown
}

// A shown is what was done in a run that has shown something.
type shown struct {
	events adapter.Schedule
	run    observe.Run
}

// A Cell is a pair of a state and a kind of event.
type Cell struct {
	State model.ConnState
	Kind  int // in schedule.Kinds
}

// An Outcome is what was seen of a cell.
type Outcome struct {
	Played    int
	Decisions int // in which an alternative was learned
	Deviating int
}

// NewCampaign returns one that has played nothing.
func NewCampaign(p *Player, o *Observer) *Campaign {
	return &Campaign{
		Player: p, Observer: o, Cells: map[Cell]*Outcome{}, Deviations: map[string]*Deviation{},
		Refused: map[string]int{}, Lost: map[string]int{}, Unsure: map[string]int{}, shown: map[string]shown{},
	}
}

// Pairs plays the schedules of pairs, each with the probe of its own.
func (c *Campaign) Pairs(ctx context.Context, pairs []schedule.Pair) error {
	list := make([]schedule.Schedule, len(pairs))
	for i, p := range pairs {
		list[i] = p.Schedule
	}
	return c.PlayAll(ctx, list, func(i int) string {
		return fmt.Sprintf("%s: %s", pairs[i].Route.Place.Name, schedule.Kinds[pairs[i].Kind].Name)
	})
}

// chunk is the number of schedules that are played before what was seen of them is observed.
const chunk = 100

// PlayAll plays schedules and has them observed; about says of one what it is.
func (c *Campaign) PlayAll(ctx context.Context, list []schedule.Schedule, about func(i int) string) error {
	for at := 0; at < len(list); at += chunk {
		if c.Progress != nil {
			c.Progress(about(at), c.Schedules)
		}
		part := make([]schedule.Schedule, 0, chunk)
		for _, s := range list[at:min(at+chunk, len(list))] {
			part = append(part, c.cut(s))
		}
		if err := c.ahead(part...); err != nil {
			return err
		}
		for _, s := range part {
			if ctx.Err() != nil {
				return nil
			}
			if err := c.Play(s); err != nil {
				return err
			}
		}
	}
	return nil
}

// cut returns s up to the first wait that is too long.
func (c *Campaign) cut(s schedule.Schedule) schedule.Schedule {
	for i, step := range s {
		if !c.waits(step) {
			return s[:i]
		}
	}
	return s
}

// waits reports whether there is the patience for a step.
func (c *Campaign) waits(step schedule.Step) bool {
	return c.Patience == 0 || step.Kind != adapter.Advances || c.Player.Timing.Of(step.Wait) <= c.Patience
}

// ahead has the player play ahead, if its host can.
func (c *Campaign) ahead(list ...schedule.Schedule) error {
	start := time.Now()
	defer func() { c.Playing += time.Since(start) }()
	return c.Player.Ahead(list...)
}

// Bursts plays schedules in which segments arrive before the stack can send anything.
// Its answers cannot be told apart, and are not checked; but it must not fail.
func (c *Campaign) Bursts(ctx context.Context, list []schedule.Schedule) error {
	for _, s := range list {
		if ctx.Err() != nil {
			return nil
		}
		start := time.Now()
		events, results, err := c.Player.Play(c.cut(s))
		c.Playing += time.Since(start)
		if err != nil {
			return err
		}
		c.Schedules++
		c.Events += len(events)
		if n := len(results); n > 0 && crashed(results[n-1]) {
			if err := c.crash(s, events, results); err != nil {
				return err
			}
		}
	}
	return nil
}

// Walks plays so many schedules that are drawn by lot, from a number on. Kinds that
// were seldom played in a state are wanted most. On a host that plays many at once they
// are drawn by the states of another, such as the model.
func (c *Campaign) Walks(ctx context.Context, from uint64, n int, model Host) error {
	if c.Player.batches() && model != nil {
		return c.drawn(ctx, from, n, model)
	}
	for seed := from; seed < from+uint64(n); seed++ {
		if ctx.Err() != nil {
			return nil
		}
		if err := c.walk(seed); err != nil {
			return err
		}
		if c.Progress != nil && seed%100 == 0 {
			c.Progress("random schedules", c.Schedules)
		}
	}
	return nil
}

func (c *Campaign) walk(seed uint64) error {
	start := time.Now()
	s, err := c.draw(seed, c.Player)
	if err != nil {
		return err
	}
	c.Playing += time.Since(start)
	return c.observe(s)
}

// draw draws a schedule while a player plays it.
func (c *Campaign) draw(seed uint64, p *Player) (s schedule.Schedule, err error) {
	w := schedule.NewWalk(seed)
	state := model.Closed
	w.Weight = func(kind int) int {
		if o := c.Cells[Cell{state, kind}]; o != nil {
			return max(0, 16>>min(o.Played, 5))
		}
		return 16
	}
	if err := p.Reset(); err != nil {
		return nil, err
	}
	do := func(step schedule.Step) bool {
		if !c.waits(step) {
			return true
		}
		s = append(s, step)
		_, r := p.Do(step)
		if known, ok := stateNamed(r.State); ok {
			state = known
		}
		return r.Err == "" || p != c.Player
	}
	going := true
	for _, step := range w.Begin() {
		going = going && do(step)
	}
	for step, ok := w.Next(); ok && going; step, ok = w.Next() {
		going = do(step)
	}
	for _, step := range schedule.Goodbye {
		going = going && do(step)
	}
	return s, nil
}

// drawn plays schedules that are drawn on another host, which may refuse what the
// stack takes.
func (c *Campaign) drawn(ctx context.Context, from uint64, n int, on Host) error {
	p := &Player{Host: on, Timing: c.Player.Timing, Setup: c.Player.Setup}
	for at := 0; at < n && ctx.Err() == nil; at += chunk {
		var list []schedule.Schedule
		for i := range min(chunk, n-at) {
			s, err := c.draw(from+uint64(at+i), p)
			if err != nil {
				return err
			}
			list = append(list, s)
		}
		if err := c.PlayAll(ctx, list, func(int) string { return "random schedules" }); err != nil {
			return err
		}
	}
	return nil
}

// stateNamed returns the state of that name, as adapters give it.
func stateNamed(name string) (model.ConnState, bool) {
	for _, s := range schedule.States {
		if name == s.String() || len(name) > len(s.String()) && name[:len(s.String())+1] == s.String()+"/" {
			return s, true
		}
	}
	return 0, false
}

// Play plays a schedule and has it observed.
func (c *Campaign) Play(s schedule.Schedule) error {
	start := time.Now()
	_, _, err := c.Player.Play(s)
	c.Playing += time.Since(start)
	if err != nil {
		return err
	}
	return c.observe(s)
}

// observe observes the run that was just played, and notes what was found.
func (c *Campaign) observe(s schedule.Schedule) error {
	events, results := c.Player.Events()
	c.Schedules++
	c.Events += len(events)
	if n := len(results); n > 0 && results[n-1].Err != "" && !crashed(results[n-1]) {
		c.Refused[reason(results[n-1].Err)]++
	}
	start := time.Now()
	run := runOf(events, results)
	run.Name = fmt.Sprintf("run %d", len(c.played))
	c.played = append(c.played, s)
	r, err := c.learn(events, run)
	if err != nil {
		return err
	}
	c.cover(s, results, run, r)
	c.Observing += time.Since(start)
	if len(r.Deviations) > 0 {
		c.Behind += len(r.Deviations) - 1
		if err := c.found(s, results, run, r.Deviations[0]); err != nil {
			return err
		}
	}
	if n := len(results); n > 0 && crashed(results[n-1]) {
		return c.crash(s, events, results)
	}
	return nil
}

// learn has a run observed, and keeps what was done in it if it has shown something.
func (c *Campaign) learn(events adapter.Schedule, run observe.Run) (observe.Report, error) {
	before := c.Observer.learner.Options()
	r, err := c.Observer.Observe(run)
	if err != nil {
		return r, err
	}
	if r.Err != nil {
		c.Lost[r.Err.Error()]++
	}
	if before != c.Observer.learner.Options() {
		c.shown[run.Name] = shown{events, run}
	}
	return r, nil
}

// reason returns an error of an adapter without the event that it names.
func reason(text string) string { return strings.TrimSpace(text[strings.LastIndex(text, ": ")+1:]) }

// failing returns what a stack has said when it failed, or else the last reason.
func failing(text string) string {
	_, said, ok := strings.Cut(text, "the stack says ")
	if said, err := strconv.QuotedPrefix(said); ok && err == nil {
		said, _ := strconv.Unquote(said)
		return said
	}
	return reason(text)
}

// runOf returns what was done and seen as a run. A call for which a stack has no
// connection yet, as sockets have none before accept, has not been made.
func runOf(events adapter.Schedule, results []adapter.Result) observe.Run {
	made := slices.Clone(events)
	for i, r := range results {
		if r.Answer == nil || events[i].Kind != adapter.Calls || len(r.Emitted) > 0 {
			continue
		}
		early := r.State == model.Listen.String() || r.State == model.SynReceived.String() || r.State == model.SynSent.String()
		none := r.Answer.Told == adapter.None || events[i].Call == adapter.Receive && r.Answer.Told == adapter.EOF
		if r.Answer.Told == adapter.Unsupported || early && none {
			made[i] = adapter.Wait(0)
		}
		if r.Answer.Told == adapter.Refused { // of a reset in SYN-SENT, some stacks say reset
			results = slices.Clone(results)
			results[i].Answer = nil
		}
	}
	return observe.FromBench(made, results)
}

// crash notes that the stack has failed, with as few steps as can be found.
func (c *Campaign) crash(s schedule.Schedule, events adapter.Schedule, results []adapter.Result) error {
	key := "crash: " + failing(results[len(results)-1].Err)
	if d := c.Deviations[key]; d != nil {
		d.Found++
		return nil
	}
	var failed error
	crashes := func(s schedule.Schedule) bool {
		c.Shrunk++
		_, results, err := c.Player.Play(s)
		if err != nil {
			failed = err
		}
		n := len(results)
		return n > 0 && crashed(results[n-1]) && "crash: "+failing(results[n-1].Err) == key
	}
	s = s[:min(len(s), len(events))]
	if !crashes(s) || failed != nil {
		c.Unsure[key]++
		return failed
	}
	s = schedule.Shrink(s, nil, crashes) // a batch would end with the first that crashes
	if failed != nil || !crashes(s) {
		return failed
	}
	d := failure(c.Player.Events())
	d.Shortest = s
	c.Deviations[key] = d
	return nil
}

// failure returns the deviation of a stack that has failed at the last of the events.
func failure(events adapter.Schedule, results []adapter.Result) *Deviation {
	last := results[len(results)-1].Err
	d := &Deviation{
		Rule: "crash: " + failing(last), Clause: "RFC 9293, 3.10", Says: "every event is processed", Strength: Must,
		Seen: last, Expected: []string{"no failure"}, Found: 1, Again: 1, Events: events, Results: results, At: len(events) - 1,
	}
	if d.At > 0 {
		d.State = results[d.At-1].State
	}
	return d
}

// cover notes which pairs the run had: each step with the state before it, if that is
// known. A deviation counts for the last step before it that is no wait.
func (c *Campaign) cover(s schedule.Schedule, results []adapter.Result, run observe.Run, r observe.Report) {
	deviates := map[int]bool{}
	for _, d := range r.Deviations[:min(1, len(r.Deviations))] { // what comes behind may follow from it
		i := run.Events[d.Event].Source
		for i > 0 && i < len(s) && s[i].Kind == adapter.Advances && run.Events[d.Event].Kind != observe.Sends {
			i--
		}
		deviates[i] = true
	}
	fresh := false
	before, seen := []observe.State{{State: model.Closed}}, -1
	for _, step := range r.Steps {
		i := step.Event.Source
		if i != seen && i < len(s) {
			seen = i
			state, ok := one(before)
			if told, known := toldBefore(results, i); !ok && known && slices.ContainsFunc(before, func(s observe.State) bool { return s.State == told }) {
				state, ok = told, true
			}
			k := schedule.KindOf(s[i])
			if ok && k >= 0 {
				fresh = c.note(Cell{state, k}, deviates[i]) || fresh
			}
		}
		before = step.After
	}
	if fresh && len(r.Deviations) == 0 {
		c.decisions(s, run)
	}
}

// decisions notes in which steps of the run an end of which nothing is known would
// have shown what it decides.
func (c *Campaign) decisions(s schedule.Schedule, run observe.Run) {
	r := c.Observer.alone(run)
	before, options, seen := model.Closed, model.AllOptions(), -1
	var cell Cell
	known := false
	for _, step := range r.Steps {
		if i := step.Event.Source; i != seen && i < len(s) {
			seen = i
			k := schedule.KindOf(s[i])
			cell, known = Cell{before, k}, k >= 0
		}
		now := model.Options{}
		for _, state := range step.After {
			now = now.Union(state.Options)
		}
		if known && now != options && c.Cells[cell] != nil {
			c.Cells[cell].Decisions++
		}
		options = now
		if state, ok := one(step.After); ok {
			before = state
		}
	}
}

// toldBefore returns the state that the stack has told before a step, if it did.
func toldBefore(results []adapter.Result, i int) (model.ConnState, bool) {
	if i == 0 || i > len(results) {
		return model.Closed, i == 0
	}
	return stateNamed(results[i-1].State)
}

// one returns the state of the list, if all have the same.
func one(list []observe.State) (model.ConnState, bool) {
	if len(list) == 0 {
		return 0, false
	}
	for _, s := range list {
		if s.State != list[0].State {
			return 0, false
		}
	}
	return list[0].State, true
}

// note counts that a cell was played, and reports whether it was for the first time.
func (c *Campaign) note(cell Cell, deviates bool) (first bool) {
	o := c.Cells[cell]
	if o == nil {
		o = &Outcome{}
		c.Cells[cell] = o
	}
	o.Played++
	if deviates {
		o.Deviating++
	}
	return o.Played == 1
}

// found notes the first deviation of a run. One that is new is played again, and
// shrunk. What comes behind another deviation may follow from it: it is noted only
// when it is the first of another run.
func (c *Campaign) found(s schedule.Schedule, results []adapter.Result, run observe.Run, o observe.Deviation) error {
	alone, ok := c.Observer.first(run)
	if !ok {
		return c.contradicts(s, results, run, o)
	}
	o = alone
	key := nameOf(s, results, run, o)
	if permitted(run, o) || answered(key) {
		c.Permitted++
		return nil
	}
	if d := c.Deviations[key]; d != nil {
		d.Found++
		return nil
	}
	if c.Unsure[key] > 3 {
		c.Unsure[key]++
		return nil
	}
	s = s[:min(len(s), run.Events[o.Event].Source+1)]
	times := 1
	if !c.Player.Host.Caps().Virtual {
		times = 3
	}
	for range times {
		again, err := c.shows(s, key)
		if err != nil {
			return err
		}
		if !again {
			c.Unsure[key]++
			return nil
		}
	}
	var failed error
	ahead := func(list []schedule.Schedule) {
		if err := c.Player.Ahead(list...); err != nil {
			failed = err
		}
	}
	defer c.Player.apart()()
	short := schedule.Shrink(s, ahead, func(s schedule.Schedule) bool {
		if failed != nil {
			return false
		}
		c.Shrunk++
		shows, err := c.shows(s, key)
		if err != nil {
			failed = err
		}
		return shows
	})
	if failed != nil {
		return failed
	}
	events, results, err := c.Player.Play(short)
	if err != nil {
		return err
	}
	run = runOf(events, results)
	r := c.Observer.alone(run)
	if len(r.Deviations) == 0 {
		c.Unsure[key]++
		return nil
	}
	d := &Deviation{Rule: key, Found: 1, Again: times, Shortest: short, Events: events, Results: results, At: run.Events[r.Deviations[0].Event].Source}
	d.named(r.Deviations[0], run, c.Observer.fresh)
	c.Deviations[key] = d
	return nil
}

// answered reports whether the deviation of that name is an acknowledgement of a
// segment that begins after RCV.NXT, where the model sends none. RFC 5681, 4.2, asks
// for it, and if SEG.ACK is looked at first it answers, too.
func answered(key string) bool {
	return strings.HasSuffix(key, "after RCV.NXT of what was not sent: ACK") || strings.HasSuffix(key, ", ACK after RCV.NXT: ACK")
}

// permitted reports whether what was seen is no deviation, although the model does
// otherwise: a segment without ACK that begins after RCV.NXT is dropped by the fifth
// step of RFC 9293, 3.10.7.4, whoever looks at its number first.
func permitted(run observe.Run, d observe.Deviation) bool {
	i := d.Event
	for i > 0 && run.Events[i].Kind == observe.Waits {
		i--
	}
	e := run.Events[i]
	if e.Kind != observe.Arrives || e.Segment.Ctl.Has(model.ACK) || run.Events[d.Event].Kind == observe.Sends {
		return false
	}
	return slices.ContainsFunc(d.Expected, func(x observe.Expectation) bool {
		return x.Clauses.Has(model.SeqAhead) || x.Clauses.Has(model.SeqHolds)
	})
}

// shows plays s, and reports whether its first deviation is that of the name.
func (c *Campaign) shows(s schedule.Schedule, key string) (bool, error) {
	events, results, err := c.Player.Play(s)
	if err != nil {
		return false, err
	}
	run := runOf(events, results)
	d, ok := c.Observer.first(run)
	return ok && nameOf(s, results, run, d) == key, nil
}
