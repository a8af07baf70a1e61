package check

import (
	"context"

	"tcpclose/explore"
	"tcpclose/explore/product"
	"tcpclose/internal/join"
	"tcpclose/invariants"
)

// A statement on whole states that tells its parts' classes ([invariants.Classes]) is
// checked in two searches, part by part: one notes the classes, the other looks for the
// combinations of them that matter.

// maxTables is the greatest number of patterns of one statement.
const maxTables = 40

// firstNoted is the number of states that are visited to note classes before a search that
// ends as soon as it has found something.
const firstNoted = 1 << 16

// searchClasses checks the properties of whole states that can be checked by classes, and
// takes them out of the list.
func (j *job) searchClasses(ctx context.Context) (missing invariants.Monitors, err error) {
	if j.options.Unlimited || j.options.Symmetry {
		return 0, nil
	}
	var tasks, rest []*task
	for _, t := range j.wholes {
		if t.finding.Property.Whole.Classes == nil {
			rest = append(rest, t)
		} else {
			tasks = append(tasks, t)
		}
	}
	limits := []int{0}
	if j.options.UntilFound {
		limits = []int{firstNoted, 0}
	}
	for _, limit := range limits {
		if len(tasks) == 0 {
			break
		}
		if missing, err = j.noteClasses(ctx, tasks, limit); missing != 0 || err != nil {
			return missing, err
		}
		var large, again []*task
		if tasks, large = tables(tasks); len(large) > 0 {
			rest = append(rest, large...)
		}
		for left := tasks; len(left) > 0; {
			n := fitting(left)
			var e explore.Result
			if e, missing, err = j.search(ctx, left[:n]); missing != 0 || err != nil {
				return missing, err
			}
			j.report.explored(e)
			left = left[n:]
		}
		for _, t := range tasks {
			if t.stray {
				again = append(again, &task{finding: t.finding.unjudged()})
			}
		}
		tasks = again
	}
	j.wholes = append(rest, tasks...)
	return 0, nil
}

// unjudged forgets the verdict of f.
func (f *Finding) unjudged() *Finding {
	*f = Finding{Property: f.Property}
	return f
}

// tables gives the tasks the patterns of their classes. Those that would have too many are
// large.
func tables(tasks []*task) (small, large []*task) {
	for _, t := range tasks {
		var ok bool
		if t.bad, t.unnoted, ok = t.classes.Patterns(maxTables); ok {
			small = append(small, t)
			continue
		}
		large = append(large, &task{finding: t.finding})
	}
	return small, large
}

// noteClasses explores the system, or so many states if that is not 0, and notes the classes.
func (j *job) noteClasses(ctx context.Context, tasks []*task, states int) (missing invariants.Monitors, err error) {
	p, o := join.New(j.system, nil), j.options
	p.Monitors |= j.run
	p.Begin(o.After)
	ctx, p.Stop = context.WithCancel(ctx)
	defer p.Stop()
	var list []invariants.Classes
	for _, t := range tasks {
		t.classes = t.finding.Property.Whole.Classes()
		list = append(list, t.classes)
	}
	p.Note(list...)
	if states > 0 && (o.Limits.States == 0 || states < o.Limits.States) {
		o.Limits.States = states
	}
	if _, err = product.Explore(ctx, &p.Product, o.Options); err != nil {
		return 0, err
	}
	missing, _ = p.Missing()
	return missing, nil
}
