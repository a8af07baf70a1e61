package invariants

import (
	"tcpclose/explore"
	"tcpclose/model"
)

var restProperties = []*Property{
	{
		Name:     "rest",
		Sentence: "When nothing more can happen, both sides are CLOSED.",
		Source:   "RFC 9293, 3.6; notes, W2. Whether that is reached is another question",
		Patterns: patterns(Pattern{Kind: explore.Terminals, Self: func(e *End) bool { return e.State != model.Closed }}),
		Premise:  patterns(Pattern{Kind: explore.Terminals}),
	},
}
