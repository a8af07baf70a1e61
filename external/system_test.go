package external

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"tcpclose/explore"
)

// A lock is a mutual exclusion of two processes; a hasty one looks and enters in two
// steps.
type lock struct{ hasty bool }

// A lockState is where each process is.
type lockState [2]string

func (lock) Init() []lockState { return []lockState{{"away", "away"}} }

func (l lock) Steps(dst []explore.Step[lockState, string], s lockState) []explore.Step[lockState, string] {
	for p, at := range s {
		to := s
		switch {
		case at == "away" && s[1-p] != "in" && l.hasty:
			to[p] = "sure"
		case at == "away" && s[1-p] != "in", at == "sure":
			to[p] = "in"
		case at == "in":
			to[p] = "away"
		default:
			continue
		}
		dst = append(dst, explore.Step[lockState, string]{Action: fmt.Sprint(p, " is ", to[p]), To: to})
	}
	return dst
}

func bothIn(s lockState) bool  { return s == lockState{"in", "in"} }
func firstIn(s lockState) bool { return s[0] == "in" }

// A system of one's own has properties with names, and runs that print themselves.
func TestSystem(t *testing.T) {
	explore.Require(t, lock{},
		explore.Never("both are in", bothIn),
		explore.Always("somebody is away", func(s lockState) bool { return s[0] == "away" || s[1] == "away" }),
		explore.Sometimes("the first is in", firstIn))
	n := &noted{}
	if explore.Require(n, lock{hasty: true}, explore.Never("both are in", bothIn)) {
		t.Error("it passes: want a violation")
	}
	failedWith(t, n, "both are in: violated after 4 steps:", "1 is in", "[in in]")
	n = &noted{}
	// Nothing is assumed to be fair: the second may be in again and again.
	explore.Require(n, lock{}, explore.Eventually("the first is in some day", firstIn))
	failedWith(t, n, "the first is in some day: violated by this run:")
}

// What says nothing of a system is an error.
func TestSystem_Refused(t *testing.T) {
	for name, test := range map[string]struct {
		properties []explore.Property[lockState]
		want       string
	}{
		"no properties":   {nil, "no properties: want one or more"},
		"none":            {[]explore.Property[lockState]{{}}, "property 1 of 1 is Property{}"},
		"no name":         {[]explore.Property[lockState]{explore.Never("", bothIn)}, "has no name"},
		"no function":     {[]explore.Property[lockState]{explore.Always[lockState]("mine", nil)}, `property "mine" (Always) has no function`},
		"half a function": {[]explore.Property[lockState]{explore.LeadsTo("mine", firstIn, nil)}, `property "mine" (LeadsTo) has no function`},
		"two of one name": {[]explore.Property[lockState]{explore.Never("mine", bothIn), explore.Sometimes("mine", firstIn)}, `two properties are named "mine"`},
	} {
		t.Run(name, func(t *testing.T) {
			n := &noted{}
			if explore.Require(n, lock{}, test.properties...) {
				t.Fatal("it passes: want an error")
			}
			failedWith(t, n, test.want)
		})
	}
}

// A watch without a function sees nothing: it is an error.
func TestSystem_Watch(t *testing.T) {
	for _, kind := range []explore.Kind{explore.States, explore.Steps, explore.Terminals} {
		_, err := explore.Explore(context.Background(), lock{}, []explore.Watch[lockState, string]{{Kind: kind}}, explore.Options{})
		if err == nil || !strings.Contains(err.Error(), "watch") {
			t.Errorf("kind %v: %v: want an error that names the watch", kind, err)
		}
	}
}
