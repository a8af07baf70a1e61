package grid

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/nats-io/nats.go"

	"tcpclose/invariants"
)

// FindProperties returns the built-in properties and witnesses with these names.
func FindProperties(names []string) (list []*invariants.Property, err error) {
	all := slices.Concat(invariants.PropertiesOf(true), invariants.Witnesses)
	for _, name := range names {
		i := slices.IndexFunc(all, func(p *invariants.Property) bool { return p.Name == name })
		if i < 0 {
			return nil, fmt.Errorf("property %q: workers know only those that are built in", name)
		}
		list = append(list, all[i])
	}
	return list, nil
}

// A House is a server, workers and a driver in this process.
type House struct {
	*Driver
	server *Embedded
	end    context.CancelFunc
	wg     sync.WaitGroup
	errs   chan error
}

// NewHouse starts them, with so many workers of so many hands each. Streams are kept in a
// directory.
func NewHouse(ctx context.Context, dir string, workers, hands int, o Options) (h *House, err error) {
	h = &House{errs: make(chan error, workers)}
	if h.server, err = Embed(dir, 0); err != nil {
		return nil, err
	}
	ctx, h.end = context.WithCancel(context.WithoutCancel(ctx))
	for range workers {
		nc, err := h.server.Connect()
		if err != nil {
			h.Close()
			return nil, err
		}
		w, err := NewWorker(nc, o.Settings, hands, FindProperties, o.Log)
		if err != nil {
			h.Close()
			return nil, err
		}
		h.wg.Go(func() {
			h.errs <- w.Run(ctx)
			nc.Close()
		})
	}
	nc, err := h.server.Connect()
	if err == nil {
		h.Driver, err = NewDriver(ctx, nc, o)
	}
	if err != nil {
		h.Close()
		return nil, err
	}
	return h, nil
}

// Close ends the workers and the server.
func (h *House) Close() error {
	h.end()
	h.wg.Wait()
	close(h.errs)
	var all error
	for err := range h.errs {
		all = errors.Join(all, err)
	}
	if h.Driver != nil {
		h.nc.Close()
	}
	h.server.Close()
	return all
}

// Connect returns one more connection with the server.
func (h *House) Connect() (*nats.Conn, error) { return h.server.Connect() }
