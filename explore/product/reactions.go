package product

// reactions is an open hash table from value and message to move.
type reactions struct {
	slots []reaction
	used  int
}

type reaction struct {
	v    Value // 0 is a free slot
	in   Message
	move *Move
}

func (t *reactions) find(v Value, in Message) (m *Move, ok bool) {
	mask := len(t.slots) - 1
	for i := int(spread(v, in)); mask >= 0; i++ {
		slot := &t.slots[i&mask]
		if slot.v == v && slot.in == in {
			return slot.move, true
		}
		if slot.v == 0 {
			return nil, false
		}
	}
	return nil, false
}

// spread returns the slot where the search for a value and a message begins. It is enough for
// numbers that are small.
func spread(v Value, in Message) uint64 {
	return (uint64(v)<<32 | uint64(in)) * 0x9e3779b97f4a7c15 >> 32
}

func (t *reactions) add(v Value, in Message, m *Move) {
	if t.used >= len(t.slots)/2 {
		old := t.slots
		t.slots = make([]reaction, max(64, 2*len(old)))
		for _, r := range old {
			if r.v != 0 {
				*t.free(r.v, r.in) = r
			}
		}
	}
	t.used++
	*t.free(v, in) = reaction{v, in, m}
}

func (t *reactions) free(v Value, in Message) *reaction {
	mask := uint64(len(t.slots) - 1)
	i := spread(v, in) & mask
	for t.slots[i].v != 0 {
		i = (i + 1) & mask
	}
	return &t.slots[i]
}
