package trace

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"

	"tcpclose/box"
	"tcpclose/internal/lang"
	"tcpclose/model"
)

// Version is that of the JSON form. It changes when what was written before can no
// longer be read.
const Version = 1

// maxEvents is the greatest number of events of a trace that is read.
const maxEvents = 100_000

// A File is the JSON form of a trace. See docs/traces.md.
type File struct {
	Format     string            `json:"format"` // "tcpclose trace"
	Version    int               `json:"version"`
	About                        // optional, and not looked at
	Config     map[string]string `json:"config"`            // fields as the flags take them; one that is missing has its default
	Counted    bool              `json:"counted,omitempty"` // the network counts: see model.System.Counted
	Loop       *int              `json:"loop,omitempty"`    // how many events come before those that are repeated forever; all: it rests
	Inevitable int               `json:"doomed,omitempty"`  // the first event after which what is shown can no longer be avoided; 0 if it is the last, or not known
	Box        string            `json:"box,omitempty"`     // the text of the box, unless it is built in
	Events     []FileEvent       `json:"events"`
}

// A FileEvent is what happens, and what is said to come of it.
type FileEvent struct {
	Event   string `json:"event"`             // call, timeout, deliver, duplicate, lose, tick
	Side    string `json:"side,omitempty"`    // of a call or a timeout whose it is, of a segment who sent it
	What    string `json:"what,omitempty"`    // the call or the timeout
	Segment string `json:"segment,omitempty"` // what is delivered or lost, as in RFC 9293's figures
	Age     int    `json:"age,omitempty"`     // ticks since it was sent
	Copy    bool   `json:"copy,omitempty"`    // it has been delivered before
	Place   int    `json:"place,omitempty"`   // how many packets are ahead of it in its channel
	Of      *Of    `json:"of,omitempty"`      // to which connection it belongs, where there are several
	Behind  bool   `json:"behind,omitempty"`  // it has come by the box

	Outcome *FileOutcome `json:"outcome,omitempty"` // if it is there, it is compared
}

// An Of is to which of the connections of its sender a segment belongs, and to which
// of its peer's it speaks: 1, 2 and so on, 0 for none.
type Of struct {
	From uint8 `json:"from"`
	To   uint8 `json:"to"`
}

// A FileOutcome is what comes of an event.
type FileOutcome struct {
	Time int    `json:"time"` // ticks since the start
	A    string `json:"a"`    // the connection states
	B    string `json:"b"`
	Sent string `json:"sent,omitempty"` // a segment
	Told string `json:"told,omitempty"` // what the user is told
	// ToNobody: there is no user to be told. It follows from the states, and is not compared.
	ToNobody bool     `json:"told_to_nobody,omitempty"`
	Clauses  []string `json:"clauses,omitempty"`
	Box      *FileBox `json:"box,omitempty"` // if it does something
}

// A FileBox is what the box does in an event.
type FileBox struct {
	Does  string `json:"does"`            // passes, drops or resets what has arrived; expire, evict, restart
	State string `json:"state"`           // as the box names it; "-" if it has no entry
	Left  *int   `json:"left,omitempty"`  // ticks until the entry expires, if it does
	Sent  string `json:"sent,omitempty"`  // an RST that seems to be from a
	SentB string `json:"sentb,omitempty"` // one that seems to be from b
}

const fileFormat = "tcpclose trace"

