package stackreport

import (
	"fmt"
	"strings"

	"tcpclose/cmd/tcpclose/internal/screen"
	"tcpclose/stacks/adapter"
	"tcpclose/stacks/drive"
)

// Run writes a run that was played alone, with its deviations: as text, or in
// another form.
func (w *Writer) Run(list []*drive.Deviation, form string) error {
	if form == "packetdrill" {
		return drill(w.Out, list[0])
	}
	if form == "json" {
		var all []jsonDeviation
		for _, d := range list {
			all = append(all, encoded(d))
		}
		return write(w.Out, all)
	}
	first := list[0]
	if err := adapter.Ladder(w.Out, first.Events, first.Results, adapter.Style{Stack: "stack", Low: 1000}); err != nil {
		return err
	}
	fmt.Fprintln(w.Out)
	if first.Rule == "" {
		w.put(0, "%s", w.say("No deviation.", "没有偏离。"))
		return nil
	}
	for i, d := range list {
		w.put(0, w.say("%d. %s: %s, at event %d", "%d. %s：%s，在第 %d 个事件"), i+1, d.Strength, d.Rule, d.At+1)
		w.put(3, "%s: %s.", d.Clause, d.Says)
		w.put(3, w.say("Observed: %s", "观察到：%s"), d.Seen)
		w.put(3, w.say("Expected: %s", "期望：%s"), expected(d))
		if d.Cause != "" {
			w.put(3, w.say("What would explain it: %s", "可由此解释：%s"), d.Cause)
		}
	}
	return nil
}

// Page writes the report as a page of the documentation.
func (w *Writer) Page(r *drive.Report) error {
	w.paragraph("# %s", r.Caps.Name)
	w.paragraph("Version `%s`. `tcpclose stack %s -waivers stacks/%s/waivers.txt -format markdown` wrote this page; [stacks.md](../stacks.md) explains it.", r.Caps.Version, r.Caps.Name, r.Caps.Name)
	if r.Caps.Note != "" {
		w.paragraph("The adapter says: %s.", r.Caps.Note)
	}
	if r.Stopped {
		w.paragraph("Stopped before all was played.")
	}
	w.block(func() error { w.timers(r); w.matrix(r); w.coverage(r); return nil })
	w.paragraph("## Cells of FreeBSD's suite")
	w.paragraph("Each name is that of a directory of `state-event-engine` in `freebsd-net/tcp-testsuite`; the number counts the kinds of such segments that were played there.")
	w.block(func() error {
		t := screen.Table{}
		for _, cell := range r.Campaign.FreeBSD() {
			t.Row(screen.Plain(cell.Name, fmt.Sprint(cell.Kinds), string(cell.Mark))...)
		}
		t.Write(w.Out)
		return nil
	})
	w.paragraph("## Deviations")
	if len(r.Deviations) == 0 {
		w.paragraph("None.")
	}
	for i, g := range drive.Groups(r.Deviations) {
		d := g[0]
		w.paragraph("### %d. %s: %s", i+1, d.Strength, d.Rule)
		w.paragraph("%s: %s. Seen %d times; the shortest run has %d events.", d.Clause, d.Says, g.Found(), d.Length())
		if others := g.Others(); len(others) > 0 {
			w.paragraph("Likewise: %s.", strings.Join(others, "; "))
		}
		if d.Waived != "" {
			w.paragraph("Verdict: %s.", d.Waived)
		}
		if d.Cause != "" {
			w.paragraph("What would explain it: %s.", d.Cause)
		}
		if len(d.Given) > 0 {
			w.paragraph("Other runs show: %s.", strings.Join(d.Given, " "))
		}
		w.block(func() error { return Ladder(w.Out, d) })
		w.block(func() error {
			fmt.Fprintln(w.Out, rerun("tcpclose stack "+r.Caps.Name, d))
			return nil
		})
	}
	w.paragraph("## Profile")
	w.block(func() error { return r.WriteProfile(w.Out) })
	return nil
}

// pageWidth is the width of the documentation.
const pageWidth = 100

func (w *Writer) paragraph(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if strings.HasPrefix(text, "#") {
		fmt.Fprintf(w.Out, "%s\n\n", text)
		return
	}
	for _, line := range screen.Fold(text, pageWidth) {
		fmt.Fprintln(w.Out, line)
	}
	fmt.Fprintln(w.Out)
}

func (w *Writer) block(write func() error) {
	fmt.Fprintln(w.Out, "```text")
	if err := write(); err != nil {
		fmt.Fprintln(w.Out, err)
	}
	fmt.Fprint(w.Out, "```\n\n")
}
