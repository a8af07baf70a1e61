// Package stackreport writes what the bench has seen of a stack: for a terminal, as a
// page of the documentation, as JSON, and as files.
package stackreport

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"tcpclose/claims"
	"tcpclose/cmd/tcpclose/internal/screen"
	"tcpclose/model"
	"tcpclose/stacks/adapter"
	"tcpclose/stacks/drive"
)

// A Writer writes reports.
type Writer struct {
	Out  io.Writer
	Lang claims.Language
	// Again is the command that plays a schedule again, without the schedule.
	Again string
	// Verbose: each deviation has its ladder. Otherwise the first ones have.
	Verbose bool
}

// Unless Verbose so many deviations are shown whole, and so many names are listed.
const (
	ladders = 5
	most    = 4
)

func (w *Writer) say(en, zh string) string { return claims.Text{EN: en, ZH: zh}.In(w.Lang) }

func (w *Writer) put(indent int, format string, args ...any) {
	fmt.Fprint(w.Out, screen.Indent(fmt.Sprintf(format, args...), indent, 2))
}

// Text writes the report for a terminal.
func (w *Writer) Text(r *drive.Report) error {
	w.put(0, "%s %s", r.Caps.Name, r.Caps.Version)
	if r.Caps.Note != "" {
		w.put(2, w.say("The adapter says: %s.", "适配器说明：%s。"), w.Lang.Foreign(r.Caps.Note))
	}
	w.timers(r)
	w.matrix(r)
	w.coverage(r)
	for i, g := range drive.Groups(r.Deviations) {
		fmt.Fprintln(w.Out)
		if err := w.Group(i+1, g, w.Verbose || i < ladders); err != nil {
			return err
		}
	}
	w.profile(r)
	w.last(r)
	return nil
}

var seriesNames = []string{"SYN", "SYN,ACK", "text", "FIN"}

// timers writes what was measured.
func (w *Writer) timers(r *drive.Report) {
	t := r.Timing
	fmt.Fprintf(w.Out, "\n%s\n", w.say("Timers, as measured:", "实测的定时器："))
	table := screen.Table{Indent: 2}
	for i, s := range t.Series {
		table.Row(screen.Plain(fmt.Sprintf(w.say("%s is sent again after", "%s 重传于"), w.Lang.Say(seriesNames[i])), w.series(s, t.Waited))...)
	}
	table.Row(screen.Plain(w.say("zero window is probed after", "零窗口探测于"), w.series(t.Probes, t.Waited))...)
	table.Row(screen.Plain(w.say("acknowledgement of text waits", "数据的确认延迟"), seconds(t.AckDelay))...)
	table.Row(screen.Plain("TIME-WAIT", w.lasts(t.TimeWait, t.Waited))...)
	table.Row(screen.Plain(w.say("FIN-WAIT-2, half-closed", "FIN-WAIT-2（半关闭）"), w.lasts(t.HalfFinWait2, t.Waited))...)
	table.Row(screen.Plain(w.say("FIN-WAIT-2, fully closed", "FIN-WAIT-2（完全关闭）"), w.lasts(t.FinWait2, t.Waited))...)
	table.Write(w.Out)
}

// series returns when something was sent again.
func (w *Writer) series(s drive.Series, waited time.Duration) string {
	if len(s.Again) == 0 {
		return fmt.Sprintf(w.say("never, in %s", "%s 内从未"), seconds(waited))
	}
	var times []string
	for i, at := range s.Again {
		if i == 7 {
			times = append(times, "...")
			break
		}
		times = append(times, seconds(at))
	}
	text := strings.Join(times, " ")
	if s.Ends > 0 {
		text += fmt.Sprintf(w.say("; gone after %s", "；%s 后连接消失"), seconds(s.Ends))
	}
	return text
}

func (w *Writer) lasts(d, waited time.Duration) string {
	if d == 0 {
		return fmt.Sprintf(w.say("longer than %s", "超过 %s"), seconds(waited))
	}
	return seconds(d)
}

// seconds returns a time as reports show it.
func seconds(d time.Duration) string {
	return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.2f", d.Round(10*time.Millisecond).Seconds()), "0"), ".") + " s"
}

// columnsInChinese replaces names of columns by others of the same width.
var columnsInChinese = strings.NewReplacer("none", "  无", "call", "调用", "time", "时间")

