package lang

// tables lists the parts of the catalogue.
var tables = []map[string]string{
	traceWords, endingWords, reportWords, presetWords, propertyWords, faultWords, clauseWords,
	flagWords, explorerWords, mistakeWords, commandTexts, aboutWords, expressionWords, configurationWords, profileWords, boxWords, listWords, failureWords, termWords, pictureWords, foreignWords, progressWords,
}

// traceWords has the words of traces, apart from names.
var traceWords = map[string]string{
	"time": "时间",
	"s":    "秒",
	"%s s": "%s 秒",

	"%d ticks":    "%d 个滴答",
	"%d events":   "%d 个事件",
	"%d MSL = %s": "%d MSL = %s",
	"told: %s":    "得知：%s",

	"told to nobody: %s": "无人可通知：%s",

	"The run as end %s sees it: what its user does, what arrives, what it sends and when. The other end, and what is lost on the way here, are not in it.": "端点 %s 所见的运行：其用户做什么、收到什么、何时发送什么。另一端以及在途中丢失而未到达这里的报文段不在其中。",
	"No time is known for a tick; here it is %s s.":                    "不知道滴答的时长；这里取 %s 秒。",
	"The script ends here, before event %d: %s.":                       "脚本到此为止，在事件 %d 之前：%s。",
	"a script has one connection":                                      "一个脚本只有一个连接",
	"a script cannot have the host crash":                              "脚本无法让主机崩溃",
	"no socket has the connection then: it is not accepted, or closed": "那时没有套接字拥有此连接：它尚未被接受，或已关闭",
	"a copy": "副本",

	"overtakes %s": "超越 %s",
	"(%s)":         "(%s)",
	"(%s, %s)":     "(%s，%s)",

	"(%s restarted after %s)":                 "(%s 经过 %s后重新计时)",
	"(%s cut short after %s)":                 "(%s 经过 %s后被提前结束)",
	"-- forever, from here --":                "-- 从这里起无限重复 --",
	"-- still in transit --":                  "-- 仍然在途 --",
	"-- again from event %d: %s each time --": "-- 从事件 %d 起重复，每次 %s --",
	"! After event %d nothing that the network and the applications do avoids it.": "! 事件 %d 之后，无论网络和应用程序怎样都无法避免。",
	"Nothing more can happen: a rests in %s, b in %s.":                             "不会再发生任何事件：a 停在 %s，b 停在 %s。",
	"probe":            "零窗口探测",
	"delayed ACK":      "延迟确认",
	"keep-alive":       "保活",
	"user timeout":     "用户超时",
	"process dies":     "进程死亡",
	"host crashes":     "主机崩溃",
	"CLOSE (for good)": "CLOSE（完全关闭）",
	"SEND (held)":      "SEND（暂存）",
	"OPEN (passive)":   "OPEN（被动）",

	"told end of file": "文件结束",
	"told closed":      "已关闭",
	"told reset":       "被复位",
	"told timed out":   "超时",
	"told aborted":     "中止",
	"told open":        "已打开",
	"told refused":     "被拒绝",

	"event":                                           "事件",
	"the connection is established":                   "连接已建立",
	"there is no connection":                          "没有连接",
	"-- again and again from here on --":              "-- 从这里起不断重复 --",
	"And so on forever, from event %d: %s each time.": "从事件 %d 起如此无限重复，每次%s。",
	"no time passes":                                  "不经过时间",
	"%s s pass":                                       "经过 %s 秒",
	"a tick passes":                                   "经过 1 个滴答",
	"%d ticks pass":                                   "经过 %d 个滴答",
	"still in transit from %s:":                       "仍然在途，来自 %s：",
	"%s calls %s":                                     "%s 调用 %s",
	"%s receives":                                     "%s 收到",
	"%s receives, and a copy stays behind:":           "%s 收到，副本仍留在网络中：",
	"the network loses, from %s:":                     "网络丢失，来自 %s：",
	"too old, and gone, from %s:":                     "超过生存时间而消失，来自 %s：",
	"%s sends":                                        "%s 发送",
	"  into a full channel: it is lost":               "  信道已满：丢失",
	"%s is given an octet":                            "%s 得到一个字节",
	"%s is told: %s":                                  "%s 得知：%s",
}

// endingWords is how a connection ends for an application, and why an exploration is not
// complete.
var endingWords = map[string]string{
	"open":         "未结束",
	"refused":      "被拒绝",
	"normal":       "正常结束",
	"reset":        "被复位",
	"timed out":    "超时",
	"aborted":      "中止",
	"gone":         "随主机崩溃",
	"unread":       "数据未读",
	"told nothing": "未收到通知",

	"states":    "状态数上限",
	"depth":     "深度上限",
	"enough":    "已找到足够多",
	"memory":    "内存上限",
	"full disk": "磁盘已满",
	"interrupt": "中断",
	"timeout":   "超时",
	"boundary":  "超出边界",

	"longest transit time of a segment": "报文段的最长在途时间",
	"maximum RTO":                       "RTO 上限",
}
