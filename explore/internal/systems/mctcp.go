package systems

import (
	"strings"

	"tcpclose/explore"
)

// Mctcp is RFC 9293's state diagram taken literally, as the TLA+ examples do in
// MCtcp: messages without numbers, in two queues; one active open, which has
// happened; no two equal messages next to each other. It is here for its
// numbers.
type Mctcp struct{}

// A Diagram is the two peers' boxes in the diagram and the messages in transit
// to each, a byte for each.
type Diagram struct {
	TCB [2]bool
	Box [2]string
	Net [2]string
}

const (
	syn, synAck, ack, rst, fin, ackOfFin = "s", "S", "a", "r", "f", "F"
)

func (Mctcp) Init() []Diagram {
	tcb := [2]bool{true, true}
	return []Diagram{
		{tcb, [2]string{"SYN-SENT", "LISTEN"}, [2]string{"", syn}},
		{tcb, [2]string{"LISTEN", "SYN-SENT"}, [2]string{syn, ""}},
	}
}

// A rule leads from one box to another. It takes the messages got from the
// peer and appends sent.
type rule struct {
	name           string
	from, to       string
	got, sent      string
	opens, deletes bool
}

var userRules = []rule{
	{name: "active open", from: "CLOSED", to: "SYN-SENT", sent: syn, opens: true},
	{name: "passive open", from: "CLOSED", to: "LISTEN", opens: true},
	{name: "send", from: "LISTEN", to: "SYN-SENT", sent: syn},
	{name: "close", from: "SYN-SENT", to: "CLOSED", deletes: true},
	{name: "close", from: "SYN-RECEIVED", to: "FIN-WAIT-1", sent: fin},
	{name: "close", from: "LISTEN", to: "CLOSED", deletes: true},
	{name: "close", from: "ESTABLISHED", to: "FIN-WAIT-1", sent: fin},
	{name: "close", from: "CLOSE-WAIT", to: "LAST-ACK", sent: fin},
}

var segmentRules = []rule{
	{from: "SYN-SENT", got: syn, to: "SYN-RECEIVED", sent: synAck},
	{from: "SYN-SENT", got: synAck, to: "ESTABLISHED", sent: ack},
	{from: "SYN-RECEIVED", got: rst, to: "LISTEN"},
	{from: "SYN-RECEIVED", got: ack, to: "ESTABLISHED"},
	{from: "LISTEN", got: syn, to: "SYN-RECEIVED", sent: synAck},
	{from: "ESTABLISHED", got: fin, to: "CLOSE-WAIT", sent: ackOfFin},
	{from: "FIN-WAIT-1", got: fin, to: "CLOSING", sent: ackOfFin},
	{from: "FIN-WAIT-1", got: ackOfFin, to: "FIN-WAIT-2"},
	{from: "FIN-WAIT-1", got: fin + ackOfFin, to: "TIME-WAIT", sent: ackOfFin},
	{from: "FIN-WAIT-2", got: fin, to: "TIME-WAIT", sent: ackOfFin},
	{from: "CLOSING", got: ackOfFin, to: "TIME-WAIT"},
	{from: "LAST-ACK", got: ackOfFin, to: "CLOSED"},
}

func (Mctcp) Steps(dst []explore.Step[Diagram, string], s Diagram) []explore.Step[Diagram, string] {
	for p := range 2 {
		take := func(r rule) {
			to := s
			to.Box[p] = r.to
			to.TCB[p] = (s.TCB[p] || r.opens) && !r.deletes
			to.Net[p] = strings.TrimPrefix(s.Net[p], r.got)
			to.Net[1-p] += r.sent
			dst = append(dst, explore.Step[Diagram, string]{Action: r.name, To: to})
		}
		for _, rules := range [][]rule{userRules, segmentRules} {
			for _, r := range rules {
				if s.Box[p] == r.from && strings.HasPrefix(s.Net[p], r.got) {
					take(r)
				}
			}
		}
		if s.TCB[p] {
			if s.Box[p] == "TIME-WAIT" {
				take(rule{name: "2 MSL", to: "CLOSED", deletes: true})
			}
			take(rule{name: "reset", to: "TIME-WAIT", sent: rst})
		}
		if strings.HasPrefix(s.Net[p], rst) {
			take(rule{got: rst, to: "LISTEN"})
			take(rule{got: rst, to: "CLOSED"})
		}
	}
	return dst
}

// Within refuses another open and equal neighbours in a queue.
func (Mctcp) Within(_ Diagram, action string, to Diagram) bool {
	switch action {
	case "active open", "passive open", "send":
		return false
	}
	for _, queue := range to.Net {
		for i := 1; i < len(queue); i++ {
			if queue[i] == queue[i-1] {
				return false
			}
		}
	}
	return true
}
