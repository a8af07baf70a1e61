package main

import (
	"fmt"
	"io"
	"strings"

	"tcpclose/check"
	"tcpclose/model"
)

// describe is a configuration in words, and the decisions that differ from the
// default.
func describe(c model.Config) string {
	var lines []string
	for _, s := range model.Sides {
		lines = append(lines, describeApp(s, c.Apps[s]))
	}
	if opening := describeOpening(c); opening != "" {
		lines = append(lines, opening)
	}
	times := fmt.Sprintf("MSL %d ticks, TIME-WAIT %d, RTO %d", c.MSL, c.TimeWait.In(c.MSL), c.RTO)
	if c.RTOMax > c.RTO {
		times += fmt.Sprintf(" doubling up to %d", c.RTOMax)
	}
	times += fmt.Sprintf(", retransmissions (R2) %s", c.R2)
	if d := c.Delay.In(c.MSL); d < int(c.MSL) {
		times += fmt.Sprintf(", longest delay %d", d)
	}
	lines = append(lines, times)
	if further := describeTimers(c); further != "" {
		lines = append(lines, further)
	}
	loss := c.Loss.String()
	if c.Loses != model.LosesAny {
		loss += fmt.Sprintf(" (of %s alone)", c.Loses)
	}
	lines = append(lines,
		fmt.Sprintf("loss %s, duplication %s, reordering %s, room for %d segments in each direction", loss, c.Duplicate, c.Reorder, c.Capacity))
	var differ []string
	for d := range model.NumDecisions {
		if c.Choices[d] != 0 {
			differ = append(differ, fmt.Sprintf("%s=%s", d, c.Choices.Name(d)))
		}
	}
	if len(differ) == 0 {
		lines = append(lines, "decisions: the intent of the RFCs")
	} else {
		lines = append(lines, "decisions: "+strings.Join(differ, " "))
	}
	if c.Stray != (model.Stray{}) {
		lines = append(lines, fmt.Sprintf("an old segment of %s's is under way: %s", c.Stray.From, c.Stray))
	}
	if c.Fault != model.NoFault {

		lines = append(lines, fmt.Sprintf("FAULT (%s): %s", c.Faulty, c.Fault.Info().Sentence))
	}
	return "  " + strings.Join(lines, "\n  ")
}

// heading says what a report is about.
func heading(out io.Writer, preset *check.Preset, c model.Config) {
	fmt.Fprintf(out, "preset %s", preset.Name)
	if against := c.Against(preset.Config); len(against) > 0 {
		fmt.Fprintf(out, ", changed: %s", strings.Join(against, " "))
	}
	fmt.Fprintf(out, "\n%s\n\n", describe(c))
}

// plural is so many of a thing.
func plural(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

func describeApp(side model.Side, app model.App) string {
	text := side.String() + " writes nothing"
	if app.Octets > 0 {
		text = fmt.Sprintf("%s writes up to %s", side, plural(int(app.Octets), "octet"))
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
		text += ", has room for " + plural(int(app.Buffer.Size()), "octet")
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
		text += fmt.Sprintf("; %s more each, numbers of a %s, of b %s", plural(int(c.Reopen), "connection"), c.Apps[model.A].ISN, c.Apps[model.B].ISN)
		if c.Apps[model.A].ISN.ByClock() || c.Apps[model.B].ISN.ByClock() {
			text += fmt.Sprintf(" (%d a tick)", c.ISNClock)
		}
	}
	if c.Timestamps == model.TimestampsOn {
		text += "; timestamps"
	}
	return text
}

// describeTimers is the timers that are on, and how time goes on if not by ticks.
func describeTimers(c model.Config) string {
	var words []string
	if c.AckDelay != 0 {
		words = append(words, "acknowledgements delayed "+map[bool]string{true: "for ever", false: "up to " + c.AckDelay.String()}[c.AckDelay == model.Unlimited])
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
	if c.Time == model.TimeLeaps {
		words = append(words, "time leaps to the next deadline")
	}
	return strings.Join(words, ", ")
}
