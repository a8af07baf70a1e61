package explain

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync"

	"tcpclose/ask"
	"tcpclose/capture"
	"tcpclose/capture/ends"
)

// Facts contains what an expression about a connection can refer to. The tags are those
// of [ask.Facts].
type Facts struct {
	Kind      string   `expr:"kind" words:"kind" doc:"the kind of end"`
	First     string   `expr:"first" words:"closer" doc:"who closed first"`
	Given     string   `expr:"given" words:"given" doc:"why nothing more of it was read"`
	Frame     int      `expr:"frame" doc:"the number of its first frame"`
	Frames    int      `expr:"frames" doc:"its frames"`
	MS        int      `expr:"ms" doc:"milliseconds from its first frame to its last"`
	Handshake bool     `expr:"handshake" doc:"a SYN was seen"`
	Deviates  bool     `expr:"deviates" doc:"it has a frame that no conforming end sends"`
	Doubtful  bool     `expr:"doubtful" doc:"it is explained only if something was lost, came late or is missing"`
	Client    EndFacts `expr:"client"`
	Server    EndFacts `expr:"server"`
}

// EndFacts contains the facts about an end of a connection.
type EndFacts struct {
	Port      int    `expr:"port" doc:"its port"`
	Segments  int    `expr:"segments" doc:"segments from it"`
	Octets    int    `expr:"octets" doc:"octets of text from it, each counted once"`
	Unseen    int    `expr:"unseen" doc:"octets from it that were not captured"`
	Again     int    `expr:"again" doc:"segments from it that came again"`
	Overtaken int    `expr:"overtaken" doc:"segments from it that came after later ones"`
	Late      int    `expr:"late" doc:"octets that it sent after it had acknowledged a FIN"`
	Fins      int    `expr:"fins" doc:"how often its FIN was seen"`
	FinAcked  bool   `expr:"finacked" doc:"its FIN was acknowledged"`
	Rst       bool   `expr:"rst" doc:"it sent an RST"`
	Answers   string `expr:"answers" words:"cause" doc:"what its RST answers"`
}

// Filters returns the language of expressions about connections.
var Filters = sync.OnceValue(func() *ask.Language {
	return ask.NewLanguage(Facts{}, map[string][]string{
		"kind": capture.Kinds(), "closer": capture.Closers(), "given": capture.Ends(), "cause": capture.Causes(),
	}, "server.rst && first == CLIENT", "tcpclose list connections")
})

// factsOf returns the facts about a connection.
func factsOf(c *capture.Connection) *Facts {
	y := &c.Story
	f := &Facts{
		Kind: y.Kind.String(), First: y.First.String(), Given: c.Cause.String(), Frames: len(c.Frames) + c.Left,
		MS: int(y.Last.Milliseconds()), Handshake: c.Shaken,
	}
	if len(c.Frames) > 0 {
		f.Frame = c.Frames[0].Frame
	}
	for i, e := range []*EndFacts{&f.Client, &f.Server} {
		*e = EndFacts{
			Port: int(c.Addrs[i].Port()), Segments: c.Segments[i], Octets: int(c.Octets[i]), Unseen: int(y.Unseen[i]), Again: y.Again[i],
			Overtaken: y.Overtaken[i], Late: int(y.Late[i]), Fins: y.Fins[i].Sent, FinAcked: y.Fins[i].Acked > 0,
		}
		for _, r := range y.Resets {
			if r.From == capture.Sides[i] {
				e.Rst, e.Answers = true, r.After.String()
			}
		}
	}
	return f
}

// A Choice says which connections are told. A part that is empty leaves nothing out.
type Choice struct {
	Where *ask.Filter
	Kinds []string
	Addrs []Addr // of either end
}

// takes reports whether the connection is told.
func (h *Choice) takes(c *capture.Connection, observe func() *ends.Explanation) bool {
	if len(h.Kinds) > 0 && !slices.Contains(h.Kinds, c.Story.Kind.String()) {
		return false
	}
	if len(h.Addrs) > 0 && !slices.ContainsFunc(h.Addrs, func(a Addr) bool { return a.has(c.Addrs[0]) || a.has(c.Addrs[1]) }) {
		return false
	}
	if h.Where == nil {
		return true
	}
	f, x := factsOf(c), observe()
	f.Deviates, f.Doubtful = x.Wrong != nil, len(x.Doubts) > 0
	return h.Where.Is(f)
}

// An Addr is addresses: a host or a network, a port, or both.
type Addr struct {
	net  netip.Prefix // of no bits: any
	port uint16       // 0: any
}

func (a Addr) has(x netip.AddrPort) bool {
	return (!a.net.IsValid() || a.net.Contains(x.Addr().WithZone(""))) && (a.port == 0 || a.port == x.Port())
}

// ParseAddr reads a host, a network as 10.0.0.0/8, a port as :443, or a host and a port.
func ParseAddr(text string) (a Addr, err error) {
	wrong := fmt.Errorf("want a host, a network as 10.0.0.0/8, a port as :443, or a host and a port")
	if n, ok := strings.CutPrefix(text, ":"); ok && !strings.HasPrefix(n, ":") {
		port, err := strconv.ParseUint(n, 10, 16)
		if err != nil || port == 0 {
			return a, wrong
		}
		return Addr{port: uint16(port)}, nil
	}
	if p, err := netip.ParsePrefix(text); err == nil {
		return Addr{net: p.Masked()}, nil
	}
	if h, err := netip.ParseAddr(strings.Trim(text, "[]")); err == nil {
		return Addr{net: netip.PrefixFrom(h.WithZone("").Unmap(), h.Unmap().BitLen())}, nil
	}
	if ap, err := netip.ParseAddrPort(text); err == nil && ap.Port() > 0 {
		h := ap.Addr().WithZone("").Unmap()
		return Addr{netip.PrefixFrom(h, h.BitLen()), ap.Port()}, nil
	}
	return a, wrong
}
