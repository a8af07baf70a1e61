package explain

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"tcpclose/box"
	"tcpclose/claims"
	"tcpclose/cmd/tcpclose/internal/screen"
	"tcpclose/explore/product"
	"tcpclose/model"
	"tcpclose/profile"
	"tcpclose/sockets"
	"tcpclose/survey"
)

// What a state of nf_conntrack means. It has one for both ends, and does not know who has
// sent what.
var trackedStates = []struct {
	name  string
	means claims.Text
}{
	{"CLOSE_WAIT", claims.Text{EN: "An ACK was seen after a FIN, whoever sent either: one side has closed, and the other may send yet.", ZH: "在 FIN 之后见过一个 ACK，无论各由谁发送：一侧已关闭，另一侧可能还会发送。"}},
	{"FIN_WAIT", claims.Text{EN: "A FIN was seen, and no ACK after it.", ZH: "见过一个 FIN，其后没有 ACK。"}},
	{"LAST_ACK", claims.Text{EN: "A FIN was seen after a FIN. They can be the same one, sent again.", ZH: "在 FIN 之后又见过 FIN，可能是同一个重传。"}},
	{"TIME_WAIT", claims.Text{EN: "An ACK was seen after LAST_ACK. No end has to be in TIME-WAIT.", ZH: "在 LAST_ACK 之后见过一个 ACK。端点不一定处于 TIME-WAIT。"}},
	{"CLOSE", claims.Text{EN: "An RST was seen. The ends may have ignored it.", ZH: "见过 RST。端点可能忽略了它。"}},
	{"SYN_SENT", claims.Text{EN: "A SYN was seen, and no answer.", ZH: "见过 SYN，没有回应。"}},
	{"SYN_SENT2", claims.Text{EN: "SYNs of both sides were seen.", ZH: "见过双方的 SYN。"}},
	{"SYN_RECV", claims.Text{EN: "A SYN,ACK was seen, and no ACK after it.", ZH: "见过 SYN,ACK，其后没有 ACK。"}},
	{"ESTABLISHED", claims.Text{EN: "No FIN was seen.", ZH: "没有见过 FIN。"}},
}

// trackedClose is the connection whose ends the states are compared with: both close, and one
// segment may be lost.
const trackedClose = "start=closed a-octets=0 b-octets=0 msl=1 rto=3 r2=2 loss=1 duplicate=off reorder=off capacity=4 b-opens=passively box=conntrack box-counted=1"

// A trackedGroup is the entries of a state.
type trackedGroup struct {
	state       string
	list        []sockets.Tracked
	least, most time.Duration
	unreplied   int
	timer       *box.Timer // nil if there is none of its own
	setting     string     // the sysctl of the timer
	view        survey.BoxView
}

// tracked tells a list of a connection tracker.
func (t *Teller) tracked(ctx context.Context, r io.Reader) error {
	list, err := sockets.ReadTracked(r)
	if err != nil {
		return err
	}
	groups, err := trackedGroups(ctx, list)
	if err != nil {
		return err
	}
	if t.Form == JSON {
		return t.trackedJSON(list, groups)
	}
	if len(list) == 0 {
		t.put(0, t.say("No entry of a connection tracker is of TCP.", "连接跟踪中没有 TCP 的表项。"))
		return nil
	}
	var parts []string
	for _, g := range groups {
		parts = append(parts, fmt.Sprintf("%d %s", len(g.list), g.name()))
	}
	t.put(0, t.say("%s of a connection tracker: %s. These are what it takes connections for, and no states of their ends.", "连接跟踪的 %s：%s。这些是它对连接的看法，不是端点的状态。",
		t.count(int64(len(list)), "entry", "entries", "个表项"), strings.Join(parts, t.say(", ", "、"))))
	t.put(0, t.say("The segments of a connection start the time of its entry again. When that is over the entry is gone, and neither end is told: what an end sends then is dropped, passes without translation, or makes a new entry (nf_conntrack_tcp_loose).", "连接的报文段使其表项的时间重新开始。时间一到，表项消失，两端都不会被告知：此后端点发送的内容会被丢弃、不经转换而通过，或建立新的表项（nf_conntrack_tcp_loose）。"))
	for _, g := range groups {
		fmt.Fprintf(t.Out, "\n%s\n", screen.Paint(t.Out, screen.Strong, fmt.Sprintf("%d %s", len(g.list), g.name())))
		for _, says := range t.trackedGroup(g) {
			t.put(2, says)
		}
		for i, e := range g.list {
			if !t.All {
				break
			}
			t.put(4, t.say("%s > %s: %s left", "%s > %s：剩 %s", e.Client, e.Server, t.seconds(e.Left)))
			if i+1 == len(g.list) {
				fmt.Fprintln(t.Out)
			}
		}
	}
	return nil
}

// name is the name of the state; of what is offloaded there is none.
func (g *trackedGroup) name() string {
	if g.state == "" {
		return "OFFLOAD"
	}
	return g.state
}

