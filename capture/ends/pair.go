package ends

import (
	"slices"
	"time"

	"tcpclose/capture"
	"tcpclose/model"
	"tcpclose/stacks/wire"
)

// A Pair is two captures of one connection, the first close to its client, and the second
// close to its server.
type Pair struct {
	// Both captures admit this Explanation.
	*Explanation
	// Offset: the second clock is so far ahead of the first; the error is at most
	// Error. Clocked is false if no segment of either end is in both captures.
	Offset, Error time.Duration
	Clocked       bool
	// Sent counts the segments of each end, and Lost lists the frames of those that are
	// not in the other capture, by their numbers in that of the sender.
	Sent [2]int
	Lost [2][]int
}

// alike contains the fields that two captures of a segment have in common.
type alike struct {
	from     capture.Side
	ctl      wire.Ctl
	seq, ack int64
	len      int
	stamp    uint32
}

func alikeOf(g capture.Seen) alike {
	return alike{g.From, g.Ctl, g.Seq, g.Ack, g.Len, g.Opts.Stamp}
}

// ExplainPair explains a connection that was captured close to both ends.
func (o *Observer) ExplainPair(client, server capture.Connection) *Pair {
	both := [2]capture.Connection{client, server}
	p := &Pair{}
	var least [2]time.Duration
	var some [2]bool
	for _, from := range capture.Sides {
		arrived := map[alike][]time.Time{}
		to := both[from.Peer()]
		for _, g := range to.Frames {
			if g.From == from {
				arrived[alikeOf(g)] = append(arrived[alikeOf(g)], to.Began.Add(g.At))
			}
		}
		for _, g := range both[from].Frames {
			if g.From != from {
				continue
			}
			p.Sent[from]++
			times := arrived[alikeOf(g)]
			if len(times) == 0 {
				p.Lost[from] = append(p.Lost[from], g.Frame)
				continue
			}
			arrived[alikeOf(g)] = times[1:]
			d := times[0].Sub(both[from].Began.Add(g.At))
			if !some[from] || d < least[from] {
				least[from], some[from] = d, true
			}
		}
	}
	if p.Clocked = some[0] && some[1]; p.Clocked {
		p.Offset, p.Error = (least[0]-least[1])/2, max(0, (least[0]+least[1])/2)
	}
	x, y := o.Explain(client, AtClient), o.Explain(server, AtServer)
	p.Explanation = x.with(y)
	return p
}

// with returns what x, of a capture close to the client, and y, of one close to the
// server, admit both.
func (x *Explanation) with(y *Explanation) *Explanation {
	if x.Unknown || y.Unknown {
		return &Explanation{Place: AtBoth, Left: x.Left + y.Left, Unknown: true}
	}
	z := *x
	z.Place, z.Found, z.Trips = AtBoth, false, [2]time.Duration{x.Trips[0], y.Trips[1]}
	z.Ends[capture.Client] = x.Ends[capture.Client].within(&y.Ends[capture.Client])
	z.Ends[capture.Server] = y.Ends[capture.Server].within(&x.Ends[capture.Server])
	common := slices.DeleteFunc(slices.Clone(x.First.Likely), func(c capture.Closer) bool { return !slices.Contains(y.First.Likely, c) })
	switch {
	case y.First.Certain:
		z.First = y.First
	case !x.First.Certain && len(common) > 0:
		z.First.Likely = common
	}
	z.First.Possible = slices.DeleteFunc(slices.Clone(x.First.Possible), func(c capture.Closer) bool { return !slices.Contains(y.First.Possible, c) })
	if len(z.First.Possible) == 1 {
		z.First = First{Likely: z.First.Possible, Possible: z.First.Possible, Certain: true}
	}
	// Each capture tells of the end that is close to it.
	of := func(list []Doubt, side capture.Side) (out []Doubt) {
		for _, d := range list {
			if d.End == side {
				out = append(out, d)
			}
		}
		return out
	}
	z.Doubts = append(of(x.Doubts, capture.Client), of(y.Doubts, capture.Server)...)
	if z.Wrong == nil {
		z.Wrong = y.Wrong
	}
	z.Left = x.Left + y.Left
	return &z
}

// within returns e, of whose states only those are left that another capture admits, if
// there are any.
func (e End) within(other *End) End {
	admits := func(list []model.ConnState) []model.ConnState {
		return slices.DeleteFunc(slices.Clone(list), func(s model.ConnState) bool {
			return !slices.Contains(other.States, s) && !slices.Contains(other.Others, s)
		})
	}
	if likely := admits(e.States); len(likely) > 0 {
		e.States = likely
	}
	e.Others = admits(e.Others)
	e.Told |= other.Told
	e.Likely |= other.Told
	return e
}
