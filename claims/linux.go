package claims

import (
	"fmt"
	"math"
	"strings"
	"time"

	"tcpclose/model"
	"tcpclose/profile"
	"tcpclose/trace"
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

// linuxWords returns a profile as the words of a configuration, in ticks of linuxTick.
func linuxWords(l profile.Linux) string {
	t, err := l.Config(profile.Case{RTO: linuxRTO})
	if err != nil || t.Tick != linuxTick || len(t.Rounded) > 0 {
		panic(fmt.Sprintf("Linux's profile: tick %v, rounded %v: %v", t.Tick, t.Rounded, err)) // its numbers are constants
	}
	return timedWords(t)
}

// timedWords returns a profile's configuration, in which b closes after a.
func timedWords(t profile.Timed) string {
	return "preset=default " + strings.Join(t.Config.Against(model.Default()), " ") + " b-closes=after-peer"
}

// LinuxProfile returns Linux as it comes, with that RTO.
func LinuxProfile(rto time.Duration) (*Profile, error) {
	if err := profile.CheckRTO(rto); err != nil {
		return nil, err
	}
	l := profile.Defaults()
	t, err := l.Config(profile.Case{RTO: rto})
	if err != nil {
		return nil, err
	}
	in := func(d time.Duration) [2]string { return [2]string{inSeconds(English, d), inSeconds(Chinese, d)} }
	// FIN_WAIT2 is not shorter than 3.5 RTOs, and what that is beyond 60 s counts twice.
	waits := in(profile.TimeWaitLen)
	fin := [2]string{"tcp_fin_timeout and TIME_WAIT " + waits[0], "tcp_fin_timeout 和 TIME_WAIT 均为 " + waits[1]}
	if whole := t.Duration(int(t.Config.Ends[model.A].FinWait2First) + int(t.Config.Ends[model.A].FinWait2)); whole > l.FinTimeout+t.Tick || whole < l.FinTimeout {
		fin = [2]string{
			fmt.Sprintf("a closed socket stays in FIN_WAIT2 for %s; TIME_WAIT %s", in(whole)[0], waits[0]),
			fmt.Sprintf("已调用 close() 的套接字在 FIN_WAIT2 停留 %s；TIME_WAIT 为 %s", in(whole)[1], waits[1]),
		}
	}
	now, most, orphan := in(rto), in(profile.RTOMax), in(l.OrphanGiveUp())
	return &Profile{
		Name: "linux",
		Says: Text{
			fmt.Sprintf("Linux defaults: RTO %s, doubling up to %s; by tcp_orphan_retries, a closed socket gives up %s after its first retransmission; %s", now[0], most[0], orphan[0], fin[0]),
			fmt.Sprintf("Linux 默认值：RTO %s，逐次加倍，最长 %s；已调用 close() 的套接字由 tcp_orphan_retries 限定，在第一次重传 %s后放弃重传；%s", now[1], most[1], orphan[1], fin[1]),
		},
		Words: timedWords(t), Tick: t.Tick, Rounded: t.Rounded,
	}, nil
}

// must returns a profile whose numbers are constants.
func must(p *Profile, err error) *Profile {
	if err != nil {
		panic(err)
	}
	return p
}

// inSeconds returns a time in seconds, in a language.
func inSeconds(l Language, d time.Duration) string {
	return trace.Decimal(d) + Text{" s", " 秒"}.In(l)
}

// seconds returns a time of Linux's in ticks.
func seconds(s float64) int { return int(math.Round(s * float64(time.Second) / float64(linuxTick))) }
