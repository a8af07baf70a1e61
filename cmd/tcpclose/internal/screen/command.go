package screen

import "strings"

// Command returns a command line to copy, indented, in lines. What does not fit into
// one is broken with a backslash or, within quotes, at a space: an expression may
// have several lines. Words are as the shell reads them; a flag and its value are
// one.
func Command(indent int, words ...string) string {
	const hang = 3
	var all strings.Builder
	line := strings.Repeat(" ", indent) + words[0]
	for _, word := range words[1:] {
		if Width(line)+1+Width(word)+len(` \`) > Columns {
			all.WriteString(line + " \\\n")
			line = strings.Repeat(" ", indent+hang-1)
		}
		pieces := Fold(" "+word, Columns-indent-hang-len(` \`))
		line += pieces[0]
		for _, piece := range pieces[1:] {
			if !strings.Contains(word, " ") { // a long name or number
				all.WriteString(line + "\\\n")
				line = piece
				continue
			}
			all.WriteString(line + "\n")
			line = strings.Repeat(" ", indent+hang) + piece
		}
	}
	return all.String() + line + "\n"
}

// Quoted returns a word as the shell reads it.
func Quoted(word string) string {
	const plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+./,:@%"
	if word != "" && strings.Trim(word, plain) == "" {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
