package cli

import (
	"cmp"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"tcpclose/cmd/tcpclose/internal/screen"
	"tcpclose/internal/lang"
)

// Help writes what a command does, and its flags by subject, each in a line.
func (c *Command) Help(l lang.Language, out io.Writer) {
	set := c.Set()
	fmt.Fprint(out, screen.Indent(l.Say("usage: tcpclose %s", strings.TrimSpace(c.Name+" "+c.Args)), 0, 4))
	fmt.Fprintf(out, "\n%s", c.text(l))
	if len(set.flags) == 0 {
		return
	}
	for _, g := range Groups {
		lines := set.lines(l, g.Group)
		if len(lines) == 0 {
			continue
		}
		fmt.Fprintf(out, "\n%s\n", screen.Paint(out, screen.Strong, l.Say(g.Title)))
		for _, line := range lines {
			fmt.Fprintln(out, line)
		}
	}
	fmt.Fprintln(out)
	if both := slices.IndexFunc(set.flags, func(f *Flag) bool { return f.Both != "" }); both >= 0 {
		fmt.Fprintln(out, l.Say("The first value is the default; -[ab]-x is -a-x or -b-x. Timers and decisions\ncan also be set for one end: -a-rto, -b-rst-check."))
	}
	names := groupNames()
	if l != lang.English {
		names = l.List(groupList())
	}
	fmt.Fprintln(out, l.Say("'tcpclose help NAME' explains a flag, 'tcpclose help SUBJECT' lists those of a\nsubject: %s.", names))
}

// text returns what the command does. In Chinese it has its paragraphs in a line each.
func (c *Command) text(l lang.Language) string {
	key := "text " + c.Name
	if l.Say(key) == key {
		return c.Text
	}
	var b strings.Builder
	for line := range strings.Lines(l.Say(key)) {
		if line = strings.TrimSuffix(line, "\n"); strings.HasPrefix(line, " ") {
			b.WriteString(line + "\n")
		} else {
			b.WriteString(screen.Indent(line, 0, 0))
		}
	}
	return b.String()
}

// HelpGroup writes the flags of a command that are of a subject.
func (c *Command) HelpGroup(l lang.Language, out io.Writer, group Group) {
	for _, g := range Groups {
		if g.Group == group {
			fmt.Fprintf(out, "%s\n\n", screen.Paint(out, screen.Strong, l.Say(g.Title)))
		}
	}
	for _, line := range c.Set().lines(l, group) {
		fmt.Fprintln(out, line)
	}
	fmt.Fprintf(out, "\n%s\n", l.Say("Flags of 'tcpclose %s'; the first value is the default. 'tcpclose help NAME'\nexplains a flag.", c.Name))
	if slices.ContainsFunc(c.Set().flags, func(f *Flag) bool { return f.Group == group && f.Both != "" }) {
		fmt.Fprintln(out, l.Say("Most can also be set for one end, as in -a-rto or -b-rst-check."))
	}
}

// IsGroup reports whether there is a group of that name.
func IsGroup(name string) bool { return slices.Contains(groupList(), name) }

func groupList() (names []string) {
	for _, g := range Groups {
		names = append(names, string(g.Group))
	}
	return names
}

func groupNames() string { return orOf(groupList()) }

// lines returns a line for each flag of a group. Two flags of a and b that are alike
// share one.
func (s *Set) lines(l lang.Language, group Group) (lines []string) {
	var heads, tails []string
	width := 0
	for _, f := range s.paired() {
		if f.Group != group || f.Both != "" {
			continue
		}
		name := f.Name
		if other, ok := strings.CutPrefix(f.Name, "a-"); ok && alikeSides(f, s.Lookup("b-"+other)) {
			name = "[ab]-" + other
		} else if other, ok := strings.CutPrefix(f.Name, "b-"); ok && alikeSides(s.Lookup("a-"+other), f) {
			continue
		}
		heads = append(heads, f.head(name))
		tails = append(tails, f.tail(l))
		width = max(width, screen.Width(heads[len(heads)-1]))
	}
	for i := range heads {
		line := "  " + screen.Pad(heads[i], width) + "  " + tails[i]
		if screen.Width(line) > screen.Columns {
			line = shortened(line)
		}
		lines = append(lines, line)
	}
	return lines
}

