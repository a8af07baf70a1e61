package grid

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"tcpclose/cluster/wire"
	"tcpclose/explore/partition"
	"tcpclose/explore/product"
)

// errMissing ends a search in which something has read what monitors keep that do not run.
var errMissing = errors.New("a monitor is missing")

// keyOf returns a word that stands for what a mark looks for.
func keyOf(watch product.Bits, targets []partition.Block) string {
	sum := sha256.New()
	fmt.Fprint(sum, watch)
	for _, b := range targets {
		fmt.Fprintf(sum, " %d ", len(b))
		sum.Write(b)
	}
	return fmt.Sprintf("%x", sum.Sum(nil)[:12])
}

// A phase is tasks of one kind that are being carried out.
type phase struct {
	*crew
	name    string
	level   int
	tasks   []wire.Task
	results []*wire.Done
	left    int
	place   map[string]int // by subject of the result: the task
	with    []string       // by task: whose it is
	idle    int            // how often in a row no task was found in the stream
}

// carryOut has tasks carried out, and returns what came of each.
func (c *crew) carryOut(ctx context.Context, level int, name string, tasks []wire.Task) ([]*wire.Done, error) {
	p := &phase{crew: c, name: name, level: level, tasks: tasks, results: make([]*wire.Done, len(tasks)), left: len(tasks), place: map[string]int{}, with: make([]string, len(tasks))}
	for i, t := range tasks {
		p.place[c.n.done(level, name, t.Attempt, t.Task)] = i
	}
	c.heard = time.Now()
	if err := p.look(ctx); err != nil { // a driver before this one may have come so far
		return nil, err
	}
	if err := p.listen(); err != nil {
		return nil, err
	}
	all := make([]int, len(tasks))
	for i := range all {
		all[i] = i
	}
	if err := p.publish(ctx, all); err != nil {
		return nil, err
	}
	return p.results, p.wait(ctx)
}

