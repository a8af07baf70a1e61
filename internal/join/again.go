package join

import "tcpclose/invariants"

// Again calls try with the monitors that are to run: first with those of the hint,
// and, while try tells of others that were read, with these as well. As long as
// nothing has read what a monitor keeps nothing depends on it, so what the last call
// finds is right. It returns the monitors of that.
func Again(hint invariants.Monitors, try func(run invariants.Monitors) (missing invariants.Monitors, err error)) (run invariants.Monitors, err error) {
	for run = hint; ; {
		missing, err := try(run)
		if err != nil || missing == invariants.NoMonitors {
			return run, err
		}
		run |= missing
	}
}

// Hint returns the monitors that the patterns ask for.
func Hint(patterns []invariants.Pattern) (n invariants.Monitors) {
	for i := range patterns {
		n |= patterns[i].Needs
	}
	return n
}
