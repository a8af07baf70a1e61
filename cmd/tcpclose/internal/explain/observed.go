package explain

import (
	"slices"
	"strings"
	"time"

	"tcpclose/capture"
	"tcpclose/capture/ends"
	"tcpclose/claims"
	"tcpclose/model"
	"tcpclose/profile"
)

// observe explains a connection by what its ends can have done.
func (t *Teller) observe(c *capture.Connection) *ends.Explanation {
	return t.watcher().Explain(*c, t.At)
}

// watcher returns the observer of all connections.
func (t *Teller) watcher() *ends.Observer {
	if t.observer == nil {
		t.observer = ends.NewObserver()
	}
	return t.observer
}

// observed tells what the ends of a connection can have done.
func (t *Teller) observed(c *capture.Connection, x *ends.Explanation) (says []string) {
	if x.Left > 0 {
		says = append(says, t.say("%s were left out.", "省略了 %s。", t.count(int64(x.Left), "frame", "frames", "帧")))
	}
	if x.Unknown {
		return append(says, t.say("What its ends were is unknown: too much is possible.", "双方的情况未知：可能性过多。"))
	}
	says = append(says, t.place(x)...)
	says = append(says, t.first(c, x)...)
	for side, e := range x.Ends {
		says = append(says, t.stand(c, x, capture.Side(side), e)...)
	}
	return append(says, t.fault(x)...)
}

// place tells where the capture was made, if it was found.
func (t *Teller) place(x *ends.Explanation) []string {
	if !x.Found {
		return nil
	}
	switch x.Place {
	case ends.AtBoth:
		return []string{t.say("Both ends answer within %s: the capture was made close to both.", "双方都在 %s内应答：抓包处离双方都很近。",
			t.seconds(max(x.Trips[0], x.Trips[1])))}
	case ends.AtClient, ends.AtServer:
		side := capture.Client
		if x.Place == ends.AtServer {
			side = capture.Server
		}
		return []string{t.say("The capture was made close to %s, which answers within %s.", "抓包处离%s很近，它在 %s内应答。", t.side(side), t.seconds(x.Trips[side]))}
	}
	return nil
}

// first tells whether it is certain who closed first.
func (t *Teller) first(c *capture.Connection, x *ends.Explanation) []string {
	if c.Story.First == capture.Nobody {
		return nil
	}
	switch {
	case x.First.Certain && x.First.Possible[0] != c.Story.First:
		return []string{t.say("All the same it is certain, whatever was lost, who closed first: %s.", "尽管如此，无论丢失了什么，先关闭的确定是：%s。", t.closer(x.First.Possible[0]))}
	case x.First.Certain:
		return []string{t.say("Who closed first is certain, whatever was lost.", "无论丢失了什么，谁先关闭是确定的。")}
	}
	if len(x.First.Likely) > 1 {
		var words []string
		for _, f := range x.First.Likely {
			words = append(words, t.closer(f))
		}
		return []string{t.say("Who closed first is not certain: %s.", "谁先关闭并不确定：%s。", strings.Join(words, t.or()))}
	}
	return nil
}

func (t *Teller) or() string { return claims.Text{EN: " or ", ZH: " 或 "}.In(t.Lang) }

// closer names who closed first.
func (t *Teller) closer(f capture.Closer) string {
	switch f {
	case capture.ClientFirst:
		return t.side(capture.Client)
	case capture.ServerFirst:
		return t.side(capture.Server)
	case capture.Both:
		return t.say("both at once", "双方同时")
	}
	return t.say("nobody", "无人")
}

