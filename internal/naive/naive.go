package naive

import (
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"tcpclose/box"
	"tcpclose/explore"
	"tcpclose/internal/tier"
	"tcpclose/invariants"
	"tcpclose/model"
	"tcpclose/trace"
)

// A node is a state of the model and what the monitors of both sides remember.
type Node struct {
	model.State
	Records [2]invariants.Record
}

// An edge is a step to a node, and what each endpoint does in it.
type Edge struct {
	to    Node
	moves [2]*invariants.Step // by side; nil if it takes no part
	box   *invariants.BoxStep // nil if it does nothing
}

// naive explores a model.System with a map and without haste, by way of what the
// package model exports and nothing of this one but the monitors.
type Search struct {
	System *model.System
	Needs  invariants.Monitors
	Limit  int // steps from the initial state; 0 is no limit
	// What is called, if it is not nil, with each state and step, and after how
	// many steps it is first there.
	State    func(n Node, steps int)
	Step     func(e *Edge, steps int)
	Terminal func(n Node, steps int)

	Result    explore.Result
	Distance  map[Node]int
	Overflows int
}

// run fills in the result as package explore would: a step that is cut counts as
// generated.
func (v *Search) Run() *Search {
	init := Node{State: v.System.Init()}
	v.Distance = map[Node]int{init: 0}
	v.Result.Generated = 1
	v.enter(init, 0)
	incomplete := map[string]bool{}
	for level := []Node{init}; len(level) > 0; {
		if v.Result.Depth++; v.Limit > 0 && v.Result.Depth > v.Limit {
			incomplete[explore.BoundDepth] = true
			break
		}
		var next []Node
		for _, n := range level {
			steps := 0
			for _, a := range Candidates(v.System, n.State) {
				o, ok := v.System.Step(n.State, a)
				if !ok {
					continue
				}
				steps++
				if o.Overflow {
					v.Overflows++
					incomplete[map[bool]string{false: "capacity", true: "box-horizon"}[a.Kind == model.Boxes]] = true
					continue
				}
				e := v.Follow(n, a, o)
				if v.Step != nil {
					v.Step(&e, v.Result.Depth)
				}
				if _, known := v.Distance[e.to]; !known {
					v.Distance[e.to] = v.Result.Depth
					next = append(next, e.to)
					v.enter(e.to, v.Result.Depth)
				}
			}
			v.Result.Generated += steps
			if steps == 0 {
				v.Result.Terminals++
				if v.Terminal != nil {
					v.Terminal(n, v.Result.Depth-1)
				}
			}
		}
		level = next
	}
	v.Result.Distinct = len(v.Distance)
	v.Result.Incomplete = slices.Sorted(maps.Keys(incomplete))
	return v
}

func (v *Search) enter(n Node, steps int) {
	if v.State != nil {
		v.State(n, steps)
	}
}

// follow is the step with what the monitors make of it.
func (v *Search) Follow(n Node, a model.Action, o model.Outcome) Edge {
	e := Edge{to: Node{o.To, n.Records}}
	move := func(side model.Side, s invariants.Step) {
		s.From, s.To = n.Ends[side], o.To.Ends[side]
		after := v.Needs.Next(n.Records[side], &s, v.System.Config.MSL)
		s.Before, s.After = n.Records[side].Memory(nil), after.Memory(nil)
		e.to.Records[side] = after
		e.moves[side] = &s
	}
	if o.Box.Acts {
		e.box = &invariants.BoxStep{From: n.Box, To: o.To.Box, Effect: o.Box, Side: a.Side, Arrived: a.Packet.Segment, Act: a.Act, Rules: v.System.Box()}
	}
	switch a.Kind {
	case model.Calls:
		move(a.Side, invariants.Step{Kind: model.Calls, Call: a.Call, Effect: o.Effect})
	case model.Timeouts:
		move(a.Side, invariants.Step{Kind: model.Timeouts, Timeout: a.Timeout, Effect: o.Effect})
	case model.Deliveries, model.Copies:
		if !o.Moved { // it is the box that has it
			break
		}
		move(a.Side.Peer(), invariants.Step{Kind: model.Deliveries, Arrived: a.Packet.Segment, Of: a.Packet.Of, Effect: o.Effect})
	case model.Ticks:
		move(model.A, invariants.Step{Kind: model.Ticks, Elapsed: o.Elapsed})
		move(model.B, invariants.Step{Kind: model.Ticks, Elapsed: o.Elapsed})
	}
	return e
}

