package check

import (
	"context"
	"slices"

	"tcpclose/invariants"
	"tcpclose/model"
)

// A FaultCase is a configuration in which a fault shows. Without the fault
// nothing else is changed.
type FaultCase struct {
	Fault  model.Fault
	Config model.Config // with the fault
}

// faultCase returns the case of a fault in the configuration that words change the
// default to.
func faultCase(f model.Fault, words string) FaultCase {
	c := FaultCase{f, changed(words)}
	c.Config.Fault = f
	return c
}

// What most cases have in common: no data, and a network that may lose a segment
// or deliver one twice. There the RFC's rules bring every connection to its end.
const (
	loses  = "msl=2 delay=1 rto=2 r2=2 loss=1 duplicate=off reorder=off capacity=4 "
	copies = "msl=2 delay=1 rto=2 r2=2 loss=off duplicate=1 reorder=off capacity=4 "
	mixes  = "msl=2 delay=1 rto=2 r2=2 loss=off duplicate=off reorder=1 capacity=4 "
	plain  = "msl=2 delay=1 rto=2 r2=2 loss=off duplicate=off reorder=off capacity=4 "
	none   = "a-octets=0 b-octets=0 "
)

// FaultCases has a case for each fault, in their order.
var FaultCases = []FaultCase{
	faultCase(model.LastAckAnyAck, plain+"a-octets=0"),
	faultCase(model.LastAckSkipped, loses+none),
	faultCase(model.FinUnsentInClosing, plain+"b-octets=0 b-buffer=1 b-reads=slowly"),
	faultCase(model.NoRetransmitInClosing, loses+none),
	faultCase(model.StaleAckResendsFin, plain+"a-octets=0"),
	faultCase(model.FinBeforeHole, mixes+"b-octets=0"),
	faultCase(model.FinDroppedAtWindowEdge, plain+none+"b-buffer=1"),
	faultCase(model.FinWait2TooEarly, plain+"b-octets=0 b-buffer=1 b-reads=slowly"),
	faultCase(model.FinLostBehindText, plain+"a-octets=2 b-octets=0 b-buffer=1"),
	faultCase(model.CloseWaitsInEstablished, plain+none+"b-buffer=0"),
	faultCase(model.CloseDeletesTimeWait, loses+none+"a-close-is=half-then-full"),
	faultCase(model.RSTTakesNumber, plain+"b-octets=0 b-reads=slowly b-close-is=full"),
	faultCase(model.NoAckInCloseWait, loses+none),
	faultCase(model.OldAckDropsFin, mixes+none+"off-sequence-ack=read"),
	faultCase(model.RSTRestartsTimeWait, copies+none+"time-wait-rst=ignored"),
	faultCase(model.TimeWaitAcksAcks, copies+none),
	faultCase(model.NoRetransmitInLastAck, loses+none),
	faultCase(model.FinLostInReassembly, mixes+"b-octets=0 out-of-order=held"),
	faultCase(model.TextAfterFin, mixes+none+"stray=<SEQ=101><ACK=300><DATA=1><CTL=ACK>"),
	faultCase(model.RSTEndsTimeWait, copies+none+"time-wait-rst=ignored"),
	faultCase(model.HalfCloseTimedOut, plain+none+"fin-wait-2=3 a-close-is=half-then-full"),
	faultCase(model.RSTAnywhereResets, plain+none+"stray=<SEQ=101><CTL=RST>"),
	faultCase(model.FinWait2ForEver, plain+none+"fin-wait-2=3 a-close-is=full b-fails=crash"),
	faultCase(model.TimeWaitClockStops, plain+none),
	faultCase(model.TimeWaitTooShort, loses+none),
	faultCase(model.PassiveAfterClose, plain+none),
	faultCase(model.ClosingResendsNoFin, loses+none),
	faultCase(model.NoTimeWait, loses+none),
	faultCase(model.NoRetransmitInFinWait1, loses+none),
	faultCase(model.TimeWaitDeaf, loses+none),
	faultCase(model.ResentFinMoves, loses+none),
	faultCase(model.NoRetransmitInCloseWait, loses+"a-octets=0"),
	faultCase(model.ClosingTimerAbsent, plain+none),
	faultCase(model.RSTStuckInClosing, plain+none+"b-fails=abort"),
	faultCase(model.TimeWaitNotRestarted, loses+none),
	faultCase(model.FinNotAcked, plain+none),
	faultCase(model.SynInTimeWaitAcked, plain+none+"reopen=1 time-wait-reuse=may-2"),
	faultCase(model.FinWait2Reused, plain+none+"reopen=1 timestamps=on connect-reuse=aged"),
	faultCase(model.RSTWar, mixes+"b-octets=0 a-fails=abort"),
	faultCase(model.RSTAnswered, plain+none+"stray=<SEQ=99><CTL=RST>"),
	faultCase(model.FinWithoutLimit, plain+none+"b-fails=crash closed-answer=nothing"),
	faultCase(model.CloseDeletesLastAck, loses+none+"a-close-is=half-then-full"),
	faultCase(model.LastAckUntold, plain+none),
	faultCase(model.TextResendsFin, plain+"a-octets=0"),
	faultCase(model.FinAckUnread, plain+"b-octets=0 delayed-ack=1"),
	faultCase(model.FinWait2Restarts, plain+"a-octets=0 a-close-is=full fin-wait-2=4 late-data=ack b-octets=2 b-closes=never"),
	faultCase(model.FinWait2ByTextAck, plain+"b-octets=0"),
	faultCase(model.FinBeforeQueuedText, plain+"a-octets=2 b-octets=0 b-buffer=1 b-reads=slowly"),
	faultCase(model.AbortSendsFin, plain+"a-octets=0 a-fails=abort a-closes=never"),
	faultCase(model.FinUnheard, plain+"b-octets=0 b-reads=slowly b-buffer=2"),
	faultCase(model.RSTUnheard, plain+none+"a-closes=never b-closes=never b-fails=abort"),
	faultCase(model.FinNeverAcked, plain+none),
	faultCase(model.SynIgnored, plain+none+"reopen=1 a-fails=crash a-closes=never b-closes=after-peer a-isn=clock"),
	faultCase(model.TextAckedTwice, loses+"a-octets=0 a-close-is=full late-data=ack"),
	faultCase(model.TextNotResent, loses+"b-octets=0"),
	faultCase(model.UnreadShutsWindow, plain+"a-octets=0 a-fails=die a-closes=never a-reads=slowly a-buffer=1 b-octets=2 late-data=ack"),
	faultCase(model.AnsweredProbesCount, plain+none+"b-buffer=0 a-close-is=full b-closes=never"),
}

