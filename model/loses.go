package model

// Loses says what the network loses, if it loses anything: where it is not LosesAny,
// nothing else; and without a limit it loses all of it.
type Loses uint8

const (
	LosesAny Loses = iota
	LosesFinOfA
	LosesAckOfA // without text, FIN and RST, as are those of b
	LosesFinOfB
	LosesAckOfB
)

var losesNames = [...]string{"any", "a-fin", "a-ack", "b-fin", "b-ack"}

func (l Loses) String() string { return nameOf(losesNames[:], l) }

// names reports whether it is what side has sent as g.
func (l Loses) names(side Side, g Segment) bool {
	switch l {
	case LosesFinOfA:
		return side == A && g.Ctl.Has(FIN)
	case LosesFinOfB:
		return side == B && g.Ctl.Has(FIN)
	case LosesAckOfA:
		return side == A && g.Ctl == ACK && g.Len == 0
	case LosesAckOfB:
		return side == B && g.Ctl == ACK && g.Len == 0
	}
	return true
}
