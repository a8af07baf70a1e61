package model

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestSegment_TextIsParsedBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := rapid.SampledFrom(Sides[:]).Draw(t, "from")
		g := Segment{
			Seq: Seq(rapid.IntRange(0, MaxOctets+1).Draw(t, "seq")),
			Len: rapid.Uint8Range(0, MaxOctets).Draw(t, "len"),
			Ctl: Ctl(rapid.IntRange(1, 15).Draw(t, "ctl")),
		}
		if g.Ctl.Has(ACK) {
			g.Ack = Seq(rapid.IntRange(0, MaxOctets+1).Draw(t, "ack"))
		}
		parsed, sender, err := ParseSegment(g.Text(from))
		require.NoError(t, err)
		require.Equal(t, g, parsed)
		require.Equal(t, from, sender)
	})
}

// The notation is that of the figures of RFC 9293.
func TestSegment_Text(t *testing.T) {
	for text, want := range map[string]struct {
		g    Segment
		from Side
	}{
		"<SEQ=100><ACK=300><CTL=FIN,ACK>":         {Segment{Seq: 0, Ack: 0, Ctl: FIN | ACK}, A},
		"<SEQ=101><ACK=301><CTL=ACK>":             {Segment{Seq: 1, Ack: 1, Ctl: ACK}, A},
		"<SEQ=300><ACK=101><DATA=2><CTL=FIN,ACK>": {Segment{Seq: 0, Ack: 1, Len: 2, Ctl: FIN | ACK}, B},
		"<SEQ=301><CTL=RST>":                      {Segment{Seq: 1, Ctl: RST}, B},
		"<SEQ=100><ACK=303><CTL=RST,ACK>":         {Segment{Seq: 0, Ack: 3, Ctl: RST | ACK}, A},
	} {
		assert.Equal(t, text, want.g.Text(want.from))
		g, from, err := ParseSegment(text)
		assert.NoError(t, err)
		assert.Equal(t, want.g, g, text)
		assert.Equal(t, want.from, from, text)
	}
}

func TestParseSegment_Errors(t *testing.T) {
	for text, want := range map[string]string{
		"":                                  "CTL=: want different ones of FIN, SYN, RST, ACK",
		"FIN":                               "want fields like <SEQ=100>",
		">":                                 "want fields like <SEQ=100>",
		"SEQ=100>":                          "want fields like <SEQ=100>",
		"<SEQ=100><CTL=FIN":                 "want fields like <SEQ=100>",
		"<SEQ=100><SEQ=100><CTL=FIN>":       "SEQ stands twice",
		"<SEQ=100><URG=1><CTL=FIN>":         "URG: want SEQ, ACK, WND, TS, DATA or CTL",
		"<SEQ=100><WND=8><CTL=FIN>":         "WND=8: want 0 to 7",
		"<SEQ=100><WND=0><CTL=RST>":         "WND=0: an RST has none",
		"<SEQ=100><CTL=PSH>":                "CTL=PSH: want different ones of FIN, SYN, RST, ACK",
		"<SEQ=100><CTL=FIN,FIN>":            "CTL=FIN,FIN: want different ones of FIN, SYN, RST, ACK",
		"<CTL=FIN>":                         "SEQ=: want 99 to 327",
		"<SEQ=98><CTL=FIN>":                 "SEQ=98: want 99 to 327",
		"<SEQ=328><CTL=FIN>":                "SEQ=328: want 99 to 327",
		"<SEQ=128><CTL=FIN>":                "SEQ=128: want at most 127 of a",
		"<SEQ=100><CTL=ACK>":                "ACK= and CTL=ACK: want both or neither",
		"<SEQ=100><ACK=300><CTL=FIN>":       "ACK= and CTL=ACK: want both or neither",
		"<SEQ=100><ACK=299><CTL=ACK>":       "ACK=299: want 300 to 327",
		"<SEQ=300><ACK=300><CTL=ACK>":       "ACK=300: want 100 to 127",
		"<SEQ=100><DATA=0><CTL=FIN>":        "DATA=0: leave it out",
		"<SEQ=100><DATA=8><CTL=FIN>":        "DATA=8: want 0 to 7",
		"<SEQ=100><DATA=many><CTL=FIN>":     "DATA=many: want 0 to 7",
		"<SEQ=100><ACK=0x12c><CTL=FIN,ACK>": "ACK=0x12c: want 300 to 327",
	} {
		g, from, err := ParseSegment(text)
		require.Error(t, err, text)
		assert.Contains(t, err.Error(), want)
		assert.Contains(t, err.Error(), text, "it names what was given")
		assert.Zero(t, g)
		assert.Zero(t, from)
	}
}

