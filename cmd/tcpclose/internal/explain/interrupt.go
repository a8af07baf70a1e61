package explain

import (
	"context"
	"io"
)

// An interrupted reader ends when its context does, even while it waits for input.
type interrupted struct {
	ctx    context.Context
	chunks <-chan chunk
	now    chunk
}

// A chunk is what one Read gave.
type chunk struct {
	text []byte
	err  error
}

// ahead is the number of chunks that are read ahead, and chunkSize the size of one.
const (
	ahead     = 4
	chunkSize = 1 << 18
)

// interruptible returns a reader of r that ends with the error of ctx.
func interruptible(ctx context.Context, r io.Reader) io.Reader {
	chunks := make(chan chunk, ahead)
	go func() {
		defer close(chunks)
		for {
			text := make([]byte, chunkSize)
			n, err := r.Read(text)
			select {
			case chunks <- chunk{text[:n], err}:
			case <-ctx.Done():
				return
			}
			if err != nil {
				return
			}
		}
	}()
	return &interrupted{ctx: ctx, chunks: chunks}
}

func (i *interrupted) Read(p []byte) (int, error) {
	for len(i.now.text) == 0 {
		if i.now.err != nil {
			return 0, i.now.err
		}
		select {
		case <-i.ctx.Done():
			i.now.err = i.ctx.Err()
		default:
			select {
			case c, more := <-i.chunks:
				if i.now = c; !more {
					i.now.err = i.ctx.Err()
				}
			case <-i.ctx.Done():
			}
		}
	}
	n := copy(p, i.now.text)
	i.now.text = i.now.text[n:]
	return n, nil
}
