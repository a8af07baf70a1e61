package model

import (
	"fmt"
	"strings"
)

// A Decision is a point on which readings of the RFCs, or stacks, differ. It is
// asked at one place in the text, by Stack.ask.
type Decision uint8

const (
	ClosedAnswer Decision = iota
	OffSequenceAck
	TimeWaitRestart
	TimeWaitRST
	RSTCheck
	LateReset
	ClosingTimer
	TimeWaitAck
	OutOfOrder
	ZeroWindowAck
	AckCheck
	WindowUpdate
	FinWait1Entry
	LastAckEntry
	ClosingAck
	ReadAfterFin
	UnreadClose
	LateData
	AbortState
	UserTimeoutRuns
	FinWait2Timer
	TimeWaitReuse
	ConnectReuse
	FinWait2Kept
	FinWait2Orphan
	OrphanKept
	OrphanProbes
	GiveUpWhen
	KeepAliveEnd
	TimeWaitKept
	ZeroWindowFin
	ZeroWindowProbe
	ResetText
	RSTNumber
	RSTAck
	AbortUnsent
	ClosingFin
	FirstResend
	ResendSize
	ChallengedSyn
	TimestampClock
	KeepAliveLimit
	TimeWaitAbort

	NumDecisions
)

// A Choice is one of the alternatives of a decision, by its number there. The
// first, 0, is the default.
type Choice uint8

// The alternatives of ClosedAnswer.
const (
	AnswerRST Choice = iota
	AnswerNothing
)

// The alternatives of OffSequenceAck.
const (
	AckUnread Choice = iota
	AckRead
)

// The alternatives of TimeWaitRestart.
const (
	RestartOnFin Choice = iota
	RestartNever
	RestartOnAnswer
	RestartOnAck
)

// The alternatives of TimeWaitRST.
const (
	RSTObeyed Choice = iota
	RSTIgnored
)

// The alternatives of RSTCheck.
const (
	RSTExact Choice = iota
	RSTInWindow
	RSTAtFin
)

// The alternatives of LateReset.
const (
	ResetTold Choice = iota
	ResetSilent
)

// The alternatives of ClosingTimer.
const (
	TimerStarted Choice = iota
	TimerAbsent
)

// The alternatives of TimeWaitAck.
const (
	AckIgnored Choice = iota
	AckAnswered
	AckRestarts
	AckAcknowledged
	TextAnswered
)

// The alternatives of OutOfOrder.
const (
	SegmentDropped Choice = iota
	SegmentHeld
)

// The alternatives of ZeroWindowAck.
const (
	ValidAckTaken Choice = iota
	ValidAckUnread
)

// The alternatives of AckCheck.
const (
	AckAny Choice = iota
	AckRecent
)

// The alternatives of WindowUpdate.
const (
	UpdateSent Choice = iota
	UpdateUnsent
)

// The alternatives of FinWait1Entry.
const (
	EnterWithClose Choice = iota
	EnterWithFin
)

// The alternatives of LastAckEntry.
const (
	EnterAfterFin Choice = iota
	EnterEarly
)

// The alternatives of ClosingAck.
const (
	SegmentRead Choice = iota
	SegmentUnread
)

// The alternatives of ReadAfterFin.
const (
	DataReadable Choice = iota
	DataLost
)

// The alternatives of UnreadClose.
const (
	UnreadResets Choice = iota
	UnreadForgotten
	UnreadKept
)

// The alternatives of LateData.
const (
	LateDataResets Choice = iota
	LateDataDropped
	LateDataAnywhere
	LateDataValid
)

// The alternatives of AbortState.
const (
	AbortCloses Choice = iota
	AbortTimeWait
)

// The alternatives of UserTimeoutRuns.
const (
	RunsWhileUndelivered Choice = iota
	RunsInAnyState
)

// The alternatives of FinWait2Timer.
const (
	TimerForOrphans Choice = iota
	TimerForAll
)

// The alternatives of TimeWaitReuse.
const (
	ReuseOff Choice = iota
	ReuseByNumber
	ReuseNoReturn
	ReuseNoISN
	ReuseBare
	ReuseByTimestamp
	ReuseLinux
)

