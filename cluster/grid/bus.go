// Package grid carries out a search (package partition) over NATS JetStream: a driver says what
// is to be done, workers do it, and streams keep what they tell each other.
//
// A message is kept under a subject of its own, and what a task makes is the same each time. So
// a message that is published twice is there once, and whatever is lost can be made again, but
// for what streams of several replicas keep: what is new in each level, the numbers of values,
// and the position of the driver.
package grid

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"tcpclose/cluster/wire"
)

// root begins every subject, and the names of streams.
const (
	root       = "tcpclose"
	jobStream  = "TCPCLOSE_JOB"
	jobSubject = root + ".job"
	driverHere = root + ".driver" // who drives answers
)

// Settings are how processes wait for servers and for each other.
type Settings struct {
	Replicas int           // of what cannot be made again
	Patience time.Duration // how long nothing may happen before it is an error
	Silence  time.Duration // after which a worker counts as gone
	AckWait  time.Duration // after which a task is given to another
}

// DefaultSettings are for machines in one place.
var DefaultSettings = Settings{Replicas: 1, Patience: 2 * time.Minute, Silence: 8 * time.Second, AckWait: 20 * time.Second}

// maxBackoff bounds the time between two tries.
const maxBackoff = time.Second

// requestTimeout bounds the time that a server may take to answer.
const requestTimeout = 5 * time.Second

// A bus is a connection to the servers.
type bus struct {
	Settings
	insist  bool // that streams are there: who asks has made them
	nc      *nats.Conn
	js      jetstream.JetStream
	mu      sync.Mutex
	streams map[string]jetstream.Stream
}

func newBus(nc *nats.Conn, s Settings) (*bus, error) {
	js, err := jetstream.New(nc, jetstream.WithDefaultTimeout(requestTimeout))
	if err != nil {
		return nil, err
	}
	return &bus{Settings: s, nc: nc, js: js, streams: map[string]jetstream.Stream{}}, nil
}

// ErrAbsent is the error of a message that is not there.
var ErrAbsent = errors.New("there is no such message")

// ErrRoom is the error of servers that lack room.
var ErrRoom = errors.New("the servers lack room")

// ErrSilent is the error of servers that do not do what they are asked for.
var ErrSilent = errors.New("no success")

// ofServers reports whether an error is one of the servers, or of a context that is done.
func ofServers(err error) bool {
	for _, is := range []error{ErrRoom, ErrSilent, errNoStream, nats.ErrConnectionClosed, nats.ErrAuthorization, context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, is) {
			return true
		}
	}
	return false
}

// errNoStream is the error if a stream is gone: the job has ended.
var errNoStream = jetstream.ErrStreamNotFound

// Codes of JetStream's errors for a lack of room.
var roomCodes = []jetstream.ErrorCode{10023, 10028, 10047, 10077}

// lacksRoom reports whether an error tells of a lack of room.
func lacksRoom(err error) bool {
	var api *jetstream.APIError
	if errors.As(err, &api) {
		for _, code := range roomCodes {
			if api.ErrorCode == code {
				return true
			}
		}
	}
	return err != nil && (strings.Contains(err.Error(), "no space left") || strings.Contains(err.Error(), "maximum bytes exceeded"))
}

// final reports whether it is of no use to try again.
func final(err error) bool {
	return err == nil || errors.Is(err, ErrAbsent) || errors.Is(err, errNoStream) || errors.Is(err, nats.ErrAuthorization) ||
		errors.Is(err, nats.ErrConnectionClosed) || errors.Is(err, nats.ErrMaxPayload) || errors.Is(err, wire.ErrMalformed)
}

// retry calls f until it succeeds, until its error is final, or until patience is at its end.
func (b *bus) retry(ctx context.Context, what string, f func(context.Context) error) error {
	began, wait := time.Now(), 10*time.Millisecond
	for {
		err := f(ctx)
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil:
			return ctx.Err()
		case final(err) && !(b.insist && errors.Is(err, errNoStream)):
			return fmt.Errorf("%s: %w", what, err)
		}
		if waited := time.Since(began); waited > b.Patience || lacksRoom(err) && waited > b.Patience/8 {
			if lacksRoom(err) {
				return fmt.Errorf("%s: %w: %v", what, ErrRoom, err)
			}
			return silent(what, waited, err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(wait):
		}
		wait = min(2*wait, maxBackoff)
	}
}

