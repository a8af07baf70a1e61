package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"tcpclose/explore/product"
	"tcpclose/interop"
	"tcpclose/model"
	"tcpclose/profile"
)

// A played is a finding about a pair, and what its replay has come to, end by end: "" is
// confirmed.
type played struct {
	interop.Finding
	names [2]string
	why   [2]string
}

// Marks of what a replay has come to.
const (
	confirmed = "confirmed"
	differs   = "not confirmed"
	modelOnly = "model only"
)

// mark returns what the replay has come to.
func (p *played) mark() string {
	switch {
	case p.why == [2]string{}:
		return confirmed
	case strings.HasPrefix(p.why[0], unplayable) || strings.HasPrefix(p.why[1], unplayable):
		return modelOnly
	}
	return differs
}

// code returns the letter of the harm and the side, with what the replay has come to.
func (p *played) code() string {
	return p.Question.String() + map[string]string{confirmed: "", differs: " (?)", modelOnly: " (m)"}[p.mark()]
}

// matrix writes a page about all pairs of the ends.
func matrix(out io.Writer, root string, args []string) (err error) {
	ends, stop, err := startAll(root, args)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	var all []played
	var text bytes.Buffer
	fmt.Fprintf(&text, "# All pairs of the stacks\n\n    go run ./stacks/replay/confirm -matrix \\\n      %s\n\n", strings.Join(args, " \\\n      "))
	text.WriteString(about)
	names := make([]string, len(ends))
	for i, b := range ends {
		ends[i].end.Name = strings.TrimSuffix(b.end.Name, ".profile")
		names[i] = ends[i].end.Name
	}
	fmt.Fprintf(&text, "| a \\ b | %s |\n|---%s|\n", strings.Join(names, " | "), strings.Repeat("|---", len(names)))
	for _, a := range ends {
		fmt.Fprintf(&text, "| **%s** |", a.end.Name)
		for _, b := range ends {
			list, err := playPair(a, b)
			if err != nil {
				return fmt.Errorf("%s, %s: %w", a.end.Name, b.end.Name, err)
			}
			all = append(all, list...)
			fmt.Fprintf(&text, " %s |", cell(list))
		}
		text.WriteString("\n")
	}
	findings(&text, all)
	_, err = text.WriteTo(out)
	return err
}

const about = `Each pair in both roles: the row is a, the column b. What can go wrong in the situations of
[interop.md](../interop.md) with one connection is played on both stacks, each end's half with the
driver in the peer's place. Without a mark both stacks have confirmed it; (?) is otherwise on a
stack, and the last table says how; (m) is in the model only, since no stack can be driven through
the run.

`

// situations returns the situations that can be played: the bench has one connection.
func situations() (list []interop.Situation) {
	for _, s := range interop.Situations {
		if !strings.HasPrefix(s.Name, "next") {
			list = append(list, s)
		}
	}
	return list
}

// playPair returns what can go wrong for a pair, played on both stacks.
func playPair(a, b bench) (list []played, err error) {
	p, err := profile.NewPair(a.end, b.end)
	if err != nil {
		return nil, err
	}
	found, err := interop.Ask(context.Background(), p, situations(), product.Options{})
	if err != nil {
		return nil, err
	}
	for _, f := range found {
		if f.Answer != interop.Can || f.Trace == nil {
			continue
		}
		list = append(list, played{
			f, [2]string{a.end.Name, b.end.Name},
			[2]string{play(a, f.Trace, model.A, p), play(b, f.Trace, model.B, p)},
		})
	}
	return list, nil
}

// cell returns what can go wrong for a pair, each harm once, with the best mark.
func cell(list []played) string {
	var words []string
	for _, harm := range []string{confirmed, differs, modelOnly} {
		for i := range list {
			p := &list[i]
			known := slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(w, p.Question.String()) })
			if p.mark() == harm && !known {
				words = append(words, p.code())
			}
		}
	}
	if len(words) == 0 {
		return "nothing"
	}
	return strings.Join(words, ", ")
}

// findings writes the findings by what their replays have come to: a ladder of each kind
// that was confirmed, and why others were not.
func findings(out *bytes.Buffer, all []played) {
	counts := map[string]int{}
	kinds := map[string][]*played{}
	var order []string
	for i := range all {
		p := &all[i]
		counts[p.mark()]++
		if p.mark() != confirmed {
			continue
		}
		key := fmt.Sprintf("%s, %s: %s", p.Situation.Name, p.Network.Says.EN, p.Question)
		if kinds[key] == nil {
			order = append(order, key)
		}
		kinds[key] = append(kinds[key], p)
	}
	fmt.Fprintf(out, "\n%d findings: %d %s, %d %s, %d %s.\n", len(all), counts[confirmed], confirmed, counts[differs], differs, counts[modelOnly], modelOnly)
	out.WriteString("\n## Confirmed\n\nOf each kind the shortest run is shown, and all pairs that have confirmed one of that kind.\n")
	for _, key := range order {
		list := kinds[key]
		short := slices.MinFunc(list, func(a, b *played) int { return len(a.Trace.Events) - len(b.Trace.Events) })
		var pairs []string
		for _, p := range list {
			pairs = append(pairs, p.names[0]+" and "+p.names[1])
		}
		fmt.Fprintf(out, "\n### %s\n\n%s.\n\n%s with %s:\n\n```\n%s```\n", key, strings.Join(pairs, ", "), short.names[0], short.names[1], short.Trace)
	}
	out.WriteString("\n## Otherwise\n\n| finding | pair | end | what is otherwise |\n|---|---|---|---|\n")
	for i := range all {
		p := &all[i]
		for end, why := range p.why {
			if why != "" {
				fmt.Fprintf(out, "| %s, %s: %s | %s, %s | %s | %s |\n", p.Situation.Name, p.Network.Says.EN, p.Question, p.names[0], p.names[1], p.names[end], strings.ReplaceAll(why, "|", "or"))
			}
		}
	}
}
