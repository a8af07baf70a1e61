package main

import (
	"encoding/binary"
	"net/netip"
	"time"

	"tcpclose/stacks/adapter"
)

// tiny is a tiny TCP to try shim.go with: one connection, segments in order alone,
// one timer, no options. It is no example of how to write TCP.
type tiny struct {
	state              state
	reset, ended, fin  bool // fin: the user has sent one
	own, peer          netip.AddrPort
	iss, una, nxt, rcv uint32
	sent, unread       []byte // sent and not acknowledged; not read
	tries              int
	now, due           time.Duration
	armed              bool
	output             func([]byte)
}

type state uint8

const (
	closed state = iota
	listen
	synSent
	synReceived
	established
	finWait1
	finWait2
	closeWait
	closing
	lastAck
	timeWait
)

func (s state) String() string {
	return [...]string{
		"CLOSED", "LISTEN", "SYN-SENT", "SYN-RECEIVED", "ESTABLISHED", "FIN-WAIT-1", "FIN-WAIT-2",
		"CLOSE-WAIT", "CLOSING", "LAST-ACK", "TIME-WAIT",
	}[s]
}

const (
	fin  = 1
	syn  = 2
	rst  = 4
	ack  = 16
	room = 1000
)

func newTiny(seed uint64, output func([]byte)) *tiny {
	return &tiny{iss: 0x10000000 + uint32(seed), output: output}
}

func checksum(start uint32, p []byte) uint32 {
	s := start
	for i, c := range p {
		s += uint32(c) << (8 * (1 - i%2))
	}
	for s>>16 > 0 {
		s = s&0xffff + s>>16
	}
	return s
}

func (t *tiny) emit(bits byte, seq, number uint32, text []byte) {
	p := append(make([]byte, 40), text...)
	put16 := func(at int, v uint32) { binary.BigEndian.PutUint16(p[at:], uint16(v)) }
	put16(0, 0x4500)
	put16(2, uint32(len(p)))
	put16(8, 64<<8|6)
	copy(p[12:], t.own.Addr().AsSlice())
	copy(p[16:], t.peer.Addr().AsSlice())
	put16(10, ^checksum(0, p[:20]))
	put16(20, uint32(t.own.Port()))
	put16(22, uint32(t.peer.Port()))
	binary.BigEndian.PutUint32(p[24:], seq)
	if bits&ack != 0 {
		binary.BigEndian.PutUint32(p[28:], number)
	}
	p[32], p[33] = 5<<4, bits
	if bits&rst == 0 {
		put16(34, uint32(room-len(t.unread)))
	}
	put16(36, ^checksum(checksum(uint32(6+len(p)-20), p[12:20]), p[20:]))
	t.output(p)
}

func (t *tiny) acknowledge() { t.emit(ack, t.nxt, t.rcv, nil) }

// resend sends again all that is not acknowledged.
func (t *tiny) resend() {
	bits := byte(ack)
	switch t.state {
	case synSent:
		t.emit(syn, t.iss, 0, nil)
		return
	case synReceived:
		t.emit(syn|ack, t.iss, t.rcv, nil)
		return
	}
	if t.fin {
		bits |= fin
	}
	t.emit(bits, t.una, t.rcv, t.sent)
}

func (t *tiny) arm() {
	t.armed, t.due = t.una != t.nxt, t.now+time.Second<<min(t.tries, 6)
}

func (t *tiny) enterTimeWait() { t.state, t.armed, t.due = timeWait, true, t.now+time.Minute }

func (t *tiny) gone(reset bool) { t.state, t.reset, t.sent, t.armed = closed, reset, nil, false }

func (t *tiny) open(active bool, own, peer netip.AddrPort) adapter.Answer {
	if t.state != closed {
		return adapter.Answer{Told: adapter.Other}
	}
	*t = tiny{iss: t.iss, una: t.iss, nxt: t.iss, now: t.now, output: t.output, own: own, peer: peer, state: listen}
	if active {
		t.state = synSent
		t.nxt++
		t.resend()
		t.arm()
	}
	return adapter.Answer{Told: adapter.Done}
}

func (t *tiny) send(text []byte) (int, adapter.Told) {
	switch {
	case t.reset:
		t.reset = false
		return 0, adapter.Reset
	case t.state == closed:
		return 0, adapter.None
	case t.fin:
		return 0, adapter.Closing
	case t.state != established && t.state != closeWait, len(t.sent) == room:
		return 0, adapter.Waits
	}
	text = text[:min(len(text), room-len(t.sent))]
	t.emit(ack, t.nxt, t.rcv, text)
	t.sent = append(t.sent, text...)
	t.nxt += uint32(len(text))
	t.arm()
	return len(text), adapter.Done
}