// shortened is a line that is too long: without its end or, if there would be only a
// part of its values, without the last of them.
func shortened(line string) string {
	short := screen.Elide(line, screen.Columns)
	if i := strings.LastIndexByte(short, '|'); i > strings.LastIndexByte(short, ' ') {
		return short[:i+1] + "..."
	}
	return short
}

// paired is the flags in order, but that of b behind that of a.
func (s *Set) paired() (list []*Flag) {
	for _, f := range s.flags {
		if other, ok := strings.CutPrefix(f.Name, "b-"); ok && s.Lookup("a-"+other) != nil {
			continue
		}
		list = append(list, f)
		if other, ok := strings.CutPrefix(f.Name, "a-"); ok {
			if b := s.Lookup("b-" + other); b != nil {
				list = append(list, b)
			}
		}
	}
	return list
}

// alikeSides reports whether the flags of a and b can be said in one line.
func alikeSides(a, b *Flag) bool {
	return a != nil && b != nil && a.Default == b.Default && a.Values == b.Values && a.Group == b.Group
}

// isWord reports whether the flag has a word for its value, and not its values.
func (f *Flag) isWord() bool { return f.Values != "" && strings.ToUpper(f.Values) == f.Values }

// head is the flag as it is written.
func (f *Flag) head(name string) string {
	switch {
	case f.Alone && f.Default == "true":
		return "-" + name + "=false"
	case f.Alone:
		return "-" + name
	case f.isWord():
		return "-" + name + " " + f.Values
	}
	return "-" + name
}

// tail returns the rest of its line: its values with their unit, and what it means.
func (f *Flag) tail(l lang.Language) string {
	means, values := l.Say(f.Means), f.compact()
	if f.Alone || f.isWord() {
		return means
	}
	if f.Unit != "" {
		means = strings.TrimPrefix(means, f.Unit+" ")
		values = strings.Replace(values, " "+f.Unit, " "+l.Say(f.Unit), 1)
	}
	values = strings.ReplaceAll(values, "ticks", l.Say("ticks"))
	return values + "  " + means
}

// compact is the values with their unit, as short as they can be written, the default
// before the others.
func (f *Flag) compact() string {
	values := strings.Split(ranges.ReplaceAllString(f.Values, "$1-$2"), ", ")
	for i := range values {
		for _, word := range []string{"or ", "MSLs as in ", "both as in ", "as in ", "the name of a "} {
			values[i] = strings.TrimPrefix(values[i], word)
		}
	}
	first := slices.Index(values, f.Default)
	if first > 0 {
		values = slices.Insert(slices.Delete(values, first, first+1), 0, f.Default)
	}
	text := strings.Join(values, "|")
	if f.Unit != "" && !strings.Contains(text, f.Unit) {
		text += " " + f.Unit
	}
	if first < 0 {
		text = f.Default + " (" + text + ")"
	}
	return text
}

// ranges finds a range of numbers.
var ranges = regexp.MustCompile(`([0-9]+) to ([0-9]+)`)

// Explain writes all that there is to say of a flag that is no field.
func (f *Flag) Explain(l lang.Language, out io.Writer, commands []string) {
	kind := l.Say("flag of %s", l.List(commands))
	name := "-" + f.Name
	if !f.Alone {
		name += " " + cmp.Or(f.Values, "VALUE")
	}
	if screen.Width(name)+2+screen.Width(kind) > screen.Columns {
		fmt.Fprintf(out, "%s\n", screen.Paint(out, screen.Strong, name))
		fmt.Fprint(out, screen.Indent(kind, 2, 0))
	} else {
		fmt.Fprintf(out, "%s%s%s\n", screen.Paint(out, screen.Strong, name), strings.Repeat(" ", screen.Columns-screen.Width(name)-screen.Width(kind)), kind)
	}
	means := strings.ToUpper(f.Means[:1]) + f.Means[1:]
	if l != lang.English {
		means = l.Say(f.Means)
	}
	if !strings.HasSuffix(means, ".") && !strings.HasSuffix(means, "？") {
		means += l.Say(".")
	}
	if f.More != "" {
		means += l.Say(" ") + l.Say(f.More)
	}
	fmt.Fprint(out, screen.Indent(means, 2, 0))
	if f.Default != "" && f.Default != "true" {
		fmt.Fprint(out, screen.Indent(l.Say("Default: %s", f.Default), 2, 0))
	}
	if words := f.Names(); len(words) > 0 && !f.Alone {
		fmt.Fprint(out, screen.Indent(l.Say("Values: %s", strings.Join(words, l.Say(", "))), 2, 2))
	}
}
