package trace

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"time"

	"tcpclose/internal/lang"
	"tcpclose/model"
)

// A Story is a run as the views tell it.
type Story struct {
	*Trace
	About   About
	Times   []int // of each state, in ticks from the start
	Flights []Flight
	Timers  []Timer

	box     *model.Watcher
	sent    []int       // by event: the flight that an end begins with it, or -1
	passed  [][]int     // by event: those that the box begins
	arrived []arrival   // by event: what it delivers; flight -1 if it delivers nothing
	lost    [][]int     // by event: the flights that it ends undelivered
	left    [2][]parcel // at the end, by who sent them
}

// About describes what a run shows.
type About struct {
	Property string `json:"property,omitempty"`
	Sentence string `json:"sentence,omitempty"`
	Verdict  string `json:"verdict,omitempty"`
	// Tick is the length of a tick; times are then in seconds. 0: they are in ticks.
	Tick time.Duration `json:"-"`
	// Language is that of the words in ladders and tables.
	Language lang.Language `json:"-"`
}

// clock returns a number of ticks in the unit in which times are told, without it.
func (s *Story) clock(ticks int) string {
	if s.About.Tick == 0 {
		return strconv.Itoa(ticks)
	}
	return Decimal(time.Duration(ticks) * s.About.Tick)
}

// span returns the same with the unit.
func (s *Story) span(n int) string {
	if s.About.Tick == 0 {
		return s.About.Language.Count(n, "tick")
	}
	return s.About.Language.Say("%s s", s.clock(n))
}

// A Flight is what becomes of a segment from one sending. The model knows packets
// that are equal; here each has its own.
type Flight struct {
	Number  int // from 1, in the order of sending
	From    model.Side
	Segment model.Segment
	Sent    int   // the event that sends it; -1 if it was in transit at the start
	Arrives []int // the events that deliver it: the first the segment, the others copies
	Lost    int   // the event with which it is lost undelivered, perhaps that of sending; -1 if it is not
	Behind  bool  // the box has sent it on, or made it; From is whose it is
	aged    int   // ticks that it has been in the network before
}

// Copied reports whether what is in transit of it is a copy.
func (f *Flight) Copied() bool { return len(f.Arrives) > 0 || f.Sent < 0 }

// UnderWay reports whether it has neither arrived nor been lost.
func (f *Flight) UnderWay() bool { return len(f.Arrives) == 0 && f.Lost < 0 }

// InTransit returns, for each packet that is in transit from a side at the end, in the
// order of its channel, the numbers of the flights that it stands for.
func (s *Story) InTransit(side model.Side) (list [][]int) {
	for _, p := range s.left[side] {
		var numbers []int
		for _, f := range p.flights {
			numbers = append(numbers, s.Flights[f].Number)
		}
		list = append(list, numbers)
	}
	return list
}

type arrival struct {
	flight int
	copied bool // not the first
}

// NewStory returns the story of a run.
func NewStory(t *Trace, about About) (*Story, error) {
	y, err := t.System()
	if err != nil {
		return nil, err
	}
	s := &Story{Trace: t, About: about, Times: make([]int, len(t.States))}
	for i := range t.Events {
		s.Times[i+1] = s.Times[i] + int(t.Events[i].Outcome.Elapsed)
	}
	s.box = y.Box()
	if err := s.followPackets(y.Medium()); err != nil {
		return nil, err
	}
	s.time()
	return s, nil
}

// A parcel is a packet of the model with the flights that it stands for: several
// only where the network loses and duplicates at will, so that the model keeps
// the one of equal packets that lives longest.
type parcel struct {
	model.Packet
	flights   []int // oldest first
	delivered bool  // its one flight has arrived, and this is a copy
}

// followPackets follows the packets of the model through the run.
func (s *Story) followPackets(m model.Medium) error {
	var nets [2][]parcel
	for _, side := range model.Sides {
		for _, p := range s.States[0].Nets[side].List() {
			nets[side] = append(nets[side], parcel{p, []int{s.send(side, p.Segment, -1)}, p.Spare})
		}
	}
	for i := range s.Events {
		a, o := s.Events[i].Action, &s.Events[i].Outcome
		s.sent, s.arrived, s.lost = append(s.sent, -1), append(s.arrived, arrival{flight: -1}), append(s.lost, nil)
		s.passed = append(s.passed, nil)
		var delivered *parcel
		switch a.Kind {
		case model.Deliveries, model.Copies, model.Losses:
			net := nets[a.Side]
			at := int(a.Place) // match keeps parcels in the order of the channel
			if at >= len(net) || net[at].Packet != a.Packet {
				return fmt.Errorf("event %d: no parcel for %s", i+1, a.Packet.Text(a.Side))
			}
			switch a.Kind {
			case model.Losses:
				s.lose(net[at], i)
			case model.Deliveries:
				s.arrive(&net[at], i, int(m.Delay), false)
				delivered = &net[at]
			case model.Copies:
				// What stays may be marked as a copy, which lives on as such.
				marked := count(o.To.Nets[a.Side].List(), a.Packet) < count(s.States[i].Nets[a.Side].List(), a.Packet)
				s.arrive(&net[at], i, int(m.Delay), !marked)
				net[at].Spare = marked || a.Packet.Spare
				delivered = &net[at]
			}
			if a.Kind != model.Copies {
				nets[a.Side] = slices.Delete(net, at, at+1)
			}
		case model.Ticks:
			for _, side := range model.Sides {
				for _, p := range o.Gone[side].List() {
					at := slices.IndexFunc(nets[side], func(q parcel) bool { return q.Packet == p })
					if at < 0 {
						return fmt.Errorf("event %d: no parcel for %s", i+1, p.Text(side))
					}
					s.lose(nets[side][at], i)
					nets[side] = slices.Delete(nets[side], at, at+1)
				}
				for j := range nets[side] {
					nets[side][j].Age++
				}
			}
		}
		s.follow(&nets, i, delivered)
		if g := o.Effect.Sent; g != (model.Segment{}) {
			s.sent[i] = s.send(o.Mover, g, i)
			nets[o.Mover] = append(nets[o.Mover], parcel{model.Packet{Segment: g, Of: o.Effect.Of}, []int{s.sent[i]}, false})
		}
		for _, side := range model.Sides {
			var err error
			if nets[side], err = s.match(nets[side], o.To.Nets[side].List(), i); err != nil {
				return err
			}
		}
	}
	for _, net := range nets {
		for i := range net {
			s.expire(&net[i], len(s.Events), int(m.Delay))
		}
	}
	s.left = nets
	return nil
}

