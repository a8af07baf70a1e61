package interop

import (
	"fmt"

	"tcpclose/claims"
	"tcpclose/explore"
	"tcpclose/invariants"
	"tcpclose/model"
)

// A Situation is what the two applications do.
type Situation struct {
	Name   string
	Says   claims.Text
	preset string // which has these applications
	change func(*model.Config)
}

// Situations lists the situations, in the order in which they are reported. Where the two
// applications differ, the situation after it is the same with the roles exchanged.
var Situations = []Situation{
	{"no-data", claims.Text{EN: "neither writes; both close their sending", ZH: "双方都不写数据，只关闭各自的发送方向"}, "no-data", nil},
	{"half-close", claims.Text{EN: "a closes its sending and reads on, slowly; b writes before and after, and closes after a", ZH: "a 半关闭后继续慢慢读取；b 在此前后都写数据，并在 a 之后关闭"}, "half-close", nil},
	{"half-close-turned", claims.Text{EN: "b closes its sending and reads on, slowly; a writes before and after, and closes after b", ZH: "b 半关闭后继续慢慢读取；a 在此前后都写数据，并在 b 之后关闭"}, "half-close", turn},
	{"orphan", claims.Text{EN: "neither writes; a closes in full, b its sending", ZH: "双方都不写数据；a 完全关闭，b 只关闭发送方向"}, "orphan", silent},
	{"orphan-turned", claims.Text{EN: "neither writes; b closes in full, a its sending", ZH: "双方都不写数据；b 完全关闭，a 只关闭发送方向"}, "orphan", func(c *model.Config) { silent(c); turn(c) }},
	{"late-text", claims.Text{EN: "a closes in full; b writes before it closes its sending", ZH: "a 完全关闭；b 先写数据，再关闭发送方向"}, "orphan", nil},
	{"late-text-turned", claims.Text{EN: "b closes in full; a writes before it closes its sending", ZH: "b 完全关闭；a 先写数据，再关闭发送方向"}, "orphan", turn},
	{"zero-window", claims.Text{EN: "a writes and closes its sending; b has room for an octet, and reads slowly", ZH: "a 写数据后关闭发送方向；b 只能缓存一个字节，慢慢读取"}, "slow-reader", nil},
	{"zero-window-turned", claims.Text{EN: "b writes and closes its sending; a has room for an octet, and reads slowly", ZH: "b 写数据后关闭发送方向；a 只能缓存一个字节，慢慢读取"}, "slow-reader", turn},
	{"shut-window", claims.Text{EN: "a closes in full; b has no room and never reads, but closes its sending", ZH: "a 完全关闭；b 没有缓存，从不读取，但关闭发送方向"}, "shut-window", inFull},
	{"shut-window-turned", claims.Text{EN: "b closes in full; a has no room and never reads, but closes its sending", ZH: "b 完全关闭；a 没有缓存，从不读取，但关闭发送方向"}, "shut-window", func(c *model.Config) { inFull(c); turn(c) }},
	{"abort", claims.Text{EN: "neither writes; b may abort at any time", ZH: "双方都不写数据；b 随时可能中止连接"}, "abort", nil},
	{"abort-turned", claims.Text{EN: "neither writes; a may abort at any time", ZH: "双方都不写数据；a 随时可能中止连接"}, "abort", turn},
	{"next", claims.Text{EN: "b writes; each side may open a connection again, a actively", ZH: "b 写数据；双方之后可以再次建立连接，由 a 主动打开"}, "next", nil},
	{"next-turned", claims.Text{EN: "a writes; each side may open a connection again, b actively", ZH: "a 写数据；双方之后可以再次建立连接，由 b 主动打开"}, "next", turn},
}

// turn exchanges the roles.
func turn(c *model.Config) { c.Apps[model.A], c.Apps[model.B] = c.Apps[model.B], c.Apps[model.A] }

