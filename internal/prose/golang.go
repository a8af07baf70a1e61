package prose

import (
	"go/scanner"
	"go/token"
	"path"
	"strconv"
	"strings"
)

// golang returns the passages of a Go file: its comments, its string literals and
// its identifiers. A file that does not parse gives what can be read of it.
func golang(name, text string) []Passage {
	r := goReader{name: name}
	r.names(strings.TrimSuffix(path.Base(name), ".go"), 1)
	files := token.NewFileSet()
	file := files.AddFile(name, -1, len(text))
	var s scanner.Scanner
	s.Init(file, []byte(text), nil, scanner.ScanComments)
	codeLine := 0 // the line of the last token that is no comment
	for {
		pos, tok, lit := s.Scan()
		line := file.Line(pos)
		switch tok {
		case token.EOF:
			r.flush()
			return r.all
		case token.COMMENT:
			r.comment(line, lit, line == codeLine)
			continue
		case token.STRING:
			r.literal(line, lit)
		case token.IDENT:
			r.names(lit, line)
		}
		if tok != token.SEMICOLON || lit == ";" {
			codeLine = line
		}
	}
}

type goReader struct {
	name string
	all  []Passage
	open []Line // of the comment that may go on
	last int    // the line of the last comment
	// output is set when the comment shows the output of an example.
	output bool
}

func (r *goReader) flush() {
	if len(r.open) > 0 {
		r.all = append(r.all, newPassage(r.name, Comment, r.open))
	}
	r.open = nil
}

// comment adds a comment. One that begins a line continues the comment on the line
// above; one that follows code stands alone.
func (r *goReader) comment(line int, lit string, trailing bool) {
	if block, ok := strings.CutPrefix(lit, "/*"); ok {
		r.flush()
		r.paragraphs(Comment, line, strings.TrimSuffix(block, "*/"))
		return
	}
	text := strings.TrimPrefix(lit, "//")
	if trailing {
		r.flush()
		r.open = []Line{{line, text}}
		r.flush()
		return
	}
	if line != r.last+1 {
		r.flush()
		r.output = false
	}
	r.last = line
	switch words := strings.TrimSpace(text); {
	case strings.HasPrefix(words, "Output:"), strings.HasPrefix(words, "Unordered output:"):
		r.flush()
		r.output = true
	case words == "", strings.HasPrefix(text, "go:"), strings.HasPrefix(text, "\t"), strings.HasPrefix(text, "   "):
		r.flush()
	case !r.output:
		r.open = append(r.open, Line{line, text})
	}
}

// literal adds the paragraphs of a string that has more than one word.
func (r *goReader) literal(line int, lit string) {
	r.flush()
	r.output = false
	if text, err := strconv.Unquote(lit); err == nil && strings.Contains(strings.TrimSpace(text), " ") {
		if lit[0] != '`' {
			r.all = append(r.all, newPassage(r.name, Literal, []Line{{line, text}}))
			return
		}
		r.paragraphs(Literal, line, text)
	}
}

// paragraphs adds each paragraph of a text that begins on that line.
func (r *goReader) paragraphs(area Area, line int, text string) {
	var lines []Line
	for _, l := range append(strings.Split(text, "\n"), "") {
		if strings.TrimSpace(l) != "" {
			lines = append(lines, Line{line, l})
		} else if lines != nil {
			r.all = append(r.all, newPassage(r.name, area, lines))
			lines = nil
		}
		line++
	}
}

// names adds an identifier, with its words separated by spaces.
func (r *goReader) names(identifier string, line int) {
	r.flush()
	r.output = false
	r.all = append(r.all, newPassage(r.name, Name, []Line{{line, strings.Join(words(identifier), " ")}}))
}

// words returns the words of an identifier in lower case: "turnsBack" is "turns" and
// "back".
func words(identifier string) []string {
	var b strings.Builder
	was := 'A'
	for _, c := range identifier {
		if c == '_' || c == '-' || c == '.' {
			c = ' '
		} else if 'A' <= c && c <= 'Z' && !('A' <= was && was <= 'Z') {
			b.WriteByte(' ')
		}
		b.WriteRune(c)
		was = c
	}
	return strings.Fields(strings.ToLower(b.String()))
}
