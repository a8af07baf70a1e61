package explore_test

import "tcpclose/explore"

// philosophers is Chandy and Misra's table for diners: who holds a dirty fork
// cleans it and hands it on.
type philosophers struct{}

const diners = 5

type table struct {
	Holder [diners]uint8
	Clean  [diners]bool
	Sated  [diners]bool
	At     [diners]doing
}

type doing uint8

const (
	looping doing = iota
	eating
	thinking
)

func (philosophers) Init() []table {
	var t table
	for f := range t.Holder {
		t.Holder[f] = uint8(f)
	}
	t.Holder[1] = 0
	return []table{t}
}

func (philosophers) Steps(dst []explore.Step[table, int], s table) []explore.Step[table, int] {
	for p := range diners {
		to := s
		left, right := p, (p+1)%diners
		before := (p + diners - 1) % diners
		holds := func(f int) bool { return s.Holder[f] == uint8(p) }
		switch s.At[p] {
		case looping:
			if holds(left) && !s.Clean[left] {
				to.Holder[left], to.Clean[left] = uint8(before), true
			} else if holds(right) && !s.Clean[right] {
				to.Holder[right], to.Clean[right] = uint8(right), true
			}
			if s.Sated[p] {
				to.At[p] = thinking
			} else if holds(left) && holds(right) && s.Clean[left] && s.Clean[right] {
				to.At[p] = eating
			}
		case eating:
			to.At[p], to.Sated[p] = looping, true
			to.Clean[left], to.Clean[right] = false, false
		case thinking:
			to.At[p], to.Sated[p] = looping, false
		}
		dst = append(dst, explore.Step[table, int]{Action: p, To: to})
	}
	return dst
}
