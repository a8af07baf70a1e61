package claims

// patient is a peer whose retransmissions come after all answers could have come,
// and a network that loses one segment.
const patient = "a-octets=0 b-octets=0 b-closes=after-peer loss=1 duplicate=off reorder=off capacity=4 rto=8 r2=2 time-wait=5msl"

// safe is TIME-WAIT as it has to be to keep what it promises.
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
		English: "TIME_WAIT ensures that the last ACK arrives at the server.",
		Said:    []Statement{whenever(wild, "b.before == LAST_ACK && b.state == CLOSED", "b.told.closed")},
		If:      Text{"the network loses one segment at most, and TIME_WAIT is longer than the server's retransmission time and the delays", "网络最多丢一个报文段，而且 TIME_WAIT 长于服务端的重传间隔加上传输延迟"},
		Under:   []Statement{whenever(patient, "b.before == LAST_ACK && b.state == CLOSED", "b.told.closed")},
		Right:   Text{"It lets the last ACK be sent again if the server's FIN comes again in time; no wait ensures that it arrives.", "它使得服务端的 FIN 及时重来时能够再发一次最后的 ACK；等多久都不能保证它到达。"},
		Shown: []Statement{
			some(wild, "a.before == TIME_WAIT && a.receives.fin && a.sends.any"),
			breaks(wild, "agreement"),
			breaks(patient+" time-wait=2msl", "agreement"),
		},
		Why:   Text{"The two generals: if all ACKs are lost, the server gives up, whatever TIME_WAIT does. And 2 MSL are not enough of themselves: the server's retransmission has to fall within them.", "两军问题：如果 ACK 全部丢失，无论 TIME_WAIT 多长，服务端都会放弃。而且 2MSL 本身也不够：服务端的重传必须落在这段时间里。"},
		Turns: "time-wait=1msl r2=off",
	},
	{
		ID: "T1b", Quote: "若丢失，服务端会重传 `FIN`",
		English: "If it is lost, the server retransmits its FIN.",
		Said: []Statement{
			keeps(wild, "keeps-trying"),
			some(lost(4, once), "a.before == TIME_WAIT && a.receives.fin && b.state == LAST_ACK"),
		},
		Right: Text{"As long as its FIN is not acknowledged the server retransmits it, up to R2 times.", "只要 FIN 未被确认，服务端就会重传，直到 R2 次为止。"},
		Shown: []Statement{keeps(wild, "resends"), some(wild, "b.before == LAST_ACK && b.timeout == RETRANSMISSION_TIMEOUT && b.state == CLOSED")},
		Why:   Text{"The ACK itself is not reliably transmitted (RFC 9293, 3.8.4); it is the FIN that is.", "ACK 本身并不可靠传输（RFC 9293, 3.8.4）；可靠传输的是 FIN。"},
		Turns: "fault=no-retransmit-in-last-ack",
	},
	{
		ID: "T2a", Quote: "消除网络中残留的旧报文",
		English: "TIME_WAIT gets rid of old segments that remain in the network.",
		Said:    []Statement{keeps(wild, "quiet")},
		If:      Text{"RST is ignored in TIME_WAIT (RFC 1337's F1), and every old segment that is answered starts it anew", "TIME_WAIT 忽略 RST（RFC 1337 的 F1），而且每个被回应的旧报文都让它重新计时"},
		Under:   []Statement{keeps(safe, "quiet")},
		Right:   Text{"That is its purpose; RFC 9293 as it stands does not guarantee it.", "这是它的目的；但 RFC 9293 的规定并不能保证。"},
		Shown:   []Statement{breaks(wild, "quiet-fin"), shows(wild, "assassination"), breaks(safe+" time-wait=1msl", "quiet")},
		Why:     Text{"An RST ends TIME_WAIT before its time; and an answer in TIME_WAIT lets the peer close so late that a copy of its FIN outlives 2 MSL. With half of it, 1 MSL, not even that condition would do.", "RST 会提前结束 TIME_WAIT；TIME_WAIT 中的一次回应可能让对方很晚才关闭，使它的 FIN 的副本活过 2MSL。若只等 1MSL，即使满足上述条件也不够。"},
		Turns:   "time-wait-rst=ignored time-wait-restart=answer",
	},
	{
		ID: "T2b", Quote: "避免干扰新连接",
		English: "So they do not disturb a new connection.",
		Said:    []Statement{keeps(next, "kept-out")},
		If:      Text{"RST is ignored in TIME_WAIT, and every old segment that is answered starts it anew", "TIME_WAIT 忽略 RST，而且每个被回应的旧报文都让它重新计时"},
		Under:   []Statement{keeps(nextSafe, "kept-out")},
		Right:   Text{"Where TIME_WAIT is ended by an RST, a new connection with the same ports and numbers can take a segment of the old one for its own.", "如果 TIME_WAIT 被 RST 提前结束，端口和序号都相同的新连接可能把旧连接的报文当成自己的。"},
		Shown:   []Statement{breaks(next, "kept-out"), breaks(next, "hazard-3"), keeps(nextSafe, "hazard-3")},
		Why:     Text{"RFC 1337's hazards: here the numbers of the new connection begin where those of the old one did. Numbers that grow, and timestamps, make it rarer.", "这是 RFC 1337 所说的危险：这里新连接的序号与旧连接起点相同。序号递增和时间戳会使它更少见。"},
		Turns:   "time-wait-rst=ignored time-wait-restart=answer",
	},
	{
		ID: "T3a", Quote: "**默认时长**：Linux 中为 60 秒",
		English: "By default it lasts for 60 seconds in Linux.",
		Said:    []Statement{takes(linux, "a: TIME-WAIT -> CLOSED", seconds(60), seconds(60)).in(linuxTick)},
		Right:   Text{"In Linux TIME_WAIT lasts for 60 s, which cannot be changed.", "Linux 的 TIME_WAIT 是 60 秒，无法更改。"},
		Shown:   []Statement{takes(linux30, "a: TIME-WAIT -> CLOSED", seconds(60), seconds(60)).in(linuxTick)},
		Why:     Text{"TCP_TIMEWAIT_LEN is a constant of the kernel.", "TCP_TIMEWAIT_LEN 是内核中的常量。"},
		Turns:   "time-wait=300",
	},
	{
		ID: "T3b", Quote: "（2×MSL）",
		English: "That is 2 MSL.",
		Said:    []Statement{takes(linux+" msl=1200 delay=1", "a: TIME-WAIT -> CLOSED", seconds(240), seconds(240)).in(linuxTick)},
		If:      Text{"the MSL is taken to be 30 s; that of RFC 9293 is 2 minutes", "把 MSL 当作 30 秒；RFC 9293 规定的是 2 分钟"},
		Under:   []Statement{takes(linux+" msl=300 delay=1", "a: TIME-WAIT -> CLOSED", seconds(60), seconds(60)).in(linuxTick)},
		Right:   Text{"With the MSL of RFC 9293 the 60 s of Linux are half an MSL.", "按 RFC 9293 的 MSL，Linux 的 60 秒只有半个 MSL。"},
		Shown: []Statement{
			takes(linux+" msl=1200 delay=1 time-wait=2msl", "a: TIME-WAIT -> CLOSED", seconds(240), seconds(240)).in(linuxTick),
			breaks(safe+" msl=4 time-wait=2", "quiet"), keeps(safe+" msl=4 time-wait=2msl", "quiet"),
		},
		Why:   Text{"RFC 9293, 3.4.2, takes the MSL to be 2 minutes. In a network where segments live so long, a TIME_WAIT of half an MSL leaves old ones behind.", "RFC 9293, 3.4.2 取 MSL 为 2 分钟。如果网络中的报文真能活这么久，半个 MSL 的 TIME_WAIT 会留下旧报文。"},
		Turns: "time-wait=2msl",
	},
	{
		ID: "T4", Quote: "可通过 `tcp_fin_timeout` 调整",
		English: "It can be adjusted by tcp_fin_timeout.",
		Said:    []Statement{takes(linux30, "a: TIME-WAIT -> CLOSED", seconds(30), seconds(30)).in(linuxTick)},
		Right:   Text{"tcp_fin_timeout is how long a socket that was closed may be in FIN_WAIT_2; TIME_WAIT lasts for 60 s whatever it says.", "tcp_fin_timeout 规定的是已 close 的套接字在 FIN_WAIT_2 停留多久；不论它取何值，TIME_WAIT 都是 60 秒。"},
		Shown: []Statement{
			takes(linux30, "a: TIME-WAIT -> CLOSED", seconds(60), seconds(60)).in(linuxTick),
			takes(linux, "a: TIME-WAIT -> CLOSED", seconds(60), seconds(60)).in(linuxTick),
			takes(linux30+" b-closes=never", inFinWait2, seconds(30), seconds(30)).in(linuxTick),
			takes(linux+" b-closes=never", inFinWait2, seconds(60), seconds(60)).in(linuxTick),
		},
		Why:   Text{"The kernel's time-wait socket takes TCP_TIMEWAIT_LEN in TIME_WAIT, and the time-out only in FIN_WAIT_2.", "内核的 time-wait 套接字在 TIME_WAIT 中使用 TCP_TIMEWAIT_LEN，只有在 FIN_WAIT_2 中才使用这个超时。"},
		Turns: "time-wait=300",
	},
	{
		ID: "W1", Quote: "**触发条件**：被动关闭方收到 `FIN` 但未调用 `close()`",
		English: "CLOSE_WAIT: the passive closer has received FIN, and has not called close().",
		Said: []Statement{
			whenever(calm, "b.state == CLOSE_WAIT", "b.finreceived && !b.closecalled"),
			whenever(shut, "b.state == CLOSE_WAIT", "b.finreceived && !b.closecalled"),
		},
		If: Text{"its own FIN does not have to wait for the peer's window; or in Linux, where close() leaves CLOSE_WAIT at once", "自己的 FIN 不必等待对方的窗口；或者在 Linux 中，close() 总是立刻离开 CLOSE_WAIT"},
		Under: []Statement{
			whenever(calm, "b.state == CLOSE_WAIT", "b.finreceived && !b.closecalled"),
			whenever(shut+" last-ack-entered=with-close", "b.state == CLOSE_WAIT", "b.finreceived && !b.closecalled"),
		},
		Right: Text{"It has received FIN, and its own was not sent: neither close() nor shutdown(SHUT_WR) was called, or what was written waits for the window.", "它已收到 FIN，而自己的 FIN 还没发出：没有调用 close() 或 shutdown(SHUT_WR)，或者还有数据在等窗口。"},
		Shown: []Statement{
			whenever(shut, "b.state == CLOSE_WAIT", "b.finreceived && !b.finsent"), shows(shut, "fin-waits-late"),
		},
		Why:   Text{"By RFC 9293, 3.10.4, CLOSE-WAIT is left when the FIN is sent, which a window of zero can put off.", "按 RFC 9293, 3.10.4，发出 FIN 时才离开 CLOSE-WAIT，而零窗口会推迟 FIN。"},
		Turns: "last-ack-entered=with-close",
	},
	{
		ID: "W2a", Quote: "若程序未及时关闭连接，会导致连接长期滞留",
		English: "If the program does not close the connection in time, it stays for long.",
		Said:    []Statement{endless(forgetful, "b.state == CLOSE_WAIT -> b.state != CLOSE_WAIT")},
		Right:   Text{"CLOSE_WAIT has no timer: only the program ends it, an RST, keep-alive, or giving up unacknowledged data.", "CLOSE_WAIT 没有定时器：只有程序自己、RST、保活探测，或者放弃未确认的数据才能结束它。"},
		Shown: []Statement{
			some(forgetful+" a-fails=abort", "b.before == CLOSE_WAIT && b.receives.rst && b.state == CLOSED"),
			some(forgetful+" keepalive=4", "b.before == CLOSE_WAIT && b.timeout == KEEP_ALIVE && b.state == CLOSED"),
		},
		Why:   Text{"RFC 9293, 3.10.8, has no timer for it, nor has Linux.", "RFC 9293, 3.10.8 没有为它规定定时器，Linux 也没有。"},
		Turns: "user-timeout=5 user-timeout-runs=any-state",
	},
	{
		ID: "W2b", Quote: "（理论无限长）",
		English: "In theory, without end.",
		Said:    []Statement{endless(forgetful, "b.state == CLOSE_WAIT -> b.state != CLOSE_WAIT"), breaks(forgetful, "rest")},
		Right:   Text{"Without end indeed, if the program never closes and nobody probes.", "如果程序永不关闭，也没有人探测，确实没有尽头。"},
		Shown:   []Statement{endless(forgetful+" loss=off", "b.state == CLOSE_WAIT -> b.state != CLOSE_WAIT")},
		Why:     Text{"The run comes to rest: nothing can happen any more, and the server is in CLOSE_WAIT.", "运行停了下来：再也没有事件可以发生，而服务端还在 CLOSE_WAIT。"},
		Turns:   "user-timeout=5 user-timeout-runs=any-state",
	},
}

// forgetful is a server that does not close.
const forgetful = "preset=no-data b-closes=never duplicate=off reorder=off loss=1 capacity=4 rto=8"
