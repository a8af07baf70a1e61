package model

import (
	"fmt"
	"strconv"
	"strings"
)

// A Limit is how often something may happen: Unlimited, or at most so often.
type Limit int8

// Unlimited sets no limit.
const Unlimited Limit = -1

func (l Limit) String() string {
	switch l {
	case Unlimited:
		return "unlimited"
	case 0:
		return "off"
	}
	return strconv.Itoa(int(l))
}

// maxLimit is the largest finite Limit.
const maxLimit = 100

func parseLimit(s string) (Limit, error) {
	switch s {
	case "unlimited":
		return Unlimited, nil
	case "off":
		return 0, nil
	}
	n, err := parseSmall(s, 0, maxLimit)
	if err != nil {
		return 0, invalid("%q: want off, unlimited or 1 to %d", s, maxLimit)
	}
	return Limit(n), nil
}

// A Span is a length of time, in MSLs and ticks.
type Span struct {
	MSLs  uint8
	Ticks uint16
}

// In returns the span in ticks.
func (s Span) In(msl uint16) int { return int(s.MSLs)*int(msl) + int(s.Ticks) }

func (s Span) String() string {
	switch {
	case s.MSLs == 0:
		return strconv.Itoa(int(s.Ticks))
	case s.Ticks == 0:
		return fmt.Sprintf("%dmsl", s.MSLs)
	}
	return fmt.Sprintf("%dmsl+%d", s.MSLs, s.Ticks)
}

// ParseSpan returns the span of that text: ticks, or MSLs as in 2msl, or both as in
// 1msl+2.
func ParseSpan(text string) (s Span, err error) {
	msls, ticks, both := strings.Cut(text, "+")
	if n, ok := strings.CutSuffix(msls, "msl"); ok {
		if s.MSLs, err = parseSmall(n, 0, maxMSLs); err != nil {
			return Span{}, spanError(text)
		}
		if !both {
			return s, nil
		}
	} else if both {
		return Span{}, spanError(text)
	} else {
		ticks = msls
	}
	if s.Ticks, err = parseNumber(ticks, 0, maxTicks); err != nil {
		return Span{}, spanError(text)
	}
	return s, nil
}

func spanError(text string) error {
	return invalid("%q: want 0 to %d ticks, or 0 to %d MSLs as in 2msl, or both as in 1msl+2", text, maxTicks, maxMSLs)
}
