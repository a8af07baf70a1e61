package check

import (
	"cmp"
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/explore"
	"tcpclose/explore/product"
	"tcpclose/internal/join"
	"tcpclose/internal/naive"
	"tcpclose/internal/tier"
	"tcpclose/invariants"
	"tcpclose/model"
)

const rulesFile = "../docs/rules.md"

// furtherConfigs is configurations that reach what no preset does, smaller ones first.
var furtherConfigs = []string{
	"b-octets=0 msl=2 rto=1 r2=1 out-of-order=held",
	"a-octets=0 b-octets=0 msl=2 rto=1 r2=1 closed-answer=nothing",
	"a-octets=0 b-octets=0 msl=2 rto=1 r2=1 time-wait-rst=ignored",
	"a-octets=0 b-octets=0 msl=2 rto=1 r2=1 time-wait-ack=answered",
	"b-octets=0 msl=2 rto=1 r2=1 closing-ack=discarded",
	"b-octets=0 msl=2 rto=1 r2=1 b-buffer=1 b-reads=slowly",
	"msl=2 rto=1 r2=1 a-buffer=1 a-octets=0 b-octets=2 ack-check=recent",
	"a-octets=0 msl=2 rto=1 r2=1 a-close-is=full late-data=ack",
	"b-octets=0 msl=2 rto=1 r2=1 b-reads=slowly b-close-is=full",
	"a-octets=0 b-octets=0 msl=2 rto=1 r2=1 b-buffer=0 a-buffer=0",
	"a-octets=0 b-octets=0 msl=2 rto=2 r2=1 keepalive=1 keepalive-probes=1",
	"start=closed a-octets=0 b-octets=0 msl=1 rto=1 r2=1 b-fails=abort",
	"start=closed a-octets=0 b-octets=0 msl=1 rto=1 r2=1 reopen=1",
	naive.Again0 + "time-wait-reuse=may-2",
	naive.Again0 + "timestamps=on time-wait-reuse=rfc-6191",
	naive.Again0 + "connect-reuse=at-once",
	naive.Again0 + "timestamps=fine",
	"a-octets=0 msl=1 rto=1 r2=1 reopen=1 a-isn=same b-isn=same",
	"a-octets=0 b-octets=0 msl=1 rto=1 rto-max=2 r2=unlimited give-up=2",
	naive.Tiny + "a-close-is=full time-wait-kept=no fin-wait-2=2 fin-wait-2-kept=mini",
	naive.Tiny + "a-close-is=full orphan-kept=no",
	naive.Tiny + "a-close-is=full fin-wait-2-orphan=rst",
	naive.Tiny + "a-close-is=full fin-wait-2=2 fin-wait-2-first=1 fin-wait-2-kept=mini",
	"a-octets=0 b-octets=1 msl=1 rto=2 r2=1 a-close-is=full fin-wait-2=2 fin-wait-2-kept=mini",
	naive.Tiny + "a-close-is=full fin-wait-2=2 fin-wait-2-kept=mini b-closes=never",
	naive.Tiny + "time-wait-ack=restarts",
	naive.Tiny + "time-wait-ack=acknowledged",
	naive.Tiny + "closing-fin=each-ack",
	naive.Tiny + "b-buffer=0 zero-window-fin=taken",
	naive.Tiny + "b-buffer=0 zero-window-probe=old a-fails=abort abort-unsent-fin=rst",
	naive.Tiny + "a-fails=abort time-wait-abort=kept",
	"a-octets=2 b-octets=0 b-buffer=2 b-reads=slowly zero-window-probe=old msl=1 rto=1 r2=1 duplicate=off reorder=off",
	"a-octets=1 b-octets=0 b-buffer=1 b-reads=slowly reset-unread-text=kept a-fails=abort msl=1 rto=1 r2=1 duplicate=off reorder=off",
	naive.Tiny + "challenge-interval=2 stray=<SEQ=101><CTL=RST>",
	naive.Tiny + "b-fails=crash closed-answer=nothing keepalive=2 user-timeout=3 keepalive-limit=user-timeout",
	"a-octets=0 b-octets=0 msl=1 rto=2 r2=1 reopen=1 a-fails=crash a-isn=clock challenged-syn=at-once duplicate=off reorder=off",
}

// unreachedClauses lists the clauses that only a segment from nowhere reaches, and why.
var unreachedClauses = map[model.Clause]string{
	model.WindowTrims: "a sender that knows the window sends at most one number beyond it",
	model.AckOff:      "every segment but an RST carries an ACK",
}

