package graphviz

import (
	"strings"

	"tcpclose/internal/lang"
	"tcpclose/invariants"
	"tcpclose/model"
	"tcpclose/survey"
)

// A sort of change has a colour of its own.
type sort int

const (
	call    sort = iota // the user closes
	segment             // a FIN or an ACK arrives
	timer               // TIME-WAIT ends
	givesUp             // another timer ends the connection
	broken              // a reset, an abort, a crash
	wrong               // no arrow allows it

	numSorts
)

var sorts = [numSorts]struct{ colour, style, legend string }{
	call:    {"#1a5fb4", "solid", "a user closes"},
	segment: {"#202020", "solid", "a segment arrives"},
	timer:   {"#26803a", "solid", "2 MSL have passed"},
	givesUp: {"#6f6f6f", "dashed", "another timer ends the connection"},
	broken:  {"#b5651d", "dashed", "RST, ABORT or crash"},
	wrong:   {violation, "bold", "not in RFC 9293"},
}

// violation is the colour of what should not be, and of the way to it.
const violation = "#c01048"

// faint is the colour of numbers.
const faint = "#707070"

func sortOf(o *survey.Occurrence) sort {
	switch {
	case o.Arrow() == nil:
		return wrong
	case o.Kind == model.Timeouts && o.Timeout == model.TimeWaitEnds:
		return timer
	case o.Kind == model.Timeouts:
		return givesUp
	case o.Arrived.Ctl.Has(model.RST), o.Sent.Ctl.Has(model.RST):
		return broken
	case o.Kind == model.Calls && (o.Call == model.Abort || o.Call == model.Crash):
		return broken
	case o.Kind == model.Calls:
		return call
	}
	return segment
}

// event returns what makes the mover of o change its state, in few words.
func event(l lang.Language, o *survey.Occurrence) string {
	if a := o.Arrow(); a != nil {
		return eventOf(l, a)
	}
	return bareEvent(l, o)
}

// bareEvent returns what happens, whatever it changes.
func bareEvent(l lang.Language, o *survey.Occurrence) string {
	switch o.Kind {
	case model.Deliveries, model.Copies:
		return l.Say("rcv %s", sortName(l, o.Arrived))
	case model.Losses:
		return l.Say("%s is lost", sortName(l, o.Arrived))
	}
	return l.Say(o.Event())
}

// sortName returns the name of a sort of segment.
func sortName(l lang.Language, s survey.Sort) string {
	name := s.String()
	if rest, ok := strings.CutPrefix(name, "text"); ok {
		return l.Say("text") + rest
	}
	return name
}

func eventOf(l lang.Language, a *invariants.Arrow) string {
	if short, ok := short[a.Cause]; ok {
		return l.Say(short)
	}
	return l.Say(a.Cause)
}

// short is the causes of arrows as figure 5 would write them.
var short = map[string]string{
	"CLOSE, the FIN is sent":                   "CLOSE",
	"FIN arrives":                              "rcv FIN",
	"SYN arrives":                              "rcv SYN",
	"SYN arrives and acknowledges the SYN":     "rcv SYN,ACK",
	"the SYN is acknowledged":                  "rcv ACK of SYN",
	"RST arrives after a passive OPEN":         "rcv RST",
	"FIN arrives and acknowledges the SYN":     "rcv FIN, ACK of SYN",
	"an RST arrives that acknowledges the SYN": "rcv RST",
	"the FIN is acknowledged":                  "rcv ACK of FIN",
	"FIN arrives and acknowledges the FIN":     "rcv FIN, ACK of FIN",
	"2 MSL timeout":                            "2 MSL",
	"R2 is reached":                            "R2",
	"an acceptable RST arrives":                "rcv RST",
	"closed for good with text unread":         "CLOSE, unread text",
	"text arrives that nobody will read":       "rcv text, no reader",
	"keep-alive probes are not answered":       "keep-alive",
	"the host crashes":                         "crash",
}

// level is the distance of a connection state from ESTABLISHED on the way to CLOSED, as
// figure 5 draws it.
var level = map[model.ConnState]int{
	model.Listen: -3, model.SynSent: -2, model.SynReceived: -1,
	model.Established: 0,
	model.FinWait1:    1, model.CloseWait: 1,
	model.FinWait2: 2, model.Closing: 2, model.LastAck: 2,
	model.TimeWait: 3,
	model.Closed:   4,
}
