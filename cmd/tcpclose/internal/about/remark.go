package about

import (
	"context"
	"strings"

	"github.com/dustin/go-humanize"

	"tcpclose/claims"
	"tcpclose/cmd/tcpclose/internal/remarks"
	"tcpclose/cmd/tcpclose/internal/screen"
	"tcpclose/internal/lang"
	"tcpclose/trace"
)

func remarkNames() (names []string) {
	for i := range remarks.All {
		names = append(names, remarks.All[i].Name)
	}
	return names
}

func matchRemark(word string) string {
	if r := remarks.Find(word); r != nil {
		return r.Name
	}
	return ""
}

// remarkPage explains a remark by the runs that cause it, which it looks for.
func remarkPage(name string) *Page {
	r := remarks.Find(name)
	p := &Page{Name: name, Kind: "remark of " + r.Tool.String(), Says: r.Says.EN}
	if r.Where == "" {
		p.add(why(r, "Not searched for"))
		p.add(spellings(r))
		return p
	}
	c, err := r.Cause(context.Background())
	if err != nil {
		panic(err) // of expressions that the tests have tried
	}
	shows := Section{Title: "What shows it"}
	command := r.Command()
	command[2] = screen.Quoted(command[2])
	shows.command(command...)
	if c.Trace == nil {
		p.add(why(r, "No two conforming ends cause it"))
		p.add(Section{Title: "Searched", Lines: func(l lang.Language) []string {
			return []string{"  " + l.Say("all %s states of preset %s", humanize.Comma(int64(c.States)), r.In)}
		}})
		p.add(shows)
		p.add(spellings(r))
		return p
	}
	p.add(Section{
		Title: "The shortest run of two conforming ends, captured at " + r.At.String(),
		Lines: func(l lang.Language) []string { return ladder(c.Trace, l) },
	})
	if len(c.Faults) > 0 {
		p.add(Section{Title: "The network, in this run and others", Lines: func(l lang.Language) []string { return network(c.Faults, l) }})
	}
	p.add(shows)
	return p
}

// why is the reason why there is no run.
func why(r *remarks.Remark, title string) Section {
	s := Section{Title: title}
	s.row(r.Why.EN)
	return s
}

// network returns what the network does in each kind of run, in a line or more.
func network(faults []string, l lang.Language) []string {
	var kinds []string
	for _, f := range faults {
		kinds = append(kinds, l.List(strings.Split(f, ", ")))
	}
	return strings.Split(strings.TrimSuffix(screen.Indent(strings.Join(kinds, l.Say("; ")), 2, 0), "\n"), "\n")
}

func spellings(r *remarks.Remark) Section {
	s := Section{Title: "Also spelt"}
	if len(r.Other) > 0 {
		s.row(strings.Join(r.Other, ", "))
	}
	return s
}

// ladder returns the run in lines.
func ladder(run *trace.Trace, l lang.Language) []string {
	s, err := trace.NewStory(run, trace.About{Language: l})
	if err != nil {
		panic(err) // of a run that was replayed
	}
	var b strings.Builder
	if err := s.Ladder(&b, trace.LadderOptions{}); err != nil {
		panic(err) // of strings.Builder, which has none
	}
	text, _, _ := strings.Cut(b.String(), l.Say("-- still in transit --"))
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	if len(text) < b.Len() {
		lines = lines[:len(lines)-1] // in whose middle the heading stood; what follows is left out
	}
	return lines
}

// remarked maps what is said of remarks in English to Chinese.
func remarked(all map[string]string) {
	for i := range remarks.All {
		for _, t := range []claims.Text{remarks.All[i].Says, remarks.All[i].Why} {
			all[t.EN] = t.ZH
		}
	}
}
