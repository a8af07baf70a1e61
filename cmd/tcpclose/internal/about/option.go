package about

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"tcpclose/cmd/tcpclose/internal/base"
	"tcpclose/explore/product"
	"tcpclose/model"
	"tcpclose/profile"
	"tcpclose/survey"
)

// An option is a socket option or a call of sockets, with its counterpart in the model.
type option struct {
	name string
	call bool
	says string
	// words set it for a in a configuration.
	words string
	// with sets it in the profile of Linux, of whose configuration it changes a part.
	with func(*profile.Case)
	// clauses contains those that are about it.
	clauses []model.Clause
	shows   [][]string
}

var options = []option{
	{
		name: "SO_LINGER", says: "With l_linger 0, close() is ABORT: it sends RST, and text that was not sent is lost. With more than 0, close() waits until all is acknowledged, and TCP does what it does without.",
		words: "a-fails=abort", clauses: []model.Clause{model.AbortResets, model.AbortSilent},
		shows: [][]string{{"tcpclose", "check", "abort"}, {"tcpclose", "find", "'b.calls == ABORT && a.state == FIN-WAIT-2'", "abort"}},
	},
	{
		name: "TCP_LINGER2", says: "How long a socket that was closed by close() stays in FIN_WAIT2; less than 0: it is reset instead.",
		with: func(c *profile.Case) { c.Linger2 = 10 * time.Second }, clauses: []model.Clause{model.FinWait2Closes, model.OrphanResetsFinWait2},
		shows: [][]string{{"tcpclose", "profile", "linux", "-times", "-linger2 10s"}, {"tcpclose", "check", "linux", "-fin-wait-2-orphan rst"}},
	},
	{
		name: "SO_KEEPALIVE", says: "A connection on which nothing arrives is probed, and closed if no probe is answered.",
		with: func(c *profile.Case) { c.KeepAlive = true }, clauses: []model.Clause{model.KeepAliveProbes, model.KeepAliveCloses},
		shows: [][]string{{"tcpclose", "check", "keep-alive"}, {"tcpclose", "profile", "linux", "-times", "-keepalive"}},
	},
	{
		name: "TCP_KEEPIDLE", says: "tcp_keepalive_time for one socket: how long nothing arrives before a probe is sent.",
		words: "keepalive=3", clauses: []model.Clause{model.KeepAliveProbes}, shows: [][]string{{"tcpclose", "about", "tcp_keepalive_time"}, {"tcpclose", "check", "keep-alive"}},
	},
	{
		name: "TCP_KEEPINTVL", says: "tcp_keepalive_intvl for one socket: the time between probes.",
		words: "keepalive-next=3", clauses: []model.Clause{model.KeepAliveProbes}, shows: [][]string{{"tcpclose", "about", "tcp_keepalive_intvl"}, {"tcpclose", "check", "keep-alive"}},
	},
	{
		name: "TCP_KEEPCNT", says: "tcp_keepalive_probes for one socket: how many probes without an answer end the connection.",
		words: "keepalive-probes=3", clauses: []model.Clause{model.KeepAliveCloses}, shows: [][]string{{"tcpclose", "about", "tcp_keepalive_probes"}, {"tcpclose", "check", "keep-alive"}},
	},
	{
		name: "TCP_USER_TIMEOUT", says: "How long sent text or a FIN may go unacknowledged before the connection is closed.",
		with: func(c *profile.Case) { c.UserTimeout = 30 * time.Second }, clauses: []model.Clause{model.GivesUp},
		shows: [][]string{{"tcpclose", "profile", "linux", "-times", "-user-timeout 30s"}, {"tcpclose", "about", "give-up-when"}},
	},
	{
		name: "SO_RCVBUF", says: "The room for text that waits to be read: the largest window that the peer is told.",
		words: "a-buffer=1 a-reads=slowly", clauses: []model.Clause{model.WindowOpens, model.ProbeSent},
		shows: [][]string{{"tcpclose", "check", "slow-reader"}, {"tcpclose", "check", "shut-window"}},
	},
	{
		name: "TCP_QUICKACK", says: "Acknowledgements are not delayed: without it one may wait for something to ride on.",
		words: "delayed-ack=1", clauses: []model.Clause{model.AckDelayed, model.AckDelayOver},
		shows: [][]string{{"tcpclose", "check", "delayed-ack"}, {"tcpclose", "claims", "Y2"}},
	},
	{
		name: "SO_REUSEADDR", says: "bind() takes a port on which old connections are in TIME_WAIT. It ends none of them, and shortens nothing. The model has no bind(); what a next connection meets is here:",
		words: "reopen=1", shows: [][]string{{"tcpclose", "check", "next"}, {"tcpclose", "about", "tcp_tw_reuse"}},
	},
	{
		name: "close()", call: true, says: "The user will neither send nor read any more: FIN, or RST if text is unread; the connection is then the host's alone, an orphan.",
		words: "a-close-is=full", clauses: []model.Clause{model.CloseEstablished, model.CloseCloseWait, model.Releases, model.ReleaseResets, model.TextResets},
		shows: [][]string{{"tcpclose", "check", "orphan"}, {"tcpclose", "check", "linux"}},
	},
	{
		name: "shutdown()", call: true, says: "With SHUT_WR the user has no more to send, and reads on: FIN, and a half-closed connection.",
		words: "a-close-is=half b-octets=1", clauses: []model.Clause{model.CloseEstablished, model.CloseCloseWait},
		shows: [][]string{{"tcpclose", "check", "half-close"}, {"tcpclose", "about", "FIN_WAIT_2"}},
	},
	{
		name: "connect()", call: true, says: "An active OPEN. Where the connection before is in TIME_WAIT, it is refused, or replaces it.",
		words: "start=closed", clauses: []model.Clause{model.OpenSends, model.ConnectReuses},
		shows: [][]string{{"tcpclose", "about", "connect-reuse"}, {"tcpclose", "check", "open"}},
	},
	{
		name: "ABORT", call: true, says: "The user ends the connection at once, as close() does with SO_LINGER and l_linger 0.",
		words: "a-fails=abort", clauses: []model.Clause{model.AbortResets, model.AbortSilent, model.AbortUnopened},
		shows: [][]string{{"tcpclose", "check", "abort"}, {"tcpclose", "check", "abort", "-witness all"}},
	},
}

