package prose

import "strings"

// script returns the comments of a test script: the lines that begin with "#",
// before the files of a txtar archive.
func script(name, text string) []Passage {
	var all []Passage
	var open []Line
	flush := func() {
		if len(open) > 0 {
			all = append(all, newPassage(name, Script, open))
			open = nil
		}
	}
	for i, line := range strings.Split(text, "\n") {
		if strings.HasPrefix(line, "-- ") {
			break
		}
		if words, ok := strings.CutPrefix(line, "#"); ok {
			open = append(open, Line{i + 1, words})
		} else {
			flush()
		}
	}
	flush()
	return all
}
