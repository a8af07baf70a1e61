package claims

// Configurations in which several claims are judged. a is the client of the notes,
// and b the server.
const (
	calm    = "preset=notes"                                                                       // nothing is lost, copied or out of order, and no timer goes off too soon
	calmSeq = "preset=notes b-closes=after-peer"                                                   // and the client closes first
	wild    = "preset=no-data"                                                                     // the network does what it likes
	holed   = "a-octets=1 b-octets=0 delay=1 rto=4 r2=1 loss=1 duplicate=off reorder=1 capacity=4" // text and FIN can be apart
)

// flow is the claims of the table of the four segments, and of the two remarks
// below it.
var flow = []Claim{
	{
		ID: "R1a", Quote: "第一次挥手 | 客户端 | `FIN` (Seq=u)  | `ESTABLISHED` → `FIN_WAIT_1`",
		English: "First segment: the client sends FIN with Seq=u, and goes from ESTABLISHED to FIN_WAIT_1.",
		Said: []Statement{
			whenever(wild, "a.calls == CLOSE && a.before == ESTABLISHED", "a.state == FIN_WAIT_1"),
			whenever(holed, "a.sends.fin && a.before == ESTABLISHED", "a.sends.seq + 1 == a.sndnxt"),
			whenever(holed, "a.sends.fin", "a.sends.seq + 1 == a.sndnxt"),
		},
		If: Text{"u is the FIN's own number: where text rides in the same segment, SEG.SEQ is the first octet's", "u 指 FIN 自己的序号：同一报文段里若带数据，SEG.SEQ 是首个数据字节的序号"},
		Under: []Statement{
			whenever(wild, "a.calls == CLOSE && a.before == ESTABLISHED", "a.state == FIN_WAIT_1"),
			whenever(holed, "a.sends.fin", "a.sends.seq + a.sends.text + 1 == a.sndnxt"),
		},
		Right: Text{"With CLOSE the client goes to FIN_WAIT_1 at once; its FIN takes the number after the last octet.", "客户端一调用 CLOSE 就进入 FIN_WAIT_1；它的 FIN 占用最后一个数据字节之后的那个序号。"},
		Shown: []Statement{keeps(holed, "fin-number"), keeps(holed, "close-at-once")},
		Why:   Text{"A retransmission may carry the last text and the FIN together; then the segment's number is not the FIN's.", "重传时最后的数据可以和 FIN 放在同一个报文段里，这时报文段的序号不是 FIN 的序号。"},
		Turns: "fault=resent-fin-moves",
	},
	{
		ID: "R1b", Quote: "客户端不再发送数据，但可接收",
		English: "The client sends no more data, but can receive.",
		Said: []Statement{
			whenever(holed, "a.closecalled && a.sends.any", "a.sends.text == 0"),
			some(calmSeq, "a.before == FIN_WAIT_2 && a.delivered > 0"),
		},
		If: Text{"\"data\" means new data, and only the sending half was closed, with shutdown(SHUT_WR)", "“数据”指新数据，而且只关闭了发送方向，即 shutdown(SHUT_WR)"},
		Under: []Statement{
			whenever(holed, "a.calls in [SEND, SEND_HELD]", "a.before in [ESTABLISHED, CLOSE_WAIT]"),
			whenever(calmSeq, "a.state == FIN_WAIT_2 && a.sends.any", "a.sends.text == 0"),
			some(calmSeq, "a.before == FIN_WAIT_2 && a.delivered > 0"),
		},
		Right: Text{"After CLOSE the application sends nothing new, but what was sent is retransmitted until it is acknowledged. It can still receive after a half close; after a full close new text gets RST.", "CLOSE 之后应用不能再发新数据，但已发送的数据会重传到被确认为止。半关闭之后还能接收；完全关闭之后，新到的数据会招来 RST。"},
		Shown: []Statement{
			some(holed, "a.before == FIN_WAIT_1 && a.sends.text > 0"),
			whenever(calmSeq+" a-octets=0 a-close-is=full", "a.receives.text > 0 && a.before in [FIN_WAIT_1, FIN_WAIT_2]", "a.sends.rst"),
		},
		Why:   Text{"close() of a socket gives up receiving too (RFC 9293, 3.6.1, SHLD-3); the sentence is true of shutdown(SHUT_WR).", "套接字的 close() 连接收也放弃了（RFC 9293, 3.6.1, SHLD-3）；这句话说的是 shutdown(SHUT_WR)。"},
		Turns: "a-close-is=full",
	},
	{
		ID: "R1c", Quote: "以客户端主动关闭为例",
		English: "The client's active close is an example.",
		Said: []Statement{
			some(calm, "a.state == FIN_WAIT_1 && b.state == ESTABLISHED"),
			some(calm, "b.state == FIN_WAIT_1 && a.state == ESTABLISHED"),
		},
		Right: Text{"Either side may close first, or both at once.", "任何一方都可以先关闭，双方也可以同时关闭。"},
		Shown: []Statement{shows(calm, "simultaneous-close"), shows(calm, "normal-close")},
		Why:   Text{"TCP knows no client once a connection is established: the roles come from who closes first.", "连接一旦建立，TCP 就不分客户端和服务端：角色只取决于谁先关闭。"},
		Turns: "b-closes=after-peer",
	},
	{
		ID: "R2a", Quote: "第二次挥手 | 服务端 | `ACK` (Ack=u+1)| `CLOSE_WAIT`",
		English: "Second segment: the server answers with ACK, Ack=u+1, and is in CLOSE_WAIT.",
		Said: []Statement{
			whenever(holed, "b.receives.fin && b.before == ESTABLISHED", "b.state == CLOSE_WAIT && b.sends.ack == b.receives.seq + 1"),
		},
		If: Text{"the FIN is next in sequence, and carries no text", "FIN 按序到达，而且不带数据"},
		Under: []Statement{
			whenever(calmSeq+" a-octets=0", "b.receives.fin && b.before == ESTABLISHED", "b.state == CLOSE_WAIT && b.sends.ack == b.receives.seq + 1"),
		},
		Right: Text{"A FIN counts only when all before it has arrived; the ACK is the number after it. When that ACK arrives the client goes to FIN_WAIT_2, which the table leaves out.", "FIN 之前的数据全部到齐，它才生效；确认号是 FIN 之后的序号。这个 ACK 到达后客户端进入 FIN_WAIT_2，表中漏了这一步。"},
		Shown: []Statement{
			keeps(holed, "hole"),
			whenever(holed, "b.receives.fin && b.before == ESTABLISHED && b.state == CLOSE_WAIT", "b.sends.ack == b.receives.seq + b.receives.text + 1"),
			whenever(calmSeq, "a.before == FIN_WAIT_1 && a.finacked && !a.receives.fin && a.state != CLOSED", "a.state == FIN_WAIT_2"),
		},
		Why:   Text{"A FIN behind a hole is held or dropped, and not acted on (RFC 9293, 3.10.7.4, first, SHLD-31).", "前面有空洞的 FIN 只会被保留或丢弃，不会生效（RFC 9293, 3.10.7.4 第一步, SHLD-31）。"},
		Turns: "a-octets=0",
	},
	{
		ID: "R2b", Quote: "服务端可能仍有数据待发送",
		English: "The server may still have data to send.",
		Said:    []Statement{some(calm, "b.before == CLOSE_WAIT && b.sends.text > 0")},
		Right:   Text{"In CLOSE_WAIT the server may send as before.", "在 CLOSE_WAIT 中服务端可以照常发送。"},
		Shown:   []Statement{some(calm, "b.calls == SEND && b.before == CLOSE_WAIT")},
		Why:     Text{"The FIN closes one direction alone (RFC 9293, 3.6, case 2; 3.10.2).", "FIN 只关闭一个方向（RFC 9293, 3.6 情形 2；3.10.2）。"},
		Turns:   "b-octets=0",
	},
	{
		ID: "R3a", Quote: "第三次挥手 | 服务端 | `FIN` (Seq=w)  | `CLOSE_WAIT` → `LAST_ACK`",
		English: "Third segment: the server sends FIN with Seq=w, and goes from CLOSE_WAIT to LAST_ACK.",
		Said: []Statement{
			whenever(shut, "b.before == CLOSE_WAIT && b.state == LAST_ACK", "b.sends.fin"),
			whenever(shut, "b.before == CLOSE_WAIT && b.sends.fin", "b.state == LAST_ACK"),
		},
		Right: Text{"The server goes to LAST_ACK when it sends its FIN; Linux goes there with close(), even if the FIN has to wait.", "服务端发出 FIN 时进入 LAST_ACK；Linux 在 close() 时就进入，即使 FIN 还要等待。"},
		Shown: []Statement{
			some(shut+" last-ack-entered=with-close", "b.before == CLOSE_WAIT && b.state == LAST_ACK && !b.sends.fin"),
		},
		Why:   Text{"RFC 9293, 3.10.4 (CLOSE-WAIT): queue until all SENDs are segmentized, then send FIN and enter LAST-ACK.", "RFC 9293, 3.10.4（CLOSE-WAIT）：先把所有 SEND 分段发出，再发 FIN，进入 LAST-ACK。"},
		Turns: "last-ack-entered=with-close",
	},
	{
		ID: "R3b", Quote: "服务端数据发送完毕",
		English: "The server has sent all its data.",
		Said: []Statement{
			whenever(wildB, "b.sends.fin", "b.sends.seq + b.sends.text == 300 + b.written"),
		},
		Right: Text{"The FIN comes after all data; but what sends it is the application's CLOSE, not an empty queue.", "FIN 在所有数据之后；但触发它的是应用调用 CLOSE，而不是发送队列变空。"},
		Shown: []Statement{
			keeps(wildB, "fin-number"),
			never(calm+" b-closes=never", "b.sends.fin"),
		},
		Why:   Text{"The server acknowledges the client's FIN, and sends none until its user has closed (RFC 9293, 3.6).", "服务端确认客户端的 FIN，但在自己的用户关闭之前不会发送 FIN（RFC 9293, 3.6）。"},
		Turns: "fault=resent-fin-moves",
	},
	{
		ID: "R4a", Quote: "第四次挥手 | 客户端 | `ACK` (Ack=w+1)| `FIN_WAIT_2` → `TIME_WAIT`",
		English: "Fourth segment: the client answers with ACK, Ack=w+1, and goes from FIN_WAIT_2 to TIME_WAIT.",
		Said: []Statement{
			whenever(wild, "a.state == TIME_WAIT && a.before != TIME_WAIT", "a.before == FIN_WAIT_2"),
			whenever(wild, "a.state == TIME_WAIT && a.before == FIN_WAIT_2", "a.receives.fin && a.sends.ack == a.receives.seq + 1"),
		},
		If: Text{"the server closes after the client, and its ACK has arrived before its FIN", "服务端在客户端之后关闭，而且它的 ACK 先于 FIN 到达"},
		Under: []Statement{
			whenever(calmSeq, "a.state == TIME_WAIT && a.before != TIME_WAIT", "a.before == FIN_WAIT_2 && a.receives.fin"),
			whenever(calmSeq+" b-octets=0", "a.state == TIME_WAIT && a.before == FIN_WAIT_2", "a.sends.ack == a.receives.seq + 1"),
		},
		Right: Text{"TIME_WAIT is reached from FIN_WAIT_2, from CLOSING when both closed at once, and from FIN_WAIT_1 when one segment brings ACK and FIN.", "进入 TIME_WAIT 有三条路：从 FIN_WAIT_2；双方同时关闭时从 CLOSING；一个报文段同时带来 ACK 和 FIN 时从 FIN_WAIT_1。"},
		Shown: []Statement{
			some(wild, "a.before == CLOSING && a.state == TIME_WAIT"), shows(wild, "note-2"),
			whenever(wild, "a.state == TIME_WAIT && a.before != TIME_WAIT", "a.before in [FIN_WAIT_1, FIN_WAIT_2, CLOSING]"),
		},
		Why:   Text{"RFC 9293, figure 5 and its note 2; figure 13.", "见 RFC 9293 图 5 及其注 2，以及图 13。"},
		Turns: "fault=no-time-wait",
	},
	{
		ID: "R4b", Quote: "客户端等待 2MSL 后关闭连接",
		English: "The client waits for 2 MSL, and then closes the connection.",
		Said:    []Statement{takes(wild, "a: TIME-WAIT -> CLOSED", 6, 6)},
		If:      Text{"nothing of the peer arrives in TIME_WAIT", "在 TIME_WAIT 期间没有收到对方的任何报文"},
		Under:   []Statement{takes(calm, "a: TIME-WAIT -> CLOSED", 6, 6)},
		Right:   Text{"TIME_WAIT ends 2 MSL after it was entered or the peer's FIN last came again; an RST ends it sooner.", "TIME_WAIT 在进入之后、或对方的 FIN 最后一次重新到达之后 2MSL 结束；RST 会使它提前结束。"},
		Shown: []Statement{
			keeps(wild, "time-wait-2msl"), keeps(wild, "time-wait-ends"), shows(wild, "assassination"),
		},
		Why:   Text{"Each FIN that comes again starts 2 MSL anew, so that the most is more; RFC 1337 tells of the least.", "每个重新到达的 FIN 都让 2MSL 重新计时，所以最长超过 2MSL；RFC 1337 说明了最短的情形。"},
		Turns: "time-wait=1msl",
	},
	{
		ID: "N1a", Quote: "主动关闭方会进入 `TIME_WAIT` 状态",
		English: "The active closer goes to TIME_WAIT.",
		Said:    []Statement{never(wild, "a.before in [FIN_WAIT_1, FIN_WAIT_2, CLOSING] && a.state == CLOSED")},
		If:      Text{"its FIN and the peer's arrive, and nobody resets or gives up", "双方的 FIN 都送达，而且没有人复位或放弃"},
		Under:   []Statement{never(calm, "a.before in [FIN_WAIT_1, FIN_WAIT_2, CLOSING] && a.state == CLOSED")},
		Right:   Text{"A side that closes first goes to TIME_WAIT unless it gives up or is reset before; when both close at once, both go there.", "先关闭的一方，只要没有中途放弃或被复位，就会进入 TIME_WAIT；双方同时关闭时，双方都会进入。"},
		Shown:   []Statement{keeps(wild, "active-closer"), keeps(wild, "one-waits"), shows(wild, "simultaneous-close")},
		Why:     Text{"A connection that is reset, or whose FIN is never acknowledged, ends without TIME_WAIT.", "被复位、或者 FIN 始终得不到确认的连接，不经过 TIME_WAIT 就结束。"},
		Turns:   "fault=no-time-wait",
	},
	{
		ID: "N1b", Quote: "被动关闭方直接进入 `CLOSED` 状态",
		English: "The passive closer goes directly to CLOSED.",
		Said:    []Statement{whenever(calm, "b.before == CLOSE_WAIT && b.state != CLOSE_WAIT", "b.state == CLOSED")},
		If:      Text{"\"directly\" means: without TIME_WAIT, and from LAST_ACK", "“直接”的意思是：从 LAST_ACK 出发，不经过 TIME_WAIT"},
		Under: []Statement{
			whenever(wild, "b.before == LAST_ACK && b.state != LAST_ACK", "b.state == CLOSED"), keeps(wild, "passive-closer"),
		},
		Right: Text{"The passive closer goes from CLOSE_WAIT to LAST_ACK, and from there to CLOSED when its FIN is acknowledged.", "被动关闭方从 CLOSE_WAIT 到 LAST_ACK，它的 FIN 被确认后再到 CLOSED。"},
		Shown: []Statement{
			whenever(calm, "b.before == CLOSE_WAIT && b.state != CLOSE_WAIT", "b.state == LAST_ACK"), keeps(wild, "fin-acknowledged"),
		},
		Why:   Text{"LAST_ACK lies between; only the last step is direct.", "中间还有 LAST_ACK；只有最后一步是直接的。"},
		Turns: "fault=last-ack-skipped",
	},
	{
		ID: "N2a", Quote: "实际抓包中第一次挥手可能是 `FIN+ACK`",
		English: "In captures the first segment may be FIN+ACK.",
		Said: []Statement{
			some(wild, "a.sends.fin && a.sends.ack > 0"),
			some(wild, "a.sends.fin && a.sends.ack == 0"),
		},
		If:    Text{"\"may be\" is read as \"is\"", "把“可能是”读作“就是”"},
		Under: []Statement{whenever(wild, "a.sends.fin", "a.sends.ack > 0")},
		Right: Text{"Every FIN carries ACK; one without is dropped.", "每个 FIN 都带 ACK；不带 ACK 的 FIN 会被丢弃。"},
		Shown: []Statement{
			whenever(wild, "a.sends.fin", "a.sends.ack > 0"),
			whenever(bare, "b.receives.fin && b.receives.ack == 0", "b.state == b.before && !b.finreceived"),
		},
		Why: Text{"\"May be\" says that it may be a bare FIN, too; none is ever sent (RFC 9293, 3.1), and the fifth step would drop it (3.10.7.4).", "“可能”意味着也可能是不带 ACK 的 FIN；但从来不会发送这种报文（RFC 9293, 3.1），收到了也会在第五步丢弃（3.10.7.4）。"},
	},
	{
		ID: "N2b", Quote: "因 TCP 头部 ACK 字段默认有效",
		English: "The ACK field of the header is always valid.",
		Said:    []Statement{whenever(wild, "a.sends.any && !a.sends.rst", "a.sends.ack > 0")},
		Right:   Text{"Once a connection is established every segment but an RST carries ACK.", "连接建立之后，除 RST 以外的每个报文段都带 ACK。"},
		Shown:   []Statement{some(wild, "a.sends.rst && a.sends.ack == 0 || b.sends.rst && b.sends.ack == 0")},
		Why:     Text{"RFC 9293, 3.1: once a connection is established, this is always sent.", "RFC 9293, 3.1：连接一旦建立，总是发送确认号。"},
	},
}

// Further configurations.
const (
	wildB = "a-octets=0 b-octets=1 delay=1 rto=4 r2=1 loss=1 duplicate=off reorder=1 capacity=4"
	shut  = "a-octets=0 b-octets=0 a-buffer=0 loss=off duplicate=off reorder=off capacity=4 rto=8" // a has room for nothing
	bare  = "preset=notes a-octets=0 stray=<SEQ=100><CTL=FIN>"                                     // with a FIN without ACK
)
