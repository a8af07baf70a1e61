package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/claims"
	"tcpclose/cmd/tcpclose/internal/cli"
	"tcpclose/cmd/tcpclose/internal/fields"
	"tcpclose/cmd/tcpclose/internal/screen"
	"tcpclose/internal/tier"
)

// narrow fails unless all lines fit on a screen.
func narrow(t *testing.T, text string, about ...string) {
	t.Helper()
	for line := range strings.Lines(text) {
		assert.LessOrEqual(t, screen.Width(strings.TrimRight(line, "\n")), screen.Columns, "%q: %s", about, line)
	}
}

// small command lines, one at least for each command, and for each flag that changes
// what is shown.
func shownCommands() (list [][]string) {
	add := func(lines ...string) {
		for _, line := range lines {
			list = append(list, words(line))
		}
	}
	add("", "help", "version", "completion bash", "completion zsh", "completion fish", "about CLOSE_WAIT", "about TCP_USER_TIMEOUT")
	for _, c := range commands() {
		list = append(list, []string{"help", c.Name}, []string{c.Name, "-h"})
		for _, f := range c.Set().Flags() {
			list = append(list, []string{"help", "-" + f.Name})
		}
	}
	for _, group := range subjectNames() {
		list = append(list, []string{"help", group})
	}
	for _, name := range listNames() {
		list = append(list, []string{"list", name})
	}
	const tiny = " no-data -msl 1 -rto 1 -r2 1"
	add(
		"check"+tiny, "check -v"+tiny, "check -q"+tiny, "check -explain -properties no-reset"+tiny, "check -format text"+tiny,
		"check notes -coverage -endings", "check -finer 2"+tiny, "check -liveness all -v"+tiny, "check -witness all -max-depth 4"+tiny, "check -max-states 200"+tiny,
		"check -symmetry"+tiny, "check -strict -time-wait-rst ignored -rst-check window -late-data ack -a-isn same -b-isn same -timestamps on -reopen 1 -max-depth 6"+tiny,
		"check -fault no-time-wait"+tiny, "check -v -fault no-time-wait -stray <SEQ=101><CTL=RST>"+tiny, "check linux -max-depth 30", "check rfc -max-depth 30 -traces=false",
		"check -never 'a.rtx > b.rtx || "+strings.Repeat("a.owes && ", 12)+"b.owes' -traces=false"+tiny, "check -ltl '[]("+strings.Repeat("a.owes || ", 8)+"b.owes)'"+tiny,
		"check -leads-to 'a.state == LAST-ACK => a.state == CLOSED' -without ack -r2 unlimited no-data",
		"find 'a.state == CLOSING' no-data", "find 'a.state == CLOSING && a.rtx == 0 && b.rtx == 0 && !a.owes && !b.owes && net.a.count < 9' -v no-data", "find 'a.rtx > 9' notes -q",
		"find 'a.state == CLOSING' -n 3 no-data", "find 'a.state == CLOSING' -n 3 -traces=false -v no-data",
		"margin -properties no-reset,rest"+tiny, "margin -v -traces=false"+tiny, "margin -q"+tiny,
		"margin -time 'a: TIME-WAIT -> CLOSED' -within 2msl"+tiny, "margin linux -time 'a.state == TIME-WAIT => a.state != TIME-WAIT' -loss off",
		"lose 1", "lose 3 linux", "lose 4 -always -lang zh", "lose 2 -change 'b-closes=never r2=4'",
		"claims T4", "claims -change fault=no-time-wait N1a", "faults no-time-wait fin-before-hole",
		"explain ../../docs/captures/reset.pcap -ladder", "explain ../../docs/captures/mixed.pcap -all -lang zh", "explain ../../docs/captures/close-wait.pcap -lang zh",
		"find b.told.timeout no-data -loss off -duplicate off -reorder off -capacity 4 -msl 1 -rto 3 -b-closes after-peer -box conntrack,tcp_loose=0,tcp_be_liberal=1,fin_wait=100,close_wait=70 -box-tick 30s",
		"margin rfc -box conntrack -timers -loss 1", "margin rfc -box conntrack -timers -loss 1 -lang zh", "explain ../../docs/captures/conntrack.txt -all", "explain ../../docs/captures/conntrack.txt -lang zh",
		"interop linux rfc -situations no-data,orphan", "stack list", "stack list -lang zh", "about 'Dup ACK'", "about remark out-of-order",
		"profile", "profile -keepalive -user-timeout 30s", "replay testdata/script/no-such-file",
	)
	return list
}

// TestWidth holds what commands show within the columns of a screen. What programs read
// is not among it: JSON, DOT, SVG, Mermaid.
func TestWidth(t *testing.T) {
	most := tier.LeavesToCI(t, "two searches of three")
	for i, args := range shownCommands() {
		if most && len(args) > 1 && i%3 > 0 && slices.Contains([]string{"check", "find", "margin", "lose", "claims", "explain", "interop", "faults", "profile", "about"}, args[0]) && args[1] != "-h" {
			continue
		}
		var out, errs bytes.Buffer
		run(t.Context(), args, &out, &errs)
		narrow(t, out.String(), args...)
	}
}

