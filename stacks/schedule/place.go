package schedule

import (
	"context"
	"fmt"

	"tcpclose/ask"
	"tcpclose/check"
	"tcpclose/explore/product"
	"tcpclose/invariants"
	"tcpclose/model"
	"tcpclose/stacks/adapter"
	"tcpclose/stacks/wire"
	"tcpclose/trace"
)

// A Place is a situation of an end that matters.
type Place struct {
	Name  string
	State model.ConnState
	where string // an expression about end a
	world string // what is changed in the configuration in which it is looked for
	then  Wait   // what follows the run, for places that time leads to
}

// Worlds: the end that opens the connection, and the applications at both ends, as the fields
// of a configuration say. The end opens actively, unless the place needs another
// way: a socket cannot be closed before it is accepted, as CLOSE in SYN-RECEIVED.
const (
	actively = " a-opens=actively b-opens=passively"
	halves   = "a-close-is=half reorder=off" + actively
	resets   = "a-close-is=half reorder=off b-fails=abort" + actively
	fulls    = "a-close-is=full reorder=off late-data=ack" + actively
	shuts    = "a-close-is=half reorder=off b-buffer=0 b-reads=slowly" + actively
	holes    = "a-close-is=half reorder=1 out-of-order=held" + actively
	serves   = "a-close-is=half reorder=off a-opens=passively b-opens=actively"
	crosses  = "a-close-is=half reorder=off a-opens=either b-opens=either"
)

