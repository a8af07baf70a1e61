package model

import (
	"fmt"
	"math/bits"
	"strings"
)

// A Clause is a rule that a transition follows: a place in an RFC and what it
// says there, in short.
type Clause uint8

const (
	SendTransmits Clause = iota
	SendQueues
	SendWaits
	CloseEstablished
	CloseCloseWait
	CloseWaits
	ReceiveDelivers
	ReceiveEnds
	WindowOpens
	Releases
	ReleaseResets
	AbortResets
	AbortSilent
	HostCrashes
	ClosedDropsRST
	ClosedSendsRST
	ClosedSilent
	SeqDropsRST
	SeqAnswers
	RSTResets
	RSTClosesLate
	RSTClosesTimeWait
	RSTChallenged
	TimeWaitIgnoresRST
	SeqAhead
	SeqHolds
	HeldTaken
	SeqTrims
	WindowTrims
	ZeroWindowTakesAck
	AckOff
	AckTooOld
	AckUnsent
	AckAdvances
	AckDuplicate
	WindowLearned
	ProbeAnswered
	AckFinWait1
	ClosingDrops
	AckClosing
	AckLastAck
	AckTimeWait
	AckTimeWaitIgnored
	TextDelivered
	TextResets
	TextUnread
	AfterFin
	FinEstablished
	FinFinWait1
	FinFinWait2
	FinTimeWait
	AckDelayed
	AckDelayOver
	RTOResends
	R2Closes
	ProbeSent
	TimeWaitCloses
	FinWait2Closes
	KeepAliveProbes
	KeepAliveCloses
	UserTimeoutCloses
	OpenSends
	OpenListens
	CloseUnopened
	CloseSynReceived
	AbortUnopened
	ListenDropsRST
	ListenSendsRST
	ListenAnswers
	SynSentAckBad
	SynSentReset
	SynSentDropsRST
	SynSentDrops
	OpensBothWays
	SynTaken
	HandshakeEnds
	SynReceivedRefused
	SynReceivedAckBad
	ReturnsToListen
	SynChallenged
	TimestampOld
	ReuseAccepts
	ReuseDrops
	ReturnsToTimeWait
	ConnectReuses
	GivesUp
	OrphanResetsAll
	OrphanResetsFinWait2
	FinWait2Shrinks
	MiniLost
	MiniAnswers
	MiniReset
	MiniDrops
	MiniResets
	MiniFin
	AckTimeWaitRestarts
	ZeroWindowTakesFin
	ProbeSentOld
	ProbeFits
	ResetKeepsText
	ReceiveResets
	AbortResetsLate
	AbortLeaves
	AckTimeWaitAcked
	FinRepeated
	ChallengeLimited
	SynSentAgain
	KeepAliveTimesOut

	NumClauses
)

// ClauseInfo describes a clause.
type ClauseInfo struct {
	Name     string // for display
	Source   string // "RFC 9293, 3.10.4"
	Sentence string // what it says, in our words
}

