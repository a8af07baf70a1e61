package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/cmd/tcpclose/internal/about"
	"tcpclose/cmd/tcpclose/internal/base"
	"tcpclose/cmd/tcpclose/internal/cli"
	"tcpclose/cmd/tcpclose/internal/screen"
)

//go:generate go test . -run ^TestCorpus$ -rewrite

// The corpus is as many command lines as this, none of which is right: those picked by
// hand, and others that a generator draws from a seed.
const (
	corpusFile = "testdata/wrong.jsonl"
	corpusSize = 1000
	corpusSeed = 14
)

// A wrongLine is a command line, and the part of it that the error must name.
type wrongLine struct {
	Args []string `json:"args"`
	Name string   `json:"name"`
}

// TestCorpus runs command lines that are wrong. Each ends with status 2, and one line on
// standard error that names what is wrong and says what is wanted; nothing is on
// standard output, unless only the verdicts show that there is no trace. With -rewrite it draws the corpus again.
func TestCorpus(t *testing.T) {
	if *rewrite {
		var text bytes.Buffer
		e := json.NewEncoder(&text)
		e.SetEscapeHTML(false)
		for _, line := range drawCorpus(t) {
			require.NoError(t, e.Encode(line))
		}
		require.NoError(t, os.WriteFile(corpusFile, text.Bytes(), 0o666))
	}
	file, err := os.Open(corpusFile)
	require.NoError(t, err)
	defer file.Close()
	lines, commands := 0, map[string]int{}
	for s := bufio.NewScanner(file); s.Scan(); lines++ {
		var line wrongLine
		require.NoError(t, json.Unmarshal(s.Bytes(), &line))
		if len(line.Args) > 0 {
			commands[line.Args[0]]++
		}
		if why := line.unlike(); why != "" {
			t.Errorf("%q: %s", line.Args, why)
		}
	}
	assert.Equal(t, corpusSize, lines)
	for _, name := range commandNames() {
		assert.GreaterOrEqual(t, commands[name], 10, "command lines of %s", name)
	}
}

// unlike runs the line, and returns how it does not end as a wrong one should, or "".
func (l wrongLine) unlike() string {
	ctx, cancel := context.WithCancel(context.Background())
	cancel() // if it is not refused, nothing is explored
	var out, errs bytes.Buffer
	status := run(ctx, l.Args, &out, &errs)
	message, one := strings.CutSuffix(errs.String(), "\n")
	switch {
	case status != cli.Usage:
		return fmt.Sprintf("exit status %d, want %d", status, cli.Usage)
	case out.Len() > 0 && !strings.Contains(message, "no trace to show"): // which only the verdicts show
		return fmt.Sprintf("standard output: %.80q", out.String())
	case !one || strings.Contains(message, "\n"):
		return fmt.Sprintf("want one line: %q", errs.String())
	case screen.Width(message) > 300:
		return fmt.Sprintf("a line of %d columns: %s", screen.Width(message), message)
	case !strings.HasPrefix(message, "tcpclose"):
		return "want the name of the program first: " + message
	case !strings.Contains(message, "want ") && !strings.Contains(message, "wants ") && !strings.Contains(message, "no such flag"):
		return "it does not say what is wanted: " + message
	case !strings.Contains(message, l.Name):
		return fmt.Sprintf("it does not name %q: %s", l.Name, message)
	}
	return ""
}

