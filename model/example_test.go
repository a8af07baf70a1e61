package model_test

import (
	"fmt"

	"tcpclose/model"
)

// The normal close: in each state the first thing that can happen, but for what is
// not wanted here, happens.
func ExampleSystem() {
	c := model.Default()
	c.Apps = [2]model.App{model.A: {}, model.B: {Close: model.CloseAfterPeer}}
	sys, err := model.NewSystem(c)
	if err != nil {
		fmt.Println(err)
		return
	}
	s := sys.Init()
	for {
		var next model.Action
		found := false
		for _, a := range sys.Actions(nil, s) {
			switch {
			case found, a.Kind == model.Copies, a.Kind == model.Losses:
			case a.Kind == model.Calls && s.Nets != [2]model.Channel{}: // b lets its ACK go first
			default:
				next, found = a, true
			}
		}
		if !found {
			return
		}
		o, _ := sys.Step(s, next)
		for _, side := range model.Sides {
			before, after := s.Ends[side].State, o.To.Ends[side].State
			if before == after {
				continue
			}
			fmt.Printf("%s: %s -> %s", side, before, after)
			if g := o.Effect.Sent; g != (model.Segment{}) {
				fmt.Printf(", sends %s", g.Text(side))
			}
			fmt.Println()
		}
		s = o.To
	}
	// Output:
	// a: ESTABLISHED -> FIN-WAIT-1, sends <SEQ=100><ACK=300><CTL=FIN,ACK>
	// b: ESTABLISHED -> CLOSE-WAIT, sends <SEQ=300><ACK=101><CTL=ACK>
	// a: FIN-WAIT-1 -> FIN-WAIT-2
	// b: CLOSE-WAIT -> LAST-ACK, sends <SEQ=300><ACK=101><CTL=FIN,ACK>
	// a: FIN-WAIT-2 -> TIME-WAIT, sends <SEQ=101><ACK=301><CTL=ACK>
	// b: LAST-ACK -> CLOSED
	// a: TIME-WAIT -> CLOSED
}

// What can happen first, and what comes of it.
func ExampleSystem_Actions() {
	sys, err := model.NewSystem(model.Default())
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, a := range sys.Actions(nil, sys.Init()) {
		o, _ := sys.Step(sys.Init(), a)
		fmt.Printf("%s calls %s: %s\n", a.Side, a.Call, o.To.Ends[a.Side].State)
		for _, p := range o.To.Nets[a.Side].List() {
			fmt.Println("  " + p.Text(a.Side))
		}
	}
	// Output:
	// a calls SEND: ESTABLISHED
	//   <SEQ=100><ACK=300><DATA=1><CTL=ACK>
	// a calls SEND (held): ESTABLISHED
	// a calls CLOSE: FIN-WAIT-1
	//   <SEQ=100><ACK=300><CTL=FIN,ACK>
	// b calls SEND: ESTABLISHED
	//   <SEQ=300><ACK=100><DATA=1><CTL=ACK>
	// b calls SEND (held): ESTABLISHED
	// b calls CLOSE: FIN-WAIT-1
	//   <SEQ=300><ACK=100><CTL=FIN,ACK>
}

// A challenge ACK: an RST in the window that is not at RCV.NXT.
func ExampleStack_SegmentArrives() {
	stack := model.Default().Stack(model.A)
	t := model.TCB{State: model.FinWait2, SndUna: 1, SndNxt: 1}
	rst, _, err := model.ParseSegment("<SEQ=301><CTL=RST>")
	if err != nil {
		fmt.Println(err)
		return
	}
	t, e := stack.SegmentArrives(t, rst)
	fmt.Println(t.State, e.Sent.Text(model.A))
	for _, c := range e.Clauses.List() {
		info := c.Info()
		fmt.Printf("%s: %s (%s)\n", info.Name, info.Sentence, info.Source)
	}
	// Output:
	// FIN-WAIT-2 <SEQ=101><ACK=300><CTL=ACK>
	// challenge-ack: RST in the window but not at RCV.NXT: challenge ACK (RFC 5961, 3.2)
}

func ExampleParseSegment() {
	g, from, err := model.ParseSegment("<SEQ=300><ACK=101><DATA=2><CTL=FIN,ACK>")
	fmt.Println(err)
	fmt.Printf("from %s: octets %d to %d, FIN at %d, acknowledges below %d\n", from, g.Seq, g.FinSeq()-1, g.FinSeq(), g.Ack)
	_, _, err = model.ParseSegment("<SEQ=300><CTL=FIN,ACK>")
	fmt.Println(err)
	// Output:
	// <nil>
	// from b: octets 0 to 1, FIN at 2, acknowledges below 1
	// segment "<SEQ=300><CTL=FIN,ACK>": ACK= and CTL=ACK: want both or neither
}

func ExampleParseConfig() {
	c, err := model.ParseConfig("a-octets=0 msl=5 time-wait=1msl+2 loss=off time-wait-rst=ignored")
	fmt.Println(err)
	fmt.Println(c.TimeWaitOf(model.A), "ticks")
	fmt.Println(c.Against(model.Default()))
	_, err = model.ParseConfig("msl=0")
	fmt.Println(err)
	// Output:
	// <nil>
	// 7 ticks
	// [a-octets=0 msl=5 time-wait=1msl+2 loss=off time-wait-rst=ignored]
	// configuration: msl: "0": want 1 to 60000
}
