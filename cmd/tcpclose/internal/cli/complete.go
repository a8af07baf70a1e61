package cli

import (
	"embed"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

//go:embed completion.bash completion.zsh completion.fish
var scripts embed.FS

// Shells returns the shells that there are scripts for.
func Shells() []string { return []string{"bash", "zsh", "fish"} }

// Script returns what a shell needs to complete command lines.
func Script(shell string) (string, bool) {
	if !slices.Contains(Shells(), shell) {
		return "", false
	}
	text, err := scripts.ReadFile("completion." + shell)
	if err != nil {
		panic(err) // it is a part of the program
	}
	return string(text), true
}

// A candidate is what a word can be.
type candidate struct{ word, means string }

// Complete returns what the last of words can be, in lines as the shell reads them.
// The words are those of a command line after the name of the program.
func Complete(commands []*Command, shell string, words []string) (lines []string) {
	if shell == "bash" {
		words = joined(words)
	}
	last := words[len(words)-1]
	for _, c := range candidates(commands, words) {
		if !strings.HasPrefix(c.word, last) {
			continue
		}
		switch shell {
		case "bash":
			// In -rto=2, what follows the = is a word of its own for bash.
			if i := strings.LastIndexByte(last, '='); i >= 0 {
				c.word = c.word[i+1:]
			}
			lines = append(lines, c.word)
		case "zsh":
			word := strings.ReplaceAll(c.word, ":", `\:`)
			if c.means != "" {
				word += ":" + c.means
			}
			lines = append(lines, word)
		default:
			lines = append(lines, c.word+"\t"+c.means)
		}
	}
	return lines
}

// joined puts together what bash takes apart at =.
func joined(words []string) (whole []string) {
	for i, word := range words {
		if n := len(whole); n > 0 && (word == "=" || words[i-1] == "=") && strings.HasPrefix(whole[n-1], "-") {
			whole[n-1] += word
			continue
		}
		whole = append(whole, word)
	}
	return whole
}

func candidates(commands []*Command, words []string) (list []candidate) {
	last := words[len(words)-1]
	if len(words) == 1 {
		for _, c := range commands {
			if !c.Hidden {
				list = append(list, candidate{c.Name, c.Summary})
			}
		}
		return list
	}
	i := slices.IndexFunc(commands, func(c *Command) bool { return c.Name == words[0] })
	if i < 0 {
		return nil
	}
	c := commands[i]
	set := c.Set()
	if name, value, has := strings.Cut(last, "="); has && strings.HasPrefix(name, "-") {
		if f := set.Lookup(strings.TrimLeft(name, "-")); f != nil {
			return f.values(name+"=", value)
		}
		return nil
	}
	if before := words[len(words)-2]; len(words) > 2 && strings.HasPrefix(before, "-") && !strings.Contains(before, "=") {
		if f := set.Lookup(strings.TrimLeft(before, "-")); f != nil && !f.Alone {
			return f.values("", last)
		}
	}
	if strings.HasPrefix(last, "-") {
		dashes := last[:1]
		if strings.HasPrefix(last, "--") {
			dashes = "--"
		}
		for _, f := range set.flags {
			list = append(list, candidate{dashes + f.Name, f.Means})
		}
	}
	if c.Words != nil {
		for _, word := range c.Words() {
			list = append(list, candidate{word, ""})
		}
	}
	if strings.HasPrefix(c.Args, "FILE") {
		list = append(list, files("", last)...)
	}
	return list
}

// values returns what the value of a flag can be: one name, the last of several, or a
// file.
func (f *Flag) values(before, value string) (list []candidate) {
	switch f.Values {
	case "FILE", "DIR":
		return files(before, value)
	case "NAMES":
		if i := strings.LastIndexByte(value, ','); i >= 0 {
			before += value[:i+1]
		}
	}
	for _, word := range f.Names() {
		list = append(list, candidate{before + word, ""})
	}
	return list
}

// files returns the files whose names begin so.
func files(before, value string) (list []candidate) {
	entries, err := os.ReadDir(filepath.Dir(value + "x"))
	if err != nil {
		return nil
	}
	dir, _ := filepath.Split(value)
	for _, e := range entries {
		name := dir + e.Name()
		if e.IsDir() {
			name += string(filepath.Separator)
		}
		list = append(list, candidate{before + name, ""})
	}
	return list
}
