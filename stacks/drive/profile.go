package drive

import (
	"fmt"
	"io"
	"strings"
	"time"

	"tcpclose/model"
)

// WriteProfile writes a stack in the form of package profile: its
// times, and the decisions of which one alternative is left. What is still open is
// a comment.
func (r *Report) WriteProfile(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "tcpclose profile 1\n# %s %s, as seen in %d runs on the bench.\n", r.Caps.Name, r.Caps.Version, r.Profile.Runs)
	if r.Stopped {
		b.WriteString("# Stopped before all was played.\n")
	}
	b.WriteString("\n")
	line := func(name, value, why string) {
		fmt.Fprintf(&b, "%-18s %-13s # %s\n", name, value, why)
	}
	t := r.Timing
	if t.TimeWait > 0 {
		line("time-wait", seconds(t.TimeWait), "measured")
	}
	t.writeRTO(line)
	if t.FinWait2 > 0 {
		line("fin-wait-2", seconds(t.FinWait2), "measured, after a full close")
	}
	against := r.contradicted()
	for d := range model.NumDecisions {
		if c, ok := r.Profile.Options.Choice(d); ok {
			why := d.Info().Source
			if against[d.String()] {
				why += "; some runs contradict it"
			}
			line(d.String(), d.Info().Alternatives[c].Name, why)
		}
	}
	b.WriteString("\n# Not told apart by what was seen:\n")
	for d := range model.NumDecisions {
		if _, ok := r.Profile.Options.Choice(d); !ok {
			fmt.Fprintf(&b, "# %s: %s\n", d, strings.Join(r.Profile.Options.Names(d), ", "))
		}
	}
	b.WriteString(r.evidence())
	_, err := io.WriteString(w, b.String())
	return err
}

// writeRTO writes when a FIN is sent again. If it never was, the RTO is as long as was
// waited: no shorter one is true.
func (t Timing) writeRTO(line func(name, value, why string)) {
	fin := t.Series[OfFIN]
	switch {
	case len(fin.Again) > 0:
		line("rto", seconds(fin.Again[0]), "the first retransmission of a FIN")
		line("rto-max", seconds(fin.longest(0)), "the longest time between two retransmissions that was seen")
	case t.Waited > 0:
		line("rto", seconds(t.Waited), "no FIN was sent again, as long as was waited")
	default:
		return
	}
	if fin.Ends > 0 && len(fin.Again) > 0 {
		line("r2", fmt.Sprint(len(fin.Again)), fmt.Sprintf("retransmissions of a FIN; the connection has gone after %s", seconds(fin.Ends)))
	} else {
		line("r2", "unlimited", fmt.Sprintf("as far as was waited, %s", seconds(t.Waited)))
	}
}

// most bounds a line of evidence, since profiles bound theirs.
const most = 900

// evidence returns what has excluded the other alternatives of each decision that is known,
// as comments.
func (r *Report) evidence() string {
	var b strings.Builder
	for d := range model.NumDecisions {
		if _, ok := r.Profile.Options.Choice(d); !ok {
			continue
		}
		for c, a := range d.Info().Alternatives {
			e, ok := r.Profile.Evidence[d][model.Choice(c)]
			if !ok {
				continue
			}
			text := e.Run
			if s, ok := r.Campaign.shown[e.Run]; ok && e.Event >= 0 && e.Event < len(s.run.Events) {
				text = s.events[:min(len(s.events), s.run.Events[e.Event].Source+1)].String()
			}
			if len(text) > most {
				text = e.Run
			}
			fmt.Fprintf(&b, "# %s, not %s: %s\n", d, a.Name, text)
		}
	}
	if b.Len() == 0 {
		return ""
	}
	return "\n# What has excluded the other alternatives, up to the event that did, for -run:\n" + b.String()
}

// contradicted returns the decisions that some runs contradict.
func (r *Report) contradicted() map[string]bool {
	names := map[string]bool{}
	for _, d := range r.Deviations {
		if name, ok := strings.CutPrefix(d.Rule, "contradiction: "); ok {
			names[name] = true
		}
		for _, word := range d.Given {
			name, _, _ := strings.Cut(word, "=")
			names[name] = true
		}
	}
	return names
}

// seconds returns a time as profiles write it.
func seconds(d time.Duration) string {
	return strings.TrimSuffix(fmt.Sprintf("%.1f", round(d).Seconds()), ".0") + "s"
}
