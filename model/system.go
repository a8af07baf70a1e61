package model

import (
	"fmt"
	"slices"

	"tcpclose/box"
)

// A State is the whole system at an instant.
type State struct {
	Ends [2]TCB     // by side
	Nets [2]Channel // by the side that sends into it
	Left Budget     // what the network may still do
	Box  BoxState   // what the box knows; zero without one
}

// A Kind is a kind of action. Their order is the order in which steps are tried.
type Kind uint8

const (
	Calls      Kind = iota // Side's user calls Call
	Timeouts               // Timeout fires at Side
	Deliveries             // the Packet at Place of Side's channel reaches its peer, or the box
	Copies                 // the same, and a copy stays in the network
	Losses                 // the network loses it
	Boxes                  // the box does Act of itself
	Ticks                  // time goes on by a tick

	numKinds
)

func (k Kind) String() string {
	names := [numKinds]string{"call", "timeout", "deliver", "duplicate", "lose", "box", "tick"}
	if k >= numKinds {
		return fmt.Sprintf("Kind(%d)", uint8(k))
	}
	return names[k]
}

// An Action is what happens in a step. Fields that its kind does not use are zero.
type Action struct {
	Kind    Kind
	Side    Side
	Call    Call
	Timeout Timeout
	Place   uint8
	Packet  Packet
	Act     BoxAct
}

// A System is the two endpoints and the network of a configuration.
type System struct {
	Config Config
	stacks [2]Stack
	medium Medium
	box    *Watcher // nil without one
}

// NewSystem returns the system of c, or what is wrong with c.
func NewSystem(c Config) (*System, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	return &System{c, [2]Stack{c.Stack(A), c.Stack(B)}, c.Medium(), c.Watcher()}, nil
}

// Counted returns the same system with a network that tells what every step costs,
// also where that is not limited: see Medium.Counted. It has more states.
func (y *System) Counted() *System {
	z := *y
	z.medium.Counted = true
	return &z
}

// Stack returns the rules of side.
func (y *System) Stack(side Side) Stack { return y.stacks[side] }

// Medium returns the rules of both channels.
func (y *System) Medium() Medium { return y.medium }

// Box returns the rules of the box, or nil if there is none.
func (y *System) Box() *Watcher { return y.box }

// Init returns the initial state: ESTABLISHED or CLOSED, nothing sent, nothing in
// transit.
func (y *System) Init() State {
	var s State
	for side := range s.Ends {
		s.Ends[side] = y.stacks[side].begin(y.Config.Start)
	}
	s.Left = y.Config.Budget()
	if y.box != nil {
		s.Box = y.box.begin(&y.Config)
	}
	if stray := y.Config.Stray; stray != (Stray{}) {
		s.Nets[stray.From] = y.medium.with(s.Nets[stray.From], Packet{Segment: stray.Segment, Spare: y.medium.marks()})
	}
	return s
}

// Budget returns what the network may do at the start.
func (c Config) Budget() Budget {
	limited := func(l Limit) uint8 { return uint8(max(l, 0)) }
	return Budget{limited(c.Loss), limited(c.Duplicate), limited(c.Reorder)}
}

// An Outcome is what a step leads to.
type Outcome struct {
	To      State
	Effect  Effect // of the endpoint that moved, if one did
	Box     BoxEffect
	Mover   Side // which one
	Moved   bool
	Elapsed uint16 // ticks that have passed
	Toll    Toll   // what the step costs, as far as it is counted
	// Gone is the packets whose time is over with a tick, by who sent them.
	Gone [2]Channel
	// Overflow: the step is cut because a segment found no room where its loss
	// cannot be paid for, or because the horizon of the box is too short. There is no To.
	Overflow bool
}

// Actions appends the actions that are possible in s, in their order.
func (y *System) Actions(dst []Action, s State) []Action {
	y.candidates(s, func(a Action) {
		if o, ok := y.Step(s, a); ok && !o.Overflow {
			dst = append(dst, a)
		}
	})
	return dst
}

// Outcomes calls f with every action that is possible in s, in their order, and
// what it leads to; those included that are cut because a segment found no room.
func (y *System) Outcomes(s State, f func(Action, *Outcome)) {
	y.candidates(s, func(a Action) {
		if o, ok := y.Step(s, a); ok {
			f(a, &o)
		}
	})
}

