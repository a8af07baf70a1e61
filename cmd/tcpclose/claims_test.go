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

// checkedClaims returns all claims, checked once for all tests.
var checkedClaims = sync.OnceValues(func() ([]*claims.Judgement, error) {
	var list []*claims.Claim
	for i := range claims.Claims {
		list = append(list, &claims.Claims[i])
	}
	return claims.Judge(context.Background(), list, "", product.Options{})
})

// All claims, in both languages. With -rewrite it rewrites what is expected.
func TestClaims_Tables(t *testing.T) {
	list, err := checkedClaims()
	require.NoError(t, err)
	for lang, file := range map[claims.Language]string{claims.English: "testdata/claims.txt", claims.Chinese: "testdata/claims.zh.txt"} {
		var is bytes.Buffer
		f := &claimFlags{}
		f.show.Language = lang
		f.table(&is, list)
		if *rewrite {
			require.NoError(t, os.WriteFile(file, is.Bytes(), 0o666))
		}
		was, err := os.ReadFile(file)
		require.NoError(t, err)
		assert.Equal(t, string(was), is.String(), "%s is stale: 'go test ./cmd/tcpclose -run Claims_Tables -rewrite' rewrites it", file)
	}
	if tier.Leaves(t, "the command, which checks them once more") {
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
	list, err := checkedClaims()
	require.NoError(t, err)
	seen := map[string]bool{}
	for _, j := range list {
		for _, d := range j.Statements() {
			command := d.Command()
			if seen[command] {
				continue
			}
			seen[command] = true
			if len(seen)%3 > 0 && tier.Leaves(t, command) {
				continue
			}
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
	assert.Greater(t, len(seen), 80)
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
