package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"tcpclose/explore/product"
	"tcpclose/interop"
	"tcpclose/model"
	"tcpclose/profile"
)

// newMatrix asks of all pairs of the ends what can go wrong, and plays each run. Each
// pair is asked once: the situations have both roles. Pairs that are known, of the same
// ends, are not asked again. each is called after a pair.
func newMatrix(root string, args []string, known *matrix, each func(*matrix) error) (m *matrix, err error) {
	ends, stop, err := startAll(root, args)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, stop()) }()
	m = &matrix{Args: args, Asked: known.Asked, Findings: known.Findings}
	for i, b := range ends {
		ends[i].end.Name = strings.TrimSuffix(b.end.Name, ".profile")
		m.Names = append(m.Names, ends[i].end.Name)
	}
	for j, b := range ends { // so that a stack that is named last is asked last
		for i, a := range ends[:j+1] {
			if slices.Contains(m.Asked, [2]int{i, j}) {
				continue
			}
			began := time.Now()
			list, err := playPair(a, b)
			if err != nil {
				return nil, fmt.Errorf("%s, %s: %w", a.end.Name, b.end.Name, err)
			}
			for _, f := range list {
				f.Pair = [2]int{i, j}
				m.Findings = append(m.Findings, f)
			}
			m.Asked = append(m.Asked, [2]int{i, j})
			if err := each(m); err != nil {
				return nil, err
			}
			fmt.Fprintf(os.Stderr, "%s, %s: %d findings in %s\n", a.end.Name, b.end.Name, len(list), time.Since(began).Round(time.Second))
		}
	}
	return m, nil
}

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
func playPair(a, b bench) (list []finding, err error) {
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
		run, err := fileOf(f.Trace)
		if err != nil {
			return nil, err
		}
		list = append(list, finding{
			Situation: f.Situation.Name, Network: f.Network.Says.EN, Question: f.Question.String(),
			Why:    [2]string{play(a, f.Trace, model.A, p.Tick), play(b, f.Trace, model.B, p.Tick)},
			Events: len(f.Trace.Events), Tick: int64(p.Tick), Run: run,
		})
	}
	return list, nil
}

// cell returns what can go wrong for a pair, each harm once, with the best mark.
func cell(list []finding) string {
	var words []string
	for _, mark := range []string{confirmed, differs, modelOnly} {
		for i := range list {
			f := &list[i]
			known := slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(w, f.Question) })
			if f.mark() == mark && !known {
				words = append(words, f.Question+map[string]string{confirmed: "", differs: " (?)", modelOnly: " (m)"}[mark])
			}
		}
	}
	if len(words) == 0 {
		return "nothing"
	}
	return strings.Join(words, ", ")
}

// of returns the findings of a pair.
func (m *matrix) of(a, b int) (list []finding) {
	for _, f := range m.Findings {
		if f.Pair == [2]int{a, b} {
			list = append(list, f)
		}
	}
	return list
}

const about = `Each pair stands once, since the situations of [interop.md](../interop.md) have both roles: the row
is a, the column b. What can go wrong in those with one connection is played on both stacks, each
end's half with the driver in the peer's place. Without a mark both stacks have confirmed it; (?) is
otherwise on a stack, and the last table says how and why; (m) is in the model only, since no stack
can be driven through the run.

`

// page writes the matrix as a page of the documentation.
func (m *matrix) page(out io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# All pairs of the stacks\n\n```\ngo run ./stacks/replay/confirm -record FILE \\\n  %s\ngo run ./stacks/replay/confirm -page FILE\n```\n\n", strings.Join(m.Args, " \\\n  "))
	b.WriteString(about)
	if n := len(m.Names); len(m.Asked) < n*(n+1)/2 {
		b.WriteString("Of a pair that is *not asked* nothing is known: its search was not run to the end.\n\n")
	}
	fmt.Fprintf(&b, "| a \\ b | %s |\n|---%s|\n", strings.Join(m.Names, " | "), strings.Repeat("|---", len(m.Names)))
	for i, a := range m.Names {
		fmt.Fprintf(&b, "| **%s** |", a)
		for j := range m.Names {
			switch {
			case j < i:
				b.WriteString(" |")
				continue
			case !slices.Contains(m.Asked, [2]int{i, j}):
				b.WriteString(" not asked |")
				continue
			}
			fmt.Fprintf(&b, " %s |", cell(m.of(i, j)))
		}
		b.WriteString("\n")
	}
	if err := m.findings(&b); err != nil {
		return err
	}
	_, err := io.WriteString(out, b.String())
	return err
}

// names returns the names of a finding's ends.
func (m *matrix) names(f *finding) string {
	return m.Names[f.Pair[0]] + " and " + m.Names[f.Pair[1]]
}

// findings writes the findings by what their replays have come to: a ladder of each kind
// that was confirmed, and why others were not.
func (m *matrix) findings(out *strings.Builder) error {
	counts := map[string]int{}
	kinds := map[string][]*finding{}
	var order []string
	for i := range m.Findings {
		f := &m.Findings[i]
		counts[f.mark()]++
		if f.mark() != confirmed {
			continue
		}
		if kinds[f.kind()] == nil {
			order = append(order, f.kind())
		}
		kinds[f.kind()] = append(kinds[f.kind()], f)
	}
	fmt.Fprintf(out, "\n%d findings: %d %s, of %d kinds; %d %s; %d %s.\n", len(m.Findings), counts[confirmed], confirmed, len(kinds), counts[differs], differs, counts[modelOnly], modelOnly)
	out.WriteString("\n## Confirmed\n\nOf each kind the shortest run is shown, and all pairs that have confirmed one of that kind.\n")
	for _, kind := range order {
		var pairs []string
		for _, f := range kinds[kind] {
			pairs = append(pairs, m.names(f))
		}
		fmt.Fprintf(out, "\n### %s\n\n%s\n", kind, fold(strings.Join(pairs, ", ")+".", 100))
		for _, f := range kinds[kind] {
			if f.Run == nil {
				continue
			}
			s, err := f.Run.Replay()
			if err != nil {
				return fmt.Errorf("%s: %s: %w", m.names(f), kind, err)
			}
			fmt.Fprintf(out, "\n%s, in ticks of %s:\n\n```\n%s```\n", m.names(f), time.Duration(f.Tick), s.Trace)
		}
	}
	out.WriteString("\n## Otherwise\n\n| finding | pair | end | what is otherwise | why |\n|---|---|---|---|---|\n")
	for i := range m.Findings {
		f := &m.Findings[i]
		for end, why := range f.Why {
			if why != "" {
				fmt.Fprintf(out, "| %s | %s | %s | %s | %s |\n", f.kind(), m.names(f), m.Names[f.Pair[end]], strings.ReplaceAll(why, "|", "or"), reason(m.Names[f.Pair[end]], why))
			}
		}
	}
	return nil
}

// fold breaks text into lines of at most so many columns.
func fold(text string, width int) string {
	var b strings.Builder
	column := 0
	for _, word := range strings.Fields(text) {
		switch {
		case column == 0:
		case column+1+len(word) > width:
			b.WriteByte('\n')
			column = 0
		default:
			b.WriteByte(' ')
			column++
		}
		b.WriteString(word)
		column += len(word)
	}
	return b.String()
}
