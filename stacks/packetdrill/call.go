package packetdrill

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"tcpclose/stacks/adapter"
)

var callWords = regexp.MustCompile(`^(\w+)\s*\((.*)\)\s*=\s*(-?\w+|\.\.\.)\s*([A-Z]+)?(?:\s*\(.*\))?$`)

// call reads a system call. known is false if it does nothing on the bench.
func (p *parser) call(text string, step *Step) (known bool, err error) {
	m := callWords.FindStringSubmatch(text)
	if m == nil {
		return false, fmt.Errorf("want a system call and its result")
	}
	name, args, result, errno := m[1], arguments(m[2]), m[3], m[4]
	fd, _ := strconv.Atoi(args[0])
	switch name {
	case "socket":
		n, err := strconv.Atoi(result)
		if err != nil {
			return false, fmt.Errorf("want a socket that can be made")
		}
		if !strings.Contains(m[2], "SOCK_STREAM") {
			return false, fmt.Errorf("want a TCP socket")
		}
		p.fds[n] = fresh
		return false, nil
	case "bind", "fcntl", "ioctl", "getsockname", "getpeername":
		return false, nil
	case "poll", "epoll_create", "epoll_ctl", "epoll_wait", "sendfile", "splice", "sendmsg", "recvmsg", "sendto", "recvfrom":
		return false, fmt.Errorf("the bench has no such call")
	case "setsockopt":
		return false, p.setsockopt(fd, m[2])
	case "getsockopt":
		return p.getsockopt(fd, m[2], step), nil
	}
	if p.fds[fd] == 0 {
		return false, fmt.Errorf("socket %d: want one that is open", fd)
	}
	switch name {
	case "listen":
		p.fds[fd] = listening
		return p.open(step, false)
	case "connect":
		if errno != "" && errno != "EINPROGRESS" {
			return false, fmt.Errorf("the bench does not wait for a connect")
		}
		p.fds[fd] = connected
		return p.open(step, true)
	case "accept":
		if n, err := strconv.Atoi(result); err == nil && n >= 0 {
			p.fds[n] = connected
		}
		return false, nil
	}
	return p.onConnection(name, fd, args, result, errno, step)
}

// open is the first OPEN of the script, and the only one.
func (p *parser) open(step *Step, active bool) (bool, error) {
	if p.opened {
		return false, fmt.Errorf("the bench has one connection at a time")
	}
	p.opened = true
	step.Event = adapter.Event{Kind: adapter.Opens, Active: active}
	return true, nil
}

// onConnection reads a call on the connection. A listener that is closed after its
// connection was accepted has gone on the bench.
func (p *parser) onConnection(name string, fd int, args []string, result, errno string, step *Step) (bool, error) {
	on := p.fds[fd]
	octets := func() error {
		n, err := strconv.Atoi(strings.TrimSpace(args[len(args)-1]))
		if name == "send" || name == "recv" {
			n, err = strconv.Atoi(strings.TrimSpace(args[len(args)-2]))
		}
		if err != nil || n < 0 || n > 1<<20 {
			return fmt.Errorf("want a number of octets")
		}
		step.Event.Octets = n
		return nil
	}
	step.Event.Kind = adapter.Calls
	switch name {
	case "close":
		delete(p.fds, fd)
		if on == fresh || on == listening && p.has(connected) {
			return false, nil
		}
		if step.Event.Call = adapter.Release; p.hard[fd] {
			step.Event.Call = adapter.Abort
		}
		return true, nil
	case "shutdown":
		how := strings.TrimSpace(args[len(args)-1])
		if how == "SHUT_RD" {
			return false, nil // nothing is sent, and Linux goes on reading
		}
		step.Event.Call = adapter.Shutdown
	case "write", "send", "read", "recv":
		if len(args) < 3 {
			return false, fmt.Errorf("want three arguments")
		}
		if step.Event.Call = adapter.Send; name == "read" || name == "recv" {
			step.Event.Call = adapter.Receive
		}
		if err := octets(); err != nil {
			return false, err
		}
	default:
		return false, fmt.Errorf("the bench has no such call")
	}
	return true, step.expect(result, errno)
}

func (p *parser) has(r role) bool {
	for _, other := range p.fds {
		if other == r {
			return true
		}
	}
	return false
}

// expect reads the result of a call.
func (s *Step) expect(result, errno string) error {
	if errno != "" {
		s.Told = errnoTold(errno)
		return nil
	}
	n, err := strconv.Atoi(result)
	if err != nil {
		return nil // "..." is anything
	}
	switch s.Event.Call {
	case adapter.Send:
		s.Told, s.Octets, s.Counts = adapter.Done, n, true
	case adapter.Receive:
		if s.Told, s.Octets, s.Counts = adapter.Done, n, true; n == 0 {
			s.Told = adapter.EOF
		}
	}
	return nil
}

// errnoTold returns what an errno tells the user.
func errnoTold(errno string) adapter.Told {
	switch errno {
	case "EAGAIN", "EWOULDBLOCK", "EINPROGRESS":
		return adapter.Waits
	case "ECONNRESET":
		return adapter.Reset
	case "ECONNREFUSED":
		return adapter.Refused
	case "ETIMEDOUT":
		return adapter.TimedOut
	case "EPIPE":
		return adapter.Closing
	case "ENOTCONN":
		return adapter.None
	}
	return adapter.Other
}

// setsockopt takes SO_LINGER with a time of 0; what could change how a connection ends
// is refused.
func (p *parser) setsockopt(fd int, text string) error {
	switch {
	case strings.Contains(text, "SO_LINGER"):
		if !regexp.MustCompile(`onoff\s*=\s*1\s*,\s*linger\s*=\s*0`).MatchString(text) {
			return fmt.Errorf("SO_LINGER: want onoff=1, linger=0")
		}
		if p.hard == nil {
			p.hard = map[int]bool{}
		}
		p.hard[fd] = true
	case strings.Contains(text, "TCP_USER_TIMEOUT"), strings.Contains(text, "TCP_LINGER2"), strings.Contains(text, "KEEP"), strings.Contains(text, "FASTOPEN"):
		return fmt.Errorf("the bench cannot set this option")
	}
	return nil
}

var socketError = regexp.MustCompile(`SO_ERROR\s*,\s*\[([A-Z]+)\]`)

// getsockopt reads a look at SO_ERROR that finds an error: the connection has ended. A
// read is no substitute, since it may tell of the end of the text first.
func (p *parser) getsockopt(fd int, text string, step *Step) bool {
	if !socketError.MatchString(text) || p.fds[fd] != connected {
		return false
	}
	step.Kind, step.State = Asserts, "CLOSED"
	return true
}

// arguments splits arguments at the commas that are not in brackets; there is one at
// least.
func arguments(text string) (list []string) {
	depth, from := 0, 0
	for i, c := range text {
		switch c {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			depth--
		case ',':
			if depth == 0 {
				list = append(list, strings.TrimSpace(text[from:i]))
				from = i + 1
			}
		}
	}
	return append(list, strings.TrimSpace(text[from:]))
}
