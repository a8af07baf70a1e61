package explorer

import (
	"strconv"

	"tcpclose/internal/lang"
	"tcpclose/model"
	"tcpclose/trace"
)

// The heights of rows, where that of an event is 1. Ticks that follow each other share a
// row; a timer's bracket is that of the time, not of the ticks.
const (
	tickRow = 0.6
	footRow = 0.8
)

// packets returns the packets at the end of a run by the number of the flight that each
// stands for, the last if there are several.
func packets(s *trace.Story) map[int]string {
	of := map[int]string{}
	for _, side := range model.Sides {
		for i, flights := range s.InTransit(side) {
			if n := len(flights); n > 0 {
				of[flights[n-1]] = side.String() + strconv.Itoa(i)
			}
		}
	}
	return of
}

// ladder returns the rows from top to bottom, and what reaches into them; here is the
// story of the run to the place.
func ladder(s, here *trace.Story, l lang.Language, top, bottom float64) Ladder {
	packet := packets(here)
	at := rowsOf(s)
	n := len(s.Events)
	d := Ladder{Height: at[n] + footRow, Rows: []Row{}, Flights: []FlightRow{}, Timers: []TimerRow{}, Loop: -1}
	for _, side := range model.Sides {
		d.Start[side] = s.States[0].Ends[side].State.String()
	}
	if s.Repeats() || s.Rests() {
		d.Loop = at[min(s.Loop, n)]
		if s.Loop < n {
			d.Loop = at[s.Loop+1]
		}
	}
	for i := range s.Events {
		y := at[i+1]
		sameRow := s.Events[i].Action.Kind == model.Ticks && i+1 < n && at[i+2] == y
		if y >= top-1 && y <= bottom+1 && !sameRow {
			d.Rows = append(d.Rows, row(s, l, i, y))
		}
	}
	place := func(event int) float64 { return at[event+1] }
	for i := range s.Flights {
		f := &s.Flights[i]
		r := FlightRow{Number: f.Number, From: f.From.String(), Sent: place(f.Sent), Lost: -1, Arrives: []float64{}, Behind: f.Behind, Packet: packet[f.Number]}
		last := r.Sent
		for i, event := range f.Arrives {
			last = place(event)
			if i == 0 || last >= top-1 && last <= bottom+1 {
				r.Arrives = append(r.Arrives, last)
			}
		}
		if f.Lost >= 0 {
			r.Lost = place(f.Lost)
			last = max(last, r.Lost)
		}
		r.Transit = f.UnderWay()
		if last >= top-1 && r.Sent <= bottom+1 {
			r.Text = f.Segment.Text(f.From)
			d.Flights = append(d.Flights, r)
		}
	}
	d.Timers = timers(s, l, at, top, bottom)
	return d
}

// timers returns the brackets that reach into the rows from top to bottom. Those of one
// side that overlap are in different lanes.
func timers(s *trace.Story, l lang.Language, at []float64, top, bottom float64) []TimerRow {
	list := []TimerRow{}
	var ends [2][]float64
	for i := range s.Timers {
		t := &s.Timers[i]
		r := TimerRow{Side: t.Side.String(), Name: l.Say(t.Name()), From: at[t.From+1], To: at[min(t.To, len(s.Events)-1)+1], Ticks: t.Ticks, End: t.End.String()}
		if t.End == trace.Running {
			r.To = at[len(s.Events)]
		}
		lanes := ends[t.Side]
		for r.Lane < len(lanes) && lanes[r.Lane] > r.From {
			r.Lane++
		}
		if r.Lane == len(lanes) {
			lanes = append(lanes, 0)
		}
		lanes[r.Lane] = r.To
		ends[t.Side] = lanes
		if r.To >= top-1 && r.From <= bottom+1 {
			list = append(list, r)
		}
	}
	return list
}

// rowsOf returns where each event stands; the start, which is the first, at 0.
func rowsOf(s *trace.Story) []float64 {
	at := make([]float64, 1, len(s.Events)+1)
	for i := range s.Events {
		y := at[i]
		switch {
		case s.Events[i].Action.Kind != model.Ticks:
			y++
		case i == 0 || s.Events[i-1].Action.Kind != model.Ticks:
			y += tickRow
		}
		at = append(at, y)
	}
	return at
}

// row returns an event's row.
func row(s *trace.Story, l lang.Language, i int, y float64) Row {
	a, o := &s.Events[i].Action, &s.Events[i].Outcome
	r := Row{
		Event: i + 1, Y: y, Kind: a.Kind.String(), Moves: moves(&s.States[i], &s.States[i+1]),
		Told: told(o.Effect.Told, l), Nobody: s.ToNobody(i), Time: s.Times[i+1], Clauses: []ClauseInfo{}, Box: append([]string{}, s.BoxWords(i)...),
	}
	if o.Moved {
		r.Side = o.Mover.String()
	}
	switch a.Kind {
	case model.Calls:
		r.What = a.Call.String()
	case model.Timeouts:
		r.What = a.Timeout.String()
	case model.Boxes:
		r.What = a.Act.String()
	}
	for _, c := range o.Effect.Clauses.List() {
		info := c.Info()
		r.Clauses = append(r.Clauses, ClauseInfo{c.String(), l.Cite(info.Source), l.Say(info.Sentence)})
	}
	return r
}
