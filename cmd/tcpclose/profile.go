package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"tcpclose/check"
	"tcpclose/cmd/tcpclose/internal/about"
	"tcpclose/cmd/tcpclose/internal/base"
	"tcpclose/cmd/tcpclose/internal/cli"
	"tcpclose/cmd/tcpclose/internal/report"
	"tcpclose/cmd/tcpclose/internal/screen"
	"tcpclose/cmd/tcpclose/internal/target"
	"tcpclose/explore/product"
	"tcpclose/internal/lang"
	"tcpclose/invariants"
	"tcpclose/model"
	"tcpclose/profile"
	"tcpclose/trace"
)

const profileText = `Shows a profile: a stack's decisions, and its timers in seconds. For Linux it
also shows the parameters, where it differs from RFC 9293 (D1 to D19) and how
the model expresses that. For every profile it shows the resulting configuration
for other commands.

    tcpclose profile rfc
    tcpclose profile linux -host -write here.profile
    tcpclose check -a here.profile -b rfc

-write writes the profile as a text that you can read and change; other commands
take such a file in place of a name. docs/profiles.md describes it.

With -times it explores two machines with Linux, and says how long a socket can
stay in each state and what happens when the last ACK is lost; with -host it
takes the parameters of this machine.

-json writes a report for programs; docs/linux.md describes its fields.

Exit status: 0; 2 for a wrong command line, or a file or parameters that cannot
be read; 3 when not everything was explored.
`

var profileCommand = &cli.Command{
	Name: "profile", Args: "[NAME | FILE] [FLAGS]", Kind: kindKnow,
	Summary: "how a stack closes, in seconds: Linux, this host, or a file",
	Text:    profileText,
	Words:   profile.Names,
	Set:     func() *cli.Set { return new(profileFlags).set() },
	Run:     runProfile,
}

// profileFlags contains the flags of profile, as given.
type profileFlags struct {
	asked               profile.Case
	host, times, traces bool
	dir                 string
	write               string
	json                bool
	lang                lang.Language
}

// set returns the flags of profile.
func (f *profileFlags) set() *cli.Set {
	f.dir, f.asked.RTO, f.asked.Finer = profile.HostDir, profile.RTOMin, 1
	set := cli.NewSet("profile")
	set.Switch(cli.Flag{Name: "host", Group: cli.Question, Means: "read the parameters of this machine, and explore with them"}, &f.host)
	set.Switch(cli.Flag{Name: "times", Group: cli.Question, Means: "say how long a socket can stay in each state"}, &f.times)
	set.Switch(cli.Flag{Name: "traces", Group: cli.Question, Means: "show also what follows from the numbers, as traces"}, &f.traces)
	set.Text(cli.Flag{Name: "proc", Group: cli.Question, Values: "DIR", Default: f.dir, Means: "with -host: read them from this directory"}, &f.dir)
	durationFlag(set, cli.Flag{Name: "rto", Group: cli.Timers, Default: "200ms", Means: "the RTO, as in 300ms"}, &f.asked.RTO)
	durationFlag(set, cli.Flag{Name: "user-timeout", Group: cli.Timers, Means: "TCP_USER_TIMEOUT, as in 30s"}, &f.asked.UserTimeout)
	durationFlag(set, cli.Flag{Name: "linger2", Group: cli.Timers, Means: "TCP_LINGER2, as in 10s; less than 0 is RST"}, &f.asked.Linger2)
	set.Switch(cli.Flag{Name: "keepalive", Group: cli.Timers, Means: "SO_KEEPALIVE"}, &f.asked.KeepAlive)
	set.Number(cli.Flag{
		Name: "finer", Group: cli.Limits, Values: "N", Default: "1", Means: "make the ticks N times finer",
		More: "What is told should not change by more than a tick. N is 1 to 16.",
	}, 1, maxFiner, &f.asked.Finer)
	set.Text(cli.Flag{Name: "write", Group: cli.Output, Values: "FILE", Means: "write the profile as a text to this file; - is standard output"}, &f.write)
	report.AddLanguage(set, &f.lang)
	set.Switch(cli.Flag{Name: "json", Group: cli.Output, Means: "write the report as JSON"}, &f.json)
	return set
}

