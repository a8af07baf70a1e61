package systems

import "tcpclose/explore"

// DieHard is the puzzle of the film: measure 4 litres with jugs of 3 and 5. Its
// steps may change nothing, and go on when 4 litres are there.
type DieHard struct{}

// Jugs holds the litres in each jug.
type Jugs struct{ Small, Big int }

func (DieHard) Init() []Jugs { return []Jugs{{}} }

func (DieHard) Steps(dst []explore.Step[Jugs, string], s Jugs) []explore.Step[Jugs, string] {
	toBig, toSmall := min(s.Small, 5-s.Big), min(s.Big, 3-s.Small)
	return append(dst, []explore.Step[Jugs, string]{
		{Action: "fill small", To: Jugs{3, s.Big}},
		{Action: "fill big", To: Jugs{s.Small, 5}},
		{Action: "empty small", To: Jugs{0, s.Big}},
		{Action: "empty big", To: Jugs{s.Small, 0}},
		{Action: "small to big", To: Jugs{s.Small - toBig, s.Big + toBig}},
		{Action: "big to small", To: Jugs{s.Small + toSmall, s.Big - toSmall}},
	}...)
}
