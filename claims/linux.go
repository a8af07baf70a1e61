package claims

import (
	"fmt"
	"math"
	"strings"
	"time"

	"tcpclose/model"
	"tcpclose/profile"
)

// Linux as it comes, with tcp_fin_timeout of half of that, and with
// tcp_orphan_retries of 2: both close in full, b after a.
var (
	linux      = linuxWords(profile.Defaults())
	linux30    = linuxWords(setting(func(l *profile.Linux) { l.FinTimeout = 30 * time.Second }))
	fewRetries = linuxWords(setting(func(l *profile.Linux) { l.OrphanRetries = 2 }))
)

const (
	linuxRTO  = 600 * time.Millisecond
	linuxTick = 100 * time.Millisecond
)

func setting(set func(*profile.Linux)) profile.Linux {
	l := profile.Defaults()
	set(&l)
	return l
}

// linuxWords is a profile as the words of a configuration, in ticks of linuxTick.
func linuxWords(l profile.Linux) string {
	t, err := l.Config(profile.Case{RTO: linuxRTO})
	if err != nil || t.Tick != linuxTick || len(t.Rounded) > 0 {
		panic(fmt.Sprintf("Linux's profile: tick %v, rounded %v: %v", t.Tick, t.Rounded, err)) // its numbers stand in the program
	}
	return "preset=default " + strings.Join(t.Config.Against(model.Default()), " ") + " b-closes=after-peer"
}

// seconds is a time of Linux's in ticks.
func seconds(s float64) int { return int(math.Round(s * float64(time.Second) / float64(linuxTick))) }
