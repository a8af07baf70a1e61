package drive

import (
	"fmt"
	"strings"

	"tcpclose/stacks/adapter"
)

// A Host is a stack that can be driven step by step.
type Host interface {
	Caps() adapter.Caps
	// Reset gives a host without connections.
	Reset(adapter.Setup) error
	// Do does an event.
	Do(adapter.Event) adapter.Result
	Close() error
}

// InProcess returns the host of an adapter.
func InProcess(a adapter.Adapter) Host { return &inProcess{adapter: a} }

type inProcess struct {
	adapter adapter.Adapter
	session *adapter.Session
}

func (h *inProcess) Caps() adapter.Caps { return h.adapter.Caps() }

func (h *inProcess) Reset(setup adapter.Setup) (err error) {
	h.session, err = adapter.NewSession(h.adapter, setup)
	return err
}

func (h *inProcess) Do(e adapter.Event) adapter.Result { return h.session.Do(e) }

func (h *inProcess) Close() error { return h.adapter.Close() }

// OfProgram returns the host of a program that speaks the line protocol.
func OfProgram(p *adapter.Program) Host { return &ofProgram{program: p} }

type ofProgram struct{ program *adapter.Program }

func (h *ofProgram) Caps() adapter.Caps { return h.program.Caps }

func (h *ofProgram) Reset(setup adapter.Setup) error {
	_, err := h.program.Run(setup, nil)
	return err
}

func (h *ofProgram) Do(e adapter.Event) adapter.Result {
	results, err := h.program.More(adapter.Schedule{e})
	switch {
	case err != nil:
		return adapter.Result{Err: err.Error()}
	case len(results) != 1:
		return adapter.Result{Err: fmt.Sprintf("%d results: want one", len(results))}
	}
	return results[0]
}

func (h *ofProgram) Close() error { return h.program.Close() }

// crashed reports whether the stack itself has failed in r; any other error is of
// the adapter, which cannot do what was asked of it.
func crashed(r adapter.Result) bool { return strings.Contains(r.Err, "panic: ") }
