package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"tcpclose/claims"
	"tcpclose/cmd/tcpclose/internal/cli"
	"tcpclose/cmd/tcpclose/internal/report"
	"tcpclose/cmd/tcpclose/internal/screen"
	"tcpclose/cmd/tcpclose/internal/target"
	"tcpclose/interop"
	"tcpclose/model"
	"tcpclose/profile"
	"tcpclose/trace"
)

const interopText = `Says what can go wrong between two different stacks that does not go wrong
between two equal ones. In each situation, in both roles, on a network that
loses one segment or reorders one delivery, it compares the pair A and B with A
twice and with B twice. Where something can go wrong for the pair, but not for
both of the others, it shows a run, and which end takes the first step that
departs from the RFC.

    tcpclose interop linux rfc
    tcpclose interop rfc here.profile -situations orphan,next

'tcpclose profile' shows and writes profiles; docs/interop.md has more.

Exit status: 0 when nothing goes wrong for the pair alone; 1 when something
does; 2 for a wrong command line; 3 when not everything was explored.
`

var interopCommand = &cli.Command{
	Name: "interop", Args: "A B [FLAGS]", Kind: kindAsk,
	Summary: "what can go wrong between two stacks that differ",
	Text:    interopText, Words: profile.Names,
	Set: func() *cli.Set { return new(interopFlags).set() },
	Run: runInterop,
}

// interopFlags contains the flags of interop, as given.
type interopFlags struct {
	target.Limits
	situations []string
	traces     bool
	json       bool
	show       report.Traces
}

// set returns the flags of interop.
func (f *interopFlags) set() *cli.Set {
	f.traces = true
	set := cli.NewSet("interop")
	set.Names(cli.Flag{
		Name: "situations", Group: cli.Question, Values: "NAMES", Means: "only these situations, separated by commas",
		Words: situationNames,
	}, &f.situations)
	f.Limits.Add(set)
	set.Switch(cli.Flag{Name: "traces", Group: cli.Output, Means: "print only the table, no runs"}, &f.traces)
	f.show.Add(set)
	set.Switch(cli.Flag{Name: "json", Group: cli.Output, Means: "write the report as JSON"}, &f.json)
	return set
}

func situationNames() (names []string) {
	for _, s := range interop.Situations {
		names = append(names, s.Name)
	}
	return names
}

// chosen returns the situations that were asked for.
func (f *interopFlags) chosen() (list []interop.Situation, err error) {
	for _, name := range f.situations {
		i := slices.Index(situationNames(), name)
		if i < 0 {
			return nil, cli.WantName(name, "a situation", "tcpclose help interop", situationNames()).Of("flag -situations", name)
		}
		list = append(list, interop.Situations[i])
	}
	if f.situations == nil {
		list = interop.Situations
	}
	return list, nil
}

func runInterop(ctx context.Context, args []string, out, errs io.Writer) (int, error) {
	f := &interopFlags{}
	words, err := f.set().Parse(args)
	if err != nil {
		return 0, err
	}
	if err := f.show.Together(f.json); err != nil {
		return 0, err
	}
	if len(words) != 2 {
		return 0, wantWords(words[:min(len(words), 3)], "two profiles, as in 'tcpclose interop linux rfc'")
	}
	var ends [2]*profile.End
	for side, word := range words {
		if ends[side], err = target.Open(word); err != nil {
			return 0, cli.Because(err).Of("argument", word)
		}
	}
	situations, err := f.chosen()
	if err != nil {
		return 0, err
	}
	if _, err := profile.NewPair(ends[model.A], ends[model.B]); err != nil {
		return 0, cli.Because(err).About("profiles")
	}
	ctx, o, progress, end := f.Begin(ctx, errs, f.show.Language, "comparing pairs")
	defer end()
	r, err := interop.Compare(ctx, ends[model.A], ends[model.B], situations, o)
	progress.End()
	if err != nil {
		return ours(err)
	}
	if f.json {
		return interopStatus(r), writeJSON(out, f.encoded(r))
	}
	if f.show.Output != "" || f.show.Alone() {
		if err := f.show.Apart(out, f.exhibits(r)); err != nil {
			f.traces = false
			return 0, errors.Join(f.text(out, r), err)
		}
		if f.show.Alone() {
			return interopStatus(r), nil
		}
	}
	return interopStatus(r), f.text(out, r)
}

// interopStatus is the exit status.
func interopStatus(r *interop.Report) int {
	status := cli.OK
	for i := range r.Rows {
		if r.Rows[i].Worse() {
			return cli.Violated
		}
		if slices.Contains(r.Rows[i].Answers[:], interop.Unknown) {
			status = cli.Unknown
		}
	}
	return status
}

func (f *interopFlags) say(en, zh string) string {
	return claims.Text{EN: en, ZH: zh}.In(f.show.Language)
}

