package partition

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"tcpclose/explore"
	"tcpclose/explore/product"
)

// A Crew carries out tasks, and keeps what they have made. Its methods return what the tasks
// have found in the order of the tasks.
type Crew interface {
	// Enter keeps what is known now that a level is entered. If it is the first, states has
	// its pieces by partition. What the tasks of the level before have made, but for the
	// pieces of what is new, is not needed any more.
	Enter(ctx context.Context, at *Position, names *Naming, first [][]Block) error
	// Name keeps the numbers that values of the level have got, for all to learn.
	Name(ctx context.Context, names *Naming) error
	Expand(ctx context.Context, tasks []Expand) ([]Expanded, error)
	Merge(ctx context.Context, tasks []Merge) ([]Merged, error)
	Mark(ctx context.Context, tasks []Mark, targets []Block) ([]Block, error)
}

// A Position is what is known when a level is entered.
type Position struct {
	Result explore.Result
	Found  map[int]int // by watch: the least number of steps
	Cut    []string
	Pieces [][]int // by level and partition: the pieces of what was new
	Moved  Moved
}

// Moved counts what was made and moved so far.
type Moved struct {
	States, Bytes int // in the blocks from Expand to Merge
	New           int // bytes of the pieces of what was new
}

// Options are the options of a search.
type Options struct {
	Partitions int
	Bytes      int // of a block
	Limits     explore.Limits
	Enough     func(found func(watch int) bool) bool
	// Level, if it is not nil, is called when a level was entered.
	Level func(at *Position)
}

// DefaultBytes is the size of a block, and DefaultPartitions the number of partitions. A
// message of NATS has at most a million bytes unless it is told otherwise.
const (
	DefaultBytes      = 448 << 10
	DefaultPartitions = 32
	MaxPartitions     = 1 << 12
)

// A driver drives a search.
type driver struct {
	share      *product.Share
	dictionary *Dictionary
	crew       Crew
	options    Options
	*Position
}

// Run searches the product of share, beginning at a position or, if that is nil, at its start.
// The dictionary has the values of the position's levels. If ctx is done the search is
// incomplete; what goes wrong otherwise is an error.
func Run(ctx context.Context, share *product.Share, d *Dictionary, crew Crew, at *Position, o Options) (*product.Explored, *Position, error) {
	r := &driver{share, d, crew, o, at}
	if at == nil {
		if err := r.begin(ctx); err != nil {
			return nil, nil, err
		}
	}
	if want := len(r.Pieces); d.Levels() < want || want != r.Result.Depth {
		return nil, nil, fmt.Errorf("position after %d levels with pieces of %d, names of %d: want the same", r.Result.Depth, want, d.Levels())
	}
	why, err := r.levels(ctx)
	if err != nil {
		return nil, nil, err
	}
	if why != "" {
		r.cut(why)
	}
	r.Result.Incomplete = r.Cut
	before := func(level int, watches product.Bits, targets []product.State) ([]product.State, error) {
		return r.before(ctx, level, watches, targets)
	}
	g := product.Gathering{Result: r.Result, Found: r.Found, Open: why != "", Before: before}
	return share.Explored(g), r.Position, nil
}

// levels expands levels until there is a reason to stop.
func (r *driver) levels(ctx context.Context) (why string, err error) {
	for more := r.Result.Distinct > 0; more; {
		switch limit := r.options.Limits.Depth; {
		case ctx.Err() != nil:
			return endedBy(ctx), nil
		case r.options.Enough != nil && r.options.Enough(r.hasFound):
			return explore.BoundEnough, nil
		case limit > 0 && r.Result.Depth > limit:
			return explore.BoundDepth, nil
		}
		more, why, err = r.level(ctx)
		if err != nil && ctx.Err() != nil {
			return endedBy(ctx), nil
		}
		if err != nil || why != "" {
			return why, err
		}
	}
	return "", nil
}

func endedBy(ctx context.Context) string {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return explore.TimedOut
	}
	return explore.Interrupted
}

func (r *driver) hasFound(watch int) bool {
	_, ok := r.Found[watch]
	return ok
}

// cut notes why the search is incomplete.
func (r *driver) cut(why ...string) {
	r.Cut = slices.Concat(r.Cut, why)
	slices.Sort(r.Cut)
	r.Cut = slices.Compact(r.Cut)
}

// note records what was seen for the first time, and after how many steps.
func (r *driver) note(seen product.Bits, steps int) {
	for i := range explore.MaxWatches {
		if _, known := r.Found[i]; seen.Has(i) && !known {
			r.Found[i] = steps
		}
	}
}

// watch returns the watches that have seen nothing yet.
func (r *driver) watch() product.Bits {
	watch := product.All
	for i := range r.Found {
		watch = watch.Without(product.Bit(i))
	}
	return watch
}