// Places lists what is looked for. A first one of each state is the plain one.
var Places = []Place{
	{"CLOSED", model.Closed, "a.state == CLOSED", halves, NoWait},
	{"CLOSED, after LAST-ACK", model.Closed, "a.state == CLOSED && a.before == LAST_ACK", halves, NoWait},
	{"CLOSED, after RST", model.Closed, "a.state == CLOSED && a.before == ESTABLISHED && a.receives.rst", resets, NoWait},
	{"LISTEN", model.Listen, "a.state == LISTEN", serves, NoWait},
	{"SYN-SENT", model.SynSent, "a.state == SYN_SENT", halves, NoWait},
	{"SYN-RECEIVED", model.SynReceived, "a.state == SYN_RECEIVED && a.before == LISTEN", serves, NoWait},
	{"SYN-RECEIVED, of a simultaneous open", model.SynReceived, "a.state == SYN_RECEIVED && a.before == SYN_SENT", crosses, NoWait},
	{"ESTABLISHED", model.Established, "a.state == ESTABLISHED && a.before == SYN_RECEIVED && a.receives.text == 0", serves, NoWait},
	{"ESTABLISHED, after an active OPEN", model.Established, "a.state == ESTABLISHED && a.before == SYN_SENT", halves, NoWait},
	{"ESTABLISHED, text not acknowledged", model.Established, "a.state == ESTABLISHED && a.sends.text > 0", serves, NoWait},
	{"ESTABLISHED, text unread", model.Established, "a.state == ESTABLISHED && a.unread > 0", serves, NoWait},
	{"ESTABLISHED, text waits for the window", model.Established, "a.state == ESTABLISHED && a.blocked", shuts, NoWait},
	{"ESTABLISHED, FIN behind a hole", model.Established, "a.state == ESTABLISHED && a.before == ESTABLISHED && a.receives.fin", holes, NoWait},
	{"CLOSE-WAIT", model.CloseWait, "a.state == CLOSE_WAIT && a.unread == 0 && !a.outstanding", halves, NoWait},
	{"CLOSE-WAIT, text unread", model.CloseWait, "a.state == CLOSE_WAIT && a.unread > 0", halves, NoWait},
	{"CLOSE-WAIT, text not acknowledged", model.CloseWait, "a.state == CLOSE_WAIT && a.sends.text > 0", halves, NoWait},
	{"FIN-WAIT-1", model.FinWait1, "a.state == FIN_WAIT_1 && a.before == ESTABLISHED && a.finsent && a.written == 0", halves, NoWait},
	{"FIN-WAIT-1, full close", model.FinWait1, "a.state == FIN_WAIT_1 && a.before == ESTABLISHED && a.finsent && a.written == 0", fulls, NoWait},
	{"FIN-WAIT-1, text not acknowledged", model.FinWait1, "a.state == FIN_WAIT_1 && a.before == ESTABLISHED && a.finsent && a.written == 1 && a.outstanding && a.calls == \"CLOSE\"", halves, NoWait},
	{"FIN-WAIT-1, text acknowledged, FIN not", model.FinWait1, "a.state == FIN_WAIT_1 && a.finsent && a.written == 1 && a.snduna == 102", halves, NoWait},
	{"FIN-WAIT-1, FIN waits for the window", model.FinWait1, "a.state == FIN_WAIT_1 && !a.finsent", shuts, NoWait},
	{"CLOSING", model.Closing, "a.state == CLOSING", halves, NoWait},
	{"CLOSING, full close", model.Closing, "a.state == CLOSING", fulls, NoWait},
	{"CLOSING, FIN waits for the window", model.Closing, "a.state == CLOSING && !a.finsent", shuts, NoWait},
	{"LAST-ACK", model.LastAck, "a.state == LAST_ACK", halves, NoWait},
	{"LAST-ACK, full close", model.LastAck, "a.state == LAST_ACK", fulls, NoWait},
	{"LAST-ACK, text not acknowledged", model.LastAck, "a.state == LAST_ACK && a.written == 1 && a.outstanding", halves, NoWait},
	{"FIN-WAIT-2", model.FinWait2, "a.state == FIN_WAIT_2", halves, NoWait},
	{"FIN-WAIT-2, full close", model.FinWait2, "a.state == FIN_WAIT_2", fulls, NoWait},
	{"FIN-WAIT-2, text unread", model.FinWait2, "a.state == FIN_WAIT_2 && a.unread > 0", halves, NoWait},
	{"TIME-WAIT", model.TimeWait, "a.state == TIME_WAIT && a.before == FIN_WAIT_2", halves, NoWait},
	{"TIME-WAIT, full close", model.TimeWait, "a.state == TIME_WAIT && a.before == FIN_WAIT_2", fulls, NoWait},
	{"TIME-WAIT, from CLOSING", model.TimeWait, "a.state == TIME_WAIT && a.before == CLOSING", halves, NoWait},
	{"TIME-WAIT, nearly over", model.TimeWait, "a.state == TIME_WAIT && a.before == FIN_WAIT_2", halves, MostTimeWait},
	{"FIN-WAIT-2, full close, nearly over", model.FinWait2, "a.state == FIN_WAIT_2", fulls, MostFinWait2},
	{"CLOSED, after TIME-WAIT", model.Closed, "a.state == TIME_WAIT && a.before == FIN_WAIT_2", halves, TimeWait},
	{"FIN-WAIT-1, retransmitted", model.FinWait1, "a.state == FIN_WAIT_1 && a.before == ESTABLISHED && a.finsent && a.written == 0", halves, Retransmit},
	{"LAST-ACK, retransmitted", model.LastAck, "a.state == LAST_ACK", halves, Retransmit},
}

// A Route is the shortest run of the model to a place.
type Route struct {
	Place    Place
	Schedule Schedule
	// Why says why there is none.
	Why string
}

// world is the configuration in which places are looked for: a connection is opened
// by either end, and each may write an octet.
const world = "start=closed loss=off duplicate=off a-octets=1 b-octets=1 a-reads=slowly capacity=3 "

// Routes finds the shortest run to each place, by the explorer.
func Routes(ctx context.Context) ([]Route, error) {
	routes := make([]Route, len(Places))
	done := map[string]bool{}
	for _, first := range Places {
		if done[first.world] {
			continue
		}
		done[first.world] = true
		if err := routesIn(ctx, first.world, routes); err != nil {
			return nil, err
		}
	}
	return routes, nil
}

