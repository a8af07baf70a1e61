package box

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var rewrite = flag.Bool("rewrite", false, "rewrite what is compared")

// silences is how a connection comes to where both ends are silent, in the words of play.
var silences = []struct{ name, words string }{
	{"open", ""},
	{"client's FIN", "c:FIN s:ACK"},
	{"server's FIN", "s:FIN c:ACK"},
	{"both FINs", "c:FIN s:ACK s:FIN"},
	{"all ACKed", "c:FIN s:ACK s:FIN c:ACK"},
	{"RST", "s:RST@0"},
}

// silence returns how long the entry lives after that, as the table of docs/boxes.md has it.
func silence(t *testing.T, table *Table, words string) string {
	e := table.Open(0)
	if words != "" {
		e = playTo(t, table, words)
	}
	switch {
	case !e.Used:
		return "forgotten"
	case e.Left == Never:
		return "for good"
	}
	return fmt.Sprint(e.Left)
}

// The table of docs/boxes.md is what the tables of the boxes say.
func TestSilence_Docs(t *testing.T) {
	const file, begin, end = "../docs/boxes.md", "| box | ", "\n\n"
	table := "| box |"
	rule := "|---|"
	for _, s := range silences {
		table += " " + s.name + " |"
		rule += "---|"
	}
	table += "\n" + rule
	for _, b := range Builtin {
		table += "\n| `" + b.Name + "` |"
		for _, s := range silences {
			table += " " + silence(t, b.Table(time.Second, Never-1), s.words) + " |"
		}
	}
	was, err := os.ReadFile(file)
	require.NoError(t, err)
	at := strings.Index(string(was), begin)
	require.Positive(t, at)
	n := strings.Index(string(was[at:]), end)
	require.Positive(t, n)
	if *rewrite {
		require.NoError(t, os.WriteFile(file, []byte(string(was[:at])+table+string(was[at+n:])), 0o644))
		return
	}
	assert.Equal(t, table, string(was[at:at+n]), "go test ./box -run Silence -rewrite")
}
