package prose

import (
	"math/rand/v2"
	"strings"
	"unicode"
)

// Draw returns n passages to review, drawn with a seed: in turn from README, docs,
// the command's strings, and comments. Only passages of at least ten words (or thirty
// Chinese characters) count.
func Draw(passages []Passage, seed uint64, n int, chinese bool) []Passage {
	pools := map[Area][]Passage{}
	for _, p := range passages {
		if p.Area == Literal && (strings.HasSuffix(p.File, "_test.go") || !chinese && !strings.HasPrefix(p.File, "cmd/")) {
			continue // data, or not the command's
		}
		characters := han(p.Text)
		if chinese && characters >= 30 || !chinese && characters == 0 && plainWords(p.Text) >= 10 {
			pools[p.Area] = append(pools[p.Area], p)
		}
	}
	random := rand.New(rand.NewPCG(seed, 0))
	var drawn []Passage
	for len(drawn) < n {
		was := len(drawn)
		for _, area := range []Area{Readme, Docs, Literal, Comment} {
			pool := pools[area]
			if len(pool) == 0 || len(drawn) == n {
				continue
			}
			i := random.IntN(len(pool))
			drawn = append(drawn, pool[i])
			pools[area] = append(pool[:i:i], pool[i+1:]...)
		}
		if len(drawn) == was {
			break
		}
	}
	return drawn
}

// plainWords returns the number of words of at least two letters outside code.
func plainWords(text string) (n int) {
	for _, word := range strings.Fields(hideCode(text)) {
		letters := 0
		for _, c := range word {
			if unicode.IsLetter(c) {
				letters++
			}
		}
		if letters > 1 {
			n++
		}
	}
	return n
}

// han returns the number of Chinese characters in a text.
func han(text string) (n int) {
	for _, c := range text {
		if unicode.Is(unicode.Han, c) {
			n++
		}
	}
	return n
}