// candidates calls f with every action that is worth trying, in order.
func (y *System) candidates(s State, f func(Action)) {
	for _, side := range Sides {
		for _, c := range y.stacks[side].Calls(nil, s.Ends[side]) {
			f(Action{Kind: Calls, Side: side, Call: c})
		}
		for _, t := range y.stacks[side].Due(nil, s.Ends[side]) {
			f(Action{Kind: Timeouts, Side: side, Timeout: t})
		}
	}
	for _, kind := range [...]Kind{Deliveries, Copies, Losses} {
		for _, side := range Sides {
			places := s.Nets[side].Different()
			for _, toBox := range y.ways() { // those to the box come first
				for _, i := range places {
					p := s.Nets[side].Packets[i]
					if kind == Losses && !toBox || kind != Losses && y.box.Meets(side, p) == toBox {
						f(Action{Kind: kind, Side: side, Place: uint8(i), Packet: p})
					}
				}
			}
		}
	}
	if y.box != nil {
		for _, act := range y.box.Acts(nil, s.Box) {
			f(Action{Kind: Boxes, Act: act})
		}
	}
	f(Action{Kind: Ticks})
}

// ways lists whether deliveries are to the box.
func (y *System) ways() []bool {
	if y.box == nil {
		return []bool{false}
	}
	return []bool{true, false}
}

// Step returns the effect of a on s. ok is false if a is not possible there.
func (y *System) Step(s State, a Action) (o Outcome, ok bool) {
	o.To = s
	if !y.enabled(s, a) {
		return o, false
	}
	var tolls []Toll
	switch a.Kind {
	case Calls:
		o.Mover, o.Moved = a.Side, true
		o.To.Ends[a.Side], o.Effect = y.stacks[a.Side].Call(s.Ends[a.Side], a.Call)
	case Timeouts:
		o.Mover, o.Moved = a.Side, true
		o.To.Ends[a.Side], o.Effect = y.stacks[a.Side].Timeout(s.Ends[a.Side], a.Timeout)
	case Deliveries, Copies:
		medium := y.medium.Of(a.Side)
		take := medium.Deliver
		if a.Kind == Copies {
			take = medium.DeliverCopy
		}
		var toll Toll
		o.To.Nets[a.Side], toll = take(s.Nets[a.Side], int(a.Place))
		tolls = append(tolls, toll)
		if y.box.Meets(a.Side, a.Packet) {
			o.To.Box, o.Box = y.box.Arrives(s.Box, a.Side, a.Packet)
			if o.Box.Verdict == box.Passed {
				p := a.Packet
				p.Behind = true
				o.To.Nets[a.Side], toll = medium.Enter(o.To.Nets[a.Side], p)
				tolls = append(tolls, toll)
			}
			break
		}
		to := a.Side.Peer()
		o.Mover, o.Moved = to, true
		o.To.Ends[to], o.Effect = y.stacks[to].Arrives(s.Ends[to], a.Packet.Segment, a.Packet.Of)
	case Losses:
		var toll Toll
		o.To.Nets[a.Side], toll = y.medium.Of(a.Side).Lose(s.Nets[a.Side], int(a.Place))
		tolls = append(tolls, toll)
	case Boxes:
		if y.box.Short(s.Box, a.Act) {
			o.Overflow = true
			return o, true
		}
		o.To.Box, o.Box = y.box.Act(s.Box, a.Act)
	case Ticks:
		if tolls, ok = y.tick(s, &o); !ok {
			return o, false
		}
	}
	if g := o.Effect.Sent; g != (Segment{}) {
		var toll Toll
		o.To.Nets[o.Mover], toll = y.medium.Of(o.Mover).Send(o.To.Nets[o.Mover], g, o.Effect.Of)
		tolls = append(tolls, toll)
	}
	tolls = y.sendResets(&o, tolls)
	for _, t := range tolls {
		o.Toll = o.Toll.plus(t)
		var ok bool
		if o.To.Left, ok, o.Overflow = y.medium.Pay(o.To.Left, t); !ok {
			return o, o.Overflow
		}
	}
	if a.Kind == Ticks && o.To == s {
		return o, false // nothing is waiting for time to pass
	}
	return o, true
}

