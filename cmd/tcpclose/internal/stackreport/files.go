package stackreport

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"tcpclose/model"
	"tcpclose/stacks/adapter"
	"tcpclose/stacks/drive"
	"tcpclose/stacks/wire"
)

// JSON writes the report for programs.
func JSON(out io.Writer, r *drive.Report) error {
	played, all := r.Campaign.Covered()
	j := jsonReport{
		Name: r.Caps.Name, Version: r.Caps.Version, Schedules: r.Campaign.Schedules, Events: r.Campaign.Events,
		Seconds: r.Took.Seconds(), Pairs: played, OfPairs: all, Cells: map[string]string{},
		Profile: map[string][]string{}, Deviations: []jsonDeviation{}, Stopped: r.Stopped,
	}
	for _, line := range r.Campaign.FreeBSD() {
		j.Cells[line.Name] = string(line.Mark)
	}
	for d := range model.NumDecisions {
		j.Profile[d.String()] = r.Profile.Options.Names(d)
	}
	for _, d := range r.Deviations {
		j.Deviations = append(j.Deviations, encoded(d))
	}
	return write(out, j)
}

func write(out io.Writer, v any) error {
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

type jsonReport struct {
	Name       string              `json:"name"`
	Version    string              `json:"version"`
	Schedules  int                 `json:"schedules"`
	Events     int                 `json:"events"`
	Seconds    float64             `json:"seconds"`
	Pairs      int                 `json:"pairs"`
	OfPairs    int                 `json:"of_pairs"`
	Cells      map[string]string   `json:"freebsd_cells"`
	Profile    map[string][]string `json:"profile"`
	Deviations []jsonDeviation     `json:"deviations"`
	Stopped    bool                `json:"stopped"`
}

type jsonDeviation struct {
	Rule     string      `json:"rule"`
	Clause   string      `json:"clause"`
	Says     string      `json:"says"`
	Strength string      `json:"strength"`
	State    string      `json:"state"`
	Observed string      `json:"observed"`
	Expected []string    `json:"expected"`
	Cause    string      `json:"cause,omitempty"`
	Given    []string    `json:"given,omitempty"`
	Found    int         `json:"found"`
	Waived   string      `json:"waived,omitempty"`
	Events   []jsonEvent `json:"events"`
	Schedule string      `json:"schedule"`
}

type jsonEvent struct {
	Event  string   `json:"event"`
	Told   string   `json:"told,omitempty"`
	Sent   []string `json:"sent,omitempty"`
	State  string   `json:"state,omitempty"`
	Micros int64    `json:"microseconds"`
}

func encoded(d *drive.Deviation) jsonDeviation {
	j := jsonDeviation{
		Rule: d.Rule, Clause: d.Clause, Says: d.Says, Strength: d.Strength.String(), State: d.State, Observed: d.Seen,
		Expected: d.Expected, Cause: d.Cause, Given: d.Given, Found: d.Found, Waived: d.Waived, Schedule: d.Events.String(),
	}
	for i, r := range d.Results {
		e := jsonEvent{Event: d.Events[i].String(), State: r.State, Micros: r.Now.Microseconds()}
		if r.Answer != nil {
			e.Told = r.Answer.String()
		}
		for _, out := range r.Emitted {
			e.Sent = append(e.Sent, fmt.Sprintf("%d %s", out.At.Microseconds(), out.Segment))
		}
		j.Events = append(j.Events, e)
	}
	return j
}

// Packetdrill writes all deviations as scripts of packetdrill, one after the other.
func Packetdrill(out io.Writer, r *drive.Report) error {
	for _, d := range r.Deviations {
		if err := drill(out, d); err != nil {
			return err
		}
		if _, err := io.WriteString(out, "\n"); err != nil {
			return err
		}
	}
	return nil
}

func drill(out io.Writer, d *drive.Deviation) error {
	title := fmt.Sprintf("%s: %s\n%s: %s\nThe script shows what was observed: %s", d.Strength, d.Rule, d.Clause, d.Says, d.Seen)
	return drive.Packetdrill(out, d.Events, d.Results, title, expected(d))
}

// Capture writes the segments of a run as a pcap file.
func Capture(out io.Writer, events adapter.Schedule, results []adapter.Result) error {
	c := wire.NewCapture(out)
	link := wire.NewLink(len(events) > 0 && events[0].Active)
	const step = 100 * time.Microsecond // between what is seen at one instant
	last := time.Duration(0)
	packet := func(at time.Duration, p []byte) {
		last = max(at, last+step)
		c.Packet(last, p)
	}
	for i, r := range results {
		if events[i].Kind == adapter.Arrives {
			packet(r.Now, link.Packet(events[i].Segment))
		}
		for _, e := range r.Emitted {
			packet(e.At, link.StackPacket(e.Segment))
		}
	}
	return c.Err()
}

// Files writes each deviation into a directory: a ladder, JSON, a capture and a
// script of packetdrill.
func Files(dir string, r *drive.Report) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	for i, d := range r.Deviations {
		base := filepath.Join(dir, fmt.Sprintf("%02d-%s", i+1, fileName(d.Rule)))
		for _, f := range []struct {
			ext   string
			write func(io.Writer) error
		}{
			{".txt", func(w io.Writer) error { return Ladder(w, d) }},
			{".json", func(w io.Writer) error { return write(w, encoded(d)) }},
			{".pcap", func(w io.Writer) error { return Capture(w, d.Events, d.Results) }},
			{".pkt", func(w io.Writer) error { return drill(w, d) }},
		} {
			if err := file(base+f.ext, f.write); err != nil {
				return err
			}
		}
	}
	return nil
}

func file(name string, write func(io.Writer) error) (err error) {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	defer func() {
		if closed := f.Close(); err == nil {
			err = closed
		}
	}()
	return write(f)
}

// fileName returns a rule as a part of a file's name.
func fileName(rule string) string {
	name := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '-':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return '_'
	}, rule)
	return name[:min(len(name), 60)]
}
