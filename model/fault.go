package model

import "fmt"

// A Fault is a mistake that stacks have made in closing, as one small deviation
// from the rules. Where it stands for a rule, flaws.go has both; or it is a choice
// of a decision that is no reading of the RFC, or none that a stack should follow.
type Fault uint8

const (
	NoFault Fault = iota
	LastAckAnyAck
	LastAckSkipped
	FinUnsentInClosing
	NoRetransmitInClosing
	StaleAckResendsFin
	FinBeforeHole
	FinDroppedAtWindowEdge
	FinWait2TooEarly
	FinLostBehindText
	CloseWaitsInEstablished
	CloseDeletesTimeWait
	RSTTakesNumber
	NoAckInCloseWait
	OldAckDropsFin
	RSTRestartsTimeWait
	TimeWaitAcksAcks
	NoRetransmitInLastAck
	FinLostInReassembly
	TextAfterFin
	RSTEndsTimeWait
	HalfCloseTimedOut
	RSTAnywhereResets
	FinWait2ForEver
	TimeWaitClockStops
	TimeWaitTooShort
	PassiveAfterClose
	ClosingResendsNoFin
	NoTimeWait
	NoRetransmitInFinWait1
	TimeWaitDeaf
	ResentFinMoves
	NoRetransmitInCloseWait
	ClosingTimerAbsent
	RSTStuckInClosing
	TimeWaitNotRestarted
	FinNotAcked
	SynInTimeWaitAcked
	FinWait2Reused
	RSTWar
	RSTAnswered
	FinWithoutLimit
	CloseDeletesLastAck
	LastAckUntold
	TextResendsFin
	FinAckUnread
	FinWait2Restarts
	FinWait2ByTextAck
	FinBeforeQueuedText
	AbortSendsFin
	FinUnheard
	RSTUnheard
	FinNeverAcked
	SynIgnored
	TextAckedTwice
	TextNotResent
	UnreadShutsWindow
	AnsweredProbesCount

	NumFaults
)

// FaultInfo describes a fault.
type FaultInfo struct {
	Name      string
	Stack     string // who made it
	Reference string // where it was reported or repaired
	Sentence  string
	chooses   *chosen // the choice that it is, if it is one
}

// A chosen is an alternative of a decision.
type chosen struct {
	decision Decision
	choice   Choice
}

