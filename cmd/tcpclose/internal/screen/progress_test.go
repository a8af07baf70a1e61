package screen

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"tcpclose/explore"
	"tcpclose/internal/lang"
)

func TestDescribeProgress(t *testing.T) {
	p := explore.Progress{
		Distinct: 300_000_000, Generated: 3_000_000_000, Depth: 47, Frontier: 23_456_789, Expanded: 11_111_111,
		Memory: 7_800_000_000, Load: 0.71,
	}
	line := describeProgress(lang.English, p, 2*time.Minute)
	assert.Equal(t, "2m0s: 300,000,000 states, 2M/s; level 47, 47% of 23,456,789; 7.8 GB, table 71%", line)
	assert.Equal(t, "2m0s：300,000,000 个状态，2M/s；第 47 层，23,456,789 个中的 47%；7.8 GB，表 71%", describeProgress(lang.Chinese, p, 2*time.Minute))
	assert.Equal(t, "1s: 0 states, 0/s; level 0, 100% of 0; 0 B, table 0%", describeProgress(lang.English, explore.Progress{}, time.Second))
}

// The line says at once what the run does, then how far it has come, and fits.
func TestProgress_Text(t *testing.T) {
	p := &Progress{doing: "exploring preset default", start: time.Now(), since: time.Now().Add(-time.Minute)}
	assert.Equal(t, "exploring preset default, 0s", p.text())
	p.Show(explore.Progress{Distinct: 300_000_000, Depth: 47, Frontier: 23_456_789, Expanded: 11_111_111, Memory: 7_800_000_000, Load: 0.71})
	assert.Equal(t, "exploring preset default, 1m0s: 300,000,000 states, 5M/s; level 47, 47% of...", p.text())
	p.Doing("drawing")
	assert.Equal(t, "drawing, 0s", p.text())
	var nobody *Progress
	nobody.Show(explore.Progress{})
	nobody.Doing("nothing")
	nobody.End()
}