// stand tells where an end stands, and what its user was told: what is likely is said to
// be so, unless nothing else is possible.
func (t *Teller) stand(c *capture.Connection, x *ends.Explanation, side capture.Side, e ends.End) (says []string) {
	states := slices.Clone(e.States)
	slices.Reverse(states) // CLOSED is where most can be, too
	var words []string
	for _, s := range states {
		words = append(words, s.String())
	}
	if len(words) > 0 && len(words) <= 4 {
		says = append(says, t.hedged(len(e.Others) == 0, "At the end of the capture %s is in %s.", "At the end of the capture %s is likely in %s.",
			"抓包结束时，%s处于 %s。", "抓包结束时，%s很可能处于 %s。", t.side(side), strings.Join(words, t.or())))
	}
	if e.Likely != 0 {
		says = append(says, t.hedged(e.Likely == e.Told, "Its program was told: %s.", "Its program was likely told: %s.",
			"其程序得知：%s。", "其程序很可能得知：%s。", t.notices(e.Likely)))
	}
	if e.Reset != nil {
		says = append(says, t.rules(side, e.Reset)...)
	}
	if when, by, ok := stays(c, x, side); ok {
		says = append(says, t.hedged(len(states) == 1, "By Linux's %s it stays in %s until about %s (UTC).", "If it is in %[2]s, Linux's %[1]s ends that at about %[3]s (UTC).",
			"按 Linux 的 %s，它停留在 %s 直到约 %s（UTC）。", "若处于 %[2]s，Linux 的 %[1]s 约在 %[3]s（UTC）结束它。", by,
			states[0].String(), when.UTC().Format("15:04:05")))
	}
	return says
}

// hedged says something as it is if that is sure, and otherwise in another way.
func (t *Teller) hedged(sure bool, en, hedgedEN, zh, hedgedZH string, args ...any) string {
	if !sure {
		en, zh = hedgedEN, hedgedZH
	}
	return t.say(en, zh, args...)
}

// notices names what a user was told.
func (t *Teller) notices(n model.Notice) string {
	names := map[model.Notice]claims.Text{
		model.ToldEOF: {EN: "end of file", ZH: "文件结束"}, model.ToldClosed: {EN: "closed", ZH: "关闭完成"}, model.ToldReset: {EN: "reset", ZH: "被复位"},
		model.ToldTimeout: {EN: "timed out", ZH: "超时"}, model.ToldAborted: {EN: "aborted", ZH: "被中止"}, model.ToldRefused: {EN: "refused", ZH: "被拒绝"},
	}
	var words []string
	for bit := model.ToldEOF; bit <= model.ToldRefused; bit <<= 1 {
		if text, known := names[bit]; known && n&bit != 0 {
			words = append(words, text.In(t.Lang))
		}
	}
	return strings.Join(words, claims.Text{EN: ", ", ZH: "、"}.In(t.Lang))
}

// rules tells by which rules an end can have sent its RST: one or two with what they say.
func (t *Teller) rules(side capture.Side, r *ends.Reset) []string {
	var words []string
	for _, c := range r.By {
		word := c.Info().Name
		if len(r.By) <= 2 {
			word = t.say("%s (%s; %s)", "%s（%s；%s）", word, t.Lang.Say(c.Info().Sentence), c.Info().Source)
		}
		if words = append(words, word); len(words) == 5 && len(r.By) > 5 {
			words[4] = "..."
			break
		}
	}
	switch {
	case len(words) == 0:
		return nil
	case r.Certain:
		return []string{t.say("Certainly the RST of %s was sent by the rule %s.", "%s的 RST 必然按规则 %s 发出。", t.side(side), words[0])}
	case len(words) == 1:
		return []string{t.say("The RST of %s was likely sent by the rule %s.", "%s的 RST 很可能按规则 %s 发出。", t.side(side), words[0])}
	}
	return []string{t.say("The RST of %s can be: %s.", "%s的 RST 可能是：%s。", t.side(side), strings.Join(words, claims.Text{EN: ", ", ZH: "、"}.In(t.Lang)))}
}

// versions says which versions have a fault that was seen in the wild.
var versions = map[model.Fault]claims.Text{
	model.OldAckDropsFin: {EN: "Linux before 2024", ZH: "2024 年之前的 Linux"},
}

