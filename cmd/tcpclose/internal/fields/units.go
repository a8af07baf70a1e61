package fields

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"tcpclose/cmd/tcpclose/internal/cli"
	"tcpclose/internal/near"
	"tcpclose/model"
	"tcpclose/profile"
)

// measured finds a number with a unit.
var measured = regexp.MustCompile(`^(-?[0-9]+(?:\.[0-9]+)?) ?([a-zA-Zµ%]+)$`)

// times is the units of time, as they are usually written.
var times = map[string]time.Duration{
	"ns": time.Nanosecond, "us": time.Microsecond, "µs": time.Microsecond, "ms": time.Millisecond,
	"s": time.Second, "sec": time.Second, "secs": time.Second, "second": time.Second, "seconds": time.Second,
	"m": time.Minute, "min": time.Minute, "minute": time.Minute, "minutes": time.Minute, "h": time.Hour, "hour": time.Hour, "hours": time.Hour,
}

// sizes is units of size, none of which a field has.
var sizes = map[string]bool{"k": true, "kb": true, "kib": true, "mb": true, "mib": true, "gb": true, "gib": true, "byte": true, "bytes": true, "b": true}

// Check reports what is wrong with a value, as far as it can be known without a tick.
func (f Field) Check(text string) error {
	if _, isTime := f.time(text); isTime && f.Unit == "ticks" {
		return nil // see InTicks
	}
	var probe model.Config
	text, err := f.InTicks(text, 0)
	if err == nil {
		err = f.Set(&probe, text)
	}
	if err != nil {
		return f.Mistake(text, err)
	}
	return nil
}

// Mistake returns what is wrong with a value that Set or InTicks has refused.
func (f Field) Mistake(text string, err error) *cli.Mistake {
	if m, ok := err.(*cli.Mistake); ok {
		return m
	}
	if len(f.Words) > 12 { // faults
		plural := f.Name + "s"
		if f.Name == "box" {
			plural = "boxes"
		}
		return cli.WantName(text, f.Values, "tcpclose list "+plural, f.Words)
	}
	m := cli.Want("%s", cli.Values(f.Wanted()))
	if meant := near.Name(text, f.Words); meant != "" {
		m.Hint = "did you mean " + meant + "?"
	}
	return m
}

// Wanted returns the values, with the unit, in a sentence.
func (f Field) Wanted() string {
	text := f.Values
	if i := strings.LastIndex(text, ", "); i >= 0 && !strings.Contains(text, " or ") {
		text = text[:i] + " or " + text[i+2:]
	}
	if f.Unit != "" && !strings.Contains(text, f.Unit) {
		text += " " + f.Unit
	}
	return text
}

// InTicks returns a value as the model takes it. Units are taken where they are those
// of the field, and times where tick, the length of a tick, is known.
func (f Field) InTicks(text string, tick time.Duration) (string, error) {
	m := measured.FindStringSubmatch(text)
	if m == nil || f.Unit == "" {
		return text, nil
	}
	number, unit := m[1], strings.ToLower(m[2])
	d, isTime := f.time(text)
	switch {
	case unit == "msl" || unit == "msls":
		return number + "msl", nil
	case unit == f.Unit, unit+"s" == f.Unit, f.Unit == "octets" && strings.HasPrefix(unit, "byte"):
		return number, nil
	case isTime && f.Unit != "ticks":
		return "", cli.Want("%s: %s is a number of %s, not a time", cli.Values(f.Wanted()), f.Name, f.Unit)
	case isTime && tick == 0:
		return "", cli.Want("%s: a tick has no length here; in a profile it has one, as in 'check linux'", cli.Values(f.Wanted()))
	case isTime && (d < 0 || d%tick != 0):
		return "", cli.Want("a multiple of %s, which is a tick here", profile.Seconds(tick))
	case isTime:
		return model.Span{Ticks: uint16(min(d/tick, 1<<16-1))}.String(), nil
	case unit == "%":
		return "", cli.Want("%s: %s is a number of %s, not a rate", cli.Values(f.Wanted()), f.Name, f.Unit)
	case sizes[unit]:
		return "", cli.Want("%s: %s is a number of %s, not a size", cli.Values(f.Wanted()), f.Name, f.Unit)
	}
	return text, nil
}

// time returns the value as a time, if it is one.
func (f Field) time(text string) (time.Duration, bool) {
	m := measured.FindStringSubmatch(text)
	if m == nil {
		return 0, false
	}
	unit, ok := times[strings.ToLower(m[2])]
	if !ok {
		return 0, false
	}
	n, err := strconv.ParseFloat(m[1], 64)
	if err != nil || n < 0 || n > float64(time.Hour) {
		return -1, true
	}
	return time.Duration(math.Round(n * float64(unit))), true
}