// byHand contains command lines that somebody has typed, or may type, and what their
// mistakes have to name.
var byHand = []wrongLine{
	{[]string{"CLOSE_WAIT"}, "tcpclose about CLOSE_WAIT"},
	{[]string{"tcp_fin_timeout"}, "tcpclose about tcp_fin_timeout"},
	{[]string{"SO_LINGER"}, "tcpclose about SO_LINGER"},
	{[]string{"no-data"}, "tcpclose check no-data"},
	{[]string{"linux"}, "tcpclose check linux"},
	{[]string{"states"}, "tcpclose list states"},
	{[]string{"chekc"}, "did you mean check?"},
	{[]string{"-v"}, "-v"},
	{[]string{"check", "no-dta"}, "did you mean no-data?"},
	{[]string{"check", "quiet"}, "quiet"},
	{[]string{"check", "TIME_WAIT"}, "tcpclose about TIME_WAIT"},
	{[]string{"check", "no-data", "linux"}, "linux"},
	{[]string{"check", "-preset", "no-data", "notes"}, "notes"},
	{[]string{"check", "-profile", "linux", "rfc"}, "rfc"},
	{[]string{"check", "-a", "linx"}, "did you mean linux?"},
	{[]string{"check", "-b", "notes"}, "it is a preset"},
	{[]string{"check", "-preset", "linux"}, "it is a profile"},
	{[]string{"check", "-profile", "notes"}, "it is a preset"},
	{[]string{"check", "-prset", "notes"}, "did you mean -preset?"},
	{[]string{"check", "-loss", "5%"}, "not a rate"},
	{[]string{"check", "-loss", "5s"}, "not a time"},
	{[]string{"check", "-a-octets", "4kB"}, "not a size"},
	{[]string{"check", "-rto", "200ms"}, "a tick has no length"},
	{[]string{"check", "-rto", "2 seconds"}, "a tick has no length"},
	{[]string{"check", "linux", "-rto", "250ms"}, "0.1 s"},
	{[]string{"check", "linux", "-rto", "1e99s"}, "1e99s"},
	{[]string{"check", "linux", "-time-wait", "3h"}, "3h"},
	{[]string{"check", "-msl", "2min"}, "2min"},
	{[]string{"check", "-time-wait", "2rsl"}, "2rsl"},
	{[]string{"check", "-rto-max", "1"}, "rto-max"},
	{[]string{"check", "-delay", "4"}, "delay"},
	{[]string{"check", "-fin-wait-2-first", "3"}, "fin-wait-2-first"},
	{[]string{"check", "-properties", "quite"}, "did you mean quiet?"},
	{[]string{"check", "-properties", "late-fin"}, "it is one of -witness"},
	{[]string{"check", "-properties", "both-closed"}, "it is one of -liveness"},
	{[]string{"check", "-properties", "quiet,quiet"}, "quiet"},
	{[]string{"check", "-liveness", "quiet"}, "it is one of -properties"},
	{[]string{"check", "-witness", "all", "-liveness", "all"}, "-witness"},
	{[]string{"check", "-without", "fin"}, "-without"},
	{[]string{"check", "-v", "-q"}, "-v and -q"},
	{[]string{"check", "-q", "-json"}, "-q and -json"},
	{[]string{"check", "-q", "-format", "svg"}, "-q"},
	{[]string{"check", "-fault", "no-time-wiat"}, "did you mean no-time-wait?"},
	{[]string{"check", "-always", "a.state = CLOSED"}, "want =="},
	{[]string{"check", "-never", "a.finsent == 1"}, "a.finsent is true or false"},
	{[]string{"check", "-never", "a.stat == CLOSED"}, "a.state"},
	{[]string{"check", "-never", "a.state == CLOSE_WIAT"}, "did you mean CLOSE_WAIT?"},
	{[]string{"check", "-never", "a.rtx"}, "a.rtx"},
	{[]string{"check", "-never", "a.owes &&"}, "ends too soon"},
	{[]string{"check", "-never", "(a.owes"}, "( is not closed"},
	{[]string{"check", "-never", "a.owes => b.owes"}, "=>"},
	{[]string{"check", "-never", strings.Repeat("a.owes && ", 150) + "a.foo == 1"}, "a.foo"},
	{[]string{"check", "-ltl", strings.Repeat("[]", 180) + "a.foo == 1"}, "a.foo"},
	{[]string{"check", "-ltl", "[](a.state == LAST_ACK -> <> a.state == CLOSD)"}, "did you mean CLOSED?"},
	{[]string{"check", "-ltl", "G(a.owes"}, "( is not closed"},
	{[]string{"check", "-ltl", "a.owes U"}, "ends too soon"},
	{[]string{"check", "-ltl", "Y(a.owes)"}, "Y"},
	{[]string{"check", "-leads-to", "a.owes"}, "a.owes"},
	{[]string{"check", "-leads-to", "a.owes => b.ows"}, "b.ows"},
	{[]string{"check", "-leads-to", "a.rtx > b.rtx -> a.owes"}, "a.rtx > b.rtx"},
	{[]string{"check", "-finer", "1"}, "-finer"},
	{[]string{"check", "-max-memory", "1MB"}, "1MB"},
	{[]string{"check", "-timeout", "10"}, "10"},
	{[]string{"check", "-spill", "nowhere/at/all"}, "nowhere"},
	{[]string{"check", "-checkpoint", "x", "-finer", "2"}, "-checkpoint"},
	{[]string{"check", "-symmetry", "-a-fails", "abort"}, "a-fails"},
	{[]string{"check", "--", "-msl"}, "-msl"},
	{[]string{"check", "---msl", "2"}, "---msl"},
	{[]string{"check", "-json", "false"}, "false"},
	{[]string{"find"}, "an expression"[3:]},
	{[]string{"find", "a.state = CLOSED"}, "want =="},
	{[]string{"find", "a.owes", "b.owes"}, "b.owes"},
	{[]string{"find", "no-data"}, "one expression"},
	{[]string{"find", "a.owes", "notes", "no-data"}, "no-data"},
	{[]string{"find", "a.owes", "-n", "0"}, "-n"},
	{[]string{"margin", "-within", "2msl"}, "-within"},
	{[]string{"margin", "-time", "a: TIME-WAIT"}, "P -> Q"},
	{[]string{"margin", "-time", "a: TIME-WAIT => CLOZED"}, "CLOZED"},
	{[]string{"margin", "-time", "a.owes -> a.state = CLOSED"}, "want =="},
	{[]string{"margin", "-time", "a.owes -> b.owes", "-properties", "quiet"}, "-properties and -time"},
	{[]string{"explore", "no-dta"}, "did you mean no-data?"},
	{[]string{"explore", "linx"}, "did you mean linux?"},
	{[]string{"explore", "conntrack"}, "it is a box"},
	{[]string{"explore", "no-data", "abort"}, "abort"},
	{[]string{"explore", "-listen", ""}, "-listen"},
	{[]string{"explore", "-listen", "nowhere"}, "nowhere"},
	{[]string{"explore", "-html", ""}, "-html"},
	{[]string{"explore", "-html", "/no/such/folder/close.html"}, "/no/such/folder/close.html"},
	{[]string{"explore", "-msl", "0"}, "-msl"},
	{[]string{"explore", "-rot", "3"}, "did you mean -rto?"},
	{[]string{"explore", "-a", "nowhere"}, "nowhere"},
	{[]string{"explore", "-lang", "fr"}, "fr"},
	{[]string{"graph", "-view", "all"}, "all"},
	{[]string{"graph", "-loops", "-view", "full"}, "-loops"},
	{[]string{"graph", "-path", "quite"}, "did you mean quiet?"},
	{[]string{"resume"}, "checkpoint"},
	{[]string{"resume", "nowhere"}, "nowhere"},
	{[]string{"resume", "main.go"}, "main.go"},
	{[]string{"replay"}, "file"},
	{[]string{"replay", "nowhere"}, "nowhere"},
	{[]string{"replay", "main.go"}, "main.go"},
	{[]string{"replay", "a", "b"}, "b"},
	{[]string{"faults", "no-time-wiat"}, "did you mean no-time-wait?"},
	{[]string{"faults", "no-time-wait", "no-time-wait"}, "no-time-wait"},
	{[]string{"claims", "QUIC"}, "QUIC"},
	{[]string{"claims", "-lang", "fr"}, "fr"},
	{[]string{"claims", "-change", "rto"}, "rto"},
	{[]string{"claims", "-change", "preset=no-dta", "T3a"}, "did you mean no-data?"},
	{[]string{"claims", "-change", "falt=none"}, "did you mean fault?"},
	{[]string{"lose", "3", "-change", "r2=4 rto=0"}, "rto=0"},
	{[]string{"lose"}, "segment"},
	{[]string{"lose", "5"}, "5"},
	{[]string{"lose", "3", "-rto", "1s"}, "-rto"},
	{[]string{"lose", "3", "linux", "-rto", "1ms"}, "1ms"},
	{[]string{"lose", "3", "linux", "-profile", "rfc"}, "linux"},
	{[]string{"profile", "bsd"}, "bsd"},
	{[]string{"profile", "linux", "-host", "-proc", "nowhere"}, "nowhere"},
	{[]string{"profile", "-linger2", "1ms"}, "LINGER2"},
	{[]string{"list", "state"}, "did you mean states?"},
	{[]string{"list", "quiet"}, "tcpclose about quiet"},
	{[]string{"about"}, "one word"},
	{[]string{"corpus"}, "the name of one directory"},
	{[]string{"corpus", "a", "b"}, "b"},
	{[]string{"corpus", ""}, "the name of one directory"},
	{[]string{"corpus", "-overwrit", "x"}, "did you mean -overwrite?"},
	{[]string{"corpus", "-overwrite"}, "the name of one directory"},
	{[]string{"corpus", "testdata"}, "testdata"},
	{[]string{"corpus", "/dev/null"}, "/dev/null"},
	{[]string{"corpus", "-overwrite=maybe", "x"}, "maybe"},
	{[]string{"corpus", "-o", "x"}, "-o"},
	{[]string{"corpus", "x", "-json"}, "-json"},
	{[]string{"corpus", "-overwrite", "a", "b"}, "\"b\""},
	{[]string{"corups", "x"}, "did you mean corpus?"},
	{[]string{"explain", "-all"}, "standard input"},
	{[]string{"explain", "testdata"}, "testdata"},
	{[]string{"explain", "x.pcap", "y.pcap", "z.pcap"}, "z.pcap"},
	{[]string{"explain", "x.pcap", "-at", "c"}, "c"},
	{[]string{"explain", "x.pcap", "-kind", "abort"}, "did you mean aborted?"},
	{[]string{"explain", "x.pcap", "-where", "frames"}, "frames"},
	{[]string{"explain", "x.pcap", "-where", "frame > ms >"}, "-where"},
	{[]string{"explain", "x.pcap", "-addr", "300.1.1.1"}, "300.1.1.1"},
	{[]string{"explain", "x.pcap", "-csv", "-json"}, "-json"},
	{[]string{"interop", "linux", "rfc", "bsd"}, "bsd"},
	{[]string{"interop", "linux", "linx"}, "did you mean linux?"},
	{[]string{"interop", "linux", "rfc", "-situations", "orphans"}, "did you mean orphan?"},
	{[]string{"interop", "linux", "no-data"}, "it is a preset"},
	{[]string{"stack", "own", "-given", "rst-ack=all"}, "-given"},
	{[]string{"stack", "own", "-run", "open both"}, "active or passive"},
	{[]string{"stack", "own", "-run", "in S. 0"}, "SEQ"},
	{[]string{"stack", "own", "-run", "call closes"}, "call closes"},
	{[]string{"stack", "own", "-given", "rst-ack=some", "-run", "next"}, "rst-ack"},
	{[]string{"stack", "own", "-every", "0"}, "0"},
	{[]string{"about", "remark", "Dup ACKs"}, "Dup ACKs"},
	{[]string{"about", "state", "CLOSE"}, "CLOSE"},
	{[]string{"about", "CLOSE_WAITS"}, "did you mean"},
	{[]string{"about", "CLOSE_WIAT"}, "did you mean CLOSE-WAIT?"},
	{[]string{"about", "state", "CLOSE_WIAT"}, "did you mean CLOSE-WAIT?"},
	{[]string{"about", "foo", "bar"}, "foo"},
	{[]string{"help", "chekc"}, "did you mean check?"},
	{[]string{"help", "-prset"}, "did you mean -preset?"},
	{[]string{"version", "2"}, "2"},
	{[]string{"completion"}, "bash, zsh or fish"},
	{[]string{"completion", "tcsh"}, "tcsh"},
}