// JSON writes the run so that Read reads it back.
func (s *Story) JSON(w io.Writer) error {
	f := File{Format: fileFormat, Version: Version, About: s.About, Config: map[string]string{}, Counted: s.Counted, Inevitable: s.Inevitable, Events: []FileEvent{}}
	for _, field := range s.Config.Fields() {
		f.Config[field.Name] = field.Get(s.Config)
	}
	if b := s.Config.Between.Box; b != nil && !b.IsBuiltin() {
		f.Box = b.Text()
	}
	if s.Loop >= 0 {
		f.Loop = &s.Loop
	}
	for i := range s.Events {
		f.Events = append(f.Events, s.fileEvent(i))
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(f)
}

func (s *Story) fileEvent(i int) FileEvent {
	a := s.Events[i].Action
	e := FileEvent{Event: a.Kind.String(), Outcome: s.fileOutcome(i)}
	switch a.Kind {
	case model.Calls:
		e.Side, e.What = a.Side.String(), a.Call.String()
	case model.Timeouts:
		e.Side, e.What = a.Side.String(), a.Timeout.String()
	case model.Boxes:
		e.What = a.Act.String()
	case model.Deliveries, model.Copies, model.Losses:
		e.Behind = a.Packet.Behind
		e.Side, e.Segment = a.Side.String(), a.Packet.Text(a.Side)
		e.Age, e.Copy, e.Place = int(a.Packet.Age), a.Packet.Spare, int(a.Place)
		if of := a.Packet.Of; of != (model.Tag{}) {
			e.Of = &Of{of.From, of.To}
		}
	}
	return e
}

func (s *Story) fileOutcome(i int) *FileOutcome {
	f := outcome(s.box, s.Events[i].Action, &s.Events[i].Outcome, s.Times[i+1])
	f.ToNobody = s.ToNobody(i)
	return f
}

func outcome(w *model.Watcher, a model.Action, o *model.Outcome, time int) *FileOutcome {
	f := &FileOutcome{Time: time, A: o.To.Ends[model.A].State.String(), B: o.To.Ends[model.B].State.String(), Told: o.Effect.Told.String()}
	if g := o.Effect.Sent; g != (model.Segment{}) {
		f.Sent = g.Text(o.Mover)
	}
	for _, c := range o.Effect.Clauses.List() {
		f.Clauses = append(f.Clauses, c.String())
	}
	if o.Box.Acts {
		f.Box = &FileBox{Does: o.Box.Verdict.String(), State: w.State(o.To.Box.Entry)}
		if a.Kind == model.Boxes {
			f.Box.Does = a.Act.String()
		}
		if left := w.Deadline(o.To.Box.Entry); left != model.Never {
			n := int(left)
			f.Box.Left = &n
		}
		for side, to := range [2]*string{&f.Box.Sent, &f.Box.SentB} {
			if g := o.Box.Resets[side]; g != (model.Segment{}) {
				*to = g.Text(model.Side(side))
			}
		}
	}
	return f
}

// Read reads the JSON form of a trace. What it returns is well-formed; whether it
// can happen is Replay's to say.
func Read(text []byte) (*File, error) {
	var f File
	var head struct {
		Format  string `json:"format"`
		Version int    `json:"version"`
	}
	if err := json.Unmarshal(text, &head); err != nil {
		return nil, misread(err, text)
	}
	if head.Format != fileFormat {
		return nil, lang.Errorf("format %q: want %q", head.Format, fileFormat)
	}
	if head.Version != Version {
		return nil, lang.Errorf("version %d: want %d", head.Version, Version)
	}
	// Events are read one by one, so that a mistake in one names it.
	outer := struct {
		*File
		Events []json.RawMessage `json:"events"`
	}{File: &f}
	if err := strictly(text, &outer); err != nil {
		return nil, misread(err, text)
	}
	if len(outer.Events) > maxEvents {
		return nil, lang.Errorf("%d events: want at most %d", len(outer.Events), maxEvents)
	}
	for i, event := range outer.Events {
		var e FileEvent
		if err := strictly(event, &e); err != nil {
			return nil, lang.Errorf("event %d: %w", i+1, misread(err, event))
		}
		f.Events = append(f.Events, e)
	}
	if f.Loop != nil && (*f.Loop < 0 || *f.Loop > len(f.Events)) {
		return nil, lang.Errorf("loop %d: want 0 to %d, the number of events", *f.Loop, len(f.Events))
	}
	if f.Inevitable < 0 || f.Inevitable > 0 && f.Inevitable >= len(f.Events) {
		return nil, lang.Errorf("doomed %d: want an event before the last, which is %d", f.Inevitable, len(f.Events))
	}
	if _, err := f.config(); err != nil {
		return nil, err
	}
	for i := range f.Events {
		if _, err := f.Events[i].action(); err != nil {
			return nil, lang.Errorf("event %d: %w", i+1, err)
		}
	}
	return &f, nil
}

// strictly decodes text, which has to have no fields that v has not.
func strictly(text []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	return d.Decode(v)
}

// misread returns an error of decoding text in words of a trace: which field has a
// value of another kind, or in which line the text is no JSON.
func misread(err error, text []byte) error {
	if e, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		want := map[reflect.Kind]string{
			reflect.Int: "a number", reflect.Uint8: "a number from 0 to 255", reflect.String: "a text in quotes", reflect.Bool: "true or false",
			reflect.Struct: "an object in braces", reflect.Map: "an object in braces", reflect.Slice: "a list in brackets",
		}[e.Type.Kind()]
		field := e.Field
		if i := strings.LastIndexByte(field, '.'); i >= 0 {
			field = field[i+1:]
		}
		if field == "" {
			return lang.Errorf("it is a %s: want %s", e.Value, want)
		}
		return lang.Errorf("field %q is a %s: want %s", field, e.Value, want)
	}
	if e, ok := errors.AsType[*json.SyntaxError](err); ok {
		line := 1 + bytes.Count(text[:min(int(e.Offset), len(text))], []byte("\n"))
		return lang.Errorf("not JSON as a trace has it, in line %d: %w", line, err)
	}
	return err
}

