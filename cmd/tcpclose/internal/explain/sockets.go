package explain

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"tcpclose/cmd/tcpclose/internal/screen"
	"tcpclose/model"
	"tcpclose/profile"
	"tcpclose/sockets"
)

// A group is the sockets of a state.
type group struct {
	state     model.ConnState
	list      []sockets.Socket
	processes []tallied
}

type tallied struct {
	name  string
	count int
}

// worst orders the states: those that need somebody first.
var worst = []model.ConnState{
	model.CloseWait, model.FinWait1, model.LastAck, model.Closing, model.FinWait2, model.TimeWait,
	model.SynSent, model.SynReceived, model.Established, model.Listen,
}

// sockets tells a list of sockets.
func (t *Teller) sockets(r io.Reader) error {
	list, err := sockets.Read(r)
	if err != nil {
		return err
	}
	groups := grouped(list)
	both := pairsOf(list)
	if t.Form == JSON {
		return t.socketsJSON(list, groups, both)
	}
	var parts []string
	for _, g := range groups {
		parts = append(parts, fmt.Sprintf("%d %s", len(g.list), profile.Name(g.state)))
	}
	t.put(0, t.say("%s: %s", "%s：%s", t.count(int64(len(list)), "socket", "sockets", "个套接字"), strings.Join(parts, ", ")))
	for _, g := range groups {
		says := t.group(g)
		if says == nil {
			continue
		}
		head := fmt.Sprintf("%d %s", len(g.list), profile.Name(g.state))
		if names := t.processes(g); names != "" {
			head += "  " + names
		}
		fmt.Fprintf(t.Out, "\n%s\n", screen.Paint(t.Out, screen.Strong, screen.Elide(head, screen.Columns)))
		for _, s := range says {
			t.put(2, s)
		}
		if t.All {
			t.each(g)
		}
	}
	t.pairs(both)
	return nil
}

func grouped(list []sockets.Socket) (groups []group) {
	for _, state := range worst {
		g := group{state: state}
		names := map[string]int{}
		for _, s := range list {
			if s.State == state {
				g.list = append(g.list, s)
				if s.Process != "" {
					names[s.Process]++
				}
			}
		}
		for name, n := range names {
			g.processes = append(g.processes, tallied{name, n})
		}
		slices.SortFunc(g.processes, func(x, y tallied) int {
			if x.count != y.count {
				return y.count - x.count
			}
			return strings.Compare(x.name, y.name)
		})
		if len(g.list) > 0 {
			groups = append(groups, g)
		}
	}
	return groups
}

// processes names the programs that have most.
func (t *Teller) processes(g group) string {
	var parts []string
	for i, p := range g.processes {
		if i == 3 {
			parts = append(parts, "...")
			break
		}
		parts = append(parts, fmt.Sprintf("%s %d", p.name, p.count))
	}
	return strings.Join(parts, ", ")
}

// count returns how many of the group are as f says.
func (g group) count(f func(sockets.Socket) bool) (n int) {
	for _, s := range g.list {
		if f(s) {
			n++
		}
	}
	return n
}

// last returns the longest time that a timer of the kind still has, and how many run.
func (g group) last(kind sockets.TimerKind) (left time.Duration, n int) {
	for _, s := range g.list {
		if s.Timer.Kind == kind {
			left, n = max(left, s.Timer.Left), n+1
		}
	}
	return left, n
}

// group tells what the sockets of a state wait for; nil of those that do not close.
func (t *Teller) group(g group) (says []string) {
	add := func(en, zh string, args ...any) { says = append(says, t.say(en, zh, args...)) }
	switch g.state {
	case model.CloseWait:
		t.closeWait(g, add)
	case model.Established:
		if n := g.count(func(s sockets.Socket) bool { return s.Queued }); n > 0 {
			add("Not accepted yet: %d. The program that listens does not call accept(), or not fast enough.", "尚未被 accept：%d 个。监听的程序没有调用 accept()，或调用得不够快。", n)
		}
	case model.FinWait1, model.Closing, model.LastAck:
		t.finUnacked(g, add)
	case model.FinWait2:
		t.finWait2(g, add)
	case model.TimeWait:
		add("Both ends have closed. Each is kept for 60 s after its last segment, and holds its pair of addresses, but hardly any memory.",
			"双方都已关闭。每个在最后一个报文段之后再保留 60 秒，只占用一对地址，几乎不占内存。")
		if left, n := g.last(sockets.TimeWait); n > 0 {
			add("The last of them ends in %s, if nothing arrives for it.", "若不再收到报文段，最后一个将在 %s后结束。", t.seconds(left))
		}
	case model.SynSent, model.SynReceived:
		add("The handshake is not complete. More: tcpclose about %s", "握手尚未完成。详见 tcpclose about %s", profile.Name(g.state))
	}
	if most := t.most(g); most != "" && len(says) > 0 {
		says = append(says, most)
	}
	return says
}

