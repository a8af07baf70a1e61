//go:build linux

package ends

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"github.com/gopacket/gopacket/layers"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/capture"
	"tcpclose/model"
	"tcpclose/sockets"
	"tcpclose/stacks/wire"
)

// A link joins two network namespaces of the kernel: it loses packets and lets them
// overtake each other, and captures what passes at either end.
type link struct {
	names [2]string
	tuns  [2]*os.File
	ends  [2]sync.Mutex // held where an end sends or receives: what is captured is in that order
	mu    sync.Mutex
	seen  [2][]capture.Frame
	over  bool
	rand  *rand.Rand
}

// newLink makes the namespaces, or says why it cannot.
func newLink(t *testing.T) *link {
	if os.Getuid() != 0 {
		t.Skip("skipped: network namespaces need root")
	}
	if setns == 0 {
		t.Skip("skipped: amd64 or arm64 only")
	}
	if _, err := exec.LookPath("ip"); err != nil {
		t.Skip("skipped: no ip(8) here")
	}
	w := &link{rand: rand.New(rand.NewPCG(5, 6))}
	for i := range w.tuns {
		w.names[i] = fmt.Sprintf("tcpclose-%d-%d", os.Getpid(), i)
		name := fmt.Sprintf("tc%d%d", os.Getpid()%100000, i)
		fd, err := syscall.Open("/dev/net/tun", syscall.O_RDWR|syscall.O_CLOEXEC, 0)
		if err != nil {
			t.Skipf("skipped: no /dev/net/tun: %v", err)
		}
		var request [40]byte
		copy(request[:15], name)
		request[16], request[17] = 0x01, 0x10 // IFF_TUN, IFF_NO_PI
		const tunSetIff = 0x400454ca
		if _, _, e := syscall.Syscall(syscall.SYS_IOCTL, uintptr(fd), tunSetIff, uintptr(unsafe.Pointer(&request[0]))); e != 0 {
			t.Skipf("skipped: TUNSETIFF: %v", e)
		}
		require.NoError(t, syscall.SetNonblock(fd, true))
		w.tuns[i] = os.NewFile(uintptr(fd), name)
		t.Cleanup(func() { w.tuns[i].Close() })
		for k, args := range [][]string{
			{"netns", "add", w.names[i]},
			{"link", "set", name, "netns", w.names[i]},
			{"-n", w.names[i], "addr", "add", fmt.Sprintf("10.77.0.%d/24", i+1), "dev", name},
			{"-n", w.names[i], "link", "set", name, "up"},
		} {
			if out, err := exec.Command("ip", args...).CombinedOutput(); err != nil {
				t.Skipf("skipped: ip %s: %v: %s", strings.Join(args, " "), err, out)
			}
			if k == 0 {
				t.Cleanup(func() { exec.Command("ip", "netns", "del", w.names[i]).Run() })
			}
		}
	}
	for i := range w.tuns {
		go w.carry(i)
	}
	return w
}

// carry carries what one end sends to the other.
func (w *link) carry(from int) {
	conn, err := w.tuns[from].SyscallConn()
	for err == nil {
		err = conn.Read(func(fd uintptr) bool {
			w.ends[from].Lock()
			defer w.ends[from].Unlock()
			return w.take(from, fd)
		})
	}
}

// take takes what an end has sent, and reports whether that was anything.
func (w *link) take(from int, fd uintptr) (some bool) {
	buffer := make([]byte, 1<<16)
	for {
		n, err := syscall.Read(int(fd), buffer)
		if err != nil {
			return some || !errors.Is(err, syscall.EAGAIN)
		}
		some = true
		packet := slices.Clone(buffer[:n])
		w.note(from, packet)
		w.mu.Lock()
		lost, delay := w.rand.IntN(100) < 12, 5+w.rand.IntN(12)
		w.mu.Unlock()
		if !lost {
			time.AfterFunc(time.Duration(delay)*time.Millisecond, func() { w.deliver(1-from, packet) })
		}
	}
}

