// Package adaptertest tests adapters: that they do what is asked of them, on a
// few schedules to which all stacks should give the same answer.
package adaptertest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"tcpclose/stacks/adapter"
	"tcpclose/stacks/wire"
)

// A Runner does a schedule on a new host: adapter.Run of an Adapter, or
// Program.Run.
type Runner func(adapter.Setup, adapter.Schedule) ([]adapter.Result, error)

// Of returns the runner of an adapter.
func Of(a adapter.Adapter) Runner {
	return func(setup adapter.Setup, s adapter.Schedule) ([]adapter.Result, error) {
		return adapter.Run(a, setup, s)
	}
}

// A Case is a schedule with its expected results: on each line an event, the state
// after it, what the user is told, and what is sent, without windows, options and
// PSH. A "+" before what is sent means once or more.
type Case struct{ Name, Lines string }

// Cases has the handshake, each way to close, TIME-WAIT, RST and a retransmission.
var Cases = []Case{
	{"active close", `
		open passive                     | LISTEN       | done
		in S 0 0 8000 0 mss=1460         | SYN-RECEIVED |              | S. 0 1 0
		in . 1 1 8000 0                  | ESTABLISHED  |
		in . 1 1 8000 3                  | ESTABLISHED  |              | . 1 4 0
		call receive 9                   | ESTABLISHED  | 3 octets
		call receive 9                   | ESTABLISHED  | waits
		call send 3                      | ESTABLISHED  | 3 octets     | . 1 4 3
		in . 4 4 8000 0                  | ESTABLISHED  |
		call shutdown                    | FIN-WAIT-1   | done         | F. 4 4 0
		in . 4 5 8000 0                  | FIN-WAIT-2   |
		in F. 4 5 8000 0                 | TIME-WAIT    |              | . 5 5 0
		in F. 4 5 8000 0                 | TIME-WAIT    |              | . 5 5 0
		advance 600000000                | CLOSED       |`},
	{"passive close", `
		open active                      | SYN-SENT     | done         | S 0 0 0
		in S. 0 1 8000 0 mss=1460        | ESTABLISHED  |              | . 1 1 0
		in F. 1 1 8000 0                 | CLOSE-WAIT   |              | . 1 2 0
		call receive 9                   | CLOSE-WAIT   | eof
		call send 2                      | CLOSE-WAIT   | 2 octets     | . 1 2 2
		in . 2 3 8000 0                  | CLOSE-WAIT   |
		call shutdown                    | LAST-ACK     | done         | F. 3 2 0
		in . 2 4 8000 0                  | CLOSED       |`},
	{"simultaneous close", `
		open active                      | SYN-SENT     | done         | S 0 0 0
		in S. 0 1 8000 0 mss=1460        | ESTABLISHED  |              | . 1 1 0
		call shutdown                    | FIN-WAIT-1   | done         | F. 1 1 0
		in F. 1 1 8000 0                 | CLOSING      |              | . 2 2 0
		in . 2 2 8000 0                  | TIME-WAIT    |
		advance 600000000                | CLOSED       |`},
	{"reset", `
		open passive                     | LISTEN       | done
		in S 0 0 8000 0 mss=1460         | SYN-RECEIVED |              | S. 0 1 0
		in . 1 1 8000 0                  | ESTABLISHED  |
		in R 1 0 0 0                     | CLOSED       |
		call receive 9                   | CLOSED       | reset`},
	{"abort", `
		open active                      | SYN-SENT     | done         | S 0 0 0
		in S. 0 1 8000 0 mss=1460        | ESTABLISHED  |              | . 1 1 0
		call abort                       | CLOSED       | done         | R. 1 1 0`},
	{"retransmission", `
		open active                      | SYN-SENT     | done         | S 0 0 0
		in S. 0 1 8000 0 mss=1460        | ESTABLISHED  |              | . 1 1 0
		call shutdown                    | FIN-WAIT-1   | done         | F. 1 1 0
		advance 5000000                  | FIN-WAIT-1   |              | + F. 1 1 0`},
}

