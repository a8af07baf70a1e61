package model

import (
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestScripts runs the scripts in testdata. A script is a dialogue: a command, a
// line of four dashes, what the model answers.
//
//	go test ./model -run TestScripts -rewrite
//
// writes the answers of now into the scripts. Only commit the difference if you
// understand what caused it: the answers were checked against the RFC by hand,
// and -rewrite checks nothing.
func TestScripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	require.NoError(t, err)
	seen := newCoverage()
	ran := 0
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			s := script{seen: seen, marks: map[string]script{}}
			require.NoError(t, s.configure(""))
			datadriven.RunTest(t, file, func(t *testing.T, d *datadriven.TestData) string {
				return s.do(t, d)
			})
			ran++
		})
	}
	if ran == len(files) { // not if -run picked some
		seen.check(t)
	}
}

// A script is a system in a state, and what a script may go back to.
type script struct {
	sys   *System
	state State
	seen  *coverage
	marks map[string]script
}

// do carries out a command. Sides are a and b; the network of side a is the
// channel into which a sends; a packet's place is its number there, as show
// prints it. Numbers are as in the figures of RFC 9293: a's octets begin at 100,
// b's at 300.
func (s *script) do(t *testing.T, d *datadriven.TestData) string {
	var words []string
	for _, a := range d.CmdArgs {
		words = append(words, a.String())
	}
	arg := func(i int) string {
		if i >= len(words) {
			d.Fatalf(t, "%s: want more than %d words", d.Cmd, len(words))
		}
		return words[i]
	}
	var lines []string
	var err error
	switch d.Cmd {
	case "config":
		// A new system, both ends ESTABLISHED: the fields that differ from Default.
		// Example: config a-octets=0 loss=off time-wait-rst=ignored
		err = s.configure(strings.Join(words, " "))
	case "choose":
		// Other fields from here on, in the state of now.
		// Example: choose time-wait-restart=never
		err = s.choose(words)
	case "mark":
		// Give this moment a name.
		// Example: mark before the loss
		s.marks[strings.Join(words, " ")] = *s
	case "back":
		// Go back to a moment, its configuration included.
		// Example: back before the loss
		m, ok := s.marks[strings.Join(words, " ")]
		if !ok {
			d.Fatalf(t, "no mark %q", words)
		}
		*s = m
	case "endpoint":
		// Put an end into a state. Defaults: nothing written, nothing outstanding,
		// nothing received; one segment, if something is outstanding; the peer's
		// whole window, no timer. The fields are those of show, and cuts.
		// Example: endpoint a state=FIN-WAIT-1 written=101 snduna=100 sndnxt=102 cuts=(100, 101) rcvnxt=300 rto=1
		// Example: endpoint a state=ESTABLISHED unread=1 held=(302, 303) heldfin heldack=100 owes ackdelay=1
		err = s.endpoint(d.CmdArgs)
	case "arrive":
		// A segment reaches an end from nowhere. What is sent in reply is shown and
		// not put into the network.
		// Example: arrive b <SEQ=100><ACK=300><CTL=FIN,ACK>
		lines, err = s.arrive(arg(0), arg(1))
	case "call":
		// A user calls, or something happens to it: SEND, SEND (held), CLOSE, RECEIVE,
		// CLOSE (for good), ABORT, process dies, host crashes.
		// Example: call a CLOSE
		arg(1)
		lines, err = s.step(arg(0), func(a Action) bool {
			return a.Kind == Calls && a.Call.String() == strings.Join(words[1:], " ")
		})
	case "refused":
		// What TCP says to a call, whether or not the user of this configuration
		// would make it: an error, or ok. Nothing happens.
		// Example: refused a CLOSE
		arg(1)
		lines, err = s.refused(arg(0), strings.Join(words[1:], " "))
	case "deliver", "copy", "lose":
		// The network of a side delivers the packet at a place, delivers a copy of
		// it, or loses it.
		// Example: deliver a 0
		kind := map[string]Kind{"deliver": Deliveries, "copy": Copies, "lose": Losses}[d.Cmd]
		lines, err = s.step(arg(0), func(a Action) bool {
			return a.Kind == kind && strconv.Itoa(int(a.Place)) == arg(1)
		})
	case "timeout":
		// The timer that is due at a side fires, the first of several or the one that is
		// named.
		// Example: timeout a
		// Example: timeout a USER TIMEOUT
		arg(0)
		name := strings.Join(words[1:], " ")
		lines, err = s.step(arg(0), func(a Action) bool {
			return a.Kind == Timeouts && (name == "" || a.Timeout.String() == name)
		})
	case "tick":
		// Time goes on, by a tick or so many; where it leaps, by a leap or so many.
		// Example: tick 2
		n := 1
		if len(words) > 0 {
			n, err = strconv.Atoi(arg(0))
		}
		for ; n > 0 && err == nil; n-- {
			var more []string
			more, err = s.step("", func(a Action) bool { return a.Kind == Ticks })
			lines = append(lines, more...)
		}
	case "show":
		// Both ends, what is in transit, what the network may still do, and the
		// timeouts that are due.
		lines = s.show()
	case "actions":
		// Everything that can happen now.
		for _, a := range s.sys.Actions(nil, s.state) {
			lines = append(lines, actionText(a))
		}
		if len(lines) == 0 {
			lines = []string{"nothing"}
		}
	default:
		d.Fatalf(t, "unknown command %q", d.Cmd)
	}
	if err != nil {
		lines = append(lines, "error: "+err.Error())
	}
	if len(lines) == 0 {
		return "ok\n"
	}
	return strings.Join(lines, "\n") + "\n"
}

