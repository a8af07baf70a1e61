package gvisor

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand"
	"runtime/debug"
	"time"

	"gvisor.dev/gvisor/pkg/buffer"
	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/header"
	"gvisor.dev/gvisor/pkg/tcpip/link/channel"
	"gvisor.dev/gvisor/pkg/tcpip/network/ipv4"
	"gvisor.dev/gvisor/pkg/tcpip/stack"
	"gvisor.dev/gvisor/pkg/tcpip/transport/tcp"
	"gvisor.dev/gvisor/pkg/waiter"

	"tcpclose/stacks/adapter"
	"tcpclose/stacks/wire"
)

// A Stack is gVisor's netstack as an adapter.
type Stack struct {
	clock    *clock
	stack    *stack.Stack
	device   *channel.Endpoint
	link     *wire.Link
	setup    adapter.Setup
	listener tcpip.Endpoint // nil is none
	conn     tcpip.Endpoint // that of the connection, even when the user has closed it
	closed   bool           // the user has closed it for good
	opened   bool
	text     adapter.Text
	emitted  []adapter.Emitted
}

const nic = 1

// New returns netstack, without a host yet.
func New() *Stack { return &Stack{} }

// Caps is adapter.Adapter's.
func (s *Stack) Caps() adapter.Caps {
	c := adapter.Caps{
		Name: "gvisor", Version: "unknown", Virtual: true, Exact: true,
		Calls:  []adapter.Call{adapter.Send, adapter.Receive, adapter.Shutdown, adapter.Release, adapter.Abort},
		States: true, Signals: true, Deadlines: true, Bursts: true,
		Note: "a deadline can be that of a timer which is off: netstack lets it fire, and does nothing",
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, m := range info.Deps {
			if m.Path == "gvisor.dev/gvisor" {
				c.Version = m.Version
			}
		}
	}
	return c
}

// Reset is adapter.Adapter's. A device without a link address needs no ARP.
func (s *Stack) Reset(setup adapter.Setup) error {
	if err := s.Close(); err != nil {
		return err
	}
	*s = Stack{clock: &clock{}, setup: setup, link: wire.NewLink(false)}
	source := rand.NewSource(int64(setup.Seed))
	s.stack = stack.New(stack.Options{
		NetworkProtocols:   []stack.NetworkProtocolFactory{ipv4.NewProtocol},
		TransportProtocols: []stack.TransportProtocolFactory{tcp.NewProtocol},
		Clock:              s.clock,
		RandSource:         source,
		SecureRNG:          rand.New(source),
	})
	s.device = channel.New(64, 1500, "")
	s.device.AddNotify(s)
	if err := s.stack.CreateNIC(nic, s.device); err != nil {
		return errors.New(err.String())
	}
	address := tcpip.ProtocolAddress{
		Protocol:          ipv4.ProtocolNumber,
		AddressWithPrefix: tcpip.AddrFrom4(s.link.Stack.Addr().As4()).WithPrefix(),
	}
	if err := s.stack.AddProtocolAddress(nic, address, stack.AddressProperties{}); err != nil {
		return errors.New(err.String())
	}
	s.stack.SetRouteTable([]tcpip.Route{{Destination: header.IPv4EmptySubnet, NIC: nic}})
	return nil
}

// Close is adapter.Adapter's.
func (s *Stack) Close() error {
	if s.stack != nil {
		s.stack.Destroy()
		s.stack = nil
	}
	return nil
}

// settle returns when the stack has done all that is to be done now: its
// goroutines have nothing left, and no timer is due. One may give work to
// another, therefore it asks them twice.
func (s *Stack) settle() {
	for {
		for range 2 {
			s.stack.Pause()
			s.stack.TransportProtocolInstance(tcp.ProtocolNumber).Resume()
		}
		f := s.clock.next(s.clock.since())
		if f == nil {
			break
		}
		f()
	}
	s.accept()
}

