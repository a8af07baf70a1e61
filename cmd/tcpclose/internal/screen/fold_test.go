package screen

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"
)

func TestFold(t *testing.T) {
	assert.Equal(t, []string{"客户端不再", "发送数据，", "但可接收"}, Fold("客户端不再发送数据，但可接收", 10))
	assert.Equal(t, []string{"the peer is", "gone"}, Fold("the peer is gone", 12))
	assert.Equal(t, []string{""}, Fold("", 12))
	assert.Equal(t, []string{"it is in", "FIN-WAIT-2", "now"}, Fold("it is in FIN-WAIT-2 now", 12))
	assert.Equal(t, []string{"进入", "FIN-WAIT-2", "之后"}, Fold("进入FIN-WAIT-2之后", 10))
	assert.Equal(t, []string{"all of them", "('tcpclose list terms')", "here"}, Fold("all of them ('tcpclose list terms') here", 24))
	assert.Equal(t, []string{"unbr", "eaka", "ble", "x"}, Fold("unbreakable x", 4))
	assert.Equal(t, "成立  |", Pad("成立", 6)+"|")
}

// Whatever is folded fits, and nothing of it is lost but spaces.
func TestFold_Fits(t *testing.T) {
	words := rapid.SampledFrom([]string{"a", "FIN-WAIT-2", "time-wait-rst=ignored", "结论", "，", "it", " ", "longer-than-all-of-the-others", "e\u0301"})
	rapid.Check(t, func(t *rapid.T) {
		var text string
		for _, w := range rapid.SliceOf(words).Draw(t, "words") {
			text += w + rapid.SampledFrom([]string{"", " "}).Draw(t, "space")
		}
		columns := rapid.IntRange(4, 80).Draw(t, "columns")
		var all string
		for _, line := range Fold(text, columns) {
			assert.LessOrEqual(t, Width(line), columns, "%q", line)
			all += line
		}
		assert.Equal(t, bare(text), bare(all))
	})
}

func bare(text string) (kept string) {
	for _, r := range text {
		if r != ' ' {
			kept += string(r)
		}
	}
	return kept
}

func TestElide(t *testing.T) {
	assert.Equal(t, "as it is", Elide("as it is", 8))
	assert.Equal(t, "What restarts 2...", Elide("What restarts 2 MSL in TIME-WAIT?", 20))
	assert.Equal(t, "unbreakab...", Elide("unbreakable-unbreakable", 12))
	assert.Equal(t, "结论...", Elide("结论是这样的", 8))
}
