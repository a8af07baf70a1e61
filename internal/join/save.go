package join

import (
	"encoding/binary"
	"errors"

	"tcpclose/explore/product"
	"tcpclose/invariants"
)

// A numbering is what save and load need of one.
type numbering interface {
	Bytes() []byte
	Restore([]byte) bool
}

// numberings returns all of p, in the order in which they are kept.
func (p *Product) numberings() []numbering {
	list := []numbering{&p.Ends, &p.Nets, &p.Budgets, &p.messages}
	if p.box > 0 {
		list = append(list, &p.Boxes)
	}
	return list
}

// Save returns what the numbers in states stand for: the length and the bytes of each
// numbering.
func (p *Product) Save() (b []byte, err error) {
	for _, n := range p.numberings() {
		values := n.Bytes()
		b = binary.AppendUvarint(b, uint64(len(values)))
		b = append(b, values...)
	}
	return b, nil
}

func (p *Product) Load(b []byte) error {
	for _, n := range p.numberings() {
		length, at := binary.Uvarint(b)
		if at <= 0 || length > uint64(len(b)-at) || !n.Restore(b[at:at+int(length)]) {
			return errors.New("it was written for another start")
		}
		b = b[at+int(length):]
	}
	return nil
}

// Known reports whether there is such a value of a part.
func (p *Product) Known(part int, v product.Value) bool {
	n := 0
	switch p.Parts[part].(type) {
	case endPart:
		n = p.Ends.Len()
	case netPart:
		n = p.Nets.Len()
	case budgetPart:
		n = p.Budgets.Len()
	case boxPart:
		n = p.Boxes.Len()
	}
	return v > 0 && int(v) <= n
}

// of returns the numbering of a part's values.
func (p *Product) of(part int) interface {
	Text(dst []byte, i uint32) []byte
	Read(text []byte) (uint32, bool)
} {
	switch p.Parts[part].(type) {
	case endPart:
		return &p.Ends
	case netPart:
		return &p.Nets
	case *crowdPart:
		return &p.crowds
	case boxPart:
		return &p.Boxes
	}
	return &p.Budgets
}

// Text appends a part's value as every process of the same build writes it.
func (p *Product) Text(dst []byte, part int, v product.Value) []byte {
	return p.of(part).Text(dst, uint32(v))
}

// ValueOf returns the value of a part that has a text. It reports false if there is none; that
// the value is one that the part can have is not examined.
func (p *Product) ValueOf(part int, text []byte) (product.Value, bool) {
	v, ok := p.of(part).Read(text)
	return product.Value(v), ok
}

// Miss says that what monitors keep was read and that they do not run, as a search by others
// has found.
func (p *Product) Miss(missing invariants.Monitors) { p.missed.Or(uint32(missing)) }
