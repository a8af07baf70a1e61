package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"tcpclose/claims"
	"tcpclose/cmd/tcpclose/internal/base"
	"tcpclose/cmd/tcpclose/internal/cli"
	"tcpclose/cmd/tcpclose/internal/fields"
	"tcpclose/cmd/tcpclose/internal/report"
	"tcpclose/cmd/tcpclose/internal/screen"
	"tcpclose/cmd/tcpclose/internal/target"
	"tcpclose/explore/product"
	"tcpclose/trace"
)

const claimsText = `Checks the notes on the four-way close, sentence by sentence, by running the
checker: each claim holds, holds under a condition, or is wrong. Name a claim by
its identifier, or by any of its words in the notes or in English; a named claim
is shown with everything that was found, and a run.

    tcpclose claims
    tcpclose claims L3b
    tcpclose claims -lang zh 'TIME_WAIT'

-change checks the claims in another model, whose verdicts may differ:

    tcpclose claims -change 'fault=no-time-wait' N1a
    tcpclose claims -a linux T2

Exit status: 0 when every claim is decided, whatever the verdicts; 1 when a
sentence that is given as correct is not confirmed, which can happen with
-change; 2 for a wrong command line; 3 when not everything was explored.
`

var claimsCommand = &cli.Command{
	Name: "claims", Args: "[CLAIM ...] [FLAGS]", Kind: kindKnow,
	Summary: "notes on the four-way close, checked sentence by sentence",
	Text:    claimsText,
	Words: func() (names []string) {
		for i := range claims.Claims {
			names = append(names, claims.Claims[i].ID)
		}
		return names
	},
	Set: func() *cli.Set { return new(claimFlags).set() },
	Run: runClaims,
}

// claimFlags contains the flags of claims, as given.
type claimFlags struct {
	json   bool
	change string
	ends   target.Ends
	show   report.Traces
}

// set returns the flags of claims.
func (f *claimFlags) set() *cli.Set {
	set := cli.NewSet("claims")
	f.ends.AddDecisions(set)
	changeFlag(set, &f.change, "change the configuration of all runs: 'fault=no-time-wait r2=4'")
	f.show.Add(set)
	set.Switch(cli.Flag{Name: "json", Group: cli.Output, Means: "write the report as JSON"}, &f.json)
	return set
}

// changeFlag adds the flag that changes configurations by words.
func changeFlag(set *cli.Set, at *string, means string) {
	set.Add(cli.Flag{
		Name: "change", Group: cli.Question, Values: "WORDS", Means: means,
		More: "Words are name=value, as 'tcpclose list fields' shows them, or preset=NAME.",
		Set: func(text string) error {
			*at = text
			for word := range strings.FieldsSeq(text) {
				if err := checkWord(word); err != nil {
					return err
				}
			}
			return nil
		},
	})
}

// checkWord reports what is wrong with a word that changes a configuration.
func checkWord(word string) error {
	name, value, ok := strings.Cut(word, "=")
	f, known := fields.Find(name)
	switch {
	case !ok:
		return cli.Want("words as name=value; %s is none", cli.Quoted(word))
	case name == "preset" && !slices.Contains(base.PresetNames(), value):
		return cli.WantName(value, "a preset", "tcpclose list presets", base.PresetNames()).Inside(word)
	case name == "preset":
		return nil
	case !known:
		return cli.WantName(name, "a field", "tcpclose list fields", fields.Names()).Inside(word)
	}
	if err := f.Check(value); err != nil {
		return cli.Because(err).Inside(word)
	}
	return nil
}

func runClaims(ctx context.Context, args []string, out, errs io.Writer) (int, error) {
	f := &claimFlags{}
	words, err := f.set().Parse(args)
	if err != nil {
		return 0, err
	}
	if err := f.show.Together(f.json); err != nil {
		return 0, err
	}
	named := []*claims.Claim{}
	for _, word := range words {
		found := claims.Find(word)
		if len(found) == 0 {
			return 0, cli.Argument(word, "words of a claim ('tcpclose claims' shows all)")
		}
		for _, c := range found {
			if !slices.Contains(named, c) {
				named = append(named, c)
			}
		}
	}
	list := named
	if len(words) == 0 {
		for i := range claims.Claims {
			list = append(list, &claims.Claims[i])
		}
	}
	f.change = strings.TrimSpace(strings.Join(f.ends.Decisions(), " ") + " " + f.change)
	progress := screen.NewProgress(errs, f.show.Language, "checking %s", f.show.Language.Count(len(list), "claim"))
	defer progress.End()
	judged, err := claims.Judge(ctx, list, f.change, product.Options{})
	progress.End()
	if err != nil {
		return 0, f.changed(err)
	}
	if f.json {
		return f.status(judged), writeJSON(out, f.encoded(judged))
	}
	var exhibits []report.Exhibit
	if len(words) > 0 || f.show.Output != "" {
		for _, j := range judged {
			if d := j.Telling(); d != nil {
				exhibits = append(exhibits, f.exhibit(j, d))
			}
		}
	}
	if err := f.show.Apart(out, exhibits); err != nil {
		f.table(out, judged)
		return 0, err
	}
	switch {
	case f.show.Alone():
	case len(words) == 0:
		f.table(out, judged)
	default:
		for i, j := range judged {
			if i > 0 {
				fmt.Fprintln(out)
			}
			if err := f.whole(ctx, out, j); err != nil {
				return 0, err
			}
		}
	}
	return f.status(judged), nil
}

