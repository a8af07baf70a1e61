package adapter

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	_ "tcpclose/internal/tier" // the seed of rapid
	"tcpclose/stacks/wire"
)

var segments = rapid.Custom(func(t *rapid.T) wire.Segment {
	g := wire.Segment{
		Ctl: wire.Ctl(rapid.Uint8().Draw(t, "ctl")), Seq: rapid.Int32().Draw(t, "seq"),
		Wnd: rapid.Uint16().Draw(t, "wnd"), Len: rapid.IntRange(0, 9).Draw(t, "len"),
		Opts: wire.Options{MSS: rapid.Uint16().Draw(t, "mss")},
	}
	if g.Ctl.Has(wire.ACK) {
		g.Ack = rapid.Int32().Draw(t, "ack")
	}
	return g
})

var moments = rapid.Custom(func(t *rapid.T) time.Duration {
	return time.Duration(rapid.Int64Range(0, 1e12).Draw(t, "moment")) * time.Microsecond
})

var events = rapid.Custom(func(t *rapid.T) Event {
	switch Kind(rapid.IntRange(0, int(Next)).Draw(t, "kind")) {
	case Opens:
		return Event{Kind: Opens, Active: rapid.Bool().Draw(t, "active")}
	case Calls:
		c := Call(rapid.IntRange(0, int(numCalls)-1).Draw(t, "call"))
		if c.Counts() {
			return Make(c, rapid.IntRange(0, maxOctets).Draw(t, "octets"))
		}
		return Make(c, 0)
	case Arrives:
		return Event{Kind: Arrives, Segment: segments.Draw(t, "segment"), More: rapid.Bool().Draw(t, "more")}
	case Advances:
		return Wait(moments.Draw(t, "wait"))
	}
	return Event{Kind: Next}
})

var results = rapid.Custom(func(t *rapid.T) Result {
	var r Result
	if rapid.IntRange(0, 9).Draw(t, "failed") == 0 {
		r.Err = rapid.StringMatching(`[a-z:]+( [a-z]+)?`).Draw(t, "error")
		return r
	}
	if rapid.Bool().Draw(t, "answered") {
		r.Answer = &Answer{rapid.SampledFrom(told).Draw(t, "told"), rapid.IntRange(0, 99).Draw(t, "octets"), rapid.SampledFrom([]string{"", "EPIPE"}).Draw(t, "native")}
	}
	for range rapid.IntRange(0, 3).Draw(t, "emitted") {
		r.Emitted = append(r.Emitted, Emitted{segments.Draw(t, "segment"), moments.Draw(t, "at"), rapid.SampledFrom([]string{"", "text at number 3"}).Draw(t, "wrong")})
	}
	r.State = rapid.SampledFrom([]string{"", "CLOSED", "FIN-WAIT-2/mini"}).Draw(t, "state")
	if r.Signal = rapid.Bool().Draw(t, "signal"); r.Signal {
		r.Signals = Signals(rapid.IntRange(0, 1<<len(signalNames)-1).Draw(t, "signals"))
	}
	r.Now = moments.Draw(t, "now")
	if r.Timed = rapid.Bool().Draw(t, "timed"); r.Timed {
		r.Next = moments.Draw(t, "next")
	}
	return r
})

func TestSchedule_TextReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := Schedule(rapid.SliceOfN(events, 1, 5).Draw(t, "schedule"))
		again, err := ParseSchedule(s.String())
		require.NoError(t, err)
		require.Equal(t, s, again)
	})
}

func TestParseSchedule_Errors(t *testing.T) {
	for text, want := range map[string]string{
		"open":              "want active or passive",
		"open both":         "want active or passive",
		"call":              "want one of send, receive",
		"call die":          "want one of send, receive",
		"call send":         "want 0 to 1048576 octets",
		"call send -1":      "want 0 to 1048576 octets",
		"call close 1":      "want nothing after the call",
		"in S 0":            "want control bits, SEQ",
		"advance":           "want 0 to 31536000000000 microseconds",
		"advance 1s":        "want 0 to 31536000000000 microseconds",
		"next 5":            "want nothing after next",
		"next; ; next":      "want open, call, in, advance or next",
		"sleep":             "want open, call, in, advance or next",
		"open active; fail": `event " fail"`,
	} {
		_, err := ParseSchedule(text)
		require.ErrorContains(t, err, want, text)
	}
}

func TestResults_TextReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfN(results, 1, 4).Draw(t, "results")
		again, err := parseResults(FormatResults(list), len(list))
		require.NoError(t, err)
		require.Equal(t, list, again)
	})
}

