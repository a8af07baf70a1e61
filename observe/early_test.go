package observe

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/stacks/adapter"
)

// resultsOf returns what a stack does that sends these segments after each event, and
// whose calls succeed; what is not said is nothing.
func resultsOf(t *testing.T, events adapter.Schedule, sends []string) (results []adapter.Result) {
	t.Helper()
	for i, e := range events {
		var r adapter.Result
		if e.Kind == adapter.Opens || e.Kind == adapter.Calls && e.Call != adapter.Receive {
			r.Answer = &adapter.Answer{Told: adapter.Done, Octets: e.Octets}
		}
		if i < len(sends) {
			for text := range strings.SplitSeq(sends[i], "/") {
				if text == "" {
					continue
				}
				g, err := adapter.ParseEvent("in " + text)
				require.NoError(t, err)
				r.Emitted = append(r.Emitted, adapter.Emitted{Segment: g.Segment})
			}
		}
		results = append(results, r)
	}
	return results
}

// What comes with a SYN may be taken or dropped, and is acknowledged accordingly.
func TestObserve_TextWithSYN(t *testing.T) {
	o, err := New(Real())
	require.NoError(t, err)
	for _, c := range []struct {
		name, schedule string
		sends          []string // after each event, separated by a slash
		good           bool
	}{
		{"LISTEN, dropped", "open passive; in S 0 0 9 1; in . 1 1 9 0; call receive 9", []string{"", "S. 0 1 9 0", "", ""}, true},
		{"LISTEN, kept", "open passive; in S 0 0 9 1; in . 1 1 9 0", []string{"", "S. 0 1 9 0", ". 1 2 9 0"}, true},
		{"LISTEN, acknowledged too early", "open passive; in S 0 0 9 1", []string{"", "S. 0 2 9 0"}, false},
		{"LISTEN, FIN kept", "open passive; in SF 0 0 9 1; in . 1 1 9 0; in . 2 1 9 1", []string{"", "S. 0 1 9 0", ". 1 3 9 0", ". 1 3 9 0"}, true},
		{"SYN-SENT, dropped", "open active; in S. 0 1 9 1; in . 2 1 9 1", []string{"S 0 0 9 0", ". 1 1 9 0", ". 1 1 9 0"}, true},
		{"SYN-SENT, taken", "open active; in S. 0 1 9 1; in . 2 1 9 1", []string{"S 0 0 9 0", ". 1 2 9 0", ". 1 3 9 0"}, true},
		{"SYN-SENT, taken, two acknowledgements", "open active; in S. 0 1 9 1", []string{"S 0 0 9 0", ". 1 1 9 0/. 1 2 9 0"}, true},
		{"SYN-SENT, too much is acknowledged", "open active; in S. 0 1 9 1", []string{"S 0 0 9 0", ". 1 3 9 0"}, false},
		{"SYN-SENT, FIN taken", "open active; in SF. 0 1 9 0; call shutdown", []string{"S 0 0 9 0", ". 1 2 9 0", "F. 1 2 9 0"}, true},
		{"SYN-SENT, FIN acknowledged, not taken", "open active; in SF. 0 1 9 0; in . 2 1 9 1", []string{"S 0 0 9 0", ". 1 2 9 0", ". 1 3 9 0"}, false},
		{"simultaneous, kept", "open active; in S 0 0 9 1; in S. 0 1 9 0; in . 1 1 9 0", []string{"S 0 0 9 0", "S. 0 1 9 0", "", ". 1 2 9 0"}, true},
	} {
		events, err := adapter.ParseSchedule(c.schedule)
		require.NoError(t, err, c.name)
		report := o.Observe(FromBench(events, resultsOf(t, events, c.sends)))
		require.NoError(t, report.Err, c.name)
		assert.Equalf(t, c.good, len(report.Deviations) == 0, "%s: %v", c.name, report.Deviations)
	}
}
