package join

import (
	"context"
	"fmt"

	"tcpclose/explore"
	"tcpclose/explore/product"
	"tcpclose/invariants"
	"tcpclose/model"
)

// Here is checked, over the values that a search of the saturated network has seen, what
// its verdicts rest on.

// A Growth says how what a pattern asks of the network goes with what is in transit.
type Growth uint8

const (
	// Grows: what is seen with some packets is seen with more, and younger, ones.
	Grows Growth = iota
	// Empties: or else it is seen with none.
	Empties
	// Neither: whether it is seen is not decided by the maximal contents and the least.
	Neither
)

// Growth returns how a pattern goes with what is in transit, as far as the search has seen
// it. What is asked of terminal states is asked of an empty network.
func (p *Product) Growth(pattern int) Growth {
	p.LookAtGrowth(context.Background())
	g := p.growths[pattern]
	if g == Empties && p.patterns[pattern].Kind == explore.Steps {
		return Neither
	}
	return g
}

// LookAtGrowth looks at the contents that are new since it was called last, with all
// patterns: what is less than a content is the same for each. It reports whether it has come
// to its end before ctx was done.
func (p *Product) LookAtGrowth(ctx context.Context) bool {
	if p.growths == nil {
		p.growths = make([]Growth, len(p.patterns))
		for i := range p.patterns {
			if p.patterns[i].Kind == explore.Terminals {
				p.growths[i] = Empties
			}
		}
	}
	for ; p.grown < p.crowds.Len(); p.grown++ {
		if ctx.Err() != nil {
			return false
		}
		packets := p.crowds.Value(uint32(p.grown + 1)).list()
		for _, side := range model.Sides {
			n := &crowdPart{Product: p, side: side}
			less := n.less(packets)
			for i := range p.patterns {
				pat := &p.patterns[i]
				if pat.Parts == nil && pat.Out == nil && pat.In == nil {
					continue
				}
				for _, self := range model.Sides {
					if p.growths[i] != Neither && pat.LooksAt(self) {
						p.growths[i] = max(p.growths[i], n.growth(pat, self, packets, less))
					}
				}
			}
		}
	}
	return true
}

// growth returns how a pattern goes from fewer packets to these.
func (n *crowdPart) growth(pat *invariants.Pattern, self model.Side, packets []model.Packet, less [][]model.Packet) (g Growth) {
	seen := func(packets []model.Packet, copied model.Segment) bool {
		return n.matches(pat, self, &invariants.NetStep{Packets: packets, Copied: copied})
	}
	all, none := seen(packets, model.Segment{}), seen(nil, model.Segment{})
	compare := func(fewer bool) {
		switch {
		case fewer && !all && !none:
			g = Neither
		case fewer && !all:
			g = max(g, Empties)
		}
	}
	compare(none)
	for _, fewer := range less {
		compare(seen(fewer, model.Segment{}))
	}
	for _, p := range packets {
		if all && !seen(packets, p.Segment) {
			return Neither
		}
	}
	return g
}

// less returns the packets without each of them, and with each a tick older.
func (n *crowdPart) less(packets []model.Packet) (list [][]model.Packet) {
	medium := n.medium()
	for i, p := range packets {
		others := append(append([]model.Packet{}, packets[:i]...), packets[i+1:]...)
		list = append(list, others)
		if older := age(medium, []model.Packet{p}); len(older) > 0 {
			list = append(list, append(older, others...))
		}
	}
	return list
}

// CheckUnlimited returns an error if, over the values that the search has seen, a channel
// with fewer, or older, packets could do something that one with all could not, or time
// that leaps would lead an end elsewhere than its single ticks.
func (p *Product) CheckUnlimited() error {
	n := &crowdPart{Product: p}
	checked := map[crowd]bool{}
	for v := range p.crowds.Len() {
		packets := p.crowds.Value(uint32(v + 1)).list()
		for len(packets) > 0 {
			copies, others := split(packets, packets[0])
			packets = others
			if c := crowdOf(copies.List()); !checked[c] {
				checked[c] = true
				if err := n.checkCopies(c.list()); err != nil {
					return err
				}
			}
		}
	}
	if p.Model.Config.Time != model.TimeSteps {
		return p.checkLeaps()
	}
	return nil
}

// checkCopies checks the copies of one segment: those of different segments do not depend
// on each other.
func (n *crowdPart) checkCopies(all []model.Packet) error {
	medium, p := n.medium(), all[0]
	sent := model.Packet{Segment: p.Segment, Of: p.Of, Behind: p.Behind}
	covered := func(less, more []model.Packet) bool { return coversAll(medium, more, less) }
	for _, less := range n.less(all) {
		switch {
		case !covered(less, all):
			return fmt.Errorf("%v do not cover %v", all, less)
		case !covered(enter(medium, less, sent), enter(medium, all, sent)):
			return fmt.Errorf("when %v is sent, %v do not cover %v", p.Segment, all, less)
		case !covered(age(medium, less), age(medium, all)):
			return fmt.Errorf("after a tick, %v do not cover %v", all, less)
		}
		// The box passes a packet on with its age.
		for _, r := range age(medium, []model.Packet{sent}) {
			if p.Behind && !covered(enter(medium, less, r), enter(medium, all, sent)) {
				return fmt.Errorf("when %v is passed on, %v do not cover %v", p.Segment, all, less)
			}
		}
		for _, q := range less {
			found := false
			for _, p := range all {
				found = found || covered(deliver(medium, less, q), deliver(medium, all, p))
			}
			if !found {
				return fmt.Errorf("when %v is delivered, %v do not cover %v", q, all, less)
			}
		}
	}
	return nil
}

// checkLeaps checks that a leap leads an end to where its ticks lead, one by one, and that a
// pattern which sees the leap sees one of these.
func (p *Product) checkLeaps() error {
	const most = 4096 // ticks that are taken one by one
	for v := range p.Ends.Len() {
		end := p.Ends.Value(uint32(v + 1))
		for _, side := range model.Sides {
			stack := p.Model.Stack(side)
			leap := stack.Leap(end.TCB)
			if leap >= model.Still {
				continue
			}
			at := end
			var ticked product.Bits // what is seen on one of the ticks
			for n := uint16(1); n <= min(leap, most); n++ {
				var may bool
				before := at
				if at, may = p.elapse(stack, at, 1); !may {
					break
				}
				ticked = ticked.Or(p.onTick(side, before, at, 1))
				to, ok := p.elapse(stack, end, n)
				if ok && to != at {
					return fmt.Errorf("%d ticks lead %v elsewhere than a leap", n, end.TCB)
				}
				if !p.onTick(side, end, to, n).Without(ticked).Empty() {
					return fmt.Errorf("what is seen when %v leaps %d ticks is not seen on a tick", end.TCB, n)
				}
			}
		}
	}
	return nil
}

// onTick returns the step watches that an end does not rule out when it goes from one value
// to another in n ticks.
func (p *Product) onTick(side model.Side, from, to End, n uint16) product.Bits {
	s := invariants.Step{From: from.TCB, To: to.TCB, Kind: model.Ticks, Elapsed: n}
	return endPart{p, side}.move(from, s).Step
}

// elapse returns an end after n ticks.
func (p *Product) elapse(stack model.Stack, from End, n uint16) (End, bool) {
	to, ok := stack.Tick(from.TCB, n)
	s := invariants.Step{From: from.TCB, To: to, Kind: model.Ticks, Elapsed: n}
	return End{to, p.Monitors.Next(from.Record, &s, p.Model.Config.MSL)}, ok
}
