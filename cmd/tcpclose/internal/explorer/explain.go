package explorer

import (
	"bytes"
	"context"
	"errors"
	"time"

	"tcpclose/capture"
	"tcpclose/cmd/tcpclose/internal/explain"
	"tcpclose/internal/lang"
	"tcpclose/profile"
)

// maxFollowed limits the connections of a capture that are followed at a time.
const maxFollowed = 10_000

// Explain returns what a capture shows, or a list of sockets, as 'tcpclose explain' does.
func (e *Engine) Explain(ctx context.Context, q ExplainRequest, progress func(Progress)) (*Explained, error) {
	l, err := language(q.Lang)
	if err != nil {
		return nil, err
	}
	if len(q.Data) > maxImported {
		return nil, lang.Errorf("the file has more than %d bytes", maxImported)
	}
	ctx, cancel := e.within(ctx)
	defer cancel()
	start := time.Now()
	t := &explain.Teller{Lang: l, Linux: profile.Defaults(), Most: maxFollowed} // what it has learnt of ends serves the picture, too
	tell := func(form explain.Form) (string, error) {
		var out bytes.Buffer
		t.Out, t.Form = &out, form
		err := t.Explain(ctx, bytes.NewReader(q.Data), func(frames int) {
			if progress != nil {
				progress(Progress{States: frames, Seconds: time.Since(start).Seconds()})
			}
		})
		return out.String(), err
	}
	x := &Explained{}
	x.Text, err = tell(explain.Text)
	if broken, ok := errors.AsType[*capture.BrokenError](err); ok {
		x.Broken = l.Reason(lang.Errorf("broken after frame %d: %w", broken.Frames, broken.Err))
	} else if err != nil {
		return nil, err
	}
	if explain.IsCapture(q.Data) {
		if x.Picture, err = tell(explain.SVG); err != nil && x.Broken == "" {
			return nil, err
		}
	}
	return x, nil
}