// fault tells whether an end has done what no end that conforms does.
func (t *Teller) fault(x *ends.Explanation) (says []string) {
	for _, d := range x.Doubts {
		switch {
		case d.Lost > 0:
			says = append(says, t.say("Frame %d was not answered as it arrives: it was lost between the capture and %s, or came late%s.",
				"第 %d 帧到达后本应得到应答：它在抓包处与%s之间丢失或迟到%s。", d.Lost, t.side(d.End), t.faults(d.Causes)))
			says = append(says, t.due(d)...)
		case d.Trust == ends.Late:
			says = append(says, t.say("Frame %d is explained only if something was lost between the capture and %s, or came late%s.",
				"第 %d 帧只能这样解释：有报文段在抓包处与%s之间丢失或迟到%s。", d.Frame, t.side(d.End), t.faults(d.Causes)))
		default:
			says = append(says, t.say("Frame %d of %s is explained only if frames are missing in the capture, or a host failed%s.",
				"%[2]s的第 %[1]d 帧只能这样解释：抓包缺少某些帧，或主机曾经故障%[3]s。", d.Frame, t.side(d.End), t.faults(d.Causes)))
		}
	}
	switch w := x.Wrong; {
	case w != nil:
		var names []string
		for _, s := range w.States {
			names = append(names, s.String())
		}
		says = append(says, t.say("No end that conforms sends frame %d, whatever was lost: %s (in %s)%s.", "无论丢失了什么，遵守规则的一端都不会发送第 %d 帧：%s（处于 %s）%s。",
			w.Frame, t.why(w.Why), strings.Join(names, t.or()), t.faults(w.Causes)))
	case len(x.Doubts) == 0:
		says = append(says, t.say("Both ends conform: nobody is at fault.", "双方都符合规则：没有谁出错。"))
	}
	return says
}

// due tells what the end would have sent.
func (t *Teller) due(d ends.Doubt) []string {
	var words []string
	for _, a := range d.Due {
		sources := []string{}
		for _, c := range a.Clauses.List() {
			sources = append(sources, c.Info().Source)
		}
		if len(sources) > 0 {
			words = append(words, t.say("in %s %s by %s", "处于 %s 时按 %[3]s 发送 %[2]s", a.From, a.Sends, sources[0]))
		}
		if len(words) == 3 {
			break
		}
	}
	if len(words) == 0 {
		return nil
	}
	return []string{t.say("An end that gets it sends: %s.", "收到它的一端会发送：%s。", strings.Join(words, "; "))}
}

// faults names faults that explain something.
func (t *Teller) faults(list []model.Fault) string {
	if len(list) == 0 {
		return ""
	}
	var words []string
	for i, f := range list {
		word := f.String()
		if i == 0 {
			more := f.Info().Stack
			if v, known := versions[f]; known {
				more = v.In(t.Lang) + ", " + f.Info().Reference
			}
			word += t.say(" (%s; %s)", "（%s；%s）", t.Lang.Say(f.Info().Sentence), more)
		}
		words = append(words, word)
		if len(words) == 4 {
			break
		}
	}
	return t.say("; or the end has the fault %s", "；或者该端有错误 %s", strings.Join(words, t.or()))
}

func (t *Teller) why(w ends.Why) string {
	return map[ends.Why]claims.Text{
		ends.NotPossible:  {EN: "it is in no state that does", ZH: "它不处于会这样做的状态"},
		ends.AfterFin:     {EN: "it has text beyond its sender's FIN (RFC 9293, 3.6: there is no more)", ZH: "它的数据超出了发送方的 FIN（RFC 9293，3.6：此后不再有数据）"},
		ends.AnotherFin:   {EN: "its FIN has another number than the one before (RFC 9293, 3.4)", ZH: "它的 FIN 与之前的 FIN 序号不同（RFC 9293，3.4）"},
		ends.BeyondTheFin: {EN: "it acknowledges more than the peer's FIN (RFC 9293, 3.4)", ZH: "它确认的序号超过了对端的 FIN（RFC 9293，3.4）"},
	}[w].In(t.Lang)
}

