package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/cmd/tcpclose/internal/cli"
	"tcpclose/profile"
)

// A report that was interrupted says so, and nothing that was not found.
func TestProfile_Interrupt(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var text, encoded, errs bytes.Buffer
	assert.Equal(t, cli.Unknown, run(ctx, []string{"profile", "linux", "-times"}, &text, &errs))
	assert.Equal(t, cli.Unknown, run(ctx, []string{"profile", "linux", "-times", "-json"}, &encoded, &errs))
	assert.Empty(t, errs.String())
	assert.Regexp(t, `(?m)^  LAST_ACK +unknown$`, text.String())
	assert.Contains(t, text.String(), "\nWhen the last ACK is lost: unknown.\n")
	assert.True(t, strings.HasSuffix(text.String(), "\nNot complete: stopped before all was explored.\n"))
	var j jsonProfile
	require.NoError(t, json.Unmarshal(encoded.Bytes(), &j))
	assert.Equal(t, cli.Unknown, j.Status)
	require.Len(t, j.Stays, 2*len(profile.States))
	for _, s := range j.Stays {
		assert.False(t, s.Known, s.State)
		assert.Nil(t, s.Greatest, s.State)
	}
	assert.Equal(t, &jsonLastAck{}, j.LastAck)
}

// The table in docs/linux.md has the fields of 'profile -json', and no others.
func TestProfile_Fields(t *testing.T) {
	text, err := os.ReadFile("../../docs/linux.md")
	require.NoError(t, err)
	_, section, found := strings.Cut(string(text), "\n## For programs\n")
	require.True(t, found)
	section, _, _ = strings.Cut(section, "\n## ")
	var told []string
	for line := range strings.Lines(section) {
		cells := strings.Split(line, "|")
		if len(cells) < 4 || !strings.Contains(cells[1], "`") {
			continue
		}
		parent := ""
		for _, m := range inlined.FindAllString(cells[1], -1) {
			name := strings.Trim(m, "`")
			if strings.HasPrefix(name, ".") {
				name = parent + name
			}
			told = append(told, name)
			parent = regexp.MustCompile(`\.?[^.]*$`).ReplaceAllString(name, "")
		}
	}
	slices.Sort(told)
	is := jsonFields(reflect.TypeFor[jsonProfile](), "")
	slices.Sort(is)
	assert.Equal(t, is, told)
}

// jsonFields is the names that a type has as JSON, with those of what it holds.
func jsonFields(t reflect.Type, under string) (names []string) {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return nil
	}
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		names = append(names, under+name)
		names = append(names, jsonFields(t.Field(i).Type, under+name+".")...)
	}
	return names
}
