// Command tcpclose-cluster gives the verdicts of 'tcpclose check' by a search that many
// processes share, over NATS JetStream.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"strconv"
	"syscall"
	"time"

	"github.com/nats-io/nats.go"

	"tcpclose/cluster/grid"
	"tcpclose/cmd/tcpclose/verdicts"
	"tcpclose/explore/partition"
)

const usage = `usage: tcpclose-cluster COMMAND [FLAGS]

  check  [PRESET] [FLAGS]            search in this process, by an embedded server
  driver -nats URL [PRESET] [FLAGS]  have workers search, and print the verdicts
  worker -nats URL [FLAGS]           carry out the tasks of whatever driver there is

check and driver take the flags of 'tcpclose check' for a configuration, and
-properties, -witness, -strict, -timeout, -max-states, -max-depth, -traces,
-json and those of how traces are shown.

How the work is cut
  -partitions N   (32; check: 8) partitions of the states, 1 to 4096: fewer cost
                  less, but each is merged by one goroutine
  -block BYTES    (458752) size of a block, less than the servers' max_payload
  -streams N      (3; check: 1) streams of blocks, and of what is new
  -processes N    check: (1) workers, each with its own table of states
  -workers N      goroutines of each worker; 0: one for each processor

Where it is kept
  -store DIR      check: keep the streams there, and go on with what is there;
                  without it they are in a temporary directory
  -replicas N     driver: (3) of what cannot be made again; 1 for one server
  -discard        forget an unfinished search of something else

How to reach the servers
  -nats URLS      nats:// or tls://, separated by commas
  -creds FILE     credentials of NATS
  -tls-ca FILE, -tls-cert FILE, -tls-key FILE

How long to wait
  -patience TIME  (2m) for a server or a worker that says nothing
  -silence TIME   (8s) after which a worker counts as gone

Exit status: that of 'tcpclose check'; 3 also if the search could not go on. It
can be taken up again: the same command goes on where it was.
`