// routesIn finds the runs to the places of one world.
func routesIn(ctx context.Context, in string, routes []Route) error {
	c, err := model.ParseConfig(world + in)
	if err != nil {
		return err
	}
	var at []int
	var list []*invariants.Property
	for i, p := range Places {
		if p.world != in {
			continue
		}
		q, err := ask.Parse(p.where)
		if err != nil {
			return fmt.Errorf("place %s: %w", p.Name, err)
		}
		seek := q.Seek()
		seek.Name = fmt.Sprintf("place-%d", i)
		at, list = append(at, i), append(list, seek)
	}
	o := check.Options{Options: product.Options{Workers: 1}, UntilFound: true}
	r, err := check.Check(ctx, c, list, o)
	if err != nil {
		return err
	}
	for i, f := range r.Findings {
		route := &routes[at[i]]
		route.Place = Places[at[i]]
		if f.Trace == nil {
			route.Why = "the model has no run to it: " + f.Verdict.String()
			continue
		}
		route.Schedule = Of(f.Trace, model.A)
		if w := route.Place.then; w != NoWait {
			route.Schedule = append(route.Schedule, Pass(w))
		}
	}
	return nil
}

var modelCalls = map[model.Call]Step{
	model.Open: Open(true), model.OpenPassive: Open(false),
	model.Send: Call(adapter.Send, 1), model.SendHeld: Call(adapter.Send, 1), model.Receive: Call(adapter.Receive, 1),
	model.Close: Call(adapter.Shutdown, 0), model.Release: Call(adapter.Release, 0), model.Die: Call(adapter.Release, 0),
	model.Abort: Call(adapter.Abort, 0),
}

// Of returns what a run of the model does to one end, as a schedule. What happens to
// the other, and what the network loses, is left out: the driver plays it. A run that
// begins in ESTABLISHED is given a handshake.
func Of(t *trace.Trace, side model.Side) (s Schedule) {
	if t.Config.Start == model.StartEstablished {
		s = append(s, begins[0]...)
	}
	for i, e := range t.Events {
		before := t.States[i].Ends[side]
		switch a := e.Action; {
		case a.Kind == model.Calls && a.Side == side:
			if step, ok := modelCalls[a.Call]; ok {
				if step.Kind == adapter.Opens && before.Life > 0 {
					return s // an adapter has one connection
				}
				s = append(s, step)
			}
		case a.Kind == model.Timeouts && a.Side == side:
			s = append(s, Pass(timeoutWaits[a.Timeout]))
		case (a.Kind == model.Deliveries || a.Kind == model.Copies) && a.Side == side.Peer():
			s = append(s, In(relative(a.Packet.Segment, before)))
		}
	}
	return s
}

var timeoutWaits = map[model.Timeout]Wait{
	model.Retransmission: Retransmit, model.WindowProbe: Retransmit, model.TimeWaitEnds: TimeWait, model.AckDelayEnds: Settle,
	model.FinWait2Ends: FinWait2, model.KeepAlive: GiveUp, model.UserTimeout: GiveUp,
}

// relative returns g, of the peer, with numbers that count from where t stands.
func relative(g model.Segment, t model.TCB) Segment {
	s := Segment{Len: int(g.Len)}
	for _, b := range []struct {
		model model.Ctl
		wire  wire.Ctl
	}{{model.FIN, wire.FIN}, {model.SYN, wire.SYN}, {model.RST, wire.RST}, {model.ACK, wire.ACK}} {
		if g.Ctl.Has(b.model) {
			s.Ctl |= b.wire
		}
	}
	if g.Wnd != model.Wide && g.Wnd.Size() == 0 && !g.Ctl.Has(model.RST) {
		s.Window = Shut
	}
	switch t.State {
	case model.Closed, model.Listen, model.SynSent:
		s.Seq = Number{Anchor: Zero, Plus: int32(g.Seq)}
	default:
		s.Seq = Number{Anchor: Next, Plus: int32(g.Seq - t.RcvNxt)}
	}
	if g.Ctl.Has(model.ACK) {
		s.Ack = Number{Anchor: Next, Plus: int32(g.Ack - t.SndNxt)}
		if g.Ack == t.SndUna && t.Outstanding() {
			s.Ack = Number{Anchor: Edge, Plus: 0}
		}
	}
	return s
}
