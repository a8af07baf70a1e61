package graphviz_test

import (
	"bytes"
	"context"
	"fmt"
	"log"
	"strings"

	"tcpclose/check"
	"tcpclose/explore/product"
	"tcpclose/graphviz"
	"tcpclose/model"
	"tcpclose/survey"
)

// Every state and step of a close over a network that delivers everything, where b
// does not close.
func ExampleFull() {
	config, err := model.ParseConfig("a-octets=0 b-octets=0 b-closes=never loss=off duplicate=off reorder=off capacity=4 msl=1 rto=2")
	if err != nil {
		log.Fatal(err)
	}
	space, err := survey.ExploreSpace(context.Background(), config, nil, product.Options{})
	if err != nil {
		log.Fatal(err)
	}
	var dot bytes.Buffer
	if err := graphviz.Full(context.Background(), &dot, space, graphviz.FullOptions{}); err != nil {
		log.Fatal(err)
	}
	for line := range strings.Lines(dot.String()) {
		if strings.Contains(line, "->") && strings.Contains(line, "label") { // not a tick
			fmt.Println(strings.TrimSpace(line))
		}
	}
	// Output:
	// 0 -> 1 [label="  a CLOSE  " color="#1a5fb4" fontcolor="#1a5fb4" style=solid];
	// 1 -> 2 [label="  b rcv FIN  " color="#202020" fontcolor="#202020" style=solid];
	// 2 -> 3 [label="  a rcv ACK  " color="#202020" fontcolor="#202020" style=solid];
}

// The endpoint's own state diagram, and how it differs from figure 5.
func ExampleEndpoint() {
	preset, err := check.FindPreset("notes")
	if err != nil {
		log.Fatal(err)
	}
	space, err := survey.ExploreSpace(context.Background(), preset.Config, nil, product.Options{})
	if err != nil {
		log.Fatal(err)
	}
	quotient, err := space.Quotient(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	diagram := quotient.Diagram()
	dot, err := graphviz.Endpoint(diagram, &quotient.Result, graphviz.EndpointOptions{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(strings.Count(string(dot), "->") > len(diagram.Found))
	for _, f := range diagram.Found {
		fmt.Printf("%v -> %v: %s\n", f.From, f.To, strings.Join(f.Events, ", "))
	}
	for _, m := range diagram.Missing {
		if m.InFigure {
			fmt.Printf("not %v -> %v: %s\n", m.From, m.To, m.Reason)
		}
	}
	// Output:
	// true
	// ESTABLISHED -> FIN-WAIT-1: CLOSE
	// ESTABLISHED -> CLOSE-WAIT: rcv FIN, rcv text+FIN
	// FIN-WAIT-1 -> FIN-WAIT-2: rcv ACK
	// FIN-WAIT-1 -> CLOSING: rcv FIN, rcv text+FIN
	// FIN-WAIT-2 -> TIME-WAIT: rcv FIN, rcv text+FIN
	// CLOSING -> TIME-WAIT: rcv ACK
	// CLOSE-WAIT -> LAST-ACK: CLOSE
	// LAST-ACK -> CLOSED: rcv ACK
	// TIME-WAIT -> CLOSED: TIME-WAIT TIMEOUT
	// not FIN-WAIT-1 -> TIME-WAIT: everything was explored: no run takes it
}