// drawCorpus returns the lines picked by hand, and as many others as are missing, each
// of a different mistake.
func drawCorpus(t *testing.T) []wrongLine {
	list := slices.Clone(byHand)
	seen := map[string]bool{}
	for _, line := range list {
		seen[fmt.Sprintf("%q", line.Args)] = true
	}
	d := drawer{rand.New(rand.NewPCG(corpusSeed, 0))}
	for tries := 0; len(list) < corpusSize; tries++ {
		require.Less(t, tries, 100*corpusSize, "too few are wrong")
		line := d.line()
		key := fmt.Sprintf("%q", line.Args)
		if seen[key] || line.isRight() {
			continue
		}
		seen[key] = true
		list = append(list, line)
	}
	return list
}

// isRight reports whether the line is not wrong.
func (l wrongLine) isRight() bool {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var out, errs bytes.Buffer
	return run(ctx, l.Args, &out, &errs) != cli.Usage
}

// A drawer draws command lines.
type drawer struct{ *rand.Rand }

func pick[T any](d drawer, list []T) T { return list[d.IntN(len(list))] }

// garbage contains values that hardly anything takes.
var garbage = []string{"", " ", ",", "-", "-1", "+1", "0x10", "1e3", "1_0", "x", "any one", "all,all", "1msl+", "99999999999999999999", "NaN",
	"-0", "1h-1", "a\nb", "\"", "%d%s", "ü", "5%", "10s", "4kB", "3 apples", "true", "off off", "<SEQ>", "127.0.0.1", "2MSLs", "∞", "one", "0.5"}

