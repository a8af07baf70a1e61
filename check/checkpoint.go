package check

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"tcpclose/explore/product"
	"tcpclose/internal/join"
	"tcpclose/invariants"
)

// ErrOneSearch is why a check that needs several searches, or a graph, has no
// checkpoint.
var ErrOneSearch = errors.New("a checkpoint covers one search: want only properties of states and steps, and at most 63 of their patterns")

// checkpoint returns c for a product. Another configuration, other properties and
// another build of the program make other states of it.
func checkpoint(p *join.Product, c product.Checkpoint, tasks []*task) (product.Checkpoint, error) {
	var err error
	if c.Of, err = sumOf(p, tasks); err != nil {
		return c, err
	}
	c.Save, c.Load, c.Known = p.Save, p.Load, p.Known
	return c, nil
}

// undeclared returns the error that a pattern of one of the tasks has read what monitors
// keep that do not run: a search with a checkpoint cannot start again with them.
func undeclared(tasks []*task, pattern int, missing invariants.Monitors) error {
	for _, t := range tasks {
		if slices.Contains(t.badAt, pattern) || slices.Contains(t.premiseAt, pattern) {
			return fmt.Errorf("property %s: reads what is kept by monitor %s: with a checkpoint, want that in Needs", t.finding.Property.Name, missing)
		}
	}
	return fmt.Errorf("pattern %d reads what is kept by monitor %s: with a checkpoint, want that in Needs", pattern, missing)
}

// BuildSum returns the checksum of this program.
func BuildSum() (string, error) {
	name, err := os.Executable()
	if err != nil {
		return "", err
	}
	f, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	sum := sha256.New()
	_, err = io.Copy(sum, f)
	return string(sum.Sum(nil)), err
}
