package claims

// reuse is a client that opens a second connection, with tcp_tw_reuse.
const reuse = "preset=notes a-octets=0 b-octets=0 b-closes=after-peer delay=1 rto=4 reopen=1 connect-reuse=aged"

// advice is the claims that are advice, with what can be checked of it.
var advice = []Claim{
	{
		ID: "O1a", Quote: "启用 `net.ipv4.tcp_tw_reuse`",
		English: "To have fewer sockets in TIME_WAIT, enable net.ipv4.tcp_tw_reuse.",
		Said: []Statement{
			some(reuse+" timestamps=on", "a.before == TIME_WAIT && a.calls == OPEN && a.state == SYN_SENT"),
			some(reuse+" timestamps=on b-closes=any-time", "b.before == TIME_WAIT && b.state != TIME_WAIT && b.state != CLOSED"),
		},
		If:    Text{"the side in TIME_WAIT opens the next connection itself, and a second has passed", "处于 TIME_WAIT 的一方自己发起下一个连接，且已过一秒"},
		Under: []Statement{some(reuse+" timestamps=on", "a.before == TIME_WAIT && a.calls == OPEN && a.state == SYN_SENT")},
		Right: Text{"tcp_tw_reuse lets connect() take over a connection in TIME_WAIT. The side that accepts connections gains nothing, and TIME_WAIT does not get shorter. By default Linux enables it only for loopback.", "tcp_tw_reuse 允许 connect() 接管处于 TIME_WAIT 的连接；接受连接的一方得不到好处，TIME_WAIT 也不会变短。Linux 默认只对环回地址启用。"},
		Shown: []Statement{
			never(reuse+" timestamps=on b-closes=any-time", "b.before == TIME_WAIT && b.state != TIME_WAIT && b.state != CLOSED"),
			takes(calm+" connect-reuse=aged timestamps=on", "a: TIME-WAIT -> CLOSED", 6, 6),
		},
		Why:   Text{"Only an active OPEN consults tcp_tw_reuse. Here b waits for connections and closes first.", "只有主动打开时才检查 tcp_tw_reuse；这里 b 是等待连接的一方，而且先关闭。"},
		Turns: "connect-reuse=off",
	},
	{
		ID: "O1b", Quote: "（需时间戳支持）",
		English: "That needs timestamps.",
		Said: []Statement{
			some(reuse+" timestamps=on", "a.before == TIME_WAIT && a.calls == OPEN && a.state == SYN_SENT"),
			never(reuse+" timestamps=off", "a.before == TIME_WAIT && a.calls == OPEN && a.state == SYN_SENT"),
		},
		Right: Text{"If the old connection did not use timestamps, nothing is reused.", "旧连接没有使用时间戳，就不能重用。"},
		Shown: []Statement{some(reuse+" timestamps=off", "a.before == CLOSED && a.calls == OPEN")},
		Why:   Text{"Timestamps tell the new connection's segments from the old one's.", "新旧连接的报文段要靠时间戳来区分。"},
		Turns: "connect-reuse=at-once",
	},
	{
		ID: "O2", Quote: "避免短连接高并发场景（如改用长连接）",
		English: "To have fewer sockets in TIME_WAIT, avoid many concurrent short connections, for example by keeping connections open.",
		Said:    []Statement{keeps(wild, "one-waits"), takes(linux, "a: TIME-WAIT -> CLOSED", seconds(60), seconds(60)).in(linuxTick)},
		Right:   Text{"Every connection that ends normally leaves one TIME_WAIT, on the side that closed first. Fewer connections leave fewer.", "每个正常结束的连接都会在先关闭的一方留下一个 TIME_WAIT；连接越少，TIME_WAIT 越少。"},
		Shown:   []Statement{never(calm+" b-closes=after-peer", "b.state == TIME_WAIT")},
		Why:     Text{"What can be checked is that each connection costs one TIME_WAIT. If the client closes first, the client pays it.", "能检验的是：每个连接都要付出一个 TIME_WAIT。让客户端先关闭，TIME_WAIT 就留在客户端。"},
		Turns:   "fault=no-time-wait",
	},
	{
		ID: "O3", Quote: "**排查 `CLOSE_WAIT`**：检查代码是否漏调 `close()` 或存在阻塞",
		English: "To find the cause of CLOSE_WAIT, check whether the code misses a close() call or is blocked.",
		Said: []Statement{
			whenever(shut+" last-ack-entered=with-close", "b.state == CLOSE_WAIT", "!b.closecalled"),
			endless(forgetful, "b.state == CLOSE_WAIT -> b.state != CLOSE_WAIT"),
		},
		Right: Text{"On Linux a socket in CLOSE_WAIT has not been closed. That is all there is to look for.", "在 Linux 上，处于 CLOSE_WAIT 就说明程序还没有关闭套接字；要查的就是这一点。"},
		Shown: []Statement{whenever(shut+" last-ack-entered=with-close", "b.before == CLOSE_WAIT && b.calls == CLOSE", "b.state == LAST_ACK")},
		Why:   Text{"This follows from W1 and W2.", "由 W1 和 W2 可知。"},
		Turns: "last-ack-entered=with-fin",
	},
}
