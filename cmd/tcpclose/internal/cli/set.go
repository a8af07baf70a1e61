package cli

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"tcpclose/internal/near"
)

// A Flag is a flag of a command.
type Flag struct {
	Name    string
	Group   Group
	Values  string // what it can be: "off, unlimited or 1 to 100"; or a word for it, "EXPR"; "" for a switch
	Unit    string // of its values, as "ticks"
	Default string // what it is if it is not given; "" if it then is nothing
	Means   string // in a line
	More    string // what else there is to say, in sentences
	// Both is the flag that sets this one and its counterpart, -rto of -a-rto; "" if
	// there is none.
	Both string
	// Words is the values that have names.
	Words func() []string
	// Set takes a value. Its error may be a Mistake without the flag and the value.
	Set func(value string) error
	// Alone: the flag needs no value, and then has "true".
	Alone bool
}

// A Set is the flags of a command.
type Set struct {
	Command string
	flags   []*Flag
	given   []string
}

// Names returns the values that have names, if any have.
func (f *Flag) Names() []string {
	if f.Words == nil {
		return nil
	}
	return f.Words()
}

// NewSet returns a Set of the command.
func NewSet(command string) *Set { return &Set{Command: command} }

// Add adds a flag.
func (s *Set) Add(f Flag) {
	if s.Lookup(f.Name) != nil {
		panic("cli: flag -" + f.Name + " is defined twice") // by the program, not by who types
	}
	s.flags = append(s.flags, &f)
}

// Switch adds a flag that is true or false.
func (s *Set) Switch(f Flag, at *bool) {
	f.Alone, f.Set = true, func(value string) error {
		is, err := strconv.ParseBool(value)
		if err != nil {
			return Want("true or false")
		}
		*at = is
		return nil
	}
	if f.Words == nil {
		f.Words = func() []string { return []string{"true", "false"} }
	}
	if *at {
		f.Default = "true"
	}
	s.Add(f)
}

// Text adds a flag whose value is any text.
func (s *Set) Text(f Flag, at *string) {
	f.Set = func(value string) error {
		*at = value
		return nil
	}
	s.Add(f)
}

// Number adds a flag whose value is a number from low to high.
func (s *Set) Number(f Flag, low, high int, at *int) {
	f.Set = func(value string) error {
		n, err := strconv.ParseInt(value, 0, 64)
		if err != nil || n < int64(low) || n > int64(high) {
			return Want("%d to %d", low, high)
		}
		*at = int(n)
		return nil
	}
	s.Add(f)
}

// Names adds a flag whose value is names, separated by commas.
func (s *Set) Names(f Flag, at *[]string) {
	f.Set = func(value string) error {
		*at = strings.Split(value, ",")
		return nil
	}
	s.Add(f)
}

// Lookup returns the flag of that name, or nil.
func (s *Set) Lookup(name string) *Flag {
	i := slices.IndexFunc(s.flags, func(f *Flag) bool { return f.Name == name })
	if i < 0 {
		return nil
	}
	return s.flags[i]
}

// Flags returns the flags in the order in which they were added.
func (s *Set) Flags() []*Flag { return s.flags }

// Given reports whether a flag stood on the command line.
func (s *Set) Given(name string) bool { return slices.Contains(s.given, name) }

// ErrHelp is the error if the command line contains -h, -help or --help.
var ErrHelp = errors.New("help was asked for")

// Parse takes the flags, which may come before, between and after the other arguments,
// and returns the others. A flag is -name VALUE, -name=VALUE, or -name alone if
// it is a switch; two dashes are as good as one. Behind "--" nothing is a flag.
func (s *Set) Parse(args []string) (others []string, err error) {
	for len(args) > 0 {
		arg := args[0]
		args = args[1:]
		if len(arg) < 2 || arg[0] != '-' {
			others = append(others, arg)
			continue
		}
		if arg == "--" {
			return append(others, args...), nil
		}
		name, value, has := strings.Cut(strings.TrimPrefix(arg[1:], "-"), "=")
		if name == "" || name[0] == '-' {
			return nil, Argument(arg, "-name or -name=value")
		}
		f := s.Lookup(name)
		switch {
		case f == nil && (name == "h" || name == "help"):
			return nil, ErrHelp
		case f == nil:
			return nil, s.unknown(name)
		case has:
		case f.Alone:
			value = "true"
		case len(args) == 0:
			return nil, f.wantValue()
		default:
			value, args = args[0], args[1:]
		}
		if err := f.Set(value); err != nil {
			return nil, Because(err).Of("flag -"+name, value)
		}
		s.given = append(s.given, name)
	}
	return others, nil
}

// unknown is the mistake of a flag that there is not.
func (s *Set) unknown(name string) *Mistake {
	var names []string
	for _, f := range s.flags {
		names = append(names, "-"+f.Name)
	}
	m := &Mistake{Thing: "flag " + dashed(name), Want: "no such flag ('tcpclose help " + s.Command + "' lists them)"}
	m.format, m.args = "no such flag ('tcpclose help %s' lists them)", []any{s.Command}
	return m.meant(near.Name(name, names))
}

// dashed is the name of a flag as messages repeat it.
func dashed(name string) string {
	quoted := Quoted("-" + name)
	if quoted == `"-`+name+`"` {
		return "-" + name
	}
	return quoted
}

// wantValue is the mistake of a flag at the end that needs a value.
func (f *Flag) wantValue() *Mistake {
	m := Want("a value")
	if f.Values != "" && !f.isWord() {
		m = Want("a value: %s", strings.TrimSpace(f.Values+" "+f.Unit))
	}
	m.Thing = "flag -" + f.Name
	return m
}
