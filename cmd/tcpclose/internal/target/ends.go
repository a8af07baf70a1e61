package target

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"tcpclose/cmd/tcpclose/internal/base"
	"tcpclose/cmd/tcpclose/internal/cli"
	"tcpclose/internal/near"
	"tcpclose/model"
	"tcpclose/profile"
)

// Ends is the profiles of the two ends, as given: by -a, by -b, and for both.
type Ends struct {
	of   [2]*profile.End
	both struct {
		by
		end *profile.End
	}
}

// Add adds the flags.
func (e *Ends) Add(set *cli.Set) {
	e.flags(set, "", "The name may also stand alone: 'tcpclose check linux'. Times are then also taken in seconds: '-rto 300ms'.",
		"The other end is by -profile or, without it, "+otherEnd+".")
}

// AddDecisions adds the flags where the profiles' timers do not count.
func (e *Ends) AddDecisions(set *cli.Set) {
	const more = "Its decisions alone: the timers are those of each configuration."
	e.flags(set, "the decisions of ", more, more)
}

// flags adds the flags, with what there is to say of them.
func (e *Ends) flags(set *cli.Set, of, both, single string) {
	set.Add(cli.Flag{
		Name: "profile", Group: cli.Question, Values: "NAME", Means: of + "both ends as a stack has them: " + profileWords(),
		More:  "Or a file that 'tcpclose profile' writes. " + both,
		Words: profile.Names,
		Set:   func(name string) error { return e.Start("-profile", name) },
	})
	for _, side := range model.Sides {
		set.Add(cli.Flag{
			Name: side.String(), Group: cli.Ends, Values: "NAME", Means: of + "a profile for " + side.String() + " alone: " + profileWords() + ", or a file",
			More:  single,
			Words: profile.Names,
			Set: func(name string) (err error) {
				e.of[side], err = Open(name)
				return err
			},
		})
	}
}

// otherEnd is the profile of an end without one, if the other end has one.
const otherEnd = "rfc"

// Start takes the profile of both ends, unless there was another.
func (e *Ends) Start(how, name string) (err error) {
	if e.both.by.by != "" && e.both.by.by != how {
		return cli.Want("one profile; there is %s, too", e.both.name)
	}
	e.both.by = by{name, how}
	e.both.end, err = Open(name)
	return err
}

// Open returns the profile of that name, or the one in that file, which has a dot or a
// slash in its name.
func Open(name string) (*profile.End, error) {
	if e := profile.FindEnd(name); e != nil {
		return e, nil
	}
	_, missing := os.Stat(name)
	if !strings.ContainsAny(name, "./\\") || !strings.ContainsAny(name, "/\\") && errors.Is(missing, fs.ErrNotExist) {
		m := cli.Want("%s, or a file of one", cli.Values(profileWords()))
		if meant := near.Name(name, profile.Names()); meant != "" {
			m.Hint = "did you mean " + meant + "?"
		}
		if base.Find(name) != nil {
			m.Hint = "it is a preset"
		}
		return nil, m
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, cli.Want("a profile that can be read: %v", cli.Innermost(err))
	}
	defer f.Close()
	file := filepath.Base(name)
	e, err := profile.Read(strings.TrimSuffix(file, filepath.Ext(file)), f)
	if err != nil {
		return nil, cli.Because(err)
	}
	return e, nil
}

// Given reports whether there is a profile.
func (e *Ends) Given() bool { return e.both.end != nil || e.Single() }

// Both returns the name of the profile of both ends, if one was given.
func (e *Ends) Both() string { return e.both.name }

// Single reports whether there is a profile for an end alone.
func (e *Ends) Single() bool { return e.of[model.A] != nil || e.of[model.B] != nil }

// Pair returns the two ends with their common tick.
func (e *Ends) Pair() (p profile.Pair, err error) {
	list := e.of
	for side := range list {
		switch {
		case list[side] != nil:
		case e.both.end != nil:
			list[side] = e.both.end
		default:
			list[side] = profile.FindEnd(otherEnd)
		}
	}
	if p, err = profile.NewPair(list[model.A], list[model.B]); err != nil {
		return p, cli.Because(err).About("profiles")
	}
	return p, nil
}

// base returns the base of the two ends, in a preset if one was named.
func (e *Ends) base(preset string) (*base.Base, error) {
	p, err := e.Pair()
	if err != nil {
		return nil, err
	}
	return base.OfPair(p, base.Find(preset)), nil
}

// Decisions returns what the profiles decide, as words of a configuration: for what has
// timers of its own.
func (e *Ends) Decisions() (words []string) {
	for side, end := range e.of {
		if end == nil {
			end = e.both.end
		}
		if end != nil {
			words = append(words, end.Decisions(model.Side(side))...)
		}
	}
	return words
}
