//go:build linux

package conntrack

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/google/nftables"
	"github.com/google/nftables/binaryutil"
	"github.com/google/nftables/expr"
	"golang.org/x/sys/unix"

	"tcpclose/box"
)

// A Rig is a namespace that forwards from the client's device to the server's and back.
type Rig struct {
	devices [2]*os.File // by side: 0 is the client
	table   *os.File    // /proc/net/nf_conntrack of the namespace
	port    uint16      // of the client of the last connection
}

// networks has the network of each device; the device is .1 there, the end .2.
var networks = [2][4]byte{{10, 0, 1, 0}, {10, 0, 2, 0}}

const serverPort = 80

// New makes a rig. Settings are sysctls of net.netfilter, without nf_conntrack_ before
// their names.
func New(settings map[string]int) (r *Rig, err error) {
	r = &Rig{port: 10000}
	result := make(chan error)
	go func() {
		runtime.LockOSThread() // the thread ends with its namespace
		result <- r.begin(settings)
	}()
	if err := <-result; err != nil {
		r.Close()
		return nil, err
	}
	return r, nil
}

// Close gives the namespace up.
func (r *Rig) Close() {
	for _, f := range []*os.File{r.devices[0], r.devices[1], r.table} {
		if f != nil {
			f.Close()
		}
	}
}

// begin brings the thread into a new namespace and builds the rig there.
func (r *Rig) begin(settings map[string]int) (err error) {
	if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
		return fmt.Errorf("a network namespace: %w", err)
	}
	for side, name := range []string{"client", "server"} {
		if r.devices[side], err = device(name, networks[side]); err != nil {
			return err
		}
	}
	if err := os.WriteFile("/proc/sys/net/ipv4/ip_forward", []byte("1"), 0); err != nil {
		return err
	}
	if err := dropInvalid(); err != nil {
		return fmt.Errorf("the rule that drops what is invalid: %w", err)
	}
	for name, value := range settings {
		if err := os.WriteFile("/proc/sys/net/netfilter/nf_conntrack_"+name, []byte(strconv.Itoa(value)), 0); err != nil {
			return err
		}
	}
	r.table, err = os.Open("/proc/thread-self/net/nf_conntrack")
	return err
}

// device makes a TUN device that is up.
func device(name string, network [4]byte) (*os.File, error) {
	tun, err := unix.Open("/dev/net/tun", unix.O_RDWR|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, fmt.Errorf("/dev/net/tun: %w", err)
	}
	request := func() *unix.Ifreq {
		r, err := unix.NewIfreq(name)
		if err != nil {
			panic(err) // the names are short
		}
		return r
	}
	made := request()
	made.SetUint16(unix.IFF_TUN | unix.IFF_NO_PI)
	if err := unix.IoctlIfreq(tun, unix.TUNSETIFF, made); err != nil {
		return nil, errors.Join(fmt.Errorf("device %s: %w", name, err), unix.Close(tun))
	}
	f := os.NewFile(uintptr(tun), name) // only a device can be waited for
	s, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return f, err
	}
	defer unix.Close(s)
	network[3] = 1
	address, mask, up := request(), request(), request()
	if err := errors.Join(address.SetInet4Addr(network[:]), mask.SetInet4Addr([]byte{255, 255, 255, 0})); err != nil {
		return f, err
	}
	up.SetUint16(unix.IFF_UP | unix.IFF_RUNNING)
	for _, set := range []struct {
		request uint
		with    *unix.Ifreq
	}{{unix.SIOCSIFADDR, address}, {unix.SIOCSIFNETMASK, mask}, {unix.SIOCSIFFLAGS, up}} {
		if err := unix.IoctlIfreq(s, set.request, set.with); err != nil {
			return f, fmt.Errorf("device %s: %w", name, err)
		}
	}
	return f, nil
}

// dropInvalid makes the rule 'ct state invalid drop' where packets are forwarded. There is no
// connection tracking in a namespace before a rule asks for it.
func dropInvalid() error {
	c, err := nftables.New()
	if err != nil {
		return err
	}
	table := c.AddTable(&nftables.Table{Family: nftables.TableFamilyIPv4, Name: "box"})
	chain := c.AddChain(&nftables.Chain{
		Name: "forward", Table: table, Type: nftables.ChainTypeFilter,
		Hooknum: nftables.ChainHookForward, Priority: nftables.ChainPriorityFilter,
	})
	c.AddRule(&nftables.Rule{Table: table, Chain: chain, Exprs: []expr.Any{
		&expr.Ct{Register: 1, Key: expr.CtKeySTATE},
		&expr.Bitwise{
			SourceRegister: 1, DestRegister: 1, Len: 4,
			Mask: binaryutil.NativeEndian.PutUint32(expr.CtStateBitINVALID), Xor: binaryutil.NativeEndian.PutUint32(0),
		},
		&expr.Cmp{Op: expr.CmpOpNeq, Register: 1, Data: binaryutil.NativeEndian.PutUint32(0)},
		&expr.Verdict{Kind: expr.VerdictDrop},
	}})
	return c.Flush()
}

