package check

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"tcpclose/internal/naive"
	"tcpclose/internal/tier"
	"tcpclose/invariants"
	"tcpclose/model"
)

// A runGraph is all states and steps of a small model, to be checked without package
// explore, and with fairness by its definition.
type runGraph struct {
	states []model.State
	steps  [][]graphStep
}

type graphStep struct {
	to   int
	edge naive.Edge
}

// newRunGraph returns the graph, unless it has more than so many states.
func newRunGraph(t require.TestingT, c model.Config, most int) (*runGraph, bool) {
	v := &naive.Search{System: naive.SystemOf(t, c)}
	init := v.System.Init()
	g := &runGraph{states: []model.State{init}}
	number := map[model.State]int{init: 0}
	for i := 0; i < len(g.states); i++ {
		n := naive.Node{State: g.states[i]}
		var out []graphStep
		for _, a := range v.System.Actions(nil, n.State) {
			o, ok := v.System.Step(n.State, a)
			require.True(t, ok)
			to, known := number[o.To]
			if !known {
				to = len(g.states)
				number[o.To] = to
				g.states = append(g.states, o.To)
			}
			if len(g.states) > most {
				return nil, false
			}
			out = append(out, graphStep{to, v.Follow(n, a, o)})
		}
		g.steps = append(g.steps, out)
	}
	return g, true
}

// A part is some of the states, and those of the steps between them that may be taken.
type part struct {
	*runGraph
	in  []bool
	may func(*graphStep) bool // nil: all
}

func (p part) next(s int, visit func(*graphStep)) {
	for i := range p.steps[s] {
		if step := &p.steps[s][i]; p.in[step.to] && (p.may == nil || p.may(step)) {
			visit(step)
		}
	}
}

// reach returns what can be reached from some states of the part, they included.
func (p part) reach(from []int) []bool {
	met := make([]bool, len(p.states))
	for _, s := range from {
		met[s] = p.in[s]
	}
	for todo := from; len(todo) > 0; {
		s := todo[0]
		todo = todo[1:]
		if !p.in[s] {
			continue
		}
		p.next(s, func(step *graphStep) {
			if !met[step.to] {
				met[step.to] = true
				todo = append(slices.Clone(todo), step.to)
			}
		})
	}
	return met
}

// components returns the sets of states that reach each other, by a step at least.
func (p part) components() (list [][]int) {
	back := make([][]int, len(p.states))
	for s := range p.states {
		if p.in[s] {
			p.next(s, func(step *graphStep) { back[step.to] = append(back[step.to], s) })
		}
	}
	done := make([]bool, len(p.states))
	for s := range p.states {
		if !p.in[s] || done[s] {
			continue
		}
		after := p.reach([]int{s})
		before := map[int]bool{}
		for todo := []int{s}; len(todo) > 0; todo = todo[1:] {
			for _, from := range back[todo[0]] {
				if after[from] && !before[from] {
					before[from] = true
					todo = append(todo, from)
				}
			}
		}
		done[s] = true
		if !before[s] {
			continue // on no cycle
		}
		var c []int
		for from := range before {
			c, done[from] = append(c, from), true
		}
		slices.Sort(c)
		list = append(list, c)
	}
	return list
}

// A demand is what is assumed of runs, or wanted: with no enabled, that step is taken
// again and again.
type demand struct {
	taken   func(*graphStep) bool
	enabled func(s int) bool
	weak    bool
}

// demands returns what a list of assumptions says, by the definitions on the page.
func (g *runGraph) demands(list []*invariants.Assumption) (all []demand) {
	onItsWay := map[string]func(e *model.TCB, m model.Segment) bool{
		"fin":  func(_ *model.TCB, m model.Segment) bool { return m.Ctl.Has(model.FIN) },
		"ack":  func(e *model.TCB, m model.Segment) bool { return onlyAcks(m) && m.Seq >= e.RcvNxt },
		"text": func(_ *model.TCB, m model.Segment) bool { return m.Len > 0 },
		"rst":  func(_ *model.TCB, m model.Segment) bool { return m.Ctl.Has(model.RST) },
		"syn":  func(_ *model.TCB, m model.Segment) bool { return m.Ctl.Has(model.SYN) },
	}
	for _, a := range list {
		for _, side := range model.Sides {
			taken := func(step *graphStep) bool { return step.edge.Matches(&a.Step.Pattern, side) }
			d := demand{taken: taken}
			switch is := onItsWay[a.Name]; {
			case a == invariants.TimePasses && side == model.B:
				continue
			case a == invariants.TimePasses:
			case is != nil:
				d.enabled = func(s int) bool {
					self := &g.states[s].Ends[side]
					return slices.ContainsFunc(g.states[s].Nets[side.Peer()].List(), func(p model.Packet) bool { return is(self, p.Segment) })
				}
			default:
				d.weak = true
				d.enabled = func(s int) bool {
					return slices.ContainsFunc(g.steps[s], func(step graphStep) bool { return taken(&step) })
				}
			}
			all = append(all, d)
		}
	}
	return all
}

