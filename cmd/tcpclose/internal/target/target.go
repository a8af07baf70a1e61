package target

import (
	"os"
	"strings"

	"tcpclose/box"
	"tcpclose/cmd/tcpclose/internal/about"
	"tcpclose/cmd/tcpclose/internal/base"
	"tcpclose/cmd/tcpclose/internal/cli"
	"tcpclose/cmd/tcpclose/internal/fields"
	"tcpclose/cmd/tcpclose/internal/screen"
	"tcpclose/internal/lang"
	"tcpclose/internal/near"
	"tcpclose/model"
	"tcpclose/profile"
)

// A Target is a configuration to explore: a preset or profiles, with the fields that
// were given.
type Target struct {
	preset by // the preset; "" is the default
	ends   Ends
	fields map[string]string // of model.Fields, as given
	// Every, if not nil, is where -capacity unlimited is put: that every capacity is asked
	// for. A command without it refuses the value.
	Every *bool
}

// A by is a name, and the flag or argument by which it was given.
type by struct{ name, by string }

// Add adds the flags that every command has which explores a configuration.
func (t *Target) Add(set *cli.Set) {
	t.fields = map[string]string{}
	set.Add(cli.Flag{
		Name: "preset", Group: cli.Question, Values: "NAME", Default: base.PresetNames()[0],
		Means: "the configuration to start from, of 'tcpclose list presets'",
		More:  "The name may also stand alone: 'tcpclose check no-data'. With profiles it is the two applications and what the network does.",
		Words: base.PresetNames,
		Set: func(name string) error {
			if b := base.Find(name); b == nil {
				return cli.WantName(name, "one", "tcpclose list presets", base.PresetNames())
			} else if b.IsProfile() {
				return cli.Want("one of 'tcpclose list presets'; it is a profile")
			}
			return t.start("-preset", name)
		},
	})
	t.ends.Add(set)
	for _, f := range fields.All() {
		flag := cli.Flag{
			Name: f.Name, Group: f.Group, Values: f.Values, Unit: f.Unit, Default: f.Default, Means: f.Meaning, Both: f.Plain(),
			Words: func() []string { return f.Words },
			Set: func(text string) error {
				t.fields[f.Name] = text
				return f.Check(text)
			},
		}
		switch f.Name {
		case "capacity":
			t.everyCapacity(&flag)
		case "box":
			t.boxOfFile(&flag)
		}
		set.Add(flag)
	}
}

// everyCapacity has a flag take the value unlimited, where a command knows what it is.
func (t *Target) everyCapacity(flag *cli.Flag) {
	const every = fields.EveryCapacity
	of := flag.Set
	if t.Every != nil {
		flag.Values += ", or " + every
		flag.Words = func() []string { return []string{every} }
	}
	flag.Set = func(text string) error {
		switch {
		case text == every && t.Every == nil:
			return cli.Want("a number: only check, and find without -n, know every capacity at once")
		case text == every:
			*t.Every = true
			delete(t.fields, flag.Name)
			return nil
		case t.Every != nil:
			*t.Every = false
		}
		return of(text)
	}
}

// Boxed reports whether a box was given.
func (t *Target) Boxed() bool { return t.fields["box"] != "" && t.fields["box"] != "off" }

// boxOfFile has a flag take the file of a box, whose name has a dot or a slash.
func (t *Target) boxOfFile(flag *cli.Flag) {
	of := flag.Set
	flag.Words = func() []string { return append([]string{"off"}, box.Names()...) }
	flag.Set = func(text string) error {
		name, settings, set := strings.Cut(text, ",")
		if strings.ContainsAny(name, "./\\") {
			b, err := openBox(name)
			if err != nil {
				return err
			}
			if text = b.Name; set {
				text += "," + settings
			}
		}
		return of(text)
	}
}

// openBox returns the box in a file.
func openBox(name string) (*box.Box, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, cli.Want("a box that can be read: %v", cli.Innermost(err))
	}
	defer f.Close()
	b, err := box.Read(f)
	if err == nil {
		b, err = box.Know(b)
	}
	if err != nil {
		return nil, cli.Because(err)
	}
	return b, nil
}

