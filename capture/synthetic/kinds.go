package synthetic

import (
	"math/rand/v2"
	"time"

	"tcpclose/capture"
	"tcpclose/stacks/wire"
)

// A script writes the segments of a connection. Each end has said up to next, and has
// acknowledged up to acked.
type script struct {
	steps       []step
	next, acked [2]uint32
	random      *rand.Rand
}

const (
	short = 10 * time.Millisecond // half a round trip, about
	rto   = 200 * time.Millisecond
)

// put adds a segment with what its end has to say next.
func (s *script) put(from capture.Side, ctl wire.Ctl, length int) {
	s.at(from, ctl, s.next[from], s.acked[from], length, short)
	s.next[from] += uint32(length)
	if ctl&(wire.FIN|wire.SYN) != 0 {
		s.next[from]++
	}
}

// at adds a segment as it is.
func (s *script) at(from capture.Side, ctl wire.Ctl, seq, ack uint32, length int, after time.Duration) {
	after += time.Duration(s.random.IntN(int(after)))
	s.steps = append(s.steps, step{from, ctl, seq, ack, length, after})
}

// hear makes an end know all that the other has said.
func (s *script) hear(side capture.Side) { s.acked[side] = s.next[side.Peer()] }

// answer makes an end acknowledge all that the other has said.
func (s *script) answer(side capture.Side) {
	s.hear(side)
	s.put(side, wire.ACK, 0)
}

// open opens a connection, and sends text both ways.
func (s *script) open() {
	s.put(capture.Client, wire.SYN, 0)
	s.hear(capture.Server)
	s.put(capture.Server, wire.SYN|wire.ACK, 0)
	s.answer(capture.Client)
	s.put(capture.Client, wire.ACK, 1+s.random.IntN(1400))
	s.answer(capture.Server)
	for range 1 + s.random.IntN(2) {
		s.put(capture.Server, wire.ACK, 1+s.random.IntN(1400))
		s.answer(capture.Client)
	}
}

// either returns one end or the other.
func (s *script) either() capture.Side { return capture.Side(s.random.IntN(2)) }

const (
	fin = wire.FIN | wire.ACK
	rst = wire.RST | wire.ACK
)

// close lets one end close, and then the other.
func (s *script) close(first capture.Side) {
	s.put(first, fin, 0)
	if s.hear(first.Peer()); s.random.IntN(2) == 0 {
		s.put(first.Peer(), wire.ACK, 0)
	}
	s.put(first.Peer(), fin, 0)
	s.answer(first)
}

// kinds lists what connections do, each with how often of a thousand, and the kind of
// end that a reader of the frames sees.
var kinds = []struct {
	often int
	kind  capture.Kind
	write func(*script)
}{
	{600, capture.Normal, func(s *script) {
		s.open()
		s.close(s.either())
	}},
	{100, capture.Normal, func(s *script) { // text comes again, and so does the FIN
		s.open()
		first := s.either()
		seq := s.next[first]
		s.put(first, wire.ACK, 100)
		s.at(first, wire.ACK, seq, s.acked[first], 100, rto)
		s.answer(first.Peer())
		seq = s.next[first]
		s.put(first, fin, 0)
		s.at(first, fin, seq, s.acked[first], 0, rto)
		s.hear(first.Peer())
		s.put(first.Peer(), fin, 0)
		s.answer(first)
	}},
	{50, capture.Simultaneous, func(s *script) {
		s.open()
		s.put(capture.Client, fin, 0)
		s.put(capture.Server, fin, 0)
		s.answer(capture.Client)
		s.answer(capture.Server)
	}},
	{50, capture.HalfUsed, func(s *script) {
		s.open()
		first := s.either()
		s.put(first, fin, 0)
		s.answer(first.Peer())
		s.put(first.Peer(), wire.ACK, 500)
		s.answer(first)
		s.put(first.Peer(), fin, 0)
		s.answer(first)
	}},
	{50, capture.Normal, func(s *script) { // the FIN overtakes the text before it
		s.open()
		first := s.either()
		seq := s.next[first]
		s.at(first, fin, seq+700, s.acked[first], 0, short)
		s.at(first.Peer(), wire.ACK, s.next[first.Peer()], seq, 0, short)
		s.at(first, wire.ACK, seq, s.acked[first], 700, short)
		s.next[first] = seq + 701
		s.hear(first.Peer())
		s.put(first.Peer(), fin, 0)
		s.answer(first)
	}},
	{50, capture.Aborted, func(s *script) {
		s.open()
		s.put(s.either(), rst, 0)
	}},
	{40, capture.ResetAfter, func(s *script) { // text comes after a full close
		s.open()
		first := s.either()
		s.put(first, fin, 0)
		s.hear(first.Peer())
		s.put(first.Peer(), wire.ACK, 900)
		s.at(first, wire.RST, s.next[first], 0, 0, short)
	}},
	{20, capture.Unanswered, func(s *script) {
		s.open()
		first := s.either()
		seq := s.next[first]
		s.put(first, fin, 0)
		for n := range 5 {
			s.at(first, fin, seq, s.acked[first], 0, rto<<n)
		}
	}},
	{20, capture.HalfOpen, func(s *script) {
		s.open()
		first := s.either()
		s.put(first, fin, 0)
		s.answer(first.Peer())
	}},
	{10, capture.Refused, func(s *script) {
		s.put(capture.Client, wire.SYN, 0)
		s.at(capture.Server, rst, 0, 1, 0, short)
	}},
	{10, capture.NoAnswer, func(s *script) {
		for n := range 4 {
			s.at(capture.Client, wire.SYN, 0, 0, 0, time.Second<<n)
		}
	}},
}

// steps returns the segments of a connection.
func steps(write func(*script), random *rand.Rand) []step {
	s := &script{random: random}
	write(s)
	return s.steps
}

// pick draws a kind.
func pick(random *rand.Rand) int {
	n := random.IntN(1000)
	for i := range kinds {
		if n -= kinds[i].often; n < 0 {
			return i
		}
	}
	return 0
}
