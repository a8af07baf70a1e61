package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/claims"
	"tcpclose/cmd/tcpclose/internal/cli"
	"tcpclose/cmd/tcpclose/internal/screen"
	"tcpclose/explore/product"
	"tcpclose/internal/tier"
)

// judged is all claims, judged once for all tests.
var judged = sync.OnceValues(func() ([]*claims.Judgement, error) {
	var list []*claims.Claim
	for i := range claims.Claims {
		list = append(list, &claims.Claims[i])
	}
	return claims.Judge(context.Background(), list, "", product.Options{})
})

// All claims, in both languages. With -rewrite it rewrites what is expected.
func TestClaims_Tables(t *testing.T) {
	list, err := judged()
	require.NoError(t, err)
	for lang, file := range map[claims.Language]string{claims.English: "testdata/claims.txt", claims.Chinese: "testdata/claims.zh.txt"} {
		var is bytes.Buffer
		(&claimFlags{lang: lang}).table(&is, list)
		if *rewrite {
			require.NoError(t, os.WriteFile(file, is.Bytes(), 0o666))
		}
		was, err := os.ReadFile(file)
		require.NoError(t, err)
		assert.Equal(t, string(was), is.String(), "%s is stale: 'go test ./cmd/tcpclose -run Claims_Tables -rewrite' rewrites it", file)
	}
	if tier.Leaves(t, "the command, which judges them once more") {
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
	list, err := judged()
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

// Chinese characters take two columns, and a line may be broken between them.
func TestFold(t *testing.T) {
	assert.Equal(t, []string{"客户端不再", "发送数据，", "但可接收"}, screen.Fold("客户端不再发送数据，但可接收", 10))
	assert.Equal(t, []string{"the peer is", "gone"}, screen.Fold("the peer is gone", 12))
	assert.Equal(t, []string{""}, screen.Fold("", 12))
	assert.Equal(t, []string{"unbreakable", "x"}, screen.Fold("unbreakable x", 4))
	assert.Equal(t, "成立  |", screen.Pad("成立", 6)+"|")
}

// No line of what claims and lose write in either language is wider than a
// terminal, but for commands that are to be copied. What they write is in testdata.
func TestClaims_Width(t *testing.T) {
	texts := map[string][]byte{}
	for _, file := range []string{"testdata/claims.txt", "testdata/claims.zh.txt"} {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		texts[file] = text
	}
	for _, file := range []string{"testdata/script/claims.txtar", "testdata/script/lose.txtar"} {
		archive, err := txtar.ParseFile(file)
		require.NoError(t, err)
		for _, f := range archive.Files {
			if f.Name != "refused" && !strings.HasSuffix(f.Name, ".json") {
				texts[file+" "+f.Name] = f.Data
			}
		}
	}
	require.Len(t, texts, 2+2+6)
	for name, text := range texts {
		for line := range strings.Lines(string(text)) {
			if !strings.HasPrefix(strings.TrimSpace(line), "$ tcpclose") {
				assert.LessOrEqual(t, screen.Width(strings.TrimRight(line, "\n")), pageWidth, "%s: %s", name, line)
			}
		}
	}
}
