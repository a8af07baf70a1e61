package explore_test

import "tcpclose/explore"

// dieHard is the puzzle of the film: measure 4 litres with jugs of 3 and 5. Its
// steps may change nothing, and go on when 4 litres are there.
type dieHard struct{}

type jugs struct{ Small, Big int }

func (dieHard) Init() []jugs { return []jugs{{}} }

func (dieHard) Steps(dst []explore.Step[jugs, string], s jugs) []explore.Step[jugs, string] {
	toBig, toSmall := min(s.Small, 5-s.Big), min(s.Big, 3-s.Small)
	return append(dst, []explore.Step[jugs, string]{
		{Action: "fill small", To: jugs{3, s.Big}},
		{Action: "fill big", To: jugs{s.Small, 5}},
		{Action: "empty small", To: jugs{0, s.Big}},
		{Action: "empty big", To: jugs{s.Small, 0}},
		{Action: "small to big", To: jugs{s.Small - toBig, s.Big + toBig}},
		{Action: "big to small", To: jugs{s.Small + toSmall, s.Big - toSmall}},
	}...)
}
