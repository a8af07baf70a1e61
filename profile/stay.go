package profile

import (
	"context"
	"fmt"
	"strings"
	"time"

	"tcpclose/explore/product"
	"tcpclose/model"
	"tcpclose/trace"
)

// States is the states in which a socket can stay, as Linux writes them.
var States = []model.ConnState{
	model.FinWait1, model.FinWait2, model.Closing, model.TimeWait, model.CloseWait, model.LastAck,
}

// A Stay gives the shortest and the longest time that a socket can be in a state, with
// any peer and any network.
type Stay struct {
	State           model.ConnState
	Reached         bool
	Least, Greatest time.Duration
	Unbounded       bool
	Ends            string       // what ends the longest stay, or why there is none
	Known           bool         // everything was explored
	Latest          *trace.Trace // a run with a longest stay, or one without end
	From            int          // after so many events of it the stay begins
}

// Stays returns how long a's socket can be in each of States. An application may close
// or not: where one never does other stays are the longest, which no run in which
// both do has.
func (l Linux) Stays(ctx context.Context, c Case, o product.Options) ([]Stay, Timed, error) {
	c.Losses = model.Unlimited
	stays, t, err := l.stays(ctx, c, o)
	for side := range c.Never {
		if err != nil || c.Never[side] {
			continue
		}
		never := c
		never.Never[side] = true
		var others []Stay
		others, _, err = l.stays(ctx, never, o)
		for i := range others {
			stays[i] = stays[i].or(others[i])
		}
	}
	return stays, t, err
}

// or returns the stay of all runs, of those of s and those of other.
func (s Stay) or(other Stay) Stay {
	switch {
	case !other.Reached:
		s.Known = s.Known && other.Known
		return s
	case !s.Reached, other.Unbounded && !s.Unbounded, other.Greatest > s.Greatest && !s.Unbounded:
		other, s = s, other
	}
	if other.Reached {
		s.Least = min(s.Least, other.Least)
	}
	s.Known = s.Known && other.Known
	return s
}

func (l Linux) stays(ctx context.Context, c Case, o product.Options) ([]Stay, Timed, error) {
	var texts []string
	for _, s := range States {
		name := strings.ReplaceAll(s.String(), "-", "_")
		texts = append(texts, fmt.Sprintf("a.state == %s -> a.state != %s", name, name))
	}
	t, timings, err := l.times(ctx, c, o, texts...)
	if err != nil {
		return nil, t, err
	}
	var stays []Stay
	for i, y := range timings {
		s := Stay{State: States[i], Reached: y.Begins, Least: t.Duration(y.Least), Known: len(y.Incomplete) == 0}
		switch {
		case y.Endless != nil:
			s.Unbounded, s.Latest = true, y.Endless
			if s.Ends, err = restless(y.Endless); err != nil {
				return nil, t, err
			}
		case y.Ends:
			s.Greatest, s.Latest, s.From = t.Duration(y.Greatest), y.Latest, y.LatestFrom
			s.Ends = l.ending(y.Latest, c)
		}
		stays = append(stays, s)
	}
	return stays, t, nil
}

// restless says why nothing ends a run.
func restless(t *trace.Trace) (string, error) {
	if t.Repeats() {
		return "the same can happen forever", nil
	}
	y, err := t.System()
	if err != nil {
		return "", err
	}
	last := t.Events[len(t.Events)-1].Outcome.To
	for _, side := range model.Sides {
		if y.Stack(side).Deadline(last.Ends[side]) != model.Never {
			return "nothing happens before the deadline", nil
		}
	}
	if last.Ends[model.A].State == model.CloseWait {
		return "no timer runs; the user has to close", nil
	}
	return "no timer runs; the peer may be gone", nil
}

// ending returns what the last event of a run is, by the parameter that governs it.
func (l Linux) ending(t *trace.Trace, c Case) string {
	e := t.Events[len(t.Events)-1].Outcome.Effect
	has := e.Clauses.Has
	switch {
	case has(model.GivesUp) && c.UserTimeout > 0, has(model.KeepAliveTimesOut):
		return "TCP_USER_TIMEOUT"
	case has(model.GivesUp) && c.A == ByClose:
		return "tcp_orphan_retries"
	case has(model.GivesUp):
		return "tcp_retries2"
	case has(model.FinWait2Closes) && c.Linger2 > 0:
		return "TCP_LINGER2"
	case has(model.FinWait2Closes):
		return "tcp_fin_timeout"
	case has(model.TimeWaitCloses):
		return "TCP_TIMEWAIT_LEN"
	case has(model.KeepAliveCloses):
		return "tcp_keepalive_time"
	}
	return "an arriving segment"
}

// Name returns a state as Linux writes it.
func Name(s model.ConnState) string {
	switch s {
	case model.FinWait1:
		return "FIN_WAIT1"
	case model.FinWait2:
		return "FIN_WAIT2"
	case model.Closed:
		return "CLOSE"
	}
	return strings.ReplaceAll(s.String(), "-", "_")
}

// Shortest returns the stay of a's socket in a state, of which the least is known alone.
func (l Linux) Shortest(ctx context.Context, c Case, state model.ConnState, o product.Options) (Stay, error) {
	name := strings.ReplaceAll(state.String(), "-", "_")
	t, y, err := l.times(ctx, c, o, fmt.Sprintf("a.state == %s -> a.state != %s", name, name))
	if err != nil {
		return Stay{}, err
	}
	return Stay{State: state, Reached: y[0].Begins, Least: t.Duration(y[0].Least), Known: len(y[0].Incomplete) == 0}, nil
}
