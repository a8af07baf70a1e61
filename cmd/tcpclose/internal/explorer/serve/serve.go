// Package serve answers the page of the explorer over HTTP.
package serve

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"tcpclose/cmd/tcpclose/internal/explorer"
)

// maxRequest limits the bytes of a request: a trace to be imported is the largest.
const maxRequest = 32 << 20

// maxSearches limits the searches that run at the same time. Others wait.
const maxSearches = 2

// A server answers the requests of a page.
type server struct {
	engine *explorer.Engine
	page   []byte
	hosts  map[string]bool
	slots  chan struct{}
}

// Handler returns what answers at an address, host:port, with the page at /. It refuses
// requests for another host, and those that come from another page: a page in the same
// browser could otherwise ask by a name of its own that leads here.
func Handler(e *explorer.Engine, page []byte, address string) http.Handler {
	s := &server{e, page, hostsOf(address), make(chan struct{}, maxSearches)}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.showPage)
	mux.HandleFunc("POST /api/{method}", s.answer)
	return s.guarded(mux)
}

// hostsOf returns how a request may name the host at an address.
func hostsOf(address string) map[string]bool {
	hosts := map[string]bool{address: true}
	if host, port, err := net.SplitHostPort(address); err == nil {
		ip := net.ParseIP(host)
		if host == "" || host == "localhost" || ip != nil && (ip.IsLoopback() || ip.IsUnspecified()) {
			for _, name := range []string{"localhost", "127.0.0.1", "::1"} {
				hosts[net.JoinHostPort(name, port)] = true
			}
		}
	}
	return hosts
}

// knows reports whether a request may name that host. Where the server listens on all
// addresses, every literal address is one of it: a name is not.
func (s *server) knows(host string) bool {
	if s.hosts[host] {
		return true
	}
	for known := range s.hosts {
		name, port, err := net.SplitHostPort(known)
		if err != nil || name != "" && !net.ParseIP(name).IsUnspecified() {
			continue
		}
		if asked, at, err := net.SplitHostPort(host); err == nil && at == port && net.ParseIP(asked) != nil {
			return true
		}
	}
	return false
}

// guarded refuses what does not come from the page itself.
func (s *server) guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		origin := r.Header.Get("Origin")
		switch {
		case !s.knows(r.Host):
			http.Error(w, "the host is not one of this server", http.StatusForbidden)
		case origin != "" && origin != "http://"+r.Host:
			http.Error(w, "the request comes from another page", http.StatusForbidden)
		case r.Method == http.MethodPost && !sameSite(r):
			http.Error(w, "the request comes from another page", http.StatusForbidden)
		case r.Method == http.MethodPost && r.Header.Get("Content-Type") != "application/json":
			http.Error(w, "want Content-Type: application/json", http.StatusUnsupportedMediaType)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// sameSite reports whether the browser says that the page itself asks, or does not say.
func sameSite(r *http.Request) bool {
	from := r.Header.Get("Sec-Fetch-Site")
	return from == "" || from == "same-origin"
}

func (s *server) showPage(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Write(s.page) // whoever asked is gone if that fails
}

// answer answers a request with lines of JSON: progress, and at last a result or an
// error. A search ends when the page goes.
func (s *server) answer(w http.ResponseWriter, r *http.Request) {
	method := r.PathValue("method")
	request, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if err != nil {
		http.Error(w, "the request is too long", http.StatusRequestEntityTooLarge)
		return
	}
	if m, ok := explorer.Find(method); ok && m.Search {
		select {
		case s.slots <- struct{}{}:
			defer func() { <-s.slots }()
		case <-r.Context().Done():
			return
		}
	}
	w.Header().Set("Content-Type", "application/x-ndjson")
	var mu sync.Mutex
	lines := json.NewEncoder(w)
	flush := http.NewResponseController(w)
	s.engine.Call(r.Context(), method, request, func(m explorer.Message) {
		mu.Lock()
		defer mu.Unlock()
		if lines.Encode(m) == nil && m.Progress != nil {
			flush.Flush() // progress is of use only at once
		}
	})
}

// Run answers at the address of a listener until ctx ends.
func Run(ctx context.Context, l net.Listener, h http.Handler) error {
	server := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, BaseContext: func(net.Listener) context.Context { return ctx }}
	defer context.AfterFunc(ctx, func() { server.Close() })()
	if err := server.Serve(l); err != http.ErrServerClosed {
		return err
	}
	return nil
}

// IsLoopback reports whether an address can be reached from this machine only.
func IsLoopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	return strings.EqualFold(host, "localhost") || net.ParseIP(host).IsLoopback()
}
