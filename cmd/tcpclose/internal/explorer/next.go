package explorer

import (
	"fmt"
	"strconv"
	"strings"

	"tcpclose/internal/lang"
	"tcpclose/model"
	"tcpclose/trace"
)

// next returns what can happen at the end of the run.
func (r *run) next(s *trace.Story, l lang.Language) []Choice {
	list := []Choice{}
	last := r.last()
	r.whole.Model.Outcomes(*last, func(a model.Action, o *model.Outcome) {
		if o.Overflow {
			return
		}
		c := Choice{
			Token: token(a), Kind: a.Kind.String(), Moves: moves(last, &o.To), Clauses: []string{},
			Elapsed: int(o.Elapsed),
		}
		switch a.Kind {
		case model.Calls:
			c.Actor, c.What = a.Side.String(), a.Call.String()
		case model.Timeouts:
			c.Actor, c.What = a.Side.String(), a.Timeout.String()
		case model.Boxes:
			c.Actor, c.What = "box", a.Act.String()
		case model.Ticks:
			c.Actor = "time"
		default:
			c.Actor, c.From, c.Segment = "network", a.Side.String(), a.Packet.Segment.Text(a.Side)
			if flights := s.InTransit(a.Side); int(a.Place) < len(flights) {
				c.Flights = numbers(flights[a.Place])
			}
		}
		if o.Moved && o.Effect.Sent != (model.Segment{}) {
			c.Sends = o.Effect.Sent.Text(o.Mover)
		}
		c.Told = told(o.Effect.Told, l)
		for _, clause := range o.Effect.Clauses.List() {
			c.Clauses = append(c.Clauses, l.Say(clause.Info().Sentence))
		}
		list = append(list, c)
	})
	return list
}

// numbers returns the numbers of flights: a packet can stand for thousands.
func numbers(list []int) string {
	const few = 3
	if n := len(list); n > few {
		return fmt.Sprintf("%d…%d", list[0], list[n-1])
	}
	var b strings.Builder
	for i, n := range list {
		if i > 0 {
			b.WriteByte('/')
		}
		b.WriteString(strconv.Itoa(n))
	}
	return b.String()
}

// moves returns the changes of connection state from one state to another.
func moves(from, to *model.State) []Move {
	list := []Move{}
	for _, side := range model.Sides {
		if was, is := from.Ends[side].State, to.Ends[side].State; was != is {
			list = append(list, Move{side.String(), was.String(), is.String()})
		}
	}
	return list
}

// told returns what a user is told, in a language.
func told(n model.Notice, l lang.Language) string {
	text := ""
	for bit := model.Notice(1); bit != 0 && bit <= n; bit <<= 1 {
		if n&bit == 0 {
			continue
		}
		if text != "" {
			text += l.Comma()
		}
		text += strings.TrimPrefix(l.Say("told "+bit.String()), "told ")
	}
	return text
}
