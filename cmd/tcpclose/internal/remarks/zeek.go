package remarks

import (
	"tcpclose/claims"
	"tcpclose/model"
)

// partial says why a state of zeek comes from captures alone.
var partial = claims.Text{
	EN: "It says that one direction, or the beginning, was not captured: the ends can have done anything.",
	ZH: "说明缺少一个方向或开头部分的抓包；两端可以是任何情况。",
}

// neverTogether says why bits do not come together.
var neverTogether = claims.Text{
	EN: "No rule of RFC 9293, 3.10, sends these bits together. Scanners do.",
	ZH: "RFC 9293，3.10 的规则都不会同时发送这些标志；扫描工具会。",
}

// comparesTwo says why there is no condition about windows that shrink.
var comparesTwo = claims.Text{
	EN: "An expression cannot compare the windows of two segments. RFC 9293, 3.8.6, discourages it: receivers should not do it, senders must cope.",
	ZH: "表达式不能比较两个报文段的窗口。RFC 9293，3.8.6 不赞成这样做：接收方不应如此，发送方必须能应付。",
}

// zeekStates has the values of conn_state. a is the originator. The run is the shortest
// after which zeek says so.
var zeekStates = []Remark{
	{
		Tool: Zeek, Name: "S0", At: model.A, In: "open",
		Says:  claims.Text{EN: "conn_state: a SYN, and no answer.", ZH: "conn_state：有 SYN，没有应答。"},
		Where: `a.timeout == RETRANSMISSION_TIMEOUT && a.sends.syn && a.before == SYN-SENT`,
	}, {
		Tool: Zeek, Name: "S1", At: model.A, In: aListens,
		Says:  claims.Text{EN: "conn_state: established, and not closed.", ZH: "conn_state：已建立，未关闭。"},
		Where: `a.state == ESTABLISHED && b.state == ESTABLISHED`,
	}, {
		Tool: Zeek, Name: "SF", At: model.A, In: aListens,
		Says:  claims.Text{EN: "conn_state: established, and both ends closed. It is the same whoever closed first.", ZH: "conn_state：已建立，双方都已关闭；谁先关闭不加区分。"},
		Where: `a.state == TIME-WAIT && b.state == CLOSED && b.ended == NORMAL`,
	}, {
		Tool: Zeek, Name: "REJ", At: model.A, In: aListens + " b-opens=actively",
		Says:  claims.Text{EN: "conn_state: a SYN, answered by RST.", ZH: "conn_state：SYN 得到 RST。"},
		Where: `a.receives.rst && a.before == SYN-SENT`,
	}, {
		Tool: Zeek, Name: "S2", At: model.A, In: aListens,
		Says:  claims.Text{EN: "conn_state: the originator has closed, and nothing of the responder's close was seen.", ZH: "conn_state：发起方已关闭，未见响应方关闭。"},
		Where: `a.state == FIN-WAIT-2 && b.state == CLOSE-WAIT`,
	}, {
		Tool: Zeek, Name: "S3", At: model.A, In: aListens,
		Says:  claims.Text{EN: "conn_state: the responder has closed, and nothing of the originator's close was seen.", ZH: "conn_state：响应方已关闭，未见发起方关闭。"},
		Where: `b.state == FIN-WAIT-2 && a.state == CLOSE-WAIT`,
	}, {
		Tool: Zeek, Name: "RSTO", At: model.A, In: "no-data start=closed a-fails=abort",
		Says:  claims.Text{EN: "conn_state: established, and the originator sent RST.", ZH: "conn_state：已建立，发起方发送 RST。"},
		Where: `a.sends.rst && a.before == ESTABLISHED`,
	}, {
		Tool: Zeek, Name: "RSTR", At: model.A, In: "no-data start=closed b-fails=abort",
		Says:  claims.Text{EN: "conn_state: established, and the responder sent RST.", ZH: "conn_state：已建立，响应方发送 RST。"},
		Where: `a.receives.rst && a.before == ESTABLISHED`,
	}, {
		Tool: Zeek, Name: "RSTOS0", At: model.A, In: "no-data start=closed a-fails=abort",
		Says:  claims.Text{EN: "conn_state: the originator sent a SYN and then RST; nothing of the responder was seen.", ZH: "conn_state：发起方先发 SYN 后发 RST，未见响应方。"},
		Where: `a.sends.rst && a.before == SYN-SENT && !a.receives.any`,
		Why: claims.Text{EN: "ABORT in SYN-SENT sends nothing (RFC 9293, 3.10.5): an answer was not captured.",
			ZH: "SYN-SENT 中的 ABORT 不发送任何报文段（RFC 9293，3.10.5）：是应答没有抓到。"},
	}, {
		Tool: Zeek, Name: "RSTRH", Why: partial,
		Says: claims.Text{EN: "conn_state: the responder sent SYN,ACK and then RST; no SYN of the originator was seen.", ZH: "conn_state：响应方发送 SYN,ACK 后发送 RST，未见发起方的 SYN。"},
	}, {
		Tool: Zeek, Name: "SH", At: model.A, In: "open",
		Says:  claims.Text{EN: "conn_state: the originator sent a SYN and then a FIN; no SYN,ACK was seen.", ZH: "conn_state：发起方先发 SYN 后发 FIN，未见 SYN,ACK。"},
		Where: `a.sends.fin && a.before in [SYN_SENT, CLOSED, LISTEN]`,
		Why: claims.Text{EN: "A FIN needs a SYN that was answered (RFC 9293, 3.10.4): the answer was not captured.",
			ZH: "只有 SYN 得到应答之后才能发送 FIN（RFC 9293，3.10.4）：是应答没有抓到。"},
	}, {
		Tool: Zeek, Name: "SHR", Why: partial,
		Says: claims.Text{EN: "conn_state: the responder sent SYN,ACK and then a FIN; no SYN of the originator was seen.", ZH: "conn_state：响应方发送 SYN,ACK 后发送 FIN，未见发起方的 SYN。"},
	}, {
		Tool: Zeek, Name: "OTH", Why: partial,
		Says: claims.Text{EN: "conn_state: no SYN was seen.", ZH: "conn_state：未见 SYN。"},
	},
}