func runProfile(ctx context.Context, args []string, out, errs io.Writer) (int, error) {
	f := &profileFlags{}
	set := f.set()
	words, err := set.Parse(args)
	if err != nil {
		return 0, err
	}
	name := "linux"
	switch {
	case len(words) == 1:
		name = words[0]
	case len(words) > 1:
		return 0, cli.Argument(words[1], "one profile; there is %s, too", words[0])
	}
	l, ok := profile.FindLinux(name)
	if !ok {
		return f.end(set, name, out)
	}
	if err := profile.CheckRTO(f.asked.RTO); err != nil {
		return 0, wantRTO(f.asked.RTO)
	}
	source, kernel := "", l.Kernel
	var missing []string
	if f.host {
		if l, missing, err = profile.Host(f.dir); err != nil {
			return 0, cli.Because(err).About("flag -proc")
		}
		l.Kernel = kernel
		source = f.dir
	}
	f.asked.Losses = model.Unlimited
	if f.write != "" {
		e, err := l.End(name, f.asked)
		if err != nil {
			return 0, cli.Because(err).About("flag -write")
		}
		return cli.OK, f.written(e, out)
	}
	t, err := l.Config(f.asked)
	if err != nil {
		return 0, err
	}
	r := &linuxReport{name: name, linux: l, source: source, missing: missing, timed: t, asked: f.asked, lang: f.lang}
	if f.host || f.times || f.traces {
		o := product.Options{}
		p := screen.NewProgress(errs, f.lang, "exploring")
		defer p.End()
		if p != nil {
			o.Progress = p.Show
		}
		err := r.explore(ctx, f.traces, o, p)
		p.End()
		if err != nil {
			return 0, err
		}
	}
	if f.json {
		return r.status(), writeJSON(out, r.encoded())
	}
	return r.status(), r.text(out)
}

// written writes the profile as a text.
func (f *profileFlags) written(e *profile.End, out io.Writer) error {
	if f.write == "-" {
		return e.Write(out)
	}
	return report.WriteFile("write", f.write, e.Write)
}

// wantRTO is the mistake of an RTO that Linux does not have.
func wantRTO(d time.Duration) *cli.Mistake {
	return cli.Want("%v to %v in milliseconds", profile.RTOMin, profile.RTOMax).Of("flag -rto", d.String())
}

// durationFlag adds a flag whose value is a time.
func durationFlag(set *cli.Set, f cli.Flag, at *time.Duration) {
	f.Values = "TIME"
	f.Set = func(text string) error {
		d, err := time.ParseDuration(text)
		if err != nil {
			return cli.Want("a time, as in 300ms or 30s")
		}
		*at = d
		return nil
	}
	set.Add(f)
}

// A linuxReport is what profile tells: always of a machine and of the configuration
// that it makes, and what two such machines can do if that was explored.
type linuxReport struct {
	name    string
	linux   profile.Linux
	source  string   // the directory in which the parameters stand, or "" for the defaults
	missing []string // parameters that are not known, and have their defaults
	asked   profile.Case
	timed   profile.Timed
	lang    lang.Language

	explored bool
	stays    [2][]profile.Stay // by profile.Closing
	lastAck  *profile.LastAck
	advice   advice
	proofs   []*profile.Proof // of profile.Consequences, if they were asked for
}

// An advice contains the results of trying the usual advice.
type advice struct {
	whole, half tryOut
	// rst reports whether an RST ends TIME_WAIT before its time.
	rst      bool
	rstKnown bool
}

// A tryOut is the shortest TIME_WAIT with a tcp_fin_timeout.
type tryOut struct {
	finTimeout time.Duration
	timeWait   profile.Stay
}

