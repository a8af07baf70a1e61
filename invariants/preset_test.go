package invariants

import (
	"context"
	"flag"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/explore"
	"tcpclose/model"
)

var printPins = flag.Bool("print-pins", false, "print the numbers of the presets")

// A pin is what is known of a preset, by number.
type pin struct {
	preset string
	large  bool   // it takes seconds, and is skipped with -short
	alone  string // the search of the model alone
	events string // in the traces of what is violated or reached
}

var pins = []pin{
	{"default", true,
		"10269927 distinct states, 112815507 generated, depth 28",
		"time-wait-unbroken 7, quiet 15, quiet-fin 15, no-reset 13, agreement 13, rest 14, normal-close 12, simultaneous-close 6, half-closed 3, late-fin 6, two-generals 13, assassination 7, data-and-fin 3, note-2 4"},
	{"no-data", false,
		"43356 distinct states, 396300 generated, depth 22",
		"time-wait-unbroken 7, quiet 15, quiet-fin 15, no-reset 13, agreement 13, rest 14, normal-close 12, simultaneous-close 6, half-closed 3, late-fin 6, two-generals 13, assassination 7, note-2 4"},
	{"notes", false,
		"13502 distinct states, 30696 generated, depth 15",
		"normal-close 13, simultaneous-close 6, half-closed 3, data-and-fin 3"},
	{"reordering", false,
		"169602 distinct states, 481866 generated, depth 59",
		"time-wait-unbroken 8, quiet 25, no-reset 18, agreement 18, normal-close 13, simultaneous-close 6, half-closed 3, late-fin 17, two-generals 18, assassination 8, data-and-fin 3, note-2 4"},
	{"b-never-closes", false,
		"581439 distinct states, 6053730 generated, depth 25",
		"no-reset 13, rest 4, half-closed 3, late-fin 12, data-and-fin 3"},
	{"safe-time-wait", true,
		"706831 distinct states, 7278576 generated, depth 25",
		"no-reset 13, agreement 13, rest 14, normal-close 12, simultaneous-close 6, half-closed 3, late-fin 6, two-generals 13, data-and-fin 3, note-2 4"},
	{"literal", true,
		"801247 distinct states, 8278242 generated, depth 25",
		"time-wait-2msl 13, time-wait-unbroken 7, quiet 15, quiet-fin 15, no-reset 13, told 14, agreement 13, rest 6, normal-close 12, simultaneous-close 6, half-closed 3, late-fin 6, two-generals 13, assassination 7, data-and-fin 3, note-2 4"},
}

// All presets have the verdicts that they are known for, and the numbers that
// are pinned.
func TestPresets(t *testing.T) {
	require.Len(t, pins, len(Presets))
	for i := range Presets {
		p, pin := &Presets[i], pins[i]
		require.Equal(t, p.Name, pin.preset)
		t.Run(p.Name, func(t *testing.T) {
			if pin.large && testing.Short() {
				t.Skip("large")
			}
			alone, err := Check(context.Background(), p.Config, nil, Options{})
			require.NoError(t, err)
			require.False(t, alone.Remembers)

			properties := concat(Properties, Witnesses)
			r, err := Check(context.Background(), p.Config, properties, Options{})
			require.NoError(t, err)
			require.True(t, r.Remembers)
			require.True(t, r.Result.Complete())
			require.Len(t, r.Findings, len(properties))
			var events []string
			for i := range r.Findings {
				f := &r.Findings[i]
				name := f.Property.Name
				require.Same(t, properties[i], f.Property)
				want := p.Expects(f.Property)
				assert.Equal(t, want.Verdict, f.Verdict, "%s: %s", name, want.Why)
				shown := f.Verdict == Violated || f.Verdict == Reached
				require.Equal(t, shown, f.Trace != nil, name)
				if shown {
					events = append(events, fmt.Sprintf("%s %d", name, len(f.Trace.Events)))
					assertReplays(t, f.Trace)
					assertShows(t, f)
				}
			}
			if *printPins {
				fmt.Printf("%s\n%s\n%s\n", p.Name, alone.Result, strings.Join(events, ", "))
				return
			}
			assert.Equal(t, pin.alone, alone.Result.String())
			assert.Equal(t, pin.events, strings.Join(events, ", "))
		})
	}
}

// assertReplays asserts that a trace is a run of the model.
func assertReplays(t require.TestingT, trace *Trace) {
	y := systemOf(t, trace.Config)
	require.Len(t, trace.States, len(trace.Events)+1)
	require.Equal(t, y.Init(), trace.States[0])
	for i, e := range trace.Events {
		require.Contains(t, y.Actions(nil, trace.States[i]), e.Action)
		o, ok := y.Step(trace.States[i], e.Action)
		require.True(t, ok, "event %d", i+1)
		require.False(t, o.Overflow, "event %d", i+1)
		require.Equal(t, o, e.Outcome, "event %d", i+1)
		require.Equal(t, o.To, trace.States[i+1], "event %d", i+1)
	}
}

