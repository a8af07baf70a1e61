package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/dustin/go-humanize"

	"tcpclose/check"
	"tcpclose/cmd/tcpclose/internal/base"
	"tcpclose/cmd/tcpclose/internal/cli"
	"tcpclose/cmd/tcpclose/internal/screen"
	"tcpclose/model"
	"tcpclose/trace"
)

// A Comparison is where two configurations part, as it is shown.
type Comparison struct {
	*check.Comparison
	Base *base.Base
	Show Traces
}

// Status is the exit status.
func (c Comparison) Status() int {
	switch {
	case c.Split != nil:
		return cli.Violated
	case c.Incomplete != "":
		return cli.Unknown
	}
	return cli.OK
}

func (c Comparison) say(english string, args ...any) string {
	return c.Show.Language.Say(english, args...)
}

// names names the two in files and captions.
var names = [2]string{"this", "other"}

// Exhibits returns the runs of those that do something.
func (c Comparison) Exhibits() (list []Exhibit) {
	if c.Split == nil {
		return nil
	}
	for i, run := range c.Split.Runs {
		if c.Split.Does[i] {
			list = append(list, Exhibit{run, trace.About{Property: names[i], Sentence: c.title(i), Tick: c.Base.Tick}})
		}
	}
	return list
}

// title returns the fields of a configuration that are not in the other.
func (c Comparison) title(i int) string {
	words := c.Configs[i].Against(c.Configs[1-i])
	return strings.Join(words, " ")
}

// does says what one does where the two part.
func (c Comparison) does(i int) string {
	if !c.Split.Does[i] {
		return c.say("it cannot")
	}
	run := c.Split.Runs[i]
	e := run.Events[len(run.Events)-1]
	var words []string
	switch a := e.Action; a.Kind {
	case model.Calls:
		words = append(words, c.say("%s: %s", a.Side.String(), a.Call.String()))
	case model.Timeouts:
		words = append(words, c.say("%s: %s", a.Side.String(), a.Timeout.String()))
	case model.Deliveries, model.Copies:
		words = append(words, c.say("%s arrives at %s", a.Packet.Text(a.Side), a.Side.Peer().String()))
	case model.Losses:
		words = append(words, c.say("%s is lost", a.Packet.Text(a.Side)))
	case model.Boxes:
		words = append(words, "box: "+a.Act.String())
	default:
		words = append(words, c.say("time passes"))
	}
	effect := e.Outcome.Effect
	switch {
	case !e.Outcome.Moved:
	case effect.Sent == (model.Segment{}):
		words = append(words, c.say("nothing is sent"))
	default:
		words = append(words, c.say("%s is sent", effect.Sent.Text(e.Outcome.Mover)))
	}
	if effect.Told != 0 {
		text := "told: %s"
		if run.ToNobody(len(run.Events) - 1) {
			text = "told to nobody: %s"
		}
		words = append(words, c.say(text, effect.Told.String()))
	}
	return strings.Join(words, c.say(", "))
}

// Text writes the comparison for a reader.
func (c Comparison) Text(out io.Writer) error {
	if c.Split != nil && !c.Show.Quiet {
		for i := range c.Split.Runs {
			if !c.Split.Does[i] {
				continue
			}
			fmt.Fprint(out, screen.Indent(c.say("With %s:", c.title(i)), 0, 2)+"\n")
			if err := c.Show.Text(out, Exhibit{c.Split.Runs[i], trace.About{Property: names[i], Sentence: c.title(i), Tick: c.Base.Tick}}); err != nil {
				return err
			}
			fmt.Fprintln(out)
		}
	}
	c.Summary(out)
	return nil
}

// Summary writes the comparison without its runs.
func (c Comparison) Summary(out io.Writer) {
	if !c.Show.Quiet {
		fmt.Fprint(out, screen.Indent(c.say("this:  %s", c.title(0)), 0, 7))
		fmt.Fprint(out, screen.Indent(c.say("other: %s", c.title(1)), 0, 7))
		fmt.Fprint(out, screen.Indent(c.say("%s pairs of states", humanize.Comma(int64(c.Pairs))), 0, 2)+"\n")
		if c.Split != nil {
			fmt.Fprint(out, screen.Indent(c.say("Where the two part, this: %s;", c.does(0)), 0, 2))
			fmt.Fprint(out, screen.Indent(c.say("the other: %s.", c.does(1)), 0, 2))
		}
	}
	switch {
	case c.Split != nil:
		fmt.Fprintln(out, c.say("The two part after %s.", c.Show.Language.Count(c.common(), "event")))
	case c.Incomplete != "":
		fmt.Fprintln(out, c.say("Not complete (%s): so far both do the same.", c.say(c.Incomplete)))
	default:
		fmt.Fprintln(out, c.say("Both always do the same."))
	}
}

// common returns how many events come before the two part.
func (c Comparison) common() int {
	n := 0
	for i, run := range c.Split.Runs {
		events := len(run.Events)
		if c.Split.Does[i] {
			events--
		}
		n = max(n, events)
	}
	return n
}

// The JSON form. Fields are added, not renamed.
type jsonComparison struct {
	This       map[string]string `json:"this"`
	Other      map[string]string `json:"other"`
	Pairs      int               `json:"pairs"`
	Same       bool              `json:"same"` // both always do the same; false, too, if that is not known
	Incomplete string            `json:"incomplete,omitempty"`
	Common     int               `json:"common"` // events that come before the two part
	Runs       []jsonComparedRun `json:"runs,omitempty"`
	Status     int               `json:"status"`
}

type jsonComparedRun struct {
	Does   bool        `json:"does"` // the last event is what it does, and the other does not
	Says   string      `json:"says"`
	Events []JSONEvent `json:"events"`
}

// JSON returns the comparison for programs.
func (c Comparison) JSON() any {
	j := jsonComparison{
		This: JSONConfig(c.Configs[0]), Other: JSONConfig(c.Configs[1]), Pairs: c.Pairs,
		Same: c.Split == nil && c.Incomplete == "", Incomplete: c.Incomplete, Status: c.Status(),
	}
	if c.Split != nil {
		j.Common = c.common()
		for i, run := range c.Split.Runs {
			j.Runs = append(j.Runs, jsonComparedRun{c.Split.Does[i], c.does(i), JSONEvents(run)})
		}
	}
	return j
}
