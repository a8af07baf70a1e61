package survey

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/check"
	"tcpclose/explore/product"
	"tcpclose/internal/naive"
	"tcpclose/internal/tier"
	"tcpclose/invariants"
	"tcpclose/model"
)

// The pairs are those that a naive exploration finds.
func TestEndings(t *testing.T) {
	for _, words := range []string{
		naive.Tiny, naive.Tiny + "b-fails=abort", naive.Tiny + "b-fails=crash", naive.Tiny + "b-closes=never",
		"a-octets=0 msl=1 rto=1 r2=1 capacity=1 a-reads=slowly read-after-fin=error",
		"b-octets=0 msl=1 rto=1 r2=1 capacity=1 b-reads=slowly b-fails=die",
	} {
		c := naive.Parse(t, words)
		want := map[[2]invariants.Ending]int{}
		note := func(n naive.Node, steps int, rests bool) {
			of := [2]invariants.Ending{n.Records[0].Memory(nil).Ended(), n.Records[1].Memory(nil).Ended()}
			if !rests && slices.Contains(of[:], invariants.Open) {
				return
			}
			if _, known := want[of]; !known {
				want[of] = steps
			}
		}
		(&naive.Search{
			System: naive.SystemOf(t, c), Needs: invariants.MonitorTold,
			State:    func(n naive.Node, steps int) { note(n, steps, false) },
			Terminal: func(n naive.Node, steps int) { note(n, steps, true) },
		}).Run()
		found, r, err := Endings(context.Background(), c, product.Options{})
		require.NoError(t, err)
		require.True(t, r.Complete())
		have := map[[2]invariants.Ending]int{}
		for i, p := range found {
			have[p.Of] = p.Steps
			assert.True(t, i == 0 || found[i-1].Steps <= p.Steps)
		}
		assert.Equal(t, want, have, words)
		assert.Len(t, found, len(want))
	}
	_, _, err := Endings(context.Background(), model.Config{}, product.Options{})
	assert.Error(t, err)
}

const endingsFile = "../docs/endings.md"

// docs/endings.md is made of what the explorer finds:
//
//	go test ./survey -run TestEndings_Docs -rewrite
func TestEndings_Docs(t *testing.T) {
	have, err := os.ReadFile(endingsFile)
	require.NoError(t, err)
	var b strings.Builder
	b.WriteString(`# What the two applications are told in the end

For each preset except the default and those with several connections, the table lists every pair of
endings that a run can reach, with the least number of steps: how the connection has ended for a's
application, and for b's. *Normal*: the application has seen the end of file, and its CLOSE is
complete. *Open*: nothing more can happen, and the application has not been told of an end. *Gone*:
the application was lost with its host. *Aborted*: it aborted the connection, or its host did so
because nobody was left to read. Exploration makes the table
(` + "`go test ./survey -run TestEndings_Docs -rewrite`" + `); ` + "`tcpclose check -endings`" + ` shows the endings of
any configuration.

| preset | | a, b (steps) |
|---|---|---|
`)
	for _, p := range check.UsualPresets()[1:] {
		if p.Config.Reopen > 0 { // of which connection?
			continue
		}
		if p.States > 100_000 && !*rewrite && tier.Leaves(t, p.Name) {
			b.WriteString(lineAbout(string(have), p.Name))
			continue
		}
		found, r, err := Endings(context.Background(), p.Config, product.Options{})
		require.NoError(t, err)
		require.True(t, r.Complete())
		var words []string
		for _, e := range found {
			words = append(words, fmt.Sprintf("%s, %s (%d)", e.Of[0], e.Of[1], e.Steps))
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", p.Name, p.Sentence, strings.Join(words, "; "))
	}
	if *rewrite {
		require.NoError(t, os.WriteFile(endingsFile, []byte(b.String()), 0o644))
		return
	}
	assert.Equal(t, string(have), b.String(), "%s is stale: 'go test ./survey -run TestEndings_Docs -rewrite' renews it", endingsFile)
}

// Nobody is there to be told of what ends when a user has closed for good.
func TestEndings_Nobody(t *testing.T) {
	tier.SkipToCI(t)
	for _, words := range []string{
		naive.Tiny + "a-close-is=full fin-wait-2=1", naive.Tiny + "a-close-is=half-then-full b-close-is=full",
		"b-octets=0 msl=1 rto=1 r2=1 capacity=1 b-reads=slowly b-fails=die", naive.Tiny + "b-fails=abort",
	} {
		c := naive.Parse(t, words)
		told := map[[2]invariants.Ending][2]bool{} // by somebody
		note := func(n naive.Node, rests bool) {
			of := [2]invariants.Ending{n.Records[0].Memory(nil).Ended(), n.Records[1].Memory(nil).Ended()}
			if !rests && slices.Contains(of[:], invariants.Open) {
				return
			}
			had := told[of]
			for side := range of {
				had[side] = had[side] || !n.Records[side].Memory(nil).Alone()
			}
			told[of] = had
		}
		(&naive.Search{
			System: naive.SystemOf(t, c), Needs: invariants.MonitorTold | invariants.MonitorAlone,
			State:    func(n naive.Node, _ int) { note(n, false) },
			Terminal: func(n naive.Node, _ int) { note(n, true) },
		}).Run()
		found, r, err := Endings(context.Background(), c, product.Options{})
		require.NoError(t, err)
		require.True(t, r.Complete())
		require.Len(t, found, len(told))
		some := false
		for _, p := range found {
			for _, side := range model.Sides {
				assert.Equal(t, !told[p.Of][side], p.Nobody[side], "%s: %v of %s", words, p.Of, side)
				some = some || p.Nobody[side]
			}
		}
		assert.Equal(t, strings.Contains(words, "close-is"), some, words)
	}
}

// lineAbout returns the line of a table that begins with a name.
func lineAbout(text, name string) string {
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "| "+name+" |") {
			return line
		}
	}
	return ""
}
