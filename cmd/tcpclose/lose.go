package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"tcpclose/claims"
	"tcpclose/cmd/tcpclose/internal/cli"
	"tcpclose/cmd/tcpclose/internal/report"
	"tcpclose/cmd/tcpclose/internal/screen"
	"tcpclose/explore/product"
	"tcpclose/model"
	"tcpclose/trace"
)

const loseText = `usage: tcpclose lose SEGMENT [flags]

Tells what comes of it when the network loses one of the four segments of a close,
once or always: a run, the timers that go off, how long it takes at the least and at
the most, and what the two applications are told. a is the client and closes first;
b, the server, closes at any time after it, or never. The network does nothing else,
and is so fast that an answer comes before the RTO. Times are in seconds.

    tcpclose lose 2
    tcpclose lose 4 -always -profile linux
    tcpclose lose 4 -profile linux -rto 1s

Exit status: 0; 2 for a wrong command line; 3 when not everything was explored.

`

// loseFlags is what lose was asked for.
type loseFlags struct {
	lang   claims.Language
	always bool
	json   bool
	change string
	show   report.Traces
}

func runLose(ctx context.Context, args []string, out, errs io.Writer) (int, error) {
	f := &loseFlags{}
	p, rto := &claims.Profiles[0], time.Duration(0)
	set := newFlags("lose")
	set.BoolVar(&f.always, "always", false, "lose it whenever it is sent")
	set.Func("profile", "whose timers: `rfc or linux` (default rfc)", func(text string) (err error) {
		p, err = claims.FindProfile(text)
		return want(err)
	})
	durationFlag(set, "rto", "with -profile linux: the `RTO`, as in 300ms (default 600ms)", &rto)
	set.Func("lang", "the `language` of explanations: zh or en (default en)", func(text string) (err error) {
		f.lang, err = claims.ParseLanguage(text)
		return want(err)
	})
	set.BoolVar(&f.json, "json", false, "write the report as JSON")
	set.StringVar(&f.change, "change", "", "change the configuration: `words` such as 'b-closes=never r2=4'")
	f.show.Add(set)
	words, err := parseAround(set, args, loseText, out)
	if err != nil {
		return 0, err
	}
	if len(words) != 1 {
		return 0, fmt.Errorf("%d arguments: want a segment, 1 to 4", len(words))
	}
	segment, err := strconv.ParseUint(words[0], 10, 8)
	if err != nil || segment < 1 || segment > 4 {
		return 0, fmt.Errorf("argument %q: want a segment, 1 to 4", words[0])
	}
	if given(set, "rto") {
		if p.Name != "linux" {
			return 0, errors.New("flag -rto: want it with -profile linux")
		}
		if p, err = claims.LinuxProfile(rto); err != nil {
			return 0, err
		}
	}
	l, err := claims.Lose(ctx, int(segment), f.always, p, f.change, product.Options{})
	if err != nil {
		return 0, fmt.Errorf("flag -change: %w", err)
	}
	status := cli.OK
	if len(l.Incomplete) > 0 {
		status = cli.Unknown
	}
	if f.json {
		return status, writeJSON(out, f.encoded(l))
	}
	var list []report.Exhibit
	for i := range l.Spans[:1] {
		s := &l.Spans[i]
		for _, run := range []report.Exhibit{
			{Trace: s.Timing.Soonest, About: trace.About{Property: "soonest", Sentence: fmt.Sprintf(f.say("shortest, %s", "最短 %s"), f.seconds(l, s.Timing.Least)), Tick: l.Profile.Tick}},
			{Trace: s.Timing.Latest, About: trace.About{Property: "latest", Sentence: fmt.Sprintf(f.say("longest, %s", "最长 %s"), f.seconds(l, s.Timing.Greatest)), Tick: l.Profile.Tick}},
			{Trace: s.Timing.Endless, About: trace.About{Property: "endless", Sentence: f.say("unbounded", "无上限"), Tick: l.Profile.Tick}},
		} {
			same := len(list) > 0 && run.Trace != nil && s.Timing.Least == s.Timing.Greatest
			if run.Trace != nil && !same {
				list = append(list, run)
			}
		}
	}
	if err := f.show.Apart(out, list); err != nil {
		return 0, err
	}
	if f.show.Alone() {
		return status, nil
	}
	for _, e := range list {
		fmt.Fprintf(out, f.say("%s (%s):\n\n", "%s（%s）：\n\n"), l.Spans[0].Says.In(f.lang), e.About.Sentence)
		if err := f.show.Text(out, e); err != nil {
			return 0, err
		}
		fmt.Fprintln(out)
	}
	f.text(out, l)
	return status, nil
}

// given reports whether a flag stood on the command line.
func given(set *flag.FlagSet, name string) (is bool) {
	set.Visit(func(f *flag.Flag) { is = is || f.Name == name })
	return is
}

func (f *loseFlags) say(en, zh string) string { return claims.Text{EN: en, ZH: zh}.In(f.lang) }

