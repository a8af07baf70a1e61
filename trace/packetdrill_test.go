package trace

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"tcpclose/internal/lang"
	"tcpclose/model"
	"tcpclose/stacks/adapter/adaptertest"
	"tcpclose/stacks/own"
	"tcpclose/stacks/packetdrill"
)

// drilled returns the script of an end.
func drilled(t require.TestingT, s *Story, at model.Side) string {
	var b strings.Builder
	require.NoError(t, s.Packetdrill(&b, at))
	return b.String()
}

// A script shows what one end does in the normal close, from either end.
func TestPacketdrill(t *testing.T) {
	s := found(t, noData+"loss=off duplicate=off reorder=off", "normal-close")
	s.About = About{}
	const head = `// The run as end %s sees it: what its user does, what arrives, what it sends
// and when. The other end, and what is lost on the way here, are not in it.
// No time is known for a tick; here it is 1 s.
--tolerance_usecs=100000

+0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
+0 setsockopt(3, SOL_SOCKET, SO_REUSEADDR, [1], 4) = 0
`
	assert.Equal(t, fmt.Sprintf(head, "a")+`+0 fcntl(3, F_SETFL, O_RDWR|O_NONBLOCK) = 0
+0 connect(3, ..., ...) = -1 EINPROGRESS (Operation now in progress)
+0 > S 0:0(0) <...>
+0 < S. 0:0(0) ack 1 win 65535 <mss 1460>
+0 > . 1:1(0) ack 1
+0 shutdown(3, SHUT_WR) = 0                  // FIN-WAIT-1
+0 > F. 1:1(0) ack 1
+0 < . 1:1(0) ack 2 win 65535                // FIN-WAIT-2; told: closed
+0 < F. 1:1(0) ack 2 win 65535               // TIME-WAIT; told: end of file
+0 > . 2:2(0) ack 2
+0 read(3, ..., 1) = 0
+6 `+"`true`"+`                                    // TIME-WAIT TIMEOUT; CLOSED
`, drilled(t, s, model.A))
	assert.Equal(t, fmt.Sprintf(head, "b")+`+0 bind(3, ..., ...) = 0
+0 listen(3, 1) = 0
+0 < S 0:0(0) win 65535 <mss 1460>
+0 > S. 0:0(0) ack 1 <...>
+0 < . 1:1(0) ack 1 win 65535
+0 accept(3, ..., ...) = 4
+0 < F. 1:1(0) ack 1 win 65535               // CLOSE-WAIT; told: end of file
+0 > . 1:1(0) ack 2
+0 read(4, ..., 1) = 0
+0 shutdown(4, SHUT_WR) = 0                  // LAST-ACK
+0 > F. 1:1(0) ack 2
+0 < . 2:2(0) ack 2 win 65535                // CLOSED; told: closed
`, drilled(t, s, model.B))
	s.About.Language = lang.Chinese
	assert.Contains(t, drilled(t, s, model.A), "// 端点 a 所见的运行")
}

// A script says what it cannot show, and ends there.
func TestPacketdrill_Ends(t *testing.T) {
	for _, c := range []struct {
		config string
		do     func(model.Action) bool
		says   string
	}{
		{"b-fails=crash", func(a model.Action) bool { return a.Kind == model.Calls && a.Call == model.Crash }, "a script cannot have the host crash"},
		{"start=closed b-opens=passively", func(a model.Action) bool {
			return a.Kind == model.Calls && a.Side == model.B && (a.Call == model.OpenPassive || a.Call == model.Close)
		}, "no socket has the connection then: it is not accepted, or closed"},
	} {
		config, err := model.ParseConfig(c.config)
		require.NoError(t, err)
		s, err := NewStory(choose(t, config, 4, c.do), About{})
		require.NoError(t, err)
		text := drilled(t, s, model.B)
		lines := strings.Split(strings.TrimSpace(text), "\n")
		assert.Contains(t, strings.ReplaceAll(text, "\n// ", " "), c.says)
		assert.True(t, strings.HasPrefix(lines[len(lines)-1], "// "), "nothing comes behind it:\n%s", text)
	}
}

