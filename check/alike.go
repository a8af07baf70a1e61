package check

import (
	"context"
	"fmt"
	"strings"

	"tcpclose/explore/product"
	"tcpclose/internal/join"
	"tcpclose/invariants"
	"tcpclose/model"
)

// A property that compares two configurations takes a search of each, for the kinds of
// states that are in question. What only one has is found there with a shortest run.

// compares returns why a check can make no search beside its own; "" if it can.
func (o *Options) compares() string {
	switch {
	case o.Engine != nil:
		return "it compares two explorations: not with another engine"
	case o.Checkpoint != nil:
		return "it compares two explorations: not with a checkpoint"
	case o.After != nil:
		return "it compares two explorations: not after a run"
	case o.Unlimited:
		return "it compares two explorations: not without a capacity"
	}
	return ""
}

// compareAlikes checks the properties that compare configurations.
func (j *job) compareAlikes(ctx context.Context) error {
	for _, f := range j.alikes {
		if err := j.compareAlike(ctx, f); err != nil {
			return fmt.Errorf("property %s: %w", f.Property.Name, err)
		}
	}
	return nil
}

// An exhibition is a configuration that was searched for kinds of states.
type exhibition struct {
	*join.Product
	explored *product.Explored
}

// exhibit searches a configuration for kinds of states. If only a violation is wanted, and
// the other configuration is explored already, it stops where it has what that has not.
func (j *job) exhibit(ctx context.Context, c model.Config, kinds []invariants.Pattern, other *product.Explored) (exhibition, error) {
	y, err := model.NewSystem(c)
	if err != nil {
		return exhibition{}, err
	}
	p := join.New(y, kinds)
	o := j.options.Options
	if j.options.UntilFound && other != nil && other.Complete() {
		o.Enough = func(found func(int) bool) bool {
			for watch := range 2 * len(kinds) {
				if _, too := other.Found(watch); !too && found(watch) {
					return true
				}
			}
			return false
		}
	}
	e, err := product.Explore(ctx, &p.Product, o)
	if err != nil {
		return exhibition{}, err
	}
	if missing, _ := p.Missing(); missing != invariants.NoMonitors {
		return exhibition{}, fmt.Errorf("reads what monitor %d keeps: want that in Needs", missing)
	}
	return exhibition{p, e}, nil
}

// compareAlike explores the configuration and the other one, and looks for what only one has.
func (j *job) compareAlike(ctx context.Context, f *Finding) error {
	alike := f.Property.Alike
	kinds := alike.Kinds(j.system.Config)
	var both [2]exhibition
	var err error
	if both[1], err = j.exhibit(ctx, alike.Other(j.system.Config), kinds, nil); err != nil {
		return err
	}
	if both[0], err = j.exhibit(ctx, j.system.Config, kinds, both[1].explored); err != nil {
		return err
	}
	incomplete := union(both[0].explored.Incomplete, both[1].explored.Incomplete)
	j.report.Result.Incomplete = union(j.report.Result.Incomplete, incomplete)
	least, has, some := -1, 0, false
	for watch := range 2 * len(kinds) { // of each kind one for either side
		for i := range both {
			here, there := both[i].explored, both[1-i].explored
			steps, found := here.Found(watch)
			some = some || found
			if _, too := there.Found(watch); !found || too || !there.Complete() {
				continue
			}
			if least < 0 || steps < f.Steps {
				least, has, f.Steps = watch, i, steps
			}
		}
	}
	if least < 0 {
		switch {
		case len(incomplete) > 0:
			f.Verdict, f.Reason = Unknown, strings.Join(incomplete, ", ")
		case !some:
			f.Verdict = Vacuous
		}
		return nil
	}
	f.Verdict, f.Reason = Violated, [2]string{alike.Here, alike.There}[has]
	if j.options.NoTraces {
		return nil
	}
	path, ok := join.Lightest(both[has].explored.Lightest([]int{least}, both[has].Weigh), []int{least})
	if !ok {
		if ctx.Err() != nil {
			return nil // of a search that was stopped there may be no run
		}
		return both[has].explored.Lost()
	}
	f.Trace, err = both[has].Trace(path)
	return err
}
