package model

import (
	"go/ast"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// Every fault that is no choice is asked for, at one place, which is in flaws.go;
// one that is a choice is not asked for.
func TestFault_AskedOnce(t *testing.T) {
	files := source(t)
	_, blocks := constants(files, "Fault")
	require.Len(t, blocks, 1)
	names := blocks[0]
	require.Len(t, names, int(NumFaults)+1)
	require.Equal(t, "NumFaults", names[NumFaults])
	var want, questions []string
	for _, f := range Faults()[1:] {
		if f.Info().Chooses() == "" {
			want = append(want, names[f])
		}
	}
	for name, file := range files {
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			if sel, ok := call.Fun.(*ast.SelectorExpr); ok && sel.Sel.Name == "fault" {
				assert.Equal(t, "flaws.go", name, "a fault interrupts the text of the RFC")
				questions = append(questions, call.Args[0].(*ast.Ident).Name)
			}
			return true
		})
	}
	assert.ElementsMatch(t, want, questions)
}

func TestFault_Info(t *testing.T) {
	var names []string
	for _, f := range Faults() {
		info := f.Info()
		names = append(names, info.Name)
		assert.NotEmpty(t, info.Sentence, f)
		if f != NoFault {
			assert.NotEmpty(t, info.Stack, f)
			assert.NotEmpty(t, info.Reference, f)
		}
		found, err := FindFault(info.Name)
		require.NoError(t, err)
		assert.Equal(t, f, found)
	}
	checkNames(t, names)
	assert.Equal(t, "none", Default().Fault.String())
	assert.Equal(t, "Fault(200)", Fault(200).String())
	_, err := FindFault("no-such")
	assert.EqualError(t, err, `fault "no-such": no such fault`)
	assert.Equal(t, "closing-timer=absent", ClosingTimerAbsent.Info().Chooses())
}

// A fault is a stack's that has it; the other is as it would be without.
func TestFaulty(t *testing.T) {
	for _, f := range Faults()[1:] {
		right := Default()
		for word, sides := range map[string][]Side{"both": {A, B}, "a": {A}, "b": {B}} {
			c, err := ParseConfig("fault=" + f.String() + " faulty=" + word)
			require.NoError(t, err)
			for _, side := range Sides {
				s := c.Stack(side)
				faulty := side == sides[0] || side == sides[len(sides)-1]
				assert.Equal(t, faulty, s.fault(f), "%s, %s, %s", f, word, side)
				if !faulty {
					assert.Equal(t, right.Stack(side), s)
				}
				if choice := f.Info().chooses; choice != nil && faulty {
					assert.Equal(t, choice.choice, s.Choices[choice.decision])
				}
			}
		}
	}
	c, err := ParseConfig("faulty=a")
	require.NoError(t, err)
	assert.Equal(t, Default().Stack(A), c.Stack(A), "without a fault nobody is faulty")
}

// Whatever fault there is, a run of it is one of the model: nothing panics, and
// the fields are read back.
func TestFault_Walk(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := anyConfig().Draw(t, "config")
		c.Fault = rapid.SampledFrom(Faults()).Draw(t, "fault")
		c.Faulty = rapid.SampledFrom([]Faulty{BothFaulty, AFaulty, BFaulty}).Draw(t, "faulty")
		parsed, err := ParseConfig(c.String())
		require.NoError(t, err)
		require.Equal(t, c, parsed)
		y, err := NewSystem(c)
		require.NoError(t, err)
		s := y.Init()
		for range 60 {
			actions := y.Actions(nil, s)
			if len(actions) == 0 {
				return
			}
			o, ok := y.Step(s, actions[rapid.IntRange(0, len(actions)-1).Draw(t, "action")])
			require.True(t, ok)
			for _, end := range o.To.Ends {
				if end.State == Closed {
					require.Equal(t, TCB{Unread: end.Unread, Broken: end.Broken}, end)
				}
			}
			s = o.To
		}
	})
}

// A stray segment is in transit at the start, and costs nothing when it vanishes.
func TestStray(t *testing.T) {
	c, err := ParseConfig("stray=<SEQ=301><ACK=100><DATA=1><CTL=ACK> loss=off msl=1")
	require.NoError(t, err)
	assert.Equal(t, []string{"msl=1", "loss=off", "stray=<SEQ=301><ACK=100><DATA=1><CTL=ACK>"}, c.Against(Default()))
	y, err := NewSystem(c)
	require.NoError(t, err)
	s := y.Init()
	require.Equal(t, uint8(0), s.Nets[A].N)
	require.Equal(t, []Packet{{Segment: c.Stray.Segment, Spare: true}}, s.Nets[B].List())
	o, ok := y.Step(s, Action{Kind: Ticks})
	require.True(t, ok)
	assert.Zero(t, o.To.Nets[B].N)

	for text, want := range map[string]string{
		"stray=on": `configuration: stray: "on": want off, or a segment as in <SEQ=101><ACK=300><DATA=1><CTL=ACK>: want fields like <SEQ=100>`,
		"stray=<SEQ=101><ACK=300><WND=1><CTL=ACK>":     `configuration: stray: <SEQ=101><ACK=300><WND=1><CTL=ACK>: want a window as a's buffer has`,
		"stray=<SEQ=101><ACK=300><CTL=ACK> a-buffer=2": `configuration: stray: <SEQ=101><ACK=300><CTL=ACK>: want a window as a's buffer has`,
		"fault=last-ack": `configuration: fault: "last-ack": want `,
		"faulty=c":       `configuration: faulty: "c": want both or a or b`,
	} {
		_, err := ParseConfig(text)
		require.Error(t, err, text)
		assert.Contains(t, err.Error(), want)
	}
	_, err = ParseConfig("stray=<SEQ=101><CTL=RST> a-buffer=2")
	assert.NoError(t, err)
}
