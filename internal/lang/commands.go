package lang

// commandTexts has what commands do, by "text" and the name of the command.
var commandTexts = map[string]string{
	"text check": `探索两个 TCP 端点在会丢失、复制、打乱报文段的网络上关闭连接的每一条执行路径，给出每条性质的结论；违反时给出最短的轨迹。不带参数时从预设 default 开始；'tcpclose check no-data' 规模较小，'tcpclose check linux' 是 Linux 的协议栈。

加上 -liveness，则检验活性：最终必须发生的事件是否真的发生。这需要更多的内存和时间：默认预设需要 0.5 GB 和四倍的时间，多数小的预设不到一秒。

用选项改动预设时，还说明改动的效果：哪些结论变差、哪些变好，哪些选项不起作用。加上 -against，则查找使两个配置行为不同的最短执行路径：

    tcpclose check no-data -closed-answer nothing -against ''

退出状态：0 表示每个结论都是成立，或者符合预设的预期；1 表示有结论不符合，或者在改动预设后变差；2 表示命令行有误；3 表示探索不完整，有结论未知。加上 -against 时：0 表示两者的行为总是相同，1 表示不同。
`,
	"text explore": `在浏览器中打开一个运行模型的页面：选择接下来发生的事，梯形图随之增长；查看还有什么可能发生、每条性质在那里的情况，以及到某个状态或某次违反的最短执行路径；提问并得到结论，逐步查看反例。课程中有由模型检验答案的任务。页面有中文和英文。地址包含页面所显示的一切。

    tcpclose explore
    tcpclose explore linux
    tcpclose explore -html close.html

-html 把页面连同引擎写成一个文件，可直接从磁盘打开，不需要服务器。这需要 Go 和源代码：请在源代码目录中运行。

除非 -listen 另有指定，服务器只能从本机访问。用 ctrl-C 结束。docs/explore.md 介绍该页面。

退出状态：0；2 表示命令行有误、无法在该地址监听，或者缺少 Go 或源代码。
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
	"text about": `用一屏说明工具对一个词的了解：连接状态（CLOSE_WAIT）、内核参数（tcp_fin_timeout）、套接字选项（SO_LINGER）、调用（shutdown）、命令行选项（-time-wait-rst）、性质（quiet）、预设，或者 'tcpclose list' 列出的其他名字。如果一个词有多种含义，在它前面写上类别：state、sysctl、option、call、decision、field、property、witness、preset、profile、assumption、fault、clause、term、claim 或 remark。对 Wireshark、zeek 或 Suricata 的提示，查找两个守规端点引起它的最短执行路径。

    tcpclose about FIN_WAIT2
    tcpclose about 'Dup ACK'
    tcpclose about preset abort
`,
	"text replay": `按模型重放由 -format json 写出的轨迹（"-" 表示标准输入）并显示。如果模型走了另一条路，则显示到此为止的执行路径，并说明轨迹从何处起与模型不符。docs/traces.md 说明了格式。

退出状态：0 表示轨迹重放成功；1 表示与模型不符；2 表示文件不是轨迹，或命令行有误。
`,
	"text faults": `植入真实协议栈犯过的错误（每个错误有各自的配置），说明哪些性质能够检出它：植入后被违反、不植入则不被违反的性质。指定错误时显示最短的轨迹；不指定则检验全部错误。

退出状态：0 表示每个错误都被检出；1 表示有错误未被检出；2 表示命令行有误；3 表示探索不完整。
`,
	"text margin": `为每条性质找出网络最少出现多少错误就会违反它：丢失、复制和超越的合计，以及其他两种不受限制时每一种的最少次数；比较所有执行路径，取代价最小的一条，轨迹就是其中之一。网络不受限制之处，错误只计数，不设限。

加上 -time，则求一件事最短和最长需要多久。除时间会推进之外，不对用户和网络作任何假设。

加上 -timers，则求两端之间的中间设备的每个定时器须有多长，才能使两个应用得知的与没有它时相同。

    tcpclose margin no-data -properties no-reset,rest
    tcpclose margin no-data -time 'a: TIME-WAIT -> CLOSED' -within 2msl
    tcpclose margin linux -time 'a: LAST-ACK -> CLOSED'
    tcpclose margin rfc -box cilium -timers -loss 4

退出状态：0 表示每个裕度都已知；1 表示违反 -within；2 表示命令行有误；3 表示探索不完整。
`,
	"text stack": `按模型给出的调度驱动真实的 TCP 协议栈（协议栈允许时使用虚拟时间），检验它发送的每个报文段。显示协议栈的定时器、状态与事件的表格、与 RFC 的每个偏差（时序图中预期与实际并列），以及协议栈的决策。

'tcpclose stack list' 列出协议栈，以及启动它还缺什么。协议栈由 tcpclose 的源代码编译，因此命令必须在源代码目录中运行。自己的协议栈不必如此：用 -stack-command 启动。docs/stacks.md 说明协议栈如何接入。

    tcpclose stack gvisor
    tcpclose stack mine -stack-command './shim --quiet' -waivers accepted.txt
    tcpclose stack lneto -run 'open active; in S. 0 1 65535 0; call shutdown'

豁免文件的每一行为“规则 | 条款 | 理由”。规则中的 * 代表任意内容；空的条款代表任意条款。

退出状态：0 表示没有偏差，或者偏差都已豁免或只涉及 MAY；1 表示有其他偏差；2 表示命令行有误，或协议栈无法启动；3 表示执行完之前已停止。
`,
	"text interop": `说明两个不同的协议栈之间会出什么错，而两端相同时不会。在每种情形下，每端轮流担任两种角色，网络丢失一个报文段或打乱一次送达，比较 A 对 B、A 对 A、B 对 B。如果 A 对 B 会出错，而另外两种不都会，则显示一条执行路径，以及哪一端最先偏离 RFC。

    tcpclose interop linux rfc
    tcpclose interop rfc here.profile -situations orphan,next

'tcpclose profile' 显示并写出协议栈文件；详见 docs/interop.md。

退出状态：0 表示没有只在不同的两端之间出现的错误；1 表示有；2 表示命令行有误；3 表示探索不完整。
`,
	"text resume": `从检查点继续被停止或中断的 check（检查点由 'tcpclose check -checkpoint FILE' 写出），并继续写检查点。结论、数值和轨迹与未被中断的 check 相同。

选项与 check 相同，并补充当时给出的选项：-workers、-json 等不改变问题的选项。-timeout、-max-memory 和 -spill 不保留：请重新给出。

退出状态：与 check 相同；2 表示文件损坏、属于另一个问题，或由程序的另一个版本写出（'tcpclose version' 显示版本）。
`,
	"text explain": `对于抓包（pcap 或 pcapng，可以用 gzip 压缩），说明每个连接由哪一端先关闭、如何结束，哪些报文段重传、迟到或没有抓到，以及 RST 是对什么的回复。然后推演两端未被抓到的各种可能，说明两端可能处于哪些状态、程序得知了什么，以及守规的两端是否可能发送这些报文段。给出同一批连接的两份抓包时，说明两者共同允许的情形、哪些报文段没有到达，以及两个时钟相差多少。连接很多时，按结束方式计数，最糟的排在最前。Ctrl-C 停止读取，并说明已读的部分。

对于 'ss -tanop' 或 'netstat -tanp' 的输出或 /proc/net/tcp，说明各状态的套接字在等待什么，由什么在何时结束。对于 'conntrack -L' 的输出和 /proc/net/nf_conntrack，说明各状态（是跟踪器的状态）的含义，以及两端可能处于哪些状态。

    tcpclose explain FILE.pcap
    tcpclose explain CLIENT.pcap SERVER.pcap    （各靠近一端）
    tcpclose explain FILE.pcap -kind aborted,reset-after-fin -all
    tcpclose explain FILE.pcap -where 'client.fins > 1 && ms > 1000' -csv
    ss -tanop | tcpclose explain -
    tcpclose explain /proc/net/tcp
    conntrack -L | tcpclose explain -

退出状态：0；2 表示命令行有误，或文件不是其中之一；3 表示抓包没有读完。
`,
	"text list": `列出所有有名字的条目及其出处：状态、内核参数、套接字选项、预设、协议栈、性质、中间设备、假设、见证、决策、植入的错误、字段、条款，以及表达式的词项；connections 是 'tcpclose explain -where' 的词项，remarks 是其他工具对关闭的说法。不带参数时列出除前三者之外的全部；'tcpclose about NAME' 进一步说明其中一个。
`,
	"text profile": `显示一个协议栈：它的决策，以及以秒计的定时器。对 Linux 还显示参数、与 RFC 9293 的不同之处（D1 到 D19）以及模型如何表达；对所有协议栈显示供其他命令使用的配置。

    tcpclose profile rfc
    tcpclose profile linux -host -write here.profile
    tcpclose check -a here.profile -b rfc

加上 -write，则把协议栈写成可读、可改的文本；其他命令可以用这个文件代替名字。docs/profiles.md 说明格式。

加上 -times，则探索两台 Linux 主机会怎样，说明套接字在每个状态能停留多久，以及最后一个 ACK 丢失时会怎样；加上 -host 则采用本机的参数。

-json 输出供程序使用的报告；docs/linux.md 说明各字段。

退出状态：0；2 表示命令行有误，或无法读取文件或参数；3 表示探索不完整。
`,
	"text graph": `输出可达状态的图，供 Graphviz 使用：

    tcpclose graph no-data | dot -Tsvg -o no-data.svg

视图有：
  states    按两端连接状态归并的状态，注明个数、状态之间的步，以及违反性质之处
  endpoint  一个端点的状态图，与 RFC 9293 的图 5 对照；也可写作 figure5
  full      每个状态和每一步（数目不多时）

退出状态：0 表示图包含所有执行路径；2 表示命令行有误，或无法画出；3 表示探索不完整，图中也会说明。
`,
	"text help": `列出命令，或说明一个命令、一个选项主题（question、ends、network、timers、decisions、limits、output）、一个选项，或 'tcpclose about' 能说明的任何名字。
`,
	"text version": `显示源代码的版本，程序以及模型的字段、决策、条款和植入的错误的校验和，以及轨迹格式的版本。'tcpclose resume' 只接受同一版本写出的检查点。
`,
	"text completion": `输出外壳补全 tcpclose 命令行所需的脚本：

    source <(tcpclose completion bash)
    tcpclose completion zsh > "${fpath[1]}/_tcpclose"
    tcpclose completion fish > ~/.config/fish/completions/tcpclose.fish
`,
	"text corpus": `把各种关闭方式的抓包写入一个目录，供编写抓包工具的人使用：每种方式取从握手开始的最短执行路径，分别在两端抓包（NAME-a.pcap、NAME-b.pcap），并附 JSON 形式的正确答案（corpus.json）：哪一端先关闭，每个报文段是什么、是否到达，每个应用程序读到和得知了什么，两端各停在什么状态。docs/corpus.md 说明格式。每次写出的文件逐字节相同。

目录应不存在或为空；所有文件要么同时出现，要么都不出现。

    tcpclose corpus closes
    tcpclose explain closes/fin-overtakes-text-b.pcap

退出状态：0；2 表示命令行有误，或目录不为空；3 表示被中断，没有写出任何文件。
`,
}
