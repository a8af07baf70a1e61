package sockets

import (
	"encoding/hex"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"tcpclose/internal/lang"
	"tcpclose/model"
)

// procStates has the states of /proc/net/tcp; 0 is none that counts.
var procStates = [...]model.ConnState{
	1: model.Established, 2: model.SynSent, 3: model.SynReceived, 4: model.FinWait1, 5: model.FinWait2, 6: model.TimeWait,
	8: model.CloseWait, 9: model.LastAck, 10: model.Listen, 11: model.Closing, 12: model.SynReceived,
}

// procTimers has the kinds of timers there.
var procTimers = [...]TimerKind{None, Retransmit, Keepalive, TimeWait, Persist}

// userHZ is the unit of times in /proc: it is the same on every Linux.
const userHZ = 100

// procRow reads a row of /proc/net/tcp or tcp6:
//
//	sl local_address rem_address st tx_queue:rx_queue tr:tm->when retrnsmt uid timeout inode
func (p *parser) procRow(words []string) (s Socket, ok bool, err error) {
	if len(words) < 10 {
		return s, false, lang.Errorf("%d columns: want the ten of /proc/net/tcp", len(words))
	}
	state, err := strconv.ParseUint(words[3], 16, 8)
	if err != nil {
		return s, false, lang.Errorf("state %q: want two hexadecimal digits", words[3])
	}
	if int(state) >= len(procStates) || procStates[state] == model.Closed {
		return s, false, nil
	}
	s.State = procStates[state]
	if s.Local, err = procAddress(words[1]); err != nil {
		return s, false, err
	}
	if s.Peer, err = procAddress(words[2]); err != nil {
		return s, false, err
	}
	if s.State == model.Listen {
		s.Peer = netip.AddrPort{}
	}
	queues, err := procPair("queues", words[4])
	if err != nil {
		return s, false, err
	}
	s.SendQ, s.RecvQ = int(queues[0]), int(queues[1])
	timer, err := procPair("timer", words[5])
	if err != nil {
		return s, false, err
	}
	if timer[0] < uint64(len(procTimers)) {
		s.Timer = Timer{procTimers[timer[0]], time.Duration(timer[1]) * time.Second / userHZ}
	}
	retries, err := strconv.ParseUint(words[6], 16, 32)
	if err != nil {
		return s, false, lang.Errorf("retrnsmt %q: want a hexadecimal number", words[6])
	}
	s.Retries = int(min(retries, 255))
	s.holder(words[9] == "0") // one that no program holds has no inode
	const rto = 12            // the column, which the kinds of sockets that are kept as numbers lack
	if len(words) > rto {
		if n, err := strconv.ParseUint(words[rto], 10, 32); err == nil {
			s.RTO = time.Duration(n) * time.Second / userHZ
		}
	}
	return s, true, nil
}

// procPair reads two hexadecimal numbers of at most 32 bits.
func procPair(what, word string) (pair [2]uint64, err error) {
	x, y, ok := strings.Cut(word, ":")
	for i, digits := range []string{x, y} {
		n, bad := strconv.ParseUint(digits, 16, 32)
		if bad != nil || !ok {
			return pair, lang.Errorf("%s %q: want two hexadecimal numbers", what, word)
		}
		pair[i] = n
	}
	return pair, nil
}

// procAddress reads an address: words of 32 bits in the machine's order, which is
// taken to be little-endian, and a port.
func procAddress(word string) (netip.AddrPort, error) {
	host, port, _ := strings.Cut(word, ":")
	b, err := hex.DecodeString(host)
	n, bad := strconv.ParseUint(port, 16, 16)
	if err != nil || bad != nil || len(b) != 4 && len(b) != 16 {
		return netip.AddrPort{}, lang.Errorf("address %q: want 8 or 32 hexadecimal digits and a port", word)
	}
	for i := 0; i < len(b); i += 4 {
		slices.Reverse(b[i : i+4])
	}
	a, _ := netip.AddrFromSlice(b)
	return netip.AddrPortFrom(a.Unmap(), uint16(n)), nil
}
