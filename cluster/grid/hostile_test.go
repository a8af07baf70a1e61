package grid_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/check"
	"tcpclose/cluster/grid"
	"tcpclose/explore/partition"
	"tcpclose/invariants"
	"tcpclose/model"
)

// config returns the configuration of a preset.
func config(t *testing.T, name string) model.Config {
	t.Helper()
	p, err := check.FindPreset(name)
	require.NoError(t, err)
	return p.Config
}

// house returns a house, and what was logged.
func house(t *testing.T, dir string, o grid.Options) (*grid.House, func() string) {
	t.Helper()
	var mu sync.Mutex
	var said strings.Builder
	o.Log = func(format string, args ...any) {
		mu.Lock()
		defer mu.Unlock()
		fmt.Fprintf(&said, format+"\n", args...)
	}
	h, err := grid.NewHouse(context.Background(), dir, 2, 1, o)
	require.NoError(t, err)
	return h, func() string {
		mu.Lock()
		defer mu.Unlock()
		return said.String()
	}
}

// listening returns the sockets of this machine on which somebody listens, and that are open
// in this process.
func listening(t *testing.T) (list []string) {
	t.Helper()
	own := map[string]bool{}
	files, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skip("there is no /proc")
	}
	for _, f := range files {
		if to, err := os.Readlink("/proc/self/fd/" + f.Name()); err == nil {
			own[to] = true
		}
	}
	for _, name := range []string{"tcp", "tcp6"} {
		text, err := os.ReadFile("/proc/self/net/" + name)
		require.NoError(t, err)
		for line := range strings.Lines(string(text)) {
			const listens = "0A"
			if f := strings.Fields(line); len(f) > 9 && f[3] == listens && own["socket:["+f[9]+"]"] {
				list = append(list, f[1])
			}
		}
	}
	return list
}

// TestNoPort opens no port.
func TestNoPort(t *testing.T) {
	h, _ := house(t, t.TempDir(), options(t))
	defer func() { assert.NoError(t, h.Close()) }()
	assert.Empty(t, listening(t))
	s, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: server.RANDOM_PORT, NoSigs: true, NoLog: true})
	require.NoError(t, err)
	s.Start()
	defer s.Shutdown()
	require.True(t, s.ReadyForConnections(10*time.Second))
	assert.NotEmpty(t, listening(t), "a server that listens is seen")
}

// TestStrangers has a server with credentials: a stranger without them, or with those of
// something else, can neither read nor publish.
func TestStrangers(t *testing.T) {
	own := &server.Permissions{Publish: &server.SubjectPermission{Allow: []string{"other.>"}}, Subscribe: &server.SubjectPermission{Allow: []string{"other.>"}}}
	s, err := server.NewServer(&server.Options{
		Host: "127.0.0.1", Port: server.RANDOM_PORT, NoSigs: true, NoLog: true, JetStream: true, StoreDir: t.TempDir(),
		Users: []*server.User{{Username: "tcp", Password: "close"}, {Username: "guest", Password: "guest", Permissions: own}},
	})
	require.NoError(t, err)
	s.Start()
	defer s.Shutdown()
	require.True(t, s.ReadyForConnections(10*time.Second))
	for _, o := range [][]nats.Option{nil, {nats.UserInfo("tcp", "open")}} {
		_, err := nats.Connect(s.ClientURL(), o...)
		require.ErrorIs(t, err, nats.ErrAuthorization)
	}
	nc, err := nats.Connect(s.ClientURL(), nats.UserInfo("tcp", "close"))
	require.NoError(t, err)
	defer nc.Close()
	d, err := grid.NewDriver(context.Background(), nc, options(t))
	require.NoError(t, err)
	_, err = grid.NewDriver(context.Background(), nc, options(t))
	require.ErrorContains(t, err, "another driver")
	var refused atomic.Int32
	guest, err := nats.Connect(s.ClientURL(), nats.UserInfo("guest", "guest"), nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) {
		if errors.Is(err, nats.ErrPermissionViolation) {
			refused.Add(1)
		}
	}))
	require.NoError(t, err)
	defer guest.Close()
	_, err = guest.Subscribe("tcpclose.>", func(*nats.Msg) { t.Error("a stranger reads") })
	require.NoError(t, err)
	require.NoError(t, guest.Publish("tcpclose.job", []byte("{}")))
	require.NoError(t, guest.Flush())
	require.Eventually(t, func() bool { return refused.Load() >= 2 }, 10*time.Second, 10*time.Millisecond)
	js, err := jetstream.New(nc)
	require.NoError(t, err)
	stream, err := js.Stream(context.Background(), "TCPCLOSE_JOB")
	require.NoError(t, err)
	assert.Zero(t, stream.CachedInfo().State.Msgs)
	require.NoError(t, d.Leave())
}

// TestMalformed has somebody who may publish publish what is no message.
func TestMalformed(t *testing.T) {
	c := config(t, "shut-window")
	h, said := house(t, t.TempDir(), options(t))
	defer func() { assert.NoError(t, h.Close()) }()
	nc, err := h.Connect()
	require.NoError(t, err)
	defer nc.Close()
	sent := 0
	_, err = nc.Subscribe("tcpclose.*.work.any", func(m *nats.Msg) {
		if m.Reply == "" { // it is one of these
			return
		}
		words := strings.Split(m.Subject, ".")
		for _, text := range []string{"", "{}", `{"Job":"` + words[1] + `","Task":-1,"Attempt":0}`, string(m.Data) + "x"} {
			assert.NoError(t, nc.Publish(m.Subject, []byte(text)))
			assert.NoError(t, nc.Publish("tcpclose."+words[1]+".hello", []byte(text)))
			sent++
		}
	})
	require.NoError(t, err)
	got, err := check.Check(context.Background(), c, invariants.PropertiesOf(false), check.Options{Engine: h.Engine})
	require.NoError(t, err)
	assertSame(t, alone(t, c, invariants.PropertiesOf(false)), got)
	assert.Contains(t, said(), "malformed message")
}

