package explain

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"tcpclose/capture"
	"tcpclose/claims"
	"tcpclose/cmd/tcpclose/internal/screen"
)

// kindTexts names the kinds of ends.
var kindTexts = map[capture.Kind]claims.Text{
	capture.Running:      {EN: "no FIN, no RST", ZH: "既无 FIN 也无 RST"},
	capture.Normal:       {EN: "one end closed, then the other", ZH: "一方先关闭，另一方随后关闭"},
	capture.Simultaneous: {EN: "both ends closed at once", ZH: "双方同时关闭"},
	capture.HalfUsed:     {EN: "a half-close in use", ZH: "半关闭期间仍在发送数据"},
	capture.ResetAfter:   {EN: "reset after a FIN", ZH: "FIN 之后被复位"},
	capture.HalfOpen:     {EN: "one end closed only", ZH: "只有一方关闭"},
	capture.Unanswered:   {EN: "a FIN that nobody acknowledges", ZH: "FIN 始终未被确认"},
	capture.Aborted:      {EN: "reset without a FIN", ZH: "没有 FIN，直接复位"},
	capture.Unopened:     {EN: "the SYN,ACK was not answered", ZH: "SYN,ACK 没有应答"},
	capture.OneWay:       {EN: "one direction only was captured", ZH: "只抓到一个方向"},
	capture.Refused:      {EN: "refused: RST for the SYN", ZH: "被拒绝：SYN 得到 RST"},
	capture.NoAnswer:     {EN: "no answer to the SYN", ZH: "SYN 没有应答"},
}

// tell tells the connections one by one if they are few, and by kind otherwise.
func (c *collection) tell(d *capture.Decoder) {
	switch {
	case c.All:
	case c.chosen <= few:
		for i, conn := range c.first {
			c.connection(i+1, conn.Connection, conn.ends)
		}
	default:
		c.byKind()
	}
	connections := c.count(int64(c.all), "connection", "connections", "个连接")
	if c.chosen < c.all {
		connections = c.say("%d of %s", "%[2]s中的 %[1]d 个", c.chosen, connections)
	}
	says := c.say("%s in %s.", "%s，共 %s。", connections, c.count(int64(c.frames), "frame", "frames", "帧"))
	if c.chosen > few && !c.All {
		says += c.say(" Of %d both ends conform.", "其中 %d 个连接双方都符合规则。", c.chosen-c.wrong.count-c.doubtful.count-c.unknown)
	}
	if c.unknown > 0 {
		says += c.say(" Of %d that is unknown: too much is possible.", "其中 %d 个连接情况未知：可能性过多。", c.unknown)
	}
	c.put(0, says)
	c.hosts()
	if c.evicted > 0 {
		c.put(0, c.say("To bound memory, %s told before the end: idle for longest. What came later counts as another connection.",
			"为限制内存，%s在结束之前就被给出：它们空闲最久。此后的帧算作另一个连接。", c.count(int64(c.evicted), "was", "were", "个连接")))
	}
	if left := c.left(d); left != "" {
		c.put(0, c.say("Left out: %s.", "未计入：%s。", left))
	}
	if unused := c.unused(d.Unused); unused != "" {
		c.put(0, c.say("Seen, and not used: %s.", "出现过但未使用：%s。", unused))
	}
}

// byKind tells how many connections there are of each kind, the worst first.
func (c *collection) byKind() {
	list := slices.SortedFunc(maps.Values(c.tallies), func(x, y *tally) int { return cmp.Compare(y.kind, x.kind) })
	table := screen.Table{Indent: 2}
	row := func(k *tally, name, says string) {
		if e := k.example; k.count > 0 {
			table.Row(screen.Plain(fmt.Sprint(k.count), name, c.say("%s; e.g. %s > %s, frame %d", "%s；例如 %s > %s，第 %d 帧",
				says, e.Addrs[capture.Client], e.Addrs[capture.Server], e.Frames[0].Frame))...)
		}
	}
	row(&c.wrong, c.say("(deviation)", "（偏离）"), c.say("a frame that no conforming end sends", "有遵守规则的一端不会发送的帧"))
	row(&c.doubtful, c.say("(in doubt)", "（存疑）"), c.say("explained only if something was lost, came late or is missing", "只有在丢失、迟到或缺帧时才能解释"))
	for _, k := range list {
		row(k, k.kind.String(), kindTexts[k.kind].In(c.Lang))
	}
	table.Write(c.Out)
	c.put(0, c.say("-kind %s shows those of a kind, -all each of them.", "-kind %s 显示某一类，-all 逐个显示。", list[0].kind))
}

// A counted is a number of frames, or segments, and what they have in common.
type counted struct {
	n      int
	en, zh string
}

// listed returns those that there are, in a list.
func (t *Teller) listed(list []counted) string {
	var parts []string
	for _, p := range list {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", p.n, claims.Text{EN: p.en, ZH: p.zh}.In(t.Lang)))
		}
	}
	return strings.Join(parts, t.say(", ", "，"))
}

// left lists the frames of which no segment was used.
func (t *Teller) left(d *capture.Decoder) string {
	list := []counted{
		{d.Other, "frames without TCP", "帧不含 TCP"},
		{d.Fragments, "IP fragments", "个 IP 分片"},
		{d.Cut, "frames cut before the end of the TCP header", "帧在 TCP 首部结束之前被截断"},
		{d.Wrong, "frames with headers that contradict themselves", "帧的首部自相矛盾"},
	}
	for _, link := range slices.Sorted(maps.Keys(d.Foreign)) {
		list = append(list, counted{d.Foreign[link], fmt.Sprintf("frames of link type %d, which is not read", link), fmt.Sprintf("帧属于不能读取的链路类型 %d", link)})
	}
	return t.listed(list)
}

// unused lists the segments with what no conclusion was drawn from.
func (t *Teller) unused(u capture.Unused) string {
	return t.listed([]counted{
		{u.SACK, "segments with SACK blocks", "个报文段带有 SACK 块"},
		{u.Urgent, "with urgent data", "个带有紧急数据"},
		{u.ECN, "with ECN bits", "个带有 ECN 标志"},
		{u.Options, "with other options", "个带有其他选项"},
	})
}