// fair reports whether a fair run can stay in the part forever, visit a state again and
// again that is wanted, if that is not nil, and go on from a state of from.
func (p part) fair(demands []demand, wanted func(s int) bool, met []bool) bool {
	for _, c := range p.components() {
		if !met[c[0]] {
			continue
		}
		q := part{p.runGraph, make([]bool, len(p.states)), p.may}
		for _, s := range c {
			q.in[s] = true
		}
		if wanted != nil && !slices.ContainsFunc(c, wanted) {
			continue
		}
		possible, avoid := true, []int{}
		for _, d := range demands {
			taken := false
			for _, s := range c {
				q.next(s, func(step *graphStep) { taken = taken || d.taken(step) })
			}
			switch {
			case taken:
			case d.enabled == nil:
				possible = false
			case d.weak:
				possible = possible && slices.ContainsFunc(c, func(s int) bool { return !d.enabled(s) })
			default:
				for _, s := range c {
					if d.enabled(s) {
						avoid = append(avoid, s)
					}
				}
			}
		}
		if possible && len(avoid) == 0 {
			return true
		}
		for _, s := range avoid {
			q.in[s] = false
		}
		if possible && len(avoid) < len(c) && q.fair(demands, wanted, met) {
			return true
		}
	}
	return false
}

// where returns the part of the states that are so.
func (g *runGraph) where(is func(s int) bool) part {
	p := part{runGraph: g, in: make([]bool, len(g.states))}
	for s := range g.states {
		p.in[s] = is(s)
	}
	return p
}

func (g *runGraph) sees(c *invariants.Condition, side model.Side) func(s int) bool {
	return func(s int) bool {
		n := naive.Node{State: g.states[s]}
		return n.Matches(&c.Pattern, side)
	}
}

// rests reports whether a run can rest in a state of the part that was met.
func (p part) rests(met []bool, is func(s int) bool) bool {
	for s := range p.states {
		if p.in[s] && met[s] && len(p.steps[s]) == 0 && is(s) {
			return true
		}
	}
	return false
}

// violated reports whether a run that is as assumed violates a property of whole runs.
func (g *runGraph) violated(p *invariants.Property) bool {
	demands := g.demands(p.Liveness.Assumes)
	all := g.where(func(int) bool { return true })
	everywhere := all.reach([]int{0})
	any := func(int) bool { return true }
	// stays reports whether a run can be where it begins, and then stay where it may.
	stays := func(begins, may func(s int) bool) bool {
		q := g.where(may)
		var from []int
		for s := range g.states {
			if begins(s) && may(s) {
				from = append(from, s)
			}
		}
		met := q.reach(from)
		return q.rests(met, any) || q.fair(demands, nil, met)
	}
	switch p.Name {
	case "both-closed":
		gone := g.sees(seenBothGone, model.A)
		left := g.sees(seenBothLeft, model.A)
		notYet := func(s int) bool {
			for _, side := range model.Sides {
				self, peer := &g.states[s].Ends[side], &g.states[s].Ends[side.Peer()]
				if self.State == model.Closed && self.Life == 0 && peer.Life > 0 {
					return true
				}
			}
			return false
		}
		return stays(func(s int) bool { return left(s) && !notYet(s) }, func(s int) bool { return !gone(s) })
	case "network-drains":
		q := g.where(g.sees(seenBothGone, model.A))
		full := func(s int) bool { return g.states[s].Nets[model.A].N+g.states[s].Nets[model.B].N > 0 }
		return q.rests(everywhere, full) || q.fair(demands, full, everywhere)
	case "no-ack-war":
		for _, war := range []struct{ answers, feeds *invariants.Condition }{{seenEmptyForEmpty, seenKeepsAlive}, {seenAnswersOld, seenTimerSends}} {
			q, and := all, slices.Clone(demands)
			q.may = func(step *graphStep) bool {
				return !step.edge.Matches(&war.feeds.Pattern, model.A) && !step.edge.Matches(&war.feeds.Pattern, model.B)
			}
			for _, side := range model.Sides {
				and = append(and, demand{taken: func(step *graphStep) bool { return step.edge.Matches(&war.answers.Pattern, side) }})
			}
			if q.fair(and, nil, everywhere) {
				return true
			}
		}
		return false
	case "can-always-close":
		for s := range g.states {
			gone := g.sees(seenBothGone, model.A)
			if met := all.reach([]int{s}); !slices.ContainsFunc(g.numbers(met), gone) {
				return true
			}
		}
		return false
	}
	for _, side := range model.Sides {
		in := g.sees(p.Liveness.Occasion, side)
		if stays(in, in) {
			return true
		}
	}
	return false
}

func (g *runGraph) numbers(met []bool) (list []int) {
	for s, ok := range met {
		if ok {
			list = append(list, s)
		}
	}
	return list
}

