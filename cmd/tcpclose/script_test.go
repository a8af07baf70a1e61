package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"tcpclose/check"
	"tcpclose/cmd/tcpclose/internal/base"
	"tcpclose/cmd/tcpclose/internal/cli"
	"tcpclose/cmd/tcpclose/internal/fields"
	"tcpclose/cmd/tcpclose/internal/report"
	"tcpclose/cmd/tcpclose/internal/screen"
	"tcpclose/cmd/tcpclose/internal/target"
	"tcpclose/internal/tier"
	"tcpclose/invariants"
	"tcpclose/model"
	"tcpclose/profile"
)

// The test binary is tcpclose when it is called so, which testscript sees to: a
// command named tcpclose is in PATH while tests run.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"tcpclose": main})
}

// long lists the scripts that take seconds. They are of CI's tier.
var long = []string{"claims", "corpus", "eventually", "explain", "faults", "find", "graph", "interop", "isn", "liveness", "lose", "margin", "profile", "profiles", "refused"}

// TestScript runs testdata/script. 'go test -run Script -rewrite' renews what the
// scripts expect. Commands after [large] are of the large tier.
func TestScript(t *testing.T) {
	files, err := filepath.Glob("testdata/script/*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		script, err := os.ReadFile(file)
		require.NoError(t, err)
		if bytes.Contains(script, []byte("\n[large] ")) {
			tier.Leaves(t, "commands of "+filepath.Base(file))
		}
	}
	if !*rewrite {
		files = slices.DeleteFunc(files, func(file string) bool {
			name := strings.TrimSuffix(filepath.Base(file), ".txtar")
			return slices.Contains(long, name) && tier.LeavesToCI(t, "script "+name)
		})
	}
	testscript.Run(t, testscript.Params{
		Condition: func(name string) (bool, error) {
			if name != "large" {
				return false, fmt.Errorf("condition %q: want large", name)
			}
			return tier.Large() || *rewrite, nil
		},
		Files:               files,
		UpdateScripts:       *rewrite,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"exits":   exits,
			"refused": refused,
			"replace": replace,
		},
	})
}

// exits STATUS ARG ... runs tcpclose and wants that exit status. The times that
// runs took are left out of stdout.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: exits STATUS ARG ...")
	}
	status := 0
	if err := ts.Exec("tcpclose", args[1:]...); err != nil {
		exit, ok := errors.AsType[*exec.ExitError](err)
		if !ok {
			ts.Fatalf("%v", err)
		}
		status = exit.ExitCode()
	}
	if args[0] != strconv.Itoa(status) {
		ts.Fatalf("exit status %d, want %s", status, args[0])
	}
	out, errs := ts.ReadFile("stdout"), ts.ReadFile("stderr")
	fmt.Fprint(ts.Stdout(), same(out))
	fmt.Fprint(ts.Stderr(), errs)
}

// refused ARG ... runs tcpclose and wants exit status 2, nothing on stdout and
// one line on stderr. That line is appended to the file refusals.
func refused(ts *testscript.TestScript, neg bool, args []string) {
	if neg {
		ts.Fatalf("usage: refused ARG ...")
	}
	exit, _ := errors.AsType[*exec.ExitError](ts.Exec("tcpclose", args...))
	if exit == nil || exit.ExitCode() != cli.Usage {
		ts.Fatalf("want exit status %d", cli.Usage)
	}
	if out := ts.ReadFile("stdout"); out != "" {
		ts.Fatalf("want nothing on stdout")
	}
	line := ts.ReadFile("stderr")
	if !oneLine.MatchString(line) {
		ts.Fatalf("want one line on stderr")
	}
	f, err := os.OpenFile(ts.MkAbs("refusals"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
	ts.Check(err)
	_, err = fmt.Fprintf(f, "%q\n  %s", args, line)
	ts.Check(err)
	ts.Check(f.Close())
}

// replace OLD NEW FROM TO writes file TO, which is FROM with its first OLD made NEW.
func replace(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 4 {
		ts.Fatalf("usage: replace OLD NEW FROM TO")
	}
	was := ts.ReadFile(args[2])
	is := strings.Replace(was, args[0], args[1], 1)
	if is == was {
		ts.Fatalf("%s: there is no %s", args[2], args[0])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[3]), []byte(is), 0o666))
}

