// Package trial has no code: its tests run a search on three servers, and kill what takes part.
package trial

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/check"
	"tcpclose/cluster/grid"
	"tcpclose/explore/product"
	"tcpclose/invariants"
)

// The test's binary is each of the processes, as role says.
const role = "TCPCLOSE_TRIAL"

func TestMain(m *testing.M) {
	var err error
	switch os.Getenv(role) {
	case "":
		os.Exit(m.Run())
	case "server":
		err = serve(os.Args[1])
	case "worker":
		err = work(os.Args[1])
	case "driver":
		err = drive(os.Args[1], os.Args[2], os.Args[3])
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

func serve(config string) error {
	o, err := server.ProcessConfigFile(config)
	if err != nil {
		return err
	}
	o.NoSigs, o.NoLog = true, true
	s, err := server.NewServer(o)
	if err != nil {
		return err
	}
	s.Start()
	s.WaitForShutdown()
	return nil
}

var settings = grid.Settings{Replicas: 3, Patience: 40 * time.Second, Silence: 4 * time.Second, AckWait: 4 * time.Second}

// impatient, in the environment, has processes wait for less time.
const impatient = "TCPCLOSE_IMPATIENT"

func init() {
	if os.Getenv(impatient) != "" {
		settings.Patience = 12 * time.Second
	}
}

func connect(urls string) (*nats.Conn, error) {
	return nats.Connect(urls, nats.MaxReconnects(-1), nats.ReconnectWait(100*time.Millisecond), nats.RetryOnFailedConnect(true), nats.UserInfo("tcp", "close"))
}

func say(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }

func work(urls string) error {
	nc, err := connect(urls)
	if err != nil {
		return err
	}
	w, err := grid.NewWorker(nc, settings, 1, grid.FindProperties, say)
	if err != nil {
		return err
	}
	return w.Run(context.Background())
}

// A summary is what a report says, to be compared.
type summary struct {
	Result   string
	Findings []string
}

func summaryOf(r *check.Report) (s summary) {
	s.Result = fmt.Sprint(r.Result, r.Result.Terminals)
	for _, f := range r.Findings {
		text := fmt.Sprint(f.Property.Name, " ", f.Verdict, " ", f.Steps)
		if f.Trace != nil {
			text += "\n" + f.Trace.Text(0)
		}
		s.Findings = append(s.Findings, text)
	}
	return s
}

func drive(urls, preset, file string) error {
	nc, err := connect(urls)
	if err != nil {
		return err
	}
	ctx := context.Background()
	d, err := grid.NewDriver(ctx, nc, grid.Options{Settings: settings, Partitions: 4, Bytes: 1 << 14, Streams: 2, Log: say})
	if err != nil {
		return err
	}
	p, err := check.FindPreset(preset)
	if err != nil {
		return err
	}
	r, err := check.Check(ctx, p.Config, invariants.PropertiesOf(false), check.Options{Engine: d.Engine})
	if err != nil {
		return err
	}
	text, err := json.Marshal(summaryOf(r))
	if err == nil {
		err = os.WriteFile(file, text, 0o600)
	}
	return errors.Join(err, d.End(ctx))
}

// A stage is the processes of a trial.
type stage struct {
	t       *testing.T
	dir     string
	urls    string
	preset  string
	servers []*actor
	workers []*actor
	driver  *actor
}

// An actor is a process that can be killed and started again.
type actor struct {
	name string
	args []string
	env  string
	cmd  *exec.Cmd
	done chan error
	said *log
}

// A log is what the processes of an actor have said.
type log struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *log) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func (a *actor) start(t *testing.T) {
	self, err := os.Executable()
	require.NoError(t, err)
	a.cmd = exec.Command(self, a.args...)
	a.cmd.Env = append(os.Environ(), role+"="+a.env)
	a.cmd.Stderr = a.said
	require.NoError(t, a.cmd.Start())
	done := make(chan error, 1)
	a.done = done
	cmd := a.cmd
	go func() { done <- cmd.Wait() }()
}

// kill kills the process as SIGKILL does.
func (a *actor) kill() {
	_ = a.cmd.Process.Kill()
	<-a.done
}

func freePorts(t *testing.T, n int) (ports []int) {
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		defer l.Close()
		ports = append(ports, l.Addr().(*net.TCPAddr).Port)
	}
	return ports
}

// newStage starts three servers of so many bytes each, workers, and a driver.
func newStage(t *testing.T, preset string, workers int, room string) *stage {
	s := newServers(t, room)
	s.preset = preset
	for i := range workers {
		s.workers = append(s.workers, s.actor(fmt.Sprint("worker ", i), "worker", s.urls))
	}
	s.driver = s.actor("driver", "driver", s.urls, preset, filepath.Join(s.dir, "summary"))
	return s
}

// newServers starts three servers of so many bytes each.
func newServers(t *testing.T, room string) *stage {
	s := &stage{t: t, dir: t.TempDir()}
	ports := freePorts(t, 6)
	var urls, routes []string
	for i := range 3 {
		urls = append(urls, "nats://127.0.0.1:"+strconv.Itoa(ports[i]))
		routes = append(routes, "nats://route:secret@127.0.0.1:"+strconv.Itoa(ports[3+i]))
	}
	s.urls = strings.Join(urls, ",")
	for i := range 3 {
		file := filepath.Join(s.dir, fmt.Sprintf("server%d.conf", i))
		text := fmt.Sprintf(`server_name: n%d
listen: "127.0.0.1:%d"
jetstream { store_dir: %q, max_file_store: %s, max_memory_store: 64MB }
cluster { name: trial, listen: "127.0.0.1:%d", routes: [%s], authorization { user: route, password: secret } }
authorization { user: tcp, password: close }
`, i, ports[i], filepath.Join(s.dir, fmt.Sprint("store", i)), room, ports[3+i], strings.Join(routes, ", "))
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
		s.servers = append(s.servers, s.actor(fmt.Sprint("server ", i), "server", file))
	}
	t.Cleanup(func() {
		all := slices.Concat(s.servers, s.workers)
		if s.driver != nil {
			all = append(all, s.driver)
		}
		for _, a := range all {
			a.kill()
			if t.Failed() && a.env != "server" {
				t.Logf("%s: %s", a.name, a.said)
			}
		}
	})
	return s
}

