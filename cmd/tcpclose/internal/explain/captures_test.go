package explain

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/capture"
	"tcpclose/capture/ends"
	"tcpclose/capture/synthetic"
	"tcpclose/claims"
	"tcpclose/cmd/tcpclose/internal/screen"
	"tcpclose/internal/tier"
	"tcpclose/profile"
)

// many returns a capture of many connections.
func many(t *testing.T, n int) ([]byte, synthetic.Tally) {
	var file bytes.Buffer
	tally, err := synthetic.Write(&file, n, 1)
	require.NoError(t, err)
	return file.Bytes(), tally
}

// observer is for tests that do not look for faults: what it has computed it remembers.
var observer = sync.OnceValue(func() *ends.Observer {
	o := ends.NewObserver()
	o.Blames = 0
	return o
})

func explained(t *testing.T, with Teller, r io.Reader) (string, error) {
	var out bytes.Buffer
	with.Out = &out
	err := with.Explain(t.Context(), r, func(int) {})
	return out.String(), err
}

// The summary counts each kind, the worst first, with an example.
func TestExplain_Many(t *testing.T) {
	tier.SkipToCI(t)
	n := tier.Choose(600, 2000)
	file, tally := many(t, n)
	for _, l := range []claims.Language{claims.English, claims.Chinese} {
		out, err := explained(t, Teller{Lang: l}, bytes.NewReader(file))
		require.NoError(t, err)
		rows := strings.Split(out, "\n")
		last := capture.Kind(255)
		for _, row := range rows {
			var n int
			var name string
			if k, _ := fmt.Sscanf(row, "  %d %s", &n, &name); k != 2 || !strings.HasPrefix(row, "  ") || row[2] == ' ' {
				continue
			}
			kind := capture.Kind(0)
			for i, known := range capture.Kinds() {
				if known == name {
					kind = capture.Kind(i)
				}
			}
			assert.Equal(t, tally.Kinds[kind], n, name)
			assert.Less(t, kind, last, "the worst come first")
			last = kind
		}
		assert.Equal(t, capture.Normal, last)
		assert.Contains(t, out, fmt.Sprintf("%d ", n))
		assert.Contains(t, out, fmt.Sprintf(map[claims.Language]string{claims.English: "Of %d both ends conform.", claims.Chinese: "其中 %d 个连接双方都符合规则。"}[l], n))
		for _, row := range rows {
			assert.LessOrEqual(t, screen.Width(row), screen.Columns, row)
		}
	}
}

// A bounded table says what it gave before its end.
func TestExplain_Evicted(t *testing.T) {
	tier.SkipToCI(t)
	file, _ := many(t, 400)
	out, err := explained(t, Teller{Most: 20, observer: observer()}, bytes.NewReader(file))
	require.NoError(t, err)
	assert.Regexp(t, `To bound memory, [0-9]+ were told before the end`, out)
	out, err = explained(t, Teller{observer: observer()}, bytes.NewReader(file))
	require.NoError(t, err)
	assert.NotContains(t, out, "To bound memory")
}

// JSON and CSV have the same connections, and what was chosen.
func TestExplain_Records(t *testing.T) {
	tier.SkipToCI(t)
	file, tally := many(t, 1000)
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	z.Write(file)
	require.NoError(t, z.Close())
	jsonText, err := explained(t, Teller{Form: JSON}, bytes.NewReader(file))
	require.NoError(t, err)
	csvText, err := explained(t, Teller{Form: CSV}, &zipped)
	require.NoError(t, err)
	rows, err := csv.NewReader(strings.NewReader(csvText)).ReadAll()
	require.NoError(t, err)
	lines := strings.Split(strings.TrimSpace(jsonText), "\n")
	require.Len(t, lines, 1000)
	require.Len(t, rows, 1001)
	for i, line := range lines {
		var r record
		require.NoError(t, json.Unmarshal([]byte(line), &r))
		require.Equal(t, rows[i+1], r.row())
		require.Len(t, rows[0], len(rows[i+1]))
	}
	where, err := Filters().Parse("kind == ABORTED && (client.rst || server.rst) && frames > 3")
	require.NoError(t, err)
	out, err := explained(t, Teller{Form: JSON, Choice: Choice{Where: where}}, bytes.NewReader(file))
	require.NoError(t, err)
	assert.Equal(t, tally.Kinds[capture.Aborted], strings.Count(out, "\n"))
	out, err = explained(t, Teller{Form: JSON, Choice: Choice{Kinds: []string{"aborted", "refused"}}}, bytes.NewReader(file))
	require.NoError(t, err)
	assert.Equal(t, tally.Kinds[capture.Aborted]+tally.Kinds[capture.Refused], strings.Count(out, "\n"))
}

