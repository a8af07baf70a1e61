package explain

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/netip"
	"slices"

	"tcpclose/claims"
	"tcpclose/cmd/tcpclose/internal/screen"
	"tcpclose/model"
	"tcpclose/profile"
	"tcpclose/sockets"
)

// causeTexts says what ends a socket.
var causeTexts = [numCauses]claims.Text{
	byProgram:       {EN: "the program has to close", ZH: "要等程序关闭"},
	byAccept:        {EN: "the program has to accept it", ZH: "要等程序 accept"},
	byPeer:          {EN: "the peer has to close", ZH: "要等对端关闭"},
	byTimeWait:      {EN: "TIME_WAIT ends", ZH: "TIME_WAIT 到期"},
	byFinTimeout:    {EN: "tcp_fin_timeout", ZH: "tcp_fin_timeout"},
	byOrphanRetries: {EN: "the peer has to answer, or tcp_orphan_retries", ZH: "要等对端应答，否则按 tcp_orphan_retries"},
	byRetries2:      {EN: "the peer has to answer, or tcp_retries2", ZH: "要等对端应答，否则按 tcp_retries2"},
	byWindow:        {EN: "the peer's program has to read", ZH: "要等对端程序读取"},
	bySynRetries:    {EN: "the handshake, or tcp_syn_retries", ZH: "要等握手完成，否则按 tcp_syn_retries"},
}

// each lists the sockets of a group, with what ends each.
func (t *Teller) each(g group) {
	table := screen.Table{Indent: 2}
	for _, s := range g.list {
		e := endingOf(s, t.Linux)
		text := causeTexts[e.by].In(t.Lang)
		if e.known {
			text = t.say("%s, in %s", "%s，%s之后", text, t.when(e))
		}
		if s.Process != "" {
			text = s.Process + "; " + text
		}
		table.Row(screen.Plain(s.Local.String()+" > "+s.Peer.String(), text)...)
	}
	table.Write(t.Out)
}

// A pair is the two ends of a connection.
type pair [2]sockets.Socket

// pairsOf returns the connections of which both ends are in the list. Of the ends the one
// comes first whose state does.
func pairsOf(list []sockets.Socket) (both []pair) {
	seen := map[[2]netip.AddrPort]int{}
	for i, s := range list {
		if !s.Peer.IsValid() {
			continue
		}
		if j, ok := seen[[2]netip.AddrPort{s.Peer, s.Local}]; ok {
			p := pair{list[j], s}
			if p[1].State < p[0].State {
				p[0], p[1] = p[1], p[0]
			}
			both = append(both, p)
		}
		seen[[2]netip.AddrPort{s.Local, s.Peer}] = i
	}
	return both
}

// pairTexts says what two states together mean.
var pairTexts = map[[2]model.ConnState]claims.Text{
	{model.FinWait2, model.CloseWait}:   {EN: "one has closed, the other's program has not: it has to", ZH: "一方已关闭，另一方的程序没有：要等它关闭"},
	{model.Established, model.FinWait1}: {EN: "the FIN has not arrived: text before it waits for the other's program to read, or is lost", ZH: "FIN 还没有到达：它之前的数据在等对端程序读取，或已丢失"},
	{model.FinWait1, model.FinWait1}:    {EN: "both have closed, and neither FIN gets through", ZH: "双方都已关闭，但 FIN 都没有送达"},
	{model.FinWait1, model.CloseWait}:   {EN: "the FIN has arrived, its acknowledgement has not", ZH: "FIN 已到达，但确认没有"},
	{model.FinWait2, model.LastAck}:     {EN: "both have closed, and the second FIN does not get through", ZH: "双方都已关闭，但第二个 FIN 没有送达"},
	{model.LastAck, model.TimeWait}:     {EN: "both have closed, and the last acknowledgement does not get through", ZH: "双方都已关闭，但最后的确认没有送达"},
	{model.Closing, model.Closing}:      {EN: "both have closed at once, and the acknowledgements do not get through", ZH: "双方同时关闭，但确认没有送达"},
}