// config is the configuration of the trace.
func (f *File) config() (model.Config, error) {
	c := model.Default()
	if f.Box != "" {
		if err := knowBox(f.Box); err != nil {
			return c, lang.Errorf("box: %w", err)
		}
	}
	known := 0
	for _, field := range model.Fields {
		if text, given := f.Config[field.Name]; given {
			known++
			if err := field.Set(&c, text); err != nil {
				return c, lang.Errorf("config: %w", err)
			}
		}
	}
	if known < len(f.Config) {
		for name := range f.Config {
			if _, err := model.FindField(name); err != nil {
				return c, lang.Errorf("config: %w", err)
			}
		}
	}
	if err := c.Validate(); err != nil {
		return c, lang.Errorf("config: %w", err)
	}
	return c, nil
}

// knowBox makes the box of that text known.
func knowBox(text string) error {
	b, err := box.Read(strings.NewReader(text))
	if err != nil {
		return err
	}
	_, err = box.Know(b)
	return err
}

// String returns what the box does.
func (b *FileBox) String() string {
	if b == nil {
		return ""
	}
	left := ""
	if b.Left != nil {
		left = fmt.Sprintf(", %d left", *b.Left)
	}
	return strings.TrimSpace(fmt.Sprintf("%s, %s%s %s %s", b.Does, b.State, left, b.Sent, b.SentB))
}

// action returns what the event says that happens.
func (e *FileEvent) action() (a model.Action, err error) {
	if a.Kind, err = model.ParseKind(e.Event); err != nil {
		return a, err
	}
	if a.Kind == model.Ticks || a.Kind == model.Boxes {
		if e.Side != "" {
			return a, lang.Errorf("side %q: a %s has none", e.Side, e.Event)
		}
	} else if a.Side, err = model.ParseSide(e.Side); err != nil {
		return a, err
	}
	speaks := a.Kind == model.Deliveries || a.Kind == model.Copies || a.Kind == model.Losses
	does := a.Kind == model.Calls || a.Kind == model.Timeouts || a.Kind == model.Boxes
	switch {
	case !does && e.What != "":
		return a, lang.Errorf("what %q: only a call or a timeout has it", e.What)
	case !speaks && (e.Segment != "" || e.Age != 0 || e.Copy || e.Place != 0 || e.Of != nil || e.Behind):
		return a, lang.Errorf("a %s has no segment, age, copy, place or of", e.Event)
	}
	switch a.Kind {
	case model.Calls:
		a.Call, err = model.ParseCall(e.What)
	case model.Timeouts:
		a.Timeout, err = model.ParseTimeout(e.What)
	case model.Boxes:
		a.Act, err = model.ParseBoxAct(e.What)
	case model.Deliveries, model.Copies, model.Losses:
		a.Packet.Behind = e.Behind
		var from model.Side
		a.Packet.Segment, from, err = model.ParseSegment(e.Segment)
		switch {
		case err != nil:
		case from != a.Side:
			err = lang.Errorf("segment %q: its number is one of %s's, and side is %s", e.Segment, from, a.Side)
		case e.Age < 0 || e.Age >= model.Never:
			err = lang.Errorf("age %d: want 0 to %d", e.Age, model.Never-1)
		case e.Place < 0 || e.Place >= model.MaxCapacity:
			err = lang.Errorf("place %d: want 0 to %d", e.Place, model.MaxCapacity-1)
		}
		a.Packet.Age, a.Packet.Spare, a.Place = uint16(e.Age), e.Copy, uint8(e.Place)
		if e.Of != nil {
			a.Packet.Of = model.Tag(*e.Of)
		}
	}
	return a, err
}

// A Departure is where a trace departs from the model.
type Departure struct {
	Event int // from 1
	Why   string
}

func (d *Departure) Error() string { return fmt.Sprintf("event %d %s", d.Event, d.Why) }