// WriteNotify is channel.Notification's: the stack has sent a packet.
func (s *Stack) WriteNotify() {
	for p := s.device.Read(); p != nil; p = s.device.Read() {
		view := p.ToView()
		p.DecRef()
		g, err := s.link.Read(view.AsSlice())
		view.Release()
		if errors.Is(err, wire.ErrOther) {
			continue
		}
		e := adapter.Emitted{Segment: g, At: s.clock.since()}
		if err != nil {
			e.Wrong = err.Error()
		}
		s.emitted = append(s.emitted, e)
	}
}

// Emitted is adapter.Adapter's.
func (s *Stack) Emitted() ([]adapter.Emitted, error) {
	list := s.emitted
	s.emitted = nil
	return list, nil
}

// Open is adapter.Adapter's.
func (s *Stack) Open(active bool) (a adapter.Answer, err error) {
	if !s.opened {
		s.link = wire.NewLink(active)
	}
	s.opened, s.closed, s.text = true, false, adapter.NewText()
	ep, bad := s.stack.NewEndpoint(tcp.ProtocolNumber, ipv4.ProtocolNumber, &waiter.Queue{})
	if bad != nil {
		return a, errors.New(bad.String())
	}
	ep.SocketOptions().SetReuseAddress(true)
	if s.setup.Buffer > 0 {
		ep.SocketOptions().SetReceiveBufferSize(int64(s.setup.Buffer), true)
	}
	local := tcpip.FullAddress{NIC: nic, Addr: tcpip.AddrFrom4(s.link.Stack.Addr().As4()), Port: s.link.Stack.Port()}
	if bad := ep.Bind(local); bad != nil {
		ep.Close()
		return answer(bad), nil
	}
	if active {
		s.conn = ep
		peer := tcpip.FullAddress{NIC: nic, Addr: tcpip.AddrFrom4(s.link.Peer.Addr().As4()), Port: s.link.Peer.Port()}
		bad = ep.Connect(peer)
		if _, begun := bad.(*tcpip.ErrConnectStarted); begun {
			bad = nil
		}
	} else {
		s.conn, s.listener = nil, ep
		bad = ep.Listen(8)
	}
	a = answer(bad)
	s.settle()
	return a, nil
}

// accept takes the connection that has come, if one has. The listener goes: what
// arrives later finds nobody, as at the end of a connection of our own.
func (s *Stack) accept() {
	if s.listener == nil {
		return
	}
	if ep, _, err := s.listener.Accept(nil); err == nil {
		s.conn = ep
		s.listener.Close()
		s.listener = nil
	}
}

// Call is adapter.Adapter's.
func (s *Stack) Call(c adapter.Call, octets int) (a adapter.Answer, err error) {
	defer s.settle()
	if s.conn == nil && s.listener != nil && (c == adapter.Release || c == adapter.Abort) {
		s.listener.Close()
		s.listener = nil
		return answer(nil), nil
	}
	if s.conn == nil || s.closed {
		return adapter.Answer{Told: adapter.None}, nil
	}
	switch c {
	case adapter.Send:
		n, err := s.conn.Write(bytes.NewReader(s.text.Next(octets)), tcpip.WriteOptions{})
		if err != nil {
			return answer(err), nil
		}
		return s.text.Wrote(int(n)), nil
	case adapter.Receive:
		var text bytes.Buffer
		_, err := s.conn.Read(&tcpip.LimitedWriter{W: &text, N: int64(octets)}, tcpip.ReadOptions{})
		if err != nil {
			return answer(err), nil
		}
		return s.text.Got(text.Bytes()), nil
	case adapter.Shutdown:
		return answer(s.conn.Shutdown(tcpip.ShutdownWrite)), nil
	case adapter.Abort:
		s.conn.SocketOptions().SetLinger(tcpip.LingerOption{Enabled: true})
		fallthrough
	case adapter.Release:
		s.closed = true
		s.conn.Close()
		return answer(nil), nil
	}
	return adapter.Answer{Told: adapter.Unsupported}, nil
}