// Candidates returns the actions that may be possible in s, one for each packet that the
// network can tell from its neighbour.
func Candidates(y *model.System, s model.State) (list []model.Action) {
	for _, side := range model.Sides {
		for _, c := range y.Stack(side).Calls(nil, s.Ends[side]) {
			list = append(list, model.Action{Kind: model.Calls, Side: side, Call: c})
		}
		for _, t := range y.Stack(side).Due(nil, s.Ends[side]) {
			list = append(list, model.Action{Kind: model.Timeouts, Side: side, Timeout: t})
		}
		packets := s.Nets[side].List()
		for i, p := range packets {
			if i > 0 && p == packets[i-1] {
				continue
			}
			for _, kind := range []model.Kind{model.Deliveries, model.Copies, model.Losses} {
				list = append(list, model.Action{Kind: kind, Side: side, Place: uint8(i), Packet: p})
			}
		}
	}
	if y.Box() != nil {
		for _, act := range []model.BoxAct{model.BoxExpires, model.BoxEvicts, model.BoxRestarts} {
			list = append(list, model.Action{Kind: model.Boxes, Act: act})
		}
	}
	return append(list, model.Action{Kind: model.Ticks})
}

// To returns the node to which the step leads.
func (e *Edge) To() Node { return e.to }

// matches checks a pattern by what it says, with self as self, in a step.
func (e *Edge) Matches(p *invariants.Pattern, self model.Side) bool {
	s := e.moves[self]
	if p.Box != nil {
		at := e.to.end(self)
		return p.LooksAt(self) && e.box != nil && p.Box(self, e.box) && (p.Self == nil || p.Self(&at)) && e.to.fits(p, self)
	}
	return p.Kind == explore.Steps && p.LooksAt(self) && s != nil && p.Step(s) && e.to.fits(p, self)
}

// matches checks a state or terminal pattern.
func (n *Node) Matches(p *invariants.Pattern, self model.Side) bool {
	at := n.end(self)
	if p.Parts != nil {
		return self == model.A && n.fitsParts(p.Parts)
	}
	return p.LooksAt(self) && (p.Self == nil || p.Self(&at)) && n.fits(p, self)
}

// fitsParts reports whether a pattern by parts, which is about a state and needs no rules of
// the box, matches.
func (n *Node) fitsParts(p invariants.Parts) bool {
	for _, side := range model.Sides {
		at := n.end(side)
		if !p.End(side, at.Still(), false) || !p.Net(side, &invariants.NetStep{Packets: n.Nets[side].List()}) {
			return false
		}
	}
	return p.Box(invariants.BoxStill(nil, n.Box))
}

// fits reports whether the rest of a pattern matches: the peer and the network.
func (n *Node) fits(p *invariants.Pattern, self model.Side) bool {
	peer := n.end(self.Peer())
	return (p.Peer == nil || p.Peer(&peer)) &&
		(p.Out == nil || p.Out(n.Nets[self].List())) &&
		(p.In == nil || p.In(n.Nets[self.Peer()].List()))
}

func (n *Node) end(side model.Side) invariants.End {
	return invariants.End{TCB: n.Ends[side], Memory: n.Records[side].Memory(nil)}
}

// parse is a configuration from words.
func Parse(t require.TestingT, words string) model.Config {
	c, err := model.ParseConfig(words)
	require.NoError(t, err)
	return c
}

