// Command guest is the only program of the guest: it serves the kernel to the line
// protocol on a port of the machine, and halts the machine when it ends. With the
// argument facts it writes the facts of package kernel instead.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"tcpclose/stacks/adapter"
	"tcpclose/stacks/kernel"
	"tcpclose/stacks/peer"
)

func main() {
	if err := serve(); err != nil {
		fmt.Fprintln(os.Stderr, "guest:", err)
	}
	unix.Sync()
	_ = unix.Reboot(unix.LINUX_REBOOT_CMD_POWER_OFF)
}

func serve() error {
	for _, m := range []struct{ kind, at string }{{"proc", "/proc"}, {"sysfs", "/sys"}, {"devtmpfs", "/dev"}} {
		if err := os.MkdirAll(m.at, 0o755); err != nil {
			return err
		}
		if err := unix.Mount(m.kind, m.at, m.kind, 0, ""); err != nil {
			return fmt.Errorf("mount %s: %w", m.at, err)
		}
	}
	if err := os.WriteFile("/proc/sys/net/ipv4/tcp_max_orphans", []byte(orphans), 0); err != nil {
		return err
	}
	for _, m := range modules {
		if err := load("/" + m + ".ko"); err != nil {
			return err
		}
	}
	line, err := port()
	if err != nil {
		return err
	}
	defer line.Close()
	if slices.Contains(os.Args, "facts") {
		kernel.FactSettle = settle
		_, err := kernel.ShowFacts(line, nil)
		return err
	}
	k := kernel.New()
	k.Settle = settle
	many := make([]adapter.Adapter, together)
	for i := range many {
		k := kernel.New()
		k.Settle, k.Share = settle, shared
		many[i] = virtual{k}
	}
	return adapter.Serve(virtual{k}, spinning(line.Fd()), line, peer.Batch(many))
}

// orphans is the most orphans that there may be, as on a machine with memory to spare. The
// guest's own number is half of thash_entries, and the connections of the schedules before
// linger: beyond it the kernel would reset what is closed.
const orphans = "262144"

// together is the number of schedules that are played at once. What the kernel does for all of
// them upon an event takes less time than settle.
const together = 20

// shared is the number of schedules of a batch that share a namespace. To make one takes longer
// than all else.
const shared = 16

// settle is long enough for the ACK of a FIN, which kernels since 6.12 send a tick
// later; the time costs nothing.
const settle = 8 * time.Millisecond

// load loads a module of the kernel, if there is such a file: it may be built in.
func load(file string) error {
	f, err := os.Open(file)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	if err := unix.FinitModule(int(f.Fd()), "", 0); err != nil {
		return fmt.Errorf("module %s: %w", file, err)
	}
	return nil
}

// A spinning is a file descriptor that is read again and again until there is something.
// A machine that has nothing to do lets its clock jump to the next timer, and then to
// the one after it: while the guest waits for a line, its connections would age.
type spinning int

func (s spinning) Read(b []byte) (int, error) {
	for {
		n, err := unix.Read(int(s), b)
		switch {
		case err == nil && n == 0:
			return 0, io.EOF
		case err == nil:
			return n, nil
		case !errors.Is(err, unix.EAGAIN) && !errors.Is(err, unix.EINTR):
			return 0, err
		}
	}
}

// modules lists what is loaded, in order, where it is not built in.
var modules = []string{"tun", "virtio_ring", "virtio", "virtio_pci_legacy_dev", "virtio_pci_modern_dev", "virtio_pci", "virtio_console"}

// port opens the port to the outside, which the kernel may not have found yet.
func port() (f *os.File, err error) {
	for range 1000 {
		fd, bad := unix.Open("/dev/vport0p1", unix.O_RDWR|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
		if err = bad; err == nil {
			return os.NewFile(uintptr(fd), "port"), nil
		}
		time.Sleep(time.Millisecond)
	}
	return nil, fmt.Errorf("/dev/vport0p1: %w", err)
}

// virtual is the guest's kernel, whose time is the machine's.
type virtual struct{ *kernel.Stack }

// Caps is adapter.Adapter's.
func (v virtual) Caps() adapter.Caps {
	c := v.Stack.Caps()
	release := strings.SplitN(kernel.Release(), ".", 3)
	c.Name = "linux-" + strings.Join(release[:min(2, len(release))], ".")
	// Timers fire at a tick of the kernel, of 4 ms, and the program sees it a
	// moment later.
	c.Virtual, c.Slack, c.Batch = true, 20*time.Millisecond, together
	c.Note = "Debian's cloud kernel in QEMU, in virtual time"
	return c
}
