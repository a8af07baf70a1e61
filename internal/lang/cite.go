package lang

import "regexp"

// Cite returns a source in the language: "RFC 9293, 3.10.7.4, fifth and eighth". What is
// in the catalogue is said as it is there.
func (l Language) Cite(source string) string {
	if l == English {
		return source
	}
	if said, ok := catalogue()[source]; ok {
		return said
	}
	text := ""
	for _, part := range citeParts.FindAllString(source, -1) {
		text += citePart(part)
	}
	return text
}

var citeParts = regexp.MustCompile(`; |[^;]+|;`)

// citePart returns what is between semicolons.
func citePart(part string) string {
	if said, ok := catalogue()[part]; ok {
		return said
	}
	return citeWords.in(part)
}

// replacements are made one after the other.
type replacements []struct {
	english *regexp.Regexp
	chinese string
}

// in returns text with all of them made.
func (r replacements) in(text string) string {
	for _, w := range r {
		text = w.english.ReplaceAllString(text, w.chinese)
	}
	return text
}

// citeWords has the words of citations, in the order in which they are replaced.
var citeWords = replacements{
	{regexp.MustCompile(`\bfigure (\d+) and its notes\b`), "图 $1 及其注"},
	{regexp.MustCompile(`, and `), "，以及 "},
	{regexp.MustCompile(`,? against (the )?`), "，不同于 "},
	{regexp.MustCompile(`\bfirst\b`), "第一步"},
	{regexp.MustCompile(`\bsecond\b`), "第二步"},
	{regexp.MustCompile(`\bthird\b`), "第三步"},
	{regexp.MustCompile(`\bfourth\b`), "第四步"},
	{regexp.MustCompile(`\bfifth\b`), "第五步"},
	{regexp.MustCompile(`\bseventh\b`), "第七步"},
	{regexp.MustCompile(`\beighth\b`), "第八步"},
	{regexp.MustCompile(`\bfigure (\d+)`), "图 $1"},
	{regexp.MustCompile(`\btable (\d+)`), "表 $1"},
	{regexp.MustCompile(`\bnote (\d+)`), "注 $1"},
	{regexp.MustCompile(`\bcase (\d+)`), "情形 $1"},
	{regexp.MustCompile(`\bgroup (\d+)`), "第 $1 组"},
	{regexp.MustCompile(`\bAppendix `), "附录 "},
	{regexp.MustCompile(`\bnotes, traps\b`), "笔记：陷阱"},
	{regexp.MustCompile(`\bnotes, on dying processes\b`), "笔记：进程死亡"},
	{regexp.MustCompile(`\bnotes, `), "笔记 "},
	{regexp.MustCompile(`\bdecision `), "决策 "},
	{regexp.MustCompile(`\b(MUST|SHLD|MAY)-(\d+)(, | )not followed`), "未遵守 $1-$2"},
	{regexp.MustCompile(` \(`), "（"},
	{regexp.MustCompile(`\)`), "）"},
	{regexp.MustCompile(` and `), "、"},
	{regexp.MustCompile(`, `), "，"},
	{regexp.MustCompile(`^; $`), "；"},
	{regexp.MustCompile(`: `), "："},
	{regexp.MustCompile(`(\d) 第`), "$1，第"},
}

// Values returns what something can have, as its help lists it, in the language: "off, or
// 1 to 60000 ticks". Names stay as they are.
func (l Language) Values(text string) string {
	if l == English {
		return text
	}
	if said, ok := catalogue()[text]; ok {
		return said
	}
	return valueWords.in(text)
}

// valueWords has the words of lists of values, in the order in which they are replaced.
var valueWords = replacements{
	{regexp.MustCompile(`\bMSLs as in 2msl\b`), "MSL 数（如 2msl）"},
	{regexp.MustCompile(`\bboth as in 1msl\+2\b`), "两者之和（如 1msl+2）"},
	{regexp.MustCompile(`(?:a segment )?\bas in (<.*>)`), "报文段，如 $1"},
	{regexp.MustCompile(`\bthe name of a box\b`), "中间设备的名字"},
	{regexp.MustCompile(`\bthe name of a fault\b`), "一个错误的名字"},
	{regexp.MustCompile(`,? or `), " 或 "},
	{regexp.MustCompile(`, `), "、"},
	{regexp.MustCompile(`(\d+) to (\d+)`), "$1 至 $2"},
	{regexp.MustCompile(`(\d) ticks\b`), "$1 个滴答"},
	{regexp.MustCompile(`\bticks\b`), "滴答数"},
	{regexp.MustCompile(`(\d) octets\b`), "$1 个字节"},
	{regexp.MustCompile(`(\d) segments\b`), "$1 个报文段"},
	{regexp.MustCompile(`(\d) (?:deliveries|retransmissions|probes|times)\b`), "$1 次"},
	{regexp.MustCompile(`\b1 (tick|octet|connection)\b`), "1 个$1"},
	{regexp.MustCompile(`个tick\b`), "个滴答"},
	{regexp.MustCompile(`个octet\b`), "个字节"},
	{regexp.MustCompile(`\b1 retransmission\b`), "1 次"},
	{regexp.MustCompile(`\b(profile|preset) ([-a-z0-9.]+)`), "协议栈 $2"},
	{regexp.MustCompile(`） 或 `), "）或"},
	{regexp.MustCompile(` 或 (\p{Han})`), "或$1"},
}
