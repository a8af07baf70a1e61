package remarks

import (
	"tcpclose/claims"
	"tcpclose/model"
)

const (
	aListens = "no-data start=closed"
	withText = "no-data a-octets=1"
)

// unseenOnly says why a remark that no conforming run causes is made all the same.
var unseenOnly = claims.Text{
	EN: "Where it is made, the capture misses a frame, or has frames in another order than the end, or the other end does not conform.",
	ZH: "出现这一标注时，要么抓包漏掉了帧，要么抓到的顺序与端点收到的不同，要么对端不合规范。",
}

// notModelled says why there is no condition.
var notModelled = claims.Text{
	EN: "The model has no TCP Fast Open, so there is no condition to search for.",
	ZH: "模型没有 TCP Fast Open，因此没有可供搜索的条件。",
}

// wireshark has the remarks of tcp.analysis, and those about closing.
var wireshark = []Remark{
	{
		Tool: Wireshark, Name: "Dup ACK", Other: []string{"duplicate_ack", "Duplicate ACK"}, At: model.B, In: "no-data",
		Says:  claims.Text{EN: "An acknowledgement without text, with the number and the window of the one before it.", ZH: "不带数据的确认，其确认号和窗口与上一个确认相同。"},
		Where: `("old-segment" in b.follows || HOLE in b.follows) && b.sends.any && !b.sends.fin && !b.receives.syn`,
	}, {
		Tool: Wireshark, Name: "Retransmission", Other: []string{"retransmission"}, At: model.A, In: "no-data",
		Says:  claims.Text{EN: "Text, a SYN or a FIN whose numbers were seen before.", ZH: "数据、SYN 或 FIN 的序号此前已出现过。"},
		Where: `a.timeout == RETRANSMISSION_TIMEOUT && a.sends.any`,
	}, {
		Tool: Wireshark, Name: "Fast Retransmission", Other: []string{"fast_retransmission"},
		Says: claims.Text{EN: "A retransmission less than 20 ms after at least two Dup ACKs.", ZH: "至少两个 Dup ACK 之后 20 毫秒内的重传。"},
		Why:  claims.Text{EN: "The model retransmits by its timer alone, so there is no condition to search for.", ZH: "模型只按定时器重传，因此没有可供搜索的条件。"},
	}, {
		Tool: Wireshark, Name: "Spurious Retransmission", Other: []string{"spurious_retransmission", "pkt_spurious_retransmission"}, At: model.B, In: withText,
		Says:  claims.Text{EN: "Text again that an acknowledgement covers; the last octet alone counts as a Keep-Alive.", ZH: "重传的数据已被确认；仅最后一个八位组时算作 Keep-Alive。"},
		Where: `"old-segment" in b.follows && b.receives.text > 0 && b.receives.seq + 1 < b.rcvnxt && b.state != CLOSED`,
	}, {
		Tool: Wireshark, Name: "Out-Of-Order", Other: []string{"out_of_order"}, At: model.B, In: withText + " out-of-order=held",
		Says:  claims.Text{EN: "A segment with numbers below one that was just seen, and that were not seen yet.", ZH: "序号低于刚看到的报文段，且此前未出现过。"},
		Where: `"hole-filled" in b.follows`,
	}, {
		Tool: Wireshark, Name: "Previous segment not captured", Other: []string{"lost_segment", "TCP Previous segment(s) not captured"}, At: model.B, In: withText + " start=closed",
		Says:  claims.Text{EN: "A segment begins beyond the number that comes next.", ZH: "报文段的起始序号超过了下一个应有的序号。"},
		Where: `(HOLE in b.follows || "hole-held" in b.follows) && (b.receives.text > 0 || b.receives.fin)`,
	}, {
		Tool: Wireshark, Name: "ACKed unseen segment", Other: []string{"ack_lost_segment", "ACKed segment that wasn't captured"}, At: model.A, In: "no-data",
		Says:  claims.Text{EN: "An acknowledgement covers numbers that were not seen.", ZH: "确认号覆盖了未曾看到的序号。"},
		Where: `a.receives.ack > a.sndnxt && a.before != CLOSED && a.state != CLOSED`, Why: unseenOnly,
	}, {
		Tool: Wireshark, Name: "Keep-Alive", Other: []string{"keep_alive"}, At: model.A, In: "no-data",
		Says:  claims.Text{EN: "At most one octet, and the number before the one that comes next; no SYN, FIN or RST.", ZH: "至多一个八位组，序号是下一个应有序号的前一个；不带 SYN、FIN、RST。"},
		Where: `a.receives.any && a.receives.text <= 1 && !a.receives.fin && !a.receives.rst && a.receives.seq == a.rcvnxt - 1`,
	}, {
		Tool: Wireshark, Name: "Keep-Alive ACK", Other: []string{"keep_alive_ack"}, At: model.A, In: "no-data",
		Says:  claims.Text{EN: "It answers what was called a Keep-Alive: an acknowledgement without text.", ZH: "对 Keep-Alive 的应答：不带数据的确认。"},
		Where: `a.receives.any && a.receives.text <= 1 && !a.receives.fin && !a.receives.rst && a.receives.seq == a.rcvnxt - 1 && a.sends.any && a.before != CLOSE-WAIT`,
	}, {
		Tool: Wireshark, Name: "ZeroWindow", Other: []string{"zero_window", "TCP Zero Window"}, At: model.A, In: "slow-reader",
		Says:  claims.Text{EN: "A segment offers no window; it is no SYN, FIN or RST.", ZH: "报文段通告的窗口为零；不是 SYN、FIN、RST。"},
		Where: `a.receives.any && a.receives.wnd == 0 && !a.receives.fin && !a.receives.rst && !a.receives.syn`,
	}, {
		Tool: Wireshark, Name: "ZeroWindowProbe", Other: []string{"zero_window_probe"}, At: model.A, In: "shut-window a-octets=1 start=closed",
		Says:  claims.Text{EN: "One octet at the number that comes next, while the other end offers no window.", ZH: "对端窗口为零时发送的一个八位组，序号是下一个应有的序号。"},
		Where: `a.timeout == WINDOW_PROBE && a.sends.text == 1 && !a.sends.fin && a.sndwnd == 0`,
	}, {
		Tool: Wireshark, Name: "ZeroWindowProbeAck", Other: []string{"zero_window_probe_ack"}, At: model.B, In: "shut-window a-octets=1 start=closed",
		Says:  claims.Text{EN: "It answers such a probe, and still offers no window.", ZH: "对零窗口探测的应答，窗口仍为零。"},
		Where: `b.receives.text == 1 && !b.receives.fin && b.sends.any && b.sends.wnd == 0 && b.sends.text == 0`,
	}, {
		Tool: Wireshark, Name: "Window Full", Other: []string{"window_full"}, At: model.A, In: "slow-reader start=closed a-octets=1",
		Says:  claims.Text{EN: "Text fills the window that the other end offered; the handshake was seen.", ZH: "数据填满了对端通告的窗口；抓包包含握手。"},
		Where: `a.sends.text > 0 && a.sndnxt == a.snduna + a.sndwnd`,
	}, {
		Tool: Wireshark, Name: "Window Update", Other: []string{"window_update"}, At: model.B, In: "slow-reader",
		Says:  claims.Text{EN: "An acknowledgement without text, with the number of the one before it and another window.", ZH: "不带数据的确认，确认号与上一个相同，但窗口不同。"},
		Where: `"window-update" in b.follows && b.sends.wnd > 0`,
	}, {
		Tool: Wireshark, Name: "Port numbers reused", Other: []string{"reused_ports", "TCP Port numbers reused"}, At: model.A, In: "next start=closed a-isn=larger",
		Says:  claims.Text{EN: "A SYN with a number of its own, between ports that were seen before.", ZH: "端口此前出现过的连接上又有一个 SYN，初始序号不同。"},
		Where: `a.sends.syn && a.sends.seq > 101 && a.before == CLOSED`,
	}, {
		Tool: Wireshark, Name: "Fast Open", Other: []string{"tfo_syn", "tfo_ack", "tfo_ignored"},
		Says: claims.Text{EN: "A SYN with text and a cookie, or what answers it.", ZH: "带有数据和 cookie 的 SYN，或对它的应答。"}, Why: notModelled,
	}, {
		Tool: Wireshark, Name: "FIN Retransmission", Other: []string{"tcp.fin_retransmission", "fin_retransmission"}, At: model.A, In: "no-data",
		Says:  claims.Text{EN: "A FIN with the number of one that was seen.", ZH: "FIN 的序号与先前看到的 FIN 相同。"},
		Where: `a.timeout == RETRANSMISSION_TIMEOUT && a.sends.fin`,
	}, {
		Tool: Wireshark, Name: "Active close", Other: []string{"tcp.connection.fin_active", "fin_active"}, At: model.A, In: "no-data",
		Says:  claims.Text{EN: "The first FIN in the capture: its end is said to initiate the close, even if the other had sent its own.", ZH: "抓包中的第一个 FIN：认为该端主动关闭，即使对端的 FIN 也已发出。"},
		Where: `a.sends.fin && a.before == ESTABLISHED && b.finsent`,
	}, {
		Tool: Wireshark, Name: "Passive close", Other: []string{"tcp.connection.fin_passive", "fin_passive"}, At: model.A, In: "no-data",
		Says:  claims.Text{EN: "A FIN after one of the other end: its end is said to undergo the close, even if the two crossed.", ZH: "在对端 FIN 之后看到的 FIN：认为该端被动关闭，即使两个 FIN 在途中交错。"},
		Where: `a.receives.fin && a.before == FIN-WAIT-1 && a.state == CLOSING`,
	}, {
		Tool: Wireshark, Name: "Connection reset", Other: []string{"tcp.connection.rst", "Connection reset (RST)"}, At: model.A, In: "no-data",
		Says:  claims.Text{EN: "An RST. Why it was sent is not said.", ZH: "出现 RST，但不说明原因。"},
		Where: `a.receives.rst`,
	}, {
		Tool: Wireshark, Name: "Non-zero ACK field", Other: []string{"tcp.ack.nonzero", "pkt_broken_ack"}, At: model.A, In: "open",
		Says: claims.Text{EN: "The ACK field is not zero, and the ACK bit is off.", ZH: "ACK 标志未置位，但确认号字段不为零。"},
		Why:  claims.Text{EN: "What the field has without the bit is left open by RFC 9293, and nothing in a close depends on it.", ZH: "没有 ACK 标志时该字段的内容 RFC 9293 未作规定，关闭过程也不依赖它。"},
	},
}
