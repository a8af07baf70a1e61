package ends

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"tcpclose/model"
)

// Why an RST was sent is certain if all explanations agree, also those that take the most for
// granted; if one has another cause, or several, or has it sent before the capture, it is not.
func TestReset_Certain(t *testing.T) {
	m := newMachine(model.AllOptions(), 0)
	sent := func(by model.Clause, trust Trust) element {
		return element{Condition: Condition{Opened: true, Got: trust == Missing}, reset: by, did: true, trust: trust}
	}
	before := element{Condition: Condition{Opened: true, Fin: true}, trust: Missing}
	for name, is := range map[string]struct {
		list    []element
		by      []model.Clause
		certain bool
	}{
		"one":             {[]element{sent(model.AbortResets, Complete)}, []model.Clause{model.AbortResets}, true},
		"all alike":       {[]element{sent(model.AbortResets, Complete), sent(model.AbortResets, Missing)}, []model.Clause{model.AbortResets}, true},
		"two likely ones": {[]element{sent(model.AbortResets, Complete), sent(model.ReleaseResets, Complete)}, []model.Clause{model.ReleaseResets, model.AbortResets}, false},
		"another":         {[]element{sent(model.AbortResets, Complete), sent(model.ReleaseResets, Missing)}, []model.Clause{model.AbortResets}, false},
		"several":         {[]element{sent(model.AbortResets, Complete), sent(several, Missing)}, []model.Clause{model.AbortResets}, false},
		"sent before":     {[]element{sent(model.AbortResets, Complete), before}, []model.Clause{model.AbortResets}, false},
	} {
		t.Run(name, func(t *testing.T) {
			x := m.end(m.intern(is.list), &follower{m: m, reset: 5})
			assert.Equal(t, 5, x.Reset.Frame)
			assert.ElementsMatch(t, is.by, x.Reset.By)
			assert.Equal(t, is.certain, x.Reset.Certain)
		})
	}
	assert.Nil(t, m.end(m.intern([]element{before}), &follower{m: m}).Reset)
}
