package box

import (
	"slices"
	"strings"
)

// A Fault is a mistake in following a connection, as a change of the rules of a box that is
// safe without it.
type Fault struct {
	Name     string
	Of       string // the box
	Sentence string
	Like     string // what has it, or something like it
	from, to string // lines of its text, and those that replace them
}

// Faults lists the seeded faults of boxes.
var Faults = []Fault{
	{
		Name: "acts-first", Of: "rfc5382", Like: "libtelio #40",
		Sentence: "the entry is removed before the RST that ends it has passed, and the RST finds none",
		from:     "on RST in ESTABLISHED C_FIN S_FIN: go TRANS\n", to: "on RST in ESTABLISHED C_FIN S_FIN: again\n",
	},
	{
		Name: "rst-kept", Of: "rfc5382", Like: "cilium #11742",
		Sentence: "an RST does not end the entry",
		from:     "on RST in ESTABLISHED C_FIN S_FIN: go TRANS\n",
	},
	{
		Name: "fin-wrong-side", Of: "rfc5382", Like: "nf_conntrack's LAST_ACK",
		Sentence: "a FIN is counted for the other side, so that the same FIN again counts as the second",
		from:     "on FIN from client in ESTABLISHED: go C_FIN\non FIN from server in ESTABLISHED: go S_FIN\n",
		to:       "on FIN from client in ESTABLISHED: go S_FIN\non FIN from server in ESTABLISHED: go C_FIN\n",
	},
	{
		Name: "ack-revives", Of: "rfc5382", Like: "opte #442",
		Sentence: "an ACK after both FINs makes the entry established again",
		from:     "on any in CLOSING: keep\n", to: "on ACK in CLOSING: go ESTABLISHED\non any in CLOSING: keep\n",
	},
	{
		Name: "timer-kept", Of: "rfc5382", Like: "kubernetes #97377",
		Sentence: "after both FINs the timer of the established entry goes on",
		from:     "on FIN from client in S_FIN: go CLOSING\non FIN from server in C_FIN: go CLOSING\n",
		to:       "on FIN from client in S_FIN: go CLOSING, keep\non FIN from server in C_FIN: go CLOSING, keep\n",
	},
	{
		Name: "fin-removes", Of: "rfc5382", Like: "libtelio #40",
		Sentence: "the second FIN removes the entry, and the last ACK finds none",
		from:     "on FIN from client in S_FIN: go CLOSING\non FIN from server in C_FIN: go CLOSING\n",
		to:       "on FIN from client in S_FIN: remove\non FIN from server in C_FIN: remove\n",
	},
	{
		Name: "syn-refused", Of: "rfc5382", Like: "openzro #196, opte #436",
		Sentence: "a SYN that meets the entry of an earlier connection is dropped",
		from:     "on SYN in CLOSING TRANS: new INIT\n", to: "on SYN in CLOSING TRANS: drop\n",
	},
}

// faultSetting is the setting that seeds a fault.
const faultSetting = "fault"

// faulty returns the box with a fault.
func (b *Box) faulty(name string) (*Box, error) {
	at := slices.IndexFunc(Faults, func(f Fault) bool { return f.Name == name && f.Of == b.Name })
	switch {
	case at < 0 && len(b.faults()) == 0:
		return nil, errorf("fault=%.40q: want none: the faults are of %s", name, Faults[0].Of)
	case at < 0:
		return nil, errorf("fault=%.40q: want a fault of %s: %s", name, b.Name, strings.Join(b.faults(), ", "))
	}
	f := &Faults[at]
	is, err := parse(strings.Replace(b.text, f.from, f.to, 1))
	if err != nil {
		return nil, err
	}
	is.fault = name
	is.Name = is.settled()
	return is, nil
}

// faults returns the names of the faults that the box can have.
func (b *Box) faults() (names []string) {
	for _, f := range Faults {
		if f.Of == b.Name {
			names = append(names, f.Name)
		}
	}
	return names
}
