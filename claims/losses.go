package claims

import "fmt"

// How often the network loses what it is to lose.
const (
	once   = "1"
	always = "unlimited"
)

// lost returns the configuration in which the network loses, once or always, one of the
// four segments of a close by a, and nothing else.
func lost(segment int, often string) string {
	return fmt.Sprintf("preset=notes a-octets=0 b-octets=0 b-closes=after-peer delay=1 rto=4 loses=%s loss=%s", lostNames[segment-1], often)
}

// linuxLost returns the same with the numbers of Linux.
func linuxLost(segment int, often string) string {
	return losing(linux, segment, often)
}

// losing returns words with a network that loses a segment.
func losing(words string, segment int, often string) string {
	return fmt.Sprintf("%s loses=%s loss=%s", words, lostNames[segment-1], often)
}

var lostNames = [...]string{"a-fin", "b-ack", "b-fin", "a-ack"}

// losses is the claims of the table of losses, and of the remark below it.
var losses = []Claim{
	{
		ID: "L1", Quote: "第一次挥手   | 客户端重传 `FIN`，超时后直接关闭",
		English: "First segment lost: the client retransmits FIN and, when that times out, closes directly.",
		Said: []Statement{
			whenever(lost(1, always), "a.timeout == RETRANSMISSION_TIMEOUT && a.state == FIN_WAIT_1", "a.sends.fin"),
			takes(lost(1, always), "a.calls == CLOSE -> a.state == CLOSED", 12, 12),
			whenever(lost(1, always), "a.before == FIN_WAIT_1 && a.state == CLOSED", "!a.sends.any && a.told.timeout"),
		},
		Right: Text{"The client retransmits its FIN. If the FIN is lost once, the retransmission repairs the loss. If it is always lost, the client closes after R2 without sending RST, and the server never learns of it.", "客户端重传 FIN。FIN 只丢失一次时，重传即可弥补；每次都丢失时，客户端达到 R2 后关闭，不发送 RST，服务端始终不知情。"},
		Shown: []Statement{
			takes(lost(1, once), "net.a.loses.fin -> b.finreceived", 4, 5),
			takes(linuxLost(1, always), "a: FIN-WAIT-1 -> CLOSED", seconds(153), seconds(153)).in(linuxTick),
			endless(lost(1, always), "a.state == CLOSED -> b.state != ESTABLISHED"),
		},
		Why:   Text{"With an RTO of 0.6 s, a closed socket on Linux gives up after 153 s.", "RTO 为 0.6 秒时，Linux 上已调用 close() 的套接字在 153 秒后放弃重传。"},
		Turns: "fault=no-retransmit-in-fin-wait-1",
	},
	{
		ID: "L1p", Quote: "| `tcp_orphan_retries` |",
		English: "First segment: tcp_orphan_retries controls the retransmission.",
		Said: []Statement{
			takes(losing(fewRetries, 1, always)+"", "a: FIN-WAIT-1 -> CLOSED", seconds(4.2), seconds(4.2)).in(linuxTick),
			takes(losing(fewRetries, 1, always)+" a-close-is=half", "a: FIN-WAIT-1 -> CLOSED", seconds(4.2), seconds(4.2)).in(linuxTick),
		},
		If:    Text{"the client calls close(); after shutdown() alone, tcp_retries2 controls it", "客户端调用的是 close()；若只调用 shutdown()，则由 tcp_retries2 控制"},
		Under: []Statement{takes(losing(fewRetries, 1, always)+"", "a: FIN-WAIT-1 -> CLOSED", seconds(4.2), seconds(4.2)).in(linuxTick)},
		Right: Text{"tcp_orphan_retries limits a closed socket, by time and not by count: 0 means 8, and 8 means 102.2 s from the first retransmission. tcp_retries2 limits any other socket: 15 means 924.6 s.", "tcp_orphan_retries 限制已调用 close() 的套接字，限制的是时间而不是次数：0 表示 8，8 表示从第一次重传起 102.2 秒。其他套接字由 tcp_retries2 限制：15 表示 924.6 秒。"},
		Shown: []Statement{
			takes(linuxLost(1, always)+"", "a: FIN-WAIT-1 -> CLOSED", seconds(153), seconds(153)).in(linuxTick),
			takes(losing(fewRetries, 1, always)+" a-close-is=half", "a: FIN-WAIT-1 -> CLOSED", seconds(993), seconds(993)).in(linuxTick),
			takes(linuxLost(1, always)+" a-close-is=half", "a: FIN-WAIT-1 -> CLOSED", seconds(993), seconds(993)).in(linuxTick),
		},
		Why:   Text{"Here tcp_orphan_retries is 2, which means 1.4 s, and the RTO is 0.6 s. A closed socket gives up when its timer next expires after that time. A half-closed socket is not affected.", "这里 tcp_orphan_retries 为 2，即 1.4 秒，RTO 为 0.6 秒。已调用 close() 的套接字在过了这段时间之后，等定时器下一次到期就放弃重传；半关闭的套接字不受影响。"},
		Turns: "orphan-give-up=off",
	},
	{
		ID: "L2a", Quote: "第二次挥手   | 客户端重传 `FIN`",
		English: "Second segment lost: the client retransmits FIN.",
		Said:    []Statement{takes(lost(2, once), "net.b.loses.ack > 0 -> a.state != FIN_WAIT_1", 2, anyTime)},
		If:      Text{"the server sends nothing else in the meantime", "服务端在此期间没有发送其他报文段"},
		Under:   []Statement{takes(lost(2, once)+" b-closes=never", "net.b.loses.ack > 0 -> a.state != FIN_WAIT_1", 2, anyTime)},
		Right:   Text{"Whatever the server sends next acknowledges the client's FIN as well, and repairs the loss without a retransmission. Only if the server sends nothing does the client's retransmission repair it.", "服务端接下来发送的任何报文段都会同时确认客户端的 FIN，不必重传就能弥补丢失；只有服务端什么也不发时，才要靠客户端重传。"},
		Shown: []Statement{
			some(lost(2, always), "a.before == FIN_WAIT_1 && a.state == TIME_WAIT"),
			shows(lost(2, always), "note-2"),
			takes(linuxLost(2, always)+" b-closes=never", "a: FIN-WAIT-1 -> CLOSED", seconds(153), seconds(153)).in(linuxTick),
		},
		Why:   Text{"Acknowledgements are cumulative: the server's data or FIN carries Ack=u+1 too.", "确认是累积的：服务端的数据或 FIN 同样携带 Ack=u+1。"},
		Turns: "b-closes=never",
	},
	{
		ID: "L2b", Quote: "服务端 `ACK` 不重传",
		English: "The server does not retransmit its ACK.",
		Said: []Statement{
			never(lost(2, always)+" b-closes=never", "b.timeout == RETRANSMISSION_TIMEOUT"),
			whenever(lost(3, always), "b.timeout == RETRANSMISSION_TIMEOUT && b.sends.any", "b.sends.fin"),
		},
		Right: Text{"No timer resends the ACK. But when the client's FIN arrives again, the server answers with another ACK.", "没有定时器会再次发送 ACK；但客户端的 FIN 再次到达时，服务端会再回应一个 ACK。"},
		Shown: []Statement{
			whenever(lost(2, once)+" b-closes=never", "b.receives.fin && b.before == CLOSE_WAIT", "b.sends.any && !b.sends.fin"),
		},
		Why: Text{"RFC 9293, 3.8.4: pure ACKs are not transmitted reliably; 3.10.7.4, first step: an unacceptable segment is answered with an ACK.", "RFC 9293 第 3.8.4 节：纯 ACK 不可靠传输；第 3.10.7.4 节第一步：收到不可接受的报文段，就回应一个 ACK。"},
	},
	{
		ID: "L2p", Quote: "| `tcp_orphan_retries` |",
		English: "Second segment: tcp_orphan_retries controls the retransmission.",
		Said: []Statement{
			takes(losing(fewRetries, 2, always)+" b-closes=never", "a: FIN-WAIT-1 -> CLOSED", seconds(4.2), seconds(4.2)).in(linuxTick),
			takes(losing(fewRetries, 2, always)+" a-close-is=half b-closes=never", "a: FIN-WAIT-1 -> CLOSED", seconds(4.2), seconds(4.2)).in(linuxTick),
		},
		If:    Text{"the client calls close(); after shutdown() alone, tcp_retries2 controls it", "客户端调用的是 close()；若只调用 shutdown()，则由 tcp_retries2 控制"},
		Under: []Statement{takes(losing(fewRetries, 2, always)+" b-closes=never", "a: FIN-WAIT-1 -> CLOSED", seconds(4.2), seconds(4.2)).in(linuxTick)},
		Right: Text{"tcp_orphan_retries limits a closed socket, by time and not by count: 0 means 8, and 8 means 102.2 s from the first retransmission. tcp_retries2 limits any other socket: 15 means 924.6 s.", "tcp_orphan_retries 限制已调用 close() 的套接字，限制的是时间而不是次数：0 表示 8，8 表示从第一次重传起 102.2 秒。其他套接字由 tcp_retries2 限制：15 表示 924.6 秒。"},
		Shown: []Statement{
			takes(linuxLost(2, always)+" b-closes=never", "a: FIN-WAIT-1 -> CLOSED", seconds(153), seconds(153)).in(linuxTick),
			takes(losing(fewRetries, 2, always)+" a-close-is=half b-closes=never", "a: FIN-WAIT-1 -> CLOSED", seconds(993), seconds(993)).in(linuxTick),
			takes(linuxLost(2, always)+" a-close-is=half b-closes=never", "a: FIN-WAIT-1 -> CLOSED", seconds(993), seconds(993)).in(linuxTick),
		},
		Why:   Text{"Here tcp_orphan_retries is 2, which means 1.4 s, and the RTO is 0.6 s. A closed socket gives up when its timer next expires after that time. A half-closed socket is not affected.", "这里 tcp_orphan_retries 为 2，即 1.4 秒，RTO 为 0.6 秒。已调用 close() 的套接字在过了这段时间之后，等定时器下一次到期就放弃重传；半关闭的套接字不受影响。"},
		Turns: "orphan-give-up=off",
	},
	{
		ID: "L3a", Quote: "第三次挥手   | 服务端重传 `FIN`",
		English: "Third segment lost: the server retransmits FIN.",
		Said: []Statement{
			whenever(lost(3, always), "b.timeout == RETRANSMISSION_TIMEOUT && b.state == LAST_ACK", "b.sends.fin"),
			takes(lost(3, once), "net.b.loses.fin -> a.state == TIME_WAIT", 3, 5),
		},
		Right: Text{"The server retransmits its FIN in LAST_ACK and gives up after R2.", "服务端在 LAST_ACK 状态重传 FIN，达到 R2 后放弃重传。"},
		Shown: []Statement{
			takes(lost(3, always), "b: LAST-ACK -> CLOSED", 12, 12),
			takes(linuxLost(3, always), "b: LAST-ACK -> CLOSED", seconds(153), seconds(153)).in(linuxTick),
		},
		Why:   Text{"A FIN is retransmitted like data.", "FIN 和数据一样要重传。"},
		Turns: "fault=no-retransmit-in-last-ack",
	},
	{
		ID: "L3b", Quote: "客户端在 `FIN_WAIT_2` 状态超时（默认 60 秒）后关闭",
		English: "The client closes when FIN_WAIT_2 times out (after 60 seconds by default).",
		Said: []Statement{
			takes(linuxLost(3, always)+" a-close-is=half", inFinWait2, 0, seconds(60)).in(linuxTick),
		},
		If:    Text{"the client calls close(): after shutdown() alone there is no such timer, and in the RFC there is none at all", "客户端调用的是 close()；若只调用 shutdown()，就没有这个定时器，RFC 也没有规定"},
		Under: []Statement{takes(linuxLost(3, always), inFinWait2, seconds(60), seconds(60)).in(linuxTick)},
		Right: Text{"On Linux a closed socket leaves FIN_WAIT_2 after tcp_fin_timeout, before the server stops retransmitting, and answers the server's next FIN with RST. A half-closed socket waits forever.", "在 Linux 上，已调用 close() 的套接字过了 tcp_fin_timeout 就离开 FIN_WAIT_2；此时服务端还在重传，它的下一个 FIN 会得到 RST。半关闭的套接字则会一直等待。"},
		Shown: []Statement{
			endless(linuxLost(3, always)+" a-close-is=half", inFinWait2),
			some(linux+" loses=b-fin loss=7", "a.before == CLOSED && a.receives.fin && a.sends.rst"),
		},
		Why:   Text{"No RFC defines a timer for FIN_WAIT_2: in this state an application may read for as long as it likes.", "没有哪个 RFC 为 FIN_WAIT_2 规定定时器：在这个状态下，应用程序想读多久都可以。"},
		Turns: "fin-wait-2-timer=all",
	},
	{
		ID: "L3p", Quote: "| `tcp_fin_timeout`    |",
		English: "Third segment: tcp_fin_timeout controls the retransmission.",
		Said:    []Statement{takes(losing(linux30, 3, always), "b: LAST-ACK -> CLOSED", 0, seconds(30)).in(linuxTick)},
		Right:   Text{"tcp_fin_timeout controls how long the client waits. The server's retransmissions have limits of their own.", "tcp_fin_timeout 控制的是客户端等待多久；服务端的重传另有自己的上限。"},
		Shown: []Statement{
			takes(losing(linux30, 3, always), "b: LAST-ACK -> CLOSED", seconds(153), seconds(153)).in(linuxTick),
			takes(linuxLost(3, always), "b: LAST-ACK -> CLOSED", seconds(153), seconds(153)).in(linuxTick),
			takes(losing(linux30, 3, always), inFinWait2, 150, seconds(30)).in(linuxTick),
		},
		Why:   Text{"These are two timers on two hosts: changing one does not change the other.", "这是两台主机上的两个定时器，改变一个不影响另一个。"},
		Turns: "r2=3",
	},
	{
		ID: "L4a", Quote: "第四次挥手   | 服务端重传 `FIN`",
		English: "Fourth segment lost: the server retransmits FIN.",
		Said: []Statement{
			whenever(lost(4, always), "b.timeout == RETRANSMISSION_TIMEOUT && b.state == LAST_ACK", "b.sends.fin"),
			takes(lost(4, once), "net.a.loses.any -> b.state == CLOSED", 2, 6),
		},
		Right: Text{"The server retransmits its FIN, and the client answers each one with ACK.", "服务端重传 FIN，客户端每次都回应 ACK。"},
		Shown: []Statement{whenever(lost(4, always), "a.before == TIME_WAIT && a.receives.fin", "a.sends.any && !a.sends.rst")},
		Why:   Text{"See RFC 9293, 3.10.7.4, fifth step (TIME-WAIT).", "见 RFC 9293 第 3.10.7.4 节第五步（TIME-WAIT）。"},
		Turns: "fault=no-retransmit-in-last-ack",
	},
	{
		ID: "L4b", Quote: "客户端在 `TIME_WAIT` 状态持续 2MSL 后关闭",
		English: "The client closes after 2 MSL in TIME_WAIT.",
		Said:    []Statement{takes(lost(4, always), "a: TIME-WAIT -> CLOSED", 6, 6)},
		If:      Text{"the 2 MSL are counted from the last FIN that arrives", "2MSL 从最后一个到达的 FIN 算起"},
		Under:   []Statement{keeps(lost(4, always), "time-wait-2msl"), keeps(lost(4, always), "time-wait-ends")},
		Right:   Text{"Every FIN that arrives again restarts the 2 MSL.", "每次再收到 FIN，2MSL 都重新计时。"},
		Shown: []Statement{
			takes(lost(4, always)+" time-wait-restart=never", "a: TIME-WAIT -> CLOSED", 6, 6),
			some(linuxLost(4, "8")+" a-close-is=half b-close-is=half", "a.before == CLOSED && a.receives.fin && a.sends.rst"),
			never(linuxLost(4, "8")+" a-close-is=half", "a.before == CLOSED && a.receives.fin && a.sends.rst"),
		},
		Why:   Text{"If the server's FINs are further apart than TIME_WAIT is long, the next one finds the client in CLOSED, and the server is told of a reset. On Linux this happens with a half-closed socket, which backs off up to 120 s. It does not happen with a closed one at an RTO of 0.6 s, which gives up before.", "如果服务端相邻两个 FIN 的间隔比 TIME_WAIT 还长，后一个到达时客户端已处于 CLOSED，服务端得知的是连接被复位。在 Linux 上，半关闭的套接字最长退避到 120 秒，会出现这种情况；已调用 close() 的套接字在 RTO 为 0.6 秒时，没退避到那么久就放弃重传了，不会出现。"},
		Turns: "time-wait-restart=never",
	},
	{
		ID: "L4p", Quote: "| -                     |",
		English: "Fourth segment: nothing controls the retransmission.",
		Said:    []Statement{endless(lost(4, always), "b: LAST-ACK -> CLOSED")},
		Right:   Text{"The server's retransmissions have the same limit as in every other case: R2 (on Linux, tcp_orphan_retries or tcp_retries2).", "服务端的重传与其他情形一样有上限：R2（在 Linux 上是 tcp_orphan_retries 或 tcp_retries2）。"},
		Shown: []Statement{
			takes(lost(4, always), "b: LAST-ACK -> CLOSED", 12, 12), takes(lost(4, always)+" r2=5", "b: LAST-ACK -> CLOSED", 24, 24),
		},
		Why:   Text{"How long the server stays in LAST_ACK changes with R2.", "R2 改变，服务端停留在 LAST_ACK 的时间也随之改变。"},
		Turns: "r2=unlimited",
	},
	{
		ID: "L5", Quote: "若程序崩溃，系统会强制发送 `RST` 终止连接",
		English: "If the program crashes, the system forcibly ends the connection by sending RST.",
		Said:    []Statement{whenever(dying, "b.calls == PROCESS_DIES && b.before in [ESTABLISHED, CLOSE_WAIT]", "b.sends.rst")},
		Right:   Text{"When a process dies, its connection is closed with FIN, like any other. RST is sent only if received data is unread, or if more data arrives. A host that crashes sends nothing; once it is back, it answers segments with RST.", "进程死亡时，系统照常发送 FIN 关闭连接；只有存在未读数据，或者之后又收到数据，才发送 RST。主机崩溃时什么也不发，重启后再收到报文段，才回应 RST。"},
		Shown: []Statement{
			some(dying, "b.calls == PROCESS_DIES && b.sends.fin && b.before == ESTABLISHED"),
			some(dying, "b.calls == PROCESS_DIES && b.sends.fin && b.before == CLOSE_WAIT"),
			whenever(dying, "b.calls == PROCESS_DIES && b.sends.rst", "UNREAD_RESET in b.follows"),
			whenever(dying, "b.sends.rst", "UNREAD_RESET in b.follows || LATE_TEXT_RESET in b.follows || b.before == CLOSED"),
			some(dying, "b.receives.text > 0 && b.sends.rst"),
			whenever("preset=crash", "b.calls == HOST_CRASHES", "!b.sends.any"),
			some("preset=crash", "b.before == CLOSED && b.receives.fin && b.sends.rst"),
		},
		Why: Text{"The kernel closes a process's descriptors however the process ends (for the RST, see RFC 9293, 3.6.1, SHLD-3).", "进程无论因何结束，内核都会关闭它的描述符（发送 RST 的情形见 RFC 9293 第 3.6.1 节，SHLD-3）。"},
	},
}

// dying is a server that reads slowly, and whose process may die.
const dying = "a-octets=1 b-octets=0 b-reads=slowly b-fails=die loss=off duplicate=off reorder=off capacity=4 rto=8 r2=1"
