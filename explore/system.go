package explore

// A System is a transition system known only by its states and steps. Its
// methods are functions of their arguments alone and may be called from several
// goroutines. A step is named by its state and its action, so an action leads
// from a state to one state only.
type System[S comparable, A any] interface {
	// Init is the initial states.
	Init() []S
	// Steps appends to dst the steps from s, in the order of their actions.
	Steps(dst []Step[S, A], s S) []Step[S, A]
}

// A Bounded system cuts steps: those that Within refuses count as generated but
// are not followed.
type Bounded[S comparable, A any] interface {
	System[S, A]
	Within(from S, action A, to S) bool
}

// A Step of a system.
type Step[S comparable, A any] struct {
	Action A
	To     S
}
