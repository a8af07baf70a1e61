package interop

import (
	"context"
	"fmt"
	"slices"
	"time"

	"tcpclose/check"
	"tcpclose/claims"
	"tcpclose/explore/product"
	"tcpclose/invariants"
	"tcpclose/model"
	"tcpclose/trace"
)

// A Departure is a step of an end that an end with the RFC's rules does not take.
type Departure struct {
	Event  int // of the run, from 1
	Side   model.Side
	What   claims.Text // a decision as name=value, or a timer
	Clause string      // which says otherwise
	undo   func(*model.Endpoint)
}

// A Blame is what a run shows of who is to blame.
type Blame struct {
	// First is the first departure of the run; nil if both ends conform throughout.
	First *Departure
	// Decisive is the first departure without which the harm is impossible; nil if
	// there is none.
	Decisive *Departure
}

// same reports whether two runs have the same departures.
func (b *Blame) same(c *Blame) bool { return b.First.same(c.First) && b.Decisive.same(c.Decisive) }

// same reports whether both are of one kind, or neither is one.
func (d *Departure) same(e *Departure) bool {
	if d == nil || e == nil {
		return d == e
	}
	return d.Side == e.Side && d.What == e.What
}

// What the RFCs have for the times of an end.
const (
	rfcTimeWait  = 4 * time.Minute   // RFC 9293, 3.4.2: 2 MSL
	rfcR2        = 100 * time.Second // RFC 9293, 3.8.3
	rfcKeepAlive = 2 * time.Hour     // RFC 9293, 3.8.4
)

// allowed is the alternatives besides the default that the RFCs allow, or that are
// their letter.
var allowed = map[model.Decision][]model.Choice{
	model.OutOfOrder:      {model.SegmentHeld},                           // SHLD-31
	model.AckCheck:        {model.AckRecent},                             // MAY-12
	model.RSTCheck:        {model.RSTInWindow},                           // 3.5.3; RFC 5961 is a MAY
	model.WindowUpdate:    {model.UpdateUnsent},                          // 3.8.6.2.2
	model.ReadAfterFin:    {model.DataLost},                              // 3.10.3
	model.ClosingAck:      {model.SegmentUnread},                         // 3.10.7.4, fifth
	model.ZeroWindowAck:   {model.ValidAckUnread},                        // table 6
	model.AbortState:      {model.AbortTimeWait},                         // 3.5.2
	model.UserTimeoutRuns: {model.RunsInAnyState},                        // 3.10.8
	model.TimeWaitReuse:   {model.ReuseByNumber, model.ReuseByTimestamp}, // MAY-2; RFC 6191
	model.GiveUpWhen:      {model.GiveUpExactly},                         // 3.8.3
	model.KeepAliveEnd:    {model.EndResets},                             // 3.8.4
	model.FirstResend:     {model.ResendNewest},                          // RFC 8985, 7
	model.ResendSize:      {model.ResendMerged},                          // 3.8.1
}

// departs reports whether a choice departs from what the RFCs say.
func departs(d model.Decision, choice model.Choice) bool {
	return choice != 0 && choice != model.Literal[d] && !slices.Contains(allowed[d], choice)
}

// blame returns who is to blame for what can happen to the pair of a row.
func blame(ctx context.Context, row *Row, tick time.Duration, o product.Options) (*Blame, error) {
	list, err := departures(row.Traces[0], tick)
	if len(list) == 0 || err != nil {
		return &Blame{}, err
	}
	b := &Blame{First: list[0]}
	for _, d := range list {
		c := row.Traces[0].Config
		d.undo(&c.Ends[d.Side])
		p, err := row.Question.property(c)
		if err != nil {
			return nil, err
		}
		r, err := check.Check(ctx, c, []*invariants.Property{p}, check.Options{Options: o, NoTraces: true, UntilFound: true})
		if err != nil {
			return nil, err
		}
		if answerOf(&r.Findings[0]) == Cannot {
			b.Decisive = d
			break
		}
	}
	return b, nil
}

// departures returns the departures of a run, each where it is first.
func departures(t *trace.Trace, tick time.Duration) (list []*Departure, err error) {
	for i := range t.Events {
		e := &t.Events[i]
		if !e.Outcome.Moved {
			continue
		}
		found, err := departuresAt(t.Config, t.States[i], e, tick)
		if err != nil {
			return nil, err
		}
		for _, d := range found {
			had := func(h *Departure) bool { return h.Side == d.Side && h.What == d.What }
			if !slices.ContainsFunc(list, had) {
				d.Event = i + 1
				list = append(list, d)
			}
		}
	}
	return list, nil
}

