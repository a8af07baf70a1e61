package profile

import (
	"context"
	"time"

	"tcpclose/explore/product"
	"tcpclose/internal/lang"
	"tcpclose/survey"
	"tcpclose/trace"
)

// A LastAck is what happens when the acknowledgement of the second FIN is lost,
// once, and nothing else is.
type LastAck struct {
	// Least and Greatest are how long LAST_ACK goes on after the loss, and
	// Waits the longest TIME_WAIT.
	Least, Greatest, Waits time.Duration
	Happens                bool         // TIME_WAIT answers a peer in LAST_ACK at all
	Known                  bool         // everything was explored
	Trace                  *trace.Trace // a run in which LAST_ACK goes on for longest
}

// LastAck returns that of a case in which a closes first.
func (l Linux) LastAck(ctx context.Context, c Case, o product.Options) (*LastAck, Timed, error) {
	c.Losses = 1
	const lost = "a.state == TIME_WAIT && b.state == LAST_ACK && net.a.loses.ack == 301"
	t, y, err := l.times(ctx, c, o, lost+" -> b.state == CLOSED", lost+" -> a.state == CLOSED")
	if err != nil {
		return nil, t, err
	}
	known := true
	for _, y := range y {
		known = known && len(y.Incomplete) == 0
	}
	for _, y := range y {
		if known && y.Begins && (!y.Ends || y.Endless != nil) {
			return nil, t, lang.Errorf("%s: want an end of LAST_ACK and of TIME_WAIT", y.Interval.Text)
		}
	}
	return &LastAck{
		t.Duration(y[0].Least), t.Duration(y[0].Greatest), t.Duration(y[1].Greatest),
		y[0].Begins, known, y[0].Latest,
	}, t, nil
}

// A Consequence is something that follows from the numbers.
type Consequence struct {
	Sentence string
	Case     Case
	interval string
}

// Consequences lists what may surprise.
var Consequences = []Consequence{
	{"FIN_WAIT2 ends before the peer has given up, and the peer's FIN is answered by RST.",
		Case{A: ByClose, B: ByClose}, "FIN_WAIT_2_ENDS in a.follows && b.state == LAST_ACK -> b.told.reset"},
	{"TIME_WAIT ends between two FINs of a peer that called shutdown(), and the next one is answered by RST.",
		Case{A: ByClose, B: ByShutdown}, "TIME_WAIT_ENDS in a.follows && b.state == LAST_ACK -> b.told.reset"},
}

// A Proof is a run that shows a consequence, or that there is none.
type Proof struct {
	Timed
	Holds bool
	Known bool          // if it does not hold: everything was explored
	Least time.Duration // from the end of the wait to the RST
	Trace *trace.Trace  // to the RST
}

// Follows reports whether q follows from l's numbers.
func (l Linux) Follows(ctx context.Context, q Consequence, o product.Options) (*Proof, error) {
	c := q.Case
	c.Losses = -1
	t, y, err := l.times(ctx, c, o, q.interval)
	if err != nil {
		return nil, err
	}
	return &Proof{t, y[0].Ends, len(y[0].Incomplete) == 0, t.Duration(y[0].Least), y[0].Soonest}, nil
}

// times returns how long several intervals are in a case.
func (l Linux) times(ctx context.Context, c Case, o product.Options, texts ...string) (Timed, []*survey.Timing, error) {
	t, err := l.Config(c)
	if err != nil {
		return t, nil, err
	}
	var intervals []*survey.Interval
	for _, text := range texts {
		i, err := survey.ParseInterval(text)
		if err != nil {
			return t, nil, err
		}
		intervals = append(intervals, i)
	}
	y, err := survey.Times(ctx, t.Config, intervals, o)
	return t, y, err
}
