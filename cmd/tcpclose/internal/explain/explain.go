// Package explain tells what captures and lists of sockets show, in sentences.
package explain

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"time"

	"tcpclose/capture/ends"
	"tcpclose/claims"
	"tcpclose/cmd/tcpclose/internal/screen"
	"tcpclose/profile"
	"tcpclose/sockets"
)

// A Teller writes explanations in a language.
type Teller struct {
	Out  io.Writer
	Lang claims.Language
	// All: each connection or socket is told, however many there are.
	All  bool
	Form Form
	// Choice: the connections of a capture that are told.
	Choice Choice
	// Linux: whose timers end the sockets of a list.
	Linux profile.Linux
	// Most is the number of connections that are followed at a time; 0 is 100,000.
	Most int

	// Ladder: each connection that is told is drawn as well.
	Ladder bool
	// At is where the capture was made.
	At ends.Place

	table    *csv.Writer
	observer *ends.Observer
	learner  *ends.Learner
	drawn    *picture
}

// Explain reads a capture or a list of sockets, and tells what it shows. progress is
// called now and then with the frames that were read. When ctx ends, what was read is
// told, as if there were no more. An error that says how far a capture was read comes
// after what was told of it.
func (t *Teller) Explain(ctx context.Context, r io.Reader, progress func(frames int)) error {
	b := bufio.NewReader(interruptible(ctx, r))
	head, _ := b.Peek(4)
	if IsCapture(head) {
		return t.captures(b, progress)
	}
	if len(t.Choice.Kinds)+len(t.Choice.Addrs) > 0 || t.Choice.Where != nil || t.Form == CSV || t.Form == SVG {
		return fmt.Errorf("want a capture: -where, -kind, -addr, -csv and -svg are for connections")
	}
	if head, _ := b.Peek(b.Size()); sockets.IsTracked(head) {
		return t.tracked(ctx, b)
	}
	return t.sockets(b)
}

// IsCapture reports whether a file that begins so is a capture, packed or not.
func IsCapture(head []byte) bool {
	if len(head) < 4 {
		return false
	}
	switch binary.BigEndian.Uint32(head) {
	case 0xa1b2c3d4, 0xd4c3b2a1, 0xa1b23c4d, 0x4d3cb2a1, 0x0a0d0d0a:
		return true
	}
	return bytes.HasPrefix(head, []byte{0x1f, 0x8b})
}

// say returns the text in the language.
func (t *Teller) say(en, zh string, args ...any) string {
	return fmt.Sprintf(claims.Text{EN: en, ZH: zh}.In(t.Lang), args...)
}

// put writes a paragraph.
func (t *Teller) put(indent int, text string) { fmt.Fprint(t.Out, screen.Indent(text, indent, 0)) }

// seconds writes a time with three digits that count.
func (t *Teller) seconds(d time.Duration) string {
	if us := d.Round(time.Microsecond).Microseconds(); us > 0 && us < 1000 {
		return t.say("%s µs", "%s 微秒", strconv.FormatInt(us, 10))
	}
	s := d.Seconds()
	text := strconv.FormatFloat(s, 'g', 3, 64)
	if s >= 100 || s < 1e-6 {
		text = strconv.FormatFloat(s, 'f', 0, 64)
	}
	return t.say("%s s", "%s 秒", text)
}

// count returns a number with its noun.
func (t *Teller) count(n int64, one, many, zh string) string {
	if t.Lang == claims.Chinese {
		return fmt.Sprintf("%d %s", n, zh)
	}
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
