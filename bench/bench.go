package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/dustin/go-humanize"

	"tcpclose/bench/termbench"
)

// A run is one process of a program.
type run struct {
	outcome
	wall, cpu time.Duration // of the process
	peak      int           // bytes, resident
}

// A contestant is a program that runs once in each round.
type contestant struct {
	name string
	dir  string
	args []string
	read func([]byte) (outcome, error)
	want outcome // 0 where nothing is known
	// same compares numbers with what is wanted.
	same func(have, want int) bool
	runs []run
}

// bench runs everything and prints the tables.
func bench(out io.Writer, rounds int, quick bool, only, file string) error {
	wanted, err := regexp.Compile(only)
	if err != nil {
		return fmt.Errorf("flag -only: %w", err)
	}
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	all, err := contestants(dir, quick, wanted)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return fmt.Errorf("flag -only: %q: want what matches a program", only)
	}
	for round := range rounds {
		for _, c := range all {
			fmt.Fprintf(os.Stderr, "round %d of %d: %s\n", round+1, rounds, c.name)
			r, err := c.run()
			if err != nil {
				return fmt.Errorf("%s: %w", c.name, err)
			}
			c.runs = append(c.runs, r)
		}
	}
	table := tables(all, rounds)
	fmt.Fprint(out, table)
	if file == "" {
		return nil
	}
	return rewrite(file, tableBegins, tableEnds, table)
}

func contestants(dir string, quick bool, wanted *regexp.Regexp) (all []*contestant, err error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	own := func(want outcome, task ...string) {
		name := strings.Join(task, " ")
		if !wanted.MatchString(name) {
			return
		}
		all = append(all, &contestant{name: name, args: []string{self, "-task", name}, read: readOwn, want: want, same: exactly})
	}
	for _, size := range termbench.Sizes {
		if quick && size.Name == "large" {
			continue
		}
		want := outcome{States: size.Distinct, Steps: size.Transitions}
		own(want, "term", size.Name, "1")
		own(want, "term", size.Name, "2")
		for _, c := range checkers {
			if !wanted.MatchString(c.name + " " + size.Name) {
				continue
			}
			at := filepath.Join(dir, strings.ReplaceAll(c.name, " ", "")+size.Name)
			if err := os.Mkdir(at, 0o755); err != nil {
				return nil, err
			}
			args, err := c.build(at, size)
			if err != nil {
				return nil, err
			}
			all = append(all, &contestant{name: c.name + " " + size.Name, dir: at, args: args, read: c.read, want: want, same: c.same})
		}
		own(outcome{}, "look-ups", strconv.Itoa(size.Distinct), "1")
		own(outcome{}, "look-ups", strconv.Itoa(size.Distinct), "2")
	}
	presets := []string{"no-data"}
	if !quick {
		presets = []string{"default", "faithful"}
	}
	for _, p := range presets {
		own(outcome{}, "preset", p, "1", "alone")
		own(outcome{}, "preset", p, "2", "alone")
		own(outcome{}, "preset", p, "1", "monitors")
	}
	commands, err := ofCommand(dir, quick, wanted)
	if err != nil {
		return nil, err
	}
	all = append(all, commands...)
	if !quick {
		own(outcome{}, "preset", "default", "2", "traces")
		own(outcome{}, "preset", "default", "1", "symmetry")
		own(outcome{}, "preset", "default", "1", "comparison")
		own(outcome{}, "preset", "default", "1", "liveness")
		own(outcome{}, "preset", "default", "1", "runs")
		own(outcome{}, "preset", "faithful", "1", "liveness")
	}
	return all, nil
}

// ofCommand returns the command itself, as its users run it.
func ofCommand(dir string, quick bool, wanted *regexp.Regexp) (all []*contestant, err error) {
	presets := []string{"no-data", "default"}
	if quick {
		presets = presets[:1]
	}
	program := filepath.Join(dir, "tcpclose")
	for _, p := range presets {
		name := "command " + p
		if !wanted.MatchString(name) {
			continue
		}
		if len(all) == 0 {
			build := exec.Command("go", "build", "-o", program, "./cmd/tcpclose")
			build.Stderr = os.Stderr
			if err := build.Run(); err != nil {
				return nil, fmt.Errorf("go build: %w", err)
			}
		}
		all = append(all, &contestant{name: name, args: []string{program, "check", p}, read: readCommand, same: exactly})
	}
	return all, nil
}

