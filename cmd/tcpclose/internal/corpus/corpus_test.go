package corpus

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/capture"
	"tcpclose/internal/tier"
)

// made is the corpus, made once.
var made = sync.OnceValues(func() ([]Made, error) { return Make(context.Background(), func(int, int, string) {}) })

// The same files come out each time, with one processor as with several.
func TestMake_Deterministic(t *testing.T) {
	tier.SkipToCI(t)
	first, err := made()
	require.NoError(t, err)
	before := runtime.GOMAXPROCS(1)
	defer runtime.GOMAXPROCS(before)
	second, err := Make(t.Context(), func(int, int, string) {})
	require.NoError(t, err)
	require.Equal(t, first, second)
}

// What is captured is read back as the answers say: by the reader of captures, and by
// explain's story of each connection.
func TestMake_ReadBack(t *testing.T) {
	list, err := made()
	require.NoError(t, err)
	for _, m := range list {
		for at, c := range m.Answer.Captures {
			t.Run(c.File, func(t *testing.T) {
				segments, connections := readBack(t, m.Files[c.File])
				require.Len(t, segments, len(c.Frames))
				a := &m.Answer
				for i, s := range segments {
					want := a.Segments[c.Frames[i]-1]
					require.Equal(t, a.Ends[want.From].Address, s.From.String())
					require.Equal(t, want.Flags, s.Ctl.Names())
					require.Equal(t, want.Seq, int(s.Seq))
					require.Equal(t, want.Text, s.Len)
					if want.Ack > 0 {
						require.Equal(t, want.Ack, int(s.Ack))
					}
				}
				require.NotEmpty(t, connections)
				agree(t, a, at, &connections[0])
			})
		}
	}
}

// agree compares what explain tells of the first connection with the answers.
func agree(t *testing.T, a *Answer, at string, c *capture.Connection) {
	client := "a"
	if c.Addrs[capture.Client].String() != a.Ends["a"].Address {
		client = "b"
	}
	side := map[string]capture.Side{client: capture.Client, other(client): capture.Server}
	seen := map[string]bool{} // whose first FIN is in the capture
	for _, from := range []string{"a", "b"} {
		for _, n := range a.Captures[at].Frames {
			s := a.Segments[n-1]
			seen[from] = seen[from] || s.From == from && strings.Contains(s.Flags, "FIN") && !s.Again
		}
		sent := slices.ContainsFunc(a.Segments, func(s Segment) bool { return s.From == from && strings.Contains(s.Flags, "FIN") })
		seen[from] = seen[from] || !sent
		if from == at && len(a.Ends[from].Written) > 0 {
			assert.EqualValues(t, len(a.Ends[from].Written), c.Octets[side[from]])
		}
	}
	if !seen["a"] || !seen["b"] {
		return // the capture cannot say who was first
	}
	want := map[string]capture.Closer{
		"nobody": capture.Nobody, "both": capture.Both, client: capture.ClientFirst, other(client): capture.ServerFirst,
	}[a.ClosedFirst]
	assert.Equal(t, want, c.Story.First, "who closed first")
	for _, r := range c.Story.Resets {
		assert.True(t, slices.ContainsFunc(a.Segments, func(s Segment) bool { return strings.Contains(s.Flags, "RST") && side[s.From] == r.From }))
	}
}

func other(side string) string { return map[string]string{"a": "b", "b": "a"}[side] }

func readBack(t *testing.T, file []byte) (segments []capture.Segment, connections []capture.Connection) {
	r, err := capture.NewReader(bytes.NewReader(file))
	require.NoError(t, err)
	var d capture.Decoder
	table := capture.NewTable(func(c capture.Connection) { connections = append(connections, c) })
	for {
		f, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		s, ok := d.Segment(f)
		require.True(t, ok)
		segments = append(segments, s)
		table.Add(s)
	}
	table.Close()
	return segments, connections
}

// tshark reads the same segments.
func TestMake_Tshark(t *testing.T) {
	tier.SkipToCI(t)
	if _, err := exec.LookPath("tshark"); err != nil {
		t.Skip("tshark is not installed (apt-get install tshark): it does not check the corpus")
	}
	list, err := made()
	require.NoError(t, err)
	n := 0
	for _, m := range list {
		for _, at := range []string{"a", "b"} {
			c := m.Answer.Captures[at]
			if n++; n%tier.Choose(9, 1) != 0 {
				continue
			}
			name := filepath.Join(t.TempDir(), c.File)
			require.NoError(t, os.WriteFile(name, m.Files[c.File], 0o666))
			args := []string{"-r", name, "-T", "fields"}
			for _, f := range []string{"ip.src", "tcp.srcport", "tcp.seq_raw", "tcp.len", "tcp.flags.syn", "tcp.flags.fin", "tcp.flags.reset", "tcp.flags.ack"} {
				args = append(args, "-e", f)
			}
			out, err := exec.Command("tshark", args...).Output()
			require.NoError(t, err)
			var want []string
			for _, n := range c.Frames {
				s := m.Answer.Segments[n-1]
				line := []string{strings.ReplaceAll(m.Answer.Ends[s.From].Address, ":", "\t"), fmt.Sprint(s.Seq), fmt.Sprint(s.Text)}
				for _, f := range []string{"SYN", "FIN", "RST", "ACK"} {
					bit := "0"
					if strings.Contains(s.Flags, f) {
						bit = "1"
					}
					line = append(line, bit)
				}
				want = append(want, strings.Join(line, "\t"))
			}
			assert.Equal(t, strings.Join(want, "\n")+"\n", string(out), c.File)
		}
	}
}

