package ends
import ("testing";"tcpclose/model";"tcpclose/capture")
func TestDebug(t *testing.T) {
	for _, c := range readFile(t, publicDir+"/zeek-tls-12-amazon-rds.pcap") {
		m := newMachine(model.AllOptions(), model.OldAckDropsFin)
		r := m.follow(c, Near{true,false})
		t.Log(r.bad, r.doubts)
		for i, g := range c.Frames {
			if i < len(c.Frames)-6 {continue}
			t.Logf("%+v", g)
			for _, e := range m.elementsOf(r.after[i][capture.Client]) { if e.trust==0 && e.State>model.FinWait1 {t.Logf("   %s orph %v unread %v owed %s told %v", e.State, e.Orphan, e.Unread, e.owed, e.told)} }
		}
	}
}