// changed is an error of Judge, if it is one of what was typed.
func (f *claimFlags) changed(err error) error {
	if f.change == "" {
		return fmt.Errorf("an error of this program: %w", err)
	}
	return cli.Because(unwrapped(err)).About("flag -change")
}

// unwrapped returns what an error wraps, if it wraps something: what is outside names
// what the message names anyway.
func unwrapped(err error) error {
	if why := errors.Unwrap(err); why != nil {
		return why
	}
	return err
}

// status is the exit status.
func (f *claimFlags) status(list []*claims.Judgement) int {
	status := cli.OK
	for _, j := range list {
		if slices.ContainsFunc(j.Statements(), func(d claims.Decided) bool { return d.Truth == claims.Unexplored }) {
			status = cli.Unknown
		}
	}
	for _, j := range list {
		if slices.ContainsFunc(j.Shown, func(d claims.Decided) bool { return d.Truth == claims.False || d.Truth == claims.Idle }) {
			return cli.Violated
		}
	}
	return status
}

func (f *claimFlags) say(en, zh string) string {
	return claims.Text{EN: en, ZH: zh}.In(f.show.Language)
}

// exhibit is the run of a statement.
func (f *claimFlags) exhibit(j *claims.Judgement, d *claims.Decided) report.Exhibit {
	return report.Exhibit{Trace: d.Trace, About: trace.About{Property: j.ID, Sentence: d.In(f.show.Language), Verdict: d.Truth.String(), Tick: d.Tick}}
}

const claimIndent = 18 // where the text of a claim begins in the table

// table writes a block for each claim.
func (f *claimFlags) table(out io.Writer, list []*claims.Judgement) {
	count := map[claims.Verdict]int{}
	for _, j := range list {
		count[j.Verdict]++
		first := screen.Pad("  "+screen.Pad(j.ID, 4)+" "+j.Verdict.In(f.show.Language), claimIndent)
		put := func(text string) {
			for _, line := range screen.Fold(text, screen.Columns-claimIndent) {
				fmt.Fprintf(out, "%s%s\n", first, line)
				first = strings.Repeat(" ", claimIndent)
			}
		}
		put(j.Quote)
		if f.show.Language == claims.English {
			put(j.English)
		}
		f.conclusion(j, put)
		put(f.say("evidence: ", "证据：") + f.evidence(j))
		fmt.Fprintln(out)
	}
	var words []string
	for v := claims.Holds; v <= claims.Unknown; v++ {
		if count[v] > 0 {
			words = append(words, fmt.Sprintf("%d %s", count[v], v.In(f.show.Language)))
		}
	}
	fmt.Fprintf(out, "%s\n", fmt.Sprintf(f.say("%d claims: %s.", "共 %d 条：%s。"), len(list), strings.Join(words, f.say(", ", "，"))))
}

// conclusion says under what the claim holds, and what would be right.
func (f *claimFlags) conclusion(j *claims.Judgement, put func(string)) {
	if j.Verdict == claims.HoldsIf {
		put(f.say("if ", "条件：") + j.If.In(f.show.Language))
	}
	if j.Verdict != claims.Holds {
		put(f.say("right: ", "应为：") + j.Right.In(f.show.Language))
	}
	if !j.RightShown() {
		put(f.say("(not shown to be right here)", "（这里未能证明这一点）"))
	}
}

// evidence returns what decides the verdict, in a line.
func (f *claimFlags) evidence(j *claims.Judgement) string {
	d := &j.Said[0]
	if i := slices.IndexFunc(j.Said, func(d claims.Decided) bool { return d.Truth != claims.True }); i >= 0 {
		d = &j.Said[i]
	}
	return fmt.Sprintf(f.say("%s: %s", "%s；%s"), d.In(f.show.Language), d.Evidence(f.show.Language))
}