// stays returns until when an end is in its state, by the defaults of Linux, and by
// which parameter; ok is false if nothing says so.
func stays(c *capture.Connection, x *ends.Explanation, side capture.Side) (when time.Time, by string, ok bool) {
	e := x.Ends[side]
	if e.Reset != nil {
		return when, "", false // Linux keeps nothing of a connection that it resets
	}
	var state model.ConnState
	for _, s := range e.States {
		if s != model.Closed && state != model.Closed {
			return when, "", false // not known
		}
		state = max(state, s)
	}
	l := profile.Defaults()
	var at time.Duration
	switch state {
	case model.FinWait1, model.Closing, model.LastAck:
		if e.Fin < 0 {
			return when, "", false
		}
		at, by = e.GivesUp(l.OrphanGiveUp()), "tcp_orphan_retries"
	case model.TimeWait:
		at, by = e.Last+profile.TimeWaitLen, "TCP_TIMEWAIT_LEN"
	case model.FinWait2:
		at, by = c.Story.Fins[side].AckedAt+l.FinTimeout, "tcp_fin_timeout"
	default:
		return when, "", false
	}
	return c.Began.Add(at), by, true
}

// An account is an explanation, as JSON has it. Of lists of two the first is of the
// client.
type account struct {
	Place   string      `json:"place"`
	Found   bool        `json:"place_found"`
	Trips   [2]float64  `json:"round_trips"` // seconds; 0 is not known
	First   []string    `json:"first"`
	Certain bool        `json:"first_certain"`
	Ends    [2]standing `json:"ends"`
	Conform bool        `json:"conform"`
	Doubts  []doubt     `json:"doubts"`
	Wrong   *wrong      `json:"wrong"`
	LeftOut int         `json:"left_out"`
	Unknown bool        `json:"unknown,omitempty"` // so much is possible that the ends were not followed to the end
}

// A standing is where an end is when the capture has ended.
type standing struct {
	States []string `json:"states"`
	Others []string `json:"states_possible"`
	Trust  string   `json:"trust"`
	Told   string   `json:"told"`
	Likely string   `json:"told_likely"`
	Ended  []string `json:"ended_by"`
	Reset  []string `json:"rst_by"`
	Until  string   `json:"until_linux,omitempty"`
}

type doubt struct {
	End    string   `json:"end"`
	Frame  int      `json:"frame"`
	Lost   int      `json:"lost"`
	Trust  string   `json:"trust"`
	Faults []string `json:"faults"`
}

type wrong struct {
	End    string   `json:"end"`
	Frame  int      `json:"frame"`
	Why    string   `json:"why"`
	States []string `json:"states"`
	Faults []string `json:"faults"`
}

// accountOf returns an explanation as JSON has it.
func accountOf(c *capture.Connection, x *ends.Explanation) *account {
	a := &account{Place: x.Place.String(), Found: x.Found, First: []string{}, Certain: x.First.Certain, Conform: x.Conforms(), Doubts: []doubt{}, LeftOut: x.Left, Unknown: x.Unknown}
	if x.Unknown {
		return a
	}
	for _, f := range x.First.Likely {
		a.First = append(a.First, f.String())
	}
	for side, e := range x.Ends {
		a.Trips[side] = x.Trips[side].Seconds()
		s := standing{States: texts(e.States), Others: texts(e.Others), Trust: e.Trust.String(), Told: e.Told.String(), Likely: e.Likely.String(), Ended: texts(e.Ended), Reset: []string{}}
		if e.Reset != nil {
			s.Reset = texts(e.Reset.By)
		}
		if when, _, ok := stays(c, x, capture.Side(side)); ok {
			s.Until = when.UTC().Format("2006-01-02T15:04:05Z")
		}
		a.Ends[side] = s
	}
	for _, d := range x.Doubts {
		a.Doubts = append(a.Doubts, doubt{d.End.String(), d.Frame, d.Lost, d.Trust.String(), texts(d.Causes)})
	}
	if w := x.Wrong; w != nil {
		a.Wrong = &wrong{w.End.String(), w.Frame, w.Why.String(), texts(w.States), texts(w.Causes)}
	}
	return a
}

// texts returns the names of things.
func texts[T interface{ String() string }](list []T) []string {
	names := make([]string, 0, len(list))
	for _, x := range list {
		names = append(names, x.String())
	}
	return names
}
