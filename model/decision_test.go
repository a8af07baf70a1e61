package model

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// source is the files of this package that are not tests, by name.
func source(t *testing.T) map[string]*ast.File {
	t.Helper()
	names, err := filepath.Glob("*.go")
	require.NoError(t, err)
	files := map[string]*ast.File{}
	for _, name := range names {
		if !strings.HasSuffix(name, "_test.go") {
			files[name], err = parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
			require.NoError(t, err)
		}
	}
	require.Contains(t, files, "arrive.go")
	return files
}

// constants are the blocks of constants of a type, as their comments and their names.
// The names count from zero.
func constants(files map[string]*ast.File, typ string) (comments []string, blocks [][]string) {
	for _, name := range slices.Sorted(maps.Keys(files)) {
		for _, decl := range files[name].Decls {
			d, ok := decl.(*ast.GenDecl)
			if !ok || d.Tok != token.CONST {
				continue
			}
			first := d.Specs[0].(*ast.ValueSpec)
			if id, ok := first.Type.(*ast.Ident); !ok || id.Name != typ {
				continue
			}
			var names []string
			for _, spec := range d.Specs {
				names = append(names, spec.(*ast.ValueSpec).Names[0].Name)
			}
			comments = append(comments, strings.TrimSpace(d.Doc.Text()))
			blocks = append(blocks, names)
		}
	}
	return comments, blocks
}

// decisionNames are the names in the source, by number.
func decisionNames(t *testing.T, files map[string]*ast.File) []string {
	_, blocks := constants(files, "Decision")
	require.Len(t, blocks, 1)
	names := blocks[0]
	require.Len(t, names, int(NumDecisions)+1)
	require.Equal(t, "NumDecisions", names[NumDecisions])
	return names[:NumDecisions]
}

// asked are the calls of ask, each with the choices that it is compared with:
//
//	s.ask(D) == X
//	switch s.ask(D) { case X: ... }
func asked(files map[string]*ast.File) (questions []string, compared map[string][]string) {
	compared = map[string][]string{}
	decision := func(e ast.Expr) (string, bool) {
		call, ok := e.(*ast.CallExpr)
		if !ok {
			return "", false
		}
		sel, ok := call.Fun.(*ast.SelectorExpr)
		if !ok || sel.Sel.Name != "ask" {
			return "", false
		}
		return call.Args[0].(*ast.Ident).Name, true
	}
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				if d, ok := decision(n); ok {
					questions = append(questions, d)
				}
			case *ast.BinaryExpr:
				if d, ok := decision(n.X); ok {
					compared[d] = append(compared[d], n.Y.(*ast.Ident).Name)
				}
			case *ast.SwitchStmt:
				if d, ok := decision(n.Tag); ok {
					for _, clause := range n.Body.List {
						for _, e := range clause.(*ast.CaseClause).List {
							compared[d] = append(compared[d], e.(*ast.Ident).Name)
						}
					}
				}
			}
			return true
		})
	}
	return questions, compared
}

// Every decision is asked, and at one place.
func TestDecision_AskedOnce(t *testing.T) {
	files := source(t)
	questions, _ := asked(files)
	assert.ElementsMatch(t, decisionNames(t, files), questions)
}

func TestDecision_Info(t *testing.T) {
	var names []string
	for d := range NumDecisions {
		info := d.Info()
		names = append(names, info.Name)
		assert.Regexp(t, `^RFC \d+, `, info.Source, d)
		assert.Regexp(t, `\?$`, info.Question, d)
		assert.GreaterOrEqual(t, len(info.Alternatives), 2, d)
		var alternatives, sentences []string
		for _, a := range info.Alternatives {
			alternatives = append(alternatives, a.Name)
			sentences = append(sentences, a.Sentence)
		}
		checkNames(t, alternatives)
		assert.NotContains(t, sentences, "")
		assert.Equal(t, info.Alternatives[0].Name, Default().Ends[A].Choices.Name(d), "the default is the first")
		assert.Equal(t, info.Name, d.String())

		// Each can be chosen by its name, and by no other.
		for i, name := range alternatives {
			var c Choices
			require.NoError(t, c.Choose(d, name))
			assert.Equal(t, Choice(i), c[d])
			assert.Equal(t, name, c.Name(d))
			c[d] = 0
			assert.Zero(t, c, "no other is touched")
		}
		var c Choices
		assert.EqualError(t, c.Choose(d, "neither"), info.Name+`: "neither": want `+strings.Join(alternatives, " or "))
	}
	checkNames(t, names)
}