func (s *script) configure(text string) error {
	c, err := ParseConfig(text)
	if err != nil {
		return err
	}
	s.sys, err = NewSystem(c)
	s.state = s.sys.Init()
	return err
}

func (s *script) choose(words []string) error {
	c := s.sys.Config
	for _, w := range words {
		name, value, _ := strings.Cut(w, "=")
		f, err := FindField(name)
		if err != nil {
			return err
		}
		if err := f.Set(&c, value); err != nil {
			return err
		}
	}
	sys, err := NewSystem(c)
	if err == nil {
		s.sys = sys
	}
	return err
}

func parseSide(word string) (Side, error) {
	for _, side := range Sides {
		if side.String() == word {
			return side, nil
		}
	}
	return A, fmt.Errorf("side %q: want a or b", word)
}

func (s *script) endpoint(args []datadriven.CmdArg) error {
	side, err := parseSide(args[0].Key)
	if err != nil {
		return err
	}
	var t TCB
	cutsGiven, windowGiven := false, false
	own, peer := base[side], base[side.Peer()]
	for _, arg := range args[1:] {
		switch arg.Key {
		case "state":
			if t.State, err = ParseConnState(arg.Vals[0]); err != nil {
				return err
			}
			continue
		case "heldfin":
			t.HeldFin = true
			continue
		case "owes":
			t.Owes = true
			continue
		case "orphan":
			t.Orphan = true
			continue
		case "mini":
			t.Mini = true
			continue
		}
		for _, val := range arg.Vals {
			n := Never
			if val != "never" {
				if n, err = strconv.Atoi(val); err != nil {
					return err
				}
			}
			switch arg.Key {
			case "snduna":
				t.SndUna = Seq(n - own)
			case "sndnxt":
				t.SndNxt = Seq(n - own)
			case "written":
				t.Written = Seq(n - own)
			case "rcvnxt":
				t.RcvNxt = Seq(n - peer)
			case "queued":
				t.Queued = Seq(n - own)
			case "cuts":
				t.Cuts |= 1 << (n - own)
				cutsGiven = true
			case "sndwnd":
				t.SndWnd = WindowOf(uint8(n))
				windowGiven = true
			case "wl1":
				t.SndWl1 = Seq(n - peer)
			case "wl2":
				t.SndWl2 = Seq(n - own)
			case "unread":
				t.Unread = uint8(n)
			case "held":
				t.Held |= 1 << (n - peer)
			case "heldack":
				t.HeldAck = Seq(n - own)
			case "rtx":
				t.Rtx = uint8(n)
			case "probes":
				t.Probes = uint8(n)
			case "rto":
				t.Rto = uint16(n)
			case "wait":
				t.Wait = uint16(n)
			case "ackdelay":
				t.AckDelay = uint16(n)
			case "idle":
				t.Idle = uint16(n)
			case "user":
				t.User = uint16(n)
			default:
				return fmt.Errorf("endpoint: no field %s", arg.Key)
			}
		}
	}
	if !cutsGiven && t.Outstanding() {
		t.Cuts = 1 << t.SndUna
	}
	if !windowGiven && t.State != Closed && !t.FinAcked() {
		t.SndWnd = s.sys.Stack(side).PeerWindow
	}
	s.state.Ends[side] = t
	return nil
}