// answer turns err into what it tells the user.
func answer(err tcpip.Error) adapter.Answer {
	a := adapter.Answer{Told: adapter.Other}
	switch err.(type) {
	case nil:
		return adapter.Answer{Told: adapter.Done}
	case *tcpip.ErrWouldBlock:
		return adapter.Answer{Told: adapter.Waits}
	case *tcpip.ErrClosedForReceive:
		a.Told = adapter.EOF
	case *tcpip.ErrConnectionReset:
		a.Told = adapter.Reset
	case *tcpip.ErrConnectionRefused:
		a.Told = adapter.Refused
	case *tcpip.ErrTimeout:
		a.Told = adapter.TimedOut
	case *tcpip.ErrClosedForSend:
		a.Told = adapter.Closing
	case *tcpip.ErrNotConnected:
		a.Told = adapter.None
	}
	a.Native = err.String()
	return a
}

// Inject is adapter.Adapter's.
func (s *Stack) Inject(g wire.Segment) error {
	if err := s.Hold(g); err != nil {
		return err
	}
	s.settle()
	return nil
}

// Hold is adapter.Burster's: netstack may do something at once, but need not.
func (s *Stack) Hold(g wire.Segment) error {
	p := stack.NewPacketBuffer(stack.PacketBufferOptions{Payload: buffer.MakeWithData(s.link.Packet(g))})
	s.device.InjectInbound(ipv4.ProtocolNumber, p)
	p.DecRef()
	return nil
}

// Advance is adapter.Adapter's.
func (s *Stack) Advance(d time.Duration) error {
	until := s.clock.since() + d
	for {
		f := s.clock.next(until)
		if f == nil {
			return nil
		}
		f()
		s.settle()
	}
}

// Deadline is adapter.Deadliner's.
func (s *Stack) Deadline() (at time.Duration, ok bool, err error) {
	at, ok = s.clock.deadline()
	return at, ok, nil
}

// states names netstack's states as RFC 9293 does.
var states = map[tcp.EndpointState]string{
	tcp.StateEstablished: "ESTABLISHED", tcp.StateSynSent: "SYN-SENT", tcp.StateSynRecv: "SYN-RECEIVED",
	tcp.StateFinWait1: "FIN-WAIT-1", tcp.StateFinWait2: "FIN-WAIT-2", tcp.StateTimeWait: "TIME-WAIT",
	tcp.StateClose: "CLOSED", tcp.StateCloseWait: "CLOSE-WAIT", tcp.StateLastAck: "LAST-ACK",
	tcp.StateListen: "LISTEN", tcp.StateClosing: "CLOSING", tcp.StateError: "CLOSED",
	tcp.StateInitial: "CLOSED", tcp.StateBound: "CLOSED", tcp.StateConnecting: "SYN-SENT",
}

// State is adapter.Stater's. That of a connection that nobody has accepted yet is
// found among the endpoints.
func (s *Stack) State() (string, error) {
	ep := s.conn
	if s.listener != nil {
		ep = s.listener
		for _, e := range s.stack.RegisteredEndpoints() {
			if t, ok := e.(*tcp.Endpoint); ok && tcp.EndpointState(t.State()) == tcp.StateSynRecv {
				ep = t
			}
		}
	}
	if ep == nil {
		return "CLOSED", nil
	}
	name, ok := states[tcp.EndpointState(ep.State())]
	if !ok {
		return "", fmt.Errorf("state %d: want one of netstack's", ep.State())
	}
	return name, nil
}

// Signals is adapter.Signaller's.
func (s *Stack) Signals() (signals adapter.Signals, err error) {
	if s.conn == nil || s.closed {
		return 0, nil
	}
	const all = waiter.EventIn | waiter.EventOut | waiter.EventRdHUp | waiter.EventHUp | waiter.EventErr
	seen := s.conn.Readiness(all)
	for _, bit := range []struct {
		event  waiter.EventMask
		signal adapter.Signals
	}{
		{waiter.EventIn, adapter.Readable}, {waiter.EventOut, adapter.Writable}, {waiter.EventRdHUp, adapter.PeerDone},
		{waiter.EventHUp, adapter.Hung}, {waiter.EventErr, adapter.Failed},
	} {
		if seen&bit.event != 0 {
			signals |= bit.signal
		}
	}
	return signals, nil
}

var (
	_ adapter.Deadliner = (*Stack)(nil)
	_ adapter.Signaller = (*Stack)(nil)
	_ adapter.Stater    = (*Stack)(nil)
)
