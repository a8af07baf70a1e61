package invariants

import (
	"slices"

	"tcpclose/explore"
	"tcpclose/model"
)

// An Arrow is a change of connection state that is allowed, with its cause.
type Arrow struct {
	From, To model.ConnState
	Source   string
	Cause    string
	Is       func(*Step) bool
}

// Figure5 is the arrows of RFC 9293, figure 5, its notes included.
var Figure5 = []Arrow{
	{model.Closed, model.Listen, "figure 5", "passive OPEN", func(s *Step) bool { return s.calls(model.OpenPassive) }},
	{model.Closed, model.SynSent, "figure 5", "active OPEN", byOpen},
	{model.Listen, model.Closed, "figure 5", "CLOSE", byClose},
	{model.Listen, model.SynReceived, "figure 5", "SYN arrives", bySYN},
	{model.Listen, model.SynSent, "figure 5", "SEND, or active OPEN", byOpen},
	{model.SynSent, model.Closed, "figure 5", "CLOSE", byClose},
	{model.SynSent, model.SynReceived, "figure 5", "SYN arrives", bySYN},
	{model.SynSent, model.Established, "figure 5", "SYN arrives and acknowledges the SYN", func(s *Step) bool {
		return s.Arrived.Ctl.Has(model.SYN) && byAckOfSYN(s)
	}},
	{model.SynReceived, model.Established, "figure 5", "the SYN is acknowledged", byAckOfSYN},
	{model.SynReceived, model.FinWait1, "figure 5", "CLOSE", byClose},
	{model.SynReceived, model.Listen, "figure 5, note 1", "RST arrives after a passive OPEN", func(s *Step) bool {
		return byRST(s) && s.From.Passive
	}},
	{model.Established, model.FinWait1, "figure 5", "CLOSE", byClose},
	{model.Established, model.CloseWait, "figure 5", "FIN arrives", byFin},
	{model.FinWait1, model.FinWait2, "figure 5", "the FIN is acknowledged", byAckOfFin},
	{model.FinWait1, model.Closing, "figure 5", "FIN arrives", byFin},
	{model.FinWait1, model.TimeWait, "figure 5, note 2", "FIN arrives and acknowledges the FIN", func(s *Step) bool { return byFin(s) && byAckOfFin(s) }},
	{model.FinWait2, model.TimeWait, "figure 5", "FIN arrives", byFin},
	{model.Closing, model.TimeWait, "figure 5", "the FIN is acknowledged", byAckOfFin},
	{model.CloseWait, model.LastAck, "figure 5", "CLOSE, the FIN is sent", func(s *Step) bool { return byClose(s) || byOwnFin(s) }},
	{model.LastAck, model.Closed, "figure 5", "the FIN is acknowledged", byAckOfFin},
	{model.TimeWait, model.Closed, "figure 5", "2 MSL timeout", func(s *Step) bool { return s.timesOut(model.TimeWaitEnds) }},
}

// FurtherArrows is the arrows that the text has and figure 5 has not.
var FurtherArrows = further()