var oneLine = regexp.MustCompile(`\Atcpclose[^\n]*: [^\n]+\n\z`)

// small lists configurations that are explored in milliseconds.
var small = [][]string{
	{"-preset", "no-data"},
	{"-preset", "notes"},
	{"-msl", "2", "-rto", "1", "-r2", "1", "-a-octets", "0", "-b-octets", "0"},
	{"-msl", "2", "-rto", "1", "-r2", "1", "-a-octets", "0", "-b-octets", "0", "-late-reset", "silent", "-strict"},
	{"-preset", "no-data", "-witness", "all"},
	{"-preset", "notes", "-witness", "all"},
	{"-preset", "no-data", "-liveness", "all"},
	{"-msl", "2", "-rto", "1", "-r2", "unlimited", "-a-octets", "0", "-b-octets", "0", "-time-wait-ack", "answered", "-liveness", "all", "-without", "time,fin"},
	{"-preset", "no-data", "-liveness", "all", "-time-wait-ack", "answered", "-max-depth", "9"},
	{"-preset", "no-data", "-max-depth", "9"},
	{"-preset", "no-data", "-max-states", "9999"},
	{"-preset", "no-data", "-loss", "off", "-capacity", "1", "-rto", "1"},
	{"-preset", "no-data", "-properties", "quiet", "-msl", "2", "-rto", "1", "-r2", "3", "-finer", "2"},
}

// reported is a report as somebody reads it who knows only the names in the JSON.
type reported struct {
	Preset     *string             `json:"preset"`
	Config     map[string]string   `json:"config"`
	Decisions  map[string]string   `json:"decisions"`
	States     *int                `json:"states"`
	Steps      *int                `json:"steps"`
	Depth      *int                `json:"depth"`
	Incomplete []string            `json:"incomplete"`
	Seconds    *float64            `json:"seconds"`
	Findings   []finding           `json:"findings"`
	Turned     []map[string]string `json:"turned"`
	Status     *int                `json:"status"`
}

type finding struct {
	Name, Verdict, Expected, Reason string
	Unexpected, Witness             bool
	Loop                            *int
	Assumed, Dropped                []string
	RuledOutBy                      []string `json:"ruled_out_by"`
	Events                          []struct {
		Time                      int
		Kind, Side, What, Segment string
		A, B                      string
	}
}

// readJSON decodes one report and nothing after it.
func readJSON(t require.TestingT, text []byte) (r reported) {
	d := json.NewDecoder(bytes.NewReader(text))
	require.NoError(t, d.Decode(&r), "%s", text)
	require.False(t, d.More())
	require.NotNil(t, r.Preset)
	require.NotNil(t, r.Config)
	require.NotNil(t, r.Decisions)
	require.NotNil(t, r.States)
	require.NotNil(t, r.Steps)
	require.NotNil(t, r.Depth)
	require.NotNil(t, r.Incomplete)
	require.NotNil(t, r.Seconds)
	require.NotNil(t, r.Status)
	return r
}

