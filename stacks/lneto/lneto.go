// Package lneto is github.com/soypat/lneto on the bench, in process and in virtual
// time.
//
// lneto has no timers. In particular it retransmits nothing by itself, and stays
// in TIME-WAIT until its user aborts the connection: this adapter does so after
// TimeWait, as lneto's own pool of connections would.
package lneto

import (
	"errors"
	"fmt"
	"io"
	"net"
	"runtime/debug"
	"time"

	"github.com/soypat/lneto"
	"github.com/soypat/lneto/tcp"
	"github.com/soypat/lneto/x/xnet"

	"tcpclose/stacks/adapter"
	"tcpclose/stacks/wire"
)

// TimeWait is the length of TIME-WAIT, by the adapter.
const TimeWait = 60 * time.Second

// A Stack is lneto as an adapter.
type Stack struct {
	stack   *xnet.StackAsync
	conn    *tcp.Conn // nil before the first OPEN
	link    *wire.Link
	setup   adapter.Setup
	opened  bool
	closed  bool // the user has closed for good
	text    adapter.Text
	now     time.Duration
	ends    time.Duration // when TIME-WAIT does, if waits
	waits   bool
	emitted []adapter.Emitted
}

const (
	mtu      = 1500
	buffer   = 4096 // octets, unless Setup says how many
	packets  = 16   // that can be outstanding
	maxBurst = 100  // packets at one instant, so that a stack that never ends is stopped
)

// New returns lneto, without a host yet.
func New() *Stack { return &Stack{} }

// Caps is adapter.Adapter's.
func (s *Stack) Caps() adapter.Caps {
	c := adapter.Caps{
		Name: "lneto", Version: "unknown", Virtual: true, Exact: true,
		Calls:  []adapter.Call{adapter.Send, adapter.Receive, adapter.Shutdown, adapter.Release, adapter.Abort},
		States: true, Deadlines: true, Bursts: true,
		Note: fmt.Sprintf("the adapter ends TIME-WAIT, by an abort after %s; close is shutdown, after which the user makes no call", TimeWait),
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, m := range info.Deps {
			if m.Path == "github.com/soypat/lneto" {
				c.Version = m.Version
			}
		}
	}
	return c
}

// Reset is adapter.Adapter's.
func (s *Stack) Reset(setup adapter.Setup) error {
	*s = Stack{setup: setup, stack: &xnet.StackAsync{}, link: wire.NewLink(false)}
	return s.stack.Reset(xnet.StackConfig{
		StaticAddress:     s.link.Stack.Addr(),
		RandSeed:          int64(setup.Seed&0xffff) + 1,
		Hostname:          "bench",
		MaxActiveTCPPorts: 2,
		HardwareAddress:   [6]byte{2, 0, 0, 0, 0, 1},
		MTU:               mtu,
	})
}

// Close is adapter.Adapter's.
func (s *Stack) Close() error { return nil }

// Open is adapter.Adapter's.
func (s *Stack) Open(active bool) (a adapter.Answer, err error) {
	if !s.opened {
		s.link = wire.NewLink(active)
	}
	room := s.setup.Buffer
	if room == 0 {
		room = buffer
	}
	s.conn, s.opened, s.closed, s.waits, s.text = &tcp.Conn{}, true, false, false, adapter.NewText()
	config := tcp.ConnConfig{RxBuf: make([]byte, room), TxBuf: make([]byte, buffer), TxPacketQueueSize: packets}
	if err := s.conn.Configure(config); err != nil {
		return a, err
	}
	if active {
		err = s.stack.DialTCP(s.conn, s.link.Stack.Port(), s.link.Peer)
	} else {
		err = s.stack.ListenTCP(s.conn, s.link.Stack.Port())
	}
	a = answer(err)
	return a, s.settle()
}

