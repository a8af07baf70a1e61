package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/claims"
	"tcpclose/cmd/tcpclose/internal/cli"
	"tcpclose/explore/product"
	"tcpclose/internal/tier"
)

// checkedClaims returns all claims, or in the plain tier one of four, checked once for all
// tests. Package claims checks all in both tiers.
var checkedClaims = sync.OnceValues(func() ([]*claims.Judgement, error) {
	var list []*claims.Claim
	for i := 0; i < len(claims.Claims); i += tier.Choose(4, 1) {
		list = append(list, &claims.Claims[i])
	}
	return claims.Judge(context.Background(), list, "", product.Options{})
})

// All claims, in both languages. With -rewrite it rewrites what is expected.
func TestClaims_Tables(t *testing.T) {
	tier.SkipToCI(t)
	list, err := checkedClaims()
	require.NoError(t, err)
	some := tier.Leaves(t, "three of four claims, and the command, which checks them once more")
	for lang, file := range map[claims.Language]string{claims.English: "testdata/claims.txt", claims.Chinese: "testdata/claims.zh.txt"} {
		var is bytes.Buffer
		f := &claimFlags{}
		f.show.Language = lang
		f.table(&is, list)
		if *rewrite && !some {
			require.NoError(t, os.WriteFile(file, is.Bytes(), 0o666))
		}
		was, err := os.ReadFile(file)
		require.NoError(t, err)
		const stale = "%s is stale: 'TCPCLOSE_LARGE=1 go test ./cmd/tcpclose -run Claims_Tables -rewrite' rewrites it"
		if !some {
			assert.Equal(t, string(was), is.String(), stale, file)
			continue
		}
		blocks := strings.SplitAfter(is.String(), "\n\n")
		require.Len(t, blocks, len(list)+1, "a block for each claim, and how many there are")
		for _, block := range blocks[:len(list)] {
			assert.Contains(t, string(was), block, stale, file)
		}
	}
	if some {
		return
	}
	was, err := os.ReadFile("testdata/claims.txt")
	require.NoError(t, err)
	var out, errs bytes.Buffer
	require.Equal(t, cli.OK, run(t.Context(), []string{"claims"}, &out, &errs))
	assert.Equal(t, string(was), out.String())
	assert.Empty(t, errs.String())
}

// The command line that a statement gives decides it as claims does.
func TestClaims_Commands(t *testing.T) {
	tier.SkipToCI(t)
	list, err := checkedClaims()
	require.NoError(t, err)
	seen := map[string]bool{}
	some := tier.Leaves(t, "three of four claims")
	for _, j := range list {
		for _, d := range j.Statements() {
			command := d.Command()
			if seen[command] {
				continue
			}
			seen[command] = true
			args := words(command)[1:]
			var out, errs bytes.Buffer
			run(t.Context(), append(args, "-json"), &out, &errs)
			require.Empty(t, errs.String(), command)
			if d.Timing != nil {
				var is jsonTiming
				require.NoError(t, json.Unmarshal(out.Bytes(), &is), command)
				assert.Equal(t, d.Timing.Endless == nil, is.Greatest != nil, command)
				if is.Greatest != nil {
					assert.Equal(t, []int{d.Timing.Least, d.Timing.Greatest}, []int{*is.Least, *is.Greatest}, command)
				}
				continue
			}
			r := readJSON(t, out.Bytes())
			require.Len(t, r.Findings, 1, command)
			bad := map[string]bool{"violated": true, "unreachable": true, "holds": false, "reached": false}
			verdict, known := bad[r.Findings[0].Verdict]
			require.True(t, known, "%s: %s", command, r.Findings[0].Verdict)
			if d.Says == claims.Breaks || d.Says == claims.Misses {
				verdict = !verdict
			}
			assert.Equal(t, d.Truth == claims.False, verdict, command)
		}
	}
	assert.True(t, some || len(seen) > 80, "%d commands", len(seen))
	assert.Greater(t, len(seen), 15)
}

// words is a command line as a shell reads it, with single quotes alone.
func words(command string) (list []string) {
	for i, part := range strings.Split(command, "'") {
		if i%2 == 1 {
			list = append(list, part)
		} else {
			list = append(list, strings.Fields(part)...)
		}
	}
	return list
}