// matrix writes the table of states and events.
func (w *Writer) matrix(r *drive.Report) {
	fmt.Fprintf(w.Out, "\n%s\n", w.say("State x event, the worst of all kinds of such an event:", "状态 × 事件（取该类事件中最坏的结果）："))
	for i, line := range r.Campaign.Matrix() {
		if i == 0 && w.Lang != claims.English {
			line = columnsInChinese.Replace(line)
		}
		fmt.Fprintln(w.Out, "  "+line)
	}
	w.put(2, "%s", w.say(". conforms   d conforms, and shows a decision   X deviates   - not reached", ". 符合   d 符合，并体现一项决策   X 偏离   - 未到达"))
}

// coverage writes what was played.
func (w *Writer) coverage(r *drive.Report) {
	c := r.Campaign
	played, all := c.Covered()
	filled := 0
	for _, cell := range c.FreeBSD() {
		if cell.Kinds > 0 {
			filled++
		}
	}
	fmt.Fprintln(w.Out)
	w.put(0, w.say("%d schedules, %d events, in %s; %d of %d pairs of a state and a kind of event; %d of the 88 cells of FreeBSD's suite.",
		"%d 个调度，%d 个事件，用时 %s；覆盖 %d/%d 个（状态，事件种类）对；FreeBSD 测试套件 88 格中的 %d 格。"),
		c.Schedules, c.Events, seconds(r.Took), played, all, filled)
	for _, text := range c.Unreached(r.Routes) {
		w.put(2, w.say("Not reached: %s.", "未到达：%s。"), w.Lang.Foreign(text))
	}
	counts := func(what string, m map[string]int) {
		total := 0
		for _, n := range m {
			total += n
		}
		if total == 0 {
			return
		}
		w.put(2, w.say("%s: %d", "%s：%d"), what, total)
		for _, text := range largest(m) {
			w.put(4, w.say("%d: %s", "%d：%s"), m[text], w.Lang.Foreign(text))
		}
	}
	counts(w.say("Schedules that the adapter could not play to their end", "适配器未能执行完的调度"), c.Refused)
	counts(w.say("Runs that could not be observed to their end", "未能观察到结尾的执行路径"), c.Lost)
	counts(w.say("Seen once and not again, and not counted", "只出现一次、未计入"), c.Unsure)
}

// largest returns the three texts that have the largest counts.
func largest(m map[string]int) (list []string) {
	for text := range m {
		list = append(list, text)
	}
	slices.SortFunc(list, func(x, y string) int {
		if m[x] != m[y] {
			return m[y] - m[x]
		}
		return strings.Compare(x, y)
	})
	return list[:min(3, len(list))]
}

// Group writes a group of deviations, whole or in short: the one with the shortest
// run, and the names of the others.
func (w *Writer) Group(n int, g drive.Group, whole bool) error {
	d := g[0]
	mark := d.Strength.String()
	if d.Waived != "" {
		mark += w.say(", waived", "，已豁免")
	}
	w.put(0, "%d. %s: %s", n, mark, d.Rule)
	w.put(3, "%s: %s.", d.Clause, d.Says)
	w.put(3, w.say("Observed: %s", "观察到：%s"), d.Seen)
	w.put(3, w.say("Expected: %s", "期望：%s"), expected(d))
	if d.Cause != "" {
		w.put(3, w.say("What would explain it: %s", "可由此解释：%s"), d.Cause)
	}
	if len(d.Given) > 0 {
		w.put(3, w.say("Other runs show: %s", "其他执行路径表明：%s"), strings.Join(d.Given, " "))
	}
	if d.Waived != "" {
		w.put(3, w.say("Waived: %s", "豁免理由：%s"), d.Waived)
	}
	if whole {
		fmt.Fprintln(w.Out)
		if err := Ladder(w.Out, d); err != nil {
			return err
		}
	}
	w.put(3, w.say("Seen %d times; the shortest has %d events.", "出现 %d 次；最短的有 %d 个事件。"), g.Found(), d.Length())
	if others := g.Others(); len(others) > 0 {
		if n := len(others); n > most && !w.Verbose {
			others = append(others[:most:most], fmt.Sprintf(w.say("%d more (-v lists them)", "另有 %d 项（-v 列出）"), n-most))
		}
		w.put(3, w.say("Likewise: %s", "同类：%s"), strings.Join(others, "; "))
	}
	if w.Again != "" && whole {
		fmt.Fprintf(w.Out, "   %s\n", rerun(w.Again, d))
	}
	return nil
}

