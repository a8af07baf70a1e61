package claims

// reuse is a client that opens a second connection, with tcp_tw_reuse.
const reuse = "preset=notes a-octets=0 b-octets=0 b-closes=after-peer delay=1 rto=4 reopen=1 connect-reuse=aged"

// advice is the claims that are advice, with what can be checked of it.
var advice = []Claim{
	{
		ID: "O1a", Quote: "启用 `net.ipv4.tcp_tw_reuse`",
		English: "To have fewer sockets in TIME_WAIT, switch on net.ipv4.tcp_tw_reuse.",
		Said: []Statement{
			some(reuse+" timestamps=on", "a.before == TIME_WAIT && a.calls == OPEN && a.state == SYN_SENT"),
			some(reuse+" timestamps=on b-closes=any-time", "b.before == TIME_WAIT && b.state != TIME_WAIT && b.state != CLOSED"),
		},
		If:    Text{"the side that is in TIME_WAIT opens the next connection itself, and a second has passed", "处于 TIME_WAIT 的一方自己发起下一个连接，而且已经过了一秒"},
		Under: []Statement{some(reuse+" timestamps=on", "a.before == TIME_WAIT && a.calls == OPEN && a.state == SYN_SENT")},
		Right: Text{"It lets connect() take over a connection in TIME_WAIT; whoever accepts connections gains nothing, and TIME_WAIT is no shorter. Linux switches it on for loopback alone by default.", "它让 connect() 可以接管处于 TIME_WAIT 的连接；接受连接的一方得不到好处，TIME_WAIT 也不会变短。Linux 默认只对环回地址启用。"},
		Shown: []Statement{
			never(reuse+" timestamps=on b-closes=any-time", "b.before == TIME_WAIT && b.state != TIME_WAIT && b.state != CLOSED"),
			takes(calm+" connect-reuse=aged timestamps=on", "a: TIME-WAIT -> CLOSED", 6, 6),
		},
		Why:   Text{"tcp_tw_reuse is looked at by an active OPEN alone; here b waits for connections, and closes first.", "只有主动打开才会看 tcp_tw_reuse；这里 b 是等待连接的一方，而且先关闭。"},
		Turns: "connect-reuse=off",
	},
	{
		ID: "O1b", Quote: "（需时间戳支持）",
		English: "That needs timestamps.",
		Said: []Statement{
			some(reuse+" timestamps=on", "a.before == TIME_WAIT && a.calls == OPEN && a.state == SYN_SENT"),
			never(reuse+" timestamps=off", "a.before == TIME_WAIT && a.calls == OPEN && a.state == SYN_SENT"),
		},
		Right: Text{"Without timestamps on the old connection nothing is reused.", "旧连接没有使用时间戳，就不会重用。"},
		Shown: []Statement{some(reuse+" timestamps=off", "a.before == CLOSED && a.calls == OPEN")},
		Why:   Text{"The timestamp tells the new connection's segments from the old one's.", "靠时间戳区分新旧连接的报文。"},
		Turns: "connect-reuse=at-once",
	},
	{
		ID: "O2", Quote: "避免短连接高并发场景（如改用长连接）",
		English: "To have fewer sockets in TIME_WAIT, avoid many short connections, for example by keeping them.",
		Said:    []Statement{keeps(wild, "one-waits"), takes(linux, "a: TIME-WAIT -> CLOSED", seconds(60), seconds(60)).in(linuxTick)},
		Right:   Text{"Every connection that ends normally leaves a TIME_WAIT at whoever closed first; fewer connections leave fewer.", "每个正常结束的连接都会在先关闭的一方留下一个 TIME_WAIT；连接少，TIME_WAIT 就少。"},
		Shown:   []Statement{never(calm+" b-closes=after-peer", "b.state == TIME_WAIT")},
		Why:     Text{"What can be checked is that each costs one. Letting the client close first moves them to the client.", "能检验的是每个连接都要付出一个 TIME_WAIT。让客户端先关闭，TIME_WAIT 就留在客户端。"},
		Turns:   "fault=no-time-wait",
	},
	{
		ID: "O3", Quote: "**排查 `CLOSE_WAIT`**：检查代码是否漏调 `close()` 或存在阻塞",
		English: "To find the cause of CLOSE_WAIT, check whether the code forgets close(), or is blocked.",
		Said: []Statement{
			whenever(shut+" last-ack-entered=with-close", "b.state == CLOSE_WAIT", "!b.closecalled"),
			endless(forgetful, "b.state == CLOSE_WAIT -> b.state != CLOSE_WAIT"),
		},
		Right: Text{"In Linux whoever is in CLOSE_WAIT has not closed; that is all there is to look for.", "在 Linux 中，处于 CLOSE_WAIT 就说明还没有关闭；要查的就是这一点。"},
		Shown: []Statement{whenever(shut+" last-ack-entered=with-close", "b.before == CLOSE_WAIT && b.calls == CLOSE", "b.state == LAST_ACK")},
		Why:   Text{"Follows from W1 and W2.", "由 W1 和 W2 得出。"},
		Turns: "last-ack-entered=with-fin",
	},
}