// A Conn is a connection through a rig, whose client has side 0.
type Conn struct {
	rig  *Rig
	port uint16
}

// Conn returns a connection of which the rig knows nothing.
func (r *Rig) Conn() *Conn {
	r.port++
	return &Conn{r, r.port}
}

// Pass sends a segment, and reports whether it comes out at the other device.
func (c *Conn) Pass(s box.Segment) (bool, error) {
	if _, err := c.rig.devices[s.From].Write(c.packet(s)); err != nil {
		return false, fmt.Errorf("a packet to the device: %w", err)
	}
	out := c.rig.devices[1-s.From]
	// The kernel forwards before the write returns, or soon after.
	if err := out.SetReadDeadline(time.Now().Add(20 * time.Millisecond)); err != nil {
		return false, err
	}
	buffer := make([]byte, 2048)
	for {
		n, err := out.Read(buffer)
		switch {
		case errors.Is(err, os.ErrDeadlineExceeded):
			return false, nil
		case err != nil:
			return false, fmt.Errorf("a packet from the device: %w", err)
		case n >= 40 && buffer[0]>>4 == 4 && binary.BigEndian.Uint16(buffer[20+2*int(s.From):]) == c.port:
			return true, nil
		}
	}
}

// first is the number of the first octet of each side.
var first = [2]uint32{1_000_000, 5_000_000}

// packet returns a segment as octets. Its numbers are counted from the first octet's.
func (c *Conn) packet(s box.Segment) []byte {
	p := make([]byte, 40+int(s.Len))
	p[0], p[8], p[9] = 0x45, 64, unix.IPPROTO_TCP
	binary.BigEndian.PutUint16(p[2:], uint16(len(p)))
	from, to := networks[s.From], networks[1-s.From]
	from[3], to[3] = 2, 2
	copy(p[12:], from[:])
	copy(p[16:], to[:])
	binary.BigEndian.PutUint16(p[10:], checksum(p[:20], 0))
	t := p[20:]
	ports := [2]uint16{c.port, serverPort}
	binary.BigEndian.PutUint16(t, ports[s.From])
	binary.BigEndian.PutUint16(t[2:], ports[1-s.From])
	binary.BigEndian.PutUint32(t[4:], first[s.From]+uint32(int32(s.Seq)))
	if s.Ctl&box.ACK != 0 {
		binary.BigEndian.PutUint32(t[8:], first[1-s.From]+uint32(int32(s.Ack)))
	}
	t[12] = 5 << 4
	for _, bit := range []struct {
		ctl  box.Ctl
		flag byte
	}{{box.FIN, 1}, {box.SYN, 2}, {box.RST, 4}, {box.ACK, 16}} {
		if s.Ctl&bit.ctl != 0 {
			t[13] |= bit.flag
		}
	}
	if !s.Closed {
		binary.BigEndian.PutUint16(t[14:], 30000)
	}
	pseudo := uint32(unix.IPPROTO_TCP) + uint32(len(t))
	for i := 12; i < 20; i += 2 {
		pseudo += uint32(binary.BigEndian.Uint16(p[i:]))
	}
	binary.BigEndian.PutUint16(t[16:], checksum(t, pseudo))
	return p
}

// checksum is that of the Internet protocols.
func checksum(p []byte, sum uint32) uint16 {
	for i := 0; i < len(p); i += 2 {
		word := uint32(p[i]) << 8
		if i+1 < len(p) {
			word |= uint32(p[i+1])
		}
		sum += word
	}
	for sum > 0xffff {
		sum = sum&0xffff + sum>>16
	}
	return ^uint16(sum)
}

// An Entry is what the kernel knows of a connection.
type Entry struct {
	State string
	Left  int // seconds, rounded down
}

// Entry returns the kernel's entry; ok is false if there is none.
func (c *Conn) Entry() (e Entry, ok bool, err error) {
	text, err := io.ReadAll(io.NewSectionReader(c.rig.table, 0, 1<<24))
	if err != nil {
		return e, false, err
	}
	for line := range strings.Lines(string(text)) {
		words := strings.Fields(line)
		if len(words) < 9 || words[2] != "tcp" || !strings.Contains(line, fmt.Sprintf(" sport=%d dport=%d ", c.port, serverPort)) &&
			!strings.Contains(line, fmt.Sprintf(" sport=%d dport=%d ", serverPort, c.port)) {
			continue
		}
		if e.Left, err = strconv.Atoi(words[4]); err != nil {
			return e, false, fmt.Errorf("nf_conntrack: %q: want seconds in %q", words[4], line)
		}
		e.State = words[5]
		return e, true, nil
	}
	return e, false, nil
}
