package systems

import "tcpclose/explore"

// Peterson is Peterson's lock for two processes.
type Peterson struct{}

// A Lock is a state.
type Lock struct {
	At   [2]Label
	Flag [2]bool
	Turn int
}

// A Label says where a process is.
type Label uint8

const (
	Idle Label = iota
	Raise
	yield
	Wait
	critical
	lower
)

// A Turn names who moves and from where.
type Turn struct {
	Process int
	From    Label
}

func (Peterson) Init() []Lock { return []Lock{{}} }

func (Peterson) Steps(dst []explore.Step[Lock, Turn], s Lock) []explore.Step[Lock, Turn] {
	for p := range 2 {
		to := s
		to.At[p] = (s.At[p] + 1) % (lower + 1)
		switch s.At[p] {
		case Raise:
			to.Flag[p] = true
		case yield:
			to.Turn = 1 - p
		case Wait:
			if s.Flag[1-p] && s.Turn != p {
				continue
			}
		case lower:
			to.Flag[p] = false
		}
		dst = append(dst, explore.Step[Lock, Turn]{Action: Turn{p, s.At[p]}, To: to})
	}
	return dst
}

// Inside reports whether process p holds the lock: between its entry and the end of its
// release.
func (l Lock) Inside(p int) bool { return l.At[p] == critical || l.At[p] == lower }
