package check

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/internal/naive"
	"tcpclose/internal/tier"
	"tcpclose/invariants"
)

// A host that has crashed has forgotten its numbers, and begins where it did. A
// quiet time of an MSL keeps out what it had sent before (RFC 9293, 3.4.3), and not
// an MSL less a tick. It does not keep out an RST: the peer goes on in the
// connection that is no more, and what the host answers after its quiet time has
// the numbers with which the next connection begins.
func TestQuietTime(t *testing.T) {
	tier.SkipToCI(t)
	names := []string{"old-text", "old-fin", "old-syn", "old-ack", "old-rst", "in-step"}
	judge := func(t *testing.T, words string) map[string]Verdict {
		var properties []*invariants.Property
		for _, n := range names {
			properties = append(properties, property(t, n))
		}
		r, err := Check(context.Background(), naive.Parse(t, "a-octets=0 reopen=1 b-fails=crash r2=1 "+words), properties, Options{})
		require.NoError(t, err)
		require.True(t, r.Result.Complete())
		verdicts := map[string]Verdict{}
		for i := range r.Findings {
			f := &r.Findings[i]
			verdicts[f.Property.Name] = f.Verdict
			if f.Verdict == Violated {
				naive.AssertReplays(t, f.Trace)
				naive.AssertShows(t, f.Property, f.Trace)
			}
		}
		return verdicts
	}
	for msl, numbers := range map[int]string{
		1: "rto=1", // with an octet, and a network that does what it likes
		2: "rto=4 b-octets=0 loss=off duplicate=off capacity=8",
		3: "rto=6 b-octets=0 loss=off duplicate=off capacity=8",
	} {
		for quiet := range msl + 2 {
			t.Run(fmt.Sprintf("msl=%d quiet-time=%d", msl, quiet), func(t *testing.T) {
				if msl != 2 {
					tier.Skip(t)
				}
				words := fmt.Sprintf("msl=%d %s ", msl, numbers)
				if quiet > 0 {
					words += fmt.Sprintf("quiet-time=%d", quiet)
				}
				guarded := Violated
				if quiet >= msl {
					guarded = Holds
				}
				text := guarded
				if msl > 1 {
					text = Vacuous // nobody writes any
				}
				assert.Equal(t, map[string]Verdict{
					"old-text": text, "old-fin": guarded, "in-step": guarded,
					"old-syn": Holds, "old-ack": Holds, "old-rst": Violated,
				}, judge(t, words))
			})
		}
	}
}