// choose returns a run of up to n events, each the first that is wanted.
func choose(t require.TestingT, c model.Config, n int, want func(model.Action) bool) *Trace {
	run := &Trace{Config: c, Loop: -1}
	y, err := run.System()
	require.NoError(t, err)
	s := y.Init()
	run.States = []model.State{s}
	for range n {
		for _, a := range y.Actions(nil, s) {
			if want(a) {
				o, ok := y.Step(s, a)
				require.True(t, ok)
				s = o.To
				run.Events, run.States = append(run.Events, Event{a, o}), append(run.States, s)
				break
			}
		}
	}
	return run
}

// played has an end of the model do what a script says, and returns where it differs.
func played(t require.TestingT, s *Story, at model.Side, text string) *packetdrill.Difference {
	p, err := packetdrill.Parse(text, nil)
	require.NoError(t, err, text)
	for _, left := range p.Skipped {
		require.Regexp(t, "socket|setsockopt|fcntl|bind|accept|`true`", left.Text)
	}
	c := s.Config
	if at == model.B { // the bench has the endpoint of side a
		c.Apps[model.A], c.Apps[model.B] = c.Apps[model.B], c.Apps[model.A]
		c.Ends[model.A], c.Ends[model.B] = c.Ends[model.B], c.Ends[model.A]
	}
	stack, err := own.New(c, cmp.Or(s.About.Tick, captureTick))
	require.NoError(t, err)
	o, err := p.Run(packetdrill.Runner(adaptertest.Of(stack)), 0)
	require.NoError(t, err)
	return o.Difference
}

// An end of the model by itself, with sockets in place of the system's, does what the
// script of a run expects, line by line and in time.
func TestPacketdrill_Plays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := rapid.SampledFrom(model.Sides[:]).Draw(t, "at")
		s, err := NewStory(promptly(t, at), About{Tick: someTick(t)})
		require.NoError(t, err)
		text := drilled(t, s, at)
		d := played(t, s, at, text)
		require.Nil(t, d, "%v\n%s\n%s", d, s.Config, text)
	})
}

// promptly returns a run in which timers of an end fire before anything else happens at
// that instant, as on the bench, in a network without a box.
func promptly(t *rapid.T, at model.Side) *Trace {
	c := rapid.SampledFrom(Configs).Filter(func(c model.Config) bool {
		return c.Between.Box == nil && c.Fault == 0 && c.Apps[at].Buffer == model.Wide
	}).Draw(t, "config")
	run := &Trace{Config: c, Loop: -1}
	y, err := run.System()
	require.NoError(t, err)
	s := y.Init()
	run.States = []model.State{s}
	for range rapid.IntRange(0, 40).Draw(t, "events") {
		actions := slices.DeleteFunc(y.Actions(nil, s), func(a model.Action) bool {
			return a.Kind == model.Calls && a.Call == model.SendHeld // the bench sends at once
		})
		if len(actions) == 0 {
			break
		}
		a := actions[rapid.IntRange(0, len(actions)-1).Draw(t, "action")]
		for _, due := range actions {
			if due.Kind == model.Timeouts && due.Side == at {
				a = due
				break
			}
		}
		o, ok := y.Step(s, a)
		require.True(t, ok)
		s = o.To
		run.Events, run.States = append(run.Events, Event{a, o}), append(run.States, s)
	}
	return run
}

// A script without one of the segments that the end sends is not what the model does.
func TestPacketdrill_Differs(t *testing.T) {
	s := found(t, noData, "time-wait-unbroken")
	for _, at := range model.Sides {
		text := drilled(t, s, at)
		require.Nil(t, played(t, s, at, text), text)
		lines := strings.SplitAfter(text, "\n")
		left := 0
		for i, line := range lines {
			if strings.HasPrefix(line, "+0 > ") && i+2 < len(lines) {
				left++
				without := strings.Join(append(append([]string{}, lines[:i]...), lines[i+1:]...), "")
				assert.NotNil(t, played(t, s, at, without), "without %s", line)
			}
		}
		assert.Positive(t, left)
	}
}