// checkNames checks that names are different, and words that need no quotes.
func checkNames(t *testing.T, names []string) {
	t.Helper()
	for i, name := range names {
		assert.Regexp(t, `^[a-z][a-z0-9-]*$`, name)
		assert.NotContains(t, names[:i], name)
	}
}

// The constants of the alternatives are one block for each decision, in the order of
// decisions, as many as there are alternatives; and a decision is compared with its
// own ones only. What is left when all but one have been asked for needs no name.
func TestDecision_ChoiceConstants(t *testing.T) {
	files := source(t)
	decisions := decisionNames(t, files)
	comments, blocks := constants(files, "Choice")
	_, compared := asked(files)
	require.Len(t, blocks, len(decisions))
	for d, name := range decisions {
		assert.Equal(t, "The alternatives of "+name+".", comments[d])
		assert.Len(t, blocks[d], len(Decision(d).Info().Alternatives), name)
		assert.Subset(t, blocks[d], compared[name], "%s is compared with what is not an alternative of it", name)
		assert.GreaterOrEqual(t, len(compared[name]), len(blocks[d])-1, name)
	}
}

// The constants are what their names say, by the name that is typed.
func TestDecision_ConstantsAndNames(t *testing.T) {
	decisions := map[Decision]map[Choice]string{
		ClosedAnswer:    {AnswerRST: "rst", AnswerNothing: "nothing"},
		OffSequenceAck:  {AckUnread: "unread", AckRead: "read"},
		TimeWaitRestart: {RestartOnFin: "fin", RestartNever: "never", RestartOnAnswer: "answer", RestartOnAck: "any-ack"},
		TimeWaitRST:     {RSTObeyed: "obeyed", RSTIgnored: "ignored"},
		RSTCheck:        {RSTExact: "exact", RSTInWindow: "window", RSTAtFin: "exact-or-fin"},
		LateReset:       {ResetTold: "told", ResetSilent: "silent"},
		ClosingTimer:    {TimerStarted: "started", TimerAbsent: "absent"},
		TimeWaitAck:     {AckIgnored: "ignored", AckAnswered: "answered", AckRestarts: "restarts", AckAcknowledged: "acknowledged", TextAnswered: "text-answered"},
		OutOfOrder:      {SegmentDropped: "dropped", SegmentHeld: "held"},
		ZeroWindowAck:   {ValidAckTaken: "taken", ValidAckUnread: "unread"},
		AckCheck:        {AckAny: "any", AckRecent: "recent"},
		WindowUpdate:    {UpdateSent: "sent", UpdateUnsent: "unsent"},
		FinWait1Entry:   {EnterWithClose: "with-close", EnterWithFin: "with-fin"},
		LastAckEntry:    {EnterAfterFin: "with-fin", EnterEarly: "with-close"},
		ClosingAck:      {SegmentRead: "read", SegmentUnread: "discarded"},
		ReadAfterFin:    {DataReadable: "data", DataLost: "error"},
		UnreadClose:     {UnreadResets: "rst", UnreadForgotten: "fin", UnreadKept: "kept"},
		LateData:        {LateDataResets: "rst", LateDataDropped: "ack", LateDataAnywhere: "rst-anywhere", LateDataValid: "rst-valid-ack"},
		AbortState:      {AbortCloses: "closed", AbortTimeWait: "time-wait"},
		UserTimeoutRuns: {RunsWhileUndelivered: "undelivered", RunsInAnyState: "any-state"},
		FinWait2Timer:   {TimerForOrphans: "orphans", TimerForAll: "all"},
		TimeWaitReuse: {ReuseOff: "off", ReuseByNumber: "may-2", ReuseNoReturn: "may-2-no-return", ReuseNoISN: "may-2-no-isn",
			ReuseBare: "bare", ReuseByTimestamp: "rfc-6191", ReuseLinux: "linux"},
		ConnectReuse:    {ConnectOff: "off", ConnectAged: "aged", ConnectAtOnce: "at-once"},
		FinWait2Kept:    {KeptWhole: "connection", KeptMini: "mini"},
		FinWait2Orphan:  {OrphanWaits: "waits", OrphanResets: "rst"},
		OrphanKept:      {OrphanStays: "yes", OrphanRefused: "no"},
		OrphanProbes:    {ProbesForgotten: "forgotten", ProbesCounted: "counted"},
		GiveUpWhen:      {GiveUpAtRTO: "rto", GiveUpExactly: "exactly"},
		KeepAliveEnd:    {EndSilent: "nothing", EndResets: "rst"},
		TimeWaitKept:    {TimeWaitStays: "yes", TimeWaitSkipped: "no"},
		ZeroWindowFin:   {FinRefused: "refused", FinTaken: "taken"},
		ZeroWindowProbe: {ProbeNew: "new", ProbeOld: "old"},
		ResetText:       {TextFlushed: "flushed", TextKept: "kept"},
		RSTNumber:       {NumberNext: "snd-nxt", NumberAcked: "seg-ack"},
		RSTAck:          {AckNone: "none", AckOwn: "own", AckAll: "all"},
		AbortUnsent:     {UnsentSilent: "silent", UnsentResets: "rst"},
		ClosingFin:      {FinOnTimer: "timer", FinOnEachAck: "each-ack"},
		FirstResend:     {ResendOldest: "oldest", ResendNewest: "newest"},
		ResendSize:      {ResendApart: "apart", ResendMerged: "merged"},
		ChallengedSyn:   {SynWaits: "waits", SynAtOnce: "at-once"},
		TimestampClock:  {ClockGoesOn: "goes-on", ClockRestarts: "restarts"},
		KeepAliveLimit:  {LimitProbes: "probes", LimitUserTimeout: "user-timeout", LimitGiveUp: "give-up"},
		TimeWaitAbort:   {AbortEndsTimeWait: "ends", AbortLeavesTimeWait: "kept"},
	}
	assert.Len(t, decisions, int(NumDecisions))
	for d, names := range decisions {
		assert.Len(t, names, len(d.Info().Alternatives), d)
		for choice, name := range names {
			var c Choices
			c[d] = choice
			assert.Equal(t, name, c.Name(d), d)
		}
	}
}

