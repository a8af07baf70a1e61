package explorer

import (
	"bytes"
	"context"
	"encoding/base64"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/cmd/tcpclose/internal/explain"
	"tcpclose/internal/tier"
	"tcpclose/profile"
)

// captured returns what a capture at a's end has of a simultaneous close.
func captured(t testing.TB) []byte {
	x, err := NewEngine(Limits{}).Export(ExportRequest{Place: Place{Setup: Setup{Base: "no-data"}, Path: "caccbcda0db0da0db0"}, Loop: -1, Format: "pcap"})
	require.NoError(t, err)
	data, err := base64.StdEncoding.DecodeString(x.Text)
	require.NoError(t, err)
	return data
}

// A capture is explained as 'tcpclose explain' does.
func TestExplain(t *testing.T) {
	tier.SkipToCI(t)
	e := NewEngine(Limits{})
	data := captured(t)
	x, err := e.Explain(context.Background(), ExplainRequest{Data: data}, nil)
	require.NoError(t, err)
	var want bytes.Buffer
	teller := &explain.Teller{Out: &want, Linux: profile.Defaults()}
	require.NoError(t, teller.Explain(context.Background(), bytes.NewReader(data), func(int) {}))
	assert.Equal(t, want.String(), x.Text)
	assert.Contains(t, x.Text, "both ends closed at once")
	assert.Contains(t, x.Picture, "<svg")
	assert.Empty(t, x.Broken)

	x, err = e.Explain(context.Background(), ExplainRequest{Data: data[:len(data)-3], Lang: "zh"}, nil)
	require.NoError(t, err)
	assert.Contains(t, x.Broken, "帧之后文件损坏")
	assert.NotEmpty(t, x.Text)

	x, err = e.Explain(context.Background(), ExplainRequest{Data: []byte("State Recv-Q Send-Q Local Address:Port Peer Address:Port\nCLOSE-WAIT 1 0 192.0.2.1:80 192.0.2.2:40000\n")}, nil)
	require.NoError(t, err)
	assert.Contains(t, x.Text, "1 CLOSE_WAIT")
	assert.Empty(t, x.Picture)

	for _, text := range []string{"", "x", "GIF89a"} {
		_, err = e.Explain(context.Background(), ExplainRequest{Data: []byte(text)}, nil)
		assert.Error(t, err, text)
	}
}

// Whatever a file has in it: there is an answer.
func FuzzExplain(f *testing.F) {
	data := captured(f)
	f.Add(data)
	f.Add(data[:100])
	f.Add([]byte("CLOSE-WAIT 1 0 192.0.2.1:80 192.0.2.2:40000"))
	e := NewEngine(Limits{})
	f.Fuzz(func(t *testing.T, data []byte) {
		x, err := e.Explain(context.Background(), ExplainRequest{Data: data}, nil)
		assert.True(t, (x == nil) != (err == nil))
	})
}
