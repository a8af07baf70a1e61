package report

import (
	"fmt"
	"slices"
	"strings"

	"tcpclose/cmd/tcpclose/internal/base"
	"tcpclose/cmd/tcpclose/internal/screen"
	"tcpclose/internal/lang"
	"tcpclose/invariants"
	"tcpclose/model"
)

// Describe is a configuration in words, and the decisions that differ from the
// default.
func Describe(c model.Config) string {
	var lines []string
	for _, s := range model.Sides {
		lines = append(lines, describeApp(s, c.Apps[s]))
	}
	if opening := describeOpening(c); opening != "" {
		lines = append(lines, opening)
	}
	lines = append(lines, describeTimes(c)...)
	loss := c.Loss.String()
	if c.Loses != model.LosesAny {
		loss += fmt.Sprintf(" (of %s alone)", c.Loses)
	}
	lines = append(lines,
		fmt.Sprintf("loss %s, duplication %s, reordering %s, room for %d segments in each direction", loss, c.Duplicate, c.Reorder, c.Capacity))
	var differ []string
	for _, f := range otherwiseDecided(c) {
		differ = append(differ, f.Name+"="+f.Get(c))
	}
	if len(differ) == 0 {
		lines = append(lines, "decisions: the intent of the RFCs")
	} else {
		lines = append(lines, "decisions: "+strings.Join(differ, " "))
	}
	if c.Stray != (model.Stray{}) {
		lines = append(lines, fmt.Sprintf("an old segment of %s's is in transit: %s", c.Stray.From, c.Stray))
	}
	if c.Fault != model.NoFault {
		lines = append(lines, faultText(c))
	}
	return "  " + strings.Join(lines, "\n  ")
}

// Heading says what a report is about, in lines: what it starts from, and what was
// changed; and all of the configuration if it is to be said.
func Heading(l lang.Language, b *base.Base, c model.Config, all bool) []string {
	text := screen.Indent(l.Say("%s: %s", title(l, b), l.Say(b.Sentence)), 0, 2)
	if against := c.Against(b.Config); len(against) > 0 {
		text += screen.Indent(l.Say("changed: %s", strings.Join(against, " ")), 2, 2)
	}
	if all {
		for line := range strings.Lines(Describe(c)) {
			text += screen.Indent(strings.TrimSpace(line), 2, 2)
		}
	} else if c.Fault != model.NoFault {
		text += screen.Indent(l.Say("FAULT (%s): %s", l.Say(c.Faulty.String()), l.Say(c.Fault.Info().Sentence)), 2, 2)
	}
	return append(strings.Split(strings.TrimSuffix(text, "\n"), "\n"), "")
}

// title returns a base's title in a language.
func title(l lang.Language, b *base.Base) string {
	kind, name, _ := strings.Cut(b.Title(), " ")
	return l.Say(kind+" %s", name)
}

// faultText says which fault there is.
func faultText(c model.Config) string {
	return fmt.Sprintf("FAULT (%s): %s", c.Faulty, c.Fault.Info().Sentence)
}