// The two forms of a report say the same.
func TestJSON(t *testing.T) {
	for i, args := range small {
		t.Run(strings.Join(args, " "), func(t *testing.T) {
			if i%2 > 0 {
				tier.Skip(t)
			}
			args := append([]string{"check"}, args...)
			var text, encoded, errs bytes.Buffer
			status := run(t.Context(), append(args, "-v"), &text, &errs)
			assert.Equal(t, status, run(t.Context(), append(args, "-json"), &encoded, &errs))
			assert.Empty(t, errs.String())
			r := readJSON(t, encoded.Bytes())
			assert.Equal(t, status, *r.Status)

			var words []string
			for name, value := range r.Config {
				words = append(words, name+"="+value)
			}
			config, err := model.ParseConfig(strings.Join(words, " "))
			require.NoError(t, err)
			assert.Len(t, r.Config, len(config.Fields()))
			decisions := map[string]string{}
			for _, f := range config.Fields() {
				assert.Equal(t, f.Get(config), r.Config[f.Name])
				if f.Group == model.Decisions && f.Get(config) != f.Get(model.Default()) {
					decisions[f.Name] = f.Get(config)
				}
			}
			assert.Equal(t, decisions, r.Decisions)
			preset, err := check.FindPreset(*r.Preset)
			require.NoError(t, err)

			whole := unfolded(text.String())
			assert.Contains(t, whole, "preset "+*r.Preset+": ")
			if changed := config.Against(preset.Config); len(changed) > 0 {
				assert.Contains(t, whole, "\n  changed: "+strings.Join(changed, " ")+"\n")
			}
			assert.Contains(t, text.String(), fmt.Sprintf("\n%s states, %s steps, depth %d, in ",
				humanize.Comma(int64(*r.States)), humanize.Comma(int64(*r.Steps)), *r.Depth))
			if len(r.Incomplete) > 0 {
				assert.Contains(t, text.String(), "Not complete ("+strings.Join(r.Incomplete, ", ")+")")
			} else {
				assert.Contains(t, text.String(), "\nComplete: ")
			}
			require.NotEmpty(t, r.Findings)
			for _, f := range r.Findings {
				line := regexp.MustCompile(`(?m)^  ` + f.Name + ` +` + f.Verdict + `(  .*)?$`).FindString(whole)
				require.NotEmpty(t, line, "%s %s", f.Name, f.Verdict)
				seen := f.Verdict == "violated" || f.Verdict == "zeno" || f.Verdict == "reached"
				assert.Equal(t, seen, len(f.Events) > 0, f.Name)
				assert.Equal(t, seen, strings.Contains(line, fmt.Sprintf("in %d events", len(f.Events))), line)
				assert.Contains(t, line, f.Reason)
				if f.Verdict == "unknown" {
					assert.NotEmpty(t, f.Reason, f.Name)
				}
				if f.Loop != nil {
					require.LessOrEqual(t, *f.Loop, len(f.Events))
					if again := len(f.Events) - *f.Loop; again > 0 {
						assert.Contains(t, text.String(), fmt.Sprintf("the last %d forever:\n", again))
					}
				}
				for _, dropped := range f.Dropped {
					assert.NotContains(t, f.Assumed, dropped)
				}
				for _, a := range f.RuledOutBy {
					assert.NotContains(t, f.Assumed, a)
				}
				time := 0
				for _, e := range f.Events {
					assert.GreaterOrEqual(t, e.Time, time)
					time = e.Time
					assert.NotEmpty(t, e.Kind)
					assert.NotEmpty(t, e.A)
					assert.NotEmpty(t, e.B)
				}
			}
			for _, turned := range r.Turned {
				assert.Contains(t, text.String(), turned["name"]+" turns from ")
			}
		})
	}
}

// continued finds where a line is a part of the one before.
var continued = regexp.MustCompile(`\n {4,}([^ 0-9#|:])`)

// unfolded returns text with each row, and each sentence, on a line of its own.
func unfolded(text string) string { return continued.ReplaceAllString(text, " $1") }

// Neither a trace nor a count depends on how many work.
func TestWorkers(t *testing.T) {
	for i, args := range small {
		if i%2 > 0 && tier.Leaves(t, strings.Join(args, " ")) {
			continue
		}
		var want string
		for _, workers := range tier.Choose([]string{"1", "4"}, []string{"1", "2", "4"}) {
			var out, errs bytes.Buffer
			run(t.Context(), append([]string{"check", "-workers", workers}, args...), &out, &errs)
			assert.Empty(t, errs.String())
			if want == "" {
				want = same(out.String())
			}
			assert.Equal(t, want, same(out.String()), "-workers %s %v", workers, args)
		}
	}
}