var clauseInfo = [NumClauses]ClauseInfo{
	SendTransmits:        {"send", "RFC 9293, 3.10.2", "SEND: segmentize and send, with the current acknowledgement"},
	SendQueues:           {"send-held", "RFC 9293, 3.9.1.2 (SEND without PUSH)", "SEND: keep the octet until there is more to send"},
	SendWaits:            {"send-waits", "RFC 9293, 3.10.2 and 3.8.6", "SEND: queue what the window has no room for"},
	CloseEstablished:     {"close", "RFC 9293, 3.10.4 (ESTABLISHED)", "CLOSE: send what is queued, then FIN; enter FIN-WAIT-1"},
	CloseCloseWait:       {"close-after-peer", "RFC 9293, 3.10.4 (CLOSE-WAIT)", "CLOSE: send what is queued, then FIN; enter LAST-ACK"},
	CloseWaits:           {"close-waits", "RFC 9293, 3.10.4", "CLOSE: the FIN is queued behind what the window has no room for"},
	ReceiveDelivers:      {"receive", "RFC 9293, 3.10.3", "RECEIVE: deliver text on hand to the user"},
	ReceiveEnds:          {"receive-ends", "RFC 9293, 3.10.3 (CLOSE-WAIT)", "RECEIVE: nothing is left before the peer's FIN: \"connection closing\""},
	WindowOpens:          {"window-update", "RFC 9293, 3.8.6.2.2", "RECEIVE: the window opens: tell the peer"},
	Releases:             {"close-for-good", "RFC 9293, 3.6.1 (MAY-1)", "full close: the user will not read any more"},
	ReleaseResets:        {"unread-reset", "RFC 9293, 3.6.1 (SHLD-3)", "full close with unread text: send RST"},
	AbortResets:          {"abort", "RFC 9293, 3.10.5", "ABORT: send RST, delete the TCB"},
	AbortSilent:          {"abort-silent", "RFC 9293, 3.10.5 (CLOSING, LAST-ACK, TIME-WAIT)", "ABORT when both sides have closed: delete the TCB, send nothing"},
	HostCrashes:          {"crash", "RFC 9293, 3.5.1", "the host fails: the TCB is lost, nothing is sent"},
	ClosedDropsRST:       {"closed-drops-rst", "RFC 9293, 3.10.7.1", "CLOSED: an RST is discarded"},
	ClosedSendsRST:       {"closed-sends-rst", "RFC 9293, 3.10.7.1; 3.5.2, group 1", "CLOSED: anything but an RST is answered by an RST"},
	ClosedSilent:         {"closed-silent", "decision closed-answer", "CLOSED: dropped without an answer, as by a firewall"},
	SeqDropsRST:          {"old-rst", "RFC 9293, 3.10.7.4, first", "unacceptable RST: dropped silently"},
	SeqAnswers:           {"old-segment", "RFC 9293, 3.10.7.4, first", "unacceptable: acknowledge and drop"},
	RSTResets:            {"reset", "RFC 9293, 3.10.7.4, second", "RST: signal the user, enter CLOSED"},
	RSTClosesLate:        {"reset-late", "RFC 9293, 3.10.7.4, second; 3.5.3; MUST-12", "RST in CLOSING or LAST-ACK: enter CLOSED"},
	RSTClosesTimeWait:    {"reset-time-wait", "RFC 9293, 3.10.7.4, second; RFC 1337, 2", "RST in TIME-WAIT: enter CLOSED"},
	RSTChallenged:        {"challenge-ack", "RFC 5961, 3.2", "RST in the window but not at RCV.NXT: challenge ACK"},
	TimeWaitIgnoresRST:   {"time-wait-ignores-rst", "RFC 1337, 4 (F1)", "RST in TIME-WAIT: ignored"},
	SeqAhead:             {"hole", "RFC 9293, 3.10.7.4, first; RFC 5681, 4.2", "begins after RCV.NXT: not processed now; text or FIN is answered"},
	SeqHolds:             {"hole-held", "RFC 9293, 3.10.7.4, first (SHLD-31)", "begins after RCV.NXT: held for later"},
	HeldTaken:            {"hole-filled", "RFC 9293, 3.10.7.4, first (SHLD-31); RFC 5681, 4.2", "the hole is filled: process what was held, acknowledge at once"},
	SeqTrims:             {"trim", "RFC 9293, 3.10.7.4, first", "what lies before RCV.NXT is trimmed"},
	WindowTrims:          {"trim-window", "RFC 9293, 3.10.7.4, first", "what lies beyond the window is trimmed, FIN included"},
	ZeroWindowTakesAck:   {"zero-window-ack", "RFC 9293, 3.10.7.4, first (zero window)", "unacceptable at a zero window: the ACK is accepted"},
	AckOff:               {"no-ack", "RFC 9293, 3.10.7.4, fifth", "ACK bit off: dropped"},
	AckTooOld:            {"ack-too-old", "RFC 5961, 5; RFC 9293, 3.10.7.4, fifth (MAY-12)", "SEG.ACK < SND.UNA - MAX.SND.WND: acknowledge and drop"},
	AckUnsent:            {"ack-unsent", "RFC 9293, 3.10.7.4, fifth", "acknowledges what was not sent: acknowledge and drop"},
	AckAdvances:          {"ack", "RFC 9293, 3.10.7.4, fifth", "SND.UNA < SEG.ACK =< SND.NXT: advance SND.UNA"},
	AckDuplicate:         {"ack-duplicate", "RFC 9293, 3.10.7.4, fifth", "SEG.ACK =< SND.UNA: the ACK is ignored, not the segment"},
	WindowLearned:        {"window", "RFC 9293, 3.10.7.4, fifth", "SND.WL1, SND.WL2 not newer than the segment: SND.WND is updated"},
	ProbeAnswered:        {"probe-answered", "RFC 9293, 3.8.6.1 (MUST-37)", "a zero-window probe is answered: restart R2"},
	AckFinWait1:          {"fin-acked-fin-wait-1", "RFC 9293, 3.10.7.4, fifth", "FIN-WAIT-1, FIN acknowledged: enter FIN-WAIT-2"},
	ClosingDrops:         {"closing-drops", "RFC 9293, 3.10.7.4, fifth (CLOSING)", "CLOSING, not an ACK of the FIN: ignored without being read"},
	AckClosing:           {"fin-acked-closing", "RFC 9293, 3.10.7.4, fifth", "CLOSING, FIN acknowledged: enter TIME-WAIT"},
	AckLastAck:           {"fin-acked-last-ack", "RFC 9293, 3.10.7.4, fifth", "LAST-ACK, FIN acknowledged: delete the TCB, enter CLOSED"},
	AckTimeWait:          {"ack-time-wait", "RFC 9293, 3.10.7.4, fifth", "TIME-WAIT, literal reading: acknowledge and restart 2 MSL"},
	AckTimeWaitIgnored:   {"ack-time-wait-ignored", "RFC 9293, 3.10.7.4, fifth", "TIME-WAIT, intended reading: anything but a retransmitted FIN is ignored"},
	AfterFin:             {"after-fin", "RFC 9293, 3.10.7.4, seventh and eighth", "text or FIN after the peer's FIN: ignored"},
	TextDelivered:        {"text", "RFC 9293, 3.10.7.4, seventh", "text: deliver, advance RCV.NXT, acknowledge"},
	TextResets:           {"late-text-reset", "RFC 9293, 3.6.1 (SHLD-3)", "text after a full close: send RST"},
	TextUnread:           {"late-text-dropped", "RFC 9293, 3.6.1 (SHLD-3 not followed)", "text after a full close: acknowledged, and read by nobody"},
	FinEstablished:       {"fin", "RFC 9293, 3.10.7.4, eighth", "FIN in ESTABLISHED: acknowledge, enter CLOSE-WAIT"},
	FinFinWait1:          {"fin-fin-wait-1", "RFC 9293, 3.10.7.4, eighth", "FIN in FIN-WAIT-1, its own FIN not acknowledged: acknowledge, enter CLOSING"},
	FinFinWait2:          {"fin-fin-wait-2", "RFC 9293, 3.10.7.4, eighth", "FIN in FIN-WAIT-2: acknowledge, enter TIME-WAIT, start 2 MSL"},
	FinTimeWait:          {"fin-time-wait", "RFC 9293, 3.10.7.4, fifth and eighth", "retransmitted FIN in TIME-WAIT: restart 2 MSL"},
	AckDelayed:           {"ack-delayed", "RFC 9293, 3.8.6.3 (SHLD-18)", "the acknowledgement waits to be piggybacked"},
	AckDelayOver:         {"ack-delay-over", "RFC 9293, 3.8.6.3 (MUST-40)", "delayed acknowledgement: time is up, send it"},
	RTOResends:           {"retransmit", "RFC 9293, 3.10.8; RFC 6298, 5.4", "retransmission timeout: retransmit the oldest unacknowledged segment"},
	R2Closes:             {"r2", "RFC 9293, 3.8.3", "R2 reached: close the connection, tell the user"},
	ProbeSent:            {"window-probe", "RFC 9293, 3.8.6.1 (MUST-36)", "zero window: send one octet, or the FIN, all the same"},
	TimeWaitCloses:       {"time-wait-ends", "RFC 9293, 3.10.8", "time-wait timeout: delete the TCB, enter CLOSED"},
	FinWait2Closes:       {"fin-wait-2-ends", "decision fin-wait-2-timer", "FIN-WAIT-2 timeout: delete the TCB"},
	KeepAliveProbes:      {"keep-alive", "RFC 9293, 3.8.4", "idle: send a segment that requires an answer"},
	KeepAliveCloses:      {"keep-alive-ends", "RFC 9293, 3.8.4", "several probes in a row unanswered: close the connection"},
	UserTimeoutCloses:    {"user-timeout", "RFC 9293, 3.10.8; 3.9.1.1", "user timeout: tell the user, delete the TCB"},
	OpenSends:            {"open", "RFC 9293, 3.10.1", "active OPEN: select an ISS, send SYN, enter SYN-SENT"},
	OpenListens:          {"open-passive", "RFC 9293, 3.10.1", "passive OPEN: enter LISTEN"},
	CloseUnopened:        {"close-unopened", "RFC 9293, 3.10.4 (LISTEN, SYN-SENT)", "CLOSE: delete the TCB, nothing is sent"},
	CloseSynReceived:     {"close-syn-received", "RFC 9293, 3.10.4 (SYN-RECEIVED)", "CLOSE, nothing is queued: send FIN, enter FIN-WAIT-1"},
	AbortUnopened:        {"abort-unopened", "RFC 9293, 3.10.5 (LISTEN, SYN-SENT)", "ABORT: delete the TCB, nothing is sent"},
	ListenDropsRST:       {"listen-drops-rst", "RFC 9293, 3.10.7.2, first", "LISTEN: RST is ignored"},
	ListenSendsRST:       {"listen-sends-rst", "RFC 9293, 3.10.7.2, second", "LISTEN: an acknowledgement is bad: send RST"},
	ListenAnswers:        {"listen-answers", "RFC 9293, 3.10.7.2, third", "an acceptable SYN: send SYN, ACK, enter SYN-RECEIVED"},
	SynSentAckBad:        {"syn-sent-ack-bad", "RFC 9293, 3.10.7.3, first", "SYN-SENT: acknowledges what was not sent: send RST, unless it is one"},
	SynSentReset:         {"syn-sent-reset", "RFC 9293, 3.10.7.3, second", "SYN-SENT: RST that acknowledges the SYN: tell the user, enter CLOSED"},
	SynSentDropsRST:      {"syn-sent-drops-rst", "RFC 9293, 3.10.7.3, second", "SYN-SENT: RST without an acknowledgement: dropped"},
	SynSentDrops:         {"syn-sent-drops", "RFC 9293, 3.10.7.3, fifth", "SYN-SENT: neither SYN nor RST: dropped"},
	OpensBothWays:        {"simultaneous-open", "RFC 9293, 3.10.7.3, fourth; figure 7", "SYN-SENT: SYN without an acknowledgement: send SYN, ACK, enter SYN-RECEIVED"},
	SynTaken:             {"syn-taken", "RFC 9293, 3.10.7.2, third; 3.10.7.3, fourth", "SYN: RCV.NXT is set to SEG.SEQ+1"},
	HandshakeEnds:        {"established", "RFC 9293, 3.10.7.3, fourth; 3.10.7.4, fifth", "its own SYN is acknowledged: enter ESTABLISHED"},
	SynReceivedRefused:   {"refused", "RFC 9293, 3.10.7.4, second (SYN-RECEIVED)", "RST after an active OPEN: connection refused, enter CLOSED"},
	SynReceivedAckBad:    {"syn-received-ack-bad", "RFC 9293, 3.10.7.4, fifth (SYN-RECEIVED)", "does not acknowledge the SYN: send RST"},
	ReturnsToListen:      {"return-to-listen", "RFC 9293, 3.10.7.4, second and fourth (SYN-RECEIVED)", "RST or SYN after a passive OPEN: return to LISTEN"},
	SynChallenged:        {"syn-challenged", "RFC 9293, 3.10.7.4, fourth; RFC 5961, 4.2", "SYN in the window of a connection: challenge ACK"},
	TimestampOld:         {"timestamp-old", "RFC 7323, 5.3 (R1)", "the timestamp is below the peer's last: acknowledge and drop"},
	ReuseAccepts:         {"reuse", "RFC 9293, 3.6.1 (MAY-2); RFC 6191, 2", "SYN in TIME-WAIT: accepted for a new connection"},
	ReuseDrops:           {"reuse-drops", "RFC 6191, 2", "SYN in TIME-WAIT that is not newer: dropped silently"},
	ReturnsToTimeWait:    {"return-to-time-wait", "RFC 9293, 3.6.1 (MAY-2)", "the SYN was an old duplicate: return to TIME-WAIT"},
	ConnectReuses:        {"reuse-connect", "decision connect-reuse", "OPEN in TIME-WAIT: a new connection replaces it"},
	GivesUp:              {"give-up", "RFC 9293, 3.8.3", "R2 as a time has passed: close the connection, tell the user"},
	OrphanResetsAll:      {"orphan-refused", "decision orphan-kept", "full close, and the host does not keep the connection: send RST"},
	OrphanResetsFinWait2: {"orphan-fin-wait-2-reset", "decision fin-wait-2-orphan", "orphan in FIN-WAIT-2: send RST"},
	FinWait2Shrinks:      {"fin-wait-2-shrinks", "decision fin-wait-2-kept", "first FIN-WAIT-2 timeout: from now on only its numbers are kept"},
	MiniLost:             {"mini-lost", "decision time-wait-kept", "orphan in FIN-WAIT-2, no room for its numbers: CLOSED"},
	MiniAnswers:          {"mini-answers", "decision fin-wait-2-kept", "FIN-WAIT-2, numbers only: an unacceptable segment is answered, even an RST"},
	MiniReset:            {"mini-reset", "decision fin-wait-2-kept", "FIN-WAIT-2, numbers only: any RST in the window ends it"},
	MiniDrops:            {"mini-drops", "decision fin-wait-2-kept", "FIN-WAIT-2, numbers only: a segment with nothing new is dropped without being read"},
	MiniResets:           {"mini-resets", "decision fin-wait-2-kept", "FIN-WAIT-2, numbers only: new text, a FIN with text or behind a hole, or a SYN: send RST"},
	MiniFin:              {"mini-fin", "decision fin-wait-2-kept", "FIN-WAIT-2, numbers only: only the FIN is new: acknowledge, enter TIME-WAIT"},
	AckTimeWaitRestarts:  {"ack-time-wait-restarts", "decision time-wait-ack", "acknowledgement in TIME-WAIT: restart 2 MSL, do not answer"},
	ZeroWindowTakesFin:   {"zero-window-fin", "decision zero-window-fin", "a FIN without text at a zero window: it is taken"},
	ProbeSentOld:         {"probe-old", "decision zero-window-probe", "the window has no room: send the number before SND.UNA, and nothing of what waits"},
	ProbeFits:            {"probe-fits", "decision zero-window-probe", "it is time to probe, and some of what waits fits by now: send that"},
	ResetKeepsText:       {"rst-keeps-text", "decision reset-unread-text", "an acceptable RST: the text on hand may still be read"},
	ReceiveResets:        {"receive-reset", "decision reset-unread-text", "RECEIVE: nothing is left of what came before the RST: connection reset"},
	AbortResetsLate:      {"abort-unsent-fin", "decision abort-unsent-fin", "ABORT in CLOSING or LAST-ACK with the FIN not sent: send RST"},
	AbortLeaves:          {"abort-leaves", "decision time-wait-abort", "ABORT in TIME-WAIT: it goes on without its user"},
	AckTimeWaitAcked:     {"ack-time-wait-acknowledged", "decision time-wait-ack", "acknowledgement in TIME-WAIT: it is acknowledged, and 2 MSL go on"},
	FinRepeated:          {"fin-repeated", "decision closing-fin", "an acknowledgement in CLOSING: the FIN rides on it again"},
	ChallengeLimited:     {"challenge-limited", "RFC 5961, 7", "a challenge ACK was sent not long ago: none is now"},
	SynSentAgain:         {"syn-again", "decision challenged-syn", "SYN-SENT: the old connection has been reset: send the SYN again at once"},
	KeepAliveTimesOut:    {"keep-alive-times-out", "decision keepalive-limit", "a keep-alive probe was not answered, and nothing has come for as long as it may: close the connection"},
}

