// Package corpus writes captures of closes for authors of tools that read captures: the
// shortest run to each kind of close, as it is seen at either end, with the right
// answers.
package corpus

// A kase is a kind of close. The run is the shortest one, from the handshake on, to where
// the expression is true; from there on everything arrives once and in order, until both
// ends have closed or nothing more can happen.
type kase struct {
	name, says, where, in string
}

const (
	bare      = "no-data start=closed"
	aWrites   = bare + " a-octets=1"
	bWrites   = bare + " b-octets=1"
	onlyLoses = " duplicate=off reorder=off"
	inOrder   = " loss=off duplicate=off reorder=off"
)

var cases = []kase{
	{"four-way", "One end closes, then the other: FIN, ACK, FIN, ACK.", `a.before == FIN-WAIT-2 && a.state == TIME-WAIT`, bare + inOrder},
	{"three-way", "The acknowledgement of the first FIN rides on the second.", `a.before == FIN-WAIT-1 && a.state == TIME-WAIT`, "delayed-ack start=closed a-octets=0 b-octets=0" + inOrder},
	{"server-first", "The end that listened closes first.", `b.before == FIN-WAIT-2 && b.state == TIME-WAIT`, bare + inOrder},
	{"simultaneous", "Both close at once: neither FIN acknowledges the other.", `a.state == CLOSING && b.state == CLOSING`, bare + inOrder},
	{"simultaneous-open", "Both open at once, and then close.", `a.before == SYN-RECEIVED && a.state == ESTABLISHED`, "open" + inOrder + " b-opens=actively a-opens=actively"},
	{"half-closed", "After one end has closed, the other still writes.", `b.sends.text > 0 && b.before == CLOSE-WAIT`, bWrites + inOrder},
	{"fin-with-text", "A FIN in a segment with text.", `b.receives.fin && b.receives.text > 0 && b.state == CLOSE-WAIT`, aWrites + onlyLoses},
	{"fin-overtakes-text", "A FIN arrives before text that was sent earlier.", `b.receives.fin && HOLE in b.follows`, aWrites + " loss=off duplicate=off"},
	{"fin-overtakes-text-held", "The same, and the FIN is kept until the text is there.", `b.state == CLOSE-WAIT && "hole-filled" in b.follows`, aWrites + " loss=off duplicate=off out-of-order=held"},
	{"ack-overtakes-fin", "The acknowledgement of a FIN arrives before a FIN that was sent earlier.", `a.receives.any && !a.receives.fin && a.receives.seq > a.rcvnxt && a.before == FIN-WAIT-1`, bare + " loss=off duplicate=off"},
	{"old-ack-after-fin", "An acknowledgement arrives after a FIN that was sent later.", `a.receives.any && a.receives.text == 0 && !a.receives.fin && !a.receives.syn && a.receives.seq == a.rcvnxt - 1 && a.finreceived`, bare + " loss=off duplicate=off"},
	{"fin-lost", "A FIN is lost and retransmitted.", `a.timeout == RETRANSMISSION_TIMEOUT && a.sends.fin && b.state == ESTABLISHED && net.a.count == 1`, bare + onlyLoses},
	{"fin-retransmitted", "A FIN arrives, its acknowledgement is lost, and the FIN comes again.", `b.receives.fin && "old-segment" in b.follows && net.b.count == 1`, bare + onlyLoses},
	{"fin-duplicated", "The network delivers a FIN twice.", `net.a.copies.fin`, bare + " loss=off reorder=off"},
	{"text-lost", "Text is lost and retransmitted.", `a.timeout == RETRANSMISSION_TIMEOUT && a.sends.text == 1 && b.state == ESTABLISHED && net.a.count == 1`, aWrites + onlyLoses},
	{"text-retransmitted", "Text arrives, its acknowledgement is lost, and the text comes again.", `b.receives.text > 0 && !b.receives.fin && "old-segment" in b.follows && net.b.count == 1`, aWrites + onlyLoses},
	{"last-ack-lost", "The last acknowledgement is lost: the FIN comes again in TIME-WAIT.", `a.receives.fin && a.before == TIME-WAIT && b.state == LAST-ACK && net.a.count == 1`, bare + onlyLoses},
	{"fin-after-time-wait", "A FIN comes again when TIME-WAIT is over, and draws RST.", `a.receives.fin && a.before == CLOSED && a.sends.rst && a.ended == NORMAL`, bare + onlyLoses},
	{"refused", "Nobody listens: RST answers the SYN.", `a.receives.rst && a.before == SYN-SENT`, bare + inOrder + " b-opens=actively"},
	{"reset-in-syn-received", "RST in SYN-RECEIVED.", `b.receives.rst && b.before == SYN-RECEIVED`, bare + " a-fails=abort"},
	{"reset-in-established", "RST in ESTABLISHED.", `a.receives.rst && a.before == ESTABLISHED && a.receives.seq == 302`, bWrites + inOrder + " b-fails=abort"},
	{"reset-in-fin-wait-1", "RST in FIN-WAIT-1.", `a.receives.rst && a.before == FIN-WAIT-1 && a.receives.seq == 302`, bWrites + inOrder + " b-fails=abort"},
	{"reset-in-fin-wait-2", "RST in FIN-WAIT-2.", `a.receives.rst && a.before == FIN-WAIT-2`, bare + inOrder + " b-fails=abort"},
	{"reset-in-close-wait", "RST in CLOSE-WAIT.", `a.receives.rst && a.before == CLOSE-WAIT`, bWrites + inOrder + " b-close-is=full a-octets=1"},
	{"reset-in-closing", "RST in CLOSING.", `a.receives.rst && a.before == CLOSING`, bare + " b-fails=abort"},
	{"reset-in-last-ack", "RST in LAST-ACK.", `a.receives.rst && a.before == LAST-ACK`, bare + inOrder + " b-fails=abort"},
	{"reset-in-time-wait", "RST in TIME-WAIT: it ends.", `a.receives.rst && a.before == TIME-WAIT`, bare},
	{"aborted", "An end aborts.", `a.sends.rst && a.before == ESTABLISHED`, bare + inOrder + " a-fails=abort"},
	{"unread", "An end closes fully with text unread: it sends RST in place of a FIN.", `"unread-reset" in b.follows`, aWrites + inOrder + " b-close-is=full b-reads=never"},
	{"late-text", "Text arrives after a full close, and draws RST.", `"late-text-reset" in a.follows`, bWrites + inOrder + " a-close-is=full"},
	{"text-after-rst", "Text that was sent before an RST arrives after it.", `a.receives.text > 0 && a.before == CLOSED && a.ended == RESET`, bWrites + " loss=off duplicate=off b-fails=abort"},
	{"crash", "A host crashes; the other end's segment draws RST.", `a.receives.rst && b.ended == GONE && a.before == FIN-WAIT-1 && a.receives.seq == 302`, bWrites + inOrder + " b-fails=crash"},
	{"unanswered", "A FIN is never answered, and its end gives up.", `a.told.timeout && a.before == FIN-WAIT-1 && net.a.count == 0 && net.b.count == 0 && b.state == ESTABLISHED`, bare + onlyLoses},
	{"last-ack-unanswered", "The second FIN is never answered, and its end gives up.", `a.told.timeout && a.before == LAST-ACK && net.a.count == 0 && net.b.count == 0 && b.state == FIN-WAIT-2`, bare + onlyLoses},
	{"zero-window", "A FIN waits behind text for which the peer has no window.", `a.timeout == WINDOW_PROBE && a.state == FIN-WAIT-1`, "slow-reader start=closed b-octets=0" + inOrder},
	{"time-wait-reuse", "A SYN opens the next connection from TIME-WAIT.", `b.receives.syn && b.before == TIME-WAIT && b.state == SYN-RECEIVED`, "next-may-2 start=closed b-octets=0" + inOrder},
	{"syn-duplicated", "An old copy of the SYN arrives when the connection closes.", `b.receives.syn && b.before in [CLOSE_WAIT, FIN_WAIT_1, FIN_WAIT_2]`, bare + " loss=off"},
}
