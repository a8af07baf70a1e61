package ends

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"tcpclose/capture"
)

const publicDir = "../../../shared/captures"

// readFile returns the connections of a capture.
func readFile(t *testing.T, name string) (list []capture.Connection) {
	f, err := os.Open(name)
	require.NoError(t, err)
	defer f.Close()
	r, err := capture.NewReader(f)
	require.NoError(t, err)
	table := capture.NewTable(func(c capture.Connection) { list = append(list, c) })
	var d capture.Decoder
	for {
		f, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		if s, ok := d.Segment(f); ok {
			table.Add(s)
		}
	}
	table.Close()
	return list
}

// TestPublic explains the public captures, which are not part of the project.
func TestPublic(t *testing.T) {
	files, _ := filepath.Glob(publicDir + "/*.pcap")
	if len(files) == 0 {
		t.Skip("the public captures are not here")
	}
	o := NewObserver()
	for _, name := range files {
		for _, c := range readFile(t, name) {
			x := o.Explain(c, Unknown)
			t.Logf("%s %v: place %s found %v trips %v\n first %v wrong %+v left %d", filepath.Base(name), c.Addrs, x.Place, x.Found, x.Trips, x.First, x.Wrong, x.Left)
			for _, d := range x.Doubts {
				t.Logf("  doubt %+v", d)
			}
			for side, e := range x.Ends {
				t.Logf("  %s %+v reset %+v", capture.Side(side), e, e.Reset)
			}
		}
	}
}
