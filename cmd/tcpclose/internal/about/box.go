package about

import (
	"fmt"
	"strings"

	"tcpclose/box"
)

func boxNames() []string { return box.Names() }

// boxPage is about a box that is built in.
func boxPage(name string) *Page {
	b, err := box.Find(name)
	if err != nil {
		panic(err) // of boxNames
	}
	p := &Page{Name: name, Kind: "box, what follows a connection between the ends", Says: BoxSays(b)}
	states := Section{Title: "States", More: "tcpclose list boxes"}
	states.row(named(strings.Join(b.States, " ")))
	p.add(states)
	timers := Section{Title: "Timers, in seconds", More: "tcpclose list boxes"}
	for i := range b.Timers {
		t := &b.Timers[i]
		timers.row(named(t.Name), named(fmt.Sprint(t.Seconds)), named(TimerWhere(b, t)))
	}
	p.add(timers)
	options := Section{Title: "Options", More: "tcpclose list boxes"}
	for _, o := range b.Options {
		options.row(named(o.Name), named(fmt.Sprint(o.Value)), o.Meaning)
	}
	p.add(options)
	from := Section{Title: "From"}
	for _, s := range b.Source {
		from.row(named(s))
	}
	p.add(from)
	shows := Section{Title: "What shows it"}
	shows.command("tcpclose", "check", "no-data", "-capacity 1", "-box "+name)
	p.add(shows)
	return p
}

// BoxSays returns what there is to say of a box.
func BoxSays(b *box.Box) string { return strings.Join(b.About, " ") }

// TimerWhere returns in which states a timer of a box runs, in the words of its text.
func TimerWhere(b *box.Box, t *box.Timer) string {
	how, names := b.Within(t)
	if len(names) == 0 && how != "else" {
		return ""
	}
	return strings.TrimSpace(how + " " + strings.Join(names, " "))
}
