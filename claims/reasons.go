package claims

// A network that loses nothing, with acknowledgements that may wait: for less than
// the peer's patience, or for ever.
const (
	merging  = "preset=notes delayed-ack=1"
	withheld = "preset=withheld-ack"
)

// reasons is the claims on why there are four segments.
var reasons = []Claim{
	{
		ID: "Y0", Quote: "为什么需要四次挥手？",
		English: "Four segments are needed.",
		Said:    []Statement{misses(merging, "note-2")},
		If:      Text{"every FIN is acknowledged at once, and not by a segment that has something else to say", "每个 FIN 都立刻得到单独的确认"},
		Under:   []Statement{misses(calm, "note-2")},
		Right:   Text{"Two FINs are needed, and an acknowledgement of each; three segments can be enough.", "需要的是两个 FIN，以及对每个 FIN 的确认；三个报文段也可以够用。"},
		Shown:   []Statement{keeps(merging, "fin-acknowledged"), shows(merging, "three-segments"), shows(merging, "normal-close")},
		Why:     Text{"The second and third segment become one when the server closes before its acknowledgement has gone (RFC 9293, 3.8.6.3).", "服务端的确认还没发出时应用就关闭，第二、三次挥手就合成一个报文段（RFC 9293, 3.8.6.3）。"},
		Turns:   "delayed-ack=off",
	},
	{
		ID: "Y1a", Quote: "**全双工特性**：TCP 连接双向独立关闭",
		English: "Full duplex: the two directions are closed independently.",
		Said: []Statement{
			some(calmSeq, "a.state == FIN_WAIT_2 && b.state == CLOSE_WAIT && b.calls == SEND"),
			some(calmSeq, "a.before == FIN_WAIT_2 && a.delivered > 0"),
		},
		Right: Text{"Each side closes its own direction, when it likes.", "每一方只关闭自己的方向，时机由自己决定。"},
		Shown: []Statement{shows(calm, "half-closed"), shows(calm+" b-octets=2", "half-close-data"), shows(calm, "half-close-read")},
		Why:   Text{"RFC 9293, 3.6, case 1. After close(), though, a socket reads nothing any more.", "RFC 9293, 3.6 情形 1。不过 close() 之后套接字就不再读了。"},
		Turns: "a-close-is=full",
	},
	{
		ID: "Y1b", Quote: "服务端需等待数据发送完毕后再发送 `FIN`",
		English: "The server has to wait until its data are sent before it sends FIN.",
		Said: []Statement{
			whenever(wildB, "b.sends.fin", "b.sends.seq + b.sends.text == 300 + b.written"),
			keeps(calm, "delivered"),
		},
		Right: Text{"The FIN has the number after the last octet: it can travel with the last data, and never before them.", "FIN 的序号在最后一个字节之后：它可以和最后的数据同行，但不会在它们之前。"},
		Shown: []Statement{some(wildB, "b.sends.fin && b.sends.text > 0"), keeps(wildB, "delivered")},
		Why:   Text{"Waiting is for the data to be sent, not for them to be acknowledged.", "要等的是数据发出，而不是数据被确认。"},
		Turns: "fault=resent-fin-moves",
	},
	{
		ID: "Y2", Quote: "**可靠性保证**：若合并第二次和第三次挥手（`ACK` + `FIN`），可能导致客户端误判 `FIN` 丢失而重复重传",
		English: "Reliability: if the second and third segment are merged (ACK + FIN), the client may think that its FIN was lost, and retransmit it.",
		Said:    []Statement{some(merging, "a.timeout == RETRANSMISSION_TIMEOUT")},
		Right:   Text{"Merging does no harm; to withhold the acknowledgement without bound does: the client retransmits, and gives up.", "合并没有害处；有害的是无限期地扣住确认不发：客户端会重传，最后放弃。"},
		Shown: []Statement{
			shows(merging, "note-2"), shows(merging, "three-segments"), keeps(merging, "told"), keeps(merging, "agreement"), never(merging, "a.told.reset"), never(merging, "b.told.reset"),
			some(withheld, "a.timeout == RETRANSMISSION_TIMEOUT && b.finreceived"), shows(withheld, "ack-withheld"), some(withheld, "a.told.timeout"),
		},
		Why:   Text{"The FIN that comes with the ACK acknowledges the client's FIN as well: FIN_WAIT_1 goes to TIME_WAIT at once (RFC 9293, 3.3.2, note 2). An acknowledgement is delayed by less than 0.5 s (MUST-40). Only a server that waited for its application would make the client retransmit.", "和 ACK 一起到达的 FIN 同样确认了客户端的 FIN：FIN_WAIT_1 直接到 TIME_WAIT（RFC 9293, 3.3.2 注 2）。确认最多推迟不到 0.5 秒（MUST-40）。只有服务端一直等应用关闭才回确认，客户端才会重传。"},
		Turns: "delayed-ack=unlimited",
	},
}
