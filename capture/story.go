package capture

import (
	"slices"
	"time"

	"tcpclose/stacks/wire"
)

// A Story is what the frames of a connection show of its end. It does not say what
// arrived: a frame that was captured may have been lost after that.
type Story struct {
	Kind     Kind
	First    Closer // who closed first
	Answered bool   // the SYN was
	Fins     [2]Fin
	Resets   []Reset // the first of each end
	// Unseen is the number of octets of each end that the other acknowledged, or that
	// lie before others, and that were not captured; Again that of segments of each end
	// that came again, and Overtaken of those that others overtook.
	Unseen    [2]int64
	Again     [2]int
	Overtaken [2]int
	// Late is the number of octets of new text that an end sent after it had
	// acknowledged the other's FIN: a half-close in use.
	Late [2]int64
	// Probes is the number of keep-alives and window probes of each end; Shut that of its
	// segments that close its window, and Stuck that the last one did.
	Probes [2]int
	Shut   [2]int
	Stuck  [2]bool
	Last   time.Duration // since the connection's first frame
}

// A Fin is an end's FIN.
type Fin struct {
	Frame   int // of the first; 0 if it was not seen
	At      time.Duration
	Seq     int64 // its number
	Ack     int64 // what its first segment acknowledged
	Sent    int   // how often it was seen
	Acked   int   // the frame that acknowledges it; 0 for none
	AckedAt time.Duration
}

// A Reset is the first RST of an end.
type Reset struct {
	From  Side
	Frame int
	At    time.Duration
	After Cause
}

// A Cause is what came before an RST, as far as the frames show it.
type Cause uint8

// The causes. An RST may have others: an abort looks the same wherever it is made.
const (
	Unprovoked   Cause = iota // nothing that must draw an RST
	ToSyn                     // it answers a SYN: nobody listens
	ToLateText                // its end had sent FIN, and text arrived after it: a full close
	ToFin                     // its end had sent FIN, and the other's FIN arrived
	ToUnknown                 // no SYN of the connection was seen, or it was over: no such connection
	AfterReset                // it answers a segment that came after an RST
	UnreadAtFull              // its end had text that it had just acknowledged, and sent no FIN
	ToOther                   // its end has sent a SYN, and what it got acknowledges another: half-open
	NoConnection              // it has the number that was acknowledged, and acknowledges nothing
	Silence                   // its end's last segments, which came again or asked, were not answered
	Between                   // its end went on as if nothing had been: something between sent it
	numCauses
)

var causeNames = [numCauses]string{"unprovoked", "syn", "late-text", "fin", "unknown-connection", "reset", "text-perhaps-unread",
	"other-connection", "no-connection", "silence", "something-between"}

func (c Cause) String() string { return causeNames[c] }

// Causes lists the names of causes.
func Causes() []string { return causeNames[:] }

// A Kind is a kind of end.
type Kind uint8

// The kinds, the worst last.
const (
	Running      Kind = iota // neither FIN nor RST
	Normal                   // one end closed, then the other
	Simultaneous             // neither FIN acknowledges the other
	HalfUsed                 // the end that closed last went on writing first
	ResetAfter               // both FINs were acknowledged, or one end's was, and then came an RST
	HalfOpen                 // one end has closed, and the other has not
	Unanswered               // a FIN was never acknowledged
	Aborted                  // an RST and no FIN
	Unopened                 // the SYN was answered, and the answer was not
	OneWay                   // one direction was captured
	Refused                  // an RST answers the SYN
	NoAnswer                 // nothing answers the SYN
	numKinds
)

var kindNames = [numKinds]string{
	"running", "normal", "simultaneous", "half-close", "reset-after-fin", "half-open", "fin-unanswered", "aborted",
	"handshake-unfinished", "one-way", "refused", "no-answer",
}

func (k Kind) String() string { return kindNames[k] }

// Kinds lists the names of kinds, the worst last.
func Kinds() []string { return kindNames[:] }

// A Closer is who closed first.
type Closer uint8

// Who did.
const (
	Nobody Closer = iota
	ClientFirst
	ServerFirst
	Both // neither FIN acknowledges the other
)

var closerNames = [...]string{"nobody", "client", "server", "both"}

func (c Closer) String() string { return closerNames[c] }

// Closers lists the names of who can have closed first.
func Closers() []string { return closerNames[:] }

// take notes a segment, which is part of o already.
func (y *Story) take(o *open, s Seen) {
	y.Last = s.At
	peer := s.From.Peer()
	y.Answered = y.Answered || s.From == Server
	if s.Remarks.Has(Again) && !s.Remarks.Has(Probe) {
		y.Again[s.From]++
	}
	if s.Remarks.Has(Overtaken) {
		y.Overtaken[s.From]++
	}
	if s.Ctl.Has(wire.RST) {
		if !y.resetBy(s.From) {
			cause := y.cause(o, s)
			y.Resets = append(y.Resets, Reset{s.From, s.Frame, s.At, cause})
			o.reset = o.reset || cause != ToOther
		}
		return
	}
	if s.Remarks.Has(Probe) {
		y.Probes[s.From]++
	}
	if y.Stuck[s.From] = s.Wnd == 0 && !s.Ctl.Has(wire.SYN) && s.Ctl.Has(wire.ACK); y.Stuck[s.From] {
		y.Shut[s.From]++
	}
	if f := &y.Fins[s.From]; s.Ctl.Has(wire.FIN) {
		if f.Frame == 0 {
			*f = Fin{Frame: s.Frame, At: s.At, Seq: s.End() - 1, Ack: s.Ack}
		}
		f.Sent++
	}
	if f := &y.Fins[peer]; f.Frame > 0 && f.Acked == 0 && s.Ctl.Has(wire.ACK) && s.Ack > f.Seq {
		f.Acked, f.AckedAt = s.Frame, s.At
	}
	if y.Fins[peer].Acked > 0 && s.Len > 0 && !s.Remarks.Has(Again) {
		y.Late[s.From] += int64(s.Len)
	}
}