// wait returns when all tasks have ended.
func (p *phase) wait(ctx context.Context) error {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for p.left > 0 {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case m := <-p.endings:
			if err := p.read(ctx, string(m.Data)); err != nil {
				return err
			}
		case m := <-p.hellos:
			if err := p.hear(m.Data); err != nil {
				return err
			}
		case <-tick.C:
			if err := p.examine(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

// listen hears what workers have said meanwhile.
func (p *phase) listen() error {
	for {
		select {
		case m := <-p.hellos:
			if err := p.hear(m.Data); err != nil {
				return err
			}
		default:
			return nil
		}
	}
}

// hear takes note of a worker.
func (c *crew) hear(data []byte) error {
	h, err := wire.ReadHello(data, &c.n.Job)
	if err != nil {
		c.options.Log("%v", err)
		return nil
	}
	switch {
	case h.Refused != "":
		if c.refused[h.Worker] == "" {
			c.options.Log("worker %s cannot help: %s", h.Worker, h.Refused)
		}
		c.refused[h.Worker] = h.Refused
		return nil
	case h.Err != "":
		return fmt.Errorf("worker %s: %s", h.Worker, h.Err)
	}
	if c.workers[h.Worker] == nil {
		c.options.Log("worker %s is there, with %d hands", h.Worker, h.Hands)
	}
	c.workers[h.Worker] = &member{h.Hands, time.Now()}
	for _, p := range h.Known {
		if owner := c.owner[p]; c.workers[owner] == nil {
			c.owner[p] = h.Worker
		}
	}
	return nil
}

// look reads all results that there are.
func (p *phase) look(ctx context.Context) error {
	there, err := p.subjects(ctx, p.n.log(), p.n.subject("log", "done", p.level, p.name, ">"))
	if err != nil {
		return err
	}
	for subject := range there {
		if err := p.read(ctx, subject); err != nil {
			return err
		}
	}
	return nil
}

// read reads a result, if it is one of the phase and was not read.
func (p *phase) read(ctx context.Context, subject string) error {
	i, ok := p.place[subject]
	if !ok || p.results[i] != nil {
		return nil
	}
	data, err := p.get(ctx, p.n.log(), subject)
	if errors.Is(err, ErrAbsent) {
		return nil // it was said that it is there, but it is not: it will be made again
	}
	if err != nil {
		return err
	}
	d, err := wire.ReadDone(data, &p.n.Job)
	if err != nil {
		return err
	}
	if d.Missing != 0 {
		p.missing = d.Missing
		return errMissing
	}
	if d.Err != "" {
		return fmt.Errorf("level %d, %s, task %d: worker %s: %s", p.level, p.name, p.tasks[i].Task, d.Worker, d.Err)
	}
	p.results[i] = d
	p.left--
	p.heard, p.idle = time.Now(), 0
	if e := d.Expanded; e != nil && p.progress != nil {
		p.crew.at.Expanded += e.Expanded
		p.progress(p.crew.at)
	}
	return nil
}

// publish says what is to be done of the tasks, which have not ended.
func (p *phase) publish(ctx context.Context, tasks []int) error {
	var list []message
	for _, i := range tasks {
		if p.results[i] != nil {
			continue
		}
		p.with[i] = anyWorker
		if m := p.tasks[i].Merge; m != nil {
			worker, err := p.ownerOf(ctx, m.Partition)
			if err != nil {
				return err
			}
			p.with[i] = worker
		}
		data, err := json.Marshal(p.tasks[i])
		if err != nil {
			return err
		}
		list = append(list, message{p.n.task(p.with[i]), data})
	}
	return p.putAll(ctx, list)
}

// ownerOf returns the worker that has the states of a partition, or is to have them: of those
// that are there the one with the fewest for its hands.
func (p *phase) ownerOf(ctx context.Context, partition int) (string, error) {
	for began := time.Now(); len(p.workers) == 0; {
		select {
		case <-ctx.Done():
			return "", ctx.Err()
		case m := <-p.hellos:
			if err := p.hear(m.Data); err != nil {
				return "", err
			}
		case <-time.After(time.Second):
			if time.Since(began) > p.Patience {
				return "", p.alone()
			}
		}
	}
	count := map[string]int{}
	for _, w := range p.owner {
		count[w]++
	}
	least := ""
	for w, m := range p.workers {
		if least == "" || cmp.Or(cmp.Compare(count[w]*p.workers[least].hands, count[least]*m.hands), cmp.Compare(w, least)) < 0 {
			least = w
		}
	}
	owner := p.owner[partition]
	// One that is new gets its share, at the price of reading the states again.
	if m := p.workers[owner]; m == nil || count[least]*m.hands+2*p.workers[least].hands <= count[owner]*p.workers[least].hands {
		owner = least
	}
	p.owner[partition] = owner
	return owner, nil
}

// alone is the error if there is no worker.
func (p *phase) alone() error {
	if len(p.refused) > 0 {
		for w, why := range p.refused {
			return fmt.Errorf("no worker can help: %s: %s", w, why)
		}
	}
	return fmt.Errorf("no worker has said anything for %v: want one at least", p.Patience)
}

// maxIdle is after how many seconds in which the stream has no task those that have not ended
// are published again.
const maxIdle = 3

// examine finds out whether workers are gone, or tasks, and whether it is of use to wait.
func (p *phase) examine(ctx context.Context) error {
	if err := p.look(ctx); err != nil || p.left == 0 {
		return err
	}
	gone := []string{}
	for w, m := range p.workers {
		if time.Since(m.last) > p.Silence {
			gone = append(gone, w)
			delete(p.workers, w)
			p.options.Log("worker %s has said nothing for %v", w, p.Silence)
		}
	}
	if time.Since(p.heard) > p.Patience && len(p.workers) == 0 {
		return p.alone()
	}
	if most := 10 * p.Patience; time.Since(p.heard) > most {
		return fmt.Errorf("level %d, %s: no task has ended for %v", p.level, p.name, most)
	}
	for _, w := range gone {
		if err := p.purge(ctx, p.n.work(), p.n.task(w)); err != nil {
			return err
		}
	}
	there, err := p.subjects(ctx, p.n.work(), p.n.subject("work", ">"))
	if err != nil {
		return err
	}
	if p.idle++; len(there) > 0 {
		p.idle = 0
	}
	again := p.idle >= maxIdle
	var due []int
	for i := range p.tasks {
		if p.results[i] == nil && (again || slices.Contains(gone, p.with[i]) || p.with[i] != anyWorker && p.workers[p.with[i]] == nil) {
			due = append(due, i)
		}
	}
	if again {
		p.idle = 0
	}
	return p.publish(ctx, due)
}