// zeekLetters has the letters of the field history, in the form history:f. Upper case is
// the originator's, which is a.
var zeekLetters = []Remark{
	{Tool: Zeek, Name: "history:s", At: model.A, In: "open", Says: claims.Text{EN: "history: a SYN without ACK.", ZH: "history：不带 ACK 的 SYN。"}, Where: `a.sends.syn && a.sends.ack == 0`},
	{Tool: Zeek, Name: "history:h", At: model.A, In: "open", Says: claims.Text{EN: "history: a SYN,ACK.", ZH: "history：SYN,ACK。"}, Where: `a.receives.syn && a.receives.ack > 0`},
	{Tool: Zeek, Name: "history:a", At: model.A, In: "no-data", Says: claims.Text{EN: "history: an acknowledgement alone; once per direction.", ZH: "history：单独的确认；每个方向只记一次。"}, Where: `a.sends.any && !a.sends.fin && !a.sends.rst && a.sends.text == 0`},
	{Tool: Zeek, Name: "history:d", At: model.A, In: withText, Says: claims.Text{EN: "history: text; once per direction.", ZH: "history：数据；每个方向只记一次。"}, Where: `a.sends.text > 0`},
	{Tool: Zeek, Name: "history:f", At: model.A, In: "no-data", Says: claims.Text{EN: "history: a FIN. One that is retransmitted with its number does not count again.", ZH: "history：FIN；以相同序号重传的不再记录。"}, Where: `a.sends.fin`},
	{Tool: Zeek, Name: "history:r", At: model.A, In: "no-data", Says: claims.Text{EN: "history: an RST.", ZH: "history：RST。"}, Where: `a.sends.rst`},
	{Tool: Zeek, Name: "history:g", At: model.B, In: withText, Says: claims.Text{EN: "history: a gap in the text.", ZH: "history：数据中有空洞。"}, Where: `(HOLE in b.follows || "hole-held" in b.follows) && (b.receives.text > 0 || b.receives.fin)`},
	{Tool: Zeek, Name: "history:c", Says: claims.Text{EN: "history: a wrong checksum.", ZH: "history：校验和错误。"}, Why: claims.Text{EN: "Such a segment counts as lost (RFC 9293, 3.1); captures at the sender have them where the adapter fills the checksum in.", ZH: "这样的报文段视同丢失（RFC 9293，3.1）；在发送方抓包时，若由网卡填写校验和也会出现。"}},
	{Tool: Zeek, Name: "history:t", At: model.A, In: withText, Says: claims.Text{EN: "history: text that was retransmitted.", ZH: "history：重传的数据。"}, Where: `a.timeout == RETRANSMISSION_TIMEOUT && a.sends.text > 0`},
	{Tool: Zeek, Name: "history:w", At: model.A, In: "slow-reader", Says: claims.Text{EN: "history: no window is offered.", ZH: "history：窗口为零。"}, Where: `a.receives.any && a.receives.wnd == 0 && !a.receives.fin && !a.receives.rst && !a.receives.syn`},
	{Tool: Zeek, Name: "history:i", At: model.A, In: "open", Says: claims.Text{EN: "history: FIN and RST in one segment.", ZH: "history：同一报文段带有 FIN 和 RST。"}, Where: `a.sends.fin && a.sends.rst`, Why: neverTogether},
	{Tool: Zeek, Name: "history:q", At: model.A, In: "open", Says: claims.Text{EN: "history: SYN with FIN or RST in one segment.", ZH: "history：同一报文段带有 SYN 以及 FIN 或 RST。"}, Where: `a.sends.syn && (a.sends.fin || a.sends.rst)`, Why: neverTogether},
	{Tool: Zeek, Name: "history:^", Says: claims.Text{EN: "history: zeek took the other end for the originator first.", ZH: "history：zeek 起初把另一端当作发起方。"}, Why: partial},
	{Tool: Zeek, Name: "history:x", Says: claims.Text{EN: "history: zeek's analysis ended before the connection.", ZH: "history：zeek 的分析先于连接结束。"}, Why: claims.Text{EN: "It is about zeek, not about the ends.", ZH: "与 zeek 有关，与两端无关。"}},
}

