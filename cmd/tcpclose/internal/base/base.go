// Package base has what a configuration can start from: presets, and the profiles of
// stacks.
package base

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"tcpclose/check"
	"tcpclose/claims"
	"tcpclose/model"
	"tcpclose/profile"
)

// A Base is a preset, or a profile at both ends.
type Base struct {
	Name     string
	Sentence string
	Config   model.Config
	// Preset is the preset, with what it expects. A profile expects nothing: it has
	// none.
	Preset *check.Preset
	// Tick is the length of a tick; 0 for a preset, whose ticks have none.
	Tick time.Duration
}

// IsProfile reports whether b is a profile.
func (b *Base) IsProfile() bool { return b.Preset == nil }

// Title returns "preset NAME", or "profile NAME".
func (b *Base) Title() string {
	if b.IsProfile() {
		return "profile " + b.Name
	}
	return "preset " + b.Name
}

// Find returns the base of that name, or nil.
func Find(name string) *Base {
	if p, err := check.FindPreset(name); err == nil {
		return &Base{Name: p.Name, Sentence: p.Sentence, Config: p.Config, Preset: p}
	}
	i := slices.IndexFunc(Profiles, func(b Base) bool { return b.Name == name })
	if i < 0 {
		return nil
	}
	return &Profiles[i]
}

// PresetNames returns the names of the presets.
func PresetNames() (names []string) {
	for i := range check.Presets {
		names = append(names, check.Presets[i].Name)
	}
	return names
}

// Names returns the names of all bases.
func Names() []string { return append(PresetNames(), ProfileNames()...) }

// ProfileNames returns the names of the profiles.
func ProfileNames() (names []string) {
	for _, b := range Profiles {
		names = append(names, b.Name)
	}
	return names
}

// Profiles is the stacks that there are as they are: two ends that are like them, on
// a network that loses anything, and nothing else.
var Profiles = []Base{linux(), rfc()}

func linux() Base {
	t, err := profile.Defaults().Config(profile.Case{Losses: model.Unlimited})
	if err != nil {
		panic(err) // its numbers are in the program
	}
	return Base{
		Name:     "linux",
		Sentence: fmt.Sprintf("Linux by its own rules and default parameters, closed by close(); a tick is %s.", profile.Seconds(t.Tick)),
		Config:   t.Config, Tick: t.Tick,
	}
}

func rfc() Base {
	p, err := claims.FindProfile("rfc")
	if err != nil {
		panic(err)
	}
	c, err := claims.Statement{Config: p.Words}.Configuration("loss=unlimited b-closes=any-time")
	if err != nil {
		panic(err)
	}
	says, _, _ := strings.Cut(p.Says.EN, ";")
	return Base{
		Name:     "rfc",
		Sentence: fmt.Sprintf("%s; a tick is %s.", says, profile.Seconds(p.Tick)),
		Config:   c, Tick: p.Tick,
	}
}

// PresetName returns the name of the preset, for programs: of a profile, the default.
func (b *Base) PresetName() string {
	if b.IsProfile() {
		return check.Presets[0].Name
	}
	return b.Name
}

// ProfileName returns the name of the profile, or "" if it is none.
func (b *Base) ProfileName() string {
	if b.IsProfile() {
		return b.Name
	}
	return ""
}
