package claims

// advice is the claims that are advice, with what can be checked of it.
var advice = []Claim{
	{
		ID: "O2", Quote: "避免短连接高并发场景（如改用长连接）",
		English: "To have fewer sockets in TIME_WAIT, avoid many short connections, for example by keeping them.",
		Said:    []Statement{keeps(wild, "one-waits"), takes(linux, "a: TIME-WAIT -> CLOSED", 300, 300).in(linuxTick)},
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

// Pending is what the notes say and is not judged yet.
var Pending = []struct {
	ID, Quote string
	Why       Text
}{
	{"L1p", "| `tcp_orphan_retries` |", Text{"needs sockets that are closed, and half-closed, to have limits of their own", "需要把已 close 的与半关闭的套接字的重传上限分开"}},
	{"L2p", "| `tcp_orphan_retries` |", Text{"as L1p", "同 L1p"}},
	{"O1", "启用 `net.ipv4.tcp_tw_reuse`（需时间戳支持）", Text{"needs the next connection", "需要下一个连接"}},
}
