package screen

import "io"

// A Writer writes to another, and keeps its first error: what comes later is
// dropped. So whoever writes need not look at each line, and all commands end alike
// when nobody reads them, or a disk is full.
type Writer struct {
	to  io.Writer
	err error
}

// NewWriter returns a Writer to that one.
func NewWriter(to io.Writer) *Writer { return &Writer{to: to} }

func (w *Writer) Write(text []byte) (int, error) {
	if w.err != nil {
		return 0, w.err
	}
	var n int
	n, w.err = w.to.Write(text)
	return n, w.err
}

// Err returns the first error of writing.
func (w *Writer) Err() error { return w.err }
