package remarks

import (
	"tcpclose/claims"
	"tcpclose/model"
)

// invalid returns the event for an ACK field beyond what was sent, in a state.
func invalid(name, state, zh string) Remark {
	return Remark{
		Tool: Suricata, Name: name, At: model.A, In: "no-data",
		Says:  claims.Text{EN: "An ACK field beyond what was sent, in " + state + ".", ZH: zh + "状态下，确认号超过已发送的序号。"},
		Where: "a.receives.ack > a.sndnxt && a.state != CLOSED && a.before == " + state, Why: unseenOnly,
	}
}

// suricata has the stream events about closing. Its session has one state; here it is
// that of a.
var suricata = []Remark{
	invalid("fin1_invalid_ack", "FIN-WAIT-1", "FIN-WAIT-1 "),
	invalid("fin2_invalid_ack", "FIN-WAIT-2", "FIN-WAIT-2 "),
	invalid("closing_invalid_ack", "CLOSING", "CLOSING "),
	invalid("closewait_invalid_ack", "CLOSE-WAIT", "CLOSE-WAIT "),
	invalid("lastack_invalid_ack", "LAST-ACK", "LAST-ACK "),
	invalid("timewait_invalid_ack", "TIME-WAIT", "TIME-WAIT "),
	invalid("est_invalid_ack", "ESTABLISHED", "ESTABLISHED "),
	{
		Tool: Suricata, Name: "fin_invalid_ack", At: model.A, In: "no-data",
		Says:  claims.Text{EN: "The first FIN acknowledges what was not sent.", ZH: "第一个 FIN 确认了未发送的内容。"},
		Where: `a.before == ESTABLISHED && a.receives.fin && a.receives.ack > a.sndnxt`, Why: unseenOnly,
	}, {
		Tool: Suricata, Name: "fin_out_of_window", At: model.A, In: "no-data b-octets=1",
		Says:  claims.Text{EN: "The first FIN has a number below one that was acknowledged.", ZH: "第一个 FIN 的序号低于已确认的序号。"},
		Where: `a.before == ESTABLISHED && a.receives.fin && a.receives.seq < a.rcvnxt - 1 - a.receives.text && a.state != CLOSED`, Why: unseenOnly,
	}, {
		Tool: Suricata, Name: "fin_syn", At: model.A, In: "open",
		Says:  claims.Text{EN: "SYN and FIN in one segment.", ZH: "同一报文段带有 SYN 和 FIN。"},
		Where: `a.receives.syn && a.receives.fin`,
		Why:   claims.Text{EN: "RFC 9293 does not forbid it, and its rules never send it.", ZH: "RFC 9293 没有禁止，但按其规则从不发送。"},
	}, {
		Tool: Suricata, Name: "fin1_fin_wrong_seq", At: model.A, In: "no-data b-octets=1",
		Says:  claims.Text{EN: "A FIN in FIN-WAIT-1 with a number below the next one, and no retransmission.", ZH: "FIN-WAIT-1 中 FIN 的序号低于下一个应有的序号，且不是重传。"},
		Where: `a.before == FIN-WAIT-1 && a.receives.fin && a.receives.seq + a.receives.text + 1 < a.rcvnxt && a.state != CLOSED`, Why: unseenOnly,
	}, {
		Tool: Suricata, Name: "fin1_ack_wrong_seq", At: model.A, In: "slow-reader a-reads=slowly a-buffer=1 a-octets=0 b-octets=1 b-buffer=unlimited b-reads=at-once",
		Says:  claims.Text{EN: "In FIN-WAIT-1 a segment lies beyond the window.", ZH: "FIN-WAIT-1 中的报文段超出窗口。"},
		Where: `a.before == FIN-WAIT-1 && a.receives.any && a.receives.seq > a.rcvnxt && "old-segment" in a.follows`,
	}, {
		Tool: Suricata, Name: "fin2_fin_wrong_seq", At: model.A, In: "no-data b-octets=1",
		Says:  claims.Text{EN: "The second FIN has a number below the next one.", ZH: "第二个 FIN 的序号低于下一个应有的序号。"},
		Where: `a.before == FIN-WAIT-2 && a.receives.fin && a.receives.seq < a.rcvnxt - 1 - a.receives.text && a.state != CLOSED`, Why: unseenOnly,
	}, {
		Tool: Suricata, Name: "fin2_ack_wrong_seq", At: model.A, In: "slow-reader a-reads=slowly a-buffer=1 a-octets=0 b-octets=2 b-buffer=unlimited b-reads=at-once",
		Says:  claims.Text{EN: "In FIN-WAIT-2 a segment lies beyond the window.", ZH: "FIN-WAIT-2 中的报文段超出窗口。"},
		Where: `a.before == FIN-WAIT-2 && a.receives.text > 0 && "old-segment" in a.follows && a.receives.seq >= a.rcvnxt`,
	}, {
		Tool: Suricata, Name: "closing_ack_wrong_seq", At: model.A, In: "no-data",
		Says:  claims.Text{EN: "In CLOSING a segment has another number than the next one.", ZH: "CLOSING 中报文段的序号不是下一个应有的序号。"},
		Where: `a.before == CLOSING && a.receives.any && a.receives.seq != a.rcvnxt && a.state != CLOSED`,
	}, {
		Tool: Suricata, Name: "closewait_fin_out_of_window", At: model.A, In: "no-data b-octets=1",
		Says:  claims.Text{EN: "A further FIN in CLOSE-WAIT that is no retransmission.", ZH: "CLOSE-WAIT 中又出现不是重传的 FIN。"},
		Where: `a.before == CLOSE-WAIT && a.receives.fin && a.receives.seq + a.receives.text + 1 != a.rcvnxt && a.state != CLOSED`, Why: unseenOnly,
	}, {
		Tool: Suricata, Name: "closewait_ack_out_of_window", At: model.A, In: "no-data b-octets=1",
		Says:  claims.Text{EN: "After the first FIN a segment lies beyond the window.", ZH: "第一个 FIN 之后的报文段超出窗口。"},
		Where: `a.before == CLOSE-WAIT && a.receives.any && a.receives.seq > a.rcvnxt && a.state != CLOSED`, Why: unseenOnly,
	}, {
		Tool: Suricata, Name: "closewait_pkt_before_last_ack", At: model.A, In: "no-data b-octets=1",
		Says:  claims.Text{EN: "After the first FIN text comes that was acknowledged.", ZH: "第一个 FIN 之后出现已确认过的数据。"},
		Where: `a.before == CLOSE-WAIT && a.receives.text > 0 && "old-segment" in a.follows`,
	}, {
		Tool: Suricata, Name: "lastack_ack_wrong_seq", At: model.A, In: "no-data",
		Says:  claims.Text{EN: "In LAST-ACK a segment has neither the next number nor the one after it.", ZH: "LAST-ACK 中报文段的序号既不是下一个应有的序号，也不是其后一个。"},
		Where: `a.before == LAST-ACK && a.receives.any && a.receives.seq < a.rcvnxt && a.state != CLOSED`,
	}, {
		Tool: Suricata, Name: "timewait_ack_wrong_seq", At: model.A, In: "no-data",
		Says:  claims.Text{EN: "After both FINs a segment has neither the next number nor the one after it.", ZH: "两个 FIN 之后，报文段的序号既不是下一个应有的序号，也不是其后一个。"},
		Where: `a.before == TIME-WAIT && a.receives.any && !a.receives.fin && a.receives.seq < a.rcvnxt && a.state != CLOSED`,
	}, {
		Tool: Suricata, Name: "rst_invalid_ack", At: model.A, In: "open",
		Says:  claims.Text{EN: "An RST acknowledges what was not sent.", ZH: "RST 确认了未发送的内容。"},
		Where: `a.receives.rst && a.receives.ack > a.sndnxt && a.before != CLOSED && a.state != CLOSED`, Why: unseenOnly,
	}, {
		Tool: Suricata, Name: "suspected_rst_inject", At: model.A, In: "abort",
		Says:  claims.Text{EN: "After an RST an ordinary segment comes from the end that sent it.", ZH: "RST 之后，又从其发送方收到普通报文段。"},
		Where: `a.receives.any && !a.receives.rst && a.before == CLOSED && a.ended == RESET`,
	}, {
		Tool: Suricata, Name: "pkt_invalid_ack", At: model.A, In: "no-data",
		Says:  claims.Text{EN: "An ACK field beyond what was sent, in any state.", ZH: "任何状态下，确认号超过已发送的序号。"},
		Where: `a.receives.ack > a.sndnxt && a.before != CLOSED && a.state != CLOSED`, Why: unseenOnly,
	}, {
		Tool: Suricata, Name: "pkt_invalid_timestamp", At: model.A, In: "next timestamps=fine",
		Says:  claims.Text{EN: "A timestamp below one that was seen.", ZH: "时间戳小于先前看到的时间戳。"},
		Where: `"timestamp-old" in a.follows`,
	}, {
		Tool: Suricata, Name: "pkt_bad_window_update",
		Says: claims.Text{EN: "A window is smaller than it should be after the one before it.", ZH: "窗口小于按前一个窗口应有的大小。"},
		Why:  comparesTwo,
	},
}
