// Command cases compares what the tests of both tiers do with a list.
//
//	go test -json ./... > plain.json
//	TCPCLOSE_LARGE=1 go test -json ./... > large.json
//	go run ./internal/tier/cases [-rewrite] plain.json [large.json]
//	go run ./internal/tier/cases -failed plain.json
//
// The list, .ci/cases.txt, has every test, example and fuzz target, and every case
// that the plain tier leaves to CI's or to the large one. What the plain tier does, CI's does, too. Each test must be there in both tiers,
// and each case in the large one, and nothing that is not in the list: a case that is
// renamed or removed is removed from the list by hand, or with -rewrite, where a
// reviewer sees it. Without the large tier, each test must be there in the plain one, and
// what that leaves in the list. It also prints the slowest tests. With -failed it prints what go
// test would, of what has failed.
package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"tcpclose/internal/tier"
)

const listFile = ".ci/cases.txt"

func main() {
	rewrite := flag.Bool("rewrite", false, "write the list")
	failed := flag.String("failed", "", "print what has failed in this `file`")
	flag.Parse()
	if *failed != "" {
		if err := printFailed(os.Stdout, *failed); err != nil {
			fmt.Fprintf(os.Stderr, "cases: %v\n", err)
			os.Exit(2)
		}
		return
	}
	wrong, err := compare(os.Stdout, flag.Args(), *rewrite)
	if err != nil {
		fmt.Fprintf(os.Stderr, "cases: %v\n", err)
		os.Exit(2)
	}
	if wrong {
		fmt.Fprintf(os.Stderr, "cases: %s differs: 'go run ./internal/tier/cases -rewrite plain.json [large.json]' writes it\n", listFile)
		os.Exit(1)
	}
}

// compare reports whether something is wrong, after it has printed what.
func compare(out io.Writer, files []string, rewrite bool) (wrong bool, err error) {
	if len(files) != 1 && len(files) != 2 {
		return false, fmt.Errorf("%d arguments: want the output of go test -json in the plain tier, and perhaps that in the large one", len(files))
	}
	var runs [2]*tests
	for i, name := range files {
		if runs[i], err = readFile(name); err != nil {
			return false, err
		}
	}
	text, err := os.ReadFile(listFile)
	if err != nil && !rewrite {
		return false, err
	}
	list := readList(string(text))
	for i, name := range []string{"plain", "large"}[:len(files)] {
		fmt.Fprintf(out, "the slowest tests of the %s tier:\n", name)
		for _, t := range runs[i].slowest(10) {
			fmt.Fprintf(out, "%8.2f s  %s\n", t.seconds, t.name)
		}
	}
	if rewrite {
		return false, os.WriteFile(listFile, []byte(list.with(runs).String()), 0o666)
	}
	lines := list.against(runs)
	for _, line := range lines {
		fmt.Fprintln(out, line)
	}
	return len(lines) > 0, nil
}

// tests contains the results of a run of go test.
type tests struct {
	names   map[string]bool // packages and tests
	skipped map[string]bool // tests and their subtests
	left    map[string]bool // cases, after the test that leaves them to the large tier
	taken   map[string]bool // and those that it takes in the large one
	ofCI    map[string]bool // and those that are left to CI's tier, or taken there
	times   []timed

	said   map[string]string // by package and test, and by package
	failed []string          // of these
}

// A timed is how long a test took.
type timed struct {
	name    string
	seconds float64
}

// event is a line of go test -json.
type event struct {
	Action, Package, ImportPath, Test, Output string
	Elapsed                                   float64
}