func FuzzParseSegment(f *testing.F) {
	for _, text := range []string{
		"<SEQ=100><ACK=300><CTL=FIN,ACK>", "<SEQ=301><CTL=RST>", "<SEQ=100><DATA=7><CTL=SYN>",
		"<CTL=FIN><SEQ=308>", "<SEQ=>", "<=>", ">", "<", "<SEQ=100", "<SEQ=+100><CTL=FIN>", "<CTL=,>",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		g, from, err := ParseSegment(text)
		if err != nil {
			assert.Zero(t, g)
			return
		}
		again, sender, err := ParseSegment(g.Text(from))
		require.NoError(t, err)
		assert.Equal(t, g, again)
		assert.Equal(t, from, sender)
	})
}

func TestConfig_StringIsParsedBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, base := anyConfig().Draw(t, "config"), anyConfig().Draw(t, "base")
		parsed, err := ParseConfig(c.String())
		require.NoError(t, err)
		require.Equal(t, c, parsed)

		// What differs from Default is enough, and in no more than that.
		words := c.Against(Default())
		parsed, err = ParseConfig(strings.Join(words, " "))
		require.NoError(t, err)
		require.Equal(t, c, parsed)
		require.Empty(t, c.Against(c))

		// Set one after the other, the differences make one of the other.
		for _, word := range c.Against(base) {
			name, value, _ := strings.Cut(word, "=")
			require.NoError(t, field(t, name).Set(&base, value))
		}
		require.Equal(t, c, base)
	})
}

// field is the field of that name.
func field(t require.TestingT, name string) Field {
	f, err := FindField(name)
	require.NoError(t, err)
	return f
}

func TestDefault_IsValid(t *testing.T) {
	require.NoError(t, Default().Validate())
	c, err := ParseConfig("")
	require.NoError(t, err)
	assert.Equal(t, Default(), c)
}

