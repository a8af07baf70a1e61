package about

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"tcpclose/claims"
	"tcpclose/cmd/tcpclose/internal/screen"
	"tcpclose/model"
	"tcpclose/profile"
)

func sysctlPage(name string) *Page {
	i := slices.IndexFunc(profile.Sysctls, func(s profile.Sysctl) bool { return s.Name == name })
	if i < 0 {
		return constantPage(name)
	}
	s := &profile.Sysctls[i]
	p := &Page{Name: name, Kind: "sysctl of Linux, net.ipv4", Says: sentence(s.Meaning)}
	l := profile.Defaults()

	values := Section{Title: "Values"}
	values.row("default", s.Text(l))
	if here, ok := onThisMachine(s); ok {
		values.row("here", s.Text(here))
	}
	values.row("range", fmt.Sprintf("%d to %d%s", s.Low, s.High, unitOf(s)))
	p.add(values)
	p.add(inTheModel(s))
	p.add(endsBy(name))
	p.add(differences(name))
	p.add(checkedAll(name))

	shows := Section{Title: "What shows it"}
	if len(claims.Find(name)) > 0 {
		shows.command("tcpclose", "claims", name)
	}
	shows.command("tcpclose", "profile", "linux", "-host")
	p.add(shows)
	return p
}

// onThisMachine returns the machine's parameters with that one read, if there is one.
func onThisMachine(s *profile.Sysctl) (profile.Linux, bool) {
	if _, err := os.Stat(filepath.Join(profile.HostDir, s.Name)); err != nil {
		return profile.Linux{}, false
	}
	l, _, err := profile.Host(profile.HostDir)
	return l, err == nil
}

func unitOf(s *profile.Sysctl) string {
	if d, ok := s.Time(profile.Defaults()); ok && d == time.Duration(s.Default)*time.Second {
		return " seconds"
	}
	return ""
}

// inTheModel is the fields that the profile makes of a parameter: what changes with
// it.
func inTheModel(s *profile.Sysctl) Section {
	for _, c := range []profile.Case{{Losses: model.Unlimited}, {Losses: model.Unlimited, KeepAlive: true}} {
		was, err := profile.Defaults().Config(c)
		if err != nil {
			continue
		}
		section := Section{Title: "In the model, by the profile, in ticks of " + profile.Seconds(was.Tick)}
		for _, n := range []int{s.Low, 1, s.Default / 2, s.Default * 2} {
			l := profile.Defaults()
			if n == s.Default || s.Set(&l, n) != nil {
				continue
			}
			is, err := l.Config(c)
			if text := strings.Join(flags(is.Config, was.Config), " "); err == nil && text != "" && is.Tick == was.Tick {
				section.row(s.Text(l), named(text))
			}
		}
		if len(section.Rows) > 0 {
			return section
		}
	}
	return Section{}
}

// endsBy is the states whose longest stay a parameter or an option ends.
func endsBy(name string) Section {
	section := Section{Title: "It ends the longest stay in"}
	for s := model.Closed; s <= model.TimeWait; s++ {
		for _, stay := range staysOf(s) {
			if stay.Ends == name {
				section.row(named(profile.Name(s)), stay.text()+", by default", stay.By)
			}
		}
	}
	return section
}

// differences is where the profile's rules are not the RFC's because of something.
func differences(name string) Section {
	section := Section{Title: "Against the RFC"}
	for _, d := range profile.Differences {
		if strings.Contains(d.Does, name) {
			section.row(named(d.ID), fmt.Sprintf("RFC 9293, %s: %s. Linux: %s.", d.Source, d.Says, d.Does))
		}
	}
	return section
}

// checkedAll is the claims in whose words something stands, with what is right.
func checkedAll(name string) Section {
	section := Section{Title: "Checked by runs", More: "tcpclose claims " + screen.Quoted(name)}
	for _, c := range claims.Find(name) {
		section.row(named(c.ID), c.Right.EN)
	}
	return section
}

func constantPage(name string) *Page {
	i := slices.IndexFunc(profile.Constants, func(c profile.Constant) bool { return c.Name == name })
	c := &profile.Constants[i]
	p := &Page{Name: name, Kind: "constant of Linux", Says: sentence(c.Meaning)}
	values := Section{Title: "Value"}
	values.row(profile.Seconds(c.Time), "which cannot be set")
	p.add(values)
	p.add(endsBy(name))
	p.add(differences(name))
	p.add(checked(name))
	shows := Section{Title: "What shows it"}
	shows.command("tcpclose", "profile", "linux", "-times")
	p.add(shows)
	return p
}

// sentence is a text as a sentence.
func sentence(text string) string {
	if text == "" {
		return ""
	}
	text = strings.ToUpper(text[:1]) + text[1:]
	if !strings.ContainsAny(text[len(text)-1:], ".?") {
		text += "."
	}
	return text
}