// streams connects to the house's server, until the end of the test.
func streams(t *testing.T, h *grid.House) (*nats.Conn, jetstream.JetStream) {
	t.Helper()
	nc, err := h.Connect()
	require.NoError(t, err)
	t.Cleanup(nc.Close)
	js, err := jetstream.New(nc)
	require.NoError(t, err)
	return nc, js
}

// TestLost forgets blocks between the two rounds of a level: they are made again.
func TestLost(t *testing.T) {
	c := config(t, "shut-window")
	h, said := house(t, t.TempDir(), options(t))
	defer func() { assert.NoError(t, h.Close()) }()
	nc, js := streams(t, h)
	// What names the values of a level is published when all blocks are there.
	_, err := nc.Subscribe("tcpclose.*.log.names.*.0", func(m *nats.Msg) {
		words := strings.Split(m.Subject, ".")
		if words[4] == "0" {
			return
		}
		stream, err := js.Stream(context.Background(), "TCPCLOSE_"+words[1]+"_BLOCKS_1")
		if err == nil {
			_ = stream.Purge(context.Background())
		}
	})
	require.NoError(t, err)
	got, err := check.Check(context.Background(), c, invariants.PropertiesOf(false), check.Options{Engine: h.Engine})
	require.NoError(t, err)
	assertSame(t, alone(t, c, invariants.PropertiesOf(false)), got)
	assert.Contains(t, said(), "were lost, and are made again")
}

// TestLost_Rows forgets what was acknowledged and cannot be made again, as servers that lose
// power do. The search ends with an error that names it, and with no count.
func TestLost_Rows(t *testing.T) {
	c := config(t, "abort")
	h, _ := house(t, t.TempDir(), options(t))
	defer func() { assert.NoError(t, h.Close()) }()
	nc, js := streams(t, h)
	forgot := 0
	_, err := nc.Subscribe("tcpclose.*.log.names.*.0", func(m *nats.Msg) {
		for i := range 8 {
			stream, err := js.Stream(context.Background(), fmt.Sprintf("TCPCLOSE_%s_ROWS_%d", strings.Split(m.Subject, ".")[1], i))
			if err == nil && stream.Purge(context.Background()) == nil {
				forgot++
			}
		}
	})
	require.NoError(t, err)
	_, err = check.Check(context.Background(), c, invariants.PropertiesOf(false), check.Options{Engine: h.Engine})
	require.ErrorContains(t, err, "there is no such message")
	assert.ErrorContains(t, err, ".rows.")
	assert.NotZero(t, forgot)
}

// TestResume stops a search, and has another driver and other workers go on.
func TestResume(t *testing.T) {
	c, dir := config(t, "no-data"), t.TempDir()
	properties := invariants.PropertiesOf(false)
	ctx, cancel := context.WithCancel(context.Background())
	o := options(t)
	o.Level = func(at *partition.Position) {
		if len(at.Pieces) == 9 {
			cancel()
		}
	}
	h, _ := house(t, dir, o)
	r, err := check.Check(ctx, c, properties, check.Options{Engine: h.Engine})
	require.NoError(t, err)
	assert.Equal(t, []string{"interrupt"}, r.Result.Incomplete)
	require.NoError(t, h.Close())

	levels := 0
	o.Level = func(*partition.Position) { levels++ }
	h, said := house(t, dir, o)
	_, err = check.Check(context.Background(), config(t, "shut-window"), properties, check.Options{Engine: h.Engine})
	require.ErrorContains(t, err, "was left unfinished")
	got, err := check.Check(context.Background(), c, properties, check.Options{Engine: h.Engine})
	require.NoError(t, err)
	want := alone(t, c, properties)
	assertSame(t, want, got)
	assert.Equal(t, want.Result.Depth-9, levels)
	assert.Contains(t, said(), "is taken up again")
	require.NoError(t, h.End(context.Background()))
	require.NoError(t, h.Close())
}

// TestRefused has workers that are of another build: nobody can help.
func TestRefused(t *testing.T) {
	o := options(t)
	o.Settings.Patience = 3 * time.Second
	dir := t.TempDir()
	e, err := grid.Embed(dir, 0)
	require.NoError(t, err)
	defer e.Close()
	ctx, cancel := context.WithCancel(context.Background())
	nc, err := e.Connect()
	require.NoError(t, err)
	w, err := grid.NewWorker(nc, o.Settings, 1, func([]string) ([]*invariants.Property, error) { return invariants.Properties[:1], nil }, t.Logf)
	require.NoError(t, err)
	var wg sync.WaitGroup
	wg.Go(func() { assert.NoError(t, w.Run(ctx)) })
	defer wg.Wait()
	defer cancel()
	d, err := grid.NewDriver(context.Background(), nc, o)
	require.NoError(t, err)
	_, err = check.Check(context.Background(), config(t, "no-data"), invariants.PropertiesOf(false), check.Options{Engine: d.Engine})
	assert.ErrorContains(t, err, "want the same program")
}
