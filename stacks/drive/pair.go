package drive

import (
	"fmt"
	"math/rand/v2"
	"time"

	"tcpclose/stacks/adapter"
	"tcpclose/stacks/wire"
)

// Ends are two hosts with a network between them.
type Ends struct {
	Hosts [2]Host
	Setup adapter.Setup

	runs [2]record
	nets [2][]wire.Segment // by the end that has sent
	now  time.Duration
}

// Faults are what a network does, each to one of so many segments; 0 is to none.
type Faults struct{ Loss, Copy, Reorder int }

// A record is what was done at an end and seen of it.
type record struct {
	events  adapter.Schedule
	results []adapter.Result
	failed  bool
}

// An Act is what happens between two hosts.
type Act struct {
	What Happening
	End  int           // at which, or whose segment
	Call adapter.Event // of Calling
	Wait time.Duration // of Waiting
}

// A Happening is a kind of Act.
type Happening uint8

const (
	Delivering Happening = iota // the oldest segment in transit from End arrives
	Copying                     // the same, and stays in transit
	Losing                      // it is lost
	Overtaking                  // the second oldest arrives
	Calling                     // the user at End makes a call
	Waiting                     // time passes
)

// Draw returns acts that are drawn by lot: a connection is opened, then users and
// network do what they can.
func (f Faults) Draw(seed uint64) (acts []Act) {
	lot := rand.New(rand.NewPCG(seed, 17))
	active := lot.IntN(2)
	acts = append(acts, Act{What: Calling, End: 1 - active, Call: adapter.Event{Kind: adapter.Opens}},
		Act{What: Calling, End: active, Call: adapter.Event{Kind: adapter.Opens, Active: true}})
	hit := func(n int) bool { return n > 0 && lot.IntN(n) == 0 }
	for range 10 + lot.IntN(20) {
		a := Act{End: lot.IntN(2)}
		switch at := lot.IntN(10); {
		case at < 6:
			switch {
			case hit(f.Loss):
				a.What = Losing
			case hit(f.Copy):
				a.What = Copying
			case hit(f.Reorder):
				a.What = Overtaking
			}
		case at < 8:
			a.What, a.Call = Calling, calls[lot.IntN(len(calls))]
		default:
			a.What, a.Wait = Waiting, time.Duration(1+lot.IntN(40))*100*time.Millisecond
		}
		acts = append(acts, a)
	}
	return acts
}

// Run does the acts on new hosts, and brings the connection to its end without
// further faults. It returns what was done and seen at each end, and what is wrong
// at the end: "" is nothing.
func (p *Ends) Run(acts []Act) (runs [2]adapter.Schedule, results [2][]adapter.Result, wrong string, err error) {
	p.runs, p.nets, p.now = [2]record{}, [2][]wire.Segment{}, 0
	for _, h := range p.Hosts {
		if err := h.Reset(p.Setup); err != nil {
			return runs, results, "", err
		}
	}
	for _, a := range acts {
		switch a.What {
		case Calling:
			p.do(a.End, a.Call)
		case Waiting:
			p.wait(a.Wait)
		default:
			p.deliver(a.End, a.What)
		}
	}
	wrong = p.end()
	for i := range p.runs {
		runs[i], results[i] = p.runs[i].events, p.runs[i].results
	}
	return runs, results, wrong, nil
}

// do does an event at an end; what it sends is in transit then.
func (p *Ends) do(end int, e adapter.Event) {
	r := &p.runs[end]
	if r.failed {
		return
	}
	seen := p.Hosts[end].Do(e)
	r.events, r.results = append(r.events, e), append(r.results, seen)
	r.failed = seen.Err != ""
	for _, out := range seen.Emitted {
		p.nets[end] = append(p.nets[end], out.Segment)
	}
}

// calls are what a user does, as often as it should be drawn.
var calls = []adapter.Event{
	adapter.Make(adapter.Send, 1), adapter.Make(adapter.Send, 1), adapter.Make(adapter.Receive, 9), adapter.Make(adapter.Receive, 9),
	adapter.Make(adapter.Shutdown, 0), adapter.Make(adapter.Release, 0),
}

// deliver lets the oldest segment in transit from an end arrive, or what the network
// makes of it.
func (p *Ends) deliver(end int, how Happening) {
	net := p.nets[end]
	if len(net) == 0 {
		return
	}
	at := 0
	if len(net) > 1 && how == Overtaking {
		at = 1
	}
	g := net[at]
	if how != Copying {
		p.nets[end] = append(append([]wire.Segment(nil), net[:at]...), net[at+1:]...)
	}
	if how != Losing {
		p.do(1-end, adapter.In(plainOptions(g)))
	}
}

// plainOptions returns g with the option MSS alone: the numbers of timestamps are
// those of another host.
func plainOptions(g wire.Segment) wire.Segment {
	g.Opts = wire.Options{MSS: g.Opts.MSS}
	return g
}

func (p *Ends) wait(d time.Duration) {
	for end := range p.Hosts {
		p.do(end, adapter.Wait(d))
	}
	p.now += d
}

// end lets both users read and close, and the network deliver all. It returns what
// is wrong if then a connection is still there.
func (p *Ends) end() string {
	for round := range 12 {
		for range 40 {
			if len(p.nets[0])+len(p.nets[1]) == 0 {
				break
			}
			for end := range p.nets {
				for net := p.nets[end]; len(net) > 0; net = p.nets[end] {
					p.nets[end] = net[1:]
					p.do(1-end, adapter.In(plainOptions(net[0])))
				}
			}
		}
		for end := range p.Hosts {
			p.do(end, adapter.Make(adapter.Receive, 99))
			if round == 1 {
				p.do(end, adapter.Make(adapter.Shutdown, 0))
			}
			if round > 3 {
				p.do(end, adapter.Make(adapter.Release, 0))
			}
		}
		p.wait(time.Duration(1<<round) * 300 * time.Millisecond)
	}
	for end := range p.runs {
		r := p.runs[end]
		if n := len(r.results); n > 0 && !r.failed && r.results[n-1].State != "" && r.results[n-1].State != "CLOSED" {
			return fmt.Sprintf("end %d is in %s %s after both users have closed and all was delivered", end+1, r.results[n-1].State, p.now)
		}
	}
	return ""
}