// TestWidth_All does the same for what takes longer: all claims and faults.
func TestWidth_All(t *testing.T) {
	tier.Skip(t)
	for _, line := range []string{
		"claims", "claims -lang zh", "faults", "profile -times", "lose 2 -always linux -lang zh -rto 201ms", "lose 3 linux -always -rto 120s",
	} {
		args := words(line)
		var out, errs bytes.Buffer
		require.Equal(t, cli.OK, run(t.Context(), args, &out, &errs), errs.String())
		narrow(t, out.String(), args...)
	}
	for i := range claims.Claims {
		for _, lang := range []string{"en", "zh"} {
			var out, errs bytes.Buffer
			run(t.Context(), []string{"claims", "-lang", lang, claims.Claims[i].ID}, &out, &errs)
			narrow(t, out.String(), claims.Claims[i].ID, lang)
		}
	}
}

// The screen with which one begins has ten lines.
func TestWelcome(t *testing.T) {
	var out, errs bytes.Buffer
	require.Equal(t, cli.OK, run(t.Context(), nil, &out, &errs))
	assert.LessOrEqual(t, strings.Count(out.String(), "\n"), 10)
}

// TestHelp_Fields finds every field in one line of the help of check, with its default,
// and its unit if it has one. The line of a plain name is for both ends.
func TestHelp_Fields(t *testing.T) {
	for _, group := range append(subjectNames(), "check") {
		var out, errs bytes.Buffer
		require.Equal(t, cli.OK, run(t.Context(), []string{"help", group}, &out, &errs))
		for _, f := range fields.All() {
			name := regexp.QuoteMeta(f.Name)
			if both, ok := strings.CutPrefix(f.Name, "a-"); ok {
				name = `(?:a|\[ab\])-` + regexp.QuoteMeta(both)
			} else if both, ok := strings.CutPrefix(f.Name, "b-"); ok {
				name = `(?:b|\[ab\])-` + regexp.QuoteMeta(both)
			}
			lines := regexp.MustCompile(`(?m)^  -`+name+` .*$`).FindAllString(out.String(), -1)
			if group != "check" && group != string(f.Group) || f.Plain() != "" {
				assert.Empty(t, lines, "%s in %s", f.Name, group)
				continue
			}
			if assert.Len(t, lines, 1, "%s in %s", f.Name, group) {
				assert.Regexp(t, `^  -`+name+` +`+regexp.QuoteMeta(f.Default)+`[ |]`, lines[0], "the default first")
				if f.Unit != "" {
					assert.Contains(t, lines[0], f.Unit)
				}
			}
		}
	}
}

// TestHelp_Flags finds every flag of every command in one line of its help.
func TestHelp_Flags(t *testing.T) {
	for _, c := range commands() {
		var out, errs bytes.Buffer
		require.Equal(t, cli.OK, run(t.Context(), []string{"help", c.Name}, &out, &errs))
		for _, f := range c.Set().Flags() {
			if f.Both != "" {
				continue
			}
			name := regexp.QuoteMeta(f.Name)
			for _, side := range []string{"a-", "b-"} {
				if both, ok := strings.CutPrefix(f.Name, side); ok {
					name = `(?:` + side[:1] + `|\[ab\])-` + regexp.QuoteMeta(both)
				}
			}
			assert.Len(t, regexp.MustCompile(`(?m)^  -`+name+`(=false)?( .*)?$`).FindAllString(out.String(), -1), 1, "%s of %s", f.Name, c.Name)
		}
	}
}

// Every command says so, in a line, if its output is lost.
func TestFull(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("no /dev/full")
	}
	defer full.Close()
	for _, line := range []string{
		"", "help", "about TIME_WAIT", "list presets", "version", "completion bash", "check notes", "check notes -json", "check notes -q", "check notes -witness normal-close -format svg",
		"find a.owes delayed-ack", "find a.owes delayed-ack -n 2", "margin notes -properties rest", "margin notes -time 'a: TIME-WAIT -> CLOSED' -json", "graph notes",
		"faults no-time-wait", "claims T3a", "claims -json T3a", "lose 1", "profile", "profile -json",
	} {
		var errs bytes.Buffer
		assert.Equal(t, cli.Usage, run(t.Context(), words(line), full, &errs), line)
		assert.Regexp(t, `^tcpclose( [a-z]+)?: standard output: no space left on device\n$`, errs.String(), line)
	}
}

// A command whose reader has gone ends silently, by SIGPIPE, as others do.
func TestPipe(t *testing.T) {
	for _, line := range []string{"check notes -v", "list", "about TIME_WAIT", "claims T3a", "graph notes", "check notes -json", "profile"} {
		c := exec.CommandContext(t.Context(), "tcpclose", words(line)...)
		r, w, err := os.Pipe()
		require.NoError(t, err)
		require.NoError(t, r.Close())
		var errs bytes.Buffer
		c.Stdout, c.Stderr = w, &errs
		err = c.Run()
		require.NoError(t, w.Close())
		exit, ok := errors.AsType[*exec.ExitError](err)
		require.True(t, ok, "%s: %v", line, err)
		assert.Empty(t, errs.String(), line)
		assert.Equal(t, syscall.SIGPIPE, exit.Sys().(syscall.WaitStatus).Signal(), line)
		// Where SIGPIPE is not sent.
		assert.Equal(t, cli.Usage, run(t.Context(), words(line), brokenPipe{}, &errs), line)
		assert.Empty(t, errs.String(), line)
	}
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, syscall.EPIPE }