func optionNames() (names []string) { return optionsThat(false) }

func callNames() (names []string) { return optionsThat(true) }

func optionsThat(call bool) (names []string) {
	for i := range options {
		if options[i].call == call {
			names = append(names, options[i].name)
		}
	}
	return names
}

// matchCall matches calls with and without their parentheses, and the names of how
// shutdown() is called.
func matchCall(word string) string {
	switch strings.ToUpper(word) {
	case "SHUT_WR", "SHUT_RDWR":
		word = "shutdown"
	}
	for _, name := range callNames() {
		if word == name || word+"()" == name {
			return name
		}
	}
	return ""
}

func optionPage(name string) *Page {
	o := &options[slices.IndexFunc(options, func(o option) bool { return o.name == name })]
	p := &Page{Name: name, Kind: "socket option", Says: o.says}
	if o.call {
		p.Kind = "call"
	}
	p.add(o.inTheModel())
	rules := Section{Title: "By the RFC"}
	for _, c := range o.clauses {
		rules.row(c.Info().Sentence + " [" + c.Info().Source + "]")
	}
	p.add(rules)
	p.add(endsBy(name))
	p.add(differences(name))
	p.add(o.endings())
	p.add(checkedAll(strings.TrimSuffix(name, "()") + "()"))
	if !o.call {
		p.add(checkedAll(name))
	}
	shows := Section{Title: "What shows it", Commands: o.shows}
	p.add(shows)
	return p
}

// inTheModel is the fields that it sets.
func (o *option) inTheModel() Section {
	section := Section{Title: "In the model"}
	if o.with == nil {
		for word := range strings.FieldsSeq(o.words) {
			name, value, _ := strings.Cut(word, "=")
			section.row(named("-"+name+" "+value), fieldMeans(name))
		}
		return section
	}
	c := profile.Case{Losses: model.Unlimited}
	was, err := profile.Defaults().Config(c)
	if err != nil {
		return section
	}
	o.with(&c)
	is, err := profile.Defaults().Config(c)
	if err != nil {
		return section
	}
	for _, f := range model.Fields {
		if value := f.Get(is.Config); value != f.Get(was.Config) && (is.Tick == was.Tick || !isTime(f.Name)) {
			section.row(named("-"+f.Name+" "+value), fieldMeans(f.Name))
		}
	}
	if is.Tick != was.Tick {
		section.row(fmt.Sprintf("a tick of %s", profile.Seconds(is.Tick)), "the times that are longest become fewer ticks")
	}
	return section
}

// endings is how it can end for the two applications where nothing is lost, by a run
// of the checker.
func (o *option) endings() Section {
	section := Section{Title: "How it can end for the two applications, where the network loses nothing", More: "tcpclose check -endings"}
	c, err := changed(base.Find("no-data").Config, "loss=off duplicate=off reorder=off capacity=4 rto=8 "+o.words)
	if err != nil || o.words == "" || o.call && strings.Contains(o.words, "start") {
		return section
	}
	pairs, result, err := survey.Endings(context.Background(), c, product.Options{})
	if err != nil || !result.Complete() {
		return section
	}
	var texts []string
	for _, pair := range pairs {
		texts = append(texts, fmt.Sprintf("a: %s, b: %s", pair.Of[model.A], pair.Of[model.B]))
	}
	section.row(strings.Join(texts, "; "))
	return section
}
