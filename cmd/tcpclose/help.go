package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"tcpclose/cmd/tcpclose/internal/about"
	"tcpclose/cmd/tcpclose/internal/cli"
	"tcpclose/cmd/tcpclose/internal/report"
	"tcpclose/cmd/tcpclose/internal/screen"
	"tcpclose/internal/lang"
	"tcpclose/internal/near"
)

// welcome says in ten lines what one can do.
func welcome(l lang.Language, out io.Writer) {
	fmt.Fprint(out, l.Say(welcomeText))
}

const welcomeText = `tcpclose explores every way in which a TCP connection can end.

  You write a TCP stack    tcpclose check no-data
                           tcpclose faults fin-before-hole
  You run servers          tcpclose about CLOSE_WAIT, tcpclose explain FILE.pcap
  You learn or teach TCP   tcpclose lose 4
  You check models         tcpclose find 'a.state == CLOSING' no-data

'tcpclose about WORD' explains a state, sysctl, socket option, flag or property.
'tcpclose help' lists the commands, 'tcpclose list' everything that has a name.
`

const helpText = `Lists the commands, or explains one of them, a subject of flags (question, ends,
network, timers, decisions, limits, output), a flag, or anything that 'tcpclose
about' explains.
`

var helpCommand = &cli.Command{
	Name: "help", Args: "[COMMAND | SUBJECT | FLAG | WORD]", Kind: kindTool,
	Summary: "list the commands, or explain one, a flag or a subject of flags",
	Text:    helpText,
	Set:     func() *cli.Set { return languageSet("help", new(lang.Language)) },
}

func init() { // it names the commands, of which it is one
	helpCommand.Run = runHelp
	helpCommand.Words = func() []string { return slices.Concat(commandNames(), subjectNames(), flagNames()) }
}

func runHelp(_ context.Context, args []string, out, _ io.Writer) (int, error) {
	l, words, err := languageFlag(args)
	if err != nil {
		return 0, err
	}
	if len(words) == 0 {
		overview(l, out)
		return cli.OK, nil
	}
	if len(words) == 1 {
		word := words[0]
		for _, c := range commands() {
			if c.Name == word {
				c.Help(l, out)
				return cli.OK, nil
			}
		}
		if cli.IsGroup(word) {
			checkCommand.HelpGroup(l, out, cli.Group(word))
			return cli.OK, nil
		}
	}
	return tell(l, words, out, func(word string) string {
		return near.Name(word, slices.Concat(commandNames(), subjectNames(), flagNames(), about.Names()))
	})
}

// overview lists the commands, by what they are for.
func overview(l lang.Language, out io.Writer) {
	fmt.Fprintln(out, l.Say("usage: tcpclose %s", "COMMAND [ARGUMENTS] [FLAGS]"))
	for _, kind := range []string{kindAsk, kindKnow, kindShow, kindTool} {
		fmt.Fprintf(out, "\n%s\n", screen.Paint(out, screen.Strong, l.Say(kind)))
		t := screen.Table{Indent: 2}
		for _, c := range commands() {
			if c.Kind == kind && !c.Hidden {
				t.Row(screen.Plain(screen.Pad(c.Name, 10), l.Say(c.Summary))...)
			}
		}
		t.Write(out)
	}
	fmt.Fprintf(out, "\n%s\n", l.Say(lastHints))
}

func commandNames() (names []string) {
	for _, c := range commands() {
		if !c.Hidden {
			names = append(names, c.Name)
		}
	}
	return names
}

func subjectNames() (names []string) {
	for _, g := range cli.Groups {
		names = append(names, string(g.Group))
	}
	return names
}

