package explain

import (
	"fmt"
	"slices"
	"strings"

	"tcpclose/capture"
	"tcpclose/capture/ends"
	"tcpclose/claims"
	"tcpclose/cmd/tcpclose/internal/screen"
)

// connection tells one connection.
func (t *Teller) connection(n int, c capture.Connection, x *ends.Explanation) {
	y := c.Story
	head := fmt.Sprintf("%d  %s > %s", n, c.Addrs[capture.Client], c.Addrs[capture.Server])
	fmt.Fprintln(t.Out, screen.Paint(t.Out, screen.Strong, head))
	t.put(3, t.say("%s: %s; %s from the client, %s from the server.", "%s：历时 %s；客户端发送 %s，服务器发送 %s。",
		kindTexts[y.Kind].In(t.Lang), t.seconds(y.Last), t.octets(c.Octets[capture.Client]), t.octets(c.Octets[capture.Server])))
	var says []string
	if !c.Shaken {
		says = append(says, t.say("The capture begins in the middle of it.", "抓包从连接中途开始。"))
	}
	says = append(says, t.closing(c)...)
	for _, r := range y.Resets {
		says = append(says, t.reset(r))
	}
	says = append(says, t.remarks(c)...)
	sep := " "
	if t.Lang == claims.Chinese {
		sep = ""
	}
	if len(says) > 0 {
		t.put(3, strings.Join(says, sep))
	}
	t.put(3, strings.Join(t.observed(&c, x), sep))
	if t.Ladder {
		t.ladder(&c, x)
	}
}

func (t *Teller) octets(n int64) string { return t.count(n, "octet", "octets", "个八位组") }

func (t *Teller) side(s capture.Side) string {
	return claims.Text{EN: "the " + s.String(), ZH: [2]string{"客户端", "服务器"}[s]}.In(t.Lang)
}

// closing tells the FINs.
func (t *Teller) closing(c capture.Connection) (says []string) {
	y := c.Story
	fins := y.Fins
	if y.First == capture.Both {
		says = append(says, t.say("Neither FIN (frames %d and %d) acknowledges the other.", "两个 FIN（第 %d 帧和第 %d 帧）都没有确认对方的 FIN。",
			fins[capture.Client].Frame, fins[capture.Server].Frame))
	}
	order := []capture.Side{capture.Client, capture.Server}
	if y.First == capture.ServerFirst {
		slices.Reverse(order)
	}
	for i, side := range order {
		f := fins[side]
		if f.Frame == 0 {
			continue
		}
		if y.First != capture.Both {
			if i == 0 {
				says = append(says, t.say("First %s closed (FIN, frame %d).", "%s先关闭（FIN，第 %d 帧）。", t.side(side), f.Frame))
			} else {
				says = append(says, t.say("Then %s closed (frame %d).", "随后%s关闭（第 %d 帧）。", t.side(side), f.Frame))
			}
		}
		if f.Sent > 1 {
			says = append(says, t.say("The FIN of %s was seen %d times.", "%s的 FIN 出现了 %d 次。", t.side(side), f.Sent))
		}
		if f.Acked == 0 {
			says = append(says, t.say("Nothing that was captured acknowledges the FIN of %s.", "抓到的帧里没有一个确认%s的 FIN。", t.side(side)))
		}
		if late := y.Late[side.Peer()]; late > 0 {
			says = append(says, t.say("Once it had acknowledged that, %s still sent %s.", "确认之后，%s又发送了 %s。", t.side(side.Peer()), t.octets(late)))
		}
	}
	return says
}

