package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/claims"
	"tcpclose/explore/product"
)

// The command line that a statement gives decides it as claims does.
func TestClaims_Commands(t *testing.T) {
	var list []*claims.Claim
	for i := range claims.Claims {
		list = append(list, &claims.Claims[i])
	}
	judged, err := claims.Judge(t.Context(), list, "", product.Options{})
	require.NoError(t, err)
	seen := map[string]bool{}
	for _, j := range judged {
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

// Chinese characters take two columns, and a line may be broken between them.
func TestFold(t *testing.T) {
	assert.Equal(t, []string{"客户端不再", "发送数据，", "但可接收"}, fold("客户端不再发送数据，但可接收", 10))
	assert.Equal(t, []string{"the peer is", "gone"}, fold("the peer is gone", 12))
	assert.Equal(t, []string{""}, fold("", 12))
	assert.Equal(t, []string{"unbreakable", "x"}, fold("unbreakable x", 4))
	assert.Equal(t, "成立  |", pad("成立", 6)+"|")
}

// No line of what claims and lose write in either language is wider than a
// terminal, but for commands that are to be copied.
func TestClaims_Width(t *testing.T) {
	for _, args := range [][]string{
		{"claims", "-lang", "zh"}, {"claims", "L3"}, {"claims", "-lang", "zh", "Y2"},
		{"lose", "1"}, {"lose", "2", "-always", "-lang", "zh", "-profile", "linux"},
		{"lose", "2", "-always", "-profile", "linux", "-rto", "201ms"}, {"lose", "3", "-always", "-profile", "linux", "-rto", "120s"},
	} {
		var out, errs bytes.Buffer
		require.Equal(t, exitOK, run(t.Context(), args, &out, &errs))
		for line := range strings.Lines(out.String()) {
			if !strings.HasPrefix(strings.TrimSpace(line), "$ tcpclose") {
				assert.LessOrEqual(t, width(strings.TrimRight(line, "\n")), pageWidth, "%v: %s", args, line)
			}
		}
	}
}