// silent is the error of servers that have not done something for so long.
func silent(what string, waited time.Duration, err error) error {
	return fmt.Errorf("%s: %w for %v: is a server missing, or has it no room? The last error: %w", what, ErrSilent, waited.Round(time.Second), err)
}

// stream returns a stream that is there.
func (b *bus) stream(ctx context.Context, name string) (jetstream.Stream, error) {
	b.mu.Lock()
	s := b.streams[name]
	b.mu.Unlock()
	if s != nil {
		return s, nil
	}
	s, err := b.js.Stream(ctx, name)
	if err != nil {
		return nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.streams[name] = s
	return s, nil
}

// create makes a stream, or leaves it as it is.
func (b *bus) create(ctx context.Context, c jetstream.StreamConfig) error {
	c.AllowDirect = false // what is read is what the leader has
	return b.retry(ctx, "stream "+c.Name, func(ctx context.Context) error {
		s, err := b.js.CreateOrUpdateStream(ctx, c)
		if err == nil {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.streams[c.Name] = s
		}
		return err
	})
}

// put keeps a message. It returns when the stream has it.
func (b *bus) put(ctx context.Context, subject string, data []byte) error {
	return b.retry(ctx, "message "+subject, func(ctx context.Context) error {
		_, err := b.js.Publish(ctx, subject, data)
		return err
	})
}

// A message is one to be kept.
type message struct {
	subject string
	data    []byte
}

// putters bounds the messages of one task that are being published at a time.
const putters = 8

// putAll keeps messages.
func (b *bus) putAll(ctx context.Context, list []message) error {
	if len(list) == 0 {
		return nil
	}
	next := make(chan message)
	errs := make(chan error, putters)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	n := min(putters, len(list))
	for range n {
		go func() {
			var err error
			for m := range next {
				if err == nil {
					if err = b.put(ctx, m.subject, m.data); err != nil {
						cancel() // one that is missing is enough
					}
				}
			}
			errs <- err
		}()
	}
	for _, m := range list {
		next <- m
	}
	close(next)
	var first error
	for range n {
		if err := <-errs; first == nil || errors.Is(first, context.Canceled) {
			first = cmp.Or(err, first)
		}
	}
	return first
}

// get returns what was kept last under a subject of a stream.
func (b *bus) get(ctx context.Context, stream, subject string) (data []byte, err error) {
	err = b.retry(ctx, "message "+subject, func(ctx context.Context) error {
		s, err := b.stream(ctx, stream)
		if err != nil {
			return err
		}
		ctx, cancel := context.WithTimeout(ctx, requestTimeout)
		defer cancel()
		m, err := s.GetLastMsgForSubject(ctx, subject)
		switch {
		case errors.Is(err, jetstream.ErrMsgNotFound):
			return ErrAbsent
		case err != nil:
			return err
		}
		data = m.Data
		return nil
	})
	return data, err
}

// subjects returns the subjects of a stream that have messages.
func (b *bus) subjects(ctx context.Context, stream, filter string) (list map[string]uint64, err error) {
	err = b.retry(ctx, "stream "+stream, func(ctx context.Context) error {
		s, err := b.stream(ctx, stream)
		if err != nil {
			return err
		}
		ctx, cancel := context.WithTimeout(ctx, requestTimeout)
		defer cancel()
		info, err := s.Info(ctx, jetstream.WithSubjectFilter(filter))
		if err != nil {
			return err
		}
		list = info.State.Subjects
		return nil
	})
	return list, err
}

// purge forgets the messages of a stream under subjects. It does not matter if some remain.
func (b *bus) purge(ctx context.Context, stream, filter string) error {
	return b.retry(ctx, "stream "+stream, func(ctx context.Context) error {
		s, err := b.stream(ctx, stream)
		if err != nil {
			return err
		}
		ctx, cancel := context.WithTimeout(ctx, requestTimeout)
		defer cancel()
		return s.Purge(ctx, jetstream.WithPurgeSubject(filter))
	})
}
