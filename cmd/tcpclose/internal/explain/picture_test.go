package explain

import (
	"encoding/xml"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// In a picture the lifelines and the place of the capture run from above the first arrow to
// below the last, and nothing lies outside.
func TestPicture(t *testing.T) {
	file, err := os.Open("../../../../docs/captures/close-wait.pcap")
	require.NoError(t, err)
	defer file.Close()
	out, err := explained(t, Teller{Form: SVG}, file)
	require.NoError(t, err)
	var drawn struct {
		Width  int `xml:"width,attr"`
		Height int `xml:"height,attr"`
		Lines  []struct {
			Class string `xml:"class,attr"`
			X1    int    `xml:"x1,attr"`
			Y1    int    `xml:"y1,attr"`
			X2    int    `xml:"x2,attr"`
			Y2    int    `xml:"y2,attr"`
		} `xml:"line"`
	}
	require.NoError(t, xml.Unmarshal([]byte(out), &drawn))
	first, last := drawn.Height, 0
	count := map[string]int{}
	for _, l := range drawn.Lines {
		count[l.Class]++
		if l.Class == "seen" {
			first, last = min(first, l.Y1), max(last, l.Y2)
		}
		assert.Less(t, max(l.X1, l.X2), drawn.Width)
		assert.Less(t, max(l.Y1, l.Y2), drawn.Height)
	}
	assert.Equal(t, map[string]int{"life": 2, "tap": 1, "seen": 9}, count)
	for _, l := range drawn.Lines {
		if l.Class == "seen" {
			continue
		}
		assert.Equal(t, l.X1, l.X2, l.Class)
		assert.Less(t, l.Y1, first, l.Class)
		assert.Greater(t, l.Y2, last, l.Class)
	}
}
