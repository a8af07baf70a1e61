package product_test

import (
	"context"
	"fmt"

	"tcpclose/explore"
	"tcpclose/explore/ltl"
	"tcpclose/explore/product"
)

// A lamp is off or on, and does not last: it can be lit twice.
type lamp struct{}

const (
	off product.Value = iota + 1
	on
	offAgain
	onAgain
	broken
)

const pressed product.Message = 1

func (lamp) Offer(dst []product.Move, _ int, _ product.Value) []product.Move { return dst }

func (lamp) React(v product.Value, _ product.Message) product.Move {
	if v == broken {
		return product.Move{Refuse: true}
	}
	return product.Move{To: v + 1}
}

func (lamp) State(v product.Value) (seen product.Bits) {
	if v == broken {
		seen = product.All
	}
	return seen
}

func (lamp) Stay(product.Value) product.Bits { return product.All }

// A thumb presses and lets go.
type thumb struct{}

const (
	up product.Value = iota + 1
	down
)

func (thumb) Offer(dst []product.Move, _ int, v product.Value) []product.Move {
	if v == up {
		return append(dst, product.Move{To: down, Out: pressed})
	}
	return append(dst, product.Move{To: up})
}

func (thumb) React(v product.Value, _ product.Message) product.Move { return product.Move{To: v} }

func (thumb) State(product.Value) product.Bits { return product.All }

func (thumb) Stay(product.Value) product.Bits { return product.All }

// A thumb presses a lamp's button until the lamp is broken.
func ExampleExplore() {
	p := &product.Product{
		Parts:   []product.Part{thumb{}, lamp{}},
		Routes:  []product.Route{{Name: "thumb", Lead: 0, Hops: []product.Hop{{Part: 1, From: 0, Port: product.Out}}}},
		Init:    []product.Tuple{{up, off}},
		Watches: []product.Watch{{Kind: explore.States}},
	}
	e, err := product.Explore(context.Background(), p, product.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(e.Result)
	steps, _ := e.Found(0)
	fmt.Println("broken after", steps, "steps")
	way, _ := e.Path(0)
	for _, s := range way.States {
		fmt.Println("thumb", s[0], "lamp", s[1])
	}
	// Output:
	// 9 distinct states, 9 generated, depth 9
	// broken after 7 steps
	// thumb 1 lamp 1
	// thumb 2 lamp 2
	// thumb 1 lamp 2
	// thumb 2 lamp 3
	// thumb 1 lamp 3
	// thumb 2 lamp 4
	// thumb 1 lamp 4
	// thumb 2 lamp 5
}

// In the end the thumb breaks the lamp, and is at rest.
func ExampleExplored_Runs() {
	p := &product.Product{
		Parts:   []product.Part{thumb{}, lamp{}},
		Routes:  []product.Route{{Name: "thumb", Lead: 0, Hops: []product.Hop{{Part: 1, From: 0, Port: product.Out}}}},
		Init:    []product.Tuple{{up, off}},
		Watches: []product.Watch{{Kind: explore.States}},
	}
	e, err := product.Explore(context.Background(), p, product.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	broken := ltl.State(0)
	for _, f := range []ltl.Formula{
		ltl.Eventually(broken),
		ltl.Eventually(ltl.Always(ltl.Not(broken))),
	} {
		property := explore.Liveness{Formula: f}
		runs, err := e.Runs(context.Background(), property.Watches())
		if err != nil {
			fmt.Println(err)
			return
		}
		out, err := runs.Check(context.Background(), property)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(f, out.Verdict)
		if out.Lasso != nil && out.Lasso.Rests() {
			fmt.Println("at rest after", len(out.Lasso.Actions), "steps")
		}
	}
	// Output:
	// F state0 holds
	// F G !state0 violated
	// at rest after 8 steps
}