// departuresAt returns how the end that moves in an event departs from the RFC: by a timer
// that is too short or should not exist, and by decisions without which the step
// is another.
func departuresAt(c model.Config, from model.State, e *trace.Event, tick time.Duration) (list []*Departure, err error) {
	side := e.Outcome.Mover
	if d := timerDeparture(c, from.Ends[side], e, tick); d != nil {
		list = append(list, d)
	}
	for d := range model.NumDecisions {
		if !departs(d, c.Ends[side].Choices[d]) {
			continue
		}
		undo := func(end *model.Endpoint) {
			end.Choices[d] = 0
			if d == model.FinWait2Kept {
				end.FinWait2First = 0 // which exists with the other choice only
			}
		}
		otherwise := c
		undo(&otherwise.Ends[side])
		y, err := model.NewSystem(otherwise)
		if err != nil {
			return nil, fmt.Errorf("without %s of %s: %w", d, side, err)
		}
		word := d.String() + "=" + c.Ends[side].Choices.Name(d)
		if o, ok := y.Step(from, e.Action); !ok || !sameStep(&o, &e.Outcome) {
			list = append(list, &Departure{Side: side, What: claims.Text{EN: word, ZH: word}, Clause: d.Info().Source, undo: undo})
		}
	}
	return list, nil
}

// sameStep reports whether two steps lead to the same, and send and tell the same.
func sameStep(o, p *model.Outcome) bool {
	return o.To == p.To && o.Effect.Sent == p.Effect.Sent && o.Effect.Told == p.Effect.Told && o.Effect.Delivered == p.Effect.Delivered
}

// timerDeparture returns how a timeout departs from the RFCs' times, or nil.
func timerDeparture(c model.Config, from model.TCB, e *trace.Event, tick time.Duration) *Departure {
	if e.Action.Kind != model.Timeouts || tick == 0 {
		return nil
	}
	side := e.Action.Side
	end, has := c.Ends[side], e.Outcome.Effect.Clauses.Has
	says := func(en, zh string, ticks int) claims.Text {
		seconds := trace.Decimal(time.Duration(ticks) * tick)
		return claims.Text{EN: fmt.Sprintf(en, seconds), ZH: fmt.Sprintf(zh, seconds)}
	}
	ticks := func(d time.Duration) uint16 { return uint16(min(d/tick, 60000)) }
	switch {
	case has(model.TimeWaitCloses) && time.Duration(c.TimeWaitOf(side))*tick < rfcTimeWait:
		return &Departure{
			Side: side, What: says("a TIME-WAIT of %s s", "TIME-WAIT 只有 %s 秒", c.TimeWaitOf(side)), Clause: "RFC 9293, 3.6.1 (MUST-13), and 3.4.2",
			undo: func(end *model.Endpoint) { end.TimeWait = model.Span{Ticks: ticks(rfcTimeWait)} },
		}
	case has(model.FinWait2Closes) || has(model.FinWait2Shrinks):
		return &Departure{
			Side: side, What: says("the end of FIN-WAIT-2 after %s s", "FIN-WAIT-2 在 %s 秒后结束", int(end.FinWait2)+int(end.FinWait2First)), Clause: "RFC 9293, 3.6.1 (no RFC has this timer)",
			undo: func(end *model.Endpoint) { end.FinWait2, end.FinWait2First = 0, 0 },
		}
	case has(model.GivesUp) || has(model.R2Closes):
		given := giveUp(end, from, e)
		if time.Duration(given)*tick >= rfcR2 {
			return nil
		}
		return &Departure{
			Side: side, What: says("giving up %s s after the first retransmission", "第一次重传后 %s 秒就放弃", given), Clause: "RFC 9293, 3.8.3 (R2 is at least 100 s)",
			undo: func(end *model.Endpoint) {
				end.R2, end.GiveUp, end.OrphanGiveUp = model.Unlimited, 0, 0
			},
		}
	case has(model.KeepAliveCloses) && time.Duration(end.KeepAlive)*tick < rfcKeepAlive:
		return &Departure{
			Side: side, What: says("keep-alive after %s s", "空闲 %s 秒后就保活探测", int(end.KeepAlive)), Clause: "RFC 9293, 3.8.4 (MUST-28)",
			undo: func(end *model.Endpoint) { end.KeepAlive, end.KeepAliveNext = 0, 0 },
		}
	}
	return nil
}

// giveUp returns how many ticks after its first retransmission an end gives up.
func giveUp(end model.Endpoint, from model.TCB, e *trace.Event) (ticks int) {
	if e.Outcome.Effect.Clauses.Has(model.GivesUp) {
		if from.Orphan && end.OrphanGiveUp > 0 {
			return int(end.OrphanGiveUp)
		}
		return int(end.GiveUp)
	}
	rto := int(end.RTO)
	for range int(end.R2) {
		rto = max(int(end.RTO), min(2*rto, int(end.RTOMax)))
		ticks += rto
	}
	return ticks
}