func further() (arrows []Arrow) {
	add := func(to model.ConnState, source, cause string, is func(*Step) bool, from ...model.ConnState) {
		for _, st := range from {
			arrows = append(arrows, Arrow{st, to, source, cause, is})
		}
	}
	const (
		established = model.Established
		finWait1    = model.FinWait1
		finWait2    = model.FinWait2
		closeWait   = model.CloseWait
		closing     = model.Closing
		lastAck     = model.LastAck
	)
	add(model.Closed, "3.8.3", "R2 is reached", byR2, model.SynSent, model.SynReceived, established, finWait1, closeWait, closing, lastAck)
	add(model.Closed, "3.10.7.4, second", "an acceptable RST arrives", byRST, append([]model.ConnState{model.SynReceived}, synchronized...)...)
	add(model.Closed, "3.10.7.3, second", "an RST arrives that acknowledges the SYN", func(s *Step) bool {
		return s.Arrived.Ctl.Has(model.RST) && byAckOfSYN(s)
	}, model.SynSent)
	add(model.Closed, "3.10.5", "ABORT", byAbort, connected...)
	add(model.TimeWait, "3.3.2, note 3; 3.5.2", "ABORT", byAbort, established, finWait1, finWait2, closeWait)
	add(model.Closed, "3.6.1, SHLD-3", "closed for good with text unread", byUnread, established, finWait1, finWait2, closeWait, closing, lastAck)
	add(model.Closed, "3.6.1, SHLD-3", "text arrives that nobody will read", byLateText, finWait1, finWait2)
	add(model.Closed, "3.10.8", "user timeout", func(s *Step) bool { return s.timesOut(model.UserTimeout) },
		model.SynSent, model.SynReceived, established, finWait1, finWait2, closeWait, closing, lastAck)
	add(model.Closed, "3.8.4", "keep-alive probes are not answered", func(s *Step) bool { return s.timesOut(model.KeepAlive) },
		established, finWait2, closeWait)
	add(model.Closed, "no RFC", "FIN-WAIT-2 timeout", func(s *Step) bool { return s.timesOut(model.FinWait2Ends) }, finWait2)
	add(model.Closed, "3.5.1", "the host crashes", func(s *Step) bool { return s.calls(model.Crash) }, connected...)
	add(model.CloseWait, "3.10.7.4, fifth and eighth", "FIN arrives and acknowledges the SYN", func(s *Step) bool {
		return byFin(s) && byAckOfSYN(s)
	}, model.SynReceived)
	add(model.Listen, "3.10.7.4, fourth", "SYN arrives after a passive OPEN", func(s *Step) bool {
		return s.From.Passive && s.Arrived.Ctl.Has(model.SYN) && s.Arrived.Seq >= s.From.RcvNxt
	}, model.SynReceived)
	add(model.SynReceived, "3.6.1, MAY-2; RFC 6191", "SYN arrives", bySYN, model.TimeWait)
	add(model.TimeWait, "3.6.1, MAY-2", "the SYN was an old duplicate: RST arrives, or another SYN, or R2 is reached", func(s *Step) bool {
		return s.From.Reused != (model.Replaced{}) && (byRST(s) || byR2(s) || s.Arrived.Ctl.Has(model.SYN))
	}, model.SynReceived)
	add(model.SynSent, "Linux, tcp_tw_reuse", "active OPEN", byOpen, model.TimeWait)
	return arrows
}

// synchronized is the states in which there is a connection, in figure 5's order.
var synchronized = []model.ConnState{
	model.Established, model.FinWait1, model.FinWait2, model.CloseWait, model.Closing, model.LastAck, model.TimeWait,
}

// connected is the states in which there is a TCB.
var connected = append([]model.ConnState{model.Listen, model.SynSent, model.SynReceived}, synchronized...)

func byOpen(s *Step) bool { return s.calls(model.Open) }

// bySYN reports whether a SYN arrives that acknowledges nothing.
func bySYN(s *Step) bool { return s.Arrived.Ctl == model.SYN }

// byAckOfSYN reports whether the side's own SYN is acknowledged.
func byAckOfSYN(s *Step) bool {
	g := s.Arrived
	return g.Ctl.Has(model.ACK) && s.From.SndUna < g.Ack && g.Ack <= s.From.SndNxt
}

func byClose(s *Step) bool {
	return s.calls(model.Close) || s.calls(model.Release) || s.calls(model.Die)
}

// byOwnFin reports whether a FIN that has waited for the window is sent.
func byOwnFin(s *Step) bool {
	return s.From.CloseCalled() && !s.From.FinSent() && s.Effect.Sent.Ctl.Has(model.FIN)
}

