package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/box"
	"tcpclose/check"
	"tcpclose/internal/tier"
	"tcpclose/profile"
	"tcpclose/stacks/profiles"
)

// How a table of docs/boxes.md begins and ends.
const (
	endsBegin = "<!-- The table of boxes and ends, which a test makes. -->\n"
	endsEnd   = "\n<!-- The end of it. -->"
)

// endsLosses has the segments that the network may lose, by column.
var endsLosses = []int{0, 1}

// longestTick is the longest tick of ends in the table: lneto, which sends nothing again, has one
// of a minute.
const longestTick = 10 * time.Second

// endsCommand is the question of a cell, without what is asked.
func endsCommand(box, end string, losses int) string {
	loss := fmt.Sprint(losses)
	if losses == 0 {
		loss = "off"
	}
	return fmt.Sprintf("-a %s -b %s -a-close-is half -b-close-is half -msl 1 -fin-wait-2 off -loss %s -duplicate off -reorder off -capacity 4 -box %s -box-counted %d",
		end, end, loss, box, endsCounted(end))
}

// endsCounted is 300 s in ticks of the pair.
func endsCounted(end string) int { return int(300_000_000_000 / endsPair(end).Tick) }

// endsPair returns two ends of a profile.
func endsPair(name string) profile.Pair {
	e := profile.FindEnd(name)
	if e == nil {
		for _, learned := range profiles.All() {
			if strings.HasSuffix(name, "/"+learned.Name+".profile") {
				e = learned
			}
		}
	}
	p, err := profile.NewPair(e, e)
	if err != nil {
		panic(err) // of profiles in the program
	}
	return p
}

// endsNames is the ends of the table, as a command that is run in the project names them.
func endsNames() []string {
	names := []string{"rfc", "linux"}
	for _, e := range profiles.All() {
		name := "stacks/profiles/" + e.Name + ".profile"
		// There is one Linux. A tick that is as long as the timers says nothing about them.
		if !strings.HasPrefix(e.Name, "linux") && endsPair(name).Tick <= longestTick {
			names = append(names, name)
		}
	}
	return names
}

// endsShort is the name of ends as the table has it.
func endsShort(name string) string { return strings.TrimSuffix(path.Base(name), ".profile") }

// endsKnown returns the cells of a table, by box and ends.
func endsKnown(table string) map[[2]string][]string {
	known := map[[2]string][]string{}
	for line := range strings.Lines(table) {
		cells := strings.Split(strings.Trim(line, "| \n"), " | ")
		if len(cells) != 2+len(endsLosses) {
			continue
		}
		for _, end := range strings.Split(cells[1], ", ") {
			known[[2]string{strings.Trim(cells[0], "`"), end}] = cells[2:]
		}
	}
	return known
}

// endsRow is a row of the table: ends between which a box does the same.
type endsRow struct {
	ends  []string
	cells []string
}

// endsRows returns the rows of a box. Cells that are left to the large tier are as known.
func endsRows(t *testing.T, b *box.Box, known map[[2]string][]string) (rows []endsRow) {
	left := tier.Leaves(t, b.Name+", most ends")
	for _, end := range endsNames() {
		was := known[[2]string{b.Name, endsShort(end)}]
		var cells []string
		for i, losses := range endsLosses {
			plain := losses == 0 && end == "rfc" || losses == 1 && end == "linux" && b.Name == "conntrack"
			cell := ""
			t.Run(fmt.Sprintf("%s between %s, %d lost", b.Name, endsShort(end), losses), func(t *testing.T) {
				if left && !plain && was != nil {
					cell = was[i]
					return
				}
				cell = endsCell(t, b.Name, end, losses)
			})
			cells = append(cells, cell)
		}
		at := slices.IndexFunc(rows, func(r endsRow) bool { return slices.Equal(r.cells, cells) })
		if at < 0 {
			at = len(rows)
			rows = append(rows, endsRow{cells: cells})
		}
		rows[at].ends = append(rows[at].ends, end)
	}
	return rows
}

