package explain

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"tcpclose/capture"
	"tcpclose/capture/ends"
	"tcpclose/claims"
	"tcpclose/cmd/tcpclose/internal/screen"
)

// Pair explains the connections that are in both of two captures, the first made close
// to the client and the second close to the server.
func (t *Teller) Pair(client, server io.Reader) error {
	first, err := connections(client)
	if err != nil {
		return err
	}
	second, err := connections(server)
	if err != nil {
		return err
	}
	n := 0
	for i := range first {
		for j := range second {
			if first[i].Addrs != second[j].Addrs || !t.Choice.takes(&first[i], func() *ends.Explanation { return t.observe(&first[i]) }) {
				continue
			}
			n++
			t.pair(n, &first[i], &second[j])
			second = append(second[:j], second[j+1:]...)
			break
		}
	}
	if t.Form != Text {
		return t.end()
	}
	t.put(0, t.say("%s in both captures.", "两个抓包中都有的：%s。", t.count(int64(n), "connection", "connections", "个连接")))
	return nil
}

// connections reads the connections of a capture.
func connections(r io.Reader) (list []capture.Connection, err error) {
	reader, err := capture.NewReader(r)
	if err != nil {
		return nil, err
	}
	table := capture.NewTable(func(c capture.Connection) { list = append(list, c) })
	var d capture.Decoder
	for {
		f, err := reader.Next()
		if errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		if s, ok := d.Segment(f); ok {
			table.Add(s)
		}
	}
	table.Close()
	return list, nil
}

// pair tells a connection that was captured twice.
func (t *Teller) pair(n int, a, b *capture.Connection) {
	p := t.watcher().ExplainPair(*a, *b)
	switch t.Form {
	case JSON:
		t.pairRecord(a, b, p)
		return
	case SVG:
		t.pictures().draw(a, p.Explanation, unarrived(a, b, p)...)
		return
	}
	head := fmt.Sprintf("%d  %s > %s", n, a.Addrs[capture.Client], a.Addrs[capture.Server])
	fmt.Fprintln(t.Out, screen.Paint(t.Out, screen.Strong, head))
	var says []string
	if p.Clocked {
		says = append(says, t.say("The second clock is %+.6f s ahead, within %.6f s.", "第二个时钟快 %+.6f 秒，误差不超过 %.6f 秒。", p.Offset.Seconds(), p.Error.Seconds()))
	}
	for _, side := range capture.Sides {
		if len(p.Lost[side]) == 0 {
			says = append(says, t.say("All %d segments of %s arrived.", "%[2]s的 %[1]d 个报文段全部到达。", p.Sent[side], t.side(side)))
			continue
		}
		var frames []string
		for _, f := range p.Lost[side] {
			if frames = append(frames, fmt.Sprint(f)); len(frames) == 8 && len(p.Lost[side]) > 8 {
				frames = append(frames, "...")
				break
			}
		}
		says = append(says, t.say("Of %d segments of %s %d did not arrive: frames %s.", "%[2]s的 %[1]d 个报文段中有 %[3]d 个没有到达：第 %[4]s 帧。",
			p.Sent[side], t.side(side), len(p.Lost[side]), strings.Join(frames, ", ")))
	}
	says = append(says, t.observed(a, p.Explanation)...)
	sep := " "
	if t.Lang == claims.Chinese {
		sep = ""
	}
	t.put(3, strings.Join(says, sep))
	if t.Ladder {
		t.ladder(a, p.Explanation, unarrived(a, b, p)...)
	}
}

// unarrived returns the segments of the server that its capture alone has, by the clock of
// the client's.
func unarrived(a, b *capture.Connection, p *ends.Pair) (list []capture.Seen) {
	for _, g := range b.Frames {
		if g.From == capture.Server && slices.Contains(p.Lost[capture.Server], g.Frame) {
			g.At += b.Began.Sub(a.Began) - p.Offset
			list = append(list, g)
		}
	}
	return list
}

// A pairing is a connection that was captured twice, as JSON has it.
type pairing struct {
	Client record   `json:"at_client"`
	Server record   `json:"at_server"`
	Clock  *clocks  `json:"clocks"` // null: not known
	Sent   [2]int   `json:"sent"`
	Lost   [2][]int `json:"lost"` // frames of the sender's capture
	Both   *account `json:"observed"`
}

// clocks says how far the second clock is ahead, in seconds.
type clocks struct {
	Ahead  float64 `json:"ahead"`
	Within float64 `json:"within"`
}

// pairRecord writes a connection that was captured twice.
func (t *Teller) pairRecord(a, b *capture.Connection, p *ends.Pair) {
	r := pairing{Client: recordOf(a), Server: recordOf(b), Sent: p.Sent, Both: accountOf(a, p.Explanation)}
	if p.Clocked {
		r.Clock = &clocks{p.Offset.Seconds(), p.Error.Seconds()}
	}
	for side, list := range p.Lost {
		r.Lost[side] = append([]int{}, list...)
	}
	text, err := json.Marshal(r)
	if err != nil {
		panic(err) // of a struct of plain fields
	}
	fmt.Fprintf(t.Out, "%s\n", text)
}
