package main

import (
	"bytes"
	"context"
	"testing"
	"time"

	"tcpclose/cmd/tcpclose/internal/cli"

	"github.com/stretchr/testify/assert"
)

// answered runs a command that is soon at its end, and wants a report, or a line
// that says what is wrong.
func answered(t *testing.T, args ...string) {
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	var out, errs bytes.Buffer
	switch status := run(ctx, args, &out, &errs); status {
	case cli.OK, cli.Violated, cli.Unknown:
		assert.NotEmpty(t, out.String(), "%q", args)
		assert.Empty(t, errs.String(), "%q", args)
	case cli.Usage:
		assert.Empty(t, out.String(), "%q", args)
		assert.Regexp(t, oneLine, errs.String(), "%q", args)
	default:
		t.Fatalf("%q: exit status %d", args, status)
	}
}

func FuzzMargin_Time(f *testing.F) {
	f.Add("a: TIME-WAIT -> CLOSED", "2msl")
	f.Add("a.sends.fin -> b.state == CLOSED", "5")
	f.Add("a: FIN-WAIT-1 -> 1", "1msl+")
	f.Add("->\n", "")
	f.Add("a: TIME-WAIT", "99999999")
	f.Fuzz(func(t *testing.T, interval, within string) {
		answered(t, "margin", "-preset=notes", "-max-depth=3", "-time="+interval, "-within="+within)
	})
}

func FuzzCheck_LeadsTo(f *testing.F) {
	f.Add("a.sends.fin => b.receives.fin")
	f.Add("a.state == FIN-WAIT-1 => a.state != FIN-WAIT-1")
	f.Add("a.rtx > b.rtx => a.state == b.state")
	f.Add("a.owes == b.owes => true")
	f.Add("=>")
	f.Add("a.owes =>\n=> b.owes")
	f.Fuzz(func(t *testing.T, text string) {
		answered(t, "check", "-preset=notes", "-max-depth=3", "-leads-to="+text)
	})
}

func FuzzClaims_Change(f *testing.F) {
	f.Add("fault=no-time-wait")
	f.Add("preset=notes r2=4")
	f.Add("delayed-ack=unlimited msl=60000")
	f.Add("stray=<SEQ=100><CTL=FIN>")
	f.Add("preset=\n")
	f.Fuzz(func(t *testing.T, change string) {
		answered(t, "claims", "-change="+change, "T4")
	})
}