// byFin reports whether a FIN arrives with which everything before it has been received, or what
// was missing before one that is held.
func byFin(s *Step) bool {
	g := s.Arrived
	if s.From.HeldFin && g.Len > 0 {
		return g.Seq <= s.From.RcvNxt
	}
	return g.Ctl.Has(model.FIN|model.ACK) && g.Seq <= s.From.RcvNxt && g.FinSeq() >= s.From.RcvNxt
}

// byAckOfFin reports whether an acknowledgement arrives, or was held, of a FIN that was sent.
func byAckOfFin(s *Step) bool {
	g := s.Arrived
	end := s.From.Written + 1
	return g.Ctl.Has(model.ACK) && s.From.FinSent() && (g.Ack == end || s.From.HeldAck == end)
}

func byR2(s *Step) bool { return s.timesOut(model.Retransmission) && s.From.Outstanding() }

// byRST reports whether an RST arrives that is not old.
func byRST(s *Step) bool { return s.Arrived.Ctl.Has(model.RST) && s.Arrived.Seq >= s.From.RcvNxt }

func byAbort(s *Step) bool { return s.calls(model.Abort) }

// byUnread reports whether a full close, or a process that dies, leaves text that nobody reads.
func byUnread(s *Step) bool {
	return (s.calls(model.Release) || s.calls(model.Die)) && s.From.Unread > 0
}

// byLateText reports whether new text arrives after a full close.
func byLateText(s *Step) bool {
	g := s.Arrived
	return s.From.Orphan && g.Len > 0 && g.Seq <= s.From.RcvNxt && g.FinSeq() > s.From.RcvNxt
}

func isAllowed(s *Step) bool { return along(Figure5, s) || along(FurtherArrows, s) }

// along reports whether s is one of the arrows.
func along(arrows []Arrow, s *Step) bool {
	return slices.ContainsFunc(arrows, func(a Arrow) bool {
		return a.From == s.From.State && a.To == s.To.State && a.Is(s)
	})
}

// peersOf is the states in which a peer can be that is not CLOSED. A side in
// FIN-WAIT-2, for one, knows that its FIN was consumed, and has not consumed its
// peer's: so the peer has received a FIN, and has had no acknowledgement of its
// own.
var peersOf = map[model.ConnState][]model.ConnState{
	model.Established: {model.Established, model.FinWait1},
	model.FinWait1:    {model.Established, model.FinWait1, model.CloseWait, model.Closing, model.LastAck},
	model.FinWait2:    {model.CloseWait, model.Closing, model.LastAck},
	model.CloseWait:   {model.FinWait1, model.FinWait2},
	model.Closing:     {model.FinWait1, model.FinWait2, model.Closing, model.TimeWait},
	model.LastAck:     {model.FinWait1, model.FinWait2, model.TimeWait},
	model.TimeWait:    {model.Closing, model.LastAck, model.TimeWait},
}

// apart is the states that peersOf has not together, with few patterns: no side is in one
// of some while its peer is in one of others.
var apart = []struct{ some, others []model.ConnState }{
	{[]model.ConnState{model.Established, model.CloseWait}, []model.ConnState{model.CloseWait, model.Closing, model.LastAck, model.TimeWait}},
	{[]model.ConnState{model.Established, model.FinWait1, model.FinWait2}, []model.ConnState{model.FinWait2, model.TimeWait}},
	{[]model.ConnState{model.LastAck}, []model.ConnState{model.Closing, model.LastAck}},
}

