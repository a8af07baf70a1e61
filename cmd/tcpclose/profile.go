package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"tcpclose/explore"
	"tcpclose/invariants"
	"tcpclose/model"
	"tcpclose/profile"
	"tcpclose/trace"
)

const profileText = `usage: tcpclose profile linux [flags]

Shows Linux: its parameters, where it does not do what RFC 9293 says (D1 to D13)
and what of the model that is, and the configuration that all of it makes, for
the other commands. Times are in seconds.

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
	set.DurationVar(&c.RTO, "rto", profile.RTOMin, "the RTO, as in 300ms")
	set.DurationVar(&c.UserTimeout, "user-timeout", 0, "TCP_USER_TIMEOUT, as in 30s")
	set.DurationVar(&c.Linger2, "linger2", 0, "TCP_LINGER2, as in 10s; less than 0 is RST")
	set.BoolVar(&c.KeepAlive, "keepalive", false, "SO_KEEPALIVE")
	set.IntVar(&c.Finer, "finer", 1, "make the ticks so many `times` finer; what is told should not change by more than a tick")
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
	if c.Finer < 1 {
		return 0, fmt.Errorf("flag -finer: %d: want 1 to 16", c.Finer)
	}
	l, whose := profile.Defaults(), "by default"
	var missing []string
	if *host {
		var err error
		if l, missing, err = profile.Host(*dir); err != nil {
			return 0, err
		}
		whose = "as " + *dir + " has it"
	}
	c.Losses = model.Unlimited
	t, err := l.Config(c)
	if err != nil {
		return 0, err
	}
	fmt.Fprintf(out, "Linux, %s:\n\n", whose)
	parameters(out, l, missing)
	if !*host && !*times && !*traces {
		fmt.Fprintln(out)
		differences(out, t)
		fmt.Fprintf(out, "\nIn ticks of %s: tcpclose check%s\n", profile.Seconds(t.Tick), flags(t.Config))
		return exitOK, nil
	}
	for _, r := range t.Rounded {
		fmt.Fprintf(out, "rounded: %s\n", r)
	}
	o := explore.Options{}
	if p := newProgress(errs); p != nil {
		o.Progress = p.show
		defer p.end()
	}
	known := true
	if err := stays(ctx, out, l, c, o, &known); err != nil {
		return 0, err
	}
	if err := lastAck(ctx, out, l, c, o, &known); err != nil {
		return 0, err
	}
	if err := advice(ctx, out, l, c, o); err != nil {
		return 0, err
	}
	if *traces {
		if err := consequences(ctx, out, l, o, &known); err != nil {
			return 0, err
		}
	}
	if !known {
		fmt.Fprintln(out, "Not complete: stopped before all was explored.")
		return exitUnknown, nil
	}
	return exitOK, nil
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
		fmt.Fprintf(out, "      In the model: %s\n", strings.Join(parts(d, t), ", "))
		if d.Rest != "" {
			fmt.Fprintf(out, "      Not in the model: %s\n", d.Rest)
		}
	}
}

// parts is what of a configuration a difference is.
func parts(d profile.Difference, t profile.Timed) (words []string) {
	words = append(words, d.Always...)
	for _, name := range d.Times {
		for _, f := range model.Fields {
			if f.Name != name {
				continue
			}
			value := f.Get(t.Config)
			if n := 0; value != "off" {
				if _, err := fmt.Sscan(value, &n); err == nil {
					value = profile.Seconds(t.Duration(n))
				}
			}
			words = append(words, name+"="+value)
		}
	}
	for _, word := range d.Sometimes {
		name, value, _ := strings.Cut(word, "=")
		for _, f := range model.Fields {
			if f.Name == name && f.Get(t.Config) != value {
				word = word + " (not now)"
			}
		}
		words = append(words, word)
	}
	return words
}

// flags is c as flags of other commands.
func flags(c model.Config) (text string) {
	for _, word := range c.Against(model.Default()) {
		name, value, _ := strings.Cut(word, "=")
		text += " -" + name + " " + value
	}
	return text
}

// stays writes how long a socket can stay in each state.
func stays(ctx context.Context, out io.Writer, l profile.Linux, c profile.Case, o explore.Options, known *bool) error {
	var columns [][]profile.Stay
	for _, how := range []profile.Closing{profile.ByClose, profile.ByShutdown} {
		c.A = how
		s, t, err := l.Stays(ctx, c, o)
		if err != nil {
			return err
		}
		if len(columns) == 0 {
			fmt.Fprintf(out, "\nThe longest that a socket can stay in a state, whatever is lost and whenever the\nuser and the peer, which is alike, close; RTO %s, to %s:\n\n", profile.Seconds(c.RTO), profile.Seconds(t.Tick))
		}
		columns = append(columns, s)
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "  \tby close()\t\tby shutdown()\t\n")
	for i, state := range profile.States {
		fmt.Fprintf(w, "  %s", profile.Name(state))
		for _, s := range columns {
			*known = *known && s[i].Known
			switch s := s[i]; {
			case s.Unbounded:
				fmt.Fprintf(w, "\tunbounded\t%s", s.Ends)
			case !s.Reached:
				fmt.Fprint(w, "\tnever\t")
			default:
				fmt.Fprintf(w, "\t%s\t%s", profile.Seconds(s.Greatest), s.Ends)
			}
		}
		fmt.Fprintln(w)
	}
	return w.Flush()
}

// lastAck writes what happens when the last ACK is lost.
func lastAck(ctx context.Context, out io.Writer, l profile.Linux, c profile.Case, o explore.Options, known *bool) error {
	a, _, err := l.LastAck(ctx, c, o)
	if err != nil {
		return err
	}
	*known = *known && a.Known
	fmt.Fprintf(out, "\nWhen the last ACK is lost, once: the peer in LAST_ACK sends its FIN again, TIME_WAIT\nanswers and starts anew; LAST_ACK ends %s after the loss at the least, %s at\nthe most, and TIME_WAIT %s at the most. If every ACK is lost, LAST_ACK ends as the\ntable says, and its user is told ETIMEDOUT if it still holds the socket.\n",
		profile.Seconds(a.Least), profile.Seconds(a.Greatest), profile.Seconds(a.Waits))
	return nil
}

// advice writes which of the usual advice applies. What can be tried is.
func advice(ctx context.Context, out io.Writer, l profile.Linux, c profile.Case, o explore.Options) error {
	c.Losses = model.Unlimited
	is, err := l.Shortest(ctx, c, model.TimeWait, o)
	if err != nil {
		return err
	}
	lower := l
	lower.FinTimeout = l.FinTimeout / 2
	half, err := lower.Shortest(ctx, c, model.TimeWait, o)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "\nThe usual advice:\n")
	fmt.Fprintf(out, "  tcp_fin_timeout: TIME_WAIT takes at the least %s with %s, and %s with %s:\n      it %s.\n",
		profile.Seconds(is), profile.Seconds(l.FinTimeout), profile.Seconds(half), profile.Seconds(lower.FinTimeout),
		map[bool]string{true: "does not depend on it", false: "depends on it"}[is == half])
	broken, err := assassinated(ctx, l, o)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "  tcp_rfc1337=%d: an RST %s TIME_WAIT before its time.\n", map[bool]int{true: 1}[l.RFC1337],
		map[bool]string{true: "can end", false: "cannot end"}[broken])
	fmt.Fprintf(out, "  tcp_tw_reuse=%d: %s.\n      It shortens no TIME_WAIT, and does nothing for who accepts connections.\n", l.TWReuse,
		[]string{"connect() waits for TIME_WAIT to end", "connect() may replace a TIME_WAIT that is a second old\n      and has timestamps", "connect() may do so to an address of this host alone"}[l.TWReuse])
	fmt.Fprintf(out, "  CLOSE_WAIT: nothing but close(), shutdown(), the end of the process or, with\n      SO_KEEPALIVE, a peer that is gone ends it.\n")
	return nil
}

// assassinated reports whether something ends TIME-WAIT before its time, by
// Linux's rules in the smallest configuration in which copies are delivered.
func assassinated(ctx context.Context, l profile.Linux, o explore.Options) (bool, error) {
	p, err := invariants.Find("time-wait-unbroken")
	if err != nil {
		return false, err
	}
	t, err := l.Config(profile.Case{})
	if err != nil {
		return false, err
	}
	small, err := invariants.FindPreset("no-data")
	if err != nil {
		return false, err
	}
	c := small.Config
	c.Choices = t.Config.Choices
	r, err := invariants.Check(ctx, c, []*invariants.Property{p}, invariants.Options{Options: o, NoTraces: true, UntilFound: true})
	if err != nil {
		return false, err
	}
	return r.Findings[0].Verdict == invariants.Violated, nil
}

// consequences writes what follows from the numbers, with traces.
func consequences(ctx context.Context, out io.Writer, l profile.Linux, o explore.Options, known *bool) error {
	for _, q := range profile.Consequences {
		p, err := l.Follows(ctx, q, o)
		if err != nil {
			return err
		}
		*known = *known && (p.Holds || p.Known)
		if !p.Holds {
			fmt.Fprintf(out, "\nNot so here: %s\n", q.Sentence)
			continue
		}
		fmt.Fprintf(out, "\n%s\n\n", q.Sentence)
		s, err := trace.NewStory(p.Trace, trace.About{})
		if err != nil {
			return fmt.Errorf("an error of this program: %w", err)
		}
		if err := s.Ladder(out, trace.LadderOptions{Tick: p.Tick}); err != nil {
			return err
		}
	}
	return nil
}