func TestParseResults_Errors(t *testing.T) {
	for line, want := range map[string]string{
		"bad luck":                     `the stack says "bad luck": want ok`,
		"ok -":                         "answered 1 events of 2",
		"ok -; -; -":                   "answered 3 events of 2",
		"ok error no; -; -":            "answered 3 events of 2",
		"ok -; told much 0 -":          "want a word of",
		"ok -; told done 0":            "want a word of",
		"ok -; told done -1 -":         `"-1": want octets`,
		"ok -; out x S 0 0 0 0":        `"x": want microseconds`,
		"ok -; out 1 S 0 0 0":          "want control bits",
		"ok -; wrong text":             "want an out before it",
		"ok -; signals loud":           `"loud": want`,
		"ok -; now soon":               `"soon": want microseconds`,
		"ok -; colour red":             "want told, out, wrong, state",
		"ok -; state CLOSED, , now 10": "want told, out, wrong, state",
	} {
		_, err := parseResults(line, 2)
		require.ErrorContains(t, err, want, line)
	}
	r, err := parseResults("ok error the stack is gone", 2)
	require.NoError(t, err)
	require.Equal(t, []Result{{Err: "the stack is gone"}}, r)
}

func TestCaps_TextReadBack(t *testing.T) {
	for _, c := range []Caps{
		{Name: "x"},
		{Name: "linux", Version: "6.18", Slack: 50 * time.Millisecond, Calls: []Call{Send, Abort}, States: true, Note: "in a namespace, with TUN; as root"},
		{Name: "own", Version: "1", Virtual: true, Exact: true, Calls: []Call{Release}, Signals: true, Deadlines: true, Bursts: true},
	} {
		again, err := parseHello(c.hello())
		require.NoError(t, err)
		require.Equal(t, c, again)
	}
}

func TestParseHello_Errors(t *testing.T) {
	for line, want := range map[string]string{
		"":                                     "want tcpclose-stack and a version",
		"hello":                                "want tcpclose-stack and a version",
		"tcpclose-stack 2 name=x":              "version 2: want 1",
		"tcpclose-stack 1":                     "want name=",
		"tcpclose-stack 1 name=x time=fast":    "want virtual or real",
		"tcpclose-stack 1 name=x exact=maybe":  "want yes or no",
		"tcpclose-stack 1 name=x calls=die":    `call "die"`,
		"tcpclose-stack 1 name=x slack=little": "want microseconds",
		"tcpclose-stack 1 name=x colour=red":   `"colour=red" is no field`,
	} {
		_, err := parseHello(line)
		require.ErrorContains(t, err, want, line)
	}
}

// fake answers each segment by its copy, is closed at first, and panics at an RST.
type fake struct {
	emitted []Emitted
	now     time.Duration
	state   string
}

func (f *fake) Caps() Caps                         { return Caps{Name: "fake", Virtual: true, States: true} }
func (f *fake) Reset(Setup) error                  { *f = fake{state: "CLOSED"}; return nil }
func (f *fake) Close() error                       { return nil }
func (f *fake) State() (string, error)             { return f.state, nil }
func (f *fake) Advance(d time.Duration) error      { f.now += d; return nil }
func (f *fake) Call(c Call, n int) (Answer, error) { return Answer{Done, n, ""}, nil }

func (f *fake) Open(active bool) (Answer, error) {
	f.state = "LISTEN"
	return Answer{Told: Done}, nil
}

func (f *fake) Emitted() ([]Emitted, error) {
	list := f.emitted
	f.emitted = nil
	return list, nil
}

func (f *fake) Inject(g wire.Segment) error {
	if g.Ctl.Has(wire.RST) {
		panic("RST")
	}
	f.emitted = append(f.emitted, Emitted{g, f.now, ""})
	return nil
}

func TestServe(t *testing.T) {
	var out bytes.Buffer
	in := strings.Join([]string{
		"more call close",
		"run 1 0 open passive; in S 0 0 100 0; advance 5; in F. 1 1 100 2",
		"more call send 3; in R 1 0 0 0; call close",
		"run",
		"run 1 much",
		"run 1 0",
		"run 1 0 open; next",
		"walk",
		"run 1 0 next",
	}, "\n")
	require.NoError(t, Serve(&fake{}, strings.NewReader(in), &out))
	require.Equal(t, `tcpclose-stack 1 name=fake version= time=virtual exact=no slack=0 calls= states=yes signals=no deadlines=no
bad more: want run before it
ok told done 0 -, state LISTEN; out 0 S 0 0 100 0, state LISTEN; state LISTEN, now 5; out 5 F. 1 1 100 2, state LISTEN, now 5
ok told done 3 -, state LISTEN, now 5; error in R 1 0 0 0: panic: RST
bad run: want SEED BUFFER and events
bad run 1 much: want numbers
ok
bad event "open": want active or passive
bad "walk": want run or more
ok error next: the adapter knows no deadlines
`, out.String())
}

