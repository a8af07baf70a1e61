package adapter

import "tcpclose/stacks/wire"

// A Text is how far a user has written and read, as relative numbers. What it
// writes, and what it should read, follows from them.
type Text struct{ written, read int32 }

// NewText returns the text of a connection on which nothing was written or read.
func NewText() Text { return Text{1, 1} }

// Next returns the next octets that the user writes.
func (t *Text) Next(octets int) []byte { return wire.AppendText(nil, t.written, octets) }

// Wrote returns the answer to a SEND of which the stack has taken so many octets.
func (t *Text) Wrote(octets int) Answer {
	t.written += int32(octets)
	return Answer{Told: Done, Octets: octets}
}

// Got returns the answer to a RECEIVE that has given the user text.
func (t *Text) Got(text []byte) Answer {
	a := Answer{Told: Done, Octets: len(text)}
	if wrong := wire.CheckText(text, t.read); wrong != nil {
		a.Told, a.Native = Wrong, wrong.Error()
	}
	t.read += int32(len(text))
	return a
}