// systemOf is the system of a configuration.
func SystemOf(t require.TestingT, c model.Config) *model.System {
	y, err := model.NewSystem(c)
	require.NoError(t, err)
	return y
}

// tiny is the smallest configuration in which a connection closes with some
// variety.
const Tiny = "a-octets=0 b-octets=0 msl=2 rto=1 r2=1 "

// again0 is connections that are opened again with the numbers of before, without
// data.
const Again0 = "a-octets=0 b-octets=0 msl=1 rto=1 r2=1 reopen=1 a-isn=same b-isn=same "

// A smallConfig is a configuration that a slow search can explore.
type smallConfig struct{ Name, Words string }

// smallConfigs is a choice of them: every limit, every decision's alternatives.
func SmallConfigs() (list []smallConfig) {
	add := func(name, words string) { list = append(list, smallConfig{name, words}) }
	add("no data", Tiny)
	add("no data, one place", "a-octets=0 b-octets=0 msl=2 rto=2 r2=2 capacity=1")
	add("r2 off", "a-octets=0 b-octets=0 msl=2 rto=2 r2=off")
	add("r2 unlimited", "a-octets=0 b-octets=0 msl=1 rto=2 r2=unlimited")
	add("an octet of a", "b-octets=0 msl=1 rto=1 r2=1 capacity=1")
	add("b never closes", Tiny+"b-closes=never")
	add("b closes after a", Tiny+"b-closes=after-peer")
	for _, loss := range []string{"off", "1", "unlimited"} {
		for _, duplicate := range []string{"off", "1", "unlimited"} {
			for _, reorder := range []string{"off", "1", "unlimited"} {
				words := "loss=" + loss + " duplicate=" + duplicate + " reorder=" + reorder
				times := " msl=2 rto=2 r2=1"
				switch {
				case loss == "off":
					times = " msl=2 rto=3 r2=1"
				case loss == "1" && duplicate == "unlimited": // copies that may vanish multiply states
					times = " msl=1 rto=2 r2=1"
				}
				add(words, "a-octets=0 b-octets=0 "+words+times)
			}
		}
	}
	add("fifo, roomy", "a-octets=0 b-octets=0 msl=2 rto=3 r2=1 loss=1 duplicate=off reorder=off capacity=8")
	add("fifo, data", "b-octets=0 msl=2 rto=4 r2=1 loss=1 duplicate=off reorder=off capacity=4")
	for d := range model.NumDecisions {
		for _, a := range d.Info().Alternatives[1:] {
			words := d.String() + "=" + a.Name
			if d >= model.OutOfOrder { // of no consequence here
				add(words, "a-octets=0 b-octets=0 msl=1 rto=1 r2=off capacity=1 "+words)
				continue
			}
			add(words, Tiny+words)
		}
	}
	for _, words := range []string{
		"b-buffer=0", "a-close-is=full", "a-close-is=half-then-full", "b-fails=abort", "b-fails=die", "b-fails=crash",
		"delayed-ack=1", "delayed-ack=unlimited", "rto-max=4", "user-timeout=2", "keepalive=2", "clock=leaps", "delay=1",
		"a-close-is=full fin-wait-2=1", "b-fails=crash closed-answer=nothing keepalive=2 user-timeout=3 keepalive-limit=user-timeout", "user-timeout=3 user-timeout-runs=any-state clock=leaps",
	} {
		add(words, "a-octets=0 b-octets=0 msl=2 rto=1 r2=off capacity=1 "+words)
	}
	small := "b-octets=0 msl=1 rto=1 r2=1 capacity=1 "
	for _, words := range []string{
		"b-buffer=1 b-reads=slowly", "b-buffer=1 b-reads=never", "b-reads=slowly b-close-is=full", "b-close-is=full late-data=ack",
		"b-reads=slowly read-after-fin=error", "b-reads=slowly b-fails=die unread-close=fin", "b-buffer=1 b-reads=slowly window-update=unsent",
		"b-buffer=1 b-reads=slowly zero-window-ack=unread a-buffer=0", "out-of-order=held",
		"b-buffer=0 zero-window-fin=taken", "b-buffer=1 b-reads=slowly zero-window-probe=old", "b-buffer=1 zero-window-probe=old a-fails=abort abort-unsent-fin=rst",
		"b-buffer=1 b-reads=slowly reset-unread-text=kept a-fails=abort", "b-close-is=full rst-number=seg-ack rst-ack=all",
		"b-reads=slowly b-buffer=2 b-fails=die unread-close=kept", "first-resend=newest", "resend-size=merged",
	} {
		add(words, small+words)
	}
	for _, words := range []string{
		"start=closed", "start=closed a-opens=either b-opens=either", "start=closed b-fails=abort", "reopen=1", "reopen=1 a-isn=same b-isn=same",
		"reopen=1 timestamps=on time-wait-reuse=rfc-6191", "reopen=1 time-wait-reuse=may-2 a-isn=same", "reopen=1 connect-reuse=at-once timestamps=fine",
		"reopen=1 time-wait-reuse=may-2 b-fails=crash b-isn=clock clock=leaps",
		"closing-fin=each-ack challenge-interval=1 stray=<SEQ=101><CTL=RST>", "reopen=1 a-fails=crash challenged-syn=at-once a-isn=clock",
		"reopen=1 a-fails=crash timestamps=on timestamp-clock=restarts", "reopen=1 b-fails=crash quiet-time=2", "reopen=1 b-opens=either time-wait-reuse=linux clock=leaps",
	} {
		add(words, "a-octets=0 b-octets=0 msl=1 rto=1 r2=off capacity=1 "+words)
	}
	for _, words := range []string{ // two ends that differ
		"a-time-wait-rst=ignored b-rto=2", "a-time-wait=4 b-time-wait=1 b-late-reset=silent", "a-msl=3", "b-msl=1 a-r2=2 b-closing-timer=absent",
		"a-delayed-ack=1 b-user-timeout=2 a-close-is=full a-fin-wait-2=1",
	} {
		add(words, "a-octets=0 b-octets=0 msl=2 rto=1 r2=1 capacity=1 "+words)
	}
	for _, words := range []string{
		"a-opens=either b-opens=either a-time-wait-reuse=may-2 loss=off", "b-time-wait-reuse=linux a-timestamps=on b-timestamps=fine b-opens=either",
		"a-timestamps=on b-connect-reuse=at-once a-opens=passively b-opens=actively loss=off", "b-isn=clock b-isn-clock=2 b-fails=crash b-quiet-time=1",
	} {
		add("reopen=1 "+words, "a-octets=0 b-octets=0 msl=1 rto=1 r2=off capacity=1 reopen=1 "+words)
	}
	add("clocks", "a-octets=0 msl=1 rto=1 r2=off capacity=1 reopen=1 a-isn=clock b-isn=paced-clock")
	literal := ""
	for d, choice := range model.Literal {
		literal += " " + model.Decision(d).String() + "=" + model.Decision(d).Info().Alternatives[choice].Name
	}
	add("literal", Tiny+literal)
	add("literal, limited", "a-octets=0 b-octets=0 msl=2 rto=3 r2=1 loss=1 duplicate=1 reorder=1 capacity=3"+literal)
	return list
}

