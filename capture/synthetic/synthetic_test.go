package synthetic

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"tcpclose/capture"
)

// What is written is read as what it is.
func TestWrite(t *testing.T) {
	for seed := range uint64(3) {
		var file, again bytes.Buffer
		want, err := Write(&file, 3000, seed)
		require.NoError(t, err)
		_, err = Write(&again, 3000, seed)
		require.NoError(t, err)
		require.Equal(t, file.Bytes(), again.Bytes())

		got := map[capture.Kind]int{}
		segments := 0
		reader, err := capture.NewReader(&file)
		require.NoError(t, err)
		var d capture.Decoder
		table := capture.NewTable(func(c capture.Connection) {
			got[c.Story.Kind]++
			segments += c.Segments[0] + c.Segments[1]
		})
		for {
			f, err := reader.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			require.NoError(t, err)
			s, ok := d.Segment(f)
			require.True(t, ok)
			table.Add(s)
		}
		table.Close()
		require.Equal(t, want.Kinds, got)
		require.Equal(t, want.Segments, segments)
		require.Greater(t, segments, 9*3000, "about ten segments of a connection")
	}
}
