package explain

import (
	"net/netip"
	"testing"

	"tcpclose/capture"
)

// FuzzChoice: whatever -where and -addr are, there is no panic: what is refused is refused
// with a reason, and what is taken has an answer for every connection.
func FuzzChoice(f *testing.F) {
	f.Add("client.octets > server.octets || kind != NORMAL", "10.0.0.0/8")
	f.Add("server.rst && first == CLIENT", ":443")
	f.Add("'\\u00ff' in [kind, [1]] ?: ms / 0", "[::1%eth0]:80")
	f.Add("server.answers == \"syn\"[0:9]", "::/129")
	conns := []capture.Connection{{}, {
		Addrs:  [2]netip.AddrPort{netip.MustParseAddrPort("192.0.2.1:40000"), netip.MustParseAddrPort("[2001:db8::1]:443")},
		Frames: []capture.Seen{{Frame: 7}}, Octets: [2]int64{1 << 40, -1},
	}}
	f.Fuzz(func(t *testing.T, where, addr string) {
		filter, err := Filters().Parse(where)
		if (filter == nil) == (err == nil) {
			t.Fatalf("%v, %v", filter, err)
		}
		a, err := ParseAddr(addr)
		if err != nil && err.Error() == "" {
			t.Fatal("want a reason")
		}
		for i := range conns {
			if filter != nil {
				filter.Is(factsOf(&conns[i]))
			}
			a.has(conns[i].Addrs[0])
		}
	})
}