func (t *Teller) closeWait(g group, add func(en, zh string, args ...any)) {
	add("The peer has closed, and the program has not. No timer runs and no sysctl changes that: each stays until the program calls close() or ends, or an RST arrives.",
		"对端已经关闭，而程序还没有。这里没有定时器，sysctl 也无济于事：要等程序调用 close() 或退出，或者收到 RST。")
	if n := g.count(func(s sockets.Socket) bool { return s.Queued }); n > 0 {
		add("Not accepted yet: %d. The program that listens does not call accept(): look there first.", "尚未被 accept：%d 个。监听的程序没有调用 accept()：请先查这里。", n)
	}
	if n := g.count(unread); n > 0 {
		add("With unread text: %d. The program has stopped reading, too; if it closes now, the peer gets RST.",
			"还有数据未读：%d 个。程序连读取都停了；此时关闭，对端会收到 RST。", n)
	}
	if _, n := g.last(sockets.Keepalive); n > 0 {
		add("With keep-alive: %d. A probe ends those whose peer no longer knows the connection.", "开启保活：%d 个。如果对端已不认识连接，探测会使其结束。", n)
	}
	add("Look for the place where the program sees the end of the text (read() returns 0) and goes on without close(). More: tcpclose about CLOSE_WAIT",
		"请在程序中查找：读到末尾（read() 返回 0）之后没有调用 close() 的地方。详见 tcpclose about CLOSE_WAIT")
}

// unread reports whether there is text that the program has not read. Linux counts the
// FIN until the program has seen it.
func unread(s sockets.Socket) bool { return s.RecvQ > 1 && s.State != model.Listen }

// finUnacked tells what waits for the acknowledgement of its FIN.
func (t *Teller) finUnacked(g group, add func(en, zh string, args ...any)) {
	add("The FIN, or text before it, is not acknowledged yet, and is sent again.", "FIN 或它之前的数据尚未得到确认，正在重传。")
	if _, n := g.last(sockets.Persist); n > 0 {
		add("With a zero window at the peer: %d. The peer's program does not read.", "对端窗口为零：%d 个。对端程序没有读取。", n)
	}
	for _, c := range []struct {
		by     cause
		limit  time.Duration
		en, zh string
	}{
		{byOrphanRetries, t.Linux.OrphanGiveUp(), "Held by no program: %d. Each ends with the first timeout more than %s after its first retransmission (net.ipv4.tcp_orphan_retries)%s.", "没有程序持有：%d 个。首次重传起超过 %s后，下一次超时即结束（net.ipv4.tcp_orphan_retries）%s。"},
		{byRetries2, t.Linux.GiveUp(), "Held by a program: %d. Each ends with the first timeout more than %s after its first retransmission (net.ipv4.tcp_retries2, or TCP_USER_TIMEOUT)%s.", "仍由程序持有：%d 个。首次重传起超过 %s后，下一次超时即结束（net.ipv4.tcp_retries2，或 TCP_USER_TIMEOUT）%s。"},
	} {
		n, said, last := 0, false, ending{}
		for _, s := range g.list {
			e := endingOf(s, t.Linux)
			if e.by != c.by || c.by == byOrphanRetries && s.Orphan == sockets.Unsaid {
				continue
			}
			n++
			if e.known && e.in >= last.in {
				last, said = e, true
			}
		}
		when := ""
		if said {
			when = t.say(": the last in %s", "：最后一个在 %s之后", t.when(last))
		}
		if n > 0 {
			add(c.en, c.zh, n, t.seconds(c.limit), when)
		}
	}
	if n := g.count(unsaid); n > 0 {
		add("Held by a program or not, the list does not say of %d ('ss -tanoe' does). Without a program each ends with the first timeout more than %s after its first retransmission, with one more than %s after it.",
			"列表没有说明是否由程序持有：%d 个（ss -tanoe 会说明）。没有程序持有时，首次重传起超过 %s后下一次超时即结束；由程序持有时超过 %s。",
			n, t.seconds(t.Linux.OrphanGiveUp()), t.seconds(t.Linux.GiveUp()))
	}
	add("More: tcpclose about %s", "详见 tcpclose about %s", profile.Name(g.state))
}

