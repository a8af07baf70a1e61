package profile

import (
	"embed"
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"tcpclose/internal/lang"
	"tcpclose/model"
)

//go:embed builtin
var builtin embed.FS

// extension is that of a profile's file.
const extension = ".profile"

// Ends returns the profiles that are built in, by name. They are read when they are first
// asked for.
var Ends = sync.OnceValue(func() (list []*End) {
	files, err := builtin.ReadDir("builtin")
	if err != nil {
		panic(err) // they are in the program
	}
	for _, f := range files {
		text, err := builtin.Open(path.Join("builtin", f.Name()))
		if err != nil {
			panic(err)
		}
		e, err := Read(strings.TrimSuffix(f.Name(), extension), text)
		if err != nil {
			panic(fmt.Sprintf("%s: %v", f.Name(), err))
		}
		list = append(list, e)
	}
	slices.SortFunc(list, func(x, y *End) int { return strings.Compare(x.Name, y.Name) })
	return list
})

// aliases has further names of built-in profiles, as the bench calls the same stacks.
var aliases = map[string]string{"linux-6.12": "linux"}

// plain returns the name of a profile that has further names.
func plain(name string) string {
	if of, ok := aliases[name]; ok {
		return of
	}
	return name
}

// FindEnd returns the profile of that name that is built in, or nil.
func FindEnd(name string) *End {
	i := slices.IndexFunc(Ends(), func(e *End) bool { return e.Name == plain(name) })
	if i < 0 {
		return nil
	}
	e := *Ends()[i]
	e.Name = name
	return &e
}

// Names returns the names of the profiles that are built in.
func Names() (names []string) {
	for _, e := range Ends() {
		names = append(names, e.Name)
	}
	return names
}

// kernels is the profiles of Linux that are built in.
var kernels = map[string]Kernel{"linux": Linux612, "linux-6.1": Linux61}

// FindLinux returns the Linux of that profile, and whether it is one.
func FindLinux(name string) (Linux, bool) {
	l := Defaults()
	k, ok := kernels[plain(name)]
	l.Kernel = k
	return l, ok
}

// End returns one end of a case, with a reason for each setting.
func (l Linux) End(name string, c Case) (*End, error) {
	t, err := l.Config(c)
	if err != nil {
		return nil, err
	}
	if len(t.Rounded) > 0 {
		return nil, lang.Errorf("%s: want times that have a common tick", t.Rounded[0])
	}
	e := &End{Name: name, About: []string{fmt.Sprintf("Linux %s by its own rules. D1 to D19: 'tcpclose profile linux'.", l.Kernel)}}
	config := t.Config
	for _, word := range l.opening() {
		set(&config, word)
	}
	reasons := l.reasons(c)
	for _, f := range endFields() {
		text := f.Get(config)
		reason, told := reasons[f.Base]
		if !told && text == f.Get(model.Default()) {
			continue
		}
		s := Setting{Field: f, Value: Value{Text: text}, Comment: reason}
		var ticks uint16
		if f.Unit == "ticks" {
			if _, err := fmt.Sscan(text, &ticks); err == nil {
				s.Value = Value{Timed: true, Time: t.Duration(int(ticks)), Text: text}
			} else if !told {
				continue
			}
		}
		e.Settings = append(e.Settings, s)
	}
	if l.TWReuse == 1 {
		age, err := setting("reuse-age", "1s")
		if err != nil {
			return nil, err
		}
		age.Comment = "tcp_tw_reuse: a second old"
		e.Settings = append(e.Settings, age)
	}
	return e, e.whole()
}

// opening returns what of Linux bears on connections that are opened alone.
func (l Linux) opening() []string {
	words := []string{"time-wait-reuse=linux", "timestamps=fine", "challenged-syn=at-once"}
	if l.TWReuse == 1 {
		words = append(words, "connect-reuse=aged")
	}
	return words
}

// reasons returns what there is to say of each setting in a case.
func (l Linux) reasons(c Case) map[string]string {
	list := map[string]string{
		"time-wait":       "D10: TCP_TIMEWAIT_LEN",
		"rto":             "TCP_RTO_MIN, which a fast network leads to",
		"rto-max":         "TCP_RTO_MAX",
		"r2":              "it is a time: give-up",
		"out-of-order":    "SHLD-31 (tcp_data_queue_ofo)",
		"ack-check":       "MAY-12; RFC 5961, 5 (tcp_ack)",
		"challenged-syn":  "a bad ACK is reset, and the SYN sent again (tcp_rcv_synsent_state_process)",
		"give-up":         fmt.Sprintf("tcp_retries2 %d", l.Retries2),
		"orphan-give-up":  fmt.Sprintf("D12: tcp_orphan_retries %d", l.OrphanRetries),
		"fin-wait-2":      fmt.Sprintf("D11: tcp_fin_timeout %d", l.FinTimeout/time.Second),
		"timestamps":      "tcp_timestamps 1, a clock of 1 ms",
		"time-wait-reuse": "TCP_TW_SYN, in tcp_timewait_state_process",
		"connect-reuse":   fmt.Sprintf("tcp_tw_reuse %d", l.TWReuse),
	}
	for _, d := range Differences {
		for _, word := range d.Always {
			name, _, _ := strings.Cut(word, "=")
			if list[name] == "" {
				list[name] = fmt.Sprintf("%s: %s (%s)", d.ID, d.Does, d.Where)
			}
		}
	}
	for _, is := range []struct {
		so         bool
		name, says string
	}{
		{l.Kernel == Linux61, "zero-window-fin", "D14: dropped, and answered (tcp_data_queue); taken since 6.10"},
		{l.RFC1337, "time-wait-rst", "tcp_rfc1337 1"},
		{l.MaxTWBuckets == 0, "time-wait-kept", "D8: tcp_max_tw_buckets 0"},
		{l.MaxOrphans == 0, "orphan-kept", "D9: tcp_max_orphans 0"},
		{c.RTO > RTOMin, "rto", "as it was given"},
		{c.UserTimeout > 0, "give-up", "TCP_USER_TIMEOUT"},
		{c.UserTimeout > 0, "give-up-when", "TCP_USER_TIMEOUT cuts the last RTO short"},
		{c.Linger2 > 0, "fin-wait-2", "D11: TCP_LINGER2, at least 3.5 RTOs"},
		{c.Linger2 < 0, "fin-wait-2-orphan", "D2: TCP_LINGER2 below 0"},
		{c.KeepAlive, "keepalive", "SO_KEEPALIVE, tcp_keepalive_time"},
		{c.KeepAlive, "keepalive-next", "tcp_keepalive_intvl"},
		{c.KeepAlive, "keepalive-probes", "tcp_keepalive_probes"},
		{c.KeepAlive, "keepalive-end", "tcp_keepalive_timer"},
	} {
		if is.so {
			list[is.name] = is.says
		}
	}
	if _, mini := l.finWait2(max(c.Linger2, 0), max(c.RTO, RTOMin)); mini != l.FinTimeout {
		list["fin-wait-2-first"] = "D11: what is beyond 60 s, as a whole socket"
	}
	return list
}
