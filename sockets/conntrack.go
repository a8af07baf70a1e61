package sockets

import (
	"bufio"
	"io"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"time"

	"tcpclose/internal/lang"
)

// A Tracked is what a connection tracker knows of a connection: a row of what 'conntrack -L'
// writes, or of /proc/net/nf_conntrack. Its state is the tracker's, and no socket's.
type Tracked struct {
	State          string // "" if it is offloaded
	Left           time.Duration
	Client, Server netip.AddrPort // of the segments of the first direction
	Unreplied      bool           // nothing was seen of the server
	Assured        bool           // it is not evicted while it is open
}

// trackedRow is how a row of a TCP connection begins, in either form.
var trackedRow = regexp.MustCompile(`^\s*(ipv[46]\s+\d+\s+)?tcp\s+6\s`)

// anyRow is how a row of any protocol begins.
var anyRow = regexp.MustCompile(`^\s*(ipv[46]\s+\d+\s+)?[a-z][a-z0-9]*\s+\d+\s`)

// IsTracked reports whether a list that begins so is one of a connection tracker. Other
// protocols may come first.
func IsTracked(head []byte) bool {
	for line := range strings.Lines(string(head)) {
		if anyRow.MatchString(line) && strings.Contains(line, "src=") {
			return true
		}
	}
	return false
}

// ReadTracked reads the TCP connections of such a list. An error names the line.
func ReadTracked(r io.Reader) (list []Tracked, err error) {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxLine)
	for n := 1; lines.Scan(); n++ {
		begins := trackedRow.FindStringIndex(lines.Text())
		if begins == nil {
			continue
		}
		row, err := tracked(strings.Fields(lines.Text()[begins[1]:]))
		if err != nil {
			return list, lang.Errorf("line %d: %w", n, err)
		}
		list = append(list, row)
	}
	return list, lines.Err()
}

// tracked reads the words of a row behind the protocol.
func tracked(words []string) (t Tracked, err error) {
	if len(words) > 1 && !strings.Contains(words[0], "=") {
		seconds, err := strconv.ParseUint(words[0], 10, 31)
		if err != nil {
			return t, lang.Errorf("%.40q: want the seconds that are left", words[0])
		}
		t.Left, words = time.Duration(seconds)*time.Second, words[1:]
		if strings.Contains(words[0], "=") || strings.Trim(words[0], "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789") != "" {
			return t, lang.Errorf("%.40q: want the state of a connection", words[0])
		}
		t.State, words = words[0], words[1:]
	}
	given := map[string]string{} // of the first direction
	for _, w := range words {
		name, value, ok := strings.Cut(w, "=")
		if _, known := given[name]; ok && !known {
			given[name] = value
		}
		t.Unreplied, t.Assured = t.Unreplied || w == "[UNREPLIED]", t.Assured || w == "[ASSURED]"
	}
	for _, end := range []struct {
		address, port string
		to            *netip.AddrPort
	}{{"src", "sport", &t.Client}, {"dst", "dport", &t.Server}} {
		a, err := netip.ParseAddr(given[end.address])
		if err != nil {
			return t, lang.Errorf("%s=%.40q: want an address", end.address, given[end.address])
		}
		port, err := strconv.ParseUint(given[end.port], 10, 16)
		if err != nil {
			return t, lang.Errorf("%s=%.40q: want a port", end.port, given[end.port])
		}
		*end.to = netip.AddrPortFrom(a, uint16(port))
	}
	return t, nil
}
