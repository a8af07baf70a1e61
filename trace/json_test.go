package trace

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func written(t require.TestingT, s *Story) []byte {
	var b bytes.Buffer
	require.NoError(t, s.JSON(&b))
	return b.Bytes()
}

// What is written is read back and replays.
func TestJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, err := NewStory(walk(t), About{Property: "p", Sentence: "s", Verdict: "v"})
		require.NoError(t, err)
		f, err := Read(written(t, s))
		require.NoError(t, err)
		again, err := f.Replay()
		require.NoError(t, err)
		assert.Equal(t, s, again)
	})
}

// A trace in which something was changed is refused, and the event is named: the
// changed one, or a later one.
func TestReplay_Changed(t *testing.T) {
	departures := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		s, err := NewStory(walk(t), About{})
		require.NoError(t, err)
		if len(s.Events) == 0 {
			return
		}
		at := rapid.IntRange(0, len(s.Events)-1).Draw(t, "at")
		for _, how := range []string{"time", "state", "sent", "told", "clauses", "age", "side", "again"} {
			if assertDeparts(t, s, at, how) {
				departures[how]++
			}
		}
	})
	for _, how := range []string{"time", "state", "sent", "told", "clauses"} {
		assert.NotZero(t, departures[how], "%s was never tried", how)
	}
}

// assertDeparts asserts that a story whose event at is changed so does not replay,
// and tells whether it was. What may be left unseen is not asked.
func assertDeparts(t *rapid.T, s *Story, at int, how string) bool {
	f, err := Read(written(t, s))
	require.NoError(t, err)
	e := &f.Events[at]
	switch how {
	case "time":
		e.Outcome.Time++
	case "state":
		e.Outcome.B = "NOWHERE"
	case "sent":
		e.Outcome.Sent += "<"
	case "told":
		e.Outcome.Told += "!"
	case "clauses":
		e.Outcome.Clauses = append(e.Outcome.Clauses, "none")
	case "age":
		if e.Segment == "" {
			return false
		}
		e.Age += int(s.Config.MSL)
	case "side":
		if e.Event != "call" && e.Event != "timeout" {
			return false
		}
		e.Side = map[string]string{"a": "b", "b": "a"}[e.Side]
	case "again":
		f.Inevitable = 0
		if e.Event == "tick" || e.Event == "duplicate" { // may well happen twice
			return false
		}
		f.Events = append(f.Events[:at+1:at+1], f.Events[at:]...)
	}
	partial, err := f.Replay()
	d, ok := errors.AsType[*Departure](err)
	if (how == "again" || how == "side") && err == nil {
		return false // there was another, or nobody sees it
	}
	require.True(t, ok, "%s of event %d: %v", how, at+1, err)
	assert.GreaterOrEqual(t, d.Event, at+1)
	if how != "again" && how != "side" {
		assert.Equal(t, at+1, d.Event)
	}
	assert.Len(t, partial.Events, d.Event-1)
	return true
}

// Traces of earlier versions still replay. -rewrite leaves them alone: see Version.
func TestJSON_Kept(t *testing.T) {
	files, err := filepath.Glob("testdata/kept/*.json")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, name := range files {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		f, err := Read(text)
		require.NoError(t, err, name)
		_, err = f.Replay()
		assert.NoError(t, err, name)
	}
}

// What is not a trace is refused in one line.
func TestRead_Refused(t *testing.T) {
	kept, err := os.ReadFile("testdata/kept/quiet.json")
	require.NoError(t, err)
	change := func(old, new string) string {
		require.Contains(t, string(kept), old)
		return strings.Replace(string(kept), old, new, 1)
	}
	for _, c := range []struct{ text, want string }{
		{"", "not JSON as a trace has it, in line 1: unexpected end of JSON input"},
		{change(`"version": 1,`, `"version": 1`), "not JSON as a trace has it, in line 4: "},
		{change(`"version": 1`, `"version": "1"`), `field "version" is a string: want a number`},
		{change(`"event": "call"`, `"event": 7`), `event 1: field "event" is a number: want a text in quotes`},
		{change(`"event": "tick"`, `"event": "tick", "age": "1"`), `field "age" is a string: want a number`},
		{change(`"event": "call"`, `"event": "call", "copy": 1`), `event 1: field "copy" is a number: want true or false`},
		{change(`"event": "call"`, `"event": "call", "sid": "a"`), `event 1: json: unknown field "sid"`},
		{change(`"time": 0`, `"time": "0"`), `event 1: field "time" is a string: want a number`},
		{change(`"events": [`, `"events": [ 3, `), "event 1: it is a number: want an object in braces"},
		{change(`"msl": "3"`, `"msl": 3`), `field "config" is a number: want a text in quotes`},
		{"{}", `format "": want "tcpclose trace"`},
		{change(`"version": 1`, `"version": 2`), "version 2: want 1"},
		{string(kept) + "{}", "not JSON"},
		{change(`"property"`, `"proprety"`), `json: unknown field "proprety"`},
		{change(`"msl": "3"`, `"msl": "0"`), `config: msl: "0": want 1 to 60000`},
		{change(`"msl": "3"`, `"mls": "3"`), `config: "mls": no such field`},
		{change(`"event": "call"`, `"event": "cal"`), `event 1: kind of event "cal": want one of`},
		{change(`"what": "CLOSE"`, `"what": "OPENS"`), `event 1: call "OPENS": want one of`},
		{change(`"side": "a"`, `"side": "c"`), `event 1: side "c": want one of`},
		{change(`"events": [`, `"doomed": 15, "events": [`), "doomed 15: want an event before the last, which is 15"},
		{change(`"events": [`, `"loop": 99, "events": [`), "loop 99: want 0 to"},
		{change(`"event": "tick"`, `"event": "tick", "age": 1`), "a tick has no segment, age, copy, place or of"},
		{change(`"event": "tick"`, `"event": "tick", "side": "a"`), `side "a": a tick has none`},
		{change(`"side": "a",
      "segment"`, `"side": "b",
      "segment"`), "its number is one of a's, and side is b"},
	} {
		_, err := Read([]byte(c.text))
		assert.ErrorContains(t, err, c.want)
		if err != nil {
			assert.NotContains(t, err.Error(), "\n")
		}
	}
}

// Whatever is read, nothing panics; what replays can be shown in every way and
// written again.
func FuzzRead(f *testing.F) {
	files, err := filepath.Glob("testdata/kept/*.json")
	require.NoError(f, err)
	for _, name := range files {
		text, err := os.ReadFile(name)
		require.NoError(f, err)
		f.Add(text)
		var loose map[string]any
		require.NoError(f, json.Unmarshal(text, &loose))
		delete(loose, "config")
		text, err = json.Marshal(loose)
		require.NoError(f, err)
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		file, err := Read(text)
		if err != nil {
			return
		}
		s, err := file.Replay()
		if err != nil {
			if _, ok := errors.AsType[*Departure](err); !ok {
				t.Fatal(err)
			}
		}
		for _, view := range Views {
			var b bytes.Buffer
			if err := view.Write(&b, s, ViewOptions{}); err != nil {
				t.Fatal(view.Name, err)
			}
		}
		if again, err := Read(written(t, s)); err != nil {
			t.Fatal(err)
		} else if _, err := again.Replay(); err != nil {
			t.Fatal(err)
		}
	})
}
