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
	is       func(*Step) bool
}

// Figure5 is the arrows of RFC 9293, figure 5, that lead from ESTABLISHED to
// CLOSED, its note 2 included.
var Figure5 = []Arrow{
	{model.Established, model.FinWait1, "figure 5", "CLOSE", byClose},
	{model.Established, model.CloseWait, "figure 5", "FIN arrives", byFin},
	{model.FinWait1, model.FinWait2, "figure 5", "the FIN is acknowledged", byAckOfFin},
	{model.FinWait1, model.Closing, "figure 5", "FIN arrives", byFin},
	{model.FinWait1, model.TimeWait, "figure 5, note 2", "FIN arrives and acknowledges the FIN", func(s *Step) bool { return byFin(s) && byAckOfFin(s) }},
	{model.FinWait2, model.TimeWait, "figure 5", "FIN arrives", byFin},
	{model.Closing, model.TimeWait, "figure 5", "the FIN is acknowledged", byAckOfFin},
	{model.CloseWait, model.LastAck, "figure 5", "CLOSE", byClose},
	{model.LastAck, model.Closed, "figure 5", "the FIN is acknowledged", byAckOfFin},
	{model.TimeWait, model.Closed, "figure 5", "2 MSL timeout", func(s *Step) bool { return s.Kind == model.Timeouts && s.Timeout == model.TimeWaitEnds }},
}

// FurtherArrows is the arrows that the text has and figure 5 has not.
var FurtherArrows = further()

func further() (arrows []Arrow) {
	for _, from := range []model.ConnState{model.Established, model.FinWait1, model.CloseWait, model.Closing, model.LastAck} {
		arrows = append(arrows, Arrow{from, model.Closed, "3.8.3", "R2 is reached", byR2})
	}
	for _, from := range synchronized {
		arrows = append(arrows, Arrow{from, model.Closed, "3.10.7.4, second", "an acceptable RST arrives", byRST})
	}
	return arrows
}

// synchronized is the states in which there is a connection, in figure 5's order.
var synchronized = []model.ConnState{
	model.Established, model.FinWait1, model.FinWait2, model.CloseWait, model.Closing, model.LastAck, model.TimeWait,
}

func byClose(s *Step) bool { return s.Kind == model.Calls && s.Call == model.Close }

// byFin: a FIN arrives with which everything before it has been received.
func byFin(s *Step) bool {
	g := s.Arrived
	return g.Ctl.Has(model.FIN|model.ACK) && g.Seq <= s.From.RcvNxt && g.FinSeq() >= s.From.RcvNxt
}

// byAckOfFin: an acknowledgement arrives of a FIN that was sent.
func byAckOfFin(s *Step) bool {
	g := s.Arrived
	return g.Ctl.Has(model.ACK) && s.From.FinSent() && g.Ack == s.From.Written+1
}

func byR2(s *Step) bool {
	return s.Kind == model.Timeouts && s.Timeout == model.Retransmission && s.From.Outstanding()
}

// byRST: an RST arrives that is not old.
func byRST(s *Step) bool { return s.Arrived.Ctl.Has(model.RST) && s.Arrived.Seq >= s.From.RcvNxt }

func isAllowed(s *Step) bool {
	fits := func(a Arrow) bool { return a.From == s.From.State && a.To == s.To.State && a.is(s) }
	return slices.ContainsFunc(Figure5, fits) || slices.ContainsFunc(FurtherArrows, fits)
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

var figure5Properties = []*Property{
	{
		Name:     "figure-5",
		Sentence: "A connection state changes only along an arrow of figure 5, or for R2 or an acceptable RST.",
		Source:   "RFC 9293, 3.3.2 (figure 5 and its notes); 3.8.3; 3.10.7.4",
		Patterns: patterns(Pattern{Kind: explore.Steps, Step: func(s *Step) bool { return s.changes() && !isAllowed(s) }}),
	},
	{
		Name:     "joint-states",
		Sentence: "While neither side is CLOSED, the two connection states fit together: a state that says something of the peer says what is so.",
		Source:   "follows from RFC 9293, 3.6 and figure 5",
		Patterns: func(model.Config) (list []Pattern) {
			for _, st := range synchronized {
				list = append(list, Pattern{
					Kind: explore.States,
					Self: func(e *End) bool { return e.State == st },
					Peer: func(e *End) bool { return e.State != model.Closed && !slices.Contains(peersOf[st], e.State) },
				})
			}
			return list
		},
	},
	{
		Name:     "active-closer",
		Sentence: "A side that closes before it has received its peer's FIN is never in CLOSE-WAIT or LAST-ACK.",
		Source:   "RFC 9293, 3.6, case 1",
		Patterns: patterns(Pattern{Kind: explore.States, Needs: role, Self: func(e *End) bool {
			return e.Role == Active && (e.State == model.CloseWait || e.State == model.LastAck)
		}}),
		Premise: patterns(Pattern{Kind: explore.States, Needs: role, Self: func(e *End) bool { return e.Role == Active }}),
	},
	{
		Name:     "passive-closer",
		Sentence: "A side that closes after it has received its peer's FIN never passes FIN-WAIT-1, FIN-WAIT-2, CLOSING or TIME-WAIT.",
		Source:   "RFC 9293, 3.6, case 2; notes, N1",
		Patterns: patterns(Pattern{Kind: explore.States, Needs: role, Self: func(e *End) bool {
			switch e.State {
			case model.FinWait1, model.FinWait2, model.Closing, model.TimeWait:
				return e.Role == Passive
			}
			return false
		}}),
		Premise: patterns(Pattern{Kind: explore.States, Needs: role, Self: func(e *End) bool { return e.Role == Passive }}),
	},
	{
		Name:     "fin-acknowledged",
		Sentence: "CLOSING and LAST-ACK are not left before the own FIN is acknowledged, except by an acceptable RST or R2.",
		Source:   "RFC 9293, 3.10.7.4, fifth",
		Patterns: patterns(Pattern{Kind: explore.Steps, Step: func(s *Step) bool {
			return inClosingOrLastAck(s) && s.changes() && !byAckOfFin(s) && !byRST(s) && !byR2(s)
		}}),
		Premise: patterns(Pattern{Kind: explore.Steps, Step: func(s *Step) bool { return inClosingOrLastAck(s) && s.changes() }}),
	},
}

func inClosingOrLastAck(s *Step) bool {
	return s.From.State == model.Closing || s.From.State == model.LastAck
}
