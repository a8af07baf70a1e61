package drive

import (
	"fmt"
	"time"

	"tcpclose/model"
	"tcpclose/stacks/adapter"
	"tcpclose/stacks/peer"
	"tcpclose/stacks/schedule"
	"tcpclose/stacks/wire"
)

// A Timing is what was measured of a stack's timers.
type Timing struct {
	// Series has when a segment was sent again that nobody acknowledged, since it
	// was first sent, for SYN, for SYN,ACK, for text, and for FIN.
	Series [4]Series
	// AckDelay is the delay of the acknowledgement of text, FinDelay that of a FIN.
	AckDelay, FinDelay time.Duration
	// TimeWait is the length of TIME-WAIT. HalfFinWait2 and FinWait2 are those of
	// FIN-WAIT-2 after a half and a full close; 0 is for as long as was waited.
	TimeWait, HalfFinWait2, FinWait2 time.Duration
	// Probes is when the zero window is probed, since text waits.
	Probes Series
	// Sampled is the series of a FIN once text was acknowledged, so that a round trip
	// was measured.
	Sampled Series
	// Probed is when the connection has gone although each probe was answered; 0 is
	// never, as long as was waited.
	Probed    time.Duration
	KeepAlive bool          // an idle connection sends something within three hours
	Waited    time.Duration // for what may never end
}

// What Series are of.
const (
	OfSYN = iota
	OfSYNACK
	OfText
	OfFIN
)

// A Series is when a segment was sent again, and what ended that.
type Series struct {
	Again []time.Duration
	// Ends is when the connection had gone, by what an old segment was answered;
	// 0 is never, as long as was waited.
	Ends time.Duration
	RST  bool // an RST was sent at the end
}

// first returns the time of the first retransmission, or d if there was none.
func (s Series) first(d time.Duration) time.Duration {
	if len(s.Again) == 0 {
		return d
	}
	return s.Again[0]
}

// What times are assumed where none was measured.
const (
	usualRTO      = time.Second
	usualDelay    = 200 * time.Millisecond
	usualTimeWait = time.Minute
	longest       = 40 * time.Minute
	idle          = 3 * time.Hour
)

// Of returns how long a wait is. Each ends between what was measured, not at it:
// half a least RTO, or more if acknowledgements are delayed for longer; one and a
// half of it; nine and eleven tenths of TIME-WAIT.
func (t Timing) Of(w schedule.Wait) time.Duration {
	rto := t.Series[OfFIN].first(usualRTO)
	least := min(rto, t.Series[OfText].first(rto), t.Sampled.first(rto))
	timeWait := t.TimeWait
	if timeWait == 0 {
		timeWait = usualTimeWait
	}
	finWait2 := t.FinWait2
	if finWait2 == 0 {
		finWait2 = max(t.HalfFinWait2, usualTimeWait)
	}
	switch w {
	case schedule.Settle:
		delay := max(t.AckDelay, t.FinDelay)
		return max(least/2, delay+min(delay, least/4)).Truncate(time.Millisecond)
	case schedule.Retransmit:
		return rto * 3 / 2
	case schedule.MostTimeWait:
		return timeWait * 9 / 10
	case schedule.TimeWait:
		return timeWait * 11 / 10
	case schedule.RestTimeWait:
		return timeWait / 5
	case schedule.MostFinWait2:
		return finWait2 * 9 / 10
	case schedule.RestFinWait2:
		return finWait2 / 5
	case schedule.FinWait2:
		return finWait2 * 11 / 10
	case schedule.GiveUp:
		end := time.Duration(0)
		for _, s := range t.Series {
			end = max(end, s.Ends)
		}
		if end == 0 {
			end = longest / 2
		}
		return end * 11 / 10
	}
	return 0
}

