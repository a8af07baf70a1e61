package explore_test

import (
	"context"
	"fmt"

	"tcpclose/explore"
	"tcpclose/explore/internal/systems"
)

// Measure 4 litres with jugs of 3 and 5 litres. The system is in
// diehard_test.go; it states nothing but the steps.
func ExampleExplore() {
	four := explore.Watch[systems.Jugs, string]{
		Kind:  explore.States,
		State: func(s systems.Jugs) bool { return s.Big == 4 },
	}
	e, err := explore.Explore(context.Background(), systems.DieHard{}, []explore.Watch[systems.Jugs, string]{four}, explore.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
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
