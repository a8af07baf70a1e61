package grid

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nuid"

	"tcpclose/check"
	"tcpclose/cluster/wire"
	"tcpclose/explore"
	"tcpclose/explore/partition"
	"tcpclose/explore/product"
	"tcpclose/invariants"
)

// Options are the options of a driver.
type Options struct {
	Settings
	Partitions int
	Bytes      int // of a block
	Streams    int // of blocks, and of rows
	Discard    bool
	Log        func(format string, args ...any)
	// Level, if it is not nil, is called when a level was entered.
	Level func(*partition.Position)
}

// A Driver drives searches, one after the other.
type Driver struct {
	*bus
	options Options
	here    *nats.Subscription
	crew    *crew // of the last search
	Moved   partition.Moved
}

// NewDriver returns a driver. There is only one at a time.
func NewDriver(ctx context.Context, nc *nats.Conn, o Options) (*Driver, error) {
	b, err := newBus(nc, o.Settings)
	if err != nil {
		return nil, err
	}
	b.insist = true
	d := &Driver{bus: b, options: o}
	if _, err := nc.Request(driverHere, nil, requestTimeout/5); err == nil {
		return nil, errors.New("another driver is at work: want one at a time")
	}
	if d.here, err = nc.Subscribe(driverHere, func(m *nats.Msg) { _ = m.Respond(nil) }); err != nil {
		return nil, err
	}
	err = d.create(ctx, jetstream.StreamConfig{Name: jobStream, Subjects: []string{jobSubject}, Replicas: o.Replicas, MaxMsgsPerSubject: 1})
	return d, err
}

// End ends the job, and forgets what it has made. Without it another driver can go on.
func (d *Driver) End(ctx context.Context) error {
	if d.crew == nil {
		return nil
	}
	c := d.crew
	d.crew = nil
	for _, s := range c.hears {
		_ = s.Unsubscribe() // the connection is about to end otherwise
	}
	return d.end(ctx, c.n.Job)
}

// Unfinished reports whether there is a job that another driver can go on with.
func (d *Driver) Unfinished() bool { return d.crew != nil }

// Leave ends the driver, not the job.
func (d *Driver) Leave() error { return d.here.Unsubscribe() }

