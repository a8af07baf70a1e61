package explorer

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"tcpclose/ask"
	"tcpclose/box"
	"tcpclose/internal/lang"
	"tcpclose/invariants"
	"tcpclose/model"
	"tcpclose/trace"
)

// maxAsked limits the expressions of a scene.
const maxAsked = 20

// Scene returns all that is to be shown of a place.
func (e *Engine) Scene(q SceneRequest) (*Scene, error) {
	l, err := language(q.Lang)
	if err != nil {
		return nil, err
	}
	if len(q.Ask) > maxAsked {
		return nil, lang.Errorf("%d expressions: want at most %d", len(q.Ask), maxAsked)
	}
	r, err := e.follow(q.Setup, q.Path)
	if err != nil {
		return nil, err
	}
	full, err := e.full(r, &q, l)
	if err != nil {
		return nil, err
	}
	story := full
	if len(full.Events) > len(r.events) {
		if story, err = e.story(r, r.trace, l); err != nil {
			return nil, err
		}
	}
	s := &Scene{
		Setup: r.Setup, Path: r.path(), Title: r.base.TitleIn(l), Sentence: r.base.Says(l),
		Events: len(r.events), Time: story.Times[len(r.events)], Tick: r.tick(l),
		Transit: r.transit(story), Box: r.box(l), Left: r.left(),
		Next: r.next(story, l), Ladder: ladder(full, story, l, q.Top, q.Bottom), Cursor: rowsOf(full)[len(r.events)],
		Properties: r.properties(l), Answers: []Answer{}, Settings: r.settings(), Way: r.way(),
	}
	for _, side := range model.Sides {
		s.Ends[side] = r.end(side, l)
	}
	for _, text := range q.Ask {
		s.Answers = append(s.Answers, r.answer(text, l))
	}
	return s, nil
}

// full returns the run of the ladder.
func (e *Engine) full(r *run, q *SceneRequest, l lang.Language) (*trace.Story, error) {
	if q.Full != "" {
		if !strings.HasPrefix(q.Full, q.Path) {
			return nil, lang.Errorf("the run of the ladder does not begin with the path")
		}
		var err error
		if r, err = e.follow(q.Setup, q.Full); err != nil {
			return nil, err
		}
	}
	t, err := r.looped(q.Loop)
	if err != nil {
		return nil, err
	}
	return e.story(r, t, l)
}

// looped returns the run as one that repeats itself from an event on, if it does.
func (r *run) looped(loop int) (*trace.Trace, error) {
	if loop < 0 {
		return r.trace, nil
	}
	t := *r.trace
	n := len(t.Events)
	if loop > n || t.States[loop] != t.States[n] {
		return nil, lang.Errorf("the run does not lead back to where event %d began", loop+1)
	}
	t.Loop = loop
	return &t, nil
}

// end returns what there is to say of an end.
func (r *run) end(side model.Side, l lang.Language) EndInfo {
	t := &r.last().Ends[side]
	info := EndInfo{State: t.State.String(), Numbers: []NamedText{}, Timers: []Countdown{}, Notes: []string{}}
	number := func(name string, value any) { info.Numbers = append(info.Numbers, NamedText{name, fmt.Sprint(value)}) }
	if t.State != model.Closed && t.State != model.Listen {
		number("SND.UNA", t.SndUna.In(side))
		number("SND.NXT", t.SndNxt.In(side))
		number("RCV.NXT", t.RcvNxt.In(side.Peer()))
		if t.SndWnd != model.Wide {
			number("SND.WND", t.SndWnd.Size())
		}
	}
	if t.Unread > 0 {
		number(l.Say("unread"), t.Unread)
	}
	if t.Rtx > 0 {
		number(l.Say("retransmitted"), t.Rtx)
	}
	if t.Probes > 0 {
		number(l.Say("probes"), t.Probes)
	}
	for _, each := range []struct {
		name  string
		ticks uint16
	}{
		{"retransmission", t.Rto}, {"TIME-WAIT", t.Wait}, {"delayed acknowledgement", t.AckDelay},
		{"keep-alive", t.Idle}, {"user timeout", t.User}, {"challenge", t.Throttle},
	} {
		name := each.name
		if name == "TIME-WAIT" && t.State != model.TimeWait {
			name = "FIN-WAIT-2"
		}
		if each.ticks > 0 && each.ticks != model.Never {
			info.Timers = append(info.Timers, Countdown{l.Say(name), int(each.ticks)})
		}
	}
	for _, each := range []struct {
		is   bool
		says string
	}{
		{t.CloseCalled(), "CLOSE was called"},
		{t.State != model.Closed && t.FinSent() && !t.FinAcked(), "its FIN is not acknowledged"},
		{t.State != model.Closed && t.FinAcked(), "its FIN is acknowledged"},
		{t.FinReceived(), "the peer's FIN was received"},
		{t.Blocked(), "the window has no room for what waits to be sent"},
		{t.Held != 0, "something that arrived out of order is held"},
		{t.Owes, "an acknowledgement is delayed"},
		{t.Orphan, "nobody will read any more"},
	} {
		if each.is {
			info.Notes = append(info.Notes, l.Say(each.says))
		}
	}
	return info
}

