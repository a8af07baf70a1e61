package claims

import (
	"fmt"
	"io"
	"strings"
	"time"

	"tcpclose/model"
	"tcpclose/trace"
)

// Markdown writes all that was judged as a document, with the table of losses.
func Markdown(w io.Writer, l Language, list []*Judgement, losses []*Loss) error {
	var b strings.Builder
	say := func(en, zh string, args ...any) { fmt.Fprintf(&b, Text{en, zh}.In(l), args...) }
	say("# What the notes say, claim by claim\n\n", "# 笔记逐条检验\n\n")
	say("[中文](claims.zh.md)\n\n", "[English](claims.md)\n\n")
	say(`This page is made by `+"`go test ./claims -run Docs -rewrite`"+`: every verdict follows from runs of the checker.
A claim *holds* if all its statements are true as the notes say it, *holds if* a condition is met under which they
are, and is *wrong* otherwise. `+"`tcpclose claims Y2`"+` shows one with a run, `+"`tcpclose claims 'TIME_WAIT'`"+` those with
these words of the notes. a is the client, and closes first where the notes say so; b is the server.

`, `本页由 `+"`go test ./claims -run Docs -rewrite`"+` 生成：每个结论都来自检验程序的运行。
按笔记的说法所有陈述都为真，则“成立”；满足某个条件时为真，则“有条件成立”；否则“错误”。
`+"`tcpclose claims -lang zh Y2`"+` 展示一条及其运行，`+"`tcpclose claims -lang zh 'TIME_WAIT'`"+` 按笔记原文查找。
a 是客户端，b 是服务端。

`)
	say("| id | the notes | verdict |\n|---|---|---|\n", "| 编号 | 笔记原文 | 结论 |\n|---|---|---|\n")
	for _, j := range list {
		fmt.Fprintf(&b, "| [%s](#%s) | %s | %s |\n", j.ID, strings.ToLower(j.ID), cell(j.Quote), j.Verdict.In(l))
	}
	for _, j := range list {
		fmt.Fprintf(&b, "\n## %s\n\n> %s\n\n", j.ID, strings.Trim(j.Quote, "| "))
		if l == English {
			fmt.Fprintf(&b, "%s\n\n", j.English)
		}
		fmt.Fprintf(&b, "**%s**", j.Verdict.In(l))
		switch j.Verdict {
		case HoldsIf:
			say(" %s.", "：%s。", j.If.In(l))
		case Holds:
		default:
			b.WriteString(Text{".", "。"}.In(l))
		}
		fmt.Fprintf(&b, "\n%s\n\n%s\n\n", j.Right.In(l), j.Why.In(l))
		for _, part := range []struct {
			title Text
			list  []Decided
		}{
			{Text{"As the notes say it:", "按笔记的说法："}, j.Said},
			{Text{"Under the condition:", "在该条件下："}, j.Under},
			{Text{"The right sentence:", "正确的说法："}, j.Shown},
		} {
			if len(part.list) == 0 {
				continue
			}
			fmt.Fprintf(&b, "%s\n\n", part.title.In(l))
			for i := range part.list {
				d := &part.list[i]
				fmt.Fprintf(&b, "* %s: `%s`; %s  \n  `%s`\n", d.Truth.In(l), d.Statement, d.Evidence(l), d.Command())
			}
			b.WriteString("\n")
		}
		if j.Turns != "" {
			say("The verdict turns with `-change '%s'`.\n", "用 `-change '%s'` 换一个模型，结论会改变。\n", j.Turns)
		}
	}
	lossTable(&b, l, losses)
	_, err := io.WriteString(w, strings.ReplaceAll(b.String(), "\n\n\n", "\n\n"))
	return err
}

// cell is text in a cell of a table.
func cell(text string) string {
	return strings.ReplaceAll(strings.Trim(text, "| "), "|", `\|`)
}

// lossTable is the notes' table of losses, as it comes out.
func lossTable(b *strings.Builder, l Language, losses []*Loss) {
	b.WriteString(Text{`
## Losses

What 'tcpclose lose' finds: how long it takes at the least and at the most, the timers that go off in a longest run,
and what the applications can be told in the end.

| lost | how often | timers of | how long | timers | a and b are told |
|---|---|---|---|---|---|
`, `
## 丢失

'tcpclose lose' 的结果：最短和最长时间、最长的运行中触发的定时器，以及两端应用最后可能得知什么。

| 丢失 | 次数 | 定时器 | 多久 | 触发的定时器 | a 与 b 得知 |
|---|---|---|---|---|---|
`}.In(l))
	for _, loss := range losses {
		often := Text{"once", "一次"}
		if loss.Always {
			often = Text{"always", "总是"}
		}
		var long, timers, told []string
		for i := range loss.Spans {
			s := &loss.Spans[i]
			long = append(long, s.Says.In(l)+": "+s.length(l, loss.Profile.Tick))
			for _, t := range s.Repairs[1] {
				timers = appendOnce(timers, fmt.Sprintf("%s: %s", t.Side, t.Timeout))
			}
		}
		for _, e := range loss.Endings {
			told = append(told, fmt.Sprintf("%s / %s", e.Of[model.A], e.Of[model.B]))
		}
		fmt.Fprintf(b, "| %s | %s | %s | %s | %s | %s |\n", Segments[loss.Segment-1].In(l), often.In(l), loss.Profile.Name,
			strings.Join(long, "; "), strings.Join(timers, ", "), strings.Join(told, "; "))
	}
	b.WriteString("\n")
	for _, p := range Profiles {
		fmt.Fprintf(b, "* %s\n", p.Says.In(l))
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

// length is how long the span is.
func (s *SpanTiming) length(l Language, tick time.Duration) string {
	t := s.Timing
	in := func(ticks int) string {
		return trace.Decimal(time.Duration(ticks) * tick)
	}
	switch {
	case !t.Begins:
		return "-"
	case t.Endless != nil && t.Ends:
		return in(t.Least) + Text{" s to unbounded", " 秒以上，无上限"}.In(l)
	case t.Endless != nil:
		return Text{"unbounded", "无上限"}.In(l)
	case t.Least == t.Greatest:
		return in(t.Least) + Text{" s", " 秒"}.In(l)
	}
	return in(t.Least) + Text{" to ", " 至 "}.In(l) + in(t.Greatest) + Text{" s", " 秒"}.In(l)
}
