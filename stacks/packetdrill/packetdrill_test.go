package packetdrill

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/stacks/adapter"
	"tcpclose/stacks/adapter/adaptertest"
	"tcpclose/stacks/own"
)

// active closes first, and reads what the peer sends.
const active = `--tolerance_usecs=50000
// a comment with "// quotation"
0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
+0 fcntl(3, F_SETFL, O_RDWR | O_NONBLOCK) = 0
+0 connect(3, ..., ...) = -1 EINPROGRESS (Operation now in progress)
+0 > S 0:0(0) <...>
+.1 < S. 0:0(0) ack 1 win 7 <mss 1000,nop,nop,sackOK>
+0 > . 1:1(0) ack 1
+.1 shutdown(3, SHUT_WR) = 0
+0 > F. 1:1(0) ack 1
+.1 < P. 1:4(3) ack 2 win 7
* > . 2:2(0) ack 4
+0 read(3, ..., 10) = 3
+0 read(3, ..., 10) = -1 EAGAIN (Resource temporarily unavailable)
+0 %{ assert tcpi_state == TCPI_FIN_WAIT2 }%
+.1 < F. 4:4(0) ack 2 win 7
+0 > . 2:2(0) ack 5
+0 ` + "`ss -tan | grep -c TIME_WAIT | grep 1`" + `
+0 read(3, ..., 10) = 0
#ifdef NEVER
+0 > R 1:1(0)
#else
+0 close(3) = 0
#endif
`

// runner runs schedules on the model.
func runner() Runner {
	s, err := own.New(own.Default(), own.Tick)
	if err != nil {
		panic(err) // of the default
	}
	return Runner(adaptertest.Of(s))
}

func TestRun(t *testing.T) {
	s, err := Parse(active, nil)
	require.NoError(t, err)
	require.Equal(t, 50*time.Millisecond, s.Tolerance)
	o, err := s.Run(runner(), 0)
	require.NoError(t, err)
	require.Nil(t, o.Difference)
}

// Every line of the script counts: with any one changed, the difference is found there.
func TestRun_Differs(t *testing.T) {
	for _, c := range []struct{ from, to, want string }{
		{"+0 > S 0:0(0) <...>", "+0 > S. 0:0(0) ack 1", "line 6: > S 0:0(0): want > S. 0:0(0) ack 1"},
		{"+0 > . 1:1(0) ack 1\n", "+.7 > . 1:1(0) ack 1\n", "line 8: it was sent after 0s: want > . 1:1(0) ack 1 after 700ms"},
		{"+0 > F. 1:1(0) ack 1\n", "\n", "line 11: > F. 1:1(0) ack 1: want nothing more before it"},
		{"+0 > F. 1:1(0) ack 1\n", "+0 > F. 1:1(0) ack 1\n+0 > F. 1:1(0) ack 1\n", "line 11: nothing was sent: want > F. 1:1(0) ack 1"},
		{"10) = 3", "10) = 2", "line 13: 3 octets: want 2 octets"},
		{"-1 EAGAIN", "-1 ECONNRESET", "line 14: waits: want reset"},
		{"TCPI_FIN_WAIT2", "TCPI_CLOSING", "line 15: FIN-WAIT-2: want CLOSING"},
		{"grep -c TIME_WAIT", "grep -c LAST_ACK", "line 18: TIME-WAIT: want LAST-ACK"},
		{"read(3, ..., 10) = 0", "read(3, ..., 10) = -1 EPIPE (Broken pipe)", "line 19: eof: want closing"},
	} {
		require.Contains(t, active, c.from)
		s, err := Parse(strings.Replace(active, c.from, c.to, 1), nil)
		require.NoError(t, err, c.to)
		o, err := s.Run(runner(), 0)
		require.NoError(t, err)
		d := o.Difference
		require.NotNil(t, d, c.to)
		assert.Equal(t, c.want, d.String())
	}
}

