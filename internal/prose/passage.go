package prose

import (
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

// An Area is a kind of text. Phrases are counted by area, so that moving a file
// changes no count.
type Area string

// The areas.
const (
	Readme  Area = "readme"
	Docs    Area = "docs"
	Comment Area = "comment" // of Go
	Literal Area = "literal" // a Go string: help, messages, generated text
	Script  Area = "script"  // a comment of a test script
	Name    Area = "name"    // a Go identifier or a file's name
)

// A Line is a line of a passage.
type Line struct {
	Number int
	Text   string
}

// A Passage is a paragraph, a list item, a table row, a comment or a paragraph of
// a string. In the area Name it is one identifier.
type Passage struct {
	File  string
	Area  Area
	Lines []Line
	// Text is the words of all lines, separated by single spaces.
	Text string
	// ends[i] is the length of Text up to the end of Lines[i].
	ends []int
}

func newPassage(file string, area Area, lines []Line) Passage {
	p := Passage{File: file, Area: area, Lines: lines}
	var b strings.Builder
	for _, l := range lines {
		words := strings.Join(strings.Fields(l.Text), " ")
		if b.Len() > 0 && words != "" {
			b.WriteByte(' ')
		}
		b.WriteString(words)
		p.ends = append(p.ends, b.Len())
	}
	p.Text = b.String()
	return p
}

// LineAt returns the number of the line that contains the byte of Text at offset.
func (p Passage) LineAt(offset int) int {
	i := sort.Search(len(p.ends), func(i int) bool { return offset < p.ends[i] })
	return p.Lines[min(i, len(p.Lines)-1)].Number
}

// unread lists the files that are not checked. They quote what others wrote, or the
// banned phrases themselves.
var unread = []string{"claims/notes.md", "docs/glossary.md"}

// Read returns the passages of the module whose root is root, in the order of its
// files.
func Read(root string) ([]Passage, error) {
	var all []Passage
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		if d.IsDir() {
			if name != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "node_modules" || name == "docs/img" || name == "internal/prose/testdata") {
				return filepath.SkipDir
			}
			return nil
		}
		for _, skip := range unread {
			if name == skip {
				return nil
			}
		}
		read := reader(name)
		if read == nil {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		all = append(all, read(name, string(text))...)
		return nil
	})
	return all, err
}

// reader returns the function that reads passages from a file of that name, or nil.
func reader(name string) func(name, text string) []Passage {
	switch filepath.Ext(name) {
	case ".md":
		return markdown
	case ".go":
		return golang
	case ".txtar", ".txt":
		if strings.Contains(name, "testdata/") {
			return script
		}
	}
	return nil
}
