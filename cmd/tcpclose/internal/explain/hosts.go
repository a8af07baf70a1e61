package explain

import (
	"strings"

	"tcpclose/capture/ends"
	"tcpclose/claims"
	"tcpclose/model"
	"tcpclose/profile"
	"tcpclose/stacks/profiles"
)

// known returns the profiles with which hosts are compared: those that are built in make
// every decision, those that were learned from stacks the ones that were seen. Where there
// are both, the first counts.
func known() (list []ends.Profile) {
	for _, e := range profile.Ends() {
		list = append(list, ends.Profile{Name: e.Name, Options: optionsOf(e, model.OptionsOf(model.Choices{}))})
	}
	for _, e := range profiles.All() {
		if profile.FindEnd(e.Name) != nil {
			continue
		}
		list = append(list, ends.Profile{Name: e.Name, Options: optionsOf(e, model.AllOptions())})
	}
	return list
}

// optionsOf returns what an end decides, and the rest where it does not.
func optionsOf(e *profile.End, rest model.Options) model.Options {
	for _, s := range e.Settings {
		for d := range model.NumDecisions {
			if s.Field.Group != model.Decisions || s.Field.Base != d.Info().Name {
				continue
			}
			for c, a := range d.Info().Alternatives {
				if a.Name == s.Value.Text {
					rest[d] = 1 << c
				}
			}
		}
	}
	return rest
}

// mostTold bounds the decisions that are told of a host.
const mostTold = 8

// hosts tells what the decisions of hosts say of their stacks: nothing, where they could
// be any's.
func (t *Teller) hosts() {
	if t.learner == nil {
		return
	}
	for _, h := range t.learner.Hosts() {
		var as, not []string
		for _, p := range h.Profiles {
			switch d, frame, known := h.Because(p.Profile); {
			case p.Frame == 0:
				as = append(as, p.Profile.Name)
			case known:
				choice, _ := p.Profile.Options.Choice(d)
				not = append(not, t.say("%s (%s=%s: frame %d)", "%s（%s=%s：第 %d 帧）", p.Profile.Name, d, d.Info().Alternatives[choice].Name, frame))
			default:
				not = append(not, t.say("%s (frame %d)", "%s（第 %d 帧）", p.Profile.Name, p.Frame))
			}
		}
		comma := claims.Text{EN: ", ", ZH: "、"}.In(t.Lang)
		says := t.say("The stack of %s, by %s:", "%s 的协议栈，依据 %s：", h.Addr, t.count(int64(h.Ends), "end of a connection", "ends of connections", "个连接端"))
		if len(as) > 0 {
			says += t.say(" it can be %s.", "可能是 %s。", strings.Join(as, comma))
		} else {
			says += t.say(" it is none that is known.", "不是任何已知的协议栈。")
		}
		if len(not) > 0 {
			says += t.say(" It is not %s.", "不是 %s。", strings.Join(not, comma))
		}
		t.put(0, says)
		for i, d := range h.Decisions {
			if i == mostTold {
				t.put(3, t.say("and %d decisions more", "另有 %d 个决定", len(h.Decisions)-i))
				break
			}
			var left, not []string
			for _, c := range d.Left {
				left = append(left, d.Decision.Info().Alternatives[c].Name)
			}
			for _, x := range d.Not {
				not = append(not, t.say("%s (frame %d)", "%s（第 %d 帧）", d.Decision.Info().Alternatives[x.Choice].Name, x.Frame))
			}
			if len(left) == 0 {
				t.put(3, t.say("%s: now one, now another; not %s alone", "%s：时而这样，时而那样；不只是 %s", d.Decision, strings.Join(not, comma)))
				continue
			}
			t.put(3, t.say("%s: %s, not %s", "%s：%s，不是 %s", d.Decision, strings.Join(left, "|"), strings.Join(not, comma)))
		}
	}
}
