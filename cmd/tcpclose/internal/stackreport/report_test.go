package stackreport

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/claims"
	"tcpclose/cmd/tcpclose/internal/screen"
	"tcpclose/model"
	"tcpclose/profile"
	"tcpclose/stacks/adapter"
	"tcpclose/stacks/drive"
	"tcpclose/stacks/own"
)

// benched returns the report of the model with a fault, in random schedules.
func benched(t *testing.T, f model.Fault, waivers ...drive.Waiver) *drive.Report {
	t.Helper()
	c := own.Default()
	c.Fault = f
	a, err := own.New(c, own.Tick)
	require.NoError(t, err)
	r, err := drive.Bench(context.Background(), drive.InProcess(a), nil, drive.Plan{Walks: 400}, waivers, nil)
	require.NoError(t, err)
	return r
}

func TestText(t *testing.T) {
	r := benched(t, model.TextAfterFin)
	require.NotEmpty(t, r.New())
	var b bytes.Buffer
	w := &Writer{Out: &b, Again: "tcpclose stack own"}
	require.NoError(t, w.Text(r))
	text := b.String()
	assert.Contains(t, text, "Timers, as measured:")
	assert.Contains(t, text, "\n  CLOSE-WAIT   ")
	assert.Contains(t, text, "Likewise: CLOSE-WAIT, ACK: ACK")
	assert.Contains(t, text, "tcpclose stack own -run 'open ")
	assert.Contains(t, text, "observed, expected ")
	assert.Contains(t, text, "rst-check=exact")
	for line := range strings.Lines(text) {
		if !strings.Contains(line, " -run ") { // a command to be pasted
			assert.LessOrEqual(t, screen.Width(strings.TrimRight(line, "\n")), screen.Columns, line)
		}
	}
}

func TestText_Chinese(t *testing.T) {
	r := benched(t, model.TextAfterFin, drive.Waiver{Rule: "*", Reason: "known"}, drive.Waiver{Rule: "none", Reason: "idle"})
	assert.Empty(t, r.New())
	var b bytes.Buffer
	w := &Writer{Out: &b, Lang: claims.Chinese}
	require.NoError(t, w.Text(r))
	for _, want := range []string{"实测的定时器", "状态 × 事件", "观察到", "豁免理由：known", "对 none 的豁免没有用到", "偏离：MUST 0 处"} {
		assert.Contains(t, b.String(), want)
	}
	for line := range strings.Lines(b.String()) {
		assert.LessOrEqual(t, screen.Width(strings.TrimRight(line, "\n")), screen.Columns, line)
	}
}

func TestJSON(t *testing.T) {
	r := benched(t, model.TextAfterFin)
	var b bytes.Buffer
	require.NoError(t, JSON(&b, r))
	var j jsonReport
	require.NoError(t, json.Unmarshal(b.Bytes(), &j))
	assert.Equal(t, "own", j.Name)
	assert.Len(t, j.Cells, 88)
	require.Len(t, j.Deviations, len(r.Deviations))
	events, err := adapter.ParseSchedule(j.Deviations[0].Schedule)
	require.NoError(t, err)
	assert.Equal(t, r.Deviations[0].Events, events)
}

func TestFiles(t *testing.T) {
	r := benched(t, model.TextAfterFin)
	dir := filepath.Join(t.TempDir(), "found")
	require.NoError(t, Files(dir, r))
	names, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Len(t, names, 4*len(r.Deviations))
	capture, err := os.ReadFile(filepath.Join(dir, names[1].Name()))
	require.NoError(t, err)
	assert.NotEmpty(t, capture)
	var b bytes.Buffer
	require.NoError(t, Packetdrill(&b, r))
	assert.Contains(t, b.String(), "+0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3")
}

// The profile of a stack is one that 'tcpclose check -a' reads.
func TestProfile(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, benched(t, model.NoFault).WriteProfile(&b))
	end, err := profile.Read("own", &b)
	require.NoError(t, err)
	assert.NotNil(t, end)
}

func TestPage(t *testing.T) {
	var b bytes.Buffer
	w := &Writer{Out: &b}
	require.NoError(t, w.Page(benched(t, model.TextAfterFin, drive.Waiver{Rule: "*", Reason: "known"})))
	assert.True(t, strings.HasPrefix(b.String(), "# own\n"))
	assert.Contains(t, b.String(), "Verdict: known.")
	assert.Zero(t, strings.Count(b.String(), "```")%2)
}

// What was stopped is not taken for the whole, in any form.
func TestStopped(t *testing.T) {
	r := benched(t, model.NoFault)
	forms := map[string]func(b *bytes.Buffer) error{
		"text":     func(b *bytes.Buffer) error { return (&Writer{Out: b}).Text(r) },
		"markdown": func(b *bytes.Buffer) error { return (&Writer{Out: b}).Page(r) },
		"profile":  func(b *bytes.Buffer) error { return r.WriteProfile(b) },
	}
	for name, write := range forms {
		for _, stopped := range []bool{false, true} {
			r.Stopped = stopped
			var b bytes.Buffer
			require.NoError(t, write(&b))
			assert.Equal(t, stopped, strings.Contains(b.String(), "Stopped before all was played."), "%s, stopped: %t", name, stopped)
		}
	}
}

func TestRun(t *testing.T) {
	c := own.Default()
	c.Fault = model.TextAfterFin
	a, err := own.New(c, own.Tick)
	require.NoError(t, err)
	for run, want := range map[string]string{
		"open active; in S. 0 1 65535 0; in F. 1 1 65535 0":                     "No deviation.",
		"open active; in S. 0 1 65535 0; in F. 1 1 65535 0; in . 2 1 65535 1":   "1. RULE: CLOSE-WAIT, ACK: ACK, at event 4",
		"open active; in S. 0 1 65535 0; in F. 1 1 65535 0; in . 2 1 65535 100": "failed: in . 2 1 65535 100",
	} {
		events, err := adapter.ParseSchedule(run)
		require.NoError(t, err)
		list, err := drive.One(drive.InProcess(a), adapter.Setup{}, model.AllOptions(), events)
		require.NoError(t, err)
		var b bytes.Buffer
		w := &Writer{Out: &b}
		require.NoError(t, w.Run(list, "text"))
		assert.Contains(t, b.String(), want)
	}
}
