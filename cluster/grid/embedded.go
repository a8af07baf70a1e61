package grid

import (
	"errors"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
)

// An Embedded is a server inside this process. It listens on no port.
type Embedded struct{ server *server.Server }

// Embed starts a server that keeps its streams in a directory.
func Embed(dir string, syncEvery time.Duration) (*Embedded, error) {
	s, err := server.NewServer(&server.Options{
		ServerName: root, DontListen: true, NoSigs: true, NoLog: true,
		JetStream: true, StoreDir: dir, SyncInterval: syncEvery,
		JetStreamMaxMemory: -1, JetStreamMaxStore: -1,
	})
	if err != nil {
		return nil, err
	}
	s.Start()
	if !s.ReadyForConnections(10 * time.Second) {
		s.Shutdown()
		return nil, errors.New("the embedded server does not start within 10 s")
	}
	return &Embedded{s}, nil
}

// Connect returns a connection within the process.
func (e *Embedded) Connect() (*nats.Conn, error) {
	return nats.Connect("", nats.InProcessServer(e.server), nats.Name(root))
}

// Listens reports whether somebody outside could connect.
func (e *Embedded) Listens() bool { return e.server.Addr() != nil }

// Close ends the server.
func (e *Embedded) Close() {
	e.server.Shutdown()
	e.server.WaitForShutdown()
}
