package partition

import (
	"bytes"
	"fmt"
	"maps"
	"slices"

	"tcpclose/explore/internal/store"
	"tcpclose/explore/product"
)

// An Expand is the task to take the steps from a piece of what is new in a partition.
type Expand struct {
	Level, Partition, Piece int
	Watch                   product.Bits // the watches in use
}

// An Expanded is what it has found, but for the blocks.
type Expanded struct {
	product.Tally
	Cut    []string    // the bounds for which steps were cut
	New    [2][][]byte // the texts of the half values that had no number, in ascending order
	Blocks []int       // by partition: how many there are for it
	Bytes  int         // in all of them
}

// A Merge is the task to find what is new in a partition.
type Merge struct {
	Level, Partition int          // the level that was expanded
	Watch            product.Bits // the watches in use
	Pieces           []int        // by level, up to this one: the pieces of what was new
	From             []Source     // those that have found something for the partition
}

// A Source is a task that has expanded a piece of the level.
type Source struct {
	Task             int // its place among all
	Partition, Piece int
	Blocks           int
}

// A Merged is what a merge has found, but for the pieces.
type Merged struct {
	States, Pieces, Bytes int          // of what is new
	Ahead                 product.Bits // what state watches see there
}

// A Mark is the task to find, in a piece, the states before others.
type Mark struct {
	Level, Partition, Piece int
	Watch                   product.Bits
}

// A Hand carries out tasks, one at a time.
type Hand struct {
	dictionary *Dictionary
	expander   *product.Expander
	bytes      int // of a block
}

// NewHand returns a hand that makes blocks of about so many bytes.
func NewHand(d *Dictionary, bytes int) *Hand {
	return &Hand{d, d.share.NewExpander(), bytes}
}

// rows is rows with the numbers of this process.
type rows struct {
	xs []uint32
	to []int // of each: where it ends in ys
	ys []uint32
}

func (r *rows) each(visit func(x uint32, ys []uint32)) {
	from := 0
	for i, x := range r.xs {
		visit(x, r.ys[from:r.to[i]])
		from = r.to[i]
	}
}

// local reads a piece of a level.
func (h *Hand) local(level int, piece Block) (r rows, err error) {
	n, known, err := h.dictionary.at(level)
	if err != nil {
		return r, err
	}
	err = piece.each(known, func(x uint32, ys []uint32) error {
		r.xs = append(r.xs, n.local[0][x])
		for _, y := range ys {
			r.ys = append(r.ys, n.local[1][y])
		}
		r.to = append(r.to, len(r.ys))
		return nil
	})
	return r, err
}

// Expand carries out t, and returns the blocks for each partition.
func (h *Hand) Expand(t Expand, piece Block) (found Expanded, blocks [][]Block, err error) {
	from, err := h.local(t.Level, piece)
	if err != nil {
		return found, nil, err
	}
	e := h.expander
	e.Begin(t.Watch)
	from.each(e.Known)
	from.each(e.Expand)
	tally, cut := e.Found()
	found = Expanded{Tally: tally, Cut: slices.Sorted(maps.Keys(cut))}
	if blocks, err = h.gather(t.Level, &found); err != nil {
		return found, nil, err
	}
	found.Fresh = 0
	for _, list := range blocks {
		found.Blocks = append(found.Blocks, len(list))
		for _, b := range list {
			found.Fresh += b.States()
			found.Bytes += len(b)
		}
	}
	return found, blocks, nil
}

// A target is a row that steps have led to.
type target struct {
	home int
	x    uint32
	ys   []uint32
}