// spoilt returns a word with a letter changed, left out, doubled or exchanged.
func (d drawer) spoilt(word string) string {
	runes := []rune(word)
	if len(runes) < 3 {
		return word + "x"
	}
	i := d.IntN(len(runes) - 1)
	switch d.IntN(4) {
	case 0:
		runes[i] = 'q'
	case 1:
		runes = slices.Delete(runes, i, i+1)
	case 2:
		runes = slices.Insert(runes, i, runes[i])
	default:
		runes[i], runes[i+1] = runes[i+1], runes[i]
	}
	return string(runes)
}

// named returns what a message repeats of a value: its beginning, in quotes.
func named(value string) string {
	quoted := strings.TrimSuffix(cli.Quoted(value), `"`)
	return strings.TrimSuffix(quoted[:min(len(quoted), 12)], `\`)
}

// line draws a command line; it may be right.
func (d drawer) line() wrongLine {
	all := commands()
	c := pick(d, all[:len(all)-1])
	flags := slices.DeleteFunc(slices.Clone(c.Set().Flags()), func(f *cli.Flag) bool { return f.Name == "write" || f.Name == "checkpoint" }) // they would
	switch d.IntN(8) {
	case 0: // no command
		word := d.spoilt(pick(d, all).Name)
		return wrongLine{[]string{word}, named(word)}
	case 1: // no flag
		if len(flags) > 0 {
			name := strings.TrimLeft(d.spoilt(pick(d, flags).Name), "-")
			return wrongLine{[]string{c.Name, "-" + name, "1"}, named("-" + name)[1:]}
		}
	case 2: // no value
		if len(flags) > 0 {
			f := pick(d, flags)
			name := "-" + f.Name
			if f.Alone {
				name = "" // it needs none
			}
			return wrongLine{[]string{c.Name, "-" + f.Name}, name}
		}
	case 3, 4: // a value that is none
		if len(flags) > 0 {
			f := pick(d, flags)
			value := pick(d, garbage)
			if words := f.Names(); len(words) > 0 && d.IntN(2) == 0 {
				value = d.spoilt(pick(d, words))
			}
			name := "-" + f.Name
			if f.Set(value) == nil {
				name = "" // it is wrong otherwise, if at all
			}
			return wrongLine{[]string{c.Name, "--" + f.Name + "=" + value}, name}
		}
	case 5: // no such word
		words := about.Names()
		if c.Words != nil {
			words = c.Words()
		}
		word := d.spoilt(pick(d, words))
		return wrongLine{[]string{c.Name, word}, named(word)}
	case 6: // an expression
		text, place := d.expression()
		flag := pick(d, []string{"-always", "-never", "-eventually", "-ltl"})
		return wrongLine{[]string{"check", pick(d, base.PresetNames()), flag, text}, place}
	case 7:
		text, place := d.expression()
		if d.IntN(2) == 0 {
			return wrongLine{[]string{"find", text}, place}
		}
		return wrongLine{[]string{"margin", "-time", "a.owes -> " + text}, place}
	}
	return wrongLine{[]string{c.Name, pick(d, garbage), pick(d, garbage)}, ""}
}

// expression draws an expression, most of which are wrong, and what its mistake names.
func (d drawer) expression() (text, place string) {
	side, other := pick(d, []string{"a", "b"}), pick(d, []string{"a", "b"})
	switch d.IntN(7) {
	case 0:
		term := side + "." + d.spoilt(pick(d, []string{"state", "outstanding", "finsent", "receives", "calls", "before"}))
		return term + " == CLOSED", "column"
	case 1:
		word := d.spoilt(pick(d, []string{"CLOSE_WAIT", "FIN_WAIT_1", "ESTABLISHED", "LAST_ACK"}))
		return side + ".state == " + word, "column"
	case 2:
		return side + ".state = " + pick(d, []string{"CLOSED", "LISTEN"}), "="
	case 3:
		return side + ".finsent == " + pick(d, []string{"0", "1", "2"}), "finsent"
	case 4:
		return side + ".rtx " + pick(d, []string{"&&", "||"}) + " " + other + ".owes", ".rtx"
	case 5:
		return "(" + side + ".owes " + pick(d, []string{"&&", "||", "=="}) + " " + other + ".owes", "( is not closed"
	}
	return side + ".owes " + pick(d, []string{"&&", "||", "and", "or", ">", "+"}), "column"
}
