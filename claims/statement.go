package claims

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"tcpclose/ask"
	"tcpclose/check"
	"tcpclose/internal/lang"
	"tcpclose/invariants"
	"tcpclose/model"
)

// A Statement is about the runs of a configuration, and true or false.
type Statement struct {
	// Config is the configuration, in words: preset=NAME and fields.
	Config string
	Says   Says
	// Of is its subject: an expression, the name of a property or witness, or an
	// interval. Then is an expression that must be true where Of is.
	Of, Then string
	// Least and Most bound a time in ticks.
	Least, Most int
	// Tick is the length of a tick, if the model has seconds.
	Tick time.Duration
}

// Says is what a statement says of its subject.
type Says uint8

const (
	Whenever Says = iota // wherever Of is true, Then is; and Of is true somewhere
	Never                // the expression is true nowhere
	Some                 // there is a run to where the expression is true
	Keeps                // the property holds
	Breaks               // it is violated
	Shows                // there is a run that is a witness
	Misses               // there is none
	Takes                // the interval takes at least Least and at most Most ticks
	Endless              // the interval need not end
)

func whenever(config, p, q string) Statement {
	return Statement{Config: config, Says: Whenever, Of: p, Then: q}
}
func never(config, p string) Statement { return Statement{Config: config, Says: Never, Of: p} }
func some(config, p string) Statement  { return Statement{Config: config, Says: Some, Of: p} }
func keeps(config, property string) Statement {
	return Statement{Config: config, Says: Keeps, Of: property}
}
func breaks(config, property string) Statement {
	return Statement{Config: config, Says: Breaks, Of: property}
}
func shows(config, witness string) Statement {
	return Statement{Config: config, Says: Shows, Of: witness}
}
func misses(config, witness string) Statement {
	return Statement{Config: config, Says: Misses, Of: witness}
}
func takes(config, interval string, least, most int) Statement {
	return Statement{Config: config, Says: Takes, Of: interval, Least: least, Most: most}
}
func endless(config, interval string) Statement {
	return Statement{Config: config, Says: Endless, Of: interval}
}

// in returns the statement with a length of its ticks.
func (s Statement) in(tick time.Duration) Statement {
	s.Tick = tick
	return s
}

// anyTime is no upper bound.
const anyTime = 1 << 30

// String returns the statement in English.
func (s Statement) String() string { return s.In(English) }

// In returns the statement in a language.
func (s Statement) In(l Language) string {
	switch s.Says {
	case Whenever:
		return fmt.Sprintf(Text{"always (%s) => (%s)", "始终有 (%s) => (%s)"}.In(l), s.Of, s.Then)
	case Never:
		return Text{"never ", "从不出现 "}.In(l) + s.Of
	case Some:
		return Text{"some run: ", "能到达 "}.In(l) + s.Of
	case Keeps:
		return Text{"property ", "性质 "}.In(l) + s.Of
	case Breaks:
		return fmt.Sprintf(Text{"property %s is violated", "违反性质 %s"}.In(l), s.Of)
	case Shows:
		return Text{"witness ", "有见证 "}.In(l) + s.Of
	case Misses:
		return Text{"no witness ", "没有见证 "}.In(l) + s.Of
	case Endless:
		return s.Of + Text{": unbounded", "：无上限"}.In(l)
	}
	bounds := s.between(l, s.Least, s.Most)
	switch {
	case s.Least == s.Most:
		bounds = Text{"exactly ", "恰好 "}.In(l) + s.length(l, s.Least)
	case s.Most == anyTime:
		bounds = Text{"at least ", "至少 "}.In(l) + s.length(l, s.Least)
	case s.Least == 0:
		bounds = Text{"at most ", "至多 "}.In(l) + s.length(l, s.Most)
	}
	return s.Of + Text{": ", "："}.In(l) + bounds
}

// between returns a range of ticks, with its unit once.
func (s Statement) between(l Language, least, most int) string {
	return s.number(least) + Text{" to ", " 至 "}.In(l) + s.length(l, most)
}

