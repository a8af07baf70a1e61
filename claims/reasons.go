package claims

// A network that loses nothing, with acknowledgements that may wait: for less than
// the peer's patience, or forever.
const (
	merging  = "preset=notes delayed-ack=1"
	withheld = "preset=withheld-ack"
)

// reasons is the claims on why there are four segments.
var reasons = []Claim{
	{
		ID: "Y0", Quote: "为什么需要四次挥手？",
		English: "Closing takes four segments.",
		Said:    []Statement{misses(merging, "note-2")},
		If:      Text{"each FIN is acknowledged at once, by a segment that does nothing else", "每个 FIN 都立即由一个单独的 ACK 确认"},
		Under:   []Statement{misses(calm, "note-2")},
		Right:   Text{"What closing takes is two FINs and an acknowledgement of each. Three segments can be enough.", "必需的是两个 FIN，以及对每个 FIN 的确认；三个报文段也可能够用。"},
		Shown:   []Statement{keeps(merging, "fin-acknowledged"), shows(merging, "three-segments"), shows(merging, "normal-close")},
		Why:     Text{"The second and third segments become one if the server closes before it has sent its acknowledgement (RFC 9293, 3.8.6.3).", "如果服务端还没发出确认，应用程序就关闭了连接，第二次和第三次挥手便合并为一个报文段（RFC 9293 第 3.8.6.3 节）。"},
		Turns:   "delayed-ack=off",
	},
	{
		ID: "Y1a", Quote: "**全双工特性**：TCP 连接双向独立关闭",
		English: "Full duplex: the two directions of a TCP connection close independently.",
		Said: []Statement{
			some(calmSeq, "a.state == FIN_WAIT_2 && b.state == CLOSE_WAIT && b.calls == SEND"),
			some(calmSeq, "a.before == FIN_WAIT_2 && a.delivered > 0"),
		},
		Right: Text{"Each side closes its own direction, at a time of its choosing.", "每一方只关闭自己的发送方向，何时关闭由自己决定。"},
		Shown: []Statement{shows(calm, "half-closed"), shows(calm+" b-octets=2", "half-close-data"), shows(calm, "half-close-read")},
		Why:   Text{"RFC 9293, 3.6, case 1. After close(), however, the application can no longer read from the socket.", "见 RFC 9293 第 3.6 节情形 1。不过，调用 close() 之后，应用程序就不能再从套接字读取数据了。"},
		Turns: "a-close-is=full",
	},
	{
		ID: "Y1b", Quote: "服务端需等待数据发送完毕后再发送 `FIN`",
		English: "The server must wait until its data has been sent before it sends FIN.",
		Said: []Statement{
			whenever(wildB, "b.sends.fin", "b.sends.seq + b.sends.text == 300 + b.written"),
			keeps(calm, "delivered"),
		},
		Right: Text{"The FIN takes the sequence number after the last octet: it can travel with the last data, but never before it.", "FIN 的序号排在最后一个数据字节之后：它可以与最后的数据同在一个报文段，但绝不会先于数据。"},
		Shown: []Statement{some(wildB, "b.sends.fin && b.sends.text > 0"), keeps(wildB, "delivered")},
		Why:   Text{"The server waits for its data to be sent, not for it to be acknowledged.", "要等的是数据发出，而不是数据得到确认。"},
		Turns: "fault=resent-fin-moves",
	},
	{
		ID: "Y2", Quote: "**可靠性保证**：若合并第二次和第三次挥手（`ACK` + `FIN`），可能导致客户端误判 `FIN` 丢失而重复重传",
		English: "Reliability: if the second and third segments are merged (ACK + FIN), the client may think that its FIN was lost and retransmit it.",
		Said:    []Statement{some(merging, "a.timeout == RETRANSMISSION_TIMEOUT")},
		Right:   Text{"Merging does no harm. Withholding the acknowledgement indefinitely does: the client retransmits and finally gives up.", "合并无害；无限期扣住确认不发才有害：客户端会反复重传，最后放弃。"},
		Shown: []Statement{
			shows(merging, "note-2"), shows(merging, "three-segments"), keeps(merging, "told"), keeps(merging, "agreement"), never(merging, "a.told.reset"), never(merging, "b.told.reset"),
			some(withheld, "a.timeout == RETRANSMISSION_TIMEOUT && b.finreceived"), shows(withheld, "ack-withheld"), some(withheld, "a.told.timeout"),
		},
		Why:   Text{"A FIN that arrives with an ACK acknowledges the client's FIN as well: the client goes from FIN_WAIT_1 straight to TIME_WAIT (RFC 9293, 3.3.2, note 2). An acknowledgement must be delayed by less than 0.5 s (MUST-40). Only a server that waited for its application to close would make the client retransmit.", "与 ACK 同时到达的 FIN 也确认了客户端的 FIN，客户端从 FIN_WAIT_1 直接进入 TIME_WAIT（RFC 9293 第 3.3.2 节注 2）。确认的延迟必须小于 0.5 秒（MUST-40）。只有服务端一直等到应用程序关闭才发送确认，客户端才会重传。"},
		Turns: "delayed-ack=unlimited",
	},
}
