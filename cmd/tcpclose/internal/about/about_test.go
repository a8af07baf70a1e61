package about

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/cmd/tcpclose/internal/screen"
	"tcpclose/internal/tier"
	"tcpclose/model"
)

var rewrite = flag.Bool("rewrite", false, "rewrite stays.json; commit it only if you understand what changed")

//go:generate go test . -run ^TestMeasure$ -rewrite

// TestMeasure measures again what stays.json has.
func TestMeasure(t *testing.T) {
	if !*rewrite {
		tier.Skip(t) // it takes minutes
	}
	stays, err := Measure(t.Context())
	require.NoError(t, err)
	text, err := json.MarshalIndent(stays, "", "  ")
	require.NoError(t, err)
	text = append(text, '\n')
	if *rewrite {
		require.NoError(t, os.WriteFile("stays.json", text, 0o666))
		return
	}
	assert.Equal(t, string(staysJSON), string(text), "stays.json is stale: 'go generate ./cmd/tcpclose/...' renews it")
}

// Every page fits on a screen, has something to say, and is found by its name.
func TestPages(t *testing.T) {
	for i := range Subjects {
		s := &Subjects[i]
		names := s.Names()
		require.NotEmpty(t, names, s.Kind)
		for i, name := range names {
			if s.Kind == "remark" && i%tier.Choose(9, 1) != 0 {
				continue // each is a search
			}
			thing, known := Of(s.Kind, name)
			require.True(t, known, s.Kind)
			require.Equal(t, name, thing.Name, "%s %s", s.Kind, name)
			var others []Thing
			for _, o := range Lookup(name) {
				if o != thing {
					others = append(others, o)
				}
			}
			var text bytes.Buffer
			thing.Page(others).Write(&text)
			lines := strings.Split(strings.TrimSuffix(text.String(), "\n"), "\n")
			assert.LessOrEqual(t, len(lines), Lines, "%s %s", s.Kind, name)
			assert.Greater(t, len(lines), 3, "%s %s", s.Kind, name)
			for _, line := range lines {
				assert.LessOrEqual(t, screen.Width(line), screen.Columns, "%s %s: %s", s.Kind, name, line)
			}
		}
	}
}

// Words are spelt in many ways.
func TestLookup(t *testing.T) {
	for word, want := range map[string]string{
		"CLOSE_WAIT": "state CLOSE-WAIT", "close-wait": "state CLOSE-WAIT", "CLOSE-WAIT": "state CLOSE-WAIT",
		"FIN_WAIT2": "state FIN-WAIT-2", "FIN_WAIT_2": "state FIN-WAIT-2", "ESTAB": "state ESTABLISHED", "SYN_RECV": "state SYN-RECEIVED",
		"TIME_WAIT": "state TIME-WAIT", "time-wait": "field time-wait", "fin-wait-2": "field fin-wait-2",
		"tcp_fin_timeout": "sysctl tcp_fin_timeout", "net.ipv4.tcp_fin_timeout": "sysctl tcp_fin_timeout", "TCP_TIMEWAIT_LEN": "sysctl TCP_TIMEWAIT_LEN",
		"SO_LINGER": "option SO_LINGER", "so_linger": "option SO_LINGER", "shutdown": "call shutdown()", "SHUT_WR": "call shutdown()", "close()": "call close()",
		"-rto": "field rto", "--msl": "field msl", "octets": "field a-octets", "time-wait-rst": "decision time-wait-rst", "-rst-check": "decision rst-check",
		"quiet": "property quiet", "both-closed": "property both-closed", "late-fin": "witness late-fin", "no-data": "preset no-data", "linux": "profile linux",
		"challenge-ack": "clause challenge-ack", "no-time-wait": "fault no-time-wait", "a.state": "term a.state", "b.rtx": "term a.rtx", "W2a": "claim W2a",
		"abort": "preset abort", "ABORT": "call ABORT",
		"Dup ACK": "remark Dup ACK", "TCP Dup ACK 7#1": "remark Dup ACK", "RSTO": "remark RSTO", "Keep-Alive": "remark Keep-Alive", "keep-alive": "preset keep-alive",
		"retransmission": "remark Retransmission", "S1": "remark S1",
	} {
		things := Lookup(word)
		if assert.NotEmpty(t, things, word) {
			assert.Equal(t, want, things[0].Subject.Kind+" "+things[0].Name, word)
		}
	}
	assert.Empty(t, Lookup("nonsense"))
	assert.Empty(t, Lookup(""))
	assert.Equal(t, "CLOSE-WAIT", Meant("CLOSE_WIAT"))
	assert.Equal(t, "tcp_fin_timeout", Meant("tcp_fin_timout"))
}

// What is said of states is said of each.
func TestStates(t *testing.T) {
	for s := model.Closed; s <= model.TimeWait; s++ {
		assert.NotEmpty(t, means[s], s)
		assert.NotEmpty(t, ssNames[s], s)
		if s != model.Closed {
			assert.NotEmpty(t, staysOf(s), s)
		}
	}
}
