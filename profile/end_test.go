package profile

import (
	"bytes"
	"flag"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/model"
)

var rewrite = flag.Bool("rewrite", false, "write the profiles of Linux that are built in")

// What is built in of Linux is what Linux's numbers and differences come to.
func TestEnds_Linux(t *testing.T) {
	for name, kernel := range kernels {
		l, ok := FindLinux(name)
		require.True(t, ok)
		assert.Equal(t, kernel, l.Kernel)
		e, err := l.End(name, Case{})
		require.NoError(t, err)
		var want bytes.Buffer
		require.NoError(t, e.Write(&want))
		file := "builtin/" + name + extension
		if *rewrite {
			require.NoError(t, os.WriteFile(file, want.Bytes(), 0o644))
		}
		got, err := os.ReadFile(file)
		require.NoError(t, err)
		assert.Equal(t, want.String(), string(got), "%s is stale: go test ./profile -run TestEnds -rewrite", file)
	}
}

// What can be set of a machine or a socket is in the profile that is written, with the
// reason, and comes to what the case has.
func TestLinux_End(t *testing.T) {
	l := Defaults()
	l.RFC1337, l.TWReuse, l.MaxOrphans, l.MaxTWBuckets = true, 1, 0, 0
	for _, c := range []Case{
		{}, {RTO: 300 * time.Millisecond}, {UserTimeout: 30 * time.Second}, {Linger2: 10 * time.Second}, {Linger2: -time.Second},
		{Linger2: 90 * time.Second}, {KeepAlive: true},
	} {
		e, err := l.End("x", c)
		require.NoError(t, err)
		for _, s := range e.Settings {
			assert.NotEmpty(t, s.Comment, "%+v: %s", c, s.Field.Base)
		}
		want, err := l.Config(c)
		require.NoError(t, err)
		is, err := e.Endpoint(want.Tick)
		require.NoError(t, err)
		for _, word := range l.opening() {
			set(&want.Config, word)
		}
		if is.ReuseAge == uint16(time.Second/want.Tick) {
			want.Config.EachEnd(func(e *model.Endpoint) { e.ReuseAge = is.ReuseAge })
		}
		assert.Equal(t, want.Config.Ends[model.A], is, "%+v", c)
	}
	_, err := l.End("x", Case{RTO: 201 * time.Millisecond})
	assert.ErrorContains(t, err, "want times that have a common tick")
}

// A profile that is read and written again is the same, and each setting of it has
// a reason.
func TestRead_Again(t *testing.T) {
	assert.Equal(t, []string{"linux", "linux-6.1", "rfc"}, Names())
	alias := FindEnd("linux-6.12")
	require.NotNil(t, alias)
	assert.Equal(t, FindEnd("linux").Settings, alias.Settings)
	assert.Equal(t, "linux-6.12", alias.Name)
	for _, e := range Ends() {
		assert.NotEmpty(t, e.About, e.Name)
		for _, s := range e.Settings {
			assert.NotEmpty(t, s.Comment, "%s: %s", e.Name, s.Field.Base)
		}
		var text bytes.Buffer
		require.NoError(t, e.Write(&text))
		again, err := Read(e.Name, bytes.NewReader(text.Bytes()))
		require.NoError(t, err)
		var twice bytes.Buffer
		require.NoError(t, again.Write(&twice))
		assert.Equal(t, text.String(), twice.String())
	}
}

// Two ends that are alike are what the case of the same numbers has, but for what is
// about opening alone.
func TestPair_Linux(t *testing.T) {
	p, err := NewPair(FindEnd("linux"), FindEnd("linux"))
	require.NoError(t, err)
	want, err := Defaults().Config(Case{Losses: model.Unlimited})
	require.NoError(t, err)
	assert.Equal(t, want.Tick, p.Tick)
	assert.Equal(t, p.Ends[model.A], p.Ends[model.B])
	is := p.Config(want.Config)
	assert.ElementsMatch(t, []string{"timestamps=fine", "time-wait-reuse=linux", "challenged-syn=at-once"}, is.Against(want.Config))
}

// The tick is common to both; the network's MSL is another than what an end takes it for.
func TestPair(t *testing.T) {
	p, err := NewPair(FindEnd("linux"), FindEnd("rfc"))
	require.NoError(t, err)
	assert.Equal(t, 100*time.Millisecond, p.Tick)
	c := p.Config(model.Default())
	require.NoError(t, c.Validate())
	assert.EqualValues(t, 1, c.MSL)
	assert.EqualValues(t, 1200, c.Ends[model.B].MSL)
	assert.Equal(t, 600, c.TimeWaitOf(model.A))
	assert.Equal(t, 2400, c.TimeWaitOf(model.B))
	assert.Equal(t, model.TimestampsOff, c.TimestampsOf(model.A), "b has none")
	assert.Equal(t, "a is linux, b is rfc; a tick is 0.1 s", p.String())
	assert.Contains(t, FindEnd("rfc").Flags(p.Tick), "-rto 10")

	ticks, err := Read("ticks", strings.NewReader("tcpclose profile 1\nrto 2\ntime-wait 2msl\n"))
	require.NoError(t, err)
	p, err = NewPair(ticks, ticks)
	require.NoError(t, err)
	assert.Zero(t, p.Tick)
	assert.Equal(t, model.Default(), p.Config(model.Default()))
	assert.Equal(t, "both ends are ticks", p.String())
	_, err = NewPair(ticks, FindEnd("linux"))
	assert.EqualError(t, err, "ticks has its times in ticks, linux in seconds: want two of one kind")

	odd, err := Read("odd", strings.NewReader("tcpclose profile 1\nrto 201ms\ntime-wait 10s\n"))
	require.NoError(t, err)
	_, err = NewPair(FindEnd("linux"), odd)
	assert.EqualError(t, err, "linux and odd have no common tick: with one of 0.001 s, give-up of linux, which is 924.6 s, would be 924600 of it: want at most 60000 (the odd one is rto of odd, 0.201 s)")
}