// unsaid reports whether nothing says who holds the socket, or what ends it.
func unsaid(s sockets.Socket) bool {
	return s.Orphan == sockets.Unsaid && s.Timer.Kind != sockets.TimeWait && s.Timer.Kind != sockets.Persist
}

// when writes the time of an ending.
func (t *Teller) when(e ending) string {
	text := t.seconds(e.in.Round(100 * time.Millisecond))
	if e.about {
		return t.say("about %s", "约 %s", text)
	}
	return text
}

func (t *Teller) finWait2(g group, add func(en, zh string, args ...any)) {
	add("This end has closed; the peer has acknowledged that, and has not closed.", "本端已经关闭，对端已确认，但还没有关闭。")
	if left, n := g.last(sockets.TimeWait); n > 0 {
		add("Held by no program: %d. They end by themselves, the last in %s (net.ipv4.tcp_fin_timeout).", "没有程序持有：%d 个，会自行结束，最后一个在 %s之后（net.ipv4.tcp_fin_timeout）。", n, t.seconds(left))
	}
	if n := g.count(func(s sockets.Socket) bool { return s.Orphan == sockets.No }); n > 0 {
		add("Held by a program that called shutdown(): %d. No timer runs; the program has to close, or the peer.", "仍由程序持有（shutdown()）：%d 个，没有定时器，要等程序或对端关闭。", n)
	}
	if n := g.count(unsaid); n > 0 {
		add("Held by a program or not, the list does not say of %d ('ss -tanoe' does). Without a program each ends in at most %s (net.ipv4.tcp_fin_timeout), with one no timer runs.",
			"列表没有说明是否由程序持有：%d 个（ss -tanoe 会说明）。没有程序持有时最多 %s结束（net.ipv4.tcp_fin_timeout）；由程序持有时没有定时器。", n, t.seconds(t.Linux.FinTimeout))
	}
	add("The peer's sockets are in CLOSE_WAIT, or in LAST_ACK while their FIN does not get through. More: tcpclose about FIN_WAIT2", "对端的套接字处于 CLOSE_WAIT；若其 FIN 未能送达则处于 LAST_ACK。详见 tcpclose about FIN_WAIT2")
}

// several is the size of a group from which on its commonest port and peer are named.
const several = 3

// most names the local port and the peer that most sockets of the group have.
func (t *Teller) most(g group) string {
	if len(g.list) < several {
		return ""
	}
	ports, peers := map[string]int{}, map[string]int{}
	for _, s := range g.list {
		ports[fmt.Sprint(s.Local.Port())]++
		peers[s.Peer.Addr().String()]++
	}
	port, n := commonest(ports)
	peer, m := commonest(peers)
	switch all := len(g.list); {
	case 2*n > all && 2*m > all:
		return t.say("Most have local port %s (%d) and peer %s (%d).", "多数的本地端口是 %s（%d 个），对端是 %s（%d 个）。", port, n, peer, m)
	case 2*n > all:
		return t.say("Most have local port %s (%d).", "多数的本地端口是 %s（%d 个）。", port, n)
	case 2*m > all:
		return t.say("Most have peer %s (%d).", "多数的对端是 %s（%d 个）。", peer, m)
	}
	return ""
}

// commonest returns the name that was counted most often; of several, the first.
func commonest(counts map[string]int) (name string, n int) {
	for _, k := range slices.Sorted(maps.Keys(counts)) {
		if counts[k] > n {
			name, n = k, counts[k]
		}
	}
	return name, n
}