// refused is TCP's answer to the call with that name.
func (s *script) refused(word, name string) ([]string, error) {
	side, err := parseSide(word)
	if err != nil {
		return nil, err
	}
	for c := range numCalls {
		if c.String() == name {
			why := s.sys.Stack(side).Refusal(s.state.Ends[side], c)
			s.seen.note(s.sys.Config, side, func(k Stack) (TCB, Effect) { // that it is refused is an outcome, too
				if k.Refusal(s.state.Ends[side], c) != "" {
					return TCB{}, Effect{}
				}
				return s.state.Ends[side], Effect{}
			})
			if why == "" {
				why = "ok"
			}
			return []string{why}, nil
		}
	}
	return nil, fmt.Errorf("no call %q", name)
}

func (s *script) arrive(word, text string) ([]string, error) {
	side, err := parseSide(word)
	if err != nil {
		return nil, err
	}
	g, from, err := ParseSegment(text)
	if err != nil {
		return nil, err
	}
	if from == side {
		return nil, fmt.Errorf("%s is %s's own", text, side)
	}
	before := s.state.Ends[side]
	event := func(k Stack) (TCB, Effect) { return k.SegmentArrives(before, g) }
	s.seen.note(s.sys.Config, side, event)
	after, e := event(s.sys.Stack(side))
	s.state.Ends[side] = after
	return effectText(side, before, after, e), nil
}

// step does the possible action of side that pick picks.
func (s *script) step(word string, pick func(Action) bool) ([]string, error) {
	var side Side
	if word != "" {
		var err error
		if side, err = parseSide(word); err != nil {
			return nil, err
		}
	}
	var chosen Action
	found := false
	s.sys.candidates(s.state, func(a Action) {
		if a.Side == side && pick(a) && !found {
			chosen, found = a, true
		}
	})
	if !found {
		return nil, errors.New("impossible")
	}
	o, ok := s.sys.Step(s.state, chosen)
	if !ok {
		return nil, errors.New("impossible" + s.why(chosen))
	}
	if o.Overflow {
		return nil, errors.New("cut: no room in the network")
	}
	before := s.state
	s.state = o.To
	var lines []string
	if o.Moved {
		s.seen.note(s.sys.Config, o.Mover, event(before, chosen))
		lines = effectText(o.Mover, before.Ends[o.Mover], o.To.Ends[o.Mover], o.Effect)
	}
	for _, side := range Sides {
		for _, p := range o.Gone[side].List() {
			lines = append(lines, "gone: "+packetText(side, p))
		}
	}
	if o.Elapsed > 1 {
		lines = append(lines, fmt.Sprintf("%d ticks", o.Elapsed))
	}
	if before.Left != o.To.Left {
		lines = append(lines, s.hostAfter())
	}
	return lines, nil
}

// event returns what happens to the endpoint that a moves, under other rules.
func event(s State, a Action) func(Stack) (TCB, Effect) {
	return func(k Stack) (TCB, Effect) {
		switch a.Kind {
		case Calls:
			return k.Call(s.Ends[a.Side], a.Call)
		case Timeouts:
			return k.Timeout(s.Ends[a.Side], a.Timeout)
		default:
			return k.Arrives(s.Ends[a.Side.Peer()], a.Packet.Segment, a.Packet.Of)
		}
	}
}

