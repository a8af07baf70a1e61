package box

import (
	"embed"
	"path"
	"strconv"
	"strings"
	"sync"

	"tcpclose/internal/near"
)

//go:embed builtin
var builtin embed.FS

// Builtin is the boxes that are built in, by name.
var Builtin = builtins()

func builtins() (list []*Box) {
	files, err := builtin.ReadDir("builtin")
	if err != nil {
		panic(err) // they are in the program
	}
	for _, f := range files {
		text, err := builtin.ReadFile(path.Join("builtin", f.Name()))
		if err != nil {
			panic(err)
		}
		b, err := parse(string(text))
		if err != nil {
			panic(f.Name() + ": " + err.Error())
		}
		list = append(list, b)
	}
	return list
}

// Names returns the names of the boxes that are built in.
func Names() (names []string) {
	for _, b := range Builtin {
		names = append(names, b.Name)
	}
	return names
}

// known is the boxes by their names, so that a name means one box, and a box has one
// place: where boxes are compared it is their places that are.
var known = struct {
	sync.Mutex
	boxes map[string]*Box
}{boxes: map[string]*Box{}}

// Know makes a box that was read known by its name, and returns it, or the same one that
// was known before.
func Know(b *Box) (*Box, error) {
	known.Lock()
	defer known.Unlock()
	for _, in := range Builtin {
		if in.Name == b.base() && in.text != b.text && b.fault == "" {
			return nil, errorf("box %s: want another name: one is built in", b.base())
		}
	}
	if is := known.boxes[b.Name]; is != nil {
		if is.text != b.text {
			return nil, errorf("box %s: want another name: there is another box of this one", b.Name)
		}
		return is, nil
	}
	known.boxes[b.Name] = b
	return b, nil
}

// Find returns the box of that name: one that is built in or known, perhaps with settings,
// as in conntrack,tcp_loose=0,close_wait=3600.
func Find(name string) (*Box, error) {
	words := strings.Split(name, ",")
	b := lookUp(words[0])
	if b == nil {
		err := errorf("%.40q: want a box: %s, or a file of one", words[0], strings.Join(Names(), ", "))
		if meant := near.Name(words[0], Names()); meant != "" {
			err = errorf("%w; did you mean %s?", err, meant)
		}
		return nil, err
	}
	for _, word := range words[1:] {
		setting, value, _ := strings.Cut(word, "=")
		if setting == faultSetting {
			var err error
			if b, err = b.faulty(value); err != nil {
				return nil, err
			}
			continue
		}
		n, err := strconv.ParseUint(value, 10, 31)
		if err != nil {
			return nil, errorf("%.40q: want a setting as in tcp_loose=0", word)
		}
		if b, err = b.With(setting, int(n)); err != nil {
			return nil, err
		}
	}
	return Know(b)
}

// lookUp returns the box of a name without settings, or nil.
func lookUp(name string) *Box {
	for _, b := range Builtin {
		if b.Name == name {
			return b
		}
	}
	known.Lock()
	defer known.Unlock()
	return known.boxes[name]
}

// IsBuiltin reports whether the box is one that is built in, with whatever settings.
func (b *Box) IsBuiltin() bool {
	for _, in := range Builtin {
		if in.Name == b.base() {
			return true
		}
	}
	return false
}

// Setting returns by which setting of the real thing a timer is set; "" if that is not
// known.
func (b *Box) Setting(timer string) string {
	switch b.base() {
	case "conntrack":
		return "net.netfilter.nf_conntrack_tcp_timeout_" + timer
	case "pf":
		return "set timeout " + timer
	case "cilium":
		return map[string]string{
			"tcp": "--bpf-ct-timeout-regular-tcp", "close": "--bpf-ct-timeout-regular-tcp-fin", "syn": "--bpf-ct-timeout-regular-tcp-syn",
		}[timer]
	}
	return ""
}
