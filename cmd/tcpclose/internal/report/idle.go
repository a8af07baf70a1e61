package report

import (
	"strings"

	"tcpclose/cmd/tcpclose/internal/base"
	"tcpclose/model"
)

// A Changed is a field that was changed, and the configuration with its old value.
type Changed struct {
	Word string // as name=value
	Old  model.Config
}

// ChangedFields returns the fields in which a configuration differs from its base, each
// with the configuration in which it alone has its old value: those where that is one.
func ChangedFields(b *base.Base, c model.Config) (list []Changed) {
	for _, word := range c.Against(b.Config) {
		name, _, _ := strings.Cut(word, "=")
		f, err := model.FindField(name)
		if err != nil {
			continue
		}
		old := c
		if f.Set(&old, f.Get(b.Config)) == nil && old.Validate() == nil && old != c {
			list = append(list, Changed{word, old})
		}
	}
	return list
}

// idle returns the changed fields without which every step is the same, in sentences.
func (v Check) idle() (lines []string) {
	for i, c := range v.ChangedFields {
		if i >= len(v.Report.Same) || !v.Report.Same[i] {
			continue
		}
		flag := "-" + strings.Replace(c.Word, "=", " ", 1)
		if why := whyIdle(c.Word, v.Report.Config); why != "" {
			lines = append(lines, v.say("%s has no effect: %s.", flag, v.say(why)))
			continue
		}
		lines = append(lines, v.say("%s has no effect: every step is the same without it.", flag))
	}
	return lines
}

// whyIdle returns why a field has no effect in a configuration, if that is simple.
func whyIdle(word string, c model.Config) string {
	name, _, _ := strings.Cut(word, "=")
	base := strings.TrimPrefix(strings.TrimPrefix(name, "a-"), "b-")
	app := func(is func(model.App) bool) bool { return is(c.Apps[model.A]) || is(c.Apps[model.B]) }
	inFull := app(func(a model.App) bool { return a.Parting != model.Half || a.Fails == model.FailDie })
	opens := c.Start == model.StartClosed || c.Reopen > 0
	tight := app(func(a model.App) bool { return a.Buffer != model.Wide })
	slow := app(func(a model.App) bool { return a.Reads != model.ReadAtOnce })
	writes := app(func(a model.App) bool { return a.Octets > 0 })
	aborts := app(func(a model.App) bool { return a.Fails == model.FailAbort })
	for _, r := range []struct {
		names string
		idle  bool
		why   string
	}{
		{"fin-wait-2 fin-wait-2-first fin-wait-2-kept fin-wait-2-orphan orphan-kept orphan-probes orphan-give-up late-data unread-close rst-number", !inFull, "nobody closes in full"},
		{"fin-wait-2-timer", !c.AnyEnd(func(e model.Endpoint) bool { return e.FinWait2 > 0 }), "fin-wait-2 is off"},
		{"time-wait-reuse connect-reuse reuse-age isn isn-clock opens timestamps timestamp-clock quiet-time challenged-syn", !opens, "no connection is opened"},
		{"window-update zero-window-ack zero-window-fin zero-window-probe abort-unsent-fin fin-wait-1-entered last-ack-entered", !tight, "every window is unlimited"},
		{"read-after-fin reset-unread-text", !slow, "everything is read at once"},
		{"resend-size out-of-order", !writes, "nobody writes"},
		{"abort-state", !aborts, "nobody aborts"},
		{"keepalive-next keepalive-probes keepalive-end keepalive-limit", !c.AnyEnd(func(e model.Endpoint) bool { return e.KeepAlive > 0 }), "keepalive is off"},
		{"user-timeout-runs", !c.AnyEnd(func(e model.Endpoint) bool { return e.UserTimeout > 0 }), "user-timeout is off"},
		{"give-up-when", !c.AnyEnd(func(e model.Endpoint) bool { return e.GiveUp > 0 || e.OrphanGiveUp > 0 }), "give-up is off"},
		{"faulty", c.Fault == model.NoFault, "there is no fault"},
	} {
		for f := range strings.FieldsSeq(r.names) {
			if f == base && r.idle {
				return r.why
			}
		}
	}
	return ""
}
