package claims

import (
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"

	"github.com/rivo/uniseg"

	"tcpclose/invariants"
	"tcpclose/model"
	"tcpclose/survey"
	"tcpclose/trace"
)

// Markdown writes all that was checked as a document, with the table of losses.
func Markdown(w io.Writer, l Language, list []*Judgement, losses []*Loss) error {
	var b strings.Builder
	say := func(en, zh string, args ...any) { fmt.Fprintf(&b, Text{en, zh}.In(l), args...) }
	say("# The notes, claim by claim\n\n", "# 逐条检验笔记的说法\n\n")
	say("[中文](claims.zh.md)\n\n", "[English](claims.md)\n\n")
	say(``+"`go test ./claims -run Docs -rewrite`"+` writes this page from what the checker finds.
A claim *holds* if all its statements are true as the notes put it. It *holds if* a condition is
met, if they are true only under that condition. Otherwise it is *wrong*.
`+"`tcpclose claims Y2`"+` shows one claim with a run;
`+"`tcpclose claims 'TIME_WAIT'`"+` shows those that contain these words of the notes.
a is the client, and closes first where the notes say so; b is the server.

`, `本页由 `+"`go test ./claims -run Docs -rewrite`"+` 生成，每个结论都以模型检验的结果为据。
照笔记原话，所有陈述都为真，则“成立”；只在某个条件下才都为真，则“有条件成立”；否则“错误”。
`+"`tcpclose claims -lang zh Y2`"+` 显示其中一条，并给出一条执行路径；
`+"`tcpclose claims -lang zh 'TIME_WAIT'`"+` 按笔记原文查找。
a 是客户端，笔记说客户端先关闭时由它先关闭；b 是服务端。

`)
	say("| id | the notes | verdict |\n|---|---|---|\n", "| 编号 | 笔记原文 | 结论 |\n|---|---|---|\n")
	for _, j := range list {
		fmt.Fprintf(&b, "| [%s](#%s) | %s | %s |\n", j.ID, strings.ToLower(j.ID), cell(j.Quote), j.Verdict.In(l))
	}
	for _, j := range list {
		fmt.Fprintf(&b, "\n## %s\n\n> %s\n\n", j.ID, strings.Trim(j.Quote, "| "))
		if l == English {
			fmt.Fprintf(&b, "%s\n\n", wrap(j.English))
		}
		verdict := fmt.Sprintf("**%s**", j.Verdict.In(l))
		switch j.Verdict {
		case HoldsIf:
			verdict += fmt.Sprintf(Text{" %s.", "：%s。"}.In(l), j.If.In(l))
		case Holds:
		default:
			verdict += Text{".", "。"}.In(l)
		}
		fmt.Fprintf(&b, "%s\n\n%s\n\n%s\n\n", wrap(verdict), wrap(j.Right.In(l)), wrap(j.Why.In(l)))
		for _, part := range []struct {
			title Text
			list  []Decided
		}{
			{Text{"As the notes put it:", "照笔记原话："}, j.Said},
			{Text{"Under the condition:", "在该条件下："}, j.Under},
			{Text{"What is right:", "正确的说法："}, j.Shown},
		} {
			if len(part.list) == 0 {
				continue
			}
			fmt.Fprintf(&b, "%s\n\n", part.title.In(l))
			for i := range part.list {
				d := &part.list[i]
				say("* %s: %s  \n  `%s`  \n  `%s`\n", "* %s：%s  \n  `%s`  \n  `%s`\n", d.Truth.In(l), d.Evidence(l), d.In(l), d.Command())
			}
			b.WriteString("\n")
		}
		if j.Turns != "" {
			say("With `-change '%s'` the verdict changes.\n", "加上 `-change '%s'` 改变模型，结论随之改变。\n", j.Turns)
		}
	}
	lossTable(&b, l, losses)
	_, err := io.WriteString(w, strings.ReplaceAll(b.String(), "\n\n\n", "\n\n"))
	return err
}

// breakable matches text up to where a line may end: at a space, or after a Chinese
// mark, where the space that a browser shows for the end of a line does no harm.
var breakable = regexp.MustCompile(`[^ ，。；：、？！]*(?:[，。；：、？！][”）]*| +|$)`)

