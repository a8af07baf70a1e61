// Package graphviz draws what was explored, as DOT for Graphviz: the states of a
// configuration by the pair of connection states (States), one endpoint's own
// diagram against figure 5 of RFC 9293 (Endpoint), and every state and step where
// these are few (Full). The output depends only on what was explored.
package graphviz
