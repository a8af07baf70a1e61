package partition

import (
	"context"
	"sync"
	"sync/atomic"
)

// Local carries out tasks in this process, and keeps everything in memory: it is how tests and
// measurements see the tasks alone. A crew on other machines does the same.
type Local struct {
	dictionary *Dictionary
	hands      []*Hand
	pieces     map[[3]int]Block // by level, partition and place
	known      []*Known         // by partition
	blocks     map[[4]int]Block // of this level: by partition and piece from, partition to, and place
	names      *Naming
}

// NewLocal returns a crew of so many hands. Its dictionary can be that of the driver, or one of
// its own, as on another machine.
func NewLocal(d *Dictionary, hands, bytes int) *Local {
	l := &Local{dictionary: d, pieces: map[[3]int]Block{}, blocks: map[[4]int]Block{}}
	for range hands {
		l.hands = append(l.hands, NewHand(d, bytes))
	}
	for range d.partitions {
		l.known = append(l.known, d.NewKnown())
	}
	return l
}

var _ Crew = (*Local)(nil)

// each carries out n tasks with all hands.
func (l *Local) each(n int, f func(h *Hand, i int) error) error {
	var taken atomic.Int64
	errs := make([]error, len(l.hands))
	var wg sync.WaitGroup
	for w, h := range l.hands {
		wg.Go(func() {
			for i := int(taken.Add(1)) - 1; i < n && errs[w] == nil; i = int(taken.Add(1)) - 1 {
				errs[w] = f(h, i)
			}
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// Enter forgets the blocks of the level before.
func (l *Local) Enter(ctx context.Context, _ *Position, names *Naming, first [][]Block) error {
	clear(l.blocks)
	if first != nil {
		if err := l.Name(ctx, names); err != nil {
			return err
		}
	}
	for p, list := range first {
		for i, b := range list {
			l.pieces[[3]int{0, p, i}] = b
		}
	}
	return nil
}

// Name keeps the names for Merge.
func (l *Local) Name(_ context.Context, names *Naming) error {
	l.names = names
	if l.dictionary.Levels() > names.Level {
		return nil // it is that of the driver
	}
	return l.dictionary.Enter(names.Level, names.Texts)
}

// Expand carries out the tasks.
func (l *Local) Expand(_ context.Context, tasks []Expand) ([]Expanded, error) {
	found := make([]Expanded, len(tasks))
	var mu sync.Mutex
	return found, l.each(len(tasks), func(h *Hand, i int) (err error) {
		t := tasks[i]
		var blocks [][]Block
		found[i], blocks, err = h.Expand(t, l.pieces[[3]int{t.Level, t.Partition, t.Piece}])
		mu.Lock()
		defer mu.Unlock()
		for p, list := range blocks {
			for n, b := range list {
				l.blocks[[4]int{t.Partition, t.Piece, p, n}] = b
			}
		}
		return err
	})
}

// Merge carries out the tasks.
func (l *Local) Merge(_ context.Context, tasks []Merge) ([]Merged, error) {
	found := make([]Merged, len(tasks))
	var mu sync.Mutex
	return found, l.each(len(tasks), func(h *Hand, i int) error {
		t, known := tasks[i], l.known[tasks[i].Partition]
		err := h.Load(known, t, func(level, i int) (Block, error) {
			mu.Lock()
			defer mu.Unlock()
			return l.pieces[[3]int{level, t.Partition, i}], nil
		})
		if err != nil {
			return err
		}
		m, list, err := h.Merge(t, known, l.names, func(s Source, i int) (Block, error) {
			return l.blocks[[4]int{s.Partition, s.Piece, t.Partition, i}], nil
		})
		mu.Lock()
		defer mu.Unlock()
		for i, b := range list {
			l.pieces[[3]int{t.Level + 1, t.Partition, i}] = b
		}
		found[i] = m
		return err
	})
}

// Mark carries out the tasks.
func (l *Local) Mark(_ context.Context, tasks []Mark, targets []Block) (found []Block, err error) {
	if len(tasks) == 0 {
		return nil, nil
	}
	goals, err := l.hands[0].Targets(tasks[0].Level+1, targets)
	if err != nil {
		return nil, err
	}
	lists := make([][]Block, len(tasks))
	err = l.each(len(tasks), func(h *Hand, i int) (err error) {
		t := tasks[i]
		lists[i], err = h.Mark(t, l.pieces[[3]int{t.Level, t.Partition, t.Piece}], goals)
		return err
	})
	for _, list := range lists {
		found = append(found, list...)
	}
	return found, err
}