// text writes the report below the runs.
func (f *loseFlags) text(out io.Writer, l *claims.Loss) {
	put := func(text string) {
		for i, line := range screen.Fold(text, pageWidth-4) {
			if i > 0 {
				line = "  " + line
			}
			fmt.Fprintf(out, "  %s\n", line)
		}
	}
	often := f.say("lost once", "丢失一次")
	if l.Always {
		often = f.say("always lost", "每次都丢失")
	}
	fmt.Fprintf(out, f.say("%s: %s\n", "%s：%s\n"), claims.Segments[l.Segment-1].In(f.lang), often)
	put(l.Profile.Says.In(f.lang))
	if f.change != "" {
		put(f.say("changed: ", "改动：") + f.change)
	}
	for _, r := range l.Profile.RoundedIn(f.lang) {
		put(f.say("rounded: ", "向上取整：") + r)
	}
	put(fmt.Sprintf(f.say("a tick is %s; a segment is in transit for at most %s", "一个时钟滴答为 %s；报文段在途时间最长 %s"), f.seconds(l, 1), f.seconds(l, l.Config.Delay.In(l.Config.MSL))))
	for i := range l.Spans {
		s := &l.Spans[i]
		fmt.Fprintf(out, "\n%s\n", s.Says.In(f.lang))
		t := s.Timing
		if !t.Begins {
			put(f.say("never begins", "从不开始"))
			continue
		}
		if t.Ends {
			put(f.say("shortest  ", "最短  ") + f.seconds(l, t.Least) + f.timers(s.Repairs[0]))
		}
		switch {
		case t.Endless != nil:
			put(f.say("longest   unbounded", "最长  无上限"))
		case t.Ends:
			put(f.say("longest   ", "最长  ") + f.seconds(l, t.Greatest) + f.timers(s.Repairs[1]))
		}
	}
	fmt.Fprintf(out, "\n%s\n", f.say("How the connection can end for the two applications:", "连接对两端应用程序可能的结局："))
	for _, e := range l.Endings {
		put(fmt.Sprintf(f.say("a: %s   b: %s", "a：%s   b：%s"), screen.Pad(claims.Translate(f.lang, e.Of[model.A].String()), 12), claims.Translate(f.lang, e.Of[model.B].String())))
	}
	if len(l.Incomplete) > 0 {
		fmt.Fprintf(out, f.say("The exploration is not complete (%s).\n", "探索不完整（%s）。\n"), claims.Reasons(f.lang, l.Incomplete))
	}
}

// seconds is so many ticks of the profile.
func (f *loseFlags) seconds(l *claims.Loss, ticks int) string {
	return trace.Decimal(time.Duration(ticks)*l.Profile.Tick) + f.say(" s", " 秒")
}

// timers says which timers go off.
func (f *loseFlags) timers(list []claims.Timer) string {
	var names []string
	for _, t := range list {
		names = append(names, fmt.Sprintf(f.say("%s: %s", "%s 的 %s"), t.Side, t.Timeout))
	}
	if len(names) == 0 {
		return f.say("; no timer", "；无定时器到期")
	}
	return f.say("; timers: ", "；定时器：") + strings.Join(names, f.say(", ", "、"))
}

// The JSON form. Fields are added, not renamed.
type jsonLoss struct {
	Segment    int                 `json:"segment"`
	Always     bool                `json:"always"`
	Profile    string              `json:"profile"`
	Config     map[string]string   `json:"config"`
	Tick       float64             `json:"tick"`              // seconds
	Rounded    []string            `json:"rounded,omitempty"` // times that are no number of ticks, and what they are taken for
	Spans      []jsonSpan          `json:"spans"`
	Endings    []report.JSONEnding `json:"endings"`
	Incomplete []string            `json:"incomplete"`
}

type jsonSpan struct {
	What     string             `json:"what"`
	Interval string             `json:"interval"`
	Begins   bool               `json:"begins"`
	Least    *float64           `json:"least,omitempty"`    // seconds
	Greatest *float64           `json:"greatest,omitempty"` // none if it is unbounded
	Timers   []string           `json:"timers"`             // that go off in a longest run
	Soonest  []report.JSONEvent `json:"soonest,omitempty"`
	Latest   []report.JSONEvent `json:"latest,omitempty"`
	Endless  []report.JSONEvent `json:"endless,omitempty"`
}

func (f *loseFlags) encoded(l *claims.Loss) jsonLoss {
	j := jsonLoss{Segment: l.Segment, Always: l.Always, Profile: l.Profile.Name, Config: report.JSONConfig(l.Config), Tick: exactly(l.Profile.Tick), Rounded: l.Profile.RoundedIn(f.lang),
		Spans: []jsonSpan{}, Endings: []report.JSONEnding{}, Incomplete: append([]string{}, l.Incomplete...)}
	for i := range l.Spans {
		s := &l.Spans[i]
		t := s.Timing
		span := jsonSpan{What: s.Says.In(f.lang), Interval: s.Interval, Begins: t.Begins, Timers: []string{},
			Soonest: report.JSONEvents(t.Soonest), Latest: report.JSONEvents(t.Latest), Endless: report.JSONEvents(t.Endless)}
		length := func(ticks int) *float64 {
			return inSeconds(time.Duration(ticks)*l.Profile.Tick, true)
		}
		if t.Ends {
			span.Least = length(t.Least)
			if t.Endless == nil {
				span.Greatest = length(t.Greatest)
			}
		}
		for _, timer := range s.Repairs[1] {
			span.Timers = append(span.Timers, fmt.Sprintf("%s: %s", timer.Side, timer.Timeout))
		}
		j.Spans = append(j.Spans, span)
	}
	for _, e := range l.Endings {
		j.Endings = append(j.Endings, report.JSONEnding{A: e.Of[model.A].String(), B: e.Of[model.B].String(), Steps: e.Steps})
	}
	return j
}