// Where measurements begin.
var (
	opened    = schedule.Schedule{schedule.Open(true), schedule.In(schedule.Segment{Ctl: wire.SYN | wire.ACK, Ack: schedule.Number{Anchor: schedule.Next}})}
	shut      = schedule.Call(adapter.Shutdown, 0)
	released  = schedule.Call(adapter.Release, 0)
	acked     = schedule.In(schedule.Segment{Ctl: wire.ACK, Seq: schedule.Number{Anchor: schedule.Next}, Ack: schedule.Number{Anchor: schedule.Next}})
	finned    = schedule.In(schedule.Segment{Ctl: wire.ACK | wire.FIN, Seq: schedule.Number{Anchor: schedule.Next}, Ack: schedule.Number{Anchor: schedule.Next}})
	written   = schedule.Call(adapter.Send, 1)
	outdated  = schedule.In(schedule.Segment{Ctl: wire.ACK, Seq: schedule.Number{Anchor: schedule.Next, Plus: -1}, Ack: schedule.Number{Anchor: schedule.Next}})
	texted    = schedule.In(schedule.Segment{Ctl: wire.ACK, Seq: schedule.Number{Anchor: schedule.Next}, Ack: schedule.Number{Anchor: schedule.Next}, Len: 1})
	shutOpen  = schedule.In(schedule.Segment{Ctl: wire.SYN | wire.ACK, Ack: schedule.Number{Anchor: schedule.Next}, Window: schedule.Shut})
	synCame   = schedule.In(schedule.Segment{Ctl: wire.SYN})
	passively = schedule.Open(false)
)

func with(s schedule.Schedule, more ...schedule.Step) schedule.Schedule {
	return append(append(schedule.Schedule(nil), s...), more...)
}

// Measure finds the timers of the host that p drives. Where time is real it does not
// wait for what takes longer than patience.
func (p *Player) Measure(patience time.Duration) (Timing, error) {
	t := Timing{Waited: min(patience, longest)}
	var err error
	series := func(at *Series, s schedule.Schedule) {
		if err == nil {
			*at, err = p.series(s, t.Waited)
		}
	}
	series(&t.Series[OfSYN], schedule.Schedule{schedule.Open(true)})
	series(&t.Series[OfSYNACK], schedule.Schedule{passively, synCame})
	series(&t.Series[OfText], with(opened, written))
	series(&t.Series[OfFIN], with(opened, shut))
	series(&t.Sampled, with(opened, written, acked, shut))
	series(&t.Probes, schedule.Schedule{schedule.Open(true), shutOpen, written})
	lasts := func(at *time.Duration, s schedule.Schedule) {
		if err == nil {
			*at, err = p.lasts(s, t.Waited)
		}
	}
	lasts(&t.TimeWait, with(opened, shut, acked, finned))
	lasts(&t.FinWait2, with(opened, released, acked))
	lasts(&t.HalfFinWait2, with(opened, shut, acked))
	delay := func(at *time.Duration, s schedule.Schedule) {
		if err == nil {
			*at, err = p.delay(s)
		}
	}
	delay(&t.AckDelay, with(opened, texted))
	delay(&t.FinDelay, with(opened, finned))
	if err == nil && len(t.Probes.Again) > 0 {
		t.Probed, err = p.probed(t.Waited)
	}
	if err == nil && patience >= idle {
		if err = p.playNow(opened); err == nil {
			_, r := p.DoEvent(adapter.Wait(idle))
			t.KeepAlive = len(r.Emitted) > 0
		}
	}
	return t, err
}

// series does s, and waits: what is sent meanwhile are retransmissions.
func (p *Player) series(s schedule.Schedule, wait time.Duration) (out Series, err error) {
	if err := p.playNow(s); err != nil {
		return out, err
	}
	results := p.results
	if results[len(results)-1].Err != "" {
		return out, nil
	}
	start := results[len(results)-1].Now
	_, r := p.DoEvent(adapter.Wait(wait))
	if r.Err != "" {
		return out, fmt.Errorf("waiting for %s: %s", wait, r.Err)
	}
	for _, e := range r.Emitted {
		if e.Segment.Ctl.Has(wire.RST) {
			out.RST = true
		} else {
			out.Again = append(out.Again, e.At-start)
		}
	}
	if lives, err := p.lives(s, wait); err != nil || lives {
		return out, err
	}
	out.Ends, err = p.bisect(s, wait)
	return out, err
}