// explore finds all that takes time to find.
func (r *linuxReport) explore(ctx context.Context, traces bool, o product.Options, p *screen.Progress) (err error) {
	r.explored = true
	for how := range r.stays {
		c := r.asked
		c.A = profile.Closing(how)
		p.Doing("%d of 4: sockets that end by %v", how+1, c.A)
		if r.stays[how], _, err = r.linux.Stays(ctx, c, o); err != nil {
			return err
		}
	}
	p.Doing("3 of 4: losing the last ACK")
	if r.lastAck, _, err = r.linux.LastAck(ctx, r.asked, o); err != nil {
		return err
	}
	p.Doing("4 of 4: trying the usual advice")
	if r.advice, err = tried(ctx, r.linux, r.asked, o); err != nil || !traces {
		return err
	}
	for _, q := range profile.Consequences {
		c := r.asked
		c.A, c.B = q.Case.A, q.Case.B
		q.Case = c
		p.Doing("looking for consequences of the numbers")
		proof, err := r.linux.Follows(ctx, q, o)
		if err != nil {
			return err
		}
		r.proofs = append(r.proofs, proof)
	}
	return nil
}

// status is the exit status.
func (r *linuxReport) status() int {
	if !r.explored {
		return cli.OK
	}
	known := r.lastAck.Known && r.advice.whole.timeWait.Known && r.advice.half.timeWait.Known && r.advice.rstKnown
	for _, column := range r.stays {
		for _, s := range column {
			known = known && s.Known
		}
	}
	for _, p := range r.proofs {
		known = known && (p.Holds || p.Known)
	}
	if !known {
		return cli.Unknown
	}
	return cli.OK
}

// text writes the report for a reader.
func (r *linuxReport) text(out io.Writer) error {
	whose := r.say("by default")
	if r.source != "" {
		whose = r.say("as %s has it", r.source)
	}
	name := "Linux"
	if r.linux.Kernel != profile.Linux612 {
		name += " " + r.say(r.linux.Kernel.String())
	}
	fmt.Fprintf(out, "%s\n\n", r.say("%s, %s:", name, whose))
	r.parameters(out)
	if !r.explored {
		fmt.Fprintln(out)
		r.differences(out)
		fmt.Fprintf(out, "\n%s\n", r.say("In ticks of %s:", r.seconds(r.timed.Tick)))
		fmt.Fprint(out, screen.Command(2, append([]string{"tcpclose check"}, flags(r.timed.Config)...)...))
		return nil
	}
	for _, text := range r.timed.Rounded {
		fmt.Fprint(out, screen.Indent(r.say("rounded: %s from %s to %s", r.say(text.Name), r.seconds(text.From), r.seconds(text.To)), 0, 2))
	}
	r.table(out)
	r.loss(out)
	r.advise(out)
	if err := r.consequences(out); err != nil {
		return err
	}
	if r.status() == cli.Unknown {
		fmt.Fprintln(out, r.say("Not complete: stopped before all was explored."))
	}
	return nil
}

// say returns a message in the language of the report.
func (r *linuxReport) say(english string, args ...any) string { return r.lang.Say(english, args...) }

// seconds returns a time in the language of the report.
func (r *linuxReport) seconds(d time.Duration) string { return report.Seconds(r.lang, d) }

func (r *linuxReport) parameters(out io.Writer) {
	t := screen.Table{Indent: 2}
	for _, s := range profile.Sysctls {
		note := ""
		if slices.Contains(r.missing, s.Name) {
			note = r.say(" (no such file: the default)")
		}
		t.Row(screen.Plain(s.Name, about.Say(r.lang, s.Text(r.linux)), r.say(s.Meaning)+note)...)
	}
	t.Row(screen.Plain("TCP_TIMEWAIT_LEN", r.seconds(profile.TimeWaitLen), r.say("compiled in"))...)
	t.Row(screen.Plain("TCP_RTO_MIN, _MAX", r.lang.List([]string{r.seconds(profile.RTOMin), r.seconds(profile.RTOMax)}), r.say("compiled in"))...)
	t.Write(out)
}

