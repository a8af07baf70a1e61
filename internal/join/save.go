package join

import (
	"encoding/binary"
	"errors"

	"tcpclose/explore/product"
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
