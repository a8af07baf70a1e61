package explorer

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"tcpclose/cmd/tcpclose/internal/base"
	"tcpclose/internal/lang"
	"tcpclose/model"
	"tcpclose/profile"
	"tcpclose/trace"
)

// A setting is a Setup that has been read.
type setting struct {
	Setup
	base   *base.Base
	config model.Config
	key    string // two settings with the same key are the same
}

// A fieldError is what is wrong with a field.
type fieldError struct {
	field string
	error
}

func (e *fieldError) Unwrap() error { return e.error }

// errOneBase is the error of a profile for both ends and one for a single end.
var errOneBase = errors.New("want a preset beside the profiles of the ends")

// read returns the configuration of a setup.
func (u Setup) read() (*setting, error) {
	b, err := u.begin()
	if err != nil {
		return nil, err
	}
	c := b.Config
	known := 0
	for _, f := range model.Fields {
		text, given := u.Fields[f.Name]
		if !given {
			continue
		}
		known++
		if err := f.Set(&c, text); err != nil {
			return nil, &fieldError{f.Name, err}
		}
	}
	if known < len(u.Fields) {
		for _, name := range slices.Sorted(maps.Keys(u.Fields)) {
			if _, err := model.FindField(name); err != nil {
				return nil, &fieldError{name, err}
			}
		}
	}
	if err := c.Validate(); err != nil {
		name, _, _ := strings.Cut(err.Error(), ":")
		if _, unknown := model.FindField(name); unknown != nil {
			name = ""
		}
		return nil, &fieldError{name, err}
	}
	s := &setting{Setup: Setup{Base: u.Base, A: u.A, B: u.B, Counted: u.Counted}, base: b, config: c}
	if s.Base == "" && s.A == "" && s.B == "" {
		s.Base = b.Name
	}
	s.Fields = differing(c, b.Config)
	s.key = fmt.Sprintf("%s\n%s\n%s\n%t\n%s", s.Base, s.A, s.B, s.Counted, s.config)
	return s, nil
}

// differing returns the fields in which c differs from another configuration.
func differing(c, from model.Config) map[string]string {
	var list map[string]string
	for _, word := range c.Against(from) {
		name, value, _ := strings.Cut(word, "=")
		if list == nil {
			list = map[string]string{}
		}
		list[name] = value
	}
	return list
}

// begin returns where a setup begins.
func (u Setup) begin() (*base.Base, error) {
	if u.A == "" && u.B == "" {
		name := u.Base
		if name == "" {
			name = base.PresetNames()[0]
		}
		b := base.Find(name)
		if b == nil {
			return nil, lang.Errorf("%q: want a preset or profile", name)
		}
		return b, nil
	}
	var preset *base.Base
	if u.Base != "" {
		preset = base.Find(u.Base)
		switch {
		case preset == nil:
			return nil, lang.Errorf("%q: want a preset or profile", u.Base)
		case preset.IsProfile():
			return nil, errOneBase
		}
	}
	var ends [2]*profile.End
	for side, name := range []string{u.A, u.B} {
		if name == "" {
			name = "rfc"
		}
		if ends[side] = profile.FindEnd(name); ends[side] == nil {
			return nil, lang.Errorf("%q: want one of the profiles %s", name, strings.Join(profile.Names(), ", "))
		}
	}
	pair, err := profile.NewPair(ends[model.A], ends[model.B])
	if err != nil {
		return nil, err
	}
	return base.OfPair(pair, preset), nil
}

// of returns the setup of a run, whose configuration differs from s in fields only.
func (s *setting) of(t *trace.Trace) Setup {
	u := s.Setup
	u.Fields, u.Counted = differing(t.Config, s.base.Config), t.Counted
	return u
}

// tick returns how long a tick is, as text.
func (s *setting) tick(l lang.Language) string {
	if s.base.Tick == 0 {
		return ""
	}
	return l.Say("%s s", seconds(s.base.Tick))
}

func seconds(d time.Duration) string { return profile.Seconds(d) }

// SetupOf returns the setup of a configuration that has come from a base.
func SetupOf(b *base.Base, c model.Config) Setup {
	u := Setup{Base: b.Name}
	if b.Ends != [2]string{} {
		u = Setup{Base: b.From, A: b.Ends[model.A], B: b.Ends[model.B]}
	}
	u.Fields = differing(c, b.Config)
	return u
}
