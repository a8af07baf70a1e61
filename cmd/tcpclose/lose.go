package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"tcpclose/claims"
	"tcpclose/cmd/tcpclose/internal/base"
	"tcpclose/cmd/tcpclose/internal/cli"
	"tcpclose/cmd/tcpclose/internal/report"
	"tcpclose/cmd/tcpclose/internal/screen"
	"tcpclose/cmd/tcpclose/internal/target"
	"tcpclose/explore/product"
	"tcpclose/model"
	"tcpclose/profile"
	"tcpclose/survey"
	"tcpclose/trace"
)

const loseText = `Says what happens when the network loses one of the four segments of a close,
once or always: a run, the timers that fire, the shortest and the longest time
it takes, and how the connection can end for the two applications. a is the
client and closes first; b, the server, closes at any time after it, or never.
The network makes no other error, and is so fast that an answer comes before the
RTO. Times are in seconds.

    tcpclose lose 2
    tcpclose lose 4 linux -always
    tcpclose lose 4 linux -rto 1s
    tcpclose lose 3 -a linux -b rfc

Exit status: 0; 2 for a wrong command line; 3 when not everything was explored.
`

var loseCommand = &cli.Command{
	Name: "lose", Args: "SEGMENT [PROFILE] [FLAGS]", Kind: kindKnow,
	Summary: "what follows when one of the four segments of a close is lost",
	Text:    loseText,
	Words:   func() []string { return append([]string{"1", "2", "3", "4"}, profile.Names()...) },
	Set:     func() *cli.Set { return new(loseFlags).set() },
	Run:     runLose,
}

// loseFlags contains the flags of lose, as given.
type loseFlags struct {
	always bool
	json   bool
	ends   target.Ends
	rto    time.Duration
	change string
	show   report.Traces
}

// set returns the flags of lose.
func (f *loseFlags) set() *cli.Set {
	set := cli.NewSet("lose")
	set.Switch(cli.Flag{Name: "always", Group: cli.Question, Means: "lose it whenever it is sent"}, &f.always)
	f.ends.Add(set)
	changeFlag(set, &f.change, "change the configuration: 'b-closes=never r2=4'")
	durationFlag(set, cli.Flag{Name: "rto", Group: cli.Timers, Default: "600ms", Means: "with -profile linux: the RTO, as in 300ms"}, &f.rto)
	f.show.Add(set)
	set.Switch(cli.Flag{Name: "json", Group: cli.Output, Means: "write the report as JSON"}, &f.json)
	return set
}

func runLose(ctx context.Context, args []string, out, errs io.Writer) (int, error) {
	f := &loseFlags{}
	set := f.set()
	words, err := set.Parse(args)
	if err != nil {
		return 0, err
	}
	if err := f.show.Together(f.json); err != nil {
		return 0, err
	}
	var segments []string
	for _, word := range words {
		switch {
		case profile.FindEnd(word) == nil:
			segments = append(segments, word)
		case set.Given("profile"):
			return 0, cli.Argument(word, "one profile; there is -profile, too")
		default:
			if err := f.ends.Start("argument", word); err != nil {
				return 0, cli.Because(err).Of("argument", word)
			}
		}
	}
	if len(segments) != 1 {
		return 0, wantWords(segments, "one segment, 1 to 4")
	}
	segment, err := strconv.ParseUint(segments[0], 10, 8)
	if err != nil || segment < 1 || segment > 4 {
		return 0, cli.Argument(segments[0], "a segment, 1 to 4")
	}
	p, err := f.whose(set)
	if err != nil {
		return 0, err
	}
	progress := screen.NewProgress(errs, f.show.Language, "exploring what follows from the loss")
	defer progress.End()
	l, err := claims.Lose(ctx, int(segment), f.always, p, f.change, product.Options{})
	progress.End()
	if err != nil {
		return 0, cli.Because(unwrapped(err)).About("flag -change")
	}
	status := cli.OK
	if len(l.Incomplete) > 0 {
		status = cli.Unknown
	}
	if f.json {
		return status, writeJSON(out, f.encoded(l))
	}
	list := f.exhibits(l)
	if err := f.show.Apart(out, list); err != nil {
		f.text(out, l)
		return 0, err
	}
	if f.show.Alone() {
		return status, nil
	}
	for _, e := range list {
		fmt.Fprintf(out, "%s\n", screen.Indent(fmt.Sprintf(f.say("%s (%s):", "%s（%s）："), l.Spans[0].Says.In(f.show.Language), e.About.Sentence), 0, 2))
		if err := f.show.Text(out, e); err != nil {
			return 0, err
		}
		fmt.Fprintln(out)
	}
	f.text(out, l)
	return status, nil
}

// whose returns the profile that was asked for.
func (f *loseFlags) whose(set *cli.Set) (*claims.Profile, error) {
	p := &claims.Profiles[0]
	switch name := f.ends.Both(); {
	case !f.ends.Given():
	case f.ends.Single() || base.Find(name) == nil:
		pair, err := f.ends.Pair()
		if err != nil {
			return nil, err
		}
		if p, err = claims.PairProfile(pair); err != nil {
			return nil, cli.Because(err).About("profiles")
		}
	default:
		var err error
		if p, err = claims.FindProfile(name); err != nil {
			return nil, err
		}
	}
	if !set.Given("rto") {
		return p, nil
	}
	if p.Name != "linux" {
		return nil, &cli.Mistake{Thing: "flag -rto", Want: "want it with -profile linux"}
	}
	if err := profile.CheckRTO(f.rto); err != nil {
		return nil, wantRTO(f.rto)
	}
	return claims.LinuxProfile(f.rto)
}

