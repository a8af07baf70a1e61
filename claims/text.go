package claims

import "fmt"

// A Language is one of those in which claims are explained.
type Language uint8

const (
	English Language = iota
	Chinese
)

var languages = [...]string{"en", "zh"}

func (l Language) String() string { return languages[l] }

// ParseLanguage is the language of that name.
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

// In is the text in a language.
func (t Text) In(l Language) string {
	if l == Chinese {
		return t.ZH
	}
	return t.EN
}
