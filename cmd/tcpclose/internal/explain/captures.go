package explain

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"tcpclose/capture"
	"tcpclose/claims"
	"tcpclose/cmd/tcpclose/internal/screen"
)

// few is the number of connections that are told one by one.
const few = 12

// kindTexts names the kinds of ends.
var kindTexts = map[capture.Kind]claims.Text{
	capture.Running:      {EN: "no FIN, no RST", ZH: "既无 FIN 也无 RST"},
	capture.Normal:       {EN: "one end closed, then the other", ZH: "一方先关闭，另一方随后关闭"},
	capture.Simultaneous: {EN: "both ends closed at once", ZH: "双方同时关闭"},
	capture.HalfUsed:     {EN: "a half-close in use", ZH: "半关闭期间仍在发送数据"},
	capture.ResetAfter:   {EN: "reset after a FIN", ZH: "FIN 之后被复位"},
	capture.HalfOpen:     {EN: "one end closed only", ZH: "只有一方关闭"},
	capture.Unanswered:   {EN: "a FIN that nobody acknowledges", ZH: "FIN 始终未被确认"},
	capture.Aborted:      {EN: "reset without a FIN", ZH: "没有 FIN，直接复位"},
	capture.Refused:      {EN: "refused: RST for the SYN", ZH: "被拒绝：SYN 得到 RST"},
	capture.NoAnswer:     {EN: "no answer to the SYN", ZH: "SYN 没有应答"},
}

// A tally counts the connections of a kind, with the first as an example.
type tally struct {
	kind    capture.Kind
	count   int
	example capture.Connection
}

// captures tells the connections of a capture.
func (t *Teller) captures(r io.Reader, progress func(int)) error {
	reader, err := capture.NewReader(r)
	if err != nil {
		return err
	}
	var d capture.Decoder
	var first []capture.Connection
	tallies := map[capture.Kind]*tally{}
	connections, frames := 0, 0
	table := capture.NewTable(func(c capture.Connection) {
		connections++
		k := tallies[c.Story.Kind]
		if k == nil {
			k = &tally{kind: c.Story.Kind, example: c}
			tallies[c.Story.Kind] = k
		}
		k.count++
		switch {
		case t.JSON:
			t.object(c)
		case t.All:
			t.connection(connections, c)
		case len(first) <= few:
			first = append(first, c)
		}
	})
	for {
		var f capture.Frame
		if f, err = reader.Next(); err != nil {
			break
		}
		if frames = f.Number; frames%(1<<16) == 0 {
			progress(frames)
		}
		if s, ok := d.Segment(f); ok {
			table.Add(s)
		}
	}
	table.Close()
	if errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil
	}
	if t.JSON {
		return err
	}
	if !t.All && connections <= few {
		for i, c := range first {
			t.connection(i+1, c)
		}
	}
	t.summary(frames, connections, tallies, d.String())
	return err
}

// connection tells one connection.
func (t *Teller) connection(n int, c capture.Connection) {
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
		{capture.Unprovoked, ". Nothing in the capture must draw it: an abort by the program looks like this.", "。抓包中没有必然引发它的报文段：程序主动中止就是这样。"},
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
		if n := y.Overtaken[side]; n > 0 {
			says = append(says, t.say("%s of %s came after later ones.", "%s来自%s，晚于后发的报文段到达。", t.count(int64(n), "segment", "segments", "个报文段"), t.side(side)))
		}
		if n := y.Unseen[side]; n > 0 {
			says = append(says, t.say("%s of %s were not captured.", "%s由%s发送，但没有抓到。", t.octets(n), t.side(side)))
		}
	}
	return says
}

// summary tells the connections by kind, the worst first.
func (t *Teller) summary(frames, connections int, tallies map[capture.Kind]*tally, left string) {
	list := make([]*tally, 0, len(tallies))
	for _, k := range tallies {
		list = append(list, k)
	}
	slices.SortFunc(list, func(x, y *tally) int { return int(y.kind) - int(x.kind) })
	if connections > few {
		table := screen.Table{Indent: 2}
		for _, k := range list {
			e := k.example
			table.Row(screen.Plain(fmt.Sprint(k.count), kindTexts[k.kind].In(t.Lang), t.say("e.g. %s > %s", "例如 %s > %s", e.Addrs[capture.Client], e.Addrs[capture.Server]))...)
		}
		table.Write(t.Out)
	}
	t.put(0, t.say("%s in %s. This is what the frames show; whether an end broke a rule was not checked.", "%s，共 %s。以上只是帧中所见，不判断哪一方违反规则。",
		t.count(int64(connections), "connection", "connections", "个连接"), t.count(int64(frames), "frame", "frames", "帧")))
	if left != "" {
		t.put(0, t.say("Left out: frames %s.", "未计入的帧：%s。", left))
	}
}

// object writes a connection as JSON.
func (t *Teller) object(c capture.Connection) {
	type fin struct {
		Frame int     `json:"frame"`
		At    float64 `json:"at"` // seconds
		Sent  int     `json:"sent"`
		Acked int     `json:"acked"` // a frame; 0 for none
	}
	type reset struct {
		From  string  `json:"from"`
		Frame int     `json:"frame"`
		At    float64 `json:"at"`
	}
	o := struct {
		Client    string         `json:"client"`
		Server    string         `json:"server"`
		Began     string         `json:"began"`
		Seconds   float64        `json:"seconds"`
		Handshake bool           `json:"handshake"`
		Kind      string         `json:"kind"`
		First     string         `json:"first"`
		Octets    [2]int64       `json:"octets"`
		Unseen    [2]int64       `json:"unseen"`
		Again     [2]int         `json:"again"`
		Overtaken [2]int         `json:"overtaken"`
		Fins      map[string]fin `json:"fins"`
		Resets    []reset        `json:"resets"`
		Given     string         `json:"given"`
	}{
		Client: c.Addrs[capture.Client].String(), Server: c.Addrs[capture.Server].String(),
		Began: c.Began.UTC().Format("2006-01-02T15:04:05.000000Z"), Seconds: c.Story.Last.Seconds(), Handshake: c.Shaken,
		Kind: c.Story.Kind.String(), First: c.Story.First.String(), Octets: c.Octets, Unseen: c.Story.Unseen,
		Again: c.Story.Again, Overtaken: c.Story.Overtaken, Fins: map[string]fin{}, Resets: []reset{}, Given: c.Cause.String(),
	}
	for _, side := range capture.Sides {
		if f := c.Story.Fins[side]; f.Frame > 0 {
			o.Fins[side.String()] = fin{f.Frame, f.At.Seconds(), f.Sent, f.Acked}
		}
	}
	for _, r := range c.Story.Resets {
		o.Resets = append(o.Resets, reset{r.From.String(), r.Frame, r.At.Seconds()})
	}
	text, err := json.Marshal(o)
	if err != nil {
		panic(err) // of a struct of plain fields
	}
	fmt.Fprintf(t.Out, "%s\n", text)
}
