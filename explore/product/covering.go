package product

// A Covering part has values of which some can do all that others can, as what a channel
// contains that may lose anything: more can do all that less can. If w covers v then
//
//   - to each move that v offers on a route there is one that w offers, and to each
//     message that v receives there is w's reaction,
//   - w's move has the same messages as v's, is refused or cut only if v's is, leads to a
//     value that covers the one to which v's leads, and lets all watches pass that v's does,
//   - w lets all watches of states and of steps in which it stays pass that v does, but
//     those of terminal states.
//
// A state covers another if they differ in Covering parts only, and there it covers the
// other: whatever the other can do it can do, too. Nothing holds the engine to that but
// the part: a test has to.
type Covering interface {
	Part
	// Covers reports whether w covers v. One goroutine calls it at a time.
	Covers(v, w Value) bool
	// Least returns the value that all others cover.
	Least() Value
}

// covering returns the Covering parts.
func (p *Product) covering() (list []int) {
	for i, part := range p.Parts {
		if _, ok := part.(Covering); ok {
			list = append(list, i)
		}
	}
	return list
}

// covers reports whether w covers v. Only the parts in the list are compared.
func (p *Product) covers(list []int, v, w *Tuple) bool {
	for _, i := range list {
		if v[i] != w[i] && !p.Parts[i].(Covering).Covers(v[i], w[i]) {
			return false
		}
	}
	return true
}