// A run that is interrupted says what it knows, and that it does not know all.
func TestInterrupt(t *testing.T) {
	long := []string{"check", "-a-octets", "2", "-b-octets", "2", "-properties", "told,rest"}
	for _, c := range []struct {
		name   string
		signal os.Signal
		args   []string
	}{
		{"Ctrl-C", os.Interrupt, long},
		{"SIGTERM", syscall.SIGTERM, append(long[:len(long):len(long)], "-json")},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "kept")
			cmd := exec.CommandContext(t.Context(), "tcpclose", append(c.args, "-checkpoint", file, "-checkpoint-every", "100ms")...)
			var out, errs bytes.Buffer
			cmd.Stdout, cmd.Stderr = &out, &errs
			require.NoError(t, cmd.Start())
			waitFor(t, file)
			time.Sleep(screen.ProgressAfter + 300*time.Millisecond)
			require.NoError(t, cmd.Process.Signal(c.signal))
			start := time.Now()
			exit, ok := errors.AsType[*exec.ExitError](cmd.Wait())
			require.True(t, ok)
			assert.Equal(t, cli.Unknown, exit.ExitCode())
			assert.Less(t, time.Since(start), time.Minute)
			// No terminal is there to show the progress on.
			assert.Empty(t, errs.String())
			if !slices.Contains(c.args, "-json") {
				assert.Contains(t, out.String(), "Not complete (interrupt)")
				assert.Regexp(t, `(?m)^  rest +unknown +not everything was explored: interrupt$`, out.String())
				return
			}
			r := readJSON(t, out.Bytes())
			assert.Equal(t, []string{"interrupt"}, r.Incomplete)
			assert.Equal(t, cli.Unknown, *r.Status)
			for _, f := range r.Findings {
				assert.Equal(t, "unknown", f.Verdict, f.Name)
				assert.Equal(t, "interrupt", f.Reason, f.Name)
			}
		})
	}
	t.Run("before it begins", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		var out, errs bytes.Buffer
		assert.Equal(t, cli.Unknown, run(ctx, append(long, "-json"), &out, &errs))
		r := readJSON(t, out.Bytes())
		assert.Equal(t, []string{"interrupt"}, r.Incomplete)
		assert.Equal(t, 1, *r.States)
	})
}

// waitFor waits for a checkpoint of a search, which heeds signals from before it begins.
func waitFor(t *testing.T, file string) {
	require.Eventually(t, func() bool {
		_, err := os.Stat(file)
		return err == nil
	}, time.Minute, time.Millisecond, "no checkpoint is written")
}

