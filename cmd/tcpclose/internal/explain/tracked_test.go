package explain

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/claims"
	"tcpclose/cmd/tcpclose/internal/screen"
	"tcpclose/internal/lang"
	"tcpclose/profile"
)

const trackedText = `tcp      6 431999 ESTABLISHED src=10.0.0.9 dst=10.0.0.2 sport=40000 dport=80 src=10.0.0.2 dst=192.0.2.1 sport=80 dport=40000 [ASSURED] mark=0 use=1
tcp      6 58 CLOSE_WAIT src=10.0.0.9 dst=10.0.0.2 sport=40001 dport=80 src=10.0.0.2 dst=192.0.2.1 sport=80 dport=40001 [ASSURED] mark=0 use=1
tcp      6 3511 CLOSE_WAIT src=10.0.0.9 dst=10.0.0.2 sport=40004 dport=80 src=10.0.0.2 dst=192.0.2.1 sport=80 dport=40004 [ASSURED] mark=0 use=1
tcp      6 7 LAST_ACK src=10.0.0.9 dst=10.0.0.2 sport=40005 dport=80 src=10.0.0.2 dst=192.0.2.1 sport=80 dport=40005 [ASSURED] mark=0 use=1
tcp      6 100 SYN_SENT src=10.0.0.9 dst=10.0.0.2 sport=40002 dport=443 [UNREPLIED] src=10.0.0.2 dst=192.0.2.1 sport=443 dport=40002 mark=0 use=2
tcp      6 src=10.0.0.9 dst=10.0.0.2 sport=40003 dport=80 src=10.0.0.2 dst=192.0.2.1 sport=80 dport=40003 [OFFLOAD] mark=0 use=3
`

// A list of a connection tracker is told as what it is: a box's view.
func TestTracked(t *testing.T) {
	out, err := explained(t, Teller{Linux: profile.Defaults()}, strings.NewReader(trackedText))
	require.NoError(t, err)
	flat := strings.Join(strings.Fields(out), " ")
	for _, w := range []string{
		"6 entries of a connection tracker: 2 CLOSE_WAIT, 1 LAST_ACK, 1 SYN_SENT, 1 ESTABLISHED, 1 OFFLOAD.",
		"An ACK was seen after a FIN, whoever sent either", "58 s to 3511 s left, of 60 s by default (net.netfilter.nf_conntrack_tcp_timeout_close_wait); here it was raised",
		"7 s left, of 30 s by default", "1 entry: nothing of the server was seen", "it shows no state and no time", "FIN_WAIT2/CLOSE_WAIT", "neither end is told",
	} {
		assert.Contains(t, flat, w)
	}
	assert.NotContains(t, out, "10.0.0.9:40001")
	for _, l := range []claims.Language{lang.English, lang.Chinese} {
		out, err := explained(t, Teller{Linux: profile.Defaults(), Lang: l, All: true}, strings.NewReader(trackedText))
		require.NoError(t, err)
		assert.Contains(t, out, "10.0.0.9:40001 > 10.0.0.2:80")
		for line := range strings.Lines(out) {
			assert.LessOrEqual(t, screen.Width(strings.TrimSuffix(line, "\n")), screen.Columns, line)
		}
	}
	out, err = explained(t, Teller{Linux: profile.Defaults(), Form: JSON}, strings.NewReader(trackedText))
	require.NoError(t, err)
	var got jsonTracked
	require.NoError(t, json.Unmarshal([]byte(out), &got))
	assert.Equal(t, 6, got.Entries)
	assert.Equal(t, "CLOSE_WAIT", got.States[0].State)
	assert.Contains(t, got.States[0].Ends, [2]string{"FIN-WAIT-2", "CLOSE-WAIT"})
	assert.Contains(t, got.States[0].Rests, [2]string{"FIN-WAIT-2", "CLOSE-WAIT"})
	assert.NotContains(t, got.States[0].Rests, [2]string{"ESTABLISHED", "ESTABLISHED"})
	out, err = explained(t, Teller{Linux: profile.Defaults()}, strings.NewReader("udp 17 29 src=10.0.0.9 dst=10.0.0.1 sport=53012 dport=53\n"))
	require.NoError(t, err)
	assert.Equal(t, "No entry of a connection tracker is of TCP.\n", out)
	out, err = explained(t, Teller{Linux: profile.Defaults()}, strings.NewReader(strings.ReplaceAll(trackedText, "LAST_ACK", "LAST")))
	require.NoError(t, err)
	assert.Contains(t, out, "No state of nf_conntrack has this name")
	_, err = explained(t, Teller{Linux: profile.Defaults()}, strings.NewReader("tcp 6 soon CLOSE src=10.0.0.1 dst=10.0.0.2\n"))
	assert.ErrorContains(t, err, `line 1: "soon": want the seconds that are left`)
}
