package model

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
)

// What String writes is read back, and nothing else is.
func TestParse(t *testing.T) {
	for k := range numKinds {
		same(t, k, ParseKind)
	}
	for c := range numCalls {
		same(t, c, ParseCall)
	}
	for w := range numTimeouts {
		same(t, w, ParseTimeout)
	}
	for _, s := range Sides {
		same(t, s, ParseSide)
	}
}

func same[T fmt.Stringer](t *testing.T, v T, parse func(string) (T, error)) {
	got, err := parse(v.String())
	assert.NoError(t, err)
	assert.Equal(t, v, got)
	_, err = parse(v.String() + " ")
	assert.ErrorContains(t, err, fmt.Sprintf("%q", v.String()), "an error names what there is")
}
