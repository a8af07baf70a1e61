package check

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"

	"tcpclose/explore/product"
	"tcpclose/internal/join"
	"tcpclose/invariants"
	"tcpclose/model"
)

// An Engine carries out a search. What it returns has paths if traces are asked for.
type Engine func(ctx context.Context, s *Search, o product.Options) (*product.Explored, error)

// ErrEngine is why a check cannot be carried out by another engine.
var ErrEngine = errors.New("another engine has states and steps only: want properties by patterns, none of whole runs or whole states, and no symmetry, run to begin after, checkpoint, limit of memory, disk or unlimited capacity")

// A Search is what an Engine explores. Another process that is given its Plan makes the same.
type Search struct {
	*join.Product
	Plan Plan
}

// A Plan says which of the searches of a check one is.
type Plan struct {
	Config     string // as model.ParseConfig reads it
	Properties []string
	Nth        int // from 0, of those that the properties need
	Monitors   invariants.Monitors
	// Of is a checksum of all that, of the patterns, and of the program.
	Of string
}

// refuseEngine returns why an Engine cannot answer.
func (o *Options) refuseEngine(properties []*invariants.Property) error {
	if o.Symmetry || o.After != nil || o.Checkpoint != nil || o.MaxMemory > 0 || o.Spill != "" || o.Unlimited || len(o.Otherwise) > 0 {
		return ErrEngine
	}
	for _, p := range properties {
		if p.Liveness != nil {
			return fmt.Errorf("property %s: %w", p.Name, ErrEngine)
		}
	}
	return nil
}

// explore carries out the search of the tasks.
func (j *job) explore(ctx context.Context, p *join.Product, tasks []*task, o product.Options) (*product.Explored, error) {
	if j.options.Engine == nil {
		return product.Explore(ctx, &p.Product, o)
	}
	plan := Plan{Config: p.Model.Config.String(), Monitors: p.Monitors, Nth: j.searches}
	j.searches++
	for i := range j.report.Findings {
		plan.Properties = append(plan.Properties, j.report.Findings[i].Property.Name)
	}
	var err error
	if plan.Of, err = sumOf(p, tasks); err != nil {
		return nil, err
	}
	return j.options.Engine(ctx, &Search{p, plan}, o)
}

// Product returns what the search explores that the plan is of. properties are those with its
// names, in its order. It is an error if this program makes another.
func (plan *Plan) Product(properties []*invariants.Property) (*join.Product, error) {
	c, err := model.ParseConfig(plan.Config)
	if err != nil {
		return nil, err
	}
	y, err := model.NewSystem(c)
	if err != nil {
		return nil, err
	}
	if err := invariants.ValidateAll(c, properties); err != nil {
		return nil, err
	}
	tasks := newJob(y, properties, Options{}).tasks
	for range plan.Nth {
		tasks = tasks[fitting(tasks):]
	}
	tasks = tasks[:fitting(tasks)]
	var all []invariants.Pattern
	for _, t := range tasks {
		all = t.place(all)
	}
	p := join.New(y, all)
	p.Monitors = plan.Monitors
	p.Begin(nil)
	of, err := sumOf(p, tasks)
	if err == nil && of != plan.Of {
		err = errors.New("another build of the program has made the plan, or for other properties: want the same program everywhere")
	}
	return p, err
}

// sumOf returns the checksum of a product and its tasks, and of this program.
func sumOf(p *join.Product, tasks []*task) (string, error) {
	build, err := BuildSum()
	if err != nil {
		return "", err
	}
	of := sha256.New()
	fmt.Fprintf(of, "%s\n%s\n%d\n", build, p.Model.Config, p.Monitors)
	for _, t := range tasks {
		fmt.Fprintf(of, "%q %v %v\n", t.finding.Property.Name, t.badAt, t.premiseAt)
	}
	return fmt.Sprintf("%x", of.Sum(nil)), nil
}
