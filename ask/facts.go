package ask

import (
	"slices"
	"strings"
	"sync"

	"tcpclose/box"
	"tcpclose/invariants"
	"tcpclose/model"
)

// Facts contains what a question can refer to: the two ends, the two directions of the
// network, and what happens in a step. Sequence numbers are as traces show them,
// from 100 for a and from 300 for b.
//
// The tag expr is the name in a question, doc its meaning, words the kind of words that
// it is compared with. Fields with the tag event belong to a step; a question that
// mentions none of them is about states.
type Facts struct {
	A   EndFacts `expr:"a"`
	B   EndFacts `expr:"b"`
	Net struct {
		A NetFacts `expr:"a"`
		B NetFacts `expr:"b"`
	} `expr:"net"`
	Box BoxFacts `expr:"box"`
}

// BoxFacts contains the facts about the box between the ends.
type BoxFacts struct {
	Entry bool   `expr:"entry" doc:"the box has an entry"`
	State string `expr:"state" words:"box state" doc:"what it takes the connection for; \"\" where each end has a state of its own"`
	A     string `expr:"a" words:"box state" doc:"what it takes a for; the same as box.state where that is one for both"`
	B     string `expr:"b" words:"box state" doc:"what it takes b for"`
	Left  int    `expr:"left" doc:"ticks until the entry expires (4294967295: never)"`

	Gets    SegFacts `expr:"gets" doc:"the segment that arrives at the box" event:"true"`
	Drops   bool     `expr:"drops" doc:"it drops that, without an answer" event:"true"`
	Resets  bool     `expr:"resets" doc:"it drops that, and answers with an RST" event:"true"`
	Forgets bool     `expr:"forgets" doc:"the entry is gone after the step" event:"true"`
	Expires bool     `expr:"expires" doc:"the time of the entry is over" event:"true"`
}

// EndFacts contains the facts about an end.
type EndFacts struct {
	State       string `expr:"state" words:"state" doc:"the connection state"`
	SndUna      int    `expr:"snduna" doc:"SND.UNA, the oldest unacknowledged number"`
	SndNxt      int    `expr:"sndnxt" doc:"SND.NXT, the next number to be sent"`
	SndWnd      int    `expr:"sndwnd" doc:"SND.WND, the last that is known (65535: unlimited)"`
	RcvNxt      int    `expr:"rcvnxt" doc:"RCV.NXT, the next number expected, one of the peer's"`
	Written     int    `expr:"written" doc:"octets that the user has written"`
	Unread      int    `expr:"unread" doc:"octets that wait for the user to read them"`
	Outstanding bool   `expr:"outstanding" doc:"something was sent and is not acknowledged"`
	Blocked     bool   `expr:"blocked" doc:"something waits to be sent, and the window has no room for it"`
	CloseCalled bool   `expr:"closecalled" doc:"the user has called CLOSE; not in CLOSED"`
	FinSent     bool   `expr:"finsent" doc:"its FIN was sent; not in CLOSED"`
	FinAcked    bool   `expr:"finacked" doc:"its FIN was acknowledged; not in CLOSED"`
	FinReceived bool   `expr:"finreceived" doc:"the peer's FIN was received; not in CLOSED"`
	Holds       bool   `expr:"holds" doc:"something that arrived out of order is held"`
	Orphan      bool   `expr:"orphan" doc:"the connection is an orphan: nobody will read any more"`
	Mini        bool   `expr:"mini" doc:"only the numbers of its FIN-WAIT-2 are kept"`
	Owes        bool   `expr:"owes" doc:"an acknowledgement is delayed"`
	Rtx         int    `expr:"rtx" doc:"how often the oldest segment has been retransmitted"`
	Probes      int    `expr:"probes" doc:"unanswered keep-alive probes"`
	Rto         int    `expr:"rto" doc:"ticks until it retransmits; also 0 if nothing is outstanding"`
	Wait        int    `expr:"wait" doc:"ticks until TIME-WAIT or FIN-WAIT-2 ends (65535: never)"`
	Ended       string `expr:"ended" words:"ending" doc:"how the connection has ended for the user"`

	Before    string   `expr:"before" words:"state" doc:"the connection state before the step" event:"true"`
	Calls     string   `expr:"calls" words:"call" doc:"what the user calls, or what happens to it" event:"true"`
	Timeout   string   `expr:"timeout" words:"timeout" doc:"the timeout that fires" event:"true"`
	Receives  SegFacts `expr:"receives" doc:"the segment that arrives" event:"true"`
	Sends     SegFacts `expr:"sends" doc:"the segment that is sent" event:"true"`
	Delivered int      `expr:"delivered" doc:"octets delivered to the user" event:"true"`
	Told      struct {
		EOF     bool `expr:"eof" doc:"end of file: the peer will send no more"`
		Closed  bool `expr:"closed" doc:"the CLOSE is complete"`
		Reset   bool `expr:"reset" doc:"connection reset"`
		Timeout bool `expr:"timeout" doc:"connection timed out"`
		Aborted bool `expr:"aborted" doc:"connection aborted"`
	} `expr:"told" doc:"what the user is told" event:"true"`
	Follows []string `expr:"follows" words:"clause" doc:"the clauses that are followed, as in RESET in a.follows" event:"true"`
}

