package sockets

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/model"
)

// The same sockets in four forms.
const ssText = `State      Recv-Q Send-Q Local Address:Port  Peer Address:Port Process
LISTEN     0      128          0.0.0.0:80         0.0.0.0:*     users:(("nginx",pid=7,fd=3))
CLOSE-WAIT 32     0      192.0.2.1:80     198.51.100.7:40000 users:(("nginx",pid=7,fd=9)) timer:(keepalive,1min59sec,0)
TIME-WAIT  0      0      192.0.2.1:80     198.51.100.7:40001 timer:(timewait,27sec,0)
FIN-WAIT-1 0      1   [2001:db8::1]:80 [2001:db8::2]:50000 timer:(on,400ms,3)
`

const netstatText = `Active Internet connections (servers and established)
Proto Recv-Q Send-Q Local Address           Foreign Address         State       PID/Program name     Timer
tcp        0    128 0.0.0.0:80              0.0.0.0:*               LISTEN      7/nginx              off (0.00/0/0)
tcp       32      0 192.0.2.1:80            198.51.100.7:40000      CLOSE_WAIT  7/nginx              keepalive (119.00/0/0)
tcp        0      0 192.0.2.1:80            198.51.100.7:40001      TIME_WAIT   -                    timewait (27.00/0/0)
tcp6       0      1 2001:db8::1:80          2001:db8::2:50000       FIN_WAIT1   -                    on (0.40/3/0)
`

const procText = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:0050 00000000:0000 0A 00000080:00000000 00:00000000 00000000     0        0 1060 1 0 100 0 0 10 0
   1: 010200C0:0050 076433C6:9C40 08 00000000:00000020 02:00002E7C 00000000     0        0 1061 1 0 20 4 1 10 -1
   2: 010200C0:0050 076433C6:9C41 06 00000000:00000000 03:00000A8C 00000000     0        0 0 3 0
   3: B80D0120000000000000000001000000:0050 B80D0120000000000000000002000000:C350 04 00000001:00000000 01:00000028 00000003     0        0 0 1 0
`

func TestRead(t *testing.T) {
	for name, text := range map[string]string{
		"ss": ssText, "netstat": netstatText, "proc": procText,
		"ss without a header":   ssText[strings.Index(ssText, "LISTEN"):],
		"ss of all":             "Netid " + allText(),
		"netstat, rows alone":   netstatText[strings.Index(netstatText, "tcp "):],
		"proc without a header": procText[strings.Index(procText, "   0:"):],
	} {
		t.Run(name, func(t *testing.T) {
			list, err := Read(strings.NewReader(text))
			require.NoError(t, err)
			require.Len(t, list, 4)
			for i, want := range []struct {
				state model.ConnState
				peer  string
				timer Timer
			}{
				{model.Listen, "", Timer{}},
				{model.CloseWait, "198.51.100.7:40000", Timer{Keepalive, 119 * time.Second}},
				{model.TimeWait, "198.51.100.7:40001", Timer{TimeWait, 27 * time.Second}},
				{model.FinWait1, "[2001:db8::2]:50000", Timer{Retransmit, 400 * time.Millisecond}},
			} {
				got := list[i]
				assert.Equal(t, map[model.ConnState]int{model.FinWait1: 3}[want.state], got.Retries)
				assert.Equal(t, want.state, got.State)
				if want.peer == "" {
					assert.False(t, got.Peer.IsValid())
				} else {
					assert.Equal(t, netip.MustParseAddrPort(want.peer), got.Peer)
					assert.Equal(t, want.timer, got.Timer)
				}
				assert.Equal(t, uint16(80), got.Local.Port())
			}
			assert.Equal(t, 32, list[1].RecvQ)
			assert.Equal(t, 1, list[3].SendQ)
			if name == "proc" {
				assert.Equal(t, []Fact{No, No, Yes, Yes}, []Fact{list[0].Orphan, list[1].Orphan, list[2].Orphan, list[3].Orphan})
			} else if !strings.HasPrefix(name, "proc") {
				assert.Equal(t, "nginx", list[1].Process)
			}
		})
	}
}

// allText is ssText with the column of 'ss -an', and a row of another protocol.
func allText() string {
	var b strings.Builder
	b.WriteString("State Recv-Q Send-Q\nudp UNCONN 0 0 0.0.0.0:53 0.0.0.0:*\n")
	for line := range strings.Lines(ssText[strings.Index(ssText, "LISTEN"):]) {
		b.WriteString("tcp " + line)
	}
	return b.String()
}

// What 'ss -tanopie' and /proc/net/tcp add: a second line with the RTO, inodes.
const ssDetails = "State Recv-Q Send-Q Local Address:Port Peer Address:Port Process\n" +
	"FIN-WAIT-1 0 3863439 127.0.0.1:56478 127.0.0.1:8080  timer:(on,392ms,3) ino:0 sk:1006 cgroup:/ ---\n" +
	"\t ts sack bbr wscale:10,10 rto:1632 backoff:3 rtt:0.003/0.003 mss:32741\n" +
	"ESTAB 0 0 127.0.0.1:8080 127.0.0.1:56502 ino:0 sk:100d cgroup:/ <->\n" +
	"\t\nCLOSE-WAIT 1 0 127.0.0.1:8080 127.0.0.1:56434 users:((\"python3\",pid=1543,fd=5)) ino:2351454\n"

const procRTO = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   5: 0100007F:DC9E 0100007F:1F90 04 003AF38F:00000000 01:00000027 00000003     0        0 0 2 0000000043ee4788 163 0 0 1 -1
  12: 0100007F:1F90 0100007F:DCB6 01 00000000:00000000 00:00000000 00000000     0        0 0 1 00000000b4659945 20 0 0 10 -1
  11: 0100007F:1F90 0100007F:DC72 08 00000000:00000001 00:00000000 00000000     0        0 2351454 1 000000004827d656 20 4 0 10 -1
`

