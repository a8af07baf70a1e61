package join

import (
	"cmp"
	"encoding/binary"
	"slices"

	"tcpclose/explore/product"
	"tcpclose/model"
)

// A crowd is what is in transit in one direction where a channel has room for whatever is
// sent: a set of packets, in an order of its own. It is kept as a text, so that it can be
// compared. What happens to a packet there is what model.Medium does to a channel that has
// no other segments: in a network without limits packets do not depend on each other.
type crowd string

// packetBytes is the length of a packet in a crowd.
const packetBytes = 11

// behindBit tells, beside the control bits, that a packet has come by the box.
const behindBit = 1 << 7

// maxCrowd bounds a crowd: what exceeds it is the bound "capacity". A Place has a byte.
const maxCrowd = 255

func crowdOf(packets []model.Packet) crowd {
	slices.SortFunc(packets, comparePackets)
	b := make([]byte, 0, len(packets)*packetBytes)
	for i := range packets {
		b = appendPacket(b, &packets[i])
	}
	return crowd(b)
}

func appendPacket(b []byte, p *model.Packet) []byte {
	spare, ctl := byte(0), byte(p.Ctl)
	if p.Spare {
		spare = 1
	}
	if p.Behind {
		ctl |= behindBit
	}
	b = append(b, byte(p.Seq), byte(p.Ack), byte(p.Wnd), p.Len, p.Ts, ctl, p.Of.From, p.Of.To, spare)
	return binary.BigEndian.AppendUint16(b, p.Age)
}

// list returns the packets, equal segments side by side.
func (c crowd) list() (packets []model.Packet) {
	for ; len(c) > 0; c = c[packetBytes:] {
		packets = append(packets, model.Packet{
			Segment: model.Segment{Seq: model.Seq(c[0]), Ack: model.Seq(c[1]), Wnd: model.Window(c[2]), Len: c[3], Ts: c[4], Ctl: model.Ctl(c[5] &^ behindBit)},
			Of:      model.Tag{From: c[6], To: c[7]},
			Spare:   c[8] == 1,
			Behind:  c[5]&behindBit != 0,
			Age:     uint16(c[9])<<8 | uint16(c[10]),
		})
	}
	return packets
}

func comparePackets(p, q model.Packet) int {
	return slices.Compare(appendPacket(nil, &p), appendPacket(nil, &q))
}

// split tells the packets that are copies of a segment, where it is, from the others.
func split(packets []model.Packet, of model.Packet) (copies model.Channel, others []model.Packet) {
	for _, p := range packets {
		if p.Segment == of.Segment && p.Of == of.Of && p.Behind == of.Behind {
			copies.Packets[copies.N] = p
			copies.N++
		} else {
			others = append(others, p)
		}
	}
	slices.SortFunc(copies.List(), func(p, q model.Packet) int { return -cmp.Compare(p.Age, q.Age) }) // as a channel has them
	return copies, others
}

// enter returns the packets with one more, which is sent or has come by the box.
func enter(m model.Medium, packets []model.Packet, p model.Packet) []model.Packet {
	copies, others := split(packets, p)
	copies, _ = m.Enter(copies, p)
	return append(others, copies.List()...)
}

// deliver returns the packets after one of them was delivered and has left a copy.
func deliver(m model.Medium, packets []model.Packet, p model.Packet) []model.Packet {
	copies, others := split(packets, p)
	copies, _ = m.DeliverCopy(copies, slices.Index(copies.List(), p))
	return append(others, copies.List()...)
}

// age returns the packets after a tick.
func age(m model.Medium, packets []model.Packet) (older []model.Packet) {
	for _, p := range packets {
		c, _ := m.Tick(model.Channel{N: 1, Packets: [model.MaxCapacity]model.Packet{p}})
		older = append(older, c.List()...)
	}
	return older
}

// crowdSets compares crowds: each is the set of its packets and the set of all that these
// cover, of the packets that were met.
type crowdSets struct {
	medium model.Medium
	crowds *product.Numbering[crowd]
	met    product.Numbering[model.Packet]
	count  int        // of these
	of     []crowdSet // by value
}

// A crowdSet has packets by their numbers. What covers is only known of the first so many.
type crowdSet struct {
	packets, covered []uint64
	known            int
}

// covers reports whether each packet of v is covered by one of w.
func (s *crowdSets) covers(v, w product.Value) bool {
	if most := int(max(v, w)); most >= len(s.of) {
		s.fill(most)
	}
	of := &s.of[w]
	if of.known < s.count {
		s.cover(of, w)
	}
	for i, word := range s.of[v].packets {
		if word&^of.covered[i] != 0 {
			return false
		}
	}
	return true
}

// fill has the packets of all values up to one.
func (s *crowdSets) fill(most int) {
	for v := len(s.of); v <= most; v++ {
		set := []uint64{0}
		if v > 0 {
			for _, p := range s.crowds.Value(uint32(v)).list() {
				set = withBit(set, int(s.met.Number(p)))
			}
		}
		s.of = append(s.of, crowdSet{packets: set})
	}
	s.count = s.met.Len()
}

// cover completes the set of packets that w covers.
func (s *crowdSets) cover(of *crowdSet, w product.Value) {
	packets := s.crowds.Value(uint32(w)).list()
	of.covered = withLength(of.covered, s.count)
	for ; of.known < s.count; of.known++ {
		p := s.met.Value(uint32(of.known + 1))
		if slices.ContainsFunc(packets, func(q model.Packet) bool { return s.medium.Covers(q, p) }) {
			of.covered = withBit(of.covered, of.known+1)
		}
	}
}

func withBit(set []uint64, i int) []uint64 {
	set = withLength(set, i)
	set[i/64] |= 1 << (i % 64)
	return set
}

// withLength returns a set with room for i.
func withLength(set []uint64, i int) []uint64 {
	for i/64 >= len(set) {
		set = append(set, 0)
	}
	return set
}

// coversAll reports whether each of the packets in less is covered by one in more.
func coversAll(m model.Medium, more, less []model.Packet) bool {
	for _, p := range less {
		if !slices.ContainsFunc(more, func(q model.Packet) bool { return m.Covers(q, p) }) {
			return false
		}
	}
	return true
}
