package ends

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"tcpclose/capture"
	"tcpclose/internal/tier"
	"tcpclose/model"
)

// Whatever an end decides: that it does so is not refuted by its own connections.
func TestLearner_Sound(t *testing.T) {
	m := newMachine(model.AllOptions(), 0)
	control := m.narrowed(model.AllOptions(), Rare)
	looked := 0
	atLeast(t, tier.Choose(40, 2000))
	rapid.Check(t, func(t *rapid.T) {
		pick := picks(t)
		name, c := drawConfig(pick)
		tr := walk(t, c, pick, 5+pick(40))
		r := record(t, tr, model.Side(pick(2)))
		if r.fails() {
			return
		}
		for _, conn := range r.connections() {
			of := sides(conn)
			near := Near{of[capture.Client] == r.at, of[capture.Server] == r.at}
			for side, s := range of {
				if others(conn) {
					continue
				}
				control.trim()
				if _, bad := control.ruledOut(conn, near, capture.Side(side)); bad >= 0 {
					continue
				}
				looked++
				n := m.narrowed(learnable(model.OptionsOf(c.Ends[s].Choices)), Rare)
				x, bad := n.ruledOut(conn, near, capture.Side(side))
				require.Truef(t, bad < 0 || x.tired, "%s, captured at %s: what %s decides is refuted by frame %d\n%s", name, r.at, s, bad, tr)
			}
		}
	})
	require.NotZero(t, looked)
	t.Logf("%d ends", looked)
}

// Connections with an RST tell whether it acknowledges.
func TestLearner(t *testing.T) {
	tier.SkipToCI(t)
	o := NewObserver()
	rfc, linux := model.AllOptions(), model.AllOptions()
	rfc[model.RSTAck], linux[model.RSTAck] = 1<<model.AckNone, 1<<model.AckOwn
	l := o.NewLearner([]Profile{{"none", rfc}, {"own", linux}})
	for _, c := range readFile(t, "../../docs/captures/mixed.pcap") {
		l.Learn(c, o.Explain(c, Unknown))
	}
	hosts := l.Hosts()
	require.Len(t, hosts, 1)
	h := hosts[0]
	assert.Equal(t, netip.MustParseAddr("127.0.0.1"), h.Addr)
	assert.Equal(t, 48, h.Ends)
	assert.NotZero(t, h.Profiles[0].Frame)
	assert.Zero(t, h.Profiles[1].Frame)
	d, frame, ok := h.Because(h.Profiles[0].Profile)
	assert.True(t, ok)
	assert.Equal(t, model.RSTAck, d)
	assert.Equal(t, h.Profiles[0].Frame, frame)
	// Nothing is said where nothing discriminates.
	l = o.NewLearner(nil)
	for _, c := range readFile(t, "../../docs/captures/close-wait.pcap") {
		l.Learn(c, o.Explain(c, Unknown))
	}
	assert.Empty(t, l.Hosts())
}
