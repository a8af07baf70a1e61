package explore_test

import (
	"context"
	"fmt"

	"gonum.org/v1/gonum/graph/path"

	"tcpclose/explore"
)

// Measure 4 litres with jugs of 3 and 5 litres. The system is in
// diehard_test.go; it states nothing but the steps.
func ExampleExplore() {
	four := explore.Watch[jugs, string]{
		Kind:  explore.States,
		State: func(s jugs) bool { return s.Big == 4 },
	}
	e := explore.Explore(context.Background(), dieHard{}, []explore.Watch[jugs, string]{four}, explore.OpaqueOptions{})
	fmt.Println(e.Result)
	way, _ := e.Path(0)
	for i, action := range way.Actions {
		fmt.Printf("%-14s %v\n", action, way.States[i+1])
	}
	// Output:
	// 16 distinct states, 97 generated, depth 8
	// fill big       {0 5}
	// big to small   {3 2}
	// empty small    {0 2}
	// big to small   {2 0}
	// fill big       {2 5}
	// big to small   {3 4}
}

// A lamp is off or on, and does not last: it can be lit twice.
type lamp struct{}

const (
	off explore.Value = iota + 1
	on
	offAgain
	onAgain
	broken
)

const pressed explore.Message = 1

func (lamp) Offer(dst []explore.Move, _ int, _ explore.Value) []explore.Move { return dst }

func (lamp) React(v explore.Value, _ explore.Message) explore.Move {
	if v == broken {
		return explore.Move{Refuse: true}
	}
	return explore.Move{To: v + 1}
}

func (lamp) State(v explore.Value) (seen explore.Bits) {
	if v == broken {
		seen = explore.All
	}
	return seen
}

func (lamp) Stay(explore.Value) explore.Bits { return explore.All }

// A thumb presses and lets go.
type thumb struct{}

const (
	up explore.Value = iota + 1
	down
)

func (thumb) Offer(dst []explore.Move, _ int, v explore.Value) []explore.Move {
	if v == up {
		return append(dst, explore.Move{To: down, Out: pressed})
	}
	return append(dst, explore.Move{To: up})
}

func (thumb) React(v explore.Value, _ explore.Message) explore.Move { return explore.Move{To: v} }
func (thumb) State(explore.Value) explore.Bits                      { return explore.All }
func (thumb) Stay(explore.Value) explore.Bits                       { return explore.All }

// A thumb presses a lamp's button until the lamp is broken.
func ExampleExploreProduct() {
	p := &explore.Product{
		Parts:   []explore.Part{thumb{}, lamp{}},
		Routes:  []explore.Route{{Name: "thumb", Lead: 0, Hops: []explore.Hop{{Part: 1, From: 0, Port: explore.Out}}}},
		Init:    []explore.Tuple{{up, off}},
		Watches: []explore.ProductWatch{{Kind: explore.States}},
	}
	e, err := explore.ExploreProduct(context.Background(), p, explore.Options{})
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

// The jugs again, as a graph on which gonum finds the way.
func ExampleGraph() {
	g, err := explore.NewGraph(dieHard{}, 100)
	if err != nil {
		fmt.Println(err)
		return
	}
	goal, _ := g.ID(jugs{Small: 3, Big: 4})
	nodes, _ := path.DijkstraFrom(g.Node(0), g).To(goal)
	for i, node := range nodes[1:] {
		fmt.Println(g.Actions(nodes[i].ID(), node.ID()), g.State(node.ID()))
	}
	// Output:
	// [fill big] {0 5}
	// [big to small] {3 2}
	// [empty small] {0 2}
	// [big to small] {2 0}
	// [fill big] {2 5}
	// [big to small] {3 4}
}
