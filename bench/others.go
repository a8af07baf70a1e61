package main

import (
	"embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"tcpclose/bench/termbench"
)

//go:embed models
var models embed.FS

// A checker is another one, as it explores TERM-BENCH.
type checker struct {
	name string
	// build makes a program in a directory, and gives its command line.
	build func(dir string, size termbench.Size) ([]string, error)
	// numbers are those of states and steps in what it prints.
	states, steps *regexp.Regexp
	// extra is the number of steps that it counts in excess.
	extra int
	// digits of a number are printed, if it is not 0; what is larger is rounded.
	digits int
}

// checkers are the exact ways to explore that were fastest, and the one that SPIN
// has against large states: here they are so small that it does not pay.
var checkers = []checker{
	spin("SPIN", ""),
	spin("SPIN -DCOLLAPSE", "-DCOLLAPSE"),
	{
		name: "rumur",
		build: func(dir string, size termbench.Size) ([]string, error) {
			model, err := models.ReadFile("models/termbench.m")
			if err != nil {
				return nil, err
			}
			text := fmt.Sprintf("const D: %d; R: %d; T: %d;\n%s", size.Model.D, size.Model.R, size.Model.RTO, model)
			if err := os.WriteFile(filepath.Join(dir, "model.m"), []byte(text), 0o644); err != nil {
				return nil, err
			}
			return []string{"./model"}, shell(dir,
				"rumur --threads 1 --symmetry-reduction off --deadlock-detection off --output model.c model.m",
				"gcc -O3 -std=c11 -march=native -mcx16 -o model model.c -lpthread")
		},
		states: regexp.MustCompile(`(\d+) states, \d+ rules`),
		steps:  regexp.MustCompile(`states, (\d+) rules fired in`),
	},
}

func spin(name, option string) checker {
	return checker{
		name: name,
		build: func(dir string, size termbench.Size) ([]string, error) {
			model, err := models.ReadFile("models/termbench.pml")
			if err != nil {
				return nil, err
			}
			if err := os.WriteFile(filepath.Join(dir, "model.pml"), model, 0o644); err != nil {
				return nil, err
			}
			// As many slots as there are states, or a few more.
			slots := 16
			for 1<<slots < size.Distinct {
				slots++
			}
			return []string{"./pan", "-E", "-m1000000", fmt.Sprintf("-w%d", slots)}, shell(dir,
				fmt.Sprintf("spin -DD=%d -DR=%d -DT=%d -a model.pml", size.Model.D, size.Model.R, size.Model.RTO),
				"gcc -O3 -march=native -DSAFETY -DNOREDUCE -DNOFAIR -DNOBOUNDCHECK "+option+" -o pan pan.c")
		},
		states: regexp.MustCompile(`([\d.e+]+) states, stored`),
		steps:  regexp.MustCompile(`([\d.e+]+) transitions`),
		extra:  1, // the initial state
		digits: 8,
	}
}

// shell runs commands in dir.
func shell(dir string, commands ...string) error {
	for _, c := range commands {
		words := strings.Fields(c)
		cmd := exec.Command(words[0], words[1:]...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			if errors.Is(err, exec.ErrNotFound) {
				return fmt.Errorf("%s is not installed (Debian has a package of that name)", words[0])
			}
			return fmt.Errorf("%s: %w\n%s", c, err, out)
		}
	}
	return nil
}

// read parses what the checker prints.
func (c *checker) read(text []byte) (o outcome, err error) {
	for _, n := range []struct {
		at *int
		is *regexp.Regexp
	}{{&o.States, c.states}, {&o.Steps, c.steps}} {
		m := n.is.FindSubmatch(text)
		if m == nil {
			return o, fmt.Errorf("%s prints no %v:\n%s", c.name, n.is, text)
		}
		number, err := strconv.ParseFloat(string(m[1]), 64)
		if err != nil {
			return o, err
		}
		*n.at = int(number)
	}
	o.Steps -= c.extra
	return o, nil
}
