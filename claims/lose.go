package claims

import (
	"context"
	"fmt"
	"slices"
	"time"

	"tcpclose/explore"
	"tcpclose/explore/product"
	"tcpclose/internal/lang"
	"tcpclose/model"
	"tcpclose/profile"
	"tcpclose/survey"
	"tcpclose/trace"
)

// A Profile is numbers for timers, in words of a configuration.
type Profile struct {
	Name    string
	Says    Text
	Words   string
	Tick    time.Duration
	Rounded []profile.Rounding
}

// RoundedIn returns, in a language, which times were rounded to what.
func (p *Profile) RoundedIn(l Language) (list []string) {
	for _, r := range p.Rounded {
		if l == English {
			list = append(list, r.String())
			continue
		}
		list = append(list, fmt.Sprintf("%s，%s取为 %s", l.Say(r.Name), inSeconds(l, r.From), inSeconds(l, r.To)))
	}
	return list
}

// Profiles lists the profiles in which a loss can be examined.
var Profiles = []Profile{
	{Name: "rfc", Says: Text{"RFC 9293 and RFC 6298: RTO 1 s, doubling up to 60 s; R2 is 6 retransmissions; MSL 2 min; half close", "RFC 9293 和 RFC 6298：RTO 1 秒，逐次加倍，最长 60 秒；R2 为 6 次重传；MSL 2 分钟；半关闭"},
		Words: "preset=notes a-octets=0 b-octets=0 b-closes=after-peer clock=leaps msl=480 delay=1 time-wait=2msl rto=4 rto-max=240 r2=6", Tick: 250 * time.Millisecond},
	*must(LinuxProfile(linuxRTO)),
}

// FindProfile returns the profile with that name.
func FindProfile(name string) (*Profile, error) {
	for i := range Profiles {
		if Profiles[i].Name == name {
			return &Profiles[i], nil
		}
	}
	return nil, lang.Errorf("%q: want rfc or linux", name)
}

// PairProfile returns the timers of two ends, whose applications close in full.
func PairProfile(p profile.Pair) (*Profile, error) {
	if p.Tick == 0 {
		return nil, lang.Errorf("want times in seconds; those of %s are in ticks", p.Names[model.A])
	}
	c := model.Default()
	c.Duplicate, c.Reorder = 0, 0
	for side := range c.Apps {
		c.Apps[side].Octets, c.Apps[side].Parting = 0, model.ForGood
	}
	name := p.Names[model.A]
	if p.Names[model.B] != name {
		name += " and " + p.Names[model.B]
	}
	return &Profile{
		Name: name,
		Says: Text{
			fmt.Sprintf("the client is %s, the server %s; both close in full", p.Names[model.A], p.Names[model.B]),
			fmt.Sprintf("客户端为 %s，服务端为 %s；两端都完全关闭", p.Names[model.A], p.Names[model.B]),
		},
		Words: timedWords(profile.Timed{Config: p.Config(c), Tick: p.Tick}), Tick: p.Tick,
	}, nil
}

// A Span is how long something takes when a segment is lost.
type Span struct {
	Says     Text
	Interval string
}

// spans is, of each segment, how long what matters takes if it is lost once, and
// if it is always.
var spans = [4][2][]Span{
	{
		{{Text{"from the loss until the server receives the FIN", "从丢失到服务端收到 FIN"}, "net.a.loses.fin -> b.finreceived"}},
		{
			{Text{"the client in FIN_WAIT_1", "客户端停留在 FIN_WAIT_1"}, "a: FIN-WAIT-1 -> CLOSED"},
			{Text{"the server in ESTABLISHED after the client is CLOSED", "客户端进入 CLOSED 之后，服务端停留在 ESTABLISHED"}, "a.state == CLOSED -> b.state != ESTABLISHED"},
		},
	},
	{
		{{Text{"from the loss until the client leaves FIN_WAIT_1", "从丢失到客户端离开 FIN_WAIT_1"}, "net.b.loses.ack > 0 -> a.state != FIN_WAIT_1"}},
		{{Text{"the client in FIN_WAIT_1", "客户端停留在 FIN_WAIT_1"}, "a.state == FIN_WAIT_1 -> a.state != FIN_WAIT_1"}},
	},
	{
		{{Text{"from the loss until the client receives the FIN", "从丢失到客户端收到 FIN"}, "net.b.loses.fin -> a.finreceived"}},
		{
			{Text{"the server in LAST_ACK", "服务端停留在 LAST_ACK"}, "b: LAST-ACK -> CLOSED"},
			{Text{"the client in FIN_WAIT_2", "客户端停留在 FIN_WAIT_2"}, inFinWait2},
		},
	},
	{
		{
			{Text{"from the loss until the server is CLOSED", "从丢失到服务端进入 CLOSED"}, "net.a.loses.any -> b.state == CLOSED"},
			{Text{"the client in TIME_WAIT", "客户端停留在 TIME_WAIT"}, "a: TIME-WAIT -> CLOSED"},
		},
		{
			{Text{"the server in LAST_ACK", "服务端停留在 LAST_ACK"}, "b: LAST-ACK -> CLOSED"},
			{Text{"the client in TIME_WAIT", "客户端停留在 TIME_WAIT"}, "a: TIME-WAIT -> CLOSED"},
		},
	},
}

