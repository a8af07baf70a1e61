package interop

import (
	"context"
	"fmt"

	"tcpclose/explore/product"
	"tcpclose/profile"
	"tcpclose/trace"
)

// A Finding is the answer to one question, of one pair.
type Finding struct {
	Situation Situation
	Network   Network
	Question  Question
	Answer    Answer
	Trace     *trace.Trace // of what can happen
}

// Ask answers all questions in some situations for one pair.
func Ask(ctx context.Context, p profile.Pair, situations []Situation, o product.Options) (list []Finding, err error) {
	for _, s := range situations {
		for _, n := range Networks {
			c, err := Config(p, s, n)
			if err != nil {
				return nil, err
			}
			report, err := answer(ctx, c, o)
			if err != nil {
				return nil, fmt.Errorf("%s, %s: %w", s.Name, n.Name, err)
			}
			for at, q := range Questions(c) {
				f := &report.Findings[at]
				list = append(list, Finding{s, n, q, answerOf(f), f.Trace})
			}
		}
	}
	return list, nil
}
