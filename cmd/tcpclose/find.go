package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"tcpclose/invariants"
)

const findText = `usage: tcpclose find EXPRESSION [flags]

Finds the shortest run to a state in which the expression is true or, if it
mentions what happens in a step, to such a step. 'tcpclose list terms' shows of
what it can speak.

    tcpclose find 'a.state == TIME-WAIT && b.state == TIME-WAIT'
    tcpclose find 'a.receives.rst && a.before == FIN-WAIT-2' -preset abort

Exit status: 0 when there is such a run; 1 when there is none; 2 for a wrong
command line; 3 when it is unknown because not everything was explored.

`

func runFind(ctx context.Context, args []string, out, errs io.Writer) (int, error) {
	f := &checkFlags{find: true, fields: map[string]string{}, properties: []string{}}
	set := newFlags("find")
	f.common(set)
	var text []string
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		text, args = args[:1], args[1:]
	}
	if err := parse(set, args, findText, out); err != nil {
		return 0, err
	}
	text = append(text, set.Args()...)
	if len(text) != 1 {
		return 0, fmt.Errorf("%d arguments: want an expression, in quotes, before the flags or after them", len(text))
	}
	q, err := invariants.Ask(text[0])
	if err != nil {
		return 0, err
	}
	f.questions = append(f.questions, q.Seek())
	return f.check(ctx, out, errs)
}
