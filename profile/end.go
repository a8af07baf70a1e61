package profile

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"tcpclose/internal/lang"
	"tcpclose/model"
	"tcpclose/trace"
)

// An End is one end of a connection as a stack has it: what it decides, and its timers
// in seconds, or else in ticks of any length. It says nothing of the network, of
// applications, or of how long a tick is.
type End struct {
	Name     string
	About    []string  // what is said of the whole, in lines
	Settings []Setting // in the order of model.Fields; what is not set is as by default
}

// A Setting is a timer or a decision, with the value that it has and the reason.
type Setting struct {
	Field   model.Field // of end a, which stands for either
	Value   Value
	Comment string
}

// A Value is what a setting is: a time, or a word or number as the field takes it.
type Value struct {
	Text   string        // as the field takes it, unless Timed
	Timed  bool          // a time in seconds
	Ticked bool          // a time in ticks
	MSLs   int           // so many MSLs, and Time
	Time   time.Duration // if Timed
}

// String returns the value as a profile has it.
func (v Value) String() string {
	if !v.Timed {
		return v.Text
	}
	text := trace.Decimal(v.Time) + "s"
	switch {
	case v.MSLs > 0 && v.Time > 0:
		return fmt.Sprintf("%dmsl+%s", v.MSLs, text)
	case v.MSLs > 0:
		return fmt.Sprintf("%dmsl", v.MSLs)
	}
	return text
}

// in returns the value as the field takes it, with ticks of that length.
func (v Value) in(tick time.Duration) string {
	if !v.Timed {
		return v.Text
	}
	ticks := strconv.FormatInt(int64(v.Time/max(tick, 1)), 10)
	switch {
	case v.MSLs > 0 && v.Time > 0:
		return fmt.Sprintf("%dmsl+%s", v.MSLs, ticks)
	case v.MSLs > 0:
		return fmt.Sprintf("%dmsl", v.MSLs)
	}
	return ticks
}

// endFields returns the fields that a profile can set, of end a: all of an endpoint,
// but for the rate of a clock, which is counted by the tick.
func endFields() []model.Field {
	return slices.DeleteFunc(slices.Clone(model.Fields), func(f model.Field) bool {
		ofEndpoint := f.Group == model.Timers || f.Group == model.Decisions || f.Base == "msl" || f.Base == "isn"
		return f.Scope != model.OfEnd || f.Side != model.A || !ofEndpoint
	})
}

// EndNames returns the names of what a profile can set.
func EndNames() (names []string) {
	for _, f := range endFields() {
		names = append(names, f.Base)
	}
	return names
}

// Ticked reports whether the end has its times in ticks, and not in seconds.
func (e *End) Ticked() bool {
	return slices.ContainsFunc(e.Settings, func(s Setting) bool { return s.Value.Ticked })
}

// value returns the value of that name, if it is set.
func (e *End) value(name string) (Value, bool) {
	for _, s := range e.Settings {
		if s.Field.Base == name {
			return s.Value, true
		}
	}
	return Value{}, false
}

// Endpoint returns the end in ticks of that length.
func (e *End) Endpoint(tick time.Duration) (model.Endpoint, error) {
	c := model.Default()
	for _, s := range e.Settings {
		if err := s.Field.Set(&c, s.Value.in(tick)); err != nil {
			return model.Endpoint{}, lang.Errorf("%s: %s %s, in ticks of %s: %w", e.Name, s.Field.Base, s.Value, Seconds(tick), err)
		}
	}
	return c.Ends[model.A], nil
}

// A Pair is two ends in ticks of one length.
type Pair struct {
	Names [2]string
	Ends  [2]model.Endpoint
	Tick  time.Duration // 0 if they have their times in ticks
	// Way is the longest transit time of a segment, in ticks: half of the shorter RTO,
	// so that an answer comes before it; or all of it, where half of it would make
	// ticks too fine. It is 0 with Tick.
	Way uint16
}

