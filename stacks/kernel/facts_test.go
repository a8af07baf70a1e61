//go:build linux

package kernel

import (
	"fmt"
	"testing"

	"tcpclose/stacks/adapter"
)

// tries is the number of runs that must all fail before a fact counts as wrong,
// since time is real.
const tries = 3

func TestFacts(t *testing.T) {
	if missing := Missing(); missing != "" {
		t.Skip("skipped: the kernel cannot be run on the bench here: ", missing)
	}
	t.Log("Linux ", Release())
	for _, f := range Facts {
		t.Run(f.Name, func(t *testing.T) {
			for i := range tries {
				shown, err := f.Show()
				if err != nil {
					t.Fatal(err)
				}
				if len(shown.Wrong) == 0 {
					return
				}
				for _, wrong := range shown.Wrong {
					if i == tries-1 {
						t.Error(wrong)
					} else {
						t.Log("try again: ", wrong)
					}
				}
			}
		})
	}
}

// A fact that is not so is told: the bare FIN is claimed to be dropped, as by
// kernels before 6.10.
func TestFact_NotSo(t *testing.T) {
	if missing := Missing(); missing != "" {
		t.Skip("skipped: the kernel cannot be run on the bench here: ", missing)
	}
	shown, err := Fact{"old", "", adapter.Setup{Buffer: smallBuffer}, func(p *play) {
		p.open(1000)
		n := p.fill()
		p.in(fmt.Sprintf("F. %d 1 1000 0", n))
		p.state("ESTABLISHED")
	}}.Show()
	if err != nil || len(shown.Wrong) != 1 {
		t.Errorf("%v, %v: want one that is not so", shown.Wrong, err)
	}
}
