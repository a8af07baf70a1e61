package claims

// patient is a peer whose retransmissions come after all answers could have come,
// and a network that loses one segment.
const patient = "a-octets=0 b-octets=0 b-closes=after-peer loss=1 duplicate=off reorder=off capacity=4 rto=8 r2=2 time-wait=5msl"

// safe is TIME-WAIT with the rules that it needs to keep its promise.
const safe = "preset=safe-time-wait b-octets=0"

// The next connection, with numbers that begin where they did.
const (
	next     = "preset=next b-octets=0"
	nextSafe = "preset=next-safe b-octets=0"
)

const inFinWait2 = "a.state == FIN_WAIT_2 -> a.state != FIN_WAIT_2"

// states is the claims on TIME_WAIT and CLOSE_WAIT.
var states = []Claim{
	{
		ID: "T1a", Quote: "确保最后一个 `ACK` 到达服务端",
		English: "TIME_WAIT ensures that the last ACK reaches the server.",
		Said:    []Statement{whenever(wild, "b.before == LAST_ACK && b.state == CLOSED", "b.told.closed")},
		If:      Text{"the network loses at most one segment, and TIME_WAIT is longer than the server's retransmission interval plus the delays in transit", "网络最多丢失一个报文段，且 TIME_WAIT 长于服务端的重传间隔与在途时间之和"},
		Under:   []Statement{whenever(patient, "b.before == LAST_ACK && b.state == CLOSED", "b.told.closed")},
		Right:   Text{"TIME_WAIT lets the client repeat the last ACK if the server's FIN is retransmitted in time. No wait, however long, ensures that the ACK arrives.", "有了 TIME_WAIT，只要服务端重传的 FIN 及时到达，客户端就能再发一次最后的 ACK；但等待多久都不能保证 ACK 送达。"},
		Shown: []Statement{
			some(wild, "a.before == TIME_WAIT && a.receives.fin && a.sends.any"),
			breaks(wild, "agreement"),
			breaks(patient+" time-wait=2msl", "agreement"),
		},
		Why:   Text{"This is the two generals' problem: if all ACKs are lost, the server gives up, however long TIME_WAIT is. Nor are 2 MSL enough by themselves: the server's retransmission has to fall within them.", "这是两军问题：如果 ACK 全部丢失，无论 TIME_WAIT 多长，服务端都会放弃重传。2MSL 本身也不够：服务端的重传必须落在这段时间之内。"},
		Turns: "time-wait=1msl r2=off",
	},
	{
		ID: "T1b", Quote: "若丢失，服务端会重传 `FIN`",
		English: "If the ACK is lost, the server retransmits its FIN.",
		Said: []Statement{
			keeps(wild, "keeps-trying"),
			some(lost(4, once), "a.before == TIME_WAIT && a.receives.fin && b.state == LAST_ACK"),
		},
		Right: Text{"Until its FIN is acknowledged, the server retransmits it, up to R2 times.", "在 FIN 得到确认之前，服务端会一直重传，最多 R2 次。"},
		Shown: []Statement{keeps(wild, "resends"), some(wild, "b.before == LAST_ACK && b.timeout == RETRANSMISSION_TIMEOUT && b.state == CLOSED")},
		Why:   Text{"The ACK itself is not transmitted reliably (RFC 9293, 3.8.4); the FIN is.", "ACK 本身不是可靠传输的（RFC 9293 第 3.8.4 节），可靠传输的是 FIN。"},
		Turns: "fault=no-retransmit-in-last-ack",
	},
	{
		ID: "T2a", Quote: "消除网络中残留的旧报文",
		English: "TIME_WAIT clears the network of old segments.",
		Said:    []Statement{keeps(wild, "quiet")},
		If:      Text{"RST is ignored in TIME_WAIT (fix F1 of RFC 1337), and every old segment that is answered restarts TIME_WAIT", "TIME_WAIT 忽略 RST（RFC 1337 的修正 F1），且每回应一个旧报文段都重新计时"},
		Under:   []Statement{keeps(safe, "quiet")},
		Right:   Text{"That is its purpose, but RFC 9293 as it stands does not guarantee it.", "这正是它的目的，但 RFC 9293 现有的规定并不能保证做到。"},
		Shown:   []Statement{breaks(wild, "quiet-fin"), shows(wild, "assassination"), breaks(safe+" time-wait=1msl", "quiet")},
		Why:     Text{"An RST can end TIME_WAIT early. And an answer sent in TIME_WAIT can let the peer close so late that a copy of its FIN outlives the 2 MSL. With only 1 MSL, even the condition above would not be enough.", "RST 会提前结束 TIME_WAIT；在 TIME_WAIT 中回应旧报文段，又可能使对端很晚才关闭，以致 2MSL 之后网络中还残留重复的 FIN。如果只等 1MSL，即使满足上述条件也不够。"},
		Turns:   "time-wait-rst=ignored time-wait-restart=answer",
	},
	{
		ID: "T2b", Quote: "避免干扰新连接",
		English: "So they do not disturb a new connection.",
		Said:    []Statement{keeps(next, "kept-out")},
		If:      Text{"RST is ignored in TIME_WAIT, and every old segment that is answered restarts TIME_WAIT", "TIME_WAIT 忽略 RST，且每回应一个旧报文段都重新计时"},
		Under:   []Statement{keeps(nextSafe, "kept-out")},
		Right:   Text{"If an RST ends TIME_WAIT, a new connection with the same ports and sequence numbers can accept a segment of the old one as its own.", "如果 RST 提前结束了 TIME_WAIT，端口和序号都相同的新连接可能把旧连接的报文段当作自己的。"},
		Shown:   []Statement{breaks(next, "kept-out"), breaks(next, "hazard-3"), keeps(nextSafe, "hazard-3")},
		Why:     Text{"These are the hazards of RFC 1337. Here the new connection starts at the same sequence numbers as the old one. Increasing numbers and timestamps make the hazards rarer.", "这就是 RFC 1337 描述的危险。这里新旧连接的初始序号相同；序号递增和时间戳都会使这种危险更少见。"},
		Turns:   "time-wait-rst=ignored time-wait-restart=answer",
	},
	{
		ID: "T3a", Quote: "**默认时长**：Linux 中为 60 秒",
		English: "By default it lasts 60 seconds on Linux.",
		Said:    []Statement{takes(linux, "a: TIME-WAIT -> CLOSED", seconds(60), seconds(60)).in(linuxTick)},
		Right:   Text{"On Linux TIME_WAIT lasts 60 s and cannot be changed.", "Linux 的 TIME_WAIT 固定为 60 秒，无法更改。"},
		Shown:   []Statement{takes(linux30, "a: TIME-WAIT -> CLOSED", seconds(60), seconds(60)).in(linuxTick)},
		Why:     Text{"TCP_TIMEWAIT_LEN is a constant in the kernel.", "TCP_TIMEWAIT_LEN 是内核中的常量。"},
		Turns:   "time-wait=300",
	},
	{
		ID: "T3b", Quote: "（2×MSL）",
		English: "That is 2 MSL.",
		Said:    []Statement{takes(linux+" msl=1200 delay=1", "a: TIME-WAIT -> CLOSED", seconds(240), seconds(240)).in(linuxTick)},
		If:      Text{"the MSL is taken to be 30 s; RFC 9293 takes it to be 2 minutes", "MSL 取 30 秒；RFC 9293 取 2 分钟"},
		Under:   []Statement{takes(linux+" msl=300 delay=1", "a: TIME-WAIT -> CLOSED", seconds(60), seconds(60)).in(linuxTick)},
		Right:   Text{"With the MSL of RFC 9293, the 60 s of Linux are half an MSL.", "按 RFC 9293 的 MSL 计算，Linux 的 60 秒只有半个 MSL。"},
		Shown: []Statement{
			takes(linux+" msl=1200 delay=1 time-wait=2msl", "a: TIME-WAIT -> CLOSED", seconds(240), seconds(240)).in(linuxTick),
			breaks(safe+" msl=4 time-wait=2", "quiet"), keeps(safe+" msl=4 time-wait=2msl", "quiet"),
		},
		Why:   Text{"RFC 9293, 3.4.2, takes the MSL to be 2 minutes. In a network where segments live that long, a TIME_WAIT of half an MSL leaves old segments behind.", "RFC 9293 第 3.4.2 节取 MSL 为 2 分钟。如果网络中的报文段真能存活这么久，那么只有半个 MSL 的 TIME_WAIT 结束时，网络中仍残留旧报文段。"},
		Turns: "time-wait=2msl",
	},
	{
		ID: "T4", Quote: "可通过 `tcp_fin_timeout` 调整",
		English: "It can be adjusted by tcp_fin_timeout.",
		Said:    []Statement{takes(linux30, "a: TIME-WAIT -> CLOSED", seconds(30), seconds(30)).in(linuxTick)},
		Right:   Text{"tcp_fin_timeout sets how long a closed socket may stay in FIN_WAIT_2. TIME_WAIT lasts 60 s whatever its value.", "tcp_fin_timeout 规定的是已调用 close() 的套接字在 FIN_WAIT_2 停留多久；无论取值多少，TIME_WAIT 都是 60 秒。"},
		Shown: []Statement{
			takes(linux30, "a: TIME-WAIT -> CLOSED", seconds(60), seconds(60)).in(linuxTick),
			takes(linux, "a: TIME-WAIT -> CLOSED", seconds(60), seconds(60)).in(linuxTick),
			takes(linux30+" b-closes=never", inFinWait2, seconds(30), seconds(30)).in(linuxTick),
			takes(linux+" b-closes=never", inFinWait2, seconds(60), seconds(60)).in(linuxTick),
		},
		Why:   Text{"The kernel's time-wait socket uses TCP_TIMEWAIT_LEN in TIME_WAIT, and this timeout only in FIN_WAIT_2.", "内核的 time-wait 套接字在 TIME_WAIT 状态使用 TCP_TIMEWAIT_LEN，只有在 FIN_WAIT_2 状态才使用这个超时值。"},
		Turns: "time-wait=300",
	},
	{
		ID: "W1", Quote: "**触发条件**：被动关闭方收到 `FIN` 但未调用 `close()`",
		English: "CLOSE_WAIT: the passive closer has received FIN but has not called close().",
		Said: []Statement{
			whenever(calm, "b.state == CLOSE_WAIT", "b.finreceived && !b.closecalled"),
			whenever(shut, "b.state == CLOSE_WAIT", "b.finreceived && !b.closecalled"),
		},
		If: Text{"its own FIN does not have to wait for the peer's window, or the stack is Linux, where close() leaves CLOSE_WAIT at once", "本端的 FIN 不必等待对端的窗口；或者协议栈是 Linux，调用 close() 总是立即离开 CLOSE_WAIT"},
		Under: []Statement{
			whenever(calm, "b.state == CLOSE_WAIT", "b.finreceived && !b.closecalled"),
			whenever(shut+" last-ack-entered=with-close", "b.state == CLOSE_WAIT", "b.finreceived && !b.closecalled"),
		},
		Right: Text{"The passive closer has received FIN and has not sent its own: it has called neither close() nor shutdown(SHUT_WR), or its FIN still waits for the peer's window.", "被动关闭方收到了 FIN，还没有发出自己的 FIN：要么没有调用 close() 或 shutdown(SHUT_WR)，要么 FIN 还在等待对端的窗口。"},
		Shown: []Statement{
			whenever(shut, "b.state == CLOSE_WAIT", "b.finreceived && !b.finsent"), shows(shut, "fin-waits-late"),
		},
		Why:   Text{"By RFC 9293, 3.10.4, a connection leaves CLOSE-WAIT when its FIN is sent, and a zero window can delay the FIN.", "按 RFC 9293 第 3.10.4 节，连接在发出 FIN 时才离开 CLOSE-WAIT，而零窗口会推迟 FIN。"},
		Turns: "last-ack-entered=with-close",
	},
	{
		ID: "W2a", Quote: "若程序未及时关闭连接，会导致连接长期滞留",
		English: "If the program does not close the connection in time, the connection lingers for a long time.",
		Said:    []Statement{endless(forgetful, "b.state == CLOSE_WAIT -> b.state != CLOSE_WAIT")},
		Right:   Text{"CLOSE_WAIT has no timer. Only the program, an RST, keep-alive, or giving up on unacknowledged data can end it.", "CLOSE_WAIT 没有定时器。只有程序关闭连接、收到 RST、保活探测失败，或者放弃重传未确认的数据，才能结束它。"},
		Shown: []Statement{
			some(forgetful+" a-fails=abort", "b.before == CLOSE_WAIT && b.receives.rst && b.state == CLOSED"),
			some(forgetful+" keepalive=4", "b.before == CLOSE_WAIT && b.timeout == KEEP_ALIVE && b.state == CLOSED"),
		},
		Why:   Text{"RFC 9293, 3.10.8, has no timer for it, nor has Linux.", "RFC 9293 第 3.10.8 节没有为它规定定时器，Linux 也没有。"},
		Turns: "user-timeout=5 user-timeout-runs=any-state",
	},
	{
		ID: "W2b", Quote: "（理论无限长）",
		English: "In theory, forever.",
		Said:    []Statement{endless(forgetful, "b.state == CLOSE_WAIT -> b.state != CLOSE_WAIT"), breaks(forgetful, "rest")},
		Right:   Text{"It does last forever, if the program never closes and nobody probes.", "如果程序始终不关闭连接，也没有保活探测，这个状态确实会一直持续下去。"},
		Shown:   []Statement{endless(forgetful+" loss=off", "b.state == CLOSE_WAIT -> b.state != CLOSE_WAIT")},
		Why:     Text{"The run ends in a state where nothing more can happen, with the server still in CLOSE_WAIT.", "执行路径走到终态：不会再发生任何事件，而服务端仍停留在 CLOSE_WAIT。"},
		Turns:   "user-timeout=5 user-timeout-runs=any-state",
	},
}

// forgetful is a server that does not close.
const forgetful = "preset=no-data b-closes=never duplicate=off reorder=off loss=1 capacity=4 rto=8"