// wrap breaks text into lines of at most 96 columns.
func wrap(text string) string {
	var lines []string
	line := ""
	for _, part := range breakable.FindAllString(text, -1) {
		if line != "" && uniseg.StringWidth(strings.TrimRight(line+part, " ")) > 96 {
			lines, line = append(lines, strings.TrimRight(line, " ")), ""
		}
		line += part
	}
	return strings.Join(append(lines, line), "\n")
}

// cell returns text in a cell of a table.
func cell(text string) string {
	return strings.ReplaceAll(strings.Trim(text, "| "), "|", `\|`)
}

// lossTable is the notes' table of losses, as it comes out.
func lossTable(b *strings.Builder, l Language, losses []*Loss) {
	b.WriteString(Text{`
## Losses

What ` + "`tcpclose lose`" + ` finds: the shortest and the longest time, the timers that expire in a
longest run, and how the connection can end for each of the two applications.

| lost | how often | profile | time | timers | ends for a / b |
|---|---|---|---|---|---|
`, `
## 丢失

` + "`tcpclose lose`" + ` 的结果：最短和最长时间、最长的执行路径上哪些定时器到期，
以及连接对两端的应用程序可能以什么告终。

| 丢失 | 次数 | 参数 | 时间 | 到期的定时器 | a / b 的结局 |
|---|---|---|---|---|---|
`}.In(l))
	semicolon := Text{"; ", "；"}.In(l)
	for _, loss := range losses {
		often := Text{"once", "丢失一次"}
		if loss.Always {
			often = Text{"always", "每次都丢失"}
		}
		var long, timers, told []string
		for i := range loss.Spans {
			s := &loss.Spans[i]
			long = append(long, s.Says.In(l)+Text{": ", "："}.In(l)+s.length(l, loss.Profile.Tick))
			for _, t := range s.Repairs[1] {
				timers = appendOnce(timers, fmt.Sprintf(Text{"%s: %s", "%s 的 %s"}.In(l), t.Side, t.Timeout))
			}
		}
		for _, e := range loss.Caused() {
			told = append(told, fmt.Sprintf("%s / %s", Ending(l, e, model.A), Ending(l, e, model.B)))
		}
		if len(loss.Without) > 0 {
			told = append(told, Text{"as without the loss", "与未丢失时相同"}.In(l))
		}
		fmt.Fprintf(b, "| %s | %s | %s | %s | %s | %s |\n", Segments[loss.Segment-1].In(l), often.In(l), loss.Profile.Name,
			strings.Join(long, semicolon), strings.Join(timers, Text{", ", "、"}.In(l)), strings.Join(told, semicolon))
	}
	b.WriteString("\n")
	for _, p := range Profiles {
		fmt.Fprintf(b, "* %s\n", strings.ReplaceAll(wrap(p.Says.In(l)), "\n", "\n  "))
	}
}

func appendOnce(list []string, s string) []string {
	for _, had := range list {
		if had == s {
			return list
		}
	}
	return append(list, s)
}

// length returns how long the span is.
func (s *SpanTiming) length(l Language, tick time.Duration) string {
	t := s.Timing
	in := func(ticks int) string {
		return trace.Decimal(time.Duration(ticks) * tick)
	}
	switch {
	case !t.Begins:
		return "-"
	case t.Endless != nil && t.Ends:
		return fmt.Sprintf(Text{"at least %s s, unbounded", "至少 %s 秒，无上限"}.In(l), in(t.Least))
	case t.Endless != nil:
		return Text{"unbounded", "无上限"}.In(l)
	case t.Least == t.Greatest:
		return in(t.Least) + Text{" s", " 秒"}.In(l)
	}
	return in(t.Least) + Text{" to ", " 至 "}.In(l) + in(t.Greatest) + Text{" s", " 秒"}.In(l)
}

// Ending returns how a connection has ended for one side's user, in words.
func Ending(l Language, p survey.EndingPair, side model.Side) string {
	is := l.Say(p.Of[side].String())
	if p.Nobody[side] && p.Of[side] != invariants.Normal {
		is += l.Say(", told to nobody")
	}
	return is
}
