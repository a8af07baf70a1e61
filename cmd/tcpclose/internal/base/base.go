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
	"tcpclose/internal/lang"
	"tcpclose/model"
	"tcpclose/profile"
	"tcpclose/trace"
)

// A Base is a preset, or a profile at both ends.
type Base struct {
	Name     string
	Sentence string
	Config   model.Config
	// Preset has the expected verdicts; of two profiles nothing is known.
	Preset *check.Preset
	// Tick is the length of a tick; 0 for a preset, whose ticks have none.
	Tick time.Duration
	// Ends is the profiles of the two ends, if they were put into something; From is
	// the preset that they were put into, or "".
	Ends [2]string
	From string
	says string // the sentence without the profiles
}

// Says returns the sentence in a language.
func (b *Base) Says(l lang.Language) string {
	if b.says == "" || l == lang.English {
		return l.Say(b.Sentence)
	}
	text := l.Say("%s a is %s, b is %s.", l.Say(b.says), b.Ends[model.A], b.Ends[model.B])
	if b.Tick > 0 {
		text += l.Say("a tick is %s.", l.Say("%s s", trace.Decimal(b.Tick)))
	}
	return text
}

// IsProfile reports whether b is a profile.
func (b *Base) IsProfile() bool { return b.Tick > 0 }

// OfPair returns the base of two ends: with the applications and the network of a preset,
// if there is one, and else without data, closed for good, on a network that loses
// anything, and nothing else.
func OfPair(p profile.Pair, preset *Base) *Base {
	c := model.Default()
	c.Duplicate, c.Reorder = 0, 0
	for side := range c.Apps {
		c.Apps[side].Octets, c.Apps[side].Parting = 0, model.ForGood
	}
	b := &Base{says: "No data, closed by close(); the network may lose anything.", Tick: p.Tick, Ends: p.Names}
	if preset != nil {
		c = preset.Config
		b.From, b.says = preset.Name, preset.Sentence
	}
	b.Config = p.Config(c)
	b.Preset = &check.Preset{Config: b.Config}
	b.Sentence = strings.TrimSuffix(b.says, ".") + "; " + p.String() + "."
	if p.Names[model.A] == p.Names[model.B] {
		b.Name = p.Names[model.A]
	}
	return b
}

// IsKnown reports whether verdicts are expected of b: of a preset, or a profile at both
// ends.
func (b *Base) IsKnown() bool { return b.Ends == [2]string{} }

// TitleIn returns the title in a language.
func (b *Base) TitleIn(l lang.Language) string {
	switch {
	case b.From != "":
		return l.Say("preset %s with profiles", b.From)
	case b.Name == "":
		return l.Say("profiles %s and %s", b.Ends[model.A], b.Ends[model.B])
	case b.IsProfile():
		return l.Say("profile %s", b.Name)
	}
	return l.Say("preset %s", b.Name)
}

// Title returns "preset NAME", or "profile NAME", or the two profiles.
func (b *Base) Title() string { return b.TitleIn(lang.English) }

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
	sentence := fmt.Sprintf("Linux by its own rules and default parameters, closed by close(); a tick is %s.", profile.Seconds(t.Tick))
	return ofProfile("linux", sentence, t.Config, t.Tick, linuxKnown)
}

// ofProfile returns a profile with the verdicts that it is known for.
func ofProfile(name, sentence string, c model.Config, tick time.Duration, known []check.Expectation) Base {
	return Base{
		Name: name, Sentence: sentence, Config: c, Tick: tick,
		Preset: &check.Preset{Name: name, Sentence: sentence, Config: c, Expected: known},
	}
}

// The violations that the profiles are known for: facts about the stacks, each with its
// cause.
var (
	linuxKnown = []check.Expectation{
		{Property: "agreement", Verdict: check.Violated, Why: "FIN_WAIT2 and TIME_WAIT end after 60 s, and the peer retransmits its FIN for up to 102 s: a FIN that arrives later is answered by an RST, from an end that has reported a normal end"},
	}
	rfcKnown = []check.Expectation{
		{Property: "no-reset", Verdict: check.Violated, Why: "a side gives up, and a segment from its peer arrives in CLOSED"},
		{Property: "agreement", Verdict: check.Violated, Why: "the two generals: no last acknowledgement is itself acknowledged"},
		{Property: "rest", Verdict: check.Violated, Why: "no timer ends FIN-WAIT-2 when the peer has given up"},
	}
)

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
	return ofProfile("rfc", fmt.Sprintf("%s; a tick is %s.", says, profile.Seconds(p.Tick)), c, p.Tick, rfcKnown)
}

// PresetName returns the name of the preset, for programs: of a profile, the default.
func (b *Base) PresetName() string {
	switch {
	case b.From != "":
		return b.From
	case b.IsProfile():
		return check.Presets[0].Name
	}
	return b.Name
}

// EndNames returns the names of the profiles by end, for programs, if they were put into
// something.
func (b *Base) EndNames() map[string]string {
	if b.Ends == [2]string{} {
		return nil
	}
	return map[string]string{"a": b.Ends[model.A], "b": b.Ends[model.B]}
}

// ProfileName returns the name of the profile of both ends, or "" if there is none.
func (b *Base) ProfileName() string {
	if b.IsProfile() {
		return b.Name
	}
	return ""
}
