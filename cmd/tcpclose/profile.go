package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"tcpclose/check"
	"tcpclose/cmd/tcpclose/internal/cli"
	"tcpclose/cmd/tcpclose/internal/screen"
	"tcpclose/explore/product"
	"tcpclose/invariants"
	"tcpclose/model"
	"tcpclose/profile"
	"tcpclose/trace"
)

const profileText = `usage: tcpclose profile linux [flags]

Shows Linux: its parameters, where it does not do what RFC 9293 says (D1 to D13)
and what of the model that is, and the configuration that all of it makes, for
the other commands. Times are in seconds.

With -json it is a report for programs; docs/linux.md has its fields.

With -times it explores what two such machines can do, and tells how long a socket
can stay in each state and what happens when the last ACK is lost; with -host so,
by the parameters of this machine.

Exit status: 0; 2 for a wrong command line or parameters that cannot be read; 3 when
not everything was explored.

`

func runProfile(ctx context.Context, args []string, out, errs io.Writer) (int, error) {
	set := newFlags("profile")
	var c profile.Case
	host := set.Bool("host", false, "read the parameters of this machine, and check with them")
	dir := set.String("proc", profile.HostDir, "read them from this `directory`")
	times := set.Bool("times", false, "tell how long a socket can stay in each state, and what happens when the last ACK is lost")
	traces := set.Bool("traces", false, "show also what follows from the numbers, as traces")
	c.RTO, c.Finer = profile.RTOMin, 1
	durationFlag(set, "rto", "the `RTO`, as in 300ms (default 200ms)", &c.RTO)
	durationFlag(set, "user-timeout", "`TCP_USER_TIMEOUT`, as in 30s", &c.UserTimeout)
	durationFlag(set, "linger2", "`TCP_LINGER2`, as in 10s; less than 0 is RST", &c.Linger2)
	set.BoolVar(&c.KeepAlive, "keepalive", false, "SO_KEEPALIVE")
	encode := set.Bool("json", false, "write the report as JSON")
	set.Func("finer", "make the ticks so many `times` finer; what is told should not change by more than a tick (default 1)", func(text string) error {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > 16 {
			return errors.New("want 1 to 16")
		}
		c.Finer = n
		return nil
	})
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		if args[0] != "linux" {
			return 0, fmt.Errorf("argument %q: want linux", args[0])
		}
		args = args[1:]
	} else if len(args) == 0 || args[0] != "-h" && args[0] != "-help" && args[0] != "--help" {
		return 0, errors.New("want a profile: linux")
	}
	if err := parse(set, args, profileText, out); err != nil {
		return 0, err
	}
	if set.NArg() > 0 {
		return 0, fmt.Errorf("argument %q: want flags only", set.Arg(0))
	}
	if err := profile.CheckRTO(c.RTO); err != nil {
		return 0, err
	}
	l, source := profile.Defaults(), ""
	var missing []string
	if *host {
		var err error
		if l, missing, err = profile.Host(*dir); err != nil {
			return 0, err
		}
		source = *dir
	}
	c.Losses = model.Unlimited
	t, err := l.Config(c)
	if err != nil {
		return 0, err
	}
	r := &linuxReport{linux: l, source: source, missing: missing, timed: t, asked: c}
	if *host || *times || *traces {
		o := product.Options{}
		p := screen.NewProgress(errs)
		if p != nil {
			o.Progress = p.Show
		}
		err := r.explore(ctx, *traces, o)
		p.End()
		if err != nil {
			return 0, err
		}
	}
	if *encode {
		return r.status(), writeJSON(out, r.encoded())
	}
	return r.status(), r.text(out)
}

// durationFlag adds a flag whose value is a time.
func durationFlag(set *flag.FlagSet, name, usage string, at *time.Duration) {
	set.Func(name, usage, func(text string) error {
		d, err := time.ParseDuration(text)
		if err != nil {
			return errors.New("want a time, as in 300ms or 30s")
		}
		*at = d
		return nil
	})
}

// A linuxReport is what profile tells: always of a machine and of the configuration
// that it makes, and what two such machines can do if that was explored.
type linuxReport struct {
	linux   profile.Linux
	source  string   // the directory in which the parameters stand, or "" for the defaults
	missing []string // parameters that are not known, and have their defaults
	asked   profile.Case
	timed   profile.Timed

	explored bool
	stays    [2][]profile.Stay // by profile.Closing
	lastAck  *profile.LastAck
	advice   advice
	proofs   []*profile.Proof // of profile.Consequences, if they were asked for
}

