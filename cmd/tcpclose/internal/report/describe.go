package report

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"tcpclose/cmd/tcpclose/internal/base"
	"tcpclose/cmd/tcpclose/internal/screen"
	"tcpclose/internal/lang"
	"tcpclose/invariants"
	"tcpclose/model"
	"tcpclose/trace"
)

// Describe returns a configuration in words, in lines, and the decisions that differ
// from the default.
func Describe(l lang.Language, c model.Config) (lines []string) {
	d := describer{l, c}
	for _, s := range model.Sides {
		lines = append(lines, d.app(s, c.Apps[s]))
	}
	if opening := d.opening(); opening != "" {
		lines = append(lines, opening)
	}
	lines = append(lines, d.times()...)
	loss := l.Say(c.Loss.String())
	if c.Loses != model.LosesAny {
		loss = l.Say("%s (of %s alone)", loss, c.Loses)
	}
	lines = append(lines, l.Say("loss %s, duplication %s, reordering %s, room for %d segments in each direction",
		loss, l.Say(c.Duplicate.String()), l.Say(c.Reorder.String()), c.Capacity))
	var differ []string
	for _, f := range otherwiseDecided(c) {
		differ = append(differ, f.Name+"="+f.Get(c))
	}
	if len(differ) == 0 {
		lines = append(lines, l.Say("decisions: the intent of the RFCs"))
	} else {
		lines = append(lines, l.Say("decisions: %s", strings.Join(differ, " ")))
	}
	if c.Stray != (model.Stray{}) {
		lines = append(lines, l.Say("an old segment of %s's is in transit: %s", c.Stray.From, c.Stray))
	}
	if line := uncounted(l, c); line != "" {
		lines = append(lines, line)
	}
	if c.Fault != model.NoFault {
		lines = append(lines, faultText(l, c))
	}
	return lines
}

// uncounted says which timers of the box do not run out in a configuration, as they are too
// long; "" if all do.
func uncounted(l lang.Language, c model.Config) string {
	w := c.Watcher()
	if w == nil || len(w.NotCounted) == 0 {
		return ""
	}
	var names []string
	for _, t := range w.NotCounted {
		names = append(names, l.Say("%s (%d s)", t.Name, t.Seconds))
	}
	return l.Say("too long to be counted, so that they do not run out: the box's timers %s ('tcpclose help box-counted')", strings.Join(names, l.Comma()))
}

// A describer describes a configuration in a language.
type describer struct {
	l lang.Language
	c model.Config
}

// Heading says what a report is about, in lines: what it starts from, and what was
// changed; and all of the configuration if it is to be said.
func Heading(l lang.Language, b *base.Base, c model.Config, all bool) []string {
	text := screen.Indent(l.Say("%s: %s", b.TitleIn(l), b.Says(l)), 0, 2)
	if against := c.Against(b.Config); len(against) > 0 {
		text += screen.Indent(l.Say("changed: %s", strings.Join(against, " ")), 2, 2)
	}
	if line := uncounted(l, c); line != "" && !all {
		text += screen.Indent(line, 2, 2)
	}
	if all {
		for _, line := range Describe(l, c) {
			text += screen.Indent(line, 2, 2)
		}
	} else if c.Fault != model.NoFault {
		text += screen.Indent(faultText(l, c), 2, 2)
	}
	return append(strings.Split(strings.TrimSuffix(text, "\n"), "\n"), "")
}

// faultText says which fault there is.
func faultText(l lang.Language, c model.Config) string {
	return l.Say("FAULT (%s): %s", l.Say(c.Faulty.String()), l.Say(c.Fault.Info().Sentence))
}

// closings is how and when an application closes.
var closings = map[model.Parting]map[model.CloseWhen]string{
	model.Half: {
		model.CloseAnyTime: "closes at any time", model.CloseAfterPeer: "closes after its peer", model.CloseNever: "never closes",
	},
	model.ForGood: {
		model.CloseAnyTime: "closes in full at any time", model.CloseAfterPeer: "closes in full after its peer", model.CloseNever: "never closes",
	},
	model.HalfThenGood: {
		model.CloseAnyTime: "closes its sending at any time, later all", model.CloseAfterPeer: "closes its sending after its peer, later all", model.CloseNever: "never closes",
	},
}

// app returns what an application does.
func (d describer) app(side model.Side, app model.App) string {
	text := d.l.Say("%s writes nothing", side)
	if app.Octets > 0 {
		text = d.l.Say("%s writes up to %s", side, d.l.Count(int(app.Octets), "octet"))
	}
	text = d.l.Say("%s and %s", text, d.l.Say(closings[app.Parting][app.Close]))
	if app.Reads != model.ReadAtOnce {
		text += d.l.Say("; ") + d.l.Say("it reads "+app.Reads.String())
	}
	if app.Buffer != model.Wide {
		text += d.l.Say("; ") + d.l.Say("it has room for %s", d.l.Count(int(app.Buffer.Size()), "octet"))
	}
	if fails := map[model.Failing]string{
		model.FailAbort: "it may abort", model.FailDie: "its process may die", model.FailCrash: "its host may crash",
	}[app.Fails]; fails != "" {
		text += d.l.Say("; ") + d.l.Say(fails)
	}
	return text
}