// reset tells an RST, and what it answers.
func (t *Teller) reset(r capture.Reset) string {
	says := t.say("RST from %s (frame %d)", "%s发出 RST（第 %d 帧）", t.side(r.From), r.Frame)
	for _, c := range []struct {
		after  capture.Cause
		en, zh string
	}{
		{capture.ToSyn, ": nobody listens there.", "：该端口无人监听。"},
		{capture.ToLateText, ": text came after it had closed, and nobody is left to read it (RFC 9293, 3.6.1).", "：它关闭之后又收到数据，而已经无人读取（RFC 9293，3.6.1）。"},
		{capture.ToFin, ": a FIN came after it had closed, and it no longer knows the connection.", "：它关闭之后又收到 FIN，而它已不认识这个连接。"},
		{capture.ToUnknown, ": it does not know the connection, or no longer.", "：它不认识这个连接，或者已经忘记。"},
		{capture.AfterReset, ": the connection had been reset already.", "：连接此前已被复位。"},
		{capture.UnreadAtFull, ": it had just acknowledged text. A program that closes with text unread does this.", "：它刚刚确认过数据。程序在还有数据未读时关闭，就会这样。"},
		{capture.ToOther, ": what it got acknowledges another SYN than its own. The other end still has an earlier connection between these ports, half-open after a crash.", "：它收到的报文段确认的不是它的 SYN。对端仍留有同一对端口上更早的连接：崩溃之后的半开连接。"},
		{capture.NoConnection, ": it has the number that was acknowledged last, as an end sends it that knows no such connection. That end has crashed, has given up, or something between has answered for it.", "：其序号正是刚被确认的序号，不认识该连接的一端就这样应答。该端崩溃过，或已放弃，或由中间设备代答。"},
		{capture.Silence, ": nothing had answered what it had sent again and again. It has given up.", "：它反复发送而始终没有应答，于是放弃。"},
		{capture.Between, ": that end went on as if nothing had been. Something between has sent it.", "：该端此后照常继续。它是由中间设备发出的。"},
		{capture.Unprovoked, ". Nothing in the capture must draw it: an abort by the program, or a close with text unread, looks like this.", "。抓包中没有必然引发它的报文段：程序主动中止，或在还有数据未读时关闭，就是这样。"},
	} {
		if c.after == r.After {
			return says + claims.Text{EN: c.en, ZH: c.zh}.In(t.Lang)
		}
	}
	return says
}

// remarks tells what came again, late, or was not captured.
func (t *Teller) remarks(c capture.Connection) (says []string) {
	y := c.Story
	for _, side := range capture.Sides {
		if n := y.Again[side]; n > 0 {
			says = append(says, t.say("%s of %s came again.", "%s来自%s，是重传。", t.count(int64(n), "segment", "segments", "个报文段"), t.side(side)))
		}
		if n := y.Probes[side]; n > 0 {
			says = append(says, t.say("Of %[2]s there were %[1]s of a closed window, or keep-alives.", "%[2]s发送了 %[1]s零窗口探测或保活报文。", t.count(int64(n), "probe", "probes", "个"), t.side(side)))
		}
		if n := y.Shut[side]; n > 0 {
			text := t.say("%s of %s closed its window", "%s来自%s，关闭了窗口", t.count(int64(n), "segment", "segments", "个报文段"), t.side(side))
			if y.Stuck[side] {
				text += t.say(", the last one too: its program does not read", "，最后一个也是：其程序没有读取")
			}
			says = append(says, text+t.say(".", "。"))
		}
		if n := y.Overtaken[side]; n > 0 {
			says = append(says, t.say("%s of %s came after later ones.", "%s来自%s，晚于后发的报文段到达。", t.count(int64(n), "segment", "segments", "个报文段"), t.side(side)))
		}
		if c.Segments[side] == 0 && y.Kind == capture.OneWay {
			says = append(says, t.say("Nothing of %s was captured: it goes another way.", "没有抓到%s的任何报文段：它们走了另一条路。", t.side(side)))
			continue
		}
		if n := y.Unseen[side]; n > 0 {
			says = append(says, t.say("%s of %s were not captured.", "%s由%s发送，但没有抓到。", t.octets(n), t.side(side)))
		}
	}
	return says
}