// differences writes the differences from the RFC, and what each is in the model.
func (r *linuxReport) differences(out io.Writer) {
	for _, d := range append(slices.Clip(profile.Differences), profile.Otherwise) {
		fmt.Fprint(out, screen.Indent(fmt.Sprintf("%-4s", cmp.Or(d.ID, "--"))+r.say("RFC 9293, %s: %s.", r.lang.Cite(d.Source), r.say(d.Says)), 2, 4))
		does := r.say("Linux: %s.", r.say(d.Does))
		if d.Where != "" {
			does = r.say("Linux: %s (%s).", r.say(d.Does), d.Where)
		}
		var words []string
		for _, p := range d.Parts(r.timed) {
			words = append(words, r.part(p))
		}
		fmt.Fprint(out, screen.Indent(does, 6, 2))
		fmt.Fprint(out, screen.Indent(r.say("In the model: %s", strings.Join(words, r.say(", "))), 6, 2))
		if d.Rest != "" {
			fmt.Fprint(out, screen.Indent(r.say("Not in the model: %s", r.say(d.Rest)), 6, 2))
		}
	}
}

// part returns a setting of a difference, in the language of the report.
func (r *linuxReport) part(p profile.Part) string {
	switch {
	case p.Timed:
		return p.Name + "=" + r.seconds(p.Time)
	case !p.Now:
		return r.say("%s=%s (not now)", p.Name, p.Value)
	}
	return p.String()
}

// flags is c as flags of other commands.
func flags(c model.Config) (list []string) {
	for _, word := range c.Against(model.Default()) {
		name, value, _ := strings.Cut(word, "=")
		list = append(list, "-"+name+" "+screen.Quoted(value))
	}
	return list
}

// table writes how long a socket can stay in each state.
func (r *linuxReport) table(out io.Writer) {
	fmt.Fprint(out, screen.Indent("\n"+r.say("The longest that a socket can stay in a state, whatever is lost and whenever the user and the peer, which is alike, close; RTO %s, to %s:", r.seconds(r.asked.RTO), r.seconds(r.timed.Tick))+"\n", 0, 0))
	t := screen.Table{Indent: 2}
	for i, state := range profile.States {
		var rows [2][]string
		for how, column := range r.stays {
			rows[how] = r.stay(column[i])
		}
		name := profile.Name(state)
		if slices.Equal(rows[0], rows[1]) {
			t.Row(screen.Plain(append([]string{name, ""}, rows[0]...)...)...)
			continue
		}
		for how, row := range rows {
			t.Row(screen.Plain(append([]string{name, r.say("by %s", profile.Closing(how))}, row...)...)...)
			name = ""
		}
	}
	t.Write(out)
}

// stay returns the length of a stay, and what ends it.
func (r *linuxReport) stay(s profile.Stay) []string {
	switch {
	case s.Unbounded:
		return []string{r.say("unbounded"), about.Say(r.lang, s.Ends)}
	case !s.Known:
		return []string{r.say("unknown"), ""}
	case !s.Reached:
		return []string{r.say("never"), ""}
	}
	return []string{r.seconds(s.Greatest), about.Say(r.lang, s.Ends)}
}

// loss writes what happens when the last ACK is lost.
func (r *linuxReport) loss(out io.Writer) {
	a := r.lastAck
	switch {
	case !a.Known:
		fmt.Fprintf(out, "\n%s\n", r.say("When the last ACK is lost: %s.", r.say("unknown")))
		return
	case !a.Happens:
		fmt.Fprintf(out, "\n%s\n", r.say("When the last ACK is lost: no socket in TIME_WAIT answers a peer in LAST_ACK."))
		return
	}
	fmt.Fprint(out, screen.Indent("\n"+r.say("When the last ACK is lost, once: the peer in LAST_ACK sends its FIN again, TIME_WAIT answers and restarts; LAST_ACK ends %s to %s after the loss, and TIME_WAIT after at most %s. If every ACK is lost, LAST_ACK ends as the table says, and its user is told ETIMEDOUT if it still holds the socket.",
		r.seconds(a.Least), r.seconds(a.Greatest), r.seconds(a.Waits)), 0, 0))
}

