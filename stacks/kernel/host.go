//go:build linux

package kernel

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"tcpclose/stacks/wire"
)

// A host is a network namespace with one TUN device. No thread stays in it: sockets and
// files belong to the namespace in which they were made.
type host struct {
	namespace *os.File
	tun       *os.File
	sockets   *os.File // /proc/net/tcp of the namespace
	// packets has what the kernel has sent and nobody has looked at.
	packets []packet
	started time.Time
	served  int // hosts that had the namespace before
}

type packet struct {
	octets []byte
	at     time.Duration
}

// newHost makes a namespace whose device has the stack's address.
func newHost(link *wire.Link) (*host, error) {
	h := &host{}
	err := elsewhere(func() error {
		if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
			return fmt.Errorf("a network namespace: %w", err)
		}
		return h.begin(link)
	})
	if err != nil {
		h.close()
		return nil, err
	}
	h.started = time.Now()
	return h, nil
}

// elsewhere does f on a thread that f may bring into another namespace, and brings it
// back. A thread that cannot come back ends.
func elsewhere(f func() error) error {
	result := make(chan error)
	go func() {
		runtime.LockOSThread()
		home, err := os.Open(namespaceFile)
		if err != nil {
			result <- err
			return
		}
		defer home.Close()
		err = f()
		if back := unix.Setns(int(home.Fd()), unix.CLONE_NEWNET); back != nil {
			result <- errors.Join(err, back)
			return
		}
		runtime.UnlockOSThread()
		result <- err
	}()
	return <-result
}

const namespaceFile = "/proc/thread-self/ns/net"

// within does f on a thread in the namespace.
func (h *host) within(f func() error) error {
	return elsewhere(func() error {
		if err := unix.Setns(int(h.namespace.Fd()), unix.CLONE_NEWNET); err != nil {
			return fmt.Errorf("the namespace: %w", err)
		}
		return f()
	})
}

// again begins the next host in the same namespace.
func (h *host) again() {
	h.packets, h.started = nil, time.Now()
	h.served++
}

func (h *host) close() {
	for _, f := range []*os.File{h.tun, h.sockets, h.namespace} {
		if f != nil {
			f.Close()
		}
	}
}

// begin makes the device of the thread's namespace, and opens the files.
func (h *host) begin(link *wire.Link) (err error) {
	if h.namespace, err = os.Open(namespaceFile); err != nil {
		return err
	}
	if h.sockets, err = os.Open("/proc/thread-self/net/tcp"); err != nil {
		return err
	}
	tun, err := unix.Open("/dev/net/tun", unix.O_RDWR|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("/dev/net/tun: %w", err)
	}
	defer func() { h.tun = os.NewFile(uintptr(tun), "tun") }() // only a device can be waited for
	device, err := unix.NewIfreq("bench")
	if err != nil {
		return err
	}
	device.SetUint16(unix.IFF_TUN | unix.IFF_NO_PI)
	if err := unix.IoctlIfreq(tun, unix.TUNSETIFF, device); err != nil {
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
	if _, err := h.tun.Write(p); err != nil {
		return fmt.Errorf("a packet to the device: %w", err)
	}
	return nil
}

// watch collects what the kernel sends, until that time since the start.
func (h *host) watch(until time.Duration) error {
	if err := h.tun.SetReadDeadline(h.started.Add(until)); err != nil {
		return err
	}
	buffer := make([]byte, 2048) // more than the device's largest packet
	for {
		n, err := h.tun.Read(buffer)
		switch {
		case errors.Is(err, os.ErrDeadlineExceeded):
			return h.drain(buffer)
		case err != nil:
			return fmt.Errorf("a packet from the device: %w", err)
		}
		h.packets = append(h.packets, packet{append([]byte(nil), buffer[:n]...), h.now()})
	}
}

// drain collects what has come already: on a busy machine the time may be over before
// anything was read.
func (h *host) drain(buffer []byte) error {
	if err := h.tun.SetReadDeadline(time.Time{}); err != nil {
		return err
	}
	conn, err := h.tun.SyscallConn()
	if err != nil {
		return err
	}
	for {
		var n int
		var failed error
		if err := conn.Read(func(fd uintptr) bool {
			n, failed = unix.Read(int(fd), buffer)
			return true
		}); err != nil {
			return err
		}
		switch {
		case errors.Is(failed, unix.EAGAIN):
			return nil
		case errors.Is(failed, unix.EINTR):
			continue
		case failed != nil:
			return fmt.Errorf("a packet from the device: %w", failed)
		}
		h.packets = append(h.packets, packet{append([]byte(nil), buffer[:n]...), h.now()})
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
	local  uint16 // the port
	remote netip.AddrPort
	state  string
	waits  bool // it is a mini-socket: its numbers alone are kept
}

// states names the states of /proc/net/tcp, by number.
var states = map[uint64]string{
	1: "ESTABLISHED", 2: "SYN-SENT", 3: "SYN-RECEIVED", 4: "FIN-WAIT-1", 5: "FIN-WAIT-2", 6: "TIME-WAIT",
	7: "CLOSED", 8: "CLOSE-WAIT", 9: "LAST-ACK", 10: "LISTEN", 11: "CLOSING", 12: "SYN-RECEIVED",
}

// timerTimeWait is the kind of timer that mini-sockets have there.
const timerTimeWait = 3

// rows reads /proc/net/tcp of the namespace, to its end.
func (h *host) rows() (list []row, err error) {
	text, err := io.ReadAll(io.NewSectionReader(h.sockets, 0, 1<<20))
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
		address, _, _ := strings.Cut(words[2], ":")
		r.local = uint16(number(words[1], ":", 16))
		// The kernel writes the address as a number of the machine's own order.
		at := binary.NativeEndian.AppendUint32(nil, uint32(number(address, "", 32)))
		r.remote = netip.AddrPortFrom(netip.AddrFrom4([4]byte(at)), uint16(number(words[2], ":", 16)))
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