// assertShows asserts that what a finding is about is to be seen at the end of
// its trace, and not before.
func assertShows(t require.TestingT, f *Finding) {
	patterns := f.Property.Patterns(f.Trace.Config)
	v := &naive{system: systemOf(t, f.Trace.Config)}
	for i := range patterns {
		v.needs |= patterns[i].Needs
	}
	shown := func(kind explore.Kind, matches func(*Pattern, model.Side) bool) bool {
		for i := range patterns {
			for _, self := range model.Sides {
				if patterns[i].Kind == kind && matches(&patterns[i], self) {
					return true
				}
			}
		}
		return false
	}
	terminal := func(n node) bool {
		return len(v.system.Actions(nil, n.State)) == 0 && shown(explore.Terminals, n.matches)
	}
	n := node{State: f.Trace.States[0]}
	for i, event := range f.Trace.Events {
		require.False(t, shown(explore.States, n.matches) || terminal(n), "%s: before event %d", f.Property.Name, i+1)
		e := v.follow(n, event.Action, event.Outcome)
		n = e.to
		if i < len(f.Trace.Events)-1 {
			require.False(t, shown(explore.Steps, e.matches), "%s: at event %d", f.Property.Name, i+1)
		} else {
			require.True(t, shown(explore.Steps, e.matches) || shown(explore.States, n.matches) || terminal(n), "%s: the last event", f.Property.Name)
		}
	}
}

// What the presets say of themselves is complete.
func TestPresets_Expected(t *testing.T) {
	names := map[string]bool{}
	for i := range Presets {
		p := &Presets[i]
		require.False(t, names[p.Name], "%s stands twice", p.Name)
		names[p.Name] = true
		found, err := FindPreset(p.Name)
		require.NoError(t, err)
		require.Same(t, p, found)
		assert.NotEmpty(t, p.Sentence)
		assert.NoError(t, p.Config.Validate(), p.Name)
		known := map[string]bool{}
		for _, e := range p.Expected {
			prop, err := Find(e.Property)
			require.NoError(t, err, p.Name)
			assert.False(t, known[e.Property], "%s: %s stands twice", p.Name, e.Property)
			known[e.Property] = true
			usual := Expectation{prop.Name, Holds, ""}
			if prop.Witness {
				usual.Verdict = Reached
			}
			assert.NotEqual(t, usual.Verdict, e.Verdict, "%s: %s need not be listed", p.Name, e.Property)
			assert.NotEmpty(t, e.Why, "%s: %s", p.Name, e.Property)
			assert.NotEqual(t, Unknown, e.Verdict, "%s: %s", p.Name, e.Property)
			assert.Equal(t, e, p.Expects(prop))
		}
		for _, prop := range concat(Properties, Witnesses) {
			if e := p.Expects(prop); !known[prop.Name] {
				assert.Equal(t, prop.Witness, e.Verdict == Reached)
				assert.Equal(t, !prop.Witness, e.Verdict == Holds)
			}
		}
	}
	assert.Equal(t, model.Default(), Presets[0].Config, "the default is the first")
	_, err := FindPreset("no-such")
	assert.EqualError(t, err, `preset "no-such": no such preset`)
}

// Properties have names, sentences and sources, and can be found.
func TestProperties(t *testing.T) {
	names := map[string]bool{}
	for _, p := range concat(Properties, Witnesses) {
		require.False(t, names[p.Name], "%s stands twice", p.Name)
		names[p.Name] = true
		assert.NotEmpty(t, p.Sentence, p.Name)
		assert.NotEmpty(t, p.Source, p.Name)
		found, err := Find(p.Name)
		require.NoError(t, err)
		require.Same(t, p, found)
		assert.NotEmpty(t, p.Patterns(model.Default()), p.Name)
	}
	for _, p := range Properties {
		assert.False(t, p.Witness, p.Name)
	}
	for _, p := range Witnesses {
		assert.True(t, p.Witness, p.Name)
	}
	_, err := Find("no-such")
	assert.EqualError(t, err, `property "no-such": no such property or witness`)
	assert.LessOrEqual(t, 2*len(concatPatterns(model.Default())), explore.MaxWatches, "all can be asked for at once")
}

func concatPatterns(c model.Config) []Pattern {
	_, list := allPatterns(c)
	return list
}
