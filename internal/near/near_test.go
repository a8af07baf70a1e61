package near

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	_ "tcpclose/internal/tier" // the seed of rapid
)

func TestName(t *testing.T) {
	names := []string{"check", "claims", "no-data", "no-reset", "CLOSE-WAIT", "CLOSING", "quiet", "quiet-fin", "-time-wait-rst", "time-wait-unbroken", "a.state"}
	for word, want := range map[string]string{
		"chekc": "check", "CHECK": "check", "claim": "claims", "no-dta": "no-data", "nodata": "no-data",
		"close_wiat": "CLOSE-WAIT", "CLOSNG": "CLOSING", "quite": "quiet", "time-wait-rts": "-time-wait-rst", "unbroken": "time-wait-unbroken",
		"time-wait-": "-time-wait-rst", "a.stat": "a.state",
		"": "", "x": "", "zzz": "", "nothing-like-it": "",
	} {
		assert.Equal(t, want, Name(word, names), word)
	}
}

// The distance is a metric but for the triangle, and a change costs one.
func TestDistance(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringOfN(rapid.RuneFrom([]rune("ab-")), 0, 8, -1)
		a, b := word.Draw(t, "a"), word.Draw(t, "b")
		d := distance(a, b)
		assert.Equal(t, d, distance(b, a))
		assert.Equal(t, a == b, d == 0)
		assert.LessOrEqual(t, d, max(len(a), len(b)))
		i := rapid.IntRange(0, len(a)).Draw(t, "at")
		assert.Equal(t, 1, distance(a, a[:i]+"x"+a[i:]))
		if i+1 < len(a) && a[i] != a[i+1] {
			assert.Equal(t, 1, distance(a, a[:i]+a[i+1:i+2]+a[i:i+1]+a[i+2:]))
		}
	})
}
