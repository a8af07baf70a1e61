package systems

import (
	"slices"

	"tcpclose/explore"
)

// AlternatingBit is the protocol over two lossy queues, for two values of data.
// Queues up to 2 long are followed.
type AlternatingBit struct{}

// A Transfer is a state.
type Transfer struct {
	Messages, Acks    string // a message is its bit and its value, two bytes
	Sent, Rcvd        byte   // data
	Bit, Acked, RcBit byte
}

// AValues are the values that are sent.
const AValues = "de"

func (AlternatingBit) Init() (init []Transfer) {
	for _, bit := range []byte("01") {
		for _, sent := range []byte(AValues) {
			for _, rcvd := range []byte(AValues) {
				init = append(init, Transfer{Sent: sent, Rcvd: rcvd, Bit: bit, Acked: bit, RcBit: bit})
			}
		}
	}
	return init
}

func (AlternatingBit) Steps(dst []explore.Step[Transfer, string], s Transfer) []explore.Step[Transfer, string] {
	step := func(action string, f func(*Transfer)) {
		to := s
		f(&to)
		dst = append(dst, explore.Step[Transfer, string]{Action: action, To: to})
	}
	if s.Acked == s.Bit {
		for _, d := range []byte(AValues) {
			step("send new", func(to *Transfer) {
				to.Sent, to.Bit = d, '0'+'1'-s.Bit
				to.Messages += string([]byte{to.Bit, d})
			})
		}
	} else {
		step("send again", func(to *Transfer) { to.Messages += string([]byte{s.Bit, s.Sent}) })
	}
	step("send ack", func(to *Transfer) { to.Acks += string([]byte{s.RcBit}) })
	if s.Messages != "" {
		step("receive", func(to *Transfer) {
			to.RcBit, to.Rcvd, to.Messages = s.Messages[0], s.Messages[1], s.Messages[2:]
		})
	}
	if s.Acks != "" {
		step("receive ack", func(to *Transfer) { to.Acked, to.Acks = s.Acks[0], s.Acks[1:] })
	}
	without := func(q string, i, n int) string { return string(slices.Delete([]byte(q), i, i+n)) }
	for i := 0; i < len(s.Messages); i += 2 {
		step("lose", func(to *Transfer) { to.Messages = without(s.Messages, i, 2) })
	}
	for i := range s.Acks {
		step("lose ack", func(to *Transfer) { to.Acks = without(s.Acks, i, 1) })
	}
	return dst
}

func (AlternatingBit) Within(_ Transfer, _ string, to Transfer) bool {
	return len(to.Messages) <= 2*2 && len(to.Acks) <= 2
}
