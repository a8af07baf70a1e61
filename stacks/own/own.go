// Package own is the model itself on the bench: one of its endpoints behind the
// interface of a real stack. What tests real stacks is tested with it.
//
// The model has few numbers and counts ticks. A segment with other numbers is an
// error of the adapter, and times are rounded down to ticks.
package own

import (
	"fmt"
	"time"

	"tcpclose/model"
	"tcpclose/stacks/adapter"
	"tcpclose/stacks/wire"
)

// A Stack is an endpoint of the model as an adapter.
type Stack struct {
	config model.Config
	tick   time.Duration

	rules   model.Stack
	tcb     model.TCB
	now     time.Duration // since Reset; ticks of it have passed for the endpoint
	ticked  time.Duration
	opened  bool
	closed  bool // the user has closed for good
	eof     bool // the user knows that the peer will send no more
	failure adapter.Told
	emitted []adapter.Emitted
}

// Tick is the length of a tick unless New is given another.
const Tick = 100 * time.Millisecond

// Default returns a configuration with the times of the RFCs, in ticks of 0.1 s.
func Default() model.Config {
	c := model.Default()
	c.Start = model.StartClosed
	c.Time = model.TimeLeaps
	c.MSL = 1200
	c.EachEnd(func(e *model.Endpoint) {
		e.RTO, e.RTOMax = 10, 600
		e.R2, e.GiveUp = model.Unlimited, 1800 // for a SYN, too (MUST-23)
	})
	return c
}

// New returns the endpoint that c describes as side a, whose ticks are that long.
// Its application does what the bench asks for, not what c says.
func New(c model.Config, tick time.Duration) (*Stack, error) {
	c.Start = model.StartClosed
	app := &c.Apps[model.A]
	app.Octets, app.Reads, app.Opens = model.MaxOctets, model.ReadSlowly, model.OpensEither
	if err := c.Validate(); err != nil {
		return nil, err
	}
	if tick <= 0 {
		return nil, fmt.Errorf("tick: %s: want a time above 0", tick)
	}
	return &Stack{config: c, tick: tick}, nil
}

// Caps is adapter.Adapter's.
func (s *Stack) Caps() adapter.Caps {
	return adapter.Caps{
		Name: "own", Version: "0", Virtual: true, Exact: true, Slack: s.tick,
		Calls:  []adapter.Call{adapter.Send, adapter.Receive, adapter.Shutdown, adapter.Release, adapter.Abort},
		States: true, Deadlines: true,
		Note: fmt.Sprintf("the model; a tick is %s, numbers reach up to %d", s.tick, maxNumber),
	}
}

// Reset is adapter.Adapter's.
func (s *Stack) Reset(setup adapter.Setup) error {
	c := s.config
	if setup.Buffer > 0 {
		c.Apps[model.A].Buffer = model.WindowOf(uint8(min(setup.Buffer, model.MaxOctets)))
	}
	system, err := model.NewSystem(c)
	if err != nil {
		return err
	}
	*s = Stack{config: s.config, tick: s.tick, rules: c.Stack(model.A), tcb: system.Init().Ends[model.A]}
	return nil
}

// Close is adapter.Adapter's.
func (s *Stack) Close() error { return nil }

// Open is adapter.Adapter's.
func (s *Stack) Open(active bool) (adapter.Answer, error) {
	call := model.OpenPassive
	if active {
		call = model.Open
	}
	if s.opened && int(s.tcb.Life) >= int(s.rules.Lives) {
		return adapter.Answer{}, fmt.Errorf("connection %d: want at most %d, by the field reopen", s.tcb.Life+1, s.rules.Lives)
	}
	if why := s.rules.Refusal(s.tcb, call); why != "" {
		return adapter.Answer{Told: adapter.Other, Native: why}, nil
	}
	s.opened, s.closed, s.eof, s.failure = true, false, false, ""
	s.step(s.rules.Call(s.tcb, call))
	return adapter.Answer{Told: adapter.Done}, nil
}

// step takes the endpoint from one state to the next.
func (s *Stack) step(to model.TCB, e model.Effect) {
	before := s.tcb.State
	s.tcb = to
	switch {
	case e.Told&model.ToldReset != 0:
		s.failure = adapter.Reset
	case e.Told&model.ToldTimeout != 0:
		s.failure = adapter.TimedOut
	case e.Told&model.ToldRefused != 0:
		s.failure = adapter.Refused
	}
	if e.Told&model.ToldEOF != 0 {
		s.eof = true
	}
	if e.Sent == (model.Segment{}) {
		return
	}
	g := wire.Segment{Ctl: control(e.Sent.Ctl), Seq: int32(e.Sent.Seq), Ack: int32(e.Sent.Ack), Len: int(e.Sent.Len), Wnd: wide}
	switch {
	case g.Ctl.Has(wire.RST):
		g.Wnd = 0
		// Where there is no connection numbers do not count from one.
		g.Raw = g.Ctl.Has(wire.ACK) && (before == model.Closed || e.Clauses.Has(model.MiniResets))
	case e.Sent.Wnd != model.Wide:
		g.Wnd = uint16(e.Sent.Wnd.Size())
	}
	s.emitted = append(s.emitted, adapter.Emitted{Segment: g, At: s.ticked})
}

const (
	wide = 65535 // the window that stands for one without limit
	// room is a window that is never full. It is no model.Wide, which the rule of
	// SND.WL1 and SND.WL2 does not ask for.
	room = 100
	// maxNumber bounds the numbers of a segment.
	maxNumber = model.MaxLives * (model.MaxOctets + 2)
)

var bits = []struct {
	model model.Ctl
	wire  wire.Ctl
}{{model.FIN, wire.FIN}, {model.SYN, wire.SYN}, {model.RST, wire.RST}, {model.ACK, wire.ACK}}

