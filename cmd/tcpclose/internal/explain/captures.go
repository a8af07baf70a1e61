package explain

import (
	"cmp"
	"errors"
	"io"
	"sync"

	"tcpclose/capture"
	"tcpclose/capture/ends"
)

// few is the number of connections that are told one by one.
const few = 12

// often is the number of frames between two looks at what is around the reading.
const often = 1 << 14

// captures tells the connections of a capture.
func (t *Teller) captures(r io.Reader, progress func(int)) error {
	reader, err := capture.NewReader(r)
	if err != nil {
		return err
	}
	if err := t.begin(); err != nil {
		return err
	}
	var d capture.Decoder
	c := &collection{Teller: t, tallies: map[capture.Kind]*tally{}}
	table := capture.NewTable(c.take)
	table.Most = cmp.Or(t.Most, table.Most)
	for {
		var f capture.Frame
		if f, err = reader.Next(); err != nil {
			break
		}
		if c.frames = f.Number; c.frames%often == 0 {
			progress(c.frames)
			if t.nobodyReads() {
				break
			}
		}
		if s, ok := d.Segment(f); ok {
			table.Add(s)
		}
	}
	table.Close()
	if errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil
	}
	if t.Form == Text {
		c.tell(&d)
	}
	return errors.Join(err, t.end())
}

// nobodyReads reports whether nobody reads what is written any more.
func (t *Teller) nobodyReads() bool {
	w, ok := t.Out.(interface{ Err() error })
	return ok && w.Err() != nil
}

// A collection counts the connections that were given so far.
type collection struct {
	*Teller
	frames, all, chosen int
	evicted             int // of all
	first               []observed
	tallies             map[capture.Kind]*tally
	// wrong counts the connections with a frame that no conforming end sends, doubtful
	// those that are explained only if something was lost or is missing.
	wrong, doubtful tally
	unknown         int // connections whose ends were not followed to the end
}

// An observed connection comes with what its ends can have done.
type observed struct {
	capture.Connection
	ends *ends.Explanation
}

// A tally counts the connections of a kind, with the first as an example.
type tally struct {
	kind    capture.Kind
	count   int
	example capture.Connection
}

// take takes a connection that is over.
func (c *collection) take(conn capture.Connection) {
	c.all++
	if conn.Cause == capture.Evicted {
		c.evicted++
	}
	observe := sync.OnceValue(func() *ends.Explanation { return c.observe(&conn) })
	if !c.Choice.takes(&conn, observe) {
		return
	}
	c.chosen++
	k := c.tallies[conn.Story.Kind]
	if k == nil {
		k = &tally{kind: conn.Story.Kind}
		c.tallies[conn.Story.Kind] = k
	}
	k.add(conn)
	switch {
	case c.Form == SVG:
		if c.All || c.chosen <= few {
			c.pictures().draw(&conn, observe())
		}
	case c.Form != Text:
		c.record(&conn, observe)
	case c.All:
		c.connection(c.chosen, conn, observe())
		c.learn(conn, observe())
	default:
		if len(c.first) <= few {
			c.first = append(c.first, observed{conn, observe()})
		}
		x := observe()
		c.learn(conn, x)
		switch {
		case x.Unknown:
			c.unknown++
		case x.Wrong != nil:
			c.wrong.add(conn)
		case len(x.Doubts) > 0:
			c.doubtful.add(conn)
		}
	}
}

// learn looks at a connection for what it says of the stacks of its hosts.
func (c *collection) learn(conn capture.Connection, x *ends.Explanation) {
	if c.learner == nil {
		c.learner = c.watcher().NewLearner(known())
	}
	c.learner.Learn(conn, x)
}

// add counts a connection.
func (t *tally) add(c capture.Connection) {
	if t.count++; t.count == 1 {
		t.example = c
	}
}
