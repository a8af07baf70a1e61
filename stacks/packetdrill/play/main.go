// Command play runs packetdrill scripts on a stack of the bench, and says for each
// whether the stack does what it expects.
//
//	go run ./stacks/packetdrill/play [-root DIR] [-define NAMES] [-v] STACK FILE...
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"tcpclose/observe"
	"tcpclose/stacks"
	"tcpclose/stacks/adapter"
	"tcpclose/stacks/packetdrill"
)

func main() {
	root := flag.String("root", ".", "the `directory` of the module tcpclose")
	define := flag.String("define", "STANDARD", "`names` for #ifdef, separated by commas")
	verbose := flag.Bool("v", false, "write a line for each script")
	flag.Parse()
	if flag.NArg() < 2 {
		fmt.Fprintln(os.Stderr, "play: want a stack and scripts")
		os.Exit(2)
	}
	defined := map[string]bool{}
	for name := range strings.SplitSeq(*define, ",") {
		defined[name] = true
	}
	differ, err := play(*root, flag.Arg(0), flag.Args()[1:], defined, *verbose)
	if err != nil {
		fmt.Fprintln(os.Stderr, "play:", err)
		os.Exit(2)
	}
	if differ {
		os.Exit(1)
	}
}

func play(root, name string, files []string, defined map[string]bool, verbose bool) (differ bool, err error) {
	stack, err := stacks.Find(name)
	if err != nil {
		return false, err
	}
	if err := stack.Missing(root); err != nil {
		return false, fmt.Errorf("stack %s: %w", name, err)
	}
	dir, err := os.MkdirTemp("", "play")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(dir)
	program := filepath.Join(dir, "stack")
	if err := stack.Build(root, program); err != nil {
		return false, err
	}
	p, err := adapter.Start(stack.Command(program))
	if err != nil {
		return false, err
	}
	passed, unread, conform, sorts := 0, 0, 0, map[packetdrill.Sort]int{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return false, err
		}
		say := func(what string) {
			if verbose {
				fmt.Printf("%s: %s\n", file, what)
			}
		}
		script, err := packetdrill.Parse(string(text), defined)
		if e, ok := errors.AsType[*packetdrill.UnreadError](err); ok {
			unread++
			say("not read: " + e.Error())
			continue
		}
		o, err := script.Run(p.Run, p.Caps.Slack)
		if err != nil {
			return false, fmt.Errorf("%s: %w", file, err)
		}
		d := o.Difference
		if d == nil {
			passed++
			say("as expected")
			continue
		}
		sorts[d.Sort]++
		ok, why := observed(p.Caps, o)
		if ok {
			conform++
		}
		say(d.String() + "\n    " + why)
	}
	fmt.Printf("%s: %d scripts: %d as expected, %d not read", name, len(files), passed, unread)
	for s := packetdrill.Missing; s <= packetdrill.Failed; s++ {
		if n := sorts[s]; n > 0 {
			differ = true
			fmt.Printf(", %d %s", n, s)
		}
	}
	fmt.Printf("; %d of those that differ conform to RFC 9293\n", conform)
	return differ, p.Close()
}

// observed reports whether a conforming end can do what the stack did.
func observed(caps adapter.Caps, o packetdrill.Outcome) (conforms bool, why string) {
	rules := observe.Real()
	rules.States, rules.Timing.Slack = caps.States, caps.Slack
	observer, err := observe.New(rules)
	if err != nil {
		return false, err.Error()
	}
	report := observer.Observe(observe.FromBench(o.Events, o.Results))
	switch {
	case report.Err != nil:
		return false, "not observed: " + report.Err.Error()
	case report.Conforms():
		return true, "the stack conforms: the script expects more than RFC 9293 asks"
	}
	return false, report.Deviations[0].String()
}
