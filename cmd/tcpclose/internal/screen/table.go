package screen

import (
	"fmt"
	"io"
	"strings"
)

// A Cell is a text in a table, with its style.
type Cell struct {
	Text  string
	Style Style
}

// Plain returns cells without a style.
func Plain(texts ...string) (cells []Cell) {
	for _, text := range texts {
		cells = append(cells, Cell{Text: text})
	}
	return cells
}

// A Table aligns the columns of its rows. The last cell of a row is folded into the
// columns that the others leave, or cut if the row is short.
type Table struct {
	Indent int
	rows   [][]Cell
	short  []bool
}

const (
	gap      = 2  // between columns
	lastLess = 24 // columns that the last cell is to have
)

// Row adds a row.
func (t *Table) Row(cells ...Cell) { t.rows, t.short = append(t.rows, cells), append(t.short, false) }

// Short adds a row of one line.
func (t *Table) Short(cells ...Cell) { t.rows, t.short = append(t.rows, cells), append(t.short, true) }

// Lines returns the table in lines, without what ends them. A first cell that is too
// wide for its column has lines of its own.
func (t *Table) Lines(out io.Writer) (lines []string) {
	widths := t.widths()
	for i, row := range t.rows {
		if first := row[0]; len(row) > 1 && Width(first.Text) > widths[0] {
			for _, line := range Fold(first.Text, Columns-t.Indent) {
				lines = append(lines, strings.Repeat(" ", t.Indent)+Paint(out, first.Style, line))
			}
			row = append([]Cell{{}}, row[1:]...)
		}
		line, used := strings.Repeat(" ", t.Indent), t.Indent
		for i, cell := range row[:len(row)-1] {
			line += Paint(out, cell.Style, cell.Text) + strings.Repeat(" ", widths[i]-Width(cell.Text)+gap)
			used += widths[i] + gap
		}
		last := row[len(row)-1]
		texts := Fold(last.Text, Columns-used)
		if t.short[i] {
			texts = []string{Elide(last.Text, Columns-used)}
		}
		for i, text := range texts {
			if i > 0 {
				line = strings.Repeat(" ", used)
			}
			lines = append(lines, strings.TrimRight(line+Paint(out, last.Style, text), " "))
		}
	}
	return lines
}

// widths returns the width of each column but the last, such that something is left
// for that.
func (t *Table) widths() (widths []int) {
	for _, row := range t.rows {
		for i, cell := range row[:len(row)-1] {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], Width(cell.Text))
		}
	}
	if len(widths) == 0 {
		return widths
	}
	others := 0
	for _, w := range widths[1:] {
		others += w + gap
	}
	room := max(1, Columns-t.Indent-others-gap-lastLess)
	if widths[0] > room {
		widths[0] = 0
		for _, row := range t.rows {
			if w := Width(row[0].Text); len(row) > 1 && w <= room {
				widths[0] = max(widths[0], w)
			}
		}
	}
	return widths
}

// Right writes rows whose columns are aligned on the right.
func Right(out io.Writer, rows [][]string) {
	var widths []int
	for _, row := range rows {
		for i, text := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], Width(text))
		}
	}
	for _, row := range rows {
		for i, text := range row {
			fmt.Fprint(out, strings.Repeat(" ", gap+widths[i]-Width(text))+text)
		}
		fmt.Fprintln(out)
	}
}

// Write writes the table.
func (t *Table) Write(out io.Writer) {
	for _, line := range t.Lines(out) {
		fmt.Fprintln(out, line)
	}
}
