package explorer

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"tcpclose/explore"
	"tcpclose/internal/join"
	"tcpclose/internal/lang"
	"tcpclose/invariants"
	"tcpclose/model"
	"tcpclose/trace"
)

// A run is a run of a configuration, with what properties say of it.
type run struct {
	*setting
	whole   join.WholeSystem
	list    []*invariants.Property // those that are looked at on the way
	pattern [][]invariants.Pattern // of each
	events  []string               // as the path has them
	states  []join.WholeState
	trace   *trace.Trace
	broken  []int // of each property: the event that breaks it first, from 1; 0: the start does; -1
}

// An Engine answers requests. It may be used from several goroutines.
type Engine struct {
	limits Limits
	mu     sync.Mutex
	runs   []*run    // those that were asked for last, the latest first
	told   []storied // likewise, their stories
}

// A storied run has its story: undo leaves the run of the ladder as it is.
type storied struct {
	key   string
	story *trace.Story
}

// story returns the story of a run, whose trace t is.
func (e *Engine) story(r *run, t *trace.Trace, l lang.Language) (*trace.Story, error) {
	key := fmt.Sprintf("%s\n%s\n%d\n%s", r.key, l, t.Loop, r.path())
	e.mu.Lock()
	defer e.mu.Unlock()
	i := slices.IndexFunc(e.told, func(x storied) bool { return x.key == key })
	if i < 0 {
		s, err := trace.NewStory(t, trace.About{Language: l})
		if err != nil {
			return nil, err
		}
		i = 0
		e.told = append([]storied{{key, s}}, e.told[:min(len(e.told), keptRuns-1)]...)
	}
	found := e.told[i]
	e.told = append([]storied{found}, slices.Delete(e.told, i, i+1)...)
	return found.story, nil
}

// keptRuns limits the runs that an Engine keeps.
const keptRuns = 8

// follow returns the run of a path. What an earlier one that begins alike has is
// taken from there.
func (e *Engine) follow(u Setup, path string) (*run, error) {
	s, err := u.read()
	if err != nil {
		return nil, err
	}
	events, err := tokens(path)
	if err != nil {
		return nil, err
	}
	r, err := e.begin(s, events)
	if err != nil {
		return nil, err
	}
	for _, event := range events[len(r.events):] {
		if err := r.step(event); err != nil {
			return nil, err
		}
	}
	e.keep(r)
	return r, nil
}

// begin returns the longest known run of which the events are a continuation.
func (e *Engine) begin(s *setting, events []string) (*run, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	var longest *run
	common := -1
	for _, r := range e.runs {
		if r.key != s.key {
			continue
		}
		n := 0
		for n < min(len(events), len(r.events)) && events[n] == r.events[n] {
			n++
		}
		if n > common {
			longest, common = r, n
		}
	}
	if longest != nil {
		return longest.until(common), nil
	}
	return newRun(s)
}

// keep keeps a run for later.
func (e *Engine) keep(r *run) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.runs = slices.DeleteFunc(e.runs, func(q *run) bool {
		return q.key == r.key && len(q.events) <= len(r.events) && slices.Equal(q.events, r.events[:len(q.events)])
	})
	e.runs = append([]*run{r}, e.runs[:min(len(e.runs), keptRuns-1)]...)
}

// newRun returns the run without an event.
func newRun(s *setting) (*run, error) {
	y, err := model.NewSystem(s.config)
	if err != nil {
		return nil, err
	}
	if s.Counted {
		y = y.Counted()
	}
	r := &run{setting: s, whole: join.WholeSystem{Model: y, Monitors: invariants.AllMonitors}}
	r.states = r.whole.Init()
	r.trace = &trace.Trace{Config: s.config, Counted: s.Counted, States: []model.State{r.states[0].State}, Loop: -1}
	for _, p := range slices.Concat(invariants.PropertiesOf(s.config.Between.Box != nil), invariants.Witnesses) {
		if p.Liveness != nil {
			continue
		}
		r.list, r.broken = append(r.list, p), append(r.broken, -1)
		var patterns []invariants.Pattern
		if p.Applies == nil || p.Applies(s.config) == "" {
			patterns = p.PatternsIn(s.config)
		}
		r.pattern = append(r.pattern, patterns)
	}
	r.look(nil)
	return r, nil
}

// until returns the first n events of a run. What comes behind is not written to.
func (r *run) until(n int) *run {
	q := *r
	q.events, q.states = slices.Clip(r.events[:n]), slices.Clip(r.states[:n+1])
	t := *r.trace
	t.Events, t.States = slices.Clip(t.Events[:n]), slices.Clip(t.States[:n+1])
	q.trace, q.broken = &t, slices.Clone(r.broken)
	for i, at := range q.broken {
		if at > n {
			q.broken[i] = -1
		}
	}
	return &q
}

// step adds an event.
func (r *run) step(event string) error {
	from := r.states[len(r.states)-1]
	number := len(r.events) + 1
	a, ok := action(event, &from.State)
	if !ok {
		return lang.Errorf("event %d of the path, %s, is not possible there", number, event)
	}
	o, ok := r.whole.Model.Step(from.State, a)
	if !ok || o.Overflow {
		return lang.Errorf("event %d of the path, %s, is not possible there", number, event)
	}
	s := r.whole.Step(&from, a, &o)
	r.events, r.states = append(r.events, event), append(r.states, s.To)
	r.trace.Events, r.trace.States = append(r.trace.Events, trace.Event{Action: a, Outcome: o}), append(r.trace.States, o.To)
	r.look(&s.Action)
	return nil
}

// look looks at the last state, and at the step to it, if there is one.
func (r *run) look(by *join.WholeStep) {
	reading := invariants.NewReading(invariants.AllMonitors)
	n := len(r.states) - 1
	at := &r.states[n]
	in := at.InState(r.whole.Model, reading)
	var on *invariants.Snapshot
	if by != nil {
		on = by.OnStep(r.whole.Model, &r.states[n-1], at, reading)
	}
	terminal := len(r.whole.Model.Actions(nil, at.State)) == 0
	for i, patterns := range r.pattern {
		if r.broken[i] >= 0 {
			continue
		}
		for p := range patterns {
			seen := in
			switch patterns[p].Kind {
			case explore.Steps:
				seen = on
			case explore.Terminals:
				if !terminal {
					continue
				}
			}
			if seen != nil && (patterns[p].Matches(seen, model.A) || patterns[p].Matches(seen, model.B)) {
				r.broken[i] = n
				break
			}
		}
	}
}

// snapshot returns the last state or, of what happens, the last step; nil if there is none.
func (r *run) snapshot(step bool) *invariants.Snapshot {
	reading := invariants.NewReading(invariants.AllMonitors)
	n := len(r.states) - 1
	at := &r.states[n]
	if !step {
		return at.InState(r.whole.Model, reading)
	}
	if n == 0 {
		return nil
	}
	e := &r.trace.Events[n-1]
	s := r.whole.Step(&r.states[n-1], e.Action, &e.Outcome)
	return s.Action.OnStep(r.whole.Model, &r.states[n-1], at, reading)
}

// path returns the path of the run.
func (r *run) path() string { return strings.Join(r.events, "") }

// pathOf returns the path of a trace.
func pathOf(t *trace.Trace) string {
	var b strings.Builder
	for i := range t.Events {
		b.WriteString(token(t.Events[i].Action))
	}
	return b.String()
}

// last returns the state in which the run ends.
func (r *run) last() *model.State { return &r.states[len(r.states)-1].State }
