package interop

import (
	"context"
	"fmt"
	"time"

	"tcpclose/check"
	"tcpclose/explore/product"
	"tcpclose/invariants"
	"tcpclose/model"
	"tcpclose/profile"
	"tcpclose/trace"
)

// An Answer says whether what a question asks can happen.
type Answer uint8

const (
	Cannot  Answer = iota // everything was explored, and it cannot happen
	Can                   // it can
	Unknown               // not everything was explored
)

func (a Answer) String() string { return [...]string{"no", "yes", "unknown"}[a] }

// MarshalText returns the answer's name.
func (a Answer) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// Pairs is the pairs that are compared: the two ends, and each twice.
type Pairs [3]profile.Pair

// A Row is the answers to one question, of the pair and of the two pairs of like ends.
type Row struct {
	Situation Situation
	Network   Network
	Question  Question
	Answers   [3]Answer
	Traces    [3]*trace.Trace // of what can happen
	Blame     *Blame          // if the row is Worse
	// As is an earlier row that shows the same: the same question in the same situation,
	// with the same departures. Nil if none does.
	As *Row
}

// Worse reports whether the harm is possible for the pair, and impossible with one of
// the ends twice.
func (r *Row) Worse() bool {
	return r.Answers[0] == Can && (r.Answers[1] == Cannot || r.Answers[2] == Cannot)
}

// Unlike reports whether the answer of the pair is not that of both pairs of like ends.
func (r *Row) Unlike() bool { return r.Answers[0] != r.Answers[1] || r.Answers[0] != r.Answers[2] }

// OnlyTogether reports whether the harm is possible for the pair, and with neither end twice.
func (r *Row) OnlyTogether() bool {
	return r.Answers == [3]Answer{Can, Cannot, Cannot}
}

// OnlyAlike reports whether the harm is impossible for the pair, and possible with each
// end twice.
func (r *Row) OnlyAlike() bool { return r.Answers == [3]Answer{Cannot, Can, Can} }

// A Report is the rows of all situations and networks.
type Report struct {
	Pairs Pairs
	Rows  []Row // of all questions that were asked
	Time  time.Duration
}

// Compare answers all questions in some situations for the pair of two ends and for each
// end twice.
func Compare(ctx context.Context, a, b *profile.End, situations []Situation, o product.Options) (*Report, error) {
	start := time.Now()
	r := &Report{}
	for i, ends := range [3][2]*profile.End{{a, b}, {a, a}, {b, b}} {
		var err error
		if r.Pairs[i], err = profile.NewPair(ends[0], ends[1]); err != nil {
			return nil, err
		}
	}
	for _, s := range situations {
		for _, n := range Networks {
			rows, err := r.Pairs.compare(ctx, s, n, o)
			if err != nil {
				return nil, fmt.Errorf("%s, %s: %w", s.Name, n.Name, err)
			}
			r.Rows = append(r.Rows, rows...)
		}
	}
	for i := range r.Rows {
		r.Rows[i].As = r.shown(i)
	}
	r.Time = time.Since(start)
	return r, nil
}

// shown returns the row before that one which shows the same, or nil.
func (r *Report) shown(at int) *Row {
	row := &r.Rows[at]
	if row.Blame == nil {
		return nil
	}
	for i := range r.Rows[:at] {
		is := &r.Rows[i]
		if is.Blame != nil && is.Situation.Name == row.Situation.Name && is.Question == row.Question && is.Blame.same(row.Blame) {
			return is
		}
	}
	return nil
}

// Config returns a pair in a situation, on a network.
func Config(p profile.Pair, s Situation, n Network) (model.Config, error) {
	preset, err := check.FindPreset(s.preset)
	if err != nil {
		return model.Config{}, err
	}
	c := preset.Config
	c.Loss, c.Duplicate, c.Reorder, c.Capacity = 0, 0, 0, model.MaxCapacity
	if s.change != nil {
		s.change(&c)
	}
	n.change(&c)
	return p.Config(c), nil
}

// compare answers the questions of a situation.
func (p *Pairs) compare(ctx context.Context, s Situation, n Network, o product.Options) (rows []Row, err error) {
	known := map[model.Config]*check.Report{}
	for i, pair := range p {
		c, err := Config(pair, s, n)
		if err != nil {
			return nil, err
		}
		if known[c] == nil {
			if known[c], err = answer(ctx, c, o); err != nil {
				return nil, err
			}
		}
		for at, q := range Questions(c) {
			if i == 0 {
				rows = append(rows, Row{Situation: s, Network: n, Question: q})
			}
			f := &known[c].Findings[at]
			rows[at].Answers[i], rows[at].Traces[i] = answerOf(f), f.Trace
		}
	}
	for i := range rows {
		if row := &rows[i]; row.Worse() {
			if row.Blame, err = blame(ctx, row, p[0].Tick, o); err != nil {
				return nil, err
			}
		}
	}
	return rows, nil
}

// answer checks all questions in a configuration.
func answer(ctx context.Context, c model.Config, o product.Options) (*check.Report, error) {
	var list []*invariants.Property
	for _, q := range Questions(c) {
		p, err := q.property(c)
		if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return check.Check(ctx, c, list, check.Options{Options: o})
}

// answerOf returns the answer that a finding is.
func answerOf(f *check.Finding) Answer {
	switch f.Verdict {
	case check.Violated:
		return Can
	case check.Unknown:
		return Unknown
	}
	return Cannot
}
