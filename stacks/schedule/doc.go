// Package schedule makes the schedules that a stack on the bench is driven by.
//
// A Schedule is a list of steps for one end of a connection, whose peer is played:
// calls of the user, segments of the peer, waits. The numbers of a segment count
// from where the connection stands (RCV.NXT, SND.UNA, SND.NXT and the edge of the
// window), so that a step keeps its meaning when the steps before it change.
//
// A Place is a situation of an end: a state, and what else matters there, as text
// that is not acknowledged. The explorer finds the shortest run of the model to
// each; nobody writes them. A Kind is a kind of event. Pairs has one schedule for
// each place and kind: the run, the event, and a probe that shows the state that
// it has led to. Couples has two events one after the other that are nobody's
// mistake, Repeats one that comes again and again, Bursts two at once. OfFaults and
// OfProperties have the counterexamples of the model. Walk draws schedules by lot.
package schedule