func TestConfig_Errors(t *testing.T) {
	for text, want := range map[string]string{
		"a-octets=8":               `a-octets: "8": want 0 to 7`,
		"b-octets=-1":              `b-octets: "-1": want 0 to 7`,
		"b-octets=":                `b-octets: "": want 0 to 7`,
		"a-closes=later":           `a-closes: "later": want any-time or after-peer or never`,
		"msl=0":                    `msl: "0": want 1 to 60000`,
		"msl=60001":                `msl: "60001": want 1 to 60000`,
		"a-buffer=8":               `a-buffer: "8": want unlimited or 0 to 7`,
		"b-reads=later":            `b-reads: "later": want at-once or slowly or never`,
		"b-close-is=soft":          `b-close-is: "soft": want half or full or half-then-full`,
		"a-fails=yes":              `a-fails: "yes": want no or abort or die or crash`,
		"user-timeout=0":           `user-timeout: "0": want off or 1 to 60000`,
		"delay=4":                  `delay: "4" is 4 ticks: want 1 to 3, the MSL`,
		"rto=3 rto-max=2":          `rto-max: 2: want off or at least the rto, 3`,
		"rto=0":                    `rto: "0": want 1 to 60000`,
		"rto=60001":                `rto: "60001": want 1 to 60000`,
		"capacity=0":               `capacity: "0": want 1 to 8`,
		"capacity=9":               `capacity: "9": want 1 to 8`,
		"r2=-1":                    `r2: "-1": want off, unlimited or 1 to 100`,
		"loss=some":                `loss: "some": want off, unlimited or 1 to 100`,
		"duplicate=101":            `duplicate: "101": want off, unlimited or 1 to 100`,
		"reorder=on":               `reorder: "on": want off, unlimited or 1 to 100`,
		"time-wait=2 msl":          `"msl": want name=value`,
		"time-wait=twomsl":         `time-wait: "twomsl": want 0 to 60000 ticks, or 0 to 60 MSLs as in 2msl, or both as in 1msl+2`,
		"time-wait=1+2":            `time-wait: "1+2": want 0 to 60000 ticks, or 0 to 60 MSLs as in 2msl, or both as in 1msl+2`,
		"time-wait=1msl+":          `time-wait: "1msl+": want 0 to 60000 ticks, or 0 to 60 MSLs as in 2msl, or both as in 1msl+2`,
		"time-wait=0":              `time-wait: "0" is 0 ticks: want 1 to 60000`,
		"time-wait=60msl":          "", // 180 ticks
		"msl=4 rto=200":            "",
		"msl=60 rto=1":             "", // 2 MSL is 120
		"msl=2000 time-wait=41msl": `time-wait: "41msl" is 82000 ticks: want 1 to 60000`,
		"time-wait-rst=kept":       `time-wait-rst: "kept": want obeyed or ignored`,
		"speed=1":                  `"speed": no such field`,
		"b-rto=3 b-rto-max=2":      `b-rto-max: 2: want off or at least the rto, 3`,
		"a-time-wait=0":            `a-time-wait: "0" is 0 ticks: want 1 to 60000`,
		"b-fin-wait-2-first=1":     `b-fin-wait-2-first: 1: want fin-wait-2 and fin-wait-2-kept=mini with it`,
		"a-give-up=60000":          `a-give-up: 60000: want at most 200, which are 100 retransmissions`,
		"a-msl=0":                  `a-msl: "0": want same or 1 to 60000`,
		"b-rto=1 b-rto=1":          `b-rto stands twice`,
		"octets=1":                 `"octets": no such field`,
		"msl":                      `"msl": want name=value`,
	} {
		c, err := ParseConfig(text)
		if want == "" {
			assert.NoError(t, err, text)
			continue
		}
		require.Error(t, err, text)
		assert.Equal(t, "configuration: "+want, err.Error())
		assert.Zero(t, c)
	}
}

// A Config that was not parsed is checked as one that was.
func TestValidate(t *testing.T) {
	for want, spoil := range map[string]func(*Config){
		`b-octets: "8": want 0 to 7`:                       func(c *Config) { c.Apps[B].Octets = 8 },
		`a-closes: "CloseWhen(3)": want`:                   func(c *Config) { c.Apps[A].Close = 3 },
		`msl: "0": want 1 to 60000`:                        func(c *Config) { c.MSL = 0 },
		`time-wait: "70msl": want`:                         func(c *Config) { c.EachEnd(func(e *Endpoint) { e.TimeWait = Span{MSLs: 70} }) },
		`time-wait: "0" is 0 ticks: want 1 to 60000`:       func(c *Config) { c.EachEnd(func(e *Endpoint) { e.TimeWait = Span{} }) },
		`rto: "0": want 1 to 60000`:                        func(c *Config) { c.EachEnd(func(e *Endpoint) { e.RTO = 0 }) },
		`r2: "-2": want off, unlimited or 1 to 100`:        func(c *Config) { c.EachEnd(func(e *Endpoint) { e.R2 = -2 }) },
		`loss: "101": want off, unlimited or 1 to 100`:     func(c *Config) { c.Loss = 101 },
		`duplicate: "-3": want off, unlimited or 1 to 100`: func(c *Config) { c.Duplicate = -3 },
		`reorder: "127": want off, unlimited or 1 to 100`:  func(c *Config) { c.Reorder = 127 },
		`capacity: "9": want 1 to 8`:                       func(c *Config) { c.Capacity = MaxCapacity + 1 },
		`time-wait: "3msl+150" is 90150 ticks: want 1 to 60000`: func(c *Config) {
			c.MSL = 30000
			c.EachEnd(func(e *Endpoint) { e.TimeWait = Span{MSLs: 3, Ticks: 150} })
		},
		`a-time-wait: "0" is 0 ticks: want 1 to 60000`: func(c *Config) { c.Ends[A].TimeWait = Span{} },
		`b-r2: "-2": want off, unlimited or 1 to 100`:  func(c *Config) { c.Ends[B].R2 = -2 },
		`b-late-data: choice 4: want 0 to 3`:           func(c *Config) { c.Ends[B].Choices[LateData] = 4 },
		`late-data: choice 4: want 0 to 3`:             func(c *Config) { c.EachEnd(func(e *Endpoint) { e.Choices[LateData] = 4 }) },
	} {
		c := Default()
		spoil(&c)
		_, err := NewSystem(c)
		require.Error(t, err, want)
		assert.Contains(t, err.Error(), want)
	}
}

