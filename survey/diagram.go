package survey

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"tcpclose/invariants"
	"tcpclose/model"
)

// A Diagram is the state diagram of one endpoint as an exploration found it, of both
// sides together, against the arrows that are allowed.
type Diagram struct {
	Config     model.Config
	Incomplete []string // why not everything was explored
	States     []model.ConnState
	Initial    model.ConnState
	Opens      bool           // connections are opened; otherwise arrows before ESTABLISHED are left out
	Found      []FoundArrow   // in the order of Figure5 and FurtherArrows
	Missing    []MissingArrow // likewise
	// Others is the changes of state along none of the arrows; they violate figure-5.
	Others []JointSteps
}

// A FoundArrow is an arrow along which steps lead.
type FoundArrow struct {
	invariants.Arrow
	InFigure bool // it is one of Figure5
	Steps    [2]int
	Events   []string   // what happens, as figure 5 would write it; the most frequent first
	Sends    []string   // what is sent then, likewise; "" is nothing
	Usual    Occurrence // of the most steps with one From and To
}

// A MissingArrow is an arrow along which no step leads.
type MissingArrow struct {
	invariants.Arrow
	InFigure bool
	Reason   string
}

// Diagram returns the state diagram of the quotient's endpoints.
func (q *Quotient) Diagram() *Diagram {
	d := &Diagram{Config: q.Config, Incomplete: q.Result.Incomplete, Opens: q.Config.Start == model.StartClosed || q.Config.Reopen > 0}
	seen := map[model.ConnState]bool{}
	for _, s := range q.States {
		for _, st := range s.Joint {
			seen[st] = true
		}
		if s.Initial {
			d.Initial = s.Joint[model.A]
		}
	}
	for st := range seen {
		d.States = append(d.States, st)
	}
	slices.Sort(d.States)
	type count map[string]int
	most := map[*invariants.Arrow]int{}
	found := map[*invariants.Arrow]*FoundArrow{}
	events, sends := map[*invariants.Arrow]count{}, map[*invariants.Arrow]count{}
	for _, s := range q.Steps {
		if !s.Changes() {
			continue
		}
		a := s.Arrow()
		if a == nil {
			d.Others = append(d.Others, s)
			continue
		}
		if found[a] == nil {
			found[a] = &FoundArrow{Arrow: *a}
			events[a], sends[a] = count{}, count{}
		}
		found[a].Steps[s.Side] += s.Count
		if s.Count > most[a] {
			most[a], found[a].Usual = s.Count, s.Occurrence
		}
		events[a][s.Event()] += s.Count
		sends[a][s.Sent.String()] += s.Count
	}
	frequent := func(c count) (words []string) {
		for w := range c {
			words = append(words, w)
		}
		slices.SortFunc(words, func(x, y string) int { return cmp.Or(cmp.Compare(c[y], c[x]), cmp.Compare(x, y)) })
		return words
	}
	for i := range arrows {
		a := &arrows[i]
		inFigure := i < len(invariants.Figure5)
		f := found[a]
		switch {
		case f == nil && !d.Opens && opens(a):
			continue
		case f == nil:
			d.Missing = append(d.Missing, MissingArrow{*a, inFigure, q.missing(a, seen[a.From])})
			continue
		}
		f.InFigure, f.Events, f.Sends = inFigure, frequent(events[a]), frequent(sends[a])
		d.Found = append(d.Found, *f)
	}
	return d
}

// opens reports whether the arrow is one of opening a connection.
func opens(a *invariants.Arrow) bool {
	switch a.From {
	case model.Closed, model.Listen, model.SynSent, model.SynReceived:
		return true
	}
	return false
}

// missing returns why no step leads along a.
func (q *Quotient) missing(a *invariants.Arrow, reached bool) string {
	switch {
	case !q.Result.Complete():
		return "unknown: not everything was explored (" + strings.Join(q.Result.Incomplete, ", ") + ")"
	case !reached:
		return fmt.Sprintf("no side is ever in %v", a.From)
	}
	if why := ruledOut[a.Cause]; why != nil {
		if reason := why(a, &q.Config); reason != "" {
			return reason
		}
	}
	return "everything was explored: no run takes it"
}

// ruledOut is, by Arrow.Cause, what in a configuration keeps it from happening; ""
// if nothing is known to.
var ruledOut = map[string]func(*invariants.Arrow, *model.Config) string{
	"CLOSE": func(_ *invariants.Arrow, c *model.Config) string {
		if !anyApp(c, func(p *model.App) bool { return p.Close == model.CloseAnyTime || p.Fails == model.FailDie }) {
			return "no user closes before its peer does (a-closes, b-closes)"
		}
		return ""
	},
	"R2 is reached": func(_ *invariants.Arrow, c *model.Config) string {
		if !c.AnyEnd(func(e model.Endpoint) bool { return e.R2 != model.Unlimited }) {
			return "retransmission never stops (r2=unlimited)"
		}
		return ""
	},
	"ABORT": func(a *invariants.Arrow, c *model.Config) string {
		switch {
		case !anyApp(c, func(p *model.App) bool { return p.Fails == model.FailAbort }):
			return "no user aborts (a-fails, b-fails)"
		case a.To == model.TimeWait && !c.AnyEnd(func(e model.Endpoint) bool { return e.Choices[model.AbortState] == model.AbortTimeWait }):
			return "ABORT leads to CLOSED (abort-state)"
		}
		return ""
	},
	"closed for good with text unread":   forGood,
	"text arrives that nobody will read": forGood,
	"user timeout": func(_ *invariants.Arrow, c *model.Config) string {
		return off("user-timeout", max(c.Ends[model.A].UserTimeout, c.Ends[model.B].UserTimeout))
	},
	"keep-alive probes are not answered": func(_ *invariants.Arrow, c *model.Config) string {
		return off("keepalive", max(c.Ends[model.A].KeepAlive, c.Ends[model.B].KeepAlive))
	},
	"FIN-WAIT-2 timeout": func(_ *invariants.Arrow, c *model.Config) string {
		return off("fin-wait-2", max(c.Ends[model.A].FinWait2, c.Ends[model.B].FinWait2))
	},
	"the host crashes": func(_ *invariants.Arrow, c *model.Config) string {
		if !anyApp(c, func(p *model.App) bool { return p.Fails == model.FailCrash }) {
			return "no host crashes (a-fails, b-fails)"
		}
		return ""
	},
}

func forGood(_ *invariants.Arrow, c *model.Config) string {
	if !anyApp(c, func(p *model.App) bool { return p.Parting != model.Half || p.Fails == model.FailDie }) {
		return "no user closes fully, none dies (close-is, fails)"
	}
	return ""
}

// off returns the reason if a timer is.
func off(name string, ticks uint16) string {
	if ticks > 0 {
		return ""
	}
	return "there is no such timer (" + name + "=off)"
}

func anyApp(c *model.Config, is func(*model.App) bool) bool {
	return is(&c.Apps[model.A]) || is(&c.Apps[model.B])
}