// rerun returns the command that shows a deviation again.
func rerun(command string, d *drive.Deviation) string {
	if len(d.Given) > 0 {
		command += fmt.Sprintf(" -given '%s'", strings.Join(d.Given, " "))
	}
	return fmt.Sprintf("%s -run '%s'", command, d.Events)
}

// expected returns what could have been seen.
func expected(d *drive.Deviation) string {
	if len(d.Expected) == 0 {
		return "nothing"
	}
	list := d.Expected[:min(4, len(d.Expected))]
	text := strings.Join(list, " | ")
	if n := len(d.Expected) - len(list); n > 0 {
		text += fmt.Sprintf(" | %d more", n)
	}
	return text
}

// Ladder draws the run that shows a deviation, and below it what was expected beside
// what was observed.
func Ladder(out io.Writer, d *drive.Deviation) error {
	var b strings.Builder
	if d.ThereEvents != nil {
		b.WriteString("there:\n")
		if err := adapter.Ladder(&b, d.ThereEvents, d.ThereResults, adapter.Style{Stack: "stack", Low: 1000}); err != nil {
			return err
		}
		b.WriteString("here:\n")
	}
	if err := adapter.Ladder(&b, d.Events, d.Results, adapter.Style{Stack: "stack", Low: 1000}); err != nil {
		return err
	}
	b.WriteString(strings.Repeat(" ", 16) + "|\n")
	for i := 0; i < max(1, min(3, len(d.Expected))); i++ {
		left, right := "", "nothing"
		if i == 0 {
			left = d.Seen
		}
		if i < len(d.Expected) {
			right = d.Expected[i]
		}
		for j, line := range beside(left, right) {
			head := ""
			if i == 0 && j == 0 {
				head = "observed, expected"
			}
			fmt.Fprintln(&b, strings.TrimRight(fmt.Sprintf("%-19s%s", head, line), " "))
		}
	}
	_, err := io.WriteString(out, b.String())
	return err
}

// half is the width of either column below a ladder.
const half = 28

// beside returns two texts in columns.
func beside(left, right string) (lines []string) {
	l, r := screen.Fold(left, half), screen.Fold(right, half)
	for i := range max(len(l), len(r)) {
		var a, b string
		if i < len(l) {
			a = l[i]
		}
		if i < len(r) {
			b = r[i]
		}
		lines = append(lines, screen.Pad(a, half)+"  "+b)
	}
	return lines
}

// profile writes the decisions that were learned.
func (w *Writer) profile(r *drive.Report) {
	fmt.Fprintf(w.Out, "\n%s\n", w.say("Decisions, as far as the runs tell them:", "由执行路径得知的决策："))
	var known, open []string
	for d := range model.NumDecisions {
		if c, ok := r.Profile.Options.Choice(d); ok {
			known = append(known, d.String()+"="+d.Info().Alternatives[c].Name)
		} else {
			open = append(open, d.String())
		}
	}
	w.put(2, "%s", strings.Join(known, " "))
	w.put(2, w.say("Open: %s", "未定：%s"), strings.Join(open, " "))
}

// last writes the line that says how it went.
func (w *Writer) last(r *drive.Report) {
	counts := map[drive.Strength]int{}
	waived := 0
	for _, d := range r.Deviations {
		if d.Waived != "" {
			waived++
			continue
		}
		counts[d.Strength]++
	}
	fmt.Fprintln(w.Out)
	for _, idle := range r.Idle {
		w.put(0, w.say("The waiver of %s accepts nothing: take it out.", "对 %s 的豁免没有用到，请删除。"), idle.Rule)
	}
	if r.Stopped {
		w.put(0, "%s", w.say("Stopped before all was played.", "提前停止，未全部执行。"))
	}
	w.put(0, w.say("Deviations: %d of a MUST, %d of section 3.10, %d of a SHOULD, %d of a MAY; %d waived.",
		"偏离：MUST %d 处，3.10 节规则 %d 处，SHOULD %d 处，MAY %d 处；已豁免 %d 处。"),
		counts[drive.Must], counts[drive.Rule], counts[drive.Should], counts[drive.May], waived)
}

// Unfilled returns the cells of FreeBSD's suite that nothing was played in.
func Unfilled(r *drive.Report) (names []string) {
	for _, cell := range r.Campaign.FreeBSD() {
		if cell.Kinds == 0 {
			names = append(names, cell.Name)
		}
	}
	return names
}
