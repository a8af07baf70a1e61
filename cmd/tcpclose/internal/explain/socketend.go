package explain

import (
	"time"

	"tcpclose/model"
	"tcpclose/profile"
	"tcpclose/sockets"
)

// An ending is what ends a socket, if nothing arrives for it.
type ending struct {
	by    cause
	in    time.Duration // from now, if known
	known bool
	about bool // in is an estimate: the list does not have the RTO
}

// A cause is what can end a socket.
type cause uint8

const (
	byNothing       cause = iota // it serves
	byProgram                    // the program has to close, or to end
	byAccept                     // the program has to accept it, and then to close
	byPeer                       // the peer has to close
	byTimeWait                   // TCP_TIMEWAIT_LEN
	byFinTimeout                 // tcp_fin_timeout
	byOrphanRetries              // tcp_orphan_retries
	byRetries2                   // tcp_retries2
	byWindow                     // the peer's program has to read
	bySynRetries                 // tcp_syn_retries, tcp_synack_retries
	numCauses
)

// causeNames has the names of causes in JSON.
var causeNames = [numCauses]string{
	"nothing", "program", "accept", "peer", "TCP_TIMEWAIT_LEN", "tcp_fin_timeout", "tcp_orphan_retries", "tcp_retries2", "window", "tcp_syn_retries",
}

// endingOf returns what ends a socket by Linux's timers.
func endingOf(s sockets.Socket, l profile.Linux) ending {
	switch s.State {
	case model.TimeWait:
		return byTimer(s, byTimeWait)
	case model.FinWait2:
		if s.Orphan == sockets.No {
			return ending{by: byPeer}
		}
		return byTimer(s, byFinTimeout)
	case model.CloseWait:
		if s.Queued {
			return ending{by: byAccept}
		}
		return ending{by: byProgram}
	case model.FinWait1, model.Closing, model.LastAck:
		by, limit := byOrphanRetries, l.OrphanGiveUp()
		if s.Orphan == sockets.No {
			by, limit = byRetries2, l.GiveUp()
		}
		if s.Timer.Kind == sockets.Persist {
			return ending{by: byWindow}
		}
		e := givesUp(s, limit)
		e.by = by
		return e
	case model.SynSent, model.SynReceived:
		return ending{by: bySynRetries}
	}
	return ending{by: byNothing}
}

// byTimer returns an ending by a timer that the list shows.
func byTimer(s sockets.Socket, by cause) ending {
	return ending{by: by, in: s.Timer.Left, known: s.Timer.Kind == sockets.TimeWait}
}

// longest is the greatest time that a retransmission timer can have, and more.
const longest = time.Hour

// givesUp returns when a socket whose segments nobody answers gives up: with the first
// retransmission timeout that comes so long after the first retransmission. The RTO
// doubles each time, up to its maximum; if the list does not have it, it is what the
// retries make of the smallest, or what the timer still has.
func givesUp(s sockets.Socket, limit time.Duration) ending {
	if s.Timer.Kind != sockets.Retransmit || s.Timer.Left > longest || s.RTO > longest {
		return ending{}
	}
	e := ending{known: true, about: s.RTO == 0 || s.RTO >= profile.RTOMax}
	retries := min(s.Retries, 30)
	rto := s.RTO
	if rto == 0 {
		rto = profile.RTOMin
		for range retries {
			rto = min(2*rto, profile.RTOMax)
		}
	}
	rto = max(rto, s.Timer.Left)
	passed := time.Duration(0) // since the first retransmission
	for k, earlier := 1, rto; k < retries; k++ {
		earlier = max(earlier/2, profile.RTOMin)
		passed += earlier
	}
	if retries > 0 {
		passed += rto - s.Timer.Left
	}
	for left := s.Timer.Left; ; left = rto {
		e.in += left
		if retries > 0 {
			if passed += left; passed >= limit {
				return e
			}
		}
		retries++
		rto = min(2*rto, max(profile.RTOMax, rto))
	}
}