func FuzzParseConfig(f *testing.F) {
	for _, text := range []string{
		"", Default().String(), "r2=off loss=3", "time-wait=1msl+2", "time-wait=0msl+1", "time-wait=+", "time-wait=msl",
		"a-octets=6 b-octets=0 time-wait-ack=answered", "=", "a-octets", "loss=-0", "msl=60 time-wait=4msl", "b-rto=4 rto=3", "a-msl=9 b-msl=same",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := ParseConfig(text)
		if err != nil {
			assert.Zero(t, c)
			return
		}
		require.NoError(t, c.Validate())
		again, err := ParseConfig(c.String())
		require.NoError(t, err)
		assert.Equal(t, c, again)
	})
}

func TestLimit_TextIsParsedBack(t *testing.T) {
	for l := Limit(-1); l <= maxLimit; l++ {
		parsed, err := parseLimit(l.String())
		require.NoError(t, err)
		assert.Equal(t, l, parsed)
	}
	assert.Equal(t, []string{"unlimited", "off", "1"}, []string{Unlimited.String(), Limit(0).String(), Limit(1).String()})
}

func TestSpan_TextIsParsedBack(t *testing.T) {
	for msls := range uint8(60 + 1) {
		for _, ticks := range []uint16{0, 1, 2, 199, 200, 255, 256, 59999, maxTicks} {
			s := Span{msls, ticks}
			parsed, err := ParseSpan(s.String())
			if err != nil || parsed != s {
				require.Fail(t, "not parsed back", "%s: %v, %v", s, parsed, err)
			}
		}
	}
	for text, want := range map[string]Span{"7": {0, 7}, "2msl": {2, 0}, "1msl+2": {1, 2}, "0": {0, 0}} {
		assert.Equal(t, text, want.String())
	}
	assert.Equal(t, 6, Span{2, 0}.In(3))
	assert.Equal(t, 11, Span{3, 2}.In(3))
	assert.Equal(t, 60*60+200, Span{60, 200}.In(60), "more than a byte holds")
}

func TestConnState_TextIsParsedBack(t *testing.T) {
	for s := range numStates {
		parsed, err := ParseConnState(s.String())
		require.NoError(t, err)
		assert.Equal(t, s, parsed)
	}
	_, err := ParseConnState("OPEN")
	assert.ErrorContains(t, err, `connection state "OPEN": want one of ["CLOSED"`)
}

// What is out of range is printed as a number, and does not panic.
func TestString_OutOfRange(t *testing.T) {
	assert.Equal(t, "ConnState(11)", numStates.String())
	assert.Equal(t, "Call(10)", numCalls.String())
	assert.Equal(t, "Timeout(7)", numTimeouts.String())
	assert.Equal(t, "Kind(7)", numKinds.String())
	assert.Equal(t, "CloseWhen(3)", CloseWhen(3).String())
	assert.Equal(t, "Clause(108)", NumClauses.String())
	assert.Equal(t, "Decision(43)", NumDecisions.String())
}

func TestNotice_String(t *testing.T) {
	assert.Equal(t, "", Notice(0).String())
	assert.Equal(t, "end of file, closed", (ToldClosed | ToldEOF).String())
	assert.Equal(t, "reset", ToldReset.String())
	assert.Equal(t, "timed out, aborted", (ToldTimeout | ToldAborted).String())
}
