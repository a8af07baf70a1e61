package grid

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nuid"

	"tcpclose/cluster/wire"
	"tcpclose/explore/partition"
	"tcpclose/explore/product"
	"tcpclose/internal/join"
	"tcpclose/invariants"
)

// pollEvery is the time after which a worker says again that it is there, and looks whether its
// job still is.
const pollEvery = time.Second

// A Worker carries out tasks, of whatever job there is.
type Worker struct {
	*bus
	id    string
	hands int
	find  func(names []string) ([]*invariants.Property, error)
	log   func(format string, args ...any)
}

// NewWorker returns a worker with so many hands. find returns the properties with these names;
// log tells what goes wrong.
func NewWorker(nc *nats.Conn, s Settings, hands int, find func([]string) ([]*invariants.Property, error), log func(string, ...any)) (*Worker, error) {
	b, err := newBus(nc, s)
	if err != nil {
		return nil, err
	}
	return &Worker{b, nuid.Next(), hands, find, log}, nil
}

// Run works until ctx is done.
func (w *Worker) Run(ctx context.Context) error {
	refused := ""
	for ctx.Err() == nil {
		j, err := w.job(ctx)
		switch {
		case err != nil && ctx.Err() == nil:
			if errors.Is(err, nats.ErrConnectionClosed) || errors.Is(err, nats.ErrAuthorization) {
				return err
			}
			w.log("no job: %v", err)
		case j != nil && j.ID != refused:
			if err := w.work(ctx, j); err != nil && ctx.Err() == nil {
				w.log("job %s: %v", j.ID, err)
				refused = j.ID
			}
		}
		pause(ctx, pollEvery/4)
	}
	return nil
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// job returns the job that there is, or nil.
func (b *bus) job(ctx context.Context) (*wire.Job, error) {
	data, err := b.get(ctx, jobStream, jobSubject)
	if errors.Is(err, ErrAbsent) || errors.Is(err, errNoStream) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	j := &wire.Job{}
	if err := wire.ReadJSON(data, j); err != nil {
		return nil, err
	}
	return j, j.Validate()
}

// A shift is a worker's share of a job.
type shift struct {
	*Worker
	n          names
	product    *join.Product
	dictionary *partition.Dictionary
	free       chan *partition.Hand

	mu      sync.Mutex
	known   map[int]*partition.Known // by partition; those in use are not there
	holds   map[int]bool             // the partitions of known, in use or not
	learn   sync.Mutex               // held while the dictionary grows
	naming  map[int]*partition.Naming
	failed  string
	targets map[string]*product.Targets
}

// work carries out tasks until the job has ended.
func (w *Worker) work(ctx context.Context, j *wire.Job) error {
	properties, err := w.find(j.Plan.Properties)
	var p *join.Product
	if err == nil {
		p, err = j.Plan.Product(properties)
	}
	n := names{*j}
	if err != nil {
		data, _ := json.Marshal(wire.Hello{Worker: w.id, Refused: err.Error()})
		return errors.Join(err, w.nc.Publish(n.hello(), data))
	}
	share, err := product.NewShare(&p.Product)
	if err != nil {
		return err
	}
	s := &shift{
		Worker: w, n: n, product: p, dictionary: partition.NewDictionary(share, p, j.Partitions),
		free: make(chan *partition.Hand, w.hands), known: map[int]*partition.Known{}, holds: map[int]bool{},
		naming: map[int]*partition.Naming{}, targets: map[string]*product.Targets{},
	}
	for range w.hands {
		s.free <- partition.NewHand(s.dictionary, j.Bytes)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var wg sync.WaitGroup
	for range w.hands {
		wg.Go(func() { s.pull(ctx, anyWorker) })
		wg.Go(func() { s.pull(ctx, w.id) })
	}
	wg.Go(func() { // whether servers answer or not
		for ctx.Err() == nil {
			s.sayHello()
			pause(ctx, pollEvery)
		}
	})
	for ctx.Err() == nil {
		if now, err := w.job(ctx); err == nil && (now == nil || now.ID != j.ID) {
			break
		}
		pause(ctx, pollEvery)
	}
	cancel()
	wg.Wait()
	for _, k := range s.known {
		k.Drop()
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	clear(w.streams)
	return nil
}

// sayHello tells the driver that the worker is there.
func (s *shift) sayHello() {
	s.mu.Lock()
	data, err := json.Marshal(wire.Hello{Worker: s.id, Hands: s.hands, Err: s.failed, Known: slices.Sorted(maps.Keys(s.holds))})
	s.mu.Unlock()
	if err == nil {
		err = s.nc.Publish(s.n.hello(), data)
	}
	if err != nil {
		s.log("%v", err)
	}
}

// pull takes tasks, one at a time: those for any worker, or those for this one. If servers do
// not give any for too long the driver is told.
func (s *shift) pull(ctx context.Context, whose string) {
	heard := time.Now()
	for ctx.Err() == nil {
		err := s.pullSome(ctx, whose, &heard)
		if err == nil || ctx.Err() != nil {
			continue
		}
		if !errors.Is(err, errNoStream) && !errors.Is(err, jetstream.ErrConsumerDeleted) {
			s.log("tasks of %s: %v", whose, err)
			if waited := time.Since(heard); waited > s.Patience {
				s.fails(silent("tasks of "+whose, waited, err))
			}
		}
		pause(ctx, pollEvery)
	}
}

// fails tells the driver that the worker cannot go on.
func (s *shift) fails(err error) {
	s.mu.Lock()
	s.failed = err.Error()
	s.mu.Unlock()
	s.sayHello()
}

// pullSome takes tasks until something goes wrong. heard is when servers were heard last.
func (s *shift) pullSome(ctx context.Context, whose string, heard *time.Time) error {
	stream, err := s.stream(ctx, s.n.work())
	if err != nil {
		return err
	}
	c, err := stream.CreateOrUpdateConsumer(ctx, jetstream.ConsumerConfig{
		Durable: whose, FilterSubject: s.n.task(whose), AckPolicy: jetstream.AckExplicitPolicy,
		AckWait: s.AckWait, MaxDeliver: -1, MaxAckPending: 1 << 16, InactiveThreshold: time.Hour,
	})
	if err != nil {
		return err
	}
	for ctx.Err() == nil {
		batch, err := c.Fetch(1, jetstream.FetchMaxWait(requestTimeout))
		if err != nil {
			return err
		}
		for m := range batch.Messages() {
			s.handle(ctx, m)
		}
		if err := batch.Error(); err != nil && !errors.Is(err, nats.ErrTimeout) {
			return err
		}
		*heard = time.Now()
	}
	return nil
}

// handle carries out a task. It is acknowledged when what it has made is kept.
func (s *shift) handle(ctx context.Context, m jetstream.Msg) {
	t, err := wire.ReadTask(m.Data(), &s.n.Job)
	if err != nil {
		s.log("%v", err)
		_ = m.Term() // it stays malformed
		return
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		for tick := time.NewTicker(s.AckWait / 4); ; {
			select {
			case <-ctx.Done():
				tick.Stop()
				return
			case <-tick.C:
				_ = m.InProgress() // if it is lost the task is done twice
			}
		}
	}()
	h := <-s.free
	subject, done, err := s.carryOut(ctx, h, t)
	s.free <- h
	if err == nil {
		var data []byte
		if data, err = json.Marshal(done); err == nil {
			err = s.put(ctx, subject, data)
		}
	}
	if err != nil {
		if ctx.Err() == nil && !errors.Is(err, errNoStream) {
			s.log("task: %v", err)
			s.fails(err)
		}
		_ = m.NakWithDelay(pollEvery)
		return
	}
	_ = m.Ack()
	_ = s.nc.Publish(s.n.ended(), []byte(subject)) // or the driver sees it later
}

// carryOut carries out a task, and keeps what it makes. An error is one of the servers; what is
// wrong with the task is in done.
func (s *shift) carryOut(ctx context.Context, h *partition.Hand, t *wire.Task) (subject string, done *wire.Done, err error) {
	done = &wire.Done{Worker: s.id}
	defer func() {
		if r := recover(); r != nil {
			s.log("task: %v\n%s", r, debug.Stack())
			done, err = &wire.Done{Worker: s.id, Err: fmt.Sprint(r)}, nil
		}
		missing, _ := s.product.Missing()
		if done.Missing = uint32(missing); err != nil {
			if !ofServers(err) {
				done, err = &wire.Done{Worker: s.id, Err: err.Error()}, nil
			}
		}
	}()
	switch {
	case t.Expand != nil:
		subject = s.n.done(t.Expand.Level, expanding, t.Attempt, t.Task)
		err = s.expand(ctx, h, t, done)
	case t.Merge != nil:
		subject = s.n.done(t.Merge.Level, merging, t.Attempt, t.Task)
		err = s.merge(ctx, h, t, done)
	default:
		subject = s.n.done(t.Mark.Level, marking(t.Mark.Key), t.Attempt, t.Task)
		err = s.mark(ctx, h, t, done)
	}
	return subject, done, err
}

// learned has the dictionary learn the numbers up to a level, and returns those of the level.
func (s *shift) learned(ctx context.Context, level int) (*partition.Naming, error) {
	s.learn.Lock()
	defer s.learn.Unlock()
	for s.dictionary.Levels() <= level || s.naming[level] == nil {
		next := min(s.dictionary.Levels(), level)
		data, err := wire.ReadPieces(func(i int) ([]byte, error) { return s.get(ctx, s.n.log(), s.n.naming(next, i)) })
		if err != nil {
			return nil, err
		}
		n, err := wire.ReadNaming(data)
		if err != nil {
			return nil, err
		}
		if s.dictionary.Levels() == next {
			if err := s.dictionary.Learn(n); err != nil {
				return nil, err
			}
		}
		s.naming[next] = n
		delete(s.naming, next-2)
	}
	return s.naming[level], nil
}

// piece returns what is new in a level and partition.
func (s *shift) pieceOf(ctx context.Context, level, p, i int) (partition.Block, error) {
	data, err := s.get(ctx, s.n.rows(p), s.n.piece(level, p, i))
	if err != nil {
		return nil, err
	}
	return wire.ReadRows(data)
}

func (s *shift) expand(ctx context.Context, h *partition.Hand, t *wire.Task, done *wire.Done) error {
	e := t.Expand
	if _, err := s.learned(ctx, e.Level); err != nil {
		return err
	}
	piece, err := s.pieceOf(ctx, e.Level, e.Partition, e.Piece)
	if err != nil {
		return err
	}
	found, blocks, err := h.Expand(*e, piece)
	if err != nil {
		return err
	}
	var list []message
	for target, blocks := range blocks {
		for i, b := range blocks {
			list = append(list, message{s.n.block(e.Level, target, t.Task, i), wire.Rows(b)})
		}
	}
	if len(found.New[0])+len(found.New[1]) > 0 {
		for i, b := range wire.Pieces(wire.AppendTexts(nil, found.New), s.n.Bytes) {
			list = append(list, message{s.n.values(e.Level, t.Task, i), b})
			done.Pieces++
		}
		found.New = [2][][]byte{}
	}
	done.Expanded = &found
	if len(list) == 0 {
		return nil
	}
	return s.putAll(ctx, list)
}

// take returns the known states of a partition; nobody else has them until keep.
func (s *shift) take(p int) *partition.Known {
	s.mu.Lock()
	defer s.mu.Unlock()
	k := s.known[p]
	delete(s.known, p)
	return k
}

// keep has the states of a partition known.
func (s *shift) keep(p int, k *partition.Known) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if old := s.known[p]; old != nil {
		old.Drop()
	}
	s.known[p], s.holds[p] = k, true
}

func (s *shift) merge(ctx context.Context, h *partition.Hand, t *wire.Task, done *wire.Done) (err error) {
	m := t.Merge
	names, err := s.learned(ctx, m.Level+1)
	if err != nil {
		return err
	}
	known := s.take(m.Partition)
	if known != nil && known.Levels > m.Level+1 { // the task comes again
		known.Drop()
		known = nil
	}
	if known == nil {
		known = s.dictionary.NewKnown()
	}
	defer func() {
		if err != nil || done.Lost != nil {
			known.Drop() // some of it may be there, some not
		}
	}()
	err = h.Load(known, *m, func(level, i int) (partition.Block, error) { return s.pieceOf(ctx, level, m.Partition, i) })
	if err != nil {
		return err
	}
	blocks := s.fetch(ctx, m)
	defer blocks.end()
	found, pieces, err := h.Merge(*m, known, names, func(partition.Source, int) (partition.Block, error) { return blocks.next() })
	if errors.Is(err, ErrAbsent) {
		done.Lost, err = s.lost(ctx, m)
		return err
	}
	if err != nil {
		return err
	}
	var list []message
	for i, b := range pieces {
		list = append(list, message{s.n.piece(m.Level+1, m.Partition, i), wire.Rows(b)})
	}
	if len(list) > 0 {
		if err := s.putAll(ctx, list); err != nil {
			return err
		}
	}
	done.Merged = &found
	s.keep(m.Partition, known)
	return nil
}

// A fetcher reads the blocks of a merge ahead, in order.
type fetcher struct {
	blocks chan fetched
	end    func()
}

type fetched struct {
	block partition.Block
	err   error
}

// ahead bounds the blocks that are read ahead.
const ahead = 4

func (s *shift) fetch(ctx context.Context, m *partition.Merge) fetcher {
	ctx, cancel := context.WithCancel(ctx)
	queue := make(chan chan fetched, ahead)
	out := make(chan fetched)
	go func() {
		defer close(queue)
		for _, source := range m.From {
			for i := range source.Blocks {
				one := make(chan fetched, 1)
				go func() {
					data, err := s.get(ctx, s.n.blocks(m.Partition), s.n.block(m.Level, m.Partition, source.Task, i))
					f := fetched{err: err}
					if err == nil {
						f.block, f.err = wire.ReadRows(data)
					}
					one <- f
				}()
				select {
				case queue <- one:
				case <-ctx.Done():
					return
				}
			}
		}
	}()
	go func() {
		for one := range queue {
			select {
			case out <- <-one:
			case <-ctx.Done():
			}
		}
	}()
	return fetcher{out, cancel}
}

func (f fetcher) next() (partition.Block, error) {
	one := <-f.blocks
	return one.block, one.err
}

// lost returns the tasks of which a merge has not found every block.
func (s *shift) lost(ctx context.Context, m *partition.Merge) (list []int, err error) {
	there, err := s.subjects(ctx, s.n.blocks(m.Partition), s.n.subject("block", m.Partition%s.n.Streams, m.Level, m.Partition, ">"))
	if err != nil {
		return nil, err
	}
	for _, source := range m.From {
		for i := range source.Blocks {
			if there[s.n.block(m.Level, m.Partition, source.Task, i)] == 0 {
				list = append(list, source.Task)
				break
			}
		}
	}
	if list == nil { // they have come meanwhile
		list = []int{}
	}
	return list, nil
}

func (s *shift) mark(ctx context.Context, h *partition.Hand, t *wire.Task, done *wire.Done) error {
	m := t.Mark
	if _, err := s.learned(ctx, m.Level); err != nil {
		return err
	}
	targets, err := s.targetsOf(ctx, h, m)
	if err != nil {
		return err
	}
	piece, err := s.pieceOf(ctx, m.Level, m.Partition, m.Piece)
	if err != nil {
		return err
	}
	blocks, err := h.Mark(m.Mark, piece, targets)
	if err != nil {
		return err
	}
	var list []message
	for i, b := range blocks {
		list = append(list, message{s.n.marked(m.Level, m.Key, t.Task, i), wire.Rows(b)})
	}
	if done.Pieces = len(list); done.Pieces == 0 {
		return nil
	}
	return s.putAll(ctx, list)
}

// targetsOf returns the targets of a mark.
func (s *shift) targetsOf(ctx context.Context, h *partition.Hand, m *wire.Mark) (*product.Targets, error) {
	key := fmt.Sprint(m.Level, m.Key)
	s.mu.Lock()
	targets := s.targets[key]
	s.mu.Unlock()
	if targets != nil {
		return targets, nil
	}
	var blocks []partition.Block
	for i := range m.Targets {
		data, err := s.get(ctx, s.n.blocks(0), s.n.targets(m.Level, m.Key, i))
		if err != nil {
			return nil, err
		}
		b, err := wire.ReadRows(data)
		if err != nil {
			return nil, err
		}
		blocks = append(blocks, b)
	}
	if len(blocks) > 0 {
		if _, err := s.learned(ctx, m.Level+1); err != nil {
			return nil, err
		}
	}
	targets, err := h.Targets(m.Level+1, blocks)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.targets) // one at a time is used
	s.targets[key] = targets
	return targets, nil
}
