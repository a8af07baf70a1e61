package explore

import (
	"fmt"
)

// Kind says what a watch looks at.
type Kind uint8

const (
	States    Kind = iota // every reachable state
	Steps                 // every step from a reachable state, into states already seen included
	Terminals             // every reachable state that no step leaves
)

func (k Kind) String() string {
	names := [...]string{"state", "step", "terminal state"}
	if int(k) >= len(names) {
		return fmt.Sprintf("Kind(%d)", uint8(k))
	}
	return names[k]
}