var faultInfo = [NumFaults]FaultInfo{
	NoFault:                 {"none", "", "", "no fault", nil},
	LastAckAnyAck:           {"last-ack-any-ack", "smoltcp, Zephyr", "#470, PR #477 (24f94d24); PR #70507", "any acknowledgement ends LAST-ACK", nil},
	LastAckSkipped:          {"last-ack-skipped", "gVisor", "27e2c4ddc", "the connection is deleted with the FIN that would lead to LAST-ACK", nil},
	FinUnsentInClosing:      {"fin-unsent-in-closing", "smoltcp", "#279, PR #398 (2219af77)", "a FIN that waits for the window is forgotten on the way to CLOSING", nil},
	NoRetransmitInClosing:   {"no-retransmit-in-closing", "smoltcp", "#1026 (b38faa58)", "CLOSING has no retransmission timer", nil},
	StaleAckResendsFin:      {"stale-ack-resends-fin", "smoltcp", "#1060, PR #1126 (816a4f96)", "in LAST-ACK an acknowledgement of anything but the FIN is answered by the FIN", nil},
	FinBeforeHole:           {"fin-before-hole", "smoltcp", "#111, #112 (fcffa6a5)", "a FIN behind a hole is acted on at once", nil},
	FinDroppedAtWindowEdge:  {"fin-dropped-at-window-edge", "smoltcp", "#977 (bde1a1ee), #845 (284a2c97)", "a FIN at the last number of the window is ignored", nil},
	FinWait2TooEarly:        {"fin-wait-2-too-early", "smoltcp", "4d11b529", "FIN-WAIT-2 is entered when everything sent is acknowledged, although the FIN still waits", nil},
	FinLostBehindText:       {"fin-lost-behind-text", "smoltcp", "1cd88421", "CLOSE forgets the FIN if text waits for the window", nil},
	CloseWaitsInEstablished: {"close-waits-in-established", "gVisor", "#13393 (bcb259a28)", "ESTABLISHED is left when the FIN is sent, not with CLOSE", &chosen{FinWait1Entry, EnterWithFin}},
	CloseDeletesTimeWait:    {"close-deletes-time-wait", "gVisor", "#3106 (b928d074b)", "a full close after a half close ends TIME-WAIT", nil},
	RSTTakesNumber:          {"rst-takes-number", "gVisor", "23f49097c, 257ab8de9", "an RST for unread text takes the place of the FIN: it occupies a number, and its acknowledgement is awaited", nil},
	NoAckInCloseWait:        {"no-ack-in-close-wait", "gVisor", "5d7d5ed7d", "in CLOSE-WAIT an unacceptable segment is not answered", nil},
	OldAckDropsFin:          {"old-ack-drops-fin", "Linux", "795a7dfbc3d9", "once closing, a segment with an old acknowledgement is dropped, FIN included", nil},
	RSTRestartsTimeWait:     {"rst-restarts-time-wait", "Linux", "86a0a00794c2", "an RST that TIME-WAIT ignores restarts it", nil},
	TimeWaitAcksAcks:        {"time-wait-acks-acks", "Linux", "032ee42369, 4fb17a609167", "TIME-WAIT acknowledges acknowledgements", &chosen{TimeWaitAck, AckAnswered}},
	NoRetransmitInLastAck:   {"no-retransmit-in-last-ack", "FreeBSD, lwIP", "SA-15:13 (CVE-2015-5358); f8663a71", "LAST-ACK has no retransmission timer", nil},
	FinLostInReassembly:     {"fin-lost-in-reassembly", "FreeBSD", "D30451, D30627", "a FIN held behind a hole is acknowledged and then lost", nil},
	TextAfterFin:            {"text-after-fin", "FreeBSD, lwIP", "D44746 (c9cd686bd4a0); 0d7805a8", "text after the peer's FIN is accepted", nil},
	RSTEndsTimeWait:         {"rst-ends-time-wait", "lwIP", "#26251 (18ab274a, ae2dd38e)", "an RST ends TIME-WAIT, against RFC 1337's F1", &chosen{TimeWaitRST, RSTObeyed}},
	HalfCloseTimedOut:       {"half-close-timed-out", "lwIP", "#34636 (4c3dfb92)", "FIN-WAIT-2 is timed out although somebody reads", &chosen{FinWait2Timer, TimerForAll}},
	RSTAnywhereResets:       {"rst-anywhere-resets", "lwIP", "#48170", "any RST in the window resets the connection, against RFC 5961", &chosen{RSTCheck, RSTInWindow}},
	FinWait2ForEver:         {"fin-wait-2-for-ever", "Windows, utcp, tricep", "MS09-048 (CVE-2009-1926); #27; #33", "nothing ends the FIN-WAIT-2 of an orphan", nil},
	TimeWaitClockStops:      {"time-wait-clock-stops", "Windows, macOS", "KB2553549; XNU tcp_now", "the clock stops, and TIME-WAIT does not end", nil},
	TimeWaitTooShort:        {"time-wait-too-short", "Windows NT, tricep", "Q151418; #104", "TIME-WAIT ends after a tick", nil},
	PassiveAfterClose:       {"passive-after-close", "FreeRTOS-Plus-TCP", "#1303", "a FIN in FIN-WAIT-1 or FIN-WAIT-2 leads to LAST-ACK", nil},
	ClosingResendsNoFin:     {"closing-resends-no-fin", "demikernel", "#1537", "in CLOSING retransmissions omit the FIN", nil},
	NoTimeWait:              {"no-time-wait", "demikernel", "#1018", "where TIME-WAIT would be entered the connection is deleted", &chosen{TimeWaitKept, TimeWaitSkipped}},
	NoRetransmitInFinWait1:  {"no-retransmit-in-fin-wait-1", "Zephyr, tricep", "#46350, PR #46407; #27", "FIN-WAIT-1 has no retransmission timer", nil},
	TimeWaitDeaf:            {"time-wait-deaf", "Zephyr", "#46350, PR #46407", "TIME-WAIT does not acknowledge a retransmitted FIN", nil},
	ResentFinMoves:          {"resent-fin-moves", "Juniper warp17", "#15", "a retransmitted FIN takes the next number", nil},
	NoRetransmitInCloseWait: {"no-retransmit-in-close-wait", "utcp", "#24, #28", "CLOSE-WAIT has no retransmission timer", nil},
	ClosingTimerAbsent:      {"closing-timer-absent", "mirage-tcpip", "PR #489", "TIME-WAIT has no timer when it is reached from CLOSING", &chosen{ClosingTimer, TimerAbsent}},
	RSTStuckInClosing:       {"rst-stuck-in-closing", "mirage-tcpip", "PR #489", "an RST in CLOSING stops the timer and does not change the state", nil},
	TimeWaitNotRestarted:    {"time-wait-not-restarted", "tricep", "#104", "a retransmitted FIN does not restart TIME-WAIT", &chosen{TimeWaitRestart, RestartNever}},
	FinNotAcked:             {"fin-not-acked", "SerenityOS", "386912c0", "a FIN in FIN-WAIT-1 or FIN-WAIT-2 is not acknowledged", nil},
	SynInTimeWaitAcked:      {"syn-in-time-wait-acked", "gVisor", "45cd7c1b1", "a SYN in TIME-WAIT is acknowledged and never considered for reuse", nil},
	FinWait2Reused:          {"fin-wait-2-reused", "Linux", "0d9e5df4a257", "an active OPEN also replaces a connection in FIN-WAIT-2", nil},
	RSTWar:                  {"rst-war", "FreeRTOS-Plus-TCP", "#1235, PR #1236", "a challenge ACK acknowledges the number of the RST, so that the peer's answer is the same RST", nil},
	RSTAnswered:             {"rst-answered", "smoltcp", "#338", "an RST outside the window is acknowledged", nil},
	FinWithoutLimit:         {"fin-without-limit", "NuttX", "PR #17710", "a FIN is retransmitted without limit", nil},
	CloseDeletesLastAck:     {"close-deletes-last-ack", "NuttX", "PR #4022", "a full close after a half close ends LAST-ACK", nil},
	LastAckUntold:           {"last-ack-untold", "esp-lwip", "PR #91", "when LAST-ACK ends the application is not told", nil},
	TextResendsFin:          {"text-resends-fin", "Zephyr", "#61181", "text in FIN-WAIT-2 is answered by the FIN, which has been acknowledged", nil},
	FinAckUnread:            {"fin-ack-unread", "picoTCP, tricep", "#310; #121", "in ESTABLISHED the ACK field of a segment with a FIN is not read", nil},
	FinWait2Restarts:        {"fin-wait-2-restarts", "ELKS", "#976", "every segment restarts the timer of FIN-WAIT-2", nil},
	FinWait2ByTextAck:       {"fin-wait-2-by-text-ack", "picoTCP, seqs", "#527; #22", "FIN-WAIT-2 is entered when all text is acknowledged, although the FIN, which was sent, is not", nil},
	FinBeforeQueuedText:     {"fin-before-queued-text", "tricep", "#28", "CLOSE sends the FIN in the place of text that waits for the window", nil},
	AbortSendsFin:           {"abort-sends-fin", "NuttX, esp-idf", "#7522; #10258", "ABORT in ESTABLISHED or CLOSE-WAIT is a full close", nil},
	FinUnheard:              {"fin-unheard", "esp-lwip", "#18", "a FIN that comes while text is unread is acknowledged and forgotten", nil},
	RSTUnheard:              {"rst-unheard", "picoTCP, mirage-tcpip", "#248; #406", "an RST in ESTABLISHED is ignored", nil},
	FinNeverAcked:           {"fin-never-acked", "shadow", "#1596, #3573", "a FIN in FIN-WAIT-1 or FIN-WAIT-2 is not acknowledged, nor when it comes again", nil},
	SynIgnored:              {"syn-ignored", "picoTCP, Zephyr", "#26; #48465", "a SYN to a connection is dropped without an answer", nil},
	TextAckedTwice:          {"text-acked-twice", "Zephyr", "PR #57509", "in FIN-WAIT-1 old text moves RCV.NXT again", nil},
	TextNotResent:           {"text-not-resent", "lneto", "PR #182", "in FIN-WAIT-1 nothing is retransmitted while text is outstanding", nil},
	UnreadShutsWindow:       {"unread-shuts-window", "exanic-software", "#79", "a full close sends a FIN and keeps what is unread, so that the window stays as small as it is", &chosen{UnreadClose, UnreadKept}},
	AnsweredProbesCount:     {"answered-probes-count", "Linux", "b248230c3497", "an orphan is given up although the peer answers every probe of its zero window", &chosen{OrphanProbes, ProbesCounted}},
}

