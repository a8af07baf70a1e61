package model

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A window is written as it is read, the size that it has.
func TestSegment_TextOfWindow(t *testing.T) {
	for n := range uint8(MaxOctets + 1) {
		text := fmt.Sprintf("<SEQ=101><ACK=302><WND=%d><CTL=ACK>", n)
		g := Segment{Seq: 1, Ack: 2, Wnd: WindowOf(n), Ctl: ACK}
		assert.Equal(t, text, g.Text(A))
		parsed, from, err := ParseSegment(text)
		require.NoError(t, err)
		assert.Equal(t, g, parsed)
		assert.Equal(t, A, from)
	}
}