// Errors name the line, the word and what was expected.
func TestRead_Errors(t *testing.T) {
	const first = "tcpclose profile 1\n"
	for text, want := range map[string]string{
		"":                               `line 1: want "tcpclose profile 1"`,
		"rto 1s\n":                       `line 1: "rto 1s": want "tcpclose profile 1"`,
		"tcpclose profile 2\n":           `line 1: version "2": want 1`,
		first:                            "rto: want it",
		first + "rto\n":                  `line 2: "rto": want a name and a value`,
		first + "rto 1 s\n":              `line 2: "rto 1 s": want a name and a value`,
		first + "\nrot 1s\n":             `line 3: "rot": want a timer or a decision; did you mean rto?`,
		first + "loss 1\n":               `line 2: "loss": want a timer or a decision: loss is of the network, of an application or of ticks`,
		first + "capacity 1\n":           `line 2: "capacity": want a timer or a decision: capacity is of the network, of an application or of ticks`,
		first + "rto soon\n":             `line 2: rto: "soon": want a time as in 1.5s or 200ms`,
		first + "rto -1s\n":              `line 2: rto: "-1s": want a time as in 1.5s or 200ms`,
		first + "rto 1us\n":              `line 2: rto: "1us": want a time of 1ms to 1000h in milliseconds`,
		first + "give-up no\n":           `line 2: give-up: "no": want off, or a time as in 1.5s or 200ms`,
		first + "msl no\n":               `line 2: msl: "no": want same, or a time as in 1.5s or 200ms`,
		first + "r2 no\n":                `line 2: r2: "no": want off, unlimited, or 1 to 100`,
		first + "isn clock\n":            `line 2: isn: "clock": want larger or same: what a clock gives hangs on the tick`,
		first + "time-wait x\n":          `line 2: time-wait: "x": want a time as in 60s, MSLs as in 2msl, or both as in 1msl+2s`,
		first + "rto 1s\nrto 1s\n":       "line 3: rto: want it once",
		first + "rto 1s\nfin-wait-2 5\n": "fin-wait-2 is in ticks, rto in seconds: want all times of one kind",
		first + "rto 1s\n":               "msl: want it, for time-wait is in MSLs",
		first + "rto 1s\ntime-wait 3s\nconnect-reuse aged\n":              "reuse-age: want it, with connect-reuse aged",
		first + "rst-check maybe\n":                                       `line 2: rst-check: "maybe": want exact, window, exact-or-fin`,
		first + "rto 5s\nrto-max 1s\ntime-wait 3s\n":                      "x and x: rto-max: 2: want off or at least the rto, 10",
		first + strings.Repeat("#", 2*maxLine) + "\n":                     "line 2: want at most 1000 octets",
		first + strings.Repeat("\n", maxLines):                            "line 1001: want at most 1000 lines",
		first + "rto 1s\ntime-wait 1ms\ngive-up 900h\n":                   "x and x have no common tick: with one of 0.001 s, give-up of x, which is 3240000 s, would be 3240000000 of it: want at most 60000 (the odd one is time-wait of x, 0.001 s)",
		first + "rto 1s\ntime-wait 3s\nr2 100000\n":                       `line 4: r2: "100000": want off, unlimited, or 1 to 100`,
		first + "rto 1s # why\ntime-wait 60msl+1s\nmsl 1000s\n# x\ny z\n": `line 6: "y": want a timer or a decision`,
	} {
		_, err := Read("x", strings.NewReader(text))
		assert.EqualError(t, err, want, "%.80q", text)
	}
}

// What is said is kept: of the whole, and of each setting.
func TestRead_Comments(t *testing.T) {
	e, err := Read("x", strings.NewReader("tcpclose profile 1\n# one\n#two\n\n# not of the whole\ntime-wait 1msl+2s # why\x01\nmsl 1.5s\nrto 1s\r\n"))
	require.NoError(t, err)
	var text bytes.Buffer
	require.NoError(t, e.Write(&text))
	assert.Equal(t, "tcpclose profile 1\n# one\n# two\n\nmsl        1.5s\ntime-wait  1msl+2s  # why\nrto        1s\n", text.String())
}

// Whatever is read is written, and read again as the same; nothing panics.
func FuzzRead(f *testing.F) {
	for _, e := range Ends() {
		var text bytes.Buffer
		if err := e.Write(&text); err != nil {
			f.Fatal(err)
		}
		f.Add(text.String())
	}
	f.Add("tcpclose profile 1\nrto 1s\ntime-wait 1msl+2s # x\nmsl 1.5s\n")
	f.Add("tcpclose profile 1\nrto 2\ntime-wait 2msl+1\ndelayed-ack unlimited\n")
	f.Fuzz(func(t *testing.T, text string) {
		e, err := Read("x", strings.NewReader(text))
		if err != nil {
			return
		}
		var once, twice bytes.Buffer
		if err := e.Write(&once); err != nil {
			t.Fatal(err)
		}
		again, err := Read("x", bytes.NewReader(once.Bytes()))
		if err != nil {
			t.Fatalf("%v\nof\n%s", err, once.String())
		}
		if err := again.Write(&twice); err != nil || once.String() != twice.String() {
			t.Fatalf("%v: %q is not %q", err, twice.String(), once.String())
		}
		if _, err := NewPair(e, again); err != nil {
			t.Fatal(err)
		}
	})
}