// silent lets nobody write.
func silent(c *model.Config) { c.Apps[model.A].Octets, c.Apps[model.B].Octets = 0, 0 }

// inFull makes the close of a a full one.
func inFull(c *model.Config) { c.Apps[model.A].Parting = model.ForGood }

// A Network is what the network does.
type Network struct {
	Name   string
	Says   claims.Text
	change func(*model.Config)
}

// Networks lists the networks.
var Networks = []Network{
	{"loses", claims.Text{EN: "loses once", ZH: "丢失一次"}, func(c *model.Config) { c.Loss = 1 }},
	{"reorders", claims.Text{EN: "reorders once", ZH: "乱序一次"}, func(c *model.Config) { c.Reorder = 1 }},
}

// A Harm is something that can go wrong for one end.
type Harm uint8

const (
	Hangs     Harm = iota // it waits forever
	IsReset               // its user is told of a reset
	TimesOut              // its user is told of a timeout
	IsMisled              // its user is told of a normal end, and the peer's of another
	LosesText             // its text is lost, and its user is not told
	Unopened              // its OPEN times out
	TakesOld              // it accepts a segment of an earlier connection

	numHarms
)

// harms has the name of each harm, how it is told, and a sentence about it.
var harms = [numHarms]struct {
	name            string
	verb, sentences claims.Text
}{
	Hangs: {"hangs", claims.Text{EN: "%s hangs", ZH: "%s 永远停住"},
		claims.Text{EN: "it is not CLOSED, and nothing more can happen", ZH: "它不在 CLOSED 状态，而且不会再发生任何事"}},
	IsReset: {"reset", claims.Text{EN: "%s is reset", ZH: "%s 被复位"},
		claims.Text{EN: "its user is told of a reset; the user of the peer has not aborted", ZH: "它的用户被告知连接复位，而对端用户并未中止连接"}},
	TimesOut: {"timeout", claims.Text{EN: "%s times out", ZH: "%s 超时"},
		claims.Text{EN: "its user is told of a timeout", ZH: "它的用户被告知超时"}},
	IsMisled: {"misled", claims.Text{EN: "%s is misled", ZH: "%s 得到相反的结果"},
		claims.Text{EN: "its user is told that the connection closed normally, the user of the peer of a reset or a timeout", ZH: "它的用户被告知正常结束，对端用户却被告知复位或超时"}},
	LosesText: {"text", claims.Text{EN: "text of %s is lost", ZH: "%s 的数据丢失"},
		claims.Text{EN: "its user is told that the connection closed normally, but not all of its text is received; or its text is taken from a user that had not yet read it", ZH: "它的用户被告知正常结束，数据却未全部送达；或者数据已到达对端，用户尚未读取就被丢弃"}},
	Unopened: {"open", claims.Text{EN: "%s cannot open", ZH: "%s 无法建立连接"},
		claims.Text{EN: "its OPEN times out, and nobody refuses it", ZH: "它的 OPEN 超时，而并非被拒绝"}},
	TakesOld: {"old", claims.Text{EN: "%s takes an old segment", ZH: "%s 接受旧报文段"},
		claims.Text{EN: "it accepts a segment of a connection that closed normally at both ends", ZH: "它接受了一个两端都已正常结束的旧连接的报文段"}},
}

func (h Harm) String() string {
	if h >= numHarms {
		return fmt.Sprintf("Harm(%d)", uint8(h))
	}
	return harms[h].name
}

// MarshalText returns the harm's name.
func (h Harm) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// A Question asks whether a harm can come to a side.
type Question struct {
	Side model.Side
	Harm Harm
}

func (q Question) String() string { return q.In(claims.English) }

// In returns what is asked in a language: "a hangs".
func (q Question) In(l claims.Language) string {
	return fmt.Sprintf(harms[q.Harm].verb.In(l), q.Side)
}

// Sentence returns what that means, in a language.
func (q Question) Sentence(l claims.Language) string { return harms[q.Harm].sentences.In(l) }