// whole writes a claim with all that was found of it, and a run.
func (f *claimFlags) whole(ctx context.Context, out io.Writer, j *claims.Judgement) error {
	put := func(indent int, text string) {
		for i, line := range screen.Fold(text, screen.Columns-indent-2) {
			fmt.Fprintf(out, "%*s%s\n", indent+2*min(i, 1), "", line)
		}
	}
	fmt.Fprintf(out, "%s  %s\n", j.ID, j.Verdict.In(f.show.Language))
	put(2, j.Quote)
	if f.show.Language == claims.English {
		put(2, j.English)
	}
	fmt.Fprintln(out)
	f.conclusion(j, func(text string) { put(2, text) })
	if j.Verdict == claims.Holds {
		put(2, f.say("more: ", "补充：")+j.Right.In(f.show.Language))
	}
	put(2, f.say("why: ", "原因：")+j.Why.In(f.show.Language))
	for _, part := range []struct {
		title string
		list  []claims.Decided
	}{
		{f.say("As the notes put it:", "照笔记原话："), j.Said},
		{f.say("Under the condition:", "在该条件下："), j.Under},
		{f.say("What is right:", "正确的说法："), j.Shown},
	} {
		if len(part.list) == 0 {
			continue
		}
		fmt.Fprintf(out, "\n  %s\n", part.title)
		for i := range part.list {
			d := &part.list[i]
			put(4, fmt.Sprintf(f.say("%s: %s", "%s：%s"), d.Truth.In(f.show.Language), d.In(f.show.Language)))
			put(8, d.Evidence(f.show.Language))
			fmt.Fprint(out, copied(8, d.Command()))
		}
	}
	if j.Turns != "" && f.change == "" {
		turned, err := claims.Judge(ctx, []*claims.Claim{j.Claim}, j.Turns, product.Options{})
		if err != nil {
			return fmt.Errorf("an error of this program: %w", err)
		}
		fmt.Fprintln(out)
		put(2, fmt.Sprintf(f.say("With -change '%s' the verdict is: %s.", "加上 -change '%s' 改变模型，结论变为：%s。"), j.Turns, turned[0].Verdict.In(f.show.Language)))
	}
	if d := j.Telling(); d != nil {
		fmt.Fprintln(out)
		put(2, fmt.Sprintf(f.say("A run for %s (%s):", "一条执行路径，对应“%s”（%s）："), d.In(f.show.Language), d.Truth.In(f.show.Language)))
		fmt.Fprintln(out)
		return f.show.Text(out, f.exhibit(j, d))
	}
	return nil
}

// The JSON form. Fields are added, not renamed.
type jsonClaims struct {
	Change string      `json:"change,omitempty"`
	Claims []jsonClaim `json:"claims"`
	Status int         `json:"status"`
}

type jsonClaim struct {
	ID         string             `json:"id"`
	Quote      string             `json:"quote"`
	English    string             `json:"english"`
	Verdict    claims.Verdict     `json:"verdict"`
	If         string             `json:"if,omitempty"`
	Right      string             `json:"right"`
	RightShown bool               `json:"right_shown"`
	Why        string             `json:"why"`
	Said       []jsonStatement    `json:"said"`
	Under      []jsonStatement    `json:"under"`
	Shown      []jsonStatement    `json:"shown"`
	Events     []report.JSONEvent `json:"events,omitempty"` // the run that tells most
}

type jsonStatement struct {
	Statement string       `json:"statement"`
	Command   string       `json:"command"`
	Truth     claims.Truth `json:"truth"`
	Evidence  string       `json:"evidence"`
	States    int          `json:"states"`
	Least     *int         `json:"least,omitempty"`    // ticks
	Greatest  *int         `json:"greatest,omitempty"` // none if it is unbounded
}

func (f *claimFlags) encoded(list []*claims.Judgement) jsonClaims {
	r := jsonClaims{Change: f.change, Claims: []jsonClaim{}, Status: f.status(list)}
	statements := func(list []claims.Decided) []jsonStatement {
		all := []jsonStatement{}
		for i := range list {
			d := &list[i]
			s := jsonStatement{Statement: d.In(f.show.Language), Command: d.Command(), Truth: d.Truth, Evidence: d.Evidence(f.show.Language), States: d.States}
			if t := d.Timing; t != nil && t.Ends {
				s.Least = &t.Least
				if t.Endless == nil {
					s.Greatest = &t.Greatest
				}
			}
			all = append(all, s)
		}
		return all
	}
	for _, j := range list {
		c := jsonClaim{
			ID: j.ID, Quote: j.Quote, English: j.English, Verdict: j.Verdict, Right: j.Right.In(f.show.Language), RightShown: j.RightShown(),
			Why: j.Why.In(f.show.Language), Said: statements(j.Said), Under: statements(j.Under), Shown: statements(j.Shown),
		}
		if j.Verdict == claims.HoldsIf {
			c.If = j.If.In(f.show.Language)
		}
		if d := j.Telling(); d != nil {
			c.Events = report.JSONEvents(d.Trace)
		}
		r.Claims = append(r.Claims, c)
	}
	return r
}

// copied is a command to copy, behind a $, in lines that fit.
func copied(indent int, command string) string {
	words := shellWords.FindAllString(command, -1)
	for i := len(words) - 2; i > 0; i-- { // a flag and its value are one
		if words[i][0] == '-' && words[i+1][0] != '-' {
			words = slices.Replace(words, i, i+2, words[i]+" "+words[i+1])
		}
	}
	return screen.Command(indent, append([]string{"$ " + words[0]}, words[1:]...)...)
}

// shellWords finds the words of a command, which may be in quotes.
var shellWords = regexp.MustCompile(`('[^']*'|[^ '])+`)

func writeJSON(out io.Writer, v any) error {
	e := json.NewEncoder(out)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}