// Plural returns a number of things: "3 events".
func Plural(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

func describeApp(side model.Side, app model.App) string {
	text := side.String() + " writes nothing"
	if app.Octets > 0 {
		text = fmt.Sprintf("%s writes up to %s", side, Plural(int(app.Octets), "octet"))
	}
	text += " and " + map[model.Parting]string{
		model.Half: "closes", model.ForGood: "closes for good", model.HalfThenGood: "closes its sending, later all,",
	}[app.Parting]
	text += " " + map[model.CloseWhen]string{
		model.CloseAnyTime: "at any time", model.CloseAfterPeer: "after its peer", model.CloseNever: "never",
	}[app.Close]
	if app.Reads != model.ReadAtOnce {
		text += "; it reads " + app.Reads.String()
	}
	if app.Buffer != model.Wide {
		text += ", has room for " + Plural(int(app.Buffer.Size()), "octet")
	}
	return text + map[model.Failing]string{
		model.FailAbort: "; it may abort", model.FailDie: "; its process may die", model.FailCrash: "; its host may crash",
	}[app.Fails]
}

// describeOpening is who opens connections, and how often; empty if nobody does.
func describeOpening(c model.Config) string {
	if c.Start == model.StartEstablished && c.Reopen == 0 {
		return ""
	}
	text := fmt.Sprintf("a opens %s, b %s", c.Apps[model.A].Opens, c.Apps[model.B].Opens)
	if c.Start == model.StartEstablished {
		text += ", after the first connection"
	}
	if c.Reopen > 0 {
		a, b := c.Ends[model.A], c.Ends[model.B]
		text += fmt.Sprintf("; %s more each, numbers of a %s, of b %s", Plural(int(c.Reopen), "connection"), a.ISN, b.ISN)
		switch {
		case !a.ISN.ByClock() && !b.ISN.ByClock():
		case a.ISNClock == b.ISNClock:
			text += fmt.Sprintf(" (%d a tick)", a.ISNClock)
		default:
			text += fmt.Sprintf(" (%d and %d a tick)", a.ISNClock, b.ISNClock)
		}
	}
	if c.TimestampsOf(model.A) == model.TimestampsOn {
		text += "; timestamps"
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

// describeTimes returns the MSL and the timers: of each end, where they differ.
func describeTimes(c model.Config) (lines []string) {
	msl, delay := "MSL "+Plural(int(c.MSL), "tick"), ""
	if d := c.Delay.In(c.MSL); d < int(c.MSL) {
		delay = fmt.Sprintf(", longest delay %d", d)
	}
	var leaps []string
	if c.Time == model.TimeLeaps {
		leaps = []string{"time leaps to the next deadline"}
	}
	waits := [2]string{describeWaits(c, model.A), describeWaits(c, model.B)}
	timers := [2][]string{describeTimers(c, model.A), describeTimers(c, model.B)}
	if waits[model.A] == waits[model.B] && slices.Equal(timers[model.A], timers[model.B]) {
		lines = append(lines, msl+", "+waits[model.A]+delay)
		if further := slices.Concat(timers[model.A], leaps); len(further) > 0 {
			lines = append(lines, strings.Join(further, ", "))
		}
		return lines
	}
	lines = append(lines, msl+delay)
	for _, side := range model.Sides {
		lines = append(lines, side.String()+": "+strings.Join(slices.Concat([]string{waits[side]}, timers[side]), ", "))
	}
	return append(lines, leaps...)
}

// describeWaits returns side's TIME-WAIT and retransmission.
func describeWaits(c model.Config, side model.Side) string {
	end := c.Ends[side]
	text := fmt.Sprintf("TIME-WAIT %d, RTO %d", c.TimeWaitOf(side), end.RTO)
	if end.MSL > 0 {
		text = fmt.Sprintf("for an MSL of %d ", end.MSL) + text
	}
	if end.RTOMax > end.RTO {
		text += fmt.Sprintf(" doubling up to %d", end.RTOMax)
	}
	return text + fmt.Sprintf(", retransmissions (R2) %s", end.R2)
}

// describeTimers returns the other timers of side that are on.
func describeTimers(config model.Config, side model.Side) (words []string) {
	c := config.Ends[side]
	if c.AckDelay != 0 {
		words = append(words, "acknowledgements delayed "+map[bool]string{true: "forever", false: "up to " + c.AckDelay.String()}[c.AckDelay == model.Unlimited])
	}
	for _, t := range []struct {
		name  string
		ticks uint16
	}{{"user timeout", c.UserTimeout}, {"given up", c.GiveUp}, {"orphans given up", c.OrphanGiveUp}, {"FIN-WAIT-2 whole", c.FinWait2First}, {"FIN-WAIT-2", c.FinWait2}} {
		if t.ticks > 0 {
			words = append(words, fmt.Sprintf("%s %d", t.name, t.ticks))
		}
	}
	if c.KeepAlive > 0 {
		words = append(words, fmt.Sprintf("keep-alive %d, %d probes", c.KeepAlive, c.Probes))
	}
	return words
}

// AssumptionNames is the names of assumptions.
func AssumptionNames(list []*invariants.Assumption) (names []string) {
	for _, a := range list {
		names = append(names, a.Name)
	}
	return names
}
