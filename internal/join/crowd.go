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

// crowdLists is the packets of crowds, by number, each with the segments that there are as
// a sketch: what has one that is not in another's is not covered by it.
type crowdLists struct {
	packets  [][]listedPacket
	sketches []uint64
}

// A listedPacket is a packet with its segment as a number.
type listedPacket struct {
	segment uint64
	packet  model.Packet
}

func (l *crowdLists) covers(n *crowdPart, v, w product.Value) bool {
	if most := int(max(v, w)); most >= len(l.packets) {
		l.fill(n, most)
	}
	if l.sketches[v]&^l.sketches[w] != 0 {
		return false
	}
	medium := n.Model.Medium()
	rest := l.packets[w]
	for _, p := range l.packets[v] {
		for len(rest) > 0 && rest[0].segment < p.segment {
			rest = rest[1:]
		}
		covered := false
		for i := 0; i < len(rest) && rest[i].segment == p.segment && !covered; i++ {
			covered = medium.Covers(rest[i].packet, p.packet)
		}
		if !covered {
			return false
		}
	}
	return true
}

func (l *crowdLists) fill(n *crowdPart, to int) {
	if len(l.packets) == 0 {
		l.packets, l.sketches = make([][]listedPacket, 1), make([]uint64, 1)
	}
	for v := len(l.packets); v <= to; v++ {
		var list []listedPacket
		sketch := uint64(0)
		for _, p := range n.crowds.Value(uint32(v)).list() {
			segment := binary.BigEndian.Uint64(appendPacket(nil, &p))
			list = append(list, listedPacket{segment, p})
			sketch |= 1 << (segment * 0x9e3779b97f4a7c15 >> 58)
		}
		l.packets, l.sketches = append(l.packets, list), append(l.sketches, sketch)
	}
}
