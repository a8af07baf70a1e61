// Package digraph shows a small system as gonum sees a graph, for its algorithms and for
// drawing.
package digraph