// FindFaultCase returns the case of a fault.
func FindFaultCase(f model.Fault) (FaultCase, bool) {
	i := slices.IndexFunc(FaultCases, func(c FaultCase) bool { return c.Fault == f })
	if i < 0 {
		return FaultCase{}, false
	}
	return FaultCases[i], true
}

// Without returns the case's configuration without the fault.
func (c FaultCase) Without() model.Config {
	without := c.Config
	without.Fault, without.Faulty = model.NoFault, model.BothFaulty
	return without
}

// A Catch is a property that is violated because of a fault.
type Catch struct {
	Finding *Finding // with the fault
	Events  int      // of its trace, ticks not counted
}

// A FaultReport is what there is to see of a fault in its case.
type FaultReport struct {
	Case          FaultCase
	With, Without *Report
	// Catches lists the properties that hold without the fault, perhaps vacuously, and
	// are violated with it.
	Catches []Catch
}

// Least returns how many events the shortest catch takes; 0 if the fault survives.
func (r *FaultReport) Least() int {
	least := 0
	for _, c := range r.Catches {
		if least == 0 || c.Events < least {
			least = c.Events
		}
	}
	return least
}

// Shortest returns the catch of the fewest events, the first of several; nil if the
// fault survives.
func (r *FaultReport) Shortest() *Catch {
	for i := range r.Catches {
		if r.Catches[i].Events == r.Least() {
			return &r.Catches[i]
		}
	}
	return nil
}

// By reports whether that property catches the fault.
func (r *FaultReport) By(property string) bool {
	return slices.ContainsFunc(r.Catches, func(c Catch) bool { return c.Finding.Property.Name == property })
}

// JudgeFaults checks every property in each case, with and without the fault.
func JudgeFaults(ctx context.Context, cases []FaultCase, o Options) (reports []*FaultReport, err error) {
	o.NoTraces = false
	known := map[model.Config]*Report{} // several cases differ in their faults alone
	for _, c := range cases {
		r := &FaultReport{Case: c}
		if r.With, err = Check(ctx, c.Config, invariants.Properties, o); err != nil {
			return nil, err
		}
		without := c.Without()
		if known[without] == nil {
			quick := o
			quick.NoTraces = true
			if known[without], err = Check(ctx, without, invariants.Properties, quick); err != nil {
				return nil, err
			}
		}
		r.Without = known[without]
		for i := range r.With.Findings {
			f, was := &r.With.Findings[i], r.Without.Findings[i].Verdict
			if f.Verdict == Violated && (was == Holds || was == Vacuous) {
				r.Catches = append(r.Catches, Catch{f, f.Trace.NonTicks()})
			}
		}
		reports = append(reports, r)
	}
	return reports, nil
}

// Complete reports whether everything was explored.
func (r *FaultReport) Complete() bool { return r.With.Result.Complete() && r.Without.Result.Complete() }

// Survives reports whether nothing catches the fault, and everything was explored.
func (r *FaultReport) Survives() bool { return len(r.Catches) == 0 && r.Complete() }

// A FaultRow is what a property catches.
type FaultRow struct {
	Property *invariants.Property
	Catches  []model.Fault
	// Within is other properties that catch all of these, too.
	Within []string
}

// FaultRows returns the row of each property.
func FaultRows(reports []*FaultReport) (rows []FaultRow) {
	for _, p := range invariants.Properties {
		row := FaultRow{Property: p}
		for _, r := range reports {
			if r.By(p.Name) {
				row.Catches = append(row.Catches, r.Case.Fault)
			}
		}
		rows = append(rows, row)
	}
	for i := range rows {
		if len(rows[i].Catches) == 0 {
			continue
		}
		for j := range rows {
			missing := func(f model.Fault) bool { return !slices.Contains(rows[j].Catches, f) }
			if j != i && !slices.ContainsFunc(rows[i].Catches, missing) {
				rows[i].Within = append(rows[i].Within, rows[j].Property.Name)
			}
		}
	}
	return rows
}

// CaughtAlone reports whether r's fault is caught by one property only, which
// catches no other fault.
func CaughtAlone(reports []*FaultReport, r *FaultReport) bool {
	return len(r.Catches) == 1 && !slices.ContainsFunc(reports, func(other *FaultReport) bool {
		return other != r && other.By(r.Catches[0].Finding.Property.Name)
	})
}