// zeekWeirds has the names of weird.log that are about closing.
var zeekWeirds = []Remark{
	{
		Tool: Zeek, Name: "inappropriate_FIN", At: model.A, In: "open",
		Says:  claims.Text{EN: "weird: a FIN before the SYN was answered.", ZH: "weird：SYN 尚未得到应答就出现 FIN。"},
		Where: `a.sends.fin && a.before in [SYN_SENT, CLOSED, LISTEN]`, Why: unseenOnly,
	}, {
		Tool: Zeek, Name: "spontaneous_FIN", Other: []string{"fin_but_no_session"}, At: model.A, In: "no-data", Why: partial,
		Says: claims.Text{EN: "weird: a FIN is the first that is seen of a connection.", ZH: "weird：连接中首先看到的就是 FIN。"},
	}, {
		Tool: Zeek, Name: "spontaneous_RST", Other: []string{"rst_but_no_session"}, At: model.A, In: "no-data", Why: partial,
		Says: claims.Text{EN: "weird: an RST is the first that is seen of a connection.", ZH: "weird：连接中首先看到的就是 RST。"},
	}, {
		Tool: Zeek, Name: "FIN_advanced_last_seq", At: model.A, In: withText,
		Says:  claims.Text{EN: "weird: two FINs of an end, the later with a higher number.", ZH: "weird：同一端的两个 FIN，后一个序号更大。"},
		Where: `a.receives.fin && a.finreceived && a.receives.seq + a.receives.text + 1 > a.rcvnxt`, Why: unseenOnly,
	}, {
		Tool: Zeek, Name: "FIN_storm", Why: claims.Text{EN: "The number of retransmissions is bounded by R2 (RFC 9293, 3.8.3): a thousand within seconds are none.", ZH: "重传次数受 R2 限制（RFC 9293，3.8.3）：数秒内上千次不可能是重传。"},
		Says: claims.Text{EN: "weird: a thousand FINs, none more than 1 s after the one before it.", ZH: "weird：一千个 FIN，间隔都不超过 1 秒。"},
	}, {
		Tool: Zeek, Name: "RST_storm", Why: claims.Text{EN: "Each RST answers a segment that was sent before: a thousand need a thousand of those.", ZH: "每个 RST 对应一个先前的报文段：一千个 RST 就要有一千个报文段。"},
		Says: claims.Text{EN: "weird: a thousand RSTs, none more than 1 s after the one before it.", ZH: "weird：一千个 RST，间隔都不超过 1 秒。"},
	}, {
		Tool: Zeek, Name: "FIN_after_reset", At: model.A, In: "abort",
		Says:  claims.Text{EN: "weird: a FIN of an end whose RST was seen.", ZH: "weird：已发送 RST 的一端又出现 FIN。"},
		Where: `a.receives.fin && a.before == CLOSED && a.ended == RESET`,
	}, {
		Tool: Zeek, Name: "SYN_after_reset", At: model.A, In: "next start=closed a-isn=larger a-fails=abort",
		Says:  claims.Text{EN: "weird: a SYN after an RST.", ZH: "weird：RST 之后出现 SYN。"},
		Where: `a.sends.syn && a.sends.seq > 101 && a.before == CLOSED`,
	}, {
		Tool: Zeek, Name: "data_after_reset", At: model.A, In: "abort b-octets=1 a-octets=0",
		Says:  claims.Text{EN: "weird: text of an end whose RST was seen.", ZH: "weird：已发送 RST 的一端又出现数据。"},
		Where: `a.receives.text > 0 && a.before == CLOSED && a.ended == RESET`,
	}, {
		Tool: Zeek, Name: "SYN_after_close", Other: []string{"active_connection_reuse"}, At: model.A, In: "next start=closed a-isn=larger",
		Says:  claims.Text{EN: "weird: a SYN after both ends closed.", ZH: "weird：双方关闭之后出现 SYN。"},
		Where: `a.sends.syn && a.sends.seq > 101 && a.before == CLOSED`,
	}, {
		Tool: Zeek, Name: "premature_connection_reuse", At: model.B, In: "next-may-2 start=closed",
		Says:  claims.Text{EN: "weird: a SYN so soon after the close that an end still is in TIME-WAIT.", ZH: "weird：关闭后很快出现 SYN，一端仍处于 TIME-WAIT。"},
		Where: `b.receives.syn && b.before == TIME-WAIT`,
	}, {
		Tool: Zeek, Name: "SYN_inside_connection", Other: []string{"shutdown_syn_resend"}, At: model.B, In: "open",
		Says:  claims.Text{EN: "weird: a SYN in a connection that is established or closing.", ZH: "weird：连接已建立或正在关闭时出现 SYN。"},
		Where: `b.receives.syn && b.before in [ESTABLISHED, FIN_WAIT_1, FIN_WAIT_2, CLOSE_WAIT, CLOSING, LAST_ACK, TIME_WAIT]`,
	}, {
		Tool: Zeek, Name: "pending_data_when_closed", At: model.A, In: withText,
		Says:  claims.Text{EN: "weird: when the connection is over, text that was not acknowledged is left.", ZH: "weird：连接结束时还有未确认的数据。"},
		Where: `a.told.timeout && b.rcvnxt == 100`,
	}, {
		Tool: Zeek, Name: "possible_split_routing", Why: partial,
		Says: claims.Text{EN: "weird: one direction acknowledges what was not seen of the other.", ZH: "weird：一个方向确认了另一方向未曾看到的内容。"},
	}, {
		Tool: Zeek, Name: "TCP_ack_underflow_or_misorder", At: model.A, In: "no-data",
		Says:  claims.Text{EN: "weird: an acknowledgement below one that was seen.", ZH: "weird：确认号低于先前看到的确认号。"},
		Where: `a.receives.any && a.receives.ack > 0 && a.receives.ack < a.snduna && a.state != CLOSED`,
	}, {
		Tool: Zeek, Name: "TCP_seq_underflow_or_misorder", At: model.A, In: "no-data",
		Says:  claims.Text{EN: "weird: a number below one that was seen.", ZH: "weird：序号低于先前看到的序号。"},
		Where: `a.receives.any && a.receives.seq < a.rcvnxt - 1 && !a.receives.rst && a.state != CLOSED || "old-segment" in a.follows && !a.receives.fin`,
	}, {
		Tool: Zeek, Name: "window_recision",
		Says: claims.Text{EN: "weird: an end takes back window that it had offered.", ZH: "weird：一端收回了已通告的窗口。"},
		Why:  comparesTwo,
	}, {
		Tool: Zeek, Name: "RST_with_data", Other: []string{"rst_with_data"}, At: model.A, In: "abort",
		Says:  claims.Text{EN: "weird: an RST with text.", ZH: "weird：RST 带有数据。"},
		Where: `a.receives.rst && a.receives.text > 0`,
		Why:   claims.Text{EN: "RFC 9293, 3.5.2 lets an RST carry a reason as text; the rules of section 3.10 put none in.", ZH: "RFC 9293，3.5.2 允许 RST 以数据形式说明原因；3.10 节的规则不放入任何数据。"},
	},
}
