//go:build linux

package kernel

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"tcpclose/stacks/adapter"
	"tcpclose/stacks/wire"
)

// A Stack is the running kernel's TCP, as an adapter. Its time is real.
type Stack struct {
	// Settle is the time that each event is given, for what the kernel answers at once.
	Settle time.Duration
	// Share is the number of hosts that share a namespace, one after the other; 0 is 1. Each has
	// a peer with an address of its own, since connections of hosts before it may go on
	// sending.
	Share int

	host     *host
	link     *wire.Link
	setup    adapter.Setup
	listener int // -1 is none
	socket   int // that of the connection; -1 is none
	opened   bool
	text     adapter.Text
	closing  sync.WaitGroup // of the host before
}

// settle is Settle where time is real: the kernel processes a packet within the
// write to the TUN device.
const settle = time.Millisecond

// New returns the running kernel, without a host yet.
func New() *Stack { return &Stack{Settle: settle, listener: -1, socket: -1} }

// Missing says what this machine lacks to run the kernel on the bench, or "".
func Missing() string {
	if unix.Geteuid() != 0 {
		return "not root"
	}
	s := New()
	if err := s.Reset(adapter.Setup{}); err != nil {
		return err.Error()
	}
	if err := s.Close(); err != nil {
		return err.Error()
	}
	return ""
}

// Release returns the kernel's version.
func Release() string {
	var u unix.Utsname
	if err := unix.Uname(&u); err != nil {
		return "unknown"
	}
	return unix.ByteSliceToString(u.Release[:])
}

// Caps is adapter.Adapter's.
func (s *Stack) Caps() adapter.Caps {
	return adapter.Caps{
		Name: "linux", Version: Release(), Slack: 50 * time.Millisecond,
		Calls:  []adapter.Call{adapter.Send, adapter.Receive, adapter.Shutdown, adapter.Release, adapter.Abort},
		States: true, Signals: true,
		Note: "the running kernel, in a network namespace with a TUN device",
	}
}

// Reset is adapter.Adapter's: it makes a new namespace. That of before ends
// meanwhile, which takes the kernel longer than all else.
func (s *Stack) Reset(setup adapter.Setup) error {
	s.closing.Wait()
	s.leave()
	s.setup, s.opened = setup, false
	if s.host != nil && s.host.served+1 < s.Share {
		s.host.again()
		s.link = s.newLink(false)
		return nil
	}
	s.forget()
	s.link = wire.NewLink(false)
	var err error
	s.host, err = newHost(s.link)
	return err
}

// newLink returns a link with the peer of the host.
func (s *Stack) newLink(active bool) *wire.Link {
	l := wire.NewLink(active)
	at := l.Peer.Addr().As4()
	at[3] += byte(s.host.served)
	l.Peer = netip.AddrPortFrom(netip.AddrFrom4(at), l.Peer.Port())
	return l
}

// Close is adapter.Adapter's.
func (s *Stack) Close() error {
	s.leave()
	s.forget()
	s.closing.Wait()
	return nil
}

// leave gives up the sockets.
func (s *Stack) leave() {
	for _, fd := range []*int{&s.socket, &s.listener} {
		if *fd >= 0 {
			unix.Close(*fd)
			*fd = -1
		}
	}
}

// forget gives up the host.
func (s *Stack) forget() {
	if s.host != nil {
		s.closing.Go(s.host.close)
		s.host = nil
	}
}

// on does f in the namespace, and then waits for what the kernel sends at once.
func (s *Stack) on(f func() error) error {
	if s.host == nil {
		return errors.New("there is no host: want Reset first")
	}
	if err := f(); err != nil {
		return err
	}
	s.accept()
	return s.host.watch(s.host.now() + s.Settle)
}