// Info returns the description of c.
func (c Clause) Info() ClauseInfo {
	if c >= NumClauses {
		return ClauseInfo{Name: fmt.Sprintf("Clause(%d)", uint8(c))}
	}
	return clauseInfo[c]
}

func (c Clause) String() string { return c.Info().Name }

// Clauses is a set of clauses.
type Clauses [2]uint64

var _ [len(Clauses{})*64 - int(NumClauses)]struct{} // a bit for each

// ClausesOf returns the set of those listed.
func ClausesOf(list ...Clause) (s Clauses) {
	for _, c := range list {
		s = s.with(c)
	}
	return s
}

func (s Clauses) with(c Clause) Clauses {
	s[c/64%2] |= 1 << (c % 64)
	return s
}

// Union returns the clauses in s or in t.
func (s Clauses) Union(t Clauses) Clauses { return Clauses{s[0] | t[0], s[1] | t[1]} }

// Intersect returns the clauses in both s and t.
func (s Clauses) Intersect(t Clauses) Clauses { return Clauses{s[0] & t[0], s[1] & t[1]} }

// Has reports whether c is in s.
func (s Clauses) Has(c Clause) bool { return s[c/64%2]>>(c%64)&1 != 0 }

// List returns the clauses in s, in the order of the text.
func (s Clauses) List() (list []Clause) {
	for i, half := range s {
		for ; half != 0; half &= half - 1 {
			list = append(list, Clause(64*i+bits.TrailingZeros64(half)))
		}
	}
	return list
}

func (s Clauses) String() string {
	var names []string
	for _, c := range s.List() {
		names = append(names, c.String())
	}
	return strings.Join(names, " ")
}
