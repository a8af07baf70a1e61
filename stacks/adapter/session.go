package adapter

import (
	"fmt"
	"time"
)

// A Result is what was seen of one event.
type Result struct {
	Answer  *Answer // of a call, or of OPEN
	Emitted []Emitted
	State   string // "" is not known
	Signals Signals
	Signal  bool          // Signals is known
	Now     time.Duration // since Reset, after the event
	Next    time.Duration // when the next timer fires, if Timed
	Timed   bool
	Err     string // the adapter has failed; nothing else is known
}

// A Session is a schedule that is made up while it is done.
type Session struct {
	Adapter Adapter
	Events  Schedule
	Results []Result

	now time.Duration
}

// NewSession returns a session that begins with a Reset.
func NewSession(a Adapter, setup Setup) (*Session, error) {
	if err := a.Reset(setup); err != nil {
		return nil, fmt.Errorf("reset: %w", err)
	}
	return &Session{Adapter: a}, nil
}

// Do does e, and records it with what was seen.
func (s *Session) Do(e Event) Result {
	r, err := s.do(e)
	if err != nil {
		r = Result{Err: fmt.Sprintf("%s: %v", e, err)}
	}
	s.Events = append(s.Events, e)
	s.Results = append(s.Results, r)
	return r
}

func (s *Session) do(e Event) (r Result, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p) // the stack's: that is a finding, too
		}
	}()
	wait := e.Wait
	switch e.Kind {
	case Opens, Calls:
		var answer Answer
		if e.Kind == Opens {
			answer, err = s.Adapter.Open(e.Active)
		} else {
			answer, err = s.Adapter.Call(e.Call, e.Octets)
		}
		r.Answer = &answer
	case Arrives:
		if e.More {
			b, ok := s.Adapter.(Burster)
			if !ok {
				return r, fmt.Errorf("the adapter takes one segment at a time")
			}
			r.Now = s.now
			return r, b.Hold(e.Segment)
		}
		err = s.Adapter.Inject(e.Segment)
	case Next:
		d, ok := s.Adapter.(Deadliner)
		if !ok {
			return r, fmt.Errorf("the adapter knows no deadlines")
		}
		at, ok, err := d.Deadline()
		if err != nil {
			return r, err
		}
		wait = 0
		if ok {
			wait = max(0, at-s.now)
		}
	}
	if err == nil && (e.Kind == Advances || e.Kind == Next) {
		err = s.Adapter.Advance(wait)
		s.now += wait
	}
	if c, ok := s.Adapter.(Clock); ok {
		s.now = c.Now()
	}
	if err == nil {
		err = s.look(&r)
	}
	return r, err
}

// look observes the stack.
func (s *Session) look(r *Result) (err error) {
	if r.Emitted, err = s.Adapter.Emitted(); err != nil {
		return err
	}
	r.Now = s.now
	if a, ok := s.Adapter.(Stater); ok {
		if r.State, err = a.State(); err != nil {
			return err
		}
	}
	if a, ok := s.Adapter.(Signaller); ok {
		if r.Signals, err = a.Signals(); err != nil {
			return err
		}
		r.Signal = true
	}
	if a, ok := s.Adapter.(Deadliner); ok {
		if r.Next, r.Timed, err = a.Deadline(); err != nil {
			return err
		}
	}
	return nil
}

// Run does a schedule on a new host. It ends with the first event at which the
// adapter fails.
func Run(a Adapter, setup Setup, events Schedule) ([]Result, error) {
	s, err := NewSession(a, setup)
	if err != nil {
		return nil, err
	}
	for _, e := range events {
		if r := s.Do(e); r.Err != "" {
			break
		}
	}
	return s.Results, nil
}
