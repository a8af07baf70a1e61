package check

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/internal/naive"
	"tcpclose/internal/tier"
	"tcpclose/model"
)

// What the sweep of finding 1 goes over.
var (
	quietRTO = []int{1, 2, 3, 5}
	quietR2  = []int{1, 2, 3}
)

// quietTable has the verdicts on `quiet` without data: by MSL, length of TIME-WAIT and
// what restarts it, a word for each RTO with a letter for each R2: v where it is
// violated. Where it is, so is quiet-fin.
var quietTable = map[string]string{
	"2 2msl fin":    "... ... ... ...",
	"2 2msl never":  "..v .vv vvv vvv",
	"2 2msl answer": "... ... ... ...",
	"2 3msl fin":    "... ... ... ...",
	"2 3msl never":  "... ..v .vv vvv",
	"2 3msl answer": "... ... ... ...",
	"3 2msl fin":    "... .vv ... ...",
	"3 2msl never":  "... .vv .vv vvv",
	"3 2msl answer": "... ... ... ...",
	"3 3msl fin":    "... ... ... ...",
	"3 3msl never":  "... ... ..v .vv",
	"3 3msl answer": "... ... ... ...",
	"4 2msl fin":    "... ..v .vv vvv",
	"4 2msl never":  "... ..v .vv vvv",
	"4 2msl answer": "... ... ... ...",
	"4 3msl fin":    "... ... ... ...",
	"4 3msl never":  "... ... ..v .vv",
	"4 3msl answer": "... ... ... ...",
	"5 2msl fin":    "... ..v .vv ...",
	"5 2msl never":  "... ..v .vv .vv",
	"5 2msl answer": "... ... ... ...",
	"5 3msl fin":    "... ... ... ...",
	"5 3msl never":  "... ... ... ..v",
	"5 3msl answer": "... ... ... ...",
}

// TestQuiet is the sweep of docs/findings.md, finding 1.
func TestQuiet(t *testing.T) {
	for _, msl := range []int{2, 3, 4, 5} {
		for _, timeWait := range []string{"2msl", "3msl"} {
			for _, restart := range []string{"fin", "never", "answer"} {
				row := fmt.Sprintf("%d %s %s", msl, timeWait, restart)
				t.Run(row, func(t *testing.T) {
					if msl > 2 && row != "3 2msl fin" && row != "4 2msl fin" {
						tier.Skip(t)
					}
					want := strings.Fields(quietTable[row])
					require.Len(t, want, len(quietRTO))
					for i, rto := range quietRTO {
						got := ""
						for _, r2 := range quietR2 {
							c := naive.Parse(t, fmt.Sprintf("a-octets=0 b-octets=0 msl=%d rto=%d r2=%d time-wait=%s time-wait-restart=%s", msl, rto, r2, timeWait, restart))
							v := judge(t, c, "quiet", "quiet-fin")
							assert.Equal(t, v[0], v[1], "without data there is nothing but FINs")
							switch v[0] {
							case Holds:
								got += "."
							case Violated:
								got += "v"
							default:
								got += fmt.Sprintf("(%s)", v[0])
							}
						}
						assert.Equal(t, want[i], got, "rto %d", rto)
					}
				})
			}
		}
	}
}

// What finding 1 says of the table.
func TestQuiet_Table(t *testing.T) {
	assert.Len(t, quietTable, 4*2*3)
	violated := map[string]int{}
	for row, words := range quietTable {
		msl, rule, _ := strings.Cut(row, " ")
		violated[rule] += strings.Count(words, "v")
		if rule == "2msl fin" {
			assert.Equal(t, msl != "2", strings.Contains(words, "v"), "msl %s", msl)
		}
	}
	assert.Zero(t, violated["2msl answer"])
	assert.Zero(t, violated["3msl answer"])
	assert.Zero(t, violated["3msl fin"], "3 MSL suffice for FINs")
	assert.NotZero(t, violated["2msl fin"])
	assert.NotZero(t, violated["2msl never"])
	assert.NotZero(t, violated["3msl never"])
}

