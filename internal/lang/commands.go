package lang

// commandTexts has what commands do, by "text" and the name of the command.
var commandTexts = map[string]string{
	"text check": `探索两个 TCP 端点在会丢失、复制、打乱报文段的网络上关闭连接的每一条执行路径，给出每条性质的结论；违反时给出最短的轨迹。不带参数时从预设 default 开始；'tcpclose check no-data' 规模较小，'tcpclose check linux' 是 Linux 的协议栈。

加上 -liveness，则检验整条执行路径：最终必然发生的事件是否发生。这需要更多的内存和时间：默认预设需要 3 GB 和几分钟，多数小的预设不到一秒。

退出状态：0 表示每个结论都是成立，或者符合未改动的预设的预期；1 表示有结论不符合（一旦用选项改动了预设，就预期每条性质都成立）；2 表示命令行有误；3 表示探索不完整，有结论未知。
`,
	"text find": `查找到达使表达式为真的状态的最短执行路径；如果表达式涉及一步中发生的事件，则查找到达这样一步的执行路径。'tcpclose list terms' 列出可用的词项。

    tcpclose find 'a.state == TIME-WAIT && b.state == TIME-WAIT'
    tcpclose find 'a.receives.rst && a.before == FIN-WAIT-2' abort

加上 -n N，则查找 N 种执行路径：网络的错误或所依据的条款不同，而不只是事件的先后不同。没有更多时会说明。

退出状态：0 表示有这样的执行路径；1 表示没有；2 表示命令行有误；3 表示探索不完整，结果未知。
`,
	"text lose": `说明网络丢失四次挥手中的一个报文段（一次，或每次）之后会怎样：一条执行路径、到期的定时器、最短和最长的时间，以及连接对两端应用程序可能的结局。a 是客户端，先关闭；b 是服务端，在 a 之后的任何时候关闭，或者不关闭。除此之外网络没有错误，并且足够快，回复总在 RTO 之前到达。时间以秒为单位。

    tcpclose lose 2
    tcpclose lose 4 linux -always
    tcpclose lose 4 linux -rto 1s
    tcpclose lose 3 -a linux -b rfc

退出状态：0；2 表示命令行有误；3 表示探索不完整。
`,
	"text claims": `逐句检验笔记关于四次挥手的说法：每条说法成立、有条件成立，或者错误。可以用编号，也可以用笔记原文或英文译文中的任何字句指定一条说法；指定的说法会显示全部结果和一条执行路径。

    tcpclose claims
    tcpclose claims L3b
    tcpclose claims -lang zh 'TIME_WAIT'

加上 -change 则改动模型，结论也可能随之改变：

    tcpclose claims -change 'fault=no-time-wait' N1a
    tcpclose claims -a linux T2

退出状态：0 表示都有结果，无论结论如何；1 表示某个被认为正确的说法未能证明，例如用 -change 改动之后；2 表示命令行有误；3 表示探索不完整。
`,
	"text about": `用一屏说明工具对一个词的了解：连接状态（CLOSE_WAIT）、内核参数（tcp_fin_timeout）、套接字选项（SO_LINGER）、调用（shutdown）、命令行选项（-time-wait-rst）、性质（quiet）、预设，或者 'tcpclose list' 列出的其他名字。如果一个词有多种含义，在它前面写上类别：state、sysctl、option、call、decision、field、property、witness、 preset、profile、assumption、fault、clause、term 或 claim。

    tcpclose about FIN_WAIT2
    tcpclose about preset abort
`,
	"text replay": `按模型重放由 -format json 写出的轨迹（"-" 表示标准输入）并显示。如果模型走了另一条路，则显示到此为止的执行路径，并说明轨迹从何处起与模型不符。docs/traces.md 说明了格式。

退出状态：0 表示轨迹重放成功；1 表示与模型不符；2 表示文件不是轨迹，或命令行有误。
`,
	"text faults": `植入真实协议栈犯过的错误（每个错误有各自的配置），说明哪些性质能够检出它：植入后被违反、不植入则不被违反的性质。指定错误时显示最短的轨迹；不指定则检验全部错误。

退出状态：0 表示每个错误都被检出；1 表示有错误未被检出；2 表示命令行有误；3 表示探索不完整。
`,
}