// deliver gives a packet to an end. What the end has sent before was captured before.
func (w *link) deliver(to int, packet []byte) {
	conn, err := w.tuns[to].SyscallConn()
	if err != nil {
		return
	}
	conn.Control(func(fd uintptr) {
		w.ends[to].Lock()
		defer w.ends[to].Unlock()
		w.take(to, fd)
		if w.note(to, packet) {
			syscall.Write(int(fd), packet)
		}
	})
}

// note captures a packet at an end, and reports whether it is not too late for that.
func (w *link) note(at int, packet []byte) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.over {
		w.seen[at] = append(w.seen[at], capture.Frame{Number: len(w.seen[at]) + 1, Time: time.Now(), Link: layers.LinkTypeRaw, Length: len(packet), Data: packet})
	}
	return !w.over
}

// setns is the number of setns(2), which package syscall does not have.
var setns = map[string]uintptr{"amd64": 308, "arm64": 268}[runtime.GOARCH]

// within runs f in a namespace.
func (w *link) within(at int, f func() error) error {
	done := make(chan error)
	go func() {
		runtime.LockOSThread() // and never unlocks it: the thread ends
		ns, err := os.Open("/var/run/netns/" + w.names[at])
		if err == nil {
			if _, _, e := syscall.RawSyscall(setns, ns.Fd(), syscall.CLONE_NEWNET, 0); e != 0 {
				err = e
			}
			ns.Close()
		}
		if err == nil {
			err = f()
		}
		done <- err
	}()
	return <-done
}

// An ender does what a script says to a connection.
type ender struct {
	script string
	told   model.Notice // of what it was told
	fd     int
}

func (e *ender) run() {
	buffer := make([]byte, 4096)
	open := true
	for word := range strings.FieldsSeq(e.script) {
		switch word {
		case "text":
			syscall.Write(e.fd, buffer[:700])
		case "half":
			syscall.Shutdown(e.fd, syscall.SHUT_WR)
		case "wait":
			time.Sleep(60 * time.Millisecond)
		case "long":
			time.Sleep(700 * time.Millisecond)
		case "read":
			syscall.Read(e.fd, buffer)
		case "drain":
			for {
				n, err := syscall.Read(e.fd, buffer)
				if errors.Is(err, syscall.ECONNRESET) {
					e.told |= model.ToldReset
				}
				if n == 0 && err == nil {
					e.told |= model.ToldEOF
				}
				if n <= 0 {
					break
				}
			}
		case "forget": // as a host that fails: nothing is sent, and nothing is known any more
			const tcpRepair = 19
			if syscall.SetsockoptInt(e.fd, syscall.IPPROTO_TCP, tcpRepair, 1) == nil {
				syscall.Close(e.fd)
				open = false
			}
		case "abort":
			syscall.SetsockoptLinger(e.fd, syscall.SOL_SOCKET, syscall.SO_LINGER, &syscall.Linger{Onoff: 1})
			fallthrough
		case "close":
			syscall.Close(e.fd)
			open = false
		}
	}
	if open {
		time.Sleep(20 * time.Second)
	}
}

// scripts are what both ends do: half-close, full close, at once, abort, unread text, text
// that comes late, a program that never closes.
var scripts = [][2]string{
	{"text drain close", "text half drain close"},
	{"text half drain close", "drain close"},
	{"half drain close", "drain text text text close"},
	{"wait close", "wait close"},
	{"text wait half drain close", "text wait half drain close"},
	{"text abort", "drain close"},
	{"wait wait abort", "text drain close"},
	{"wait wait close", "text text drain close"},
	{"half wait close", "drain wait wait text wait text close"},
	{"close", "wait long text wait text close"},
	{"text close", "long close"},
	{"text drain", "text close"},
	{"half drain abort", "drain abort"},
	{"half abort", "drain close"},
	{"text wait forget", "wait long text drain close"},
	{"wait long text drain close", "text wait forget"},
}

