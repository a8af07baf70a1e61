package external

import (
	"testing"

	"pgregory.net/rapid"

	"tcpclose/ask"
	"tcpclose/check"
	"tcpclose/explore"
	"tcpclose/explore/ltl"
	"tcpclose/invariants"
	"tcpclose/model"
)

// A preset has the verdicts that it is known for, and one's own property holds in it.
func TestPreset(t *testing.T) {
	check.RequirePreset(t, "no-data")
	check.RequirePreset(t, "no-data", ask.Must("a.state == CLOSING").Seek(), ask.Must("a.state == LISTEN").Never())
	n := &noted{}
	check.RequirePreset(n, "no-data", ask.Must("a.state == CLOSING").Never())
	failedWith(t, n, "preset no-data expects holds: never a.state == CLOSING: violated in 3 events", "|<---", "-- still in transit --")
	n = &noted{}
	check.RequirePreset(n, "no-date")
	failedWith(t, n, `preset "no-date": no such preset`)
}

// Questions about whole runs compose with others.
func TestRuns(t *testing.T) {
	c := config(t, "")
	c.Ends[model.A].R2, c.Ends[model.B].R2 = model.Unlimited, model.Unlimited
	check.Require(t, c,
		ask.Must("a.state == CLOSED").Eventually(),
		ask.Must("a.state == FIN-WAIT-1").LeadsTo(ask.Must("a.state != FIN-WAIT-1")),
		ask.Must("a.state == LISTEN").Never())
	fails(t, c, []*invariants.Property{ask.Must("a.state == LISTEN").Eventually()}, "eventually a.state == LISTEN: violated in ")
}

// A property that only runs break in which time stands still does not hold.
func TestZeno(t *testing.T) {
	closed := &invariants.Condition{Name: "both are CLOSED", Pattern: invariants.Pattern{
		Kind: explore.States,
		Self: func(e *invariants.End) bool { return e.State == model.Closed },
		Peer: func(e *invariants.End) bool { return e.State == model.Closed },
	}}
	p := &invariants.Property{Name: "mine", Liveness: &invariants.Liveness{
		Joint:   true,
		Formula: func(self, _ invariants.View) ltl.Formula { return ltl.Eventually(self(closed)) },
		Assumes: []*invariants.Assumption{invariants.FinsArrive, invariants.AcksArrive, invariants.RSTsArrive, invariants.UsersClose},
	}}
	c := config(t, "")
	c.Ends[model.A].R2, c.Ends[model.B].R2 = model.Unlimited, model.Unlimited
	fails(t, c, []*invariants.Property{p}, "mine: zeno in ")
	timed := *p.Liveness
	timed.Assumes = append(timed.Assumes, invariants.TimePasses)
	check.Require(t, c, &invariants.Property{Name: "mine", Liveness: &timed})
}

// rapid draws runs of what nobody explores.
func TestWalk(t *testing.T) {
	c, err := model.ParseConfig("a-octets=7 b-octets=7 msl=30 rto=7 r2=5 capacity=8 a-reads=slowly b-buffer=3")
	if err != nil {
		t.Fatal(err)
	}
	figure5, err := invariants.Find("figure-5")
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		pick := func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "step") }
		check.Walk(t, pick, c, 100, figure5, ask.Must("a.state == LISTEN").Never())
	})
}