// opening is who opens connections, and how often; empty if nobody does.
func (d describer) opening() string {
	c, l := d.c, d.l
	if c.Start == model.StartEstablished && c.Reopen == 0 {
		return ""
	}
	text := l.Say("a opens %s, b %s", l.Say(c.Apps[model.A].Opens.String()), l.Say(c.Apps[model.B].Opens.String()))
	if c.Start == model.StartEstablished {
		text = l.Say("%s, after the first connection", text)
	}
	if c.Reopen > 0 {
		a, b := c.Ends[model.A], c.Ends[model.B]
		text += l.Say("; ") + l.Say("%s more each, numbers of a %s, of b %s", l.Count(int(c.Reopen), "connection"), l.Say(a.ISN.String()), l.Say(b.ISN.String()))
		switch {
		case !a.ISN.ByClock() && !b.ISN.ByClock():
		case a.ISNClock == b.ISNClock:
			text += l.Say(" (%d a tick)", a.ISNClock)
		default:
			text += l.Say(" (%d and %d a tick)", a.ISNClock, b.ISNClock)
		}
	}
	if c.TimestampsOf(model.A) == model.TimestampsOn {
		text += l.Say("; ") + l.Say("timestamps")
	}
	return text
}

// otherwiseDecided returns the decisions of c that are not as by default: of each end
// where they differ.
func otherwiseDecided(c model.Config) (list []model.Field) {
	for _, f := range c.Fields() {
		if f.Group == model.Decisions && f.Get(c) != f.Get(model.Default()) {
			list = append(list, f)
		}
	}
	return list
}

// times returns the MSL and the timers: of each end, where they differ.
func (d describer) times() (lines []string) {
	c, l := d.c, d.l
	comma := l.Comma()
	msl, delay := l.Say("MSL %s", l.Count(int(c.MSL), "tick")), ""
	if longest := c.Delay.In(c.MSL); longest < int(c.MSL) {
		delay = comma + l.Say("longest delay %d", longest)
	}
	var leaps []string
	switch c.Time {
	case model.TimeLeaps:
		leaps = []string{l.Say("time leaps to the next deadline")}
	case model.TimeStrides:
		leaps = []string{l.Say("time leaps to the next deadline, and strides over silence")}
	}
	waits := [2]string{d.waits(model.A), d.waits(model.B)}
	timers := [2][]string{d.timers(model.A), d.timers(model.B)}
	if waits[model.A] == waits[model.B] && slices.Equal(timers[model.A], timers[model.B]) {
		lines = append(lines, msl+comma+waits[model.A]+delay)
		if further := slices.Concat(timers[model.A], leaps); len(further) > 0 {
			lines = append(lines, strings.Join(further, comma))
		}
		return lines
	}
	lines = append(lines, msl+delay)
	for _, side := range model.Sides {
		lines = append(lines, l.Say("%s: %s", side, strings.Join(slices.Concat([]string{waits[side]}, timers[side]), comma)))
	}
	return append(lines, leaps...)
}

// waits returns side's TIME-WAIT and retransmission.
func (d describer) waits(side model.Side) string {
	end, l := d.c.Ends[side], d.l
	text := fmt.Sprintf("TIME-WAIT %d, RTO %d", d.c.TimeWaitOf(side), end.RTO)
	if l == lang.Chinese {
		text = strings.ReplaceAll(text, ", ", l.Comma())
	}
	if end.MSL > 0 {
		text = l.Say("for an MSL of %d %s", end.MSL, text)
	}
	if end.RTOMax > end.RTO {
		text += l.Say(" doubling up to %d", end.RTOMax)
	}
	return text + l.Comma() + l.Say("retransmissions (R2) %s", l.Say(end.R2.String()))
}

// timers returns the other timers of side that are on.
func (d describer) timers(side model.Side) (words []string) {
	c, l := d.c.Ends[side], d.l
	switch c.AckDelay {
	case 0:
	case model.Unlimited:
		words = append(words, l.Say("acknowledgements delayed forever"))
	default:
		words = append(words, l.Say("acknowledgements delayed up to %s", c.AckDelay))
	}
	for _, t := range []struct {
		name  string
		ticks uint16
	}{{"user timeout", c.UserTimeout}, {"given up", c.GiveUp}, {"orphans given up", c.OrphanGiveUp}, {"FIN-WAIT-2 whole", c.FinWait2First}, {"FIN-WAIT-2", c.FinWait2}} {
		if t.ticks > 0 {
			words = append(words, fmt.Sprintf("%s %d", l.Say(t.name), t.ticks))
		}
	}
	if c.KeepAlive > 0 {
		words = append(words, l.Say("keep-alive %d, %d probes", c.KeepAlive, c.Probes))
	}
	return words
}

// Seconds returns a time in seconds, without zeros at the end.
func Seconds(l lang.Language, d time.Duration) string { return l.Say("%s s", trace.Decimal(d)) }

// AssumptionNames is the names of assumptions.
func AssumptionNames(list []*invariants.Assumption) (names []string) {
	for _, a := range list {
		names = append(names, a.Name)
	}
	return names
}
