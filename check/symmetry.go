package check

import (
	"fmt"
	"slices"

	"tcpclose/invariants"
	"tcpclose/model"
)

// A run in which a and b change places is a run, too, where both ends work by the
// same rules and begin alike: numbers are counted from each side's own first octet,
// and the network is the same in both directions. Patterns are looked for with each
// side as self, so what one sees its partner sees in the image.

// Asymmetry returns why a check of the properties in c cannot be by symmetry, or "".
func Asymmetry(c model.Config, properties []*invariants.Property) string {
	for _, p := range properties {
		switch {
		case p == nil:
		case p.Liveness != nil:
			return fmt.Sprintf("%s: a question about whole runs: want none", p.Name)
		case p.Whole != nil || anyPattern(p, c, func(pat *invariants.Pattern) bool { return pat.Parts != nil }):
			return fmt.Sprintf("%s: an expression names a and b: want none", p.Name)
		}
	}
	if c.Between.Box != nil {
		return fmt.Sprintf("box=%s: it knows which end is the client: want none", c.Between.Box.Name)
	}
	image := imageOf(c)
	if image == c {
		for _, p := range properties {
			if p != nil && anyPattern(p, c, func(pat *invariants.Pattern) bool { return pat.Only != nil }) {
				return fmt.Sprintf("%s: a pattern names one side: want none", p.Name)
			}
		}
		return ""
	}
	for _, f := range model.Fields {
		switch mine, its := f.Get(c), f.Get(image); {
		case mine == its, f.Scope == model.OfBoth: // each end's comes next
		case f.Scope == model.OfEnd:
			return fmt.Sprintf("%s=%s, %s-%s=%s: want both alike", f.Name, mine, model.B, f.Base, its)
		default:
			return fmt.Sprintf("%s=%s: want what is the same for a and b", f.Name, mine)
		}
	}
	return "the two ends are not alike"
}

// anyPattern reports whether is holds for a pattern of a property, or of its premise.
func anyPattern(p *invariants.Property, c model.Config, is func(*invariants.Pattern) bool) bool {
	list := slices.Clone(p.PatternsIn(c))
	if p.Premise != nil {
		list = append(list, p.Premise(c)...)
	}
	return slices.ContainsFunc(list, func(pat invariants.Pattern) bool { return is(&pat) })
}

// imageOf returns c with a and b in each other's place. It has the fields of which that is
// known: where another is set c is not its own image.
func imageOf(c model.Config) model.Config {
	image := model.Config{
		Apps:  [2]model.App{model.A: c.Apps[model.B], model.B: c.Apps[model.A]},
		Ends:  [2]model.Endpoint{model.A: c.Ends[model.B], model.B: c.Ends[model.A]},
		Start: c.Start, Reopen: c.Reopen, Time: c.Time, MSL: c.MSL, Delay: c.Delay,
		Loss: c.Loss, Duplicate: c.Duplicate, Reorder: c.Reorder, Capacity: c.Capacity, Fault: c.Fault,
	}
	if c.Start == model.StartEstablished && c.Reopen == 0 { // no connection is opened
		for side := range c.Apps {
			image.Apps[side].Opens, image.Ends[side].ISN = c.Apps[side].Opens, c.Ends[side].ISN
		}
	}
	switch { // Loses and Stray name a side if they are set
	case c.Fault == model.NoFault:
		image.Faulty = c.Faulty
	case c.Faulty == model.AFaulty:
		image.Faulty = model.BFaulty
	case c.Faulty == model.BFaulty:
		image.Faulty = model.AFaulty
	}
	return image
}
