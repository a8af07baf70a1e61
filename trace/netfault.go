package trace

import (
	"strings"

	"tcpclose/model"
)

// A NetFault is something that the network does to a segment.
type NetFault uint8

const (
	Loss        NetFault = iota // by the network's will, its age, or want of room
	Duplication                 // it is delivered once more
	Overtaking                  // it is delivered before one that was sent earlier

	NumNetFaults
)

func (f NetFault) String() string {
	return [NumNetFaults]string{"loss", "duplication", "overtaking"}[f]
}

// NetFaults counts the faults of each kind in a trace of a network that counts.
func (t *Trace) NetFaults() (n [NumNetFaults]int) {
	for i := range t.Events {
		toll := t.Events[i].Outcome.Toll
		n[Loss] += int(toll.Lost)
		n[Duplication] += int(toll.Duplicated)
		n[Overtaking] += int(toll.Overtaken)
	}
	return n
}

// NetFaults is a set of kinds of faults.
type NetFaults uint8

// FaultsOf returns the faults for which a toll is due.
func FaultsOf(t model.Toll) (s NetFaults) {
	for f, n := range [NumNetFaults]uint8{t.Lost, t.Duplicated, t.Overtaken} {
		if n > 0 {
			s |= 1 << f
		}
	}
	return s
}

func (s NetFaults) String() string {
	var names []string
	for f := range NumNetFaults {
		if s>>f&1 != 0 {
			names = append(names, f.String())
		}
	}
	if len(names) == 0 {
		return "no fault"
	}
	return strings.Join(names, ", ")
}