func (d *Driver) end(ctx context.Context, j wire.Job) error {
	err := d.purge(ctx, jobStream, jobSubject)
	for _, c := range (names{j}).configs(d.Replicas) {
		err = errors.Join(err, d.retry(ctx, "stream "+c.Name, func(ctx context.Context) error {
			if err := d.js.DeleteStream(ctx, c.Name); !errors.Is(err, errNoStream) {
				return err
			}
			return nil
		}))
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	clear(d.streams)
	d.streams = map[string]jetstream.Stream{}
	return err
}

// Engine carries out a search.
func (d *Driver) Engine(ctx context.Context, s *check.Search, o product.Options) (*product.Explored, error) {
	if err := d.End(ctx); err != nil {
		return nil, err
	}
	j, err := d.begin(ctx, s.Plan)
	if err != nil {
		return nil, err
	}
	share, err := product.NewShare(&s.Product.Product)
	if err != nil {
		return nil, err
	}
	dictionary := partition.NewDictionary(share, s.Product, j.Partitions)
	c, err := newCrew(d, *j, dictionary)
	if err != nil {
		return nil, err
	}
	d.crew = c
	at, err := c.resume(ctx)
	if err != nil {
		return nil, err
	}
	c.show(o.Progress, at)
	e, last, err := partition.Run(ctx, share, dictionary, c, at, partition.Options{
		Partitions: j.Partitions, Bytes: j.Bytes, Limits: o.Limits, Enough: o.Enough,
		Level: func(at *partition.Position) {
			c.show(o.Progress, at)
			if d.options.Level != nil {
				d.options.Level(at)
			}
		},
	})
	switch {
	case errors.Is(err, errMissing):
		s.Miss(invariants.Monitors(c.missing))
		return share.Explored(product.Gathering{Result: explore.Result{Incomplete: []string{explore.Interrupted}}}), nil
	case err != nil:
		return nil, err
	}
	d.Moved = last.Moved
	return e, nil
}

// begin returns the job of a plan: that which there is, or a new one.
func (d *Driver) begin(ctx context.Context, plan check.Plan) (*wire.Job, error) {
	had, err := d.job(ctx)
	switch {
	case err != nil && !d.options.Discard:
		return nil, err
	case had == nil:
	case d.options.Discard:
		if err := d.end(ctx, *had); err != nil {
			return nil, err
		}
		had = nil
	case had.Plan.Of != plan.Of:
		return nil, fmt.Errorf("job %s was left unfinished, and is of another question (%s) or another build of the program: want the same, to go on, or -discard", had.ID, had.Plan.Config)
	}
	d.options.Discard = false
	j := had
	if j == nil {
		j = &wire.Job{ID: nuid.Next(), Plan: plan, Partitions: d.options.Partitions, Bytes: d.options.Bytes, Streams: d.options.Streams}
		if err := j.Validate(); err != nil {
			return nil, err
		}
	} else {
		d.options.Log("job %s is taken up again", j.ID)
	}
	for _, c := range (names{*j}).configs(d.Replicas) {
		if err := d.create(ctx, c); err != nil {
			return nil, err
		}
	}
	data, err := json.Marshal(j)
	if err != nil {
		return nil, err
	}
	return j, d.put(ctx, jobSubject, data)
}

// A crew is the workers, as a search sees them.
type crew struct {
	*Driver
	n          names
	dictionary *partition.Dictionary
	hears      []*nats.Subscription
	hellos     chan *nats.Msg
	endings    chan *nats.Msg
	workers    map[string]*member
	refused    map[string]string // by worker: why it cannot help
	owner      map[int]string    // by partition: the worker with its states
	missing    uint32            // monitors that were read and do not run
	heard      time.Time         // when somebody said something, or a task ended
	progress   func(explore.Progress)
	at         explore.Progress
}

// A member is a worker that is there.
type member struct {
	hands int
	last  time.Time
}

func newCrew(d *Driver, j wire.Job, dictionary *partition.Dictionary) (*crew, error) {
	c := &crew{
		Driver: d, n: names{j}, dictionary: dictionary,
		hellos: make(chan *nats.Msg, 1<<12), endings: make(chan *nats.Msg, 1<<16),
		workers: map[string]*member{}, refused: map[string]string{}, owner: map[int]string{}, heard: time.Now(),
	}
	for subject, to := range map[string]chan *nats.Msg{c.n.hello(): c.hellos, c.n.ended(): c.endings} {
		s, err := d.nc.ChanSubscribe(subject, to)
		if err != nil {
			return nil, err
		}
		c.hears = append(c.hears, s)
	}
	return c, nil
}

// show tells the progress.
func (c *crew) show(progress func(explore.Progress), at *partition.Position) {
	c.progress = progress
	if at != nil {
		r := at.Result
		before := c.at.Distinct
		if c.at = (explore.Progress{Distinct: r.Distinct, Generated: r.Generated, Depth: r.Depth - 1}); before > 0 {
			c.at.Frontier = r.Distinct - before
		}
	}
	if progress != nil {
		progress(c.at)
	}
}

// resume returns the position that was kept, and has the dictionary learn what belongs to it;
// nil if there is none.
func (c *crew) resume(ctx context.Context) (*partition.Position, error) {
	if err := c.purge(ctx, c.n.work(), c.n.subject("work", ">")); err != nil {
		return nil, err
	}
	// A message that comes late, or twice, does not put the search back: the last level counts.
	there, err := c.subjects(ctx, c.n.log(), c.n.subject("log", "position", ">"))
	if err != nil || len(there) == 0 {
		return nil, err
	}
	last := 0
	for subject := range there {
		level, err := strconv.Atoi(subject[strings.LastIndexByte(subject, '.')+1:])
		if err != nil {
			return nil, fmt.Errorf("%w: position %s: want a level", wire.ErrMalformed, subject)
		}
		last = max(last, level)
	}
	data, err := c.pieces(ctx, c.n.log(), func(int) string { return c.n.position(last) })
	if err != nil {
		return nil, err
	}
	at := &partition.Position{}
	if err := wire.ReadJSON(data, at); err != nil {
		return nil, err
	}
	for level := range at.Pieces {
		data, err := c.pieces(ctx, c.n.log(), func(i int) string { return c.n.naming(level, i) })
		if err != nil {
			return nil, err
		}
		n, err := wire.ReadNaming(data)
		if err != nil {
			return nil, err
		}
		if err := c.dictionary.Learn(n); err != nil {
			return nil, err
		}
	}
	return at, nil
}

// pieces reads what was put in pieces.
func (c *crew) pieces(ctx context.Context, stream string, subject func(i int) string) ([]byte, error) {
	return wire.ReadPieces(func(i int) ([]byte, error) { return c.get(ctx, stream, subject(i)) })
}

// Enter keeps the position, and forgets what the level before has needed.
func (c *crew) Enter(ctx context.Context, at *partition.Position, n *partition.Naming, first [][]partition.Block) error {
	if first != nil {
		if err := c.Name(ctx, n); err != nil {
			return err
		}
		for p, list := range first {
			for i, b := range list {
				if err := c.put(ctx, c.n.piece(0, p, i), wire.Rows(b)); err != nil {
					return err
				}
			}
		}
	}
	data, err := json.Marshal(at)
	if err != nil {
		return err
	}
	pieces := wire.Pieces(data, int(c.nc.MaxPayload())-1<<10)
	if len(pieces) > 1 {
		return fmt.Errorf("the position takes %d octets: want fewer partitions than %d, or a larger max_payload", len(data), c.n.Partitions)
	}
	level := len(at.Pieces) - 1
	if err := c.put(ctx, c.n.position(level), pieces[0]); err != nil {
		return err
	}
	spent := level - 1
	if spent < 0 {
		return nil
	}
	if spent > 0 { // the one before stays, so that there is always one that was not just written
		if err := c.purge(ctx, c.n.log(), c.n.position(spent-1)); err != nil {
			return err
		}
	}
	for i := range c.n.Streams {
		if err := c.purge(ctx, c.n.blocks(i), c.n.blocksOf(i, spent)); err != nil {
			return err
		}
	}
	return c.purge(ctx, c.n.log(), c.n.doneOf(spent))
}

// Name keeps the numbers of values.
func (c *crew) Name(ctx context.Context, n *partition.Naming) error {
	var list []message
	for i, b := range wire.Pieces(wire.Naming(n), c.n.Bytes) {
		list = append(list, message{c.n.naming(n.Level, i), b})
	}
	return c.putAll(ctx, list)
}

// Expand has the tasks carried out by whoever is free.
func (c *crew) Expand(ctx context.Context, tasks []partition.Expand) ([]partition.Expanded, error) {
	list := make([]wire.Task, len(tasks))
	for i := range tasks {
		list[i] = wire.Task{Job: c.n.ID, Task: i, Expand: &tasks[i]}
	}
	level := tasks[0].Level
	results, err := c.carryOut(ctx, level, expanding, list)
	if err != nil {
		return nil, err
	}
	found := make([]partition.Expanded, len(tasks))
	for i, r := range results {
		if r.Expanded == nil {
			return nil, fmt.Errorf("%w: result of task %d of level %d: want what was expanded", wire.ErrMalformed, i, level)
		}
		found[i] = *r.Expanded
		if r.Pieces > 0 {
			data, err := c.pieces(ctx, c.n.log(), func(n int) string { return c.n.values(level, i, n) })
			if err != nil {
				return nil, err
			}
			if found[i].New, err = wire.ReadTexts(data); err != nil {
				return nil, err
			}
		}
	}
	return found, nil
}

// maxLost bounds the times that blocks of a level may be lost.
const maxLost = 5

// Merge has the tasks carried out, each by the worker that has the states if there is one.
// Blocks that were lost are made again.
func (c *crew) Merge(ctx context.Context, tasks []partition.Merge) ([]partition.Merged, error) {
	found := make([]partition.Merged, len(tasks))
	var list []wire.Task
	for i := range tasks {
		if len(tasks[i].From) > 0 {
			list = append(list, wire.Task{Job: c.n.ID, Task: i, Merge: &tasks[i]})
		}
	}
	if len(list) == 0 {
		return found, nil
	}
	level := tasks[0].Level
	for lost := 0; len(list) > 0; lost++ {
		results, err := c.carryOut(ctx, level, merging, list)
		if err != nil {
			return nil, err
		}
		var again []wire.Task
		missing := map[int]bool{}
		for i, r := range results {
			switch {
			case r.Merged != nil:
				found[list[i].Task] = *r.Merged
				continue
			case r.Lost == nil:
				return nil, fmt.Errorf("%w: result of merge %d of level %d: want what was merged", wire.ErrMalformed, list[i].Task, level)
			case lost == maxLost:
				return nil, fmt.Errorf("level %d, partition %d: blocks were lost %d times, of tasks %v", level, list[i].Task, lost+1, r.Lost)
			}
			for _, task := range r.Lost {
				missing[task] = true
			}
			list[i].Attempt++
			again = append(again, list[i])
		}
		if err := c.makeAgain(ctx, level, lost+1, missing, tasks); err != nil {
			return nil, err
		}
		list = again
	}
	return found, nil
}

// makeAgain has the tasks carried out once more whose blocks are missing.
func (c *crew) makeAgain(ctx context.Context, level, attempt int, missing map[int]bool, tasks []partition.Merge) error {
	var list []wire.Task
	for _, m := range tasks {
		for _, s := range m.From {
			if missing[s.Task] {
				delete(missing, s.Task)
				e := &partition.Expand{Level: level, Partition: s.Partition, Piece: s.Piece, Watch: m.Watch}
				list = append(list, wire.Task{Job: c.n.ID, Task: s.Task, Attempt: attempt, Expand: e})
			}
		}
	}
	if len(list) == 0 {
		return nil
	}
	c.options.Log("level %d: the blocks of %d tasks were lost, and are made again", level, len(list))
	_, err := c.carryOut(ctx, level, expanding, list)
	return err
}

// Mark has the tasks carried out by whoever is free.
func (c *crew) Mark(ctx context.Context, tasks []partition.Mark, targets []partition.Block) (found []partition.Block, err error) {
	if len(tasks) == 0 {
		return nil, nil
	}
	level, key := tasks[0].Level, keyOf(tasks[0].Watch, targets)
	var goals []message
	for i, b := range targets {
		goals = append(goals, message{c.n.targets(level, key, i), wire.Rows(b)})
	}
	if len(goals) > 0 {
		if err := c.putAll(ctx, goals); err != nil {
			return nil, err
		}
	}
	list := make([]wire.Task, len(tasks))
	for i, t := range tasks {
		list[i] = wire.Task{Job: c.n.ID, Task: i, Mark: &wire.Mark{Mark: t, Key: key, Targets: len(targets)}}
	}
	results, err := c.carryOut(ctx, level, marking(key), list)
	if err != nil {
		return nil, err
	}
	for i, r := range results {
		for n := range r.Pieces {
			data, err := c.get(ctx, c.n.blocks(0), c.n.marked(level, key, i, n))
			if err != nil {
				return nil, err
			}
			b, err := wire.ReadRows(data)
			if err != nil {
				return nil, err
			}
			found = append(found, b)
		}
	}
	return found, nil
}