// ShortLimit returns the depth to which tests look; the large tier has no limit.
func ShortLimit() int { return tier.Choose(7, 0) }

// anyConfig draws a small configuration.
func AnyConfig() *rapid.Generator[model.Config] {
	return rapid.Custom(func(t *rapid.T) model.Config {
		small := func(name string, low, high uint8) uint8 { return rapid.Uint8Range(low, high).Draw(t, name) }
		limit := func(name string) model.Limit {
			return rapid.SampledFrom([]model.Limit{model.Unlimited, 0, 1, 2}).Draw(t, name)
		}
		var c model.Config
		writer := rapid.SampledFrom(model.Sides[:]).Draw(t, "writer")
		for _, side := range model.Sides {
			c.Apps[side] = model.App{
				Close: rapid.SampledFrom([]model.CloseWhen{
					model.CloseAnyTime, model.CloseAnyTime, model.CloseAfterPeer, model.CloseNever,
				}).Draw(t, "closes"),
				Parting: rapid.SampledFrom([]model.Parting{model.Half, model.Half, model.ForGood, model.HalfThenGood}).Draw(t, "close"),
				Reads:   rapid.SampledFrom([]model.ReadWhen{model.ReadAtOnce, model.ReadAtOnce, model.ReadSlowly, model.ReadNever}).Draw(t, "reads"),
				Buffer:  rapid.SampledFrom([]model.Window{model.Wide, model.Wide, model.WindowOf(0), model.WindowOf(1)}).Draw(t, "buffer"),
				Fails:   rapid.SampledFrom([]model.Failing{model.FailNever, model.FailNever, model.FailNever, model.FailAbort, model.FailDie, model.FailCrash}).Draw(t, "fails"),
			}
		}
		c.Apps[writer].Octets = small("octets", 0, 1)
		c.MSL = uint16(small("msl", 1, 2))
		c.Ends[model.A] = anyEndpoint().Draw(t, "a")
		if c.Ends[model.B] = c.Ends[model.A]; rapid.Bool().Draw(t, "differ") {
			c.Ends[model.B] = anyEndpoint().Draw(t, "b")
		}
		c.Time = model.TimeKind(small("time", 0, 1))
		c.Delay = model.Span{Ticks: uint16(rapid.IntRange(1, int(c.MSL)).Draw(t, "delay"))}
		c.Loss, c.Duplicate, c.Reorder = limit("loss"), limit("duplicate"), limit("reorder")
		c.Loses = rapid.SampledFrom([]model.Loses{0, 0, 0, model.LosesFinOfA, model.LosesAckOfB}).Draw(t, "loses")
		c.Capacity = small("capacity", 1, 2)
		return c
	})
}