// gather packs what was found, for each partition, with numbers that all understand: those
// that values have, and after these the places of values that are new.
func (h *Hand) gather(level int, found *Expanded) ([][]Block, error) {
	names, known, err := h.dictionary.at(level)
	if err != nil {
		return nil, err
	}
	var number [2][]uint32 // by the number here
	for side := range number {
		number[side] = make([]uint32, h.dictionary.share.Len(side)+1)
		copy(number[side], names.number[side])
		for v, n := range number[side] {
			if n > known[side] {
				number[side][v] = 0 // it was met in this level, or later
			}
		}
	}
	var fresh [2][]uint32
	mark := func(side int, v uint32) {
		if number[side][v] == 0 {
			number[side][v] = 1
			fresh[side] = append(fresh[side], v)
		}
	}
	for x, ys := range h.expander.Rows() {
		mark(0, x)
		for _, y := range ys {
			mark(1, y)
		}
	}
	homes := map[uint32]int{}
	for side, list := range fresh {
		type named struct {
			v    uint32
			text []byte
		}
		var all []named
		for _, v := range list {
			all = append(all, named{v, h.dictionary.text(side, v)})
		}
		slices.SortFunc(all, func(a, b named) int { return bytes.Compare(a.text, b.text) })
		for i, n := range all {
			number[side][n.v] = known[side] + 1 + uint32(i)
			found.New[side] = append(found.New[side], n.text)
			if side == 0 {
				homes[number[0][n.v]] = int(h.dictionary.homeOf(n.text))
			}
		}
	}
	targets := make([][]target, h.dictionary.partitions)
	for x, ys := range h.expander.Rows() {
		t := target{x: number[0][x], ys: ys}
		if t.x <= known[0] {
			t.home = int(names.home[t.x])
		} else {
			t.home = homes[t.x]
		}
		for i, y := range ys {
			ys[i] = number[1][y]
		}
		targets[t.home] = append(targets[t.home], t)
	}
	return h.packAll(targets), nil
}

func (h *Hand) packAll(targets [][]target) (blocks [][]Block) {
	p := packer{bytes: h.bytes}
	for _, list := range targets {
		slices.SortFunc(list, func(a, b target) int { return int(a.x) - int(b.x) })
		for _, t := range list {
			p.add(t.x, t.ys)
		}
		blocks = append(blocks, p.take())
	}
	return blocks
}

// Known is the states of a partition that are known.
type Known struct {
	Levels int // how many levels they are of
	set    *store.RowSet
	view   store.RowView
	Bytes  int // of the pieces
}

// NewKnown returns the states of no level.
func (d *Dictionary) NewKnown() *Known {
	set := &store.RowSet{Width: func() int {
		d.mu.RLock()
		defer d.mu.RUnlock()
		return len(d.names.local[1])
	}}
	return &Known{set: set, view: store.RowView{Set: set}}
}

// Drop gives back the memory.
func (k *Known) Drop() { k.set.Slots.Drop() }

// load adds a piece of a level.
func (k *Known) load(level int, d *Dictionary, piece Block) error {
	_, known, err := d.at(level)
	if err != nil {
		return err
	}
	err = piece.each(known, func(x uint32, ys []uint32) error {
		if k.view.Insert(x, ys) < len(ys) {
			return fmt.Errorf("a piece of level %d has a state of row %d that was known", level, x)
		}
		k.view.Row(x).Settle()
		return nil
	})
	k.view.Dirty = k.view.Dirty[:0]
	k.Bytes += len(piece)
	return err
}

