package about

import (
	"fmt"
	"strings"

	"tcpclose/cmd/tcpclose/internal/fields"
	"tcpclose/model"
)

// changed returns c with the name=value words set.
func changed(c model.Config, words string) (model.Config, error) {
	for _, word := range strings.Fields(words) {
		name, value, _ := strings.Cut(word, "=")
		f, ok := fields.Find(name)
		if !ok {
			return c, fmt.Errorf("%s: no such field", word)
		}
		if err := f.Set(&c, value); err != nil {
			return c, err
		}
	}
	return c, c.Validate()
}

// flags returns what makes c of from, as flags with their values.
func flags(c, from model.Config) (list []string) {
	for _, word := range c.Against(from) {
		name, value, _ := strings.Cut(word, "=")
		list = append(list, "-"+name+" "+value)
	}
	return list
}