func (s *stage) actor(name, env string, args ...string) *actor {
	a := &actor{name: name, env: env, args: args, said: &log{}}
	a.start(s.t)
	return a
}

// double publishes every message of the job a second time, a little later.
func (s *stage) double(ctx context.Context) {
	nc, err := connect(s.urls)
	require.NoError(s.t, err)
	const mark = "Doubled"
	_, err = nc.Subscribe("tcpclose.>", func(m *nats.Msg) {
		if m.Reply == "" || m.Header.Get(mark) != "" || strings.HasSuffix(m.Subject, ".driver") || strings.HasSuffix(m.Subject, ".job") {
			return
		}
		again := nats.NewMsg(m.Subject)
		again.Data = m.Data
		again.Header.Set(mark, "1")
		time.AfterFunc(time.Duration(rand.IntN(300))*time.Millisecond, func() { _ = nc.PublishMsg(again) })
	})
	require.NoError(s.t, err)
	context.AfterFunc(ctx, nc.Close)
}

// run waits for the driver, and meanwhile kills so many times, one thing after the other. A
// server is left time to come back.
//
// A driver that gives up because servers do not answer is started again, a few times: servers
// that share a slow machine may need longer to agree than it waits.
func (s *stage) run(rng *rand.Rand, pause time.Duration, limit time.Duration, kills, again int, list []*actor) error {
	began := time.Now()
	for {
		select {
		case err := <-s.driver.done:
			if err != nil && again > 0 && strings.Contains(s.driver.said.String(), grid.ErrSilent.Error()) {
				again--
				s.t.Logf("%5.1f s: the driver gives up, and is started again", time.Since(began).Seconds())
				s.driver.start(s.t)
				continue
			}
			s.driver.done <- err
			return err
		case <-time.After(pause/2 + time.Duration(rng.Int64N(int64(pause)))):
		}
		if time.Since(began) > limit {
			return errors.New("the search has not ended within its limits")
		}
		if kills--; kills < 0 {
			continue
		}
		victim := list[rng.IntN(len(list))]
		if victim == s.driver {
			select {
			case err := <-s.driver.done:
				s.driver.done <- err
				return err
			default:
			}
		}
		s.t.Logf("%5.1f s: %s is killed", time.Since(began).Seconds(), victim.name)
		victim.kill()
		time.Sleep(time.Duration(rng.Int64N(int64(pause))))
		victim.start(s.t)
		if victim.env == "server" {
			time.Sleep(3 * pause)
		}
	}
}

// expected returns what one machine says.
func expected(t *testing.T, preset string) summary {
	p, err := check.FindPreset(preset)
	require.NoError(t, err)
	r, err := check.Check(context.Background(), p.Config, invariants.PropertiesOf(false), check.Options{Options: product.Options{Workers: 1}})
	require.NoError(t, err)
	return summaryOf(r)
}

func (s *stage) summary() (got summary) {
	text, err := os.ReadFile(filepath.Join(s.dir, "summary"))
	require.NoError(s.t, err)
	require.NoError(s.t, json.Unmarshal(text, &got))
	return got
}

// runs returns the number of runs with kills: TCPCLOSE_TRIALS, or few.
func runs(t *testing.T) int {
	text := os.Getenv("TCPCLOSE_TRIALS")
	if text == "" {
		return 1
	}
	n, err := strconv.Atoi(text)
	require.NoError(t, err)
	return n
}

// kills returns how many kills a run has: TCPCLOSE_KILLS, or few.
func kills(t *testing.T) int {
	text := os.Getenv("TCPCLOSE_KILLS")
	if text == "" {
		return 5
	}
	n, err := strconv.Atoi(text)
	require.NoError(t, err)
	return n
}

// TestKilled kills workers, servers and the driver at random moments, and doubles messages.
// Each run ends with what one machine says.
func TestKilled(t *testing.T) {
	const preset = "shut-window"
	want := expected(t, preset)
	for run := range runs(t) {
		t.Run(fmt.Sprint(run), func(t *testing.T) {
			seed := uint64(run + 1)
			rng := rand.New(rand.NewPCG(seed, 0))
			s := newStage(t, preset, 2+run%2, "1GB")
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			s.double(ctx)
			began := time.Now()
			all := slices.Concat([]*actor{s.driver}, s.workers, s.servers)
			err := s.run(rng, 1500*time.Millisecond, 5*time.Minute, kills(t), 2, all)
			require.NoError(t, err)
			assert.Equal(t, want, s.summary())
			t.Logf("exact after %v", time.Since(began))
		})
	}
}

// TestFull has servers without room: the driver says so, and does not hang.
func TestFull(t *testing.T) {
	t.Setenv(impatient, "yes")
	s := newStage(t, "no-data", 1, "60KB")
	err := s.run(rand.New(rand.NewPCG(1, 1)), time.Second, 3*time.Minute, 0, 0, nil)
	require.Error(t, err)
	assert.Contains(t, s.driver.said.String(), "no room")
}