// length returns a number of ticks, in seconds if they stand for a time.
func (s Statement) length(l Language, ticks int) string {
	unit := Text{" ticks", " 个时钟滴答"}
	switch {
	case s.Tick > 0:
		unit = Text{" s", " 秒"}
	case ticks == 1:
		unit.EN = " tick"
	}
	return s.number(ticks) + unit.In(l)
}

// number returns what length does, without the unit.
func (s Statement) number(ticks int) string {
	if s.Tick > 0 {
		return strings.TrimSuffix(fmt.Sprintf("%.1f", (time.Duration(ticks)*s.Tick).Seconds()), ".0")
	}
	return strconv.Itoa(ticks)
}

// Command returns the command line that decides the statement, or shows what does.
func (s Statement) Command() string {
	var names []string
	values := map[string]string{} // the last counts
	for _, word := range strings.Fields(s.Config) {
		name, value, _ := strings.Cut(word, "=")
		if strings.ContainsAny(value, "<>") {
			value = "'" + value + "'"
		}
		if values[name] == "" {
			names = append(names, name)
		}
		values[name] = value
	}
	flags := ""
	for _, name := range names {
		flags += " -" + name + " " + values[name]
	}
	switch s.Says {
	case Whenever:
		return fmt.Sprintf("tcpclose check%s -never '(%s) && !(%s)'", flags, s.Of, s.Then)
	case Never:
		return fmt.Sprintf("tcpclose check%s -never '%s'", flags, s.Of)
	case Some:
		return fmt.Sprintf("tcpclose find '%s'%s", s.Of, flags)
	case Keeps, Breaks:
		return fmt.Sprintf("tcpclose check%s -properties %s", flags, s.Of)
	case Shows, Misses:
		return fmt.Sprintf("tcpclose check%s -witness %s", flags, s.Of)
	}
	return fmt.Sprintf("tcpclose margin%s -time '%s'", flags, s.Of)
}

// Configuration returns the statement's configuration with a change, in the words of a
// configuration too.
func (s Statement) Configuration(change string) (model.Config, error) {
	c := model.Default()
	for _, word := range strings.Fields(s.Config + " " + change) {
		name, value, ok := strings.Cut(word, "=")
		if !ok {
			return c, lang.Errorf("%q: want name=value", word)
		}
		if name == "preset" {
			p, err := check.FindPreset(value)
			if err != nil {
				return c, err
			}
			c = p.Config
			continue
		}
		f, err := findField(name)
		if err != nil {
			return c, err
		}
		if err := f.Set(&c, value); err != nil {
			return c, err
		}
	}
	return c, c.Validate()
}

func findField(name string) (model.Field, error) {
	for _, f := range model.Fields {
		if f.Name == name {
			return f, nil
		}
	}
	return model.Field{}, lang.Errorf("%q: no such field", name)
}

// asked returns the properties that decide a statement, the second of them, if there is
// one, being its occasion. An interval has none.
func (s Statement) asked() ([]*invariants.Property, error) {
	question := func(text string, as func(*ask.Question) *invariants.Property) (*invariants.Property, error) {
		q, err := ask.Parse(text)
		if err != nil {
			return nil, err
		}
		return as(q), nil
	}
	switch s.Says {
	case Whenever:
		bad, err := question(fmt.Sprintf("(%s) && !(%s)", s.Of, s.Then), (*ask.Question).Never)
		if err != nil {
			return nil, err
		}
		occasion, err := question(s.Of, (*ask.Question).Seek)
		return []*invariants.Property{bad, occasion}, err
	case Never:
		p, err := question(s.Of, (*ask.Question).Never)
		return []*invariants.Property{p}, err
	case Some:
		p, err := question(s.Of, (*ask.Question).Seek)
		return []*invariants.Property{p}, err
	case Keeps, Breaks, Shows, Misses:
		p, err := invariants.Find(s.Of)
		return []*invariants.Property{p}, err
	}
	return nil, nil
}
