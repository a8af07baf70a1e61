package systems

import "tcpclose/explore"

// TwoPhase is two-phase commit by that many resource managers. A message stays
// in the network once it is sent.
type TwoPhase int

const maxManagers = 8

// A Commit is a state.
type Commit struct {
	Manager               [maxManagers]verdict
	Coordinator           verdict
	Heard, Prepared       uint8 // a bit for each manager
	SaidCommit, SaidAbort bool
}

type verdict uint8

const (
	working verdict = iota
	prepared
	committed
	aborted
)

func (TwoPhase) Init() []Commit { return []Commit{{}} }

func (n TwoPhase) Steps(dst []explore.Step[Commit, string], s Commit) []explore.Step[Commit, string] {
	step := func(action string, f func(*Commit)) {
		to := s
		f(&to)
		dst = append(dst, explore.Step[Commit, string]{Action: action, To: to})
	}
	if s.Coordinator == working {
		if s.Heard == uint8(1<<n-1) {
			step("commit", func(to *Commit) { to.Coordinator, to.SaidCommit = committed, true })
		}
		step("abort", func(to *Commit) { to.Coordinator, to.SaidAbort = aborted, true })
	}
	for i := range int(n) {
		bit := uint8(1) << i
		if s.Coordinator == working && s.Prepared&bit != 0 {
			step("hear prepared", func(to *Commit) { to.Heard |= bit })
		}
		if s.Manager[i] == working {
			step("prepare", func(to *Commit) { to.Manager[i] = prepared; to.Prepared |= bit })
			step("choose to abort", func(to *Commit) { to.Manager[i] = aborted })
		}
		if s.SaidCommit {
			step("hear commit", func(to *Commit) { to.Manager[i] = committed })
		}
		if s.SaidAbort {
			step("hear abort", func(to *Commit) { to.Manager[i] = aborted })
		}
	}
	return dst
}

// Consistent reports whether no two managers have decided differently.
func (s Commit) Consistent() bool {
	var seen [aborted + 1]bool
	for _, m := range s.Manager {
		seen[m] = true
	}
	return !(seen[committed] && seen[aborted])
}