// values is values that the flags take, by name. It fails if there is a flag
// that is not known here.
func values(t *testing.T) map[string][]string {
	numbers := func(low, high int) []string {
		return []string{strconv.Itoa(low), strconv.Itoa(low + 1), strconv.Itoa(low + 2), strconv.Itoa(high)}
	}
	known := map[string][]string{
		"preset":     base.PresetNames(),
		"profile":    profile.Names(),
		"a":          profile.Names(),
		"b":          profile.Names(),
		"v":          {"true", "false"},
		"q":          {"true", "false"},
		"properties": append(propertyNames(invariants.Properties), "quiet,rest"),
		"witness":    append(propertyNames(invariants.Witnesses), "all"),
		"liveness":   append(propertyNames(invariants.LivenessProperties), "all"),
		"without":    append(report.AssumptionNames(invariants.Assumptions), "fin,ack"),
		"assume":     append(report.AssumptionNames(invariants.Assumptions), "fin,ack"),
		"always":     {"a.state != LISTEN", "!a.receives.rst", "a.state == b.state"},
		"eventually": {"a.state == CLOSED", "a.receives.fin", "b.rtx > 5 || a.rtx > 5"},
		"leads-to":   {"a.state == FIN-WAIT-1 => a.state != FIN-WAIT-1", "a.receives.fin => a.state == CLOSED"},
		"never":      {"b.rtx > a.rtx", "b.rtx > 5", "a.calls == CLOSE"},
		"json":       {"true", "false"},
		"lang":       {"en", "zh"},
		"strict":     {"true", "false"},
		"against":    {"", "no-data", "rto=3", "notes b-octets=0"},
		"traces":     {"true", "false"},
		"endings":    {"true", "false"},
		"coverage":   {"true", "false"},
		"symmetry":   {"true", "false"},
		"explain":    {"true", "false"},
		"format":     {"ladder", "text", "json", "svg", "mermaid", "pcap"},
		"capture":    {"a", "b"},
		"o":          {"trace-*", "*.txt", "trace"},
		"ltl":        {"G(a.state == CLOSED)", "F(a.sends.fin) || X(b.rtx > 0)"},
		"timeout":    {"0", "1ns", "1ms", "1h"},
		"max-states": numbers(0, target.MaxLimit),
		"max-depth":  numbers(0, target.MaxLimit),
		"workers":    numbers(0, 9),
		"finer":      {"2", "3", "16"},
		"a-octets":   numbers(0, model.MaxOctets),
		"b-octets":   numbers(0, model.MaxOctets),
		"a-closes":   {"any-time", "after-peer", "never"},
		"b-closes":   {"any-time", "after-peer", "never"},
		"clock":      {"steps", "leaps"},
		"msl":        numbers(1, 60),
		"delay":      {"1", "2", "1msl"},
		"rto-max":    {"off", "2", "8", "60000"},

		"delayed-ack":      {"off", "unlimited", "1", "100"},
		"user-timeout":     {"off", "1", "5", "60000"},
		"fin-wait-2":       {"off", "1", "5", "60000"},
		"keepalive":        {"off", "1", "5", "60000"},
		"keepalive-probes": numbers(1, 20),
		"time-wait":        {"1", "6", "2msl", "3msl", "1msl+2", "0msl+1"},
		"rto":              numbers(1, 200),
		"r2":               {"off", "unlimited", "1", "2", "100"},
		"loss":             {"off", "unlimited", "1", "2", "100"},
		"give-up":          {"off", "1", "5"},
		"orphan-give-up":   {"off", "1", "5"},
		"fin-wait-2-first": {"off", "1", "5"},
		"keepalive-next":   {"off", "1", "5"},
		"loses":            {"any", "a-fin", "a-ack", "b-fin", "b-ack"},
		"duplicate":        {"off", "unlimited", "1", "2", "100"},
		"reorder":          {"off", "unlimited", "1", "2", "100"},
		"capacity":         numbers(1, model.MaxCapacity),
		"stray":            {"off", "<SEQ=101><CTL=RST>", "<SEQ=300><ACK=100><DATA=1><CTL=ACK>", "<SEQ=101><ACK=300><WND=1><CTL=FIN,ACK>"},
		"faulty":           {"both", "a", "b"},
		"start":            {"established", "closed"},
		"reopen":           {"0", "1", "2"},
		"timestamps":       {"off", "on", "fine"},
		"quiet-time":       {"off", "1", "60000"},
		"reuse-age":        {"0", "3", "60000"},
		"isn-clock":        numbers(0, model.MaxOctets),
		"checkpoint":       {"kept"},
		"checkpoint-every": {"1ms", "1h"},
		"max-memory":       {"0", "64MiB", "8GiB"},
		"spill":            {"", os.TempDir()},
	}
	known["challenge-interval"] = []string{"off", "1", "60000"}
	for _, f := range model.Faults() {
		known["fault"] = append(known["fault"], f.String())
	}
	for _, side := range []string{"a", "b"} {
		known[side+"-close-is"] = []string{"half", "full", "half-then-full"}
		known[side+"-reads"] = []string{"at-once", "slowly", "never"}
		known[side+"-buffer"] = []string{"unlimited", "0", "1", "7"}
		known[side+"-opens"] = []string{"actively", "passively", "either"}
		known[side+"-isn"] = []string{"larger", "same", "clock", "paced-clock"}
		known[side+"-fails"] = []string{"no", "abort", "die", "crash"}
	}
	for d := range model.NumDecisions {
		for _, a := range d.Info().Alternatives {
			known[d.String()] = append(known[d.String()], a.Name)
		}
	}
	known["a-msl"], known["b-msl"] = []string{"same", "1", "9"}, []string{"same", "2"}
	for _, f := range fields.All() {
		if known[f.Name] == nil {
			known[f.Name] = known[f.Base] // of an end
		}
		for _, value := range append(f.Words, f.Default, "1", "3") {
			if len(known[f.Name]) < 2 && f.Check(value) == nil {
				known[f.Name] = append(known[f.Name], value)
			}
		}
	}
	var names []string
	for _, f := range checkCommand.Set().Flags() {
		names = append(names, f.Name)
	}
	require.ElementsMatch(t, names, slices.Collect(maps.Keys(known)), "what check takes")
	return known
}