// SegFacts contains the facts about a segment; they are zero if there is none.
type SegFacts struct {
	Any  bool `expr:"any" doc:"there is one"`
	Fin  bool `expr:"fin" doc:"it has a FIN"`
	Rst  bool `expr:"rst" doc:"it is an RST"`
	Syn  bool `expr:"syn" doc:"it has a SYN"`
	Text int  `expr:"text" doc:"its octets of text"`
	Seq  int  `expr:"seq" doc:"SEG.SEQ"`
	Ack  int  `expr:"ack" doc:"SEG.ACK, or 0 without an ACK"`
	Wnd  int  `expr:"wnd" doc:"SEG.WND (65535: unlimited)"`
}

// NetFacts contains the facts about the packets in transit from one side.
type NetFacts struct {
	Count int `expr:"count" doc:"packets in transit from that side"`
	Fin   int `expr:"fin" doc:"those with a FIN"`
	Rst   int `expr:"rst" doc:"those that are an RST"`
	Text  int `expr:"text" doc:"those with text"`
	Spare int `expr:"spare" doc:"copies of delivered ones"`

	Loses  SegFacts `expr:"loses" doc:"the segment that the network loses" event:"true"`
	Copies SegFacts `expr:"copies" doc:"the segment that is delivered and of which a copy stays" event:"true"`
}

// closes returns the vocabulary of questions about a close. In the names of states and
// timeouts a hyphen may stay.
var closes = sync.OnceValue(func() *vocabulary {
	return newVocabulary(Facts{}, wordsOfCloses(), []string{"state", "timeout"}, "a.state == TIME_WAIT", "tcpclose list terms")
})

// wordsOfCloses returns the words that Facts are compared with, by kind.
func wordsOfCloses() map[string][]string {
	all := map[string][]string{}
	for s := model.Closed; s <= model.TimeWait; s++ {
		all["state"] = append(all["state"], s.String())
	}
	for c := model.Send; c <= model.OpenPassive; c++ {
		all["call"] = append(all["call"], c.String())
	}
	for t := model.Retransmission; t <= model.UserTimeout; t++ {
		all["timeout"] = append(all["timeout"], t.String())
	}
	for e := invariants.Open; e <= invariants.Refused; e++ {
		all["ending"] = append(all["ending"], e.String())
	}
	for c := range model.NumClauses {
		all["clause"] = append(all["clause"], c.String())
	}
	for _, b := range box.Builtin {
		for _, s := range b.States {
			if !slices.Contains(all[ofBox], s) {
				all[ofBox] = append(all[ofBox], s)
			}
		}
	}
	slices.Sort(all[ofBox])
	return all
}

// ofBox is the kind of the words for what a box takes a connection for. A box that is not
// built in can have others, which are quoted.
const ofBox = "box state"

// Terms lists the terms of side a, and of the box; those of b have the same names after its.
func Terms() (list []Term) {
	return slices.DeleteFunc(closes().list(), func(t Term) bool {
		return strings.HasPrefix(t.Name, "b.") || strings.HasPrefix(t.Name, "net.b.")
	})
}

// Words lists the kinds of words and the words of each, as a question has them without
// quotes.
func Words() (kinds []string, of map[string][]string) { return closes().kinds(), closes().spelt() }

const unlimited = 1<<16 - 1 // of a window, as of a timer