// AnyBoxed draws a small configuration with a box, whose timers are some ticks.
func AnyBoxed() *rapid.Generator[model.Config] {
	return rapid.Custom(func(t *rapid.T) model.Config {
		c := AnyConfig().Draw(t, "ends")
		limit := func(name string) model.Limit {
			return rapid.SampledFrom([]model.Limit{0, 0, 1, model.Unlimited}).Draw(t, name)
		}
		names := append(box.Names(), "conntrack,drop_invalid=0", "conntrack,tcp_loose=0", "conntrack,tcp_be_liberal=1,tcp_max_retrans=1", "pf,tcp.closing=30")
		b, err := box.Find(rapid.SampledFrom(names).Draw(t, "box"))
		if err != nil {
			t.Fatal(err)
		}
		c.Between = model.Between{
			Box:       b,
			Tick:      rapid.SampledFrom([]time.Duration{10, 30, 60, 120}).Draw(t, "tick") * time.Second,
			Counted:   rapid.SampledFrom([]uint16{1, 3, 8}).Draw(t, "counted"),
			Restarts:  limit("restarts"),
			Evictions: limit("evictions"),
			Sees:      rapid.SampledFrom([]model.Sees{model.SeesBoth, model.SeesBoth, model.SeesA, model.SeesB}).Draw(t, "sees"),
		}
		c.Start = rapid.SampledFrom([]model.Start{model.StartEstablished, model.StartEstablished, model.StartClosed}).Draw(t, "start")
		if rapid.Bool().Draw(t, "strides") {
			c.Time, c.Between.Horizon = model.TimeStrides, rapid.SampledFrom([]uint16{1, 2, 6, 12}).Draw(t, "horizon")
		}
		return c
	})
}