// Literal chooses what there is, and is the letter where the sentences say so.
func TestLiteral(t *testing.T) {
	differs := 0
	for d := range NumDecisions {
		require.Less(t, int(Literal[d]), len(d.Info().Alternatives), d)
		if Literal[d] != Default().Ends[A].Choices[d] {
			differs++
		}
	}
	assert.Positive(t, differs)
	c := Default()
	c.EachEnd(func(e *Endpoint) { e.Choices = Literal })
	require.NoError(t, c.Validate())
	assert.Equal(t, []string{"time-wait-restart=never", "late-reset=silent", "closing-timer=absent", "time-wait-ack=answered"}, c.Against(Default()))
}

func TestClause_Info(t *testing.T) {
	var names, decisions []string
	for d := range NumDecisions {
		decisions = append(decisions, d.String())
	}
	about := regexp.MustCompile(`^decision (.*)$`)
	for c := range NumClauses {
		info := c.Info()
		names = append(names, info.Name)
		assert.NotEmpty(t, info.Sentence, c)
		if m := about.FindStringSubmatch(info.Source); m != nil {
			assert.Contains(t, decisions, m[1], c)
		} else {
			assert.Regexp(t, `^RFC \d+, \d`, info.Source, c)
		}
	}
	checkNames(t, names)
}

// Every clause is followed somewhere: the rules use its name.
func TestClause_Used(t *testing.T) {
	files := source(t)
	_, blocks := constants(files, "Clause")
	require.Len(t, blocks, 1)
	require.Len(t, blocks[0], int(NumClauses)+1)
	used := map[string]bool{}
	for name, f := range files {
		if name == "clause.go" {
			continue
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				used[id.Name] = true
			}
			return true
		})
	}
	for _, name := range blocks[0][:NumClauses] {
		assert.True(t, used[name], "%s is in no rule", name)
	}
}

func TestClauses_IsASet(t *testing.T) {
	var s Clauses
	assert.Empty(t, s.List())
	assert.Equal(t, "", s.String())
	for c := NumClauses; c > 0; c-- {
		assert.False(t, s.Has(c-1))
		s = s.with(c - 1).with(c - 1)
		assert.True(t, s.Has(c-1))
	}
	list := s.List()
	require.Len(t, list, int(NumClauses))
	assert.True(t, slices.IsSorted(list))
	assert.Equal(t, "ack fin-acked-fin-wait-1", ClausesOf(AckFinWait1, AckAdvances).String())
}
