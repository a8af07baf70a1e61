package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/internal/tier"
)

var rewrite = flag.Bool("rewrite", false, "rewrite the outputs in README.md and docs/; commit them only if you understand what changed")

//go:generate go test . -run ^TestDocs$ -rewrite

// TestDocs runs every command that README.md and docs/ show, and compares what
// it prints. A block begins with ```console; in it, each line that begins with
// "$ tcpclose" or "$ go run ./cmd/tcpclose" is a command, perhaps piped into
// head -n or tail -n, and the lines up to the next one are its output. An exit
// status other than 0 is its last line. How long a run took is not compared.
// What explores more than 100,000 states, or makes many searches, is left to the
// large tier, and what explores more than 20,000, or makes several, to CI's, except in
// README.md.
func TestDocs(t *testing.T) {
	files, err := filepath.Glob("../../docs/*.md")
	require.NoError(t, err)
	commands := 0
	known := map[string]printed{} // by a command, which several pages may show
	for _, file := range append(files, "../../README.md") {
		was, err := os.ReadFile(file)
		require.NoError(t, err)
		var is strings.Builder
		block, console := false, false
		skip := false // the old output of a command
		lines := strings.SplitAfter(string(was), "\n")
		most := false // of the commands are left to CI
		readme := strings.HasSuffix(file, "README.md")
		if !readme && len(longer(lines, plainStates)) > len(longer(lines, ciStates)) {
			most = tier.LeavesToCI(t, "commands of "+filepath.Base(file)) && !*rewrite
		}
		for n, line := range lines {
			switch {
			case strings.HasPrefix(line, "```"):
				opens := strings.TrimSpace(line) != "```"
				require.False(t, block && opens, "%s:%d: a block begins in another, whose output would be all between them", file, n+1)
				block = !block
				console = block && strings.TrimSpace(line) == "```console"
				skip = false
			case console && strings.HasPrefix(line, "$ "):
				is.WriteString(line)
				commands++
				if !readme && (far(line, lines[n+1:], ciStates) && tier.Leaves(t, strings.TrimSpace(line)) || most && far(line, lines[n+1:], plainStates)) {
					skip = false
					continue
				}
				command, pipe, _ := strings.Cut(strings.TrimSpace(line[2:]), " | ")
				if _, ok := known[command]; !ok {
					known[command] = prints(t, command)
				}
				is.WriteString(known[command].through(t, pipe))
				skip = true
				continue
			}
			if !skip {
				is.WriteString(line)
			}
		}
		if *rewrite {
			if same(is.String()) != same(string(was)) {
				require.NoError(t, os.WriteFile(file, []byte(is.String()), 0o666))
			}
			continue
		}
		assert.Equal(t, same(string(was)), same(is.String()), "%s is stale: 'go test ./cmd/tcpclose -run Docs -rewrite' renews it", file)
	}
	assert.NotZero(t, commands)
}

var (
	counted  = regexp.MustCompile(`^([0-9,]+) states`)
	searches = regexp.MustCompile(`^\$ tcpclose (margin .*-properties|interop .* linux |interop linux rfc( -traces=false)?$|check .* -against ''$|claims .*\| head)`)
	observes = regexp.MustCompile(`^\$ tcpclose (explain docs/|interop |lose )`) // more states than it says
)

// What a command explores at most in the plain tier, and in CI's.
const (
	plainStates = 20_000
	ciStates    = 100_000
)

// longer returns those lines that are commands that explore more than so many states.
func longer(lines []string, most int) (list []string) {
	for n, line := range lines {
		if strings.HasPrefix(line, "$ ") && far(line, lines[n+1:], most) {
			list = append(list, line)
		}
	}
	return list
}

// far reports whether a command explores more than so many states, by what was shown after
// it.
func far(command string, after []string, most int) bool {
	command = strings.TrimSpace(command)
	if searches.MatchString(command) || most == plainStates && observes.MatchString(command) {
		return true
	}
	for _, line := range after {
		if m := counted.FindStringSubmatch(line); m != nil {
			n, err := strconv.Atoi(strings.ReplaceAll(m[1], ",", ""))
			return err != nil || n > most
		}
		if strings.HasPrefix(line, "$ ") || strings.HasPrefix(line, "```") {
			return false
		}
	}
	return false
}

var took = regexp.MustCompile(` in [0-9.]+(ms|s|m[0-9.]+s)\b`)

// same is text without the times that runs took.
func same(text string) string { return took.ReplaceAllString(text, " in TIME") }

// word is a word of a command, perhaps in quotes.
var word = regexp.MustCompile(`('[^']*'|[^ '])+`)

// A printed is what a command printed, and its exit status.
type printed struct {
	text   string
	status int
}

// prints runs a command.
func prints(t *testing.T, command string) (p printed) {
	var args []string
	for _, word := range word.FindAllString(command, -1) {
		args = append(args, strings.ReplaceAll(word, "'", ""))
	}
	for i, arg := range args {
		if strings.HasPrefix(arg, "docs/") {
			args[i] = "../../" + arg // commands are as at the root
		}
	}
	if strings.HasPrefix(command, "go run ./cmd/tcpclose") {
		args = args[2:]
	}
	if args[0] == "go" || args[0] == "git" || args[0] == "cd" {
		t.Fatalf("command %q: only tcpclose is run", command)
	}
	var out bytes.Buffer
	p.status = run(context.Background(), args[1:], &out, &out)
	p.text = out.String()
	return p
}

// through returns what is shown of it after a pipe into head or tail, or without one.
func (p printed) through(t *testing.T, pipe string) string {
	if pipe == "" {
		if p.status != 0 {
			return p.text + fmt.Sprintf("exit status %d\n", p.status)
		}
		return p.text
	}
	words := strings.Fields(pipe)
	require.Len(t, words, 3, pipe)
	n, err := strconv.Atoi(words[2])
	require.NoError(t, err, pipe)
	lines := strings.SplitAfter(p.text, "\n")
	lines = lines[:len(lines)-1]
	switch {
	case words[0] == "tail" && n < len(lines):
		lines = lines[len(lines)-n:]
	case words[0] == "head" && n < len(lines):
		lines = lines[:n]
	}
	return strings.Join(lines, "")
}