// trackedGroups sorts entries by their states, those that need somebody first.
func trackedGroups(ctx context.Context, list []sockets.Tracked) (groups []trackedGroup, err error) {
	var order []string
	for _, s := range trackedStates {
		order = append(order, s.name)
	}
	for _, e := range list {
		if !slices.Contains(order, e.State) {
			order = append(order, e.State)
		}
	}
	b, err := box.Find("conntrack")
	if err != nil {
		return nil, err
	}
	c, err := model.ParseConfig(trackedClose)
	if err != nil {
		return nil, err
	}
	views, _, err := survey.BoxViews(ctx, c, product.Options{})
	if err != nil {
		return nil, err
	}
	for _, state := range order {
		g := trackedGroup{state: state}
		for _, e := range list {
			if e.State != state {
				continue
			}
			if g.list = append(g.list, e); len(g.list) == 1 || e.Left < g.least {
				g.least = e.Left
			}
			g.most = max(g.most, e.Left)
			if e.Unreplied {
				g.unreplied++
			}
		}
		if g.list == nil {
			continue
		}
		for i := range b.Timers {
			if b.Timers[i].Name == strings.ToLower(strings.TrimSuffix(state, "2")) {
				g.timer, g.setting = &b.Timers[i], b.Setting(b.Timers[i].Name)
			}
		}
		for _, v := range views {
			if v.State == state {
				g.view = v
			}
		}
		groups = append(groups, g)
	}
	return groups, nil
}

// trackedGroup says what there is to say of the entries of a state.
func (t *Teller) trackedGroup(g trackedGroup) (says []string) {
	for _, s := range trackedStates {
		if s.name == g.state {
			says = append(says, s.means.In(t.Lang))
		}
	}
	if g.state != "" && says == nil {
		says = append(says, t.say("No state of nf_conntrack has this name: what it means is not known here.", "nf_conntrack 没有这个名称的状态：这里不知道其含义。"))
	}
	if g.state == "" {
		return append(says, t.say("The segments go past the tracker, in hardware or in a flow table: it shows no state and no time.", "报文段由硬件或流表转发，绕过了跟踪器：它不显示状态和时间。"))
	}
	left := t.say("They have %s to %s left", "剩余 %s至 %s", t.seconds(g.least), t.seconds(g.most))
	if g.least == g.most {
		left = t.say("%s left", "剩余 %s", t.seconds(g.most))
	}
	if g.timer != nil {
		left += t.say(", of %d s by default (%s)", "，默认 %d 秒（%s）", g.timer.Seconds, g.setting)
	}
	if g.timer != nil && g.most > time.Duration(g.timer.Seconds)*time.Second {
		left += t.say("; here it was raised", "；此处已调大")
	}
	says = append(says, left+t.say(".", "。"))
	if g.unreplied > 0 {
		says = append(says, t.say("%s: nothing of the server was seen.", "%s：没有见过服务器的报文段。", t.count(int64(g.unreplied), "entry", "entries", "个表项")))
	}
	if len(g.view.Rests) > 0 {
		says = append(says, t.say("With nothing in transit, client and server can be in %s.", "没有报文段在途时，客户端和服务器可能处于 %s。", t.endStates(g.view.Rests)))
	}
	if t.All && len(g.view.Ends) > 0 {
		says = append(says, t.say("With segments in transit: %s.", "有报文段在途时：%s。", t.endStates(g.view.Ends)))
	}
	return says
}

// endStates names the states of the two ends, the client first: those in which both have the
// connection come first. Without -all it says how many it leaves out.
func (t *Teller) endStates(list [][2]model.ConnState) string {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(x, y [2]model.ConnState) int { return cmp.Compare(unconnected(x), unconnected(y)) })
	var names []string
	for _, p := range list {
		names = append(names, fmt.Sprintf("%s/%s", profile.Name(p[model.A]), profile.Name(p[model.B])))
	}
	const most = 8
	if more := len(names) - most; more > 1 && !t.All {
		names = append(names[:most], t.say("and %d more (-all)", "另有 %d 种（-all）", more))
	}
	return strings.Join(names, t.say(", ", "、"))
}

// unconnected counts the ends that have no connection.
func unconnected(p [2]model.ConnState) (n int) {
	for _, s := range p {
		if s == model.Closed || s == model.Listen {
			n++
		}
	}
	return n
}

// The JSON form. Fields are added, not renamed.
type jsonTracked struct {
	Entries int                `json:"entries"`
	States  []jsonTrackedState `json:"states"`
}

type jsonTrackedState struct {
	State     string      `json:"state"` // "" of what is offloaded
	Entries   int         `json:"entries"`
	Least     float64     `json:"least"` // seconds that are left
	Most      float64     `json:"most"`
	Unreplied int         `json:"unreplied"`
	Timer     string      `json:"timer,omitempty"` // the sysctl
	Default   int         `json:"default,omitempty"`
	Ends      [][2]string `json:"ends"`  // in which states client and server can be
	Rests     [][2]string `json:"rests"` // the same when nothing is in transit
}

func (t *Teller) trackedJSON(list []sockets.Tracked, groups []trackedGroup) error {
	o := jsonTracked{Entries: len(list), States: []jsonTrackedState{}}
	for _, g := range groups {
		s := jsonTrackedState{State: g.state, Entries: len(g.list), Least: g.least.Seconds(), Most: g.most.Seconds(), Unreplied: g.unreplied, Ends: [][2]string{}, Rests: [][2]string{}}
		if g.timer != nil {
			s.Timer, s.Default = g.setting, g.timer.Seconds
		}
		for _, p := range g.view.Ends {
			s.Ends = append(s.Ends, [2]string{p[model.A].String(), p[model.B].String()})
		}
		for _, p := range g.view.Rests {
			s.Rests = append(s.Rests, [2]string{p[model.A].String(), p[model.B].String()})
		}
		o.States = append(o.States, s)
	}
	text, err := json.MarshalIndent(o, "", "  ")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(t.Out, "%s\n", text)
	return err
}
