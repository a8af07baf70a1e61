// Package observe finds the states in which an end of a connection can be, from
// what is seen of it: segments that arrive and that it sends, calls and what they
// tell the user, and time.
//
// What the end does is decided by package model; nothing is written twice. Rules
// describe the end: its times, and for each decision the alternatives
// that it may follow. An Observer holds a set of hypotheses, each an endpoint of the
// model with its options. Every event is a step of each of them; a decision that a
// step asks for the first time splits it (model.Stack.Branches). A hypothesis that
// does not send what was seen, or sends what was not, is dropped.
//
// If none is left the end has done what no end by these rules can do: a Deviation.
// The observer then goes on from what was seen.
//
// A Learner observes the runs of one stack. What one run leaves of the options
// holds for the next.
package observe