// lasts does s, and finds how long the connection is there after it; 0 is as long as wait.
func (p *Player) lasts(s schedule.Schedule, wait time.Duration) (time.Duration, error) {
	lives, err := p.lives(s, wait)
	if err != nil || lives {
		return 0, err
	}
	return p.bisect(s, wait)
}

// lives reports whether the connection is there when so much time has passed after
// s: by its state, if the stack tells it, or else by what an old segment is answered.
func (p *Player) lives(s schedule.Schedule, wait time.Duration) (bool, error) {
	if err := p.playNow(s); err != nil {
		return false, err
	}
	if _, r := p.DoEvent(adapter.Wait(wait)); r.Err != "" {
		return false, fmt.Errorf("waiting for %s: %s", wait, r.Err)
	}
	_, r := p.DoEvent(adapter.Wait(0))
	if r.State != "" {
		return r.State != model.Closed.String() && r.State != model.Listen.String(), nil
	}
	_, r = p.Do(outdated)
	for _, e := range r.Emitted {
		if e.Segment.Ctl.Has(wire.RST) {
			return false, nil
		}
	}
	return true, nil
}

// exactly is how exactly a time is found: a part of it.
const exactly = 500

// bisect finds when the connection goes, which is there at first and not after high.
func (p *Player) bisect(s schedule.Schedule, high time.Duration) (time.Duration, error) {
	low := time.Duration(0)
	for high-low > max(high/exactly, time.Millisecond) {
		if p.batches() && p.Host.Caps().States {
			var err error
			if low, high, err = p.narrow(s, low, high); err != nil {
				return 0, err
			}
			continue
		}
		middle := (low + high) / 2
		lives, err := p.lives(s, middle)
		if err != nil {
			return 0, err
		}
		if lives {
			low = middle
		} else {
			high = middle
		}
	}
	return high, nil
}

// narrow is a step of bisect on a host that plays many schedules at once, and tells
// states: it tries as many times between low and high as it can.
func (p *Player) narrow(s schedule.Schedule, low, high time.Duration) (time.Duration, time.Duration, error) {
	parts := min(time.Duration(p.Host.Caps().Batch), (high-low)/time.Microsecond)
	var list []peer.Schedule
	var times []time.Duration
	for i := range parts {
		at := low + (high-low)*(i+1)/(parts+1)
		times = append(times, at)
		list = append(list, append(p.batch(s), peer.Step{Event: adapter.Wait(at)}))
	}
	results, err := p.Host.(Batcher).Batch(p.Setup, list)
	if err != nil {
		return 0, 0, err
	}
	for i, r := range results {
		last := r[len(r)-1]
		if last.Err != "" {
			return 0, 0, fmt.Errorf("waiting for %s: %s", times[i], last.Err)
		}
		if last.State == model.Closed.String() || last.State == model.Listen.String() {
			return low, times[i], nil
		}
		low = times[i]
	}
	return low, high, nil
}

// delay does s, whose last step is to be acknowledged, and returns how long that takes.
func (p *Player) delay(s schedule.Schedule) (time.Duration, error) {
	if err := p.playNow(s); err != nil {
		return 0, err
	}
	results := p.results
	last := results[len(results)-1]
	if last.Err != "" || len(last.Emitted) > 0 {
		return 0, nil
	}
	_, r := p.DoEvent(adapter.Wait(time.Second))
	for _, e := range r.Emitted {
		return e.At - last.Now, nil
	}
	return 0, nil
}
