package check

import (
	"context"
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/internal/naive"
	"tcpclose/internal/tier"
	"tcpclose/invariants"
	"tcpclose/model"
)

var printPins = flag.Bool("print-pins", false, "print the numbers of the presets")

// A pin has the numbers of a preset.
type pin struct {
	preset string
	large  bool   // it takes seconds, and is left to the large tier
	alone  string // the search of the model alone
	events string // in the traces of what is violated or reached
}

var pins = []pin{
	{"default", true,
		"10269927 distinct states, 112815507 generated, depth 28",
		"time-wait-unbroken 7, quiet 15, quiet-fin 15, no-reset 13, agreement 13, rest 14"},
	{"no-data", false,
		"43356 distinct states, 396300 generated, depth 22",
		"time-wait-unbroken 7, quiet 15, quiet-fin 15, no-reset 13, agreement 13, rest 14, normal-close 12, simultaneous-close 6, half-closed 3, late-fin 6, two-generals 13, assassination 7, note-2 4"},
	{"notes", false,
		"13502 distinct states, 30696 generated, depth 15",
		"normal-close 13, simultaneous-close 6, half-closed 3, data-and-fin 3, half-close-read 5"},
	{"reordering", true,
		"169602 distinct states, 481866 generated, depth 59",
		"time-wait-unbroken 8, quiet 25, no-reset 18, agreement 18, normal-close 13, simultaneous-close 6, half-closed 3, late-fin 17, two-generals 18, assassination 8, data-and-fin 3, note-2 4, half-close-read 5"},
	{"b-never-closes", false,
		"581439 distinct states, 6053730 generated, depth 25",
		"no-reset 13, rest 4, half-closed 3, late-fin 12, data-and-fin 3, half-close-read 5"},
	{"safe-time-wait", true,
		"706831 distinct states, 7278576 generated, depth 25",
		"time-wait-ends 6, no-reset 13, agreement 13, rest 14, normal-close 12, simultaneous-close 6, half-closed 3, late-fin 6, two-generals 13, data-and-fin 3, note-2 4, half-close-read 5"},
	{"literal", true,
		"801247 distinct states, 8278242 generated, depth 25",
		"time-wait-2msl 13, time-wait-unbroken 7, time-wait-ends 5, quiet 15, quiet-fin 15, no-reset 13, told 14, agreement 13, rest 6, normal-close 12, simultaneous-close 6, half-closed 3, late-fin 6, two-generals 13, assassination 7, data-and-fin 3, note-2 4, half-close-read 5"},
	{"slow-reader", true,
		"1431495 distinct states, 14909127 generated, depth 30",
		"time-wait-unbroken 7, quiet 15, quiet-fin 15, no-reset 13, unread-kept 12, agreement 13, rest 14, normal-close 12, simultaneous-close 6, half-closed 3, late-fin 6, two-generals 13, assassination 7, note-2 4, fin-waits 4, fin-waits-late 5, window-opens 5, fin-probes 8, half-close-read 5"},
	{"shut-window", false,
		"24304 distinct states, 213684 generated, depth 26",
		"no-reset 13, rest 17, half-closed 3, late-fin 13, fin-waits 1, fin-waits-late 3, fin-probes 5"},
	{"half-close", true,
		"2799797 distinct states, 31752438 generated, depth 27",
		"time-wait-unbroken 7, quiet 17, quiet-fin 17, no-reset 12, unread-kept 11, agreement 12, rest 11, normal-close 12, half-closed 3, late-fin 6, two-generals 12, assassination 7, data-and-fin 5, note-2 4, half-close-data 4, half-close-read 5"},
	{"delayed-ack", false,
		"43432 distinct states, 396578 generated, depth 22",
		"time-wait-unbroken 7, quiet 16, quiet-fin 16, no-reset 13, agreement 13, rest 15, normal-close 12, simultaneous-close 6, half-closed 4, late-fin 6, two-generals 13, assassination 7, note-2 4, three-segments 3, ack-withheld 11"},
	{"withheld-ack", false,
		"51580 distinct states, 112787 generated, depth 51",
		"time-wait-unbroken 19, no-reset 34, normal-close 12, simultaneous-close 6, half-closed 15, late-fin 33, assassination 19, data-and-fin 3, note-2 4, three-segments 3, ack-withheld 31"},
	{"abort", false,
		"59417 distinct states, 600848 generated, depth 22",
		"time-wait-unbroken 5, quiet 15, quiet-fin 15, no-reset 2, agreement 7, rest 5, normal-close 12, simultaneous-close 6, half-closed 3, late-fin 3, two-generals 7, assassination 7, challenge 3, note-2 4, abort-established 1, abort-fin-wait-1 2, abort-fin-wait-2 4, abort-close-wait 3, abort-closing 4, abort-last-ack 4, abort-time-wait 5"},
	{"dying-process", true,
		"1259027 distinct states, 14044863 generated, depth 23",
		"time-wait-unbroken 7, quiet 17, quiet-fin 17, no-reset 4, unread-kept 9, agreement 10, rest 6, normal-close 12, simultaneous-close 6, half-closed 3, late-fin 4, two-generals 10, assassination 7, challenge 4, data-and-fin 3, note-2 4, half-close-read 5, dies 1, dies-unread 3, late-text 3"},
	{"crash", false,
		"51035 distinct states, 510671 generated, depth 22",
		"time-wait-unbroken 5, quiet 15, quiet-fin 15, no-reset 4, agreement 7, rest 4, normal-close 12, simultaneous-close 6, half-closed 3, late-fin 3, two-generals 7, assassination 7, note-2 4, reboot 3"},
	{"orphan", false,
		"352024 distinct states, 3509322 generated, depth 26",
		"time-wait-unbroken 7, quiet 15, quiet-fin 15, no-reset 5, agreement 13, rest 14, normal-close 12, simultaneous-close 6, half-closed 3, late-fin 4, two-generals 13, assassination 7, challenge 4, data-and-fin 3, note-2 4, late-text 3, orphan-ends 10"},
	{"keep-alive", false,
		"17475 distinct states, 153214 generated, depth 25",
		"no-reset 14, half-closed 3, late-fin 15, keep-alive-ends 14"},
	{"user-timeout", false,
		"103679 distinct states, 932961 generated, depth 23",
		"time-wait-unbroken 7, quiet 15, quiet-fin 15, no-reset 12, agreement 12, normal-close 12, simultaneous-close 6, half-closed 3, late-fin 6, two-generals 12, assassination 7, note-2 4, user-timeout-ends 9"},
	{"open", false,
		"219124 distinct states, 2330655 generated, depth 22",
		"time-wait-unbroken 11, no-reset 3, agreement 14, rest 14, normal-close 14, simultaneous-close 10, half-closed 8, late-fin 6, two-generals 14, assassination 11, note-2 8"},
	{"next", true,
		"772267 distinct states, 8609530 generated, depth 30",
		"time-wait-unbroken 7, quiet 23, quiet-fin 23, no-reset 8, old-text 13, old-fin 11, old-syn 11, old-ack 11, old-rst 12, in-step 13, hazard-1 13, hazard-2 13, hazard-3 13, kept-out 11, rest 10, normal-close 8, simultaneous-close 6, half-closed 3, late-fin 6, two-generals 8, assassination 7, challenge 12, data-and-fin 3, note-2 4, half-close-read 5"},
	{"next-safe", true,
		"538081 distinct states, 5879510 generated, depth 32",
		"time-wait-ends 8, no-reset 8, old-text 13, old-fin 12, old-syn 12, old-ack 12, old-rst 12, in-step 14, rest 10, normal-close 8, simultaneous-close 6, half-closed 3, late-fin 6, two-generals 8, challenge 13, data-and-fin 3, note-2 4, half-close-read 5"},
	{"next-may-2", true,
		"720833 distinct states, 7809445 generated, depth 31",
		"time-wait-unbroken 7, time-wait-ends 9, no-reset 8, old-text 13, old-fin 13, old-rst 13, in-step 15, rest 10, normal-close 8, simultaneous-close 6, half-closed 3, late-fin 6, two-generals 8, challenge 14, data-and-fin 3, note-2 4, half-close-read 5"},
	{"faithful", true,
		"15434152 distinct states, 191893593 generated, depth 29",
		"time-wait-unbroken 5, quiet 17, quiet-fin 18, no-reset 2, agreement 7"},
}

