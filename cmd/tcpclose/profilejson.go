package main

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"tcpclose/cmd/tcpclose/internal/report"
	"tcpclose/profile"
)

// The JSON form of a profile; docs/linux.md has its fields. Fields are added, not
// renamed. Times are in seconds, but for what is of a configuration or an event.
type jsonProfile struct {
	Profile      string            `json:"profile"`
	Source       string            `json:"source"`
	Parameters   []jsonParameter   `json:"parameters"`
	Asked        jsonAsked         `json:"asked"`
	Differences  []jsonDifference  `json:"differences"`
	Tick         float64           `json:"tick"`
	Rounded      []string          `json:"rounded"`
	Config       map[string]string `json:"config"`
	Decisions    map[string]string `json:"decisions"`
	Command      string            `json:"command"`
	Stays        []jsonStay        `json:"stays,omitempty"`
	LastAck      *jsonLastAck      `json:"last_ack,omitempty"`
	Advice       *jsonAdvice       `json:"advice,omitempty"`
	Consequences []jsonConsequence `json:"consequences,omitempty"`
	Status       int               `json:"status"`
}

type jsonParameter struct {
	Name    string   `json:"name"`
	Value   *int     `json:"value,omitempty"`
	Default *int     `json:"default,omitempty"`
	Seconds *float64 `json:"seconds,omitempty"`
	Missing bool     `json:"missing,omitempty"`
	Meaning string   `json:"meaning"`
}

type jsonAsked struct {
	RTO         float64 `json:"rto"`
	UserTimeout float64 `json:"user_timeout"`
	Linger2     float64 `json:"linger2"`
	KeepAlive   bool    `json:"keepalive"`
	Finer       int     `json:"finer"`
}

type jsonDifference struct {
	ID         string     `json:"id"`
	Source     string     `json:"source"`
	RFC        string     `json:"rfc"`
	Linux      string     `json:"linux"`
	Where      string     `json:"where,omitempty"`
	InModel    []jsonPart `json:"in_model"`
	NotInModel string     `json:"not_in_model,omitempty"`
}

type jsonPart struct {
	Field   string   `json:"field"`
	Value   string   `json:"value"`
	Seconds *float64 `json:"seconds,omitempty"`
	Now     bool     `json:"now"`
}

type jsonStay struct {
	State     string   `json:"state"`
	By        string   `json:"by"`
	Known     bool     `json:"known"`
	Reached   bool     `json:"reached"`
	Unbounded bool     `json:"unbounded"`
	Greatest  *float64 `json:"greatest,omitempty"`
	Ends      string   `json:"ends,omitempty"`
}

type jsonLastAck struct {
	Known    bool     `json:"known"`
	Happens  bool     `json:"happens"`
	Least    *float64 `json:"least,omitempty"`
	Greatest *float64 `json:"greatest,omitempty"`
	TimeWait *float64 `json:"time_wait,omitempty"`
}

type jsonAdvice struct {
	FinTimeout      []jsonTryOut `json:"fin_timeout"`
	RSTEndsTimeWait *bool        `json:"rst_ends_time_wait,omitempty"`
}

type jsonTryOut struct {
	FinTimeout float64  `json:"fin_timeout"`
	TimeWait   *float64 `json:"time_wait,omitempty"`
}

type jsonConsequence struct {
	Sentence string             `json:"sentence"`
	Known    bool               `json:"known"`
	Holds    bool               `json:"holds"`
	Tick     float64            `json:"tick"`
	Events   []report.JSONEvent `json:"events,omitempty"`
}

// inSeconds is d if it is known.
func inSeconds(d time.Duration, known bool) *float64 {
	if !known {
		return nil
	}
	s := exactly(d)
	return &s
}

// exactly is d in seconds as it is written: Duration.Seconds adds up parts, and may
// miss it.
func exactly(d time.Duration) float64 { return float64(d) / float64(time.Second) }

func (r *linuxReport) encoded() jsonProfile {
	j := jsonProfile{
		Profile: r.name, Source: cmp.Or(r.source, "defaults"), Tick: exactly(r.timed.Tick), Rounded: roundings(r.timed.Rounded),
		Asked:  jsonAsked{exactly(r.asked.RTO), exactly(r.asked.UserTimeout), exactly(r.asked.Linger2), r.asked.KeepAlive, r.asked.Finer},
		Config: report.JSONConfig(r.timed.Config), Decisions: report.JSONDecisions(r.timed.Config), Command: strings.Join(append([]string{"tcpclose check"}, flags(r.timed.Config)...), " "),
		Status: r.status(),
	}
	for _, s := range profile.Sysctls {
		n := s.Value(r.linux)
		d, isTime := s.Time(r.linux)
		j.Parameters = append(j.Parameters, jsonParameter{s.Name, &n, &s.Default, inSeconds(d, isTime), slices.Contains(r.missing, s.Name), s.Meaning})
	}
	for _, p := range profile.Constants {
		j.Parameters = append(j.Parameters, jsonParameter{Name: p.Name, Seconds: inSeconds(p.Time, true), Meaning: p.Meaning})
	}
	for _, d := range append(slices.Clip(profile.Differences), profile.Otherwise) {
		is := jsonDifference{ID: d.ID, Source: d.Source, RFC: d.Says, Linux: d.Does, Where: d.Where, NotInModel: d.Rest}
		for _, p := range d.Parts(r.timed) {
			is.InModel = append(is.InModel, jsonPart{p.Name, p.Value, inSeconds(p.Time, p.Timed), p.Now})
		}
		j.Differences = append(j.Differences, is)
	}
	if !r.explored {
		return j
	}
	for how, column := range r.stays {
		for _, s := range column {
			ends := s.Known && s.Reached && !s.Unbounded
			is := jsonStay{
				State: profile.Name(s.State), By: profile.Closing(how).String(), Known: s.Known || s.Unbounded, Reached: s.Reached, Unbounded: s.Unbounded,
				Greatest: inSeconds(s.Greatest, ends),
			}
			if ends || s.Unbounded {
				is.Ends = s.Ends
			}
			j.Stays = append(j.Stays, is)
		}
	}
	a := r.lastAck
	times := a.Known && a.Happens
	j.LastAck = &jsonLastAck{a.Known, a.Happens, inSeconds(a.Least, times), inSeconds(a.Greatest, times), inSeconds(a.Waits, times)}
	j.Advice = &jsonAdvice{}
	for _, t := range []tryOut{r.advice.whole, r.advice.half} {
		j.Advice.FinTimeout = append(j.Advice.FinTimeout, jsonTryOut{exactly(t.finTimeout), inSeconds(t.timeWait.Least, t.timeWait.Known && t.timeWait.Reached)})
	}
	if r.advice.rstKnown {
		j.Advice.RSTEndsTimeWait = &r.advice.rst
	}
	for i, p := range r.proofs {
		j.Consequences = append(j.Consequences, jsonConsequence{profile.Consequences[i].Sentence, p.Holds || p.Known, p.Holds, exactly(p.Tick), report.JSONEvents(p.Trace)})
	}
	return j
}

// roundings returns the roundings in words; none is an empty list.
func roundings(list []profile.Rounding) []string {
	words := []string{}
	for _, r := range list {
		words = append(words, r.String())
	}
	return words
}
