package drive

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"syscall"

	"tcpclose/stacks/adapter"
	"tcpclose/stacks/peer"
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

// OfProgram returns the host of a program that speaks the line protocol. If it ends,
// which is a failure of the stack, start is called for another one.
func OfProgram(p *adapter.Program, start func() (*adapter.Program, error)) Host {
	return &ofProgram{program: p, start: start}
}

type ofProgram struct {
	program *adapter.Program
	start   func() (*adapter.Program, error)
	ended   bool
}

func (h *ofProgram) Caps() adapter.Caps { return h.program.Caps }

func (h *ofProgram) Reset(setup adapter.Setup) error {
	if h.ended {
		_ = h.program.Close() // it says how it has ended
		p, err := h.start()
		if err != nil {
			return err
		}
		h.program, h.ended = p, false
	}
	_, err := h.program.Run(setup, nil)
	if err != nil && !h.ended && gone(err) {
		h.ended = true // with what came before; once more on a new one
		return h.Reset(setup)
	}
	return err
}

// gone reports whether an error says that the program has ended.
func gone(err error) bool {
	return errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.EPIPE)
}

func (h *ofProgram) Do(e adapter.Event) adapter.Result {
	results, err := h.program.More(adapter.Schedule{e})
	switch {
	case err != nil && gone(err):
		h.ended = true
		return adapter.Result{Err: "panic: the program has ended"}
	case err != nil:
		return adapter.Result{Err: err.Error()}
	case len(results) != 1:
		return adapter.Result{Err: fmt.Sprintf("%d results: want one", len(results))}
	}
	return results[0]
}

func (h *ofProgram) Close() error { return h.program.Close() }

// Batch is Batcher's.
func (h *ofProgram) Batch(setup adapter.Setup, list []peer.Schedule) ([][]adapter.Result, error) {
	steps, events := make([]string, len(list)), make([]int, len(list))
	for i, s := range list {
		steps[i], events[i] = s.String(), len(s)
	}
	return h.program.Batch(setup, steps, events)
}

// crashed reports whether the stack itself has failed in r; any other error is of
// the adapter, which cannot do what was asked of it.
func crashed(r adapter.Result) bool { return strings.Contains(r.Err, "panic: ") }
