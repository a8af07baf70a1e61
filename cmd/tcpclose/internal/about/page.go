// Package about tells what the program knows of a word: a connection state, a sysctl,
// a socket option, a field, a property, and whatever else has a name. A page fits on
// one screen.
package about

import (
	"fmt"
	"io"
	"strings"

	"tcpclose/cmd/tcpclose/internal/screen"
	"tcpclose/internal/lang"
)

// Lines bounds the lines of a page: a screen has one more, for the prompt of the shell.
const Lines = 23

// A Page describes one thing.
type Page struct {
	Name, Kind string
	Says       string // in a sentence or two
	Source     string // of what it says, if that is a part of it
	Sections   []Section
	language   lang.Language
}

// A Section is a part of a page: rows, or commands.
type Section struct {
	Title    string
	Rows     [][]Cell
	Commands [][]string
	Lines    func(lang.Language) []string // as they are: a ladder
	More     string                       // a command that shows what there is no room for
	dropped  int
	language lang.Language
}

// A Cell is a part of a row.
type Cell struct {
	Text string
	kind kind
}

// A kind says how a cell is put into another language.
type kind uint8

const (
	asText   kind = iota
	asName        // as it is
	asSource      // a citation
	asValues      // what something can be
)

// A named, a cited and a ranged text are the cells of these kinds.
type (
	named  string
	cited  string
	ranged string
)

// row adds a row: strings, or texts of other kinds.
func (s *Section) row(cells ...any) {
	var row []Cell
	for _, c := range cells {
		switch c := c.(type) {
		case string:
			row = append(row, Cell{c, asText})
		case named:
			row = append(row, Cell{string(c), asName})
		case cited:
			row = append(row, Cell{string(c), asSource})
		case ranged:
			row = append(row, Cell{string(c), asValues})
		}
	}
	s.Rows = append(s.Rows, row)
}

// command adds a command, each of whose words is as the shell reads it.
func (s *Section) command(words ...string) { s.Commands = append(s.Commands, words) }

// add adds a section, if there is something in it.
func (p *Page) add(s Section) {
	if len(s.Rows)+len(s.Commands) > 0 || s.Lines != nil {
		p.Sections = append(p.Sections, s)
	}
}

// Write writes the page. If it is too long, the sections that have most lose their
// last rows, and say so.
func (p *Page) Write(out io.Writer) {
	lines := p.lines(out)
	for len(lines) > Lines {
		longest, most := (*Section)(nil), 1
		for i := range p.Sections {
			if n := len(p.Sections[i].lines(out)); n > most && p.Sections[i].parts() > 1 {
				longest, most = &p.Sections[i], n
			}
		}
		if longest == nil {
			break
		}
		longest.drop()
		lines = p.lines(out)
	}
	for _, line := range lines {
		fmt.Fprintln(out, line)
	}
}

// parts returns how many parts there are that can be left out.
func (s *Section) parts() int {
	if s.Lines != nil {
		return len(s.Lines(s.language)) - s.dropped
	}
	return len(s.Rows) + len(s.Commands)
}

// drop leaves out the last row or command, or the first line.
func (s *Section) drop() {
	s.dropped++
	if s.Lines != nil {
		return
	}
	if n := len(s.Commands); n > 0 {
		s.Commands = s.Commands[:n-1]
		return
	}
	s.Rows = s.Rows[:len(s.Rows)-1]
}

func (p *Page) lines(out io.Writer) []string {
	kind := strings.Repeat(" ", max(2, screen.Columns-screen.Width(p.Name)-screen.Width(p.Kind))) + p.Kind
	lines := []string{screen.Paint(out, screen.Strong, p.Name) + kind}
	says := p.Says
	if p.Source != "" {
		says += p.language.Say(" ") + p.Source + p.language.Say(".")
	}
	if says != "" {
		lines = append(lines, strings.Split(strings.TrimSuffix(screen.Indent(says, 2, 0), "\n"), "\n")...)
	}
	for i := range p.Sections {
		lines = append(lines, p.Sections[i].lines(out)...)
	}
	return lines
}

func (s *Section) lines(out io.Writer) []string {
	lines := []string{screen.Paint(out, screen.Strong, s.Title)}
	if s.Lines != nil {
		all := s.Lines(s.language)
		lines = append(lines, all[:1]...)
		if s.dropped > 0 {
			lines, all = append(lines, "    ..."), all[s.dropped+1:]
		}
		return append(lines, all[1:]...)
	}
	if s.dropped > 0 {
		more := s.language.Say(" (and %d more)", s.dropped)
		if s.More != "" {
			more = s.language.Say(" (and %d more: %s)", s.dropped, s.More)
		}
		lines[0] += more
	}
	t := screen.Table{Indent: 2}
	for _, row := range s.Rows {
		var cells []screen.Cell
		for _, c := range row {
			cells = append(cells, screen.Cell{Text: c.Text})
		}
		t.Row(cells...)
	}
	lines = append(lines, t.Lines(out)...)
	for _, words := range s.Commands {
		lines = append(lines, strings.Split(strings.TrimSuffix(screen.Command(2, words...), "\n"), "\n")...)
	}
	return lines
}