// begin enters the initial states.
func (r *driver) begin(ctx context.Context) error {
	r.Position = &Position{Found: map[int]int{}}
	initial, count := r.share.Initial()
	r.Result = explore.Result{Distinct: len(initial), Generated: count}
	if len(initial) == 0 {
		return nil
	}
	var found Expanded
	e := r.share.NewExpander()
	e.Begin(product.All)
	met := [2]map[uint32]bool{{}, {}}
	for _, k := range initial {
		r.note(e.Seen(k[0], []uint32{k[1]}), 0)
		for side, v := range k {
			if !met[side][v] {
				met[side][v] = true
				found.New[side] = append(found.New[side], r.dictionary.text(side, v))
			}
		}
	}
	names, err := r.dictionary.name(0, []Expanded{found})
	if err != nil {
		return err
	}
	n, _, err := r.dictionary.at(0)
	if err != nil {
		return err
	}
	home := make([][]product.State, r.dictionary.partitions)
	for _, k := range initial {
		x := n.number[0][k[0]]
		home[n.home[x]] = append(home[n.home[x]], product.State{x, n.number[1][k[1]]})
	}
	first, pieces := make([][]Block, len(home)), make([]int, len(home))
	for i, states := range home {
		first[i] = pack(states, r.options.Bytes)
		pieces[i] = len(first[i])
	}
	return r.enter(ctx, names, pieces, first)
}

// enter makes the states that were found the last level.
func (r *driver) enter(ctx context.Context, names *Naming, pieces []int, first [][]Block) error {
	r.Pieces = append(r.Pieces, pieces)
	r.Result.Depth = len(r.Pieces)
	if err := r.crew.Enter(ctx, r.Position, names, first); err != nil {
		return err
	}
	if r.options.Level != nil {
		r.options.Level(r.Position)
	}
	return nil
}

// level takes every step from the last level, and enters the next one if there is more. The
// position changes as a whole when everything is known.
func (r *driver) level(ctx context.Context) (more bool, why string, err error) {
	d := len(r.Pieces) - 1
	watch := r.watch()
	var expands []Expand
	for p, pieces := range r.Pieces[d] {
		for i := range pieces {
			expands = append(expands, Expand{d, p, i, watch})
		}
	}
	expanded, err := r.crew.Expand(ctx, expands)
	if err != nil {
		return false, "", err
	}
	names, err := r.dictionary.name(d+1, expanded)
	if err != nil {
		return false, "", err
	}
	if err := r.crew.Name(ctx, names); err != nil {
		return false, "", err
	}
	merged, err := r.crew.Merge(ctx, r.merges(d, watch, expands, expanded))
	if err != nil {
		return false, "", err
	}
	var sum Expanded
	cut := map[string]bool{}
	for i := range expanded {
		e := &expanded[i]
		sum.Generated += e.Generated
		sum.Terminals += e.Terminals
		sum.Here, sum.Ahead = sum.Here.Or(e.Here), sum.Ahead.Or(e.Ahead)
		for _, why := range e.Cut {
			cut[why] = true
		}
		r.Moved.States += e.Fresh
		r.Moved.Bytes += e.Bytes
	}
	pieces, states := make([]int, len(r.Pieces[d])), 0
	for p, m := range merged {
		states += m.States
		pieces[p] = m.Pieces
		sum.Ahead = sum.Ahead.Or(m.Ahead)
		r.Moved.New += m.Bytes
	}
	r.note(sum.Here, d)
	r.note(sum.Ahead, d+1)
	r.cut(slices.Collect(maps.Keys(cut))...)
	if limit := r.options.Limits.States; limit > 0 && r.Result.Distinct+states > limit {
		return true, explore.BoundStates, nil
	}
	r.Result.Generated += sum.Generated
	r.Result.Terminals += sum.Terminals
	r.Result.Distinct += states
	if states == 0 {
		return false, "", nil
	}
	return true, "", r.enter(ctx, names, pieces, nil)
}

// merges returns the tasks that merge level d: one for each partition for which something was
// found.
func (r *driver) merges(d int, watch product.Bits, expands []Expand, expanded []Expanded) []Merge {
	tasks := make([]Merge, len(r.Pieces[d]))
	for p := range tasks {
		tasks[p] = Merge{Level: d, Partition: p, Watch: watch}
		for l := range r.Pieces {
			tasks[p].Pieces = append(tasks[p].Pieces, r.Pieces[l][p])
		}
		for i, e := range expanded {
			if n := e.Blocks[p]; n > 0 {
				tasks[p].From = append(tasks[p].From, Source{i, expands[i].Partition, expands[i].Piece, n})
			}
		}
	}
	return tasks
}

// before returns the states of a level before the targets, or before what the watches see.
func (r *driver) before(ctx context.Context, level int, watches product.Bits, targets []product.State) ([]product.State, error) {
	var tasks []Mark
	for p, pieces := range r.Pieces[level] {
		for i := range pieces {
			tasks = append(tasks, Mark{level, p, i, watches})
		}
	}
	names, _, err := r.dictionary.at(level)
	if err != nil {
		return nil, err
	}
	numbered := make([]product.State, 0, len(targets))
	if len(targets) > 0 { // they are of the next level
		names, _, err := r.dictionary.at(level + 1)
		if err != nil {
			return nil, err
		}
		for _, k := range targets {
			numbered = append(numbered, product.State{names.number[0][k[0]], names.number[1][k[1]]})
		}
	}
	blocks, err := r.crew.Mark(ctx, tasks, pack(numbered, r.options.Bytes))
	if err != nil {
		return nil, err
	}
	_, known, err := r.dictionary.at(level)
	if err != nil {
		return nil, err
	}
	var states []product.State
	for _, b := range blocks {
		err := b.each(known, func(x uint32, ys []uint32) error {
			for _, y := range ys {
				states = append(states, product.State{names.local[0][x], names.local[1][y]})
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return states, nil
}
