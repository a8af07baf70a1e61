package ends

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/capture"
	"tcpclose/model"
)

const publicDir = "../../../shared/captures"

// readFile returns the connections of a capture.
func readFile(t *testing.T, name string) (list []capture.Connection) {
	f, err := os.Open(name)
	require.NoError(t, err)
	defer f.Close()
	r, err := capture.NewReader(f)
	require.NoError(t, err)
	table := capture.NewTable(func(c capture.Connection) { list = append(list, c) })
	var d capture.Decoder
	for {
		f, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		if s, ok := d.Segment(f); ok {
			table.Add(s)
		}
	}
	table.Close()
	return list
}

// TestPublic explains the public captures, which are not part of the project, as a
// reader of their frames does.
func TestPublic(t *testing.T) {
	files, _ := filepath.Glob(publicDir + "/*.pcap")
	if len(files) == 0 {
		t.Skip("skipped: the public captures are not here")
	}
	type want struct {
		place Place
		first []capture.Closer // likely
		sure  bool
		by    []model.Clause // of an RST, among others
		lost  int            // the frame whose loss explains what is doubtful
		fault model.Fault
	}
	both, client, server := capture.Both, capture.ClientFirst, capture.ServerFirst
	wants := map[string]want{
		"suricata-bug-3519":               {place: AtClient, first: []capture.Closer{both}, sure: true},
		"suricata-tcp-empty-sack":         {place: Middle, first: []capture.Closer{server}, by: []model.Clause{model.AbortResets, model.ClosedSendsRST}},
		"zeek-ctu-60387-63723-ldap":       {place: AtBoth, first: []capture.Closer{client}, by: []model.Clause{model.AbortResets, model.ReleaseResets}},
		"zeek-http-11-request-then-cruft": {place: AtClient, first: []capture.Closer{server}, sure: true},
		"zeek-ipv6-violation":             {place: AtClient, first: []capture.Closer{both}, sure: true, by: []model.Clause{model.TextResets}},
		"zeek-post":                       {place: AtClient, first: []capture.Closer{both}, sure: true},
		"zeek-socks":                      {place: AtClient, first: []capture.Closer{server}},
		"zeek-tls-12-amazon-rds":          {place: AtClient, first: []capture.Closer{both}, sure: true, lost: 23, fault: model.OldAckDropsFin},
		"zeek-tls13_psk_succesfull":       {place: AtClient, first: []capture.Closer{both}, sure: true},
	}
	o := NewObserver()
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".pcap")
		w, known := wants[name]
		for _, c := range readFile(t, file) {
			x := o.Explain(c, Unknown)
			assert.Nilf(t, x.Wrong, "%s: %+v", name, x.Wrong)
			if !known {
				continue
			}
			assert.Equal(t, w.place.String(), x.Place.String(), name)
			for _, f := range w.first {
				assert.Contains(t, x.First.Likely, f, name)
			}
			assert.Equal(t, w.sure, x.First.Certain, name)
			for _, by := range w.by {
				found := false
				for _, e := range x.Ends {
					found = found || e.Reset != nil && slices.Contains(e.Reset.By, by)
				}
				assert.Truef(t, found, "%s: %s", name, by)
			}
			assert.Equal(t, w.lost == 0, x.Conforms(), name)
			if w.lost > 0 && assert.Len(t, x.Doubts, 1, name) {
				assert.Equal(t, w.lost, x.Doubts[0].Lost, name)
				assert.Contains(t, x.Doubts[0].Causes, w.fault, name)
				assert.NotEmpty(t, x.Doubts[0].Due, name)
			}
		}
	}
}
