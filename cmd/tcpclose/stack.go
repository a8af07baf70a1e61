package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"tcpclose/claims"
	"tcpclose/cmd/tcpclose/internal/cli"
	"tcpclose/cmd/tcpclose/internal/report"
	"tcpclose/cmd/tcpclose/internal/screen"
	"tcpclose/cmd/tcpclose/internal/stackreport"
	"tcpclose/model"
	"tcpclose/stacks"
	"tcpclose/stacks/adapter"
	"tcpclose/stacks/drive"
	"tcpclose/stacks/own"
	"tcpclose/stacks/schedule"
)

const stackText = `Drives a real TCP stack by schedules from the model, in virtual time where the
stack allows it, and checks every segment that it sends. It shows the stack's
timers, a table of states and events, each deviation from the RFCs as a ladder
that puts the expected segment beside the observed one, and the stack's
decisions.

'tcpclose stack list' lists the stacks, and what each of them needs that is
missing here. They are built from the sources of tcpclose, so the command must
run in a checkout of it. A stack of your own needs no checkout: -stack-command
starts it. docs/stacks.md explains how to add a stack.

    tcpclose stack gvisor
    tcpclose stack mine -stack-command './shim --quiet' -waivers accepted.txt
    tcpclose stack lneto -run 'open active; in S. 0 1 65535 0; call shutdown'

A line of a waiver file is "rule | clause | reason". In the rule, * matches any
text; an empty clause matches every clause.

Exit status: 0 when every deviation is waived or concerns a MAY; 1 when there is
another; 2 for a wrong command line, or a stack that cannot be started; 3 when
it stopped before every schedule was played.
`

var stackCommand = &cli.Command{
	Name: "stack", Args: "list | NAME [FLAGS]", Kind: kindAsk,
	Summary: "drive a real TCP stack, and check what it does",
	Text:    stackText,
	Words:   func() []string { return append([]string{"list"}, stackNames()...) },
	Set:     func() *cli.Set { return new(stackFlags).set() },
	Run:     runStack,
}

func stackNames() (names []string) {
	for _, s := range stacks.All {
		names = append(names, s.Name)
	}
	return names
}

// stackFlags contains the flags of stack, as given.
type stackFlags struct {
	lang                                   claims.Language
	command, run, given, format, dir       string
	profile, waivers                       string
	probes, walks, both, seed, buffer, max int
	every, measure                         int
	states, verbose                        bool
}

// forms are what a report can be written as.
var forms = []string{"text", "json", "packetdrill", "markdown"}

func (f *stackFlags) set() *cli.Set {
	f.format, f.probes, f.walks, f.both, f.max, f.every = forms[0], 1, 2000, 300, 20, 1
	set := cli.NewSet("stack")
	set.Text(cli.Flag{Name: "stack-command", Group: cli.Question, Values: "COMMAND", Means: "start this program, which speaks the line protocol"}, &f.command)
	set.Text(cli.Flag{Name: "run", Group: cli.Question, Values: "SCHEDULE", Means: "play this schedule alone"}, &f.run)
	set.Text(cli.Flag{Name: "given", Group: cli.Question, Values: "DECISIONS", Means: "with -run: decisions that are known, as rst-ack=all"}, &f.given)
	set.Switch(cli.Flag{Name: "states", Group: cli.Question, Means: "also compare the states that the stack reports"}, &f.states)
	set.Text(cli.Flag{Name: "waivers", Group: cli.Question, Values: "FILE", Means: "accept the deviations that this file lists"}, &f.waivers)
	set.Number(cli.Flag{Name: "probes", Group: cli.Limits, Values: "N", Default: "1", Means: "probes after each pair of a state and an event: 0 to 5"}, 0, schedule.Probes, &f.probes)
	set.Number(cli.Flag{Name: "walks", Group: cli.Limits, Values: "N", Default: "2000", Means: "random schedules"}, 0, 1<<30, &f.walks)
	set.Number(cli.Flag{Name: "both", Group: cli.Limits, Values: "N", Default: "300", Means: "random runs in which the peer is the model"}, 0, 1<<30, &f.both)
	set.Number(cli.Flag{Name: "every", Group: cli.Limits, Values: "N", Default: "1", Means: "play one schedule in N for pairs, and no counterexamples"}, 1, 1<<20, &f.every)
	set.Number(cli.Flag{Name: "measure", Group: cli.Limits, Values: "SECONDS", Default: "0", Means: "wait for each timer for at most so long; 0 is no limit"}, 0, 1<<20, &f.measure)
	set.Number(cli.Flag{Name: "seed", Group: cli.Limits, Values: "N", Default: "0", Means: "the number of the first random schedule"}, 0, 1<<30, &f.seed)
	set.Number(cli.Flag{Name: "buffer", Group: cli.Limits, Values: "OCTETS", Default: "0", Means: "the stack's receive buffer; 0 is its own"}, 0, 1<<20, &f.buffer)
	set.Number(cli.Flag{Name: "minutes", Group: cli.Limits, Values: "N", Default: "20", Means: "stop after so many minutes"}, 1, 10000, &f.max)
	set.Add(cli.Flag{
		Name: "format", Group: cli.Output, Values: "FORM", Default: forms[0], Means: "write the report as " + strings.Join(forms, ", "),
		Words: func() []string { return forms },
		Set: func(text string) error {
			for _, form := range forms {
				if text == form {
					f.format = text
					return nil
				}
			}
			return cli.WantName(text, "a form", "tcpclose help format", forms)
		},
	})
	set.Text(cli.Flag{Name: "o", Group: cli.Output, Values: "DIRECTORY", Means: "write each deviation there: ladder, JSON, pcap, packetdrill"}, &f.dir)
	set.Text(cli.Flag{Name: "profile-out", Group: cli.Output, Values: "FILE", Means: "write the stack's profile"}, &f.profile)
	report.AddLanguage(set, &f.lang)
	set.Switch(cli.Flag{Name: "v", Group: cli.Output, Means: "show each deviation with its ladder"}, &f.verbose)
	return set
}