// Open is adapter.Adapter's.
func (s *Stack) Open(active bool) (a adapter.Answer, err error) {
	if !s.opened {
		s.link = s.newLink(active)
	} else if active != (s.link.Stack.Port() == wire.NewLink(true).Stack.Port()) {
		return a, errors.New("the first OPEN was of the other kind: want the same ports again")
	}
	s.opened = true
	err = s.on(func() error {
		if s.socket >= 0 {
			unix.Close(s.socket)
			s.socket = -1
		}
		s.text = adapter.NewText()
		fd := -1
		err := s.host.within(func() (err error) {
			fd, err = unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
			return err
		})
		if err != nil {
			return err
		}
		if err := s.bind(fd); err != nil {
			unix.Close(fd)
			return err
		}
		if !active {
			s.listener = fd
			a = answer(unix.Listen(fd, 8))
			return nil
		}
		s.socket = fd
		if err = unix.Connect(fd, sockaddr(s.link.Peer)); errors.Is(err, unix.EINPROGRESS) {
			err = nil
		}
		a = answer(err)
		return nil
	})
	return a, err
}

// bind gives a socket the stack's address, and the room that was asked for.
func (s *Stack) bind(fd int) error {
	if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1); err != nil {
		return err
	}
	if s.setup.Buffer > 0 {
		// The kernel doubles the number, for what it needs besides the text.
		if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUF, s.setup.Buffer); err != nil {
			return err
		}
	}
	return unix.Bind(fd, sockaddr(s.link.Stack))
}

// accept takes the connection that has come, if one has. The listener goes: what
// arrives later finds nobody, as at the end of a connection of our own.
func (s *Stack) accept() {
	if s.listener < 0 {
		return
	}
	fd, _, err := unix.Accept4(s.listener, unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC)
	if err != nil {
		return // none has come
	}
	s.socket = fd
	unix.Close(s.listener)
	s.listener = -1
}

// Call is adapter.Adapter's.
func (s *Stack) Call(c adapter.Call, octets int) (a adapter.Answer, err error) {
	err = s.on(func() error {
		if s.socket < 0 && s.listener >= 0 && (c == adapter.Release || c == adapter.Abort) {
			unix.Close(s.listener)
			s.listener = -1
			a = answer(nil)
			return nil
		}
		if s.socket < 0 {
			a = adapter.Answer{Told: adapter.None}
			return nil
		}
		switch c {
		case adapter.Send:
			a = s.send(octets)
		case adapter.Receive:
			a = s.receive(octets)
		case adapter.Shutdown:
			a = answer(unix.Shutdown(s.socket, unix.SHUT_WR))
		case adapter.Abort:
			if err := unix.SetsockoptLinger(s.socket, unix.SOL_SOCKET, unix.SO_LINGER, &unix.Linger{Onoff: 1}); err != nil {
				return err
			}
			fallthrough
		case adapter.Release:
			a = answer(unix.Close(s.socket))
			s.socket = -1
		default:
			a = adapter.Answer{Told: adapter.Unsupported}
		}
		return nil
	})
	return a, err
}

func (s *Stack) send(octets int) adapter.Answer {
	n, err := unix.SendmsgN(s.socket, s.text.Next(octets), nil, nil, unix.MSG_NOSIGNAL)
	if err != nil {
		return answer(err)
	}
	return s.text.Wrote(n)
}

func (s *Stack) receive(octets int) adapter.Answer {
	text := make([]byte, octets)
	n, _, err := unix.Recvfrom(s.socket, text, 0)
	switch {
	case err != nil:
		return answer(err)
	case n == 0 && octets > 0:
		return adapter.Answer{Told: adapter.EOF}
	}
	return s.text.Got(text[:n])
}

// answer turns err into what it tells the user.
func answer(err error) adapter.Answer {
	var number unix.Errno
	if !errors.As(err, &number) {
		return adapter.Answer{Told: adapter.Done}
	}
	a := adapter.Answer{Told: adapter.Other, Native: unix.ErrnoName(number)}
	switch number {
	case unix.EAGAIN:
		a.Told, a.Native = adapter.Waits, ""
	case unix.ECONNRESET:
		a.Told = adapter.Reset
	case unix.ECONNREFUSED:
		a.Told = adapter.Refused
	case unix.ETIMEDOUT:
		a.Told = adapter.TimedOut
	case unix.EPIPE:
		a.Told = adapter.Closing
	case unix.ENOTCONN:
		a.Told = adapter.None
	}
	return a
}

