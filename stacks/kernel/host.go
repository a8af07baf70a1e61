//go:build linux

package kernel

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"tcpclose/stacks/wire"
)

// A host is a network namespace with one TUN device, and a thread in it, on which
// all work is done. The thread ends with the host, and with both the namespace.
type host struct {
	work chan func()
	done chan struct{}
	tun  int
	// packets has what the kernel has sent and nobody has looked at.
	packets []packet
	started time.Time
}

type packet struct {
	octets []byte
	at     time.Duration
}

// newHost makes a namespace whose device has the stack's address.
func newHost(link *wire.Link) (*host, error) {
	h := &host{work: make(chan func()), done: make(chan struct{}), tun: -1}
	go func() {
		runtime.LockOSThread() // and never unlocked: the thread must not serve others
		defer close(h.done)
		for f := range h.work {
			f()
		}
	}()
	if err := h.do(func() error { return h.begin(link) }); err != nil {
		h.close()
		return nil, err
	}
	h.started = time.Now()
	return h, nil
}

// do does f on the host's thread.
func (h *host) do(f func() error) error {
	result := make(chan error, 1)
	h.work <- func() { result <- f() }
	return <-result
}

func (h *host) close() {
	if h.tun >= 0 {
		unix.Close(h.tun)
		h.tun = -1
	}
	close(h.work)
	<-h.done
}

// begin enters a new namespace, and makes its device.
func (h *host) begin(link *wire.Link) error {
	if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
		return fmt.Errorf("a network namespace: %w", err)
	}
	var err error
	if h.tun, err = unix.Open("/dev/net/tun", unix.O_RDWR|unix.O_NONBLOCK|unix.O_CLOEXEC, 0); err != nil {
		h.tun = -1
		return fmt.Errorf("/dev/net/tun: %w", err)
	}
	device, err := unix.NewIfreq("bench")
	if err != nil {
		return err
	}
	device.SetUint16(unix.IFF_TUN | unix.IFF_NO_PI)
	if err := unix.IoctlIfreq(h.tun, unix.TUNSETIFF, device); err != nil {
		return fmt.Errorf("a TUN device: %w", err)
	}
	s, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(s)
	address := link.Stack.Addr().As4()
	for _, set := range []struct {
		what    string
		request uint
		address [4]byte
	}{{"address", unix.SIOCSIFADDR, address}, {"mask", unix.SIOCSIFNETMASK, [4]byte{255, 255, 255, 0}}} {
		r, err := unix.NewIfreq(device.Name())
		if err != nil {
			return err
		}
		if err := r.SetInet4Addr(set.address[:]); err != nil {
			return err
		}
		if err := unix.IoctlIfreq(s, set.request, r); err != nil {
			return fmt.Errorf("the device's %s: %w", set.what, err)
		}
	}
	up, err := unix.NewIfreq(device.Name())
	if err != nil {
		return err
	}
	up.SetUint16(unix.IFF_UP | unix.IFF_RUNNING)
	if err := unix.IoctlIfreq(s, unix.SIOCSIFFLAGS, up); err != nil {
		return fmt.Errorf("the device: %w", err)
	}
	return nil
}

// now returns the time since the host began.
func (h *host) now() time.Duration { return time.Since(h.started) }

// inject gives the kernel a packet.
func (h *host) inject(p []byte) error {
	if _, err := unix.Write(h.tun, p); err != nil {
		return fmt.Errorf("a packet to the device: %w", err)
	}
	return nil
}

// watch collects what the kernel sends, until that time since the start.
func (h *host) watch(until time.Duration) error {
	buffer := make([]byte, 65536)
	for {
		n, err := unix.Read(h.tun, buffer)
		switch {
		case err == nil:
			h.packets = append(h.packets, packet{append([]byte(nil), buffer[:n]...), h.now()})
			continue
		case errors.Is(err, unix.EINTR):
			continue
		case !errors.Is(err, unix.EAGAIN):
			return fmt.Errorf("a packet from the device: %w", err)
		}
		left := until - h.now()
		if left <= 0 {
			return nil
		}
		wait := unix.NsecToTimespec(int64(left))
		_, err = unix.Ppoll([]unix.PollFd{{Fd: int32(h.tun), Events: unix.POLLIN}}, &wait, nil)
		if err != nil && !errors.Is(err, unix.EINTR) {
			return err
		}
	}
}

// taken returns what the kernel has sent since the last call.
func (h *host) taken() []packet {
	list := h.packets
	h.packets = nil
	return list
}

// A row is a socket in /proc/net/tcp.
type row struct {
	local, remote uint16 // ports
	state         string
	waits         bool // it is a mini-socket: its numbers alone are kept
}

// states names the states of /proc/net/tcp, by number.
var states = map[uint64]string{
	1: "ESTABLISHED", 2: "SYN-SENT", 3: "SYN-RECEIVED", 4: "FIN-WAIT-1", 5: "FIN-WAIT-2", 6: "TIME-WAIT",
	7: "CLOSED", 8: "CLOSE-WAIT", 9: "LAST-ACK", 10: "LISTEN", 11: "CLOSING", 12: "SYN-RECEIVED",
}

// timerTimeWait is the kind of timer that mini-sockets have there.
const timerTimeWait = 3

// rows reads /proc/net/tcp of the namespace, to its end.
func rows() (list []row, err error) {
	text, err := os.ReadFile("/proc/thread-self/net/tcp")
	if err != nil {
		return nil, err
	}
	for line := range strings.Lines(string(text)) {
		words := strings.Fields(line)
		if len(words) < 6 || words[0] == "sl" {
			continue
		}
		var r row
		number := func(word string, after string, bits int) uint64 {
			if i := strings.Index(word, after); i >= 0 {
				word = word[i+len(after):]
			}
			n, bad := strconv.ParseUint(word, 16, bits)
			if bad != nil && err == nil {
				err = fmt.Errorf("/proc/net/tcp: %q: want a number in %q", line, word)
			}
			return n
		}
		r.local, r.remote = uint16(number(words[1], ":", 16)), uint16(number(words[2], ":", 16))
		n := number(words[3], "", 8)
		if r.state = states[n]; r.state == "" && err == nil {
			err = fmt.Errorf("/proc/net/tcp: state %#x: want one of TCP's", n)
		}
		timer, _, _ := strings.Cut(words[5], ":")
		r.waits = number(timer, "", 8) == timerTimeWait
		list = append(list, r)
	}
	return list, err
}