// end fills in the facts about an end: how it is at the end of s and, if
// moved, what it does in s. How the connection has ended is read only if it is wanted:
// to read is to run a monitor.
func (f *EndFacts) end(side model.Side, s *invariants.Step, moved, remembers bool) {
	t := &s.To
	f.State = t.State.String()
	f.SndUna, f.SndNxt, f.RcvNxt = t.SndUna.In(side), t.SndNxt.In(side), t.RcvNxt.In(side.Peer())
	f.SndWnd = octets(t.SndWnd)
	f.Written, f.Unread = int(t.Written-t.First), int(t.Unread)
	f.Outstanding, f.Blocked, f.CloseCalled = t.Outstanding(), t.Blocked(), t.CloseCalled()
	if t.State != model.Closed {
		f.FinSent, f.FinAcked, f.FinReceived = t.FinSent(), t.FinAcked(), t.FinReceived()
	}
	f.Holds, f.Orphan, f.Mini, f.Owes = t.Held != 0, t.Orphan, t.Mini, t.Owes
	f.Rtx, f.Probes, f.Rto, f.Wait = int(t.Rtx), int(t.Probes), int(t.Rto), int(t.Wait)
	f.Ended = invariants.Open.String()
	if remembers {
		f.Ended = s.After.Ended().String()
	}
	f.Before = f.State
	if !moved {
		return
	}
	f.Before = s.From.State.String()
	switch s.Kind {
	case model.Calls:
		f.Calls = s.Call.String()
	case model.Timeouts:
		f.Timeout = s.Timeout.String()
	}
	f.Receives.segment(side.Peer(), s.Arrived)
	f.Sends.segment(side, s.Effect.Sent)
	f.Delivered = int(s.Effect.Delivered)
	f.Told.EOF = s.Effect.Told&model.ToldEOF != 0
	f.Told.Closed = s.Effect.Told&model.ToldClosed != 0
	f.Told.Reset = s.Effect.Told&model.ToldReset != 0
	f.Told.Timeout = s.Effect.Told&model.ToldTimeout != 0
	f.Told.Aborted = s.Effect.Told&model.ToldAborted != 0
	for c := range model.NumClauses {
		if s.Effect.Clauses.Has(c) {
			f.Follows = append(f.Follows, c.String())
		}
	}
}

// octets returns a window as facts have it.
func octets(w model.Window) int {
	if w == model.Wide {
		return unlimited
	}
	return int(w.Size())
}

// segment fills in the facts about a segment from a side.
func (f *SegFacts) segment(from model.Side, g model.Segment) {
	if g == (model.Segment{}) {
		return
	}
	f.Any, f.Fin, f.Rst, f.Syn = true, g.Ctl.Has(model.FIN), g.Ctl.Has(model.RST), g.Ctl.Has(model.SYN)
	f.Text, f.Seq, f.Wnd = int(g.Len), g.Seq.In(from), octets(g.Wnd)
	if g.Ctl.Has(model.ACK) {
		f.Ack = g.Ack.In(from.Peer())
	}
}

func (f *NetFacts) net(from model.Side, s *invariants.NetStep) {
	f.Count = len(s.Packets)
	for _, p := range s.Packets {
		count := func(n *int, is bool) {
			if is {
				*n++
			}
		}
		count(&f.Fin, p.Ctl.Has(model.FIN))
		count(&f.Rst, p.Ctl.Has(model.RST))
		count(&f.Text, p.Len > 0)
		count(&f.Spare, p.Spare)
	}
	f.Loses.segment(from, s.Lost)
	f.Copies.segment(from, s.Copied)
}

// factsOf returns what there is to say of the whole system.
func factsOf(s *invariants.Snapshot, remembers bool) *Facts {
	f := &Facts{}
	for _, side := range model.Sides {
		e, n := f.of(side)
		e.end(side, s.Ends[side], s.Moved[side], remembers)
		n.net(side, &s.Nets[side])
	}
	if s.Box != nil {
		f.Box.box(s.Box)
	}
	return f
}

// box fills in the facts about the box, as it is at the end of s and, if it acts, in s.
func (f *BoxFacts) box(s *invariants.BoxStep) {
	if s.Rules == nil {
		return
	}
	if entry := &s.To.Entry; entry.Used {
		f.Entry, f.Left = true, int(entry.Left)
		states, each := s.Rules.Box.States, s.Rules.Box.Each
		f.A, f.B = states[entry.States[model.A]], states[entry.States[model.B]]
		if !each {
			f.State = f.A
		}
	}
	if !s.Effect.Acts {
		return
	}
	f.Gets.segment(s.Side, s.Arrived)
	f.Drops, f.Resets = s.Effect.Verdict == box.Dropped, s.Effect.Verdict == box.Answered
	f.Forgets = s.From.Entry.Used && !s.To.Entry.Used
	f.Expires = s.Arrived == (model.Segment{}) && s.Act == model.BoxExpires
}

// of returns where the facts of an end, and of a direction, stand.
func (f *Facts) of(side model.Side) (*EndFacts, *NetFacts) {
	if side == model.A {
		return &f.A, &f.Net.A
	}
	return &f.B, &f.Net.B
}
