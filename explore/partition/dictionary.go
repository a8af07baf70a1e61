package partition

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"slices"
	"sync"

	"tcpclose/explore/product"
)

// Texts is how values of parts are told to others: the same value has the same text in every
// process.
type Texts interface {
	// Text appends the text of a part's value.
	Text(dst []byte, part int, v product.Value) []byte
	// ValueOf returns the value with that text. It reports false if there is none.
	ValueOf(part int, text []byte) (product.Value, bool)
}

// A Dictionary has the numbers, from 1, on which all have agreed for the values of the halves.
// Several goroutines may use it.
type Dictionary struct {
	share      *product.Share
	texts      Texts
	partitions int

	mu     sync.RWMutex
	names  names
	counts [][2]uint32 // by level: how many values of each half had numbers when it was entered
}

// names is a state of the dictionary. What it has does not change.
type names struct {
	local  [2][]uint32 // by number: the number in this process
	number [2][]uint32 // by the number in this process: the number, or 0
	home   []uint16    // by number of a first half: the partition of its row
}

// NewDictionary returns a dictionary without values.
func NewDictionary(share *product.Share, texts Texts, partitions int) *Dictionary {
	d := &Dictionary{share: share, texts: texts, partitions: partitions}
	for side := range 2 {
		d.names.local[side], d.names.number[side] = []uint32{0}, []uint32{0}
	}
	d.names.home = []uint16{0}
	return d
}

// Levels returns how many levels' values have numbers.
func (d *Dictionary) Levels() int {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return len(d.counts)
}

// at returns the names, and how many there were when a level was entered.
func (d *Dictionary) at(level int) (n names, known [2]uint32, err error) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	if level >= len(d.counts) {
		return n, known, fmt.Errorf("level %d: its values have no numbers: want those of levels 0 to %d only", level, len(d.counts)-1)
	}
	return d.names, d.counts[level], nil
}

// Enter gives the next numbers to the values of the next level that are new, in this order.
func (d *Dictionary) Enter(level int, texts [2][][]byte) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if level != len(d.counts) {
		return fmt.Errorf("values of level %d: want those of level %d", level, len(d.counts))
	}
	next := d.names
	for side, list := range texts {
		local := next.local[side]
		for _, text := range list {
			v, err := d.read(side, text)
			if err != nil {
				return err
			}
			local = append(local, v)
			if side == 0 {
				next.home = append(next.home, d.homeOf(text))
			}
		}
		number := make([]uint32, d.share.Len(side)+1)
		copy(number, next.number[side])
		for n := len(next.local[side]); n < len(local); n++ {
			if number[local[n]] != 0 {
				return fmt.Errorf("values of level %d: number %d of half %d is number %d, too", level, n, side, number[local[n]])
			}
			number[local[n]] = uint32(n)
		}
		next.local[side], next.number[side] = local, number
	}
	d.names = next
	d.counts = append(d.counts, [2]uint32{uint32(len(next.local[0]) - 1), uint32(len(next.local[1]) - 1)})
	return nil
}

// homeOf returns the partition of the row of a first half.
func (d *Dictionary) homeOf(text []byte) uint16 {
	h := fnv.New64a()
	h.Write(text)
	return uint16((h.Sum64() >> 20) % uint64(d.partitions))
}

// text returns the text of a half's value by its number here.
func (d *Dictionary) text(side int, v uint32) (text []byte) {
	t := d.share.Value(side, v)
	var one []byte
	for _, part := range d.share.Parts(side) {
		one = d.texts.Text(one[:0], part, t[part])
		text = binary.AppendUvarint(text, uint64(len(one)))
		text = append(text, one...)
	}
	return text
}

// read returns the number here of the value that has a text.
func (d *Dictionary) read(side int, text []byte) (uint32, error) {
	var t product.Tuple
	rest := text
	for _, part := range d.share.Parts(side) {
		n, at := binary.Uvarint(rest)
		if at <= 0 || n > uint64(len(rest)-at) {
			return 0, fmt.Errorf("value of half %d: part %d: want %d octets, have %d", side, part, n, len(rest)-max(at, 0))
		}
		v, ok := d.texts.ValueOf(part, rest[at:at+int(n)])
		if !ok {
			return 0, fmt.Errorf("value of half %d: part %d: %x is no value", side, part, rest[at:at+int(n)])
		}
		t[part], rest = v, rest[at+int(n):]
	}
	v := d.share.Number(side, t)
	if len(rest) > 0 || !bytes.Equal(d.text(side, v), text) {
		return 0, fmt.Errorf("value of half %d: %x is not how it is written", side, text)
	}
	return v, nil
}

// A Naming is the numbers that values got when a level was entered.
type Naming struct {
	Level int
	Texts [2][][]byte // of what is new in it, in the order of the numbers
	// Of is, by task of the level before, the numbers of what was new to that.
	Of [][2][]uint32
}

// Learn gives the values of a level the numbers that they have got elsewhere.
func (d *Dictionary) Learn(n *Naming) error {
	if err := d.Enter(n.Level, n.Texts); err != nil {
		return err
	}
	_, known, err := d.at(n.Level)
	for _, of := range n.Of {
		for side, list := range of {
			for _, v := range list {
				if v == 0 || v > known[side] {
					return fmt.Errorf("values of level %d: a task's is number %d: want at most %d", n.Level, v, known[side])
				}
			}
		}
	}
	return err
}

// name numbers what was new to the tasks that have expanded the level before.
func (d *Dictionary) name(level int, tasks []Expanded) (*Naming, error) {
	n := &Naming{Level: level, Of: make([][2][]uint32, len(tasks))}
	for side := range n.Texts {
		var all [][]byte
		for i := range tasks {
			all = append(all, tasks[i].New[side]...)
		}
		slices.SortFunc(all, bytes.Compare)
		n.Texts[side] = slices.CompactFunc(all, bytes.Equal)
	}
	if err := d.Enter(level, n.Texts); err != nil {
		return nil, err
	}
	now, _, err := d.at(level)
	if err != nil {
		return nil, err
	}
	for i := range tasks {
		for side, list := range tasks[i].New {
			for _, text := range list {
				v, err := d.read(side, text)
				if err != nil {
					return nil, err
				}
				n.Of[i][side] = append(n.Of[i][side], now.number[side][v])
			}
		}
	}
	return n, nil
}
