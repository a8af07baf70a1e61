package systems

import "tcpclose/explore"

// PingPong is two players who count each other's messages over a network that
// loses them and repeats them forever. Counts up to pingPong are followed.
type PingPong int

type rally struct {
	Count [2]int
	Ping  uint32 // the pings in the network, a bit for each number
	Pong  uint32
}

func (PingPong) Init() []rally { return []rally{{Ping: 1}} }

func (m PingPong) Steps(dst []explore.Step[rally, string], s rally) []explore.Step[rally, string] {
	step := func(action string, to rally) {
		dst = append(dst, explore.Step[rally, string]{Action: action, To: to})
	}
	for n := range int(m) + 2 {
		if bit := uint32(1) << n; s.Ping&bit != 0 {
			to := s
			to.Ping &^= bit
			step("lose ping", to)
			if s.Count[1] == n {
				to = s
				to.Count[1]++
				to.Pong |= bit
				step("ping", to)
			}
		}
		if bit := uint32(1) << n; s.Pong&bit != 0 {
			to := s
			to.Pong &^= bit
			step("lose pong", to)
			if s.Count[0] == n {
				to = s
				to.Count[0]++
				to.Ping |= bit << 1
				step("pong", to)
			}
		}
	}
	return dst
}

func (m PingPong) Within(_ rally, _ string, to rally) bool {
	return max(to.Count[0], to.Count[1]) <= int(m)
}