func (y *Story) resetBy(side Side) bool {
	for _, r := range y.Resets {
		if r.From == side && r.After != ToOther && r.After != Between {
			return true
		}
	}
	return false
}

// disown notes that the RST of a frame was sent by something between.
func (y *Story) disown(frame int) {
	for i := range y.Resets {
		if y.Resets[i].Frame == frame {
			y.Resets[i].After = Between
		}
	}
}

// ending returns the first RST that has ended the connection, if there is one.
func (y *Story) ending() (Reset, bool) {
	for _, r := range y.Resets {
		if r.After != ToOther && r.After != Between {
			return r, true
		}
	}
	return Reset{}, false
}

// cause finds what the RST s answers. What answers is told by the frame of the other
// end before it.
func (y *Story) cause(o *open, s Seen) Cause {
	peer := s.From.Peer()
	last := o.ways[peer].last
	own, w := y.Fins[s.From], &o.ways[s.From]
	switch {
	case !w.opened && o.Segments[s.From] > 1 && last.Ctl.Has(wire.ACK) && !last.Ctl.Has(wire.RST) && (last.Ack < 1 || last.Ack > w.next):
		return ToOther
	case slices.ContainsFunc(y.Resets, func(r Reset) bool { return r.From == peer && r.After != ToOther }):
		return AfterReset
	case last.Frame == 0 || !o.Shaken && o.Segments[s.From] == 1:
		return ToUnknown
	case last.Ctl.Has(wire.SYN) && !last.Ctl.Has(wire.ACK) && o.Segments[s.From] == 1:
		return ToSyn
	case own.Frame > 0 && last.Frame > own.Frame && last.Len > 0:
		return ToLateText
	case own.Acked > 0 && y.Fins[peer].Acked > 0:
		return ToUnknown
	case own.Frame > 0 && last.Frame > own.Frame && last.Ctl.Has(wire.FIN):
		return ToFin
	case own.Frame == 0 && last.Len > 0 && last.Ctl.Has(wire.ACK) && max(w.last.Ack, s.Ack) >= last.End():
		return UnreadAtFull
	case w.tries > 1:
		return Silence
	case !s.Ctl.Has(wire.ACK) && own.Frame == 0 && last.Ctl.Has(wire.ACK) && s.Seq == last.Ack && last.Frame > w.last.Frame:
		return NoConnection
	}
	return Unprovoked
}

// finish says of the whole what could not be said before.
func (y *Story) finish(o *open) {
	for _, side := range Sides {
		w := &o.ways[side]
		y.Unseen[side] = w.seen.holes()
		if n := len(w.seen); n > 0 {
			y.Unseen[side] += max(0, w.acked-w.seen[n-1][1])
		}
	}
	c, s := y.Fins[Client], y.Fins[Server]
	switch {
	case c.Frame == 0 && s.Frame == 0:
	case c.Frame > 0 && s.Frame > 0 && c.Ack <= s.Seq && s.Ack <= c.Seq:
		y.First = Both
	case s.Frame == 0 || c.Frame > 0 && c.Frame < s.Frame && c.Ack <= s.Seq:
		y.First = ClientFirst
	default:
		y.First = ServerFirst
	}
	y.Kind = y.kind(o)
}

func (y *Story) kind(o *open) Kind {
	c, s := y.Fins[Client], y.Fins[Server]
	fins := min(1, c.Frame) + min(1, s.Frame)
	rst, reset := y.ending()
	switch {
	case reset && rst.After == ToSyn:
		return Refused
	case reset && fins == 0:
		return Aborted
	case reset:
		return ResetAfter
	case o.oneWay():
		return OneWay
	case o.Shaken && o.Segments[Server] > 0 && !o.ways[Client].opened && !o.ways[Server].opened && fins == 0:
		return Unopened
	case o.Shaken && !y.Answered && fins == 0:
		return NoAnswer
	case fins == 0:
		return Running
	case c.Frame > 0 && c.Acked == 0 || s.Frame > 0 && s.Acked == 0:
		return Unanswered
	case fins == 1:
		return HalfOpen
	case y.First == Both:
		return Simultaneous
	case y.Late[Client] > 0 || y.Late[Server] > 0:
		return HalfUsed
	}
	return Normal
}

// oneWay reports whether one end was not captured that the other has acknowledged.
func (o *open) oneWay() bool {
	for _, side := range Sides {
		if w := &o.ways[side]; o.Segments[side] == 0 && w.known && w.acked > 1 {
			return true
		}
	}
	return false
}