// why is the reason for which a is refused, as far as there is one to tell.
func (s *script) why(a Action) string {
	if a.Kind != Ticks {
		return ": the network may not"
	}
	if due := s.due(); len(due) > 0 {
		return ": due: " + strings.Join(due, ", ")
	}
	for _, c := range s.state.Nets {
		if c.N > 0 {
			return ": a packet would be lost"
		}
	}
	return ": nothing waits for time to pass"
}

func (s *script) due() (list []string) {
	for _, side := range Sides {
		for _, which := range s.sys.Stack(side).Due(nil, s.state.Ends[side]) {
			list = append(list, side.String()+" "+which.String())
		}
	}
	return list
}

func (s *script) show() (lines []string) {
	for _, side := range Sides {
		lines = append(lines, side.String()+" "+tcbText(side, s.state.Ends[side]))
	}
	for _, side := range Sides {
		for i, p := range s.state.Nets[side].List() {
			lines = append(lines, fmt.Sprintf("%s %d: %s", side, i, packetText(side, p)))
		}
	}
	if left := s.hostAfter(); left != "" {
		lines = append(lines, left)
	}
	if due := s.due(); len(due) > 0 {
		lines = append(lines, "due: "+strings.Join(due, ", "))
	}
	return lines
}

// left returns what the network may still do, of what is counted.
func (s *script) hostAfter() string {
	var words []string
	add := func(l Limit, what string, n uint8) {
		if l != Unlimited {
			words = append(words, fmt.Sprintf("%s %d", what, n))
		}
	}
	add(s.sys.Config.Loss, "losses", s.state.Left.Losses)
	add(s.sys.Config.Duplicate, "duplicates", s.state.Left.Duplicates)
	add(s.sys.Config.Reorder, "overtakes", s.state.Left.Overtakes)
	if words == nil {
		return ""
	}
	return "left: " + strings.Join(words, ", ")
}

// tcbText is t without what is zero, or says nothing in its state.
func tcbText(side Side, t TCB) string {
	own, peer := base[side], base[side.Peer()]
	text := t.State.String()
	add := func(yes bool, format string, args ...any) {
		if yes {
			text += " " + fmt.Sprintf(format, args...)
		}
	}
	ticks := func(n uint16) string {
		if n == Never {
			return "never"
		}
		return strconv.Itoa(int(n))
	}
	add(t.State != Closed, "snduna=%d sndnxt=%d written=%d rcvnxt=%d",
		own+int(t.SndUna), own+int(t.SndNxt), own+int(t.Written), peer+int(t.RcvNxt))
	add(t.First > 1, "first=%d", own+int(t.First))
	add(t.Recent != 0, "recent=%d", t.Recent)
	add(t.Passive, "passive")
	add(t.Reused != (Replaced{}), "reused")
	add(t.Quiet != 0, "quiet=%d", t.Quiet)
	add(t.Queued != 0, "queued=%d", own+int(t.Queued))
	add(t.SndWnd != Wide, "sndwnd=%d wl1=%d wl2=%d", t.SndWnd.Size(), peer+int(t.SndWl1), own+int(t.SndWl2))
	add(t.Unread != 0, "unread=%d", t.Unread)
	add(t.Broken, "broken")
	if t.Held != 0 {
		var held []string
		for n := range maxSeq {
			if t.Held>>n&1 != 0 {
				held = append(held, strconv.Itoa(peer+n))
			}
		}
		add(true, "held=(%s)", strings.Join(held, ", "))
		add(t.HeldFin, "heldfin")
		add(true, "heldack=%d", own+int(t.HeldAck))
	}
	add(t.Owes, "owes ackdelay=%s", ticks(t.AckDelay))
	add(t.Orphan, "orphan")
	add(t.Mini, "mini")
	add(t.Outstanding() || t.Rtx > 0, "rtx=%d", t.Rtx)
	add(t.Outstanding() || t.Blocked(), "rto=%s", ticks(t.Rto))
	add(t.State == TimeWait || t.Wait != 0, "wait=%s", ticks(t.Wait))
	add(t.Idle != 0 || t.Probes != 0, "probes=%d idle=%d", t.Probes, t.Idle)
	add(t.User != 0, "user=%d", t.User)
	add(t.Throttle != 0, "throttle=%d", t.Throttle)
	return text
}