// pairs tells the connections of which both ends are in the list, by their states.
func (t *Teller) pairs(both []pair) {
	if len(both) == 0 {
		return
	}
	fmt.Fprintln(t.Out)
	t.put(0, t.say("Both ends are in the list: %s.", "两端都在列表中：%s。", t.count(int64(len(both)), "connection", "connections", "个连接")))
	states := map[[2]model.ConnState][]pair{}
	var order [][2]model.ConnState
	for _, p := range both {
		k := [2]model.ConnState{p[0].State, p[1].State}
		if states[k] == nil {
			order = append(order, k)
		}
		states[k] = append(states[k], p)
	}
	slices.SortFunc(order, func(x, y [2]model.ConnState) int {
		return cmp.Or(cmp.Compare(len(states[y]), len(states[x])), cmp.Compare(x[0], y[0]), cmp.Compare(x[1], y[1]))
	})
	table := screen.Table{Indent: 2}
	for _, k := range order {
		e := states[k][0]
		text := t.say("e.g. %s and %s", "例如 %s 和 %s", e[0].Local, e[1].Local)
		if says, ok := pairTexts[k]; ok {
			text = says.In(t.Lang) + t.say("; ", "；") + text
		}
		table.Row(screen.Plain(fmt.Sprint(len(states[k])), profile.Name(k[0])+", "+profile.Name(k[1]), text)...)
	}
	table.Write(t.Out)
}

// A socketRow is a socket as JSON has it.
type socketRow struct {
	State  string   `json:"state"`
	Local  string   `json:"local"`
	Peer   string   `json:"peer"`
	Ends   string   `json:"ends"`         // what ends it
	In     *float64 `json:"in,omitempty"` // seconds, where that is known
	Other  string   `json:"other"`        // the state of the other end, if that is in the list
	Queued bool     `json:"queued"`       // no program has accepted it
}

// socketsJSON writes the groups and the sockets as JSON.
func (t *Teller) socketsJSON(list []sockets.Socket, groups []group, both []pair) error {
	type object struct {
		State     string         `json:"state"`
		Count     int            `json:"count"`
		Unread    int            `json:"unread"`  // sockets with text that nobody has read
		Orphans   int            `json:"orphans"` // that no program holds, where that is known
		Last      float64        `json:"last"`    // seconds that the longest timer still has
		Processes map[string]int `json:"processes"`
	}
	out := struct {
		Sockets int         `json:"sockets"`
		Pairs   int         `json:"pairs"`
		States  []object    `json:"states"`
		Rows    []socketRow `json:"rows"`
	}{len(list), len(both), []object{}, []socketRow{}}
	for _, g := range groups {
		o := object{State: profile.Name(g.state), Count: len(g.list), Processes: map[string]int{}}
		o.Unread = g.count(unread)
		o.Orphans = g.count(func(s sockets.Socket) bool { return s.Orphan == sockets.Yes })
		for _, s := range g.list {
			o.Last = max(o.Last, s.Timer.Left.Seconds())
		}
		for _, p := range g.processes {
			o.Processes[p.name] = p.count
		}
		out.States = append(out.States, o)
	}
	others := map[[2]netip.AddrPort]string{}
	for _, p := range both {
		for i := range p {
			others[[2]netip.AddrPort{p[i].Local, p[i].Peer}] = profile.Name(p[1-i].State)
		}
	}
	for _, s := range list {
		if s.State == model.Listen {
			continue
		}
		e := endingOf(s, t.Linux)
		r := socketRow{
			State: profile.Name(s.State), Local: s.Local.String(), Peer: s.Peer.String(), Ends: causeNames[e.by],
			Other: others[[2]netip.AddrPort{s.Local, s.Peer}], Queued: s.Queued,
		}
		if e.known {
			seconds := e.in.Seconds()
			r.In = &seconds
		}
		out.Rows = append(out.Rows, r)
	}
	text, err := json.MarshalIndent(out, "", "  ")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(t.Out, "%s\n", text)
	return err
}
