package explorer

import (
	"tcpclose/ask"
	"tcpclose/check"
	"tcpclose/cmd/tcpclose/internal/base"
	"tcpclose/cmd/tcpclose/internal/values"
	"tcpclose/internal/lang"
	"tcpclose/invariants"
	"tcpclose/model"
	"tcpclose/profile"
)

// Catalogue returns what can be chosen.
func (e *Engine) Catalogue(q CatalogueRequest) (*Catalogue, error) {
	l, err := language(q.Lang)
	if err != nil {
		return nil, err
	}
	c := &Catalogue{Profiles: profile.Names(), Fields: fieldInfos(l)}
	for _, name := range base.Names() {
		b := base.Find(name)
		c.Bases = append(c.Bases, BaseInfo{name, b.Says(l), b.IsProfile(), b.Preset.Large})
	}
	for _, each := range []struct {
		kind string
		list []*invariants.Property
	}{{"property", invariants.PropertiesOf(true)}, {"liveness", invariants.LivenessProperties}, {"witness", invariants.Witnesses}} {
		for _, p := range each.list {
			c.Properties = append(c.Properties, PropertyInfo{p.Name, l.Say(p.Sentence), l.Cite(p.Source), each.kind})
		}
	}
	for _, t := range ask.Terms() {
		c.Terms = append(c.Terms, TermInfo{t.Name, t.Type, l.Say(t.Meaning)})
	}
	_, c.Words = ask.Words()
	return c, nil
}

func fieldInfos(l lang.Language) (list []FieldInfo) {
	for _, f := range model.Fields {
		info := FieldInfo{
			Name: f.Name, Group: l.Say(f.Group.String()), Meaning: l.Say(f.Meaning), Values: l.Values(f.Values),
			Default: f.Get(model.Default()), Words: append([]string{}, values.Named(f)...),
		}
		switch f.Scope {
		case model.OfBoth:
			info.Side = "both"
		case model.OfEnd:
			info.Side = f.Side.String()
		}
		list = append(list, info)
	}
	return list
}

// expected returns the known verdict on a property in a preset as it is.
func expected(s *setting, p *invariants.Property) (e check.Expectation, known bool) {
	if s.base.Preset == nil || !s.base.IsKnown() || len(s.Fields) > 0 {
		return e, false
	}
	e = s.base.Preset.Expects(p)
	return e, true
}
