// Package fields describes the fields of a configuration as help needs them: by
// subject, with values, units and defaults.
package fields

import (
	"sync"

	"tcpclose/cmd/tcpclose/internal/cli"
	"tcpclose/cmd/tcpclose/internal/values"
	"tcpclose/model"
)

// A Field is a field of a configuration.
type Field struct {
	model.Field
	Group    cli.Group
	Default  string
	Words    []string       // the values that have names
	Decision model.Decision // if Decides
	Decides  bool
}

// EveryCapacity is the value of the field capacity by which check and find ask for the
// verdicts of every capacity at once, and EveryCapacityMeans what it means.
const (
	EveryCapacity      = "unlimited"
	EveryCapacityMeans = "check and find: the verdicts for every capacity at once. Loss, duplication and reordering have to be unlimited, and what is asked must not be about whole runs, losses, or counts of packets from above. The shortest runs are those of all capacities, or of one that is named"
)

// All returns every field, in the model's order: a plain name comes before those of
// the ends, so that a value for one end counts wherever it is given.
var All = sync.OnceValue(all)

// Find returns the field of that name, and whether there is one.
func Find(name string) (Field, bool) {
	for _, f := range All() {
		if f.Name == name {
			return f, true
		}
	}
	return Field{}, false
}

// Names returns the names of all fields.
func Names() (names []string) {
	for _, f := range All() {
		names = append(names, f.Name)
	}
	return names
}

// Plain returns the name of the field that sets this one and its peer's, or "" if none
// does.
func (f Field) Plain() string {
	if first := f.Forms()[0]; f.Scope == model.OfEnd && first == f.Base {
		return first
	}
	return ""
}

// subjects contains the subject of each group of the model.
var subjects = map[model.Group]cli.Group{
	model.Applications: cli.Ends,
	model.Opening:      cli.Ends,
	model.Time:         cli.Timers,
	model.Timers:       cli.Timers,
	model.Network:      cli.Network,
	model.Decisions:    cli.Decisions,
	model.Mistakes:     cli.Decisions,
}

func all() (list []Field) {
	decisions := map[string]model.Decision{}
	for d := range model.NumDecisions {
		decisions[d.String()] = d
	}
	for _, m := range model.Fields {
		f := Field{Field: m, Group: subjects[m.Group], Default: m.Get(model.Default()), Words: values.Named(m)}
		f.Decision, f.Decides = decisions[m.Base]
		list = append(list, f)
	}
	return list
}
