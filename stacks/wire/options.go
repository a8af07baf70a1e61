package wire

import "fmt"

// The kinds of options (RFC 9293, 3.2; RFC 7323; RFC 2018).
const (
	optEnd   = 0
	optNop   = 1
	optMSS   = 2
	optScale = 3
	optSACK  = 4
	optBlock = 5
	optStamp = 8
)

// bytes returns the options as octets, padded to words. Blocks of SACK are not
// written.
func (o Options) bytes() (b []byte) {
	if o.MSS > 0 {
		b = append(b, optMSS, 4, byte(o.MSS>>8), byte(o.MSS))
	}
	if o.SACK {
		b = append(b, optSACK, 2)
	}
	if o.Stamped {
		b = append(b, optStamp, 10, 0, 0, 0, 0, 0, 0, 0, 0)
		put32(b[len(b)-8:], o.Stamp)
		put32(b[len(b)-4:], o.Echo)
	}
	if o.Scaled {
		b = append(b, optScale, 3, o.Scale)
	}
	for len(b)%4 != 0 {
		b = append(b, optNop)
	}
	return b
}

// readOptions reads options; those of other kinds are skipped.
func readOptions(b []byte) (o Options, err error) {
	for len(b) > 0 && b[0] != optEnd {
		if b[0] == optNop {
			b = b[1:]
			continue
		}
		if len(b) < 2 || b[1] < 2 || int(b[1]) > len(b) {
			return o, fmt.Errorf("option %d: want a length that fits into %d octets", b[0], len(b))
		}
		body := b[2:b[1]]
		wrong := false
		switch b[0] {
		case optMSS:
			if wrong = len(body) != 2; !wrong {
				o.MSS = get16(body)
			}
		case optScale:
			if wrong = len(body) != 1; !wrong {
				o.Scaled, o.Scale = true, body[0]
			}
		case optSACK:
			o.SACK = true
		case optBlock:
			wrong = len(body)%8 != 0
			o.SACKCount = uint8(len(body) / 8)
		case optStamp:
			if wrong = len(body) != 8; !wrong {
				o.Stamped, o.Stamp, o.Echo = true, get32(body), get32(body[4:])
			}
		}
		if wrong {
			return o, fmt.Errorf("option %d: length %d: want the one of its kind", b[0], b[1])
		}
		b = b[b[1]:]
	}
	return o, nil
}