// The alternatives of ConnectReuse.
const (
	ConnectOff Choice = iota
	ConnectAged
	ConnectAtOnce
)

// The alternatives of FinWait2Kept.
const (
	KeptWhole Choice = iota
	KeptMini
)

// The alternatives of FinWait2Orphan.
const (
	OrphanWaits Choice = iota
	OrphanResets
)

// The alternatives of OrphanKept.
const (
	OrphanStays Choice = iota
	OrphanRefused
)

// The alternatives of OrphanProbes.
const (
	ProbesForgotten Choice = iota
	ProbesCounted
)

// The alternatives of GiveUpWhen.
const (
	GiveUpAtRTO Choice = iota
	GiveUpExactly
)

// The alternatives of KeepAliveEnd.
const (
	EndSilent Choice = iota
	EndResets
)

// The alternatives of TimeWaitKept.
const (
	TimeWaitStays Choice = iota
	TimeWaitSkipped
)

// The alternatives of ZeroWindowFin.
const (
	FinRefused Choice = iota
	FinTaken
)

// The alternatives of ZeroWindowProbe.
const (
	ProbeNew Choice = iota
	ProbeOld
)

// The alternatives of ResetText.
const (
	TextFlushed Choice = iota
	TextKept
)

// The alternatives of RSTNumber.
const (
	NumberNext Choice = iota
	NumberAcked
)

// The alternatives of RSTAck.
const (
	AckNone Choice = iota
	AckOwn
	AckAll
)

// The alternatives of AbortUnsent.
const (
	UnsentSilent Choice = iota
	UnsentResets
)

// The alternatives of ClosingFin.
const (
	FinOnTimer Choice = iota
	FinOnEachAck
)

// The alternatives of FirstResend.
const (
	ResendOldest Choice = iota
	ResendNewest
)

// The alternatives of ResendSize.
const (
	ResendApart Choice = iota
	ResendMerged
)

// The alternatives of ChallengedSyn.
const (
	SynWaits Choice = iota
	SynAtOnce
)

// The alternatives of TimestampClock.
const (
	ClockGoesOn Choice = iota
	ClockRestarts
)

// The alternatives of KeepAliveLimit.
const (
	LimitProbes Choice = iota
	LimitUserTimeout
	LimitGiveUp
)

// The alternatives of TimeWaitAbort.
const (
	AbortEndsTimeWait Choice = iota
	AbortLeavesTimeWait
)

// An Alternative of a decision.
type Alternative struct {
	Name     string
	Sentence string
}

// DecisionInfo describes a decision.
type DecisionInfo struct {
	Name         string
	Source       string // the clause that it is about
	Question     string
	Alternatives []Alternative // the default first
}

