package lang

import (
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var (
	verb = regexp.MustCompile(`%(\[[0-9]\])?[a-z]`)
	han  = regexp.MustCompile(`\p{Han}|[，：；。（）、]`)
)

// A message in Chinese takes the same arguments as in English.
func TestCatalogue_Verbs(t *testing.T) {
	for english, chinese := range catalogue() {
		var want, have []string
		for _, v := range verb.FindAllString(english, -1) {
			want = append(want, v[len(v)-1:])
		}
		for _, v := range verb.FindAllString(chinese, -1) {
			have = append(have, v[len(v)-1:])
		}
		slices.Sort(want)
		slices.Sort(have)
		assert.Equal(t, want, have, "%q: %q", english, chinese)
	}
}

// What is in the catalogue is in Chinese, or is the same in both languages.
func TestCatalogue_Chinese(t *testing.T) {
	require.NotEmpty(t, catalogue())
	for english, chinese := range catalogue() {
		if english != chinese && chinese != "%s" && english != " " {
			assert.Regexp(t, han, chinese, english)
		}
	}
}

func TestLanguage_Say(t *testing.T) {
	assert.Equal(t, "holds", English.Say("holds"))
	assert.Equal(t, "成立", Chinese.Say("holds"))
	assert.Equal(t, "a name", Chinese.Say("a name"))
	assert.Equal(t, "100%", English.Say("100%"))
	assert.Equal(t, "违反 3 条性质中的 2 条。", Chinese.Say("Violated: %d of %d properties.", 2, 3))
	assert.Equal(t, "1 event, 2 events, 3 properties", English.Count(1, "event")+", "+English.Count(2, "event")+", "+English.Count(3, "property"))
	assert.Equal(t, "1 个事件", Chinese.Count(1, "event"))
	for _, l := range []Language{English, Chinese} {
		is, err := Parse(l.String())
		require.NoError(t, err)
		assert.Equal(t, l, is)
	}
	_, err := Parse("de")
	assert.EqualError(t, err, `"de": want zh or en`)
}

func TestPad(t *testing.T) {
	assert.Equal(t, "成立  ", Pad("成立", 6))
	assert.Equal(t, "  成立", PadLeft("成立", 6))
	assert.Equal(t, "成立", Pad("成立", 1))
}
