package trace

import (
	"fmt"
	"slices"
	"strings"

	"tcpclose/internal/lang"
	"tcpclose/model"
)

// A Trace is a run from the initial state.
type Trace struct {
	Config model.Config
	States []model.State // one more than Events
	Events []Event
	// Counted: it is a run of a network that counts; see model.System.Counted.
	Counted bool
	// Loop is where a run that goes on forever begins to repeat itself: the last
	// state is States[Loop] again, and Events[Loop:] follow once more. If there are
	// none, the run rests there. It is -1 if the run does not go on.
	Loop int
	// Inevitable is the number, from 1, of the first event after which network and
	// applications together could no longer avoid what the trace ends with. It is 0
	// if that is the last event, or is not known.
	Inevitable int
}

// String returns the run as a ladder, with times in ticks.
func (t *Trace) String() string {
	s, err := NewStory(t, About{})
	if err != nil {
		return fmt.Sprintf("a trace that is no run: %v\n%s", err, t.Text(0))
	}
	var b strings.Builder
	if err := s.Ladder(&b, LadderOptions{}); err != nil {
		return err.Error()
	}
	return b.String()
}

// System returns the one of which it is a run.
func (t *Trace) System() (*model.System, error) {
	y, err := model.NewSystem(t.Config)
	if err == nil && t.Counted {
		y = y.Counted()
	}
	return y, err
}

// Repeats reports whether the trace ends in events that are repeated forever.
func (t *Trace) Repeats() bool { return t.Loop >= 0 && t.Loop < len(t.Events) }

// Rests reports whether the run goes on forever by resting in its last state.
func (t *Trace) Rests() bool { return t.Loop == len(t.Events) }

// ToNobody reports whether nobody is there to be told what an event, counted from 0,
// tells a user: the user has closed for good before, or it has died just now.
func (t *Trace) ToNobody(event int) bool {
	e := &t.Events[event]
	dies := e.Action.Kind == model.Calls && e.Action.Call == model.Die
	return e.Outcome.Effect.Told != 0 && (dies || t.States[event].Ends[e.Outcome.Mover].Orphan)
}

// tells returns what an event tells a user, or nobody; empty if nothing.
func (t *Trace) tells(in lang.Language, event int) string {
	what := t.Events[event].Outcome.Effect.Told
	switch {
	case what == 0:
		return ""
	case t.ToNobody(event):
		return in.Say("told to nobody: %s", told(in, what))
	}
	return in.Say("told: %s", told(in, what))
}

// An Event is a step of a run.
type Event struct {
	Action  model.Action
	Outcome model.Outcome
}

// NonTicks returns how many events of the trace are not ticks.
func (t *Trace) NonTicks() (n int) {
	for i := range t.Events {
		if t.Events[i].Action.Kind != model.Ticks {
			n++
		}
	}
	return n
}

// Behind returns the run that goes on from where first ends; first may be nil.
func (t *Trace) Behind(first *Trace) *Trace {
	if first == nil {
		return t
	}
	whole := *t
	n := len(first.Events)
	whole.Events = slices.Concat(first.Events, t.Events)
	whole.States = slices.Concat(first.States[:n], t.States)
	if t.Loop >= 0 {
		whole.Loop = n + t.Loop
	}
	return &whole
}
