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
	CloseEstablished
	CloseCloseWait
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
	SeqTrims
	AckOff
	AckUnsent
	AckAdvances
	AckDuplicate
	AckFinWait1
	AckClosing
	AckLastAck
	AckTimeWait
	AckTimeWaitIgnored
	TextDelivered
	AfterFin
	FinEstablished
	FinFinWait1
	FinFinWait2
	FinTimeWait
	RTOResends
	R2Closes
	TimeWaitCloses

	NumClauses
)

// ClauseInfo is what there is to say about a clause.
type ClauseInfo struct {
	Name     string // for people to refer to
	Source   string // "RFC 9293, 3.10.4"
	Sentence string // what it says, in our words
}

var clauseInfo = [NumClauses]ClauseInfo{
	SendTransmits:      {"send", "RFC 9293, 3.10.3", "SEND: segmentize and send, with the acknowledgement of now"},
	SendQueues:         {"send-held", "RFC 9293, 3.9.1.2 (SEND without PUSH)", "SEND: keep the octet until there is more to send"},
	CloseEstablished:   {"close", "RFC 9293, 3.10.4 (ESTABLISHED)", "CLOSE: send what is queued, then FIN; enter FIN-WAIT-1"},
	CloseCloseWait:     {"close-after-peer", "RFC 9293, 3.10.4 (CLOSE-WAIT)", "CLOSE: send what is queued, then FIN; enter LAST-ACK"},
	ClosedDropsRST:     {"closed-drops-rst", "RFC 9293, 3.10.7.1", "CLOSED: RST is discarded"},
	ClosedSendsRST:     {"closed-sends-rst", "RFC 9293, 3.10.7.1; 3.5.2, group 1", "CLOSED: anything but RST is answered by RST"},
	ClosedSilent:       {"closed-silent", "decision closed-answer", "CLOSED: dropped unanswered, as by a firewall"},
	SeqDropsRST:        {"old-rst", "RFC 9293, 3.10.7.4, first", "unacceptable RST: dropped silently"},
	SeqAnswers:         {"old-segment", "RFC 9293, 3.10.7.4, first", "unacceptable: acknowledge and drop"},
	RSTResets:          {"reset", "RFC 9293, 3.10.7.4, second", "RST: signal the user, enter CLOSED"},
	RSTClosesLate:      {"reset-late", "RFC 9293, 3.10.7.4, second; 3.5.3; MUST-12", "RST in CLOSING or LAST-ACK: enter CLOSED"},
	RSTClosesTimeWait:  {"reset-time-wait", "RFC 9293, 3.10.7.4, second; RFC 1337, 2", "RST in TIME-WAIT: enter CLOSED"},
	RSTChallenged:      {"challenge-ack", "RFC 5961, 3.2", "RST in the window but not at RCV.NXT: challenge ACK"},
	TimeWaitIgnoresRST: {"time-wait-ignores-rst", "RFC 1337, 4 (F1)", "RST in TIME-WAIT: ignored"},
	SeqAhead:           {"hole", "RFC 9293, 3.10.7.4, first (SHLD-31 not followed); RFC 5681, 4.2", "begins after RCV.NXT: dropped; text or FIN is answered"},
	SeqTrims:           {"trim", "RFC 9293, 3.10.7.4, first", "what lies before RCV.NXT is trimmed"},
	AckOff:             {"no-ack", "RFC 9293, 3.10.7.4, fifth", "ACK bit off: dropped"},
	AckUnsent:          {"ack-unsent", "RFC 9293, 3.10.7.4, fifth", "acknowledges what was not sent: acknowledge and drop"},
	AckAdvances:        {"ack", "RFC 9293, 3.10.7.4, fifth", "SND.UNA < SEG.ACK =< SND.NXT: advance SND.UNA"},
	AckDuplicate:       {"ack-duplicate", "RFC 9293, 3.10.7.4, fifth", "SEG.ACK =< SND.UNA: the ACK is ignored, not the segment"},
	AckFinWait1:        {"fin-acked-fin-wait-1", "RFC 9293, 3.10.7.4, fifth", "FIN-WAIT-1, FIN acknowledged: enter FIN-WAIT-2"},
	AckClosing:         {"fin-acked-closing", "RFC 9293, 3.10.7.4, fifth", "CLOSING, FIN acknowledged: enter TIME-WAIT"},
	AckLastAck:         {"fin-acked-last-ack", "RFC 9293, 3.10.7.4, fifth", "LAST-ACK, FIN acknowledged: delete the TCB, enter CLOSED"},
	AckTimeWait:        {"ack-time-wait", "RFC 9293, 3.10.7.4, fifth", "TIME-WAIT, the letter: acknowledge and restart 2 MSL"},
	AckTimeWaitIgnored: {"ack-time-wait-ignored", "RFC 9293, 3.10.7.4, fifth", "TIME-WAIT, the intent: what is no retransmitted FIN is ignored"},
	AfterFin:           {"after-fin", "RFC 9293, 3.10.7.4, seventh and eighth", "text or FIN after the peer's FIN: ignored"},
	TextDelivered:      {"text", "RFC 9293, 3.10.7.4, seventh", "text: deliver, advance RCV.NXT, acknowledge"},
	FinEstablished:     {"fin", "RFC 9293, 3.10.7.4, eighth", "FIN in ESTABLISHED: acknowledge, enter CLOSE-WAIT"},
	FinFinWait1:        {"fin-fin-wait-1", "RFC 9293, 3.10.7.4, eighth", "FIN in FIN-WAIT-1, own FIN not acknowledged: acknowledge, enter CLOSING"},
	FinFinWait2:        {"fin-fin-wait-2", "RFC 9293, 3.10.7.4, eighth", "FIN in FIN-WAIT-2: acknowledge, enter TIME-WAIT, start 2 MSL"},
	FinTimeWait:        {"fin-time-wait", "RFC 9293, 3.10.7.4, fifth and eighth", "retransmitted FIN in TIME-WAIT: restart 2 MSL"},
	RTOResends:         {"retransmit", "RFC 9293, 3.10.8; RFC 6298, 5.4", "retransmission timeout: send the oldest unacknowledged segment again"},
	R2Closes:           {"r2", "RFC 9293, 3.8.3", "R2 reached: close the connection, tell the user"},
	TimeWaitCloses:     {"time-wait-ends", "RFC 9293, 3.10.8", "time-wait timeout: delete the TCB, enter CLOSED"},
}

// Info is what there is to say about c.
func (c Clause) Info() ClauseInfo {
	if c >= NumClauses {
		return ClauseInfo{Name: fmt.Sprintf("Clause(%d)", uint8(c))}
	}
	return clauseInfo[c]
}

func (c Clause) String() string { return c.Info().Name }

// Clauses is a set of clauses.
type Clauses uint64

var _ [64 - NumClauses]struct{} // a bit for each

func (s Clauses) with(c Clause) Clauses { return s | 1<<c }

// Has reports whether c is in s.
func (s Clauses) Has(c Clause) bool { return s>>c&1 != 0 }

// List is the clauses in s, in the order of the text.
func (s Clauses) List() (list []Clause) {
	for ; s != 0; s &= s - 1 {
		list = append(list, Clause(bits.TrailingZeros64(uint64(s))))
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
