package explorer

import (
	"strings"

	"tcpclose/internal/lang"
	"tcpclose/model"
)

// A path is the events of a run, one behind the other, each a few letters long: "k" is a
// tick, "cac" is that a's user calls CLOSE, "da0" that the packet at place 0 of what a
// has sent is delivered. An address has it as it is, so it has letters and digits only.

// maxEvents limits the events of a path.
const maxEvents = 20_000

// kindLetters are the letters of the kinds of events, in the model's order.
const kindLetters = "ctdylxk"

// callLetters are those of calls, timeoutLetters of timeouts, boxLetters of what a box
// does, each in the model's order.
const (
	callLetters    = "shcrfadxop"
	timeoutLetters = "rwpdfku"
	boxLetters     = "evr"
)

// token returns how a path has an action.
func token(a model.Action) string {
	kind := kindLetters[a.Kind : a.Kind+1]
	side := a.Side.String()
	switch a.Kind {
	case model.Calls:
		return kind + side + callLetters[a.Call:a.Call+1]
	case model.Timeouts:
		return kind + side + timeoutLetters[a.Timeout:a.Timeout+1]
	case model.Deliveries, model.Copies, model.Losses:
		return kind + side + string(rune('0'+a.Place))
	case model.Boxes:
		return kind + boxLetters[a.Act:a.Act+1]
	}
	return kind
}

// tokens splits a path into its events.
func tokens(path string) (list []string, err error) {
	for rest := path; rest != ""; {
		n := 3
		switch rest[0] {
		case 'k':
			n = 1
		case 'x':
			n = 2
		}
		if !strings.Contains(kindLetters, rest[:1]) || len(rest) < n {
			return nil, lang.Errorf("event %d of the path is not one: want events as %s", len(list)+1, "cac, da0, k")
		}
		if list = append(list, rest[:n]); len(list) > maxEvents {
			return nil, lang.Errorf("the path has more than %d events", maxEvents)
		}
		rest = rest[n:]
	}
	return list, nil
}

// action returns the action that an event of a path is in a state; ok is false if it is
// none, whether or not it could happen.
func action(event string, s *model.State) (a model.Action, ok bool) {
	a.Kind = model.Kind(strings.IndexByte(kindLetters, event[0]))
	index := func(letters string, at int) int { return strings.IndexByte(letters, event[at]) }
	if a.Kind == model.Ticks {
		return a, true
	}
	if a.Kind == model.Boxes {
		i := index(boxLetters, 1)
		a.Act = model.BoxAct(max(i, 0))
		return a, i >= 0
	}
	switch event[1] {
	case 'a':
	case 'b':
		a.Side = model.B
	default:
		return a, false
	}
	i := -1
	switch a.Kind {
	case model.Calls:
		i = index(callLetters, 2)
		a.Call = model.Call(max(i, 0))
	case model.Timeouts:
		i = index(timeoutLetters, 2)
		a.Timeout = model.Timeout(max(i, 0))
	default:
		i = int(event[2]) - '0'
		if i < 0 || i >= int(s.Nets[a.Side].N) {
			return a, false
		}
		a.Place, a.Packet = uint8(i), s.Nets[a.Side].Packets[i]
	}
	return a, i >= 0
}
