// Golang is a template: how a stack written in Go comes on the bench. Copy this
// file, and write it for yours; tiny.go is a stack to try it with.
package main

import (
	"fmt"
	"os"
	"time"

	"tcpclose/stacks/adapter"
	"tcpclose/stacks/wire"
)

// A Shim puts a stack behind the interface of the bench.
type Shim struct {
	stack   *tiny
	link    *wire.Link
	text    adapter.Text
	now     time.Duration
	emitted []adapter.Emitted
}

// Caps says what the stack is, and what the shim can do.
func (s *Shim) Caps() adapter.Caps {
	return adapter.Caps{
		Name: "tiny-go", Version: "1", Virtual: true, Exact: true, States: true, Deadlines: true,
		Calls: []adapter.Call{adapter.Send, adapter.Receive, adapter.Shutdown, adapter.Release, adapter.Abort},
	}
}

// Reset makes a new host.
func (s *Shim) Reset(setup adapter.Setup) error {
	*s = Shim{link: wire.NewLink(false)}
	s.stack = newTiny(setup.Seed, s.sent)
	return nil
}

// Close ends what Reset has begun.
func (s *Shim) Close() error { return nil }

// sent takes a packet from the stack.
func (s *Shim) sent(packet []byte) {
	g, err := s.link.Read(packet)
	e := adapter.Emitted{Segment: g, At: s.now}
	if err != nil {
		e.Wrong = err.Error()
	}
	s.emitted = append(s.emitted, e)
}

// Emitted returns what the stack has sent since the last call.
func (s *Shim) Emitted() ([]adapter.Emitted, error) {
	list := s.emitted
	s.emitted = nil
	return list, nil
}

// Open calls OPEN. The link says which addresses and ports.
func (s *Shim) Open(active bool) (adapter.Answer, error) {
	s.link, s.text = wire.NewLink(active), adapter.NewText()
	return s.stack.open(active, s.link.Stack, s.link.Peer), nil
}

// Call makes a call of the user's.
func (s *Shim) Call(c adapter.Call, octets int) (adapter.Answer, error) {
	switch c {
	case adapter.Send:
		n, told := s.stack.send(s.text.Next(octets))
		if told != adapter.Done {
			return adapter.Answer{Told: told}, nil
		}
		return s.text.Wrote(n), nil
	case adapter.Receive:
		text, told := s.stack.receive(octets)
		if told != adapter.Done {
			return adapter.Answer{Told: told}, nil
		}
		return s.text.Got(text), nil
	case adapter.Shutdown, adapter.Release:
		return adapter.Answer{Told: s.stack.shutdown()}, nil
	case adapter.Abort:
		return adapter.Answer{Told: s.stack.abort()}, nil
	}
	return adapter.Answer{Told: adapter.Unsupported}, nil
}

// Inject lets a segment of the peer arrive.
func (s *Shim) Inject(g wire.Segment) error {
	s.stack.input(s.link.Packet(g))
	return nil
}

// Advance lets time pass; timers fire at their own times.
func (s *Shim) Advance(d time.Duration) error {
	until := s.now + d
	for {
		at, ok := s.stack.deadline()
		if !ok || at > until {
			break
		}
		s.now = max(s.now, at)
		s.stack.run(s.now)
	}
	s.now = until
	s.stack.run(until)
	return nil
}

// Deadline returns when the next timer fires.
func (s *Shim) Deadline() (at time.Duration, ok bool, err error) {
	at, ok = s.stack.deadline()
	return at, ok, nil
}

// State returns the state of the connection, by the name of RFC 9293.
func (s *Shim) State() (string, error) { return s.stack.state.String(), nil }

func main() {
	if err := adapter.Serve(&Shim{}, os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
