package invariants

import (
	"fmt"

	"tcpclose/model"
)

// A Preset is a configuration with a name, and the verdicts that it is known for.
type Preset struct {
	Name     string
	Sentence string
	Config   model.Config
	// Expected is the properties whose verdict is not Holds, and why. A witness
	// that is not listed is expected to be reached.
	Expected []Expectation
}

// An Expectation is a verdict that a preset is known for.
type Expectation struct {
	Property string
	Verdict  Verdict
	Why      string // in a sentence; docs/findings.md has the rest
}

// Expects is the verdict that the preset is known for.
func (p *Preset) Expects(prop *Property) Expectation {
	for _, e := range p.Expected {
		if e.Property == prop.Name {
			return e
		}
	}
	if prop.Witness {
		return Expectation{prop.Name, Reached, ""}
	}
	return Expectation{prop.Name, Holds, ""}
}

// FindPreset is the preset with that name.
func FindPreset(name string) (*Preset, error) {
	for i := range Presets {
		if Presets[i].Name == name {
			return &Presets[i], nil
		}
	}
	return nil, fmt.Errorf("preset %q: no such preset", name)
}

// changed is the default configuration with some fields set.
func changed(words string) model.Config {
	c, err := model.ParseConfig(words)
	if err != nil {
		panic(err) // the words stand below
	}
	return c
}

// Presets lists every preset, the default first.
var Presets = []Preset{
	{Name: "default", Config: model.Default()},
}