// start takes the name of a preset, unless there was another.
func (t *Target) start(how, name string) error {
	if t.preset.by != "" && t.preset.by != how {
		return cli.Want("one preset; there is %s, too", t.preset.name)
	}
	t.preset = by{name, how}
	return nil
}

// Bare takes the words that stand alone on the command line: a preset or a profile,
// at most one.
func (t *Target) Bare(words []string) error {
	for i, word := range words {
		if !IsBase(word) {
			return notABase(word)
		}
		if i > 0 {
			return cli.Argument(word, "one preset or profile; there is %s, too", words[0])
		}
		take := t.start
		if b := base.Find(word); b == nil || b.IsProfile() {
			take = t.ends.Start
		}
		if err := take("argument", word); err != nil {
			return cli.Because(err).Of("argument", word)
		}
	}
	return nil
}

// IsBase reports whether a word is a preset or a profile.
func IsBase(word string) bool { return base.Find(word) != nil || profile.FindEnd(word) != nil }

// notABase is the mistake of a word that is no preset and no profile.
func notABase(word string) *cli.Mistake {
	m := cli.Argument(word, "a preset or profile ('tcpclose list presets profiles')")
	if meant := near.Name(word, base.Names()); meant != "" {
		m.Hint = "did you mean " + meant + "?"
	}
	if is := about.Kind(word); is != "" {
		m.Hint = "it is a " + is + ": 'tcpclose about " + screen.Quoted(word) + "'"
	}
	return m
}

// base returns where the configuration starts.
func (t *Target) base() (*base.Base, error) {
	if !t.ends.Given() {
		if t.preset.name == "" {
			return base.Find(base.PresetNames()[0]), nil
		}
		return base.Find(t.preset.name), nil
	}
	if b := base.Find(t.ends.Both()); b != nil && t.preset.name == "" && !t.ends.Single() {
		return b, nil
	}
	return t.ends.base(t.preset.name)
}

// Config returns what was asked for: where it starts, and the configuration with the
// fields that were given.
func (t *Target) Config() (*base.Base, model.Config, error) {
	b, err := t.base()
	if err != nil {
		return nil, model.Config{}, err
	}
	config := b.Config
	for _, f := range fields.All() {
		text, given := t.fields[f.Name]
		if !given {
			continue
		}
		text, err := f.InTicks(text, b.Tick)
		if err == nil {
			err = f.Set(&config, text)
		}
		if err != nil {
			return nil, config, f.Mistake(t.fields[f.Name], err).Of("flag -"+f.Name, t.fields[f.Name])
		}
	}
	if _, given := t.fields["box-tick"]; !given && config.Between.Box != nil && b.Tick > 0 {
		f, _ := fields.Find("box-tick")
		if err := f.Set(&config, b.Tick.String()); err != nil {
			return nil, config, lang.Errorf("flag -box-tick: %w", err)
		}
	}
	if err := config.Validate(); err != nil {
		return nil, config, lang.Errorf("flag -%w", err)
	}
	return b, config, nil
}

// Against returns the configuration of words: fields as name=value, in the preset or
// profile whose name may come first, and otherwise in b.
func Against(b *base.Base, text string) (model.Config, error) {
	words := strings.Fields(text)
	if len(words) > 0 && !strings.Contains(words[0], "=") {
		name := words[0]
		if words = words[1:]; base.Find(name) == nil {
			return model.Config{}, notABase(name)
		}
		tick := b.Tick
		if b = base.Find(name); b.Tick != tick {
			return b.Config, cli.Want("ticks of one length: those of %s have another", name)
		}
	}
	c := b.Config
	given := map[string]string{}
	for _, word := range words {
		name, value, ok := strings.Cut(word, "=")
		if _, known := fields.Find(name); !ok || !known {
			return c, cli.Want("fields as name=value; %s is none", cli.Quoted(word))
		}
		given[name] = value
	}
	for _, f := range fields.All() {
		text, is := given[f.Name]
		if !is {
			continue
		}
		value, err := f.InTicks(text, b.Tick)
		if err == nil {
			err = f.Set(&c, value)
		}
		if err != nil {
			return c, f.Mistake(text, err).Inside(f.Name + "=" + text)
		}
	}
	return c, c.Validate()
}

// profileWords lists the profiles that are built in, for help.
func profileWords() string {
	names := profile.Names()
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " or " + names[last]
}