func packetText(from Side, p Packet) string {
	text := fmt.Sprintf("%s age %d", p.Text(from), p.Age)
	if p.Spare {
		text += ", spare"
	}
	return text
}

func actionText(a Action) string {
	switch a.Kind {
	case Calls:
		return fmt.Sprintf("call %s %s", a.Side, a.Call)
	case Timeouts:
		return fmt.Sprintf("timeout %s: %s", a.Side, a.Timeout)
	case Ticks:
		return "tick"
	}
	return fmt.Sprintf("%s %s %d: %s", a.Kind, a.Side, a.Place, packetText(a.Side, a.Packet))
}

// effectText says what an endpoint did.
func effectText(side Side, before, after TCB, e Effect) []string {
	head := side.String() + " " + before.State.String()
	if before.State != after.State {
		head += " -> " + after.State.String()
	}
	lines := []string{head}
	if e.Sent != (Segment{}) {
		lines = append(lines, "  sends "+e.Sent.Text(side))
	}
	if e.Delivered > 0 {
		lines = append(lines, fmt.Sprintf("  delivers %d", e.Delivered))
	}
	if e.Told != 0 {
		lines = append(lines, "  tells "+e.Told.String())
	}
	if e.TimeWait && after.Wait == Never {
		lines = append(lines, "  waits forever")
	} else if e.TimeWait {
		lines = append(lines, fmt.Sprintf("  waits %d ticks", after.Wait))
	}
	if e.Clauses != (Clauses{}) {
		lines = append(lines, "  by "+e.Clauses.String())
	}
	return lines
}

// A coverage is what the scripts have gone through, together.
type coverage struct {
	clauses Clauses
	// mattered: an event in some script had another outcome by the first, chosen,
	// than it has by some alternative.
	mattered map[Decision]map[Choice]bool
	// shown: an event in some script had another outcome by the fault.
	shown [NumFaults]bool
}

func newCoverage() *coverage {
	c := &coverage{mattered: map[Decision]map[Choice]bool{}}
	for d := range NumDecisions {
		c.mattered[d] = map[Choice]bool{}
	}
	return c
}

// note records an event at side of a system of c.
func (v *coverage) note(c Config, side Side, event func(Stack) (TCB, Effect)) {
	after, e := event(c.Stack(side))
	if c.Fault != NoFault {
		right := c
		right.Fault = NoFault
		if after2, e2 := event(right.Stack(side)); after2 != after || e2 != e {
			v.shown[c.Fault] = true
		}
		return // what a fault does says nothing of clauses and decisions
	}
	v.clauses = v.clauses.Union(e.Clauses)
	for d := range NumDecisions {
		for alternative := range d.Info().Alternatives {
			other := c
			other.Ends[side].Choices[d] = Choice(alternative)
			if after2, e2 := event(other.Stack(side)); after2 != after || e2 != e {
				v.mattered[d][c.Ends[side].Choices[d]] = true
			}
		}
	}
}

func (v *coverage) check(t *testing.T) {
	var clauses, alternatives, faults []string
	for _, f := range Faults()[1:] {
		if !v.shown[f] {
			faults = append(faults, f.String())
		}
	}
	for c := range NumClauses {
		if !v.clauses.Has(c) {
			clauses = append(clauses, c.String())
		}
	}
	for d := range NumDecisions {
		for i, a := range d.Info().Alternatives {
			if !v.mattered[d][Choice(i)] {
				alternatives = append(alternatives, d.String()+"="+a.Name)
			}
		}
	}
	assert.Empty(t, faults, "no script shows what these faults do")
	assert.Empty(t, clauses, "no script goes through these clauses")
	assert.Empty(t, alternatives, "no script shows what these alternatives do")
}
