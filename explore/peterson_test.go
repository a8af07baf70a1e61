package explore_test

import "tcpclose/explore"

// peterson is Peterson's lock for two processes.
type peterson struct{}

type lock struct {
	At   [2]label
	Flag [2]bool
	Turn int
}

type label uint8

const (
	idle label = iota
	raise
	yield
	wait
	critical
	lower
)

// A turn names who moves and from where.
type turn struct {
	Process int
	From    label
}

func (peterson) Init() []lock { return []lock{{}} }

func (peterson) Steps(dst []explore.Step[lock, turn], s lock) []explore.Step[lock, turn] {
	for p := range 2 {
		to := s
		to.At[p] = (s.At[p] + 1) % (lower + 1)
		switch s.At[p] {
		case raise:
			to.Flag[p] = true
		case yield:
			to.Turn = 1 - p
		case wait:
			if s.Flag[1-p] && s.Turn != p {
				continue
			}
		case lower:
			to.Flag[p] = false
		}
		dst = append(dst, explore.Step[lock, turn]{Action: turn{p, s.At[p]}, To: to})
	}
	return dst
}

// inside is who holds the lock: between its entry and the end of its release.
func (l lock) inside(p int) bool { return l.At[p] == critical || l.At[p] == lower }