// asked reports whether the question has a meaning in a configuration.
func (q Question) asked(c model.Config) bool {
	opens := c.Reopen > 0
	switch q.Harm {
	case IsReset: // by the peer's user it is no harm; nor is it while one opens or closes again
		return c.Apps[q.Side.Peer()].Fails == model.FailNever && !opens
	case IsMisled:
		return !opens && c.Apps[q.Side.Peer()].Fails == model.FailNever
	case LosesText:
		return !opens && c.Apps[q.Side].Octets > 0
	case Unopened, TakesOld:
		return opens
	}
	return true
}

// Questions returns the questions that have a meaning in c.
func Questions(c model.Config) (list []Question) {
	for h := range numHarms {
		for _, side := range model.Sides {
			if q := (Question{side, h}); q.asked(c) {
				list = append(list, q)
			}
		}
	}
	return list
}

// told returns the pattern in which q's user is told that, in one of some states.
func (q Question) told(what model.Notice, in func(model.ConnState) bool) invariants.Pattern {
	return invariants.Pattern{Kind: explore.Steps, Only: []model.Side{q.Side}, Step: func(s *invariants.Step) bool {
		return s.Effect.Told&what != 0 && !s.From.Orphan && in(s.From.State)
	}}
}

func opening(s model.ConnState) bool { return s == model.SynSent || s == model.SynReceived }
func open(s model.ConnState) bool    { return !opening(s) }

// patterns returns the patterns of what is asked.
func (q Question) patterns(c model.Config) (list []invariants.Pattern, err error) {
	switch q.Harm {
	case Hangs:
		return []invariants.Pattern{{Kind: explore.Terminals, Only: []model.Side{q.Side}, Self: func(e *invariants.End) bool {
			return e.State != model.Closed && e.State != model.Listen
		}}}, nil
	case IsReset:
		return []invariants.Pattern{q.told(model.ToldReset, open)}, nil
	case TimesOut:
		return []invariants.Pattern{q.told(model.ToldTimeout, open)}, nil
	case Unopened:
		return []invariants.Pattern{q.told(model.ToldTimeout, opening)}, nil
	case IsMisled:
		return only(c, "agreement", q.Side)
	case TakesOld:
		return only(c, "kept-out", q.Side)
	}
	for n := uint8(1); n <= c.Apps[q.Side].Octets; n++ {
		list = append(list, invariants.Pattern{
			Kind: explore.States, Only: []model.Side{q.Side}, Needs: invariants.MonitorTold | invariants.MonitorDelivery,
			Self: func(e *invariants.End) bool { return e.Ended() == invariants.Normal && e.Memory.Written() == n },
			Peer: func(e *invariants.End) bool {
				return (e.State == model.Closed || e.Orphan) && e.Unread == 0 && e.Delivered() < n
			},
		})
	}
	if c.Apps[q.Side.Peer()].Reads == model.ReadSlowly {
		more, err := only(c, "unread-kept", q.Side.Peer())
		return append(list, more...), err
	}
	return list, nil
}

// only returns the patterns of a property, of that side alone.
func only(c model.Config, name string, side model.Side) ([]invariants.Pattern, error) {
	p, err := invariants.Find(name)
	if err != nil {
		return nil, err
	}
	var list []invariants.Pattern
	for _, pattern := range p.PatternsIn(c) {
		if pattern.LooksAt(side) {
			pattern.Only = []model.Side{side}
			list = append(list, pattern)
		}
	}
	return list, nil
}

// property returns what is asked as a property of a configuration: it is violated if
// the harm is possible.
func (q Question) property(c model.Config) (*invariants.Property, error) {
	list, err := q.patterns(c)
	return &invariants.Property{
		Name: q.String(), Sentence: fmt.Sprintf("%s: %s.", q.Side, q.Sentence(claims.English)), Source: "package interop",
		Patterns: func(model.Config) []invariants.Pattern { return list },
	}, err
}
