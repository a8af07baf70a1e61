package report

import (
	"fmt"
	"io"
	"strings"
	"time"

	"tcpclose/check"
	"tcpclose/cmd/tcpclose/internal/screen"
	"tcpclose/internal/lang"
	"tcpclose/survey"
)

// BoxTimers writes how long the timers of a box have to be.
func BoxTimers(out io.Writer, l lang.Language, r *survey.BoxTimers) {
	name := r.Config.Between.Box.Name
	paragraph(out, l.Say("With the timers as they are, box-told: %s.", l.Say(r.AsIs.String())))
	switch r.Never {
	case check.Violated:
		paragraph(out, l.Say("It is violated even if no timer runs out: this is not a matter of timers."))
	case check.Unknown:
		paragraph(out, l.Say("Whether it holds if no timer runs out is unknown: not everything was explored."))
	}
	if len(r.Timers) > 0 && r.Never == check.Holds {
		boxTimerTable(out, l, r)
	}
	fmt.Fprintf(out, "\n%s\n", l.Say("%s, in %v", l.Count(r.Searches, "exploration"), r.Time.Round(time.Millisecond)))
	if !r.Known() {
		paragraph(out, l.Say("Not complete: what is unknown of the timers of %s was not explored to its end.", name))
	}
}

// boxTimerTable writes a line for each timer.
func boxTimerTable(out io.Writer, l lang.Language, r *survey.BoxTimers) {
	fmt.Fprintln(out)
	paragraph(out, l.Say("How long each timer of %s has to be, while no other runs out, so that the applications are told what they are told without it:", r.Config.Between.Box.Name))
	fmt.Fprintln(out)
	t := &screen.Table{Indent: 2}
	var set []string
	for i := range r.Timers {
		timer := &r.Timers[i]
		t.Row(screen.Plain(timer.Name, l.Say("%d s", timer.Seconds), boxTimerNeeds(l, r, timer))...)
		if setting := r.Config.Between.Box.Setting(timer.Name); setting != "" && timer.Counted && timer.Alone != check.Holds {
			set = append(set, setting)
		}
	}
	t.Write(out)
	fmt.Fprintln(out)
	if r.Together == check.Holds {
		paragraph(out, l.Say("It holds if each is as long as it has to be at least, and those for which no value does never run out."))
	} else {
		paragraph(out, l.Say("Even if each is as long as it has to be, and those for which no value does never run out, it is %s: together they have to be longer.", l.Say(r.Together.String())))
	}
	if len(set) > 0 {
		paragraph(out, l.Say("To set those that are too short: %s.", strings.Join(set, l.Comma())))
	}
}

// boxTimerNeeds says how long a timer has to be.
func boxTimerNeeds(l lang.Language, r *survey.BoxTimers, t *survey.BoxTimer) string {
	switch {
	case !t.Counted:
		return l.Say("longer than %d s (-box-counted): does not run out", r.Longest)
	case t.Waits():
		return l.Say("not even %d s: a program may be silent for longer", r.Longest)
	case t.Need == check.Unknown:
		return l.Say("unknown")
	case t.Least == r.Finest && !t.AtMost:
		return l.Say("%d s is enough", r.Finest)
	}
	says := l.Say("at least %d s", t.Least)
	if t.AtMost {
		says = l.Say("%d s, or less: not everything was explored", t.Least)
	}
	if t.Alone == check.Holds {
		return l.Say("enough: %s", says)
	}
	return l.Say("too short: %s", says)
}

// JSONBoxTimers is the JSON form.
type JSONBoxTimers struct {
	Preset   string            `json:"preset"`
	Profiles map[string]string `json:"profiles,omitempty"`
	Config   map[string]string `json:"config"`
	AsIs     check.Verdict     `json:"as_is"`
	Never    check.Verdict     `json:"never"` // no timer runs out
	Together *check.Verdict    `json:"together,omitempty"`
	Longest  int               `json:"longest"` // seconds that were tried
	Timers   []JSONBoxTimer    `json:"timers"`
}

// JSONBoxTimer is a timer in it, in seconds.
type JSONBoxTimer struct {
	Name    string         `json:"name"`
	Setting string         `json:"setting,omitempty"`
	Seconds int            `json:"seconds"`
	Verdict *check.Verdict `json:"verdict,omitempty"` // alone; none of one that is not counted
	Least   *int           `json:"least,omitempty"`   // none if no value is enough, or if it is unknown
	Waits   bool           `json:"waits,omitempty"`   // no value is enough
	AtMost  bool           `json:"at_most,omitempty"`
}

// EncodedBoxTimers returns the JSON form.
func EncodedBoxTimers(r *survey.BoxTimers) JSONBoxTimers {
	j := JSONBoxTimers{Config: JSONConfig(r.Config), AsIs: r.AsIs, Never: r.Never, Longest: r.Longest, Timers: []JSONBoxTimer{}}
	if r.Never == check.Holds {
		j.Together = &r.Together
	}
	for i := range r.Timers {
		t := &r.Timers[i]
		e := JSONBoxTimer{Name: t.Name, Setting: r.Config.Between.Box.Setting(t.Name), Seconds: t.Seconds}
		if t.Counted && r.Never == check.Holds {
			e.Verdict, e.Waits, e.AtMost = &t.Alone, t.Waits(), t.AtMost
			if t.Need == check.Holds {
				e.Least = &t.Least
			}
		}
		j.Timers = append(j.Timers, e)
	}
	return j
}

// paragraph writes a text in lines.
func paragraph(out io.Writer, text string) { fmt.Fprint(out, screen.Indent(text, 0, 0)) }
