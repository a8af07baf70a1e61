// Package near finds the name that may have been meant by a word.
package near

import (
	"slices"
	"strings"
)

// Name returns the name that may have been meant by a word: the nearest if few letters
// differ, or else the first of which the word is a beginning, or a part. It returns ""
// if no name is near.
func Name(word string, names []string) string {
	word = plain(word)
	if len(word) < 2 || len(word) > 64 {
		return ""
	}
	best, least := "", max(1, (len(word)+1)/4)+1
	for _, name := range names {
		if d := distance(word, plain(name)); d < least {
			best, least = name, d
		}
	}
	if best != "" || len(word) < 4 {
		return best
	}
	for _, is := range []func(name, word string) bool{strings.HasPrefix, hasPart} {
		if i := slices.IndexFunc(names, func(name string) bool { return is(plain(name), word) }); i >= 0 {
			return names[i]
		}
	}
	return ""
}

// hasPart reports whether a part of a name, behind a hyphen or a dot, begins with word.
func hasPart(name, word string) bool {
	return strings.Contains(name, "-"+word) || strings.Contains(name, "."+word)
}

// plain returns a name as names are compared: in lower case, with hyphens.
func plain(name string) string {
	return strings.TrimLeft(strings.ReplaceAll(strings.ToLower(name), "_", "-"), "-")
}

// distance returns how many letters have to be put in, left out, changed or exchanged
// with the next to make b of a (the restricted distance of Damerau and Levenshtein).
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	before, last := make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := range x {
		row := make([]int, len(y)+1)
		row[0] = i + 1
		for j := range y {
			change := last[j]
			if x[i] != y[j] {
				change++
			}
			row[j+1] = min(change, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && x[i] == y[j-1] && x[i-1] == y[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last = last, row
	}
	return last[len(y)]
}