func main() {
	debug.SetGCPercent(400) // blocks come and go
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run is the program without its process.
func run(ctx context.Context, args []string, out, errs io.Writer) int {
	commands := map[string]func(context.Context, *flags, io.Writer, io.Writer) (int, error){"check": check, "driver": drive, "worker": work}
	if len(args) == 0 || args[0] == "-h" || args[0] == "-help" || args[0] == "--help" || args[0] == "help" {
		fmt.Fprint(out, usage)
		return verdicts.OK
	}
	command := commands[args[0]]
	if command == nil {
		fmt.Fprintf(errs, "tcpclose-cluster: command %q: want check, driver or worker\n", args[0])
		return verdicts.Usage
	}
	f := newFlags(args[0])
	if err := f.Parse(args[1:]); err != nil {
		if errors.Is(err, verdicts.ErrHelp) {
			fmt.Fprint(out, usage)
			return verdicts.OK
		}
		fmt.Fprintln(errs, f.Mistake(err))
		return verdicts.Usage
	}
	f.Log = func(format string, args ...any) { fmt.Fprintf(errs, "tcpclose-cluster: "+format+"\n", args...) }
	status, err := command(ctx, f, out, errs)
	if err != nil {
		fmt.Fprintln(errs, f.Mistake(err))
		return max(status, verdicts.Usage)
	}
	return status
}

// flags is a command line.
type flags struct {
	*verdicts.Command
	grid.Options
	processes           int
	store               string
	urls, creds         string
	caFile, cert, keyOf string
}

func newFlags(name string) *flags {
	f := &flags{Command: verdicts.New("tcpclose-cluster " + name), processes: 1}
	f.Options = grid.Options{Settings: grid.DefaultSettings, Partitions: partition.DefaultPartitions, Bytes: partition.DefaultBytes, Streams: 1}
	number := func(name string, at *int, low, high int) {
		f.Flag(name, func(text string) error {
			n, err := strconv.Atoi(text)
			if err != nil || n < low || n > high {
				return fmt.Errorf("want %d to %d", low, high)
			}
			*at = n
			return nil
		})
	}
	text := func(name string, at *string) {
		f.Flag(name, func(text string) error {
			*at = text
			return nil
		})
	}
	span := func(name string, at *time.Duration) {
		f.Flag(name, func(text string) (err error) {
			if *at, err = time.ParseDuration(text); err != nil || *at < 100*time.Millisecond {
				return errors.New("want 100ms or more, as in 90s or 1h30m")
			}
			return nil
		})
	}
	number("partitions", &f.Options.Partitions, 1, partition.MaxPartitions)
	number("block", &f.Options.Bytes, 1<<10, 1<<26)
	number("streams", &f.Options.Streams, 1, 64)
	span("patience", &f.Settings.Patience)
	span("silence", &f.Settings.Silence)
	switch name {
	case "check":
		f.Options.Partitions = 8
		number("processes", &f.processes, 1, 64)
		text("store", &f.store)
	default:
		f.Options.Streams, f.Options.Replicas = 3, 3
		text("nats", &f.urls)
		text("creds", &f.creds)
		text("tls-ca", &f.caFile)
		text("tls-cert", &f.cert)
		text("tls-key", &f.keyOf)
		number("replicas", &f.Options.Replicas, 1, 5)
	}
	f.Switch("discard", &f.Options.Discard)
	return f
}

// hands returns the goroutines of a worker.
func (f *flags) hands() int {
	if f.Workers > 0 {
		return f.Workers
	}
	return runtime.GOMAXPROCS(0)
}

// check searches in this process.
func check(ctx context.Context, f *flags, out, errs io.Writer) (status int, err error) {
	dir := f.store
	if dir == "" {
		if dir, err = os.MkdirTemp("", "tcpclose-cluster"); err != nil {
			return verdicts.Unknown, err
		}
		defer os.RemoveAll(dir)
	}
	h, err := grid.NewHouse(ctx, dir, f.processes, f.hands(), f.Options)
	if err != nil {
		return verdicts.Unknown, err
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	return f.verdicts(ctx, h.Driver, out, errs)
}

// drive has workers search.
func drive(ctx context.Context, f *flags, out, errs io.Writer) (int, error) {
	nc, err := f.connect()
	if err != nil {
		return verdicts.Unknown, err
	}
	defer nc.Close()
	d, err := grid.NewDriver(ctx, nc, f.Options)
	if err != nil {
		return verdicts.Unknown, err
	}
	return f.verdicts(ctx, d, out, errs)
}

// verdicts gives the verdicts. A search that has not ended is kept, to be taken up again.
func (f *flags) verdicts(ctx context.Context, d *grid.Driver, out, errs io.Writer) (int, error) {
	status, err := f.Check(ctx, d.Engine, out, errs)
	if err != nil || status == verdicts.Unknown {
		if d.Unfinished() && (f.store != "" || f.urls != "") {
			f.Log("the same command goes on where the search was; -discard forgets it")
		}
		return status, errors.Join(err, d.Leave())
	}
	if m := d.Moved; m.States > 0 {
		f.Log("moved %d states in %d octets of blocks; %d octets of what was new are kept", m.States, m.Bytes, m.New)
	}
	return status, errors.Join(d.End(ctx), d.Leave())
}

// work carries out tasks until it is told to stop.
func work(ctx context.Context, f *flags, _, _ io.Writer) (int, error) {
	nc, err := f.connect()
	if err != nil {
		return verdicts.Unknown, err
	}
	defer nc.Close()
	w, err := grid.NewWorker(nc, f.Settings, f.hands(), grid.FindProperties, f.Log)
	if err != nil {
		return verdicts.Unknown, err
	}
	return verdicts.OK, w.Run(ctx)
}

// connect connects with the servers. A connection that was made is made again forever.
func (f *flags) connect() (*nats.Conn, error) {
	if f.urls == "" {
		return nil, errors.New("flag -nats: want the URLs of the servers, as in nats://one:4222,nats://two:4222")
	}
	o := []nats.Option{
		nats.Name("tcpclose"), nats.MaxReconnects(-1), nats.ReconnectWait(500 * time.Millisecond),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { f.Log("connection: %v", err) }),
	}
	if f.creds != "" {
		o = append(o, nats.UserCredentials(f.creds))
	}
	if f.caFile != "" {
		o = append(o, nats.RootCAs(f.caFile))
	}
	if (f.cert == "") != (f.keyOf == "") {
		return nil, errors.New("flags -tls-cert and -tls-key: want both")
	}
	if f.cert != "" {
		o = append(o, nats.ClientCert(f.cert, f.keyOf))
	}
	nc, err := nats.Connect(f.urls, o...)
	if err != nil {
		return nil, fmt.Errorf("flag -nats: %w", err)
	}
	return nc, nil
}
