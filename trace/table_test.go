package trace

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"tcpclose/internal/lang"
	"tcpclose/model"
)

// The longest lines that there can be fit, too.
func TestTrace_Wide(t *testing.T) {
	p := model.Packet{Segment: model.Segment{Seq: 8, Ack: 8, Len: 7, Ctl: model.FIN | model.ACK}}
	var all []model.Clause
	for c := range model.NumClauses {
		all = append(all, c)
	}
	effect := model.Effect{
		Sent:    p.Segment,
		Told:    model.ToldEOF | model.ToldClosed | model.ToldReset | model.ToldTimeout,
		Clauses: model.ClausesOf(all...),
	}
	full := model.Channel{N: 1, Packets: [model.MaxCapacity]model.Packet{p}}
	for kind := model.Calls; kind <= model.Ticks; kind++ {
		run := Trace{States: make([]model.State, 2), Events: []Event{{model.Action{Kind: kind, Packet: p}, model.Outcome{Effect: effect, Gone: [2]model.Channel{full, full}}}}}
		for _, orphan := range []bool{false, true} {
			run.States[0].Ends[model.A].Orphan = orphan
			for _, line := range run.lines(lang.English, 0, 0) {
				assert.LessOrEqual(t, len(line), traceWidth-traceIndent, "%s: %s", kind, line)
			}
		}
	}
}

func TestWrap(t *testing.T) {
	for _, test := range []struct {
		text string
		want []string
	}{
		{"", []string{""}},
		{"word", []string{"word"}},
		{"a few words here", []string{"a few", "  words", "  here"}},
		{"  a few words", []string{"  a few", "    words"}},
		{"unbreakable", []string{"unbreakable"}},
		{"an unbreakable", []string{"an", "  unbreakable"}},
	} {
		assert.Equal(t, test.want, wrapIndented(test.text, 8), "%q", test.text)
	}
}
