package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"tcpclose/internal/tier"
	"tcpclose/model"
	"tcpclose/stacks"
	"tcpclose/stacks/adapter"
	"tcpclose/stacks/replay"
	"tcpclose/trace"
)

const root = "../../.."

// recorded returns the record of which docs/stacks/confirmed.md was written.
func recorded(t *testing.T) *matrix {
	f, err := os.Open("testdata/matrix.jsonl")
	require.NoError(t, err)
	defer f.Close()
	m, err := readMatrix(f)
	require.NoError(t, err)
	return m
}

// The page is that of the record, and at least ten kinds of findings are confirmed, each
// with a ladder.
func TestPage(t *testing.T) {
	m := recorded(t)
	var page bytes.Buffer
	require.NoError(t, m.page(&page))
	text, err := os.ReadFile(root + "/docs/stacks/confirmed.md")
	require.NoError(t, err)
	require.Equal(t, page.String(), string(text), "go run ./stacks/replay/confirm -page stacks/replay/confirm/testdata/matrix.jsonl >docs/stacks/confirmed.md")
	kinds := map[string]int{}
	for i := range m.Findings {
		if f := &m.Findings[i]; f.Run != nil {
			kinds[f.kind()]++
			assert.Equal(t, confirmed, f.mark())
		}
	}
	assert.GreaterOrEqual(t, len(kinds), 10)
	for kind, n := range kinds {
		assert.Equal(t, 1, n, kind)
	}
	var again bytes.Buffer
	require.NoError(t, m.write(&again))
	read, err := readMatrix(bytes.NewReader(again.Bytes()))
	require.NoError(t, err)
	require.Equal(t, m, read)
}

// What the record says of otherwise has a reason.
func TestReason(t *testing.T) {
	m := recorded(t)
	for i := range m.Findings {
		f := &m.Findings[i]
		for end, why := range f.Why {
			if why != "" {
				assert.NotEmpty(t, reason(m.Names[f.Pair[end]], why), "%s, %s: %s: %s", m.names(f), f.kind(), m.Names[f.Pair[end]], why)
			}
		}
	}
}

// What happens again and again is written once, and read as often.
func TestRun(t *testing.T) {
	kinds := []trace.FileEvent{
		{Event: "tick"}, {Event: "call", Side: "a", What: "CLOSE"}, {Event: "deliver", Side: "b", Segment: "<SEQ=100><CTL=RST>", Place: 1},
	}
	rapid.Check(t, func(t *rapid.T) {
		r := &run{trace.File{Format: "tcpclose trace", Version: 1, Config: map[string]string{"loss": "1"}}}
		parts := rapid.SliceOf(rapid.Custom(func(t *rapid.T) []trace.FileEvent {
			return slices.Repeat([]trace.FileEvent{rapid.SampledFrom(kinds).Draw(t, "kind")}, rapid.IntRange(1, 300).Draw(t, "times"))
		})).Draw(t, "parts")
		r.Events = slices.Concat(parts...)
		text, err := json.Marshal(r)
		require.NoError(t, err)
		assert.Less(t, len(text), 250+100*len(parts))
		var again run
		require.NoError(t, json.Unmarshal(text, &again))
		require.Equal(t, r, &again)
	})
	for _, times := range []string{"-1", "1048577"} {
		err := json.Unmarshal([]byte(`{"events":[{"event":"tick"},{"event":"tick","times":`+times+`}]}`), &run{})
		require.ErrorContains(t, err, "event 2: "+times+" times")
	}
}

// A record is read without a panic, and written as it was read.
func FuzzReadMatrix(f *testing.F) {
	f.Add(`{"Args":["linux=linux-6.12"],"Names":["linux"],"Asked":[[0,0]]}` + "\n" +
		`{"Pair":[0,0],"Situation":"orphan","Why":["",""],"Events":3,"Tick":1,"Run":{"events":[{"event":"tick","times":3}]}}`)
	f.Add(`{"Names":["linux"]} {"Pair":[0,1]}`)
	f.Fuzz(func(t *testing.T, text string) {
		m, err := readMatrix(strings.NewReader(text))
		if err != nil {
			return
		}
		var out bytes.Buffer
		require.NoError(t, m.write(&out))
		again, err := readMatrix(&out)
		require.NoError(t, err)
		require.Len(t, again.Findings, len(m.Findings))
	})
}

// inC lists the stacks that take no more than a library and gcc.
var inC = []string{"lwip", "libslirp"}

// Each end of a run that is said to be confirmed repeats its half.
func TestConfirmed(t *testing.T) {
	m := recorded(t)
	programs := map[string]*adapter.Program{}
	played := 0
	for i := range m.Findings {
		f := &m.Findings[i]
		if f.Run == nil {
			continue
		}
		story, err := f.Run.Replay()
		require.NoError(t, err)
		for _, side := range model.Sides {
			_, name, _ := strings.Cut(m.Args[f.Pair[side]], "=")
			p := program(t, programs, name)
			if p == nil {
				continue
			}
			script, err := replay.Script(story.Trace, side, time.Duration(f.Tick), replay.Real)
			require.NoError(t, err)
			o, err := script.Run(p.Run, p.Caps.Slack)
			require.NoError(t, err)
			assert.Nil(t, o.Difference, "%s, %s: %s", m.names(f), f.kind(), name)
			played++
		}
	}
	t.Logf("%d halves played", played)
	if programs["lwip"] != nil {
		require.Positive(t, played)
	}
}

// program returns the stack of that name, or nil if it cannot be had here or is left to the
// large tier.
func program(t *testing.T, programs map[string]*adapter.Program, name string) *adapter.Program {
	if p, ok := programs[name]; ok {
		return p
	}
	programs[name] = nil
	s, err := stacks.Find(name)
	require.NoError(t, err)
	if s.Missing(root) != nil || !slices.Contains(inC, name) && tier.Leaves(t, name) {
		return nil
	}
	file := filepath.Join(t.TempDir(), name)
	require.NoError(t, s.Build(root, file))
	p, err := adapter.Start(s.Command(file))
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, p.Close()) })
	programs[name] = p
	return p
}
