package claims

import "tcpclose/internal/lang"

// A Language is one of those in which claims are explained.
type Language = lang.Language

const (
	English = lang.English
	Chinese = lang.Chinese
)

// A Text is something said in both languages.
type Text struct{ EN, ZH string }

// In returns the text in a language.
func (t Text) In(l Language) string {
	if l == Chinese {
		return t.ZH
	}
	return t.EN
}
