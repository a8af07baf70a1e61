// Package observe finds the states in which an end of a connection can be, from what
// is seen of it: segments that arrive and that it sends, calls and what they tell the
// user, and time.
//
// What an end does is decided by package model; nothing is written twice. Rules
// describe the end: its times, and for each decision the alternatives that it may
// follow. An Observer holds a set of hypotheses, each an endpoint of the model with its
// options. Every event is a step of each of them; a decision that a step asks for the
// first time splits it (model.Stack.Branches). A hypothesis that does not send what was
// seen, or has sent what was not, is dropped: silence is an answer, too.
//
// If none is left, the end has done something that no end by these rules can do: a
// Deviation. It has what the end could have done, and the smallest changes of the rules
// that would explain it. The observer goes on from what was seen.
//
// A Learner observes the runs of one stack. What one run excludes is excluded in the
// next, so that two runs which contradict each other are found.
//
// # Numbers
//
// The model has a few small numbers, and a real connection has large ones. A hypothesis
// keeps the real ones. For each step those that it has and those of the event are
// replaced by small ones (scale): in the same order, and one apart if and only if they
// were. Octets that no number separates become one. That is exact because the model
// does nothing with numbers but compare them, count from one to the next, and move by
// one: a SYN, a FIN and a probe are one number, SND.UNA-1 and SND.NXT-1 are probes.
// The lengths from which the model computes windows are not kept; therefore the edge
// of the peer's window is a number like others, and that of its own is the one that it
// has announced, which text that the user has read since may have moved.
//
// # Times
//
// A clock of a hypothesis has no ticks left: it has the time at which it was started,
// or the earliest and the latest such time. Before a step it is set to a value that no
// timer is started with; if it shows another one afterwards, the step has started it.
// A timer fires when its length, from the configuration or a Span, lets it. One that
// must have fired and is not seen to rules the hypothesis out.
//
// # Captures
//
// Rules.Unseen says that calls are not seen, and that a segment which Passes arrives
// later, or never. Then the set contains the ends for all that may have
// happened unseen.
package observe
