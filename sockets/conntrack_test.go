package sockets

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const trackedList = `udp      17 29 src=10.0.0.9 dst=10.0.0.1 sport=53012 dport=53 src=10.0.0.1 dst=10.0.0.9 sport=53 dport=53012 mark=0 use=1
tcp      6 431999 ESTABLISHED src=10.0.0.9 dst=10.0.0.2 sport=40000 dport=80 src=10.0.0.2 dst=192.0.2.1 sport=80 dport=40000 [ASSURED] mark=0 use=1
tcp      6 58 CLOSE_WAIT src=10.0.0.9 dst=10.0.0.2 sport=40001 dport=80 src=10.0.0.2 dst=192.0.2.1 sport=80 dport=40001 [ASSURED] mark=0 use=1
ipv6     10 tcp      6 100 SYN_SENT src=2001:db8::1 dst=2001:db8::2 sport=40002 dport=443 [UNREPLIED] src=2001:db8::2 dst=2001:db8::1 sport=443 dport=40002 mark=0 zone=0 use=2
tcp      6 src=10.0.0.9 dst=10.0.0.2 sport=40003 dport=80 src=10.0.0.2 dst=192.0.2.1 sport=80 dport=40003 [OFFLOAD] mark=0 use=3
conntrack v1.4.7 (conntrack-tools): 5 flow entries have been shown.
`

func TestReadTracked(t *testing.T) {
	assert.True(t, IsTracked([]byte(trackedList)))
	assert.False(t, IsTracked([]byte("State Recv-Q Send-Q\nESTAB 0 0 10.0.0.1:80 10.0.0.2:40000\n")))
	list, err := ReadTracked(strings.NewReader(trackedList))
	require.NoError(t, err)
	assert.Equal(t, []Tracked{
		{State: "ESTABLISHED", Left: 431999 * time.Second, Client: netip.MustParseAddrPort("10.0.0.9:40000"), Server: netip.MustParseAddrPort("10.0.0.2:80"), Assured: true},
		{State: "CLOSE_WAIT", Left: 58 * time.Second, Client: netip.MustParseAddrPort("10.0.0.9:40001"), Server: netip.MustParseAddrPort("10.0.0.2:80"), Assured: true},
		{State: "SYN_SENT", Left: 100 * time.Second, Client: netip.MustParseAddrPort("[2001:db8::1]:40002"), Server: netip.MustParseAddrPort("[2001:db8::2]:443"), Unreplied: true},
		{Client: netip.MustParseAddrPort("10.0.0.9:40003"), Server: netip.MustParseAddrPort("10.0.0.2:80")},
	}, list)
	for text, want := range map[string]string{
		"tcp 6 soon CLOSE src=10.0.0.1":                                     `line 1: "soon": want the seconds that are left`,
		"tcp 6 9 src=10.0.0.1 dst=10.0.0.2":                                 `line 1: "src=10.0.0.1": want the state of a connection`,
		"\ntcp 6 9 CLOSE src=here dst=10.0.0.2 sport=1 dport=2":             `line 2: src="here": want an address`,
		"tcp 6 9 CLOSE src=10.0.0.1 dst=10.0.0.2 sport=100000 dport=2":      `line 1: sport="100000": want a port`,
		"tcp 6 9 CLOSE src=10.0.0.1 sport=1 dport=2":                        `line 1: dst="": want an address`,
		"ipv4 2 tcp 6 9 close src=10.0.0.1 dst=10.0.0.2 sport=1 dport=2 x=": `line 1: "close": want the state of a connection`,
	} {
		_, err := ReadTracked(strings.NewReader(text))
		assert.EqualError(t, err, want)
	}
}

func FuzzReadTracked(f *testing.F) {
	f.Add(trackedList)
	f.Add("tcp 6 9 CLOSE")
	f.Add("tcp 6 \x00=")
	f.Fuzz(func(t *testing.T, text string) {
		list, err := ReadTracked(strings.NewReader(text))
		for _, row := range list {
			assert.True(t, row.Client.IsValid() && row.Server.IsValid(), text)
			assert.GreaterOrEqual(t, row.Left, time.Duration(0))
		}
		if err == nil && len(list) > 0 && !IsTracked([]byte(text)) {
			t.Errorf("%q is read, and is none", text)
		}
	})
}