// Who holds a socket, and its RTO, are read where the list has them.
func TestRead_Details(t *testing.T) {
	for text, rto := range map[string]time.Duration{ssDetails: 1632 * time.Millisecond, procRTO: 1630 * time.Millisecond} {
		list, err := Read(strings.NewReader(text))
		require.NoError(t, err)
		require.Len(t, list, 3)
		assert.Equal(t, rto, list[0].RTO)
		assert.Equal(t, 3, list[0].Retries)
		assert.Equal(t, []Fact{Yes, No, No}, []Fact{list[0].Orphan, list[1].Orphan, list[2].Orphan})
		assert.Equal(t, []bool{false, true, false}, []bool{list[0].Queued, list[1].Queued, list[2].Queued})
	}
}

func TestRead_Wrong(t *testing.T) {
	for text, want := range map[string]string{
		"":                                    "no row: want what 'ss -tan', 'netstat -tan' or 'conntrack -L' writes, or /proc/net/tcp",
		"hello":                               `line 1: "hello": want what 'ss -tan', 'netstat -tan' or 'conntrack -L' writes, or /proc/net/tcp`,
		"Recv-Q Send-Q Local Peer\n":          "line 1: the column State is missing: want 'ss -tan' without a state, which leaves it out",
		"ESTAB 0 0 a:80 b:90":                 `line 1: address "a:80": want a host that is a number: with the option -n`,
		"ESTAB 0 0 1.2.3.4:http *:*":          `line 1: address "1.2.3.4:http": want a port that is a number: with the option -n`,
		"ESTAB x 0 1.2.3.4:80 1.2.3.4:1":      `line 1: Recv-Q "x": want a number of octets`,
		"ESTAB 0 0":                           "line 1: 3 columns: want State, Recv-Q, Send-Q, the local address and the peer's",
		"State\nHALF 0 0 1.1.1.1:1 1.1.1.1:2": `line 2: state "HALF": want one of TCP's, as ESTAB or CLOSE-WAIT`,
	} {
		_, err := Read(strings.NewReader(text))
		assert.EqualError(t, err, want)
	}
}

func FuzzRead(f *testing.F) {
	for _, text := range []string{ssText, netstatText, procText, "Netid " + allText(), ssDetails, procRTO} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		list, err := Read(strings.NewReader(text))
		for _, s := range list {
			if s.RecvQ < 0 || s.SendQ < 0 || s.Timer.Left < 0 || s.State > model.TimeWait {
				t.Errorf("%+v, %v", s, err)
			}
		}
	})
}

func ExampleRead() {
	list, err := Read(strings.NewReader("CLOSE-WAIT 32 0 192.0.2.1:80 198.51.100.7:40000 users:((\"nginx\",pid=7,fd=9))\n"))
	if err != nil {
		panic(err)
	}
	fmt.Println(list[0].State, list[0].Process, list[0].RecvQ)
	// Output: CLOSE-WAIT nginx 32
}