// Segments lists the four segments, and their part in the model.
var Segments = [4]Text{
	{"the first segment, the client's FIN", "第一次挥手（客户端的 FIN）"},
	{"the second segment, the server's ACK", "第二次挥手（服务端的 ACK）"},
	{"the third segment, the server's FIN", "第三次挥手（服务端的 FIN）"},
	{"the fourth segment, the client's ACK", "第四次挥手（客户端的 ACK）"},
}

// A Loss tells what follows if one of the four segments of a close by a, the client, is
// lost in a network that does nothing else and takes at most a tick. b, the server,
// closes later, or never.
type Loss struct {
	Segment int // 1 to 4
	Always  bool
	Profile *Profile
	Config  model.Config
	Spans   []SpanTiming
	// Endings lists what the two applications can finally be told, Without those of them
	// that need no loss.
	Endings    []survey.EndingPair
	Without    []survey.EndingPair
	Incomplete []string
}

// A SpanTiming is a span and how long it is.
type SpanTiming struct {
	Span
	Timing *survey.Timing
	// Repairs lists the timeouts in the span, in a shortest and in a longest run.
	Repairs [2][]Timer
}

// A Timer is one side's.
type Timer struct {
	Side    model.Side
	Timeout model.Timeout
}

// Lose finds what follows when a segment is lost, once or always, in a model that is
// changed by the words of a configuration.
func Lose(ctx context.Context, segment int, whenever bool, p *Profile, change string, o product.Options) (*Loss, error) {
	if segment < 1 || segment > len(Segments) {
		return nil, lang.Errorf("segment %d: want 1 to %d", segment, len(Segments))
	}
	l := &Loss{Segment: segment, Always: whenever, Profile: p}
	often, kind := once, 0
	if whenever {
		often, kind = always, 1
	}
	words := fmt.Sprintf("%s loses=%s loss=%s", p.Words, lostNames[segment-1], often)
	var err error
	if l.Config, err = (Statement{Config: words}).Configuration(change); err != nil {
		return nil, err
	}
	for _, s := range spans[segment-1][kind] {
		i, err := survey.ParseInterval(s.Interval)
		if err != nil {
			return nil, err
		}
		t, err := survey.Time(ctx, l.Config, i, o)
		if err != nil {
			return nil, err
		}
		l.Spans = append(l.Spans, SpanTiming{s, t, [2][]Timer{timers(t.Soonest, t.SoonestFrom), timers(t.Latest, t.LatestFrom)}})
		l.Incomplete = append(l.Incomplete, t.Incomplete...)
	}
	var r explore.Result
	l.Endings, r, err = survey.Endings(ctx, l.Config, o)
	l.Incomplete = append(l.Incomplete, r.Incomplete...)
	if err != nil {
		return nil, err
	}
	lossless := l.Config
	lossless.Loss, lossless.Loses = 0, model.LosesAny
	without, r, err := survey.Endings(ctx, lossless, o)
	l.Incomplete = append(l.Incomplete, r.Incomplete...)
	for _, pair := range l.Endings {
		if slices.ContainsFunc(without, func(p survey.EndingPair) bool { return p.Of == pair.Of }) {
			l.Without = append(l.Without, pair)
		}
	}
	slices.Sort(l.Incomplete)
	l.Incomplete = slices.Compact(l.Incomplete)
	return l, err
}

// Caused returns the endings that take the loss.
func (l *Loss) Caused() []survey.EndingPair {
	return slices.DeleteFunc(slices.Clone(l.Endings), func(p survey.EndingPair) bool { return slices.Contains(l.Without, p) })
}

// timers returns the timeouts in a run after the first from events.
func timers(t *trace.Trace, from int) (list []Timer) {
	if t == nil {
		return nil
	}
	for _, e := range t.Events[from:] {
		if timer := (Timer{e.Action.Side, e.Action.Timeout}); e.Action.Kind == model.Timeouts && !slices.Contains(list, timer) {
			list = append(list, timer)
		}
	}
	return list
}
