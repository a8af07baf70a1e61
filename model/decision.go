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
)

// An Alternative of a decision.
type Alternative struct {
	Name     string
	Sentence string
}

// DecisionInfo is what there is to say about a decision.
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
	OffSequenceAck: {"off-sequence-ack", "RFC 9293, 3.10.7.4, first, and Appendix A.2", "Is the ACK field read of a segment that is dropped because it does not begin at RCV.NXT?", []Alternative{
		{"unread", "no: the segment is dropped before the fifth step"},
		{"read", "yes, as Linux and others do"},
	}},
	TimeWaitRestart: {"time-wait-restart", "RFC 9293, 3.10.7.4, fifth and eighth, against the first", "What restarts 2 MSL in TIME-WAIT?", []Alternative{
		{"fin", "a retransmitted FIN: the intent of the fifth and eighth steps"},
		{"never", "nothing: by the letter the first step drops a retransmitted FIN before they are reached"},
		{"answer", "every old segment that is answered, text included"},
	}},
	TimeWaitRST: {"time-wait-rst", "RFC 9293, 3.10.7.4, second; RFC 1337, 4", "What does an acceptable RST do to TIME-WAIT?", []Alternative{
		{"obeyed", "it ends it"},
		{"ignored", "nothing: RFC 1337's F1"},
	}},
	RSTCheck: {"rst-check", "RFC 5961, 3.2, against RFC 9293, 3.5.3", "Which RST resets a connection?", []Alternative{
		{"exact", "one at RCV.NXT; any other in the window gets a challenge ACK"},
		{"window", "any in the window"},
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
		{"ignored", "nothing: the step speaks of a retransmitted FIN"},
		{"answered", "it is acknowledged and restarts 2 MSL, as the step says of all that arrives"},
	}},
}

// Info is what there is to say about d.
func (d Decision) Info() DecisionInfo {
	if d >= NumDecisions {
		return DecisionInfo{Name: fmt.Sprintf("Decision(%d)", uint8(d))}
	}
	return decisionInfo[d]
}

func (d Decision) String() string { return d.Info().Name }

// Choices is what has been chosen, for each decision. The zero value is the
// intent of the RFCs.
type Choices [NumDecisions]Choice

// Literal is the RFC by its letter where that differs from its intent.
var Literal = Choices{
	TimeWaitRestart: RestartNever,
	LateReset:       ResetSilent,
	ClosingTimer:    TimerAbsent,
	TimeWaitAck:     AckAnswered,
}

// Name is the name of what is chosen for d.
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
	return fmt.Errorf("%s: %q: want %s", d, name, strings.Join(names, " or "))
}