func TestParseAddr(t *testing.T) {
	for text, has := range map[string][2]string{ // what it has, and what not
		"192.0.2.1":         {"192.0.2.1:80", "192.0.2.2:80"},
		"192.0.2.0/24":      {"192.0.2.9:80", "192.0.3.9:80"},
		"192.0.2.7/24":      {"192.0.2.9:80", "192.0.3.9:80"},
		":80":               {"192.0.2.9:80", "192.0.2.9:81"},
		"192.0.2.1:80":      {"192.0.2.1:80", "192.0.2.1:81"},
		"2001:db8::1":       {"[2001:db8::1]:80", "[2001:db8::2]:80"},
		"[2001:db8::1]:443": {"[2001:db8::1]:443", "[2001:db8::1]:80"},
		"2001:db8::/32":     {"[2001:db8:7::1]:443", "192.0.2.1:443"},
	} {
		a, err := ParseAddr(text)
		require.NoError(t, err, text)
		assert.True(t, a.has(netip.MustParseAddrPort(has[0])), text)
		assert.False(t, a.has(netip.MustParseAddrPort(has[1])), text)
	}
	for _, text := range []string{"", "x", "192.0.2", ":0", ":65536", "192.0.2.1:http", "10.0.0.0/33"} {
		_, err := ParseAddr(text)
		assert.EqualError(t, err, "want a host, a network as 10.0.0.0/8, a port as :443, or a host and a port", text)
	}
}

// A reader that blocks after its text.
type waiting struct {
	text io.Reader
	at   func()
}

func (w *waiting) Read(p []byte) (int, error) {
	n, err := w.text.Read(p)
	if errors.Is(err, io.EOF) {
		w.at()
		select {}
	}
	return n, err
}

// Whoever interrupts the reading gets what was read, even if no more comes.
func TestExplain_Interrupted(t *testing.T) {
	file, tally := many(t, 500)
	ctx, cancel := context.WithCancel(t.Context())
	var out bytes.Buffer
	teller := Teller{Out: &out, observer: observer()}
	err := teller.Explain(ctx, &waiting{bytes.NewReader(file), cancel}, func(int) {})
	var broken *capture.BrokenError
	require.ErrorAs(t, err, &broken)
	require.ErrorIs(t, err, context.Canceled)
	require.LessOrEqual(t, broken.Frames, tally.Segments)
	assert.Contains(t, out.String(), fmt.Sprintf("in %d frame", broken.Frames))
}

// A file that breaks off is told as far as it goes.
func TestExplain_Broken(t *testing.T) {
	tier.SkipToCI(t)
	file, _ := many(t, 100)
	out, err := explained(t, Teller{observer: observer()}, bytes.NewReader(file[:len(file)-7]))
	var broken *capture.BrokenError
	require.ErrorAs(t, err, &broken)
	assert.Contains(t, out, "100 connections in "+fmt.Sprint(broken.Frames))
}

// The fuzzer found connections with more possibilities than are followed: they are
// explained as far as that goes.
func TestExplain_TooMany(t *testing.T) {
	tier.SkipToCI(t)
	file, err := os.ReadFile("testdata/too-many.pcap")
	require.NoError(t, err)
	out, err := explained(t, Teller{observer: observer(), All: true, Linux: profile.Defaults()}, bytes.NewReader(file))
	require.NoError(t, err)
	assert.Contains(t, out, "6 connections in 55 frames")
}

// Whatever is read, in whatever form it is told, there is no panic, and a broken capture
// is told as such.
func FuzzExplain(f *testing.F) {
	var file, zipped bytes.Buffer
	// Two connections: each that is new takes the observer a second, with coverage.
	if _, err := synthetic.Write(&file, 2, 3); err != nil {
		f.Fatal(err)
	}
	z := gzip.NewWriter(&zipped)
	z.Write(file.Bytes())
	z.Close()
	f.Add(file.Bytes(), uint8(0))
	f.Add(file.Bytes()[:len(file.Bytes())-9], uint8(5))
	f.Add(zipped.Bytes(), uint8(1))
	for i, name := range []string{"ss.txt", "proc.txt"} {
		text, err := os.ReadFile("testdata/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text, uint8(i))
	}
	where, err := Filters().Parse("client.octets > server.octets || kind != NORMAL")
	if err != nil {
		f.Fatal(err)
	}
	// What the observer computes once, with coverage, is not part of the time of an input.
	warm := Teller{observer: observer(), Out: io.Discard, Most: 20}
	if err := warm.Explain(f.Context(), bytes.NewReader(file.Bytes()), func(int) {}); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text []byte, how uint8) {
		var out bytes.Buffer
		teller := Teller{
			observer: observer(),
			Out:      &out, Form: Form(how % 3), All: how&4 > 0, Lang: claims.Language(how >> 3 & 1), Most: int(how >> 4), Linux: profile.Defaults(),
		}
		if how&8 > 0 {
			teller.Choice.Where = where
		}
		err := teller.Explain(t.Context(), bytes.NewReader(text), func(int) {})
		var broken *capture.BrokenError
		if err != nil && teller.Form == Text && strings.Contains(out.String(), "connection") && IsCapture(text) && !errors.As(err, &broken) {
			t.Errorf("%v: want a BrokenError where something was told", err)
		}
	})
}