// tick lets time pass, and returns what that costs. It reports false if something comes
// before.
func (y *System) tick(s State, o *Outcome) (tolls []Toll, ok bool) {
	var still bool
	o.Elapsed, still = y.elapsing(s)
	if y.box != nil {
		if o.To.Box, ok = y.box.Tick(s.Box, o.Elapsed, still); !ok {
			return nil, false
		}
	}
	for _, side := range Sides {
		if o.To.Ends[side], ok = y.stacks[side].Tick(s.Ends[side], o.Elapsed); !ok {
			return nil, false
		}
		var toll Toll
		o.To.Nets[side], toll = y.medium.Of(side).Tick(s.Nets[side])
		o.Gone[side] = y.medium.Expiring(s.Nets[side])
		tolls = append(tolls, toll)
	}
	return tolls, true
}

// sendResets sends what the box has made in a step, and appends what that costs.
func (y *System) sendResets(o *Outcome, tolls []Toll) []Toll {
	for _, side := range Sides {
		if g := o.Box.Resets[side]; g != (Segment{}) {
			var toll Toll
			o.To.Nets[side], toll = y.medium.Of(side).Enter(o.To.Nets[side], Packet{Segment: g, Of: o.Box.Tag[side], Behind: true})
			tolls = append(tolls, toll)
		}
	}
	return tolls
}

// elapsing returns how many ticks pass in a step. Where time leaps it goes to the next
// deadline if nothing but a timeout can happen before; what would be seen on the
// way is no more than clocks. still reports whether time passes for the box alone.
func (y *System) elapsing(s State) (n uint16, still bool) {
	n = Never
	for _, side := range Sides {
		n = Sooner(Sooner(n, y.stacks[side].Leap(s.Ends[side])), y.medium.Leap(s.Nets[side]))
	}
	if y.box != nil {
		n, still = y.box.Leap(s.Box, n)
	}
	if n >= Still { // nothing happens any more, but the clocks that are no deadline run out
		return max(1, s.Ends[A].Throttle, s.Ends[B].Throttle), still
	}
	return n, still
}

// Still is the Leap of an end whose user may act, and for which time changes nothing.
const Still = Never - 1

// Sooner returns how far time may go for two parts together: where a user may act that is a
// tick, unless all is still.
func Sooner(m, n uint16) uint16 {
	if m > n {
		m, n = n, m
	}
	if m < Still && n == Still {
		return 1
	}
	return m
}

// Leap returns how far time may go in one step, for all that t has to do with it: a
// tick, where time does not leap, the user may do something, or could if its clock
// had gone on.
func (s Stack) Leap(t TCB) uint16 {
	if s.Time == TimeSteps || s.clockRuns(t) {
		return 1
	}
	changes := false
	if s.Time == TimeStrides {
		to, ok := s.Tick(t, 1)
		changes = !ok || to != t
	}
	switch calls := len(s.Calls(nil, t)) > 0; {
	case calls && (changes || s.Time == TimeLeaps):
		return 1
	case calls:
		return Still
	case changes && s.Deadline(t) == Never: // a clock that is no deadline runs out
		return max(1, t.Throttle)
	}
	return max(1, s.Deadline(t))
}

// Leap returns how far time may go in one step, for all that c has to do with it.
func (m Medium) Leap(c Channel) uint16 {
	if c.N > 0 {
		return 1
	}
	return Never
}

// enabled reports whether a can happen at all: the user may make the call, the timeout
// is due, the packet is at its place.
func (y *System) enabled(s State, a Action) bool {
	if a.Side > B {
		return false
	}
	switch a.Kind {
	case Calls:
		return slices.Contains(y.stacks[a.Side].Calls(nil, s.Ends[a.Side]), a.Call)
	case Timeouts:
		return slices.Contains(y.stacks[a.Side].Due(nil, s.Ends[a.Side]), a.Timeout)
	case Deliveries, Copies, Losses:
		c := s.Nets[a.Side]
		return a.Place < c.N && c.Packets[a.Place] == a.Packet
	case Boxes:
		return y.box != nil && slices.Contains(y.box.Acts(nil, s.Box), a.Act)
	case Ticks:
		return true
	}
	return false
}