// Load adds what is new in the levels that known lacks, up to that one which t merges. piece
// returns a piece.
func (h *Hand) Load(known *Known, t Merge, piece func(level, i int) (Block, error)) error {
	if len(t.Pieces) != t.Level+1 || known.Levels > t.Level+1 {
		return fmt.Errorf("merge of level %d: pieces of %d levels, %d known: want those of each level up to it", t.Level, len(t.Pieces), known.Levels)
	}
	for ; known.Levels <= t.Level; known.Levels++ {
		for i := range t.Pieces[known.Levels] {
			b, err := piece(known.Levels, i)
			if err == nil {
				err = known.load(known.Levels, h.dictionary, b)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// Merge carries out t. known has all levels up to that one, and then what is new as well; after
// an error it is not to be used. names has the numbers of what the tasks have found new; block
// returns a block of a source.
func (h *Hand) Merge(t Merge, known *Known, names *Naming, block func(s Source, i int) (Block, error)) (found Merged, pieces []Block, err error) {
	if known.Levels != t.Level+1 || names.Level != t.Level+1 {
		return found, nil, fmt.Errorf("merge of level %d with %d levels known and names of level %d: want %d of each", t.Level, known.Levels, names.Level, t.Level+1)
	}
	_, old, err := h.dictionary.at(t.Level)
	if err != nil {
		return found, nil, err
	}
	for _, s := range t.From {
		if s.Task < 0 || s.Task >= len(names.Of) {
			return found, nil, fmt.Errorf("merge of level %d: task %d: want one of %d", t.Level, s.Task, len(names.Of))
		}
		of := &names.Of[s.Task]
		most := [2]uint32{old[0] + uint32(len(of[0])), old[1] + uint32(len(of[1]))}
		for i := range s.Blocks {
			b, err := block(s, i)
			if err == nil {
				err = b.each(most, func(x uint32, ys []uint32) error {
					known.add(x, ys, old, of)
					return nil
				})
			}
			if err != nil {
				return found, nil, err
			}
		}
	}
	return h.fresh(t, known)
}

// add inserts a row, with the numbers that what was new has got.
func (k *Known) add(x uint32, ys []uint32, old [2]uint32, of *[2][]uint32) {
	if x > old[0] {
		x = of[0][x-old[0]-1]
	}
	for i := len(ys) - 1; i >= 0 && ys[i] > old[1]; i-- {
		ys[i] = of[1][ys[i]-old[1]-1]
	}
	k.view.Insert(x, ys)
}

// fresh packs what has come since the level.
func (h *Hand) fresh(t Merge, known *Known) (found Merged, pieces []Block, err error) {
	names, _, err := h.dictionary.at(t.Level + 1)
	if err != nil {
		return found, nil, err
	}
	h.expander.Begin(t.Watch)
	watches := !t.Watch.And(h.dictionary.share.Standing()).Empty()
	p := packer{bytes: h.bytes}
	dirty := known.view.Dirty
	slices.Sort(dirty)
	var local []uint32
	for _, x := range dirty {
		row := known.view.Row(x)
		p.add(x, row.Fresh)
		found.States += len(row.Fresh)
		if watches {
			local = local[:0]
			for _, y := range row.Fresh {
				local = append(local, names.local[1][y])
			}
			found.Ahead = found.Ahead.Or(h.expander.Seen(names.local[0][x], local))
		}
		row.Settle()
	}
	known.view.Dirty = dirty[:0]
	known.Levels++
	pieces = p.take()
	for _, b := range pieces {
		found.Bytes += len(b)
	}
	found.Pieces = len(pieces)
	known.Bytes += found.Bytes
	return found, pieces, nil
}

// Targets reads states of a level.
func (h *Hand) Targets(level int, blocks []Block) (*product.Targets, error) {
	var states []product.State
	for _, b := range blocks {
		r, err := h.local(level, b)
		if err != nil {
			return nil, err
		}
		r.each(func(x uint32, ys []uint32) {
			for _, y := range ys {
				states = append(states, product.State{x, y})
			}
		})
	}
	return h.dictionary.share.NewTargets(states), nil
}

// Mark carries out t: it returns the states of the piece before the targets, or before what the
// watches see.
func (h *Hand) Mark(t Mark, piece Block, targets *product.Targets) ([]Block, error) {
	from, err := h.local(t.Level, piece)
	if err != nil {
		return nil, err
	}
	names, _, err := h.dictionary.at(t.Level)
	if err != nil {
		return nil, err
	}
	h.expander.Begin(t.Watch)
	var states []product.State
	from.each(func(x uint32, ys []uint32) {
		h.expander.Before(x, ys, targets, func(s product.State) {
			states = append(states, product.State{names.number[0][s[0]], names.number[1][s[1]]})
		})
	})
	return pack(states, h.bytes), nil
}