// aboutTraces matches the refusal of a form for traces that shows once it is known which
// there are.
var aboutTraces = regexp.MustCompile(`there is no trace to show|there are \d+ traces|traces \(`)

// Whatever is typed is answered, by a report or by one line.
func TestAnyFlags(t *testing.T) {
	known := values(t)
	t.Chdir(t.TempDir()) // -o writes files
	names := slices.Sorted(maps.Keys(known))
	garbage := []string{"", " ", ",", "-", "--", "-1", "+1", "0x10", "1e3", "1_0", "x", "any", "all,all", "msl", "1msl+",
		"+2", "200", "255", "256", "60msl+200", "99999999999999999999", "NaN", "-0", "1h-1", "\x00", "a\nb", "\"", "%d%s", "ü"}
	statuses := map[int]int{}
	rapid.Check(t, func(t *rapid.T) {
		args := []string{"check"}
		for range rapid.IntRange(0, 6).Draw(t, "flags") {
			name := rapid.SampledFrom(names).Draw(t, "name")
			value := rapid.SampledFrom(known[name]).Draw(t, "value")
			switch rapid.IntRange(0, 99).Draw(t, "spoil") {
			case 0, 1:
				value = rapid.SampledFrom(garbage).Draw(t, "garbage")
			case 2:
				value = rapid.String().Draw(t, "any value")
			case 3:
				name = rapid.String().Draw(t, "any name")
			case 4:
				name = "h"
			}
			if rapid.Bool().Draw(t, "apart") {
				args = append(args, "-"+name, value)
			} else {
				args = append(args, "--"+name+"="+value)
			}
		}
		// Not so far that it takes time, but sometimes to the first violations.
		args = append(args, rapid.SampledFrom([]string{"-max-depth=3", "-max-depth=8"}).Draw(t, "depth"), "-max-states=3000")
		var out, errs bytes.Buffer
		status := run(context.Background(), args, &out, &errs)
		statuses[status]++
		switch status {
		case cli.OK, cli.Violated, cli.Unknown:
			assert.NotEmpty(t, out.String(), "%q", args)
			assert.Empty(t, errs.String(), "%q", args)
		case cli.Usage:
			if !aboutTraces.MatchString(errs.String()) { // then the verdicts come first
				assert.Empty(t, out.String(), "%q", args)
			}
			assert.Regexp(t, oneLine, errs.String(), "%q", args)
		default:
			t.Fatalf("%q: exit status %d", args, status)
		}
	})
	t.Log("exit statuses:", statuses)
}

// An argument of several lines is still answered in one.
func TestLines(t *testing.T) {
	for _, arg := range []string{"a\nb", "-a\nb", "-msl=a\nb", "-json=a\nb", "--\n=", "-always=\n", "-preset=\n", "-properties=a\n,b", "-\n"} {
		for _, args := range [][]string{{arg}, {"check", arg}, {"faults", arg}, {"graph", arg}, {"replay", arg}, {"list", arg}, {"find", arg}, {"lose", arg}} {
			var out, errs bytes.Buffer
			assert.Equal(t, cli.Usage, run(t.Context(), args, &out, &errs), "%q", args)
			assert.Empty(t, out.String(), "%q", args)
			assert.Regexp(t, oneLine, errs.String(), "%q", args)
		}
	}
}

// The scripts are all run: testscript looks at no other endings.
func TestScriptNames(t *testing.T) {
	files, err := filepath.Glob("testdata/script/*")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, f := range files {
		assert.Equal(t, ".txtar", filepath.Ext(f), f)
	}
}