// exhibit is the run of a row.
func (f *interopFlags) exhibit(r *interop.Report, row *interop.Row) report.Exhibit {
	return report.Exhibit{Trace: row.Traces[0], About: trace.About{
		Property: fmt.Sprintf("%s-%s-%s-%s", row.Situation.Name, row.Network.Name, row.Question.Side, row.Question.Harm),
		Sentence: row.Question.In(f.show.Language) + ": " + row.Question.Sentence(f.show.Language), Tick: r.Pairs[0].Tick,
	}}
}

// exhibits returns the runs that the report shows.
func (f *interopFlags) exhibits(r *interop.Report) (list []report.Exhibit) {
	for i := range r.Rows {
		if row := &r.Rows[i]; row.Blame != nil && row.As == nil {
			list = append(list, f.exhibit(r, row))
		}
	}
	return list
}

// text writes the report.
func (f *interopFlags) text(out io.Writer, r *interop.Report) error {
	if f.traces {
		for i := range r.Rows {
			if row := &r.Rows[i]; row.Blame != nil && row.As == nil {
				if err := f.run(out, r, row); err != nil {
					return err
				}
			}
		}
	}
	names := r.Pairs[0].Names
	heading := fmt.Sprintf(f.say("a is %s, b is %s", "a 为 %s，b 为 %s"), names[model.A], names[model.B])
	if tick := r.Pairs[0].Tick; tick > 0 {
		heading += fmt.Sprintf(f.say("; a tick is %s s", "；一个时钟滴答为 %s 秒"), trace.Decimal(tick))
	}
	fmt.Fprint(out, screen.Indent(heading, 0, 2))
	fmt.Fprint(out, screen.Indent(f.say("What can happen to the pair, to a twice, and to b twice:", "这一对、两端都为 a、两端都为 b 时，可能发生的情况："), 0, 2)+"\n")
	f.table(out, r)
	fmt.Fprintf(out, "\n%s\n", f.conclusion(r))
	return nil
}

// table writes a row for what can happen to some pair.
func (f *interopFlags) table(out io.Writer, r *interop.Report) {
	t := screen.Table{Indent: 2}
	t.Row(screen.Plain("", "", "a, b", "a, a", "b, b", "")...)
	last := ""
	for i := range r.Rows {
		row := &r.Rows[i]
		if row.Answers == [3]interop.Answer{} || row.Answers == [3]interop.Answer{interop.Unknown, interop.Unknown, interop.Unknown} {
			continue // counted below
		}
		if name := row.Situation.Name; name != last {
			t.Row(screen.Plain(name)...)
			last = name
		}
		cells := []string{"  " + row.Network.Says.In(f.show.Language), row.Question.In(f.show.Language)}
		for _, a := range row.Answers {
			cells = append(cells, f.answer(a))
		}
		t.Row(screen.Plain(append(cells, f.remark(row))...)...)
	}
	t.Write(out)
}

// answer returns an answer in the language of the report.
func (f *interopFlags) answer(a interop.Answer) string {
	return [...]string{f.say("no", "否"), f.say("yes", "是"), f.say("unknown", "未知")}[a]
}

// remark says how the pair differs.
func (f *interopFlags) remark(row *interop.Row) string {
	switch {
	case row.OnlyTogether():
		return f.say("only the pair", "仅在这一对中")
	case row.OnlyAlike():
		return f.say("only alike", "仅在两端相同时")
	case row.Unlike():
		return f.say("unlike one", "与其一不同")
	}
	return ""
}

// run writes the run of a row, and who is to blame.
func (f *interopFlags) run(out io.Writer, r *interop.Report, row *interop.Row) error {
	fmt.Fprint(out, screen.Indent(fmt.Sprintf("%s, %s: %s", row.Situation.Name, row.Network.Says.In(f.show.Language), row.Question.In(f.show.Language)), 0, 2))
	fmt.Fprint(out, screen.Indent(row.Situation.Says.In(f.show.Language)+f.say("; ", "；")+row.Question.Sentence(f.show.Language)+f.say(".", "。"), 2, 0)+"\n")
	if err := f.show.Text(out, f.exhibit(r, row)); err != nil {
		return err
	}
	for _, line := range f.blame(row.Blame) {
		fmt.Fprint(out, screen.Indent(line, 0, 2))
	}
	fmt.Fprintln(out)
	return nil
}

