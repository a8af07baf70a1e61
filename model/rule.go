package model

// A Rule is a rule of closing as the RFCs give it, with what the model makes of
// it: the clauses that a step follows, or a sentence that says where else it is
// kept, or why it is not modelled.
type Rule struct {
	ID       string // U for user calls, S for segments, M for timers and TIME-WAIT
	Source   string // "3.10.4" of RFC 9293, unless another is named
	Sentence string
	Clauses  []Clause
	// Note says what the clauses do not: where the rule is kept if there are
	// none, or why some of it is not.
	Note string
}

// Rules lists the rules of opening, closing and reuse.
var Rules = []Rule{
	{"O1", "3.10.1", "OPEN, passive: LISTEN; active, also in LISTEN: send SYN, SYN-SENT", []Clause{OpenListens, OpenSends}, "SEND in LISTEN does the same as OPEN and is not modelled; a user sends nothing before ESTABLISHED."},
	{"O2", "3.10.7.2", "LISTEN: a SYN is answered by SYN, ACK: SYN-RECEIVED", []Clause{ListenAnswers, SynTaken}, ""},
	{"O3", "3.10.7.3", "SYN-SENT: SYN, ACK: ESTABLISHED; SYN alone: SYN-RECEIVED; RST with a good ACK: CLOSED; a bad ACK gets RST", []Clause{SynSentAckBad, SynSentReset, SynSentDropsRST, SynSentDrops, OpensBothWays, SynTaken, HandshakeEnds}, ""},
	{"O4", "3.10.7.4, second, fourth and fifth", "SYN-RECEIVED: RST and SYN lead back to LISTEN, or CLOSED; the ACK of the SYN to ESTABLISHED; any other ACK gets RST", []Clause{SynReceivedRefused, SynReceivedAckBad, ReturnsToListen, HandshakeEnds}, "In figure 7 SYN, ACK leads from SYN-RECEIVED to ESTABLISHED; read literally, the first step drops it, and the acknowledgement that answers it opens the connection."},
	{"U1", "3.10.4", "ESTABLISHED, CLOSE: FIN-WAIT-1 in any case; the FIN follows all SENDs, and may have to wait", []Clause{CloseEstablished, CloseWaits}, ""},
	{"U2", "3.10.4", "SYN-RECEIVED, CLOSE: send FIN, FIN-WAIT-1", []Clause{CloseSynReceived}, "Nothing is queued before ESTABLISHED, so nothing is deferred."},
	{"U3", "3.10.4", "CLOSE-WAIT, CLOSE: the FIN follows all SENDs; LAST-ACK when it is sent", []Clause{CloseCloseWait, CloseWaits}, ""},
	{"U4", "3.10.4", "FIN-WAIT-1 and FIN-WAIT-2, CLOSE: an error, and never a second FIN", nil, "Stack.Refusal; a user does not make a call that is refused (script calls.txt)."},
	{"U5", "3.10.4", "CLOSING, LAST-ACK, TIME-WAIT, CLOSE: connection closing", nil, "Stack.Refusal, as U4."},
	{"U6", "3.10.4", "LISTEN and SYN-SENT, CLOSE: CLOSED, nothing is sent", []Clause{CloseUnopened}, ""},
	{"U7", "3.10.2", "SEND in ESTABLISHED and CLOSE-WAIT; elsewhere connection closing", []Clause{SendTransmits, SendQueues, SendWaits}, "Elsewhere Stack.Refusal, as U4."},
	{"U8", "3.10.3", "RECEIVE of what is on hand; after the peer's FIN, connection closing when nothing is left", []Clause{ReceiveDelivers, ReceiveEnds}, "Read literally, an error in CLOSING, LAST-ACK and TIME-WAIT, whatever is on hand: decision read-after-fin."},
	{"U9", "3.10.5", "ABORT in SYN-RECEIVED, ESTABLISHED, FIN-WAIT-1, FIN-WAIT-2, CLOSE-WAIT: RST, CLOSED", []Clause{AbortResets}, ""},
	{"U10", "3.10.5", "ABORT in CLOSING, LAST-ACK, TIME-WAIT: CLOSED, no RST", []Clause{AbortSilent, AbortUnopened}, "Also in LISTEN and SYN-SENT."},
	{"U11", "3.6.1", "Half-duplex close (MAY-1): text unread at a full close, or text after it, gets RST (SHLD-3)", []Clause{Releases, ReleaseResets, TextResets, TextUnread}, ""},
	{"U12", "3.6", "The application is told whether the connection was closed normally or aborted (MUST-12)", nil, "Effect.Told; property told."},
	{"U13", "3.6", "What was sent before CLOSE is delivered reliably: everything up to and including the FIN is retransmitted until acknowledged", []Clause{RTOResends}, "Properties delivered and end-of-file."},

	{"S1", "3.10.7.4, first", "The table of acceptable segments; at a zero window RSTs are processed, and valid ACKs should be", []Clause{SeqAnswers, SeqDropsRST, ZeroWindowTakesAck}, "Stack.acceptable (script window.txt); URG is not modelled."},
	{"S2", "3.10.7.4, first", "Unacceptable: acknowledge and drop; an RST is dropped silently", []Clause{SeqAnswers, SeqDropsRST}, ""},
	{"S3", "3.10.7.4, first", "What lies outside the window is trimmed; what begins after RCV.NXT should be held (SHLD-31)", []Clause{SeqTrims, WindowTrims, SeqAhead, SeqHolds, HeldTaken}, ""},
	{"S4", "3.10.7.4, second", "RST: at RCV.NXT it resets, elsewhere in the window it gets a challenge ACK (RFC 5961, 3.2)", []Clause{RSTResets, RSTChallenged}, ""},
	{"S5", "3.10.7.4, second", "Reset: tell the user, CLOSED; in CLOSING, LAST-ACK, TIME-WAIT CLOSED silently", []Clause{RSTResets, RSTClosesLate, RSTClosesTimeWait}, "Whether it is silent: decision late-reset."},
	{"S6", "3.10.7.4, fourth", "SYN: challenge ACK (RFC 5961, 4.2)", []Clause{SynChallenged}, ""},
	{"S7", "3.10.7.4, fifth", "ACK bit off: drop", []Clause{AckOff}, ""},
	{"S8", "3.10.7.4, fifth", "SEG.ACK is not more than MAX.SND.WND below SND.UNA, else acknowledge and drop (MAY-12)", []Clause{AckTooOld}, ""},
	{"S9", "3.10.7.4, fifth", "SND.UNA advances; an old ACK is ignored, but not its segment; an ACK of something not sent is answered; the window is updated", []Clause{AckAdvances, AckDuplicate, AckUnsent, WindowLearned}, ""},
	{"S10", "3.10.7.4, fifth", "FIN-WAIT-1: as ESTABLISHED; the FIN is acknowledged: FIN-WAIT-2", []Clause{AckFinWait1}, ""},
	{"S11", "3.10.7.4, fifth", "FIN-WAIT-2: as ESTABLISHED; the CLOSE is answered ok", nil, "Effect.Told says closed when the FIN is acknowledged, in the step before."},
	{"S12", "3.10.7.4, fifth", "CLOSING: as ESTABLISHED; the FIN is acknowledged: TIME-WAIT; otherwise the segment is ignored", []Clause{AckClosing, ClosingDrops}, ""},
	{"S13", "3.10.7.4, fifth", "LAST-ACK: when the FIN is acknowledged, CLOSED", []Clause{AckLastAck}, ""},
	{"S14", "3.10.7.4, fifth", "TIME-WAIT: acknowledge a retransmitted FIN, restart 2 MSL", []Clause{AckTimeWait, AckTimeWaitIgnored, FinTimeWait}, ""},
	{"S15", "3.10.7.4, seventh", "Text is delivered and acknowledged in ESTABLISHED, FIN-WAIT-1, FIN-WAIT-2; after the peer's FIN it is ignored", []Clause{TextDelivered, AfterFin}, ""},
	{"S16", "3.10.7.4, eighth", "FIN: tell the user, advance RCV.NXT, acknowledge", []Clause{FinEstablished, FinFinWait1, FinFinWait2}, ""},
	{"S17", "3.10.7.4, eighth", "ESTABLISHED: CLOSE-WAIT", []Clause{FinEstablished}, "In SYN-RECEIVED the fifth step has already entered ESTABLISHED."},
	{"S18", "3.10.7.4, eighth", "FIN-WAIT-1: CLOSING, or TIME-WAIT if its own FIN is acknowledged", []Clause{FinFinWait1}, "The second half is dead text: the fifth step has already left FIN-WAIT-1 (trap 3, witness note-2)."},
	{"S19", "3.10.7.4, eighth", "FIN-WAIT-2: TIME-WAIT, start 2 MSL, other timers off", []Clause{FinFinWait2}, ""},
	{"S20", "3.10.7.4, eighth", "CLOSE-WAIT, CLOSING, LAST-ACK: stay; TIME-WAIT: restart 2 MSL", []Clause{AfterFin, FinTimeWait}, "A retransmitted FIN is dropped in the first step (trap 1)."},
	{"S21", "3.10.7.1", "CLOSED: everything but an RST is answered by an RST", []Clause{ClosedSendsRST, ClosedDropsRST, ClosedSilent}, ""},
	{"S22", "3.10.7.2", "LISTEN: RST is ignored, ACK gets RST", []Clause{ListenDropsRST, ListenSendsRST}, ""},

	{"M1", "3.10.8", "Retransmission timeout: send the head of the queue again", []Clause{RTOResends}, "Back-off (RFC 6298, 5.5): field rto-max."},
	{"M2", "3.8.3", "R1: report; R2: close the connection", []Clause{R2Closes, GivesUp}, "R1 only informs the user, and is not modelled."},
	{"M3", "3.10.8", "User timeout in any state: tell the user, CLOSED", []Clause{UserTimeoutCloses}, "When it runs: decision user-timeout-runs (trap 6)."},
	{"M4", "3.10.8", "TIME-WAIT timeout: CLOSED", []Clause{TimeWaitCloses}, ""},
	{"M5", "3.6.1", "An active close lingers in TIME-WAIT for 2 MSL (MUST-13)", []Clause{FinFinWait2, AckClosing}, "Property time-wait-2msl."},
	{"M6", "3.6.1", "A SYN may reopen from TIME-WAIT (MAY-2)", []Clause{ReuseAccepts, ReturnsToTimeWait}, "Decision time-wait-reuse."},
	{"M7", "RFC 6191, 2", "A SYN with a timestamp in TIME-WAIT", []Clause{ReuseAccepts, ReuseDrops}, "Decision time-wait-reuse."},
	{"PAWS", "RFC 7323, 5", "A segment with a timestamp below the last is acknowledged and dropped", []Clause{TimestampOld}, "Field timestamps; the clock is read once for each connection."},
	{"tw-reuse", "no RFC", "An active OPEN may replace TIME-WAIT", []Clause{ConnectReuses}, "Like tcp_tw_reuse in Linux: decision connect-reuse."},
	{"M8", "3.4.3", "Quiet time after a crash", []Clause{HostCrashes}, "Field quiet-time."},
	{"ISN", "3.4.1", "Initial sequence numbers come from a clock (MUST-8)", []Clause{OpenSends, ListenAnswers}, "Fields a-isn, b-isn and isn-clock; larger is the best that the clock can give."},
	{"M9", "3.8.6.1", "A zero window is probed (MUST-36), and the connection stays open while probes are answered (MUST-37)", []Clause{ProbeSent, ProbeAnswered, WindowOpens}, ""},
	{"M10", "3.8.4", "Keep-alive: off by default; one unanswered probe does not end the connection", []Clause{KeepAliveProbes, KeepAliveCloses}, ""},
	{"M11", "RFC 1337, 2 to 4", "TIME-WAIT is assassinated by an RST; F1 ignores it", []Clause{RSTClosesTimeWait, TimeWaitIgnoresRST}, "The hazards for the next connection: properties old-text, in-step, old-rst."},

	{"MUST-40", "3.8.6.3", "An acknowledgement is delayed by less than 0.5 s, and at least every second segment is acknowledged (SHLD-19)", []Clause{AckDelayed, AckDelayOver}, ""},
	{"crash", "3.5.1", "Half-open connections: a host that has lost its state answers with RST", []Clause{HostCrashes, ClosedSendsRST}, ""},
	{"FIN-WAIT-2", "no RFC", "A timer for the FIN-WAIT-2 of a connection that nobody reads", []Clause{FinWait2Closes}, "Like tcp_fin_timeout in Linux; off by default."},
	{"Linux", "no RFC", "Where Linux deviates; all off by default", []Clause{OrphanResetsAll, OrphanResetsFinWait2, FinWait2Shrinks, MiniLost, MiniAnswers, MiniReset, MiniDrops, MiniResets, MiniFin, AckTimeWaitRestarts, ZeroWindowTakesFin, ProbeSentOld, ProbeFits, ResetKeepsText, ReceiveResets, AbortResetsLate, AbortLeaves, KeepAliveTimesOut}, "See linux.md."},
	{"other", "no RFC", "What other stacks do otherwise, all off by default", []Clause{AckTimeWaitAcked, FinRepeated, ChallengeLimited, SynSentAgain}, "Decisions time-wait-ack, closing-fin and challenged-syn; field challenge-interval (RFC 5961, 7)."},
}
