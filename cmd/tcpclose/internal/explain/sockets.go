package explain

import (
	"encoding/json"
	"fmt"
	"io"
	"net/netip"
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
	if t.Form == JSON {
		return t.socketsJSON(list, groups)
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
	}
	if n := pairs(list); n > 0 {
		fmt.Fprintln(t.Out)
		t.put(0, t.say("Both ends are in the list: %s.", "两端都在列表中：%s。", t.count(int64(n), "connection", "connections", "个连接")))
	}
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
	return says
}

func (t *Teller) closeWait(g group, add func(en, zh string, args ...any)) {
	add("The peer has closed, and the program has not. No timer runs and no sysctl changes that: each stays until the program calls close() or ends, or an RST arrives.",
		"对端已经关闭，而程序还没有。这里没有定时器，sysctl 也无济于事：要等程序调用 close() 或退出，或者收到 RST。")
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

func (t *Teller) finUnacked(g group, add func(en, zh string, args ...any)) {
	add("The FIN, or text before it, is not acknowledged yet, and is sent again.", "FIN 或它之前的数据尚未得到确认，正在重传。")
	if _, n := g.last(sockets.Persist); n > 0 {
		add("With the peer's window shut: %d. The peer's program does not read.", "对端窗口为零：%d 个。对端程序没有读取。", n)
	}
	orphans := g.count(func(s sockets.Socket) bool { return s.Orphan == sockets.Yes })
	held := g.count(func(s sockets.Socket) bool { return s.Orphan == sockets.No })
	if orphans > 0 {
		add("Held by no program: %d. They end by net.ipv4.tcp_orphan_retries.", "没有程序持有：%d 个，由 net.ipv4.tcp_orphan_retries 结束。", orphans)
	}
	if held > 0 {
		add("Held by a program: %d. They end by net.ipv4.tcp_retries2, or by TCP_USER_TIMEOUT.", "仍由程序持有：%d 个，由 net.ipv4.tcp_retries2 或 TCP_USER_TIMEOUT 结束。", held)
	}
	add("More: tcpclose about %s", "详见 tcpclose about %s", profile.Name(g.state))
}

func (t *Teller) finWait2(g group, add func(en, zh string, args ...any)) {
	add("This end has closed; the peer has acknowledged that, and has not closed.", "本端已经关闭，对端已确认，但还没有关闭。")
	if left, n := g.last(sockets.TimeWait); n > 0 {
		add("Held by no program: %d. They end by themselves, the last in %s (net.ipv4.tcp_fin_timeout).", "没有程序持有：%d 个，会自行结束，最后一个在 %s之后（net.ipv4.tcp_fin_timeout）。", n, t.seconds(left))
	}
	if n := g.count(func(s sockets.Socket) bool { return s.Orphan == sockets.No }); n > 0 {
		add("Held by a program that called shutdown(): %d. No timer runs; the program has to close, or the peer.", "仍由程序持有（shutdown()）：%d 个，没有定时器，要等程序或对端关闭。", n)
	}
	add("The peer's sockets are in CLOSE_WAIT. More: tcpclose about FIN_WAIT2", "对端的套接字处于 CLOSE_WAIT。详见 tcpclose about FIN_WAIT2")
}

// pairs counts the connections of which both ends are in the list.
func pairs(list []sockets.Socket) (n int) {
	seen := map[[2]netip.AddrPort]bool{}
	for _, s := range list {
		if !s.Peer.IsValid() {
			continue
		}
		if seen[[2]netip.AddrPort{s.Peer, s.Local}] {
			n++
		}
		seen[[2]netip.AddrPort{s.Local, s.Peer}] = true
	}
	return n
}

// socketsJSON writes the groups as JSON.
func (t *Teller) socketsJSON(list []sockets.Socket, groups []group) error {
	type object struct {
		State     string         `json:"state"`
		Count     int            `json:"count"`
		Unread    int            `json:"unread"`  // sockets with text that nobody has read
		Orphans   int            `json:"orphans"` // that no program holds, where that is known
		Last      float64        `json:"last"`    // seconds that the longest timer still has
		Processes map[string]int `json:"processes"`
	}
	out := struct {
		Sockets int      `json:"sockets"`
		Pairs   int      `json:"pairs"`
		States  []object `json:"states"`
	}{len(list), pairs(list), []object{}}
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
	text, err := json.MarshalIndent(out, "", "  ")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(t.Out, "%s\n", text)
	return err
}