var commandCounts = regexp.MustCompile(`(?m)^([\d,]+) states, ([\d,]+) steps`)

// readCommand reads what 'tcpclose check' prints.
func readCommand(text []byte) (o outcome, err error) {
	m := commandCounts.FindSubmatch(text)
	if m == nil {
		return o, errors.New("no line of states and steps")
	}
	number := func(b []byte) (n int) {
		n, err = strconv.Atoi(strings.ReplaceAll(string(b), ",", ""))
		return n
	}
	return outcome{States: number(m[1]), Steps: number(m[2])}, err
}

func exactly(have, want int) bool { return have == want }

// same reports whether numbers are the same as far as the checker prints them.
func (c *checker) same(have, want int) bool {
	if c.digits == 0 {
		return have == want
	}
	rounded := func(n int) string { return strconv.FormatFloat(float64(n+c.extra), 'g', c.digits, 64) }
	return rounded(have) == rounded(want)
}

func readOwn(text []byte) (o outcome, err error) { return o, json.Unmarshal(text, &o) }

func (c *contestant) run() (r run, err error) {
	cmd := exec.Command(c.args[0], c.args[1:]...)
	cmd.Dir = c.dir
	cmd.Stderr = os.Stderr
	start := time.Now()
	text, err := cmd.Output()
	r.wall = time.Since(start)
	if err != nil {
		return r, err
	}
	if r.outcome, err = c.read(text); err != nil {
		return r, err
	}
	if want := c.want; want.States > 0 && !(c.same(r.States, want.States) && c.same(r.Steps, want.Steps)) {
		return r, fmt.Errorf("%d states and %d steps: want %d and %d", r.States, r.Steps, want.States, want.Steps)
	}
	usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		return r, errors.New("this system does not tell what a process used")
	}
	r.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	r.peak = int(usage.Maxrss) << 10
	return r, nil
}

func median[T cmp.Ordered](list []T) T {
	list = slices.Sorted(slices.Values(list))
	return list[len(list)/2]
}

// of is the median of something of a contestant's runs.
func of[T cmp.Ordered](c *contestant, f func(run) T) T {
	var list []T
	for _, r := range c.runs {
		list = append(list, f(r))
	}
	return median(list)
}

func wall(r run) float64      { return r.wall.Seconds() }
func cpu(r run) float64       { return r.cpu.Seconds() }
func inside(r run) float64    { return r.Seconds }
func peak(r run) int          { return r.peak }
func stepsRate(r run) float64 { return float64(r.Steps) / r.Seconds }

// ratio is the median of f(c)/f(d), of runs of the same round.
func ratio(c, d *contestant, f func(run) float64) float64 {
	var list []float64
	for i := range c.runs {
		list = append(list, f(c.runs[i])/f(d.runs[i]))
	}
	return median(list)
}

// tables is the report, as Markdown.
func tables(all []*contestant, rounds int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Measured on %d processors (%s, %s/%s), medians of %d rounds.\n\n", runtime.NumCPU(), processor(), runtime.GOOS, runtime.GOARCH, rounds)
	fmt.Fprintln(&b, "| program | states | steps | wall s | processor s | million states/s | peak MB | bytes/state |")
	fmt.Fprintln(&b, "|---|---:|---:|---:|---:|---:|---:|---:|")
	for _, c := range all {
		if strings.HasPrefix(c.name, "look-ups") {
			continue
		}
		r := c.runs[0]
		fmt.Fprintf(&b, "| %s | %s | %s | %.2f | %.2f | %.2f | %d | %.0f |\n", c.name, humanize.Comma(int64(r.States)), humanize.Comma(int64(r.Steps)),
			of(c, wall), of(c, cpu), float64(r.States)/of(c, wall)/1e6, of(c, peak)>>20, float64(of(c, peak))/float64(r.States))
	}
	fmt.Fprintln(&b, "\n| target | wanted | wall | processor | |")
	fmt.Fprintln(&b, "|---|---:|---:|---:|---|")
	for _, t := range targets {
		t.row(&b, all)
	}
	return b.String()
}

// processor is its name, as far as the system tells.
func processor() string {
	text, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(text)) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return "a processor without a name"
}