// The table of boxes and ends in docs/boxes.md is what the searches say, and each command
// below it shows a run:
//
//	TCPCLOSE_LARGE=1 go test ./cmd/tcpclose -run TestBoxes_Ends -rewrite
func TestBoxes_Ends(t *testing.T) {
	t.Chdir("../..")
	const file = "docs/boxes.md"
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	head, rest, ok := strings.Cut(string(text), endsBegin)
	require.True(t, ok)
	old, tail, ok := strings.Cut(rest, endsEnd)
	require.True(t, ok)
	known := endsKnown(old)
	var table, runs strings.Builder
	table.WriteString("\n| box | ends | nothing lost | one lost |\n|---|---|---|---|\n")
	safe, unsafe := 0, 0
	for _, b := range box.Builtin {
		for _, row := range endsRows(t, b, known) {
			var short []string
			for _, end := range row.ends {
				short = append(short, endsShort(end))
			}
			fmt.Fprintf(&table, "| `%s` | %s | %s |\n", b.Name, strings.Join(short, ", "), strings.Join(row.cells, " | "))
			at := slices.IndexFunc(row.cells, func(cell string) bool { return cell != "safe" && cell != "unknown" })
			if at < 0 {
				safe++
				continue
			}
			unsafe++
			command := "check " + endsCommand(b.Name, row.ends[0], endsLosses[at]) + " -properties box-told"
			fmt.Fprintf(&runs, "tcpclose %s\n", command)
			assert.Contains(t, endsOut(t, command), "box-told is violated in", command)
		}
	}
	assert.Positive(t, safe)
	assert.Positive(t, unsafe)
	is := table.String() + "\n```\n" + runs.String() + "```\n"
	if *rewrite {
		require.NoError(t, os.WriteFile(file, []byte(head+endsBegin+is+endsEnd+tail), 0o666))
		return
	}
	assert.Equal(t, old, is, "%s is stale: 'TCPCLOSE_LARGE=1 go test ./cmd/tcpclose -run TestBoxes_Ends -rewrite' renews it", file)
}

// endsOut runs a command in the project's directory.
func endsOut(t *testing.T, command string) string {
	t.Helper()
	var out, errs bytes.Buffer
	run(context.Background(), strings.Fields(command), &out, &errs)
	require.Empty(t, errs.String(), command)
	return out.String()
}

// An endsAnswer is what the table reads of an answer in JSON.
type endsAnswer struct {
	AsIs     string `json:"as_is"`
	Never    string
	Together string
	Timers   []struct {
		Name    string
		Seconds int
		Verdict string
		Least   *int
		Waits   bool
		AtMost  bool `json:"at_most"`
	}
}

// endsCell asks for a cell and returns its text.
func endsCell(t *testing.T, name, end string, losses int) string {
	if asIs := endsOut(t, "check "+endsCommand(name, end, losses)+" -properties box-told -traces=false -max-states 200000"); strings.Contains(asIs, "box-told  holds") {
		return "safe"
	}
	var j endsAnswer
	require.NoError(t, json.Unmarshal([]byte(endsOut(t, "margin "+endsCommand(name, end, losses)+" -timers -max-states 200000 -json")), &j))
	var waits, short []string
	unknown := j.Never == check.Unknown.String()
	for _, timer := range j.Timers {
		switch {
		case timer.Verdict == "":
		case timer.Waits:
			waits = append(waits, fmt.Sprintf("`%s` %d", timer.Name, timer.Seconds))
		case timer.Least == nil || timer.AtMost:
			unknown = true
		case *timer.Least > timer.Seconds:
			short = append(short, fmt.Sprintf("`%s` %d → %d", timer.Name, timer.Seconds, *timer.Least))
		}
	}
	switch {
	case j.Never == check.Violated.String():
		return "**no**"
	case unknown:
		return "unknown"
	case j.Together != check.Holds.String():
		return "together: " + j.Together
	case len(waits)+len(short) == 0:
		return "unknown" // no timer alone is too short, and together they are
	}
	assert.Equal(t, check.Violated.String(), j.AsIs, "%s between %s, %d lost", name, end, losses)
	if len(waits) > 0 {
		short = append(short, "silence: "+strings.Join(waits, ", "))
	}
	return strings.Join(short, "; ")
}