// SetOption sets a socket option of the connection.
func (s *Stack) SetOption(level, option, value int) error {
	return s.on(func() error { return unix.SetsockoptInt(s.socket, level, option, value) })
}

// Inject is adapter.Adapter's.
func (s *Stack) Inject(g wire.Segment) error {
	return s.on(func() error { return s.host.inject(s.link.Packet(g)) })
}

// Advance is adapter.Adapter's: it waits.
func (s *Stack) Advance(d time.Duration) error {
	return s.on(func() error { return s.host.watch(s.host.now() + d) })
}

// Now is adapter.Clock's.
func (s *Stack) Now() time.Duration { return s.host.now() }

// Emitted is adapter.Adapter's. Packets of other protocols are none of the
// connection's.
func (s *Stack) Emitted() (list []adapter.Emitted, err error) {
	for _, p := range s.host.taken() {
		if to, ok := wire.Destination(p.octets); ok && to != s.link.Peer.Addr() {
			continue // of a host before this one
		}
		g, err := s.link.Read(p.octets)
		if errors.Is(err, wire.ErrOther) {
			continue
		}
		e := adapter.Emitted{Segment: g, At: p.at}
		if err != nil {
			e.Wrong = err.Error()
		}
		list = append(list, e)
	}
	return list, nil
}

// State is adapter.Stater's. "/mini" follows a state of which the kernel keeps
// the numbers alone.
func (s *Stack) State() (state string, err error) {
	if state, ok := s.told(); ok {
		return state, nil
	}
	list, err := s.host.rows()
	if err != nil {
		return "", err
	}
	i := slices.IndexFunc(list, func(r row) bool {
		return r.local == s.link.Stack.Port() && r.remote == s.link.Peer
	})
	switch {
	case i < 0 && s.listener >= 0:
		return "LISTEN", nil
	case i < 0:
		return "CLOSED", nil
	case list[i].waits && list[i].state != "TIME-WAIT":
		return list[i].state + "/mini", nil
	}
	return list[i].state, nil
}

// told returns the state that the socket tells by itself. It is CLOSED in states in
// which the socket is not the connection's any more.
func (s *Stack) told() (state string, ok bool) {
	if s.socket < 0 {
		return "", false
	}
	info, err := unix.GetsockoptTCPInfo(s.socket, unix.IPPROTO_TCP, unix.TCP_INFO)
	if err != nil {
		return "", false
	}
	state = states[uint64(info.State)]
	return state, state != "" && state != "CLOSED" && state != "SYN-SENT" && state != "SYN-RECEIVED"
}

// Signals is adapter.Signaller's.
func (s *Stack) Signals() (signals adapter.Signals, err error) {
	if s.socket < 0 {
		return 0, nil
	}
	poll := []unix.PollFd{{Fd: int32(s.socket), Events: unix.POLLIN | unix.POLLOUT | unix.POLLRDHUP}}
	if _, err := unix.Poll(poll, 0); err != nil {
		return 0, fmt.Errorf("poll: %w", err)
	}
	for _, bit := range []struct {
		event  int16
		signal adapter.Signals
	}{
		{unix.POLLIN, adapter.Readable}, {unix.POLLOUT, adapter.Writable}, {unix.POLLRDHUP, adapter.PeerDone},
		{unix.POLLHUP, adapter.Hung}, {unix.POLLERR, adapter.Failed},
	} {
		if poll[0].Revents&bit.event != 0 {
			signals |= bit.signal
		}
	}
	return signals, nil
}

var (
	_ adapter.Clock     = (*Stack)(nil)
	_ adapter.Stater    = (*Stack)(nil)
	_ adapter.Signaller = (*Stack)(nil)
)
