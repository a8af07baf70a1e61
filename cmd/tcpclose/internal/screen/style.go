package screen

import (
	"io"
	"os"

	"golang.org/x/term"
)

// A Style is how a text looks on a terminal that shows colours.
type Style string

// The styles, as ECMA-48 writes them.
const (
	Normal Style = ""
	Strong Style = "1"
	Faint  Style = "2"
	Good   Style = "32"
	Bad    Style = "1;31"
	Known  Style = "33" // bad, and no surprise
	Open   Style = "35" // not decided
)

// Paint returns text in a style if out shows colours.
func Paint(out io.Writer, s Style, text string) string {
	if s == Normal || text == "" || !Colors(out) {
		return text
	}
	return "\x1b[" + string(s) + "m" + text + "\x1b[0m"
}

// IsTerminal reports whether out is a terminal.
func IsTerminal(out io.Writer) bool {
	if w, ok := out.(*Writer); ok {
		out = w.to
	}
	f, ok := out.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// Colors reports whether out shows colours: a terminal does, unless its user has
// said otherwise (https://no-color.org).
func Colors(out io.Writer) bool {
	return IsTerminal(out) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}