// exhibits returns the runs to show: the shortest and the longest, or only one if they
// take the same time.
func (f *loseFlags) exhibits(l *claims.Loss) (list []report.Exhibit) {
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
	return list
}

func (f *loseFlags) say(en, zh string) string { return claims.Text{EN: en, ZH: zh}.In(f.show.Language) }

// text writes the report below the runs.
func (f *loseFlags) text(out io.Writer, l *claims.Loss) {
	put := func(text string) { fmt.Fprint(out, screen.Indent(text, 2, 2)) }
	often := f.say("lost once", "丢失一次")
	if l.Always {
		often = f.say("always lost", "每次都丢失")
	}
	fmt.Fprintf(out, f.say("%s: %s\n", "%s：%s\n"), claims.Segments[l.Segment-1].In(f.show.Language), often)
	put(l.Profile.Says.In(f.show.Language))
	if f.change != "" {
		put(f.say("changed: ", "改动：") + f.change)
	}
	for _, r := range l.Profile.RoundedIn(f.show.Language) {
		put(f.say("rounded: ", "向上取整：") + r)
	}
	put(fmt.Sprintf(f.say("a tick is %s; a segment is in transit for at most %s", "一个时钟滴答为 %s；报文段在途时间最长 %s"), f.seconds(l, 1), f.seconds(l, l.Config.Delay.In(l.Config.MSL))))
	for i := range l.Spans {
		s := &l.Spans[i]
		fmt.Fprintf(out, "\n%s\n", s.Says.In(f.show.Language))
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
	endings := func(title string, list []survey.EndingPair) {
		if len(list) == 0 {
			return
		}
		fmt.Fprintf(out, "\n%s\n", title)
		for _, e := range list {
			put(fmt.Sprintf(f.say("a: %s   b: %s", "a：%s   b：%s"), screen.Pad(claims.Ending(f.show.Language, e, model.A), 12), claims.Ending(f.show.Language, e, model.B)))
		}
	}
	endings(f.say("How the connection can end for the two applications because of the loss:", "由于丢失，连接对两端应用程序可能的结局："), l.Caused())
	also := f.say("How it can end without the loss, too:", "不丢失时也可能的结局：")
	if len(l.Caused()) == 0 {
		also = f.say("How the connection can end for the two applications, as it can without the loss:", "连接对两端应用程序可能的结局（与不丢失时相同）：")
	}
	endings(also, l.Without)
	if len(l.Incomplete) > 0 {
		fmt.Fprintf(out, f.say("The exploration is not complete (%s).\n", "探索不完整（%s）。\n"), f.show.Language.List(l.Incomplete))
	}
}

// seconds returns a number of the profile's ticks in seconds.
func (f *loseFlags) seconds(l *claims.Loss, ticks int) string {
	return trace.Decimal(time.Duration(ticks)*l.Profile.Tick) + f.say(" s", " 秒")
}

// timers says which timers fire.
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
	Segment    int               `json:"segment"`
	Always     bool              `json:"always"`
	Profile    string            `json:"profile"`
	Config     map[string]string `json:"config"`
	Tick       float64           `json:"tick"`              // seconds
	Rounded    []string          `json:"rounded,omitempty"` // times that are no number of ticks, and what they are taken for
	Spans      []jsonSpan        `json:"spans"`
	Endings    []jsonLossEnding  `json:"endings"`
	Incomplete []string          `json:"incomplete"`
}

type jsonLossEnding struct {
	report.JSONEnding
	Caused bool `json:"caused"` // it cannot end so without the loss
}

type jsonSpan struct {
	What     string             `json:"what"`
	Interval string             `json:"interval"`
	Begins   bool               `json:"begins"`
	Least    *float64           `json:"least,omitempty"`    // seconds
	Greatest *float64           `json:"greatest,omitempty"` // none if it is unbounded
	Timers   []string           `json:"timers"`             // that fire in a longest run
	Soonest  []report.JSONEvent `json:"soonest,omitempty"`
	Latest   []report.JSONEvent `json:"latest,omitempty"`
	Endless  []report.JSONEvent `json:"endless,omitempty"`
}

func (f *loseFlags) encoded(l *claims.Loss) jsonLoss {
	j := jsonLoss{Segment: l.Segment, Always: l.Always, Profile: l.Profile.Name, Config: report.JSONConfig(l.Config), Tick: exactly(l.Profile.Tick), Rounded: l.Profile.RoundedIn(f.show.Language),
		Spans: []jsonSpan{}, Endings: []jsonLossEnding{}, Incomplete: append([]string{}, l.Incomplete...)}
	for i := range l.Spans {
		s := &l.Spans[i]
		t := s.Timing
		span := jsonSpan{What: s.Says.In(f.show.Language), Interval: s.Interval, Begins: t.Begins, Timers: []string{},
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
		ending := jsonLossEnding{JSONEnding: report.EncodedEnding(e), Caused: !slices.Contains(l.Without, e)}
		ending.A, ending.B = f.show.Language.Say(ending.A), f.show.Language.Say(ending.B)
		j.Endings = append(j.Endings, ending)
	}
	return j
}