// blame says which end departs first from the RFC, and which departure decides.
func (f *interopFlags) blame(b *interop.Blame) (lines []string) {
	departure := func(d *interop.Departure) string {
		return fmt.Sprintf(f.say("%s, event %d: %s [%s]", "%s，第 %d 步：%s [%s]"), d.Side, d.Event, d.What.In(f.show.Language), f.show.Language.Cite(d.Clause))
	}
	switch {
	case b.First == nil:
		return []string{f.say("Both ends conform: every step of this run follows the RFC.", "两端都合规：这条路径的每一步都符合 RFC。")}
	case b.Decisive != b.First:
		lines = append(lines, f.say("The first step that departs from the RFC: ", "最先偏离 RFC 的一步：")+departure(b.First)+f.say(".", "。"))
	}
	switch {
	case b.Decisive == nil:
		lines = append(lines, f.say("It can happen without each single departure of this run, too.", "单独去掉这条路径中的任何一处偏离，仍可能发生。"))
	case b.Decisive == b.First:
		lines = append(lines, f.say("The first step that departs from the RFC, and without which it cannot happen: ", "最先偏离 RFC 的一步，没有它就不会发生：")+departure(b.First)+f.say(".", "。"))
	default:
		lines = append(lines, f.say("The first without which it cannot happen: ", "没有它就不会发生的第一处偏离：")+departure(b.Decisive)+f.say(".", "。"))
	}
	return lines
}

// conclusion says how many rows differ.
func (f *interopFlags) conclusion(r *interop.Report) string {
	together, worse, unknown := 0, 0, 0
	for i := range r.Rows {
		row := &r.Rows[i]
		switch {
		case slices.Contains(row.Answers[:], interop.Unknown):
			unknown++
		case row.OnlyTogether():
			together++
		case row.Worse():
			worse++
		}
	}
	text := fmt.Sprintf(f.say("%d of %d for the pair only; %d more also with one of them twice.", "共 %[2]d 项：仅在这一对中出现 %[1]d 项；另有 %[3]d 项也出现在其中一方的两端相同时。"), together, len(r.Rows), worse)
	switch {
	case together+worse == 0 && unknown == len(r.Rows):
		text = f.say("Nothing was explored to its end.", "没有一项探索完整。")
	case together+worse == 0 && unknown > 0:
		text = f.say("So far nothing was found that happens to the pair but not with each of them twice.", "目前没有发现只在这一对中发生的情况。")
	case together+worse == 0:
		text = f.say("Nothing can happen to the pair that cannot happen with each of them twice.", "这一对可能发生的情况，两端相同时也都可能发生。")
	}
	if unknown > 0 {
		text += fmt.Sprintf(f.say(" Unknown: %d.", " 未知：%d 项。"), unknown)
	}
	return text
}

// The JSON form. Fields are added, not renamed.
type jsonInterop struct {
	A       string           `json:"a"`
	B       string           `json:"b"`
	Tick    float64          `json:"tick"` // seconds; 0 if the times are in ticks
	Rows    []jsonInteropRow `json:"rows"`
	Seconds float64          `json:"seconds"`
	Status  int              `json:"status"`
}

type jsonInteropRow struct {
	Situation string             `json:"situation"`
	Network   string             `json:"network"`
	Side      string             `json:"side"`
	Harm      interop.Harm       `json:"harm"`
	Sentence  string             `json:"sentence"`
	Pair      interop.Answer     `json:"pair"`
	TwiceA    interop.Answer     `json:"twice_a"`
	TwiceB    interop.Answer     `json:"twice_b"`
	Conform   *bool              `json:"conform,omitempty"` // no step of the run departs from the RFC
	First     *jsonDeparture     `json:"first,omitempty"`
	Decisive  *jsonDeparture     `json:"decisive,omitempty"` // without it the harm is impossible
	Events    []report.JSONEvent `json:"events,omitempty"`   // if the pair can and one of the others cannot
}

type jsonDeparture struct {
	Event  int    `json:"event"` // from 1
	Side   string `json:"side"`
	What   string `json:"what"`
	Clause string `json:"clause"`
}

func (f *interopFlags) encoded(r *interop.Report) jsonInterop {
	j := jsonInterop{
		A: r.Pairs[0].Names[model.A], B: r.Pairs[0].Names[model.B], Tick: exactly(r.Pairs[0].Tick), Rows: []jsonInteropRow{},
		Seconds: exactly(r.Time.Round(time.Millisecond)), Status: interopStatus(r),
	}
	departure := func(d *interop.Departure) *jsonDeparture {
		if d == nil {
			return nil
		}
		return &jsonDeparture{d.Event, d.Side.String(), d.What.In(f.show.Language), d.Clause}
	}
	for i := range r.Rows {
		row := &r.Rows[i]
		e := jsonInteropRow{
			Situation: row.Situation.Name, Network: row.Network.Name, Side: row.Question.Side.String(), Harm: row.Question.Harm, Sentence: row.Question.Sentence(f.show.Language),
			Pair: row.Answers[0], TwiceA: row.Answers[1], TwiceB: row.Answers[2],
		}
		if b := row.Blame; b != nil {
			conform := b.First == nil
			e.Conform, e.First, e.Decisive = &conform, departure(b.First), departure(b.Decisive)
			e.Events = report.JSONEvents(row.Traces[0])
		}
		j.Rows = append(j.Rows, e)
	}
	return j
}