// docs/rules.md says of every rule which clauses of the model follow it, where
// they stand, and which configuration reaches them in how many steps. It is what
// the explorer finds:
//
//	go test ./check -run TestRules -rewrite
func TestRules(t *testing.T) {
	tier.Skip(t)
	reached := reachedClauses(t)
	for c := range model.NumClauses {
		_, is := reached[c]
		_, not := unreachedClauses[c]
		assert.True(t, is != not, "clause %s: reached %v, and said not to be: %v", c, is, not)
	}
	text := rulesText(reached, clausePlaces(t))
	if *rewrite {
		require.NoError(t, os.WriteFile(rulesFile, []byte(text), 0o644))
		return
	}
	have, err := os.ReadFile(rulesFile)
	require.NoError(t, err)
	assert.Equal(t, string(have), text, "%s is stale: 'go test ./check -run TestRules -rewrite' renews it", rulesFile)
}

// A reach is how a clause is reached.
type reach struct {
	where string
	steps int
}

// reachedClauses explores configurations until all clauses are reached that can
// be. The default, which is large, has none of its own.
func reachedClauses(t *testing.T) map[model.Clause]reach {
	reached := map[model.Clause]reach{}
	search := func(name string, c model.Config) {
		var list []invariants.Pattern
		var clauses []model.Clause
		for cl := range model.NumClauses {
			if _, known := reached[cl]; !known && len(list) < explore.MaxWatches/2 {
				clauses = append(clauses, cl)
				list = append(list, invariants.Pattern{Kind: explore.Steps, Step: func(s *invariants.Step) bool { return s.Effect.Clauses.Has(cl) }})
			}
		}
		p := join.New(naive.SystemOf(t, c), list)
		e, err := product.Explore(context.Background(), &p.Product, product.Options{})
		require.NoError(t, err)
		require.True(t, e.Complete())
		for i, cl := range clauses {
			if watches, steps := join.FirstSeen(e, i); len(watches) > 0 {
				reached[cl] = reach{name, steps}
			}
		}
	}
	for _, p := range UsualPresets()[1:] {
		if !slices.ContainsFunc(pins, func(pin pin) bool { return pin.preset == p.Name && pin.large }) {
			search("`-preset "+p.Name+"`", p.Config)
		}
	}
	for _, words := range furtherConfigs {
		search("`-"+strings.ReplaceAll(strings.ReplaceAll(words, " ", " -"), "=", " ")+"`", naive.Parse(t, words))
	}
	return reached
}

// clausePlaces returns the functions of package model in which each clause stands, by
// the names of the constants.
func clausePlaces(t *testing.T) map[string][]string {
	names, err := filepath.Glob("../model/*.go")
	require.NoError(t, err)
	places := map[string][]string{}
	for _, name := range names {
		base := filepath.Base(name)
		if strings.HasSuffix(base, "_test.go") || base == "clause.go" || base == "rule.go" {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		require.NoError(t, err)
		for _, decl := range file.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if !ok {
				continue
			}
			ast.Inspect(f, func(n ast.Node) bool {
				if id, ok := n.(*ast.Ident); ok {
					if place := base + ": " + f.Name.Name; !slices.Contains(places[id.Name], place) {
						places[id.Name] = append(places[id.Name], place)
					}
				}
				return true
			})
		}
	}
	return places
}

// clauseConstants returns the names of the constants, by number.
func clauseConstants() (names []string) {
	file, err := parser.ParseFile(token.NewFileSet(), "../model/clause.go", nil, 0)
	if err != nil {
		return nil
	}
	for _, decl := range file.Decls {
		d, ok := decl.(*ast.GenDecl)
		if !ok || d.Tok != token.CONST {
			continue
		}
		for _, spec := range d.Specs {
			names = append(names, spec.(*ast.ValueSpec).Names[0].Name)
		}
		break
	}
	return names
}

func rulesText(reached map[model.Clause]reach, places map[string][]string) string {
	var b strings.Builder
	b.WriteString(`# The rules of opening and closing, and where the model keeps them

The first table lists every rule of RFC 9293 and related RFCs on opening, closing and reuse, and the
clauses of the model that implement it. The second gives, for each clause, the functions of package
` + "`model`" + ` that contain it, the first configuration tried (presets, then others) whose runs reach it, and
the least number of steps. Sections are RFC 9293's unless another RFC is named. Exploration makes the
tables (` + "`go test ./check -run TestRules -rewrite`" + `); a test fails when they are stale.

| rule | source | what it says | clauses | remark |
|---|---|---|---|---|
`)
	for _, r := range model.Rules {
		var names []string
		for _, c := range r.Clauses {
			names = append(names, c.String())
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", r.ID, r.Source, r.Sentence, strings.Join(names, ", "), r.Note)
	}
	b.WriteString("\n| clause | place | reached by | steps |\n|---|---|---|---|\n")
	constants := clauseConstants()
	for c := range model.NumClauses {
		by, steps := "no honest peer: "+unreachedClauses[c], ""
		if r, ok := reached[c]; ok {
			by, steps = r.where, fmt.Sprint(r.steps)
		}
		where := places[constants[c]]
		slices.SortFunc(where, func(x, y string) int { return cmp.Compare(x, y) })
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", c, strings.Join(where, "; "), by, steps)
	}
	return b.String()
}