// Call is adapter.Adapter's. The methods of the handler are those of the
// connection that do not wait.
func (s *Stack) Call(c adapter.Call, octets int) (a adapter.Answer, err error) {
	if s.conn == nil || s.closed {
		return adapter.Answer{Told: adapter.None}, nil
	}
	h := s.conn.InternalHandler()
	switch c {
	case adapter.Send:
		if free := h.FreeOutput(); octets > free {
			octets = free
		}
		if octets == 0 {
			a = adapter.Answer{Told: adapter.Waits}
			break
		}
		n, err := h.Write(s.text.Next(octets))
		if err != nil {
			a = answer(err)
			break
		}
		a = s.text.Wrote(n)
	case adapter.Receive:
		text := make([]byte, octets)
		n, err := h.Read(text)
		switch {
		case err != nil:
			a = answer(err)
		case n == 0:
			a = adapter.Answer{Told: adapter.Waits}
		default:
			a = s.text.Got(text[:n])
		}
	case adapter.Release:
		s.closed = true
		fallthrough
	case adapter.Shutdown:
		a = answer(s.conn.Close())
	case adapter.Abort:
		s.closed = true
		s.conn.Abort()
		a = answer(nil)
	default:
		return adapter.Answer{Told: adapter.Unsupported}, nil
	}
	return a, s.settle()
}

// answer turns err into what it tells the user.
func answer(err error) adapter.Answer {
	if err == nil {
		return adapter.Answer{Told: adapter.Done}
	}
	a := adapter.Answer{Told: adapter.Other, Native: err.Error()}
	switch {
	case errors.Is(err, lneto.ErrBufferFull):
		a.Told = adapter.Waits
	case errors.Is(err, io.EOF):
		a.Told = adapter.EOF
	case errors.Is(err, net.ErrClosed):
		a.Told = adapter.None
	case err.Error() == "connection closing":
		a.Told = adapter.Closing
	}
	return a
}

// Inject is adapter.Adapter's. What lneto says of a packet is none of the peer's
// business.
func (s *Stack) Inject(g wire.Segment) error {
	_ = s.stack.IngressIP(s.link.Packet(g))
	return s.settle()
}

// Hold is adapter.Burster's: the stack is not asked yet what it sends.
func (s *Stack) Hold(g wire.Segment) error {
	_ = s.stack.IngressIP(s.link.Packet(g))
	return nil
}

// settle collects what lneto sends: it does so when it is asked. TIME-WAIT begins
// when it is seen.
func (s *Stack) settle() error {
	packet := make([]byte, mtu)
	for range maxBurst {
		n, _ := s.stack.EgressIP(packet)
		if n == 0 {
			if waits := s.conn != nil && s.conn.State() == tcp.StateTimeWait; waits != s.waits {
				s.waits, s.ends = waits, s.now+TimeWait
			}
			return nil
		}
		g, err := s.link.Read(packet[:n])
		e := adapter.Emitted{Segment: g, At: s.now}
		if err != nil {
			e.Wrong = err.Error()
		}
		s.emitted = append(s.emitted, e)
	}
	return fmt.Errorf("%d packets at one instant: want an end", maxBurst)
}

// Emitted is adapter.Adapter's.
func (s *Stack) Emitted() ([]adapter.Emitted, error) {
	list := s.emitted
	s.emitted = nil
	return list, nil
}

// Advance is adapter.Adapter's.
func (s *Stack) Advance(d time.Duration) error {
	until := s.now + d
	if s.waits && s.ends <= until {
		s.now = s.ends
		s.conn.Abort()
		if err := s.settle(); err != nil {
			return err
		}
	}
	s.now = until
	return s.settle()
}

// Deadline is adapter.Deadliner's.
func (s *Stack) Deadline() (at time.Duration, ok bool, err error) { return s.ends, s.waits, nil }

// State is adapter.Stater's. lneto's names are those of RFC 9293.
func (s *Stack) State() (string, error) {
	if s.conn == nil {
		return "CLOSED", nil
	}
	return s.conn.State().String(), nil
}

var (
	_ adapter.Deadliner = (*Stack)(nil)
	_ adapter.Stater    = (*Stack)(nil)
)