// NewPair returns the pair of two ends. The tick is the longest of which all their times
// are multiples; it is an error if they have none, or if the longest of these times is
// too many ticks.
func NewPair(a, b *End) (p Pair, err error) {
	p.Names = [2]string{a.Name, b.Name}
	if a.Ticked() != b.Ticked() {
		inTicks, inSeconds := a, b
		if b.Ticked() {
			inTicks, inSeconds = b, a
		}
		return p, lang.Errorf("%s has its times in ticks, %s in seconds: want two of one kind", inTicks.Name, inSeconds.Name)
	}
	if !a.Ticked() {
		if err := p.wind(a, b); err != nil {
			return p, err
		}
	}
	for side, e := range []*End{a, b} {
		if p.Ends[side], err = e.Endpoint(p.Tick); err != nil {
			return p, err
		}
	}
	c := p.Config(model.Default())
	if err := c.Validate(); err != nil {
		return p, lang.Errorf("%s and %s: %w", a.Name, b.Name, err)
	}
	return p, nil
}

// A named time is one of an end's, for errors.
type named struct {
	of, name string
	time     time.Duration
}

// wind finds the tick.
func (p *Pair) wind(a, b *End) error {
	var times []named
	for _, e := range []*End{a, b} {
		for _, s := range e.Settings {
			if s.Value.Timed && s.Value.Time > 0 {
				times = append(times, named{e.Name, s.Field.Base, s.Value.Time})
			}
		}
	}
	rtoA, _ := a.value("rto")
	rtoB, _ := b.value("rto")
	longest := slices.MaxFunc(times, func(x, y named) int { return cmp.Compare(x.time, y.time) })
	way := min(rtoA.Time, rtoB.Time) / 2
	if p.Tick = common(tickOf(times), way); longest.time/p.Tick > maxTicks {
		way *= 2
		p.Tick = common(tickOf(times), way)
	}
	if longest.time/p.Tick > maxTicks {
		odd := oddest(times)
		return lang.Errorf("%s and %s have no common tick: with one of %s, %s of %s, which is %s, would be %d of it: want at most %d (the odd one is %s of %s, %s)",
			a.Name, b.Name, Seconds(p.Tick), longest.name, longest.of, Seconds(longest.time), longest.time/p.Tick, maxTicks, odd.name, odd.of, Seconds(odd.time))
	}
	p.Way = uint16(way / p.Tick)
	return nil
}

// tickOf returns the longest tick of which all times are multiples.
func tickOf(times []named) (tick time.Duration) {
	for _, t := range times {
		tick = common(tick, t.time)
	}
	return tick
}

// oddest returns the time without which the tick would be longest.
func oddest(times []named) (odd named) {
	best := time.Duration(0)
	for i := range times {
		if tick := tickOf(slices.Delete(slices.Clone(times), i, i+1)); tick > best {
			best, odd = tick, times[i]
		}
	}
	return odd
}

// common returns the greatest time of which both are multiples.
func common(x, y time.Duration) time.Duration {
	for y > 0 {
		x, y = y, x%y
	}
	return x
}

// Config returns c with the two ends in it. Where ticks have a length, segments take
// at most Way, and time leaps.
func (p Pair) Config(c model.Config) model.Config {
	c.Ends = p.Ends
	if p.Tick > 0 {
		c.Time, c.MSL, c.Delay = model.TimeLeaps, p.Way, model.Span{MSLs: 1}
	}
	return c
}

// String returns the names of the ends and the tick, in words.
func (p Pair) String() string {
	text := fmt.Sprintf("a is %s, b is %s", p.Names[model.A], p.Names[model.B])
	if p.Names[model.A] == p.Names[model.B] {
		text = "both ends are " + p.Names[model.A]
	}
	if p.Tick > 0 {
		text += "; a tick is " + Seconds(p.Tick)
	}
	return text
}

// Flags returns the settings as flags of other commands, which take an end in ticks.
func (e *End) Flags(tick time.Duration) (list []string) {
	for _, s := range e.Settings {
		list = append(list, "-"+strings.Join([]string{s.Field.Base, s.Value.in(tick)}, " "))
	}
	return list
}

// Decisions returns what the end decides, as the words of a configuration in which it
// is that side.
func (e *End) Decisions(side model.Side) (words []string) {
	for _, s := range e.Settings {
		if s.Field.Group == model.Decisions {
			words = append(words, side.String()+"-"+s.Field.Base+"="+s.Value.Text)
		}
	}
	return words
}
