package main

import (
	"fmt"
	"os"
	"strings"
)

// readExplained reads the mutants that live for a reason: a name in a line, and the
// reason in indented lines after it.
func readExplained(file string) (map[string]string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	reasons := map[string]string{}
	name := ""
	for i, line := range strings.Split(string(text), "\n") {
		switch {
		case strings.TrimSpace(line) == "", line[0] == '#':
		case line[0] != ' ' && line[0] != '\t':
			if err := reasoned(reasons, name); err != nil {
				return nil, fmt.Errorf("%s: %w", file, err)
			}
			name = strings.TrimSpace(line)
			if _, known := reasons[name]; known {
				return nil, fmt.Errorf("%s:%d: %s: it is listed twice", file, i+1, name)
			}
			reasons[name] = ""
		case name == "":
			return nil, fmt.Errorf("%s:%d: %q: want the name of a mutant before a reason", file, i+1, line)
		default:
			reasons[name] = strings.TrimSpace(reasons[name] + " " + strings.TrimSpace(line))
		}
	}
	if err := reasoned(reasons, name); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return reasons, nil
}

// reasoned returns an error if the named mutant has no reason.
func reasoned(reasons map[string]string, name string) error {
	if reason, known := reasons[name]; known && reason == "" {
		return fmt.Errorf("%s: want a reason in an indented line", name)
	}
	return nil
}
