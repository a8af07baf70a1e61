// Command record makes the captures of docs/captures: connections of this machine's
// kernel over the loopback interface, captured by dumpcap.
//
//	unshare -rn sh -c 'ip link set lo up; go run ./capture/record docs/captures'
//
// It needs a network namespace of its own, so that nothing else is captured.
package main

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// listenAt is where the servers listen; nobody listens at closedAt.
const (
	listenAt = "127.0.0.1:8080"
	closedAt = "127.0.0.1:8081"
	pause    = 50 * time.Millisecond
)

// A scene makes connections. Ends are closed fully at most once.
type scene struct {
	listener *net.TCPListener
	err      error
	kept     []io.Closer // until the capture has ended
}

var scenes = []struct {
	name string
	play func(*scene)
}{
	{"close-wait", func(s *scene) { // the client has had its answer and closes; the server forgets to
		c, a := s.connect()
		s.send(c, 120)
		s.send(a, 800)
		s.check(c.CloseWrite())
		s.kept = append(s.kept, c, a)
	}},
	{"reset", func(s *scene) { // the server answers, and closes with a part of the request unread
		c, a := s.connect()
		s.write(c, 300)
		s.check2(io.ReadFull(a, make([]byte, 100)))
		s.write(a, 200)
		time.Sleep(pause)
		s.check(a.Close())
		time.Sleep(pause)
		s.check(c.Close())
	}},
	{"mixed", func(s *scene) {
		for i := range 24 {
			switch {
			case i%8 == 5:
				s.refused()
			case i%8 == 7:
				s.aborted()
			default:
				s.normal(i%3 == 0)
			}
		}
	}},
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "record: want the name of a directory")
		os.Exit(2)
	}
	for _, sc := range scenes {
		if err := record(filepath.Join(os.Args[1], sc.name+".pcap"), sc.play); err != nil {
			fmt.Fprintf(os.Stderr, "record: %s: %v\n", sc.name, err)
			os.Exit(2)
		}
	}
}

// record plays a scene while dumpcap writes.
func record(file string, play func(*scene)) error {
	capture := exec.Command("dumpcap", "-q", "-P", "-i", "lo", "-f", "tcp", "-w", file)
	if err := capture.Start(); err != nil {
		return err
	}
	time.Sleep(2 * time.Second) // it says on a terminal only that it has begun
	s := &scene{}
	addr, err := net.ResolveTCPAddr("tcp", listenAt)
	s.check(err)
	s.listener, err = net.ListenTCP("tcp", addr)
	s.check(err)
	if s.err == nil {
		play(s)
		s.check(s.listener.Close())
	}
	time.Sleep(time.Second)
	s.check(capture.Process.Signal(os.Interrupt))
	s.check(capture.Wait())
	for _, c := range s.kept {
		s.check(c.Close())
	}
	return s.err
}

func (s *scene) check(err error) { s.err = errors.Join(s.err, err) }

func (s *scene) check2(_ int, err error) { s.check(err) }

// connect returns the client's end and the server's.
func (s *scene) connect() (client, server *net.TCPConn) {
	c, err := net.Dial("tcp", listenAt)
	s.check(err)
	a, err := s.listener.AcceptTCP()
	s.check(err)
	time.Sleep(pause)
	return c.(*net.TCPConn), a
}

func (s *scene) write(c io.Writer, n int) {
	_, err := c.Write(make([]byte, n))
	s.check(err)
}

// send writes, and waits until it has arrived.
func (s *scene) send(c *net.TCPConn, n int) {
	s.write(c, n)
	time.Sleep(pause)
}

func (s *scene) normal(serverFirst bool) {
	c, a := s.connect()
	s.send(c, 50)
	s.send(a, 90)
	s.check2(io.ReadFull(a, make([]byte, 50)))
	s.check2(io.ReadFull(c, make([]byte, 90)))
	if serverFirst {
		c, a = a, c
	}
	s.check(c.Close())
	time.Sleep(pause)
	s.check(a.Close())
	time.Sleep(pause)
}

func (s *scene) refused() {
	if c, err := net.Dial("tcp", closedAt); err == nil {
		s.check(errors.Join(errors.New("somebody listens at "+closedAt), c.Close()))
	}
}

func (s *scene) aborted() {
	c, a := s.connect()
	s.send(c, 10)
	s.check(a.SetLinger(0))
	s.check(a.Close())
	time.Sleep(pause)
	s.check(c.Close())
}
