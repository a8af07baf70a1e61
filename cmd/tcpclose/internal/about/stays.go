package about

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"time"

	"tcpclose/cmd/tcpclose/internal/base"
	"tcpclose/explore/product"
	"tcpclose/model"
	"tcpclose/profile"
	"tcpclose/survey"
	"tcpclose/trace"
)

// A Stay is how long an end can be in a state, whatever the network loses and whenever
// the users close.
type Stay struct {
	State     string        `json:"state"`
	By        string        `json:"by"` // whose rules, and how the user closes
	Least     time.Duration `json:"least"`
	Greatest  time.Duration `json:"greatest"`
	Unbounded bool          `json:"unbounded"`
	Ends      string        `json:"ends"` // what ends the longest, or why nothing does
}

// Stays was measured by Measure, which takes half a minute. A test measures again.
//
//go:embed stays.json
var staysJSON []byte

// staysOf returns what was measured of a state.
func staysOf(s model.ConnState) (list []Stay) {
	var all []Stay
	if err := json.NewDecoder(bytes.NewReader(staysJSON)).Decode(&all); err != nil {
		panic(fmt.Sprintf("stays.json: %v", err)) // a test reads it
	}
	for _, stay := range all {
		if stay.State == s.String() {
			list = append(list, stay)
		}
	}
	return list
}

// Measure explores how long an end can be in each state.
func Measure(ctx context.Context) (list []Stay, err error) {
	rfc := base.Find("rfc")
	for _, part := range []struct {
		words  string
		states []model.ConnState
	}{
		{"start=closed a-opens=either b-opens=either", []model.ConnState{model.Listen, model.SynSent, model.SynReceived}},
		{"", []model.ConnState{model.Established, model.FinWait1, model.FinWait2, model.CloseWait, model.Closing, model.LastAck, model.TimeWait}},
	} {
		stays, err := measure(ctx, rfc, part.words, part.states)
		if err != nil {
			return nil, err
		}
		list = append(list, stays...)
	}
	linux := profile.Defaults()
	for _, how := range []profile.Closing{profile.ByClose, profile.ByShutdown} {
		stays, _, err := linux.Stays(ctx, profile.Case{A: how, B: how}, product.Options{})
		if err != nil {
			return nil, err
		}
		for _, s := range stays {
			if !s.Known && !s.Unbounded {
				return nil, fmt.Errorf("%s of Linux, %v: not everything was explored", s.State, how)
			}
			list = append(list, Stay{s.State.String(), "Linux, " + how.String(), s.Least, s.Greatest, s.Unbounded, s.Ends})
		}
	}
	return list, nil
}

// measure explores a base, changed by words, with users that close and users that do
// not: where one never does other stays are the longest.
func measure(ctx context.Context, b *base.Base, words string, states []model.ConnState) (stays []Stay, err error) {
	var intervals []*survey.Interval
	for _, s := range states {
		i, err := survey.ParseInterval(fmt.Sprintf("a.state == %s -> a.state != %[1]s", s))
		if err != nil {
			return nil, err
		}
		intervals = append(intervals, i)
		stays = append(stays, Stay{State: s.String(), By: "RFC 9293"})
	}
	reached := make([]bool, len(states))
	for _, never := range []string{"", " a-closes=never", " b-closes=never"} {
		c, err := changed(b.Config, words+never)
		if err != nil {
			return nil, err
		}
		timings, err := survey.Times(ctx, c, intervals, product.Options{})
		if err != nil {
			return nil, err
		}
		for i, t := range timings {
			if len(t.Incomplete) > 0 {
				return nil, fmt.Errorf("%v of %s: not everything was explored: %v", states[i], b.Name, t.Incomplete)
			}
			if t.Begins {
				stays[i].longer(t, b.Tick, reached[i])
				reached[i] = true
			}
		}
	}
	return stays, nil
}

// longer makes s the longer of s, if there is one, and what t tells.
func (s *Stay) longer(t *survey.Timing, tick time.Duration, reached bool) {
	if least := time.Duration(t.Least) * tick; t.Ends && (!reached || least < s.Least) {
		s.Least = least
	}
	switch greatest := time.Duration(t.Greatest) * tick; {
	case s.Unbounded:
	case t.Endless != nil:
		s.Unbounded, s.Greatest, s.Ends = true, 0, endless(t.Endless)
	case t.Ends && (!reached || greatest > s.Greatest):
		s.Greatest, s.Ends = greatest, ending(t.Latest)
	}
}

// endless says why nothing ends a run.
func endless(t *trace.Trace) string {
	if t.Repeats() {
		return "what happens can happen again forever"
	}
	switch t.States[len(t.States)-1].Ends[model.A].State {
	case model.Established, model.CloseWait:
		return "no timer runs; the user has to close"
	case model.Listen:
		return "no timer runs; somebody has to call"
	}
	return "no timer runs; the peer may be gone"
}

// ending is the clause by which the last event of a run ends it, and its place.
func ending(t *trace.Trace) string {
	clauses := t.Events[len(t.Events)-1].Outcome.Effect.Clauses
	for _, c := range []model.Clause{model.R2Closes, model.TimeWaitCloses, model.FinWait2Closes, model.KeepAliveCloses, model.KeepAliveTimesOut, model.UserTimeoutCloses, model.GivesUp} {
		if clauses.Has(c) {
			return c.String() + ", " + c.Info().Source
		}
	}
	return "a segment that arrives"
}