// A retransmission is awaited, and what is too late is found.
func TestRun_Timer(t *testing.T) {
	const script = `--tolerance_usecs=300000
0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
0 connect(3, ..., ...) = -1 EINPROGRESS (Operation now in progress)
0 > S 0:0(0)
%s > S 0:0(0)
+.1 < R. 0:0(0) ack 1 win 0
+0 read(3, ..., 1) = -1 ECONNREFUSED (Connection refused)
+0 getsockopt(3, SOL_SOCKET, SO_ERROR, [ECONNREFUSED], [4]) = 0
`
	for when, want := range map[string]string{
		"1": "", "+1": "", "0.9~1.1": "",
		"+3": "line 5: it was sent after 1s: want > S 0:0(0) after 3s",
		".5": "line 5: nothing was sent: want > S 0:0(0)",
	} {
		s, err := Parse(fmt.Sprintf(script, when), nil)
		require.NoError(t, err)
		o, err := s.Run(runner(), 0)
		require.NoError(t, err)
		d := o.Difference
		if want == "" {
			assert.Nil(t, d, when)
		} else if assert.NotNil(t, d, when) {
			assert.Equal(t, want, d.String())
		}
	}
}

func TestParse_Unread(t *testing.T) {
	const begin = "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n"
	for text, want := range map[string]string{
		"nonsense":                     "line 1: nonsense: want a time, as +0.1, and what happens then",
		"+x > S 0:0(0)":                "line 1: +x > S 0:0(0): want a time, as +0.1, and what happens then",
		"0 > S 0:1(0)":                 "line 1: 0 > S 0:1(0): length 0: want the difference of the numbers, at most 65000",
		"0 > Z 0:0(0)":                 "line 1: 0 > Z 0:0(0): want a TCP segment, as > F. 1:1(0) ack 1",
		"0 close(9) = 0":               "line 1: 0 close(9) = 0: socket 9: want one that is open",
		begin + "0 poll([{fd=3}]) = 0": "line 2: 0 poll([{fd=3}]) = 0: the bench has no such call",
		begin + "0 setsockopt(3, SOL_TCP, TCP_USER_TIMEOUT, [3000], 4) = 0":                                "line 2: 0 setsockopt(3, SOL_TCP, TCP_USER_TIMEOUT, [3000], 4) = 0: the bench cannot set this option",
		begin + "0 connect(3, ..., ...) = -1 EINPROGRESS (x)\n0 connect(3, ..., ...) = -1 EINPROGRESS (x)": "line 3: 0 connect(3, ..., ...) = -1 EINPROGRESS (x): the bench has one connection at a time",
		"#endif":                       "line 1: #endif: want #ifdef before it",
		"#ifdef X":                     "line 1: : want #endif",
		"--tolerance_usecs=x":          "line 1: --tolerance_usecs=x: want microseconds",
		"0 < S 0:0(0) win 9 <weird 1>": `line 1: 0 < S 0:0(0) win 9 <weird 1>: option "weird 1": want one of TCP's`,
	} {
		_, err := Parse(text, nil)
		assert.EqualError(t, err, want)
	}
}

// What cannot matter is listed.
func TestParse_Skipped(t *testing.T) {
	s, err := Parse("--ip_version=ipv4\n0 `sysctl -w x=1`\n0 socket(..., SOCK_STREAM, 0) = 3\n0 bind(3, ..., ...) = 0\n", nil)
	require.NoError(t, err)
	require.Empty(t, s.Steps)
	require.Len(t, s.Skipped, 4)
	require.Equal(t, Skipped{2, "0 `sysctl -w x=1`"}, s.Skipped[1])
}

func FuzzParse(f *testing.F) {
	f.Add(active)
	f.Add("0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n+0 setsockopt(3, SOL_SOCKET, SO_LINGER, {onoff=1, linger=0}, 8) = 0\n+0 close(3) = 0\n")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := Parse(text, map[string]bool{"STANDARD": true})
		if err != nil {
			return
		}
		events, steps := s.Schedule()
		if len(events) != len(steps) {
			t.Fatalf("%d events, %d steps", len(events), len(steps))
		}
		if _, err := adapter.ParseSchedule(events.String()); err != nil {
			t.Fatalf("%v", err)
		}
	})
}

func ExampleScript_Run() {
	script, err := Parse(active, nil)
	if err != nil {
		panic(err)
	}
	o, err := script.Run(runner(), 0)
	fmt.Println(o.Difference, err)
	// Output: <nil> <nil>
}