// All presets have the verdicts that they are known for, and the numbers that
// are pinned.
func TestPresets(t *testing.T) {
	for i := range Presets {
		p, pin := &Presets[i], pin{}
		if !*printPins {
			require.Len(t, pins, len(Presets))
			pin = pins[i]
			require.Equal(t, p.Name, pin.preset)
		}
		t.Run(p.Name, func(t *testing.T) {
			if p.Large || pin.large {
				tier.Skip(t)
			}
			if p.States > 200_000 {
				tier.SkipToCI(t)
			}
			alone, err := Check(context.Background(), p.Config, nil, Options{})
			require.NoError(t, err)
			require.False(t, alone.Remembers)

			properties := slices.Concat(invariants.Properties, invariants.Witnesses)
			if i == 0 || p.Large {
				properties = invariants.Properties // one search of ten million states, not two
			}
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
					naive.AssertReplays(t, f.Trace)
					naive.AssertShows(t, f.Property, f.Trace)
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

// The numbers of states that the presets know are those of a check of all properties.
func TestPresets_States(t *testing.T) {
	for i := range Presets {
		p := &Presets[i]
		if p.Large {
			assert.Zero(t, p.States, p.Name)
			continue
		}
		if p.States > 60_000 && tier.Leaves(t, p.Name) {
			continue
		}
		r, err := Check(context.Background(), p.Config, invariants.Properties, Options{NoTraces: true})
		require.NoError(t, err)
		assert.Equal(t, p.States, r.Result.Distinct, p.Name)
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
			prop, err := invariants.Find(e.Property)
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
		for _, prop := range slices.Concat(invariants.Properties, invariants.Witnesses) {
			if e := p.Expects(prop); !known[prop.Name] && e.Verdict != NotApplicable {
				assert.Equal(t, prop.Witness, e.Verdict == Reached)
				assert.Equal(t, !prop.Witness, e.Verdict == Holds)
			}
		}
	}
	assert.Equal(t, model.Default(), Presets[0].Config, "the default is the first")
	_, err := FindPreset("no-such")
	assert.EqualError(t, err, `preset "no-such": no such preset`)
}