// count returns how many of the packets are p.
func count(packets []model.Packet, p model.Packet) (n int) {
	for _, q := range packets {
		if q == p {
			n++
		}
	}
	return n
}

func (s *Story) send(from model.Side, g model.Segment, event int) int {
	s.Flights = append(s.Flights, Flight{Number: len(s.Flights) + 1, From: from, Segment: g, Sent: event, Lost: -1})
	return len(s.Flights) - 1
}

// arrive takes a flight out of a parcel that is delivered: the oldest that may
// still be in transit. The others stay with the parcel, or are gone.
func (s *Story) arrive(p *parcel, event, delay int, stay bool) {
	s.expire(p, event, delay)
	f, others := p.flights[0], p.flights[1:]
	s.Flights[f].Arrives = append(s.Flights[f].Arrives, event)
	s.arrived[event] = arrival{f, p.delivered}
	if stay && len(others) > 0 {
		p.flights = others
		return
	}
	for _, g := range others {
		s.drop(g)
	}
	p.flights, p.delivered = p.flights[:1], true
}

// expire loses those of a parcel's flights that are too old at an event. The model
// does not know them apart.
func (s *Story) expire(p *parcel, event, delay int) {
	for len(p.flights) > 1 && s.age(p.flights[0], event) >= delay {
		s.drop(p.flights[0])
		p.flights = p.flights[1:]
	}
}

// age returns for how many ticks a flight has been in the network at an event.
func (s *Story) age(flight, event int) int {
	f := &s.Flights[flight]
	return f.aged + s.Times[event] - s.Times[f.Sent+1]
}

// Left returns the flights that are still in transit at the end, or of which a copy is,
// those from a first.
func (s *Story) Left() (list []*Flight) {
	for _, side := range model.Sides {
		for _, p := range s.left[side] {
			for _, f := range p.flights {
				list = append(list, &s.Flights[f])
			}
		}
	}
	return list
}

// drop loses a flight as it is sent.
func (s *Story) drop(f int) {
	at := s.Flights[f].Sent
	s.Flights[f].Lost = at
	if at >= 0 {
		s.lost[at] = append(s.lost[at], f)
	}
}

// lose ends the flights of a parcel: the last with the event, those for which it
// stood as they were sent. Of one that has been delivered nothing is lost.
func (s *Story) lose(p parcel, event int) {
	if p.delivered {
		return
	}
	last := len(p.flights) - 1
	for _, f := range p.flights[:last] {
		s.drop(f)
	}
	s.Flights[p.flights[last]].Lost = event
	s.lost[event] = append(s.lost[event], p.flights[last])
}

// match finds the parcels that packets are. One that is left over is the same
// segment as another, which stands for both, or has found no room.
func (s *Story) match(parcels []parcel, packets []model.Packet, event int) (found []parcel, err error) {
	used := make([]bool, len(parcels))
	for _, p := range packets {
		at := -1
		for i, q := range parcels {
			if !used[i] && q.Packet == p {
				at = i
				break
			}
		}
		if at < 0 {
			return nil, fmt.Errorf("event %d: a packet from nowhere: %+v", event+1, p)
		}
		used[at] = true
		found = append(found, parcels[at])
	}
	for i, q := range parcels {
		if used[i] {
			continue
		}
		at := slices.IndexFunc(found, func(p parcel) bool { return p.Segment == q.Segment && p.Of == q.Of && p.Behind == q.Behind })
		switch {
		case q.delivered: // a copy that nobody misses
		case s.Flights[q.flights[0]].Sent == event && at < 0:
			s.drop(q.flights[0]) // the channel is full
		case at < 0:
			return nil, fmt.Errorf("event %d: a packet has vanished: %+v", event+1, q.Packet)
		case found[at].delivered:
			found[at].flights, found[at].delivered = q.flights, false
		default:
			found[at].flights = merged(found[at].flights, q.flights)
		}
	}
	return found, nil
}

// merged returns two lists of flights as one, in order. Most often the one begins where
// the other ends: a long run is not to sort all of them again with each event.
func merged(x, y []int) []int {
	switch {
	case x[len(x)-1] < y[0]:
		return append(x, y...)
	case y[len(y)-1] < x[0]:
		return append(y, x...)
	}
	return slices.SortedFunc(slices.Values(slices.Concat(x, y)), cmp.Compare)
}

// Overtaken returns the flights that are still to arrive when f first does, although
// they were sent before it in the same direction.
func (s *Story) Overtaken(f *Flight) (older []*Flight) {
	for i := range s.Flights {
		g := &s.Flights[i]
		if len(f.Arrives) > 0 && len(g.Arrives) > 0 && g.From == f.From && g.Behind == f.Behind && g.Number < f.Number && g.Arrives[0] > f.Arrives[0] {
			older = append(older, g)
		}
	}
	return older
}