// flagNames is the flags of all commands.
func flagNames() (names []string) {
	for _, c := range commands() {
		for _, f := range c.Set().Flags() {
			names = append(names, "-"+f.Name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

const aboutText = `Says on one screen what the tool knows about a word: a connection state
(CLOSE_WAIT), a sysctl (tcp_fin_timeout), a socket option (SO_LINGER), a call
(shutdown), a flag (-time-wait-rst), a property (quiet), a preset, or anything
else that 'tcpclose list' shows. For a remark of Wireshark, zeek or Suricata it
finds the shortest run of two conforming ends that causes it. If a word has
several meanings, put its kind before it: state, sysctl, option, call, decision,
field, property, witness, preset, profile, assumption, fault, clause, term,
claim or remark.

    tcpclose about FIN_WAIT2
    tcpclose about 'Dup ACK'
    tcpclose about preset abort
`

var aboutCommand = &cli.Command{
	Name: "about", Args: "[KIND] WORD", Kind: kindKnow,
	Summary: "explain a state, sysctl, socket option, flag, property, ...",
	Text:    aboutText,
	Set:     func() *cli.Set { return languageSet("about", new(lang.Language)) },
	Words:   about.Names,
}

func init() { aboutCommand.Run = runAbout }

// languageSet returns the flags of a command that has only -lang.
func languageSet(command string, l *lang.Language) *cli.Set {
	set := cli.NewSet(command)
	report.AddLanguage(set, l)
	return set
}

func runAbout(_ context.Context, args []string, out, _ io.Writer) (int, error) {
	l, words, err := languageFlag(args)
	if err != nil {
		return 0, err
	}
	return tell(l, words, out, about.Meant)
}

// languageFlag takes -lang out of arguments among which another flag is a word as others
// are, and asked about.
func languageFlag(args []string) (l lang.Language, words []string, err error) {
	words, err = unflagged(slices.Clone(args))
	if i := slices.IndexFunc(words, func(word string) bool {
		return strings.HasPrefix(strings.TrimLeft(word, "-"), "lang=") || word == "-lang" || word == "--lang"
	}); i >= 0 && len(words) > 1 {
		n := min(len(words), i+2)
		if strings.Contains(words[i], "=") {
			n = i + 1
		}
		if _, err := languageSet("about", &l).Parse(words[i:n]); err != nil {
			return l, nil, err
		}
		words = slices.Delete(words, i, n)
	}
	return l, words, err
}

// unflagged is arguments among which a flag is a word as others are, and asked about.
func unflagged(args []string) ([]string, error) {
	if slices.ContainsFunc(args, func(arg string) bool { return arg == "-h" || arg == "-help" || arg == "--help" }) {
		return nil, cli.ErrHelp
	}
	return args, nil
}

// tell explains a word, or a kind and a word.
func tell(l lang.Language, words []string, out io.Writer, meant func(word string) string) (int, error) {
	switch len(words) {
	case 1:
		word := words[0]
		if things := about.Lookup(word); len(things) > 0 {
			things[0].Page(things[1:]).In(l).Write(out)
			return cli.OK, nil
		}
		if explainFlag(l, strings.TrimLeft(word, "-"), out) {
			return cli.OK, nil
		}
		m := cli.Argument(word, "a state, sysctl, socket option, flag, property or what else 'tcpclose list' shows")
		if is := meant(word); is != "" {
			m.Hint = "did you mean " + is + "?"
		}
		return 0, m
	case 2:
		thing, known := about.Of(words[0], words[1])
		switch {
		case !known:
			m := cli.Argument(words[0], "one word, or a kind of 'tcpclose help about' before it")
			if is := near.Name(words[0], kinds()); is != "" {
				m.Hint = "did you mean " + is + "?"
			}
			return 0, m
		case thing.Name == "":
			return 0, cli.WantName(words[1], "a "+thing.Subject.Kind, "tcpclose list "+thing.Subject.Plural, thing.Subject.Names()).Of("argument", words[1])
		}
		thing.Page(nil).In(l).Write(out)
		return cli.OK, nil
	}
	return 0, wantWords(words, "one word, as CLOSE_WAIT, or a kind and a word")
}

// kinds returns the kinds that can be before a word.
func kinds() (names []string) {
	for i := range about.Subjects {
		names = append(names, about.Subjects[i].Kind)
	}
	return names
}

// wantWords is the mistake of too few or too many arguments.
func wantWords(words []string, format string, args ...any) *cli.Mistake {
	if len(words) == 0 {
		return cli.Want(format, args...)
	}
	return cli.Argument(words[len(words)-1], format, args...)
}

// explainFlag writes what there is to say of a flag that is no field, and reports
// whether there is one of that name.
func explainFlag(l lang.Language, name string, out io.Writer) bool {
	var flag *cli.Flag
	var of []string
	for _, c := range commands() {
		if f := c.Set().Lookup(name); f != nil {
			if flag == nil {
				flag = f
			}
			of = append(of, c.Name)
		}
	}
	if flag == nil {
		return false
	}
	flag.Explain(l, out, of)
	return true
}
