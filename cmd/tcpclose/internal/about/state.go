package about

import (
	"fmt"
	"slices"
	"strings"

	"tcpclose/claims"
	"tcpclose/cmd/tcpclose/internal/screen"
	"tcpclose/invariants"
	"tcpclose/model"
	"tcpclose/profile"
)

func stateNames() (names []string) {
	for s := model.Closed; s <= model.TimeWait; s++ {
		names = append(names, s.String())
	}
	return names
}

// matchState matches as the RFC, Linux, ss and netstat write states: CLOSE-WAIT,
// CLOSE_WAIT, FIN_WAIT2, ESTAB.
func matchState(word string) string {
	is := squeezed(word)
	for s := model.Closed; s <= model.TimeWait; s++ {
		if is == squeezed(s.String()) || is == squeezed(ssNames[s]) || is == squeezed(profile.Name(s)) && s != model.Closed {
			return s.String()
		}
	}
	if is == "estab" {
		return model.Established.String()
	}
	return ""
}

// squeezed is a name in lower case, without what may stand between its words.
func squeezed(name string) string {
	return strings.NewReplacer("-", "", "_", "", " ", "").Replace(strings.ToLower(name))
}

// means contains the meanings of the states (RFC 9293, 3.3.2), in our words.
var means = map[model.ConnState]string{
	model.Closed:      "There is no connection.",
	model.Listen:      "This end waits for any peer to call.",
	model.SynSent:     "This end has called, and waits for a SYN and for the acknowledgement of its own.",
	model.SynReceived: "This end has had a SYN and sent one, and waits for its acknowledgement.",
	model.Established: "The connection is open: data goes both ways.",
	model.FinWait1:    "This end has closed first, and waits for the acknowledgement of its FIN, or for the peer's FIN.",
	model.FinWait2:    "This end has closed, its FIN was acknowledged, and it waits for the peer's FIN.",
	model.CloseWait:   "The peer has closed, and this end waits for its own user to close.",
	model.Closing:     "Both ends have closed at once, and this one waits for the acknowledgement of its FIN.",
	model.LastAck:     "The peer has closed, this end has closed after it, and waits for the acknowledgement of its FIN.",
	model.TimeWait:    "Both ends have closed, and this one waits until nothing of the connection can be left in the network.",
}

// ssNames is how ss calls the states.
var ssNames = map[model.ConnState]string{
	model.Closed: "closed", model.Listen: "listening", model.SynSent: "syn-sent", model.SynReceived: "syn-recv", model.Established: "established",
	model.FinWait1: "fin-wait-1", model.FinWait2: "fin-wait-2", model.CloseWait: "close-wait", model.Closing: "closing",
	model.LastAck: "last-ack", model.TimeWait: "time-wait",
}

func statePage(name string) *Page {
	state, err := model.ParseConnState(name)
	if err != nil {
		panic(err) // of stateNames
	}
	p := &Page{Name: name, Kind: "connection state", Says: means[state]}
	if other := profile.Name(state); other != name {
		p.Kind += "; Linux: " + other
	}
	p.add(arrows("Entered from", func(a *invariants.Arrow) (of, other model.ConnState) { return a.To, a.From }, state))
	p.add(arrows("Left for", func(a *invariants.Arrow) (of, other model.ConnState) { return a.From, a.To }, state))

	p.add(lengths(state))
	p.add(checked(name, strings.ReplaceAll(name, "-", "_")))

	look := Section{Title: "Where to look, and what shows it"}
	if state != model.Closed {
		look.command("ss", "-tanop", "state", ssNames[state])
	}
	end, on := "a", "no-data"
	if state == model.CloseWait || state == model.LastAck {
		end = "b"
	}
	if state < model.Established && state != model.Closed {
		on = "open"
	}
	look.command("tcpclose", "find", screen.Quoted(fmt.Sprintf("%s.state == %s", end, name)), on)
	if len(staysOf(state)) > 1 {
		look.command("tcpclose", "profile", "linux", "-host")
	}
	p.add(look)
	return p
}

// lengths tells for how long an end can be in a state. Those by whom it is the same share a
// row.
func lengths(state model.ConnState) Section {
	section := Section{Title: "How long it can last, whatever is lost and whenever the users close"}
	var rows [][]string
	for _, s := range staysOf(state) {
		ends := s.Ends
		if !s.Unbounded && !strings.ContainsAny(ends, "_,") { // no timer: it was the last moment for a segment
			ends = ""
		}
		if n := len(rows) - 1; n >= 0 && rows[n][1] == s.text() && rows[n][2] == ends {
			rows[n][0] = shared(rows[n][0], s.By)
			continue
		}
		rows = append(rows, []string{s.By, s.text(), ends})
	}
	for _, row := range rows {
		section.row(row[0], row[1], row[2])
	}
	return section
}

// shared is by whom two rows are that say the same.
func shared(x, y string) string {
	stack, _, _ := strings.Cut(y, ", ")
	if other, _, _ := strings.Cut(x, ", "); other == stack || strings.HasSuffix(other, " and "+stack) {
		return other // however the user closes
	}
	return x + " and " + stack
}

// text returns the length of the stay.
func (s *Stay) text() string {
	switch {
	case s.Unbounded:
		return "unbounded"
	case s.Least > 0:
		return profile.Seconds(s.Least) + " to " + profile.Seconds(s.Greatest)
	}
	return "at most " + profile.Seconds(s.Greatest)
}

// arrows is the changes of state of which one end is state: the other end, with its
// causes.
func arrows(title string, ends func(*invariants.Arrow) (of, other model.ConnState), state model.ConnState) Section {
	section := Section{Title: title}
	var others []model.ConnState
	causes := map[model.ConnState][]string{}
	for _, a := range slices.Concat(invariants.Figure5, invariants.FurtherArrows) {
		of, other := ends(&a)
		if of != state {
			continue
		}
		if !slices.Contains(others, other) {
			others = append(others, other)
		}
		if !slices.Contains(causes[other], a.Cause) {
			causes[other] = append(causes[other], a.Cause)
		}
	}
	for _, other := range others {
		section.row(named(other.String()), strings.Join(causes[other], "; "))
	}
	return section
}

// checked returns what the checked claims say about words: the sentences that runs show
// to be right, those first that begin with a word.
func checked(words ...string) Section {
	section := Section{Title: "Checked by runs", More: "tcpclose claims " + screen.Quoted(words[len(words)-1])}
	type found struct {
		claim *claims.Claim
		at    int
	}
	var list []found
	for i := range claims.Claims {
		c := &claims.Claims[i]
		at := -1
		for _, word := range words {
			if n := strings.Index(c.Right.EN, word); n >= 0 && (at < 0 || n < at) {
				at = n
			}
		}
		if at >= 0 && !slices.ContainsFunc(list, func(f found) bool { return f.claim.Right == c.Right }) {
			list = append(list, found{c, at})
		}
	}
	slices.SortStableFunc(list, func(x, y found) int { return x.at - y.at })
	for _, f := range list {
		section.row(named(f.claim.ID), f.claim.Right.EN)
	}
	return section
}