func runStack(ctx context.Context, args []string, out, errs io.Writer) (int, error) {
	f := &stackFlags{}
	words, err := f.set().Parse(args)
	if err != nil {
		return 0, err
	}
	if len(words) != 1 {
		return 0, wantWords(words, "list, or the name of one stack")
	}
	if words[0] == "list" {
		return cli.OK, f.list(out)
	}
	name := words[0]
	events, given, err := f.schedule()
	if err != nil {
		return 0, err
	}
	var waivers []drive.Waiver
	if f.waivers != "" {
		text, err := readFile(f.waivers)
		if err != nil {
			return 0, err
		}
		if waivers, err = drive.ParseWaivers(string(text)); err != nil {
			return 0, cli.Want("lines of rule | clause | reason: %v", err).Of("file", f.waivers)
		}
	}
	progress := screen.NewProgress(errs, f.lang, "building %s", name)
	defer progress.End()
	start, clean, err := f.build(name, errs)
	if err != nil {
		return 0, err
	}
	defer clean()
	program, err := start()
	if err != nil {
		return 0, cli.Because(err).Of("stack", name)
	}
	host := drive.OfProgram(program, start)
	defer host.Close()
	if f.run != "" {
		progress.End()
		return f.play(name, host, given, events, out)
	}
	peer, err := own.New(own.Default(), own.Tick)
	if err != nil {
		return 0, err
	}
	plan := drive.Plan{
		Setup: adapter.Setup{Seed: 1, Buffer: f.buffer}, Probes: f.probes, Walks: f.walks, Both: f.both, Seed: uint64(f.seed), Every: f.every, Examples: f.probes > 0 && f.every == 1, States: f.states,
		Measure: time.Duration(f.measure) * time.Second,
	}
	limited, stop := context.WithTimeout(ctx, time.Duration(f.max)*time.Minute)
	defer stop()
	r, err := drive.Bench(limited, host, drive.InProcess(peer), plan, waivers, func(what string, schedules int) {
		progress.Doing("%s, %d schedules, %s", name, schedules, f.lang.Say(what))
	})
	progress.End()
	if err != nil {
		return 0, err
	}
	return f.write(r, name, out)
}

// write writes the report, and the files that were asked for.
func (f *stackFlags) write(r *drive.Report, name string, out io.Writer) (int, error) {
	status := cli.OK
	switch {
	case len(r.New()) > 0:
		status = cli.Violated
	case r.Stopped:
		status = cli.Unknown
	}
	if f.profile != "" {
		if err := report.WriteFile("profile-out", f.profile, r.WriteProfile); err != nil {
			return 0, err
		}
	}
	if f.dir != "" {
		if err := stackreport.Files(f.dir, r); err != nil {
			return 0, cli.Want("a directory that can be written: %v", cli.Innermost(err)).Of("flag -o", f.dir)
		}
	}
	w := &stackreport.Writer{Out: out, Lang: f.lang, Again: f.again(name), Verbose: f.verbose}
	switch f.format {
	case "json":
		return status, stackreport.JSON(out, r)
	case "packetdrill":
		return status, stackreport.Packetdrill(out, r)
	case "markdown":
		return status, w.Page(r)
	}
	return status, w.Text(r)
}