// Replay runs the trace through the model. The error is a *Departure if the model
// goes another way than the trace says; then the story is of the run so far.
func (f *File) Replay() (*Story, error) {
	c, err := f.config()
	if err != nil {
		return nil, err
	}
	t := &Trace{Config: c, Counted: f.Counted, Loop: -1}
	y, err := t.System()
	if err != nil {
		return nil, err
	}
	s := y.Init()
	t.States = append(t.States, s)
	departs := func(event int, format string, args ...any) (*Story, error) {
		story, err := NewStory(t, f.About)
		return story, cmp.Or[error](err, &Departure{event, fmt.Sprintf(format, args...)})
	}
	time := 0
	for i := range f.Events {
		e := &f.Events[i]
		a, err := e.action()
		if err != nil {
			return nil, lang.Errorf("event %d: %w", i+1, err)
		}
		o, ok := y.Step(s, a)
		if !ok || o.Overflow {
			return departs(i+1, "cannot happen: %s", why(y, &s, a, ok))
		}
		time += int(o.Elapsed)
		if claimed := e.Outcome; claimed != nil {
			if what, says, is := claimed.differs(outcome(y.Box(), a, &o, time)); what != "" {
				return departs(i+1, "comes out otherwise: of %s the trace says %s, the model %s", what, says, is)
			}
		}
		t.Events = append(t.Events, Event{Action: a, Outcome: o})
		t.States = append(t.States, o.To)
		s = o.To
	}
	if f.Loop != nil {
		switch loop := *f.Loop; {
		case s != t.States[loop]:
			return departs(len(f.Events), "does not lead back to where event %d began", loop+1)
		case loop == len(f.Events) && len(y.Actions(nil, s)) > 0:
			return departs(len(f.Events), "is not the last that can happen: the run does not rest there")
		}
		t.Loop = *f.Loop
	}
	t.Inevitable = f.Inevitable
	return NewStory(t, f.About)
}

// differs returns the first thing in which two outcomes differ, and what each says.
func (o *FileOutcome) differs(is *FileOutcome) (what, says, does string) {
	or := func(text string) string {
		if text == "" {
			return "nothing"
		}
		return text
	}
	for _, x := range []struct{ what, says, is string }{
		{"the time", fmt.Sprint(o.Time), fmt.Sprint(is.Time)},
		{"a's state", o.A, is.A}, {"b's state", o.B, is.B},
		{"what is sent", o.Sent, is.Sent}, {"what the user is told", o.Told, is.Told},
		{"the box", fmt.Sprint(o.Box), fmt.Sprint(is.Box)},
		{"the clauses", fmt.Sprint(o.Clauses), fmt.Sprint(is.Clauses)},
	} {
		if x.says != x.is {
			return x.what, or(x.says), or(x.is)
		}
	}
	return "", "", ""
}

// why returns why an action is not possible, and what is.
func why(y *model.System, s *model.State, a model.Action, overflow bool) string {
	end := &s.Ends[a.Side]
	switch {
	case overflow:
		return "a segment finds no room, and may not be lost"
	case a.Kind == model.Calls:
		if text := y.Stack(a.Side).Refusal(*end, a.Call); text != "" {
			return fmt.Sprintf("%s calls %s in %s: error: %s", a.Side, a.Call, end.State, text)
		}
		return fmt.Sprintf("%s's user does not call %s in %s, as it is configured", a.Side, a.Call, end.State)
	case a.Kind == model.Timeouts:
		return fmt.Sprintf("no %s is due at %s, in %s", a.Timeout, a.Side, end.State)
	case a.Kind == model.Boxes:
		return fmt.Sprintf("the box does not %s there, as it is configured", a.Act)
	case a.Kind == model.Ticks:
		if y.Box() != nil && y.Box().Due(s.Box.Entry) {
			return "time does not go on: the entry of the box expires now"
		}
		for _, side := range model.Sides {
			if due := y.Stack(side).Due(nil, s.Ends[side]); len(due) > 0 {
				return fmt.Sprintf("time does not go on: a %s is due at %s", due[0], side)
			}
		}
		return "nothing waits for time to pass, or it costs a segment that may not be lost"
	}
	packets := s.Nets[a.Side].List()
	if int(a.Place) < len(packets) && packets[a.Place] == a.Packet {
		return "the network may not do that, as it is configured"
	}
	text := fmt.Sprintf("%s, sent %s ago, is not in transit from %s", a.Packet.Text(a.Side), ticks(int(a.Packet.Age)), a.Side)
	if len(packets) == 0 {
		return text + "; nothing is"
	}
	var there []string
	for place, p := range packets {
		spare := ""
		if p.Spare {
			spare = ", a copy"
		}
		if p.Of != a.Packet.Of {
			spare += fmt.Sprintf(", of connection %d to %d", p.Of.From, p.Of.To)
		}
		there = append(there, fmt.Sprintf("%s (place %d, sent %s ago%s)", p.Text(a.Side), place, ticks(int(p.Age)), spare))
	}
	return text + "; there is " + strings.Join(there, ", ")
}
