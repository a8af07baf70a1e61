package invariants

import "tcpclose/model"

// A reading is what an end has decided of the rules by which a connection is reset or
// given up. What a property says of an acceptable RST, and of who may send one, it says of
// that end's.
type reading struct {
	rstCheck, lateData, finWait2Orphan, orphanKept, abortUnsent model.Choice
}

// readings returns the reading of each end.
func readings(c model.Config) func(model.Side) reading {
	return func(side model.Side) reading {
		chosen := c.Ends[side].Choices
		return reading{
			rstCheck: chosen[model.RSTCheck], lateData: chosen[model.LateData],
			finWait2Orphan: chosen[model.FinWait2Orphan], orphanKept: chosen[model.OrphanKept], abortUnsent: chosen[model.AbortUnsent],
		}
	}
}

// byReading returns the pattern of a step that is checked by the reading of its end.
func byReading(is func(reading, *Step) bool) func(model.Config) []Pattern {
	return func(c model.Config) []Pattern {
		return byEnd(readings(c), func(r reading) []Pattern {
			return one(onStep(func(s *Step) bool { return is(r, s) }))
		})
	}
}

// accepts reports whether the RST that arrives at a synchronized connection is to be
// accepted. Where the numbers alone are kept any that is not old is.
func (r reading) accepts(s *Step) bool {
	seq, next := s.Arrived.Seq, s.From.RcvNxt
	switch {
	case s.From.Mini, r.rstCheck == model.RSTInWindow:
		return seq >= next
	case r.rstCheck == model.RSTAtFin && s.From.FinReceived() && s.From.State != model.TimeWait && seq+1 == next:
		return true
	}
	return seq == next
}

// refused reports whether an RST arrives at a synchronized connection that is not to be
// accepted.
func (r reading) refused(s *Step) bool {
	return s.From.State > model.SynReceived && s.Arrived.Ctl.Has(model.RST) && !r.accepts(s)
}

// ends reports whether a step to CLOSED is one that the decisions of the end want, beside
// the arrows of the RFC.
func (r reading) ends(s *Step) bool {
	if s.To.State != model.Closed || s.From.State <= model.SynReceived {
		return false
	}
	return s.Arrived.Ctl.Has(model.RST) && r.accepts(s) || r.resets(s)
}

// resets reports whether the decisions of an end want the RST that ends its connection.
func (r reading) resets(s *Step) bool {
	leaves := s.calls(model.Release) || s.calls(model.Die)
	g := s.Arrived
	switch {
	case s.From.Mini: // new text, a FIN behind a hole, and SYN
		return g.SpaceLen() > 0 && g.Seq+g.SpaceLen() > s.From.RcvNxt
	case r.resetsBehindHole(s) && s.From.Orphan && !s.From.FinReceived() && g.SpaceLen() > 0:
		return g.Seq > s.From.RcvNxt
	case r.orphanKept == model.OrphanRefused && leaves:
		return true
	case r.finWait2Orphan == model.OrphanResets && (leaves || s.From.Orphan):
		return s.From.State == model.FinWait2 || byAckOfFin(s)
	case r.abortUnsent == model.UnsentResets && byAbort(s):
		return !s.From.FinSent()
	}
	return false
}

// resetsBehindHole reports whether late text behind a hole resets, by what it acknowledges.
func (r reading) resetsBehindHole(s *Step) bool {
	switch r.lateData {
	case model.LateDataAnywhere:
		return true
	case model.LateDataValid:
		return s.Arrived.Ctl.Has(model.ACK) && s.Arrived.Ack <= s.From.SndNxt
	}
	return false
}