// advise writes which of the usual advice applies.
func (r *linuxReport) advise(out io.Writer) {
	fmt.Fprintf(out, "\n%s\n", r.say("The usual advice:"))
	put := func(format string, args ...any) { fmt.Fprint(out, screen.Indent(r.say(format, args...), 2, 4)) }
	is, half := r.advice.whole, r.advice.half
	switch whole, halved := is.timeWait, half.timeWait; {
	case !whole.Known || !halved.Known:
		put("tcp_fin_timeout: %s.", r.say("unknown"))
	case !whole.Reached || !halved.Reached:
		put("tcp_fin_timeout: no socket is in TIME_WAIT here.")
	default:
		put("tcp_fin_timeout: TIME_WAIT takes at least %s with %s, and at least %s with %s: %s.",
			r.seconds(whole.Least), r.seconds(is.finTimeout), r.seconds(halved.Least), r.seconds(half.finTimeout),
			r.say(map[bool]string{true: "it does not depend on it", false: "it depends on it"}[whole.Least == halved.Least]))
	}
	rfc1337 := fmt.Sprintf("tcp_rfc1337=%d", map[bool]int{true: 1}[r.linux.RFC1337])
	switch {
	case !r.advice.rstKnown:
		put("%s: %s.", rfc1337, r.say("unknown"))
	case r.advice.rst:
		put("%s: an RST can end TIME_WAIT before its time.", rfc1337)
	default:
		put("%s: an RST cannot end TIME_WAIT before its time.", rfc1337)
	}
	put("tcp_tw_reuse=%d: %s. It shortens no TIME_WAIT, and does nothing for a server.", r.linux.TWReuse,
		r.say([]string{"connect() waits for TIME_WAIT to end", "connect() may replace a TIME_WAIT that is a second old and has timestamps", "connect() may replace a TIME_WAIT only where both ends are on this host"}[r.linux.TWReuse]))
	put("CLOSE_WAIT: nothing but close(), shutdown(), the end of the process or, with SO_KEEPALIVE, a peer that is gone ends it.")
}

// tried tries the usual advice, where that is possible.
func tried(ctx context.Context, l profile.Linux, c profile.Case, o product.Options) (a advice, err error) {
	c.Losses = model.Unlimited
	lower := l
	lower.FinTimeout = l.FinTimeout / 2
	a.whole.finTimeout, a.half.finTimeout = l.FinTimeout, lower.FinTimeout
	if a.whole.timeWait, err = l.Shortest(ctx, c, model.TimeWait, o); err != nil {
		return a, err
	}
	if a.half.timeWait, err = lower.Shortest(ctx, c, model.TimeWait, o); err != nil {
		return a, err
	}
	a.rst, a.rstKnown, err = assassinated(ctx, l, o)
	return a, err
}

// assassinated reports whether something ends TIME-WAIT before its time, by
// Linux's rules in the smallest configuration in which copies are delivered, if that is
// known.
func assassinated(ctx context.Context, l profile.Linux, o product.Options) (broken, known bool, err error) {
	p, err := invariants.Find("time-wait-unbroken")
	if err != nil {
		return false, false, err
	}
	t, err := l.Config(profile.Case{})
	if err != nil {
		return false, false, err
	}
	small, err := check.FindPreset("no-data")
	if err != nil {
		return false, false, err
	}
	c := small.Config
	for side := range c.Ends {
		c.Ends[side].Choices = t.Config.Ends[side].Choices
	}
	r, err := check.Check(ctx, c, []*invariants.Property{p}, check.Options{Options: o, NoTraces: true, UntilFound: true})
	if err != nil {
		return false, false, err
	}
	v := r.Findings[0].Verdict
	return v == check.Violated, v != check.Unknown, nil
}

// consequences writes what follows from the numbers, with traces.
func (r *linuxReport) consequences(out io.Writer) error {
	for i, p := range r.proofs {
		sentence := profile.Consequences[i].Sentence
		switch {
		case !p.Holds && !p.Known:
			fmt.Fprint(out, screen.Indent("\n"+r.say("Unknown: %s", r.say(sentence)), 0, 0))
			continue
		case !p.Holds:
			fmt.Fprint(out, screen.Indent("\n"+r.say("Not so here: %s", r.say(sentence)), 0, 0))
			continue
		}
		fmt.Fprint(out, screen.Indent("\n"+r.say(sentence)+"\n", 0, 0))
		s, err := trace.NewStory(p.Trace, trace.About{Tick: p.Tick, Language: r.lang})
		if err != nil {
			return fmt.Errorf("an error of this program: %w", err)
		}
		if err := s.Ladder(out, trace.LadderOptions{}); err != nil {
			return err
		}
	}
	return nil
}