// With data no multiple of the MSL suffices, unless every answer restarts it.
func TestQuiet_Data(t *testing.T) {
	tier.SkipToCI(t)
	for _, test := range []struct {
		words           string
		quiet, quietFin Verdict
	}{
		{"msl=2 rto=1 r2=1", Holds, Holds},
		{"msl=2 rto=2 r2=2", Violated, Violated}, // which it is not without data
		{"msl=2 rto=2 r2=2 time-wait-restart=never", Violated, Violated},
		{"msl=2 rto=2 r2=2 time-wait-restart=answer", Holds, Holds},
		{"msl=3 rto=2 r2=2", Violated, Violated},
		{"msl=3 rto=2 r2=2 time-wait=3msl", Holds, Holds},
		{"msl=3 rto=2 r2=2 time-wait-restart=answer", Holds, Holds},
		{"msl=3 rto=4 r2=4 time-wait=3msl", Violated, Holds},
		{"msl=3 rto=4 r2=4 time-wait=6msl", Violated, Holds},
		{"msl=3 rto=4 r2=4 time-wait-restart=answer", Holds, Holds},
	} {
		if strings.Contains(test.words, "r2=4") && tier.Leaves(t, test.words) {
			continue
		}
		v := judge(t, naive.Parse(t, "a-octets=0 "+test.words), "quiet", "quiet-fin")
		assert.Equal(t, []Verdict{test.quiet, test.quietFin}, v, test.words)
	}
}

// An old FIN outlives a TIME-WAIT of 1 MSL.
func TestQuiet_1MSL(t *testing.T) {
	c := naive.Parse(t, "a-octets=0 b-octets=0 time-wait=1msl time-wait-restart=answer")
	assert.Equal(t, []Verdict{Violated, Violated}, judge(t, c, "quiet", "quiet-fin"))
}

// That all is quiet with an MSL of 2 ticks is an artefact of the scale.
func TestFiner_Quiet(t *testing.T) {
	properties := find(t, "quiet", "rest", "figure-5")
	c := naive.Parse(t, "a-octets=0 b-octets=0 msl=2 rto=1 r2=3")
	finer, err := Finer(c, 2)
	require.NoError(t, err)
	assert.Equal(t, naive.Parse(t, "a-octets=0 b-octets=0 msl=4 rto=2 r2=3"), finer)
	var reports []*Report
	for _, each := range []model.Config{c, finer} {
		r, err := Check(context.Background(), each, properties, Options{NoTraces: true})
		require.NoError(t, err)
		reports = append(reports, r)
	}
	assert.Equal(t, Holds, reports[0].Findings[0].Verdict)
	assert.Equal(t, Violated, reports[1].Findings[0].Verdict)
	assert.Equal(t, []int{0}, Turned(reports[0], reports[1]))
	assert.Empty(t, Turned(reports[0], reports[0]))
}

// A finer tick leaves all times as they are; what cannot be is an error.
func TestFiner(t *testing.T) {
	c := naive.Parse(t, "msl=3 rto=5 time-wait=1msl+2 delay=2 rto-max=20 delayed-ack=1 user-timeout=4 fin-wait-2=6 keepalive=7 quiet-time=2 reuse-age=4 connect-reuse=aged isn-clock=6 b-isn=clock")
	finer, err := Finer(c, 3)
	require.NoError(t, err)
	assert.Equal(t, naive.Parse(t, "msl=9 rto=15 time-wait=1msl+6 delay=6 rto-max=60 delayed-ack=3 user-timeout=12 fin-wait-2=18 keepalive=21 quiet-time=6 reuse-age=12 connect-reuse=aged isn-clock=2 b-isn=clock"), finer)
	assert.Equal(t, 3*c.TimeWaitOf(model.A), finer.TimeWaitOf(model.A))
	for _, test := range []struct {
		words string
		n     int
		err   string
	}{
		{"", 1, "1 times finer: want 2 to 16"},
		{"", 17, "17 times finer: want 2 to 16"},
		{"msl=6000", 16, "16 times finer: msl would be more than 65534 ticks, want fewer"},
		{"rto=40000", 2, "2 times finer: rto would be more than 65534 ticks, want fewer"},
		{"user-timeout=40000", 2, "2 times finer: user-timeout would be more than 65534 ticks, want fewer"},
		{"msl=31000 time-wait=1", 2, `2 times finer: msl: "62000": want 1 to 60000`},
		{"isn-clock=3 a-isn=clock", 2, "2 times finer: isn-clock: 3: want a multiple of 2"},
		{"delayed-ack=90", 2, "2 times finer: delayed-ack is more than 127 ticks"},
	} {
		_, err := Finer(naive.Parse(t, test.words), test.n)
		assert.EqualError(t, err, test.err, test.words)
	}
}

// An unknown verdict differs from none.
func TestTurned(t *testing.T) {
	report := func(verdicts ...Verdict) *Report {
		r := &Report{}
		for _, v := range verdicts {
			r.Findings = append(r.Findings, Finding{Verdict: v})
		}
		return r
	}
	assert.Equal(t, []int{1, 4}, Turned(
		report(Holds, Holds, Unknown, Violated, Violated),
		report(Holds, Violated, Violated, Unknown, Vacuous)))
}
