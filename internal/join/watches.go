package join

import (
	"slices"

	"tcpclose/explore"
	"tcpclose/explore/product"
	"tcpclose/invariants"
	"tcpclose/model"
)

// A partKind is a kind of parts that look at patterns alike.
type partKind uint8

const (
	endParts partKind = iota
	netParts
	budgetParts
	boxParts

	numPartKinds
)

// A relevant is the watches of states, or of steps, as a kind of parts sees them.
type relevant struct {
	pass     product.Bits // those that it rules out never
	patterns []int        // those of which its value has to be checked
}

// Whether watches are of states, or of steps, in Product.relevant.
const (
	ofStates = 0
	ofSteps  = 1
)

// addWatches adds the watches of the patterns, and sorts them by who has to check
// them: a channel need not check a pattern that says nothing of channels.
func (p *Product) addWatches() {
	for i := range p.patterns {
		pat := &p.patterns[i]
		of := ofStates
		if pat.Kind == explore.Steps {
			of = ofSteps
		}
		for _, self := range model.Sides {
			w := product.Watch{Kind: pat.Kind}
			if pat.Kind == explore.Steps && pat.Parts == nil && pat.Box == nil { // see addBox
				w.Movers = []int{EndOf(self)}
			}
			p.Watches = append(p.Watches, w)
		}
		judges := [numPartKinds]bool{
			endParts:    true,
			netParts:    pat.Parts != nil || pat.Out != nil || pat.In != nil,
			budgetParts: pat.Parts != nil,
			boxParts:    pat.Parts != nil || pat.Box != nil,
		}
		for kind, judged := range judges {
			r := &p.relevant[kind][of]
			if judged {
				r.patterns = append(r.patterns, i)
				continue
			}
			for _, self := range model.Sides {
				r.pass = r.pass.Or(product.Bit(2*i + int(self)))
			}
		}
	}
}

// Place puts patterns into the list of all, and tells where each stands. Those that
// are the same stand once.
func Place(all, list []invariants.Pattern) (_ []invariants.Pattern, at []int) {
	for _, pat := range list {
		i := len(all)
		if j := slices.IndexFunc(all, func(q invariants.Pattern) bool { return q.Same(&pat) }); j >= 0 {
			i = j
		}
		if i == len(all) {
			all = append(all, pat)
		}
		at = append(at, i)
	}
	return all, at
}

// passAll has no part but a meter rule out a watch of steps.
func (p *Product) passAll(watch int) {
	for kind := range p.relevant {
		r := &p.relevant[kind][ofSteps]
		r.pass = r.pass.Or(product.Bit(watch))
	}
}

// watches returns the set of watches that a part of that kind does not rule out: keep
// checks a pattern, by r, with one side as self. It notes what is read; r may be nil.
func (p *Product) watches(kind partKind, of int, r *invariants.Reading, keep func(*invariants.Pattern, model.Side) bool) product.Bits {
	relevant := &p.relevant[kind][of]
	b := relevant.pass
	for _, i := range relevant.patterns {
		pat := &p.patterns[i]
		for _, self := range model.Sides {
			if !pat.LooksAt(self) {
				continue
			}
			if keep(pat, self) {
				b = b.Or(product.Bit(2*i + int(self)))
			}
			if r != nil && r.Read() != invariants.NoMonitors {
				p.note(i, r)
			}
		}
	}
	return b
}

// note keeps what a pattern has read, and resets r.
func (p *Product) note(pattern int, r *invariants.Reading) {
	if read := uint32(r.Read()); read&^p.read[pattern].Load() != 0 {
		p.read[pattern].Or(read)
	}
	if r.Missing() != invariants.NoMonitors && p.Stop != nil {
		p.Stop()
	}
	r.Reset()
}

// Read returns the monitors that a pattern was seen to read.
func (p *Product) Read(pattern int) invariants.Monitors {
	return invariants.Monitors(p.read[pattern].Load())
}

// Missing returns the monitors that were read and did not run, and a pattern that read
// one. If there is any, what the product's exploration tells is not to be used.
func (p *Product) Missing() (missing invariants.Monitors, pattern int) {
	missing = invariants.Monitors(p.missed.Load())
	for i := range p.read {
		if m := p.Read(i) &^ p.Monitors; m != invariants.NoMonitors {
			missing, pattern = missing|m, i
		}
	}
	return missing, pattern
}
