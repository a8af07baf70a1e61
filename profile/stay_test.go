package profile

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/explore/product"
	"tcpclose/internal/tier"
	"tcpclose/model"
)

// brief returns a machine on which all is over soon.
func brief() Linux {
	l := Defaults()
	l.OrphanRetries, l.Retries2, l.FinTimeout = 2, 3, 5*time.Second
	return l
}

func staysOf(t *testing.T, l Linux, c Case) map[model.ConnState]Stay {
	t.Helper()
	list, _, err := l.Stays(context.Background(), c, product.Options{})
	require.NoError(t, err)
	stays := map[model.ConnState]Stay{}
	for _, s := range list {
		assert.True(t, s.Known, s.State)
		stays[s.State] = s
	}
	return stays
}

// Orphans and half-closed sockets are told apart: by the bound on their retries,
// and in that FIN_WAIT2 ends for the one only. The FIN goes out at 0, 0.2, 0.6, ...
func TestStays(t *testing.T) {
	orphan, held := staysOf(t, brief(), Case{A: ByClose}), staysOf(t, brief(), Case{A: ByShutdown})
	assert.Equal(t, "tcp_orphan_retries", orphan[model.FinWait1].Ends)
	assert.Equal(t, "tcp_retries2", held[model.FinWait1].Ends)
	assert.Less(t, orphan[model.FinWait1].Greatest, held[model.FinWait1].Greatest)
	assert.Equal(t, 5*time.Second, orphan[model.FinWait2].Greatest)
	assert.True(t, held[model.FinWait2].Unbounded)
	assert.True(t, orphan[model.CloseWait].Unbounded)
	assert.Equal(t, TimeWaitLen, orphan[model.TimeWait].Least)

	// Twice as fine, nothing turns, and no time changes by more than a tick.
	for state, s := range staysOf(t, brief(), Case{A: ByClose, Finer: 2}) {
		assert.Equal(t, orphan[state].Unbounded, s.Unbounded, state)
		assert.InDelta(t, orphan[state].Greatest.Seconds(), s.Greatest.Seconds(), 0.1, state)
		assert.InDelta(t, orphan[state].Least.Seconds(), s.Least.Seconds(), 0.1, state)
	}
}

// tcp_fin_timeout changes FIN_WAIT2 and leaves TIME_WAIT alone.
func TestFinTimeout(t *testing.T) {
	l := brief()
	l.FinTimeout = 2 * time.Second
	was, is := staysOf(t, brief(), Case{A: ByClose}), staysOf(t, l, Case{A: ByClose})
	assert.Equal(t, 2*time.Second, is[model.FinWait2].Greatest)
	assert.NotEqual(t, was[model.FinWait2].Greatest, is[model.FinWait2].Greatest)
	assert.Equal(t, was[model.TimeWait].Least, is[model.TimeWait].Least)
	assert.Equal(t, was[model.TimeWait].Greatest, is[model.TimeWait].Greatest)
}

// The numbers of a machine that nobody has changed: both columns of the table in
// docs/linux.md, and what it says of the last ACK.
func TestStays_Defaults(t *testing.T) {
	tier.Skip(t)
	s := staysOf(t, Defaults(), Case{A: ByClose})
	assert.Equal(t, 204600*time.Millisecond, s[model.FinWait1].Greatest, "nine retries: 102 s are not 102.2 s")
	cell := func(s Stay) string {
		switch {
		case s.Unbounded:
			return "unbounded: " + s.Ends
		case !s.Reached:
			return "never"
		}
		return Seconds(s.Greatest) + ", `" + s.Ends + "`"
	}
	text, err := os.ReadFile("../docs/linux.md")
	require.NoError(t, err)
	held := staysOf(t, Defaults(), Case{A: ByShutdown})
	table := "| state | after close() | after shutdown() |\n|---|---|---|\n"
	for _, state := range States {
		table += fmt.Sprintf("| %s | %s | %s |\n", Name(state), cell(s[state]), cell(held[state]))
	}
	assert.True(t, strings.Contains(string(text), "\n"+table+"\n"), "docs/linux.md is stale: want\n%s", table)
	says := func(format string, times ...time.Duration) {
		var list []any
		for _, d := range times {
			list = append(list, Seconds(d))
		}
		sentence := fmt.Sprintf(format, list...)
		assert.True(t, strings.Contains(strings.Join(strings.Fields(string(text)), " "), sentence), "docs/linux.md is stale: want %q", sentence)
	}
	a, _, err := Defaults().LastAck(context.Background(), Case{}, product.Options{})
	require.NoError(t, err)
	assert.Equal(t, a.Least, a.Greatest)
	says("When the last ACK is lost once, LAST_ACK ends %s later", a.Greatest)
	assert.Equal(t, TimeWaitLen+a.Greatest, a.Waits)

	// With finer ticks, what waits for a segment takes up to a tick longer, or less.
	finer := staysOf(t, Defaults(), Case{A: ByClose, Finer: 2})
	says("TIME_WAIT lasts %s and LAST_ACK", finer[model.TimeWait].Greatest)
	for _, state := range States {
		if state != model.TimeWait {
			assert.Equal(t, cell(s[state]), cell(finer[state]), state)
		}
	}
	a, _, err = Defaults().LastAck(context.Background(), Case{Finer: 2}, product.Options{})
	require.NoError(t, err)
	says("ends %s to %s after the loss", a.Least, a.Greatest)

	p, err := Defaults().Follows(context.Background(), Consequences[0], product.Options{})
	require.NoError(t, err)
	require.True(t, p.Holds)
	last := p.Trace.Events[len(p.Trace.Events)-1].Outcome
	assert.Equal(t, model.ToldReset, last.Effect.Told&model.ToldReset)

	// It does not follow for a socket that somebody holds.
	q := Consequences[0]
	q.Case.A = ByShutdown
	p, err = brief().Follows(context.Background(), q, product.Options{})
	require.NoError(t, err)
	assert.False(t, p.Holds)
	assert.True(t, p.Known)
}

// TIME_WAIT of 60 s ends in a gap of the FINs of a socket that was shut down: with
// three retries the gaps are too short.
func TestFollows_Gap(t *testing.T) {
	l := Defaults()
	l.OrphanRetries = 1
	for retries, want := range map[int]bool{3: false, 9: true} {
		l.Retries2 = retries
		p, err := l.Follows(context.Background(), Consequences[1], product.Options{})
		require.NoError(t, err)
		assert.Equal(t, want, p.Holds, retries)
	}
}

func TestLastAck(t *testing.T) {
	a, _, err := brief().LastAck(context.Background(), Case{}, product.Options{})
	require.NoError(t, err)
	assert.True(t, a.Known)
	assert.Equal(t, TimeWaitLen+200*time.Millisecond, a.Waits)
}