// Info returns the description of f.
func (f Fault) Info() FaultInfo {
	if f >= NumFaults {
		return FaultInfo{Name: fmt.Sprintf("Fault(%d)", uint8(f))}
	}
	return faultInfo[f]
}

func (f Fault) String() string { return f.Info().Name }

// Chooses returns the choice that the fault is, as name=value, or "".
func (i FaultInfo) Chooses() string {
	if i.chooses == nil {
		return ""
	}
	info := i.chooses.decision.Info()
	return info.Name + "=" + info.Alternatives[i.chooses.choice].Name
}

// Faults returns all faults, by number; the first is none.
func Faults() (list []Fault) {
	for f := range NumFaults {
		list = append(list, f)
	}
	return list
}

// FindFault returns the fault with that name.
func FindFault(name string) (Fault, error) {
	for _, f := range Faults() {
		if f.String() == name {
			return f, nil
		}
	}
	return 0, invalid("fault %q: no such fault", name)
}

// Faulty is which stacks have the fault.
type Faulty uint8

const (
	BothFaulty Faulty = iota
	AFaulty
	BFaulty
)

var faultyNames = [...]string{"both", "a", "b"}

func (f Faulty) String() string { return nameOf(faultyNames[:], f) }

// has reports whether side's stack is one of them.
func (f Faulty) has(side Side) bool {
	return f == BothFaulty || f == AFaulty && side == A || f == BFaulty && side == B
}

// Seed returns the rules of a stack that has the fault.
func (s Stack) Seed(f Fault) Stack {
	s.flaw = f
	if c := f.Info().chooses; c != nil {
		s.Choices[c.decision] = c.choice
	}
	return s
}