func readFile(name string) (*tests, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	t, err := read(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return t, nil
}

// read reads the output of go test -json.
func read(from io.Reader) (*tests, error) {
	t := &tests{names: map[string]bool{}, skipped: map[string]bool{}, left: map[string]bool{}, taken: map[string]bool{}, ofCI: map[string]bool{}, said: map[string]string{}}
	for lines := bufio.NewReader(from); ; {
		line, err := lines.ReadBytes('\n')
		if err == io.EOF {
			return t, nil
		}
		if err != nil {
			return nil, err
		}
		var e event
		if err := json.Unmarshal(line, &e); err != nil {
			return nil, fmt.Errorf("%q: %w", line, err)
		}
		_, dir, _ := strings.Cut(cmp.Or(e.Package, e.ImportPath), "/")
		name := strings.TrimSpace(dir + " " + e.Test)
		if e.Output != "" {
			t.said[name] += e.Output
		}
		if strings.HasSuffix(e.Action, "fail") {
			t.failed = append(t.failed, name)
		}
		if e.Test == "" {
			continue
		}
		switch e.Action {
		case "output":
			if _, of, ok := strings.Cut(e.Output, tier.Left); ok {
				t.left[name+": "+strings.TrimSpace(of)] = true
			}
			if _, of, ok := strings.Cut(e.Output, tier.Taken); ok {
				t.taken[name+": "+strings.TrimSpace(of)] = true
			}
			for _, begin := range []string{tier.LeftToCI, tier.TakenByCI} {
				if _, of, ok := strings.Cut(e.Output, begin); ok {
					t.ofCI[name+": "+strings.TrimSpace(of)] = true
				}
			}
		case "skip":
			t.skipped[name] = true
			fallthrough
		case "pass", "fail":
			if !strings.Contains(e.Test, "/") {
				t.names[name] = true
				t.times = append(t.times, timed{name, e.Elapsed})
			}
		}
	}
}

// printFailed prints what the tests say that have failed.
func printFailed(out io.Writer, name string) error {
	t, err := readFile(name)
	if err != nil {
		return err
	}
	for _, name := range t.failed {
		fmt.Fprintf(out, "== %s\n%s", name, t.said[name])
	}
	return nil
}

// slowest returns the n tests that took most.
func (t *tests) slowest(n int) []timed {
	slices.SortFunc(t.times, func(a, b timed) int { return cmp.Compare(b.seconds, a.seconds) })
	return t.times[:min(n, len(t.times))]
}

// A list is what the tests have to do.
type list struct {
	tests, ci, large, skip map[string]bool
}

// What the lines of the list end or begin with, that are of no test alone.
const (
	maySkip = " may skip"
	ofLarge = "large: "
	ofCI    = "ci: "
)

func readList(text string) *list {
	l := &list{map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}}
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		switch name, skips := strings.CutSuffix(line, maySkip); {
		case line == "" || line[0] == '#':
		case strings.HasPrefix(line, ofLarge):
			l.large[strings.TrimPrefix(line, ofLarge)] = true
		case strings.HasPrefix(line, ofCI):
			l.ci[strings.TrimPrefix(line, ofCI)] = true
		case skips:
			l.skip[name] = true
			fallthrough
		default:
			l.tests[name] = true
		}
	}
	return l
}

func (l *list) String() string {
	var b strings.Builder
	b.WriteString("# What the tests do, by package: 'go run ./internal/tier/cases' compares. After \"ci: \"\n# stands what the plain tier leaves to CI's, after \"large: \" what the large one does alone.\n")
	for _, name := range sorted(l.tests) {
		if l.skip[name] {
			name += maySkip
		}
		b.WriteString(name + "\n")
	}
	for _, name := range sorted(l.ci) {
		b.WriteString(ofCI + name + "\n")
	}
	for _, name := range sorted(l.large) {
		b.WriteString(ofLarge + name + "\n")
	}
	return b.String()
}

func sorted(set map[string]bool) (names []string) {
	for name := range set {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// with returns the list of what was run, with what may skip as before.
func (l *list) with(runs [2]*tests) *list {
	is := &list{tests: map[string]bool{}, ci: runs[0].ofCI, large: map[string]bool{}, skip: l.skip}
	for _, r := range runs {
		if r == nil {
			is.large = runs[0].left
			continue
		}
		for name := range r.names {
			is.tests[name] = true
		}
		is.large = r.taken
	}
	return is
}

// parent returns the test of a subtest, and of a test itself. Names of packages end with a
// blank.
func parent(name string) string {
	dir, test, _ := strings.Cut(name, " ")
	test, _, _ = strings.Cut(test, "/")
	return dir + " " + test
}

// against returns a line for each difference.
func (l *list) against(runs [2]*tests) (lines []string) {
	differ := func(set, from map[string]bool, text string) {
		for _, name := range sorted(set) {
			if !from[name] {
				lines = append(lines, fmt.Sprintf("%s: %s", name, text))
			}
		}
	}
	differ(l.tests, runs[0].names, "it is in the list, and not in the plain tier")
	differ(l.ci, runs[0].ofCI, "it is in the list, and nothing leaves it to CI")
	differ(runs[0].ofCI, l.ci, "it is left to CI, and is not in the list")
	if runs[1] == nil {
		differ(runs[0].names, l.tests, "it is in the plain tier, and not in the list")
		differ(runs[0].left, l.large, "the plain tier leaves it to the large one, and it is not in the list")
		return lines
	}
	differ(l.tests, runs[1].names, "it is in the list, and not in the large tier")
	differ(runs[0].names, l.tests, "it is in the plain tier, and not in the list")
	differ(runs[1].names, l.tests, "it is in the large tier, and not in the list")
	differ(l.large, runs[1].taken, "it is in the list, and the large tier does not take it")
	differ(runs[0].left, runs[1].taken, "the plain tier leaves it to the large one, which does not take it")
	differ(runs[1].taken, l.large, "the large tier takes it, and it is not in the list")
	for _, name := range sorted(runs[1].skipped) {
		if !l.skip[parent(name)] {
			lines = append(lines, name+": it is skipped in the large tier")
		}
	}
	return lines
}
