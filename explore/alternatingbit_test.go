package explore_test

import (
	"slices"

	"tcpclose/explore"
)

// alternatingBit is the protocol over two lossy queues, for two values of data.
// Queues up to 2 long are followed.
type alternatingBit struct{}

type transfer struct {
	Messages, Acks    string // a message is its bit and its value, two bytes
	Sent, Rcvd        byte   // data
	Bit, Acked, RcBit byte
}

const aValues = "de"

func (alternatingBit) Init() (init []transfer) {
	for _, bit := range []byte("01") {
		for _, sent := range []byte(aValues) {
			for _, rcvd := range []byte(aValues) {
				init = append(init, transfer{Sent: sent, Rcvd: rcvd, Bit: bit, Acked: bit, RcBit: bit})
			}
		}
	}
	return init
}

func (alternatingBit) Steps(dst []explore.Step[transfer, string], s transfer) []explore.Step[transfer, string] {
	step := func(action string, f func(*transfer)) {
		to := s
		f(&to)
		dst = append(dst, explore.Step[transfer, string]{Action: action, To: to})
	}
	if s.Acked == s.Bit {
		for _, d := range []byte(aValues) {
			step("send new", func(to *transfer) {
				to.Sent, to.Bit = d, '0'+'1'-s.Bit
				to.Messages += string([]byte{to.Bit, d})
			})
		}
	} else {
		step("send again", func(to *transfer) { to.Messages += string([]byte{s.Bit, s.Sent}) })
	}
	step("send ack", func(to *transfer) { to.Acks += string([]byte{s.RcBit}) })
	if s.Messages != "" {
		step("receive", func(to *transfer) {
			to.RcBit, to.Rcvd, to.Messages = s.Messages[0], s.Messages[1], s.Messages[2:]
		})
	}
	if s.Acks != "" {
		step("receive ack", func(to *transfer) { to.Acked, to.Acks = s.Acks[0], s.Acks[1:] })
	}
	without := func(q string, i, n int) string { return string(slices.Delete([]byte(q), i, i+n)) }
	for i := 0; i < len(s.Messages); i += 2 {
		step("lose", func(to *transfer) { to.Messages = without(s.Messages, i, 2) })
	}
	for i := range s.Acks {
		step("lose ack", func(to *transfer) { to.Acks = without(s.Acks, i, 1) })
	}
	return dst
}

func (alternatingBit) Within(_ transfer, _ string, to transfer) bool {
	return len(to.Messages) <= 2*2 && len(to.Acks) <= 2
}
