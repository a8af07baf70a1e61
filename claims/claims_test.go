package claims

import (
	"context"
	"fmt"
	"testing"

	"tcpclose/explore"
)

func TestTmp(t *testing.T) {
	for i := range Claims {
		js, err := Judge(context.Background(), []*Claim{&Claims[i]}, "", explore.Options{})
		if err != nil {
			t.Error(Claims[i].ID, err)
			continue
		}
		j := js[0]
		fmt.Println(j.ID, j.Verdict, "right shown:", j.RightShown())
		for k, l := range [][]Decided{j.Said, j.Under, j.Shown} {
			for _, d := range l {
				fmt.Println("   ", []string{"said ", "under", "shown"}[k], d.Truth, "|", d.Statement, "|", d.Evidence(0), d.States)
			}
		}
		if j.Turns != "" {
			js, err := Judge(context.Background(), []*Claim{&Claims[i]}, j.Turns, explore.Options{})
			if err != nil {
				t.Error(j.ID, "turns", err)
				continue
			}
			fmt.Println("    turned:", js[0].Verdict, js[0].Verdict != j.Verdict)
			if js[0].Verdict == j.Verdict {
				for k, l := range [][]Decided{js[0].Said, js[0].Under} {
					for _, d := range l {
						fmt.Println("       NOT TURNED ", k, d.Truth, "|", d.Statement, "|", d.Evidence(0), d.States)
					}
				}
			}
		}
	}
}
