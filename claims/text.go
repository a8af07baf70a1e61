package claims

import (
	"fmt"
	"strings"
)

// A Language is one of those in which claims are explained.
type Language uint8

const (
	English Language = iota
	Chinese
)

var languages = [...]string{"en", "zh"}

func (l Language) String() string { return languages[l] }

// ParseLanguage returns the language of that name.
func ParseLanguage(name string) (Language, error) {
	for i, n := range languages {
		if n == name {
			return Language(i), nil
		}
	}
	return 0, fmt.Errorf("%q: want zh or en", name)
}

// A Text is something said in both languages.
type Text struct{ EN, ZH string }

// In returns the text in a language.
func (t Text) In(l Language) string {
	if l == Chinese {
		return t.ZH
	}
	return t.EN
}

// chinese maps the English of other packages to Chinese: how a connection ends for an
// application, why an exploration is not complete, and which times a profile rounds.
// It is a plain table because nothing in it has a parameter or a plural, for which
// golang.org/x/text/message is made.
var chinese = map[string]string{
	"open":         "未结束",
	"normal":       "正常结束",
	"reset":        "被复位",
	"timed out":    "超时",
	"aborted":      "中止",
	"gone":         "随主机崩溃",
	"unread":       "数据未读",
	"told nothing": "未收到通知",
	"refused":      "被拒绝",

	"states":    "状态数上限",
	"depth":     "深度上限",
	"enough":    "已找到足够多",
	"memory":    "内存上限",
	"interrupt": "中断",
	"timeout":   "超过时限",
	"boundary":  "超出边界",

	"longest transit time of a segment": "报文段的最长在途时间",
	"maximum RTO":                       "RTO 上限",
}

// Translate returns in a language what another package says in English. A name stays
// as it is.
func Translate(l Language, english string) string {
	if zh := chinese[english]; l == Chinese && zh != "" {
		return zh
	}
	return english
}

// Reasons returns why an exploration is not complete, of the names that it has for
// that.
func Reasons(l Language, names []string) string {
	var list []string
	for _, name := range names {
		list = append(list, Translate(l, name))
	}
	return strings.Join(list, Text{", ", "、"}.In(l))
}