// An advice is what was tried of what is usually advised.
type advice struct {
	whole, half tryOut
	// rst is whether an RST ends TIME_WAIT before its time.
	rst      bool
	rstKnown bool
}

// A tryOut is how long TIME_WAIT takes at the least with a tcp_fin_timeout.
type tryOut struct {
	finTimeout time.Duration
	timeWait   profile.Stay
}

// explore finds all that takes time to find.
func (r *linuxReport) explore(ctx context.Context, traces bool, o product.Options) (err error) {
	r.explored = true
	for how := range r.stays {
		c := r.asked
		c.A = profile.Closing(how)
		if r.stays[how], _, err = r.linux.Stays(ctx, c, o); err != nil {
			return err
		}
	}
	if r.lastAck, _, err = r.linux.LastAck(ctx, r.asked, o); err != nil {
		return err
	}
	if r.advice, err = tried(ctx, r.linux, r.asked, o); err != nil || !traces {
		return err
	}
	for _, q := range profile.Consequences {
		c := r.asked
		c.A, c.B = q.Case.A, q.Case.B
		q.Case = c
		p, err := r.linux.Follows(ctx, q, o)
		if err != nil {
			return err
		}
		r.proofs = append(r.proofs, p)
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

// text writes the report for people.
func (r *linuxReport) text(out io.Writer) error {
	whose := "by default"
	if r.source != "" {
		whose = "as " + r.source + " has it"
	}
	fmt.Fprintf(out, "Linux, %s:\n\n", whose)
	parameters(out, r.linux, r.missing)
	if !r.explored {
		fmt.Fprintln(out)
		differences(out, r.timed)
		fmt.Fprintf(out, "\nIn ticks of %s: tcpclose check%s\n", profile.Seconds(r.timed.Tick), flags(r.timed.Config))
		return nil
	}
	for _, text := range r.timed.Rounded {
		fmt.Fprintf(out, "rounded: %s\n", text)
	}
	r.table(out)
	r.loss(out)
	r.advise(out)
	if err := r.consequences(out); err != nil {
		return err
	}
	if r.status() == cli.Unknown {
		fmt.Fprintln(out, "Not complete: stopped before all was explored.")
	}
	return nil
}

func parameters(out io.Writer, l profile.Linux, missing []string) {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, s := range profile.Sysctls {
		note := ""
		for _, m := range missing {
			if m == s.Name {
				note = " (no such file: the default)"
			}
		}
		fmt.Fprintf(w, "  %s\t%s%s\t%s\n", s.Name, s.Text(l), note, s.Meaning)
	}
	fmt.Fprintf(w, "  TCP_TIMEWAIT_LEN\t%s\tcompiled in\n", profile.Seconds(profile.TimeWaitLen))
	fmt.Fprintf(w, "  TCP_RTO_MIN, _MAX\t%s, %s\tcompiled in\n", profile.Seconds(profile.RTOMin), profile.Seconds(profile.RTOMax))
	w.Flush()
}

// differences is D1 to D13, and what each is in t.
func differences(out io.Writer, t profile.Timed) {
	for _, d := range append(profile.Differences, profile.Otherwise) {
		id := d.ID
		if id == "" {
			id = "--"
		}
		fmt.Fprintf(out, "  %-4sRFC 9293, %s: %s.\n", id, d.Source, d.Says)
		fmt.Fprintf(out, "      Linux: %s", d.Does)
		if d.Where != "" {
			fmt.Fprintf(out, " (%s)", d.Where)
		}
		fmt.Fprintln(out, ".")
		var words []string
		for _, p := range d.Parts(t) {
			words = append(words, p.String())
		}
		fmt.Fprintf(out, "      In the model: %s\n", strings.Join(words, ", "))
		if d.Rest != "" {
			fmt.Fprintf(out, "      Not in the model: %s\n", d.Rest)
		}
	}
}

// flags is c as flags of other commands.
func flags(c model.Config) (text string) {
	for _, word := range c.Against(model.Default()) {
		name, value, _ := strings.Cut(word, "=")
		text += " -" + name + " " + value
	}
	return text
}

// unknown stands for what was not explored.
const unknown = "unknown"

// table writes how long a socket can stay in each state.
func (r *linuxReport) table(out io.Writer) {
	fmt.Fprintf(out, "\nThe longest that a socket can stay in a state, whatever is lost and whenever the\nuser and the peer, which is alike, close; RTO %s, to %s:\n\n", profile.Seconds(r.asked.RTO), profile.Seconds(r.timed.Tick))
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "  \tby close()\t\tby shutdown()\t\n")
	for i, state := range profile.States {
		fmt.Fprintf(w, "  %s", profile.Name(state))
		for _, column := range r.stays {
			switch s := column[i]; {
			case s.Unbounded:
				fmt.Fprintf(w, "\tunbounded\t%s", s.Ends)
			case !s.Known:
				fmt.Fprintf(w, "\t%s\t", unknown)
			case !s.Reached:
				fmt.Fprint(w, "\tnever\t")
			default:
				fmt.Fprintf(w, "\t%s\t%s", profile.Seconds(s.Greatest), s.Ends)
			}
		}
		fmt.Fprintln(w)
	}
	w.Flush()
}

// loss writes what happens when the last ACK is lost.
func (r *linuxReport) loss(out io.Writer) {
	a := r.lastAck
	switch {
	case !a.Known:
		fmt.Fprintf(out, "\nWhen the last ACK is lost: %s.\n", unknown)
		return
	case !a.Happens:
		fmt.Fprintln(out, "\nWhen the last ACK is lost: no socket in TIME_WAIT answers a peer in LAST_ACK here.")
		return
	}
	fmt.Fprintf(out, "\nWhen the last ACK is lost, once: the peer in LAST_ACK sends its FIN again, TIME_WAIT\nanswers and starts anew; LAST_ACK ends %s after the loss at the least, %s at\nthe most, and TIME_WAIT %s at the most. If every ACK is lost, LAST_ACK ends as the\ntable says, and its user is told ETIMEDOUT if it still holds the socket.\n",
		profile.Seconds(a.Least), profile.Seconds(a.Greatest), profile.Seconds(a.Waits))
}

// advise writes which of the usual advice applies.
func (r *linuxReport) advise(out io.Writer) {
	fmt.Fprintf(out, "\nThe usual advice:\n")
	is, half := r.advice.whole, r.advice.half
	switch whole, halved := is.timeWait, half.timeWait; {
	case !whole.Known || !halved.Known:
		fmt.Fprintf(out, "  tcp_fin_timeout: %s.\n", unknown)
	case !whole.Reached || !halved.Reached:
		fmt.Fprintf(out, "  tcp_fin_timeout: no socket is in TIME_WAIT here.\n")
	default:
		fmt.Fprintf(out, "  tcp_fin_timeout: TIME_WAIT takes at the least %s with %s, and %s with %s:\n      it %s.\n",
			profile.Seconds(whole.Least), profile.Seconds(is.finTimeout), profile.Seconds(halved.Least), profile.Seconds(half.finTimeout),
			map[bool]string{true: "does not depend on it", false: "depends on it"}[whole.Least == halved.Least])
	}
	rfc1337 := fmt.Sprintf("tcp_rfc1337=%d", map[bool]int{true: 1}[r.linux.RFC1337])
	if r.advice.rstKnown {
		fmt.Fprintf(out, "  %s: an RST %s TIME_WAIT before its time.\n", rfc1337, map[bool]string{true: "can end", false: "cannot end"}[r.advice.rst])
	} else {
		fmt.Fprintf(out, "  %s: %s.\n", rfc1337, unknown)
	}
	fmt.Fprintf(out, "  tcp_tw_reuse=%d: %s.\n      It shortens no TIME_WAIT, and does nothing for who accepts connections.\n", r.linux.TWReuse,
		[]string{"connect() waits for TIME_WAIT to end", "connect() may replace a TIME_WAIT that is a second old\n      and has timestamps", "connect() may do so to an address of this host alone"}[r.linux.TWReuse])
	fmt.Fprintf(out, "  CLOSE_WAIT: nothing but close(), shutdown(), the end of the process or, with\n      SO_KEEPALIVE, a peer that is gone ends it.\n")
}

// tried is what of the usual advice can be tried.
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
			fmt.Fprintf(out, "\nWhether it is so is %s: %s\n", unknown, sentence)
			continue
		case !p.Holds:
			fmt.Fprintf(out, "\nNot so here: %s\n", sentence)
			continue
		}
		fmt.Fprintf(out, "\n%s\n\n", sentence)
		s, err := trace.NewStory(p.Trace, trace.About{Tick: p.Tick})
		if err != nil {
			return fmt.Errorf("an error of this program: %w", err)
		}
		if err := s.Ladder(out, trace.LadderOptions{}); err != nil {
			return err
		}
	}
	return nil
}