// connect runs the scripts on a connection to a port.
func (w *link) connect(port int, script [2]string) ([2]*ender, error) {
	ends := [2]*ender{{script: script[0]}, {script: script[1]}}
	listener := -1
	err := w.within(1, func() (err error) {
		if listener, err = syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0); err != nil {
			return err
		}
		if err = syscall.Bind(listener, &syscall.SockaddrInet4{Port: port, Addr: [4]byte{10, 77, 0, 2}}); err != nil {
			return err
		}
		return syscall.Listen(listener, 1)
	})
	if err != nil {
		return ends, err
	}
	accepted := make(chan error)
	go func() {
		accepted <- func() (err error) {
			ends[1].fd, _, err = syscall.Accept(listener)
			return err
		}()
	}()
	defer syscall.Close(listener)
	err = w.within(0, func() (err error) {
		if ends[0].fd, err = syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0); err != nil {
			return err
		}
		return syscall.Connect(ends[0].fd, &syscall.SockaddrInet4{Port: port, Addr: [4]byte{10, 77, 0, 2}})
	})
	// The last segment of the handshake may be lost until the listener has given up.
	over := time.AfterFunc(10*time.Second, func() { syscall.Shutdown(listener, syscall.SHUT_RDWR) })
	defer over.Stop()
	return ends, errors.Join(err, <-accepted)
}

// TestKernels: connections of two network namespaces of this kernel, with loss and
// overtaking between them, captured at both ends. They are explained from either end;
// what is certain from one is not refuted by the other, nor by what the kernel knows.
func TestKernels(t *testing.T) {
	w := newLink(t)
	const first = 20_000
	many := 3 * len(scripts)
	enders := make([][2]*ender, many)
	over, slowest := make(chan struct{}), make(chan time.Duration)
	go func() {
		var slow time.Duration
		for {
			select {
			case <-over:
				slowest <- slow
				return
			default:
				slow = max(slow, sleep(50*time.Millisecond))
			}
		}
	}()
	var wg sync.WaitGroup
	for i := range many {
		wg.Go(func() {
			pair, err := w.connect(first+i, scripts[i%len(scripts)])
			if err != nil {
				return // the handshake was lost
			}
			enders[i] = pair
			for _, e := range pair {
				go e.run()
			}
		})
	}
	wg.Wait()
	time.Sleep(4 * time.Second)
	close(over)
	slow := <-slowest
	before := [2]map[int]model.ConnState{w.stands(t, 0, first), w.stands(t, 1, first)}
	w.mu.Lock()
	w.over = true
	w.mu.Unlock()
	stands := [2]map[int]model.ConnState{w.stands(t, 0, first), w.stands(t, 1, first)}
	settled := 0
	conns := [2]map[int]capture.Connection{w.connections(0, first), w.connections(1, first)}
	// stood returns the state at the moment when the captures ended, if it is known: it was
	// the same before and after. Linux is in LAST-ACK with the call; by the RFC that is
	// CLOSE-WAIT as long as the FIN waits behind text (3.10.4).
	stood := func(side, port int) (state model.ConnState, known bool) {
		state = stands[side][port]
		sent := slices.ContainsFunc(conns[side][port].Frames, func(f capture.Seen) bool { return int(f.From) == side && f.Ctl.Has(wire.FIN) })
		if state == model.LastAck && !sent {
			state = model.CloseWait
		}
		forgets := strings.Contains(scripts[(port-first)%len(scripts)][side], "forget") // silently
		return state, !forgets && stands[side][port] == before[side][port]
	}
	o := NewObserver()
	explained, certain, lost, failed := 0, 0, 0, 0
	for i := range many {
		a, b := conns[0][first+i], conns[1][first+i]
		if enders[i][0] == nil || a.Frames == nil || b.Frames == nil {
			continue
		}
		explained++
		script := fmt.Sprintf("%q | %q", scripts[i%len(scripts)][0], scripts[i%len(scripts)][1])
		from := [2]*Explanation{o.Explain(a, AtClient), o.Explain(b, AtServer)}
		for at, x := range from {
			if !assert.Nilf(t, x.Wrong, "%s at %s", script, capture.Side(at)) {
				t.Logf("%+v\n%+v", x.Wrong, [2]capture.Connection{a, b}[at].Frames)
			}
			for _, d := range x.Doubts {
				if strings.Contains(scripts[i%len(scripts)][d.End], "forget") {
					continue // it is right
				}
				if slow > answers/4 {
					continue // the machine was too busy to say when anything was sent
				}
				assert.Failf(t, "doubt", "%s at %s: %+v\n%+v", script, capture.Side(at), d, [2]capture.Connection{a, b}[at].Frames)
			}
			for _, r := range [2]capture.Connection{a, b}[at].Story.Resets {
				if strings.Contains(scripts[i%len(scripts)][r.From], "forget") {
					assert.Equal(t, capture.NoConnection, r.After, script)
					failed++
				}
			}
			for side, e := range x.Ends {
				if state, known := stood(side, first+i); known {
					settled++
					if side == at { // nothing is missing there
						if !assert.Containsf(t, e.States, state, "%s at %s", script, capture.Side(at)) {
							for _, f := range [2]capture.Connection{a, b}[at].Frames {
								t.Logf("%d %v %v seq %d ack %d %v len %d", f.Frame, f.At, f.From, f.Seq, f.Ack, f.Ctl, f.Len)
							}
						}
					}
					assert.Containsf(t, append(slices.Clone(e.States), e.Others...), state, "%s at %s: %s", script, capture.Side(at), capture.Side(side))
				}
				other := from[1-at].Ends[side]
				assert.Zerof(t, e.Told&^other.Possible, "%s at %s: %s told %s", script, capture.Side(at), capture.Side(side), e.Told)
				if e.Told != 0 {
					certain++
				}
			}
		}
		p := o.ExplainPair(a, b) // of one clock
		if p.Clocked {
			assert.LessOrEqualf(t, max(p.Offset, -p.Offset), p.Error+time.Millisecond, script)
		}
		lost += len(p.Lost[0]) + len(p.Lost[1])
		for side, e := range p.Ends {
			if state, known := stood(side, first+i); known {
				assert.Containsf(t, append(slices.Clone(e.States), e.Others...), state, "%s: %s", script, capture.Side(side))
			}
		}
		if from[0].First.Certain && from[1].First.Certain {
			certain++
			assert.Equal(t, from[0].First.Possible, from[1].First.Possible, script)
		}
		for at, x := range from {
			if x.First.Certain {
				certain++
				assert.Subsetf(t, from[1-at].First.Possible, x.First.Possible, "%s at %s", script, capture.Side(at))
			}
		}
	}
	require.Greater(t, explained, many/2)
	require.Greater(t, settled, 2*explained, "states that were the same before and after")
	require.NotZero(t, certain)
	require.NotZero(t, lost)
	require.NotZero(t, failed, "an RST of a host that knows the connection no more")
	t.Logf("%d connections explained from both ends, %d certain statements confirmed, %d segments lost, %d RSTs of hosts that had forgotten", explained, certain, lost, failed)
}