func control(c model.Ctl) (w wire.Ctl) {
	for _, b := range bits {
		if c.Has(b.model) {
			w |= b.wire
		}
	}
	return w
}

// Inject is adapter.Adapter's. Bits that the model does not have, options and
// where text ends a push are left out.
func (s *Stack) Inject(g wire.Segment) error {
	end := g.Seq + g.SpaceLen()
	if g.Seq < -1 || end > maxNumber || g.Ack < -1 || g.Ack > maxNumber || g.Len > model.MaxOctets || g.Raw {
		return fmt.Errorf("segment %s: want numbers from -1 to %d, and at most %d octets", g, maxNumber, model.MaxOctets)
	}
	m := model.Segment{Seq: model.Seq(g.Seq), Ack: model.Seq(g.Ack), Len: uint8(g.Len)}
	for _, b := range bits {
		if g.Ctl.Has(b.wire) {
			m.Ctl |= b.model
		}
	}
	if !g.Ctl.Has(wire.RST) {
		m.Wnd = model.WindowOf(uint8(min(g.Wnd, room)))
	}
	s.step(s.rules.Arrives(s.tcb, m, model.Tag{}))
	return nil
}

// Emitted is adapter.Adapter's.
func (s *Stack) Emitted() ([]adapter.Emitted, error) {
	list := s.emitted
	s.emitted = nil
	return list, nil
}

// Call is adapter.Adapter's.
func (s *Stack) Call(c adapter.Call, octets int) (adapter.Answer, error) {
	if s.closed || !s.opened {
		return adapter.Answer{Told: adapter.None}, nil
	}
	switch c {
	case adapter.Send:
		return s.send(octets), nil
	case adapter.Receive:
		return s.receive(octets), nil
	}
	call, ok := map[adapter.Call]model.Call{
		adapter.Shutdown: model.Close, adapter.Release: model.Release, adapter.Abort: model.Abort,
	}[c]
	if !ok {
		return adapter.Answer{Told: adapter.Unsupported}, nil
	}
	s.closed = c != adapter.Shutdown
	if why := s.rules.Refusal(s.tcb, call); why != "" {
		return s.refused(why), nil
	}
	s.step(s.rules.Call(s.tcb, call))
	return adapter.Answer{Told: adapter.Done}, nil
}

// refused returns the answer to a call that is refused: the failure, once, or
// what TCP says.
func (s *Stack) refused(why string) adapter.Answer {
	if s.failure != "" {
		a := adapter.Answer{Told: s.failure}
		s.failure = ""
		return a
	}
	told := adapter.None
	if why == "connection closing" {
		told = adapter.Closing
	}
	return adapter.Answer{Told: told, Native: why}
}

// send writes octets, which go out in one segment if the window allows.
func (s *Stack) send(octets int) adapter.Answer {
	if why := s.rules.Refusal(s.tcb, model.Send); why != "" {
		return s.refused(why)
	}
	if s.tcb.State != model.Established && s.tcb.State != model.CloseWait {
		return adapter.Answer{Told: adapter.Waits}
	}
	octets = min(octets, model.MaxOctets-int(s.tcb.Written-s.tcb.First))
	if octets <= 0 {
		return adapter.Answer{Told: adapter.Waits}
	}
	for range octets - 1 {
		s.step(s.rules.Call(s.tcb, model.SendHeld))
	}
	s.step(s.rules.Call(s.tcb, model.Send))
	return adapter.Answer{Told: adapter.Done, Octets: octets}
}

// receive reads what is there.
func (s *Stack) receive(octets int) adapter.Answer {
	n := 0
	for n < octets && s.tcb.Unread > 0 && s.rules.Refusal(s.tcb, model.Receive) == "" {
		s.step(s.rules.Call(s.tcb, model.Receive))
		n++
	}
	if n > 0 {
		return adapter.Answer{Told: adapter.Done, Octets: n}
	}
	switch why := s.rules.Refusal(s.tcb, model.Receive); {
	case s.failure != "":
		return s.refused(why)
	case s.eof:
		return adapter.Answer{Told: adapter.EOF}
	case s.tcb.State == model.Closed:
		return s.refused(why)
	}
	return adapter.Answer{Told: adapter.Waits}
}

// Advance is adapter.Adapter's.
func (s *Stack) Advance(d time.Duration) error {
	s.now += d
	for {
		if due := s.rules.Due(nil, s.tcb); len(due) > 0 {
			s.step(s.rules.Timeout(s.tcb, due[0]))
			continue
		}
		n := min((s.now-s.ticked)/s.tick, time.Duration(s.rules.Deadline(s.tcb)))
		if n == 0 {
			return nil
		}
		to, ok := s.rules.Tick(s.tcb, uint16(n))
		if !ok {
			return fmt.Errorf("%d ticks: want no timer that is due before", n)
		}
		s.tcb = to
		s.ticked += n * s.tick
	}
}

// Deadline is adapter.Deadliner's.
func (s *Stack) Deadline() (at time.Duration, ok bool, err error) {
	n := s.rules.Deadline(s.tcb)
	if n == model.Never {
		return 0, false, nil
	}
	return s.ticked + time.Duration(n)*s.tick, true, nil
}

// State is adapter.Stater's. "/mini" follows FIN-WAIT-2 if the numbers alone are
// kept.
func (s *Stack) State() (string, error) {
	name := s.tcb.State.String()
	if s.tcb.Mini {
		name += "/mini"
	}
	return name, nil
}

var (
	_ adapter.Deadliner = (*Stack)(nil)
	_ adapter.Stater    = (*Stack)(nil)
)
