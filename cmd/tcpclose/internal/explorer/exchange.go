package explorer

import (
	"bytes"
	"encoding/base64"
	"errors"
	"slices"
	"strings"

	"tcpclose/cmd/tcpclose/internal/base"
	"tcpclose/internal/lang"
	"tcpclose/model"
	"tcpclose/trace"
)

// maxExported limits the bytes of a run in a form, and maxImported those of a trace.
const (
	maxExported = 64 << 20
	maxImported = 16 << 20
)

// Import returns a trace as a place, as far as the model goes with it.
func (e *Engine) Import(q ImportRequest) (*Imported, error) {
	if len(q.Text) > maxImported {
		return nil, lang.Errorf("the trace has more than %d bytes", maxImported)
	}
	file, err := trace.Read([]byte(q.Text))
	if err != nil {
		return nil, err
	}
	if file.Box != "" {
		return nil, lang.Errorf("the trace has a box of its own: want one with a box that is built in, or with none")
	}
	story, err := file.Replay()
	departure, departs := errors.AsType[*trace.Departure](err)
	if err != nil && !departs {
		return nil, err
	}
	if len(story.Events) > maxEvents {
		return nil, lang.Errorf("the path has more than %d events", maxEvents)
	}
	i := &Imported{Setup: nearest(story.Config).of(story.Trace), Path: pathOf(story.Trace), Loop: story.Loop}
	if departs {
		l, err := language(q.Lang)
		if err != nil {
			return nil, err
		}
		i.Departs, i.Loop = l.Reason(departure), -1
	}
	return i, nil
}

// nearest returns the preset or profile from which a configuration differs in the fewest
// fields: the first of several.
func nearest(c model.Config) *setting {
	var best *setting
	least := 0
	for _, name := range base.Names() {
		b := base.Find(name)
		if n := len(c.Against(b.Config)); best == nil || n < least {
			best, least = &setting{Setup: Setup{Base: name}, base: b, config: c}, n
		}
	}
	return best
}

// Export returns a run in a form.
func (e *Engine) Export(q ExportRequest) (*Exported, error) {
	l, err := language(q.Lang)
	if err != nil {
		return nil, err
	}
	r, err := e.follow(q.Setup, q.Path)
	if err != nil {
		return nil, err
	}
	t, err := r.looped(q.Loop)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(trace.Views, func(v trace.View) bool { return v.Name == q.Format })
	if at < 0 {
		return nil, lang.Errorf("%q: want a form that 'tcpclose list formats' lists", q.Format)
	}
	view := trace.Views[at]
	var o trace.ViewOptions
	if q.Side == "b" {
		o.Capture = model.B
	}
	story, err := trace.NewStory(t, trace.About{Language: l, Tick: r.base.Tick})
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := view.Write(&b, story, o); err != nil {
		return nil, err
	}
	if b.Len() > maxExported {
		return nil, lang.Errorf("the run has more than %d bytes in this form", maxExported)
	}
	endings := map[string]string{"ladder": "txt", "text": "txt", "mermaid": "mmd", "packetdrill": "pkt"}
	ending, ok := endings[view.Name]
	if !ok {
		ending = view.Name
	}
	x := &Exported{Name: "trace." + ending, Binary: view.Binary}
	if view.OfEnd() {
		x.Name = "trace-" + o.Capture.String() + "." + ending
	}
	if view.Binary {
		x.Text = base64.StdEncoding.EncodeToString(b.Bytes())
	} else {
		x.Text = strings.ToValidUTF8(b.String(), "?")
	}
	return x, nil
}