func (t *tiny) receive(octets int) ([]byte, adapter.Told) {
	if n := min(octets, len(t.unread)); n > 0 {
		text := t.unread[:n]
		t.unread = t.unread[n:]
		return text, adapter.Done
	}
	switch {
	case t.reset:
		t.reset = false
		return nil, adapter.Reset
	case t.ended:
		return nil, adapter.EOF
	case t.state == closed:
		return nil, adapter.None
	}
	return nil, adapter.Waits
}

func (t *tiny) shutdown() adapter.Told {
	switch {
	case t.state == listen || t.state == synSent:
		t.gone(false)
		return adapter.Done
	case t.fin:
		return adapter.Closing
	case t.state == closed:
		return adapter.None
	case t.state == closeWait:
		t.state = lastAck
	default:
		t.state = finWait1
	}
	t.emit(fin|ack, t.nxt, t.rcv, nil)
	t.nxt++
	t.fin = true
	t.arm()
	return adapter.Done
}

func (t *tiny) abort() adapter.Told {
	if t.state == closed {
		return adapter.None
	}
	if t.state >= synReceived && t.state <= closeWait {
		t.emit(rst|ack, t.nxt, t.rcv, nil)
	}
	t.gone(false)
	return adapter.Done
}

// acked takes the acknowledgement of a segment. It reports false if the segment
// needs no more.
func (t *tiny) acked(number uint32) bool {
	if int32(number-t.nxt) > 0 {
		t.acknowledge()
		return false
	}
	n := int(int32(number - t.una))
	if n <= 0 {
		return true
	}
	if t.state == synReceived || t.state == synSent {
		t.state = established
		n--
	}
	t.sent = t.sent[min(n, len(t.sent)):]
	t.una, t.tries = number, 0
	t.arm()
	if !t.fin || number != t.nxt {
		return true
	}
	switch t.state {
	case finWait1:
		t.state = finWait2
	case closing:
		t.enterTimeWait()
	case lastAck:
		t.gone(false)
		return false
	}
	return true
}

func (t *tiny) input(p []byte) {
	s := p[20:]
	bits, text := s[13], s[s[12]>>4*4:]
	seq, number := binary.BigEndian.Uint32(s[4:]), binary.BigEndian.Uint32(s[8:])
	has := func(b byte) bool { return bits&b != 0 }
	switch {
	case t.state == closed || t.state == listen && has(ack):
		t.refuse(bits, seq, number, text)
	case t.state == listen:
		if !has(rst) && has(syn) {
			t.rcv, t.nxt, t.state = seq+1, t.iss+1, synReceived
			t.resend()
			t.arm()
		}
	case t.state == synSent:
		t.synchronize(bits, seq, number)
	case has(rst):
		if seq == t.rcv {
			t.gone(t.state < closing)
		}
	case seq != t.rcv || has(syn) || len(text) > room-len(t.unread):
		if t.state == timeWait && has(fin) {
			t.enterTimeWait() // a FIN again restarts TIME-WAIT
		}
		t.acknowledge()
	case has(ack) && t.acked(number) && !t.ended:
		t.take(text, has(fin))
	}
}

// refuse answers a segment of no connection.
func (t *tiny) refuse(bits byte, seq, number uint32, text []byte) {
	switch {
	case bits&rst != 0:
	case bits&ack != 0:
		t.emit(rst, number, 0, nil)
	default:
		t.emit(rst|ack, 0, seq+uint32(len(text))+uint32(bits&syn>>1)+uint32(bits&fin), nil)
	}
}

func (t *tiny) synchronize(bits byte, seq, number uint32) {
	switch {
	case bits&ack != 0 && number != t.nxt:
		if bits&rst == 0 {
			t.emit(rst, number, 0, nil)
		}
	case bits&rst != 0:
		if bits&ack != 0 {
			t.gone(true)
		}
	case bits&syn == 0:
	case bits&ack == 0:
		t.rcv, t.state = seq+1, synReceived
		t.resend()
	default:
		t.rcv = seq + 1
		t.acked(number)
		t.acknowledge()
	}
}

// take takes the text of a segment, and its FIN.
func (t *tiny) take(text []byte, ends bool) {
	t.unread = append(t.unread, text...)
	t.rcv += uint32(len(text))
	if ends {
		t.rcv++
		t.ended = true
		switch t.state {
		case established:
			t.state = closeWait
		case finWait1:
			t.state = closing
		case finWait2:
			t.enterTimeWait()
		}
	}
	if ends || len(text) > 0 {
		t.acknowledge()
	}
}

func (t *tiny) run(now time.Duration) {
	t.now = now
	if !t.armed || t.due > now {
		return
	}
	if t.state == timeWait {
		t.gone(false)
		return
	}
	t.tries++
	t.resend()
	t.arm()
}

func (t *tiny) deadline() (time.Duration, bool) { return t.due, t.armed }