// Smoke runs the cases. An exception is a case of which it is known that the
// stack does it otherwise, with the first thing that is otherwise.
func Smoke(t *testing.T, run Runner, exceptions map[string]string) {
	t.Helper()
	for name := range exceptions {
		if !slices.ContainsFunc(Cases, func(c Case) bool { return c.Name == name }) {
			t.Errorf("exception %q: there is no such case", name)
		}
	}
	for _, c := range Cases {
		t.Run(c.Name, func(t *testing.T) {
			wrong, err := c.Run(run)
			if err != nil {
				t.Fatal(err)
			}
			if known, ok := exceptions[c.Name]; ok {
				if len(wrong) == 0 || wrong[0] != known {
					t.Errorf("the first thing that is otherwise: %q: want %q", wrong, known)
				}
				return
			}
			for _, w := range wrong {
				t.Error(w)
			}
		})
	}
}

// Run runs the case, and returns what was not as it should be.
func (c Case) Run(run Runner) (wrong []string, err error) {
	var events adapter.Schedule
	var wants [][]string
	for line := range strings.Lines(strings.TrimSpace(c.Lines)) {
		columns := strings.Split(line, "|")
		for i := range columns {
			columns[i] = strings.TrimSpace(columns[i])
		}
		e, err := adapter.ParseEvent(columns[0])
		if err != nil {
			return nil, err
		}
		events, wants = append(events, e), append(wants, append(columns[1:], "", "", ""))
	}
	results, err := run(adapter.Setup{Seed: 1}, events)
	if err != nil {
		return nil, err
	}
	for i, r := range results {
		fail := func(format string, args ...any) {
			wrong = append(wrong, fmt.Sprintf("event %d, %s: %s", i+1, events[i], fmt.Sprintf(format, args...)))
		}
		if r.Err != "" {
			fail("%s", r.Err)
			break
		}
		state, told, sent := wants[i][0], wants[i][1], wants[i][2]
		if r.State != "" && r.State != state {
			fail("state %s: want %s", r.State, state)
		}
		if got := answer(r.Answer); got != told {
			fail("told %q: want %q", got, told)
		}
		if got := figures(r.Emitted); !matches(got, sent) {
			fail("sent %q: want %q", strings.Join(got, ", "), sent)
		}
	}
	return wrong, nil
}

// answer returns an answer in words, without the stack's own.
func answer(a *adapter.Answer) string {
	if a == nil {
		return ""
	}
	plain := *a
	if a.Told != adapter.Wrong {
		plain.Native = ""
	}
	return plain.String()
}

// figures returns the sent segments in short.
func figures(list []adapter.Emitted) (texts []string) {
	for _, e := range list {
		g := e.Segment
		text := fmt.Sprintf("%s %d %d %d", g.Ctl&^wire.PSH, g.Seq, g.Ack, g.Len)
		if e.Wrong != "" {
			text += ": " + e.Wrong
		}
		texts = append(texts, text)
	}
	return texts
}

func matches(got []string, want string) bool {
	if again, ok := strings.CutPrefix(want, "+ "); ok {
		return len(got) > 0 && !slices.ContainsFunc(got, func(g string) bool { return g != again })
	}
	return strings.Join(got, ", ") == want
}

// Rate measures, as a benchmark, the schedules a second that the runner does: a
// passive open, a close from either side, and TIME-WAIT.
func Rate(b *testing.B, run Runner) {
	b.Helper()
	events, err := adapter.ParseSchedule("open passive; in S 0 0 8000 0 mss=1460; in . 1 1 8000 0; call shutdown; in . 1 2 8000 0; in F. 1 2 8000 0; advance 600000000")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := run(adapter.Setup{Seed: 1}, events); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "schedules/s")
}