// again returns the command that plays a schedule again, without the schedule.
func (f *stackFlags) again(name string) string {
	text := "tcpclose stack " + name
	if f.command != "" {
		text += " -stack-command '" + f.command + "'"
	}
	if f.buffer > 0 {
		text += fmt.Sprintf(" -buffer %d", f.buffer)
	}
	return text
}

// build returns what starts a stack: the program that was named, or one of the bench,
// which it builds. clean removes what was built.
func (f *stackFlags) build(name string, errs io.Writer) (start func() (*adapter.Program, error), clean func(), err error) {
	starts := func(command func() *exec.Cmd) func() (*adapter.Program, error) {
		return func() (*adapter.Program, error) {
			c := command()
			c.Stderr = errs
			return adapter.Start(c)
		}
	}
	if f.command != "" {
		words := strings.Fields(f.command)
		if len(words) == 0 {
			return nil, nil, cli.Want("a program").Of("flag -stack-command", f.command)
		}
		return starts(func() *exec.Cmd { return exec.Command(words[0], words[1:]...) }), func() {}, nil
	}
	s, err := stacks.Find(name)
	if err != nil {
		return nil, nil, cli.WantName(name, "a stack", "tcpclose stack list", stackNames()).Of("stack", name)
	}
	mistake := func(why error) error {
		return cli.Because(why).Of("stack", name)
	}
	root, err := stacks.Root(".")
	if err != nil {
		return nil, nil, mistake(err)
	}
	if why := s.Missing(root); why != nil {
		return nil, nil, mistake(why)
	}
	dir, err := os.MkdirTemp("", "tcpclose-stack-")
	if err != nil {
		return nil, nil, err
	}
	clean = func() { _ = os.RemoveAll(dir) }
	file := filepath.Join(dir, s.Name)
	if err := s.Build(root, file); err != nil {
		clean()
		return nil, nil, err
	}
	return starts(func() *exec.Cmd { return s.Command(file) }), clean, nil
}

// list writes the stacks, and what is missing to start one.
func (f *stackFlags) list(out io.Writer) error {
	root, err := stacks.Root(".")
	t := screen.Table{}
	for _, s := range stacks.All {
		state := claims.Text{EN: "ready", ZH: "可用"}.In(f.lang)
		if why := err; why != nil {
			state = f.lang.Reason(why)
		} else if why := s.Missing(root); why != nil {
			state = claims.Text{EN: "missing: ", ZH: "缺少："}.In(f.lang) + f.lang.Reason(why)
		}
		t.Row(screen.Plain(s.Name, f.lang.Say(s.About)+f.lang.Say("; ")+state)...)
	}
	t.Write(out)
	return nil
}

// schedule returns what -run and -given ask for.
func (f *stackFlags) schedule() (events adapter.Schedule, given model.Options, err error) {
	if f.run == "" && f.given != "" {
		return nil, given, cli.Want("-run with it").About("flag -given")
	}
	if events, err = adapter.ParseSchedule(f.run); err != nil {
		return nil, given, cli.Want("a schedule: %v", err).Of("flag -run", f.run)
	}
	if given, err = drive.ParseGiven(strings.Fields(f.given)); err != nil {
		return nil, given, cli.Want("decisions: %v", err).Of("flag -given", f.given)
	}
	return events, given, nil
}

// play plays one schedule, and writes the run and what is wrong with it.
func (f *stackFlags) play(name string, host drive.Host, given model.Options, events adapter.Schedule, out io.Writer) (int, error) {
	d, err := drive.One(host, adapter.Setup{Seed: 1, Buffer: f.buffer}, given, events)
	if err != nil {
		return 0, err
	}
	status := cli.OK
	for _, o := range d {
		if o.Rule != "" {
			status = cli.Violated
		}
	}
	w := &stackreport.Writer{Out: out, Lang: f.lang, Again: f.again(name), Verbose: true}
	return status, w.Run(d, f.format)
}