// transit returns what is in the network.
func (r *run) transit(s *trace.Story) []PacketInfo {
	list := []PacketInfo{}
	for _, side := range model.Sides {
		flights := s.InTransit(side)
		for i, p := range r.last().Nets[side].List() {
			info := PacketInfo{From: side.String(), Place: i, Text: p.Segment.Text(side), Age: int(p.Age), Copy: p.Spare}
			if i < len(flights) {
				info.Flights = numbers(flights[i])
			}
			list = append(list, info)
		}
	}
	return list
}

// left returns what the network may still do, where that is limited.
func (r *run) left() string {
	c, b := &r.config, r.last().Left
	text := ""
	for _, each := range []struct {
		name  string
		limit model.Limit
		left  uint8
	}{{"loss", c.Loss, b.Losses}, {"duplicate", c.Duplicate, b.Duplicates}, {"reorder", c.Reorder, b.Overtakes}} {
		if each.limit > 0 {
			text += " " + each.name + "=" + strconv.Itoa(int(each.left))
		}
	}
	if text == "" {
		return ""
	}
	return text[1:]
}

// box returns the box and its entry; nil if there is none.
func (r *run) box(l lang.Language) *BoxInfo {
	rules := r.config.Between.Box
	if rules == nil {
		return nil
	}
	info := &BoxInfo{Name: rules.Name}
	entry := r.last().Box.Entry
	if !entry.Used {
		return info
	}
	w := r.whole.Model.Box()
	info.State = w.State(entry)
	if entry.Left != box.Never {
		info.Left = l.Say("%s s", trace.Decimal(time.Duration(entry.Left)*w.TickLength()))
	}
	return info
}

// properties returns what the run says of each property.
func (r *run) properties(l lang.Language) []PropertyHere {
	list := []PropertyHere{}
	for i, p := range r.list {
		here := PropertyHere{Name: p.Name, Sentence: l.Say(p.Sentence), Broken: r.broken[i], Witness: p.Witness}
		here.Now = here.Broken == len(r.events)
		if p.Applies != nil {
			here.Reason = l.Say(p.Applies(r.config))
		}
		list = append(list, here)
	}
	return list
}

// answer returns what an expression is at the end of the run.
func (r *run) answer(text string, l lang.Language) Answer {
	a := Answer{Text: text, Parts: []PartHere{}}
	q, err := ask.Parse(text)
	if err != nil {
		a.Error = problem(err, l)
		return a
	}
	a.Event = q.IsAboutSteps()
	s := r.snapshot(a.Event)
	if s == nil {
		return a
	}
	is, parts, err := q.Explain(s)
	if err != nil {
		a.Error = problem(err, l)
		return a
	}
	a.True = is
	for _, p := range parts {
		part := PartHere{Text: p.Text, True: p.True, Values: []NamedText{}}
		for _, v := range p.Values {
			part.Values = append(part.Values, NamedText{v.Name, v.Value})
		}
		a.Parts = append(a.Parts, part)
	}
	return a
}

// Parse returns what is wrong with an expression.
func (e *Engine) Parse(q ParseRequest) (*Parsed, error) {
	l, err := language(q.Lang)
	if err != nil {
		return nil, err
	}
	p := &Parsed{}
	if _, err := ask.Parse(q.Text); err != nil {
		p.Error = problem(err, l)
	}
	return p, nil
}

// settings returns the configuration, field by field.
func (r *run) settings() []Setting {
	list := []Setting{}
	for _, f := range r.config.Fields() {
		_, changed := r.Fields[f.Name]
		list = append(list, Setting{f.Name, f.Get(r.config), changed})
	}
	return list
}

// way returns the pairs of connection states through which the run has come.
func (r *run) way() (list [][2]string) {
	for i := range r.states {
		s := &r.states[i]
		if i > 0 && s.Ends[model.A].State == r.states[i-1].Ends[model.A].State && s.Ends[model.B].State == r.states[i-1].Ends[model.B].State {
			continue
		}
		list = append(list, [2]string{s.Ends[model.A].State.String(), s.Ends[model.B].State.String()})
	}
	return list
}

// propertiesOf returns the properties of those names, whatever they are about.
func propertiesOf(names []string) (list []*invariants.Property, err error) {
	for _, name := range names {
		p, err := invariants.Find(name)
		if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, nil
}