// anyEndpoint draws what belongs to an end.
func anyEndpoint() *rapid.Generator[model.Endpoint] {
	return rapid.Custom(func(t *rapid.T) model.Endpoint {
		small := func(name string, low, high uint8) uint8 { return rapid.Uint8Range(low, high).Draw(t, name) }
		timer := func(name string) uint16 { return rapid.SampledFrom([]uint16{0, 0, 0, 2}).Draw(t, name) }
		var e model.Endpoint
		e.MSL = rapid.SampledFrom([]uint16{0, 0, 0, 1, 3}).Draw(t, "assumed msl")
		e.RTO, e.R2 = uint16(small("rto", 1, 2)), model.Limit(rapid.Int8Range(0, 1).Draw(t, "r2"))
		e.TimeWait = model.Span{MSLs: small("MSLs", 0, 2), Ticks: uint16(small("ticks", 0, 1))}
		if e.TimeWait == (model.Span{}) {
			e.TimeWait.Ticks = 1
		}
		if timer("back-off") > 0 {
			e.RTOMax = 2 * e.RTO
		}
		e.AckDelay = rapid.SampledFrom([]model.Limit{0, 0, 1, model.Unlimited}).Draw(t, "delayed ack")
		e.UserTimeout, e.FinWait2, e.KeepAlive, e.Probes = timer("user"), timer("fin-wait-2"), timer("keepalive"), 1
		for d := range model.NumDecisions {
			e.Choices[d] = model.Choice(rapid.IntRange(0, len(d.Info().Alternatives)-1).Draw(t, d.String()))
		}
		return e
	})
}

// Every small configuration is different from the others, and valid.
func TestSmallConfigs(t *testing.T) {
	seen := map[model.Config]string{}
	for _, s := range SmallConfigs() {
		c := Parse(t, s.Words)
		require.Empty(t, seen[c], "%s is the same", s.Name)
		seen[c] = s.Name
	}
}

// assertReplays asserts that a trace is a run of the model.
func AssertReplays(t require.TestingT, trace *trace.Trace) {
	y := SystemOf(t, trace.Config)
	require.Len(t, trace.States, len(trace.Events)+1)
	require.Equal(t, y.Init(), trace.States[0])
	for i, e := range trace.Events {
		require.Contains(t, y.Actions(nil, trace.States[i]), e.Action)
		o, ok := y.Step(trace.States[i], e.Action)
		require.True(t, ok, "event %d", i+1)
		require.False(t, o.Overflow, "event %d", i+1)
		require.Equal(t, o, e.Outcome, "event %d", i+1)
		require.Equal(t, o.To, trace.States[i+1], "event %d", i+1)
	}
}

// assertShows asserts that a trace shows what a property is about at its end, and
// not before.
func AssertShows(t require.TestingT, p *invariants.Property, trace *trace.Trace) {
	patterns := p.Patterns(trace.Config)
	v := &Search{System: SystemOf(t, trace.Config)}
	for i := range patterns {
		v.Needs |= patterns[i].Needs
	}
	shown := func(kind explore.Kind, matches func(*invariants.Pattern, model.Side) bool) bool {
		for i := range patterns {
			for _, self := range model.Sides {
				if patterns[i].Kind == kind && matches(&patterns[i], self) {
					return true
				}
			}
		}
		return false
	}
	terminal := func(n Node) bool {
		return len(v.System.Actions(nil, n.State)) == 0 && shown(explore.Terminals, n.Matches)
	}
	n := Node{State: trace.States[0]}
	for i, event := range trace.Events {
		require.False(t, shown(explore.States, n.Matches) || terminal(n), "%s: before event %d", p.Name, i+1)
		e := v.Follow(n, event.Action, event.Outcome)
		n = e.to
		if i < len(trace.Events)-1 {
			require.False(t, shown(explore.Steps, e.Matches), "%s: at event %d", p.Name, i+1)
		} else {
			require.True(t, shown(explore.Steps, e.Matches) || shown(explore.States, n.Matches) || terminal(n), "%s: the last event", p.Name)
		}
	}
}
