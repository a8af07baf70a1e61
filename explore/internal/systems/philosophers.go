package systems

import "tcpclose/explore"

// Philosophers is Chandy and Misra's table for diners: who holds a dirty fork
// cleans it and hands it on.
type Philosophers struct{}

// Diners is the number of philosophers.
const Diners = 5

// A Table is a state.
type Table struct {
	Holder [Diners]uint8
	Clean  [Diners]bool
	Sated  [Diners]bool
	At     [Diners]doing
}

type doing uint8

const (
	looping doing = iota
	Eating
	thinking
)

func (Philosophers) Init() []Table {
	var t Table
	for f := range t.Holder {
		t.Holder[f] = uint8(f)
	}
	t.Holder[1] = 0
	return []Table{t}
}

func (Philosophers) Steps(dst []explore.Step[Table, int], s Table) []explore.Step[Table, int] {
	for p := range Diners {
		to := s
		left, right := p, (p+1)%Diners
		before := (p + Diners - 1) % Diners
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
				to.At[p] = Eating
			}
		case Eating:
			to.At[p], to.Sated[p] = looping, true
			to.Clean[left], to.Clean[right] = false, false
		case thinking:
			to.At[p], to.Sated[p] = looping, false
		}
		dst = append(dst, explore.Step[Table, int]{Action: p, To: to})
	}
	return dst
}