var figure5Properties = []*Property{
	{
		Name:     "figure-5",
		Sentence: "A connection state changes only along an arrow of figure 5, or because of an acceptable RST, a timeout, an abort or a crash.",
		Source:   "RFC 9293, 3.3.2 (figure 5 and its notes); 3.5.1; 3.6.1; 3.8.3; 3.10.5; 3.10.7.4; 3.10.8",
		Patterns: byReading(func(r reading, s *Step) bool {
			return s.Changes() && (r.refused(s) || !isAllowed(s) && !r.ends(s))
		}),
	},
	{
		Name:     "joint-states",
		Sentence: "While neither side is CLOSED, the two connection states are consistent: what a state implies about the peer is true.",
		Source:   "follows from RFC 9293, 3.6 and figure 5",
		Applies:  oneConnection,
		Patterns: func(model.Config) (list []Pattern) {
			for _, g := range apart {
				list = append(list, Pattern{
					Kind: explore.States,
					Self: func(e *End) bool { return slices.Contains(g.some, e.State) },
					Peer: func(e *End) bool { return slices.Contains(g.others, e.State) },
				})
			}
			return list
		},
	},
	{
		Name:     "active-closer",
		Sentence: "A side that closes before it has received its peer's FIN is never in CLOSE-WAIT or LAST-ACK.",
		Source:   "RFC 9293, 3.6, case 1",
		Patterns: patterns(Pattern{Kind: explore.States, Needs: MonitorRole, Self: func(e *End) bool {
			return e.Role() == Active && (e.State == model.CloseWait || e.State == model.LastAck)
		}}),
		Premise: patterns(Pattern{Kind: explore.States, Needs: MonitorRole, Self: func(e *End) bool { return e.Role() == Active }}),
	},
	{
		Name:     "passive-closer",
		Sentence: "A side that closes after it has received its peer's FIN is never in FIN-WAIT-1, FIN-WAIT-2, CLOSING or TIME-WAIT.",
		Source:   "RFC 9293, 3.6, case 2; notes, N1",
		Patterns: patterns(Pattern{Kind: explore.States, Needs: MonitorRole, Self: func(e *End) bool {
			switch e.State {
			case model.FinWait1, model.FinWait2, model.Closing, model.TimeWait:
				return e.Role() == Passive
			}
			return false
		}}),
		Premise: patterns(Pattern{Kind: explore.States, Needs: MonitorRole, Self: func(e *End) bool { return e.Role() == Passive }}),
	},
	{
		Name:     "fin-acknowledged",
		Sentence: "A side leaves CLOSING and LAST-ACK only after its FIN is acknowledged, or because of an acceptable RST, a timeout, an abort or a crash.",
		Source:   "RFC 9293, 3.10.7.4, fifth",
		Patterns: byReading(func(r reading, s *Step) bool {
			return inClosingOrLastAck(s) && s.Changes() && !byAckOfFin(s) && (r.refused(s) || !along(FurtherArrows, s) && !r.ends(s))
		}),
		Premise: patterns(Pattern{Kind: explore.Steps, Step: func(s *Step) bool { return inClosingOrLastAck(s) && s.Changes() }}),
	},
	{
		Name:     "close-at-once",
		Sentence: "CLOSE in ESTABLISHED leaves it at once, even if the FIN has to wait.",
		Source:   "RFC 9293, 3.10.4 (ESTABLISHED: in any case)",
		Patterns: patterns(Pattern{Kind: explore.Steps, Step: func(s *Step) bool {
			return s.From.State == model.Established && byClose(s) && s.To.State == model.Established
		}}),
		Premise: patterns(Pattern{Kind: explore.Steps, Step: func(s *Step) bool {
			return s.From.State == model.Established && byClose(s)
		}}),
	},
}

func inClosingOrLastAck(s *Step) bool {
	return s.From.State == model.Closing || s.From.State == model.LastAck
}

// restProperties are about where runs end.
var restProperties = []*Property{
	{
		Name:     "rest",
		Sentence: "When nothing more can happen, both sides are CLOSED.",
		Source:   "RFC 9293, 3.6; notes, W2. Whether that is reached is another question",
		Patterns: patterns(Pattern{Kind: explore.Terminals, Self: func(e *End) bool { return e.State != model.Closed }}),
		Premise:  patterns(Pattern{Kind: explore.Terminals}),
	},
}