// The answers agree with themselves.
func TestMake_Answers(t *testing.T) {
	list, err := made()
	require.NoError(t, err)
	names := map[string]bool{}
	for _, m := range list {
		a := &m.Answer
		assert.False(t, names[a.Name], a.Name)
		names[a.Name] = true
		for side, e := range a.Ends {
			assert.True(t, strings.HasPrefix(a.Ends[other(side)].Written, e.Read), "%s: %s reads what was written", a.Name, side)
		}
		for _, side := range []string{"a", "b"} {
			arrives := map[int]int{}
			for _, n := range a.Captures[side].Frames {
				arrives[n]++
			}
			for _, s := range a.Segments {
				if s.From == side {
					assert.Equal(t, 1, arrives[s.Number], "%s: what %s sends passes it once", a.Name, side)
				} else {
					assert.Equal(t, s.Arrives, arrives[s.Number], "%s: segment %d", a.Name, s.Number)
				}
			}
		}
	}
}

// The directory appears as a whole, and one that is not empty is left alone.
func TestRun(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "closes")
	command := Command("")
	var out bytes.Buffer
	status, err := command.Run(t.Context(), []string{dir}, &out, io.Discard)
	require.NoError(t, err)
	require.Zero(t, status)
	text, err := os.ReadFile(filepath.Join(dir, answers))
	require.NoError(t, err)
	c, err := Read(bytes.NewReader(text))
	require.NoError(t, err)
	require.Equal(t, Schema, c.Schema)
	require.Len(t, c.Cases, len(cases))
	files, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, files, 2*len(cases)+1)

	_, err = command.Run(t.Context(), []string{dir}, &out, io.Discard)
	require.ErrorContains(t, err, "want a directory that is empty, or new; -overwrite writes into it all the same")
	require.NoError(t, os.Truncate(filepath.Join(dir, c.Cases[0].Captures["a"].File), 3))
	_, err = command.Run(t.Context(), []string{dir, "-overwrite"}, &out, io.Discard)
	require.NoError(t, err)
	again, err := os.ReadFile(filepath.Join(dir, answers))
	require.NoError(t, err)
	require.Equal(t, text, again)

	stopped, cancel := context.WithCancel(t.Context())
	cancel()
	fresh := filepath.Join(t.TempDir(), "none")
	status, err = command.Run(stopped, []string{fresh}, &out, io.Discard)
	require.NoError(t, err)
	require.Equal(t, 3, status)
	require.NoDirExists(t, fresh)
	left, err := os.ReadDir(filepath.Dir(fresh))
	require.NoError(t, err)
	require.Empty(t, left, "nothing is left behind")

	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o666))
	_, err = command.Run(t.Context(), []string{filepath.Join(file, "x")}, &out, io.Discard)
	require.ErrorContains(t, err, "want a directory that can be written")
}

// Every case is in the documentation.
func TestDocs(t *testing.T) {
	text, err := os.ReadFile("../../../../docs/corpus.md")
	require.NoError(t, err)
	for _, k := range cases {
		assert.Contains(t, string(text), "| "+k.name+" | "+k.says+" |\n")
	}
}

// tiny is a corpus of one case.
const tiny = `{"schema": "tcpclose-corpus-1", "cases": [{
	"name": "refused", "says": "", "expression": "", "configuration": "", "closed_first": "nobody",
	"ends": {"a": {"told": ["reset"]}, "b": {"state": "CLOSED"}},
	"segments": [{"number": 1, "from": "a", "flags": "SYN", "seq": 100, "arrives": 1}, {"number": 2, "from": "b", "flags": "RST,ACK"}],
	"captures": {"a": {"file": "refused-a.pcap", "frames": [1, 2]}, "b": {"file": "refused-b.pcap", "frames": [1, 2]}}
}]}`

func TestRead(t *testing.T) {
	c, err := Read(strings.NewReader(tiny))
	require.NoError(t, err)
	require.Len(t, c.Cases, 1)
	for old, is := range map[string][2]string{
		`corpus-1"`:      {`corpus-9"`, `corpus: schema "tcpclose-corpus-9": want "tcpclose-corpus-1"`},
		`"nobody"`:       {`"c"`, `corpus: case refused: closed_first "c": want a, b, both or nobody`},
		`[1, 2]}}`:       {`[1, 3]}}`, "corpus: case refused: a frame of segment 3: want one of the 2"},
		`"number": 2`:    {`"number": 3`, "corpus: case refused: segment 2 has the number 3: want them in order, from 1"},
		`"from": "b"`:    {`"from": "c"`, `corpus: case refused: segment 2 is from "c": want a or b`},
		`"b": {"state"`:  {`"c": {"state"`, "corpus: case refused: b is missing: want both ends, and captures of both"},
		`"name"`:         {`"nam"`, `corpus: json: unknown field "nam"`},
		`"name": "refu`:  {`"name": "", "says": "refu`, `corpus: case 1: name "": want one of its own`},
		`"arrives": 1`:   {`"arrives": -1`, "corpus: case refused: segment 1: want no negative numbers"},
		`, "b": {"state`: {`, "x": {}, "b": {"state`, "corpus: case refused: 3 ends and 2 captures: want two each, a and b"},
	} {
		require.Contains(t, tiny, old)
		_, err := Read(strings.NewReader(strings.Replace(tiny, old, is[0], 1)))
		assert.EqualError(t, err, is[1])
	}
}

func FuzzRead(f *testing.F) {
	f.Add(tiny)
	f.Add(`{"schema": "tcpclose-corpus-1", "cases": []}`)
	f.Fuzz(func(t *testing.T, text string) {
		c, err := Read(strings.NewReader(text))
		if (c == nil) == (err == nil) {
			t.Errorf("%v, %v", c, err)
		}
	})
}