// sleep sleeps, and returns how long it was kept waiting at most.
func sleep(d time.Duration) (slow time.Duration) {
	const nap = 5 * time.Millisecond
	for begun := time.Now(); time.Since(begun) < d; {
		before := time.Now()
		time.Sleep(nap)
		slow = max(slow, time.Since(before)-nap)
	}
	return slow
}

// stands returns the state of the sockets of a namespace, by the port of the server;
// what is not listed is CLOSED.
func (w *link) stands(t *testing.T, at, first int) map[int]model.ConnState {
	out, err := exec.Command("ip", "netns", "exec", w.names[at], "cat", "/proc/net/tcp").Output()
	require.NoError(t, err)
	list, err := sockets.Read(strings.NewReader(string(out)))
	require.NoError(t, err)
	states := map[int]model.ConnState{}
	for _, s := range list {
		addr := [2]netip.AddrPort{s.Peer, s.Local}[at]
		if s.State != model.Listen && int(addr.Port()) >= first {
			states[int(addr.Port())] = s.State
		}
	}
	return states
}

// connections returns what was captured at an end, by the port of the server.
func (w *link) connections(at, first int) map[int]capture.Connection {
	list := map[int]capture.Connection{}
	table := capture.NewTable(func(c capture.Connection) { list[int(c.Addrs[capture.Server].Port())] = c })
	var d capture.Decoder
	for _, f := range w.seen[at] {
		if s, ok := d.Segment(f); ok {
			table.Add(s)
		}
	}
	table.Close()
	return list
}