var decisionInfo = [NumDecisions]DecisionInfo{
	ClosedAnswer: {"closed-answer", "RFC 9293, 3.10.7.1", "What does a CLOSED endpoint answer to a segment?", []Alternative{
		{"rst", "RST, as the RFC says"},
		{"nothing", "nothing, as behind a firewall or when the host is gone"},
	}},
	OffSequenceAck: {"off-sequence-ack", "RFC 9293, 3.10.7.4, first, and Appendix A.2", "When a segment is dropped because it does not begin at RCV.NXT, is its ACK field read?", []Alternative{
		{"unread", "no: the segment is dropped before the fifth step"},
		{"read", "yes, as Linux and others do"},
	}},
	TimeWaitRestart: {"time-wait-restart", "RFC 9293, 3.10.7.4, fifth and eighth, against the first", "What restarts 2 MSL in TIME-WAIT?", []Alternative{
		{"fin", "a retransmitted FIN: the intent of the fifth and eighth steps"},
		{"never", "nothing: read literally, the first step drops a retransmitted FIN before they are reached"},
		{"answer", "every old segment that is answered, text included"},
		{"any-ack", "every segment with ACK that is old or behind a hole, as in Linux; all of these are answered"},
	}},
	TimeWaitRST: {"time-wait-rst", "RFC 9293, 3.10.7.4, second; RFC 1337, 4", "What does an acceptable RST do to TIME-WAIT?", []Alternative{
		{"obeyed", "it ends it"},
		{"ignored", "nothing: RFC 1337's F1"},
	}},
	RSTCheck: {"rst-check", "RFC 5961, 3.2, against RFC 9293, 3.5.3", "Which RST resets a connection?", []Alternative{
		{"exact", "one at RCV.NXT; any other in the window gets a challenge ACK"},
		{"window", "any in the window"},
		{"exact-or-fin", "one at RCV.NXT or, once the peer's FIN has arrived, at the FIN, as in Linux"},
	}},
	LateReset: {"late-reset", "RFC 9293, 3.10.7.4, second, against 3.5.3 and MUST-12", "Is the user told of an RST in CLOSING and LAST-ACK?", []Alternative{
		{"told", "yes: its CLOSE has not been completed"},
		{"silent", "no: the second step does not say so"},
	}},
	ClosingTimer: {"closing-timer", "RFC 9293, 3.10.7.4, fifth (CLOSING), against MUST-13", "Is the time-wait timer started on the way from CLOSING to TIME-WAIT?", []Alternative{
		{"started", "yes: MUST-13, figure 13"},
		{"absent", "no: the fifth step does not say so"},
	}},
	TimeWaitAck: {"time-wait-ack", "RFC 9293, 3.10.7.4, fifth (TIME-WAIT)", "What does an acceptable acknowledgement do in TIME-WAIT?", []Alternative{
		{"ignored", "nothing: the step is about a retransmitted FIN"},
		{"answered", "it is acknowledged and restarts 2 MSL, as the step says for everything that arrives"},
		{"restarts", "it restarts 2 MSL and is not answered"},
		{"acknowledged", "it is acknowledged, and 2 MSL go on"},
		{"text-answered", "it restarts 2 MSL, and is acknowledged if it has text or a FIN, as in Linux"},
	}},
	OutOfOrder: {"out-of-order", "RFC 9293, 3.10.7.4, first (SHLD-31)", "What happens to text or a FIN that begins after RCV.NXT?", []Alternative{
		{"dropped", "it is dropped, and answered"},
		{"held", "it is held until the hole is filled, and answered"},
	}},
	ZeroWindowAck: {"zero-window-ack", "RFC 9293, 3.10.7.4, first", "When a zero window makes a segment unacceptable, is its ACK field read?", []Alternative{
		{"taken", "yes: \"special allowance should be made to accept valid ACKs\""},
		{"unread", "no, by the table alone: dropped and answered"},
	}},
	AckCheck: {"ack-check", "RFC 5961, 5; RFC 9293, 3.10.7.4, fifth (MAY-12)", "Is an old acknowledgement checked?", []Alternative{
		{"any", "no: SEG.ACK =< SND.UNA is ignored, the segment is not"},
		{"recent", "yes: below SND.UNA - MAX.SND.WND the segment is acknowledged and dropped"},
	}},
	WindowUpdate: {"window-update", "RFC 9293, 3.8.6.2.2", "Is the peer told when a RECEIVE opens a zero window?", []Alternative{
		{"sent", "yes, at once"},
		{"unsent", "no: the next segment carries it, perhaps only an answer to a probe"},
	}},
	FinWait1Entry: {"fin-wait-1-entered", "RFC 9293, 3.10.4 (ESTABLISHED)", "When is FIN-WAIT-1 entered?", []Alternative{
		{"with-close", "with CLOSE, in any case"},
		{"with-fin", "when the FIN is sent, as in CLOSE-WAIT"},
	}},
	LastAckEntry: {"last-ack-entered", "RFC 9293, 3.10.4 (CLOSE-WAIT)", "When is LAST-ACK entered?", []Alternative{
		{"with-fin", "when the FIN is sent"},
		{"with-close", "with CLOSE, as in Linux"},
	}},
	ClosingAck: {"closing-ack", "RFC 9293, 3.10.7.4, fifth (CLOSING)", "What happens in CLOSING to a segment that does not acknowledge the FIN?", []Alternative{
		{"read", "SND.UNA and SND.WND are updated, and then it is ignored"},
		{"discarded", "it is ignored without being read"},
	}},
	ReadAfterFin: {"read-after-fin", "RFC 9293, 3.10.3", "Can text on hand be read in CLOSING, LAST-ACK and TIME-WAIT, and after them?", []Alternative{
		{"data", "yes, as in sockets"},
		{"error", "no: RECEIVE returns \"connection closing\""},
	}},
	UnreadClose: {"unread-close", "RFC 9293, 3.6.1 (SHLD-3)", "What does a full close send when text is unread?", []Alternative{
		{"rst", "RST"},
		{"fin", "FIN, as if it had been read"},
		{"kept", "FIN; the text stays where it is, so that the window opens no more"},
	}},
	LateData: {"late-data", "RFC 9293, 3.6.1 (SHLD-3)", "What answers new text after a full close?", []Alternative{
		{"rst", "RST"},
		{"ack", "an acknowledgement; nobody reads it"},
		{"rst-anywhere", "RST, also for text and a FIN behind a hole"},
		{"rst-valid-ack", "RST, also for text and a FIN behind a hole whose acknowledgement is acceptable, as in Linux"},
	}},
	AbortState: {"abort-state", "RFC 9293, 3.10.5 against 3.3.2, note 3, and 3.5.2", "Where does ABORT lead?", []Alternative{
		{"closed", "to CLOSED"},
		{"time-wait", "to TIME-WAIT"},
	}},
	UserTimeoutRuns: {"user-timeout-runs", "RFC 9293, 3.9.1.1 against 3.10.8", "When does the user timeout run?", []Alternative{
		{"undelivered", "while something submitted is unacknowledged"},
		{"any-state", "also in every closing state"},
	}},
	FinWait2Timer: {"fin-wait-2-timer", "RFC 9293, 3.6.1 (no RFC has this timer)", "Which FIN-WAIT-2 does the timer end, if there is one?", []Alternative{
		{"orphans", "that of an orphan"},
		{"all", "every one, including half-closed connections"},
	}},
	TimeWaitReuse: {"time-wait-reuse", "RFC 9293, 3.6.1 (MAY-2); RFC 6191", "May a SYN in TIME-WAIT open the next connection, where the user would listen?", []Alternative{
		{"off", "no: it gets an acknowledgement, like any old segment"},
		{"may-2", "yes: this side's numbers begin above the last, and an old duplicate leads back to TIME-WAIT"},
		{"may-2-no-return", "yes, under MAY-2's first condition only"},
		{"may-2-no-isn", "yes, under MAY-2's second condition only: this side's numbers begin where they did, or at a clock"},
		{"bare", "yes, under neither"},
		{"rfc-6191", "if its timestamp or, at least, its number is newer; otherwise it is dropped"},
		{"linux", "if its number or its timestamp is newer, with this side's numbers above the last; otherwise as off"},
	}},
	ConnectReuse: {"connect-reuse", "RFC 9293, 3.10.1; Linux has tcp_tw_reuse", "May an active OPEN replace a connection in TIME-WAIT?", []Alternative{
		{"off", "no: \"connection already exists\""},
		{"aged", "yes, with timestamps, when TIME-WAIT has lasted for reuse-age; this side's numbers begin above the last"},
		{"at-once", "yes, whatever its age, and also without timestamps"},
	}},
	FinWait2Kept: {"fin-wait-2-kept", "RFC 9293, 3.10.7.4, against Linux (tcp_timewait_state_process)", "What is kept of an orphan in FIN-WAIT-2?", []Alternative{
		{"connection", "all of it: it follows the rules of FIN-WAIT-2"},
		{"mini", "its numbers, as in Linux: any RST in the window ends it; an old segment is answered, even an RST; new text, a FIN behind a hole, and a SYN get RST and end it; everything else is ignored"},
	}},
	FinWait2Orphan: {"fin-wait-2-orphan", "RFC 9293, 3.6.1 (SHLD-3); Linux has TCP_LINGER2", "What happens to FIN-WAIT-2 when the connection becomes an orphan?", []Alternative{
		{"waits", "it waits for the peer's FIN until its timer fires"},
		{"rst", "RST and CLOSED, as in Linux with TCP_LINGER2 below 0"},
	}},
	OrphanKept: {"orphan-kept", "RFC 9293, 3.6 (case 1), against Linux's tcp_max_orphans", "Does the host keep a fully closed connection?", []Alternative{
		{"yes", "until it has ended"},
		{"no", "no: RST and CLOSED, as in Linux when there are too many, or too little memory"},
	}},
	OrphanProbes: {"orphan-probes", "RFC 9293, 3.8.6.1 (MUST-37)", "Does an answer to a zero-window probe restart R2 for an orphan?", []Alternative{
		{"forgotten", "yes: the probes before it are forgotten, as for all connections"},
		{"counted", "no: an orphan is given up whatever the peer answers, as in Linux"},
	}},
	GiveUpWhen: {"give-up-when", "RFC 9293, 3.8.3", "Once the time for retransmissions has passed, when is the connection closed?", []Alternative{
		{"rto", "when the retransmission timer next fires"},
		{"exactly", "at once: the last RTO is cut short, as in Linux with TCP_USER_TIMEOUT"},
	}},
	KeepAliveEnd: {"keepalive-end", "RFC 9293, 3.8.4", "What is sent when keep-alive gives up?", []Alternative{
		{"nothing", "nothing"},
		{"rst", "RST, as in Linux"},
	}},
	TimeWaitKept: {"time-wait-kept", "RFC 9293, 3.6.1 (MUST-13)", "Does the host keep a connection in TIME-WAIT?", []Alternative{
		{"yes", "for as long as it lasts"},
		{"no", "no: it becomes CLOSED at once, as in Linux beyond tcp_max_tw_buckets; so does FIN-WAIT-2 where only its numbers would be kept"},
	}},
	ZeroWindowFin: {"zero-window-fin", "RFC 9293, 3.10.7.4, first (table 6)", "Is a FIN without text taken at a zero window?", []Alternative{
		{"refused", "no: nothing that occupies a number is acceptable there"},
		{"taken", "yes, at RCV.NXT: it needs no room in the buffer, as in Linux since 6.10"},
	}},
	ZeroWindowProbe: {"zero-window-probe", "RFC 9293, 3.8.6.1 (MUST-36)", "What does a probe of a zero window send?", []Alternative{
		{"new", "the next number, an octet or the FIN"},
		{"old", "an empty segment with the number before SND.UNA, as in Linux; what waits goes when all of it fits, or, at the next probe, what fits"},
	}},
	ResetText: {"reset-unread-text", "RFC 9293, 3.10.7.4, second", "What becomes of text on hand when an acceptable RST arrives?", []Alternative{
		{"flushed", "it is flushed, and the user is told of the reset"},
		{"kept", "the user may read it and is told of the reset after it, as in Linux; in CLOSE-WAIT of the reset at once, and of the end of file after it"},
	}},
	RSTNumber: {"rst-number", "RFC 9293, 3.6.1 (SHLD-3), against 3.5.2", "Which number has the RST for text after a full close?", []Alternative{
		{"snd-nxt", "SND.NXT"},
		{"seg-ack", "SEG.ACK of the text, as if there were no connection, and as in Linux: the FIN's own number while the two cross"},
	}},
	RSTAck: {"rst-ack", "RFC 9293, 3.10.5 and 3.6.1", "Does an RST that a connection sends acknowledge what has arrived?", []Alternative{
		{"none", "no: <SEQ=SND.NXT><CTL=RST>"},
		{"own", "yes, with RCV.NXT, unless it answers late text, as in Linux"},
		{"all", "yes, with RCV.NXT"},
	}},
	AbortUnsent: {"abort-unsent-fin", "RFC 9293, 3.10.5 (CLOSING, LAST-ACK)", "What does ABORT send in CLOSING and LAST-ACK if the FIN still waits for the window?", []Alternative{
		{"silent", "nothing, as in these states whatever was sent"},
		{"rst", "RST: the peer still waits for the FIN, as in Linux"},
	}},
	ClosingFin: {"closing-fin", "RFC 9293, 3.10.7.4, eighth (FIN-WAIT-1), and 3.10.8", "Does an acknowledgement that is sent in CLOSING repeat the FIN?", []Alternative{
		{"timer", "no: the FIN is sent again by the retransmission timer alone"},
		{"each-ack", "yes, until the FIN is acknowledged, as in stacks that derive what they send from the state"},
	}},
	FirstResend: {"first-resend", "RFC 9293, 3.10.8; RFC 8985, 7", "Which segment does the first retransmission send again?", []Alternative{
		{"oldest", "the one at the front of the retransmission queue"},
		{"newest", "the last one that was sent, as a tail-loss probe; later ones send the oldest"},
	}},
	ResendSize: {"resend-size", "RFC 9293, 3.8.1 and 3.10.8", "Does a retransmission merge what was sent apart?", []Alternative{
		{"apart", "no: the segment is sent as it was"},
		{"merged", "yes: all that is outstanding, in one segment"},
	}},
	ChallengedSyn: {"challenged-syn", "RFC 9293, 3.10.7.3, first; 3.5.1", "When is the SYN sent again that an old connection has acknowledged?", []Alternative{
		{"waits", "when the retransmission timer expires"},
		{"at-once", "right after the RST that ends the old connection, if R2 lets it"},
	}},
	TimestampClock: {"timestamp-clock", "RFC 7323, 5.4; RFC 6191, 2", "Does the timestamp clock survive a crash?", []Alternative{
		{"goes-on", "yes: it never goes back"},
		{"restarts", "no: it begins again, below all that was sent before"},
	}},
	KeepAliveLimit: {"keepalive-limit", "RFC 9293, 3.8.4 (MUST-26); RFC 5482, 4.2", "When is a peer given up that does not answer keep-alive probes?", []Alternative{
		{"probes", "after keepalive-probes of them"},
		{"user-timeout", "when nothing has come for user-timeout, if there is one, and a probe is out, whatever keepalive-probes says, as in Linux with TCP_USER_TIMEOUT"},
		{"give-up", "the same with give-up, which is what the profile of Linux takes TCP_USER_TIMEOUT for"},
	}},
	TimeWaitAbort: {"time-wait-abort", "RFC 9293, 3.10.5 (TIME-WAIT)", "Does ABORT end TIME-WAIT?", []Alternative{
		{"ends", "yes, silently"},
		{"kept", "no: TIME-WAIT goes on without its user, as in Linux"},
	}},
}

// Info returns the description of d.
func (d Decision) Info() DecisionInfo {
	if d >= NumDecisions {
		return DecisionInfo{Name: fmt.Sprintf("Decision(%d)", uint8(d))}
	}
	return decisionInfo[d]
}

func (d Decision) String() string { return d.Info().Name }

// Choices contains what has been chosen, for each decision. The zero value is the
// intent of the RFCs.
type Choices [NumDecisions]Choice

// Literal is the RFC read literally where that differs from its intent.
var Literal = Choices{
	TimeWaitRestart: RestartNever,
	LateReset:       ResetSilent,
	ClosingTimer:    TimerAbsent,
	TimeWaitAck:     AckAnswered,
}

// Name returns the name of what is chosen for d.
func (c Choices) Name(d Decision) string { return decisionInfo[d].Alternatives[c[d]].Name }

// Choose sets d to the alternative with that name.
func (c *Choices) Choose(d Decision, name string) error {
	var names []string
	for i, a := range decisionInfo[d].Alternatives {
		if a.Name == name {
			c[d] = Choice(i)
			return nil
		}
		names = append(names, a.Name)
	}
	return invalid("%s: %q: want %s", d, name, strings.Join(names, " or "))
}
