package claims

import "fmt"

// How often the network loses what it is to lose.
const (
	once   = "1"
	always = "unlimited"
)

// lost is the configuration in which the network loses, once or always, one of the
// four segments of a close by a, and nothing else.
func lost(segment int, often string) string {
	return fmt.Sprintf("preset=notes a-octets=0 b-octets=0 b-closes=after-peer delay=1 rto=4 loses=%s loss=%s", lostNames[segment-1], often)
}

// linuxLost is the same with the numbers of Linux.
func linuxLost(segment int, often string) string {
	return losing(linux, segment, often)
}

// losing is words with a network that loses a segment.
func losing(words string, segment int, often string) string {
	return fmt.Sprintf("%s loses=%s loss=%s", words, lostNames[segment-1], often)
}

var lostNames = [...]string{"a-fin", "b-ack", "b-fin", "a-ack"}

// losses is the claims of the table of losses, and of the remark below it.
var losses = []Claim{
	{
		ID: "L1", Quote: "第一次挥手   | 客户端重传 `FIN`，超时后直接关闭",
		English: "First segment lost: the client retransmits FIN, and closes directly when that times out.",
		Said: []Statement{
			whenever(lost(1, always), "a.timeout == RETRANSMISSION_TIMEOUT && a.state == FIN_WAIT_1", "a.sends.fin"),
			takes(lost(1, always), "a.calls == CLOSE -> a.state == CLOSED", 12, 12),
			whenever(lost(1, always), "a.before == FIN_WAIT_1 && a.state == CLOSED", "!a.sends.any && a.told.timeout"),
		},
		Right: Text{"The client retransmits FIN; if it is lost once, that repairs it; if always, the client closes after R2, without RST, and the server never knows.", "客户端重传 FIN；只丢一次则由此修复；总是丢失则在 R2 之后关闭，不发 RST，服务端一无所知。"},
		Shown: []Statement{
			takes(lost(1, once), "net.a.loses.fin -> b.finreceived", 4, 5),
			takes(linuxLost(1, always), "a: FIN-WAIT-1 -> CLOSED", seconds(153), seconds(153)).in(linuxTick),
			endless(lost(1, always), "a.state == CLOSED -> b.state != ESTABLISHED"),
		},
		Why:   Text{"With an RTO of 0.6 s a closed socket of Linux gives up after 153 s.", "RTO 为 0.6 秒时，Linux 已 close 的套接字在 153 秒后放弃。"},
		Turns: "fault=no-retransmit-in-fin-wait-1",
	},
	{
		ID: "L1p", Quote: "| `tcp_orphan_retries` |",
		English: "First segment: what controls the retransmission is tcp_orphan_retries.",
		Said: []Statement{
			takes(losing(fewRetries, 1, always)+"", "a: FIN-WAIT-1 -> CLOSED", seconds(4.2), seconds(4.2)).in(linuxTick),
			takes(losing(fewRetries, 1, always)+" a-close-is=half", "a: FIN-WAIT-1 -> CLOSED", seconds(4.2), seconds(4.2)).in(linuxTick),
		},
		If:    Text{"the client has called close(); for a socket that was shut down it is tcp_retries2", "客户端调用的是 close()；只 shutdown 的套接字由 tcp_retries2 控制"},
		Under: []Statement{takes(losing(fewRetries, 1, always)+"", "a: FIN-WAIT-1 -> CLOSED", seconds(4.2), seconds(4.2)).in(linuxTick)},
		Right: Text{"tcp_orphan_retries limits a closed socket, by a time and not by a number: 0 means 8, and 8 means 102.2 s since the first retransmission. Otherwise tcp_retries2 does: 15 means 924.6 s.", "tcp_orphan_retries 限制的是已 close 的套接字，而且限制的是时间而不是次数：0 表示 8，8 表示从第一次重传起 102.2 秒。否则由 tcp_retries2 限制：15 表示 924.6 秒。"},
		Shown: []Statement{
			takes(linuxLost(1, always)+"", "a: FIN-WAIT-1 -> CLOSED", seconds(153), seconds(153)).in(linuxTick),
			takes(losing(fewRetries, 1, always)+" a-close-is=half", "a: FIN-WAIT-1 -> CLOSED", seconds(993), seconds(993)).in(linuxTick),
			takes(linuxLost(1, always)+" a-close-is=half", "a: FIN-WAIT-1 -> CLOSED", seconds(993), seconds(993)).in(linuxTick),
		},
		Why:   Text{"Here tcp_orphan_retries is 2, that is 1.4 s, and the RTO 0.6 s: a closed socket gives up when its timer goes off after that, a half-closed one as before.", "这里 tcp_orphan_retries 为 2，即 1.4 秒，RTO 为 0.6 秒：已 close 的套接字在此后定时器触发时放弃，半关闭的套接字不受影响。"},
		Turns: "orphan-give-up=off",
	},
	{
		ID: "L2a", Quote: "第二次挥手   | 客户端重传 `FIN`",
		English: "Second segment lost: the client retransmits FIN.",
		Said:    []Statement{takes(lost(2, once), "net.b.loses.ack > 0 -> a.state != FIN_WAIT_1", 2, anyTime)},
		If:      Text{"the server sends nothing else meanwhile", "服务端在此期间没有发送别的报文"},
		Under:   []Statement{takes(lost(2, once)+" b-closes=never", "net.b.loses.ack > 0 -> a.state != FIN_WAIT_1", 2, anyTime)},
		Right:   Text{"Whatever the server sends next acknowledges the client's FIN too, and repairs the loss without a retransmission; if it sends nothing, the client's retransmission does.", "服务端接下来发送的任何报文都同时确认了客户端的 FIN，不必重传就修复了丢失；如果它什么也不发，才靠客户端重传。"},
		Shown: []Statement{
			some(lost(2, always), "a.before == FIN_WAIT_1 && a.state == TIME_WAIT"),
			shows(lost(2, always), "note-2"),
			takes(linuxLost(2, always)+" b-closes=never", "a: FIN-WAIT-1 -> CLOSED", seconds(153), seconds(153)).in(linuxTick),
		},
		Why:   Text{"Acknowledgements are cumulative: text or the FIN of the server carries Ack=u+1 as well.", "确认是累积的：服务端的数据或 FIN 同样带着 Ack=u+1。"},
		Turns: "b-closes=never",
	},
	{
		ID: "L2b", Quote: "服务端 `ACK` 不重传",
		English: "The server does not retransmit its ACK.",
		Said: []Statement{
			never(lost(2, always)+" b-closes=never", "b.timeout == RETRANSMISSION_TIMEOUT"),
			whenever(lost(3, always), "b.timeout == RETRANSMISSION_TIMEOUT && b.sends.any", "b.sends.fin"),
		},
		Right: Text{"No timer sends the ACK again; the client's FIN that comes again is answered by one.", "没有定时器会重发 ACK；但重新到达的客户端 FIN 会得到一个 ACK 作为回应。"},
		Shown: []Statement{
			whenever(lost(2, once)+" b-closes=never", "b.receives.fin && b.before == CLOSE_WAIT", "b.sends.any && !b.sends.fin"),
		},
		Why: Text{"RFC 9293, 3.8.4: pure ACKs are not reliably transmitted; 3.10.7.4, first: what is unacceptable is acknowledged.", "RFC 9293, 3.8.4：纯 ACK 不可靠传输；3.10.7.4 第一步：不可接受的报文段会得到确认。"},
	},
	{
		ID: "L2p", Quote: "| `tcp_orphan_retries` |",
		English: "Second segment: what controls the retransmission is tcp_orphan_retries.",
		Said: []Statement{
			takes(losing(fewRetries, 2, always)+" b-closes=never", "a: FIN-WAIT-1 -> CLOSED", seconds(4.2), seconds(4.2)).in(linuxTick),
			takes(losing(fewRetries, 2, always)+" a-close-is=half b-closes=never", "a: FIN-WAIT-1 -> CLOSED", seconds(4.2), seconds(4.2)).in(linuxTick),
		},
		If:    Text{"the client has called close(); for a socket that was shut down it is tcp_retries2", "客户端调用的是 close()；只 shutdown 的套接字由 tcp_retries2 控制"},
		Under: []Statement{takes(losing(fewRetries, 2, always)+" b-closes=never", "a: FIN-WAIT-1 -> CLOSED", seconds(4.2), seconds(4.2)).in(linuxTick)},
		Right: Text{"tcp_orphan_retries limits a closed socket, by a time and not by a number: 0 means 8, and 8 means 102.2 s since the first retransmission. Otherwise tcp_retries2 does: 15 means 924.6 s.", "tcp_orphan_retries 限制的是已 close 的套接字，而且限制的是时间而不是次数：0 表示 8，8 表示从第一次重传起 102.2 秒。否则由 tcp_retries2 限制：15 表示 924.6 秒。"},
		Shown: []Statement{
			takes(linuxLost(2, always)+" b-closes=never", "a: FIN-WAIT-1 -> CLOSED", seconds(153), seconds(153)).in(linuxTick),
			takes(losing(fewRetries, 2, always)+" a-close-is=half b-closes=never", "a: FIN-WAIT-1 -> CLOSED", seconds(993), seconds(993)).in(linuxTick),
			takes(linuxLost(2, always)+" a-close-is=half b-closes=never", "a: FIN-WAIT-1 -> CLOSED", seconds(993), seconds(993)).in(linuxTick),
		},
		Why:   Text{"Here tcp_orphan_retries is 2, that is 1.4 s, and the RTO 0.6 s: a closed socket gives up when its timer goes off after that, a half-closed one as before.", "这里 tcp_orphan_retries 为 2，即 1.4 秒，RTO 为 0.6 秒：已 close 的套接字在此后定时器触发时放弃，半关闭的套接字不受影响。"},
		Turns: "orphan-give-up=off",
	},
	{
		ID: "L3a", Quote: "第三次挥手   | 服务端重传 `FIN`",
		English: "Third segment lost: the server retransmits FIN.",
		Said: []Statement{
			whenever(lost(3, always), "b.timeout == RETRANSMISSION_TIMEOUT && b.state == LAST_ACK", "b.sends.fin"),
			takes(lost(3, once), "net.b.loses.fin -> a.state == TIME_WAIT", 3, 5),
		},
		Right: Text{"The server retransmits its FIN in LAST_ACK, and gives up after R2.", "服务端在 LAST_ACK 中重传 FIN，R2 之后放弃。"},
		Shown: []Statement{
			takes(lost(3, always), "b: LAST-ACK -> CLOSED", 12, 12),
			takes(linuxLost(3, always), "b: LAST-ACK -> CLOSED", seconds(153), seconds(153)).in(linuxTick),
		},
		Why:   Text{"A FIN is retransmitted like data.", "FIN 和数据一样会重传。"},
		Turns: "fault=no-retransmit-in-last-ack",
	},
	{
		ID: "L3b", Quote: "客户端在 `FIN_WAIT_2` 状态超时（默认 60 秒）后关闭",
		English: "The client closes when FIN_WAIT_2 times out (by default after 60 seconds).",
		Said: []Statement{
			takes(linuxLost(3, always)+" a-close-is=half", inFinWait2, 0, seconds(60)).in(linuxTick),
		},
		If:    Text{"the client has called close(): a socket that was only shut down has no such timer, nor has the RFC", "客户端调用的是 close()：只 shutdown 的套接字没有这个定时器，RFC 也没有"},
		Under: []Statement{takes(linuxLost(3, always), inFinWait2, seconds(60), seconds(60)).in(linuxTick)},
		Right: Text{"In Linux a closed socket leaves FIN_WAIT_2 after tcp_fin_timeout, before the server's retries end, and the server's next FIN gets RST; a half-closed one waits without end.", "在 Linux 中，已 close 的套接字在 tcp_fin_timeout 之后离开 FIN_WAIT_2，早于服务端重传结束，服务端的下一个 FIN 会收到 RST；半关闭的套接字会无限等待。"},
		Shown: []Statement{
			endless(linuxLost(3, always)+" a-close-is=half", inFinWait2),
			some(linux+" loses=b-fin loss=7", "a.before == CLOSED && a.receives.fin && a.sends.rst"),
		},
		Why:   Text{"No RFC has a timer for FIN_WAIT_2: it is a state in which one may read for as long as one likes.", "没有哪个 RFC 为 FIN_WAIT_2 规定定时器：在这个状态下想读多久都可以。"},
		Turns: "fin-wait-2-timer=all",
	},
	{
		ID: "L3p", Quote: "| `tcp_fin_timeout`    |",
		English: "Third segment: what controls the retransmission is tcp_fin_timeout.",
		Said:    []Statement{takes(losing(linux30, 3, always), "b: LAST-ACK -> CLOSED", 0, seconds(30)).in(linuxTick)},
		Right:   Text{"tcp_fin_timeout controls the client's wait; the server's retransmissions have limits of their own.", "tcp_fin_timeout 控制的是客户端的等待；服务端的重传另有自己的上限。"},
		Shown: []Statement{
			takes(losing(linux30, 3, always), "b: LAST-ACK -> CLOSED", seconds(153), seconds(153)).in(linuxTick),
			takes(linuxLost(3, always), "b: LAST-ACK -> CLOSED", seconds(153), seconds(153)).in(linuxTick),
			takes(losing(linux30, 3, always), inFinWait2, 150, seconds(30)).in(linuxTick),
		},
		Why:   Text{"Two timers on two hosts: changing the one does not change the other.", "两台主机上的两个定时器：改变一个不影响另一个。"},
		Turns: "r2=3",
	},
	{
		ID: "L4a", Quote: "第四次挥手   | 服务端重传 `FIN`",
		English: "Fourth segment lost: the server retransmits FIN.",
		Said: []Statement{
			whenever(lost(4, always), "b.timeout == RETRANSMISSION_TIMEOUT && b.state == LAST_ACK", "b.sends.fin"),
			takes(lost(4, once), "net.a.loses.any -> b.state == CLOSED", 2, 6),
		},
		Right: Text{"The server retransmits its FIN, and each time the client answers by ACK.", "服务端重传 FIN，客户端每次都以 ACK 回应。"},
		Shown: []Statement{whenever(lost(4, always), "a.before == TIME_WAIT && a.receives.fin", "a.sends.any && !a.sends.rst")},
		Why:   Text{"RFC 9293, 3.10.7.4, fifth (TIME-WAIT).", "RFC 9293, 3.10.7.4 第五步（TIME-WAIT）。"},
		Turns: "fault=no-retransmit-in-last-ack",
	},
	{
		ID: "L4b", Quote: "客户端在 `TIME_WAIT` 状态持续 2MSL 后关闭",
		English: "The client closes after 2 MSL in TIME_WAIT.",
		Said:    []Statement{takes(lost(4, always), "a: TIME-WAIT -> CLOSED", 6, 6)},
		If:      Text{"the 2 MSL are counted from the last FIN that arrives", "2MSL 从最后一个到达的 FIN 算起"},
		Under:   []Statement{keeps(lost(4, always), "time-wait-2msl"), keeps(lost(4, always), "time-wait-ends")},
		Right:   Text{"Every FIN that comes again starts the 2 MSL anew.", "每个重新到达的 FIN 都让 2MSL 重新计时。"},
		Shown: []Statement{
			takes(lost(4, always)+" time-wait-restart=never", "a: TIME-WAIT -> CLOSED", 6, 6),
			some(linuxLost(4, "8")+" a-close-is=half b-close-is=half", "a.before == CLOSED && a.receives.fin && a.sends.rst"),
			never(linuxLost(4, "8")+" a-close-is=half", "a.before == CLOSED && a.receives.fin && a.sends.rst"),
		},
		Why:   Text{"Where the server's FINs come further apart than TIME_WAIT is long, the next meets CLOSED, and the server is told of a reset: in Linux that of a half-closed socket, which backs off up to 120 s, but, with an RTO of 0.6 s, not that of a closed one, which gives up before.", "如果服务端两次 FIN 的间隔比 TIME_WAIT 还长，下一个 FIN 遇到的是 CLOSED，服务端得知的是连接被复位：在 Linux 中，半关闭的套接字会退避到 120 秒，因此会这样；而在 RTO 为 0.6 秒时，已 close 的套接字在那之前就放弃了。"},
		Turns: "time-wait-restart=never",
	},
	{
		ID: "L4p", Quote: "| -                     |",
		English: "Fourth segment: nothing controls the retransmission.",
		Said:    []Statement{endless(lost(4, always), "b: LAST-ACK -> CLOSED")},
		Right:   Text{"The server's retransmissions have the same limit as in every other case: R2 (in Linux tcp_orphan_retries or tcp_retries2).", "服务端的重传和其他情形一样有上限：R2（Linux 中是 tcp_orphan_retries 或 tcp_retries2）。"},
		Shown: []Statement{
			takes(lost(4, always), "b: LAST-ACK -> CLOSED", 12, 12), takes(lost(4, always)+" r2=5", "b: LAST-ACK -> CLOSED", 24, 24),
		},
		Why:   Text{"With R2 the time changes that the server stays in LAST_ACK.", "R2 一变，服务端停留在 LAST_ACK 的时间就变。"},
		Turns: "r2=unlimited",
	},
	{
		ID: "L5", Quote: "若程序崩溃，系统会强制发送 `RST` 终止连接",
		English: "If the program crashes, the system forces the connection to end by sending RST.",
		Said:    []Statement{whenever(dying, "b.calls == PROCESS_DIES && b.before in [ESTABLISHED, CLOSE_WAIT]", "b.sends.rst")},
		Right:   Text{"A process that dies is closed like any other, by FIN; RST comes only if something is unread, or if more text arrives. A host that crashes sends nothing, and RST when it is back and is sent something.", "进程死亡时系统像正常关闭一样发送 FIN；只有还有数据未读，或者之后又收到数据，才会发 RST。主机崩溃则什么也不发，重启后收到报文才回 RST。"},
		Shown: []Statement{
			some(dying, "b.calls == PROCESS_DIES && b.sends.fin && b.before == ESTABLISHED"),
			some(dying, "b.calls == PROCESS_DIES && b.sends.fin && b.before == CLOSE_WAIT"),
			whenever(dying, "b.calls == PROCESS_DIES && b.sends.rst", "UNREAD_RESET in b.follows"),
			whenever(dying, "b.sends.rst", "UNREAD_RESET in b.follows || LATE_TEXT_RESET in b.follows || b.before == CLOSED"),
			some(dying, "b.receives.text > 0 && b.sends.rst"),
			whenever("preset=crash", "b.calls == HOST_CRASHES", "!b.sends.any"),
			some("preset=crash", "b.before == CLOSED && b.receives.fin && b.sends.rst"),
		},
		Why: Text{"The kernel closes the descriptors of a process that ends, whatever ended it (RFC 9293, 3.6.1, SHLD-3, for the RST).", "不论进程因何结束，内核都会关闭它的描述符（RST 的情形见 RFC 9293, 3.6.1, SHLD-3）。"},
	},
}

// dying is a server that reads slowly, and whose process may die.
const dying = "a-octets=1 b-octets=0 b-reads=slowly b-fails=die loss=off duplicate=off reorder=off capacity=4 rto=8 r2=1"
