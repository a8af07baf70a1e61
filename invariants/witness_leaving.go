package invariants

import (
	"slices"
	"strings"

	"tcpclose/model"
)

// Runs in which a connection is left in another way than by closing it.
var leavingWitnesses = slices.Concat(abortWitnesses(), []*Property{
	witnessStep("dies", "A process that has read everything dies: its host sends a FIN.",
		"RFC 9293, 3.6.1 (MAY-1); notes, on dying processes", onlyIfFails(model.FailDie),
		func(s *Step) bool { return s.calls(model.Die) && s.Effect.Sent.Ctl.Has(model.FIN) }),
	witnessStep("dies-unread", "A process dies with text unread: its host sends an RST.",
		"RFC 9293, 3.6.1 (SHLD-3)", onlyIfFails(model.FailDie),
		func(s *Step) bool { return s.calls(model.Die) && sendsRST(s) }),
	witnessStep("reboot", "A host that crashed is back, and answers what it no longer knows with an RST.",
		"RFC 9293, 3.5.1, figure 11", onlyIfFails(model.FailCrash),
		func(s *Step) bool { return s.Before.Ended() == Gone && sendsRST(s) }, MonitorTold),
	witnessStep("unread-reset", "A full close with text unread sends an RST.",
		"RFC 9293, 3.6.1 (SHLD-3)", onlyFull,
		func(s *Step) bool { return s.calls(model.Release) && sendsRST(s) }),
	witnessStep("late-text", "Text arrives after a full close, and is answered by an RST.",
		"RFC 9293, 3.6.1 (SHLD-3)", onlyFullOrDie,
		func(s *Step) bool { return s.Effect.Clauses.Has(model.TextResets) }),
	witnessStep("orphan-ends", "A timer ends the FIN-WAIT-2 of an orphan, and the peer's FIN arrives in CLOSED.",
		"tcp_fin_timeout of Linux; notes, L3", func(c model.Config) string {
			if !c.AnyEnd(func(e model.Endpoint) bool { return e.FinWait2 > 0 }) {
				return "FIN-WAIT-2 has no timer"
			}
			return ""
		},
		func(s *Step) bool {
			return s.Before.Ended() == TimedOut && s.Arrived.Ctl.Has(model.FIN) && sendsRST(s)
		}, MonitorTold),
	witnessStep("keep-alive-ends", "Keep-alive ends a CLOSE-WAIT whose peer is gone.",
		"RFC 9293, 3.8.4", func(c model.Config) string {
			if !c.AnyEnd(func(e model.Endpoint) bool { return e.KeepAlive > 0 }) {
				return "no keep-alive"
			}
			return ""
		},
		func(s *Step) bool {
			return s.From.State == model.CloseWait && (s.timesOut(model.KeepAlive) || s.From.Probes > 0 && byRST(s)) && s.To.State == model.Closed
		}),
	witnessStep("user-timeout-ends", "The user timeout ends FIN-WAIT-2 or CLOSE-WAIT.",
		"RFC 9293, 3.10.8 (any state) against 3.9.1.1", func(c model.Config) string {
			if !c.AnyEnd(func(e model.Endpoint) bool { return e.UserTimeout > 0 }) {
				return "no user timeout"
			}
			return ""
		},
		func(s *Step) bool {
			return s.timesOut(model.UserTimeout) && !s.From.Outstanding() && !s.From.Blocked()
		}),
})

// abortWitnesses returns an ABORT in each state.
func abortWitnesses() (list []*Property) {
	for _, st := range synchronized {
		sends := "RST is sent"
		if st == model.Closing || st == model.LastAck || st == model.TimeWait {
			sends = "nothing is sent"
		}
		list = append(list, witnessStep("abort-"+strings.ToLower(st.String()), "ABORT in "+st.String()+": "+sends+".",
			"RFC 9293, 3.10.5", onlyIfFails(model.FailAbort),
			func(s *Step) bool { return byAbort(s) && s.From.State == st && sendsRST(s) == (sends == "RST is sent") }))
	}
	return list
}

func onlyIfFails(f model.Failing) func(model.Config) string {
	return func(c model.Config) string {
		if c.Apps[model.A].Fails != f && c.Apps[model.B].Fails != f {
			return "no user does that: " + f.String()
		}
		return ""
	}
}

func onlyFull(c model.Config) string {
	if c.Apps[model.A].Parting == model.Half && c.Apps[model.B].Parting == model.Half {
		return "no user closes fully"
	}
	return ""
}

func onlyFullOrDie(c model.Config) string {
	if onlyIfFails(model.FailDie)(c) == "" {
		return ""
	}
	return onlyFull(c)
}