// The verdicts on whole runs are those of a checker that keeps all states and steps, knows
// fairness by its definition alone, and looks for cycles without haste.
func TestLiveness_Naive(t *testing.T) {
	met := map[string]int{}
	enough := func() bool { return met["violated"] > 50 && met["holds"] > 50 && met["ordered"] > 20 }
	for n := range uint64(10) {
		tier.Redraws(t, n)
		rapid.Check(t, func(t *rapid.T) {
			var words []string
			draw := func(field string, values ...string) string {
				v := rapid.SampledFrom(values).Draw(t, field)
				words = append(words, field+"="+v)
				return v
			}
			draw("a-octets", "0", "0", "0", "1")
			draw("b-octets", "0")
			draw("msl", "1")
			draw("rto", "1", "2")
			draw("r2", "off", "1", "unlimited", "unlimited")
			draw("capacity", "1", "2", "2", "3")
			draw("loss", "unlimited", "unlimited", "unlimited", "1")
			draw("duplicate", "off", "off", "1", "unlimited")
			order := draw("reorder", "off", "off", "1", "unlimited")
			draw("b-closes", "any-time", "after-peer", "never")
			draw("time-wait-ack", "ignored", "answered")
			draw("start", "established", "established", "closed")
			draw("b-buffer", "unlimited", "unlimited", "0")
			c, err := model.ParseConfig(strings.Join(words, " "))
			require.NoError(t, err)
			g, ok := newRunGraph(t, c, 600)
			if !ok {
				return
			}
			r, err := Check(context.Background(), c, invariants.LivenessProperties, Options{})
			require.NoError(t, err)
			if !r.Result.Complete() {
				return
			}
			require.Equal(t, len(g.states), r.Result.Distinct)
			for i := range r.Findings {
				f := &r.Findings[i]
				met[f.Verdict.String()]++
				if order != "unlimited" && f.Verdict == Violated {
					met["ordered"]++
				}
				require.Equal(t, g.violated(f.Property), f.Verdict == Violated, "%s: %v", f.Property.Name, words)
			}
		})
		if enough() {
			break
		}
	}
	assert.True(t, enough(), "%v", met)
}

// A network that can do less never breaks what holds of one that can do more, under the
// same assumptions: its runs are some of those of the other, and whether one is fair does
// not depend on what else there might be. This is so where channels do not fill: what
// finds one full is never in transit (TestLiveness_Capacity), so copies without a limit,
// which fill a channel that keeps them apart, are left out.
func TestLiveness_LessNetwork(t *testing.T) {
	violated := 0
	for _, end := range []string{
		"a-octets=0 b-octets=0 r2=unlimited msl=1 rto=1 capacity=4",
		"a-octets=0 b-octets=0 r2=1 msl=1 rto=2 capacity=4",
		"a-octets=1 b-octets=0 r2=unlimited msl=1 rto=2 capacity=4",
		"a-octets=0 b-octets=0 r2=unlimited msl=1 rto=1 capacity=4 time-wait-ack=answered",
		"a-octets=0 b-octets=0 r2=unlimited msl=1 rto=1 capacity=4 b-fails=crash closed-answer=nothing",
	} {
		verdicts := func(duplicate, reorder string) (list []Verdict) {
			words := fmt.Sprintf("%s duplicate=%s reorder=%s", end, duplicate, reorder)
			r, err := Check(context.Background(), naive.Parse(t, words), invariants.LivenessProperties, Options{})
			require.NoError(t, err)
			require.True(t, r.Result.Complete(), words)
			for i := range r.Findings {
				list = append(list, r.Findings[i].Verdict)
			}
			return list
		}
		order := map[string][]Verdict{}
		for _, duplicate := range []string{"1", "off"} {
			for _, reorder := range []string{"unlimited", "1", "off"} {
				order[duplicate+" "+reorder] = verdicts(duplicate, reorder)
			}
		}
		for _, pair := range [][2]string{
			{"1 unlimited", "1 1"}, {"1 1", "1 off"}, {"off unlimited", "off 1"}, {"off 1", "off off"},
			{"1 unlimited", "off unlimited"}, {"1 1", "off 1"}, {"1 off", "off off"},
		} {
			for i, p := range invariants.LivenessProperties {
				if order[pair[0]][i] == Holds || order[pair[0]][i] == Vacuous {
					assert.Contains(t, []Verdict{Holds, Vacuous}, order[pair[1]][i], "%s, %s: duplicate and reorder %v", end, p.Name, pair)
				} else {
					violated++
				}
			}
		}
	}
	assert.NotZero(t, violated, "something is violated somewhere")
}

// The case: a FIN is behind an ACK, and lost there forever.
func TestLiveness_Ordered(t *testing.T) {
	tier.SkipToCI(t)
	for _, reorder := range []string{"off", "1", "unlimited"} {
		c := naive.Parse(t, "a-octets=0 b-octets=0 r2=unlimited capacity=8 duplicate=off reorder="+reorder)
		r, err := Check(context.Background(), c, invariants.LivenessProperties, Options{})
		require.NoError(t, err)
		for i := range r.Findings {
			assert.Equal(t, Holds, r.Findings[i].Verdict, "reorder %s: %s", reorder, r.Findings[i].Property.Name)
		}
	}
}