// end shows a profile that is not of Linux, or of a file, by its settings.
func (f *profileFlags) end(set *cli.Set, name string, out io.Writer) (int, error) {
	for _, flag := range []string{"host", "times", "traces", "proc", "rto", "user-timeout", "linger2", "keepalive", "finer"} {
		if set.Given(flag) {
			return 0, &cli.Mistake{Thing: "flag -" + flag, Want: "want it with linux"}
		}
	}
	e, err := target.Open(name)
	if err != nil {
		return 0, cli.Because(err).Of("argument", name)
	}
	if f.write != "" {
		return cli.OK, f.written(e, out)
	}
	p, err := profile.NewPair(e, e)
	if err != nil {
		return 0, err
	}
	b := base.OfPair(p, nil)
	if f.json {
		return cli.OK, writeJSON(out, encodedEnd(e, b))
	}
	fmt.Fprint(out, screen.Indent(f.lang.Say("%s:", e.Name), 0, 2))
	for _, line := range e.About {
		fmt.Fprint(out, screen.Indent(f.lang.Say(line), 2, 2))
	}
	fmt.Fprintln(out)
	for _, s := range e.Settings {
		fmt.Fprint(out, screen.Indent(f.lang.Say("%s %s: %s", s.Field.Base, s.Value, says(f.lang, s)), 2, 6))
		if s.Comment != "" {
			fmt.Fprint(out, screen.Indent("# "+f.lang.Say(s.Comment), 6, 2))
		}
	}
	fmt.Fprint(out, screen.Indent(f.lang.Say("Everything else is as by default."), 2, 2))
	title := f.lang.Say("In ticks of any length:")
	if b.Tick > 0 {
		title = f.lang.Say("In ticks of %s, with a segment in transit for at most %s:", report.Seconds(f.lang, b.Tick), f.lang.Count(int(p.Way), "tick"))
	}
	fmt.Fprint(out, screen.Indent("\n"+title, 0, 0))
	fmt.Fprint(out, screen.Command(2, append([]string{"tcpclose check"}, flags(b.Config)...)...))
	return cli.OK, nil
}

// says returns what a setting is: of a decision, what is chosen, and else what the
// field means.
func says(l lang.Language, s profile.Setting) string {
	for d := range model.NumDecisions {
		if d.String() != s.Field.Base {
			continue
		}
		for _, a := range d.Info().Alternatives {
			if a.Name == s.Value.String() {
				return l.Say("%s %s.", l.Say(d.Info().Question), l.Say(a.Sentence))
			}
		}
	}
	return l.Say(s.Field.Meaning)
}

// The JSON form of a profile that is not of Linux. Fields are added, not renamed.
type jsonEnd struct {
	Profile  string            `json:"profile"`
	About    []string          `json:"about"`
	Settings []jsonSetting     `json:"settings"`
	Tick     float64           `json:"tick"` // seconds; 0 if the times are in ticks
	Config   map[string]string `json:"config"`
	Command  string            `json:"command"`
}

type jsonSetting struct {
	Name    string   `json:"name"`
	Value   string   `json:"value"`
	Seconds *float64 `json:"seconds,omitempty"`
	Comment string   `json:"comment,omitempty"`
}

func encodedEnd(e *profile.End, b *base.Base) jsonEnd {
	j := jsonEnd{
		Profile: e.Name, About: append([]string{}, e.About...), Settings: []jsonSetting{}, Tick: exactly(b.Tick),
		Config: report.JSONConfig(b.Config), Command: strings.Join(append([]string{"tcpclose check"}, flags(b.Config)...), " "),
	}
	for _, s := range e.Settings {
		j.Settings = append(j.Settings, jsonSetting{s.Field.Base, s.Value.String(), inSeconds(s.Value.Time, s.Value.Timed && s.Value.MSLs == 0), s.Comment})
	}
	return j
}
