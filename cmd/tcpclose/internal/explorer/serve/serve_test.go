package serve

import (
	"bufio"
	"context"
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/cmd/tcpclose/internal/explorer"
)

func ask(h http.Handler, method, path, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Host = "127.0.0.1:8317"
	for i := 0; i < len(headers); i += 2 {
		if headers[i] == "Host" {
			r.Host = headers[i+1]
			continue
		}
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestHandler_Guard(t *testing.T) {
	h := Handler(explorer.NewEngine(explorer.Limits{}), []byte("page"), "127.0.0.1:8317")
	const scene = `{"setup":{"base":"no-data"},"path":"","loop":-1}`
	const json = "application/json"
	for _, c := range []struct {
		name    string
		status  int
		headers []string
	}{
		{"as the page asks", 200, []string{"Content-Type", json, "Origin", "http://127.0.0.1:8317", "Sec-Fetch-Site", "same-origin"}},
		{"by a program", 200, []string{"Content-Type", json}},
		{"by another name of this machine", 200, []string{"Content-Type", json, "Host", "localhost:8317", "Origin", "http://localhost:8317"}},
		{"by a name that leads here", 403, []string{"Content-Type", json, "Host", "evil.example:8317", "Origin", "http://evil.example:8317"}},
		{"from another page", 403, []string{"Content-Type", json, "Origin", "http://evil.example"}},
		{"from another port", 403, []string{"Content-Type", json, "Origin", "http://127.0.0.1:80"}},
		{"from a file", 403, []string{"Content-Type", json, "Origin", "null"}},
		{"by a form without an origin", 403, []string{"Content-Type", json, "Sec-Fetch-Site", "cross-site"}},
		{"by a form", 415, []string{"Content-Type", "text/plain"}},
		{"at another port", 403, []string{"Content-Type", json, "Host", "127.0.0.1:80"}},
	} {
		assert.Equal(t, c.status, ask(h, "POST", "/api/scene", scene, c.headers...).Code, c.name)
	}
	assert.Equal(t, 403, ask(h, "GET", "/", "", "Host", "evil.example").Code)
	w := ask(h, "GET", "/", "")
	assert.Equal(t, "page", w.Body.String())
	assert.Equal(t, "DENY", w.Header().Get("X-Frame-Options"))
	assert.Equal(t, 404, ask(h, "GET", "/etc/passwd", "").Code)
	assert.Equal(t, 405, ask(h, "GET", "/api/scene", "").Code)
}

func TestHandler_AllAddresses(t *testing.T) {
	h := Handler(explorer.NewEngine(explorer.Limits{}), []byte("page"), "0.0.0.0:8317")
	assert.Equal(t, 200, ask(h, "GET", "/", "", "Host", "192.0.2.1:8317").Code)
	assert.Equal(t, 200, ask(h, "GET", "/", "", "Host", "localhost:8317").Code)
	assert.Equal(t, 403, ask(h, "GET", "/", "", "Host", "evil.example:8317").Code)
	assert.Equal(t, 403, ask(h, "GET", "/", "", "Host", "192.0.2.1:80").Code)
}

func TestIsLoopback(t *testing.T) {
	for address, is := range map[string]bool{"127.0.0.1:1": true, "localhost:1": true, "[::1]:1": true, "0.0.0.0:1": false, ":1": false, "192.0.2.1:1": false, "x": false} {
		assert.Equal(t, is, IsLoopback(address), address)
	}
}

// An answer is lines of which the last has a result or an error.
func TestHandler_Answer(t *testing.T) {
	h := Handler(explorer.NewEngine(explorer.Limits{}), nil, "127.0.0.1:8317")
	read := func(w *httptest.ResponseRecorder) (last map[string]json.RawMessage) {
		for lines := bufio.NewScanner(w.Body); lines.Scan(); {
			last = nil
			require.NoError(t, json.Unmarshal(lines.Bytes(), &last))
		}
		return last
	}
	w := ask(h, "POST", "/api/toward", `{"setup":{"base":"no-data"},"path":"","expr":"a.state == CLOSING","property":""}`, "Content-Type", "application/json")
	assert.Contains(t, string(read(w)["result"]), `"found":true,"steps":3`)
	w = ask(h, "POST", "/api/toward", `{"expr":"a.state =="}`, "Content-Type", "application/json")
	assert.Contains(t, string(read(w)["error"]), "column")
	w = ask(h, "POST", "/api/scene", `{"path":"`+strings.Repeat("k", maxRequest)+`"}`, "Content-Type", "application/json")
	assert.Equal(t, 413, w.Code)
}

// A search ends when whoever asked is gone, and the server with its context.
func TestRun(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	inside := make(chan struct{}, 2)
	h := Handler(explorer.NewEngine(explorer.Limits{}), nil, l.Addr().String())
	go func() {
		ended <- Run(ctx, l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			h.ServeHTTP(w, r)
			inside <- struct{}{}
		}))
	}()
	asking, gone := context.WithCancel(context.Background())
	r, err := http.NewRequestWithContext(asking, "POST", "http://"+l.Addr().String()+"/api/check", strings.NewReader(`{"setup":{"base":"faithful"}}`))
	require.NoError(t, err)
	r.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(r) // with the first progress
	require.NoError(t, err)
	defer response.Body.Close()
	line, err := bufio.NewReader(response.Body).ReadString('\n')
	require.NoError(t, err)
	assert.Contains(t, line, `"progress"`)
	gone()
	select {
	case <-inside:
	case <-time.After(20 * time.Second):
		assert.Fail(t, "the search goes on although nobody waits for it")
	}
	stop()
	assert.NoError(t, <-ended)
}
