package prose

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"unicode"
)

// A Rule bans a phrase.
type Rule struct {
	Phrase  string // as it is written in the list
	Instead string
	kind    string // phrase, regexp, comment or name
	pattern *regexp.Regexp
	// needs is in every text in lower case that the pattern matches; "" if unknown.
	needs string
}

// Rules returns the rules of the module whose root is root: those of banned.txt and
// of the glossary.
func Rules(root string) ([]Rule, error) {
	var all []Rule
	for _, source := range []struct {
		file string
		read func(string) ([]Rule, error)
	}{
		{"internal/prose/banned.txt", parseRules},
		{"docs/glossary.md", glossaryRules},
	} {
		text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(source.file)))
		if err != nil {
			return nil, err
		}
		rules, err := source.read(string(text))
		if err != nil {
			return nil, fmt.Errorf("%s:%w", source.file, err)
		}
		all = append(all, rules...)
	}
	seen := map[Rule]bool{}
	for _, r := range all {
		k := Rule{Phrase: r.Phrase, kind: r.kind}
		if seen[k] {
			return nil, fmt.Errorf("%s %q is banned twice: want one rule", r.kind, r.Phrase)
		}
		seen[k] = true
	}
	return all, nil
}

// parseRules reads lines such as
//
//	phrase: forever -> forever
//	regexp: \bthe own\b -> its own
//	comment: ^[A-Za-z]+ is what\b -> returns
//	name: hunt -> what it does: search, look up
func parseRules(text string) ([]Rule, error) {
	var all []Rule
	for i, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		kind, rest, ok := strings.Cut(line, ": ")
		phrase, instead, arrow := strings.Cut(rest, " -> ")
		if !ok || !arrow {
			return nil, fmt.Errorf("%d: %q: want kind: phrase -> replacement", i+1, line)
		}
		r := Rule{Phrase: phrase, Instead: instead, kind: kind}
		var err error
		switch kind {
		case "phrase", "name":
			r.pattern, r.needs = literal(phrase), strings.ToLower(phrase)
		case "regexp", "comment":
			r.pattern, err = regexp.Compile("(?i)" + phrase)
		default:
			err = fmt.Errorf("%q: want phrase, regexp, comment or name", kind)
		}
		if err != nil {
			return nil, fmt.Errorf("%d: %w", i+1, err)
		}
		all = append(all, r)
	}
	return all, nil
}

// glossaryRules reads the tables of the glossary. Each row has a term in English and
// in Chinese, and in its last two columns words that are not to be used for it; those
// in code are banned.
func glossaryRules(text string) ([]Rule, error) {
	var all []Rule
	for i, line := range strings.Split(text, "\n") {
		if !strings.HasPrefix(line, "|") || strings.HasPrefix(line, "|---") {
			continue
		}
		cells := strings.Split(strings.Trim(line, "|"), "|")
		if len(cells) != 5 {
			return nil, fmt.Errorf("%d: %d columns: want 5", i+1, len(cells))
		}
		for n, instead := range map[int]string{3: cells[0], 4: cells[1]} {
			for _, phrase := range code.FindAllString(cells[n], -1) {
				phrase = strings.Trim(phrase, "`")
				all = append(all, Rule{Phrase: phrase, Instead: strings.TrimSpace(instead), kind: "phrase", pattern: literal(phrase), needs: strings.ToLower(phrase)})
			}
		}
	}
	return all, nil
}

// applies reports whether the rule is about that area.
func (r Rule) applies(a Area) bool {
	switch r.kind {
	case "name":
		return a == Name
	case "comment":
		return a == Comment
	}
	return a != Name
}

// literal returns a pattern of whole words, in any case.
func literal(phrase string) *regexp.Regexp {
	pattern := regexp.QuoteMeta(phrase)
	letters := []rune(phrase)
	if latin(letters[0]) {
		pattern = `\b` + pattern
	}
	if latin(letters[len(letters)-1]) {
		pattern += `\b`
	}
	return regexp.MustCompile("(?i)" + pattern)
}

func latin(c rune) bool { return c < unicode.MaxASCII && (unicode.IsLetter(c) || unicode.IsDigit(c)) }