// As a program of its own this test is a stack: by its argument a fake one, one
// that ends at once, or one that writes nonsense.
func TestMain(m *testing.M) {
	switch os.Getenv("ADAPTER_TEST_STACK") {
	case "":
		os.Exit(m.Run())
	case "fake":
		if err := Serve(&fake{}, os.Stdin, os.Stdout); err != nil {
			panic(err)
		}
	case "nonsense":
		os.Stdout.WriteString("Hello, world.\n")
	case "silent":
		time.Sleep(time.Hour)
	}
}

func stack(kind string) *exec.Cmd {
	command := exec.Command(os.Args[0])
	command.Env = append(os.Environ(), "ADAPTER_TEST_STACK="+kind)
	return command
}

func TestProgram(t *testing.T) {
	p, err := Start(stack("fake"))
	require.NoError(t, err)
	s, err := ParseSchedule("open passive; in S 0 0 100 0; advance 5; in R 1 0 0 0; next")
	require.NoError(t, err)
	want, err := Run(&fake{}, Setup{}, s)
	require.NoError(t, err)
	require.Len(t, want, 4)
	for range 2 {
		got, err := p.Run(Setup{}, s)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	more, err := p.More(Schedule{Make(Send, 2)})
	require.NoError(t, err)
	require.Equal(t, 2, more[0].Answer.Octets)
	require.NoError(t, p.command.Process.Kill())
	_, err = p.Run(Setup{}, s)
	require.ErrorContains(t, err, "panic: the stack has ended (signal: killed)")
	require.NoError(t, p.Close(), "it has ended already")
}

func TestStart_Errors(t *testing.T) {
	_, err := Start(stack("nonsense"))
	require.ErrorContains(t, err, `the stack begins with "Hello, world."`)
	_, err = Start(stack("ends"))
	require.ErrorContains(t, err, "the stack has ended")
	_, err = Start(exec.Command("/no/such/stack"))
	require.Error(t, err)
	defer func(d time.Duration) { startTime = d }(startTime)
	startTime = 100 * time.Millisecond
	_, err = Start(stack("silent"))
	require.ErrorContains(t, err, "no line from the stack in 100ms")
}

func TestLadder(t *testing.T) {
	s, err := ParseSchedule("open passive; in S 0 0 8000 0; call send 3; advance 1500000; in F. 1 1 500 2; in R 1 0 0 0")
	require.NoError(t, err)
	results, err := Run(&fake{}, Setup{}, s)
	require.NoError(t, err)
	results[3].Emitted = []Emitted{{s[1].Segment, time.Second, ""}, {s[4].Segment, 1500 * time.Millisecond, "text at number 1"}}
	results[3].State = "CLOSED"
	var b strings.Builder
	require.NoError(t, Ladder(&b, s, results, Style{Stack: "fake", Unit: 100 * time.Millisecond, Low: 1000}))
	require.Equal(t, `       fake                                                                     peer
       LISTEN          |(OPEN (passive))
                       |<--- <SEQ=0><CTL=SYN>                             <---|
                       |---> <SEQ=0><CTL=SYN>                             --->|
                       |(SEND 3)
                       |told: 3 octets
     1                 |---> <SEQ=0><CTL=SYN>                             --->|
   1.5 CLOSED          |---> <SEQ=1><ACK=1><WND=500><DATA=2><CTL=FIN,ACK> --->|
                       |wrong: text at number 1
       LISTEN          |<--- <SEQ=1><ACK=1><WND=500><DATA=2><CTL=FIN,ACK> <---|
                       |---> <SEQ=1><ACK=1><WND=500><DATA=2><CTL=FIN,ACK> --->|
                       |<--- <SEQ=1><CTL=RST>                             <---|
                       |failed: in R 1 0 0 0: panic: RST
`, b.String())
}

// A program that ends in the middle of an answer has failed as a stack fails, and is
// started again for the next host.
func TestProgram_Ends(t *testing.T) {
	const script = `echo "tcpclose-stack 1 name=x version=1 time=virtual exact=yes slack=0 calls= states=no signals=no deadlines=no"
while read line; do
	case "$line" in
	*active*) printf 'ok Assertion failed'; exit 3 ;;
	bad*) echo "bad line" ;;
	*) echo "ok -" ;;
	esac
done`
	p, err := Start(exec.Command("sh", "-c", script))
	require.NoError(t, err)
	_, err = p.Run(Setup{}, Schedule{{Kind: Opens}})
	require.NoError(t, err)
	_, err = p.Run(Setup{}, Schedule{{Kind: Opens, Active: true}})
	require.EqualError(t, err, `panic: the stack has ended (exit status 3): the stack says "Assertion failed": want told, out, wrong, state, signals, now, next or error`)
	_, err = p.More(Schedule{{Kind: Opens}})
	require.EqualError(t, err, "the stack has ended: want a new host")
	_, err = p.Run(Setup{}, Schedule{{Kind: Opens}})
	require.NoError(t, err)
	require.NoError(t, p.Close())
}
