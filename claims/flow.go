package claims

// Configurations in which several claims are checked. a is the client of the notes,
// and b the server.
const (
	calm    = "preset=notes"                                                                       // nothing is lost, duplicated or reordered, and no timer fires too early
	calmSeq = "preset=notes b-closes=after-peer"                                                   // and the client closes first
	wild    = "preset=no-data"                                                                     // the network does what it likes
	holed   = "a-octets=1 b-octets=0 delay=1 rto=4 r2=1 loss=1 duplicate=off reorder=1 capacity=4" // text and FIN can be apart
)

// flow is the claims of the table of the four segments, and of the two remarks
// below it.
var flow = []Claim{
	{
		ID: "R1a", Quote: "第一次挥手 | 客户端 | `FIN` (Seq=u)  | `ESTABLISHED` → `FIN_WAIT_1`",
		English: "First segment: the client sends FIN (Seq=u) and moves from ESTABLISHED to FIN_WAIT_1.",
		Said: []Statement{
			whenever(wild, "a.calls == CLOSE && a.before == ESTABLISHED", "a.state == FIN_WAIT_1"),
			whenever(holed, "a.sends.fin && a.before == ESTABLISHED", "a.sends.seq + 1 == a.sndnxt"),
			whenever(holed, "a.sends.fin", "a.sends.seq + 1 == a.sndnxt"),
		},
		If: Text{"u is the sequence number of the FIN itself: if the segment also carries data, SEG.SEQ is that of the first octet", "u 指 FIN 本身的序号；若报文段同时携带数据，SEG.SEQ 是第一个数据字节的序号"},
		Under: []Statement{
			whenever(wild, "a.calls == CLOSE && a.before == ESTABLISHED", "a.state == FIN_WAIT_1"),
			whenever(holed, "a.sends.fin", "a.sends.seq + a.sends.text + 1 == a.sndnxt"),
		},
		Right: Text{"On CLOSE the client enters FIN_WAIT_1 at once. Its FIN takes the sequence number after the last octet of data.", "客户端一调用 CLOSE 便进入 FIN_WAIT_1；FIN 的序号紧接在最后一个数据字节之后。"},
		Shown: []Statement{keeps(holed, "fin-number"), keeps(holed, "close-at-once")},
		Why:   Text{"A retransmission may carry the last data and the FIN in one segment. SEG.SEQ is then not the FIN's own number.", "重传时，最后的数据可能与 FIN 合在一个报文段里发送，此时 SEG.SEQ 不是 FIN 的序号。"},
		Turns: "fault=resent-fin-moves",
	},
	{
		ID: "R1b", Quote: "客户端不再发送数据，但可接收",
		English: "The client sends no more data but can still receive.",
		Said: []Statement{
			whenever(holed, "a.closecalled && a.sends.any", "a.sends.text == 0"),
			some(calmSeq, "a.before == FIN_WAIT_2 && a.delivered > 0"),
		},
		If: Text{"\"data\" means new data, and the client closes only its sending direction, with shutdown(SHUT_WR)", "“数据”指新数据，且客户端只关闭发送方向，即调用 shutdown(SHUT_WR)"},
		Under: []Statement{
			whenever(holed, "a.calls in [SEND, SEND_HELD]", "a.before in [ESTABLISHED, CLOSE_WAIT]"),
			whenever(calmSeq, "a.state == FIN_WAIT_2 && a.sends.any", "a.sends.text == 0"),
			some(calmSeq, "a.before == FIN_WAIT_2 && a.delivered > 0"),
		},
		Right: Text{"After CLOSE the application cannot send new data, but TCP retransmits what was sent until it is acknowledged. After a half close the client can still receive. After a full close it answers new data with RST.", "CLOSE 之后，应用程序不能再发送新数据，但已发送的数据仍会重传，直到得到确认。半关闭后还能接收数据；完全关闭后，再收到新数据就回应 RST。"},
		Shown: []Statement{
			some(holed, "a.before == FIN_WAIT_1 && a.sends.text > 0"),
			whenever(calmSeq+" a-octets=0 a-close-is=full", "a.receives.text > 0 && a.before in [FIN_WAIT_1, FIN_WAIT_2]", "a.sends.rst"),
		},
		Why:   Text{"close() gives up receiving as well (RFC 9293, 3.6.1, SHLD-3). What the notes describe is shutdown(SHUT_WR).", "对套接字调用 close() 也就放弃了接收（RFC 9293 第 3.6.1 节，SHLD-3）；笔记描述的其实是 shutdown(SHUT_WR)。"},
		Turns: "a-close-is=full",
	},
	{
		ID: "R1c", Quote: "以客户端主动关闭为例",
		English: "The client's active close serves as the example.",
		Said: []Statement{
			some(calm, "a.state == FIN_WAIT_1 && b.state == ESTABLISHED"),
			some(calm, "b.state == FIN_WAIT_1 && a.state == ESTABLISHED"),
		},
		Right: Text{"Either side may close first, or both at once.", "任何一方都可以先关闭，双方也可以同时关闭。"},
		Shown: []Statement{shows(calm, "simultaneous-close"), shows(calm, "normal-close")},
		Why:   Text{"Once a connection is established, TCP has no client and no server: the roles depend only on who closes first.", "连接建立之后，TCP 不再区分客户端和服务端；谁主动、谁被动，只取决于谁先关闭。"},
		Turns: "b-closes=after-peer",
	},
	{
		ID: "R2a", Quote: "第二次挥手 | 服务端 | `ACK` (Ack=u+1)| `CLOSE_WAIT`",
		English: "Second segment: the server answers with ACK (Ack=u+1) and is in CLOSE_WAIT.",
		Said: []Statement{
			whenever(holed, "b.receives.fin && b.before == ESTABLISHED", "b.state == CLOSE_WAIT && b.sends.ack == b.receives.seq + 1"),
		},
		If: Text{"the FIN arrives in order and its segment carries no data", "FIN 按序到达，且报文段不携带数据"},
		Under: []Statement{
			whenever(calmSeq+" a-octets=0", "b.receives.fin && b.before == ESTABLISHED", "b.state == CLOSE_WAIT && b.sends.ack == b.receives.seq + 1"),
		},
		Right: Text{"A FIN takes effect only when all data before it has arrived. The acknowledgement number is one past the FIN's number. When that ACK arrives, the client enters FIN_WAIT_2, a step the table omits.", "FIN 之前的数据全部到齐，FIN 才生效；确认号等于 FIN 的序号加 1。客户端收到这个 ACK 后进入 FIN_WAIT_2，表中漏掉了这一步。"},
		Shown: []Statement{
			keeps(holed, "hole"),
			whenever(holed, "b.receives.fin && b.before == ESTABLISHED && b.state == CLOSE_WAIT", "b.sends.ack == b.receives.seq + b.receives.text + 1"),
			whenever(calmSeq, "a.before == FIN_WAIT_1 && a.finacked && !a.receives.fin && a.state != CLOSED", "a.state == FIN_WAIT_2"),
		},
		Why:   Text{"A FIN behind a hole is held or dropped; it does not take effect (RFC 9293, 3.10.7.4, first step, SHLD-31).", "若 FIN 之前有空洞，TCP 只会暂存或丢弃这个 FIN，不会让它生效（RFC 9293 第 3.10.7.4 节第一步，SHLD-31）。"},
		Turns: "a-octets=0",
	},
	{
		ID: "R2b", Quote: "服务端可能仍有数据待发送",
		English: "The server may still have data to send.",
		Said:    []Statement{some(calm, "b.before == CLOSE_WAIT && b.sends.text > 0")},
		Right:   Text{"In CLOSE_WAIT the server may send data as before.", "服务端在 CLOSE_WAIT 状态下可以照常发送数据。"},
		Shown:   []Statement{some(calm, "b.calls == SEND && b.before == CLOSE_WAIT")},
		Why:     Text{"A FIN closes only one direction (RFC 9293, 3.6, case 2; 3.10.2).", "FIN 只关闭一个方向（RFC 9293 第 3.6 节情形 2、第 3.10.2 节）。"},
		Turns:   "b-octets=0",
	},
	{
		ID: "R3a", Quote: "第三次挥手 | 服务端 | `FIN` (Seq=w)  | `CLOSE_WAIT` → `LAST_ACK`",
		English: "Third segment: the server sends FIN (Seq=w) and moves from CLOSE_WAIT to LAST_ACK.",
		Said: []Statement{
			whenever(shut, "b.before == CLOSE_WAIT && b.state == LAST_ACK", "b.sends.fin"),
			whenever(shut, "b.before == CLOSE_WAIT && b.sends.fin", "b.state == LAST_ACK"),
		},
		Right: Text{"The server enters LAST_ACK when it sends its FIN. Linux enters it on close(), even if the FIN has to wait.", "服务端发出 FIN 时进入 LAST_ACK；Linux 则在调用 close() 时立即进入，哪怕 FIN 还发不出去。"},
		Shown: []Statement{
			some(shut+" last-ack-entered=with-close", "b.before == CLOSE_WAIT && b.state == LAST_ACK && !b.sends.fin"),
		},
		Why:   Text{"RFC 9293, 3.10.4 (CLOSE-WAIT): queue the CLOSE until all preceding SENDs have been segmentized, then send a FIN and enter LAST-ACK.", "RFC 9293 第 3.10.4 节（CLOSE-WAIT）：等此前的 SEND 全部分段之后，再发送 FIN，进入 LAST-ACK。"},
		Turns: "last-ack-entered=with-close",
	},
	{
		ID: "R3b", Quote: "服务端数据发送完毕",
		English: "The server has sent all its data.",
		Said: []Statement{
			whenever(wildB, "b.sends.fin", "b.sends.seq + b.sends.text == 300 + b.written"),
		},
		Right: Text{"The FIN follows all data. But what triggers it is the application's CLOSE, not an empty queue.", "FIN 排在所有数据之后；但触发它的是应用程序调用 CLOSE，而不是发送队列变空。"},
		Shown: []Statement{
			keeps(wildB, "fin-number"),
			never(calm+" b-closes=never", "b.sends.fin"),
		},
		Why:   Text{"The server acknowledges the client's FIN but sends no FIN of its own until its user closes (RFC 9293, 3.6).", "服务端会确认客户端的 FIN，但要等本端用户关闭连接，才发送自己的 FIN（RFC 9293 第 3.6 节）。"},
		Turns: "fault=resent-fin-moves",
	},
	{
		ID: "R4a", Quote: "第四次挥手 | 客户端 | `ACK` (Ack=w+1)| `FIN_WAIT_2` → `TIME_WAIT`",
		English: "Fourth segment: the client answers with ACK (Ack=w+1) and moves from FIN_WAIT_2 to TIME_WAIT.",
		Said: []Statement{
			whenever(wild, "a.state == TIME_WAIT && a.before != TIME_WAIT", "a.before == FIN_WAIT_2"),
			whenever(wild, "a.state == TIME_WAIT && a.before == FIN_WAIT_2", "a.receives.fin && a.sends.ack == a.receives.seq + 1"),
		},
		If: Text{"the server closes after the client, and its ACK arrives before its FIN", "服务端后于客户端关闭，且它的 ACK 先于 FIN 到达"},
		Under: []Statement{
			whenever(calmSeq, "a.state == TIME_WAIT && a.before != TIME_WAIT", "a.before == FIN_WAIT_2 && a.receives.fin"),
			whenever(calmSeq+" b-octets=0", "a.state == TIME_WAIT && a.before == FIN_WAIT_2", "a.sends.ack == a.receives.seq + 1"),
		},
		Right: Text{"TIME_WAIT is entered from FIN_WAIT_2; from CLOSING, if both sides close at once; and from FIN_WAIT_1, if one segment carries both ACK and FIN.", "进入 TIME_WAIT 有三条路径：从 FIN_WAIT_2 进入；双方同时关闭时，从 CLOSING 进入；同一个报文段携带 ACK 和 FIN 时，从 FIN_WAIT_1 进入。"},
		Shown: []Statement{
			some(wild, "a.before == CLOSING && a.state == TIME_WAIT"), shows(wild, "note-2"),
			whenever(wild, "a.state == TIME_WAIT && a.before != TIME_WAIT", "a.before in [FIN_WAIT_1, FIN_WAIT_2, CLOSING]"),
		},
		Why:   Text{"See RFC 9293, figure 5 with its note 2, and figure 13.", "见 RFC 9293 图 5 及其注 2，以及图 13。"},
		Turns: "fault=no-time-wait",
	},
	{
		ID: "R4b", Quote: "客户端等待 2MSL 后关闭连接",
		English: "The client waits for 2 MSL and then closes the connection.",
		Said:    []Statement{takes(wild, "a: TIME-WAIT -> CLOSED", 6, 6)},
		If:      Text{"no segment from the peer arrives in TIME_WAIT", "在 TIME_WAIT 期间没有收到对端的任何报文段"},
		Under:   []Statement{takes(calm, "a: TIME-WAIT -> CLOSED", 6, 6)},
		Right:   Text{"TIME_WAIT ends 2 MSL after the client enters it or, if the server's FIN arrives again, 2 MSL after the last one. An RST ends it early.", "TIME_WAIT 从进入时起计 2MSL；若又收到服务端的 FIN，则从最后一次收到时重新计时。RST 会使它提前结束。"},
		Shown: []Statement{
			keeps(wild, "time-wait-2msl"), keeps(wild, "time-wait-ends"), shows(wild, "assassination"),
		},
		Why:   Text{"Each FIN that arrives again restarts the timer, so TIME_WAIT can last longer than 2 MSL. RFC 1337 explains how it can be cut short.", "每次再收到 FIN 都会重启定时器，因此 TIME_WAIT 可能长于 2MSL；RFC 1337 说明了它为何可能提前结束。"},
		Turns: "time-wait=1msl",
	},
	{
		ID: "N1a", Quote: "主动关闭方会进入 `TIME_WAIT` 状态",
		English: "The active closer enters TIME_WAIT.",
		Said:    []Statement{never(wild, "a.before in [FIN_WAIT_1, FIN_WAIT_2, CLOSING] && a.state == CLOSED")},
		If:      Text{"both FINs arrive, and neither side resets the connection or gives up", "双方的 FIN 都送达，且没有一方复位连接或放弃重传"},
		Under:   []Statement{never(calm, "a.before in [FIN_WAIT_1, FIN_WAIT_2, CLOSING] && a.state == CLOSED")},
		Right:   Text{"The side that closes first enters TIME_WAIT unless it gives up or is reset before. If both close at once, both enter it.", "先关闭的一方只要没有放弃重传，也没有被复位，就会进入 TIME_WAIT；双方同时关闭时，双方都会进入。"},
		Shown:   []Statement{keeps(wild, "active-closer"), keeps(wild, "one-waits"), shows(wild, "simultaneous-close")},
		Why:     Text{"A connection that is reset, or whose FIN is never acknowledged, ends without TIME_WAIT.", "连接若被复位，或者 FIN 始终得不到确认，就不经过 TIME_WAIT 而结束。"},
		Turns:   "fault=no-time-wait",
	},
	{
		ID: "N1b", Quote: "被动关闭方直接进入 `CLOSED` 状态",
		English: "The passive closer goes directly to CLOSED.",
		Said:    []Statement{whenever(calm, "b.before == CLOSE_WAIT && b.state != CLOSE_WAIT", "b.state == CLOSED")},
		If:      Text{"\"directly\" means from LAST_ACK, without TIME_WAIT", "“直接”指从 LAST_ACK 进入 CLOSED，不经过 TIME_WAIT"},
		Under: []Statement{
			whenever(wild, "b.before == LAST_ACK && b.state != LAST_ACK", "b.state == CLOSED"), keeps(wild, "passive-closer"),
		},
		Right: Text{"The passive closer goes from CLOSE_WAIT to LAST_ACK, and to CLOSED once its FIN is acknowledged.", "被动关闭方先从 CLOSE_WAIT 进入 LAST_ACK，等自己的 FIN 得到确认后再进入 CLOSED。"},
		Shown: []Statement{
			whenever(calm, "b.before == CLOSE_WAIT && b.state != CLOSE_WAIT", "b.state == LAST_ACK"), keeps(wild, "fin-acknowledged"),
		},
		Why:   Text{"LAST_ACK lies in between; only the last step is direct.", "中间还有 LAST_ACK，只有最后一步是直接的。"},
		Turns: "fault=last-ack-skipped",
	},
	{
		ID: "N2a", Quote: "实际抓包中第一次挥手可能是 `FIN+ACK`",
		English: "In captures the first segment may be FIN+ACK.",
		Said: []Statement{
			some(wild, "a.sends.fin && a.sends.ack > 0"),
			some(wild, "a.sends.fin && a.sends.ack == 0"),
		},
		If:    Text{"\"may be\" is read as \"is\"", "把“可能是”读作“一定是”"},
		Under: []Statement{whenever(wild, "a.sends.fin", "a.sends.ack > 0")},
		Right: Text{"Every FIN carries ACK; a FIN without ACK is dropped.", "每个 FIN 都带 ACK；不带 ACK 的 FIN 会被丢弃。"},
		Shown: []Statement{
			whenever(wild, "a.sends.fin", "a.sends.ack > 0"),
			whenever(bare, "b.receives.fin && b.receives.ack == 0", "b.state == b.before && !b.finreceived"),
		},
		Why: Text{"\"May be\" also allows a FIN without ACK. None is ever sent (RFC 9293, 3.1), and the fifth step of 3.10.7.4 would drop it.", "“可能是”意味着也可能出现不带 ACK 的 FIN；但 TCP 从不发送这样的报文段（RFC 9293 第 3.1 节），即使收到，也会在第五步丢弃（第 3.10.7.4 节）。"},
	},
	{
		ID: "N2b", Quote: "因 TCP 头部 ACK 字段默认有效",
		English: "The ACK field of the TCP header is valid by default.",
		Said:    []Statement{whenever(wild, "a.sends.any && !a.sends.rst", "a.sends.ack > 0")},
		Right:   Text{"Once a connection is established, every segment except RST carries ACK.", "连接建立之后，除 RST 外，每个报文段都带 ACK。"},
		Shown:   []Statement{some(wild, "a.sends.rst && a.sends.ack == 0 || b.sends.rst && b.sends.ack == 0")},
		Why:     Text{"RFC 9293, 3.1: once a connection is established, the acknowledgement number is always sent.", "RFC 9293 第 3.1 节：连接一旦建立，就总要发送确认号。"},
	},
}

// Further configurations.
const (
	wildB = "a-octets=0 b-octets=1 delay=1 rto=4 r2=1 loss=1 duplicate=off reorder=1 capacity=4"
	shut  = "a-octets=0 b-octets=0 a-buffer=0 loss=off duplicate=off reorder=off capacity=4 rto=8" // a has room for nothing
	bare  = "preset=notes a-octets=0 stray=<SEQ=100><CTL=FIN>"                                     // with a FIN without ACK
)
